"""What is expected of deliveries as a whole and over time, of sources together and of the publication.

Data only: how a measure is counted and judged is ``jos_pipeline.expectations``. Rules about a single row are the
contracts'; none stands here too.
"""

from schemas.expectations.deliveries import ON_DELIVERIES
from schemas.expectations.kinds import Bound, Expectation, Result, Unit
from schemas.expectations.linked import ON_LINKED
from schemas.expectations.publication import ON_PUBLICATION

__all__ = [
    "EXPECTATIONS",
    "ON_DELIVERIES",
    "ON_LINKED",
    "ON_PUBLICATION",
    "Bound",
    "Expectation",
    "Result",
    "Unit",
    "asked_of",
]

EXPECTATIONS: dict[str, Expectation] = {
    expected.name: expected for part in (ON_DELIVERIES, ON_LINKED, ON_PUBLICATION) for expected in part
}


def asked_of(table: str, suite: tuple[Expectation, ...]) -> tuple[Expectation, ...]:
    """The expectations of a suite that are asked of one soort or table."""
    return tuple(expected for expected in suite if table in expected.on)
