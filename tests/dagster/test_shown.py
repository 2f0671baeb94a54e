"""Pictures in the UI: a document that draws and cannot do anything else, whatever it is given."""

import base64
from xml.etree import ElementTree as ET

from assets.shown import bars

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
