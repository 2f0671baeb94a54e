"""What the audit says of the publications of the demo, where every school is tried as a reader too."""

import json
import sqlite3

import pytest

from jos_pipeline.region import load_region
from resources.lake import audit_file
from tests.finished_demo import FinishedDemo


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
