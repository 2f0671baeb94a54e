"""How far the unknowns of a system can go: the lowest and highest value of each.

Put here how few programs are enough: a side of which is known that it reaches far enough is not asked again, and
every answer tells something of all other unknowns.
"""

from dataclasses import dataclass

import numpy as np

from jos_pipeline.auditor.solver import Answer, Restart, Solver
from jos_pipeline.auditor.system import TOLERANCE, ContradictionError, System

_LOW, _HIGH = 1.0, -1.0
FAR = 200.0
"""How far beyond a point that fits anything goes in a program for many sides at once: to go on is of no use."""
STEEP = 3
"""Prices are a random number to this power: a few unknowns matter much in each program, and others in the next."""
FEW, TIRED = 3, 4
"""With so few sides left, or after four programs in a row that taught so few, each side gets a program of its own."""


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
    """The search in one component: inner bounds that widen until every side is far enough or at its end.

    Where no point is known, sums are mostly of numbers that may all be 0: from where the last program ended it is a
    long way then, through points that differ in nothing. So each begins anew (``afresh``).
    """

    def __init__(self, system: System, needs: Needs, point: np.ndarray | None) -> None:
        self.solver = Solver(system, Restart.OTHER_COST)
        self.needs = needs
        start = point[needs.unknowns] if point is not None else None
        self.low = start.copy() if start is not None else np.full(len(needs.unknowns), np.inf)
        self.high = start.copy() if start is not None else np.full(len(needs.unknowns), -np.inf)
        self.ended = {side: np.zeros(len(needs.unknowns), dtype=bool) for side in (_LOW, _HIGH)}
        self.point, self.afresh = point, point is None
        self.chance = np.random.default_rng(0)

    @property
    def solved(self) -> int:
        return self.solver.solved

    def run(self) -> tuple[np.ndarray, np.ndarray]:
        if not self.solver.system.matrix.shape[0]:
            return self.solver.system.low[self.needs.unknowns], self.solver.system.high[self.needs.unknowns]
        self._sweep()
        for side in (_LOW, _HIGH):
            self._one_by_one(side)
        self._within(None)
        short = self._short(_LOW) | self._short(_HIGH)
        for side in (_LOW, _HIGH):
            for number in np.flatnonzero(short & ~self.ended[side]).tolist():
                self._to_the_end(number, side)
        return self.low, self.high

    def _short(self, side: float) -> np.ndarray:
        if side == _LOW:
            return self.low > self.needs.low + TOLERANCE
        return self.high < self.needs.high - TOLERANCE

    def _sweep(self) -> None:
        """Pulls many sides that are not far enough at once, by random prices, as long as that helps."""
        self._within(self._most())
        tired = turn = 0
        while (left := self._left()) > FEW and tired < TIRED:
            side = _LOW if turn % 4 == 0 else _HIGH
            turn += 1
            asked = self._short(side)
            if not asked.any():
                tired += 1
                continue
            cost = np.zeros(self.solver.system.width)
            cost[self.needs.unknowns[asked]] = side * self.chance.random(int(asked.sum())) ** STEEP
            self._learn(self._asked(cost))
            tired = 0 if left - self._left() > FEW else tired + 1

    def _asked(self, cost: np.ndarray) -> Answer | None:
        return self.solver.afresh(cost) if self.afresh else self.solver.linear(cost)

    def _left(self) -> int:
        return int(self._short(_LOW).sum() + self._short(_HIGH).sum())

    def _most(self) -> np.ndarray:
        """A little beyond a point that fits, and what is needed, for every unknown: so that programs have an end."""
        if self.point is None:
            least = np.zeros(self.solver.system.width)
            least[self.needs.unknowns] = 1.0
            answer = self.solver.linear(least)
            self._learn(answer)
            self.point = None if answer is None else answer.point
        most = self.solver.system.low.copy() if self.point is None else self.point.copy()
        needed = np.where(np.isfinite(self.needs.high), self.needs.high, 0.0)
        most[self.needs.unknowns] = np.maximum(most[self.needs.unknowns], needed)
        return most + FAR

    def _within(self, most: np.ndarray | None) -> None:
        """From now on nothing goes beyond these; without them, everything as far as it can."""
        system = self.solver.system
        every = np.arange(system.width if most is not None else 0)
        upper = system.high if most is None else np.minimum(system.high, most)
        self.solver.narrow(every, system.low[every], upper[every])

    def _one_by_one(self, side: float) -> None:
        most = self._most()
        for number in np.flatnonzero(self._short(side)).tolist():
            if self._short(side)[number]:
                self._as_far_as_needed(number, side, most)
            if self._short(side)[number]:
                self._within(None)
                self._to_the_end(number, side)

    def _as_far_as_needed(self, number: int, side: float, most: np.ndarray) -> None:
        """Where this one goes while nothing goes too far: that tells of others as well."""
        need = self.needs.high[number] if side == _HIGH else np.inf
        if side == _LOW or not np.isfinite(need):
            return
        capped = most.copy()
        capped[self.needs.unknowns[number]] = need
        self._within(capped)
        cost = np.zeros(self.solver.system.width)
        cost[self.needs.unknowns[number]] = side
        self._learn(self._asked(cost))

    def _to_the_end(self, number: int, side: float) -> None:
        cost = np.zeros(self.solver.system.width)
        cost[self.needs.unknowns[number]] = side
        if self.afresh:
            self.solver.afresh(cost)
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
