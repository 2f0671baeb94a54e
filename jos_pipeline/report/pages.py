"""From one publication to the pages of the report: overview, areas, themes. The page model only, no HTML.

A page of a school shows that school and the region, never another school; schools are nowhere set side by side.
Differences, definitions, what is missing and the promise are in ``more_pages``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from jos_pipeline import dutch
from jos_pipeline.areas import Level
from jos_pipeline.concise import concise_text
from jos_pipeline.outcome import RESPONS
from jos_pipeline.report import more_pages, texts
from jos_pipeline.report.dictionary_pages import dictionary_pages
from jos_pipeline.report.figures import figure
from jos_pipeline.report.menu import ACCESSIBILITY, DEFINITIONS, DICTIONARY, HOME, MENU, MISSING, PROMISE
from jos_pipeline.report.missing import missing_page, missing_sections
from jos_pipeline.report.model import (
    Audience,
    Block,
    Bullets,
    Cell,
    Figure,
    Item,
    KeyFigure,
    KeyFigures,
    Link,
    Page,
    PageKind,
    Questions,
    Report,
    Section,
    Table,
    Text,
)
from jos_pipeline.report.published import Place, Published
from jos_pipeline.report.themes import THEMES, Theme
from jos_pipeline.report.wording import Row, coverage_text, number_text, shown, status_of, unit_of
from jos_pipeline.summary import KEY_FIGURES
from schemas.published import NIVEAU, STATUS, WAARDE_STATUS

TALK = "Voor het gesprek"
UNSEEN = "niet-te-zien"
"""The section of figures that are not there."""
NOT_OF_A_SCHOOL = ("scholen", "respons")
"""Figures that say nothing about one school: how many schools there are, and who delivered."""
THEME_OF = {indicator: theme for theme in THEMES for indicator in theme.indicators}


def report(here: Published, audience: Audience = Audience.REGIO) -> Report:
    """The whole report; the same for the same publications and audience."""
    home = Link(f"{here.region.naam}", HOME)
    differences = more_pages.differences(here, home)
    pages = (
        _overview(here, differences),
        *(_theme_page(here, theme, home) for theme in THEMES),
        *differences,
        *(_area_page(here, place, home, audience) for place in here.places if place.niveau is not Level.REGIO),
        missing_page(here, MISSING, home, audience),
        more_pages.definitions(here, DEFINITIONS, home, THEME_OF),
        Page(
            PROMISE.page,
            PageKind.UITLEG,
            "Kleine aantallen: wat beloven we, en wat niet?",
            "De monitor gaat over jongeren in kleine groepen. Een cijfer over drie leerlingen kan verraden wie dat "
            "zijn. "
            "Daarom laat de monitor zulke cijfers niet zien.",
            texts.small_numbers(here.contents.region.drempel, here.contents.region.drempel_besluit),
            (home,),
        ),
        Page(
            ACCESSIBILITY.page,
            PageKind.UITLEG,
            "Verklaring over toegankelijkheid",
            "Iedereen moet dit rapport kunnen lezen.",
            texts.accessibility(here.region.naam),
            (home,),
        ),
        *dictionary_pages(DICTIONARY, home),
    )
    return Report(
        title=f"JOS-monitor {here.region.naam}",
        region=here.region.naam,
        publication=str(here.id),
        schooljaar=here.schooljaar,
        peildatum=here.peildatum,
        status=STATUS.labels[here.status],
        standing=f"{texts.KINDS[here.status]}. Publicatie {here.id}, {STATUS.labels[here.status]}. "
        f"Peildatum {dutch.day(here.peildatum)}.{_beside(here.earlier)}",
        audience=audience,
        pages=tuple(_warned(page, here) for page in pages),
        menu=MENU,
        reminder=Text(texts.HIDDEN_SHORT, PROMISE),
    )


def _beside(earlier: Published | None) -> str:
    """Which one the tables mean by an earlier publication."""
    return "" if earlier is None else f" De eerdere publicatie is {earlier.id}, {STATUS.labels[earlier.status]}."


def _warned(page: Page, here: Published) -> Page:
    if here.withdrawn is None:
        return page
    return replace(page, warning=f"Deze publicatie is ingetrokken. Gebruik de cijfers niet. Reden: {here.withdrawn}")


def _overview(here: Published, differences: Iterable[Page]) -> Page:
    k = here.contents.region.drempel
    sections = [
        Section("kort", "De regio in het kort", (_key_figures(here),)),
        Section(
            "themas",
            "Kies een thema",
            (
                Bullets(
                    tuple(
                        Item(text, link=Link(title, page))
                        for title, text, page in (
                            *((theme.title, theme.intro, theme.page) for theme in THEMES),
                            *((page.title, page.lead, page.name) for page in differences),
                        )
                    )
                ),
            ),
        ),
        *(
            Section(
                f"kies-{level}",
                _choose(level),
                (Bullets(tuple(Item("", link=Link(one.naam, one.page)) for one in found)),),
            )
            for level in (Level.SAMENWERKINGSVERBAND, Level.GEMEENTE, Level.SCHOOL)
            if (found := here.at(level))
        ),
        Section("ontbreekt", "Wat ontbreekt", (*_in_short(here), Text("Wat dat betekent voor de cijfers:", MISSING))),
        Section("lezen", "Zo leest u de cijfers", (*_what_is_left_out(here), *texts.reading())),
    ]
    return Page(
        HOME,
        PageKind.OVERZICHT,
        f"JOS-monitor {here.region.naam}, schooljaar {here.schooljaar}",
        f"Jeugdhulp op school in cijfers, tot en met {dutch.day(here.peildatum)}. De cijfers zijn "
        f"{STATUS.labels[here.status]}. Cijfers over minder dan {k} leerlingen zijn verborgen.",
        tuple(sections),
    )


def _what_is_left_out(here: Published) -> tuple[Block, ...]:
    return (Text(concise_text(here.concise_to)),) if here.concise_to else ()


def _in_short(here: Published) -> tuple[Block, ...]:
    return tuple(block for section in missing_sections(here) for block in section.blocks)


def _choose(level: Level) -> str:
    return f"Kies een {NIVEAU.labels[level.value]}"


def _key_figures(here: Published) -> KeyFigures:
    found = []
    for name in KEY_FIGURES:
        row, words = here.row(name, here.region), here.words.get(name)
        if words is None or row is None:
            continue
        page, anchor = THEME_OF[name].page, name.replace("_", "-")
        there = shown(row)
        found.append(
            KeyFigure(
                words.naam,
                number_text(row, words),
                unit_of(words) if there else "",
                coverage_text(row, name),
                Link(words.naam, page, anchor if there else UNSEEN),
                silent=not there,
                counted=name == RESPONS,
            )
        )
    return KeyFigures(tuple(found))


def _theme_page(here: Published, theme: Theme, home: Link) -> Page:
    others = (*here.at(Level.SAMENWERKINGSVERBAND), *here.at(Level.GEMEENTE))
    found, silent = _figures(here, theme, here.region, others)
    sections = [Section(one.id, one.title, (one,)) for one in found]
    sections += _silent_section(silent)
    sections.append(Section("gesprek", TALK, (Questions(theme.questions),)))
    return Page(theme.page, PageKind.THEMA, f"{theme.title}: {here.region.naam}", theme.intro, tuple(sections), (home,))


Silent = tuple[str, str]
"""The name of an indicator that is not there, and the state that says why."""


def _figures(here: Published, theme: Theme, place: Place, others: Sequence[Place]) -> tuple[list[Figure], list[Silent]]:
    """The figures of a theme that are there, and what is not."""
    found: list[Figure] = []
    silent: list[Silent] = []
    for name in theme.indicators:
        if place.niveau is Level.SCHOOL and name in NOT_OF_A_SCHOOL:
            continue
        one = figure(here, name, place, others, folded=place.niveau is not Level.REGIO)
        if one is not None:
            found.append(one)
        elif name in here.words:
            row = _telling_row(here, name, place)
            state = status_of(row)
            if state != "niet_van_toepassing":
                silent.append((here.words[name].naam, state))
    return found, silent


def _telling_row(here: Published, name: str, place: Place) -> Row | None:
    """The row whose state says why an indicator is not there: of a distribution a part, for its total always is; none
    where no part was to go out."""
    row = here.row(name, place)
    if not shown(row):
        return row
    parts = (
        here.row(name, place, split, code) for split in here.splits[name] for code, _ in here.categories(name, split)
    )
    return next((part for part in parts if part is not None), None)


def _silent_section(silent: Sequence[Silent]) -> list[Section]:
    if not silent:
        return []
    table = Table(
        "Cijfers die er niet staan",
        (Cell("Cijfer"), Cell("Wat er staat")),
        tuple((Cell(name), Cell(WAARDE_STATUS.labels[state], silent=True)) for name, state in silent),
    )
    return [Section(UNSEEN, "Cijfers die niet te zien zijn", (table, *texts.marks([table])))]


def _area_page(here: Published, place: Place, home: Link, audience: Audience) -> Page:
    sections: list[Section] = []
    silent: list[Silent] = []
    for theme in THEMES:
        found, missing = _figures(here, theme, place, (here.region,))
        silent += missing
        if found:
            blocks: tuple[Block, ...] = (Text(theme.intro), *found, Questions(theme.questions, TALK))
            sections.append(Section(theme.id, theme.title, blocks))
    sections += _silent_section(silent)
    if audience is Audience.REGIO:
        sections += missing_sections(here, place)
    within = _within(here, place)
    if within:
        sections.append(Section("hierbinnen", "Binnen dit gebied", (Bullets(within),)))
    level = NIVEAU.labels[place.niveau.value]
    return Page(
        place.page,
        PageKind(place.niveau.value),
        place.naam,
        f"De cijfers van {_the(place)} over schooljaar {here.schooljaar}, tot en met {dutch.day(here.peildatum)}, "
        f"naast die van {here.region.naam}.{_only_totals(here, place)}",
        tuple(sections),
        (home, Link(f"Kies een {level}", HOME, f"kies-{place.niveau}")),
    )


def _only_totals(here: Published, place: Place) -> str:
    if here.concise_to is None or not here.concise_to.only_totals(place.niveau.value):
        return ""
    return " Er staan alleen totalen: deze publicatie is beknopt."


def _the(place: Place) -> str:
    return {"school": "deze school", "gemeente": "deze gemeente"}.get(place.niveau.value, "dit samenwerkingsverband")


def _within(here: Published, place: Place) -> tuple[Item, ...]:
    """The areas that lie in an area and have a page."""
    levels = {Level.SAMENWERKINGSVERBAND: (Level.GEMEENTE, Level.SCHOOL), Level.GEMEENTE: (Level.SCHOOL,)}
    return tuple(
        Item("", link=Link(one.naam, one.page))
        for level in levels.get(place.niveau, ())
        for one in here.at(level)
        if place.gebied in (one.gemeente, one.samenwerkingsverband)
    )
