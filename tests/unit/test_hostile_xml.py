"""Searching the parts of a workbook takes time in proportion to their size, whatever stands in them."""

import time
from contextlib import suppress

import pytest

from jos_pipeline.intake.extent import NOWHERE, extent_of
from jos_pipeline.intake.package import _sheet_parts
from jos_pipeline.intake.residue import _texts
from jos_pipeline.intake.table import Limits, Unreadable

SIZE = 1_000_000
PATTERNS = {
    "errors without end": b"<c" + b' t="e"' * (SIZE // 6) + b"<v>#",
    "references without value": b"<c" + b" r" * (SIZE // 2) + b"<",
    "ends of tags": b">" * SIZE + b"<f ",
    "starts of tags": b"<" * SIZE,
    "cells without end": b"<c >" * (SIZE // 4) + b"<f",
    "formulas without end": b"<c ><f>" * (SIZE // 7),
    "space after a formula": b"<c><f/>" + b" " * SIZE,
    "one long word": b"<sheet " + b"a" * SIZE + b">",
    "one long prefix": b"<sheet " + b"a:" * (SIZE // 2) + b">",
    "numbers in a text": b">" + b"111111111 " * (SIZE // 10) + b"<",
    "numbers in a tag": b"<a " + b"111111111 " * (SIZE // 10) + b">",
    "numbers and ends of tags": b">111111111" * (SIZE // 10) + b"<",
    "names without end": b' name="' * (SIZE // 7),
}


@pytest.mark.parametrize("text", PATTERNS.values(), ids=PATTERNS)
def test_no_text_takes_for_ever(text: bytes) -> None:
    """A pattern that looks back and forth would take minutes for one megabyte; every search here takes a blink."""
    start = time.process_time()
    with suppress(Unreadable):
        extent_of([text], Limits())
    _sheet_parts(text, text)
    list(_texts(text))
    assert time.process_time() - start < 3


def test_numbers_in_texts_are_found_and_in_tags_are_not() -> None:
    block = b'<a b="111222333"><t>over 111222333</t><t>x > 111222333 of 123456782</t><t>1</t>'
    assert list(_texts(block)) == [b"over 111222333", b" 111222333 of 123456782"]


@pytest.mark.parametrize("cut", [1, 7, 30, 200])
def test_formulas_are_seen_wherever_a_piece_ends(cut: int) -> None:
    sheet = (
        b'<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><f>1</f><v></v></c>'
        b'<c r="C2" t="str"><f>""</f><v></v></c><c r="D2"><f t="shared" si="0"/><v>x</v></c><c r="E2"><v>1</v></c>'
        b'<c r="F2" t="str"><f>1</f></c><c><f>1</f><v>1</v></c></row>'
    )
    extent = extent_of([sheet[at : at + cut] for at in range(0, len(sheet), cut)], Limits())
    assert list(zip(extent.outcomes.rows, extent.outcomes.columns, strict=True)) == [(1, 0), (1, 3), (NOWHERE, NOWHERE)]
    assert list(zip(extent.bare.rows, extent.bare.columns, strict=True)) == [(1, 1), (1, 5)]
