"""From bytes to text: what kind of file it is, and in which encoding it is written (spec 1.2).

Order: byte order mark, strict UTF-8, Windows-1252. Never a guess by statistics: that calls Dutch text Korean.
"""

import codecs
import re
from dataclasses import dataclass
from enum import Enum, auto

from jos_pipeline.intake.table import Unreadable


class FileKind(Enum):
    """What the first bytes say, whatever the name of the file."""

    TEXT = auto()
    ZIP = auto()


_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = (b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")
"""Excel files of before 1997, without the container around it."""
_OTHER = {
    b"%PDF-": "een pdf",
    b"\x89PNG": "een afbeelding",
    b"\xff\xd8\xff": "een afbeelding",
    b"GIF8": "een afbeelding",
    b"\x7fELF": "een programma",
    b"\x1f\x8b": "een ingepakt bestand",
    b"7z\xbc\xaf\x27\x1c": "een ingepakt bestand",
    b"Rar!\x1a\x07": "een ingepakt bestand",
    b"BZh9": "een ingepakt bestand",
    b"\xfd7zXZ\x00": "een ingepakt bestand",
    b"\x28\xb5\x2f\xfd": "een ingepakt bestand",
    b"PAR1": "een Parquet-bestand",
    b"SQLite format 3\x00": "een database",
    b"{\\rtf": "een tekstdocument",
    b"<?xml": "een XML-bestand",
    b"<!doctype": "een webpagina",
    b"<html": "een webpagina",
    b"<table": "een webpagina",
    b"mime-version:": "een webpagina",
}
_CUT_LETTER = re.compile(rb"(?:[\xc2\xc3]|\xe2[\x80-\x82])\Z")
"""The first half of a letter with an accent, a euro sign or a curly quote in UTF-8, at the very end."""
_HALF_UTF8 = re.compile(rb"[\xc2\xc3][\x80-\xbf]")
"""Letters with an accent in UTF-8. In Windows-1252 they would read as a capital A with a tilde or circumflex and a
sign after it, which no Dutch word has: a file with both encodings is damaged."""


@dataclass(frozen=True)
class Decoded:
    """The text as UTF-8 bytes, without byte order mark, and whether it came as Windows-1252."""

    utf8: bytes
    from_cp1252: bool = False


def kind_of(data: bytes) -> FileKind:
    """Judges by content only. Raises Unreadable: E002 for files that are no table, E005 for .xls, E065 if locked."""
    if data.startswith((_ZIP, *_EMPTY_ZIP)) or data in (b"PK", b"PK\x03"):
        return FileKind.ZIP
    if data.startswith((_OLE[:4], *_BIFF)):
        raise _old_office(data)
    start = data[:64].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    for magic, name in _OTHER.items():
        if data.startswith(magic) or (magic[:1] in b"<m" and start.startswith(magic)):
            raise Unreadable("JOS-E002", f" ({name})")
    return FileKind.TEXT


def _old_office(data: bytes) -> Unreadable:
    """What a container of old Office holds: its directory names the streams in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Unreadable("JOS-E065")
    if "WordDocument".encode("utf-16-le") in data:
        return Unreadable("JOS-E002", " (een tekstdocument)")
    return Unreadable("JOS-E005")


def decode(data: bytes) -> Decoded:
    """The text of a CSV file.

    Raises Unreadable: E003 when it stops in the middle of a character, E006 when bytes fit no encoding or when two
    encodings are mixed, E062 when it holds NUL characters.
    """
    decoded = _by_mark(data) or _without_mark(data)
    if b"\0" in decoded.utf8:
        raise Unreadable("JOS-E062")
    return decoded


def _by_mark(data: bytes) -> Decoded | None:
    if data.startswith(codecs.BOM_UTF8):
        body = data[len(codecs.BOM_UTF8) :]
        _raise_for(_problem(body, "utf-8"))
        return Decoded(body)
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            body = data[len(mark) :]
            _raise_for(_problem(body, encoding))
            return Decoded(body.decode(encoding).encode("utf-8"))
    return None


def _without_mark(data: bytes) -> Decoded:
    problem = _problem(data, "utf-8")
    if problem is None:
        return Decoded(data)
    mixed = _HALF_UTF8.search(data) is not None
    if problem.at_end and (mixed or _CUT_LETTER.search(data, len(data) - 2)):
        _raise_for(problem)
    if mixed:
        raise Unreadable("JOS-E006", " (twee tekencoderingen door elkaar)")
    if _problem(data, "cp1252") is not None:
        raise Unreadable("JOS-E006", " (bytes die bij geen tekencodering passen)")
    return Decoded(data.decode("cp1252").encode("utf-8"), from_cp1252=True)


@dataclass(frozen=True)
class _Problem:
    at_end: bool


def _problem(data: bytes, encoding: str) -> _Problem | None:
    """Why the bytes do not decode; the exception itself holds the whole file, so it is not let out."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return _Problem(at_end=error.reason in ("unexpected end of data", "truncated data"))
    return None


def _raise_for(problem: _Problem | None) -> None:
    if problem is None:
        return
    if problem.at_end:
        raise Unreadable("JOS-E003", " (midden in een letter)")
    raise Unreadable("JOS-E006", " (bytes die niet bij de tekencodering passen)")
