"""Reading a delivery: bytes to a table of text with the row numbers the supplier sees (spec 1.2).

The one entrance is ``read_table``. CSV and XLSX each have a module that gives a grid; what both need afterwards
(tidy cells, blank rows, totals, uneven rows, empty columns) happens here. What a cell means is for ``values``.
"""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from jos_pipeline.intake.csv_text import all_records, read_csv
from jos_pipeline.intake.decoding import FileKind, decode, kind_of
from jos_pipeline.intake.header import Lookalikes, looks_like, without_lookalikes
from jos_pipeline.intake.table import (
    DEFAULT_LIMITS,
    MOST_ROWS,
    SPACE,
    Grid,
    Limits,
    Note,
    RawTable,
    Unreadable,
    column_names,
    tidied,
    too_long_a_cell,
)
from jos_pipeline.intake.wording import listed
from jos_pipeline.intake.workbook import read_workbook, sheet_texts
from schemas.contracts import TOTAL_HEADINGS
from schemas.naming import fold

__all__ = ["Limits", "Note", "RawTable", "Unreadable", "read_table"]

_UNUSUAL = rf"^{SPACE}|{SPACE}$|{SPACE}{{2}}|[^\S ]|[\x1c-\x1f]|^[=@+\-＝＠＋－−]"
"""A cell that is not tidy, or that may begin as a formula: one look at every cell, the rest only where it pays."""
_TOTAL = r"(?i)^(?:sub|eind)?(?:totaal|totalen)(?: generaal)?[\s:0-9/-]*$"
_TOTAL_OF = r"(?i)^(?:sub|eind)?(?:totaal|totalen)(?:\s*:|\s)"
"""May be a name too ("Totaal Zorg"): a totals row leaves most of its cells empty."""
_TOTAL_VALUE = r"(?i)^totaal$"
_COUNTED = r"^[-<>%/\d.,\s]*$"
"""What stands in a row of totals beside the word for it: counts, shares and days."""
_FORMULA = r"^[=@+\-＝＠＋－−]"
"""How a spreadsheet program knows a formula; also in the wide forms that some of them accept."""
_NO_FORMULA = r"^[+\-＋－−][\d.,\s\-]*$"
"""A number with a sign, or a line of dashes."""


def read_table(
    data: bytes,
    file_name: str,
    known_headings: frozenset[str],
    limits: Limits = DEFAULT_LIMITS,
    sheet_hint: str | None = None,
) -> RawTable:
    """The table in a CSV or XLSX file, judged by its content and not by its name.

    ``known_headings`` are folded; they tell the header row from titles. ``sheet_hint`` is the name of the worksheet
    to prefer (the soort). Raises Unreadable with JOS-E001 to JOS-E007 or JOS-E060 to JOS-E069; never anything else. A
    note with a code that refuses a file leaves the table whole, so that what may not be in it is still found.
    """
    limits = limits.running()
    del file_name  # the content decides; a wrong extension is no reason to refuse
    if len(data) > limits.bytes:
        raise Unreadable("JOS-E004", f" (meer dan {limits.bytes // 1024**2} MB)")
    if not data.strip():
        raise Unreadable("JOS-E001")
    if kind_of(data) is FileKind.ZIP:
        return _mended(read_workbook(data, known_headings, limits, sheet_hint), known_headings, limits)
    decoded = decode(data)
    grid = read_csv(decoded.utf8, known_headings, limits)
    notes = (Note("JOS-S005", 1), *grid.notes) if decoded.from_cp1252 else grid.notes
    return _mended(replace(grid, notes=notes), known_headings, limits)


def every_row(data: bytes, known_headings: frozenset[str], sheet: int | None) -> Iterator[list[str]]:
    """Every row of a file that ``read_table`` could read, as written: the first is row 1, its first cell column A.

    ``sheet`` is the place of the worksheet in a workbook, None for a CSV.
    """
    if sheet is not None:
        return sheet_texts(data, sheet)
    return all_records(decode(data).utf8, known_headings, DEFAULT_LIMITS)


def _mended(grid: Grid, known_headings: frozenset[str], limits: Limits) -> RawTable:
    """Cells tidied; blank, totals and uneven rows taken out and counted; empty columns dropped; headings readable."""
    limits.check_time()
    frame, unusual = _tidied(grid.frame, limits)
    may_say_total = [looks_like(heading, known_headings) in TOTAL_HEADINGS for heading in grid.headings]
    kinds = _row_kinds(frame, grid.uneven, [place for place, may in enumerate(may_say_total) if may])
    numbers = _numbers(grid.first_row, frame.height)
    rows = _rows_by_kind(numbers, kinds)
    cells = frame if len(rows["goed"]) == frame.height else frame.filter(kinds == "goed")
    if cells.is_empty() and rows["ongelijk"].is_empty():
        raise Unreadable("JOS-E001")
    kept = [
        place
        for place, (name, heading) in enumerate(zip(frame.columns, grid.headings, strict=True))
        if heading or cells[name].null_count() < cells.height
    ]
    read = without_lookalikes([grid.headings[place] for place in kept], known_headings)
    titles = _numbers(grid.first_row - 1 - grid.skipped, grid.skipped)
    table = RawTable(
        headings=read.headings,
        cells=pl.DataFrame(
            [cells.to_series(place).alias(new) for place, new in zip(kept, column_names(len(kept)), strict=True)]
        ),
        rows=rows["goed"],
        notes=(
            *grid.notes,
            *_note("JOS-S003", titles),
            *_note("JOS-S006", _before(rows["leeg"], numbers, kinds)),
            *_note("JOS-S002", rows["totaal"]),
        ),
        ragged=tuple(rows["ongelijk"].to_list()),
        places=tuple(grid.first_column + place for place in kept),
        header_row=grid.first_row - 1,
        sheet=grid.sheet,
        elsewhere=grid.elsewhere,
    )
    suspects = [
        new
        for new, place, heading in zip(table.cells.columns, kept, table.headings, strict=True)
        if frame.columns[place] in unusual and fold(heading) in known_headings
    ]
    return replace(table, notes=(*table.notes, *_odd_headings(table, read), *_formulas(table, suspects)))


