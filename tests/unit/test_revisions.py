"""Revisions of the warehouse's tables: what they make is what ``schemas.warehouse`` says, and no row is lost."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from resources import revisions
from resources.revisions import NewerWarehouseError
from resources.warehouse import WarehouseStore
from schemas.warehouse import metadata

OLD_ROWS = (
    "INSERT INTO levering (id, leverancier, bestand, sha256, grootte, gewijzigd_op, ontvangen_op, beoordeeld_op,"
    " oordeel, rijen, rijen_geaccepteerd, rijen_afgekeurd, geldend, code_versie, run_id) VALUES"
    " (7, 'groeimee', 'a.csv', 'x', 1, '2023-02-03 10:00:00', '2023-02-03 10:00:00', '2023-02-03 10:00:00',"
    " 'afgekeurd', 1, 0, 1, false, '0.1.0', 'r')",
    "INSERT INTO bevinding (levering_id, code, ernst, aantal, rijen, melding) VALUES (7, 'E', 'fout', 1, '[]', 'm')",
)
BETTER = """
revision, down_revision = "9999", "%s"

import sqlalchemy as sa
from alembic import op

def upgrade():
    with op.batch_alter_table("levering", recreate="auto") as table:
        table.add_column(sa.Column("kanaal", sa.String(20), nullable=False, server_default="map"))
        table.alter_column("bestand", type_=sa.String(300))
"""
VERSIONS = Path(revisions.__file__).parent / "migrations" / "versions"
RELEASED = sorted(path.name.partition("_")[0] for path in VERSIONS.glob("0*.py"))
BETTER %= RELEASED[-1]
BROKEN = BETTER + "    raise RuntimeError('half way')\n"


@pytest.fixture
def store(any_database: str) -> Iterator[WarehouseStore]:
    store = WarehouseStore(any_database)
    yield store
    store.close()


@pytest.fixture
def asked(any_database: str) -> Iterator[sa.Engine]:
    """A second, plain connection: what another program sees."""
    engine = sa.create_engine(any_database)
    yield engine
    engine.dispose()


@pytest.fixture
def released(store: WarehouseStore, asked: sa.Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A warehouse of the first revision with rows in it; the place where later revisions can be put."""
    scripts = tmp_path / "migrations"
    shutil.copytree(Path(revisions.__file__).parent / "migrations", scripts)
    for later in (path for path in scripts.glob("versions/[0-9]*.py") if not path.name.startswith("0001")):
        later.unlink()
    monkeypatch.setattr(revisions, "_SCRIPTS", scripts)
    revisions._known.cache_clear()
    with store._database.rebuild() as connection:
        revisions.upgrade(connection)
    with asked.begin() as connection:
        for row in OLD_ROWS:
            connection.exec_driver_sql(row)
    yield scripts / "versions"
    revisions._known.cache_clear()


def add(versions: Path, text: str) -> None:
    """A newer program: every revision that was released, and one that comes after them."""
    shutil.copytree(VERSIONS, versions, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    (versions / "9999_later.py").write_text(text)
    revisions._known.cache_clear()


def kept(engine: sa.Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        joined = "SELECT l.id, l.bestand, b.code FROM levering l JOIN bevinding b ON b.levering_id = l.id"
        return [tuple(row) for row in connection.exec_driver_sql(joined)]


def test_the_revisions_make_exactly_the_tables_of_the_schema(store: WarehouseStore, asked: sa.Engine):
    store.ensure_schema()
    with asked.connect() as connection:
        found = MigrationContext.configure(connection, opts={"version_table": revisions.VERSION_TABLE})
        assert compare_metadata(found, metadata) == [], "write a revision: python -m resources.revisions 'what changes'"


def test_a_warehouse_from_before_there_were_revisions_is_taken_over_with_its_rows(
    store: WarehouseStore, asked: sa.Engine, released: Path
):
    with asked.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {revisions.VERSION_TABLE}")
        connection.exec_driver_sql("DROP TABLE melding")  # an older one still, before this table came
    with store._database.rebuild() as connection:
        revisions.upgrade(connection)
    assert kept(asked) == [(7, "a.csv", "E")]
    assert sa.inspect(asked).has_table("melding")
    with asked.connect() as connection:
        assert revisions.revision_of(connection) == "0001"


def test_a_released_warehouse_keeps_its_rows_when_a_table_is_made_anew(
    store: WarehouseStore, asked: sa.Engine, released: Path
):
    add(released, BROKEN)
    with pytest.raises(RuntimeError, match="half way"):
        store.ensure_schema()
    assert "kanaal" not in [column["name"] for column in sa.inspect(asked).get_columns("levering")]
    add(released, BETTER)
    store.ensure_schema()
    assert kept(asked) == [(7, "a.csv", "E")]
    with asked.connect() as connection:
        assert connection.exec_driver_sql("SELECT kanaal FROM levering").scalar() == "map"
        assert revisions.revision_of(connection) == "9999"
    with pytest.raises(sa.exc.IntegrityError), store._database._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM levering")  # foreign keys hold as before


def test_a_warehouse_of_a_newer_program_is_left_alone(store: WarehouseStore, asked: sa.Engine):
    store.ensure_schema()
    with asked.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {revisions.VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(NewerWarehouseError, match="installeer de nieuwste versie"):
        store.ensure_schema()


def test_of_two_at_once_one_makes_the_tables(store: WarehouseStore, asked: sa.Engine):
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: store.ensure_schema(), range(2)))
    with asked.connect() as connection:
        assert not revisions.is_behind(connection)


@pytest.mark.parametrize("revision", RELEASED)
def test_a_row_of_every_table_of_every_released_revision_is_kept(
    store: WarehouseStore, asked: sa.Engine, revision: str
):
    with store._database.rebuild() as connection:
        command.upgrade(revisions._config(connection), revision)
    of_then = sa.MetaData()
    of_then.reflect(asked)
    tables = [table for table in of_then.sorted_tables if table.name != revisions.VERSION_TABLE]
    assert len(tables) > 10
    with asked.begin() as connection:
        for table in tables:
            connection.execute(table.insert(), {column.name: some_value(column) for column in table.columns})
        before = {table.name: rows_of(connection, table) for table in tables}
    store.ensure_schema()
    with asked.connect() as connection:
        assert not revisions.is_behind(connection)
        for table in tables:
            if table.name != "data_woordenboek":  # written anew: it says what the tables are now
                assert rows_of(connection, table) == before[table.name], table.name


def rows_of(connection: sa.Connection, table: sa.Table) -> list[dict[str, object]]:
    return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


def some_value(column: sa.Column) -> object:
    """A value that fits; the same for columns that refer to each other."""
    kind = column.type.python_type
    if kind is datetime:
        return datetime(2023, 2, 3, 10, 0, tzinfo=UTC if getattr(column.type, "timezone", False) else None)
    known = {date: date(2023, 2, 3), bool: False, int: 7, float: 0.5}
    return known.get(kind, "x" * min(getattr(column.type, "length", None) or 7, 7))
