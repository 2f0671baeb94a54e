"""The counts under publications that are out, kept in the lake: later publications are audited with them (spec 3.2.6).

Here: when they are kept and which are read. What is kept is ``jos_pipeline.counted``.
"""

from dataclasses import dataclass

import dagster as dg
import polars as pl

from jos_pipeline.counted import is_of, kept_counts, out
from jos_pipeline.linear_system import Out
from jos_pipeline.publication import content_hash
from resources.lake import Lake
from resources.warehouse import WarehouseStore

COUNTED = "geteld"
"""The table beside the safe rows with the counts that they were made of (``jos_pipeline.counted``)."""


@dataclass(frozen=True)
class Counted:
    """What is known of the publications of a school year that are out: ``lost`` are those without their counts."""

    known: list[Out]
    lost: int


def counts_of_what_is_out(lake: Lake, store: WarehouseStore, year: str, cube: pl.DataFrame, k: int) -> Counted:
    """The counts under every publication of a school year, also the withdrawn, for readers have these.

    Those of an older version of the monitor that lack a column of the ``cube`` are as good as lost.
    """
    hashes = list(dict.fromkeys(one.sha256 for one in store.brought_out(year)))
    kept = [lake.read_counted(year, sha256) for sha256 in hashes if lake.has_counted(year, sha256)]
    usable = [counts for counts in kept if set(cube.columns) <= set(counts.columns)]
    return Counted(out(usable, k), len(hashes) - len(usable))


def keep_counts(lake: Lake, store: WarehouseStore, group: str, year: str, safe: pl.DataFrame) -> None:
    """Keeps the counts under rows that are about to be published. Fails when they are not of these rows."""
    sha256, counts = content_hash(safe), lake.read_layer(group, COUNTED, year)
    if not is_of(counts, safe):
        raise dg.Failure(
            "the counts beside these figures are not theirs: run publicatie/beveiligd together with this one",
            allow_retries=False,
        )
    if sha256 not in {one.sha256 for one in store.brought_out(year)}:
        lake.write_counted(year, sha256, counts)


__all__ = ["COUNTED", "Counted", "counts_of_what_is_out", "keep_counts", "kept_counts"]
