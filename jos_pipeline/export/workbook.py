"""The package as a workbook for Excel: an explanation first, then the figures with names, and what they mean.

Every sheet is one table with a name, a header that stays in sight and filters; no cells are merged, and a cell where
no figure stands says why. Text is never a formula.
"""

import io
import math
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
import xlsxwriter

from jos_pipeline.export.content import Contents
from jos_pipeline.export.guide import guide, withdrawals
from schemas.published import NIVEAU, SILENT, WAARDE_STATUS

LAST_ROW = 1_048_575
"""Rows below the header that fit a sheet."""
ABSENT = "n.v.t."
"""Stands where nothing can stand: a cell is never empty beside a figure."""

_WIDEST = 60
_PAGE = 75
"""Width of the explanation: that of a page, so that it needs no smaller letters in print."""
_LINE = 15
_END_OF_CORE = b"</cp:coreProperties>"
_LANGUAGE = b"<dc:language>nl-NL</dc:language>"


class TooManyRowsError(ValueError):
    """The figures do not fit a sheet."""


@dataclass(frozen=True)
class _Column:
    """A column of the sheet with figures: its heading, the column of ``indicator_leesbaar`` and how it is shown."""

    heading: str
    source: str
    width: int
    shown: str = "text"


_FIGURES = (
    _Column("Schooljaar", "schooljaar", 11),
    _Column("Periode", "periode_naam", 26),
    _Column("Niveau", "niveau", 22),
    _Column("Gebied", "gebied_naam", 24),
    _Column("Indicator", "indicator_naam", 26),
    _Column("Uitsplitsing", "uitsplitsing", 16),
    _Column("Categorie", "categorie_naam", 24),
    _Column("Cijfer", "waarde", 20, "figure"),
    _Column("Eenheid", "eenheid", 21),
    _Column("Geleverd", "n_geleverd", 10, "whole"),
    _Column("Verwacht", "n_verwacht", 10, "whole"),
    _Column("Teller", "teller", 20, "count"),
    _Column("Noemer", "noemer", 20, "count"),
    _Column("Laagst mogelijk", "waarde_min", 20, "bound"),
    _Column("Hoogst mogelijk", "waarde_max", 20, "bound"),
    _Column("Status van het cijfer", "waarde_status_naam", 24),
    _Column("Plaats", "rang", 8, "whole"),
    _Column("Geteld tot en met", "peildatum", 16, "day"),
    _Column("Publicatie is", "status", 14),
    _Column("Code indicator", "indicator", 26),
    _Column("Code gebied", "gebied", 14),
)
_ON_PAPER = 11
"""How many of these columns are printed: all of them on one page would be too small to read."""


def workbook_bytes(contents: Contents, readable: pl.DataFrame) -> bytes:
    """The workbook; ``readable`` are the rows of ``indicator_leesbaar``. The same bytes for the same publication.

    Raises TooManyRowsError when the figures do not fit a sheet.
    """
    if readable.height > LAST_ROW:
        raise TooManyRowsError(f"{readable.height} rows do not fit a sheet")
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties(
            {
                "title": f"Monitor Jeugdhulp op school: {contents.region.naam}",
                "subject": contents.version,
                "author": contents.region.naam,
                "comments": " ".join(
                    (*withdrawals(contents), "Gepubliceerde cijfers. Kleine aantallen zijn verborgen.")
                ),
                "created": contents.created.replace(tzinfo=None),
            }
        )
        _explain(book, contents)
        _figures(book, _to_read(_marked(readable, contents)))
        for title, name in _OTHERS:
            _plain(book, title, contents.tables[name])
    return _in_dutch(buffer.getvalue())


_OTHERS = (
    ("Indicatoren", "dim_indicator"),
    ("Gebieden", "dim_gebied"),
    ("Scholen", "dim_school"),
    ("Perioden", "dim_periode"),
    ("Categorieën", "dim_categorie"),
    ("Leveranciers", "dim_leverancier"),
    ("Publicaties", "publicatie"),
    ("Intrekkingen", "intrekking"),
    ("Versies", "dim_indicator_versie"),
    ("Woordenboek", "data_woordenboek"),
)


