"""How much memory a parser will ask for one part of a workbook, and which cells hold an Excel error.

A worksheet becomes a rectangle in memory, from the first to the last cell it names; a list of texts is reserved for
the number it declares. Both are a few bytes to write and terabytes to hold, and a failing reservation ends the whole
process. So the text of every part is searched here first, without parsing it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from jos_pipeline.intake.table import Limits, Unreadable

Errors = dict[tuple[int, int], str]
"""Cells with an Excel error, which the parser leaves out: (row, column) from 0 to the text of the error."""

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
_ERROR = re.compile(
    rb"""<(?:\w+:)?c(\s[^<>]*\bt\s*=\s*["']e["'][^<>]*)>"""
    rb"""(?:<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>(\#[^<]{1,14})</"""
)


@dataclass
class Extent:
    """What a part declares or spans; grows while the pieces of the part come by."""

    columns: int = 0
    rows: int = 0
    declared: int = 0
    errors: Errors = field(default_factory=dict)
    _cells_in_row: int = 0

    def add(self, text: bytes, limits: Limits) -> None:
        """Takes in a piece that ends with a complete tag. Raises Unreadable E004 when the rectangle is too large."""
        found = set(_REFERENCE.findall(text))
        self.columns = max(self.columns, *(_column_number(letters) for letters in {pair[0] for pair in found}), 0)
        self.rows = max(self.rows, *(_number(digits) for digits in {pair[1] for pair in found}), 0)
        self.declared = max(self.declared, *(_number(digits) for digits in set(_COUNT.findall(text))), 0)
        self._add_unnamed(text)
        if self.columns * self.rows > limits.area:
            raise Unreadable("JOS-E004", " (het werkblad beslaat te veel rijen en kolommen)")
        if b"v>#" in text:
            self.errors.update(_errors_in(text))

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
    """The extent of a part that comes in pieces. Raises Unreadable E004 as soon as it is too large."""
    extent = Extent()
    rest = b""
    for piece in pieces:
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
        raise Unreadable("JOS-E004", " (een cel is te lang)")
    return len(text)


def _errors_in(text: bytes) -> Errors:
    found: Errors = {}
    for attributes, message in _ERROR.findall(text):
        reference = _REFERENCE.search(attributes)
        if reference is not None and reference[1]:
            row, column = _number(reference[2]) - 1, _column_number(reference[1]) - 1
            found[row, column] = message.decode("ascii", errors="replace")
    return found


def _column_number(letters: bytes) -> int:
    """``A`` is 1, ``Z`` 26, ``AA`` 27; empty is 0. Only the first letters count of what is far too long."""
    number = 0
    for letter in letters[:_MOST_DIGITS].upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _number(digits: bytes) -> int:
    """A number as written; far too long ones are cut off, which leaves them far too large."""
    return int(digits.lstrip(b"0")[:_MOST_DIGITS] or b"0")
