"""How little any pattern can lose: a lower bound by cuts, and with it the gap of the pattern that was found.

Let y_i be 1 where cell i is hidden. For a side of cell p with reach r and any numbers ``m`` (one a relation), a reader
can move p by no more than the sum of ``c_i y_i`` with

    v = sign e_p + m M,      c_i = up_i max(v_i, 0) + down_i max(-v_i, 0)

so a pattern that protects the side has ``sum c_i y_i >= r``. What is hidden anyway moves to the right-hand side, and no
coefficient need be above what is left there (y is whole). The best ``m`` for a given y is the dual of the reader's
linear program. The bound is the least weight of 0 <= y <= 1 under the cuts found in some rounds, starting at y = 0.

Put here cuts and bound. Sides are attacked within the neighbourhood of their cell; the cuts hold for the whole table.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby

import highspy
import numpy as np

from jos_pipeline.suppressor.flow import Flow, quiet_highs
from jos_pipeline.suppressor.neighbourhoods import Neighbourhoods
from jos_pipeline.suppressor.pattern import Pattern
from jos_pipeline.suppressor.problem import Problem, Side
from jos_pipeline.suppressor.proofs import Attackers

VIOLATED = 1e-4
"""A cut is added when y misses it by this share of its right-hand side."""
SAFE = 1e-6
WHOLE = 1e-7


@dataclass(frozen=True)
class Bound:
    """No pattern loses less than ``value``; ``share`` is how far each cell is hidden where that is reached."""

    value: float
    share: np.ndarray


def lower_bound(problem: Problem, flows: Neighbourhoods, beyond: AbstractSet[int], rounds: int) -> Bound:
    """The bound after some rounds, over the sides that need more hidden than is hidden anyway.

    ``beyond`` are the sides that no pattern protects: nobody has to hide anything for them.
    """
    pattern = Pattern(problem, Attackers.READERS, flows, problem.weight)
    cuts = _Cuts(problem, flows)
    cuts.tighten([number for number in pattern.unserved() if number not in beyond], rounds)
    return Bound(cuts.value, cuts.share)


class _Cuts:
    """The cuts found so far."""

    def __init__(self, problem: Problem, flows: Neighbourhoods) -> None:
        """Knows no cut yet."""
        self._problem, self._flows = problem, flows
        self._free = np.flatnonzero(problem.free & (problem.component >= 0))
        self._place = np.full(len(problem.free), -1, dtype=np.int64)
        self._place[self._free] = np.arange(len(self._free))
        self._master = quiet_highs()
        size = len(self._free)
        self._master.addVars(size, np.zeros(size), np.ones(size))
        self._master.changeColsCost(size, np.arange(size, dtype=np.int32), problem.weight[self._free])
        self._stuck = problem.component < 0
        self.share = problem.hidden.astype(float)
        self.value = 0.0

    def tighten(self, sides: Sequence[int], rounds: int) -> None:
        """Looks some rounds for cuts, for the sides that need any; stops when a round finds none."""
        wanted = [self._problem.sides[number] for number in sides]
        home = self._flows.homes(side.cell for side in wanted)
        wanted.sort(key=lambda side: home[side.cell])
        for _ in range(rounds):
            found = [
                cut for cell, near in groupby(wanted, lambda side: home[side.cell]) for cut in self._cuts(cell, near)
            ]
            if not any(found):
                return
            self._master.run()
            if self._master.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return
            self.value = max(self.value, float(self._master.getInfo().objective_function_value) - SAFE)
            self.share[self._free] = np.clip(np.asarray(self._master.getSolution().col_value), 0.0, 1.0)

    def _cuts(self, home: int, sides: Iterable[Side]) -> list[bool]:
        if self._stuck[home]:  # it cannot move: no number of hidden cells is too few
            return []
        flow = self._flows.near(home, self._problem.weight, self._stuck)
        return [self._cut(flow, side) for side in sides]

    def _cut(self, flow: Flow, side: Side) -> bool:
        multipliers = flow.multipliers(side, self.share)
        if multipliers is None:
            return False
        rows, values = multipliers
        touched, v = self._combined(side, rows, values)
        problem = self._problem
        with np.errstate(invalid="ignore"):
            rise, fall = np.where(v > 0, problem.up[touched] * v, 0.0), np.where(v < 0, -problem.down[touched] * v, 0.0)
        coefficient = rise + fall
        needed = side.reach - float(coefficient[problem.hidden[touched]].sum()) - SAFE
        if needed <= SAFE:
            return False
        here = (self._place[touched] >= 0) & (coefficient > 0)
        cells, terms = touched[here], np.minimum(coefficient[here], needed) / needed
        if float(terms @ self.share[cells]) >= 1 - VIOLATED:
            return False
        self._master.addRow(1.0, highspy.kHighsInf, len(cells), self._place[cells].astype(np.int32), terms)
        return True

    def _combined(self, side: Side, rows: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The cells in sign e_p + m M, and their coefficients."""
        matrix = self._problem.matrix[rows]
        touched, places = np.unique(np.append(matrix.indices, side.cell), return_inverse=True)
        terms = np.append(matrix.data * np.repeat(values, np.diff(matrix.indptr)), side.sign)
        return touched, np.bincount(places.ravel(), weights=terms)
