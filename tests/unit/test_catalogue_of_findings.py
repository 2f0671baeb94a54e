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
        "Herinner",
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


PLURALS = re.compile(
    r"^(?:\w+e )?\w+en\b|(?<!kan )\bzijn\b|\b(?:hebben|bevatten|lijken|tellen|horen|noemen|missen|kregen|duurden)\b"
)
"""What no sentence says of one: a plural right behind the count, or a verb in the plural after it."""


@pytest.mark.parametrize("kind", [kind for kind in ALL if "{aantal}" in kind.message], ids=lambda kind: kind.code)
def test_one_is_singular_and_two_are_plural(kind):
    one, two = (make_finding(kind.code, kolom="kolom", count=n, detail="detail").melding for n in (1, 2))
    before, _, after = kind.message.partition("{aantal} ")
    if after.startswith("keer"):
        assert one == two.replace("2 keer", "1 keer")
        return
    told = one.removeprefix(before.format(kolom="kolom", detail="detail"))
    assert told.startswith("1 "), one
    assert not PLURALS.search(told.removeprefix("1 ").partition(". ")[0]), one
    assert one != two.replace("2", "1", 1), "something agrees with the count"
    assert two == kind.message.format(kolom="kolom", aantal="2", detail="detail")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("JOS-E011", "1 cel bevat een nummer van negen cijfers dat een BSN kan zijn."),
        ("JOS-E063", "1 kolomnaam lijkt op een andere kolomnaam, maar is anders geschreven (kolom x)."),
        ("JOS-E074", "De officiële beschrijving (XSD) keurt het bericht op 1 plaats af."),
        ("JOS-E019", "1 rij heeft een ander aantal velden dan de rij met kolomnamen."),
        ("JOS-S003", "1 rij boven de kolomnamen is overgeslagen."),
        ("JOS-S004", "school: 1 keer zijn verloren nullen of letters vooraan teruggezet."),
        ("JOS-S022", "1 kolomnaam is herkend, maar bevat letters uit een ander alfabet of onzichtbare tekens"),
        ("JOS-S030", "school: bij 1 product ontbreekt x."),
        ("JOS-S031", "school: 1 product telt niet mee, omdat x."),
        ("JOS-S033", "school: bij 1 product x."),
    ],
)
def test_one_is_told_in_good_dutch(code, told):
    assert make_finding(code, kolom="school", count=1, detail="x").melding.startswith(told)


def test_a_detail_is_told_as_it_is():
    assert make_finding("JOS-E038", count=1, detail="rijen").melding.startswith("1 rij mist een waarde in rijen,")
