"""A table of cells with the sums that tie them together: all that suppressor and auditor have in common.

Put here what a cell and a relation are, and nothing of how cells are hidden (``jos_pipeline.suppressor``) or attacked
(``jos_pipeline.auditor``). Knows nothing of indicators, areas or deliveries.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import polars as pl
from scipy.sparse import csr_array


class State(StrEnum):
    """What the suppressor may do with a cell."""

    FREE = "free"
    """It may be shown or hidden."""
    OPEN = "open"
    """It is out already, or public anyway: it cannot be hidden."""
    CLOSED = "closed"
    """It is not shown: a part that is never published, or a cell that was hidden before."""


CELLS: dict[str, type[pl.DataType]] = {
    "cell": pl.Int64,
    "count": pl.Float64,
    "upper": pl.Float64,
    "need_low": pl.Float64,
    "need_high": pl.Float64,
    "weight": pl.Float64,
    "state": pl.String,
    "owner": pl.String,
}
"""The columns of ``CellTable.cells``; coordinates may stand beside them.

- ``cell``: 0, 1, 2, ... in the order of the rows.
- ``count``: the true value, never negative.
- ``upper``: the public number out of which is counted; null when there is none.
- ``need_low``, ``need_high``: a cell that has these is *sensitive*. It must be hidden, and whoever knows all that is
  shown must be left with an interval that reaches down to ``need_low`` and up to ``need_high``.
- ``weight``: what it costs to hide the cell, above 0.
- ``state``: see ``State``.
- ``owner``: who knows the cell anyway (its own school); null when nobody does.
"""

RELATIONS: dict[str, type[pl.DataType]] = {"relation": pl.Int64, "cell": pl.Int64, "coefficient": pl.Float64}
"""The columns of ``CellTable.relations``: the terms of every sum."""


class CellTableError(ValueError):
    """The cells or relations are not what ``CellTable`` promises; the message says which and what to mend."""


@dataclass(frozen=True)
class CellTable:
    """Cells and the relations among them.

    A relation says: everybody knows the sum of coefficient x cell. Mostly that sum is 0 (parts minus their whole).
    Where it is not, as with persons who are counted in two parts, what is known is the true sum: a reader is thought
    to know more than he does, never less. Raises CellTableError for a table that breaks a promise of ``CELLS``.
    """

    cells: pl.DataFrame
    relations: pl.DataFrame

    def __post_init__(self) -> None:
        for frame, schema, name in ((self.cells, CELLS, "cells"), (self.relations, RELATIONS, "relations")):
            wrong = [column for column, kind in schema.items() if frame.schema.get(column) != kind]
            if wrong:
                raise CellTableError(f"{name}: missing or of another type: {', '.join(wrong)}")
        if mistakes := [text for text, broken in self._promises().items() if broken]:
            raise CellTableError("; ".join(mistakes))

    def _promises(self) -> dict[str, bool]:
        cells, n = self.cells, self.cells.height
        count, low, high = pl.col("count"), pl.col("need_low"), pl.col("need_high")
        either, both = low.is_not_null() | high.is_not_null(), low.is_not_null() & high.is_not_null()
        beyond = (low > count) | (high < count) | (low < 0) | (high > pl.col("upper"))
        known = self.relations.get_column("cell")

        def some(where: pl.Expr) -> bool:
            return bool(cells.select(where.fill_null(value=False).any()).item()) if n else False

        return {
            "cells are numbered 0, 1, 2, ... in order": cells.get_column("cell").to_list() != list(range(n)),
            "a count is a number, 0 or more": some(count.is_null() | count.is_nan() | (count < 0)),
            "a count is at most its upper bound": some(count > pl.col("upper")),
            "a sensitive cell has need_low and need_high": some(either & ~both),
            "a count lies between need_low and need_high, and these within 0 and upper": some(beyond),
            "a weight is above 0": some(pl.col("weight").is_null() | (pl.col("weight") <= 0)),
            "a state is free, open or closed": some(~pl.col("state").is_in([str(one) for one in State])),
            "a relation is about cells of the table": bool(known.len()) and not 0 <= known.min() <= known.max() < n,  # type: ignore[operator]
            "a relation names a cell once": self.relations.select("relation", "cell").is_duplicated().any(),
        }

    @cached_property
    def counts(self) -> np.ndarray:
        """The true values, by cell."""
        return self.cells.get_column("count").to_numpy()

    @cached_property
    def uppers(self) -> np.ndarray:
        """The public bounds, by cell; infinite where there is none."""
        return self.cells.get_column("upper").fill_null(np.inf).to_numpy()

    @cached_property
    def sensitive(self) -> np.ndarray:
        """Which cells are sensitive, by cell."""
        return self.cells.get_column("need_low").is_not_null().to_numpy()

    @cached_property
    def matrix(self) -> csr_array:
        """The relations as a sparse matrix: one row a relation, in order of its number; one column a cell."""
        numbers, rows = np.unique(self.relations.get_column("relation").to_numpy(), return_inverse=True)
        terms = (
            self.relations.get_column("coefficient").to_numpy(),
            (rows, self.relations.get_column("cell").to_numpy()),
        )
        return csr_array(terms, shape=(len(numbers), self.cells.height))

    @cached_property
    def constants(self) -> np.ndarray:
        """The known sum of every relation."""
        return np.asarray(self.matrix @ self.counts)
