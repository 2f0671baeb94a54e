"""The breakdowns of a publication: which cells are the categories of which total, and which breakdowns hang together.

Put here what a breakdown is; what is told of one that is not shown is ``jos_pipeline.auditor.reach``.
"""

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from jos_pipeline.cells import CellTable
from jos_pipeline.indicators.entry import TOTAAL

_PLACE = ["maat", "periode", "niveau", "gebied"]
_BREAKDOWN = ["uitsplitsing", "maat"]


def breakdowns(table: CellTable, stands: pl.DataFrame) -> pl.DataFrame:
    """Every category of every breakdown: ``cel``, ``heel`` (the cell of its total), ``beurt`` (its place among the
    categories) and ``groep``: breakdowns of measures that have sums with each other are one group.

    Categories that are their total under another name are left out.
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
    return parts.unique("nummer", keep="first", maintain_order=True).select("heel", "beurt", "groep", cel="nummer")


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
