"""A *concise* (Dutch: beknopte) publication: figures, or only their breakdowns, down to some level of areas.

For a region so large that all of its figures could not be audited together. Small counts are hidden in all of the cube
first, and then the rows that do not go out are left out, as if they were hidden: a gemeente that is all of its
samenwerkingsverband here has its number in the row of that. Which rows these are is a fact of the region's
configuration (``cijfers_tot``, ``uitsplitsen_tot``) and never of the counts: else it would tell something that a row is
missing. Of a publication that is out it follows from its rows, whatever the region has chosen since. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from jos_pipeline.indicators.entry import TOTAAL
from jos_pipeline.suppression import LEVELS

_NAMED = {
    "regio": ("de regio", "de regio"),
    "samenwerkingsverband": ("de samenwerkingsverbanden", "samenwerkingsverbanden"),
    "gemeente": ("de gemeenten", "gemeenten"),
    "school": ("de scholen", "scholen"),
}
"""Every level as what there is, and as what there is not."""

Kinds = Iterable[tuple[str, str, str]]
"""Indicator, level and breakdown of every row of a publication, or of each kind of row once."""


@dataclass(frozen=True)
class Depth:
    """The levels of areas (``LEVELS``) down to which a publication has figures, and breakdowns of them.

    Breakdowns go no deeper than figures: ``depth`` sees to that.
    """

    cijfers: str = "school"
    uitsplitsingen: str = "school"

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self == Depth()

    @property
    def shows_schools(self) -> bool:
        return self.cijfers == "school"

    def only_totals(self, level: str) -> bool:
        """Whether areas of this level have figures, and no breakdowns of them."""
        return LEVELS[self.uitsplitsingen] < LEVELS[level] <= LEVELS[self.cijfers]


def depth(cijfers: str, uitsplitsingen: str) -> Depth:
    """Breakdowns no deeper than figures."""
    return Depth(cijfers, min(cijfers, uitsplitsingen, key=LEVELS.__getitem__))


def going_out(rows: pl.DataFrame, to: Depth) -> pl.DataFrame:
    """The rows that go out, in the same order: figures, and breakdowns of them, as deep as they go.

    ``rows`` are a cube, or what ``disclosure.protect`` made of it.
    """
    level = pl.col("niveau").replace_strict(LEVELS, return_dtype=pl.Int64)
    deep = pl.when(uitsplitsing=TOTAAL).then(LEVELS[to.cijfers]).otherwise(LEVELS[to.uitsplitsingen])
    return rows.filter(level <= deep)


def concise_to(rows: Kinds) -> Depth | None:
    """How deep a publication goes; None where it has breakdowns wherever it has totals, down to schools."""
    total: dict[str, int] = {}
    broken: dict[str, int] = {}
    for indicator, niveau, split in frozenset(rows):
        deep = total if split == TOTAAL else broken
        deep[indicator] = max(deep.get(indicator, 0), LEVELS[niveau])
    if not total:
        return None
    figures = max(total.values())
    breakdowns = figures if all(total.get(one, 0) <= deep for one, deep in broken.items()) else max(broken.values())
    found = Depth(*(next(name for name, deep in LEVELS.items() if deep == level) for level in (figures, breakdowns)))
    return None if found.whole else found


def stays_concise(to: Depth, published: Iterable[Kinds]) -> Depth:
    """How deep a publication goes: as ``to``, but no deeper than any publication of the school year.

    ``published``: the rows of each. What one left out was neither shown nor hidden then, so nothing would bound what a
    deeper one tells of it.
    """
    before = [out for out in map(concise_to, published) if out]
    return depth(
        min((to.cijfers, *(out.cijfers for out in before)), key=LEVELS.__getitem__),
        min((to.uitsplitsingen, *(out.uitsplitsingen for out in before)), key=LEVELS.__getitem__),
    )


def concise_text(to: Depth) -> str:
    """What readers must know of a publication that goes no deeper."""
    said = ["Deze publicatie is beknopt."]
    broken, totals, nothing = (
        [level for level in LEVELS if here(level)]
        for here in (
            lambda level: LEVELS[level] <= LEVELS[to.uitsplitsingen],
            to.only_totals,
            lambda level: LEVELS[level] > LEVELS[to.cijfers],
        )
    )
    if totals:
        said.append(
            f"Uitsplitsingen, zoals naar functie of leeftijd, staan er voor {_listed(broken, 0)}. Voor "
            f"{_listed(totals, 1)} staan er alleen totalen."
        )
    if nothing:
        said.append(f"Over {_listed(nothing, 1)} staan er geen cijfers.")
    chosen = "De regio heeft daarvoor gekozen, voor al deze gebieden. Het zegt dus niets over hoe groot een aantal is."
    return " ".join([*said, chosen])


def _listed(levels: list[str], which: int) -> str:
    *first, last = (_NAMED[level][which] for level in levels)
    return f"{', '.join(first)} en {last}" if first else last
