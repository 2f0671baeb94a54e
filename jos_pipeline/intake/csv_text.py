"""Reading CSV: separator, line ends, quotes (spec 1.2).

A file without quotes is split by polars (no Python object per cell); any other by the standard library in strict
mode. Both give the same grid, which a property test proves. Put here what is peculiar to CSV; decoding comes before
it, mending after it.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import polars as pl

from jos_pipeline.intake.header import REGION, Header, find_header
from jos_pipeline.intake.table import (
    Grid,
    Limits,
    Note,
    Unreadable,
    column_names,
    frame_of_rows,
    too_long_a_cell,
    too_many_columns,
    too_many_rows,
)
from schemas.naming import tidy

SEPARATORS = (";", ",", "\t", "|")
_HEAD = 4 * 1024**2
"""Bytes in which the header must stand; more would let one endless line fill the memory."""
_CHUNK = 50_000
_SEP_LINE = re.compile(rb'\A"?sep=.{1,3}"?[ ;,\t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
"""Excel's own first line that names the separator."""
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class _Layout:
    separator: str
    header: Header


def read_csv(utf8: bytes, known_headings: frozenset[str], limits: Limits) -> Grid:
    """The grid below the header. Raises Unreadable: E001, E002, E003, E004, E007, E067, E068 or E069."""
    sep_line = _SEP_LINE.match(utf8)
    body = utf8[sep_line.end() :] if sep_line else utf8
    layout = _layout(body, known_headings, limits)
    if len(layout.header.fields) > limits.columns:
        raise too_many_columns(limits)
    if any(len(field) > limits.cell for field in layout.header.fields):
        raise too_long_a_cell(limits)
    read = read_quoted if b'"' in body else read_plain
    frame, uneven = read(body, layout.separator, layout.header, limits)
    first_row = layout.header.index + 2 + bool(sep_line)
    return Grid(
        headings=tuple(tidy(field) for field in layout.header.fields),
        frame=frame,
        first_row=first_row,
        skipped=layout.header.index,
        uneven=uneven,
        notes=_end_note(body, first_row + frame.height - 1),
    )


def _end_note(body: bytes, last_row: int) -> tuple[Note, ...]:
    """S023 for a last line without line end: a value cut off there would otherwise be a shorter value, in silence.

    The header above it did end, so the file knows line ends. Some programs leave the last one out; most do not.
    """
    return () if body.endswith((b"\n", b"\r")) else (Note("JOS-S023", 1, (last_row,), str(last_row)),)


def all_records(utf8: bytes, known_headings: frozenset[str], limits: Limits) -> Iterator[list[str]]:
    """Every record of a text that ``read_csv`` can read, titles and blank lines too, as many as its rows count."""
    sep_line = _SEP_LINE.match(utf8)
    body = utf8[sep_line.end() :] if sep_line else utf8
    if sep_line:
        yield [sep_line.group().decode("ascii", errors="replace").strip()]
    yield from _records(body.decode("utf-8"), _layout(body, known_headings, limits).separator, limits)


def _layout(body: bytes, known_headings: frozenset[str], limits: Limits) -> _Layout:
    """The separator under which most headings are known; of equals the one that gives most fields."""
    head = body[:_HEAD].decode("utf-8", errors="ignore")
    is_cut = len(body) > _HEAD
    layouts = []
    failures = []
    complete = 0
    for separator in SEPARATORS:
        rows, failure = _first_records(head, separator, limits)
        if failure is not None:
            failures.append(failure)
        elif is_cut and len(rows) < REGION:
            del rows[-1:]
        complete = max(complete, len(rows))
        header = find_header(rows, known_headings)
        if header is not None:
            layouts.append(_Layout(separator, header))
    if layouts:
        return max(layouts, key=lambda layout: (layout.header.known, len(layout.header.fields)))
    if not head.strip():
        raise Unreadable("JOS-E001")
    if is_cut and complete < REGION:
        raise Unreadable("JOS-E069", " (een regel bij de kolomnamen)")
    if len(failures) == len(SEPARATORS):
        raise failures[0]
    raise Unreadable("JOS-E007")


