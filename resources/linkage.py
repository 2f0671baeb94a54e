"""How well sources link and what readers must know of figures that need it: the tables ``koppeling``, ``toelichting``.

Statements and rows only (``resources.warehouse`` opens the transaction).
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import polars as pl
import sqlalchemy as sa

from jos_pipeline.linkage import MEASURES
from resources.database import insert_rows
from schemas.warehouse import koppeling, toelichting


def replace(
    connection: sa.Connection,
    schooljaar: str,
    told: pl.DataFrame,
    remarks: Iterable[Mapping[str, object]],
    run_id: str,
) -> None:
    """Puts the rows of a school year in the place of those that were there."""
    now = datetime.now(UTC)
    rows = (
        row
        | {
            "schooljaar": schooljaar,
            "omschrijving": MEASURES[row["maat"]],
            "gemeten_op": now,
            "run_id": run_id,
        }
        for row in told.iter_rows(named=True)
    )
    for table, contents in ((koppeling, rows), (toelichting, remarks)):
        connection.execute(table.delete().where(table.c.schooljaar == schooljaar))
        insert_rows(connection, table, contents)
