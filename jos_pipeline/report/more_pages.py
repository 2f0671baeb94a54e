"""Pages beside those of areas and themes: differences between areas and kinds of schools, and all definitions."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from jos_pipeline import dutch
from jos_pipeline.areas import Level
from jos_pipeline.report.beside import chart
from jos_pipeline.report.figures import COMPARABLE, DISTRIBUTIONS, figure
from jos_pipeline.report.missing import soort_names
from jos_pipeline.report.model import Block, Cell, Charts, Link, Page, PageKind, Questions, Section, Table, Text
from jos_pipeline.report.published import Published, Words
from jos_pipeline.report.texts import marks
from jos_pipeline.report.themes import BETWEEN_AREAS, BETWEEN_SCHOOLS, THEMES, Theme
from jos_pipeline.report.wording import Row, shown, status_of, unit_of, value_cell
from schemas.published import SILENT, WAARDE_STATUS

ONDERWIJSTYPE = "onderwijstype"
Line = tuple[Words, tuple[Row | None, ...]]
"""An indicator with a row for every column."""


def differences(here: Published, home: Link) -> tuple[Page, ...]:
    """The pages that set areas or kinds of schools side by side; none for one samenwerkingsverband only."""
    found = []
    verbanden = here.at(Level.SAMENWERKINGSVERBAND)
    if len(verbanden) > 1:
        sides = (*verbanden, here.region)
        found.append(
            _difference(
                here,
                home,
                BETWEEN_AREAS,
                tuple(place.naam for place in sides),
                lambda words: tuple(here.row(words.indicator, place) for place in sides),
                "Hier staan alleen cijfers die u kunt vergelijken, zoals percentages en wachttijden. Aantallen niet: "
                "het "
                "ene samenwerkingsverband is groter dan het andere.",
            )
        )
    kinds = _kinds(here)
    if kinds:
        found.append(
            _difference(
                here,
                home,
                BETWEEN_SCHOOLS,
                tuple(name for _, name in kinds),
                lambda words: tuple(here.row(words.indicator, here.region, ONDERWIJSTYPE, code) for code, _ in kinds),
                "De soorten onderwijs zijn niet even groot. Vergelijk daarom percentages, geen aantallen.",
            )
        )
    return tuple(found)


def _kinds(here: Published) -> tuple[tuple[str, str], ...]:
    found = (here.categories(words.indicator, ONDERWIJSTYPE) for words in here.words.values())
    return max(found, key=len, default=())


def _difference(
    here: Published,
    home: Link,
    theme: Theme,
    names: tuple[str, ...],
    rows_of: Callable[[Words], tuple[Row | None, ...]],
    caution: str,
) -> Page:
    sections = []
    for group in THEMES:
        lines = tuple(
            (words, rows_of(words)) for name in group.indicators if (words := here.words.get(name)) is not None
        )
        lines = tuple(line for line in lines if _belongs(theme, *line))
        if lines:
            sections.append(Section(group.id, group.title, _blocks(here, group, names, lines)))
    sections.append(Section("gesprek", "Voor het gesprek", (Questions(theme.questions),)))
    first, *rest = sections
    opened = Section(first.id, first.title, (Text(caution), *first.blocks))
    return Page(
        theme.page,
        PageKind.VERSCHIL,
        theme.title,
        theme.intro,
        (opened, *rest),
        (home,),
    )


def _belongs(theme: Theme, words: Words, rows: Sequence[Row | None]) -> bool:
    if all(row is None for row in rows):
        return False
    return theme is BETWEEN_SCHOOLS or (words.statistiek in COMPARABLE and words.indicator not in DISTRIBUTIONS)


def _blocks(here: Published, group: Theme, names: tuple[str, ...], lines: Sequence[Line]) -> tuple[Block, ...]:
    silent, told = _silent(lines)
    lines = [line for line in lines if line[0] not in silent]
    if not lines:
        return told
    table = Table(
        f"{group.title}: cijfers naast elkaar",
        (Cell("Cijfer"), *(Cell(name, number=True) for name in names)),
        tuple(
            (_with_more(here, group, words, _named(words)), *(value_cell(row, words) for row in rows))
            for words, rows in lines
        ),
    )
    drawn = tuple(
        picture
        for words, rows in lines
        if words.statistiek in COMPARABLE and all(shown(row) for row in rows)
        for picture in (chart(_named(words), words, [(n, r, True) for n, r in zip(names, rows, strict=True)]),)
        if picture is not None
    )
    charts = (Charts(drawn),) if drawn else ()
    return (table, *charts, *marks([table]), *told)


def _with_more(here: Published, theme: Theme, words: Words, text: str) -> Cell:
    """The name of a figure, which leads to all that belongs to it where the page of its theme has it."""
    there = figure(here, words.indicator, here.region, ())
    return Cell(text, link=Link(text, theme.page, there.id) if there else None)


def _silent(lines: Sequence[Line]) -> tuple[frozenset[Words], tuple[Text, ...]]:
    """The indicators of which every column says the same words in place of a figure, and a sentence for each of those
    words: rows of one word are no table."""
    groups: dict[str, list[Words]] = {}
    for words, rows in lines:
        states = {status_of(row) for row in rows}
        if len(states) == 1 and states <= {*SILENT}:
            groups.setdefault(states.pop(), []).append(words)
    told = tuple(
        Text(f"Overal {WAARDE_STATUS.labels[state]}: {dutch.enumerated([words.naam for words in found])}.")
        for state, found in groups.items()
    )
    return frozenset(words for found in groups.values() for words in found), told


def _named(words: Words) -> str:
    unit = unit_of(words)
    return f"{words.naam} ({unit})" if unit and unit.lower() not in words.naam.lower() else words.naam


def definitions(here: Published, link: Link, home: Link, themes: Mapping[str, Theme]) -> Page:
    """Every indicator of the publication with what it means and where it stands, per theme: the index of the report."""
    groups: dict[str, list[Words]] = {}
    order = [*themes, *(name for name in here.words if name not in themes)]
    for name in order:
        if name in here.words:
            groups.setdefault(themes[name].title if name in themes else "Overig", []).append(here.words[name])
    sections = [
        Section(f"groep-{number}", title, (_definition_table(here, title, found, themes),))
        for number, (title, found) in enumerate(groups.items(), start=1)
    ]
    return Page(
        link.page,
        PageKind.UITLEG,
        "Definities",
        f"Wat elk cijfer betekent en waar het op rust. {len(here.words)} cijfers, zoals zij in deze publicatie zijn "
        "geteld.",
        tuple(sections),
        (home,),
    )


def _definition_table(here: Published, title: str, found: Iterable[Words], themes: Mapping[str, Theme]) -> Table:
    return Table(
        f"Definities bij {title}",
        (Cell("Cijfer"), Cell("Wat het betekent"), Cell("Telt naar"), Cell("Rust op"), Cell("Versie", number=True)),
        tuple(
            (
                _with_more(here, theme, words, words.naam)
                if (theme := themes.get(words.indicator))
                else Cell(words.naam),
                Cell(words.definitie),
                Cell("woongemeente" if words.grondslag == "woon" else "plaats van de school"),
                Cell(soort_names(words.bronnen) or "De lijst van de regio"),
                Cell(str(words.versie), number=True),
            )
            for words in found
        ),
    )
