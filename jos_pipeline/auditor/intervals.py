"""How far the unknowns of a system can go: the lowest and highest value of each.

Put here how few programs are enough: a side of which is known that it reaches far enough is not asked again, and
every answer tells something of all other unknowns.
"""

from dataclasses import dataclass

import numpy as np

from jos_pipeline.auditor.solver import Answer, Restart, Solver
from jos_pipeline.auditor.system import TOLERANCE, ContradictionError, System

_LOW, _HIGH = 1.0, -1.0
_WORTH_ANOTHER = 0.8
"""A sweep that leaves more than this part of the sides is not repeated."""
_FEW = 3


@dataclass(frozen=True)
class Needs:
    """Unknowns (by number) and how far down and up each must be able to go."""

    unknowns: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @staticmethod
    def ends(unknowns: np.ndarray) -> "Needs":
        """Nothing is far enough: the ends themselves are wanted."""
        return Needs(unknowns, np.full(len(unknowns), -np.inf), np.full(len(unknowns), np.inf))


@dataclass(frozen=True)
class Intervals:
    """Per unknown of the needs where it can certainly go. An interval that falls short of its needs is exact."""

    low: np.ndarray
    high: np.ndarray
    solved: int
    """How many programs were solved."""

    def short(self, needs: Needs) -> np.ndarray:
        """Which unknowns cannot go as far as they need."""
        return (self.low > needs.low + TOLERANCE) | (self.high < needs.high - TOLERANCE)


def intervals(system: System, needs: Needs, point: np.ndarray | None = None) -> Intervals:
    """Where every unknown of the needs can go; ``point`` is one that fits the system, if it is known.

    Raises ContradictionError when nothing fits the system, AuditError when a program could not be solved.
    """
    low, high = np.full(system.width, np.inf), np.full(system.width, -np.inf)
    position = np.full(system.width, -1)
    position[needs.unknowns] = np.arange(len(needs.unknowns))
    solved = 0
    for columns, part in system.components():
        asked = columns[position[columns] >= 0]
        if not len(asked):
            continue
        here = position[asked]
        local = Needs(np.searchsorted(columns, asked), needs.low[here], needs.high[here])
        search = _Search(part, local, None if point is None else point[columns])
        low[asked], high[asked] = search.run()
        solved += search.solved
    return Intervals(low[needs.unknowns], high[needs.unknowns], solved)


class _Search:
    """The search in one component: inner bounds that widen until every side is far enough or at its end."""

    def __init__(self, system: System, needs: Needs, point: np.ndarray | None) -> None:
        self.solver = Solver(system, Restart.OTHER_COST)
        self.needs = needs
        start = point[needs.unknowns] if point is not None else None
        self.low = start.copy() if start is not None else np.full(len(needs.unknowns), np.inf)
        self.high = start.copy() if start is not None else np.full(len(needs.unknowns), -np.inf)
        self.ended = {side: np.zeros(len(needs.unknowns), dtype=bool) for side in (_LOW, _HIGH)}

    @property
    def solved(self) -> int:
        return self.solver.solved

    def run(self) -> tuple[np.ndarray, np.ndarray]:
        if not self.solver.system.matrix.shape[0]:
            return self.solver.system.low[self.needs.unknowns], self.solver.system.high[self.needs.unknowns]
        for side in (_LOW, _HIGH):
            self._sweep(side)
        for side in (_LOW, _HIGH):
            self._one_by_one(side)
        short = self._short(_LOW) | self._short(_HIGH)
        for side in (_LOW, _HIGH):
            for number in np.flatnonzero(short & ~self.ended[side]).tolist():
                self._to_the_end(number, side)
        return self.low, self.high

    def _short(self, side: float) -> np.ndarray:
        if side == _LOW:
            return self.low > self.needs.low + TOLERANCE
        return self.high < self.needs.high - TOLERANCE

    def _sweep(self, side: float) -> None:
        """Pulls all sides that are not far enough at once, as long as that helps."""
        left = self._short(side)
        while left.sum() > _FEW:
            cost = np.zeros(self.solver.system.width)
            cost[self.needs.unknowns[left]] = side
            self._learn(self.solver.linear(cost))
            still = self._short(side)
            if still.sum() > _WORTH_ANOTHER * left.sum():
                return
            left = still

    def _one_by_one(self, side: float) -> None:
        for number in np.flatnonzero(self._short(side)).tolist():
            if self._short(side)[number]:
                self._to_the_end(number, side)

    def _to_the_end(self, number: int, side: float) -> None:
        cost = np.zeros(self.solver.system.width)
        cost[self.needs.unknowns[number]] = side
        answer = self.solver.lowest(cost)
        self._learn(answer)
        self.ended[side][number] = True
        end = side * (answer.value if answer else np.nan)
        if side == _LOW:
            self.low[number] = min(self.low[number], end)
        else:
            self.high[number] = max(self.high[number], end)

    def _learn(self, answer: Answer | None) -> None:
        """Where the whole point goes, every unknown can go."""
        if answer is None:
            raise ContradictionError("the audit could not be finished: what is published contradicts itself")
        if answer.point is None or not self.solver.is_whole(answer.point):
            return
        seen = answer.point[self.needs.unknowns]
        seen = np.where(self.solver.system.whole[self.needs.unknowns], np.round(seen), seen)
        np.minimum(self.low, seen, out=self.low)
        np.maximum(self.high, seen, out=self.high)
