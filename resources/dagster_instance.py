"""A Dagster instance for one process that runs jobs: the same files, without opening them anew for every event.

Dagster builds an engine, opens the file, compiles its statement and closes all of it again for every event and every
look at a run; closing the last connection also makes SQLite write its log back into the file. With thousands of
events that is a large part of a run. Here engines and connections live as long as the instance. What is in the files
is the same, so daemon and webserver, which open them in their own way, see nothing of it.

What runs and what is in the events is not known here.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Self

import dagster as dg
import sqlalchemy as sa
from dagster._core.instance import InstanceRef
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.runs import SqliteRunStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS

from resources.dagster_records import unset_variables, written
from resources.json_log import without_news_of_beta

SILENT = {"module": "dagster._core.storage.noop_compute_log_manager", "class": "NoOpComputeLogManager"}
"""Nothing of ours is printed in a step, and to follow what libraries print costs four processes a run."""


class DagsterStorageError(RuntimeError):
    """Where Dagster keeps its runs cannot be reached; the message (Dutch) says what to do."""


@contextmanager
def opened_instance(directory: Path) -> Iterator[dg.DagsterInstance]:
    """The instance that ``dagster.yaml`` in this directory describes; in SQLite its connections stay open.

    What libraries print in a step goes to the terminal, not to Dagster. Raises DagsterStorageError.
    """
    without_news_of_beta()
    with _described(directory) as instance, _Engines() as engines:
        # no public way to say how a storage connects, other than a class of our own in dagster.yaml, which would have
        # to name the directory and which the daemon would have to load too
        events, runs = instance.event_log_storage, instance.run_storage
        if isinstance(events, SqliteEventLogStorage):
            events._connect = _event_connections(events, engines)  # noqa: SLF001
        if isinstance(runs, SqliteRunStorage):
            runs.connect = lambda: engines.of(runs._conn_string).begin()  # noqa: SLF001
        yield instance


def _described(directory: Path) -> dg.DagsterInstance:
    """The instance; what is wrong with its storage is told in a line. Raises DagsterStorageError."""
    if unset := unset_variables(directory):
        raise DagsterStorageError(
            f"{directory / 'dagster.yaml'} vraagt om {', '.join(unset)}. Zet die in de omgeving (docs/productie.md)"
        )
    try:
        overrides = {"compute_logs": SILENT} | written(directory)
        return dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(directory), overrides=overrides))
    except Exception as error:
        if type(error).__name__ != "DagsterPostgresException":  # of a library that only production has
            raise
        raise DagsterStorageError(
            f"de database van Dagster antwoordt niet; die staat in {directory / 'dagster.yaml'}. jos doctor zegt meer"
        ) from None


class _Engines:
    """One engine per file; closed together."""

    def __init__(self) -> None:
        self._known: dict[str, sa.Engine] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for engine in self._known.values():
            engine.dispose()

    def of(self, url: str, first: Callable[[sa.Engine], None] | None = None) -> sa.Engine:
        """The engine of a file; ``first`` is done with it once."""
        if url not in self._known:
            engine = sa.create_engine(url, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})
            sa.event.listen(engine, "connect", _prepare)
            if first is not None:
                first(engine)
            self._known[url] = engine
        return self._known[url]


def _prepare(connection: Any, _record: object) -> None:
    # whole at any moment; a power cut may take the last events of a run, which it has ended anyway
    connection.execute("PRAGMA synchronous = NORMAL")


def _event_connections(
    storage: SqliteEventLogStorage, engines: _Engines
) -> Callable[[str], AbstractContextManager[sa.Connection]]:
    """What Dagster's ``_connect`` does, with an engine that stays."""

    @contextmanager
    def connect(shard: str) -> Iterator[sa.Connection]:
        with (
            storage._db_lock,  # noqa: SLF001
            engines.of(storage.conn_string_for_shard(shard), storage._initdb).begin() as connection,  # noqa: SLF001
        ):
            yield connection

    return connect
