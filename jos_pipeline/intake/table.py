"""What the readers share: limits, the reason why a file cannot be read, and the table that comes out.

Put here the types that CSV and XLSX readers have in common. No reading happens here.
"""

import math
import time
from dataclasses import dataclass, replace

import polars as pl

from jos_pipeline.intake.wording import excel_letter


@dataclass(frozen=True)
class Limits:
    """The largest file the monitor takes in. Each bound has a code of its own or shares it with its like."""

    bytes: int = 256 * 1024**2
    """JOS-E004."""
    rows: int = 5_000_000
    """Rows below the header, blank ones included: JOS-E004."""
    columns: int = 256
    """JOS-E068."""
    cell: int = 32_000
    """Characters in one cell: JOS-E069."""
    ratio: int = 200
    """How many times larger an XLSX may be when inflated: JOS-E060, like the next three."""
    inflated: int = 2 * 1024**3
    """Bytes of an XLSX when inflated."""
    parts: int = 5_000
    """Parts in the package of an XLSX."""
    area: int = 40_000_000
    """Rows times columns of the rectangle a worksheet spans: it is held in memory as a whole."""
    seconds: float = 600.0
    """How long one file may hold the gate: JOS-E067. The other bounds keep honest files far below it, so that a
    verdict does not depend on how busy the machine is."""
    until: float = math.inf
    """The moment on the monotonic clock at which time is up; set by ``running``."""

    def running(self) -> "Limits":
        """These limits with the clock started, if it does not run yet."""
        return self if self.until < math.inf else replace(self, until=time.monotonic() + self.seconds)

    def check_time(self) -> None:
        """Between steps and chunks of bounded work. Raises Unreadable E067 when time is up."""
        if time.monotonic() > self.until:
            raise Unreadable("JOS-E067", f" (meer dan {self.seconds:g} seconden)")


DEFAULT_LIMITS = Limits()
MOST_ROWS = 100
"""A note names at most this many rows; its count is always exact."""


class Unreadable(Exception):  # noqa: N818 - the name is part of the interface
    """The file gives no table. ``detail`` completes the message of the finding ``code`` and holds no cell value."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code + detail)
        self.code = code
        self.detail = detail


def too_many_rows(limits: Limits) -> Unreadable:
    return Unreadable("JOS-E004", f" (meer dan {limits.rows} rijen)")


def too_many_columns(limits: Limits) -> Unreadable:
    return Unreadable("JOS-E068", f" (meer dan {limits.columns})")


def too_long_a_cell(limits: Limits) -> Unreadable:
    return Unreadable("JOS-E069", f" (meer dan {limits.cell} tekens)")


@dataclass(frozen=True)
class Note:
    """What the reader mended, left out or cannot decide: a finding code, how often, and where (at most 100 rows)."""

    code: str
    count: int
    rows: tuple[int, ...] = ()
    detail: str = ""


@dataclass(frozen=True)
class RawTable:
    """A delivery as text: headings of the supplier, tidied cells, and the row numbers the supplier sees in Excel."""

    headings: tuple[str, ...]
    cells: pl.DataFrame
    """String columns ``k0``, ``k1``, ... in the order of the headings; empty cells are null."""
    rows: pl.Series
    """UInt32, the row number of each row of ``cells``; the first row of the file is 1."""
    notes: tuple[Note, ...] = ()
    ragged: tuple[int, ...] = ()
    """Row numbers with more or fewer fields than the header; these rows are not in ``cells``."""
    places: tuple[int, ...] = ()
    """The column of the file in which each heading stands; 0 is column A. Empty columns count."""
    header_row: int = 1
    sheet: int | None = None
    """The place of the worksheet in the workbook; None for a CSV."""
    elsewhere: tuple[str, ...] = ()
    """The columns of persons on other worksheets: their letter, a word of our own lists, and the sheet."""

    def letter(self, position: int) -> str:
        """The letter that Excel shows above a column of ``cells``."""
        return excel_letter(self.places[position] if self.places else position)


@dataclass(frozen=True)
class Grid:
    """What a reader found before any mending: everything below the header, as written.

    ``frame`` has a String column per field of the header, short rows filled up with null; ``first_row`` is the row
    number of its first row; ``skipped`` counts the title rows above the header; ``uneven`` is true for each row with
    anything in it that has more or fewer fields than the header. ``first_column`` is the column of the file in which
    the first field stands, ``sheet`` the place of the worksheet in a workbook; ``notes`` are what only this reader
    could see, ``elsewhere`` the columns of persons on other worksheets.
    """

    headings: tuple[str, ...]
    frame: pl.DataFrame
    first_row: int
    skipped: int
    uneven: pl.Series
    notes: tuple[Note, ...] = ()
    first_column: int = 0
    sheet: int | None = None
    elsewhere: tuple[str, ...] = ()


SPACE = r"[\s\x1c-\x1f]"
"""What ``str.split`` calls space, as a pattern for polars."""


def tidied(text: pl.Expr) -> pl.Expr:
    """``schemas.naming.tidy`` for a whole column: every run of space is one plain space, none at the ends."""
    return text.str.replace_all(f"{SPACE}+", " ").str.strip_chars(" ")


def column_names(width: int) -> list[str]:
    """``k0``, ``k1``, ...: the names of columns whose headings may be empty or equal."""
    return [f"k{index}" for index in range(width)]


def frame_of_rows(rows: list[list[str]], width: int) -> pl.DataFrame:
    """Rows of text as String columns; fields beyond ``width`` are cut off, missing ones are null."""
    padding: list[str | None] = [None] * width
    columns = zip(*((row[:width] + padding[len(row) :]) if len(row) != width else row for row in rows), strict=True)
    names = column_names(width)
    series = [pl.Series(name, values, dtype=pl.String) for name, values in zip(names, columns, strict=False)]
    return pl.DataFrame(series or {name: pl.Series([], dtype=pl.String) for name in names})
