"""A *concise* (Dutch: beknopte) publication: breakdowns down to some level of areas only, totals everywhere.

For a region so large that all of its figures could not be audited together. Small counts are hidden in all of the cube
first, and then the rows that do not go out are left out, as if they were hidden: a gemeente that is all of its
samenwerkingsverband here has its number in the row of that. Which rows these are is a fact of the region's
configuration (``Region.uitsplitsen_tot``) and never of the counts: else it would tell something that a row is missing.
Of a publication that is out it follows from its rows, whatever the region has chosen since. Pure.
"""

from collections.abc import Iterable

import polars as pl

from jos_pipeline.indicators.entry import TOTAAL
from jos_pipeline.suppression import LEVELS

_WHERE = {
    "regio": ("de regio", "samenwerkingsverbanden, gemeenten en scholen"),
    "samenwerkingsverband": ("de regio en de samenwerkingsverbanden", "gemeenten en scholen"),
    "gemeente": ("de regio, de samenwerkingsverbanden en de gemeenten", "scholen"),
}
"""By the level down to which figures are broken down: where they are, and where only totals are."""


def going_out(rows: pl.DataFrame, deepest: str) -> pl.DataFrame:
    """The rows that go out, in the same order: breakdowns down to the level ``deepest``, and all totals.

    ``rows`` are a cube, or what ``disclosure.protect`` made of it.
    """
    left_out = [level for level in LEVELS if only_totals(level, deepest)]
    return rows.filter((pl.col("uitsplitsing") == TOTAAL) | ~pl.col("niveau").is_in(left_out))


def only_totals(level: str, deepest: str) -> bool:
    """Whether areas of this level have totals only when breakdowns go out down to the level ``deepest``."""
    return LEVELS[level] > LEVELS[deepest]


def concise_to(rows: Iterable[tuple[str, str, str]]) -> str | None:
    """The level down to which published figures are broken down; None where that is as deep as they have totals.

    ``rows``: indicator, level and breakdown of every row, or of each kind of row once.
    """
    total: dict[str, int] = {}
    broken: dict[str, int] = {}
    for indicator, niveau, split in frozenset(rows):
        depth = total if split == TOTAAL else broken
        depth[indicator] = max(depth.get(indicator, 0), LEVELS[niveau])
    if all(total.get(indicator, 0) <= depth for indicator, depth in broken.items()):
        return None
    return next(niveau for niveau, depth in LEVELS.items() if depth == max(broken.values()))


def stays_concise(deepest: str, published: Iterable[Iterable[tuple[str, str, str]]]) -> str:
    """The level down to which breakdowns go out: ``deepest``, but no deeper than in any publication of the school year.

    ``published``: the rows of each, as for ``concise_to``. What one left out was neither shown nor hidden then, so
    nothing would bound what a deeper one tells of it.
    """
    return min((deepest, *filter(None, map(concise_to, published))), key=LEVELS.__getitem__)


def concise_text(deepest: str) -> str:
    """What readers must know of a publication that is broken down to this level only."""
    broken, totals = _WHERE[deepest]
    return (
        f"Deze publicatie is beknopt. Uitsplitsingen, zoals naar functie of leeftijd, staan er voor {broken}. Voor "
        f"{totals} staan er alleen totalen. De regio heeft daarvoor gekozen, voor al deze gebieden. Het zegt dus niets "
        "over hoe groot een aantal is."
    )
