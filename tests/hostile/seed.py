"""What a seed is, and the building blocks for files. No seed stands here."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial

import xlsxwriter

from jos_pipeline.intake.table import DEFAULT_LIMITS, Limits
from jos_pipeline.intake.verdict import Outcome
from tests.records import PEILDATUM, Record, name_of, valid_records

BSN = "123456782"
"""Passes the elfproef; nobody has it."""
COUNT = 40
SOORT = "tlv"
XLSX = name_of(SOORT, "xlsx")


@dataclass(frozen=True)
class Seed:
    """A file and its verdict. ``codes`` are all findings but passes, exactly; ``rows`` the rows of some of them."""

    name: str
    build: Callable[[], bytes]
    outcome: Outcome
    codes: frozenset[str]
    file_name: str = name_of(SOORT)
    rows: dict[str, tuple[int, ...]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    height: int | None = None
    """Rows that are accepted, where that is not said by the outcome."""
    supplier: str | None = None
    modified: date = PEILDATUM
    limits: Limits = DEFAULT_LIMITS


def _seed(outcome: Outcome, name: str, build: Callable[[], bytes] | bytes | str, *codes: str, **more) -> Seed:
    content = build.encode() if isinstance(build, str) else build
    maker = content if callable(content) else lambda: content
    return Seed(name, maker, outcome, frozenset(f"JOS-{code}" for code in codes), **more)


ok = partial(_seed, Outcome.GEACCEPTEERD)
some = partial(_seed, Outcome.MET_AFKEUR)
no = partial(_seed, Outcome.AFGEKEURD)


def coded(**values) -> dict:
    """``S004=(2,)`` as ``{"JOS-S004": (2,)}``."""
    return {f"JOS-{code}": value for code, value in values.items()}


def records(soort: str = SOORT, count: int = COUNT, **cells: str) -> list[Record]:
    """Valid records; ``cells`` change the first one, which stands in row 2."""
    made = [dict(record) for record in _valid(soort, count)]
    made[0] |= cells
    return made


@cache
def _valid(soort: str, count: int) -> list[Record]:
    return valid_records(soort, count)


def as_text(
    rows: list[Record], sep: str = ";", end: str = "\r\n", headings: Iterable[str] | None = None, quoting: int = 0
) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=sep, lineterminator=end, quoting=quoting)
    writer.writerow(headings or list(rows[0]))
    writer.writerows([record[name] for name in rows[0]] for record in rows)
    return text.getvalue()


def table(encoding: str = "utf-8", *, soort: str = SOORT, **layout) -> Callable[[], bytes]:
    """A valid delivery in some layout."""
    return lambda: as_text(records(soort), **layout).encode(encoding)


def with_cells(soort: str = SOORT, **cells: str) -> Callable[[], bytes]:
    """A delivery of which the first record has other cells."""
    return lambda: as_text(records(soort, **cells)).encode()


def with_column(heading: str, cell: str = "", soort: str = SOORT) -> Callable[[], bytes]:
    """A delivery with a column more, filled in the first record only."""
    made = [{**record, heading: cell if number == 0 else ""} for number, record in enumerate(records(soort))]
    return lambda: as_text(made).encode()


def renamed(old: str, new: str, soort: str = SOORT) -> Callable[[], bytes]:
    """A delivery in which one heading is written in another way."""
    names = [new if name == old else name for name in records(soort)[0]]
    return lambda: as_text(records(soort), headings=names).encode()


def edited(change: Callable[[str], str], encoding: str = "utf-8") -> Callable[[], bytes]:
    """A delivery as text, changed."""
    return lambda: change(as_text(records())).encode(encoding)


Page = Callable[[xlsxwriter.Workbook], None]


def book(*pages: Page, **options) -> Callable[[], bytes]:
    """A workbook made by functions that each add something to it."""

    def build() -> bytes:
        target = io.BytesIO()
        with xlsxwriter.Workbook(target, {"in_memory": True, **options}) as workbook:
            for page in pages:
                page(workbook)
        return target.getvalue()

    return build


def sheet(name: str = "Blad1", soort: str = SOORT, first: tuple[int, int] = (0, 0), **cells: str) -> Page:
    """A worksheet with a valid delivery as text cells."""

    def add(workbook: xlsxwriter.Workbook) -> None:
        made = records(soort, **cells)
        page = workbook.add_worksheet(name)
        for number, row in enumerate([list(made[0]), *(list(one.values()) for one in made)]):
            for place, cell in enumerate(row):
                page.write_string(first[0] + number, first[1] + place, cell)

    return add


def on_first(change: Callable[[xlsxwriter.worksheet.Worksheet], object]) -> Page:
    """Something done to the first worksheet."""
    return lambda workbook: change(workbook.worksheets()[0])


def note_sheet(cell: object, *, hidden: str = "") -> Page:
    """A second worksheet with one cell."""

    def add(workbook: xlsxwriter.Workbook) -> None:
        page = workbook.add_worksheet("kladblok")
        page.write(10, 2, cell)
        if hidden:
            getattr(page, hidden)()

    return add


def repacked(
    build: Callable[[], bytes], change: Callable[[str, bytes], bytes], added: dict[str, bytes] | None = None
) -> Callable[[], bytes]:
    """A workbook with its parts changed by ``change(name, content)``, and with parts added."""

    def again() -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(build())) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.infolist():
                new.writestr(part.filename, change(part.filename, old.read(part)))
            for name, content in (added or {}).items():
                new.writestr(name, content)
        return target.getvalue()

    return again


def in_part(end_of_name: str, old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    """A change of one part: the first occurrence of some bytes."""
    return lambda name, content: content.replace(old, new, 1) if name.endswith(end_of_name) else content


def package(parts: dict[str, bytes]) -> Callable[[], bytes]:
    """A zip file with these parts."""

    def build() -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return target.getvalue()

    return build
