"""Dagster and the warehouse on PostgreSQL, as in production."""

from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa
from rich.console import Console

from jos_pipeline.headless import INSTANCE_FILE, run_everything
from jos_pipeline.settings import Settings
from resources.dagster_records import RunRecord, records
from resources.dagster_resources import WarehouseResource
from tests.dagster.conftest import PEILDATUM, TRAJECTEN, YEAR, Finished
from tests.databases import empty_database, needs_postgres
from tests.records import delivery

OVERLAY = INSTANCE_FILE.parent / "deploy" / "postgres" / "dagster.yaml"

pytestmark = [
    needs_postgres,
    pytest.mark.filterwarnings(
        # Dagster ends the processes that follow a run's output and does not wait for them: some may still live
        "ignore:.*Popen.__del__:pytest.PytestUnraisableExceptionWarning"
    ),
]


@pytest.fixture
def database() -> Iterator[str]:
    with empty_database() as made:
        yield made


def test_a_run_with_everything_in_postgresql_gives_the_figures_of_sqlite(
    finished: Finished, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home, url = tmp_path / "dagster", sa.make_url(database)
    home.mkdir()
    (home / "dagster.yaml").write_text(INSTANCE_FILE.read_text() + OVERLAY.read_text())
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    where = {"HOST": url.host, "PORT": url.port or 5432, "USERNAME": url.username, "DB": url.database}
    for name, value in {**where, "PASSWORD": url.password or "geen"}.items():
        monkeypatch.setenv(f"DAGSTER_PG_{name}", str(value))
    settings = Settings(home=tmp_path / "home", warehouse=database, stabiel_seconden=0)
    folder = Path(settings.inbox_url) / "groeimee"
    folder.mkdir(parents=True)
    (folder / TRAJECTEN).write_bytes(delivery("trajecten"))
    run_everything(settings, PEILDATUM, publish=True, final=False, console=Console(quiet=True))

    store = WarehouseResource.at(database).open()  # that of the run
    assert list(store.publications()["sha256"]) == list(finished.store.publications()["sha256"])
    assert list(store.publications()["peildatum"]) == [date(2023, 2, 1)]
    store.close()
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert [run.status for run in instance.get_runs()] == [dg.DagsterRunStatus.SUCCESS]
        there = records(home, 3)
        assert there.newest == [
            RunRecord(run.dagster_run.run_id, YEAR, "SUCCESS", run.create_timestamp.replace(tzinfo=UTC))
            for run in instance.get_run_records()
        ]
        assert (there.count, there.beats) == (1, {})
    with sa.create_engine(database, poolclass=sa.NullPool).connect() as connection:
        kept = connection.execute(sa.text("SELECT count(*) FROM event_logs WHERE partition = :year"), {"year": YEAR})
        assert kept.scalar() > 0
    assert not list(home.rglob("*.db")), "nothing of Dagster is kept in files"
