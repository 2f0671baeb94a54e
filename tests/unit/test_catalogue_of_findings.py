"""The catalogue of findings as a Dutch text: complete, short, concrete, without jargon, and without a cell value."""

import re
from string import Formatter

import pytest

from jos_pipeline.intake.verdict import make_finding
from schemas.findings import FINDINGS

ALL = list(FINDINGS.values())
TEXTS = ("title", "message", "cause", "example", "remedy")
LONGEST = {"title": 60, "message": 170, "cause": 150, "example": 110, "remedy": 240}

JARGON = (
    *("parse", "byte", "encoding", "codering", "regex", "null", "string", "boolean", "header", "kopregel", "delimiter"),
    *("scheidingsteken", "record", "schema", "validatie", "valideer", "syntax", "hash", "script", "veldnaam", "upload"),
    *("formatteer", "dataset", "conform", "middels", "dient te", "te allen tijde", "ten behoeve", "teneinde", "reeds"),
)
INSTRUCTIONS = (
    *(
        "Bel",
        "Controleer",
        "Gebruik",
        "Geef",
        "Haal",
        "Houd",
        "Kies",
        "Kijk",
        "Kopieer",
        "Lever",
        "Los",
        "Maak",
        "Open",
    ),
    *("Schrijf", "Splits", "U hoeft niets te doen", "Verander", "Verbeter", "Verstuur", "Vervang", "Verwijder", "Voeg"),
    *("Vraag", "Vul", "Was dit niet de bedoeling? Lever", "Zet", "Zoek", "Stuur", "Laat"),
)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.code)
class TestEveryEntry:
    def test_has_all_its_texts_within_bounds(self, kind):
        for name in TEXTS:
            text = getattr(kind, name)
            assert text == text.strip(), name
            assert 3 <= len(text) <= LONGEST[name], (name, len(text))

    def test_is_written_in_sentences(self, kind):
        for name in ("message", "cause", "remedy"):
            assert getattr(kind, name)[-1] in ".?!", name
        assert not kind.title.endswith(".")
        assert kind.title[0].isupper()

    def test_says_something_new_in_each_text(self, kind):
        said = [re.sub(r"\W", "", getattr(kind, name)).casefold() for name in TEXTS]
        assert len(set(said)) == len(said)
        assert not said[3].startswith(said[0])

    def test_ends_on_an_instruction(self, kind):
        assert kind.remedy.startswith(INSTRUCTIONS)

    def test_has_no_jargon(self, kind):
        words = " ".join(getattr(kind, name) for name in TEXTS).casefold()
        assert re.findall(rf"\b(?:{'|'.join(JARGON)})\w*", words.replace("nullen", "")) == []

    def test_has_short_sentences(self, kind):
        """At most twenty words: B1."""
        for name in TEXTS:
            for sentence in re.split(r"(?<=[.?!:])\s", getattr(kind, name)):
                assert len(sentence.split()) <= 20, sentence

    def test_asks_for_nothing_but_column_count_and_detail(self, kind):
        wanted = {name for _, name, _, _ in Formatter().parse(kind.message) if name is not None}
        assert wanted <= {"kolom", "aantal", "detail"}
        for name in ("title", "cause", "example", "remedy"):
            assert "{" not in getattr(kind, name)

    @pytest.mark.parametrize("count", [1, 2, 1611])
    def test_is_worded_for_one_and_for_many(self, kind, count):
        told = make_finding(kind.code, kolom="school", count=count, detail="x").melding
        assert "{" not in told
        assert not re.search(r"\b1 (rijen|cellen|kolommen|meldingen)\b", told)
        assert not re.match(r"1 rij (?!boven)\w+en\b", told), told


def test_titles_are_unique():
    assert len({kind.title for kind in ALL}) == len(ALL)


def test_codes_stand_under_their_own_number():
    for code, kind in FINDINGS.items():
        assert code == kind.code
        assert re.fullmatch(r"JOS-[ESI]\d{3}", code)
