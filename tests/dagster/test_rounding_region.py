"""A region that rounds, end to end: figures go out rounded and audited, and the exact ones are compared next time."""

import shutil
from pathlib import Path

import pytest

from assets.publicatie import GROUP
from assets.rounding import what_is_out
from jos_pipeline.publication import content_hash
from jos_pipeline.region import SHIPPED, RegionError, load_region
from tests.dagster.conftest import TRAJECTEN, YEAR, installed
from tests.records import delivery

BASE = 5
COUNTS = "jos_leerlingen", "jos_trajecten_nieuw", "leerlingen"


def _region(directory: Path, base: int) -> Path:
    shutil.copytree(SHIPPED / "alkmaar", directory)
    settings = directory / "regio.toml"
    settings.write_text(f"afronden = {base}\n" + settings.read_text(encoding="utf-8"), encoding="utf-8")
    return directory


def test_rounded_figures_are_published_audited_and_the_same_figures_again_are_nothing_new(tmp_path):
    with installed(tmp_path / "home", regio=str(_region(tmp_path / "regio", BASE))) as installation:
        installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
        installation.run()
        rows = installation.published()
        counts = rows.loc[rows["indicator"].isin(COUNTS), "teller"].dropna()
        assert len(counts)
        assert (counts % BASE == 0).all()
        safe = installation.lake.read_layer(GROUP, "beveiligd", YEAR)
        report = installation.lake.read_report(GROUP, "beveiligd", YEAR)
        (out,) = installation.store.brought_out(YEAR)
        assert report["sha256"] == content_hash(safe) == out.sha256
        assert report["afgerond"]["afgerond_op"] == BASE
        exact = what_is_out(installation.lake, installation.store, YEAR).exact[-1]
        assert (exact.drop_nulls("teller")["teller"] % BASE != 0).any(), "inside the house the counts are exact"
        # against rounded counts every figure would seem to have changed a little, and be hidden
        installation.run()
        assert [one.sha256 for one in installation.store.brought_out(YEAR)] == [out.sha256]


def test_a_region_cannot_round_further_than_what_it_hides(tmp_path):
    with pytest.raises(RegionError, match="afronden is at most drempel"):
        load_region(str(_region(tmp_path / "regio", 11)))
