"""What Dagster wrote down of its runs and its daemon, read from its database without loading Dagster.

For whoever only looks (``jos doctor``): opening an instance takes two seconds. Three tables of Dagster's own, by the
columns used here; tests hold them beside what an instance says, so a version that changes them is noticed. Whatever
acts on runs goes through an instance (``resources.dagster_instance``).
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

_ENDED = frozenset({"SUCCESS", "FAILURE", "CANCELED"})
_TEXTS = ("id", "run_id", "status", "partition")
_runs = sa.table("runs", *map(sa.column, _TEXTS), sa.column("create_timestamp", sa.DateTime))
_beats = sa.table("daemon_heartbeats", sa.column("daemon_type"), sa.column("timestamp", sa.DateTime))
_ticks = sa.table("job_ticks", sa.column("tick_body"), sa.column("timestamp", sa.DateTime))
_RUNS, _SCHEDULES = Path("history", "runs.db"), Path("schedules", "schedules.db")


@dataclass(frozen=True)
class RunRecord:
    """A run: its partition (a school year), Dagster's word for how it stands, and when it was made."""

    run_id: str
    partition: str | None
    status: str
    made: datetime

    @property
    def has_ended(self) -> bool:
        return self.status in _ENDED


@dataclass(frozen=True)
class Records:
    """How many runs there are, the newest of them, and when each part of the daemon last gave a sign of life."""

    count: int
    newest: list[RunRecord]
    beats: dict[str, datetime]


def records(home: Path, newest: int) -> Records:
    """What the instance in this directory wrote down.

    Raises SQLAlchemyError, and KeyError for a variable that is not set or a storage of another kind.
    """
    with _connected(home, _RUNS) as connection:
        runs = connection.execute(
            sa.select(_runs.c.run_id, _runs.c.partition, _runs.c.status, _runs.c.create_timestamp)
            .order_by(_runs.c.id.desc())
            .limit(newest)
        ).all()
        return Records(
            connection.scalar(sa.select(sa.func.count()).select_from(_runs)) or 0,
            [RunRecord(run_id, year, status, made.replace(tzinfo=UTC)) for run_id, year, status, made in runs],
            {kind: moment.replace(tzinfo=UTC) for kind, moment in connection.execute(sa.select(_beats)).all()},
        )


def ticks_beyond(home: Path, moment: datetime) -> dict[str, datetime]:
    """The sensors and schedules that were looked at after a moment, and when last. Raises as ``records`` does."""
    beyond = _ticks.c.timestamp > moment.astimezone(UTC).replace(tzinfo=None)
    with _connected(home, _SCHEDULES) as connection:
        found = connection.execute(sa.select(_ticks).where(beyond).order_by(_ticks.c.timestamp)).all()
    return {json.loads(body)["job_name"]: last.replace(tzinfo=UTC) for body, last in found}


def unset_variables(home: Path) -> list[str]:
    """The variables that ``dagster.yaml`` names and that are not set; without them nobody gets at the runs."""
    return sorted({name for name in _named(written(home)) if name not in os.environ})


def _named(value: Any) -> Iterator[str]:
    """The variables in a piece of ``dagster.yaml``: ``{env: NAME}`` at any depth."""
    if isinstance(value, dict):
        if isinstance(value.get("env"), str):
            yield value["env"]
        yield from (name for inner in value.values() for name in _named(inner))
    elif isinstance(value, list):
        yield from (name for inner in value for name in _named(inner))


def written(home: Path) -> dict[str, Any]:
    """What stands in ``dagster.yaml``; nothing when there is none."""
    file = home / "dagster.yaml"
    return (yaml.safe_load(file.read_text(encoding="utf-8")) or {}) if file.is_file() else {}


@contextmanager
def _connected(home: Path, file: Path) -> Iterator[sa.Connection]:
    engine = sa.create_engine(_url(home, file), hide_parameters=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _url(home: Path, file: Path) -> sa.URL:
    """Where ``dagster.yaml`` has it kept: this SQLite file of an instance that says nothing, or the server it names."""
    said = written(home)
    if "storage" not in said:
        return sa.URL.create("sqlite", database=str(home / file))
    told = {name: _value(value) for name, value in said["storage"]["postgres"]["postgres_db"].items()}
    return sa.URL.create(
        told.get("scheme", "postgresql+psycopg2"),
        told["username"],
        told.get("password"),
        told["hostname"],
        int(told.get("port", 5432)),
        told["db_name"],
        {name: str(value) for name, value in told.get("params", {}).items()},
    )


def _value(value: Any) -> Any:
    """A setting, or what the variable holds that it names: ``{env: NAME}``."""
    return os.environ[value["env"]] if isinstance(value, dict) and "env" in value else value
