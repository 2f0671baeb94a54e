"""Looking inside an XLSX package before anything parses it: is it one, and how large does it really become?

The directory of a zip may lie, so every part is inflated here in pieces, counted and thrown away. On the way the
rectangle a worksheet spans is measured, because the parser holds it in memory as a whole, and cells with an Excel
error (``#N/A``), which the parser leaves out, are kept.
"""

import io
import re
import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from jos_pipeline.intake.table import Limits, Unreadable

_PIECE = 1024**2
_OVERLAP = 16 * 1024
"""No tag or formula of one cell is longer than this, so none is lost between two pieces."""
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\s([^<>]*\bt\s*=\s*["']e["'][^<>]*)>"""
    rb"""(?:<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>(\#[^<]{1,14})</"""
)
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*)>")
_ATTRIBUTE = re.compile(rb"""(?:\w+:)?(\w+)\s*=\s*["']([^"'<>]*)["']""")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")


Errors = dict[tuple[int, int], str]
"""Cells with an Excel error: (row, column) from 0 to the text of the error."""


@dataclass(frozen=True)
class Package:
    """The error cells of each worksheet, in the order of the workbook's sheets."""

    errors: tuple[Errors, ...]


class _Budget:
    """The bytes that may still be inflated."""

    def __init__(self, allowed: int) -> None:
        self._left = allowed

    def spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise Unreadable("JOS-E004", " (uitgepakt veel groter dan het lijkt)")


def inspect(data: bytes, limits: Limits) -> Package:
    """Raises Unreadable: E002 (no XLSX), E003 (broken off), E004 (too large), E005 (locked)."""
    parts = _directory(data)
    if not any(part.filename.lower() == _WORKBOOK for part in parts):
        raise Unreadable("JOS-E002", " (een ingepakt bestand)")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Unreadable("JOS-E005", " (een werkmap met een wachtwoord)")
    allowed = min(limits.inflated, limits.ratio * len(data))
    _Budget(allowed).spend(sum(part.file_size for part in parts))
    budget = _Budget(allowed)
    errors: dict[str, Errors] = {}
    whole: dict[str, bytes] = {}
    for part in parts:
        name = part.filename.lower()
        pieces = _inflated(data, part, budget)
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            errors[name] = _measured(pieces, limits)
        elif name in (_WORKBOOK, _RELATIONS):
            whole[name] = b"".join(pieces)
        else:
            deque(pieces, maxlen=0)
    sheets = _sheet_parts(whole[_WORKBOOK], whole.get(_RELATIONS, b""))
    return Package(tuple(errors.get(name, {}) for name in sheets))


def _directory(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.infolist()
    except Exception:  # noqa: BLE001 - a damaged zip raises many kinds: BadZipFile, struct.error, ValueError, ...
        raise Unreadable("JOS-E003", " (het eind van het Excel-bestand ontbreekt)") from None


def _inflated(data: bytes, part: zipfile.ZipInfo, budget: _Budget) -> Iterator[bytes]:
    """The content of a part in pieces, as long as the stream lasts: the length in the directory is not believed."""
    header = data[part.header_offset : part.header_offset + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or part.header_offset < 0:
        raise _broken()
    start = part.header_offset + _LOCAL_HEADER + sum(struct.unpack("<HH", header[26:30]))
    packed = data[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        budget.spend(len(packed))
        yield packed
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise Unreadable("JOS-E002", " (een ingepakt bestand)")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed and not inflater.eof:
        try:
            piece = inflater.decompress(packed, _PIECE)
        except zlib.error:
            piece = None
        if piece is None:
            raise _broken()
        budget.spend(len(piece))
        yield piece
        packed = inflater.unconsumed_tail


def _broken() -> Unreadable:
    return Unreadable("JOS-E003", " (het Excel-bestand is beschadigd)")


def _measured(pieces: Iterator[bytes], limits: Limits) -> Errors:
    """The error cells of a worksheet; refuses one that spans too large a rectangle."""
    errors: Errors = {}
    columns = rows = 0
    before = b""
    for piece in pieces:
        text = before + piece
        found = _REFERENCE.findall(text)
        columns = max(columns, *(_column_number(letters) for letters in {pair[0] for pair in found}), 0)
        rows = max(rows, *(int(digits) for digits in {pair[1] for pair in found}), 0)
        if columns * rows > limits.area:
            raise Unreadable("JOS-E004", " (het werkblad beslaat te veel rijen en kolommen)")
        if b"<v>#" in text or b":v>#" in text:
            errors.update(_errors_in(text))
        before = text[-_OVERLAP:]
    return errors


def _errors_in(text: bytes) -> Errors:
    found: Errors = {}
    for attributes, message in _ERROR.findall(text):
        reference = _REFERENCE.search(b" " + attributes)
        if reference is not None:
            row, column = int(reference[2]) - 1, _column_number(reference[1]) - 1
            found[row, column] = message.decode("ascii", errors="replace")
    return found


def _column_number(letters: bytes) -> int:
    """``A`` is 1, ``Z`` 26, ``AA`` 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _sheet_parts(workbook: bytes, relations: bytes) -> list[str]:
    """The part in which each sheet of the workbook stands, in order; empty text where that is not said."""
    targets = {
        attributes["Id"]: attributes["Target"]
        for attributes in map(_attributes, _RELATION.findall(relations))
        if "Id" in attributes and "Target" in attributes
    }
    sheets = [_attributes(found) for found in _SHEET.findall(workbook)]
    return [_part_name(targets.get(attributes.get("id", ""), "")) for attributes in sheets]


def _part_name(target: str) -> str:
    return target.lstrip("/").lower() if target.startswith("/") else f"xl/{target}".lower()


def _attributes(tag: bytes) -> dict[str, str]:
    """Attributes without their namespace prefix."""
    return {
        name.decode("ascii", "replace"): value.decode("utf-8", "replace") for name, value in _ATTRIBUTE.findall(tag)
    }
