"""Every cell of the cube of small invented regions against an independent recount, and what must not matter.

A few regions here, because each is a whole cube; JOS_FUZZ says how many when more are wanted.
"""

import os
from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd
import polars as pl
import pytest
from small_worlds import YEAR, Small, as_records, small_world

from jos_pipeline.coverage import Coverage
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.linking import link
from jos_pipeline.region import SupplierKind
from schemas.indicators import INDICATOR_IDS
from tests.e2e.recount import KEY, recount
from tests.e2e.recount_coverage import SOURCES

WORLDS = int(os.environ.get("JOS_FUZZ", "5"))
OPEN_DATA = {"duo_leerlingen", "duo_slaagpercentage"}
NO_VALUE = ("niet_geleverd", "niet_van_toepassing", "geen_waarnemingen")
PER_TEAM = [name for name, sources in SOURCES.items() if {"inzet", "activiteiten"} & set(sources)]


def cube_of(small: Small, year: str = YEAR) -> pd.DataFrame:
    base = link(small.frames, small.region, year)
    cube = compute_cube(base, Coverage(small.in_force), small.region, year, small.peildatum)
    return pd.DataFrame(cube.to_dict(as_series=False)).set_index(KEY).sort_index()


@cache
def world(seed: int) -> tuple[Small, pd.DataFrame]:
    small = small_world(seed)
    return small, cube_of(small)


@cache
def beside(seed: int) -> pd.DataFrame:
    """The cube with the recount beside it, of which the columns end in ``_na``."""
    small, cube = world(seed)
    figures = recount(as_records(small), small.in_force, small.region, YEAR, small.peildatum)
    figures["waarde"] = figures["precies"].combine_first(figures["waarde"]).astype(float)
    return cube.join(figures.add_suffix("_na"), how="left")


def told(rows: pd.DataFrame, *columns: str) -> str:
    shown = ["waarde_status", *columns]
    return f"{rows.groupby('indicator').size()}\n{rows[shown].head(12).to_string()}"


@pytest.mark.parametrize("seed", range(WORLDS))
def test_every_figure_is_what_the_recount_gives(seed: int) -> None:
    rows = beside(seed)
    rows = rows[~rows["waarde_status"].isin(NO_VALUE)]
    assert rows["teller_na"].notna().any()
    for name in ("waarde", "teller", "noemer"):
        found, expected = rows[name].astype(float), rows[f"{name}_na"].astype(float)
        differs = (found - expected).abs() > 1e-6 * expected.abs().clip(lower=1)
        differs |= found.notna() & expected.isna()
        wrong = rows[differs & ~rows.index.get_level_values("indicator").isin(OPEN_DATA)]
        assert wrong.empty, f"{name}: {told(wrong, name, f'{name}_na')}"


@pytest.mark.parametrize("seed", range(WORLDS))
def test_coverage_and_origin_are_what_the_recount_gives(seed: int) -> None:
    rows = beside(seed)
    rows = rows[rows["n_verwacht_na"].notna()]
    for name in ("n_verwacht", "n_geleverd", "herkomst"):
        wrong = rows[rows[name] != rows[f"{name}_na"]]
        assert wrong.empty, f"{name}: {told(wrong, name, f'{name}_na')}"
    share = rows["n_geleverd"] / rows["n_verwacht"].where(rows["n_verwacht"] > 0)
    pd.testing.assert_series_equal(rows["dekking"], share, check_names=False)


@pytest.mark.parametrize("seed", range(WORLDS))
def test_every_status_is_what_the_recount_gives(seed: int) -> None:
    small, _ = world(seed)
    rows = beside(seed)
    rows = rows[rows["n_verwacht_na"].notna()]
    expected = rows.apply(_status, axis=1, least=small.region.min_dekking)
    area = pd.Series(list(zip(*map(rows.index.get_level_values, ("niveau", "gebied")), strict=True)), rows.index)
    pupils = (rows.index.get_level_values("indicator") == "leerlingen") & (
        rows.index.get_level_values("uitsplitsing") == "totaal"
    )
    complete = rows["n_verwacht_na"].eq(rows["n_geleverd_na"])
    nobody = area.isin(set(area[pupils & rows["teller_na"].eq(0) & complete]))
    nobody_there = rows["waarde_status"].eq("geen_waarnemingen") & nobody & rows["teller_na"].eq(0)
    of_a_shared_team = (
        rows["waarde_status"].eq("niet_van_toepassing")
        & rows.index.get_level_values("indicator").isin(PER_TEAM)
        & (rows["teller_na"].eq(0) | rows["noemer_na"].eq(0))
    )
    wrong = rows[(rows["waarde_status"] != expected) & ~nobody_there & ~of_a_shared_team]
    assert wrong.empty, told(wrong.assign(expected=expected), "expected", "teller_na", "noemer_na", "dekking")


