"""Reader roles on a real PostgreSQL: what an account sees, and that it changes nothing."""

from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import pytest
import sqlalchemy as sa

from jos_pipeline.readers import Readers, script
from resources import publications
from resources.warehouse import WarehouseStore
from schemas import warehouse as tables
from tests.databases import empty_database, needs_postgres

pytestmark = needs_postgres

DELIVERY = (
    "INSERT INTO levering (id, leverancier, bestand, sha256, grootte, gewijzigd_op, ontvangen_op, beoordeeld_op,"
    " oordeel, rijen, rijen_geaccepteerd, rijen_afgekeurd, geldend, code_versie, run_id) VALUES ({id}, '{supplier}',"
    " 'a.csv', 'x', 1, now(), now(), now(), 'afgekeurd', 1, 0, 1, false, '0.1.0', 'r')"
)
FINDING = (
    "INSERT INTO bevinding (levering_id, code, ernst, aantal, rijen, melding) VALUES ({id}, 'E', 'fout', 1, '[]', 'm')"
)
SUPPLIERS = {1: "gm0361", 2: "groeimee", 3: "een-vreemde-map"}


class Warehouse:
    """A warehouse with deliveries of three suppliers, of whom two are known."""

    def __init__(self, url: str) -> None:
        self.store, self.owner = WarehouseStore(url), sa.create_engine(url)
        # roles belong to the whole server, which other tests use too
        self.roles = Readers(f"jos_{uuid4().hex[:8]}")
        self.store.ensure_schema()
        with self.owner.begin() as connection:
            for number, supplier in SUPPLIERS.items():
                connection.exec_driver_sql(DELIVERY.format(id=number, supplier=supplier))
                connection.exec_driver_sql(FINDING.format(id=number))
            for _ in range(2):
                for line in self.roles.statements(["gm0361", "groeimee"]):
                    connection.exec_driver_sql(line)

    def asked_by(self, role: str, query: str) -> list[object]:
        with self.owner.begin() as connection:
            connection.exec_driver_sql(f'SET LOCAL ROLE "{role}"')
            return list(connection.exec_driver_sql(query).scalars())

    def close(self) -> None:
        self.store.close()
        with self.owner.begin() as connection:
            found = sa.text("SELECT rolname FROM pg_roles WHERE starts_with(rolname, :prefix)")
            for role in list(connection.execute(found, {"prefix": self.roles.prefix}).scalars()):
                connection.exec_driver_sql(f'DROP OWNED BY "{role}"')
                connection.exec_driver_sql(f'DROP ROLE "{role}"')
        self.owner.dispose()


@pytest.fixture(scope="module")
def warehouse() -> Iterator[Warehouse]:
    with empty_database() as url:
        made = Warehouse(url)
        yield made
        made.close()


def test_a_supplier_sees_its_own_deliveries_and_findings_and_the_steward_sees_all(warehouse: Warehouse):
    roles = warehouse.roles
    seen = {
        role: (
            warehouse.asked_by(role, "SELECT leverancier FROM levering ORDER BY id"),
            warehouse.asked_by(role, "SELECT levering_id FROM bevinding ORDER BY id"),
        )
        for role in (roles.party_of("gm0361"), roles.party_of("groeimee"), roles.party, roles.steward)
    }
    assert seen == {
        roles.party_of("gm0361"): (["gm0361"], [1]),
        roles.party_of("groeimee"): (["groeimee"], [2]),
        roles.party: ([], []),
        roles.steward: (list(SUPPLIERS.values()), [1, 2, 3]),
    }


@pytest.mark.parametrize("table", [table.name for table in tables.metadata.sorted_tables])
def test_a_reader_sees_the_figures_and_nothing_of_the_house(warehouse: Warehouse, table: str):
    inside = {"levering", "bevinding", "verwachting", "koppeling", "melding", "open_data", "publicatie_levering"}
    inside.add("schema_revisie")
    if table not in inside:
        assert isinstance(warehouse.asked_by(warehouse.roles.reader, f"SELECT count(*) FROM {table}")[0], int)
        return
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        warehouse.asked_by(warehouse.roles.reader, f"SELECT count(*) FROM {table}")


def test_nobody_who_reads_can_write(warehouse: Warehouse):
    roles = warehouse.roles
    for role in (roles.reader, roles.party_of("gm0361"), roles.steward):
        for change in ("DELETE FROM {}", "UPDATE {} SET run_id = 'x'", "TRUNCATE {}"):
            for table in ("monitor_indicator", "levering"):
                with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
                    warehouse.asked_by(role, change.format(table))


def test_what_only_reads_works_for_an_account_that_may_only_read(warehouse: Warehouse):
    """Also before the account of the pipeline brought the data dictionary up to date with a newer program."""
    with warehouse.owner.begin() as connection:
        connection.execute(tables.data_woordenboek.delete())
    as_steward = warehouse.owner.url.update_query_dict({"options": f"-c role={warehouse.roles.steward}"})
    with closing(WarehouseStore(as_steward.render_as_string(hide_password=False))) as store:
        assert len(store.deliveries()) == len(store.findings()) == len(SUPPLIERS)
        assert store.publications().empty
        assert store.copy_of()["monitor_indicator"].empty
        assert store.what_is_out("2022-2023").is_empty()
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            store.ensure_schema()


def test_who_may_read_a_view_still_may_after_it_was_made_anew(warehouse: Warehouse):
    reader, count = warehouse.roles.reader, "SELECT count(*) FROM indicator_breed"
    with warehouse.owner.begin() as connection:
        words = dict.fromkeys(("naam", "definitie", "statistiek", "eenheid", "grondslag", "bronnen"), "x")
        rest = dict.fromkeys(("uitsplitsingen", "waarvandaan"), "x")
        row = {"indicator": "nieuw", "versie": 1, "decimalen": 0, **words, **rest}
        connection.execute(tables.dim_indicator.insert(), row)
        publications.refresh_views(connection)
    assert warehouse.asked_by(reader, count) == [0]
    assert warehouse.asked_by(reader, "SELECT count(nieuw) FROM indicator_breed") == [0]


def test_the_script_is_one_transaction_and_names_can_hold_a_hyphen():
    made = script(["gm0361", "een-school"])
    assert made.startswith("BEGIN;\n")
    assert made.endswith("COMMIT;\n")
    assert 'GRANT jos_partij TO "jos_partij_een-school";\n' in made