def _explain(book: Any, contents: Contents) -> None:
    sheet = book.add_worksheet("Lees mij")
    heading = book.add_format({"bold": True, "font_size": 13, "font_color": "#1F3A4D"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, _PAGE, text)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, "Monitor Jeugdhulp op school", book.add_format({"bold": True, "font_size": 18}))
    row = 2
    for chapter in guide(contents):
        sheet.write_string(row, 0, chapter.title, heading)
        for line in chapter.lines:
            row += 1
            sheet.set_row(row, _height([(line, _PAGE)]))
            sheet.write_string(row, 0, line, text)
        row += 2
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)


def _marked(readable: pl.DataFrame, contents: Contents) -> pl.DataFrame:
    """The figures with ``ingetrokken`` beside each that was taken back: a row that is copied keeps it."""
    gone = contents.tables["intrekking"]["publicatie"]
    taken_back = pl.col("publicatie").is_in(gone.to_list())
    return readable.with_columns(status=pl.when(taken_back).then(pl.lit("ingetrokken")).otherwise("status"))


def _to_read(readable: pl.DataFrame) -> pl.DataFrame:
    """The figures as people look for them: this year before the last, a total before its parts, the region first."""
    return readable.sort(
        "schooljaar",
        pl.col("uitsplitsing") != "totaal",
        "indicator_naam",
        pl.col("niveau").cast(pl.Enum(list(NIVEAU.values))),
        "gebied",
        pl.col("periode") != "schooljaar",
        descending=[True, *[False] * 5],
        maintain_order=True,
    )


def _figures(book: Any, readable: pl.DataFrame) -> None:
    sheet = _sheet(book, "Cijfers", [(column.heading, column.width) for column in _FIGURES], readable.height)
    formats = _Formats(book)
    names = readable.columns
    places = [(place, names.index(column.source), _SHOWN[column.shown]) for place, column in enumerate(_FIGURES)]
    status, unit, decimals = (names.index(name) for name in ("waarde_status", "eenheid", "decimalen"))
    texts = [(names.index(column.source), column.width) for column in _FIGURES if column.shown == "text"]
    sheet.print_area(0, 0, readable.height, _ON_PAPER - 1)
    for number, cells in enumerate(readable.iter_rows(), start=1):
        state = _State(cells[status], cells[unit], cells[decimals] or 0)
        sheet.set_row(number, _height((cells[source] or ABSENT, width) for source, width in texts))
        for place, source, show in places:
            show(sheet, number, place, cells[source], state, formats)


@dataclass(frozen=True, slots=True)
class _State:
    """What decides how the numbers of a row are shown."""

    status: str
    unit: str
    decimals: int


