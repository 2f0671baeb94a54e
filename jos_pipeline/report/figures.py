"""A figure of the report: one indicator in one area, beside others, by breakdown and beside an earlier publication.

Only rows of published figures come in. A figure that is not shown has no number here, no length of a bar and no rank,
whatever the reason. How numbers are written is ``jos_pipeline.dutch``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jos_pipeline import dutch
from jos_pipeline.areas import Level
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import Denominator
from jos_pipeline.outcome import RESPONS, coverage_unit, respons_text
from jos_pipeline.report.model import Bar, Cell, Chart, Figure, Shown, Table
from jos_pipeline.report.published import Place, Published, Words
from jos_pipeline.report.talk import QUESTIONS
from jos_pipeline.school_year import Period, SchoolYear
from schemas.published import SILENT, STATUS, WAARDE_STATUS

Row = Mapping[str, Any]

COUNTS = ("aantal", "som")
COMPARABLE = ("aandeel", "per_1000", "mediaan", "gemiddelde", "per_fte")
"""Statistics that can be set beside those of a larger area; counts cannot."""
DISTRIBUTIONS = frozenset(
    name for name, entry in INDICATORS.items() if entry.noemer_van is Denominator.TOTAAL and entry.uitsplitsingen
)
"""Indicators whose total is always everything: what they say is in their parts."""
MOST_PARTS = 3
OWN_SCHOOL = "Deze school"
"""What a school is called on its page; it rests on itself, so there is nothing to count."""
NOT_THERE = frozenset({"niet_van_toepassing"})
SPLIT_NAMES = {
    "functie": "functie",
    "aanmeldreden": "reden van aanmelding",
    "leeftijdsklasse": "leeftijd",
    "onderwijstype": "soort onderwijs",
    "preventie": "soort preventie",
    "aard": "aard van de hulp",
    "vorm": "vorm van de hulp",
    "leerjaar": "leerjaar",
    "soort": "soort",
    "activiteit": "activiteit",
    "doelgroep": "doelgroep",
    "informant": "wie antwoordde",
    "verwijzer": "verwijzer",
    "categorie": "categorie",
    "soort_onderwijs": "soort onderwijs",
    "onderwijssoort": "soort onderwijs",
    "rol": "rol",
}
"""How a breakdown is called after 'naar'; one that is not here is called by its id."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where a column of a table takes its figures from, and what it is called."""

    heading: str
    source: Published
    place: Place
    period: str = Period.SCHOOLJAAR.value


def shown(row: Row | None) -> bool:
    """Whether there is a figure to read: a value or the bounds of one."""
    return row is not None and row["waarde_status"] not in SILENT


def status_of(row: Row | None) -> str:
    """The state of a figure; where there is no row the figure does not exist."""
    return "niet_van_toepassing" if row is None else str(row["waarde_status"])


def value_text(row: Row | None, words: Words) -> str:
    """The figure with its unit, or the words in its place."""
    text = number_text(row, words)
    return f"{text} {unit}" if shown(row) and (unit := unit_of(words)) else text


def number_text(row: Row | None, words: Words) -> str:
    """The figure without its unit (a share with its sign), or the words in its place."""
    state = status_of(row)
    if row is None or state in SILENT:
        return WAARDE_STATUS.labels[state]
    if state == "interval":
        low, high = (_number(row[name], words) for name in ("waarde_min", "waarde_max"))
        return f"tussen {low} en {high}"
    return _number(row["waarde"], words)


def _number(value: float | None, words: Words) -> str:
    return dutch.figure(value, words.eenheid, words.decimalen, "ok").removesuffix(f" {words.eenheid}")


def unit_of(words: Words) -> str:
    """The unit to write behind a number; a share has its sign, and a mark has none."""
    return "" if words.eenheid in ("aandeel", "cijfer") else words.eenheid


def value_heading(words: Words, text: str = "Waarde") -> Cell:
    """The heading of a column of figures."""
    unit = unit_of(words)
    return Cell(f"{text} ({unit})" if unit else text, number=True)


