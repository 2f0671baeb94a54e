"""A process that is killed while it publishes or withdraws leaves the old or the new, never half of it."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from jos_pipeline.publication import MONITOR_SCHEMA, PublicationId, content_hash, current
from resources.warehouse import WarehouseStore
from tests.dagster.endless_publishing import YEAR, bring_out

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("JOS_KILLS", "1"))


def _started(url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.dagster.endless_publishing", url]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> list[WarehouseStore]:
    """Warehouses in which a process was publishing and withdrawing without end when it was killed."""
    urls = [f"sqlite:///{tmp_path_factory.mktemp('gedood') / 'warehouse.db'}" for _ in range(KILLS)]
    for process in [_started(url) for url in urls]:
        assert process.stdout is not None
        assert process.stdout.readline() == "begonnen\n"
        time.sleep(random.uniform(0.01, 0.6))
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        process.stdout.close()
    return [WarehouseStore(url) for url in urls]


def typed(frame) -> pl.DataFrame:
    return pl.from_pandas(frame).select(pl.col(name).cast(kind) for name, kind in MONITOR_SCHEMA.items())


def test_every_publication_is_whole_and_the_current_one_is_shown(left_behind: list[WarehouseStore]):
    for store in left_behind:
        out = store.brought_out(YEAR)
        assert out
        for row, published in zip(store.publications(YEAR).itertuples(), out, strict=True):
            rows = store.publication_rows(published.id)
            assert len(rows) == row.rijen
            assert content_hash(typed(rows)) == row.sha256
            assert store.deliveries_behind(published.id)["id"].tolist() == [1]
        holds = current(out)
        shown = store.published(YEAR)
        assert shown.equals(store.publication_rows(holds.id) if holds else shown.iloc[:0])
        withdrawn = {str(published.id) for published in out if published.ingetrokken}
        assert set(store.withdrawals()["publicatie"]) == withdrawn


def test_work_goes_on_where_it_stopped(left_behind: list[WarehouseStore]):
    for store in left_behind:
        last = store.brought_out(YEAR)[-1].id
        following = replace(last, volgnummer=last.volgnummer + 1)
        bring_out(store, following)
        assert set(store.published(YEAR)["publicatie"]) == {str(following)}
        assert PublicationId.parse(str(following)) == following
