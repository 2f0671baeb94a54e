"""The report on the demo as people meet it: whole, silent where it must be, readable for everybody."""

import json
import os
import re
import sqlite3
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.finished_demo import FinishedDemo, jos

KINDS = (
    *("index", "thema-[!v]*", "thema-verschil-*", "samenwerkingsverband-*", "gemeente-*", "school-*", "ontbreekt"),
    *("definities", "kleine-aantallen", "toegankelijkheid", "woordenboek", "woordenboek-*"),
)
"""The pages of every kind: one of each is looked at in short, and with JOS_EVERY_PAGE all of them whole."""
EVERY_PAGE = bool(os.environ.get("JOS_EVERY_PAGE"))
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

OPENED = "document.querySelectorAll('details').forEach(one => { one.open = true })"
SHORTENED = """() => {
    const all = [...document.querySelectorAll('main > section')]
    all.slice(2, -2).forEach(one => one.remove())
    document.querySelectorAll('section').forEach(one => {
        [...one.querySelectorAll('.cijfer')].slice(2).forEach(other => other.remove())
    })
}"""
"""Of what comes back on a page only some is left: axe takes half a minute for hundreds of tables."""
STOPS = """() => [...document.querySelectorAll('a[href], input, button, summary, [tabindex="0"]')].filter(
    one => one.checkVisibility() && !(one.closest('details:not([open])') && one.tagName != 'SUMMARY')
).map(one => one.outerHTML.slice(0, 120))"""
STOP = """() => {
    const here = document.activeElement, box = here.getClientRects()[0], look = getComputedStyle(here)
    if (here == document.body) return null
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)]
    const found = document.elementFromPoint(box.left + Math.min(box.width / 2, 40), (top + bottom) / 2)
    return [here.outerHTML.slice(0, 120), look.outlineStyle != 'none' && here.contains(found)]
}"""
"""Where the keyboard is, and whether it is seen there: with an outline, on the screen and under nothing else."""


@pytest.fixture(scope="module")
def made(finished_demo: FinishedDemo) -> Path:
    """The report on the newest publication, made once as a user makes it."""
    done = jos("report", cwd=finished_demo.directory)
    assert done.returncode == 0, done.stderr
    opened = re.search(r"Open: (.+)", done.stdout)
    assert opened, done.stdout
    return Path(opened[1]).parent


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.fixture
def page(browser: Browser) -> Page:
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    yield opened
    opened.close()


def test_every_link_leads_to_a_place_that_is_there_and_none_leads_outside(made):
    places = {path.name: set() for path in made.glob("*.pdf")}
    for path in made.glob("*.html"):
        ids = re.findall(r' id="([^"]+)"', text_of(path))
        assert len(ids) == len(set(ids)), f"{path.name}: an id stands twice"
        places[path.name] = set(ids)
    for path in made.glob("*.html"):
        assert "://" not in text_of(path), f"{path.name} names an address outside"
        for target in re.findall(r'href="([^"]+)"', text_of(path)):
            name, _, anchor = unquote(target).partition("#")
            assert (name or path.name) in places, f"{path.name}: {target}"
            assert not anchor or anchor in places[name or path.name], f"{path.name}: {target}"
    index = json.loads(re.search(r'id="zoekindex">(.+?)</script>', text_of(made / "index.html"))[1])
    assert {entry[1].partition("#")[0] for entry in index} == {name for name in places if name.endswith(".html")}
    everything = "".join(text_of(path) for path in made.glob("*.html"))
    documents = [name for name in places if name.endswith(".pdf")]
    assert documents
    assert [name for name in documents if f'href="{name}"' not in everything] == [], "nothing leads there"


def test_there_is_a_page_for_every_area_that_has_figures(made, finished_demo):
    with sqlite3.connect(finished_demo.warehouse) as warehouse:
        areas = warehouse.execute(
            "SELECT DISTINCT niveau, gebied FROM monitor_indicator WHERE schooljaar = '2022-2023' AND niveau <> 'regio'"
        ).fetchall()
    assert {path.name for path in made.glob("*-*[0-9].html")} == {f"{level}-{area}.html" for level, area in areas}


def test_the_page_of_a_school_names_no_other_school(made, finished_demo):
    with sqlite3.connect(finished_demo.warehouse) as warehouse:
        schools = warehouse.execute("SELECT school, naam FROM dim_school").fetchall()
    for own, _ in schools:
        page = text_of(made / f"school-{own}.html")
        names = {name for school, name in schools if school == own}
        assert any(name in page for name in names)
        others = {text for school, name in schools if school != own for text in (school, name)}
        assert not [text for text in others if text in page], own
        if own == "19ZQ00":
            document = PdfReader(made / f"jos-monitor-2022-2023-school-{own}.pdf")
            told = " ".join(" ".join(one.extract_text().split()) for one in document.pages)
            assert any(name in told for name in names)
            assert not [text for text in others if text in told], own