def _first_records(head: str, separator: str, limits: Limits) -> tuple[list[list[str]], Unreadable | None]:
    rows: list[list[str]] = []
    try:
        for row in islice(_records(head, separator, limits), REGION):
            rows.append(row)  # noqa: PERF402 - the rows before a failure count
    except Unreadable as failure:
        return rows, failure
    return rows, None


def _records(text: str, separator: str, limits: Limits) -> Iterator[list[str]]:
    """The records of a text; a blank line is a record without fields."""
    _allow_cells_of(limits.cell)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True)
    number = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = str(error)
        else:
            number += 1
            yield row
            continue
        raise _quote_problem(reason, number + 1)


def _allow_cells_of(characters: int) -> None:
    """The only place that touches the process-wide limit of the csv module; it is never lowered."""
    if csv.field_size_limit() < characters:
        csv.field_size_limit(characters)


def _quote_problem(reason: str, number: int) -> Unreadable:
    if "unexpected end of data" in reason:
        return Unreadable("JOS-E003", " (een aanhalingsteken wordt niet gesloten)")
    if "field larger" in reason:
        return Unreadable("JOS-E069", f" (na rij {number - 1}; mist er een aanhalingsteken?)")
    return Unreadable("JOS-E002", f" (een aanhalingsteken op een onverwachte plaats, rij {number})")


def read_quoted(body: bytes, separator: str, header: Header, limits: Limits) -> tuple[pl.DataFrame, pl.Series]:
    """Rows below the header, and which are uneven, by the standard library: for text with quotes."""
    records = islice(_records(body.decode("utf-8"), separator, limits), header.index + 1, None)
    width = len(header.fields)
    frames = [frame_of_rows([], width)]
    uneven: list[bool] = []
    for rows in _chunks(records):
        limits.check_time()
        if len(uneven) + len(rows) > limits.rows:
            raise too_many_rows(limits)
        frames.append(frame_of_rows(rows, width))
        uneven.extend(_is_uneven(row, header.needed, width) for row in rows)
    return pl.concat(frames), pl.Series(uneven, dtype=pl.Boolean)


def _chunks(records: Iterable[list[str]]) -> Iterator[list[list[str]]]:
    iterator = iter(records)
    while rows := list(islice(iterator, _CHUNK)):
        yield rows


def _is_uneven(row: list[str], needed: int, width: int) -> bool:
    checked = row if len(row) < needed else row[width:]
    return any(cell and not cell.isspace() for cell in checked)


def read_plain(body: bytes, separator: str, header: Header, limits: Limits) -> tuple[pl.DataFrame, pl.Series]:
    """Rows below the header, and which are uneven, by polars: for text without any quote."""
    rest = _below(body, header.index + 1)
    if b"\r" in rest:
        rest = rest.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    rest = rest.rstrip(b"\n")
    width = len(header.fields)
    if not rest:
        return frame_of_rows([], width), pl.Series([], dtype=pl.Boolean)
    if rest.count(b"\n") >= limits.rows:
        raise too_many_rows(limits)
    names = column_names(width)
    line = pl.col("line")
    something = rf"[^\s\x1c-\x1f\x{ord(separator):02x}]"
    short = line.str.count_matches(separator, literal=True) + 1 < header.needed
    split = (
        # behind a line of its own: polars takes what begins with x^ or x and 0x01 for something to inflate
        pl.scan_lines(b"\n" + rest, name="line")
        .slice(1)
        .select(
            (short & line.str.contains(something)).alias("short"),
            line.str.splitn(separator, width + 1).struct.rename_fields([*names, "beyond"]).alias("cells"),
        )
        .unnest("cells")
        .select(*names, uneven=pl.col("short") | pl.col("beyond").fill_null("").str.contains(something))
        .collect()
    )
    return split.drop("uneven"), split["uneven"]


def _below(body: bytes, lines: int) -> bytes:
    """What comes after the first lines."""
    end = 0
    for match in islice(_LINE_END.finditer(body), lines):
        end = match.end()
        lines -= 1
    return body[end:] if lines == 0 else b""
