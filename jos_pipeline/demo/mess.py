"""How suppliers write the same rows: encodings, separators, headings, spellings of dates, numbers and codes.

Here is the mess a delivery may be in (spec 1.2) and how a file becomes bytes, always the same bytes for the same
rows. What stands in the rows, and which supplier is messy in which way, is decided elsewhere.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from jos_pipeline.demo.support import Row
from schemas import columns
from schemas.codelists import CodeList
from schemas.columns import MUNICIPALITY_PATTERN

Cell = str | int | float | date | None
_THOUSAND = 1_000
_MUNICIPALITY = re.compile(MUNICIPALITY_PATTERN)
_EPOCH = date(1899, 12, 30)
_CREATED = datetime(2023, 1, 2, 9, tzinfo=UTC)
"""Creation date of every workbook: a fixed one keeps the bytes equal."""
_LISTS: dict[str, CodeList] = {
    column.name: column.codes
    for column in vars(columns).values()
    if isinstance(column, columns.Column) and column.codes
}


class Literal(str):
    """A cell that is written exactly as it is, whatever the style: a planted error or a spelling of its own."""

    __slots__ = ()


def day_first(day: date) -> str:
    return f"{day:%d-%m-%Y}"


def slashes(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def compact(day: date) -> str:
    return f"{day:%Y%m%d}"


def iso(day: date) -> str:
    return day.isoformat()


def serial(day: date) -> int:
    """The day number of Excel."""
    return (day - _EPOCH).days


def as_date(day: date) -> date:
    """A real date cell (XLSX only)."""
    return day


DateSpelling = Callable[[date], Cell]


@dataclass(frozen=True)
class Style:
    """How one system writes its export. Spellings with more than one value are used in turn, row by row."""

    sheet: str | None = None
    """Name of the sheet with the data: the file is XLSX. None: it is CSV."""
    sheets_before: tuple[tuple[str, str], ...] = ()
    """Other sheets in front: name, and ``verborgen`` or ``zichtbaar``."""
    delimiter: str = ";"
    encoding: str = "utf-8"
    newline: str = "\r\n"
    titles: tuple[str, ...] = ()
    heading: Callable[[str], str] = str
    aliases: Mapping[str, str] = field(default_factory=dict)
    dates: tuple[DateSpelling, ...] = (iso,)
    booleans: tuple[tuple[str, str], ...] = (("ja", "nee"),)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Column to (code to the label that stands for it)."""
    missing: tuple[str, ...] = ("",)
    bare_municipality: bool = False
    """Gemeente codes without GM and zeros, as Excel leaves them: 361."""
    spaced: frozenset[str] = frozenset()
    """Columns whose texts come with no-break spaces around them."""
    extra: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Columns the contract does not know, with the values they hold in turn."""
    totals: str | None = None
    """Label of a last row with totals."""
    trailing: int = 0
    """Empty rows below and empty columns to the right."""


def labels_of(name: str) -> dict[str, str]:
    """Every code of a column's code list with its label."""
    return _LISTS[name].labels


def table(rows: Sequence[Row], names: Sequence[str], style: Style) -> list[list[Cell]]:
    """The cells of a file, title rows and all."""
    headings: list[Cell] = [style.aliases.get(name, style.heading(name)) for name in names]
    extra_headings: list[Cell] = [name for name, _ in style.extra]
    body = [
        [spell(row.get(name), name, style, number) for name in names]
        + [values[number % len(values)] for _, values in style.extra]
        for number, row in enumerate(rows)
    ]
    lines: list[list[Cell]] = [[title] for title in style.titles]
    lines += [headings + extra_headings, *body]
    if style.totals is not None:
        lines.append([style.totals, *[""] * (len(names) - 2), str(len(rows))])
    lines += [[""] * len(names) for _ in range(style.trailing)]
    return [line + [""] * style.trailing for line in lines]


def spell(value: Any, name: str, style: Style, number: int) -> Cell:
    """One value as the style writes it in row ``number``."""
    if isinstance(value, Literal):
        return str(value)
    if value is None:
        return style.missing[number % len(style.missing)]
    if isinstance(value, bool):
        yes, no = style.booleans[number % len(style.booleans)]
        return yes if value else no
    if isinstance(value, date):
        return style.dates[number % len(style.dates)](value)
    return _number(value) if isinstance(value, int | float) else _text(str(value), name, style)


def _number(value: float) -> Cell:
    """Dutch: a comma before the decimals, points between the thousands."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return f"{value:,}".replace(",", ".") if value >= _THOUSAND else value


def _text(text: str, name: str, style: Style) -> str:
    if name in style.labels:
        text = style.labels[name].get(text, text)
    if style.bare_municipality and _MUNICIPALITY.fullmatch(text):
        text = text[2:].lstrip("0")
    if name in style.spaced:
        text = "\u00a0" + text.replace(" ", "  ") + " "
    return text


def write(rows: Sequence[Row], names: Sequence[str], style: Style) -> bytes:
    """The file: CSV or XLSX, as the style says."""
    lines = table(rows, names, style)
    return _csv(lines, style) if style.sheet is None else _xlsx(lines, style)


def _csv(lines: Iterable[list[Cell]], style: Style) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=style.delimiter, lineterminator=style.newline).writerows(lines)
    text = buffer.getvalue()
    if style.encoding == "utf-16":
        return b"\xff\xfe" + text.encode("utf-16-le")
    return text.encode(style.encoding)


def _xlsx(lines: Iterable[list[Cell]], style: Style) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    as_day = book.add_format({"num_format": "dd-mm-yyyy"})
    for name, visible in style.sheets_before:
        sheet = book.add_worksheet(name)
        sheet.write_string(0, 0, "Dit blad hoort bij de export en bevat geen gegevens.")
        if visible == "verborgen":
            sheet.hide()
    data = book.add_worksheet(style.sheet)
    if style.sheets_before and style.sheets_before[0][1] == "verborgen":
        data.activate()
        data.set_first_sheet()
    for number, line in enumerate(lines):
        for place, cell in enumerate(line):
            _write_cell(data, number, place, cell, as_day)
    book.close()
    return buffer.getvalue()


def _write_cell(sheet: Any, row: int, place: int, cell: Cell, as_day: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, place, cell, as_day)
    elif isinstance(cell, int | float):
        sheet.write_number(row, place, cell)
    elif cell:
        sheet.write_string(row, place, cell)
