"""Rounding around a publication: what is out as it was before it was rounded (spec 3.2.7).

Readers have rounded counts; whether a count changed little is asked of the exact ones. Those lie in the lake, by the
hash of the content that was published. What becomes of rows is ``jos_pipeline.rounded_rows``.
"""

from dataclasses import dataclass

import polars as pl

from jos_pipeline.earlier import OUT
from jos_pipeline.publication import current
from jos_pipeline.rounded_rows import BASE, BEFORE, EXACT, rounding_remarks
from resources.lake import Lake
from resources.warehouse import WarehouseStore

ROUNDED = "afgerond"
"""In the report of an audit: how the audited figures were rounded."""


@dataclass(frozen=True)
class Out:
    """What is out of a school year: every count as it was before rounding; ``rounded``, what became of it."""

    exact: list[pl.DataFrame]
    rounded: pl.DataFrame


def what_is_out(lake: Lake, store: WarehouseStore, year: str) -> Out:
    """Every publication of a school year, also the withdrawn. One whose exact counts are lost counts as it was read:
    nearly every count then seems to have changed a little, and is hidden."""
    known = store.brought_out(year)
    rounded = [one for one in known if lake.has_under(EXACT, year, one.sha256)]
    if not rounded:
        return Out([store.what_is_out(year)], pl.DataFrame(schema=BEFORE))
    tables = [lake.read_under(EXACT, year, one.sha256) for one in rounded]
    kept = pl.concat([pl.DataFrame(schema=BEFORE), *tables], how="diagonal")
    others = [one.id for one in known if one not in rounded]
    return Out([store.what_is_out(year, others), kept.select(*OUT)], kept)


def explain_rounding(lake: Lake, store: WarehouseStore, regio: str, year: str) -> None:
    """Tells readers how the publication that holds was rounded, whatever the region has chosen since."""
    holds, base = current(store.brought_out(year)), None
    if holds is not None and lake.has_under(EXACT, year, holds.sha256):
        kept = lake.read_under(EXACT, year, holds.sha256)
        if BASE not in kept.columns:  # kept before the base was: its remarks stay as they were written then
            return
        base = kept.get_column(BASE).max()
    store.record_rounding(year, rounding_remarks(base, regio, year))
