"""Publications in the warehouse: bringing one out, withdrawing one, and which one is current.

Functions on an open transaction (``resources.warehouse`` opens it), so that every reader sees the old or the new and
never half of it. Whether something is to be published is ``jos_pipeline.publication``.
"""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl
import sqlalchemy as sa

from jos_pipeline.publication import MONITOR_SCHEMA, Publication, PublicationId, Published, Withdrawal, current
from resources.database import insert_rows, replace_rows
from schemas import warehouse as tables
from schemas.views import IndicatorName, View, publication_overview, views

Dims = Mapping[str, Iterable[Mapping[str, object]]]


class PublicationExistsError(Exception):
    """A publication never changes; this one is already out."""


class NotWithdrawableError(Exception):
    """There is no such publication, or it was withdrawn before. The message (Dutch) says which."""


def check_rows(publication: Publication, rows: pl.DataFrame) -> None:
    """Raises ValueError when a row is not one of this publication."""
    if rows.columns != list(MONITOR_SCHEMA):
        raise ValueError("the rows of a publication have the columns of monitor_indicator, in order")
    told = {(str(publication.id), publication.id.schooljaar, publication.id.peildatum)}
    if set(rows.select("publicatie", "schooljaar", "peildatum").unique().iter_rows()) - told:
        raise ValueError(f"not every row belongs to publication {publication.id}")


def bring_out(connection: sa.Connection, publication: Publication, rows: pl.DataFrame, dims: Dims) -> None:
    """See ``WarehouseStore.publish``."""
    _refuse_existing(connection, publication.id)
    connection.execute(tables.publicatie.insert(), publication.row(rows.height))
    behind = ({"publicatie": str(publication.id), "levering_id": number} for number in publication.leveringen)
    insert_rows(connection, tables.publicatie_levering, behind)
    insert_rows(connection, tables.monitor_indicator_historie, rows.iter_rows(named=True))
    show_current(connection, publication.id.schooljaar)
    for name, contents in dims.items():
        if name == tables.KEPT.name:
            _add_versions(connection, contents)
        else:
            replace_rows(connection, tables.DIMENSIONS[name], contents)
    refresh_views(connection)


def withdraw(connection: sa.Connection, withdrawal: Withdrawal) -> None:
    """See ``WarehouseStore.withdraw``."""
    known = {published.id: published for published in brought_out(connection, withdrawal.id.schooljaar)}
    if withdrawal.id not in known:
        raise NotWithdrawableError(f"publicatie {withdrawal.id} is er niet")
    if known[withdrawal.id].ingetrokken:
        raise NotWithdrawableError(f"publicatie {withdrawal.id} was al ingetrokken")
    row = {"publicatie": str(withdrawal.id), "reden": withdrawal.reden, "ingetrokken_op": withdrawal.ingetrokken_op}
    connection.execute(tables.intrekking.insert(), row)
    show_current(connection, withdrawal.id.schooljaar)


def brought_out(connection: sa.Connection, schooljaar: str) -> list[Published]:
    """The publications of a school year, also the withdrawn, in order of peildatum and number."""
    columns, taken_back = tables.publicatie.c, tables.intrekking.c
    chosen = (
        sa.select(columns.id, columns.sha256, columns.status, taken_back.publicatie)
        .join_from(tables.publicatie, tables.intrekking, taken_back.publicatie == columns.id, isouter=True)
        .where(columns.schooljaar == schooljaar)
    )
    found = (
        Published(PublicationId.parse(text), sha256, status, ingetrokken=withdrawn is not None)
        for text, sha256, status, withdrawn in connection.execute(chosen)
    )
    return sorted(found, key=lambda published: published.id)


def show_current(connection: sa.Connection, schooljaar: str) -> None:
    """Puts the publication that holds for a school year in ``monitor_indicator``, unless it stands there."""
    shown, history = tables.monitor_indicator, tables.monitor_indicator_historie
    holds = current(brought_out(connection, schooljaar))
    of_year = shown.c.schooljaar == schooljaar
    there = set(connection.execute(sa.select(shown.c.publicatie).where(of_year).distinct()).scalars())
    if there == ({str(holds.id)} if holds else set()):
        return
    connection.execute(shown.delete().where(of_year))
    if holds is not None:
        names = [column.name for column in shown.columns]
        rows = sa.select(*(history.c[name] for name in names)).where(history.c.publicatie == str(holds.id))
        connection.execute(shown.insert().from_select(names, rows))


