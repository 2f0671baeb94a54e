"""Publications of one school year as one system: what is out already, beside what is to go out (spec 3.2.6).

Put here which counts of two publications are one number. How the others move is ``growth``; what one publication is,
``system``; what is kept of those that are out, ``jos_pipeline.counted``.

A reader is thought to know what did not change, for everybody may know who delivered again. A count is one number in
both publications when it is the same and was shown before; in the same window, as in a revision, also when it was
hidden and its whole breakdown in that area is the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from jos_pipeline.cells import CELLS, RELATIONS, CellTable, State
from jos_pipeline.linear_system.growth import TWO, ties
from jos_pipeline.linear_system.relations import NOTHING, Names, one_cell_each
from jos_pipeline.linear_system.system import LinearSystem
from jos_pipeline.suppression import CELL

_BREAKDOWN = ["maat", "periode", "niveau", "gebied", "uitsplitsing", *TWO]


@dataclass(frozen=True)
class Out:
    """A publication that is out: its system, and by cell whether a reader sees it."""

    system: LinearSystem
    shown: np.ndarray


def together(now: LinearSystem, out: Sequence[Out], k: int) -> LinearSystem:
    """The system of what is to go out, tied to those of all that is out, oldest first; ``now`` itself when none is.

    What was shown cannot be hidden any more: it is open. Rows of the cube stand in ``stands`` for ``now`` only.
    """
    if not out:
        return now
    systems = [*(one.system for one in out), now]
    shown = np.concatenate([*(one.shown for one in out), np.zeros(now.table.cells.height, dtype=bool)])
    starts = np.cumsum([0, *(one.table.cells.height for one in systems)]).tolist()
    cells = pl.concat(one.table.cells.select(*CELLS) for one in systems).with_columns(
        cell=pl.int_range(pl.len(), dtype=pl.Int64),
        state=pl.when(pl.Series(shown)).then(pl.lit(str(State.OPEN))).otherwise("state"),
    )
    terms = _beside([one.table for one in systems], starts)
    named = pl.concat(
        one.named.with_columns(pl.col("nummer") + start, uitgave=pl.lit(len(out) - number, dtype=pl.Int64))
        for number, (one, start) in enumerate(zip(systems, starts, strict=False))
    )
    pairs = _pairs(named, cells)
    rests, moves = ties(named, pairs, cells, terms, k)
    same = pl.concat([pairs.filter("een").select(een="nummer", ander="nummer_toen"), _one_rest(pairs, cells, terms)])
    together_, relations, names = one_cell_each(pl.concat([cells, rests]), pl.concat([terms, moves]), same)
    return LinearSystem(
        CellTable(together_, relations),
        _renamed(now.stands.with_columns(pl.col("nummer") + starts[-2]), names, "nummer"),
        pl.concat(
            _renamed(one.inside + start, names, "deel", "heel") for one, start in zip(systems, starts, strict=False)
        ).unique(maintain_order=True),
        _renamed(named, names, "nummer"),
    )


def _beside(tables: Sequence[CellTable], starts: Sequence[int]) -> pl.DataFrame:
    """The relations of all tables, numbered on."""
    found, first = [], 0
    for table, start in zip(tables, starts, strict=False):
        numbered = table.relations.with_columns(pl.col("cell") + start, pl.col("relation").rank("dense") - 1 + first)
        found.append(numbered.select(pl.col(name).cast(kind) for name, kind in RELATIONS.items()))
        first += len(table.constants)
    return pl.concat(found)


def _renamed(frame: pl.DataFrame, names: Names, *columns: str) -> pl.DataFrame:
    return frame.with_columns(pl.Series(column, names[frame[column].to_numpy()]) for column in columns)


def _pairs(named: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Every count of a publication beside the one of that name in each earlier one; ``een``: they are one number."""
    facts = cells.select(nummer="cell", n="count", open=pl.col("state") == State.OPEN)
    known = named.join(facts, on="nummer").with_columns(_delen=pl.len().over("uitgave", *_BREAKDOWN[:-2]))
    found = known.join(known, on=CELL, suffix="_toen").filter(pl.col("uitgave") < pl.col("uitgave_toen"))
    equal = (pl.col("n") - pl.col("n_toen")).abs() <= NOTHING
    complete = (pl.len().over(_BREAKDOWN) == pl.col("_delen")) & (pl.col("_delen") == pl.col("_delen_toen"))
    unchanged = equal.all().over(_BREAKDOWN) & complete & (pl.col("tot") == pl.col("tot_toen"))
    return found.with_columns(een=equal & (pl.col("open") | pl.col("open_toen") | unchanged)).sort(*TWO, "nummer")


def _one_rest(pairs: pl.DataFrame, cells: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """The rests of sums that are the same sum in two publications: pairs of cells ``een`` and ``ander``."""
    first = pairs.filter("een").group_by("nummer").agg(pl.col("nummer_toen").min())
    rests = cells.filter(state=State.CLOSED).select("cell")
    plain = terms.join(rests, on="cell", how="anti").join(first, left_on="cell", right_on="nummer", how="left")
    written = (
        plain.with_columns(_als=pl.coalesce("nummer_toen", "cell"))
        .sort("relation", "_als")
        .group_by("relation")
        .agg(pl.concat_str("_als", pl.col("coefficient").round(9), separator=":").str.join(" ").alias("_tekst"))
    )
    alone = terms.join(rests, on="cell", how="semi").filter(pl.len().over("relation") == 1)
    found = alone.join(written, on="relation").join(cells.select("cell", "count"), on="cell")
    together_ = found.with_columns(een=pl.col("cell").min().over("_tekst", "coefficient", pl.col("count").round(6)))
    return together_.filter(pl.col("een") != pl.col("cell")).select("een", ander="cell")
