"""The audit of a pattern (spec 3.3): for every hidden sensitive cell, where it can lie for somebody who sees the rest.

Put here what a table of cells means to a reader, and the verdict. How intervals are found is ``intervals`` and, for
readers who own cells, ``insiders``. One exposed cell stops a publication: that decision is the caller's.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from jos_pipeline.auditor.insiders import NOBODY, unmasked
from jos_pipeline.auditor.intervals import Needs, intervals
from jos_pipeline.auditor.system import TOLERANCE, System
from jos_pipeline.cells import CellTable, State

EXPOSURES: dict[str, type[pl.DataType]] = {
    "cell": pl.Int64,
    "low": pl.Float64,
    "high": pl.Float64,
    "need_low": pl.Float64,
    "need_high": pl.Float64,
    "attacker": pl.String,
    "exact": pl.Boolean,
}
"""The columns of ``Audit.exposures``. ``attacker`` is an owner, or null for every reader."""

WIDTHS = (0, 1, 5, 10, 20, 50, 100)
"""Where the classes begin in which widths of intervals are counted."""


@dataclass(frozen=True)
class Audit:
    """What the audit of one pattern found. ``exposures`` and ``intervals`` hold values: for internal use only."""

    exposures: pl.DataFrame
    """Every sensitive cell that somebody can tell too much of, with the interval that is left to him: ``EXPOSURES``."""
    intervals: pl.DataFrame
    """Of every hidden sensitive cell ``cell, low, high``: where it can go at least, for every reader."""
    cells: int
    hidden: int
    sensitive: int
    attackers: int
    """Owners whose knowledge was tried; 0 when insiders were not audited."""
    kept: float
    """The weight of what is visible, as part of the weight of all that could be."""
    solved: int
    """Programs solved: linear ones, and integer ones when those were asked."""
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether nobody can tell too much of any cell."""
        return self.exposures.is_empty()

    def summary(self) -> dict[str, Any]:
        """What may be kept with a publication: numbers of cells, and no value of any of them."""
        wide = (self.intervals["high"] - self.intervals["low"]).to_numpy()
        by_reader = self.exposures.filter(pl.col("attacker").is_null())
        return {
            "cells": self.cells,
            "hidden": self.hidden,
            "sensitive": self.sensitive,
            "exposed": by_reader["cell"].n_unique(),
            "exact": by_reader.filter("exact").height,
            "attackers": self.attackers,
            "exposed_to_insiders": self.exposures.height - by_reader.height,
            "exact_to_insiders": self.exposures.filter(pl.col("attacker").is_not_null() & pl.col("exact")).height,
            "widths_at_least": counts_of_widths(wide),
            "information_kept": round(self.kept, 4),
            "solved": self.solved,
            "seconds": round(self.seconds, 3),
        }


def audit(
    table: CellTable,
    hidden: np.ndarray,
    *,
    integer: bool = False,
    insiders: bool = False,
    without: Collection[int] = (),
) -> Audit:
    """What can be told of the sensitive cells of a table of which ``hidden`` (by cell) is not shown.

    Closed cells are never shown and open ones always are, whatever ``hidden`` says. With ``integer`` a reader knows
    that counts are whole: those of a part of the table in which all are. With ``insiders`` every owner is also a
    reader who knows his own cells. ``without`` names relations that the reader overlooks: only tests of the audit
    itself use it. Raises AuditError when the audit could not be finished, ValueError when ``hidden`` does not fit.
    """
    began = time.monotonic()
    unseen = unseen_by_reader(table, hidden)
    unknown = np.flatnonzero(unseen)
    whole = whole_cells(table) if integer else np.zeros(len(unseen), dtype=bool)
    system = known_to_reader(table, unknown, whole, without)
    sensitive = np.flatnonzero(table.sensitive & unseen)
    needs = _needs(table, sensitive, np.searchsorted(unknown, sensitive))
    found = intervals(system, needs, table.counts[unknown])
    short = found.short(needs)
    bare = np.flatnonzero(table.sensitive & ~unseen)
    rows: list[tuple[int, float, float, str | None]] = [
        *((int(cell), float(table.counts[cell]), float(table.counts[cell]), None) for cell in bare),
        *(
            (int(cell), float(low), float(high), None)
            for cell, low, high in zip(sensitive[short], found.low[short], found.high[short], strict=True)
        ),
    ]
    solved, attackers = found.solved, 0
    if insiders:
        safe = Needs(needs.unknowns[~short], needs.low[~short], needs.high[~short])
        names, owners = _owners(table, unknown)
        told, more = unmasked(system, table.counts[unknown], safe, owners)
        rows += [(int(unknown[one.unknown]), one.low, one.high, names[one.owner]) for one in told]
        solved, attackers = solved + more, len(names)
    return Audit(
        exposures=exposures_of(table, rows),
        intervals=pl.DataFrame({"cell": sensitive, "low": found.low, "high": found.high}),
        cells=table.cells.height,
        hidden=int(unseen.sum()),
        sensitive=int(table.sensitive.sum()),
        attackers=attackers,
        kept=_kept(table, unseen),
        solved=solved,
        seconds=time.monotonic() - began,
    )


