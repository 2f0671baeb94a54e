"""The pages of the house as people meet them: the overview, those of the suppliers, what was expected, proofs.

And the report as everybody may see it (``--openbaar``), as far as it differs.
"""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page

from jos_pipeline.report.html import files as pages_of
from jos_pipeline.report.model import Audience
from jos_pipeline.reporting import report_of
from jos_pipeline.settings import Settings
from tests.browser.accessible import EVERY_PAGE, everybody_can_use, keyboard_comes_everywhere, looked_at

HOUSE = (
    *("overzicht_*.html", "datadocs/*/index.html", "terugkoppeling/*/index.html"),
    *("terugkoppeling/*/*/terugkoppeling.html", "terugkoppeling/*/*/spiegelrapport.html"),
    *("terugkoppeling/*/uitleg/JOS-*.html", "terugkoppeling/*/uitleg/levering-*.html"),
)
"""The pages of every kind below the directory with pages."""


@pytest.mark.parametrize("kind", HOUSE)
def test_everybody_can_use_the_pages_of_the_house(page, finished_demo, kind):
    for path in looked_at(finished_demo.home / "rapport", kind):
        everybody_can_use(page, path)


@pytest.mark.parametrize("kind", HOUSE)
def test_the_keyboard_comes_everywhere_in_the_pages_of_the_house(page, finished_demo, kind):
    for path in looked_at(finished_demo.home / "rapport", kind):
        keyboard_comes_everywhere(page, path)


def test_everybody_can_use_the_report_that_everybody_may_see(page, finished_demo, tmp_path):
    report = report_of(Settings(home=finished_demo.home), audience=Audience.OPENBAAR)
    if not EVERY_PAGE:  # the page on which it differs: nobody is named
        report = replace(report, pages=tuple(one for one in report.pages if one.name == "ontbreekt"))
    for name, content in pages_of(report).items():
        (tmp_path / name).write_bytes(content)
        everybody_can_use(page, tmp_path / name)
        keyboard_comes_everywhere(page, tmp_path / name)


@pytest.fixture
def overview(page: Page, finished_demo) -> Page:
    page.goto((finished_demo.home / "rapport" / "overzicht_2022-2023.html").as_uri())
    return page


def test_the_page_says_what_arrived_what_was_refused_and_what_was_published(overview):
    assert overview.locator("html").get_attribute("lang") == "nl"
    assert overview.locator("h1").inner_text() == "JOS-monitor Regio Alkmaar, schooljaar 2022-2023"
    text = overview.locator("main").inner_text()
    for expected in (
        "De regio in cijfers",
        "Wat is binnengekomen",
        "Wat is geweigerd, en waarom",
        "JOS-E010",
        "ontbreekt",
    ):
        assert expected in text
    figures = dict(
        row.inner_text().split("\t")[:2] for row in overview.locator("table").first.locator("tbody tr").all()
    )
    reach = next(value for name, value in figures.items() if name.startswith("Bereik van JOS"))
    assert re.fullmatch(r"\d,\d %", reach)


def test_every_table_has_a_caption_and_headers_with_scope(overview):
    for table in overview.locator("table").all():
        assert table.locator("caption").count() == 1
        assert table.locator("th:not([scope])").count() == 0


def test_the_parts_and_the_tables_can_be_reached_with_the_keyboard(overview):
    ways = overview.locator("nav a")
    targets = [link.get_attribute("href") for link in ways.all()]
    assert targets == ["#cijfers", "#binnengekomen", "#geweigerd", "#afgekeurd"]
    assert [overview.locator(f"h2{target}").count() for target in targets] == [1, 1, 1, 1]
    for _ in range(1 + len(targets) + 1):  # past the way to the contents
        overview.keyboard.press("Tab")
    assert overview.evaluate("document.activeElement.getAttribute('role')") == "region"
