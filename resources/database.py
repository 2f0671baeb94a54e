"""A database behind an SQLAlchemy URL: SQLite or PostgreSQL, one writer at a time, typed frames out.

What the tables mean is not known here.
"""

import logging
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from jos_pipeline.full_disk import full_disk
from resources.database_address import UnreachableDatabaseError, address, unreachable, unusable

CHUNK = 5_000
BUSY_SECONDS = 60.0

_WRITER = 0x4A4F53
"""The PostgreSQL advisory lock of whoever writes ("JOS")."""
_NO_LOCK = "55P03"
"""The SQLSTATE of a server on which somebody else kept a lock for too long."""


SILENCE = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"} | {
    "tcp_user_timeout": "30000",
    "client_connection_check_interval": "10000",
}
"""Settings by which a PostgreSQL server sees within half a minute that a host went down or its network was cut.

Otherwise it would keep the locks of that host for hours: no process is left there to say that it ended.
"""
PATIENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""The same the other way around: a server that is gone is an error here, and not a process that waits for ever."""

PAUSES = (0.0, 0.5, 2.0)
"""Seconds to wait before each attempt to connect."""


class BusyDatabaseError(UnreachableDatabaseError):
    """Another program went on writing for as long as we were willing to wait."""

    def __init__(self) -> None:
        super().__init__(
            "de database is bezet: een ander programma schrijft erin en laat niet los. Wacht tot dat klaar is of sluit "
            "het, en geef de opdracht opnieuw: er is niets verloren en niets half gedaan"
        )


class RefusedByDatabaseError(Exception):
    """Rows broke a rule of the database. Says which kind of rule, never which row: PostgreSQL would print it."""


class Database:
    """Connections to one database. Parameters are never shown in an error."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)

    def close(self) -> None:
        """Closes every connection."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that sees the database as it was when it began, and never waits for a writer."""
        with self._connection() as connection:
            yield connection

    @contextmanager
    def rebuild(self) -> Iterator[sa.Connection]:
        """As ``write``, while tables are changed: SQLite makes some anew, and checks foreign keys only at the end."""
        with self._write(jos_rebuilds=True) as connection:
            yield connection
            if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise RefusedByDatabaseError("the changed tables refer to rows that are not there")

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that no other writer runs beside: kept whole at the end, undone whole by an exception.

        Raises RefusedByDatabaseError when a row breaks a key, a constraint or a type.
        """
        with self._write() as connection:
            yield connection

    @contextmanager
    def session(self, name: str) -> Iterator[sa.Connection]:
        """A connection outside any transaction, for locks that last; ``name`` is what the server shows of it.

        It is closed at the end, whatever happened to it, and the server lets go of its locks.
        """
        with self._connection(isolation_level="AUTOCOMMIT") as connection:
            try:
                connection.execute(sa.select(sa.func.set_config("application_name", name, False)))
                yield connection
            finally:
                connection.invalidate()

    @contextmanager
    def _write(self, **options: bool) -> Iterator[sa.Connection]:
        try:
            with self._connection(jos_writes=True, **options) as connection, connection.begin():
                if connection.dialect.name == "postgresql":
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITER)))
                yield connection
        except (sa.exc.IntegrityError, sa.exc.DataError) as error:
            raise RefusedByDatabaseError(f"the database refused a row: {type(error.orig).__name__}") from None

    def frame(self, statement: sa.Select[Any]) -> pd.DataFrame:
        """The rows of a query on tables, with the same types whatever the database and also when there are none."""
        with self.read() as connection:
            return _frame(connection, statement)

    def frames(self, statements: Mapping[str, sa.Select[Any]]) -> dict[str, pd.DataFrame]:
        """The rows of several queries, all of one and the same moment, whatever is written meanwhile."""
        with self._connection() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                return {name: _frame(connection, statement) for name, statement in statements.items()}

    @contextmanager
    def _connection(self, **options: bool | str) -> Iterator[sa.Connection]:
        """A connection; a server that does not answer is asked again.

        Raises UnreachableDatabaseError, BusyDatabaseError, and beside an SQLite file FullDiskError and NoDatabaseError.
        """
        try:
            with self._connected(self._engine.execution_options(**options)) as connection:
                yield connection
        except sa.exc.OperationalError as error:
            if _is_busy(error):
                raise BusyDatabaseError from None
            raise

    def _connected(self, engine: sa.Engine) -> sa.Connection:
        for pause in PAUSES if engine.dialect.name == "postgresql" else PAUSES[:1]:
            if pause:
                time.sleep(pause)
            try:
                return engine.connect()
            except sa.exc.OperationalError as error:
                if _is_busy(error):  # an SQLite file that is not in WAL yet: there a writer stops readers too
                    raise
                if full := full_disk(error):
                    raise full from None
            except sa.exc.DatabaseError as error:
                told = unusable(engine.url, error)
                if told is None:
                    raise
                raise told from None
        raise unreachable(engine.url) from None


def _is_busy(error: sa.exc.OperationalError) -> bool:
    """Whether another one kept a lock for longer than ``BUSY_SECONDS``, or than the ``lock_timeout`` of a server."""
    # SQLite tells in the other bits why
    sqlite_code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    return sqlite_code == sqlite3.SQLITE_BUSY or getattr(error.orig, "sqlstate", None) == _NO_LOCK


def _frame(connection: sa.Connection, statement: sa.Select[Any]) -> pd.DataFrame:
    rows = connection.execute(statement).all()
    columns = list(statement.selected_columns)
    # column by column: pandas would ask every row of SQLAlchemy what kind of thing it is
    cells = zip(*rows, strict=True) if rows else ((),) * len(columns)
    return pd.DataFrame(
        {
            column.name: _as_series(pd.Series(content, dtype=object), column)
            for column, content in zip(columns, cells, strict=True)
        }
    )


def insert_rows(connection: sa.Connection, table: sa.Table, rows: Iterable[Mapping[str, object]]) -> None:
    """Adds rows in chunks, so that memory does not grow with the table."""
    chunk: list[Mapping[str, object]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            connection.execute(table.insert(), chunk)
            chunk = []
    if chunk:
        connection.execute(table.insert(), chunk)


def replace_rows(connection: sa.Connection, table: sa.Table, rows: Iterable[Mapping[str, object]]) -> None:
    """Puts rows in the place of all that the table holds."""
    connection.execute(table.delete())
    insert_rows(connection, table, rows)


def _engine(url: str) -> sa.Engine:
    """An engine that never shows parameters in an error. SQLite: WAL, foreign keys and patience with other writers."""
    parsed = address(url)
    if parsed.get_backend_name() != "sqlite":
        # the error itself tells more than the line with which psycopg lets go of a connection that is gone
        logging.getLogger("psycopg").addHandler(logging.NullHandler())
        try:
            return sa.create_engine(parsed, hide_parameters=True, pool_pre_ping=True, connect_args=_awake(parsed))
        except ModuleNotFoundError:
            raise UnreachableDatabaseError(
                "PostgreSQL vraagt de pakketten uit requirements/productie.txt: installeer die"
            ) from None
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _awake(url: sa.URL) -> dict[str, str | int]:
    """What makes both ends see that the other is gone; what the URL itself says goes first."""
    given = url.query.get("options", ())
    said = [given] if isinstance(given, str) else list(given)
    options = " ".join([*(f"-c {name}={value}" for name, value in SILENCE.items()), *said])
    return {**{name: value for name, value in PATIENCE.items() if name not in url.query}, "options": options}


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # sqlite3 would begin and commit by itself, around DDL too; here _begin_sqlite does
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    # neither can be changed within a transaction; a table that is made anew takes its old name back at the end
    rebuilds = options.get("jos_rebuilds", False)
    connection.exec_driver_sql(f"PRAGMA foreign_keys = {'OFF' if rebuilds else 'ON'}")
    connection.exec_driver_sql(f"PRAGMA legacy_alter_table = {'ON' if rebuilds else 'OFF'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("jos_writes", False) else "BEGIN")


def _as_series(cells: pd.Series, column: sa.ColumnElement[Any]) -> pd.Series:
    """The cells with a fixed type, also when there are none: dates stay dates, a number may be missing."""
    kind = column.type
    if kind.python_type is datetime:
        return pd.to_datetime(cells, utc=True)
    if isinstance(kind, sa.Date):
        return cells.astype(object)
    if isinstance(kind, sa.Boolean):
        return cells.astype(bool)
    if isinstance(kind, sa.Float):
        return cells.astype("float64")
    if isinstance(kind, sa.Integer):
        return cells.astype("Int64" if getattr(column, "nullable", True) else "int64")
    return cells.astype("str")