def test_what_is_published_stands_there_and_what_is_hidden_does_not(made, finished_demo):
    with sqlite3.connect(finished_demo.warehouse) as warehouse:
        rows = warehouse.execute(
            "SELECT i.naam, m.waarde_status FROM monitor_indicator m JOIN dim_indicator i ON i.indicator = m.indicator "
            "WHERE m.niveau = 'school' AND m.gebied = '19ZQ00' AND m.schooljaar = '2022-2023' "
            "AND m.periode = 'schooljaar' AND m.uitsplitsing = 'totaal' AND i.statistiek <> 'aandeel'"
        ).fetchall()
    page = text_of(made / "school-19ZQ00.html")
    titles = set(re.findall(r"<h3>(.+?)</h3>", page))
    silent = dict(re.findall(r'<th scope="row">([^<]+)</th><td><span class="stil">([^<]+)</span>', page))
    assert {"ok", "onderdrukt"} <= {status for _, status in rows}
    for name, status in rows:
        if status == "ok":
            assert name in titles or name == "Scholen"
        elif status == "onderdrukt":
            assert silent.get(name) == "verborgen" or name in titles, name


def looked_at(made: Path, kind: str) -> list[Path]:
    """The pages of a kind to look at."""
    found = sorted(made.glob(f"{kind}.html"))
    return found if EVERY_PAGE else found[-1:]


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_can_use_the_page(page, made, kind):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    paths = looked_at(made, kind)
    assert paths
    for path in paths:
        asked.clear()
        page.set_viewport_size({"width": 1200, "height": 900})
        page.goto(path.as_uri())
        assert len(asked) == 1, "it asks for nothing beside itself"
        page.evaluate(OPENED)
        for width in (320, 640):  # a phone, and a screen of 1280 at twice the size
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        if not EVERY_PAGE:
            page.evaluate(SHORTENED)
        page.add_script_tag(path=AXE)
        for scheme, rules in (("light", RULES), ("dark", {"runOnly": ["color-contrast"]})):
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate("rules => axe.run(document, rules)", rules | {"resultTypes": ["violations"]})
            told = [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found["violations"]]
            assert told == [], f"{path.name}, {scheme}"


@pytest.mark.parametrize("kind", KINDS)
def test_the_keyboard_comes_everywhere_in_order_and_is_seen(page, made, kind):
    for path in looked_at(made, kind):
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto(path.as_uri())
        if not EVERY_PAGE:
            page.evaluate(SHORTENED)
        expected, walked = page.evaluate(STOPS), []
        while True:
            page.keyboard.press("Tab")
            stop = page.evaluate(STOP)
            round_again = len(walked) == len(expected) and stop == walked[0]  # Chromium has no bar to step out to here
            if stop is None or round_again or len(walked) > len(expected):
                break
            walked.append(stop)
        assert [name for name, _ in walked] == expected
        assert [name for name, seen in walked if not seen] == [], path.name
        if page.locator("details").count():
            page.locator("summary").first.focus()
            page.keyboard.press("Enter")
            assert page.evaluate("document.querySelector('details').open"), "what is folded opens with the keyboard"


def test_the_keyboard_skips_to_the_contents_and_finds_a_figure(page, made):
    page.goto((made / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Kleine aantallen", "the menu is behind us"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Het hele rapport als pdf"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "zoekwoord"
    page.keyboard.type("bereik jos")
    assert "gevonden" in page.locator("#zoekstand").inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thema-bereik.html#jos-bereik")
    assert page.locator("#jos-bereik h2").is_visible()


def test_what_is_folded_opens_at_once_and_on_paper(page, made):
    page.goto(next(iter(sorted(made.glob("samenwerkingsverband-*.html")))).as_uri())
    closed, of = "document.querySelectorAll('details:not([open])').length", page.locator("details").count()
    assert page.evaluate(closed) == of > 20
    page.get_by_role("button", name="Klap alles open").click()
    assert page.evaluate(closed) == 0
    page.get_by_role("button", name="Klap alles dicht").click()
    assert page.evaluate(closed) == of
    told = " ".join(one.extract_text() for one in PdfReader(BytesIO(page.pdf())).pages)
    captions = page.locator("details table caption").all_text_contents()
    assert captions
    assert [text for text in captions if squeezed(text) not in squeezed(told)] == []
    assert page.evaluate(closed) == of, "after printing the page is as it was"


def squeezed(text: str) -> str:
    """A text without its spaces, which a page breaks elsewhere."""
    return "".join(text.split())


def test_without_javascript_everything_is_there_but_the_search(browser, made):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((made / "index.html").as_uri())
    assert not page.locator("#zoek").is_visible()
    page.get_by_role("link", name="Stedelijk Dalton College Alkmaar").click()
    assert page.locator("h1").inner_text() == "Stedelijk Dalton College Alkmaar"
    context.close()
