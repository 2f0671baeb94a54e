"""The warehouse: publications and the ledger of deliveries, on SQLite or PostgreSQL.

Every change is one transaction that waits
for the one before it, so a crash at any moment leaves what was there. The tables stand in ``schemas.warehouse``;
what may be published is decided before it comes here.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import pandas as pd
import polars as pl
import sqlalchemy as sa

from jos_pipeline.alerts import Digest, Told
from jos_pipeline.earlier import OUT
from jos_pipeline.expectations.judge import Outcome
from jos_pipeline.publication import Publication, PublicationId, Published, Withdrawal
from resources import expectations, ledger, linkage, notices, opendata, publications, revisions
from resources.database import Database, insert_rows
from resources.expectations import Asked
from resources.ledger import Finding, InForce, Receipt, Verdict
from resources.opendata import OpenFile
from resources.publications import NotWithdrawableError, PublicationExistsError
from schemas import warehouse as tables

__all__ = ["NotWithdrawableError", "PublicationExistsError", "Receipt", "WarehouseStore"]


class WarehouseStore:
    """The warehouse behind one SQLAlchemy URL. Its tables are made, or brought up to date, when first needed."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self._readable = self._ready = False

    def close(self) -> None:
        """Closes every connection."""
        self._database.close()

    def ensure_schema(self) -> None:
        """Brings the tables to the newest revision, makes the views and writes the data dictionary.

        Harmless when all is there. Raises NewerWarehouseError.
        """
        if self._is_behind():
            with self._database.rebuild() as connection:
                revisions.upgrade(connection)
        with self._database.write() as connection:
            publications.keep_known_versions(connection)
            publications.refresh_views(connection)
        self._readable = self._ready = True

    # --- publications --------------------------------------------------------------------------------------

    def publish(
        self, publication: Publication, rows: pl.DataFrame, dims: Mapping[str, Iterable[Mapping[str, object]]]
    ) -> None:
        """Brings out a publication with its rows (``publication.monitor_rows``) in one transaction.

        Its rows become the current ones of its school year unless a later peildatum is already out. ``dims`` holds
        the rows of each table in ``schemas.warehouse.DIMENSIONS`` that is to be written anew, and versions of
        definitions to keep (``KEPT``); the views follow ``dim_indicator``. Raises PublicationExistsError when it is
        out; ValueError when a row belongs to another.
        """
        publications.check_rows(publication, rows)
        with self._write() as connection:
            publications.bring_out(connection, publication, rows, dims)

    def withdraw(self, withdrawal: Withdrawal) -> None:
        """Withdraws a publication in one transaction; the one before it in its school year becomes current again.

        Nothing is deleted. Raises NotWithdrawableError for one that is not there or was withdrawn before.
        """
        with self._write() as connection:
            publications.withdraw(connection, withdrawal)

    def withdrawals(self) -> pd.DataFrame:
        """The table ``intrekking``."""
        return self._frame(sa.select(tables.intrekking).order_by(tables.intrekking.c.ingetrokken_op))

    def deliveries_behind(self, publication: PublicationId) -> pd.DataFrame:
        """The rows of ``levering`` a publication rests on; none when that was not recorded."""
        behind = tables.publicatie_levering.c
        chosen = sa.select(behind.levering_id).where(behind.publicatie == str(publication))
        number = tables.levering.c.id
        return self._frame(sa.select(tables.levering).where(number.in_(chosen)).order_by(number))

    def definitions(self) -> pd.DataFrame:
        """The table ``dim_indicator_versie``: every version of every indicator that was ever published."""
        columns = tables.KEPT.c
        return self._frame(sa.select(tables.KEPT).order_by(columns.indicator, columns.versie))

    def publications(self, schooljaar: str | None = None) -> pd.DataFrame:
        """The table ``publicatie``, of one school year or of all, in order."""
        columns = tables.publicatie.c
        chosen = sa.select(tables.publicatie).order_by(columns.schooljaar, columns.peildatum, columns.volgnummer)
        if schooljaar is not None:
            chosen = chosen.where(columns.schooljaar == schooljaar)
        return self._frame(chosen)

    def published(self, schooljaar: str) -> pd.DataFrame:
        """The rows of ``monitor_indicator`` of a school year: its current publication."""
        return self._monitor_frame(tables.monitor_indicator, "schooljaar", schooljaar)

    def publication_rows(self, publication: PublicationId) -> pd.DataFrame:
        """The rows of any publication; none when it was never brought out."""
        return self._monitor_frame(tables.monitor_indicator_historie, "publicatie", str(publication))

    def what_is_out(self, schooljaar: str, publications: Iterable[PublicationId] | None = None) -> pl.DataFrame:
        """What readers have of every publication of a school year, also the withdrawn: ``jos_pipeline.earlier.OUT``.

        Or of these publications only.
        """
        columns = tables.monitor_indicator_historie.c
        chosen = sa.select(*(columns[name] for name in OUT)).where(columns.schooljaar == schooljaar)
        if publications is not None:
            chosen = chosen.where(columns.publicatie.in_([str(one) for one in publications]))
        with self._read() as connection:
            return pl.DataFrame(connection.execute(chosen).all(), schema=OUT, orient="row")

    def kinds_out(self, schooljaar: str) -> list[list[tuple[str, str, str]]]:
        """Of every publication of a school year, also the withdrawn: indicator, level and breakdown of its rows."""
        columns = tables.monitor_indicator_historie.c
        kind = (columns.indicator, columns.niveau, columns.uitsplitsing)
        chosen = sa.select(columns.publicatie, *kind).where(columns.schooljaar == schooljaar).distinct()
        found: dict[str, list[tuple[str, str, str]]] = {}
        with self._read() as connection:
            for publication, *one in connection.execute(chosen):
                found.setdefault(publication, []).append((one[0], one[1], one[2]))
        return list(found.values())

    def copy_of(self, publication: PublicationId | None = None) -> dict[str, pd.DataFrame]:
        """All that is public, of one moment: the figures, their publications and the dimensions, by table.

        The figures are those of ``monitor_indicator``, or of the publication that is asked for.
        """
        source = tables.monitor_indicator if publication is None else tables.monitor_indicator_historie
        figures = sa.select(source).order_by(*source.primary_key.columns)
        if publication is not None:
            figures = figures.where(source.c.publicatie == str(publication))
        shown = sa.select(figures.subquery().c.publicatie).distinct()
        years = sa.select(figures.subquery().c.schooljaar).distinct()
        described = (tables.publicatie, tables.intrekking, tables.toelichting, tables.KEPT, *tables.DIMENSIONS.values())
        chosen = {table.name: sa.select(table).order_by(*table.primary_key.columns) for table in described}
        for of_publications, name in ((tables.publicatie, "id"), (tables.intrekking, "publicatie")):
            chosen[of_publications.name] = chosen[of_publications.name].where(of_publications.c[name].in_(shown))
        chosen["toelichting"] = chosen["toelichting"].where(tables.toelichting.c.schooljaar.in_(years))
        self._make_readable()
        return self._database.frames({tables.monitor_indicator.name: figures, **chosen})

    def brought_out(self, schooljaar: str) -> list[Published]:
        """The publications of a school year, also the withdrawn, as ``jos_pipeline.publication`` wants them."""
        with self._read() as connection:
            return publications.brought_out(connection, schooljaar)

    def _monitor_frame(self, table: sa.Table, column: str, value: str) -> pd.DataFrame:
        return self._frame(sa.select(table).where(table.c[column] == value).order_by(*table.primary_key.columns))

    # --- the ledger ----------------------------------------------------------------------------------------

    def deliveries(self) -> pd.DataFrame:
        """The table ``levering``: every file ever offered, in order of arrival."""
        return self._frame(sa.select(tables.levering).order_by(tables.levering.c.id))

    def findings(self, levering_id: int | None = None) -> pd.DataFrame:
        """The table ``bevinding``, of one delivery or of all."""
        chosen = sa.select(tables.bevinding).order_by(tables.bevinding.c.id)
        if levering_id is not None:
            chosen = chosen.where(tables.bevinding.c.levering_id == levering_id)
        return self._frame(chosen)

    def find(self, leverancier: str, sha256: str) -> Receipt | None:
        """The delivery of these bytes by this supplier that was accepted, under whatever name, else the one that was
        refused last; None if they never came."""
        with self._read() as connection:
            row = ledger.original_of(connection, leverancier, sha256)
            return None if row is None else ledger.receipt(connection, row)

    def in_force(self, leverancier: str, soort: str, schooljaar: str) -> InForce | None:
        """The delivery that is in force of a supplier; None when there is none."""
        with self._read() as connection:
            return ledger.in_force(connection, leverancier, soort, schooljaar)

    def record(
        self,
        verdict: Verdict,
        size: int,
        modified: datetime,
        received: datetime,
        run_id: str,
        yardstick: str | None = None,
    ) -> Receipt:
        """Records the gate's verdict on a file, with its findings and passes; see ``record_delivery``.

        ``yardstick`` is what the gate knew of the region (``Region.yardstick``).
        """
        row = ledger.delivery_row(verdict, size, modified, received, run_id, yardstick)
        return self.record_delivery(row, [*verdict.findings, *verdict.passes])

    def record_again(
        self, earlier: Receipt, file_name: str, modified: datetime, received: datetime, run_id: str
    ) -> Receipt:
        """Records that bytes which were accepted before came again; see ``record_delivery``."""
        with self._read() as connection:
            known = ledger.row_of(connection, earlier.id)
        return self.record_delivery(ledger.row_of_copy(known, file_name, modified, received, run_id), [])

    def record_delivery(self, row: Mapping[str, object], findings: Iterable[Finding]) -> Receipt:
        """Records a file in one transaction and says what became of it.

        ``row`` holds the columns of ``levering`` except ``id``, ``geldend``, ``vervangt`` and ``dubbel_van``. Bytes
        that were accepted before are under the same name no new row (only the file's time stamp is kept); under
        another name one row with oordeel ``dubbel``. Bytes that were refused before are a row of their own, except
        under the same name when they are refused for the same. An accepted newcomer is in force from now on, in place
        of the one of the same leverancier, soort and schooljaar; any other verdict changes nothing.
        """
        with self._write() as connection:
            return ledger.record(connection, row, findings)

    # --- expectations --------------------------------------------------------------------------------------

    def record_expectations(self, asked: Asked, outcomes: Iterable[Outcome]) -> None:
        """Adds the outcomes of one check to the table ``verwachting``, in one transaction."""
        with self._write() as connection:
            insert_rows(connection, tables.verwachting, expectations.rows(asked, outcomes))

    def expectations(self, schooljaar: str | None = None) -> pd.DataFrame:
        """The table ``verwachting``, of one school year or of all: every outcome there ever was, in order."""
        return self._frame(expectations.history(schooljaar))

    def latest_expectations(self, schooljaar: str) -> pd.DataFrame:
        """The rows of ``verwachting`` of the last time that each was judged."""
        return self._frame(expectations.latest(schooljaar))

    # --- open data -----------------------------------------------------------------------------------------

    def record_open_data(self, files: list[OpenFile]) -> None:
        """Puts what there is of open data in the table ``open_data``, in one transaction."""
        with self._write() as connection:
            opendata.save_rows(connection, files)

    def open_data(self) -> pd.DataFrame:
        """The table ``open_data``."""
        return self._frame(sa.select(tables.open_data).order_by(*tables.open_data.primary_key.columns))

    # --- how well sources link -----------------------------------------------------------------------------

    def record_linkage(
        self, schooljaar: str, told: pl.DataFrame, remarks: Iterable[Mapping[str, object]], run_id: str
    ) -> None:
        """Puts what may be told of a school year in ``koppeling`` and ``toelichting``, in one transaction."""
        with self._write() as connection:
            linkage.replace(connection, schooljaar, told, remarks, run_id)

    def record_rounding(self, schooljaar: str, remarks: Iterable[Mapping[str, object]]) -> None:
        """Puts what readers must know of the rounding of the publication that holds in ``toelichting``."""
        with self._write() as connection:
            linkage.replace_rounding(connection, schooljaar, remarks)

    def linkage(self, schooljaar: str) -> pd.DataFrame:
        """The rows of ``koppeling`` of a school year."""
        table = tables.koppeling
        return self._frame(
            sa.select(table).where(table.c.schooljaar == schooljaar).order_by(*table.primary_key.columns)
        )

    def remarks(self, schooljaar: str) -> pd.DataFrame:
        """The rows of ``toelichting`` of a school year."""
        table = tables.toelichting
        return self._frame(
            sa.select(table).where(table.c.schooljaar == schooljaar).order_by(*table.primary_key.columns)
        )

    # --- who was told what --------------------------------------------------------------------------------

    def told(self, target: str) -> dict[str, Told]:
        """What a target was told of problems, by key."""
        with self._read() as connection:
            return notices.told(connection, target)

    def remember_told(self, target: str, digest: Digest, now: datetime) -> None:
        """Records in one transaction that a target took a message."""
        if digest != Digest():
            with self._write() as connection:
                notices.remember(connection, target, digest, now)

    # --- connections ---------------------------------------------------------------------------------------

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        self._make_readable()
        with self._database.read() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        if not self._ready:
            self.ensure_schema()
        with self._database.write() as connection:
            yield connection

    def _frame(self, statement: sa.Select[tuple[object, ...]]) -> pd.DataFrame:
        self._make_readable()
        return self._database.frame(statement)

    def _make_readable(self) -> None:
        """Reading asks for the tables alone, so that it waits for no writer and an account that only reads may do it.

        Views and data dictionary are brought up to date with the tables, or by the first who writes.
        """
        if not self._readable and self._is_behind():
            self.ensure_schema()
        self._readable = True

    def _is_behind(self) -> bool:
        with self._database.read() as connection:
            return revisions.is_behind(connection)
