"""The report on the demo as people meet it: whole, silent where it must be, readable for everybody."""

import json
import re
import sqlite3
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

import pytest
from pypdf import PdfReader

from tests.browser.accessible import everybody_can_use, keyboard_comes_everywhere, looked_at
from tests.finished_demo import FinishedDemo
from tests.pdf_rules import Rules

KINDS = (
    *("index", "thema-[!v]*", "thema-verschil-*", "samenwerkingsverband-*", "gemeente-*", "school-*", "ontbreekt"),
    *("definities", "kleine-aantallen", "toegankelijkheid", "woordenboek", "woordenboek-*"),
)
"""The pages of every kind."""


@pytest.fixture(scope="module")
def made(finished_demo: FinishedDemo) -> Path:
    """The report on the newest publication, which ``make demo`` made."""
    opened = re.search(r"Open: (.+)", finished_demo.stdout)
    assert opened, finished_demo.stdout
    return Path(opened[1]).parent


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


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


def test_no_document_breaks_a_rule_of_pdf_ua_that_a_program_can_see(made):
    told = {path.name: Rules(path).broken() for path in made.glob("*.pdf")}
    assert len(told) > 10
    assert {name: broken for name, broken in told.items() if broken} == {}


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
        assert "<td>deze school</td>" in page
        assert "<td>1 van 1</td>" not in page, "it rests on itself: there is nothing to count"
        if own == "19ZQ00":
            document = PdfReader(made / f"jos-monitor-2022-2023-school-{own}.pdf")
            told = " ".join(" ".join(one.extract_text().split()) for one in document.pages)
            assert any(name in told for name in names)
            assert not [text for text in others if text in told], own


def test_what_is_hidden_everywhere_is_a_sentence_and_no_table_of_one_word(made):
    page = text_of(made / "thema-verschil-onderwijs.html")
    assert "<p>Overal verborgen: Leerlingen met JOS, " in page
    assert all(re.search(r"\d[\s\u00a0]?%?</td>", row) for row in re.findall(r"<tr><th scope=\"row\">.+?</tr>", page))


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


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_can_use_the_page(page, made, kind):
    for path in looked_at(made, f"{kind}.html"):
        everybody_can_use(page, path)


@pytest.mark.parametrize("kind", KINDS)
def test_the_keyboard_comes_everywhere_in_order_and_is_seen(page, made, kind):
    for path in looked_at(made, f"{kind}.html"):
        keyboard_comes_everywhere(page, path)


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
