"""The warehouse on real databases: SQLite always, PostgreSQL when ``JOS_TEST_POSTGRES`` (an SQLAlchemy URL) is set."""

import sqlite3
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
import sqlalchemy as sa

from jos_pipeline.expectations.judge import Outcome
from jos_pipeline.publication import (
    MONITOR_SCHEMA,
    Due,
    Publication,
    PublicationId,
    Withdrawal,
    content_hash,
    monitor_rows,
)
from resources import database
from resources.dagster_resources import WarehouseResource
from resources.database import BusyDatabaseError, RefusedByDatabaseError
from resources.database_address import NoDatabaseError, UnreachableDatabaseError
from resources.expectations import Asked
from resources.warehouse import NotWithdrawableError, PublicationExistsError, WarehouseStore
from schemas import warehouse as tables
from schemas.expectations import EXPECTATIONS, Result
from schemas.views import IndicatorName, views

NOON = datetime(2023, 2, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def url(any_database: str) -> str:
    return any_database


@pytest.fixture
def store(url: str) -> Iterator[WarehouseStore]:
    store = WarehouseStore(url)
    yield store
    store.close()


@pytest.fixture
def engine(url: str, store: WarehouseStore) -> Iterator[sa.Engine]:
    """A second, plain connection: what another program sees."""
    store.ensure_schema()
    engine = sa.create_engine(url)
    yield engine
    engine.dispose()


# --- the shape ---------------------------------------------------------------------------------------------


def test_exactly_the_tables_of_the_interface(store: WarehouseStore, engine: sa.Engine):
    store.publish(publication(1), rows_of(publication(1)), dims())
    found = sa.inspect(engine)
    assert set(found.get_table_names()) == {
        *("monitor_indicator", "monitor_indicator_historie", "publicatie", "levering", "bevinding", "data_woordenboek"),
        "verwachting",
        "melding",
        "schema_revisie",
        *("intrekking", "publicatie_levering", "dim_indicator_versie"),
        *("koppeling", "toelichting", "open_data"),
        *("dim_indicator", "dim_gebied", "dim_school", "dim_periode", "dim_categorie", "dim_leverancier"),
    }
    assert set(found.get_view_names()) == {"indicator_breed", "indicator_leesbaar", "publicatie_overzicht"}


def test_monitor_indicator_has_the_promised_columns_and_key(engine: sa.Engine):
    promised = (
        "publicatie, indicator, indicator_versie, schooljaar, periode, niveau, gebied, uitsplitsing, categorie, "
        "waarde, waarde_min, waarde_max, teller, noemer, eenheid, rang, n_verwacht, n_geleverd, dekking, "
        "waarde_status, status, herkomst, peildatum, berekend_op, run_id"
    )
    key = "publicatie, indicator, schooljaar, periode, niveau, gebied, uitsplitsing, categorie"
    for table in ("monitor_indicator", "monitor_indicator_historie"):
        assert ", ".join(column["name"] for column in sa.inspect(engine).get_columns(table)) == promised
        assert ", ".join(sa.inspect(engine).get_pk_constraint(table)["constrained_columns"]) == key


def test_every_table_and_column_is_explained_in_dutch_in_the_database(engine: sa.Engine):
    with engine.connect() as connection:
        told = {(r.tabel, r.kolom): r.omschrijving for r in connection.execute(sa.select(tables.data_woordenboek))}
    for table in tables.metadata.sorted_tables:
        assert len(told[table.name, ""]) > 10
        for column in table.columns:
            assert told[table.name, column.name].endswith("."), (table.name, column.name)
        if engine.dialect.name == "postgresql":
            assert sa.inspect(engine).get_table_comment(table.name)["text"] == told[table.name, ""]
            comments = {c["name"]: c["comment"] for c in sa.inspect(engine).get_columns(table.name)}
            assert comments == {c.name: told[table.name, c.name] for c in table.columns}


def test_every_view_and_its_columns_are_explained_too(store: WarehouseStore, engine: sa.Engine):
    store.publish(publication(1), rows_of(publication(1)), dims())
    with engine.connect() as connection:
        told = {(r.tabel, r.kolom): r.omschrijving for r in connection.execute(sa.select(tables.data_woordenboek))}
    for name in ("indicator_breed", "indicator_leesbaar", "publicatie_overzicht"):
        columns = sa.inspect(engine).get_columns(name)
        words = {column["name"]: told[name, column["name"]] for column in columns}
        assert all(text.endswith(".") for text in (told[name, ""], *words.values())), words
        if engine.dialect.name == "postgresql":
            assert sa.inspect(engine).get_table_comment(name)["text"] == told[name, ""]
            assert {column["name"]: column["comment"] for column in columns} == words


@pytest.fixture
def written_by_another(
    url: str, store: WarehouseStore, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A warehouse with a publication, in which another program is writing and does not stop; its URL."""
    store.publish(publication(1), rows_of(publication(1)), dims())
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    with engine.connect() as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(database._WRITER)))
            url = f"{url}{'&' if '?' in url else '?'}options=-c%20lock_timeout%3D200"
        else:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
        connection.execute(tables.data_woordenboek.delete())
        yield url


def test_who_only_reads_waits_for_no_writer(written_by_another: str):
    with closing(WarehouseStore(written_by_another)) as reader:
        assert reader.deliveries().empty
        assert reader.findings().empty
        assert reader.latest_expectations("2022-2023").empty
    with closing(WarehouseStore(written_by_another)) as reader:
        assert len(reader.copy_of()["monitor_indicator"]) == len(reader.published("2022-2023")) == 3


def test_a_database_that_stays_locked_is_one_line_that_says_what_to_do(written_by_another: str):
    with closing(WarehouseStore(written_by_another)) as writer:
        with pytest.raises(BusyDatabaseError, match="Wacht tot dat klaar is of sluit het") as refused:
            writer.record_delivery(file(), [])
        assert "\n" not in str(refused.value)


def test_a_file_in_which_a_writer_stops_readers_too_is_told_as_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    with closing(sqlite3.connect(tmp_path / "ander.db", isolation_level=None)) as another:
        another.execute("CREATE TABLE iets (getal INTEGER)")  # not in WAL
        another.execute("BEGIN EXCLUSIVE")
        with closing(WarehouseStore(f"sqlite:///{tmp_path / 'ander.db'}")) as store, pytest.raises(BusyDatabaseError):
            store.deliveries()


def test_what_the_program_says_of_its_tables_is_brought_up_to_date_by_the_first_who_writes(
    store: WarehouseStore, engine: sa.Engine, url: str
):
    told = sa.select(sa.func.count()).select_from(tables.data_woordenboek)
    with engine.begin() as connection:
        whole = connection.execute(told).scalar()
        connection.execute(tables.data_woordenboek.delete())
        connection.exec_driver_sql("DROP VIEW publicatie_overzicht")
    with closing(WarehouseStore(url)) as newer:
        newer.deliveries()
        newer.record_delivery(file(), [])
    with engine.connect() as connection:
        assert connection.execute(told).scalar() == whole
    assert "publicatie_overzicht" in sa.inspect(engine).get_view_names()


def test_making_the_schema_twice_is_harmless(store: WarehouseStore):
    store.publish(publication(1), rows_of(publication(1)), dims())
    store.ensure_schema()
    assert len(store.published("2022-2023")) == 3


def test_views_that_need_no_change_are_left_alone(store: WarehouseStore, engine: sa.Engine):
    store.publish(publication(1), rows_of(publication(1)), dims())
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE VIEW van_een_ander AS SELECT fte FROM indicator_breed")
    store.publish(publication(2), rows_of(publication(2)), dims())
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT fte FROM van_een_ander").scalar() == 13.76


def test_a_view_is_never_made_from_an_id_that_is_not_a_name():
    wrong = "jos'); DROP TABLE publicatie; --"
    with pytest.raises(ValueError, match="not the id of an indicator"):
        views({wrong: IndicatorName(wrong, "Fout", "aandeel")})


def test_an_error_does_not_show_the_row(store: WarehouseStore):
    broken = file(bestand="geheim.csv", oordeel=None)
    with pytest.raises(RefusedByDatabaseError) as error:
        store.record_delivery(broken, [])
    shown = "".join(traceback.format_exception(error.value))
    assert "geheim.csv" not in shown


# --- publications ------------------------------------------------------------------------------------------


def publication(number: int, peildatum: date = date(2023, 2, 1), schooljaar: str = "2022-2023") -> Publication:
    identity = PublicationId(schooljaar, peildatum, number)
    return Publication(identity, "voorlopig", "trajecten 1", "0.1.0", "0" * 64, NOON, "run-1")


def rows_of(cut: Publication, waarde: float = 0.25) -> pl.DataFrame:
    base = {
        "indicator_versie": 1,
        "schooljaar": cut.id.schooljaar,
        "periode": "schooljaar",
        "niveau": "regio",
        "gebied": "alkmaar",
        "noemer": 400.0,
        "eenheid": "aandeel",
        "n_verwacht": 8,
        "n_geleverd": 8,
        "dekking": 1.0,
        "herkomst": "records",
        "peildatum": cut.id.peildatum,
    }
    rows = [
        {
            "indicator": "jos_bereik",
            "uitsplitsing": "totaal",
            "categorie": "totaal",
            "waarde": waarde,
            "waarde_status": "ok",
        },
        {"indicator": "fte", "uitsplitsing": "totaal", "categorie": "totaal", "waarde": 13.76, "waarde_status": "ok"},
        {
            "indicator": "fte",
            "uitsplitsing": "functie",
            "categorie": "g",
            "waarde": None,
            "waarde_status": "onderdrukt",
        },
    ]
    safe = pl.DataFrame([base | {"teller": row["waarde"], "rang": None} | row for row in rows])
    return monitor_rows(safe, Due(cut.id, cut.status), NOON, "run-1")


def dims() -> dict[str, list[dict[str, object]]]:
    words = ("naam", "definitie", "statistiek", "eenheid", "grondslag", "bronnen", "uitsplitsingen", "waarvandaan")
    return {
        "dim_indicator": [
            {"indicator": name, "versie": 1, "decimalen": 1, **dict.fromkeys(words, name)}
            for name in ("jos_bereik", "fte")
        ],
        "dim_gebied": [
            {
                "niveau": "regio",
                "gebied": "alkmaar",
                "geldig_van": begin,
                "geldig_tot": end,
                "naam": name,
                "gemeente": None,
                "samenwerkingsverband": None,
                "in_regio": True,
            }
            for begin, end, name in (
                (tables.ALWAYS, date(2022, 1, 1), "Vroeger"),
                (date(2022, 1, 1), None, "Regio Alkmaar"),
            )
        ],
    }


def test_a_publication_reads_back_as_it_was_written(store: WarehouseStore):
    cut = publication(1)
    rows = rows_of(cut)
    store.publish(cut, rows, dims())
    for found in (store.published("2022-2023"), store.publication_rows(cut.id)):
        columns = {name: [None if pd.isna(cell) else cell for cell in found[name]] for name in MONITOR_SCHEMA}
        back = pl.DataFrame(columns, schema=MONITOR_SCHEMA)
        assert content_hash(back) == content_hash(rows)
    assert list(store.publications()["id"]) == ["2022-2023/2023-02-01/1"]
    assert store.publications()["gepubliceerd_op"][0] == NOON
    assert [published.id for published in store.brought_out("2022-2023")] == [cut.id]
    assert store.brought_out("2021-2022") == []


def test_a_publication_never_changes(store: WarehouseStore):
    store.publish(publication(1), rows_of(publication(1)), dims())
    with pytest.raises(PublicationExistsError):
        store.publish(publication(1), rows_of(publication(1), 0.5), dims())
    assert set(store.publication_rows(publication(1).id)["waarde"].dropna()) == {0.25, 13.76}


def test_rows_of_another_publication_are_refused(store: WarehouseStore):
    with pytest.raises(ValueError, match="not every row belongs"):
        store.publish(publication(2), rows_of(publication(1)), dims())
    assert store.publications().empty


def test_the_current_table_holds_the_latest_publication_of_each_school_year(store: WarehouseStore):
    november = publication(1, date(2022, 11, 1))
    revised, earlier_year = publication(2), publication(1, date(2022, 6, 1), "2021-2022")
    for cut, waarde in ((publication(1), 0.1), (revised, 0.2), (november, 0.3), (earlier_year, 0.4)):
        store.publish(cut, rows_of(cut, waarde), dims())
    assert set(store.published("2022-2023")["publicatie"]) == {str(revised.id)}
    assert set(store.published("2021-2022")["publicatie"]) == {str(earlier_year.id)}
    assert len(store.publication_rows(november.id)) == 3


class CrashError(Exception):
    pass


def _crashing_dims():
    yield dims()["dim_indicator"][0]
    raise CrashError


def test_a_crash_in_the_middle_of_publishing_leaves_the_old_publication(store: WarehouseStore, engine: sa.Engine):
    store.publish(publication(1), rows_of(publication(1), 0.1), dims())
    before = contents(engine)
    with pytest.raises(CrashError):
        store.publish(publication(2), rows_of(publication(2), 0.9), dims() | {"dim_indicator": _crashing_dims()})
    assert contents(engine) == before
    store.publish(publication(2), rows_of(publication(2), 0.9), dims())
    assert set(store.published("2022-2023")["publicatie"]) == {str(publication(2).id)}


def contents(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    names = [*tables.metadata.tables, "indicator_breed", "indicator_leesbaar", "publicatie_overzicht"]
    with engine.connect() as connection:
        return {
            name: sorted((tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}")), key=repr)
            for name in names
        }


def test_a_reader_sees_one_publication_whole_while_another_is_written(store: WarehouseStore, engine: sa.Engine):
    store.publish(publication(1), rows_of(publication(1), 0.1), dims())
    seen = []

    def peeking_dims():
        with engine.connect() as connection:
            seen.extend(connection.execute(sa.select(tables.monitor_indicator.c.publicatie)).scalars())
        yield from dims()["dim_gebied"]

    store.publish(publication(2), rows_of(publication(2), 0.9), dims() | {"dim_gebied": peeking_dims()})
    assert seen == [str(publication(1).id)] * 3


def test_the_views_read_like_a_table_for_people(store: WarehouseStore, engine: sa.Engine):
    store.publish(publication(1), rows_of(publication(1)), dims())
    with engine.connect() as connection:
        wide = connection.exec_driver_sql("SELECT * FROM indicator_breed").mappings().all()
        readable = connection.exec_driver_sql("SELECT * FROM indicator_leesbaar").mappings().all()
    assert [(row["jos_bereik"], row["fte"]) for row in wide] == [(0.25, 13.76)]
    assert {row["gebied_naam"] for row in readable} == {"Regio Alkmaar"}
    assert {row["indicator_naam"] for row in readable} == {"jos_bereik", "fte"}
    assert len(readable) == 3


# --- withdrawn, and what a publication rests on ---------------------------------------------------------------


def withdrawal(cut: Publication, reden: str = "verkeerde levering") -> Withdrawal:
    return Withdrawal(cut.id, reden, NOON + timedelta(days=1))


NOVEMBER = date(2022, 11, 1)


def test_a_withdrawn_publication_makes_room_for_the_one_before_it(store: WarehouseStore, engine: sa.Engine):
    november, february = publication(3, NOVEMBER), publication(1)
    store.publish(november, rows_of(november, 0.1), dims())
    store.publish(february, rows_of(february, 0.2), dims())
    store.withdraw(withdrawal(february))
    assert set(store.published("2022-2023")["publicatie"]) == {str(november.id)}
    assert store.published("2022-2023").equals(store.publication_rows(november.id))
    assert len(store.publication_rows(february.id)) == 3, "nothing is deleted"
    with engine.connect() as connection:
        wide = connection.exec_driver_sql("SELECT publicatie, jos_bereik FROM indicator_breed").all()
        seen = connection.exec_driver_sql("SELECT publicatie, stand, reden FROM publicatie_overzicht ORDER BY 1").all()
    assert [tuple(row) for row in wide] == [(str(november.id), 0.1)]
    assert [tuple(row) for row in seen] == [
        (str(november.id), "geldt nu", None),
        (str(february.id), "ingetrokken", "verkeerde levering"),
    ]
    assert [published.ingetrokken for published in store.brought_out("2022-2023")] == [False, True]


def test_withdrawing_the_only_one_leaves_a_school_year_without_figures(store: WarehouseStore):
    other_year = publication(1, date(2022, 6, 1), "2021-2022")
    for cut in (publication(1), other_year):
        store.publish(cut, rows_of(cut), dims())
    store.withdraw(withdrawal(publication(1)))
    assert store.published("2022-2023").empty
    assert len(store.published("2021-2022")) == 3


def test_withdrawing_an_older_one_changes_nothing_that_is_shown(store: WarehouseStore):
    for cut in (publication(1, NOVEMBER), publication(1)):
        store.publish(cut, rows_of(cut), dims())
    before = store.published("2022-2023")
    store.withdraw(withdrawal(publication(1, NOVEMBER)))
    assert store.published("2022-2023").equals(before)


def test_a_publication_is_withdrawn_once_and_only_when_it_is_there(store: WarehouseStore):
    store.publish(publication(1), rows_of(publication(1)), dims())
    store.withdraw(withdrawal(publication(1)))
    for cut, words in ((publication(1), "was al ingetrokken"), (publication(2), "is er niet")):
        with pytest.raises(NotWithdrawableError, match=words):
            store.withdraw(withdrawal(cut, "nog eens"))
    assert store.withdrawals()["reden"].tolist() == ["verkeerde levering"]


def test_a_publication_remembers_its_deliveries(store: WarehouseStore):
    first, second = (record(store, Judged(sha256=letter * 64)).id for letter in "ab")
    cuts = [replace(publication(number), leveringen=(behind,)) for number, behind in ((1, first), (2, second))]
    for cut in cuts:
        store.publish(cut, rows_of(cut), dims())
    assert [store.deliveries_behind(cut.id)["id"].tolist() for cut in cuts] == [[first], [second]]
    assert store.deliveries_behind(publication(9).id).empty


def test_every_version_of_a_definition_stays(store: WarehouseStore, engine: sa.Engine):
    def with_version(number: int, words: str) -> dict[str, list[dict[str, object]]]:
        told = [row | {"versie": number, "definitie": words} for row in dims()["dim_indicator"]]
        return dims() | {"dim_indicator": told, "dim_indicator_versie": [row | {"formule": words} for row in told]}

    store.publish(publication(1), rows_of(publication(1)), with_version(1, "vroeger"))
    newer = rows_of(publication(2)).with_columns(indicator_versie=pl.lit(2, dtype=pl.Int64))
    store.publish(publication(2), newer, with_version(2, "nu"))
    store.publish(publication(3), rows_of(publication(3)), with_version(2, "herschreven"))
    kept = store.definitions()
    assert list(zip(kept["indicator"], kept["versie"], kept["definitie"], strict=True)) == [
        ("fte", 1, "vroeger"),
        ("fte", 2, "nu"),
        ("jos_bereik", 1, "vroeger"),
        ("jos_bereik", 2, "nu"),
    ]
    with engine.connect() as connection:
        shown = connection.exec_driver_sql("SELECT DISTINCT definitie FROM indicator_leesbaar").scalars().all()
    assert shown == ["vroeger"], "the figures of publication 3 were made with version 1"


def test_a_warehouse_of_before_these_tables_goes_on_as_it_was(store: WarehouseStore, engine: sa.Engine):
    store.publish(publication(1), rows_of(publication(1)), dims())
    with engine.begin() as connection:
        for view in ("publicatie_overzicht", "indicator_leesbaar"):
            connection.exec_driver_sql(f"DROP VIEW {view}")
        connection.exec_driver_sql("CREATE VIEW indicator_leesbaar AS SELECT publicatie FROM monitor_indicator")
        gone = (tables.publicatie_levering, tables.intrekking, tables.dim_indicator_versie, tables.schema_revisie)
        for table in gone:
            table.drop(connection)
    store.ensure_schema()
    assert store.definitions()["indicator"].tolist() == ["fte", "jos_bereik"]
    with engine.connect() as connection:
        assert len(connection.exec_driver_sql("SELECT definitie FROM indicator_leesbaar").all()) == 3
    store.withdraw(withdrawal(publication(1)))
    assert store.published("2022-2023").empty


@pytest.mark.parametrize(
    ("begin", "end", "name"),
    [
        pytest.param(tables.ALWAYS, date(2022, 9, 1), "Vroeger", id="closed before the peildatum"),
        pytest.param(date(2023, 3, 1), None, "Regio Alkmaar", id="begins after it"),
    ],
)
def test_an_area_keeps_a_name_when_it_is_not_there_on_the_peildatum(
    store: WarehouseStore, engine: sa.Engine, begin: date, end: date | None, name: str
):
    (area, _) = dims()["dim_gebied"]
    known = dims() | {"dim_gebied": [area | {"geldig_van": begin, "geldig_tot": end, "naam": name}]}
    store.publish(publication(1), rows_of(publication(1)), known)
    for view in ("indicator_leesbaar", "indicator_breed"):
        with engine.connect() as connection:
            found = connection.exec_driver_sql(f"SELECT DISTINCT gebied_naam FROM {view}").scalars().all()
        assert found == [name]


def test_the_wide_view_has_a_status_beside_every_figure(store: WarehouseStore, engine: sa.Engine):
    rows = rows_of(publication(1)).with_columns(
        waarde=pl.when(indicator="fte").then(None).otherwise("waarde"),
        waarde_status=pl.when(indicator="fte").then(pl.lit("niet_geleverd")).otherwise("waarde_status"),
    )
    store.publish(publication(1), rows, dims())
    with engine.connect() as connection:
        (row,) = connection.exec_driver_sql("SELECT * FROM indicator_breed").mappings().all()
    assert list(row)[-4:] == ["fte", "fte_status", "jos_bereik", "jos_bereik_status"]
    assert [row[name] for name in list(row)[-4:]] == [None, "niet_geleverd", 0.25, "ok"]


def test_a_copy_holds_the_current_publications_or_the_one_that_is_asked_for(store: WarehouseStore):
    first, revised, other = publication(1), publication(2), publication(1, date(2022, 6, 1), "2021-2022")
    for cut, waarde in ((first, 0.1), (revised, 0.2), (other, 0.3)):
        store.publish(cut, rows_of(cut, waarde), dims())
    current, asked = store.copy_of(), store.copy_of(first.id)
    besides = {"monitor_indicator", "publicatie", "intrekking", "toelichting", "dim_indicator_versie"}
    assert set(current) == {*besides, *tables.DIMENSIONS}
    assert list(current["publicatie"]["id"]) == [str(other.id), str(revised.id)]
    assert len(current["monitor_indicator"]) == 6
    assert list(asked["publicatie"]["id"]) == [str(first.id)]
    assert set(asked["monitor_indicator"]["waarde"].dropna()) == {0.1, 13.76}


def test_a_copy_is_of_one_moment(store: WarehouseStore, url: str):
    store.publish(publication(1), rows_of(publication(1)), dims())
    second = WarehouseStore(url)

    class Publishing(dict):
        def items(self):
            for number, item in enumerate(super().items()):
                yield item
                if number == 0:
                    second.publish(publication(2), rows_of(publication(2)), dims())

    ids = {"figures": tables.monitor_indicator.c.publicatie, "publications": tables.publicatie.c.id}
    found = store._database.frames(Publishing({name: sa.select(column) for name, column in ids.items()}))
    second.close()
    assert set(found["figures"]["publicatie"]) == set(found["publications"]["id"]) == {str(publication(1).id)}
    assert len(store.publications()) == 2


# --- the ledger --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    code: str
    ernst: str
    kolom: str | None
    rijen: tuple[int, ...]
    aantal: int
    melding: str


@dataclass(frozen=True)
class Judged:
    file_name: str = "trajecten_2022-2023_2023-02-01.csv"
    leverancier: str | None = "groeimee"
    soort: str | None = "trajecten"
    schooljaar: str | None = "2022-2023"
    peildatum: date | None = date(2023, 2, 1)
    sha256: str = "a" * 64
    oordeel: str = "geaccepteerd"
    rijen: int = 10
    rijen_afgekeurd: int = 0
    findings: tuple[Found, ...] = ()
    passes: tuple[Found, ...] = ()


def record(store: WarehouseStore, verdict: Judged, modified: datetime = NOON):
    return store.record(verdict, 1_000, modified, NOON, "run-1")


def file(**changes: object) -> dict[str, object]:
    row = {
        "leverancier": "groeimee",
        "bestand": "a.csv",
        "soort": "trajecten",
        "schooljaar": "2022-2023",
        "peildatum": date(2023, 2, 1),
        "sha256": "a" * 64,
        "grootte": 1,
        "gewijzigd_op": NOON,
        "ontvangen_op": NOON,
        "beoordeeld_op": NOON,
        "oordeel": "geaccepteerd",
        "rijen": 1,
        "rijen_geaccepteerd": 1,
        "rijen_afgekeurd": 0,
        "contract_versie": 1,
        "code_versie": "0",
        "run_id": "r",
    }
    return row | changes


def test_an_accepted_delivery_is_in_force_with_all_its_findings(store: WarehouseStore):
    hit = Found("JOS-E027", "fout", "functie", tuple(range(2, 200)), 198, "melding")
    passed = Found("JOS-E028", "fout", "pseudoniem", (), 0, "in orde")
    receipt = record(
        store,
        Judged(oordeel="geaccepteerd_met_afkeur", rijen=5_000, rijen_afgekeurd=198, findings=(hit,), passes=(passed,)),
    )
    assert receipt.is_accepted
    assert receipt.geldend
    assert receipt.codes == ("JOS-E027",)
    row = store.deliveries().iloc[0]
    assert (row["rijen_geaccepteerd"], row["rijen_afgekeurd"], bool(row["geldend"])) == (4_802, 198, True)
    assert row["peildatum"] == date(2023, 2, 1)
    assert row["gewijzigd_op"] == NOON
    found = store.findings(receipt.id)
    assert list(found["code"]) == ["JOS-E027", "JOS-E028"]
    assert list(found["aantal"]) == [198, 0]
    assert found["rijen"][0].count(",") == 99


def test_a_herlevering_replaces_and_a_refused_one_changes_nothing(store: WarehouseStore):
    first = record(store, Judged())
    refused = record(store, Judged(sha256="b" * 64, oordeel="afgekeurd"))
    assert list(store.deliveries().query("geldend")["id"]) == [first.id]
    newer = record(store, Judged(sha256="c" * 64))
    other_year = record(store, Judged(sha256="d" * 64, schooljaar="2021-2022"))
    other_supplier = record(store, Judged(leverancier="anders"))
    table = store.deliveries().set_index("id")
    assert list(table.query("geldend").index) == [newer.id, other_year.id, other_supplier.id]
    assert table.loc[newer.id, "vervangt"] == first.id
    assert table.loc[refused.id, "rijen_geaccepteerd"] == 0
    assert table["vervangt"].notna().sum() == 1


def test_the_same_file_again_is_no_new_row_but_its_time_stamp_is_kept(store: WarehouseStore):
    first = record(store, Judged())
    again = record(store, Judged(), modified=NOON + timedelta(hours=1))
    assert again == first
    assert len(store.deliveries()) == 1
    assert store.deliveries()["gewijzigd_op"][0] == NOON + timedelta(hours=1)


def test_the_same_bytes_under_another_name_are_one_duplicate(store: WarehouseStore):
    first = record(store, Judged(rijen=7))
    earlier = store.find("groeimee", "a" * 64)
    assert earlier == first
    copies = [store.record_again(earlier, "kopie.csv", NOON, NOON, "run-2") for _ in range(2)]
    assert copies[0] == copies[1]
    assert (copies[0].oordeel, copies[0].codes, copies[0].rijen) == ("dubbel", ("JOS-S008",), 7)
    assert not copies[0].is_accepted
    table = store.deliveries()
    assert list(table["oordeel"]) == ["geaccepteerd", "dubbel"]
    assert list(table["geldend"]) == [True, False]
    assert table["dubbel_van"][1] == first.id
    assert store.find("groeimee", "a" * 64) == first
    assert store.find("iemand-anders", "a" * 64) is None


FAULT = Found("JOS-E013", "fout", None, (), 1, "melding")


def test_what_was_refused_can_be_accepted_under_another_name_and_then_it_is_what_counts(store: WarehouseStore):
    refused = record(store, Judged(file_name="lijst.csv", schooljaar=None, oordeel="afgekeurd", findings=(FAULT,)))
    assert store.find("groeimee", "a" * 64) == refused
    accepted = record(store, Judged())
    assert (accepted.oordeel, accepted.geldend) == ("geaccepteerd", True)
    assert store.find("groeimee", "a" * 64) == accepted
    copy = record(store, Judged(file_name="kopie.csv"))
    old_name = record(store, Judged(file_name="lijst.csv"))
    assert (copy.oordeel, old_name.oordeel) == ("dubbel", "dubbel")
    table = store.deliveries().set_index("id")
    assert set(table.loc[[copy.id, old_name.id], "dubbel_van"]) == {accepted.id}
    assert record(store, Judged(file_name="lijst.csv")) == old_name


def test_a_refusal_that_is_judged_again_is_a_row_of_its_own_only_when_the_verdict_is_another(store: WarehouseStore):
    wrong = Judged(oordeel="afgekeurd", findings=(FAULT, replace(FAULT, code="JOS-S014", ernst="signaal")))
    first = store.record(wrong, 1, NOON, NOON, "run-1", "1" * 64)
    later = NOON + timedelta(hours=1)
    again = store.record(replace(wrong, findings=(FAULT,)), 1, later, NOON, "run-2", "2" * 64)
    assert again.id == first.id
    (row,) = store.deliveries().itertuples()
    assert (row.gewijzigd_op, row.getoetst_aan, row.run_id) == (later, "2" * 64, "run-1")
    other = record(store, replace(wrong, findings=(replace(FAULT, code="JOS-E009", kolom="school"),)))
    accepted = record(store, Judged(), modified=later)
    assert accepted.is_accepted
    assert store.deliveries()["id"].tolist() == [first.id, other.id, accepted.id]
    assert record(store, Judged()) == accepted


def test_a_refusal_under_another_name_is_told_there_too(store: WarehouseStore):
    """Who sent it hears what is wrong with it, also when the first answer was not read."""
    wrong = Judged(oordeel="afgekeurd", findings=(FAULT,))
    names = [record(store, replace(wrong, file_name=name)) for name in ("a.csv", "b.csv", "b.csv")]
    assert [one.oordeel for one in names] == ["afgekeurd"] * 3
    assert names[0].id != names[1].id == names[2].id


def test_the_same_bytes_cannot_be_accepted_twice_in_the_database_itself(engine: sa.Engine):
    rows = [file(bestand=f"{number}.csv", geldend=False) for number in range(2)]
    with engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(tables.levering.insert(), rows)


def test_a_file_that_could_not_be_recognised_is_kept_too(store: WarehouseStore):
    receipt = record(store, Judged(soort=None, schooljaar=None, peildatum=None, oordeel="afgekeurd"))
    assert store.find("groeimee", "a" * 64) == receipt
    assert store.deliveries()["soort"].isna().all()


def test_a_crash_while_recording_leaves_the_delivery_in_force(store: WarehouseStore, engine: sa.Engine):
    first = record(store, Judged())
    before = contents(engine)

    def breaking():
        yield Found("JOS-E027", "fout", None, (), 1, "melding")
        raise CrashError

    with pytest.raises(CrashError):
        store.record_delivery(file(sha256="f" * 64), breaking())
    assert contents(engine) == before
    assert list(store.deliveries().query("geldend")["id"]) == [first.id]


def test_concurrent_intake_keeps_one_row_per_file_and_one_in_force(url: str):
    stores = [WarehouseStore(url) for _ in range(4)]

    def take_in(store: WarehouseStore) -> None:
        for number in range(6):
            record(store, Judged(sha256=f"{number:064d}"))

    with ThreadPoolExecutor(len(stores)) as pool:
        list(pool.map(take_in, stores))
    table = stores[0].deliveries()
    assert len(table) == 6
    assert table["geldend"].sum() == 1
    assert sorted(table["vervangt"].dropna()) == sorted(table.loc[~table["geldend"], "id"])
    for store in stores:
        store.close()


def test_two_in_force_at_once_is_impossible_in_the_database_itself(engine: sa.Engine):
    rows = [file(bestand=f"{number}.csv", geldend=True) for number in range(2)]
    with engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(tables.levering.insert(), rows)


def test_an_empty_ledger_has_its_types(store: WarehouseStore):
    table = store.deliveries()
    assert table.empty
    assert str(table["geldend"].dtype) == "bool"
    assert str(table["gewijzigd_op"].dtype).startswith("datetime64")
    assert str(table["vervangt"].dtype) == "Int64"


def test_moments_are_utc_and_need_a_time_zone(store: WarehouseStore):
    amsterdam = datetime(2023, 2, 2, 13, 0, tzinfo=timezone(timedelta(hours=1)))
    record(store, Judged(), modified=amsterdam)
    assert store.deliveries()["gewijzigd_op"][0] == NOON
    with pytest.raises(sa.exc.StatementError):
        record(store, replace(Judged(), sha256="b" * 64), modified=NOON.replace(tzinfo=None))


# --- expectations ------------------------------------------------------------------------------------------


def outcomes(result: Result, observed: float | None) -> list[Outcome]:
    names = ("omvang_zakt_niet", "dekking_niet_boven_1")
    return [Outcome(EXPECTATIONS[name], 0.8, result, 3, 1, observed, ("jos / aard", "vo2703")) for name in names]


def test_every_outcome_is_kept_also_when_it_came_true(store: WarehouseStore):
    asked = Asked("2022-2023", "trajecten", "verwachtingen", "run-1")
    store.record_expectations(asked, outcomes(Result.HELD, 0.95))
    store.record_expectations(replace(asked, run_id="run-2"), outcomes(Result.FAILED, None))
    store.record_expectations(replace(asked, schooljaar="2021-2022"), outcomes(Result.NOT_JUDGED, 0.5))
    kept = store.expectations("2022-2023")
    assert kept["uitslag"].tolist() == ["uitgekomen"] * 2 + ["niet_uitgekomen"] * 2
    assert kept["waargenomen"].isna().tolist() == [False, False, True, True]
    assert kept["code"].isna().tolist() == [False, True, False, True]
    assert set(kept["waar"]) == {"jos / aard, vo2703"}
    assert len(store.expectations()) == 6
    latest = store.latest_expectations("2022-2023")
    assert set(latest["run_id"]) == {"run-2"}
    assert latest["verwachting"].tolist() == ["omvang_zakt_niet", "dekking_niet_boven_1"]


def test_what_one_check_says_does_not_hide_what_another_said(store: WarehouseStore):
    for subject, check in (("tlv", "samenhang"), ("tlv", "verwachtingen"), ("inzet", "samenhang")):
        store.record_expectations(Asked("2022-2023", subject, check, "run"), outcomes(Result.HELD, 1.0))
    assert len(store.latest_expectations("2022-2023")) == 6


def test_the_resource_hands_out_one_store_per_warehouse(url: str):
    assert WarehouseResource(url=url).open() is WarehouseResource(url=url).open()
    WarehouseResource(url=url).open().close()


def test_a_database_that_is_not_there_is_one_line_without_its_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "PAUSES", (0.0, 0.0))
    for url in ("postgresql+psycopg://jos:Geheim1234@127.0.0.1:1/jos", f"sqlite:///{tmp_path}"):
        with pytest.raises(UnreachableDatabaseError, match="is niet te bereiken: controleer JOS_WAREHOUSE") as refused:
            WarehouseStore(url).deliveries()
        assert "Geheim1234" not in str(refused.value)
        assert "\n" not in str(refused.value)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UnreachableDatabaseError, match=r"requirements/productie\.txt"):
        WarehouseStore("postgresql+psycopg://jos@127.0.0.1:1/jos")


def test_a_file_that_is_no_database_is_one_line_and_stays_as_it_is(tmp_path: Path):
    file = tmp_path / "warehouse.db"
    file.write_bytes(b"geen database " * 400)
    with pytest.raises(NoDatabaseError, match=r"warehouse\.db is geen database.*back-up.*JOS_WAREHOUSE") as refused:
        WarehouseStore(f"sqlite:///{file}").deliveries()
    assert "\n" not in str(refused.value)
    assert file.read_bytes() == b"geen database " * 400


@pytest.mark.parametrize("url", ["kaas", "kaas://jos:Geheim1234@server/x", "postgresql://jos:Geheim1234@server:kaas/x"])
def test_an_address_that_is_none_of_a_database_names_its_setting(url: str):
    with pytest.raises(UnreachableDatabaseError, match="JOS_WAREHOUSE is geen adres van een database") as refused:
        WarehouseStore(url)
    assert "Geheim1234" not in str(refused.value)
