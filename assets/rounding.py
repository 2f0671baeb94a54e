"""Rounding around a publication: what is out as it was before it was rounded, and keeping that (spec 3.2.7).

Readers have rounded counts; whether a count changed little is asked of the exact ones. Those lie in the lake, by the
hash of the content that was published. What becomes of rows is ``jos_pipeline.rounded_rows``.
"""

from dataclasses import dataclass

import dagster as dg
import polars as pl

from jos_pipeline.earlier import OUT
from jos_pipeline.publication import content_hash
from jos_pipeline.rounded_rows import BEFORE, is_rounding_of
from resources.lake import Lake
from resources.warehouse import WarehouseStore

ROUNDED = "afgerond"
"""In the report of an audit: how the audited figures were rounded."""
EXACT = "onafgerond"
"""The table beside the safe rows with their counts before and after rounding (``rounded_rows.BEFORE``)."""


@dataclass(frozen=True)
class Out:
    """What is out of a school year: every count as it was before rounding; ``rounded``, what became of it."""

    exact: list[pl.DataFrame]
    rounded: pl.DataFrame


def what_is_out(lake: Lake, store: WarehouseStore, year: str) -> Out:
    """Every publication of a school year, also the withdrawn. One whose exact counts are lost counts as it was read:
    nearly every count then seems to have changed a little, and is hidden."""
    known = store.brought_out(year)
    rounded = [one for one in known if lake.has_exact(year, one.sha256)]
    if not rounded:
        return Out([store.what_is_out(year)], pl.DataFrame(schema=BEFORE))
    kept = pl.concat([lake.read_exact(year, one.sha256) for one in rounded])
    others = [one.id for one in known if one not in rounded]
    return Out([store.what_is_out(year, others), kept.select(*OUT)], kept)


def keep_exact(lake: Lake, store: WarehouseStore, group: str, year: str, safe: pl.DataFrame) -> None:
    """Keeps the exact counts of rows that are about to be published. Fails when they are not of these rows."""
    sha256, counts = content_hash(safe), lake.read_layer(group, EXACT, year)
    if not is_rounding_of(safe, counts):
        raise dg.Failure(
            "the exact counts beside these figures are not theirs: run publicatie/beveiligd together with this one",
            allow_retries=False,
        )
    if sha256 not in {one.sha256 for one in store.brought_out(year)}:
        lake.write_exact(year, sha256, counts)
