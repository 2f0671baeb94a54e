"""Every figure of every page of the report on the demo has all that belongs to a figure, and tells nothing hidden."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from lxml import html

from jos_pipeline.report.beside import WHY_NOT
from jos_pipeline.report.figures import DISTRIBUTIONS
from jos_pipeline.report.pages import NOT_OF_A_SCHOOL
from schemas.published import SILENT, WAARDE_STATUS
from tests.finished_demo import FinishedDemo

REGION = "Regio Alkmaar"
YEAR = "2022-2023"
RESTS = re.compile(
    r"op basis van (alle|beide|\d)|rust op (alle|beide|\d)|gegevens over deze school|leverden? (niet )?alles wat is"
)
"""What a figure rests on, as its sentence says it."""
BAR = re.compile(r"M([\d.]+),[\d.]+h([\d.]+)v16h-")


def plain(element: html.HtmlElement) -> str:
    """The text of an element without the places where a long word may be broken."""
    return element.text_content().replace("\N{SOFT HYPHEN}", "").strip()


@dataclass(frozen=True)
class Shown:
    """A figure as it stands on a page."""

    page: str
    element: html.HtmlElement

    @property
    def where(self) -> str:
        return f"{self.page}: {self.title}"

    @cached_property
    def title(self) -> str:
        return self.element.xpath("string((.//h2|.//h3)[1])").strip()

    @cached_property
    def text(self) -> str:
        return " ".join(plain(self.element).split())

    @cached_property
    def sentence(self) -> str:
        return self.element.xpath("string(p[@class='waarde']/following-sibling::p[1])")

    @cached_property
    def tables(self) -> list[tuple[str, list[str], list[list[str]]]]:
        """Caption, headings, and the cells of every row."""
        return [
            (
                table.xpath("string(caption)").strip(),
                [plain(cell) for cell in table.xpath("thead//th")],
                [[plain(cell) for cell in row] for row in table.xpath("tbody/tr")],
            )
            for table in self.element.iter("table")
        ]

    @cached_property
    def charts(self) -> list[html.HtmlElement]:
        return self.element.find_class("grafiek")


@pytest.fixture(scope="module")
def made(finished_demo: FinishedDemo) -> Path:
    return Path(re.search(r"Open: (.+)", finished_demo.stdout)[1]).parent


@pytest.fixture(scope="module")
def figures(made: Path) -> list[Shown]:
    return [figure for path in sorted(made.glob("*.html")) for figure in figures_on(path)]


def figures_on(path: Path) -> Iterator[Shown]:
    tree = html.fromstring(path.read_text(encoding="utf-8"))
    for value in tree.find_class("waarde"):
        yield Shown(path.stem, value.getparent())


@pytest.fixture(scope="module")
def warehouse(finished_demo: FinishedDemo) -> Iterator[sqlite3.Connection]:
    with sqlite3.connect(finished_demo.warehouse) as opened:
        yield opened
    opened.close()


def lacking(figures: list[Shown], there) -> list[str]:
    """The figures of which something does not hold."""
    assert len(figures) > 300
    return [figure.where for figure in figures if not there(figure)]


def test_no_figure_that_is_shown_lacks_on_its_page(figures, warehouse):
    published = warehouse.execute(
        "SELECT DISTINCT m.niveau, m.gebied, m.indicator, i.naam, m.uitsplitsing = 'totaal'"
        " FROM monitor_indicator m JOIN dim_indicator i USING (indicator) WHERE schooljaar = ?"
        f" AND periode = 'schooljaar' AND waarde_status NOT IN ({', '.join('?' * len(SILENT))})",
        (YEAR, *SILENT),
    ).fetchall()
    there = {(figure.page, figure.title) for figure in figures}
    on_themes = {title for page, title in there if page.startswith("thema-")}
    gone = [
        (niveau, gebied, naam)
        for niveau, gebied, indicator, naam, whole in published
        if whole != (indicator in DISTRIBUTIONS)
        and not (naam in on_themes if niveau == "regio" else (f"{niveau}-{gebied}", naam) in there)
        and not (niveau == "school" and indicator in NOT_OF_A_SCHOOL)
    ]
    assert gone == []


def test_every_figure_has_a_chart_whose_words_say_what_is_drawn(figures):
    assert lacking(figures, lambda figure: figure.charts) == []
    for figure in figures:
        for chart in figure.charts:
            assert chart.get("role") == "img"
            assert chart.get("aria-label").startswith("Staafdiagram. ")
            table = chart.getparent().find(".//table")
            rows = [[plain(cell) for cell in row[:2]] for row in table.xpath("tbody/tr")]
            told = chart.get("aria-label").removesuffix(".")
            assert told.endswith("; ".join(f"{name}: {value}" for name, value in rows)), figure.where
            assert [text.text_content() for text in chart.iter("text")] == [
                *(name for name, _ in rows),
                *(value for _, value in rows),
            ]


def test_a_chart_has_a_bar_for_what_is_shown_and_none_for_what_is_not(figures):
    silent = {WAARDE_STATUS.labels[state] for state in SILENT}
    seen = 0
    for figure in figures:
        for chart in figure.charts:
            rows = [plain(row[1]) for row in chart.getparent().find(".//table").xpath("tbody/tr")]
            bars = [path for path in chart.iter("path") if path.get("fill", "").startswith("#")]
            assert len(bars) == sum(value not in silent for value in rows), figure.where
            hidden = [text for text in chart.iter("text") if text.text_content() == "verborgen"]
            looks = {tuple(sorted((k, v) for k, v in text.items() if k != "transform")) for text in hidden}
            begins = {re.match(r"translate\(([\d.]+),", text.get("transform"))[1] for text in hidden}
            assert len(looks) <= 1
            assert begins <= {"6"}, "all hidden figures look alike"
            seen += len(hidden)
    assert seen > 100


def test_every_figure_has_tables_with_a_caption_and_headings(figures):
    assert lacking(figures, lambda figure: figure.tables) == []
    assert lacking(figures, lambda f: all(c and all(h) and rows for c, h, rows in f.tables)) == []


def test_every_figure_has_its_definition_and_peildatum(figures, warehouse):
    meant = dict(
        warehouse.execute(
            "SELECT i.naam, v.definitie FROM dim_indicator i JOIN dim_indicator_versie v USING (indicator)"
        )
    )
    assert lacking(figures, lambda figure: " ".join(meant[figure.title].split()) in figure.text) == []
    assert lacking(figures, lambda figure: "Peildatum 1 februari 2023, voorlopig." in figure.text) == []


def test_the_sentence_of_every_figure_says_what_it_rests_on(figures):
    assert lacking(figures, lambda figure: RESTS.search(figure.sentence)) == []


def test_every_word_in_place_of_a_figure_is_explained_where_it_stands(figures):
    labels = {state: WAARDE_STATUS.labels[state] for state in SILENT}
    seen = set()
    for figure in figures:
        said = {cell for _, _, rows in figure.tables for row in rows for cell in row} & {*labels.values()}
        unseen = " ".join(figure.element.xpath("p[starts-with(., 'Niet te zien')]/text()"))
        said |= {label for label in labels.values() if label in unseen}
        for label in said:
            assert f"Staat er '{label}'?" in figure.text, figure.where
        if labels["onderdrukt"] in said:
            assert figure.element.xpath(".//p[contains(@class, 'teken')]/a[@href='kleine-aantallen.html']")
        else:
            assert "Staat er 'verborgen'?" not in figure.text, figure.where
        seen |= said
    assert {labels["onderdrukt"], labels["niet_geleverd"]} <= seen


def test_every_figure_of_an_area_stands_beside_the_region_and_every_figure_beside_an_earlier_publication(figures):
    of_areas = [figure for figure in figures if not figure.page.startswith("thema-")]
    assert lacking(of_areas, beside_the_region) == []
    assert lacking(figures, lambda f: beside_earlier(f) != any(reason in f.text for reason in WHY_NOT)) == []
    assert sum(map(beside_earlier, figures)) > 50


def beside_the_region(figure: Shown) -> bool:
    return any(REGION in headings or REGION in [row[0] for row in rows] for _, headings, rows in figure.tables)


def beside_earlier(figure: Shown) -> bool:
    return any("vergeleken met een eerdere publicatie" in caption for caption, _, _ in figure.tables)


def test_every_figure_has_two_or_three_questions_for_the_conversation(figures):
    asked = {figure.where: figure.element.xpath(".//ul[@class='vragen']/li/text()") for figure in figures}
    assert {where: found for where, found in asked.items() if not 2 <= len(found) <= 3} == {}
    assert all(question.strip().endswith("?") for found in asked.values() for question in found)
