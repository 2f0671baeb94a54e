"""Breakdowns of which nothing is shown, in two publications: what came in between is tied to the parts of both.

Put here what is told of such breakdowns; the audit of everything else is ``test_audited``.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl
import pytest

from jos_pipeline.auditor.reach import reach
from jos_pipeline.auditor.worlds import Copies
from jos_pipeline.cells import CELLS, RELATIONS, CellTable, State

K = 6


@pytest.mark.parametrize("seed", range(40))
def test_as_much_is_told_of_what_came_in_between_as_when_every_part_gets_programs(seed: int) -> None:
    table, copies = _two_publications(np.random.default_rng(seed))
    hidden = np.ones(table.cells.height, dtype=bool)
    for exact in (False, True):
        with_copies = reach(table, hidden, copies, integer=True, exact=exact)
        without = reach(table, hidden, integer=True, exact=exact)
        assert with_copies.copied.any()
        assert with_copies.exposures["cell"].to_list() == without.exposures["cell"].to_list()
        if exact:
            surely = ["cell", "low", "high"]
            assert with_copies.exposures.filter("sure").select(surely).rows() == (
                without.exposures.filter("sure").select(surely).rows()
            ), "how far these can go"
            assert with_copies.exposures["sure"].all()


@dataclass
class _Cells:
    """Cells and sums, as they are added."""

    rows: list[tuple[float, bool, str]] = field(default_factory=list)
    terms: list[tuple[int, int, float]] = field(default_factory=list)
    sums: int = 0

    def cell(self, count: float, state: State = State.FREE) -> int:
        self.rows.append((float(count), state == State.CLOSED and 0 < count < K, str(state)))
        return len(self.rows) - 1

    def sum(self, parts: list[int], whole: int) -> None:
        self.terms += [(self.sums, one, 1.0) for one in parts] + [(self.sums, whole, -1.0)]
        self.sums += 1

    def table(self) -> CellTable:
        count, sensitive, state = (list(column) for column in zip(*self.rows, strict=True))
        cells = pl.DataFrame(
            {
                "cell": range(len(count)),
                "count": count,
                "upper": [None] * len(count),
                "need_low": [0.0 if one else None for one in sensitive],
                "need_high": [float(K) if one else None for one in sensitive],
                "weight": [1.0] * len(count),
                "state": state,
                "owner": [None] * len(count),
            },
            schema=CELLS,
        )
        return CellTable(cells, pl.DataFrame(self.terms, schema=RELATIONS, orient="row"))


def _two_publications(chance: np.random.Generator) -> tuple[CellTable, Copies]:
    """Schools by three categories and what these leave, on two days; totals are shown, and categories and totals only
    grow. Of what is left over nothing is said."""
    schools, categories = 3, 3
    then = chance.integers(0, 7, size=(schools, categories + 1))
    more = chance.integers(0, 4, size=(schools, categories + 1))
    more[:, -1] = np.maximum(chance.integers(-3, 3, size=schools), -then[:, -1])
    more[:, -1] = np.maximum(more[:, -1], -more[:, :-1].sum(axis=1))
    days = [then, then + more]
    cells, copies = _Cells(), []
    numbers = []
    for full in days:
        of_day = [[cells.cell(n) for n in school] for school in full]
        region = [cells.cell(n) for n in full.sum(axis=0)]
        totals = [cells.cell(n, State.OPEN) for n in [*full.sum(axis=1), full.sum()]]
        for parts, whole in zip([*of_day, region], totals, strict=True):
            cells.sum(parts, whole)
            copies += [(part, whole, turn) for turn, part in enumerate(parts)]
        for turn, whole in enumerate(region):
            cells.sum([school[turn] for school in of_day], whole)
        numbers.append([*of_day, region])
    growth = np.vstack([more, more.sum(axis=0)])
    for place, (before, after) in enumerate(zip(*numbers, strict=True)):
        for turn in range(categories):
            rest = cells.cell(growth[place, turn], State.CLOSED)
            cells.sum([before[turn], rest], after[turn])
    nothing = np.zeros(0, dtype=np.int64)
    parts, wholes, turns = (np.array(column, dtype=np.int64) for column in zip(*copies, strict=True))
    return cells.table(), Copies(parts, wholes, turns, np.zeros(len(parts), dtype=np.int64), nothing, nothing)
