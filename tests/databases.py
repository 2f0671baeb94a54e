"""Empty databases: an SQLite file, and one on the PostgreSQL server of ``JOS_TEST_POSTGRES`` (an SQLAlchemy URL)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

SERVER = os.environ.get("JOS_TEST_POSTGRES")
needs_postgres = pytest.mark.skipif(not SERVER, reason="JOS_TEST_POSTGRES is not set")


@contextmanager
def empty_database() -> Iterator[str]:
    """The URL of a database that is gone afterwards."""
    name = f"jos_test_{uuid4().hex}"
    server = sa.make_url(str(SERVER))
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        # what is thrown away need not wait for the disk at every commit
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
    yield server.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'nieuw' / 'warehouse.db'}"
        return
    with empty_database() as made:
        yield made
