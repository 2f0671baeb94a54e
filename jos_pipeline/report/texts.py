"""What the report says beside its figures: the promise on small numbers, how to read, and accessibility.

The promise is that of ``docs/kleine-aantallen.md``, word for word (tested). Names of pages stand in ``pages``.
"""

from collections.abc import Collection, Iterable

from jos_pipeline import dutch
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

PROMISE = (
    "Een gevoelig aantal is niet te zien. Wie alle cijfers van het schooljaar naast elkaar legt, ook die van "
    "eerdere publicaties, en weet hoe wij verbergen, kan niet uitsluiten dat het nul is. En ook niet dat het tien "
    "is, of alle leerlingen als er minder dan tien zijn. Dat geldt over gebieden, groepen en perioden, en voor "
    "percentages. Een school die haar eigen cijfers kent, weet meer. Ook zij kan het aantal van een andere "
    "school niet uitrekenen: het kan nul zijn, en het kan de helft van tien zijn."
)

NOT_PROMISED = (
    Item(
        "Daarin staat hoeveel rijen elke leverancier stuurde. Zijn dat er weinig, dan kan dat een verborgen aantal "
        "zijn. Daarom ziet alleen de beheerder het hele register, en een leverancier zijn eigen deel.",
        "Wie ook het register van leveringen leest.",
    ),
    Item(
        "Een gemeente kent de aantallen van haar eigen inwoners. Heeft een samenwerkingsverband maar twee gemeenten, "
        "dan kan de ene soms het aantal van de andere uitrekenen. Bij elke publicatie tellen wij hoe vaak dat kan. Een "
        "regio kan kiezen dat er dan niets verschijnt.",
        "Wat gemeenten en samenwerkingsverbanden van elkaar kunnen uitrekenen.",
    ),
    Item(
        "Wat aan het eind van het ene jaar liep, is het begin van het volgende. Dat rekenen we nog niet na.",
        "Cijfers van twee schooljaren naast elkaar.",
    ),
    Item(
        "Dat zijn aantallen vragen en aantallen deelnemers, geen leerlingen die de monitor kent. Ze zijn "
        "ook zichtbaar als ze klein zijn.",
        "Vragen bij inloop en bereik van groepslessen.",
    ),
)
NOT_GUARANTEED = (
    Item("Leggen twee scholen hun eigen cijfers naast elkaar, dan weten zij samen meer.", "Scholen die samen rekenen."),
    Item("Kent u een leerling en zijn situatie, dan kan een cijfer daar iets aan toevoegen.", "Wat u al weet."),
    Item("Tussen nul en tien is soms de ene waarde waarschijnlijker dan de andere.", "Raden."),
    Item(
        "Publiceert een gemeente of het CBS een cijfer over dezelfde leerlingen, dan kennen wij dat niet.",
        "Cijfers van anderen.",
    ),
)


def small_numbers(k: int) -> tuple[Section, ...]:
    """The rule and the promise on small numbers, for a threshold."""
    rule = (
        Item(
            f"Gaat een cijfer over minder dan {k} leerlingen, dan is het verborgen. Ook nul telt als klein, als er op "
            "die plek wel leerlingen zijn.",
            f"Minder dan {k}.",
        ),
        Item(
            f"Zijn er minder dan {k} leerlingen niet meegeteld, dan is het cijfer ook verborgen. Anders weet u iets "
            "over "
            "bijna elke leerling van die school.",
            "Bijna iedereen.",
        ),
        Item(
            "Soms kunt u een verborgen getal uitrekenen: het totaal min de rest. Daarom verbergen we ook andere, "
            "grotere "
            "cijfers. Een verborgen cijfer hoeft dus niet klein te zijn.",
            "Ook niet door te rekenen.",
        ),
        Item("Die zijn verborgen als het aantal erachter verborgen is.", "Percentages en gemiddelden."),
        Item(
            f"Verschilt een aantal minder dan {k} van een aantal dat al is gepubliceerd, dan is het nieuwe aantal "
            "verborgen. In een herziene publicatie blijft verborgen wat verborgen was.",
            "Wat eenmaal is gepubliceerd, ligt vast.",
        ),
    )
    return (
        Section("regel", "De regel in het kort", (Bullets(rule, ordered=True),)),
        Section("belofte", "Wat u mag verwachten", (Text(PROMISE, quoted=True),)),
        Section("nog-niet", "Wat we nog niet beloven", (Bullets(NOT_PROMISED),)),
        Section("niet", "Wat we niet garanderen", (Bullets(NOT_GUARANTEED),)),
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
