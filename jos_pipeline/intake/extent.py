"""What a parser would not tell of a part of a workbook: how much memory it takes, its Excel errors and formulas.

A worksheet becomes a rectangle in memory, from the first to the last cell it names; a list of texts is reserved for
the number it declares. Both are a few bytes to write and terabytes to hold, and a failing reservation ends the whole
process. So the text of every part is searched here first, without parsing it; every pattern here takes time in
proportion to the text, whatever the text.
"""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from jos_pipeline.intake.table import Limits, Unreadable

Errors = dict[tuple[int, int], str]
"""Cells with an Excel error, which the parser leaves out: (row, column) from 0 to the text of the error."""

NOWHERE = 2**31
"""The row and column of a cell that does not say where it stands."""
_NO_PLACE = (NOWHERE, NOWHERE)
_LONGEST = 1024**2
"""A cell with its formula and text is shorter."""
_USUAL = 4 * 1024
_MOST_DIGITS = 12
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")
_COUNT = re.compile(rb"""\s(?:count|uniqueCount)\s*=\s*["']([0-9]+)["']""")
_NAMED = re.compile(rb"""<(?:\w+:)?(?:row|c)\s(?:[^<>]*?\s)?r\s*=\s*["'][A-Za-z]*[0-9]+["']""")
_ODD = re.compile(rb"""<(?:\w+:)?(?:row|c)(?=[\s/>])(?! r=["'][A-Za-z]*[0-9]+["'])""")
"""A row or cell that does not begin with its reference, as nearly all do: a quick way to pass over those."""
_TAG = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])")
_CELL = rb"""<(?:\w+:)?c(\s[^<>]*)?>\s*"""
_F = rb"""<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
_ERROR = re.compile(_CELL + rb"(?:" + _F + rb""")?<(?:\w+:)?v>(\#[^<]{1,14})</""")
_FORMULA = re.compile(_CELL + _F + rb"""(?:<(?:\w+:)?(v|is)(?:\s[^<>]*)?(?:/>|>([^<]?)))?""")
_OF_TYPE = {
    "error": re.compile(rb"""\st\s*=\s*["']e["']"""),
    "text": re.compile(rb"""\st\s*=\s*["']str["']"""),
}
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_NOT_UTF8 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


@dataclass
class Places:
    """Cells of a worksheet, (row, column) from 0; a cell without a reference is at the end of the world."""

    rows: "array[int]" = field(default_factory=lambda: array("L"))
    columns: "array[int]" = field(default_factory=lambda: array("L"))

    def add(self, row: int, column: int) -> None:
        self.rows.append(row)
        self.columns.append(column)


@dataclass
class Extent:
    """What a part declares or spans, and its errors and formulas; grows while the pieces of the part come by.

    ``outcomes`` are the formulas whose outcome is in the file and not empty, ``bare`` those without one.
    """

    columns: int = 0
    rows: int = 0
    declared: int = 0
    errors: Errors = field(default_factory=dict)
    outcomes: Places = field(default_factory=Places)
    bare: Places = field(default_factory=Places)
    _cells_in_row: int = 0

    def add(self, text: bytes, limits: Limits) -> None:
        """Takes in a piece that ends with a complete tag. Raises Unreadable E060 (too large) or E061 (a DTD)."""
        if _FORBIDDEN.search(text):
            raise Unreadable("JOS-E061", " (een DTD of ENTITY)")
        found = set(_REFERENCE.findall(text))
        self.columns = max(self.columns, *(_column_number(letters) for letters in {pair[0] for pair in found}), 0)
        self.rows = max(self.rows, *(_number(digits) for digits in {pair[1] for pair in found}), 0)
        self.declared = max(self.declared, *(_number(digits) for digits in set(_COUNT.findall(text))), 0)
        self._add_unnamed(text)
        if self.columns * self.rows > limits.area:
            raise Unreadable("JOS-E060", " (het werkblad beslaat te veel rijen en kolommen)")
        if b"v>#" in text:
            self.errors.update(_errors_in(text))
        if b"<f" in text or b":f" in text:
            self._add_formulas(text)

    def _add_formulas(self, text: bytes) -> None:
        for attributes, tag, first in _FORMULA.findall(text):
            if first or tag == b"is":
                self.outcomes.add(*_place_of(attributes))
            elif not (tag and _OF_TYPE["text"].search(attributes)):
                self.bare.add(*_place_of(attributes))

    def _add_unnamed(self, text: bytes) -> None:
        """Rows and cells may come without a reference; then they follow the one before."""
        if _ODD.search(text) is None:
            return
        tags = _TAG.findall(text)
        if len(tags) == len(_NAMED.findall(text)):
            return
        self.rows += tags.count(b"row")
        for tag in tags:
            self._cells_in_row = 0 if tag == b"row" else self._cells_in_row + 1
            self.columns = max(self.columns, self._cells_in_row)


def extent_of(pieces: Iterable[bytes], limits: Limits) -> Extent:
    """The extent of a part that comes in pieces. Raises Unreadable: E060, E061, E067 or E069."""
    extent = Extent()
    rest = b""
    for number, piece in enumerate(pieces):
        limits.check_time()
        if number == 0 and piece.startswith(_NOT_UTF8):
            raise Unreadable("JOS-E061", " (een andere tekencodering dan UTF-8)")
        text = rest + piece
        cut = _last_start(text)
        extent.add(text[:cut], limits)
        rest = text[cut:]
    extent.add(rest, limits)
    return extent


def _last_start(text: bytes) -> int:
    """Where to cut so that no cell is divided: before the last cell that may not be complete, else the last tag."""
    near = max(0, len(text) - _LONGEST)
    for start in (max(near, len(text) - _USUAL), near):
        starts = [match.start() for match in _TAG.finditer(text, start)]
        if starts:
            return starts[-1]
    last = text.rfind(b"<")
    if last >= near:
        return last
    if last >= 0 and _TAG.match(text, last):
        raise Unreadable("JOS-E069")
    return len(text)


def _errors_in(text: bytes) -> Errors:
    found: Errors = {}
    for attributes, message in _ERROR.findall(text):
        if _OF_TYPE["error"].search(attributes):
            found[_place_of(attributes)] = message.decode("ascii", errors="replace")
    found.pop(_NO_PLACE, None)
    return found


def _place_of(attributes: bytes) -> tuple[int, int]:
    """The row and column of a cell, from 0; nowhere when its tag does not say, or says what cannot be."""
    reference = _REFERENCE.search(attributes)
    if reference is None or not reference[1]:
        return _NO_PLACE
    row, column = _number(reference[2]) - 1, _column_number(reference[1]) - 1
    return (row, column) if 0 <= row < NOWHERE and column < NOWHERE else _NO_PLACE


def _column_number(letters: bytes) -> int:
    """``A`` is 1, ``Z`` 26, ``AA`` 27; empty is 0. Only the first letters count of what is far too long."""
    number = 0
    for letter in letters[:_MOST_DIGITS].upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _number(digits: bytes) -> int:
    """A number as written; far too long ones are cut off, which leaves them far too large."""
    return int(digits.lstrip(b"0")[:_MOST_DIGITS] or b"0")
