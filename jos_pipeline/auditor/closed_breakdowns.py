"""Breakdowns of which nothing is shown (``worlds.Copies``): worlds in which all of one lies in one part, in turn each.

Put here how such a world is made of a point, and what belongs to one breakdown. Which of it is asked, and when, is
``reach``.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from jos_pipeline.auditor.flows import Flow
from jos_pipeline.auditor.system import TOLERANCE
from jos_pipeline.auditor.worlds import Copies, Filling, Worlds
from jos_pipeline.cells import CellTable

MOST = 6_000
"""Of a breakdown of so many cells a program takes seconds."""


def unseen_groups(copies: Copies, unseen: np.ndarray) -> np.ndarray:
    """Of which parts nothing of the breakdown is seen."""
    return ~np.isin(copies.groups, np.unique(copies.groups[~unseen[copies.parts]]))


class Turn:
    """Makes worlds of a point: everything of a closed breakdown lies in the part whose turn it is."""

    def __init__(self, table: CellTable, copies: Copies, rests: np.ndarray) -> None:
        self._counts, self._copies = table.counts, copies
        self._pattern, self._rests = abs(table.matrix), rests
        many = np.zeros(copies.groups.max(initial=-1) + 1, dtype=np.int64)
        np.maximum.at(many, copies.groups, copies.turns + 1)
        self._many = many[copies.groups]
        self.turns = int(many.max(initial=0))
        self._filling = Filling(table.matrix, rests)
        self._blank = np.zeros(len(rests))

    def helpful(self, point: np.ndarray, worlds: Worlds) -> list[int]:
        """The turns in which a part that must still go up would go far enough."""
        copies = self._copies
        there = self._counts[copies.wholes] + point[copies.wholes] - self._counts[copies.parts]
        helped = worlds.left[1][copies.parts] & (there >= worlds.needs[1][copies.parts] - TOLERANCE)
        return [int(turn) for turn in np.unique(copies.turns[helped])]

    def world(self, moved: np.ndarray, turn: int, worlds: Worlds) -> np.ndarray:
        """Completes a point, in place: what somebody knows stays, there and in all that it is counted in."""
        copies = self._copies
        whole = self._counts[copies.wholes] + moved[copies.wholes]
        every = np.arange(len(copies.parts))
        moved[copies.parts] = np.where(self.has_turn(every, turn), whole, 0.0) - self._counts[copies.parts]
        known = worlds.still[copies.inner]
        np.subtract.at(moved, copies.outer[known], moved[copies.inner[known]])
        moved[copies.parts[worlds.still[copies.parts]]] = 0.0
        return self._filling.complete(moved)

    def beside(self, flow: Flow, turn: int, owned: np.ndarray) -> Flow:
        """Completes a flow of the core with as little of the breakdowns as can be: of these ``owned`` parts (by place
        in the copies) everything lies in the part whose turn it is, and where they are counted too follows. What else
        moved of a total moves in that part."""
        copies, moved = self._copies, self._blank
        moved[flow.numbers] = flow.moved
        parts, wholes = copies.parts[owned], copies.wholes[owned]
        moved[parts] = np.where(self.has_turn(owned, turn), self._counts[wholes] + moved[wholes], 0.0)
        moved[parts] -= self._counts[parts]
        counted = self._counted_in[owned]
        further = np.setdiff1d(np.union1d(counted.indices, self._of_wholes[flow.numbers].indices), owned)
        within = counted[:, further].T
        rest_of_total = moved[copies.wholes[further]] - within @ moved[wholes]
        moved[copies.parts[further]] = within @ moved[parts] + self.has_turn(further, turn) * rest_of_total
        cells = np.concatenate([flow.numbers, parts, copies.parts[further]])
        cells = self._filling.complete_near(moved, np.unique(cells))
        found = Flow(cells[moved[cells] != 0], moved[cells[moved[cells] != 0]])
        moved[cells] = 0.0
        return found

    def groups_of(self, cells: np.ndarray) -> np.ndarray:
        """The breakdowns of these totals."""
        return np.unique(self._copies.groups[self._of_wholes[cells].indices])

    def has_turn(self, parts: np.ndarray, turn: int) -> np.ndarray:
        """Of which of these parts (by place in the copies) it is the turn."""
        its_turn: np.ndarray = self._copies.turns[parts] == turn % self._many[parts]
        return its_turn

    @cached_property
    def _of_wholes(self) -> csr_array:
        """By cell of a total its parts, by place in the copies."""
        places = np.arange(len(self._copies.parts))
        ones = np.ones(len(places), dtype=np.int8)
        return csr_array((ones, (self._copies.wholes, places)), shape=(len(self._counts), len(places)))

    @cached_property
    def _counted_in(self) -> csr_array:
        """By part the other parts in which it is counted too, by place in the copies."""
        copies = self._copies
        place = np.full(len(self._counts), -1)
        place[copies.parts] = np.arange(len(copies.parts))
        ones, shape = np.ones(len(copies.inner)), (len(copies.parts),) * 2
        return csr_array((ones, (place[copies.inner], place[copies.outer])), shape=shape)

    def around(self, cell: int, unseen: np.ndarray) -> Iterator[np.ndarray]:
        """Cells that may differ while all totals stay as they are, for a part or a rest of parts to go far: of its part
        and one other of the breakdown, the last and the first; then of all. More than ``MOST`` are too many."""
        copies = self._copies
        beside = self._touching(np.arange(len(unseen)) == cell)
        here = np.isin(copies.parts, np.flatnonzero(beside))
        group = np.isin(copies.groups, copies.groups[here])
        every = np.unique(copies.turns[group])
        for others in (every[-1:], every[:1], every):
            free = np.zeros(len(unseen), dtype=bool)
            free[copies.parts[group & np.isin(copies.turns, np.append(copies.turns[here], others))]] = True
            free |= self._touching(free) & self._rests & unseen
            if free.sum() <= MOST:
                yield np.flatnonzero(free)

    def _touching(self, cells: np.ndarray) -> np.ndarray:
        """By cell whether it shares a sum with one of these."""
        touching: np.ndarray = np.asarray(self._pattern.T @ (self._pattern @ cells.astype(float))) > 0
        return touching
