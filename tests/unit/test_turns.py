"""Turns on school years, beside SQLite and in PostgreSQL. Hosts that die: ``tests/dagster/test_many_hosts.py``."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from resources.lake import Lake
from resources.turns import LostTurnError, turn_if_free, turn_of, whole_turn
from tests.databases import empty_database, needs_postgres

ONE, OTHER = "2022-2023", "2023-2024"


def free(url: str, year: str) -> bool:
    """Whether another would get the turn now."""

    def asked() -> bool:
        with turn_if_free(url, year) as turn:
            return turn is not None

    with ThreadPoolExecutor(1) as another:
        return another.submit(asked).result()


def test_a_school_year_is_of_one_at_a_time_and_the_others_are_free(any_database: str):
    with turn_of(any_database, ONE):
        assert (free(any_database, ONE), free(any_database, OTHER)) == (False, True)
        with turn_of(any_database, ONE), turn_if_free(any_database, ONE) as again:
            assert again is not None, "whoever has it has it still"
        assert not free(any_database, ONE), "also after that"
    assert free(any_database, ONE)


def test_whoever_wants_everything_waits_for_all_and_all_wait_for_that(any_database: str):
    taken, enough, order = threading.Event(), threading.Event(), []

    def year() -> None:
        with turn_of(any_database, ONE):
            taken.set()
            enough.wait(30)
            order.append("jaar")

    def everything() -> None:
        with whole_turn(any_database):
            order.append("alles")
            assert not free(any_database, OTHER)
            with turn_of(any_database, OTHER):
                pass  # who has everything has this

    with ThreadPoolExecutor(2) as both:
        first = both.submit(year)
        assert taken.wait(30)
        second = both.submit(everything)
        with pytest.raises(TimeoutError):
            second.result(timeout=0.3)
        enough.set()
        first.result()
        second.result()
    assert order == ["jaar", "alles"]
    assert free(any_database, OTHER)


@needs_postgres
def test_nothing_is_written_any_more_when_the_server_let_go_of_the_turn(tmp_path: Path):
    frame = pl.DataFrame({"a": [1]})
    with empty_database() as url, turn_of(url, ONE) as turn:
        lake = Lake(str(tmp_path)).guarded(turn.still_ours)
        lake.write_layer("gekoppeld", "traject", ONE, frame)
        before = lake.changed()
        server = sa.create_engine(url, poolclass=sa.NullPool)
        with server.connect() as connection:  # as after a network that was away too long
            ended = connection.execute(sa.text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE objsubid = 2"))
            assert ended.scalars().first() is True
        for write in (
            lambda: lake.write_layer("gekoppeld", "traject", ONE, frame),
            lambda: lake.write_report("publicatie", "beveiligd", ONE, {}),
            lambda: lake.remove_file(f"gekoppeld/traject/{ONE}.parquet"),
        ):
            with pytest.raises(LostTurnError, match="een andere machine"):
                write()
        assert lake.changed() == before
        assert free(url, ONE)
