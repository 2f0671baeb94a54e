"""How well sources link and what readers must know of figures that need it: the tables ``koppeling``, ``toelichting``.

Statements and rows only (``resources.warehouse`` opens the transaction).
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import polars as pl
import sqlalchemy as sa

from jos_pipeline.linkage import MEASURES
from resources.database import insert_rows
from schemas.registered import ROUNDED
from schemas.warehouse import koppeling, toelichting

_OF_ROUNDING = toelichting.c.reden == ROUNDED


def replace(
    connection: sa.Connection,
    schooljaar: str,
    told: pl.DataFrame,
    remarks: Iterable[Mapping[str, object]],
    run_id: str,
) -> None:
    """Puts the rows of a school year in the place of those that were there; remarks on rounding stay."""
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
    connection.execute(koppeling.delete().where(koppeling.c.schooljaar == schooljaar))
    connection.execute(toelichting.delete().where(toelichting.c.schooljaar == schooljaar, ~_OF_ROUNDING))
    insert_rows(connection, koppeling, rows)
    insert_rows(connection, toelichting, remarks)


def replace_rounding(connection: sa.Connection, schooljaar: str, remarks: Iterable[Mapping[str, object]]) -> None:
    """Puts the remarks on rounding of a school year in the place of those that were there."""
    connection.execute(toelichting.delete().where(toelichting.c.schooljaar == schooljaar, _OF_ROUNDING))
    insert_rows(connection, toelichting, remarks)
