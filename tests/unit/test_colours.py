"""Contrast of what axe does not see: bars, words in a drawing, and paper (WCAG 2.2: 1.4.3 and 1.4.11).

Computed from the colours of the pages, by day, by night and on paper, and from those of the documents.
"""

import re
from pathlib import Path

import pytest

from jos_pipeline.report import charts

TEMPLATES = Path(__file__).parents[2] / "jos_pipeline" / "templates"
STYLE = (TEMPLATES / "basis.html.j2").read_text(encoding="utf-8")
DOCUMENT = (TEMPLATES / "rapport.typ").read_text(encoding="utf-8")
WORDS = ("ink", "soft", "link", "goed", "let-op", "fout")
GRAPHICS = ("link", "edge")
"""The colours of bars; the second is that of the edge of a field too."""


def colours_of(root: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", root))


DAY, NIGHT, PAPER = (colours_of(root) for root in re.findall(r":root \{(.+?)\}", STYLE))
SCHEMES = {"day": DAY, "night": NIGHT, "paper": PAPER, "paper at night": NIGHT | PAPER}


def luminance(colour: str) -> float:
    """Relative luminance (WCAG), 0 for black to 1 for white."""
    digits = colour.removeprefix("#")
    digits = "".join(one * 2 for one in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_and_bars_stand_out_by_day_by_night_and_on_paper(scheme: str):
    colours = SCHEMES[scheme]
    words = {(name, on): contrast(colours[name], colours[on]) for name in WORDS for on in ("paper", "band")}
    bars = {name: contrast(colours[name], colours["paper"]) for name in GRAPHICS}
    assert {pair: found for pair, found in words.items() if found < 4.5} == {}
    assert {name: found for name, found in bars.items() if found < 3} == {}


def test_a_drawing_has_the_colours_of_its_page_by_day_and_every_one_is_replaced_by_night():
    page = (TEMPLATES / "rapport.html.j2").read_text(encoding="utf-8")
    assert {name: DAY[name] for name in charts.PALETTE} == charts.PALETTE
    replaced = dict(re.findall(r'\.grafiek \[fill="(#[0-9a-f]+)"\] \{ fill: var\(--([a-z]+)\)', page))
    assert replaced == {colour: name for name, colour in charts.PALETTE.items()}


def test_words_and_bars_of_a_document_stand_out_too():
    own = dict(re.findall(r'#let ([a-z-]+) = rgb\("(#[0-9a-f]+)"\)', DOCUMENT))
    assert {"band", "attention", "good", "wrong"} <= own.keys()
    for name in ("ink", "link", "soft"):
        assert contrast(charts.PALETTE[name], "#fff") >= 4.5
        assert contrast(charts.PALETTE[name], own["band"]) >= 4.5
    for colour in (charts.PALETTE["edge"], own["attention"], own["good"], own["wrong"]):
        assert contrast(colour, "#fff") >= 3
