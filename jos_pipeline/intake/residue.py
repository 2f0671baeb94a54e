"""Numbers of persons in what is in a file but not in its table: titles, totals, uneven rows, other sheets.

The table itself is ``personal``'s. Only how many is answered, never what or where.
"""

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import IO

import polars as pl

from jos_pipeline.intake.decoding import FileKind, decode, kind_of
from jos_pipeline.intake.personal import bsn_mask
from jos_pipeline.intake.table import RawTable
from jos_pipeline.pseudonym import elfproef

_NUMBER = rb"\d{9}|\d{4}[. ]\d{2}[. ]\d{3}|\d{3}[. ]\d{3}[. ]\d{3}"
_IN_TEXT = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=bsn)|(?<=pgn)|(?<=nr))(?<![0-9][.,])"
    r"(?:[0-9]{9}|[0-9]{4}[. -][0-9]{2}[. -][0-9]{3}|[0-9]{3}[. -][0-9]{3}[. -][0-9]{3})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_ELEMENT_TEXT = re.compile(rb">([^<>]*(?:" + _NUMBER + rb")[^<>]*)<")
_SHEETS = re.compile(r"xl/(?:sharedStrings|worksheets/[^/]+)\.xml", re.IGNORECASE)
_CHUNK = 1024**2
_LEFT_OUT = frozenset({"JOS-S002", "JOS-S003"})
"""Notes of the reader on rows that hold something but are not in the table: totals and titles."""


def bsn_outside_table(data: bytes, table: RawTable) -> int:
    """How many numbers that can be a BSN stand in the file, if anything of it is not in the table; else 0.

    ``data`` is a file that ``read_table`` could read.
    """
    if kind_of(data) is FileKind.ZIP:
        return _in_workbook(data)
    if not table.ragged and not any(note.code in _LEFT_OUT for note in table.notes):
        return 0
    text = decode(data).utf8.decode("utf-8")
    plain = text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return sum(elfproef(re.sub(r"\D", "", hit.group())) for hit in _IN_TEXT.finditer(plain))


def _in_workbook(data: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [name for name in package.namelist() if _SHEETS.fullmatch(name)]
        return sum(_in_part(package, name) for name in names)


def _in_part(package: zipfile.ZipFile, name: str) -> int:
    with package.open(name) as part:
        return sum(int(bsn_mask(pl.Series(texts, dtype=pl.String)).sum()) for texts in _texts(part))


def _texts(part: IO[bytes]) -> Iterator[list[str]]:
    """The texts of elements that may hold a number, read in pieces: a sheet can be far larger than its file."""
    rest = b""
    while piece := part.read(_CHUNK):
        block = rest + piece
        end = block.rfind(b"<") + 1
        found = [hit.group(1).decode("utf-8", errors="replace") for hit in _ELEMENT_TEXT.finditer(block, 0, end)]
        if found:
            yield found
        rest = block[max(end - 1, 0) :][-_CHUNK:]
