"""What is to go out is audited as a whole first; where a hidden count can be told exactly, more is hidden.

Put here the loop of auditing and hiding, and the report that is kept. What the first rule hides is
``jos_pipeline.disclosure``, how counts hang together ``jos_pipeline.linear_system``, and what can be told
``jos_pipeline.auditor``. Pure.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from jos_pipeline.auditor.recovery import recovered
from jos_pipeline.disclosure import hidden_too
from jos_pipeline.indicators.entry import TOTAAL
from jos_pipeline.linear_system import LinearSystem, linear_system
from jos_pipeline.suppression import LEVELS


@dataclass(frozen=True)
class Audited:
    """Rows that were audited, and what was found. ``rows`` are for publication only where ``told`` is 0."""

    rows: pl.DataFrame
    told: int
    """Sensitive counts that whoever reads the rows can tell exactly."""
    anyway: int
    """Those that anybody can tell exactly who reads nothing: zeros of what cannot be, sums that are public."""
    counts: int
    hidden: int
    sensitive: int
    relations: int
    more_hidden: int
    """Rows that were hidden for what the audit found."""
    seconds: float

    def summary(self) -> dict[str, Any]:
        """What may be kept with a publication: numbers of counts, and no value of any of them."""
        return {
            "onderzocht": "exact recovery of every hidden sensitive count from all visible figures and sums at once",
            "niet_onderzocht": "how narrow the interval of a hidden count is; insiders; what earlier publications show",
            "te_herleiden": self.told,
            "al_bekend_zonder_publicatie": self.anyway,
            "aantallen": self.counts,
            "verborgen": self.hidden,
            "gevoelig": self.sensitive,
            "relaties": self.relations,
            "extra_verborgen_rijen": self.more_hidden,
            "seconden": round(self.seconds, 2),
        }


def audited(
    cube: pl.DataFrame, safe: pl.DataFrame, areas: pl.DataFrame, k: int, earlier: Sequence[pl.DataFrame] = ()
) -> Audited:
    """The rows of ``safe`` with as much more hidden as the audit asks for.

    ``safe`` are the rows of the cube as ``disclosure.protect`` made them, with the same ``earlier``. Breakdowns in
    which counts can be told are hidden; where that is no help their measures, then the measures tied to these; where
    that is none either, ``told`` is above 0. Raises ValueError as ``linear_system`` does, AuditError when the audit
    could not be finished.
    """
    began = time.monotonic()
    system = linear_system(cube, areas, k, earlier)
    hidden = system.hidden_in(safe)
    found = recovered(system.table, hidden)
    anyway = recovered(system.table, np.ones_like(hidden), found.cells).cells
    rows, told = safe, np.setdiff1d(found.cells, anyway)
    for closed_further in (_breakdowns, _measures, _measures_beside):
        if len(told):
            rows = hidden_too(rows, closed_further(system, told))
            told = recovered(system.table, system.hidden_in(rows), told).cells
    return Audited(
        rows=rows,
        told=len(told),
        anyway=len(anyway),
        counts=len(hidden),
        hidden=int(system.hidden_in(rows).sum()),
        sensitive=found.sensitive,
        relations=len(system.table.constants),
        more_hidden=int((rows["waarde_status"] != safe["waarde_status"]).sum()),
        seconds=time.monotonic() - began,
    )


def _breakdowns(system: LinearSystem, told: np.ndarray) -> pl.Series:
    """The rows of the breakdowns in which a count can be told, and of the totals at its level and below."""
    stands = system.stands.with_columns(_niveau=pl.col("niveau").replace_strict(LEVELS, return_dtype=pl.Int64))
    given = stands.filter(pl.col("nummer").is_in(_named(system, told).tolist()))
    same = stands.join(given.select("maat", "uitsplitsing").unique(), on=["maat", "uitsplitsing"])
    highest = given.group_by("maat").agg(_hoogst=pl.col("_niveau").min())
    totals = stands.filter(uitsplitsing=TOTAAL).join(highest, on="maat").filter(pl.col("_niveau") >= pl.col("_hoogst"))
    return _rows_of(system, pl.concat([same.get_column("nummer"), totals.get_column("nummer")]))


def _measures(system: LinearSystem, told: np.ndarray) -> pl.Series:
    """The rows of the measures of which a count can be told."""
    given = system.stands.filter(pl.col("nummer").is_in(_named(system, told).tolist()))
    return _rows_of(system, system.stands.join(given.select("maat").unique(), on="maat").get_column("nummer"))


def _measures_beside(system: LinearSystem, told: np.ndarray) -> pl.Series:
    """The rows of the measures that have a sum with a count that can be told."""
    return _measures(system, np.union1d(told, _in_sums_with(system, told)))


def _rows_of(system: LinearSystem, numbers: pl.Series) -> pl.Series:
    """Every row that shows one of these cells, under whatever name."""
    shown = system.stands.filter(pl.col("nummer").is_in(numbers.unique().to_list()))
    return shown.get_column("rij").unique().sort()


def _named(system: LinearSystem, told: np.ndarray) -> np.ndarray:
    """The counts among the cells; for what is left of a sum, which stands in no row, the counts in that sum."""
    alone = told[~np.isin(told, system.stands.get_column("nummer").to_numpy())]
    return np.union1d(told, _in_sums_with(system, alone))


def _in_sums_with(system: LinearSystem, cells: np.ndarray) -> np.ndarray:
    sums = np.asarray(abs(system.table.matrix[:, cells]).sum(axis=1)) > 0
    return np.unique(system.table.matrix[np.flatnonzero(sums)].nonzero()[1])
