"""Looking inside an XLSX package before anything parses it: is it one, and how large does it really become?

The directory of a zip may lie, so every part is inflated here in pieces, counted, measured and thrown away.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from jos_pipeline.intake.extent import Extent, extent_of
from jos_pipeline.intake.table import Limits, Unreadable

_PIECE = 1024**2
_SMALL = 4 * 1024**2
"""The list of sheets is never larger than this."""
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
_OTHER_KINDS = {
    "xl/workbook.bin": ("JOS-E066", " (een binaire werkmap, .xlsb)"),
    "content.xml": ("JOS-E066", " (een bestand van LibreOffice of OpenOffice)"),
    "index/document.iwa": ("JOS-E066", " (een bestand van Numbers)"),
    "word/document.xml": ("JOS-E002", " (een tekstdocument)"),
    "ppt/presentation.xml": ("JOS-E002", " (een presentatie)"),
}
"""A part that gives another kind of file away."""
_ENTRY = b"PK\x01\x02"
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*)>")
_ATTRIBUTE = re.compile(rb"""(?<![\w:])(?:\w{1,32}:)?(\w{1,64})\s*=\s*["']([^"'<>]*)["']""")
_FROM_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\s[^<>]*\bdate1904\s*=\s*["'](?:1|true)["']""")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")


@dataclass(frozen=True)
class Package:
    """What was seen of each worksheet, in the order of the workbook's sheets; whether days are counted from 1904."""

    sheets: tuple[Extent, ...]
    from_1904: bool = False


class _Budget:
    """The bytes that may still be inflated."""

    def __init__(self, allowed: int) -> None:
        self.left = allowed

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Unreadable("JOS-E060")


def inspect(data: bytes, limits: Limits) -> Package:
    """Raises Unreadable: E002, E066 (no XLSX), E003 (broken off), E060 (too large), E061 (odd XML), E065 (locked)."""
    if data.count(_ENTRY) > limits.parts:
        raise Unreadable("JOS-E060", " (te veel onderdelen)")
    parts = _directory(data)
    names = {part.filename.lower() for part in parts}
    if _WORKBOOK not in names:
        raise _no_workbook(names)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Unreadable("JOS-E065")
    allowed = min(limits.inflated, limits.ratio * len(data))
    _Budget(allowed).spend(sum(part.file_size for part in parts))
    budget = _Budget(allowed)
    measured = [(part.filename.lower(), extent_of(_whole(data, part, budget), limits)) for part in parts]
    if any(extent.declared > allowed - budget.left for _, extent in measured):
        raise _broken()
    small = {
        part.filename.lower(): b"".join(_inflated(data, part, _Budget(_SMALL)))
        for part in parts
        if part.filename.lower() in (_WORKBOOK, _RELATIONS)
    }
    sheets = _sheet_parts(small[_WORKBOOK], small.get(_RELATIONS, b""))
    extents = dict(measured)
    return Package(
        sheets=tuple(extents.get(name) or Extent() for name in sheets),
        from_1904=_FROM_1904.search(small[_WORKBOOK]) is not None,
    )


def _no_workbook(names: set[str]) -> Unreadable:
    for part, (code, detail) in _OTHER_KINDS.items():
        if part in names:
            return Unreadable(code, detail)
    return Unreadable("JOS-E002", " (een ingepakt bestand)")


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


def _whole(data: bytes, part: zipfile.ZipInfo, budget: _Budget) -> Iterator[bytes]:
    """The pieces of a part; its checksum must be right, or other readers stumble over it later."""
    checksum = 0
    for piece in _inflated(data, part, budget):
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if checksum != part.CRC:
        raise _broken()


def _broken() -> Unreadable:
    return Unreadable("JOS-E003", " (het Excel-bestand is beschadigd)")


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
