"""Every cell of the cube of small invented regions against an independent recount, and what must not matter.

A few dozen regions here; JOS_FUZZ says how many when more are wanted.
"""

import os

import pandas as pd
import polars as pl
import pytest
from small_worlds import YEAR, Small, as_records, small_world

from jos_pipeline.coverage import Coverage
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.linking import link
from tests.e2e.recount import KEY, recount

WORLDS = int(os.environ.get("JOS_FUZZ", "12"))
NO_VALUE = ("niet_geleverd", "niet_van_toepassing", "geen_waarnemingen")


def cube_of(small: Small) -> pd.DataFrame:
    base = link(small.frames, small.region, YEAR)
    cube = compute_cube(base, Coverage(small.in_force), small.region, YEAR, small.peildatum)
    return pd.DataFrame(cube.to_dict(as_series=False)).set_index(KEY)


def recount_of(small: Small) -> pd.DataFrame:
    return recount(as_records(small), small.in_force, small.region, YEAR, small.peildatum)


@pytest.mark.parametrize("seed", range(WORLDS))
def test_the_cube_is_what_the_recount_gives(seed: int) -> None:
    small = small_world(seed)
    cube, figures = cube_of(small), recount_of(small)
    both = cube.join(figures.add_suffix("_na"), how="inner")
    both["waarde_na"] = both["precies_na"].combine_first(both["waarde_na"]).astype(float)
    told = both[~both["waarde_status"].isin(NO_VALUE)]
    for name, slack in (("waarde", 1e-6), ("teller", 1e-6), ("noemer", 1e-6), ("n_verwacht", 0), ("n_geleverd", 0)):
        _agree(told[told[name].notna() & told[f"{name}_na"].notna()], name, slack)
    _agree(both[both["n_verwacht_na"].notna()], "n_verwacht", 0)
    _agree(both[both["n_verwacht_na"].notna()], "n_geleverd", 0)


def _agree(rows: pd.DataFrame, name: str, slack: float) -> None:
    found, expected = rows[name].astype(float), rows[f"{name}_na"].astype(float)
    wrong = rows[(found - expected).abs() > slack * expected.abs().clip(lower=1)]
    shown = ["waarde_status", "waarde", "waarde_na", "teller", "teller_na", "noemer", "noemer_na", "n_geleverd"]
    assert wrong.empty, f"{name}: {wrong.groupby('indicator').size()}\n{wrong[[*shown, 'n_geleverd_na']].head(12).to_string()}"
