"""A concise publication: exactly the rows that it says, and nothing is told of those that it leaves out."""

import re
import shutil

import numpy as np
import polars as pl
import pytest
from small_worlds import YEAR, crowd

from jos_pipeline.audited import audited, copies_of
from jos_pipeline.auditor.reach import reach
from jos_pipeline.concise import Depth, concise_text, concise_to, depth, going_out, stays_concise
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
EVERY = [depth(figures, broken) for figures in LEVELS for broken in LEVELS if LEVELS[broken] <= LEVELS[figures]]


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


@pytest.mark.parametrize("to", EVERY, ids=str)
def test_exactly_what_lies_deeper_is_left_out(small, to):
    cube, _ = small
    out = going_out(cube, to)
    deep = pl.col("niveau").replace_strict(LEVELS, return_dtype=pl.Int64)
    limit = pl.when(uitsplitsing="totaal").then(LEVELS[to.cijfers]).otherwise(LEVELS[to.uitsplitsingen])
    gone = cube.join(out, on=KEYS, how="anti")
    assert out.equals(cube.join(gone, on=KEYS, how="anti", maintain_order="left")), "the others, in the same order"
    assert gone.filter(deep <= limit).is_empty()
    assert out.filter(deep > limit).is_empty()
    assert gone.is_empty() == to.whole


@pytest.mark.parametrize("to", EVERY, ids=str)
def test_that_it_is_concise_and_how_far_follows_from_its_rows(small, to):
    out = going_out(small[0], to)
    assert concise_to(kinds(out)) == (None if to.whole else to)
    only = concise_to(kinds(out.filter(pl.col("uitsplitsing") == "totaal")))
    assert only == (None if to.cijfers == "school" else Depth(to.cijfers, to.cijfers))
    assert concise_to([]) is None


@pytest.mark.parametrize("to", [to for to in EVERY if not to.whole], ids=str)
def test_every_level_is_said_to_have_what_it_has(to):
    said = concise_text(to).removeprefix("Deze publicatie is beknopt. ").replace("samenwerkingsverbanden", "verbanden")
    parts = {"alles": "", "totalen": "", "niets": ""}
    for sentence in said.split(". "):
        if found := re.fullmatch(r"Uitsplitsingen, zoals .*, staan er voor (.*)", sentence):
            parts["alles"] = found[1]
        elif found := re.fullmatch(r"Voor (.*) staan er alleen totalen", sentence):
            parts["totalen"] = found[1]
        elif found := re.fullmatch(r"Over (.*) staan er geen cijfers", sentence):
            parts["niets"] = found[1]
    for level, name in (("samenwerkingsverband", "verbanden"), ("gemeente", "gemeenten"), ("school", "scholen")):
        there = LEVELS[level] <= LEVELS[to.uitsplitsingen]
        assert (name in parts["alles"]) == (there and bool(parts["totalen"]))
        assert (name in parts["totalen"]) == to.only_totals(level)
        assert (name in parts["niets"]) == (LEVELS[level] > LEVELS[to.cijfers])


def test_nothing_goes_out_deeper_than_in_any_publication_of_the_year(small):
    out = {to: kinds(going_out(small[0], to)) for to in EVERY}
    broken = Depth("school", "gemeente")
    assert stays_concise(broken, []) == broken
    assert stays_concise(broken, [out[Depth()]]) == broken
    assert stays_concise(Depth(), [out[Depth()], out[Depth("school", "regio")], out[broken]]) == Depth(
        "school", "regio"
    )
    assert stays_concise(Depth("school", "regio"), [out[broken]]) == Depth("school", "regio")
    without = Depth("gemeente", "gemeente")
    assert stays_concise(Depth(), [out[without]]) == without
    assert stays_concise(Depth("school", "regio"), [out[without]]) == Depth("gemeente", "regio")
    assert stays_concise(without, [out[Depth("school", "samenwerkingsverband")]]) == Depth(
        "gemeente", "samenwerkingsverband"
    )


def test_what_stays_is_tied_together_as_it_was(small):
    """Of what goes out no sum is lost: in the system of all, what is left out being hidden, it can go just as far."""
    cube, areas = small
    part = going_out(cube, Depth("school", "samenwerkingsverband"))
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
    system, level = linear_system(cube, areas, K), Depth("school", "samenwerkingsverband")

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
    as_it_was = settings.read_text(encoding="utf-8")
    for name in ("cijfers_tot", "uitsplitsen_tot"):
        settings.write_text(f'{name} = "wijk"\n{as_it_was}', encoding="utf-8")
        choose = f"veld {name}: 'wijk' bestaat niet. Kies uit regio, samenwerkingsverband, gemeente, school"
        with pytest.raises(RegionError, match=choose):
            load_region(str(directory))
    assert depth(load_region().cijfers_tot, load_region().uitsplitsen_tot).whole
    assert depth("gemeente", "school") == Depth("gemeente", "gemeente"), "no deeper than the figures themselves"
