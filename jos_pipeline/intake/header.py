"""Finding the header row: the row in which the monitor recognises most headings, and headings that only look right.

Put here how a header is told from titles and data. Which headings are known is the caller's to say.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.naming import fold, readable

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
        folded = [looks_like(cell, known_headings) for cell in row]
        known = sum(cell in known_headings for cell in folded if cell)
        enough = known >= min(2, max(1, sum(bool(cell) for cell in folded)))
        if enough and (best is None or known > best.known):
            best = Header(index, known, tuple(row))
    return best


def looks_like(heading: str, known_headings: frozenset[str]) -> str:
    """The folded heading, or the known one that it looks like when written with other characters."""
    folded = fold(heading)
    if folded in known_headings or heading.isascii():
        return folded
    seeming = fold(readable(heading))
    return seeming if seeming in known_headings else folded


@dataclass(frozen=True)
class Lookalikes:
    """Headings that are known only by their looks: ``headings`` are readable now.

    ``alone`` are the positions where that leaves no doubt, ``doubtful`` those that look like another heading.
    """

    headings: tuple[str, ...]
    alone: tuple[int, ...]
    doubtful: tuple[int, ...]


def without_lookalikes(headings: Sequence[str], known_headings: frozenset[str]) -> Lookalikes:
    """Headings with letters of another alphabet or invisible characters, made readable where that makes them known."""
    seeming = [looks_like(heading, known_headings) for heading in headings]
    odd = [
        place
        for place, heading in enumerate(headings)
        if seeming[place] in known_headings and readable(heading) != unicodedata.normalize("NFKC", heading)
    ]
    return Lookalikes(
        headings=tuple(readable(heading) if place in odd else heading for place, heading in enumerate(headings)),
        alone=tuple(place for place in odd if seeming.count(seeming[place]) == 1),
        doubtful=tuple(place for place in odd if seeming.count(seeming[place]) > 1),
    )
