"""What a supplier reads: complete, friendly, escaped, and without anything of the file's content."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from jos_pipeline.feedback import feedback_html, feedback_text
from jos_pipeline.intake.gate import judge
from jos_pipeline.intake.verdict import Outcome, make_finding, ordered
from schemas.findings import FINDINGS, Severity
from tests.records import PEILDATUM, csv_bytes, delivery, name_of, region, supplier_of, valid_records

BSN = "123456782"


def _verdict(change=None, count=150, soort="tlv"):
    records = valid_records(soort, count)
    for record in records[:12] if change else []:
        record.update(change)
    return judge(csv_bytes(records), name_of(soort), PEILDATUM, region(), supplier_of(soort))


def _every_finding():
    """A verdict with every finding there is."""
    found = [make_finding(code, kolom="school", rows=range(2, 200), detail="x") for code in FINDINGS]
    return replace(_verdict(), oordeel=Outcome.AFGEKEURD, findings=ordered(found))


class _Page(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.open = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_good_delivery_is_thanked_for():
    text = feedback_text(_verdict())
    assert text.startswith("Het bestand is geaccepteerd.\n")
    assert re.search(r"Rijen die meetellen: +150\n", text)
    assert "Peildatum:                 1 februari 2023" in text
    assert "U hoeft niets te doen" in text
    assert "FOUTEN" not in text


def test_rejected_rows_are_counted_and_named_ten_at_most():
    verdict = _verdict({"categorie": "9"}, count=300)
    assert verdict.oordeel is Outcome.MET_AFKEUR
    text = feedback_text(verdict)
    assert "Rijen: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 en nog 2\n" in text
    assert "FOUTEN" in text
    assert "[JOS-E027]" in text
    assert FINDINGS["JOS-E027"].remedy in text
    assert re.search(r"Rijen die meetellen: +288\n", text)
    assert "jos explain JOS-E027" in text


def test_a_refused_file_says_how_to_go_on():
    text = feedback_text(_verdict({"categorie": "9"}, count=40))
    assert text.startswith("Het bestand is afgekeurd")
    assert re.search(r"Rijen die meetellen: +0\n", text)
    assert "lever het hele bestand nog een keer" in text


def test_text_has_no_ragged_lines():
    text = feedback_text(_every_finding())
    assert "\n\n\n" not in text
    assert text == text.lstrip()
    assert not [line for line in text.splitlines() if line != line.rstrip()]


@pytest.mark.parametrize("render", [feedback_text, feedback_html])
def test_every_finding_is_told_with_its_remedy(render):
    told = render(_every_finding())
    for code, kind in FINDINGS.items():
        assert code in told
        assert kind.remedy.split("'")[0].split("<")[0].split("&")[0] in told
    assert "{" not in feedback_text(_every_finding())


def test_groups_come_in_order_of_weight():
    text = feedback_text(_every_finding())
    places = [text.index(title) for title in ("FOUTEN", "SIGNALEN", "TER INFORMATIE", "HOE VERDER")]
    assert places == sorted(places)
    assert {kind.severity for kind in FINDINGS.values()} == set(Severity)


@pytest.mark.parametrize("verdict", [_verdict(), _every_finding(), judge(b"", "x.csv", PEILDATUM, region())])
def test_the_page_is_well_formed_and_accessible(verdict):
    page = _Page(feedback_html(verdict))
    assert page.open == []
    assert page.tags.count("h1") == 1
    assert ("html", {"lang": "nl"}) in page.attributes
    assert page.tags.count("table") == page.tags.count("caption")
    assert all("scope" in attributes for tag, attributes in page.attributes if tag == "th")
    assert "title" in page.tags
    assert not {"script", "link", "img", "iframe", "a"} & set(page.tags)


def test_the_page_asks_nothing_of_the_network():
    page = feedback_html(_every_finding())
    assert not re.search(r"https?:|//|@import|url\(|src=|href=", page)


def test_names_are_escaped():
    verdict = judge(delivery("tlv", 3), "<script>alert(1)&.csv", PEILDATUM, region(), "<b>")
    page = feedback_html(verdict)
    assert "<script>" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page
    assert "<script>" in feedback_text(verdict)


def test_no_cell_and_no_number_of_a_person_is_shown():
    records = valid_records("tlv", 40)
    records[0]["categorie"] = "Jantje"
    verdict = judge(csv_bytes(records), f"tlv_2022-2023_2023-02-01_{BSN}.csv", PEILDATUM, region())
    for told in (feedback_text(verdict), feedback_html(verdict)):
        assert "Jantje" not in told
        assert BSN not in told
