"""What a run came to, in the words people read."""

import pandas as pd
import pytest

from jos_pipeline.outcome import year_outcome
from jos_pipeline.region import load_region
from schemas.warehouse import bevinding, levering, monitor_indicator

YEAR = "2022-2023"
NONE = {table.name: pd.DataFrame(columns=[c.name for c in table.columns]) for table in (levering, bevinding)}


def figures(*rows, counted=None):
    """The figures of the region for rows: indicator, uitsplitsing, categorie, waarde, waarde_status."""
    same = {"niveau": "regio", "periode": "schooljaar", "eenheid": "aandeel", "n_verwacht": 8, "n_geleverd": 7}
    more = {"publicatie": f"{YEAR}/2023-02-01/1", "peildatum": "2023-02-01", "status": "voorlopig"}
    names = ("indicator", "uitsplitsing", "categorie", "waarde", "waarde_status")
    frame = pd.DataFrame(
        [same | more | dict(zip(names, row, strict=True)) | (counted or {}) for row in rows],
        columns=[column.name for column in monitor_indicator.columns],
    )
    outcome = year_outcome(load_region(), YEAR, NONE["levering"], NONE["bevinding"], frame)
    return {figure.indicator: (figure.waarde, figure.dekking) for figure in outcome.figures}


def test_a_share_is_told_with_what_it_rests_on():
    assert figures(("jos_bereik", "totaal", "totaal", 0.25574, "ok")) == {
        "jos_bereik": ("25,6 %", "7 van de 8 scholen")
    }


@pytest.mark.parametrize(
    ("complete", "of", "told"),
    [
        (15, 17, "15 van de 17 leveranciers leverden"),
        (17, 17, "alle 17 leveranciers leverden"),
        (0, 17, "geen van de 17 leveranciers leverde"),
        (1, 1, "de leverancier leverde"),
        (0, 1, "de leverancier leverde niet"),
    ],
)
def test_the_respons_says_how_many_delivered_everything(complete, of, told):
    row = ("respons", "totaal", "totaal", complete / of, "ok")
    found = figures(row, counted={"teller": float(complete), "noemer": float(of), "n_verwacht": of, "n_geleverd": of})
    assert found["respons"][1] == f"{told} alles wat is afgesproken"


def test_a_distribution_is_told_by_its_parts_and_not_by_its_hundred_percent():
    found = figures(
        ("jos_aard", "totaal", "totaal", 1.0, "ok"),
        ("jos_aard", "aard", "incidenteel", 0.13, "ok"),
        ("jos_aard", "aard", "structureel", 0.87, "ok"),
    )
    assert found["jos_aard"][0] == "Structureel 87,0 %; Incidenteel 13,0 %"


@pytest.mark.parametrize(("status", "told"), [("onderdrukt", "verborgen"), ("niet_geleverd", "niet geleverd")])
def test_a_distribution_without_visible_parts_says_why(status, told):
    found = figures(
        ("problematiek_top10", "totaal", "totaal", 1.0, "ok"),
        ("problematiek_top10", "aanmeldreden", "angst", None, status),
    )
    assert found["problematiek_top10"][0] == told
