"""What ``jos run`` says at its end when it was to publish and nothing new came out."""

from dataclasses import replace
from pathlib import Path

import pytest

from jos_pipeline.outcome import VERDICTS, DeliveryLine, Refusal, YearOutcome
from jos_pipeline.summary import RunOutcome, summary_text

YEAR, OTHER = "2022-2023", "2021-2022"
UNCHANGED = "de cijfers zijn niet veranderd sinds de vorige publicatie"
NONE_COUNTS = "er is nog geen levering"


def line(stand: str) -> DeliveryLine:
    return DeliveryLine("groeimee", "GroeiMee", "Trajecten", stand, "", 0, 0)


BARE = YearOutcome(
    schooljaar=YEAR,
    regio="Alkmaar",
    drempel=10,
    verdicts=dict.fromkeys(VERDICTS, 0),
    lines=(line("ontbreekt"),),
    refused=(),
    rejected_rows=(),
    publicatie=None,
    peildatum=None,
    status=None,
    published=0,
    hidden=0,
    figures=(),
)
REFUSED = replace(BARE, refused=(Refusal(1, "groeimee", "a.csv", "JOS-E007", "t", "m", "r", "", 1, 1),))
DELIVERED = replace(BARE, lines=(line("geaccepteerd"), line("ontbreekt")))
PUBLISHED = replace(DELIVERED, publicatie=f"{YEAR}/2023-02-01/1")


def told(*years: YearOutcome, asked: tuple[str, ...] | None) -> str:
    home = Path("home")
    return summary_text(RunOutcome(years, 0, 0, (), asked, (), (), "sqlite:///warehouse.db", home))


@pytest.mark.parametrize(
    ("years", "asked", "why", "then"),
    [
        pytest.param((), (), f"{NONE_COUNTS} die geldt.", "jos demo DIR", id="an empty inbox"),
        pytest.param((REFUSED,), (), "alles is geweigerd", "opnieuw leveren", id="all refused"),
        pytest.param((REFUSED,), (YEAR,), "alles is geweigerd", "opnieuw leveren", id="all refused of the year"),
        pytest.param(
            (PUBLISHED,), (OTHER,), f"{NONE_COUNTS} van schooljaar {OTHER} die geldt.", "inbox", id="another year"
        ),
        pytest.param((DELIVERED,), (YEAR,), "zijn eerder ingetrokken", "--opnieuw", id="withdrawn"),
    ],
)
def test_when_nothing_is_out_it_says_so_with_why_and_what_to_do(years, asked, why, then):
    text = told(*years, asked=asked)
    assert f"Niets gepubliceerd: {why}" in text or f"Niets gepubliceerd: deze cijfers {why}" in text
    assert then in text
    assert UNCHANGED not in text


def test_figures_that_are_out_and_stayed_the_same_are_told_as_unchanged():
    assert UNCHANGED in told(PUBLISHED, asked=(YEAR,))
    assert UNCHANGED not in told(PUBLISHED, asked=None)


def test_a_year_without_a_delivery_in_force_is_not_told_to_be_published():
    assert "jos run --publiceer" in told(DELIVERED, asked=None)
    assert "jos run --publiceer" not in told(REFUSED, asked=None)