def _odd_headings(table: RawTable, read: Lookalikes) -> tuple[Note, ...]:
    """E063 and S022: headings that were known by their looks only."""
    return tuple(
        Note(code, len(places), detail=listed([table.letter(place) for place in places]))
        for code, places in (("JOS-E063", read.doubtful), ("JOS-S022", read.alone))
        if places
    )


def _formulas(table: RawTable, suspects: list[str]) -> tuple[Note, ...]:
    """S021: cells that a spreadsheet program would carry out; a number with a sign is none."""
    if not suspects:
        return ()
    cells = pl.col(suspects)
    masks = table.cells.select(cells.str.contains(_FORMULA) & ~cells.str.contains(_NO_FORMULA))
    count = sum(int(mask.sum()) for mask in masks)
    if not count:
        return ()
    (note,) = _note("JOS-S021", table.rows.filter(masks.select(pl.any_horizontal(pl.all())).to_series()))
    return (replace(note, count=count),)


def _numbers(first: int, count: int) -> pl.Series:
    return pl.int_range(first, first + count, dtype=pl.UInt32, eager=True).alias("rij")


def _note(code: str, rows: pl.Series) -> tuple[Note, ...]:
    return (Note(code, len(rows), tuple(rows.head(MOST_ROWS).to_list())),) if len(rows) else ()


def _before(blank: pl.Series, numbers: pl.Series, kinds: pl.Series) -> pl.Series:
    """The blank rows that have a filled row after them; those at the end say nothing."""
    if blank.is_empty():
        return blank
    filled = numbers.filter(kinds != "leeg")
    return blank.filter(blank < filled[-1]) if len(filled) else blank.clear()


def _tidied(frame: pl.DataFrame, limits: Limits) -> tuple[pl.DataFrame, list[str]]:
    """Every kind of space is one plain space, none at the ends; empty is null. Only the columns named are redone."""
    if frame.is_empty():
        return frame, []
    state = frame.select(
        pl.all().str.contains(_UNUSUAL).any().name.prefix("unusual_"),
        pl.all().str.len_chars().max().name.prefix("longest_"),
    ).row(0, named=True)
    if any((state[f"longest_{name}"] or 0) > limits.cell for name in frame.columns):
        raise too_long_a_cell(limits)
    unusual = [name for name in frame.columns if state[f"unusual_{name}"]]
    cells = {name: tidied(pl.col(name)) if name in unusual else pl.col(name) for name in frame.columns}
    return frame.select(pl.when(cell != "").then(cell).alias(name) for name, cell in cells.items()), unusual


def _rows_by_kind(numbers: pl.Series, kinds: pl.Series) -> dict[str, pl.Series]:
    """The numbers of the rows of each kind; as a rule all of them are good."""
    names = ("leeg", "totaal", "ongelijk", "goed")
    if (kinds == "goed").all():
        return {name: numbers if name == "goed" else numbers.clear() for name in names}
    return {name: numbers.filter(kinds == name) for name in names}


def _row_kinds(frame: pl.DataFrame, uneven: pl.Series, total_places: list[int]) -> pl.Series:
    """Of each row: ``leeg``, ``totaal``, ``ongelijk`` or ``goed``. A totals row need not be as wide as the header.

    ``total_places`` are the columns in which ``totaal`` is also a value.
    """
    first = pl.coalesce(pl.col(frame.columns))
    filled = pl.sum_horizontal(pl.col(frame.columns).is_not_null())
    totals = first.str.contains(_TOTAL) | (first.str.contains(_TOTAL_OF) & (filled * 2 <= frame.width))
    if total_places:
        totals &= ~_begins_with_total_as_value(frame.columns, total_places)
    kind = (
        pl.when(first.is_null() & ~pl.lit(uneven))
        .then(pl.lit("leeg"))
        .when(totals)
        .then(pl.lit("totaal"))
        .when(pl.lit(uneven))
        .then(pl.lit("ongelijk"))
        .otherwise(pl.lit("goed"))
    )
    return frame.select(kind.alias("soort")).to_series()


def _begins_with_total_as_value(names: list[str], places: list[int]) -> pl.Expr:
    """Whether the first filled cell is ``totaal`` where that is a value, beside a text: totals stand beside counts."""
    first_here = [
        pl.col(names[place]).str.contains(_TOTAL_VALUE).fill_null(value=False)
        & (pl.sum_horizontal(pl.col(names[: place + 1]).is_not_null()) == 1)
        for place in places
    ]
    texts = pl.sum_horizontal(~pl.col(names).str.contains(_COUNTED))
    return pl.any_horizontal(first_here) & (texts > 1)
