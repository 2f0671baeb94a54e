"""Numbers of persons in what is in a file but not in its table: titles, totals, uneven rows, other sheets, comments.

The table itself is ``personal``'s. Only how many is answered, never what or where. Every search here takes time in
proportion to the text, whatever the text.
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
from jos_pipeline.intake.table import Limits, RawTable, Unreadable
from jos_pipeline.pseudonym import elfproef

_IN_TEXT = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=bsn)|(?<=pgn)|(?<=nr))(?<![0-9][.,])"
    r"(?:[0-9]{9}|[0-9]{4}[. -][0-9]{2}[. -][0-9]{3}|[0-9]{3}[. -][0-9]{3}[. -][0-9]{3})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_NUMBER = re.compile(rb"[0-9]{3}(?:[0-9]{6}|[0-9][. -][0-9]{2}[. -][0-9]{3}|[. -][0-9]{3}[. -][0-9]{3})")
_PARTS = re.compile(r"(?:xl|docprops)/(?!styles\.xml|theme/).+\.xml", re.IGNORECASE)
"""Every part that can hold what someone typed: texts, sheets, comments, text boxes, charts, titles."""
_IN_ATTRIBUTES = re.compile(r"xl/(?:workbook|pivotcache/.+)\.xml", re.IGNORECASE)
"""Parts that hold it in attributes: names of sheets, and the copy of the data behind a pivot table."""
_QUOTED = re.compile(rb"""\b(?:name|v)="([^"<>]{9,80})\"""")
_CHUNK = 1024**2
_LEFT_OUT = frozenset({"JOS-S002", "JOS-S003"})
"""Notes of the reader on rows that hold something but are not in the table: totals and titles."""


def bsn_outside_table(data: bytes, table: RawTable, limits: Limits) -> int:
    """How many numbers that can be a BSN stand in the file, if anything of it is not in the table; else 0.

    ``data`` is a file that ``read_table`` could read. Raises Unreadable E067 when time is up.
    """
    if kind_of(data) is FileKind.ZIP:
        return _in_workbook(data, limits)
    if not table.ragged and not any(note.code in _LEFT_OUT for note in table.notes):
        return 0
    text = decode(data).utf8.decode("utf-8")
    plain = text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return sum(elfproef(re.sub(r"\D", "", hit.group())) for hit in _IN_TEXT.finditer(plain))


def _in_workbook(data: bytes, limits: Limits) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = [name for name in package.namelist() if _PARTS.fullmatch(name)]
            return sum(_in_part(package, name, limits) for name in names)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - a damaged zip raises many kinds; a part nobody can look into is not taken in
        problem = Unreadable("JOS-E003", " (het Excel-bestand is beschadigd)")
    raise problem from None


def _in_part(package: zipfile.ZipFile, name: str, limits: Limits) -> int:
    in_attributes = _IN_ATTRIBUTES.fullmatch(name) is not None
    count = 0
    with package.open(name) as part:
        for block in _blocks(part):
            limits.check_time()
            texts = [*_texts(block), *(_QUOTED.findall(block) if in_attributes else ())]
            if texts:
                cells = [text.decode("utf-8", errors="replace") for text in texts]
                count += int(bsn_mask(pl.Series(cells, dtype=pl.String)).sum())
    return count


def _blocks(part: IO[bytes]) -> Iterator[bytes]:
    """The part in pieces that begin and end with a tag: a sheet can be far larger than its file."""
    rest = b""
    while piece := part.read(_CHUNK):
        block = rest + piece
        end = block.rfind(b"<") + 1
        yield block[:end]
        rest = block[max(end - 1, 0) :][-_CHUNK:]


def _texts(block: bytes) -> Iterator[bytes]:
    """The texts between tags that may hold a number, each once."""
    position = 0
    while (hit := _NUMBER.search(block, position)) is not None:
        opened = block.rfind(b">", position, hit.start())
        is_text = opened >= 0 and block.rfind(b"<", opened, hit.start()) < 0
        end = block.find(b"<" if is_text else b">", hit.end())
        if end < 0:
            return
        if is_text:
            yield block[opened + 1 : end]
        position = end