def coverage_text(row: Row | None, indicator: str) -> str:
    """``7 van de 8 scholen``, or nothing when nobody was expected to deliver; of the respons what was counted."""
    if row is None or not row["n_verwacht"]:
        return ""
    if indicator == RESPONS and row["noemer"]:
        return respons_text(row["teller"], row["noemer"])
    return dutch.out_of(row["n_geleverd"] or 0, row["n_verwacht"], _unit_of_coverage(indicator))


def _unit_of_coverage(indicator: str) -> str:
    return coverage_unit(INDICATORS[indicator]) if indicator in INDICATORS else "scholen"


def _resting_on(row: Row, indicator: str) -> str:
    """The coverage as the end of a sentence."""
    if not row["n_verwacht"] or indicator == RESPONS:
        return ""
    words = dutch.out_of(row["n_geleverd"] or 0, row["n_verwacht"], _unit_of_coverage(indicator))
    return f", op basis van {words}"


def figure(
    here: Published, indicator: str, place: Place, others: Sequence[Place], *, folded: bool = False
) -> Figure | None:
    """An indicator in an area, beside others; None when there is nothing to show of it there."""
    words, row = here.words.get(indicator), here.row(indicator, place)
    if words is None:
        return None
    spread = indicator in DISTRIBUTIONS
    wider = tuple(one for one in others if one.niveau is Level.REGIO)
    columns = [Column(heading(one), here, one) for one in (place, *wider)]
    broken = tuple(
        part for split in here.splits[indicator] if (part := _broken_down(words, split, columns)) is not None
    )
    if not broken and (spread or not shown(row)):
        return None
    return Figure(
        id=indicator.replace("_", "-"),
        title=words.naam,
        value=_largest_parts(here, words, place) if spread else value_text(row, words),
        sentence=_sentence(here, words, place, wider, spread=spread),
        definition=words.definitie,
        about=f"Peildatum {dutch.day(here.peildatum)}, {STATUS.labels[here.status]}. Definitie versie {words.versie}.",
        questions=QUESTIONS[indicator],
        parts=() if spread else (*_areas(here, words, place, others), *_beside_earlier(here, words, place)),
        breakdowns=broken,
        notes=tuple(_notes(here, words, place, row)),
        unseen=_unseen(here, words, place),
        folded=folded,
    )


def heading(place: Place) -> str:
    """What a column is called on the page of an area."""
    return {Level.SCHOOL: OWN_SCHOOL, Level.GEMEENTE: "Deze gemeente"}.get(place.niveau, place.naam)


def _sentence(here: Published, words: Words, place: Place, wider: Sequence[Place], *, spread: bool) -> str:
    """What the figure says, with what it rests on, and beside the region where that can be compared."""
    row = here.row(words.indicator, place)
    where = f"{'Bij' if place.niveau is Level.SCHOOL else 'In'} {place.naam}"
    until = f"tot en met {dutch.day(here.peildatum)}"
    if row is None or not (shown(row) or spread):
        return f"Het totaal voor {place.naam} staat er niet: {WAARDE_STATUS.labels[status_of(row)]}."
    resting = "" if place.niveau is Level.SCHOOL else _resting_on(row, words.indicator)
    if spread:
        return f"{where} is het zo verdeeld, {until}{resting}."
    beside = [
        f" In {one.naam} is het {value_text(other, words)}."
        for one in wider
        if words.statistiek in COMPARABLE and shown(other := here.row(words.indicator, one))
    ]
    return f"{where} {_said(row, words)}, {until}{resting}.{''.join(beside)}"


def _said(row: Row, words: Words) -> str:
    """The middle of the sentence: what the number is."""
    told = value_text(row, words)
    if row["waarde_status"] == "interval":
        return f"ligt het {told}"
    if words.statistiek == "mediaan":
        return f"duurde het bij de helft {told} of korter"
    if words.statistiek == "gemiddelde":
        return f"is het gemiddelde {told}"
    if words.statistiek == "aandeel" and row["teller"] is not None and row["noemer"]:
        counted = f"{_count(row['teller']) if row['teller'] else 'geen'} van de {_count(row['noemer'])}"
        who = respons_text(row["teller"], row["noemer"]) if words.indicator == RESPONS else counted
        return f"gaat het om {told}: {who}"
    if words.statistiek in COUNTS and not row["waarde"] and words.eenheid != "fte":
        return f"waren er geen {words.eenheid}"
    return f"gaat het om {told}"


