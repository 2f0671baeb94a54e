"""The pages of the house as people meet them: the overview, those of the suppliers, what was expected, proofs.

And the report as everybody may see it (``--openbaar``), as far as it differs.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from jos_pipeline.erasure_proof import Proof, proof_html
from jos_pipeline.expiry import Expired
from jos_pipeline.prune_proof import Pruned, pruned_html
from jos_pipeline.report.html import files as pages_of
from jos_pipeline.report.model import Audience
from jos_pipeline.reporting import report_of
from jos_pipeline.retention import WORDS, Retention
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


def proofs() -> dict[str, str]:
    """The pages that ``jos erase`` and ``jos prune`` write, with everything on them that can be there."""
    line = {"wat": "rijen verwijderd", "geraakt": "1 of meer", "rijen_na": 683}
    hashes = {"sha256_voor": "0123456789abcdef" * 4, "sha256_na": "fedcba9876543210" * 4}
    names = [f"gevalideerd/trajecten/schooljaar=2022-2023/levering={number:06}.parquet" for number in range(12)]
    erased = Proof(
        kenmerk="vergeten_2023-03-01T120000Z_1f3a5c",
        opdracht="vergeten",
        begonnen_op=datetime(2023, 3, 1, 12, tzinfo=UTC),
        klaar_op=datetime(2023, 3, 1, 12, 4, tzinfo=UTC),
        door="Functionaris gegevensbescherming",
        code_versie="0.1.0",
        sleutel="a1b2c3d4",
        grafstenen=("0" * 64,),
        herschreven=tuple({"bestand": name} | line | hashes for name in names),
        ververst=("2022-2023",),
        niet_ververst=("2021-2022",),
        weggehaald=("2019-2020",),
        nog_in_inbox=(("groeimee", 12), ("gm0361", None)),
        inbox_doorzocht=True,
        doorzocht=1234,
        niet_doorzocht=("reservekopieën", "s3://jos-monitor-productie/een-heel-lange-naam-van-een-emmer/"),
        treffers=(names[0],),
        publicaties=(("2022-2023/2023-02-01/1", "0123456789abcdef" * 4),),
    )
    gone = [Expired(name, f"{name}/2019-2020/levering={number:06}.parquet") for name in WORDS for number in range(3)]
    pruned = Pruned(
        kenmerk="opruimen_2023-03-01T120000Z_1f3a5c",
        op=datetime(2023, 3, 1, 12, tzinfo=UTC),
        door="Functionaris gegevensbescherming",
        code_versie="0.1.0",
        uitgevoerd=True,
        termijnen=Retention().model_dump(),
        verlopen=tuple(gone),
        wacht=(replace(gone[0], wacht="een publicatie rust erop"),),
    )
    nothing = replace(erased, herschreven=(), niet_ververst=(), nog_in_inbox=(), treffers=())
    return {
        "vergeten.html": proof_html(erased),
        "vergeten_niets.html": proof_html(nothing),
        "opruimen.html": pruned_html(pruned),
    }


@pytest.mark.parametrize("name", ["vergeten.html", "vergeten_niets.html", "opruimen.html"])
def test_everybody_can_use_the_proofs_with_or_without_a_mouse(page, tmp_path, name):
    (tmp_path / name).write_text(proofs()[name], encoding="utf-8")
    everybody_can_use(page, tmp_path / name)
    keyboard_comes_everywhere(page, tmp_path / name)
    for table in page.locator("table").all():
        assert table.locator("caption").count() == 1
        assert table.locator("th:not([scope])").count() == 0


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
