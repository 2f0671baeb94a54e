"""What the audit says of the publications of the demo, where every school is tried as a reader too.

Of another day beside them that takes long: here of one school year with readers who know nothing more, with schools and
of both years in `make attack`.
"""

import json
import os
import sqlite3
from contextlib import closing
from datetime import date

import pytest

from assets.counted import counts_of_what_is_out
from assets.gekoppeld import GROUP as LINKED
from assets.gevalideerd import validated_standing
from assets.rounding import what_is_out
from jos_pipeline.audited import audited
from jos_pipeline.coverage import Coverage
from jos_pipeline.disclosure import areas_by_period, protect
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.region import load_region
from jos_pipeline.school_year import SchoolYear
from jos_pipeline.suppressor import Attackers
from resources.lake import Lake, audit_file
from resources.warehouse import WarehouseStore
from schemas.linked import LINKED_TABLES
from tests.finished_demo import FinishedDemo

ALL = os.environ.get("JOS_ATTACK") == "alles"
TRIED = Attackers.OWNERS if ALL else Attackers.READERS


@pytest.mark.parametrize("year", ["2021-2022", "2022-2023"])
def test_what_went_out_leaves_every_hidden_small_count_its_whole_interval(
    finished_demo: FinishedDemo, year: str
) -> None:
    with sqlite3.connect(finished_demo.warehouse) as database:
        publication, sha256 = database.execute(
            "SELECT id, sha256 FROM publicatie WHERE id LIKE ? ORDER BY gepubliceerd_op DESC LIMIT 1", [f"{year}/%"]
        ).fetchone()
    report = json.loads((finished_demo.home / "lake" / audit_file(publication)).read_text("utf-8"))
    assert report["te_herleiden"] == 0
    assert report["scholen_als_lezer"] == len({one.school for one in load_region("alkmaar").scholen})
    assert report["gevoelig"] > 1_000
    if year == "2022-2023":
        assert report["eerst_te_herleiden"] > 0, "the audit finds what the first rule leaves open"
        assert report["extra_verborgen_rijen"] > 0
        assert [one["tegen"] for one in report["herstel"]][:1] == ["lezers"]
        assert report["overheden_als_lezer"] > 0, "gemeenten and samenwerkingsverbanden are tried too"
    widths = report["breedte_van_intervallen"]
    assert widths["ten_minste_wat_moet"] + widths["smaller_maar_al_bekend"] == report["gevoelig"]
    shown = report["zichtbaar_deel"]
    assert 0 < shown["aantallen_personen"] < shown["gewicht"] < 1, "what serves more readers is hidden less"
    assert all(one["verlies"] > 0 and 0 <= one.get("kloof", 0) < 1 for one in report["herstel"])
    assert report["sha256"] == sha256, "what was audited is what went out"


@pytest.mark.parametrize("year", ["2021-2022", "2022-2023"] if ALL else ["2021-2022"])
def test_another_day_of_the_school_year_is_protected_beside_what_is_out_in_a_few_thousand_programs(
    finished_demo: FinishedDemo, year: str
) -> None:
    """Of a day before the one that is out: what came in between is small nearly everywhere."""
    day, region = date(int(year[:4]), 12, 15), load_region("alkmaar")
    lake = Lake(str(finished_demo.home / "lake"))
    behind = validated_standing(lake, year)
    base = {table: lake.scan_layer(LINKED, table, year) for table in LINKED_TABLES}
    coverage = Coverage(frozenset((supplier, soort) for soort, supplier, _ in behind))
    cube = compute_cube(base, coverage, region, year, day)
    areas = areas_by_period(region, SchoolYear.parse(year), day)
    with closing(WarehouseStore(f"sqlite:///{finished_demo.warehouse}")) as store:
        out = what_is_out(lake, store, year).exact
        known = counts_of_what_is_out(lake, store, year, region.drempel, areas, go_on=False).known
    rows = protect(cube, areas, region.drempel, out)
    found = audited(cube, rows, areas, region.drempel, out, TRIED, known)
    assert found.publications == len(known) > 0
    assert found.first > 0, "what is out bounds what is hidden now"
    assert found.told == 0
    assert found.solved < 5_000
