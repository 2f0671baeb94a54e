"""The breakdowns of a publication: which cells are the categories of which total, and which breakdowns hang together.

Put here what a breakdown is; what is told of one that is not shown is ``jos_pipeline.auditor.reach``.
"""

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from jos_pipeline.cells import CellTable, State
from jos_pipeline.indicators.entry import TOTAAL

_PLACE = ["maat", "periode", "niveau", "gebied"]
_BREAKDOWN = ["uitsplitsing", "maat"]
_PART = ["heel", "beurt", "groep", "uitsplitsing"]


def breakdowns(table: CellTable, stands: pl.DataFrame) -> pl.DataFrame:
    """Every category of every breakdown: ``cel``, ``heel`` (the cell of its total), ``beurt`` (its place among the
    categories) and ``groep``: breakdowns of measures that have sums with each other are one group.

    What the categories leave of their total comes after the last of them. Categories that are their total under another
    name are left out.
    """
    counts = stands.select("nummer", *_PLACE, "uitsplitsing", "categorie").unique()
    totals = counts.filter(uitsplitsing=TOTAAL)
    parts = (
        counts.filter(pl.col("uitsplitsing") != TOTAAL)
        .join(totals.select("nummer"), on="nummer", how="anti")
        .join(totals.select(*_PLACE, heel="nummer"), on=_PLACE)
        .join(_groups(table, counts), on=_BREAKDOWN)
        .sort("nummer", *_PLACE, "uitsplitsing", "categorie")
        .with_columns(beurt=pl.col("categorie").rank("dense").over("groep", "uitsplitsing").cast(pl.Int64) - 1)
    )
    named = parts.select(*_PART, cel="nummer")
    every = pl.concat([named, _left_over(table, named)])
    return every.unique("cel", keep="first", maintain_order=True).select("heel", "beurt", "groep", "cel")


def _left_over(table: CellTable, parts: pl.DataFrame) -> pl.DataFrame:
    """What is left of a total beside its categories, as one more of them."""
    after_the_last = pl.col("beurt").max().over("groep", "uitsplitsing") + 1
    closed = table.cells.filter(pl.col("state") == State.CLOSED).select("cell")
    rests = table.relations.join(closed, on="cell").filter(pl.col("coefficient") > 0).select("relation", rest="cell")
    wholes = table.relations.filter(pl.col("coefficient") < 0).select("relation", heel="cell")
    return (
        table.relations.join(parts.with_columns(beurt=after_the_last), left_on="cell", right_on="cel")
        .join(wholes, on=["relation", "heel"])
        .join(rests, on="relation")
        .unique(["rest", "heel"], keep="first", maintain_order=True)
        .select(*_PART, cel="rest")
    )


def _groups(table: CellTable, counts: pl.DataFrame) -> pl.DataFrame:
    """The number of the group of every breakdown of every measure."""
    names = counts.filter(pl.col("uitsplitsing") != TOTAAL).select(_BREAKDOWN).unique().sort(_BREAKDOWN)
    numbered = names.with_columns(naam=pl.int_range(pl.len(), dtype=pl.Int64))
    in_sums = (
        table.relations.join(counts, left_on="cell", right_on="nummer")
        .join(numbered, on=_BREAKDOWN)
        .select("relation", "uitsplitsing", "naam")
        .unique()
    )
    first = in_sums.group_by("relation", "uitsplitsing").agg(eerste=pl.col("naam").min())
    ties = in_sums.join(first, on=["relation", "uitsplitsing"]).select("naam", "eerste").unique()
    links = (np.ones(ties.height), (ties["naam"].to_numpy(), ties["eerste"].to_numpy()))
    _, group = connected_components(coo_array(links, shape=(names.height, names.height)), directed=False)
    return names.with_columns(groep=pl.Series(group.astype(np.int64)))
