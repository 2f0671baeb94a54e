"""What the report says beside its figures: the promise on small numbers, how to read, and accessibility.

The words of the promise are those of ``jos_pipeline.promise``. Names of pages stand in ``pages``.
"""

from collections.abc import Collection, Iterable

from jos_pipeline import dutch, promise
from jos_pipeline.report.menu import PROMISE as SMALL_NUMBERS
from jos_pipeline.report.model import Block, Bullets, Item, Section, Table, Text
from schemas.published import SILENT, STATUS, WAARDE_STATUS

KINDS = {"voorlopig": "Tussenrapport", "definitief": "Eindrapport", "herzien": "Herzien rapport"}
"""What a report is called, by the status of its publication."""

HIDDEN_SHORT = (
    f"Staat er '{dutch.HIDDEN}'? Dan laten we het cijfer niet zien om leerlingen te beschermen. Verborgen betekent "
    "niet: "
    "nul, klein of slecht."
)


def small_numbers(k: int, decision: str | None) -> tuple[Section, ...]:
    """The rule and the promise on small numbers, for a threshold and the decision that was recorded for it."""
    return (
        Section(
            "regel",
            "De regel in het kort",
            (_points(promise.rule(k), ordered=True), Text(promise.about_threshold(k, decision))),
        ),
        Section(
            "belofte",
            "Wat u mag verwachten",
            (Text(promise.promise(k), quoted=True), Text(promise.promise_to_schools(k), quoted=True)),
        ),
        Section("waarover", "Waar gaat de belofte over?", (_points(promise.ABOUT),)),
        Section("nog-niet", "Wat we nog niet beloven", (_points(promise.NOT_PROMISED),)),
        Section("niet", "Wat we niet garanderen", (_points(promise.not_guaranteed(k)),)),
        Section(
            "teken",
            "Wat u ziet",
            (
                Text(
                    f"Elk verborgen cijfer heeft hetzelfde woord: {dutch.HIDDEN}. Er staat nooit bij waarom een cijfer "
                    "verborgen is. Dat zou al iets verraden. Een grafiek heeft op die plek geen staaf."
                ),
            ),
        ),
    )


def _points(points: Iterable[promise.Point], *, ordered: bool = False) -> Bullets:
    return Bullets(tuple(Item(point.text, point.name) for point in points), ordered=ordered)


def marks(tables: Iterable[Table], states: Collection[str] = ()) -> tuple[Text, ...]:
    """What the words mean that stand in place of a figure in these tables, and those for ``states`` too."""
    said = {cell.text for table in tables for row in table.rows for cell in row if cell.silent}
    return tuple(
        Text(HIDDEN_SHORT, SMALL_NUMBERS)
        if state == "onderdrukt"
        else Text(f"Staat er '{WAARDE_STATUS.labels[state]}'? {WAARDE_STATUS.meanings[state]}")
        for state in SILENT
        if state in states or WAARDE_STATUS.labels[state] in said
    )


def reading() -> tuple[Block, ...]:
    """How to read a figure: the words that stand in the place of one, and the status of a publication."""
    states = [
        Item(meaning, f"{WAARDE_STATUS.labels[code]}:")
        for code, meaning in WAARDE_STATUS.meanings.items()
        if code != "ok"
    ]
    return (
        Text("Soms staat er een woord in plaats van een cijfer, of hoort er een opmerking bij:"),
        Bullets(tuple(states)),
        Text("Een publicatie ligt vast. Zij heeft een van deze statussen:"),
        Bullets(tuple(Item(meaning, f"{STATUS.labels[code]}:") for code, meaning in STATUS.meanings.items())),
    )


def accessibility(region: str) -> tuple[Section, ...]:
    """A draft of the statement that a Dutch government body must publish; what is not known yet is said to be so."""
    return (
        Section(
            "concept",
            "Dit is een concept",
            (
                Text(
                    f"{region} is verantwoordelijk voor de toegankelijkheid van dit rapport en stelt deze verklaring "
                    "vast. "
                    "Vul aan: de naam van de organisatie, het adres voor meldingen en de datum."
                ),
            ),
        ),
        Section(
            "eisen",
            "Waaraan wij willen voldoen",
            (
                Text(
                    "Het Tijdelijk besluit digitale toegankelijkheid overheid vraagt om EN 301 549 (WCAG 2.1, niveau "
                    "A en "
                    "AA). Wij maken het rapport volgens WCAG 2.2, niveau A en AA."
                ),
            ),
        ),
        Section(
            "gedaan",
            "Wat is gecontroleerd",
            (
                Bullets(
                    (
                        Item(
                            "Een programma (axe) vindt geen fouten op alle pagina's van het voorbeeld, met alles "
                            "opengeklapt. In donkere kleuren keek het alleen of het verschil in kleur groot genoeg is."
                        ),
                        Item(
                            "Met alleen een toetsenbord komt u op al die pagina's overal, en u ziet waar u bent. Dat "
                            "is nagegaan op een smal scherm, met alles dichtgeklapt. Niets valt buiten beeld op een "
                            "telefoon of met vergroting tot 200 procent, van de hele pagina of alleen van de letters."
                        ),
                        Item(
                            "De pdf's zijn gemaakt volgens PDF/UA: met taal, titel, koppen en tekst bij elke grafiek. "
                            "In tabellen hoort bij elk getal de kop van de kolom en die van de rij. Een eigen "
                            "programma kijkt dat na, met de andere regels van PDF/UA die een programma kan zien."
                        ),
                        Item(
                            "Bij elke grafiek staat een tabel met dezelfde getallen. Kleur is nooit het enige "
                            "verschil. De staven en woorden in een grafiek zijn goed te zien: dat is berekend uit de "
                            "kleuren, ook voor donkere kleuren en op papier."
                        ),
                        Item(
                            "Het rapport haalt niets van internet en werkt zonder JavaScript. Alleen zoeken vraagt dat."
                        ),
                    )
                ),
            ),
        ),
        Section(
            "niet-gedaan",
            "Wat nog niet is gecontroleerd",
            (
                Bullets(
                    (
                        Item("Een deskundige heeft het rapport nog niet onderzocht."),
                        Item("Mensen die een schermlezer gebruiken, hebben het nog niet getest."),
                        Item("De pdf's zijn nog niet gekeurd met een bekend programma daarvoor, zoals veraPDF of PAC."),
                    )
                ),
            ),
        ),
        Section(
            "melden",
            "Werkt er iets niet?",
            (Text("Meld het bij uw contactpersoon van de monitor. U krijgt de cijfers dan op een andere manier."),),
        ),
    )