class _Formats:
    """One format per way to show a number."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._known: dict[str, Any] = {}
        top = {"valign": "top"}
        self._right = top | {"align": "right", "indent": 1}
        self.text = book.add_format(top | {"text_wrap": True})
        self.word = book.add_format(self._right | {"italic": True, "font_color": "#595959"})
        self.day = book.add_format(top | {"num_format": "[$-413]d mmm yyyy", "align": "left"})

    def number(self, pattern: str) -> Any:
        if pattern not in self._known:
            self._known[pattern] = self._book.add_format(self._right | {"num_format": pattern})
        return self._known[pattern]

    def figure(self, state: _State) -> Any:
        """A share as a percentage: a fraction with three decimals is a percentage with one."""
        percent = state.unit == "aandeel"
        decimals = max(state.decimals - 2, 0) if percent else state.decimals
        return self.number(("0" if percent else "#,##0") + _point(decimals) + ("%" if percent else ""))


def _point(decimals: int) -> str:
    return "." + "0" * decimals if decimals else ""


_Show = Callable[[Any, int, int, Any, _State, _Formats], None]


def _text(sheet: Any, row: int, place: int, cell: Any, _state: _State, formats: _Formats) -> None:
    sheet.write_string(row, place, ABSENT if cell is None else str(cell), formats.text)


def _figure(sheet: Any, row: int, place: int, cell: Any, state: _State, formats: _Formats) -> None:
    if cell is None:
        sheet.write_string(row, place, WAARDE_STATUS.labels[state.status], formats.word)
    else:
        sheet.write_number(row, place, cell, formats.figure(state))


def _bound(sheet: Any, row: int, place: int, cell: Any, state: _State, formats: _Formats) -> None:
    if cell is None:
        _missing(sheet, row, place, state, formats)
    else:
        sheet.write_number(row, place, cell, formats.figure(state))


def _count(sheet: Any, row: int, place: int, cell: Any, state: _State, formats: _Formats) -> None:
    if cell is None:
        _missing(sheet, row, place, state, formats)
    else:
        sheet.write_number(row, place, cell, formats.number("#,##0" if float(cell).is_integer() else "#,##0.00"))


def _missing(sheet: Any, row: int, place: int, state: _State, formats: _Formats) -> None:
    """The word of the row where all its numbers are kept back; else this number does not exist here."""
    word = WAARDE_STATUS.labels[state.status] if state.status in SILENT else ABSENT
    sheet.write_string(row, place, word, formats.word)


def _whole(sheet: Any, row: int, place: int, cell: Any, _state: _State, formats: _Formats) -> None:
    if cell is None:
        sheet.write_string(row, place, ABSENT, formats.word)
    else:
        sheet.write_number(row, place, cell, formats.number("#,##0"))


def _day(sheet: Any, row: int, place: int, cell: Any, _state: _State, formats: _Formats) -> None:
    sheet.write_datetime(row, place, cell, formats.day)


_SHOWN: dict[str, _Show] = {
    "text": _text,
    "figure": _figure,
    "bound": _bound,
    "count": _count,
    "whole": _whole,
    "day": _day,
}


def _plain(book: Any, title: str, frame: pl.DataFrame) -> None:
    """A table as it is in the warehouse, under the names of its columns."""
    longest = frame.select(pl.all().cast(pl.String).str.len_chars().max().fill_null(0)).row(0)
    widths = [
        (name, min(_WIDEST, max(len(name), length) + 3)) for name, length in zip(frame.columns, longest, strict=True)
    ]
    sheet = _sheet(book, title, widths, frame.height)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
    for number, cells in enumerate(frame.iter_rows(), start=1):
        sheet.set_row(number, _height((str(cell), width) for cell, (_, width) in zip(cells, widths, strict=True)))
        for place, cell in enumerate(cells):
            _plain_cell(sheet, number, place, cell, wrapped, day)


def _height(cells: Iterable[tuple[str, int]]) -> int:
    """The height of a row with these texts in columns of these widths: not every program works it out by itself."""
    return _LINE * max(math.ceil(len(text) * 1.05 / width) for text, width in cells)


def _plain_cell(sheet: Any, row: int, place: int, cell: Any, wrapped: Any, day: Any) -> None:
    if isinstance(cell, bool):
        sheet.write_string(row, place, "ja" if cell else "nee", wrapped)
    elif isinstance(cell, int | float):
        sheet.write_number(row, place, cell, wrapped)
    elif isinstance(cell, datetime):
        sheet.write_string(row, place, f"{cell:%Y-%m-%d %H:%M} UTC", wrapped)
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, day)
    else:
        sheet.write_string(row, place, "" if cell is None else cell, wrapped)


def _sheet(book: Any, title: str, headings: Sequence[tuple[str, int]], rows: int) -> Any:
    """A sheet with an empty table: filters, a header that stays in sight and repeats in print."""
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True})
    for place, (_, width) in enumerate(headings):
        sheet.set_column(place, place, width)
    sheet.add_table(
        0,
        0,
        max(rows, 1),
        len(headings) - 1,
        {
            "name": title,
            "style": "Table Style Light 9",
            "columns": [{"header": heading, "header_format": bold} for heading, _ in headings],
        },
    )
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&RPagina &P van &N")
    return sheet


def _in_dutch(book: bytes) -> bytes:
    """The same workbook with its language among the properties, which the library has no place for."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            content = before.read(entry)
            if entry.filename == "docProps/core.xml":
                content = content.replace(_END_OF_CORE, _LANGUAGE + _END_OF_CORE)
            after.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
