"""The documents of the report: PDF/UA as far as a program can see, and the same silence as on the pages."""

import io
import itertools
from collections.abc import Iterator

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from jos_pipeline.publication import Withdrawal
from jos_pipeline.report import pdf
from jos_pipeline.report.pages import report
from tests.unit.public_tables import NOON, publication
from tests.unit.test_report import PLANTED, read, with_planted_numbers

REPORT = report(read())
CELLS = ("/TH", "/TD")


@pytest.fixture(scope="module")
def documents() -> dict[str, PdfReader]:
    return {name: PdfReader(io.BytesIO(content)) for name, content in pdf.files(REPORT).items()}


def tags(node: object) -> Iterator[DictionaryObject]:
    """The structure of a document, in the order in which it is read."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node
        yield from tags(node.get("/K"))
    elif isinstance(node, list):
        for child in node:
            yield from tags(child)


def test_the_region_and_every_area_have_a_document_and_the_pages_of_themes_have_none(documents):
    of_areas = [page.name for page in REPORT.pages if page.name.startswith(("gemeente-", "school-"))]
    assert set(documents) == {f"jos-monitor-2022-2023-{name}.pdf" for name in ("regio", *of_areas)}
    assert len(of_areas) == 2


def test_a_screen_reader_finds_language_title_headings_tables_and_the_words_of_every_chart(documents):
    for name, found in documents.items():
        root = found.trailer["/Root"]
        assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("nl-NL", True)
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data().decode()
        page = next(page for page in REPORT.pages if pdf.file_name(REPORT, page) == name)
        assert found.metadata.title == page.title
        structure = list(tags(root["/StructTreeRoot"]["/K"]))
        kinds = [node["/S"] for node in structure]
        levels = [int(kind[2:]) for kind in kinds if kind in ("/H1", "/H2", "/H3", "/H4")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(deeper - level <= 1 for level, deeper in itertools.pairwise(levels))
        blocks = [block for section in pdf.document(REPORT, page).sections for block in section.blocks]
        figures = [block for block in blocks if hasattr(block, "definition")]
        assert levels.count(3) >= len(figures)
        alternatives = [node["/Alt"] for node in structure if node["/S"] == "/Figure"]
        charts = [part.chart for figure in figures for part in (*figure.parts, *figure.breakdowns) if part.chart]
        assert {chart.alternative for chart in charts} <= set(alternatives)
        assert len(alternatives) == len(charts) + sum(len(getattr(block, "charts", ())) for block in blocks)
        for node in structure:
            if node["/S"] == "/TR":
                told = [(cell["/S"], cell["/A"][0].get("/Scope")) for cell in tags(node["/K"]) if cell["/S"] in CELLS]
                assert set(told) == {("/TH", "/Column")} or [told[0], *set(told[1:])] == [
                    ("/TH", "/Row"),
                    ("/TD", None),
                ]


def test_the_document_says_what_the_page_says_and_no_number_of_what_is_hidden(documents):
    text = " ".join(page.extract_text() for page in documents["jos-monitor-2022-2023-gemeente-GM0361.pdf"].pages)
    text = " ".join(text.split())
    figures = REPORT.page("gemeente-GM0361").figures
    assert figures
    for figure in figures:
        assert figure.sentence in text
        assert figure.definition in text
        for told in (*(mark.text for mark in figure.marks), figure.no_earlier, *figure.questions, figure.about):
            assert told in text
    assert "verborgen" in text
    planted = report(read(change=with_planted_numbers))
    assert pdf.files(planted) == pdf.files(REPORT), "not even a byte differs, and there is no time in it"
    assert str(PLANTED) not in text


def test_what_was_taken_back_is_marked_in_its_documents():
    gone = report(read(withdrawn=(Withdrawal(publication().id, "verkeerd bestand", NOON),)))
    (first, *_) = pdf.files(gone).values()
    assert "verkeerd bestand" in PdfReader(io.BytesIO(first)).pages[0].extract_text()