def _count(value: float) -> str:
    return dutch.number(value, 0 if float(value).is_integer() else 1)


def _largest_parts(here: Published, words: Words, place: Place) -> str:
    """The largest parts of a distribution that are shown."""
    found = [
        (row["waarde"], name, row)
        for split in here.splits[words.indicator]
        for code, name in here.categories(words.indicator, split)
        if (row := here.row(words.indicator, place, split, code)) is not None and shown(row)
    ]
    largest = sorted(found, key=lambda part: (-part[0], part[1]))[:MOST_PARTS]
    return "; ".join(f"{name} {number_text(row, words)}" for _, name, row in largest)


def _notes(here: Published, words: Words, place: Place, row: Row | None) -> Iterable[str]:
    """What to bear in mind."""
    state = status_of(row)
    if state in ("laag_betrouwbaar", "interval"):
        yield f"Let op. {WAARDE_STATUS.meanings[state]}"
    if row is not None and row["herkomst"] in ("opgave", "gemengd"):
        yield "Een deel komt uit totalen die een school zelf heeft opgegeven."
    yield from here.remarks(words.indicator, place)


def _unseen(here: Published, words: Words, place: Place) -> str:
    """Which breakdowns exist but are not to be seen, as a sentence."""
    states = {split: _states(here, words, place, split) for split in here.splits[words.indicator]}
    silent = [split_name(split) for split, found in states.items() if found - NOT_THERE and found <= {*SILENT}]
    if not silent:
        return ""
    return f"Niet te zien: dit cijfer naar {listed(silent)}."


def listed(names: Sequence[str]) -> str:
    """``a, b en c``."""
    *first, last = names
    return f"{', '.join(first)} en {last}" if first else last


def _states(here: Published, words: Words, place: Place, split: str) -> set[str]:
    """The states of the categories of a breakdown."""
    categories = here.categories(words.indicator, split)
    return {status_of(here.row(words.indicator, place, split, code)) for code, _ in categories}


def split_name(split: str) -> str:
    """How a breakdown is called after 'naar'."""
    return SPLIT_NAMES.get(split, split)


def _areas(here: Published, words: Words, place: Place, others: Sequence[Place]) -> list[Shown]:
    """The figure beside that of other areas; a chart only of what can be compared."""
    rows = [(one, here.row(words.indicator, one)) for one in (place, *others)]
    there = [
        (heading(one) if one is place else one.naam, row)
        for one, row in rows
        if status_of(row) != "niet_van_toepassing"
    ]
    if len(there) < 2:
        return []
    counted = words.statistiek in ("aandeel", "per_1000")
    table = Table(
        f"{words.naam} per gebied",
        (
            Cell("Gebied"),
            value_heading(words),
            *((Cell("Aantallen", number=True),) if counted else ()),
            _coverage_heading(words),
        ),
        tuple(
            (
                Cell(name),
                value_cell(row, words),
                *((_counted(row),) if counted else ()),
                Cell(name.lower()) if name == OWN_SCHOOL and _delivered(row) else _coverage_cell(row),
            )
            for name, row in there
        ),
    )
    drawn = words.statistiek in COMPARABLE
    lines = [(name, row, name == heading(place)) for name, row in there]
    return [Shown(table, chart(table.caption, words, lines) if drawn else None)]


def _coverage_heading(words: Words) -> Cell:
    return Cell(f"Op basis van ({_unit_of_coverage(words.indicator)})")


def _coverage_cell(row: Row | None) -> Cell:
    return Cell("" if row is None or not row["n_verwacht"] else f"{row['n_geleverd'] or 0} van {row['n_verwacht']}")


def _delivered(row: Row | None) -> bool:
    return row is not None and bool(row["n_geleverd"])


