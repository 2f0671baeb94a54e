"""How well the sources of the demo region link, as analysts find it in the warehouse and people on the page."""

import sqlite3

import pandas as pd
import pytest

from jos_pipeline.linkage import ALL, MEASURES, person_soorten
from tests.finished_demo import FinishedDemo


@pytest.fixture(scope="module")
def koppeling(finished_demo: FinishedDemo) -> pd.DataFrame:
    with sqlite3.connect(finished_demo.warehouse) as database:
        return pd.read_sql("SELECT * FROM koppeling WHERE schooljaar = '2022-2023'", database)


def test_every_soort_about_persons_is_there_and_every_measure_is_explained(koppeling: pd.DataFrame) -> None:
    assert set(koppeling["soort"]) == set(person_soorten())
    assert set(koppeling["maat"]) == set(MEASURES)
    assert set(koppeling["sleuteldomein"]) == {"regio"}


def test_the_demo_links_well_where_it_should(koppeling: pd.DataFrame) -> None:
    whole = koppeling[koppeling["leverancier"] == ALL].set_index(["soort", "maat"])
    assert whole.loc[("trajecten", "gevonden"), "procent_min"] >= 90
    assert whole.loc[("trajecten", "niet_gekoppeld"), "procent_max"] <= 10
    assert whole.loc[("leerlingen", "met_pseudoniem"), "procent_min"] >= 90


def test_no_class_is_so_narrow_that_a_small_number_follows(koppeling: pd.DataFrame) -> None:
    told = koppeling[(koppeling["leverancier"] != ALL) & koppeling["procent_min"].notna()]
    width = told["procent_max"] - told["procent_min"]
    assert not told.empty
    assert set(width) <= {1, 2, 5, 10, 20, 25, 50}
    assert ((told["procent_min"] % width) == 0).all()


def test_the_page_shows_it(finished_demo: FinishedDemo) -> None:
    page = (finished_demo.home / "rapport" / "datadocs" / "2022-2023" / "index.html").read_text(encoding="utf-8")
    assert "Hoe goed de bronnen koppelen" in page
    assert MEASURES["gevonden_op_school"] in page


def test_open_data_is_there_with_its_provenance(finished_demo: FinishedDemo) -> None:
    with sqlite3.connect(finished_demo.warehouse) as database:
        rows = pd.read_sql("SELECT * FROM open_data", database)
    assert len(rows) == 3
    assert set(rows["herkomst"]) == {"map"}
    assert set(rows["probleem"]) == {""}
    assert rows["sha256"].str.fullmatch("[0-9a-f]{64}").all()
