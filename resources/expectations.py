"""The history of expectations: what stands in the table ``verwachting`` and which of it is the latest.

Statements and rows only (``resources.warehouse`` opens the transaction).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from jos_pipeline.expectations.judge import Outcome
from schemas.warehouse import verwachting


@dataclass(frozen=True)
class Asked:
    """What was judged, by which check and in which run."""

    schooljaar: str
    onderwerp: str
    controle: str
    run_id: str


def rows(asked: Asked, outcomes: Iterable[Outcome]) -> Iterator[dict[str, object]]:
    """The rows of ``verwachting`` for the outcomes of one check."""
    now = datetime.now(UTC)
    for outcome in outcomes:
        expected = outcome.expectation
        yield {
            "schooljaar": asked.schooljaar,
            "onderwerp": asked.onderwerp,
            "controle": asked.controle,
            "verwachting": expected.name,
            "code": expected.code,
            "zin": expected.sentence,
            "uitslag": str(outcome.result),
            "getoetst": outcome.judged,
            "afwijkend": outcome.failing,
            "waar": ", ".join(outcome.where),
            "waargenomen": outcome.observed,
            "eenheid": str(expected.unit),
            "grens": outcome.threshold,
            "richting": str(expected.bound),
            "getoetst_op": now,
            "run_id": asked.run_id,
        }


def history(schooljaar: str | None) -> sa.Select[Any]:
    chosen = sa.select(verwachting).order_by(verwachting.c.id)
    return chosen if schooljaar is None else chosen.where(verwachting.c.schooljaar == schooljaar)


def latest(schooljaar: str) -> sa.Select[Any]:
    column = verwachting.c
    newest = (
        sa.select(sa.func.max(column.id))
        .where(column.schooljaar == schooljaar)
        .group_by(column.onderwerp, column.controle, column.verwachting)
    )
    return sa.select(verwachting).where(column.id.in_(newest)).order_by(column.onderwerp, column.controle, column.id)
