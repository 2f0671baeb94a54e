"""Who was told what: the table ``melding``. Functions on an open transaction (``resources.warehouse`` opens it)."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from jos_pipeline.alerts import Alert, Digest, Told
from resources.database import insert_rows
from schemas.warehouse import melding


def told(connection: sa.Connection, target: str) -> dict[str, Told]:
    """Everything a target was told, by key."""
    rows = connection.execute(sa.select(melding).where(melding.c.doel == target)).mappings()
    return {
        row["sleutel"]: Told(
            Alert(row["sleutel"], row["code"], row["wie"], row["wat"]), row["laatst_gemeld_op"], row["opgelost_op"]
        )
        for row in rows
    }


def remember(connection: sa.Connection, target: str, digest: Digest, now: datetime) -> None:
    """Records that a target was told a digest."""
    _forget(connection, target, digest.new)  # it may have been told before, and was over since
    insert_rows(connection, melding, (_row(target, alert, now) for alert in digest.new))
    again = {"laatst_gemeld_op": now, "keren": melding.c.keren + 1}
    for alerts, change in ((digest.again, again), ((*digest.solved, *digest.gone), {"opgelost_op": now})):
        for alert in alerts:
            connection.execute(melding.update().where(_is(target, alert)).values(change))


def _forget(connection: sa.Connection, target: str, alerts: Iterable[Alert]) -> None:
    for alert in alerts:
        connection.execute(melding.delete().where(_is(target, alert)))


def _is(target: str, alert: Alert) -> sa.ColumnElement[bool]:
    return sa.and_(melding.c.doel == target, melding.c.sleutel == alert.key)


def _row(target: str, alert: Alert, now: datetime) -> dict[str, object]:
    return {
        "doel": target,
        "sleutel": alert.key,
        "code": alert.code,
        "wie": alert.wie,
        "wat": alert.wat,
        "eerst_gemeld_op": now,
        "laatst_gemeld_op": now,
        "keren": 1,
        "opgelost_op": None,
    }