def _status(row: pd.Series, least: float) -> str:
    if not row["n_verwacht_na"]:
        return "niet_van_toepassing"
    if not row["n_geleverd_na"]:
        return "niet_geleverd"
    if row["noemer_na"] == 0:
        return "geen_waarnemingen"
    if row["onzeker_na"]:
        return "interval"
    return "laag_betrouwbaar" if row["n_geleverd_na"] / row["n_verwacht_na"] < least else "ok"


@pytest.mark.parametrize("seed", range(WORLDS))
def test_ranks_follow_the_counts(seed: int) -> None:
    rows = beside(seed)
    ranked = rows[rows["rang"].notna()]
    first = ranked["plaats_in_rangorde_na"].str[0]
    assert ranked["rang"].eq(first).all()
    due = rows[rows["plaats_in_rangorde_na"].notna() & (rows["teller"] > 0)]
    due = due[(due["plaats_in_rangorde_na"].str[0] <= 10) & (due.index.get_level_values("categorie") != "totaal")]
    assert due["rang"].notna().all()


def test_the_invented_regions_hold_what_is_hard() -> None:
    """Otherwise agreeing proves little."""
    rows = pd.concat([beside(seed) for seed in range(8)])
    values = rows[rows["waarde"].notna()].index.get_level_values("indicator")
    assert set(INDICATOR_IDS.values) - set(values) <= OPEN_DATA
    assert set(rows["herkomst"]) == {"levering", "opgave", "gemengd"}
    assert set(rows["waarde_status"]) >= {"ok", "laag_betrouwbaar", "interval", *NO_VALUE}


# --- what must not matter ------------------------------------------------------------------------------------------


def same(found: pd.DataFrame, expected: pd.DataFrame, *but: str) -> None:
    pd.testing.assert_frame_equal(found.drop(columns=list(but)), expected.drop(columns=list(but)), rtol=1e-9)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_and_the_names_of_persons_do_not_matter(seed: int) -> None:
    small, cube = world(seed)
    renamed = (pl.lit("x") + pl.col("leerling_id").str.reverse()).alias("leerling_id")
    frames = {
        soort: frame.sample(fraction=1, shuffle=True, seed=seed).with_columns(renamed)
        if "leerling_id" in frame.columns
        else frame.reverse()
        for soort, frame in small.frames.items()
    }
    same(cube_of(replace(small, frames=frames)), cube)


def test_a_delivery_split_over_two_suppliers_counts_the_same() -> None:
    """Two aanbieders each send half of what one sent; only the respons counts one supplier more."""
    small, cube = world(3)
    one = next(s for s in small.region.leveranciers if s.soort is SupplierKind.AANBIEDER)
    two = one.model_copy(update={"id": "jos-twee"})
    region = small.region.model_copy(update={"leveranciers": (*small.region.leveranciers, two)})
    half = pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit(two.id)).otherwise(pl.lit(one.id))
    frames = small.frames | {
        soort: small.frames[soort].with_columns(leverancier=half) for soort in ("inzet", "trajecten", "activiteiten")
    }
    missing = small.missing | {(two.id, soort) for name, soort in small.missing if name == one.id}
    found = cube_of(replace(small, region=region, frames=frames, missing=missing))
    kept = cube.index.get_level_values("indicator") != "respons"
    same(found[kept], cube[kept])
    assert not found[~kept].equals(cube[~kept])


def test_an_empty_school_changes_no_figure_of_another() -> None:
    """It is counted as a school, and as one that did not deliver."""
    small, cube = world(3)
    empty = small.region.scholen[0].model_copy(update={"school": "99ZZ00"})
    region = small.region.model_copy(update={"scholen": (*small.region.scholen, empty)})
    found = cube_of(replace(small, region=region))
    found = found[found.index.get_level_values("gebied") != "99ZZ00"].sort_index()
    both = cube["waarde"].notna() & found["waarde"].notna() & (cube.index.get_level_values("indicator") != "scholen")
    same(found.loc[both, ["waarde", "teller", "noemer"]], cube.loc[both, ["waarde", "teller", "noemer"]])
    everywhere = ("schooljaar", "regio", "testregio", "totaal", "totaal")
    before, after = (rows.loc[("leerlingen", *everywhere), "n_verwacht"] for rows in (cube, found))
    assert after == before + 1


def test_a_year_later_is_the_same() -> None:
    """Dates, school year, peildatum and dated areas move by two years: no 29 February comes within the year."""
    small, cube = world(4)
    moved = {soort: frame.with_columns(pl.col(pl.Date).dt.offset_by("2y")) for soort, frame in small.frames.items()}
    areas = tuple(
        area.model_copy(update={name: _later(getattr(area, name)) for name in ("geldig_van", "geldig_tot")})
        for area in small.region.gebieden
    )
    later = replace(
        small,
        frames=moved,
        region=small.region.model_copy(update={"gebieden": areas}),
        peildatum=_later(small.peildatum),
    )
    same(cube_of(later, "2024-2025"), cube, "schooljaar", "peildatum")


def _later(day: date | None) -> date | None:
    return day and day.replace(year=day.year + 2)