def _counted(row: Row | None) -> Cell:
    """Teller and noemer in words, which are not there wherever the figure is not shown."""
    if row is None or not shown(row) or row["teller"] is None or row["noemer"] is None:
        return Cell("", number=True)
    return Cell(f"{_count(row['teller'])} van {_count(row['noemer'])}", number=True)


def value_cell(row: Row | None, words: Words) -> Cell:
    """The figure as a cell of a table."""
    return Cell(number_text(row, words), number=True, silent=not shown(row))


def _broken_down(words: Words, split: str, columns: Sequence[Column]) -> Shown | None:
    """The figure by the categories of a breakdown; None when none is shown anywhere in the first column."""
    first = columns[0]
    categories = first.source.categories(words.indicator, split)
    rows = [
        (name, [one.source.row(words.indicator, one.place, split, code) for one in columns])
        for code, name in categories
    ]
    if _states(first.source, words, first.place, split) <= {*SILENT}:
        return None
    unit = unit_of(words)
    caption = f"{words.naam} naar {split_name(split)}" + (f" ({unit})" if unit else "")
    table = Table(
        caption,
        (Cell(split_name(split).capitalize()), *(Cell(one.heading, number=True) for one in columns)),
        tuple((Cell(name), *(value_cell(row, words) for row in found)) for name, found in rows),
    )
    return Shown(table, chart(caption, words, [(name, found[0], True) for name, found in rows]))


def _beside_earlier(here: Published, words: Words, place: Place) -> list[Shown]:
    """The figure beside that of the earlier publication, over a period that is as long in both."""
    earlier = here.earlier
    if earlier is None or (period := shared_period(here, earlier)) is None:
        return []
    if earlier.words.get(words.indicator) is None or earlier.words[words.indicator].versie != words.versie:
        return []
    sides = [(one, one.row(words.indicator, place, period=period)) for one in (here, earlier)]
    if not any(shown(row) for _, row in sides):
        return []
    rests = place.niveau is not Level.SCHOOL
    table = Table(
        f"{words.naam} vergeleken met een eerdere publicatie, {place.naam}",
        (Cell("Periode"), value_heading(words), *((_coverage_heading(words),) if rests else ())),
        tuple(
            (Cell(_period_text(one, period)), value_cell(row, words), *((_coverage_cell(row),) if rests else ()))
            for one, row in sides
        ),
    )
    return [Shown(table)]


def shared_period(here: Published, earlier: Published) -> str | None:
    """The period that is set beside each other: one that is equally long in both publications.

    Within a school year that is the year so far; of two school years the whole year when both are over, else the first
    half when that is over in both. None when neither is.
    """
    if here.schooljaar == earlier.schooljaar:
        return Period.SCHOOLJAAR.value
    for period in (Period.SCHOOLJAAR, Period.HALFJAAR_1):
        if all(_is_over(one, period) for one in (here, earlier)):
            return period.value
    return None


def _is_over(one: Published, period: Period) -> bool:
    windows = {window.period: window for window in SchoolYear.parse(one.schooljaar).windows(one.peildatum)}
    return period in windows and one.peildatum >= windows[period].last_day


def _period_text(one: Published, period: str) -> str:
    if period == Period.HALFJAAR_1.value:
        return f"Eerste half jaar {one.schooljaar}"
    return f"Schooljaar {one.schooljaar}, tot en met {dutch.short_day(one.peildatum)}"


def chart(caption: str, words: Words, lines: Sequence[tuple[str, Row | None, bool]]) -> Chart | None:
    """Bars for what is shown, words for what is not; None where no two bars can be compared.

    The longest bar is the longest that is shown, so nothing of a hidden figure is in the picture.
    """
    values = [row["waarde"] if row is not None and shown(row) else None for _, row, _ in lines]
    drawn = [value for value in values if value is not None]
    if len(drawn) < 2:
        return None
    longest = max(drawn)
    bars = tuple(
        Bar(label, number_text(row, words), None if value is None else (value / longest if longest else 0.0), emphasis)
        for (label, row, emphasis), value in zip(lines, values, strict=True)
    )
    told = "; ".join(f"{bar.label}: {bar.shown}" for bar in bars)
    return Chart(caption, bars, f"Staafdiagram. {caption}. {told}.")
