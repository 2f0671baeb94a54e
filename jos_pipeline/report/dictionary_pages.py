"""The data dictionary as pages of the report, for analysts: how figures are counted, codes, tables and columns.

What is told is ``jos_pipeline.dictionary``; here is only how it becomes pages.
"""

from collections.abc import Iterable

from jos_pipeline.dictionary import IndicatorTold, TableTold, indicators_told, splits_told, tables_told, views_told
from jos_pipeline.report.model import Bullets, Cell, Item, Link, Page, PageKind, Section, Table, Text
from schemas.published import WORDS

COUNTED = Link("Hoe cijfers zijn geteld", "woordenboek-cijfers")
CODES = Link("Codes", "woordenboek-codes")
TABLES = Link("Tabellen en kolommen", "woordenboek-tabellen")


def dictionary_pages(link: Link, home: Link) -> tuple[Page, ...]:
    """The page to start with, and the three it leads to."""
    up = (home, link)
    ways = (
        Item("Per cijfer de code, de versie, de formule en waarnaar het is uitgesplitst.", link=COUNTED),
        Item("Wat de codes betekenen in kolommen zoals waarde_status, en in uitsplitsingen.", link=CODES),
        Item("Elke tabel en weergave van de database, met wat in elke kolom staat.", link=TABLES),
    )
    start = Page(
        link.page,
        PageKind.WOORDENBOEK,
        "Woordenboek voor analisten",
        "Voor wie zelf met de tabellen werkt. Dezelfde uitleg staat in de database bij elke tabel en kolom, en in elke "
        "export.",
        (Section("kies", "Kies een onderdeel", (Bullets(ways),)),),
        (home,),
    )
    counted = "Teller en noemer zijn tellingen op de gekoppelde tabellen."
    codes = "De codes in de tabellen, en de categorieën van uitsplitsingen."
    tables = "De tabellen en weergaven van de database."
    return (
        start,
        _page(COUNTED, up, counted, map(_counted, indicators_told())),
        _page(CODES, up, codes, _codes()),
        _page(TABLES, up, tables, map(_table, (*tables_told(), *views_told()))),
    )


def _page(link: Link, up: tuple[Link, ...], lead: str, sections: Iterable[Section]) -> Page:
    return Page(link.page, PageKind.WOORDENBOEK, f"Woordenboek: {link.text.lower()}", lead, tuple(sections), up)


def _counted(told: IndicatorTold) -> Section:
    entry = told.entry
    facts = (
        Item(f"{entry.id}, versie {entry.versie}", "Code:"),
        Item(f"{entry.statistiek} ({entry.eenheid}, {entry.decimalen} decimalen)", "Wat voor cijfer:"),
        *(Item(text.strip().replace("`", ""), f"{part.capitalize()}:") for part, _, text in _parts(told.formula)),
        Item("woongemeente" if entry.grondslag == "woon" else "plaats van de school", "Telt naar:"),
        Item(", ".join(entry.bronnen) or "de scholenlijst", "Rust op:"),
        Item(", ".join(split.id for split in entry.uitsplitsingen) or "niets", "Uitgesplitst naar:"),
    )
    return Section(entry.id.replace("_", "-"), entry.naam, (Text(entry.definitie), Bullets(facts)))


def _parts(formula: tuple[str, ...]) -> Iterable[tuple[str, str, str]]:
    return (line.partition(":") for line in formula)


def _codes() -> Iterable[Section]:
    for words in WORDS.values():
        rows = tuple((Cell(word.code), Cell(word.label), Cell(word.meaning)) for word in words.codes)
        table = Table(f"De codes van {words.name}", (Cell("Code"), Cell("In woorden"), Cell("Betekenis")), rows)
        yield Section(f"kolom-{words.name}", f"Kolom {words.name}", (Text(words.description), table))
    for split, codes, used in splits_told():
        pairs = tuple((Cell(code.code), Cell(code.label)) for code in codes.codes)
        table = Table(f"De categorieën van {split} ({codes.name})", (Cell("Code"), Cell("Betekenis")), pairs)
        told = Text(f"{codes.description} Bij: {', '.join(used)}.")
        yield Section(f"uitsplitsing-{split}-{codes.name}", f"Uitsplitsing {split}: {codes.name}", (told, table))


def _table(told: TableTold) -> Section:
    rows = tuple(tuple(Cell(text.replace("`", "")) for text in column) for column in told.columns)
    table = Table(f"De kolommen van {told.name}", (Cell("Kolom"), Cell("Type"), Cell("Betekenis")), rows)
    return Section(f"tabel-{told.name}", told.name, (Text(told.description), table))
