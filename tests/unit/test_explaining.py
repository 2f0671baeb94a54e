"""Explanations: one for every code and soort, that can be found and that lead to nothing that is not there."""

import re

import pytest

from jos_pipeline.explaining import all_pages, explanation, nearest, overview, pages
from schemas.contracts import CONTRACTS
from schemas.findings import FINDINGS


def test_every_code_and_soort_has_a_text_in_any_case():
    for code, kind in FINDINGS.items():
        told = explanation(code.lower())
        assert all(text in told for text in (code, kind.title, kind.cause, kind.example, kind.remedy))
    for soort, contract in CONTRACTS.items():
        told = explanation(soort.upper())
        for field in contract.fields:
            assert re.search(rf"^  {field.name}: ", told, re.MULTILINE)
            assert not field.column.codes or all(code in told for code in field.column.codes.values)


def test_the_overview_names_them_all():
    told = overview()
    assert all(name in told for name in (*FINDINGS, *CONTRACTS))


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("E21", "JOS-E021"),
        ("jos-e21", "JOS-E021"),
        ("JOSE0021", "JOS-E021"),
        ("7", "JOS-E007"),
        ("trajectn", "trajecten"),
        ("JOS-E0 21", "JOS-E021"),
    ],
)
def test_the_nearest_is_suggested(wrong, meant):
    assert explanation(wrong) is None
    assert meant in nearest(wrong)


def test_nothing_is_suggested_for_nonsense():
    assert nearest("appeltaart met slagroom") == ()


def test_all_pages_link_to_each_other_only():
    made = all_pages()
    assert len(made) == len(FINDINGS) + len(CONTRACTS) + 1
    for name, page in made.items():
        for target in re.findall(r'href="([^"#]+)"', page):
            assert target in made, (name, target)
        assert not re.search(r"https?:|@import|url\(|<script|src=", page)
        assert page.count("<h1>") == 1
        assert page.count("<table>") == page.count("<caption>")
        assert not re.search(r"<th(?! scope)[ >]", page)
    assert set(re.findall(r'href="([^"#]+)"', made["index.html"])) == set(made) - {"index.html"}


def test_some_pages_link_to_no_other():
    made = pages(["JOS-E027", "JOS-E027"], ["tlv"])
    assert list(made) == ["JOS-E027.html", "levering-tlv.html"]
    assert not any(re.search(r'href="[^"#]', page) for page in made.values())
