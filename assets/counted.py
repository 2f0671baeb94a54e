"""What is kept in the lake of publications that are out: the tables of counts under them (spec 3.2.6).

Here: when they are kept, and which later publications are audited with. What those counts are is
``jos_pipeline.counted``; those of before rounding are ``assets.rounding``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import dagster as dg
import polars as pl

from jos_pipeline.counted import COUNTED, out
from jos_pipeline.linear_system import Out
from jos_pipeline.publication import content_hash
from resources.lake import Lake
from resources.warehouse import WarehouseStore


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
    kept = [lake.read_under(COUNTED, year, sha256) for sha256 in hashes if lake.has_under(COUNTED, year, sha256)]
    usable = [counts for counts in kept if set(cube.columns) <= set(counts.columns)]
    return Counted(out(usable, k), len(hashes) - len(usable))


def keep_under(
    lake: Lake,
    store: WarehouseStore,
    group: str,
    name: str,
    year: str,
    safe: pl.DataFrame,
    belong: Callable[[pl.DataFrame, pl.DataFrame], bool],
) -> None:
    """Keeps a table that lies beside the safe rows, which are about to be published. Fails when it is not theirs."""
    sha256, counts = content_hash(safe), lake.read_layer(group, name, year)
    if not belong(safe, counts):
        raise dg.Failure(
            "the counts beside these figures are not theirs: run publicatie/beveiligd together with this one",
            allow_retries=False,
        )
    if sha256 not in {one.sha256 for one in store.brought_out(year)}:
        lake.write_under(name, year, sha256, counts)