def counts_of_widths(wide: np.ndarray) -> dict[str, int]:
    """How many intervals there are in every class of widths."""
    classes = np.searchsorted(np.array(WIDTHS) + TOLERANCE, wide)
    return {_class_of(number): int((classes == number).sum()) for number in range(len(WIDTHS) + 1)}


def _class_of(number: int) -> str:
    if number == 0:
        return "0"
    return f"{WIDTHS[number - 1]}-{WIDTHS[number]}" if number < len(WIDTHS) else f"{WIDTHS[-1]}+"


def unseen_by_reader(table: CellTable, hidden: np.ndarray) -> np.ndarray:
    """By cell whether a reader does not see it. Raises ValueError when ``hidden`` does not fit."""
    if hidden.shape != (table.cells.height,) or hidden.dtype != np.bool_:
        raise ValueError("hidden has one True or False for every cell")
    state = table.cells.get_column("state").to_numpy()
    return np.asarray((hidden | (state == State.CLOSED)) & (state != State.OPEN))


def known_to_reader(table: CellTable, unknown: np.ndarray, whole: np.ndarray, without: Collection[int]) -> System:
    """What a reader knows of the cells he does not see: every sum, less what he sees of it."""
    numbers = np.unique(table.relations.get_column("relation").to_numpy())
    kept = ~np.isin(numbers, list(without))
    matrix = table.matrix[np.flatnonzero(kept)]
    seen = table.counts.copy()
    seen[unknown] = 0.0
    left = table.constants[kept] - matrix @ seen
    about = csr_array(matrix[:, unknown])
    says = np.flatnonzero(np.diff(about.indptr) > 0)
    return System(
        csr_array(about[says]),
        left[says],
        left[says],
        np.zeros(len(unknown)),
        table.uppers[unknown],
        whole[unknown],
    )


def whole_cells(table: CellTable) -> np.ndarray:
    """The cells that are whole: those of which all that they are tied to is whole."""
    ties = abs(table.matrix).T @ abs(table.matrix)
    _, part = connected_components(ties, directed=False)
    fraction = table.counts != np.round(table.counts)
    return ~np.isin(part, part[fraction])


def _needs(table: CellTable, cells: np.ndarray, unknowns: np.ndarray) -> Needs:
    low, high = (table.cells.get_column(name).to_numpy()[cells] for name in ("need_low", "need_high"))
    return Needs(unknowns, low, high)


def _owners(table: CellTable, unknown: np.ndarray) -> tuple[list[str], np.ndarray]:
    owner = table.cells.get_column("owner").gather(unknown)
    names = owner.drop_nulls().unique().sort().to_list()
    number = {name: position for position, name in enumerate(names)}
    return names, np.array([number.get(name, NOBODY) for name in owner], dtype=int)


def exposures_of(table: CellTable, rows: list[tuple[int, float, float, str | None]]) -> pl.DataFrame:
    """``EXPOSURES`` of cells with the ends of their intervals and the attacker."""
    found = pl.DataFrame(
        rows, schema={name: EXPOSURES[name] for name in ("cell", "low", "high", "attacker")}, orient="row"
    )
    return (
        found.join(table.cells.select("cell", "need_low", "need_high"), on="cell", how="left", maintain_order="left")
        .with_columns(exact=pl.col("high") - pl.col("low") <= TOLERANCE)
        .select(list(EXPOSURES))
    )


def _kept(table: CellTable, unseen: np.ndarray) -> float:
    """Of an empty table everything is kept."""
    weight = table.cells.get_column("weight").to_numpy()
    could = weight[table.cells.get_column("state").to_numpy() != State.CLOSED].sum()
    return float(weight[~unseen].sum() / could) if could else 1.0
