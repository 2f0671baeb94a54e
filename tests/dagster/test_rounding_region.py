"""A region that rounds: figures go out rounded and audited, and the exact ones are what the next are compared with."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from assets.indicatoren import CUBE
from assets.indicatoren import GROUP as INDICATORS
from assets.publicatie import GROUP
from assets.rounding import explain_rounding, what_is_out
from jos_pipeline.counted import COUNTED
from jos_pipeline.disclosure import areas_by_period, protect
from jos_pipeline.publication import Withdrawal, content_hash
from jos_pipeline.region import SHIPPED, RegionError, load_region
from jos_pipeline.rounded_rows import EXACT
from jos_pipeline.school_year import SchoolYear
from tests.dagster.conftest import PEILDATUM, YEAR, installed

BASE = 7
"""Not 5: what little is visible of one delivery are multiples of five already."""
COUNTS = "jos_leerlingen", "jos_trajecten_nieuw", "leerlingen"


def _region(directory: Path, base: int) -> str:
    shutil.copytree(SHIPPED / "alkmaar", directory)
    settings = directory / "regio.toml"
    settings.write_text(f"afronden = {base}\n" + settings.read_text(encoding="utf-8"), encoding="utf-8")
    return str(directory)


def test_figures_go_out_rounded_and_audited_and_are_compared_unrounded(with_figures, tmp_path):
    regio = _region(tmp_path / "regio", BASE)
    with installed(with_figures.settings.home, regio=regio) as installation:
        installation.publish()
        rows, lake, store = installation.published(), installation.lake, installation.store
        first, out = store.brought_out(YEAR)
        counts = rows.loc[rows["indicator"].isin(COUNTS), "teller"].dropna()
        assert len(counts)
        assert (counts % BASE == 0).all()
        safe, report = lake.read_layer(GROUP, "beveiligd", YEAR), lake.read_report(GROUP, "beveiligd", YEAR)
        assert report["sha256"] == content_hash(safe) == out.sha256 != first.sha256
        assert report["afgerond"]["afgerond_op"] == BASE
        assert (report["eerdere_publicaties"], report["eerdere_publicaties_zonder_aantallen"]) == (1, [])
        assert lake.has_under(COUNTED, YEAR, first.sha256)
        assert lake.has_under(COUNTED, YEAR, out.sha256)
        assert lake.has_under(EXACT, YEAR, out.sha256)
        assert not lake.has_under(EXACT, YEAR, first.sha256)
        told = store.remarks(YEAR).query("reden == 'afgerond'")["tekst"]
        assert len(told)
        assert told.str.contains(f"veelvoud van {BASE}").all(), "as this publication was rounded, whatever was chosen"
        store.withdraw(Withdrawal(out.id, "proef", datetime.now(UTC)))
        explain_rounding(lake, store, "alkmaar", YEAR)
        assert not (store.remarks(YEAR)["reden"] == "afgerond").any(), "the one that holds again is exact"
        cube, areas = (
            lake.read_layer(INDICATORS, CUBE, YEAR),
            areas_by_period(load_region(regio), SchoolYear.parse(YEAR), PEILDATUM),
        )
        known = what_is_out(lake, store, YEAR)
        again, wrongly = (protect(cube, areas, 10, earlier) for earlier in (known.exact, [store.what_is_out(YEAR)]))
        assert again["waarde_status"].equals(safe["waarde_status"]), "nothing changed, so nothing more is hidden"
        hidden = pl.col("waarde_status") == "onderdrukt"
        assert wrongly.filter(hidden).height > again.filter(hidden).height, "against rounded counts much would be"


def test_a_region_cannot_round_further_than_what_it_hides(tmp_path):
    with pytest.raises(RegionError, match=r"veld afronden: 11 is hoger dan drempel 10; .* Kies hoogstens 10"):
        load_region(_region(tmp_path / "regio", 11))
