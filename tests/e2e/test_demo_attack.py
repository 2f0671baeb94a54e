"""A reader with nothing but the warehouse attacks what the demo brought out: some figures here, all with `make attack`.

Of all figures together it takes more than a minute (JOS_ATTACK=alles).
"""

import os
import sqlite3

import polars as pl
import pytest

from jos_pipeline.attacking import attack_on, attack_text
from jos_pipeline.auditor.attack import unmasked
from jos_pipeline.counted import COUNTED
from jos_pipeline.publication import PublicationId
from jos_pipeline.settings import Settings
from resources.lake import Lake
from resources.warehouse import WarehouseStore
from tests.finished_demo import FinishedDemo

YEARS = ("2021-2022", "2022-2023")
SOME = ("jos_trajecten_nieuw", "jos_trajecten_afgesloten", "jos_trajecten_lopend")
"""Indicators that hang together: what began and ended, over half years."""
K = 10


def publication(demo: FinishedDemo, year: str) -> PublicationId:
    with sqlite3.connect(demo.warehouse) as database:
        (name,) = database.execute("SELECT id FROM publicatie WHERE schooljaar = ?", [year]).fetchone()
    return PublicationId.parse(name)


def some(demo: FinishedDemo, year: str) -> tuple[pl.DataFrame, dict[str, pl.DataFrame], pl.DataFrame]:
    """Rows of some indicators as a reader has them, the dimension tables, and the truth."""
    store, named = WarehouseStore(f"sqlite:///{demo.warehouse}"), publication(demo, year)
    tables = {name: pl.from_pandas(table) for name, table in store.copy_of(named).items()}
    (sha256,) = {one.sha256 for one in store.brought_out(year) if one.id == named}
    truth = Lake(str(demo.home / "lake")).read_under(COUNTED, year, sha256)
    chosen = pl.col("indicator").is_in(SOME)
    return tables["monitor_indicator"].filter(chosen), tables, truth.filter(chosen)


def test_nothing_is_worked_out_from_some_figures_and_what_is_shown_again_is(finished_demo: FinishedDemo) -> None:
    rows, dims, truth = some(finished_demo, YEARS[1])
    found, told = unmasked(rows, dims, K, truth)
    assert found.intervals.height > 100
    assert told.is_empty()

    # the school year and its first half are shown of one small second half: their difference
    place = ["niveau", "gebied", "uitsplitsing", "categorie"]
    new = truth.filter(indicator=SOME[0])
    small = new.filter(periode="halfjaar_2").filter(pl.col("teller").is_between(1, K - 1)).sort(place).head(1)
    assert small.height == 1
    others = new.join(small, on=place, how="semi").filter(pl.col("periode") != "halfjaar_2")
    given = others.select("indicator", "periode", *place, _teller="teller")
    leaking = (
        rows.filter(indicator=SOME[0])
        .join(given, on=["indicator", "periode", *place], how="left", maintain_order="left")
        .with_columns(pl.coalesce("_teller", name).alias(name) for name in ("teller", "waarde"))
    )
    told = unmasked(leaking.drop("_teller"), dims, K, new)[1]
    assert told.join(small, on=["indicator", "periode", *place]).select("exact", "shown").row(0) == (True, False)


if os.environ.get("JOS_ATTACK") == "alles":  # not a test that skips: a skip is a failure where all real parts are there

    @pytest.mark.parametrize("year", YEARS)
    def test_nothing_is_worked_out_from_all_figures(finished_demo: FinishedDemo, year: str) -> None:
        settings = Settings(home=finished_demo.home)
        outcome = attack_on(settings, publication(finished_demo, year))
        assert outcome.told == 0
        assert outcome.counts > 5_000
        assert "Niets te ver te herleiden" in attack_text(outcome)
