"""A concise publication: exactly the rows that it says, and nothing is told of those that it leaves out."""

import shutil

import numpy as np
import polars as pl
import pytest
from small_worlds import YEAR, crowd

from jos_pipeline.audited import audited, copies_of
from jos_pipeline.auditor.reach import reach
from jos_pipeline.concise import concise_text, concise_to, going_out, only_totals, stays_concise
from jos_pipeline.coverage import Coverage
from jos_pipeline.disclosure import areas_by_period, protect
from jos_pipeline.earlier import HIDDEN, KEYS
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.linear_system import linear_system
from jos_pipeline.linking import link
from jos_pipeline.region import SHIPPED, RegionError, load_region
from jos_pipeline.school_year import SchoolYear
from jos_pipeline.suppression import LEVELS
from jos_pipeline.suppressor import Attackers

SPLIT = ("jos_leerlingen", "jeugdhulp_verwijzer", "thuiszitters", "jos_aard", "trajectduur")
"""Indicators of every kind that is broken down: counts, shares, a distribution and a median; two on home ground."""
K = 3


@pytest.fixture(scope="module")
def small() -> tuple[pl.DataFrame, pl.DataFrame]:
    """The cube and the areas of a region in which a gemeente is all of its samenwerkingsverband that lies in it."""
    of = crowd(0, 150)
    base, coverage = link(of.frames, of.region, YEAR), Coverage(of.in_force)
    chosen = [INDICATORS[name] for name in SPLIT]
    cube = compute_cube(base, coverage, of.region, YEAR, of.peildatum, indicators=chosen)
    return cube, areas_by_period(of.region, SchoolYear.parse(YEAR), of.peildatum)


def kinds(rows: pl.DataFrame) -> list[tuple[str, str, str]]:
    return list(rows.select("indicator", "niveau", "uitsplitsing").iter_rows())


@pytest.mark.parametrize("deepest", LEVELS)
def test_exactly_the_breakdowns_of_finer_areas_are_left_out_and_no_total(small, deepest):
    cube, _ = small
    out = going_out(cube, deepest)
    depth = pl.col("niveau").replace_strict(LEVELS, return_dtype=pl.Int64)
    gone = cube.join(out, on=KEYS, how="anti")
    assert out.equals(cube.join(gone, on=KEYS, how="anti", maintain_order="left")), "the others, in the same order"
    assert gone.filter((pl.col("uitsplitsing") == "totaal") | (depth <= LEVELS[deepest])).is_empty()
    assert out.filter((pl.col("uitsplitsing") != "totaal") & (depth > LEVELS[deepest])).is_empty()
    assert gone.is_empty() == (deepest == "school")


@pytest.mark.parametrize("deepest", LEVELS)
def test_that_it_is_concise_and_how_far_follows_from_its_rows(small, deepest):
    out = going_out(small[0], deepest)
    assert concise_to(kinds(out)) == (None if deepest == "school" else deepest)
    assert concise_to(kinds(out.filter(pl.col("uitsplitsing") == "totaal"))) is None
    assert concise_to([]) is None
    if deepest != "school":
        text = concise_text(deepest)
        broken, totals = text.split(" Voor ")
        for level in ("samenwerkingsverband", "gemeente"):
            assert (level in totals) == only_totals(level, deepest) != (level in broken)


def test_nothing_goes_out_deeper_than_in_any_publication_of_the_year(small):
    out = {level: kinds(going_out(small[0], level)) for level in LEVELS}
    assert stays_concise("gemeente", []) == "gemeente"
    assert stays_concise("gemeente", [out["school"]]) == "gemeente"
    assert stays_concise("school", [out["school"], out["regio"], out["gemeente"]]) == "regio"
    assert stays_concise("regio", [out["gemeente"]]) == "regio"


def test_what_stays_is_tied_together_as_it_was(small):
    """Of what goes out no sum is lost: in the system of all, what is left out being hidden, it can go just as far."""
    cube, areas = small
    part = going_out(cube, "samenwerkingsverband")
    whole, own = linear_system(cube, areas, K), linear_system(part, areas, K)
    names = [name for name in whole.named.columns if name in KEYS or name == "maat"]
    both = own.named.join(whole.named, on=names, suffix="_heel")
    assert both.height == own.named.height
    counts = own.table.counts[both["nummer"].to_numpy()], whole.table.counts[both["nummer_heel"].to_numpy()]
    assert np.array_equal(*counts)
    sensitive = own.table.sensitive[both["nummer"].to_numpy()], whole.table.sensitive[both["nummer_heel"].to_numpy()]
    assert (sensitive[0] <= sensitive[1]).all(), "what a row that is left out makes sensitive is sensitive in all only"


def test_nothing_is_told_of_what_is_left_out_either(small):
    """The gemeente that is all of its samenwerkingsverband here has its numbers in the rows of that."""
    cube, areas = small
    system, level = linear_system(cube, areas, K), "samenwerkingsverband"

    def told(safe: pl.DataFrame) -> np.ndarray:
        rows = audited(going_out(cube, level), safe, areas, K, attackers=Attackers.READERS).rows
        stand = cube.select(KEYS).join(rows.select(*KEYS, "waarde_status"), on=KEYS, how="left", maintain_order="left")
        hidden = system.hidden_in(stand.with_columns(pl.col("waarde_status").fill_null(HIDDEN)))
        return reach(system.table, hidden, copies_of(system), integer=True).exposures["cell"].to_numpy()

    assert len(told(protect(going_out(cube, level), areas, K))), "left out before anything was hidden"
    assert not len(told(going_out(protect(cube, areas, K), level)))


def test_a_level_that_is_none_is_told_with_what_there_is_to_choose_from(tmp_path):
    directory = tmp_path / "regio"
    shutil.copytree(SHIPPED / "alkmaar", directory)
    settings = directory / "regio.toml"
    settings.write_text('uitsplitsen_tot = "wijk"\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    choose = "veld uitsplitsen_tot: 'wijk' bestaat niet. Kies uit regio, samenwerkingsverband, gemeente, school"
    with pytest.raises(RegionError, match=choose):
        load_region(str(directory))
    assert load_region().uitsplitsen_tot == "school"
