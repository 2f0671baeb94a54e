"""What is missing: who did not deliver what, and which figures that touches. From public tables only."""

from jos_pipeline import dutch
from jos_pipeline.areas import Level
from jos_pipeline.coverage import DUO, DUO_EXAMENS
from jos_pipeline.report.model import Audience, Bullets, Cell, Item, Link, Page, PageKind, Section, Table, Text
from jos_pipeline.report.published import Place, Published, Supplier
from schemas.contracts import CONTRACTS
from schemas.published import NIVEAU


def missing_page(here: Published, link: Link, home: Link, audience: Audience) -> Page:
    """What is not there and what that means for the figures; by whom only for those who work on the monitor."""
    by_whom = ", van wie hadden ze moeten komen" if audience is Audience.REGIO else ""
    return Page(
        link.page,
        PageKind.UITLEG,
        "Wat ontbreekt",
        f"Welke gegevens zijn er niet{by_whom}, en welke cijfers merken dat?",
        _all_missing(here, audience),
        (home,),
    )


def missing_of(here: Published) -> tuple[tuple[Supplier, tuple[str, ...]], ...] | None:
    """Every supplier with the soorten that are not behind this publication; None when that was not recorded."""
    if here.delivered is None:
        return None
    found = (
        (one, tuple(soort for soort in one.levert if (one.leverancier, soort) not in here.delivered))
        for one in here.suppliers
    )
    return tuple((one, soorten) for one, soorten in found if soorten)


def touched(here: Published, soort: str) -> tuple[str, ...]:
    """The names of the indicators that rest on a soort of delivery."""
    return tuple(words.naam for words in here.words.values() if soort in words.bronnen.split(", "))


def _all_missing(here: Published, audience: Audience) -> tuple[Section, ...]:
    found = missing_of(here)
    if found is None:
        return (Section("onbekend", "Niet vastgelegd", (Text(_NOT_RECORDED),)),)
    if not found:
        return (Section("niets", "Alles is er", (Text("Alle leveringen die zijn afgesproken, zijn er."),)),)
    who = Table(
        "Leveringen die ontbreken",
        (Cell("Wie"), Cell("Wat ontbreekt")),
        tuple((Cell(one.naam), Cell(_titles(soorten))) for one, soorten in found),
    )
    gone = dict.fromkeys(soort for _, soorten in found for soort in soorten)
    what = Table(
        "Cijfers die minder volledig zijn, of er niet staan",
        (Cell("Wat ontbreekt"), Cell("Bij hoeveel leveranciers", number=True), Cell("Welke cijfers dat merken")),
        tuple(
            (
                Cell(_title(soort)),
                Cell(_how_many(here, soort), number=True),
                Cell(", ".join(touched(here, soort)) or "geen"),
            )
            for soort in sorted(gone, key=_title)
        ),
    )
    when = Text(_WHEN.format(day=dutch.day(here.peildatum)))
    if audience is Audience.OPENBAAR:
        return (Section("gevolg", "Welke cijfers merken dat?", (when, Text(_COVERAGE), what)),)
    return (
        Section("wie", "Wie moet nog leveren?", (when, Text(_NOT_PUBLIC), who)),
        Section("gevolg", "Welke cijfers merken dat?", (Text(_COVERAGE), what)),
    )


def _how_many(here: Published, soort: str) -> str:
    expected = [one for one in here.suppliers if soort in one.levert]
    gone = [one for one in expected if (one.leverancier, soort) not in (here.delivered or ())]
    return f"{len(gone)} van {len(expected)}"


def missing_sections(here: Published, place: Place | None = None) -> tuple[Section, ...]:
    """In short what is missing: of a school or gemeente its own deliveries only, else how many of all."""
    found = missing_of(here)
    if found is None:
        return ()
    if place is not None:
        return _of_one(here, place)
    gone, expected = sum(len(soorten) for _, soorten in found), sum(len(one.levert) for one in here.suppliers)
    text = (
        f"Er ontbreken {dutch.plural(gone, 'levering', 'leveringen')} van de {dutch.number(expected)} die zijn "
        "afgesproken, "
        f"bij {dutch.plural(len(found), 'leverancier', 'leveranciers')}."
        if gone
        else "Alle leveringen die zijn afgesproken, zijn er."
    )
    return (Section("leveringen", "Leveringen", (Text(text),)),)


def _of_one(here: Published, place: Place) -> tuple[Section, ...]:
    own = [one for one in here.suppliers if one.gebied == place.gebied and one.levert]
    if not own or place.niveau is Level.REGIO:
        return ()
    items = tuple(
        Item("geleverd" if (one.leverancier, soort) in (here.delivered or ()) else "ontbreekt", f"{_title(soort)}:")
        for one in own
        for soort in one.levert
    )
    level = NIVEAU.labels[place.niveau.value]
    article = "dit" if place.niveau is Level.SAMENWERKINGSVERBAND else "deze"
    return (Section("geleverd", f"Wat {article} {level} leverde", (Bullets(items),)),)


def _title(soort: str) -> str:
    if soort in (DUO, DUO_EXAMENS):
        return "Open data van DUO"
    return CONTRACTS[soort].title if soort in CONTRACTS else soort


def soort_names(bronnen: str) -> str:
    """The soorten that an indicator rests on, as people call them."""
    return _titles(tuple(soort for soort in bronnen.split(", ") if soort))


def _titles(soorten: tuple[str, ...]) -> str:
    return ", ".join(_title(soort) if number == 0 else _title(soort).lower() for number, soort in enumerate(soorten))


_NOT_RECORDED = "Van deze publicatie is niet vastgelegd op welke leveringen zij rust."
_WHEN = "Dit is de stand van deze publicatie, met cijfers tot en met {day}. Wat later kwam, telt in een volgende mee."
_NOT_PUBLIC = (
    "Deze pagina noemt wie niet leverde. Zij is bedoeld voor wie aan de monitor werkt. Voor een website is er het "
    "rapport zonder namen (jos report --openbaar)."
)
_COVERAGE = (
    "In een cijfer telt alleen mee wat is geleverd. Bij elk cijfer staat op hoeveel scholen of gemeenten het rust. "
    "Ontbreekt "
    "er veel, wees dan voorzichtig."
)
