"""Reading XLSX: which worksheet, where the header stands, and typed cells to the text a supplier would write.

Put here what is peculiar to workbooks; the package is inspected first by ``package``. A typed number has no decimal
sign to doubt, so it is written with a comma: ``values`` would call a point ambiguous.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import Any

import polars as pl
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from jos_pipeline.intake.extent import NOWHERE, Errors, Extent, Places
from jos_pipeline.intake.header import REGION, find_header, looks_like
from jos_pipeline.intake.package import Package, inspect
from jos_pipeline.intake.personal import personal_headings
from jos_pipeline.intake.table import (
    MOST_ROWS,
    Grid,
    Limits,
    Note,
    Unreadable,
    frame_of_rows,
    too_many_columns,
    too_many_rows,
)
from jos_pipeline.intake.wording import excel_letter
from schemas.columns import Kind
from schemas.contract import Contract
from schemas.contracts import CONTRACTS
from schemas.naming import fold, tidy

_CHUNK = 20_000
_PANIC = "PanicException"
"""What a failing Rust parser raises; it is no Exception and cannot be imported."""
_NO_TABLE = ("JOS-E001", "JOS-E007")
_MOST_SHEETS = 20
"""How many other sheets are looked at for a table that is not read, or for persons."""
_TABLE_OF_PERSONS = 2
"""Headings beside each other: one alone may be a sentence, somebody to call, or the names in a list of schools."""
_SERIAL = r"^[2-8][0-9]{4}$"
_DAYS_TO_1904 = 1462
_DATE_HEADINGS = frozenset(
    heading
    for contract in CONTRACTS.values()
    for one in contract.fields
    if one.column.kind is Kind.DATE
    for heading in one.column.headings
)
_EXACT = 1e15
"""Above this a float no longer holds every integer."""


def read_workbook(data: bytes, known_headings: frozenset[str], limits: Limits, sheet_hint: str | None) -> Grid:
    """The grid below the header of the worksheet called ``sheet_hint``, else of the first visible one.

    Raises Unreadable: E001 to E004, E007, E060, E061 or E065 to E069.
    """
    package = inspect(data, limits)
    problem: Unreadable
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        limits.check_time()
        first, *others = _chosen(workbook.sheets_metadata, sheet_hint)
        try:
            grid, read = _grid_of(workbook, first, package, known_headings, limits), first
        except Unreadable as known:
            if known.code not in _NO_TABLE or not others:
                raise
            grid, read = _grid_of(workbook, others[0], package, known_headings, limits), others[0]
        visible = [index for index, _ in _visible(workbook.sheets_metadata) if index != read]
        hidden = [index for index in _worksheets(workbook.sheets_metadata) if index not in (read, *visible)]
        tops = {index: _top(workbook, index, limits) for index in [*visible, *hidden][:_MOST_SHEETS]}
        tables = [index + 1 for index in visible if (top := tops.get(index)) and _is_table(top, known_headings)]
        persons = [
            f"{one} op werkblad {index + 1}" for index, top in sorted(tops.items()) if top for one in _persons(top)
        ]
        return replace(grid, notes=(*grid.notes, *_unread_note(tables)), elsewhere=tuple(persons))
    except Unreadable as known:
        problem = known
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != _PANIC:
            raise
        # the parser raises many kinds, and their text may hold cell values
        problem = Unreadable("JOS-E003", " (het Excel-bestand is beschadigd)")
    raise problem from None


def sheet_texts(data: bytes, sheet: int) -> Iterator[list[str]]:
    """Every row of a worksheet that ``read_workbook`` could read as text; the first cell of each is column A."""
    found: Any = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(sheet)
    _, first_column = found.start
    for row in found.iter_rows():
        yield [""] * first_column + [cell_text(cell) for cell in row]


def _chosen(sheets: list[Any], sheet_hint: str | None) -> list[int]:
    """The places of the worksheets to try among the sheets of the workbook, in order.

    Without a hint the one sheet called as a soort comes second: the first may hold notes and no table.
    """
    visible = _visible(sheets)
    if not visible:
        raise Unreadable("JOS-E001")
    wanted = {fold(soort) for soort in (CONTRACTS if sheet_hint is None else [sheet_hint])}
    named = [index for index, name in visible if name in wanted]
    if sheet_hint is not None:
        return (named or [visible[0][0]])[:1]
    return [visible[0][0], *(named if len(named) == 1 else [])]


def _worksheets(sheets: list[Any]) -> list[int]:
    return [index for index, sheet in enumerate(sheets) if sheet.typ == SheetTypeEnum.WorkSheet]


def _visible(sheets: list[Any]) -> list[tuple[int, str]]:
    """The place and the folded name of each visible worksheet."""
    return [
        (index, fold(sheets[index].name))
        for index in _worksheets(sheets)
        if sheets[index].visible == SheetVisibleEnum.Visible
    ]


@dataclass(frozen=True)
class _Top:
    """The rows of a sheet that is not read among which its header stands, and how many rows the sheet has."""

    rows: list[list[str]]
    first_column: int
    height: int


def _top(workbook: CalamineWorkbook, index: int, limits: Limits) -> _Top | None:
    """None for a sheet that is empty or a single column."""
    limits.check_time()
    sheet = workbook.get_sheet_by_index(index)
    if sheet.start is None or sheet.width < 2:
        return None
    rows = list(islice(_texts(sheet.iter_rows(), {}, 0), REGION))
    return _Top(rows, sheet.start[1], sheet.start[0] + sheet.height)


def _is_table(top: _Top, known_headings: frozenset[str]) -> bool:
    """Whether a sheet that is not read holds what some delivery must hold, and something below it."""
    header = find_header(top.rows, known_headings)
    if header is None or top.height <= header.index + 1:
        return False
    there = {fold(heading) for heading in header.fields}
    return any(_required(contract) <= {contract.headings.get(one) for one in there} for contract in CONTRACTS.values())


def _persons(top: _Top) -> list[str]:
    """The columns of a table of persons by their letter and the word that gave them away; none of another sheet."""
    best = max((personal_headings(row) for row in top.rows[: top.height - 1]), key=len, default=())
    if len(best) < _TABLE_OF_PERSONS:
        return []
    return [f"{excel_letter(top.first_column + hit.position)}: {hit.word}" for hit in best]


def _required(contract: Contract) -> set[str]:
    return {field.name for field in contract.fields if field.required}


def _unread_note(tables: list[int]) -> tuple[Note, ...]:
    numbers = ", ".join(str(number) for number in tables)
    return (Note("JOS-S024", len(tables), detail=numbers),) if tables else ()


def _grid_of(
    workbook: CalamineWorkbook, index: int, package: Package, known_headings: frozenset[str], limits: Limits
) -> Grid:
    seen = package.sheets[index] if index < len(package.sheets) else Extent()
    grid = replace(_grid(workbook.get_sheet_by_index(index), seen, known_headings, limits), sheet=index)
    return _since_1900(grid) if package.from_1904 else grid


def _since_1900(grid: Grid) -> Grid:
    """Day numbers of a workbook that counts from 1904, as every other program counts them.

    Cells that Excel shows as dates come as dates; this is for date columns with bare numbers, which are told (S010).
    """
    days = [name for name, heading in zip(grid.frame.columns, grid.headings, strict=True) if _is_of_days(fold(heading))]
    number = pl.col(days).cast(pl.Int64, strict=False) + _DAYS_TO_1904
    shifted = pl.when(pl.col(days).str.contains(_SERIAL)).then(number.cast(pl.String)).otherwise(pl.col(days))
    return replace(grid, frame=grid.frame.with_columns(shifted))


def _is_of_days(folded: str) -> bool:
    return "datum" in folded or folded in _DATE_HEADINGS


def _grid(sheet: Any, seen: Extent, known_headings: frozenset[str], limits: Limits) -> Grid:
    if sheet.start is None:
        raise Unreadable("JOS-E001")
    first_row, first_column = sheet.start
    if sheet.width > limits.columns:
        raise too_many_columns(limits)
    if sheet.height > limits.rows:
        raise too_many_rows(limits)
    if first_row >= REGION:
        raise Unreadable("JOS-E007")
    # iter_rows counts the blank rows above the first filled cell, not the blank columns left of it
    rows = _texts(sheet.iter_rows(), seen.errors, first_column)
    head = list(islice(rows, REGION))
    header = find_header(head, known_headings)
    if header is None:
        raise Unreadable("JOS-E007")
    width = len(header.fields)
    frame = _frame(chain(head[header.index + 1 :], rows), width, limits)
    known = [
        first_column + place
        for place, field in enumerate(header.fields)
        if looks_like(field, known_headings) in known_headings
    ]
    return Grid(
        headings=tuple(tidy(field) for field in header.fields),
        frame=frame,
        first_row=header.index + 2,
        skipped=header.index,
        uneven=pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True),
        first_column=first_column,
        notes=(
            *_formula_note("JOS-E064", seen.bare, header.index, known),
            *_formula_note("JOS-S020", seen.outcomes, header.index, known),
        ),
    )


def _formula_note(code: str, places: Places, header_row: int, known: list[int]) -> tuple[Note, ...]:
    """The formulas in the columns the monitor knows, below the header."""
    found = pl.DataFrame(
        {"rij": pl.Series(places.rows, dtype=pl.UInt32), "k": pl.Series(places.columns, dtype=pl.UInt32)}
    )
    rows = found.filter(pl.col("rij") > header_row, pl.col("k").is_in([*known, NOWHERE]))["rij"] + 1
    shown = rows.filter(rows <= NOWHERE).unique().sort().head(MOST_ROWS)
    return (Note(code, len(rows), tuple(shown.to_list())),) if len(rows) else ()


def _frame(rows: Iterator[list[str]], width: int, limits: Limits) -> pl.DataFrame:
    frames = [frame_of_rows([], width)]
    while chunk := list(islice(rows, _CHUNK)):
        limits.check_time()
        frames.append(frame_of_rows(chunk, width))
    return pl.concat(frames)


def _texts(rows: Iterator[list[Any]], errors: Errors, first_column: int) -> Iterator[list[str]]:
    wrong: dict[int, dict[int, str]] = {}
    for (row, column), text in errors.items():
        wrong.setdefault(row, {})[column - first_column] = text
    for number, cells in enumerate(rows):
        texts = [cell if type(cell) is str else cell_text(cell) for cell in cells]
        for place, text in wrong.get(number, {}).items():
            if 0 <= place < len(texts) and not texts[place]:
                texts[place] = text
        yield texts


def cell_text(cell: object) -> str:
    """A typed cell as text: ISO dates without time, whole numbers without decimals, others with a comma, ja/nee."""
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, int | float):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _number_text(number: float) -> str:
    """Rounded to 12 significant digits (15 for large numbers), which takes away the noise of floats."""
    digits = 12 if abs(number) < 1e6 else 15
    whole = float(number).is_integer() and abs(number) < _EXACT
    text = format(Decimal(int(number) if whole else f"{number:.{digits}g}"), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
