"""What is counted: a measure, what it is counted on, and the numbers below which nothing can be said."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from jos_pipeline.region import Region

ENOUGH_ROWS = 30
"""A share, a median or a change of fewer rows than this says little and is not judged."""
ENOUGH_PUPILS = 10
"""A share of fewer pupils than this is not judged."""


@dataclass(frozen=True)
class Measure:
    """One number about a delivery (of ``leverancier``), one of its columns, or a table as a whole.

    ``name`` is the ``measure`` of an expectation. ``value`` is None where there is nothing to judge by.
    """

    name: str
    value: float | None
    leverancier: str | None = None
    kolom: str | None = None

    @property
    def where(self) -> str:
        """Whom and what the number is about, for people."""
        return " / ".join(part for part in (self.leverancier, self.kolom) if part) or "alles samen"


@dataclass(frozen=True)
class Sources:
    """The accepted rows of one soort beside those of others. What was not delivered is an empty frame."""

    soort: str
    frames: Mapping[str, pl.DataFrame]
    region: Region

    def __getitem__(self, soort: str) -> pl.DataFrame:
        return self.frames[soort]

    @property
    def own(self) -> pl.DataFrame:
        return self.frames[self.soort]


def share(part: int, whole: int, enough: int) -> float | None:
    """``part`` of ``whole``, or None when there are too few."""
    return part / whole if whole >= enough else None
