"""What stands beside a figure: the same figure of other areas, by breakdown, and of an earlier publication.

Each is a table with a chart of the same numbers. A figure that is not shown has no length of a bar and no rank here,
whatever the reason; how long the others are is told by those that are shown alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jos_pipeline import dutch
from jos_pipeline.areas import Level
from jos_pipeline.report.model import Bar, Cell, Chart, Shown, Table
from jos_pipeline.report.published import Place, Published, Words
from jos_pipeline.report.wording import (
    OWN_SCHOOL,
    Row,
    count_text,
    coverage_cell,
    coverage_heading,
    heading,
    number_text,
    shown,
    split_name,
    status_of,
    unit_of,
    value_cell,
    value_heading,
)
from jos_pipeline.school_year import Period, SchoolYear

NO_EARLIER = "Er is nog geen eerdere publicatie om dit cijfer mee te vergelijken."
NOT_IN_EARLIER = "In de eerdere publicatie stond dit cijfer niet. Vergelijken kan dus niet."
COUNTED_OTHERWISE = "In de eerdere publicatie is dit cijfer anders geteld. Vergelijken kan dus niet."
OTHER_PERIOD = "De eerdere publicatie gaat over een andere periode. Vergelijken kan dus nog niet."
NEITHER_SHOWN = (
    "Over de periode die ook in de eerdere publicatie staat, is dit cijfer niet te zien. Vergelijken kan dus niet."
)
WHY_NOT = (NO_EARLIER, NOT_IN_EARLIER, COUNTED_OTHERWISE, OTHER_PERIOD, NEITHER_SHOWN)
"""Why a figure may have no earlier publication beside it."""


def areas(here: Published, words: Words, place: Place, others: Sequence[Place]) -> Shown:
    """The figure beside that of other areas where it exists."""
    rows = [(one, here.row(words.indicator, one)) for one in (place, *others)]
    there = [
        (heading(one) if one is place else one.naam, row)
        for one, row in rows
        if one is place or status_of(row) != "niet_van_toepassing"
    ]
    counted = words.statistiek in ("aandeel", "per_1000")
    table = Table(
        f"{words.naam} per gebied",
        (
            Cell("Gebied"),
            value_heading(words),
            *((Cell("Aantallen", number=True),) if counted else ()),
            coverage_heading(words),
        ),
        tuple(
            (
                Cell(name),
                value_cell(row, words),
                *((_counted(row),) if counted else ()),
                Cell(name.lower()) if name == OWN_SCHOOL and _delivered(row) else coverage_cell(row),
            )
            for name, row in there
        ),
    )
    return Shown(table, chart(table.caption, words, [(name, row, name == heading(place)) for name, row in there]))


def _delivered(row: Row | None) -> bool:
    return row is not None and bool(row["n_geleverd"])


def _counted(row: Row | None) -> Cell:
    """Teller and noemer in words, which are not there wherever the figure is not shown."""
    if row is None or not shown(row) or row["teller"] is None or row["noemer"] is None:
        return Cell("", number=True)
    return Cell(f"{count_text(row['teller'])} van {count_text(row['noemer'])}", number=True)


def broken_down(here: Published, words: Words, split: str, places: Sequence[Place]) -> Shown | None:
    """The figure by the categories of a breakdown, a column per area; None when none is shown in the first of them."""
    rows = [
        (name, [here.row(words.indicator, place, split, code) for place in places])
        for code, name in here.categories(words.indicator, split)
    ]
    if not any(shown(found[0]) for _, found in rows):
        return None
    unit = unit_of(words)
    caption = f"{words.naam} naar {split_name(split)}" + (f" ({unit})" if unit else "")
    table = Table(
        caption,
        (Cell(split_name(split).capitalize()), *(Cell(heading(place), number=True) for place in places)),
        tuple((Cell(name), *(value_cell(row, words) for row in found)) for name, found in rows),
    )
    return Shown(table, chart(caption, words, [(name, found[0], True) for name, found in rows]))


@dataclass(frozen=True, slots=True)
class Earlier:
    """The figure beside that of the earlier publication, or why there is nothing to compare it with."""

    parts: tuple[Shown, ...] = ()
    reason: str = ""


def beside_earlier(here: Published, words: Words, place: Place, *, by_parts: bool) -> Earlier:
    """The figure beside that of the earlier publication, over a period that is as long in both.

    ``by_parts``: what it says is in its breakdowns, not in its total.
    """
    earlier = here.earlier
    if earlier is None:
        return Earlier(reason=NO_EARLIER)
    if (before := earlier.words.get(words.indicator)) is None:
        return Earlier(reason=NOT_IN_EARLIER)
    if before.versie != words.versie:
        return Earlier(reason=COUNTED_OTHERWISE)
    if (period := shared_period(here, earlier)) is None:
        return Earlier(reason=OTHER_PERIOD)
    sides = ((here, earlier), place, period)
    tables = [_parts_then(words, split, *sides) for split in here.splits[words.indicator]] if by_parts else []
    found = [table for table in (tables if by_parts else [_then(words, *sides)]) if table is not None]
    return Earlier(tuple(map(Shown, found))) if found else Earlier(reason=NEITHER_SHOWN)


def _then(words: Words, sides: Sequence[Published], place: Place, period: str) -> Table | None:
    """A row for each publication; None when the figure is shown in neither."""
    rows = [(one, one.row(words.indicator, place, period=period)) for one in sides]
    if not any(shown(row) for _, row in rows):
        return None
    rests = place.niveau is not Level.SCHOOL
    return Table(
        _then_caption(words.naam, place),
        (Cell("Periode"), value_heading(words), *((coverage_heading(words),) if rests else ())),
        tuple(
            (Cell(_period_text(one, period)), value_cell(row, words), *((coverage_cell(row),) if rests else ()))
            for one, row in rows
        ),
    )


def _parts_then(words: Words, split: str, sides: Sequence[Published], place: Place, period: str) -> Table | None:
    """A row for each category and a column for each publication; None when nothing is shown in any."""
    rows = [
        (name, [one.row(words.indicator, place, split, code, period) for one in sides])
        for code, name in sides[0].categories(words.indicator, split)
    ]
    if not any(shown(row) for _, found in rows for row in found):
        return None
    return Table(
        _then_caption(f"{words.naam} naar {split_name(split)}", place),
        (Cell(split_name(split).capitalize()), *(Cell(_period_text(one, period), number=True) for one in sides)),
        tuple((Cell(name), *(value_cell(row, words) for row in found)) for name, found in rows),
    )


def _then_caption(what: str, place: Place) -> str:
    return f"{what} vergeleken met een eerdere publicatie, {place.naam}"


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
    """Bars for what is shown, words for what is not; None where nothing is shown.

    Of a figure that is not known exactly the bar lies between its bounds. The longest bar is the longest that is shown,
    so nothing of a hidden figure is in the picture.
    """
    spans = [_span(row) for _, row, _ in lines]
    if not any(spans):
        return None
    longest = max(high for _, high in filter(None, spans)) or 1.0
    bars = tuple(
        Bar(
            label,
            number_text(row, words),
            None if span is None else span[1] / longest,
            emphasis,
            0.0 if span is None else span[0] / longest,
        )
        for (label, row, emphasis), span in zip(lines, spans, strict=True)
    )
    told = "; ".join(f"{bar.label}: {bar.shown}" for bar in bars)
    return Chart(caption, bars, f"Staafdiagram. {caption}. {told}.")


def _span(row: Row | None) -> tuple[float, float] | None:
    """Where the bar of a figure begins and ends; None where it is not shown."""
    if row is None or not shown(row):
        return None
    if row["waarde_status"] == "interval":
        return row["waarde_min"], row["waarde_max"]
    return 0.0, max(row["waarde"], 0.0)  # a wait below zero has a figure and no bar
