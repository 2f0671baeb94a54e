"""Headings in any spelling are the same column; what is personal stays personal in any spelling (spec 1.1 and 1.2)."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jos_pipeline.intake.personal import personal_headings
from jos_pipeline.intake.recognition import positions_of, soort_of_header
from schemas.contracts import CONTRACTS

SEPARATORS = ("", " ", "_", "-", "\u00a0", ".", "\u200b")
PERSONAL = ("bsn", "burgerservicenummer", "persoonsgebondennummer", "pgn", "onderwijsnummer", "achternaam", "voornamen")


@st.composite
def respelled(draw: st.DrawFn, heading: str) -> str:
    """The heading with other capitals, and other separators between its words."""
    words = [draw(st.sampled_from((word, word.upper(), word.title()))) for word in heading.split("_")]
    glue = [draw(st.sampled_from(SEPARATORS)) for _ in words]
    edge = draw(st.sampled_from(("", " ", "\u00a0")))
    return edge + "".join(word + between for word, between in zip(words, glue, strict=True)).strip("-_.") + edge


@pytest.mark.parametrize("soort", CONTRACTS)
@given(data=st.data())
def test_every_spelling_of_the_headings_gives_the_same_columns(soort, data):
    contract = CONTRACTS[soort]
    names = [field.name for field in contract.fields]
    order = data.draw(st.permutations(names))
    headings = [data.draw(respelled(name)) for name in order]
    assert positions_of(headings, contract) == {name: [place] for place, name in enumerate(order)}
    assert soort_of_header(headings) == soort


@given(heading=st.sampled_from(PERSONAL), data=st.data())
def test_every_spelling_of_a_personal_heading_is_refused(heading, data):
    spelled = data.draw(respelled(heading))
    cells = pl.DataFrame({"k0": ["a"], "k1": ["b"]})
    assert [hit.position for hit in personal_headings(("school", spelled), cells)] == [1]
