"""Finding the header row: the row in which the monitor recognises most headings.

Put here how a header is told from titles and data. Which headings are known is the caller's to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.naming import fold

REGION = 6
"""The header stands in one of the first six rows: at most five title rows above it."""


@dataclass(frozen=True)
class Header:
    """``index`` counts from 0; ``known`` is the number of headings that are recognised."""

    index: int
    known: int
    fields: tuple[str, ...]

    @property
    def needed(self) -> int:
        """Fields a row must have: up to and including the last heading that is not empty."""
        return max(position for position, field in enumerate(self.fields, start=1) if fold(field))


def find_header(rows: Sequence[Sequence[str]], known_headings: frozenset[str]) -> Header | None:
    """The header among the first rows: most known headings, at least two, or every filled cell if there is but one.

    Of rows that know equally many the first counts. None when no row qualifies.
    """
    best: Header | None = None
    for index, row in enumerate(rows[:REGION]):
        folded = [fold(cell) for cell in row]
        known = sum(cell in known_headings for cell in folded if cell)
        enough = known >= min(2, max(1, sum(bool(cell) for cell in folded)))
        if enough and (best is None or known > best.known):
            best = Header(index, known, tuple(row))
    return best
