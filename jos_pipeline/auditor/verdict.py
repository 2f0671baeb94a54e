"""Which counts are sensitive in truth (spec 3.2, rule 1), and whether an attack tells too much of one (spec 3.2, 4).

Stated anew from the specification, and not taken from whoever hides cells. The truth is the internal cube.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from jos_pipeline.auditor.published import ABSENT, PLACE, Count, Reading, Side, sides
from jos_pipeline.auditor.system import TOLERANCE
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import Indicator, Kind

PUBLIC = ("leerlingen",)
"""Counts that are the public total themselves."""

EXPOSED: dict[str, type[pl.DataType]] = {
    **dict.fromkeys((*PLACE, "kant"), pl.String),
    **dict.fromkeys(("low", "high", "need_low", "need_high"), pl.Float64),
    "exact": pl.Boolean,
    "shown": pl.Boolean,
}
"""A side of a row of which too much is told; ``shown`` when it is simply printed."""


@dataclass(frozen=True)
class Sensitive:
    """A side of a row that is sensitive in truth: which count, and how far a reader must be left in doubt."""

    where: tuple[str, ...]
    count: Count
    low: float
    high: float
    number: float | None = None
    noemer: Count | None = None
    """Where nearly all of a noemer is in the count: that noemer. Who does not know it, need not think that all are."""

    def highest(self, reading: Reading) -> float:
        """How large a reader must be able to think it."""
        known = self.noemer is None or reading.counts.get(self.noemer) is not None
        return self.high if known or self.number is None else min(self.high, self.number)


def sensitive(rows: pl.DataFrame, truth: pl.DataFrame, k: int) -> list[Sensitive]:
    """The sensitive sides of the published rows. Rows that the cube does not have are no persons' and are left out."""
    herkomst = rows.select(*PLACE, _herkomst="herkomst")
    told = truth.join(herkomst, on=PLACE, how="inner", maintain_order="left")
    found = []
    for row in told.iter_rows(named=True):
        entry = INDICATORS.get(row["indicator"])
        if entry is None or row["waarde_status"] in ABSENT:
            continue
        counts = sides(row | {"herkomst": row["_herkomst"]}, entry, 0)
        place = tuple(row[name] for name in PLACE)
        found += [
            Sensitive((*place, side), counts[side], low, high, row[side], counts[Side.NOEMER] if of_noemer else None)
            for side, low, high, of_noemer in _sensitive(row, entry, counts, k)
        ]
    return found


def exposed(secrets: list[Sensitive], reading: Reading, ends: Mapping[Count, tuple[float, float]]) -> pl.DataFrame:
    """The sensitive sides (``EXPOSED``) that a reader cannot think to be as small or large as he must."""
    found = []
    for one in secrets:
        low, high = ends.get(one.count, (0.0, float("inf")))
        highest = one.highest(reading)
        if low > one.low + TOLERANCE or high < highest - TOLERANCE:
            shown = reading.counts.get(one.count) is not None
            found.append((*one.where, low, high, one.low, highest, high - low <= TOLERANCE, shown))
    return pl.DataFrame(found, schema=EXPOSED, orient="row")


def _sensitive(
    row: Mapping[str, Any], entry: Indicator, counts: Mapping[str, Count], k: int
) -> Iterator[tuple[str, float, float, bool]]:
    """The sides that are sensitive, with how far down and up a reader must be left in doubt, and whether that is so
    because of the noemer."""
    public = row["publiek_totaal"]
    for side in counts:
        n = row[f"{side}_personen"] or 0
        if public == 0 and n == 0:
            continue
        if n < k:
            yield side, 0.0, float(k if public is None else min(k, max(public, n))), False
        for total, rest, of_noemer in _totals(row, entry, counts, side):
            if 0 <= rest < k:
                least = max(total - k, 0.0)
                yield side, least if row[side] is None else min(least, row[side]), total, of_noemer


def _totals(
    row: Mapping[str, Any], entry: Indicator, counts: Mapping[str, Count], side: str
) -> Iterator[tuple[float, int, bool]]:
    """The totals of which a count is a part, how many persons of them are not in it, and whether it is the noemer."""
    measure = entry.noemer if side == Side.NOEMER and entry.noemer is not None else entry.teller
    n = row[f"{side}_personen"] or 0
    if measure.kind not in (Kind.DISTINCT, Kind.ROWS) or measure.id in PUBLIC:
        return
    if row["publiek_totaal"] is not None and measure.kind is Kind.DISTINCT:
        yield float(row["publiek_totaal"]), row["publiek_totaal"] - n, False
    of_noemer = side == Side.TELLER and Side.NOEMER in counts and counts[Side.TELLER] != counts[Side.NOEMER]
    if of_noemer and row["noemer_personen"] and row["noemer"]:
        yield row["noemer"], row["noemer_personen"] - n, True
