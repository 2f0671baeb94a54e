"""Empty databases: an SQLite file, and on PostgreSQL: on the server of ``JOS_TEST_POSTGRES`` (an SQLAlchemy URL), or
on one that is nobody else's.
"""

import os
import tempfile
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


@pytest.fixture
def own_server() -> Iterator[str]:
    """The URL of an empty database on a PostgreSQL of its own: for what changes a whole server, such as roles."""
    from tests.chaos.cluster import Cluster, is_installed

    if not is_installed():
        pytest.skip("no PostgreSQL on this machine (Debian: postgresql)")
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o711)  # a server that is started by root is another account's
        server = Cluster(Path(directory) / "server")
        server.start()
        yield server.url("eigen")
        server.end()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'nieuw' / 'warehouse.db'}"
        return
    with empty_database() as made:
        yield made
