"""What the UI is told of a file and in a picture: nothing that a supplier made up, and nothing that can run."""

import base64
from xml.etree import ElementTree as ET

import dagster as dg
import pytest

from assets.bronnen import LEDGER, _event
from assets.shown import bars, receipts_table
from resources.ledger import Receipt
from resources.report import ReportResource
from tests.records import region

SVG = "{http://www.w3.org/2000/svg}"


def test_a_picture_is_a_drawing_whose_words_cannot_run():
    hostile = "</text><script>alert(1)</script>"
    shown = bars("Cijfers", {hostile: {"zichtbaar": 3, "verborgen": 1, "leeg": 0}, "leeg gebied": {}}).value
    encoded = shown.partition("base64,")[2].rstrip(")")
    drawing = ET.fromstring(base64.b64decode(encoded))
    assert {element.tag for element in drawing.iter()} == {f"{SVG}svg", f"{SVG}rect", f"{SVG}text"}
    assert hostile in [text.text for text in drawing.iter(f"{SVG}text")]
    parts = [float(rect.get("width")) for rect in drawing.iter(f"{SVG}rect") if rect.get("height") == "16"]
    assert parts == [352.5, 117.5, 0.0]


@pytest.mark.parametrize("supplier", ["groeimee", "<img src=x onerror=alert(1)>"])
def test_a_file_of_which_nobody_knows_the_soort_is_told_by_number(supplier, tmp_path):
    name = "![x](javascript:alert(1)).csv"
    receipt = Receipt(7, supplier, name, None, None, "afgekeurd", "0" * 64, 0, 0, False, ("JOS-E042",))
    report = ReportResource(directory=str(tmp_path), feedback_address="http://127.0.0.1:3100/terugkoppeling")
    event = _event(receipt, region(), report)
    assert (type(event), event.asset_key) == (dg.AssetObservation, LEDGER)
    told = f"{event.metadata} {receipts_table([receipt], region(), 1).value}"
    assert "7" in told
    assert "onbekend" in told
    assert not [made_up for made_up in ("javascript", "onerror") if made_up in told]
