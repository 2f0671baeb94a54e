"""The overview page as a person meets it: readable, complete, on a phone too, and without anything from outside."""

import re

import pytest
from playwright.sync_api import Browser, Page


@pytest.fixture
def page(browser: Browser, finished_demo) -> Page:
    path = finished_demo.home / "rapport" / "overzicht_2022-2023.html"
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(path.as_uri())
    opened.asked = asked
    return opened


def test_the_page_asks_for_nothing_from_outside(page):
    assert [url for url in page.asked if not url.startswith("file:")] == []


def test_the_page_says_what_arrived_what_was_refused_and_what_was_published(page):
    assert page.locator("html").get_attribute("lang") == "nl"
    assert page.locator("h1").inner_text() == "JOS-monitor Regio Alkmaar, schooljaar 2022-2023"
    text = page.locator("main").inner_text()
    for expected in (
        "De regio in cijfers",
        "Wat is binnengekomen",
        "Wat is geweigerd, en waarom",
        "JOS-E010",
        "ontbreekt",
    ):
        assert expected in text
    figures = dict(row.inner_text().split("\t")[:2] for row in page.locator("table").first.locator("tbody tr").all())
    reach = next(value for name, value in figures.items() if name.startswith("Bereik van JOS"))
    assert re.fullmatch(r"\d,\d %", reach)


def test_every_table_has_a_caption_and_headers_with_scope(page):
    for table in page.locator("table").all():
        assert table.locator("caption").count() == 1
        assert table.locator("th:not([scope])").count() == 0


@pytest.mark.parametrize("width", [360, 640])
def test_nothing_falls_off_a_narrow_screen(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_parts_and_the_tables_can_be_reached_with_the_keyboard(page):
    ways = page.locator("nav a")
    targets = [link.get_attribute("href") for link in ways.all()]
    assert targets == ["#cijfers", "#binnengekomen", "#geweigerd", "#afgekeurd"]
    assert [page.locator(f"h2{target}").count() for target in targets] == [1, 1, 1, 1]
    for _ in range(len(targets) + 1):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"