def keep_known_versions(connection: sa.Connection) -> None:
    """Keeps the definitions in ``dim_indicator`` for good: they were published before versions were kept."""
    names = [column.name for column in tables.dim_indicator.columns]
    known, kept = tables.dim_indicator.c, tables.KEPT.c
    missing = ~sa.exists().where((kept.indicator == known.indicator) & (kept.versie == known.versie))
    chosen = sa.select(*(known[name] for name in names)).where(missing)
    connection.execute(tables.KEPT.insert().from_select(names, chosen))


def _add_versions(connection: sa.Connection, rows: Iterable[Mapping[str, object]]) -> None:
    columns = tables.KEPT.c
    known = {tuple(key) for key in connection.execute(sa.select(columns.indicator, columns.versie))}
    insert_rows(connection, tables.KEPT, (row for row in rows if (row["indicator"], row["versie"]) not in known))


def _refuse_existing(connection: sa.Connection, publication: PublicationId) -> None:
    found = sa.select(tables.publicatie.c.id).where(tables.publicatie.c.id == str(publication))
    if connection.execute(found).first() is not None:
        raise PublicationExistsError(f"publication {publication} is out and never changes")


def refresh_views(connection: sa.Connection) -> None:
    """Makes the views anew whose columns changed, and explains all of them.

    The others are left as they are, with what people built on them.
    """
    wanted = (*views(_indicator_names(connection)), publication_overview())
    inspector = sa.inspect(connection)
    existing = set(inspector.get_view_names())
    stale = [
        view
        for view in wanted
        if view.name not in existing
        or view.columns != tuple(column["name"] for column in inspector.get_columns(view.name))
    ]
    for view in stale:
        may_read = _readers(connection, view.name)
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {view.name}")
        connection.exec_driver_sql(f"CREATE VIEW {view.name} AS {view.select}")
        for grantee in may_read:
            connection.exec_driver_sql(f"GRANT SELECT ON {view.name} TO {grantee}")
    _explain(connection, wanted, made_anew=bool(stale))


def _readers(connection: sa.Connection, view: str) -> list[str]:
    """The roles that may read a view and must still after it is made anew, as they are written in SQL."""
    if connection.dialect.name != "postgresql":
        return []
    granted = sa.table("role_table_grants", *map(sa.column, ("table_name", "privilege_type", "grantee")))
    granted.schema = "information_schema"
    chosen = sa.select(granted.c.grantee).where(
        granted.c.table_name == view, granted.c.privilege_type == "SELECT", granted.c.grantee != sa.func.current_user()
    )
    quote = connection.dialect.identifier_preparer.quote
    return ["PUBLIC" if name == "PUBLIC" else quote(name) for name in connection.execute(chosen).scalars()]


def _indicator_names(connection: sa.Connection) -> dict[str, IndicatorName]:
    columns = tables.dim_indicator.c
    found = connection.execute(sa.select(columns.indicator, columns.naam, columns.eenheid))
    return {row.indicator: IndicatorName(*row) for row in found}


def _explain(connection: sa.Connection, made: Sequence[View], *, made_anew: bool) -> None:
    """Writes the data dictionary, and the comments where the database has those; nothing when all of it is there."""
    rows = [
        *tables.dictionary_rows(tables.metadata.sorted_tables),
        *tables.dictionary_rows((view.table for view in made), "weergave"),
    ]
    known = [dict(row) for row in connection.execute(sa.select(tables.data_woordenboek)).mappings()]
    if not made_anew and sorted(known, key=_place) == sorted(rows, key=_place):
        return
    replace_rows(connection, tables.data_woordenboek, rows)
    if connection.dialect.name == "postgresql":
        for table in tables.metadata.sorted_tables:
            connection.execute(sa.schema.SetTableComment(table))
            for column in table.columns:
                connection.execute(sa.schema.SetColumnComment(column))
        for statement in (statement for view in made for statement in view.comments()):
            connection.exec_driver_sql(statement)


def _place(row: Mapping[str, object]) -> tuple[str, str]:
    return str(row["tabel"]), str(row["kolom"])
