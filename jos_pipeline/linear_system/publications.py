"""Publications of one school year as one system: what is out already, beside what is to go out (spec 3.2.6).

Put here which counts of two publications are one number, and which differences a reader knows not to be below 0. What
one publication is, is ``system``; what is kept of those that are out, ``jos_pipeline.counted``.

A reader is thought to know what did not change, for everybody may know who delivered again. A count is one number in
both publications when it is the same and was shown before; in the same window, as in a revision, also when it was
hidden and its whole breakdown in that area is the same. Of what happened, and of who was there at some time, the longer
of two windows holds no fewer, whichever came out first: how many came is a count as well, and sensitive when they are
few. What a part leaves of its whole (``NESTED``, shares) is no less either, unless the part takes from it (``TAKES``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from jos_pipeline.cells import CELLS, RELATIONS, CellTable, State
from jos_pipeline.linear_system.nesting import TAKES, Course, course
from jos_pipeline.linear_system.relations import NOTHING, Names, one_cell_each
from jos_pipeline.linear_system.system import LinearSystem
from jos_pipeline.suppression import CELL

GROWS = (Course.FLOW, Course.STOCK)
"""What can only grow while its window does."""
_TWO = ["uitgave", "uitgave_toen"]
_BREAKDOWN = ["maat", "periode", "niveau", "gebied", "uitsplitsing", *_TWO]


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
    grown = pl.concat([_counts_that_grow(pairs), _rests_that_grow(named, cells, terms)])
    rests, differences = _growth(grown, k, cells.height, terms.height)
    same = pl.concat([pairs.filter("een").select(een="nummer", ander="nummer_toen"), _one_rest(pairs, cells, terms)])
    together_, relations, names = one_cell_each(pl.concat([cells, rests]), pl.concat([terms, differences]), same)
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
    return found.with_columns(een=equal & (pl.col("open") | pl.col("open_toen") | unchanged)).sort(*_TWO, "nummer")


_GROWN = ["nummer", "nummer_toen", "n", "n_toen", "tot", "tot_toen"]


def _counts_that_grow(pairs: pl.DataFrame) -> pl.DataFrame:
    """The counts that are no smaller over the longer of two windows; how many came in is ``gevoelig`` when few did."""
    grows = [name for name in pairs["maat"].unique() if course(name) in GROWS]
    found = pairs.filter(pl.col("maat").is_in(grows), ~pl.col("een"))
    owner = pl.when(pl.col("niveau") == "school").then("gebied").alias("owner")
    return found.select(*_GROWN, owner, gevoelig="mensen")


def _rests_that_grow(named: pl.DataFrame, cells: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """The same of what a part leaves of its whole, where both can only grow: of these trajecten no fewer are without
    an answer either. Nobody asks how many such came in."""
    closed = cells.filter(state=State.CLOSED).select("cell", "count")
    three = terms.filter(pl.len().over("relation") == 3)
    rests = three.join(closed, on="cell").filter(pl.len().over("relation") == 1)
    grows = [name for name in named["maat"].unique() if course(name) in GROWS]
    names = named.filter(pl.col("maat").is_in(grows)).select(*CELL, "uitgave", "tot", cell="nummer")
    plain = (
        three.join(rests.select("relation", nummer="cell", n="count", _rest="coefficient"), on="relation")
        .filter(pl.col("cell") != pl.col("nummer"))
        .join(names, on="cell")
    )
    parts, wholes = (plain.filter(pl.col("coefficient") * pl.col("_rest") * sign > 0) for sign in (1, -1))
    place = [name for name in CELL if name != "maat"]
    takes = pl.DataFrame(list(TAKES), schema={"maat": pl.String, "maat_heel": pl.String}, orient="row")
    found = (
        parts.join(wholes, on=["relation", "uitgave", *place], suffix="_heel")
        .filter(pl.col("maat") != pl.col("maat_heel"))
        .join(takes, on=["maat", "maat_heel"], how="anti")
    )
    pairs = found.join(found, on=[*place, "maat", "maat_heel"], suffix="_toen")
    return (
        pairs.filter(pl.col("uitgave") < pl.col("uitgave_toen"))
        .sort("nummer", "nummer_toen")
        .select(*_GROWN, owner=pl.lit(None, dtype=pl.String), gevoelig=pl.lit(value=False))
    )


def _growth(grown: pl.DataFrame, k: int, first_cell: int, first_relation: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What came in between the ends of two windows, as closed cells, and the relations that say so.

    What is smaller over the longer window, as after a correction, is left out; of the rest a reader may know that
    nobody corrected anything.
    """
    longer = pl.when(pl.col("tot") > pl.col("tot_toen")).then(1.0).otherwise(-1.0)
    found = (
        grown.filter(pl.col("tot") != pl.col("tot_toen"))
        .with_columns(_sign=longer, count=longer * (pl.col("n") - pl.col("n_toen")))
        .filter(pl.col("count") > -NOTHING)
        .unique(["nummer", "nummer_toen"], keep="first", maintain_order=True)
        .with_columns(
            cell=pl.int_range(first_cell, first_cell + pl.len(), dtype=pl.Int64),
            relation=pl.int_range(first_relation, first_relation + pl.len(), dtype=pl.Int64),
            _few=pl.col("gevoelig") & pl.col("count").is_between(NOTHING, k, closed="none"),
        )
    )
    rests = found.select(
        "cell",
        "count",
        upper=pl.lit(None, dtype=pl.Float64),
        need_low=pl.when("_few").then(0.0),
        need_high=pl.when("_few").then(float(k)),
        weight=pl.lit(1.0),
        state=pl.lit(str(State.CLOSED)),
        owner="owner",
    )
    signs = {"nummer": pl.col("_sign"), "nummer_toen": -pl.col("_sign"), "cell": pl.lit(-1.0)}
    terms = [found.select("relation", cell=name, coefficient=sign) for name, sign in signs.items()]
    return rests, pl.concat(terms)


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
