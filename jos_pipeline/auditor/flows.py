"""Flows: the least that must differ from the true table for given sides to be as far as they must.

Put here programs that begin at the true table and move as little as they can. Such a *flow* comes in pieces that have
nothing to do with each other, and each of these is another table by itself, in which nearly everything is as it is: a
reader who knows no cell of it cannot tell it from the truth, so that one flow serves nearly all readers at once. Which
flows are asked, and for whom, is ``reach`` and ``together``.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array, hstack
from scipy.sparse.csgraph import connected_components

from jos_pipeline.auditor.solver import Restart, Solver
from jos_pipeline.auditor.system import TOLERANCE, System

CHANGE = 1e-7
"""A cell that differs less than this from its true value does not differ."""


class Side(NamedTuple):
    """A cell (its number in a system), up (1) or down (-1), and how far it must go."""

    number: int
    way: int
    need: float


class Flow(NamedTuple):
    """Cells (by number in a system) and how far each is from its true count; others are as they are."""

    numbers: np.ndarray
    moved: np.ndarray


class Flows:
    """Asks one system of differences from the true table for its least flows."""

    def __init__(self, system: System) -> None:
        self._width = system.width
        self._whole = system.whole
        self._columns = system.matrix.tocsc()
        self._solver = Solver(changes(system, np.zeros(system.width)), Restart.OTHER_BOUNDS)

    @property
    def solved(self) -> int:
        """How many programs were solved."""
        return self._solver.solved

    def least(self, sides: Sequence[Side], still: np.ndarray, prices: np.ndarray) -> list[Flow] | None:
        """The pieces of a least flow in which all sides, of as many cells, are as far as they must, and ``still`` (by
        cell of the system) stand still; a step of a cell counts as its price, which is above 0. Pieces that are not
        whole where they must be are left out. None where no flow does it, in whole numbers or not."""
        numbers = np.array([side.number for side in sides])
        up = np.array([side.way > 0 for side in sides])
        need = np.array([side.need for side in sides])
        need = np.where(self._whole[numbers], np.ceil(need - TOLERANCE), need)
        there, back = np.where(up, [numbers, numbers + self._width], [numbers + self._width, numbers])
        most = self._solver.system.high[there]
        if np.any(still[numbers] | (most < need - CHANGE)):
            return None
        fixed = np.flatnonzero(still)
        fixed = np.concatenate([fixed, fixed + self._width, back])
        nothing = np.zeros(len(fixed))
        least = np.minimum(need, most)
        self._solver.narrow(
            np.concatenate([fixed, there]), np.concatenate([nothing, least]), np.concatenate([nothing, most])
        )
        answer = self._solver.from_rest(np.concatenate([prices, prices]))
        if answer is None or answer.point is None:
            return None
        return self._pieces(answer.point[: self._width] - answer.point[self._width :])

    def _pieces(self, moved: np.ndarray) -> list[Flow]:
        numbers = np.flatnonzero(np.abs(moved) > CHANGE)
        links = abs(self._columns[:, numbers])
        many, piece = connected_components(links.T @ links, directed=False)
        flows = [numbers[piece == one] for one in range(many)]
        whole = np.where(self._whole, np.rint(moved), moved)
        return [Flow(one, whole[one]) for one in flows if np.all(np.abs(whole[one] - moved[one]) <= TOLERANCE)]


def changes(system: System, truth: np.ndarray) -> System:
    """The system of what may change in the true table: so much more (first half), so much less (second half)."""
    there = np.asarray(system.matrix @ truth)
    whole = system.whole & (np.abs(truth - np.round(truth)) < CHANGE)
    return System(
        csr_array(hstack([system.matrix, -system.matrix])),
        np.minimum(system.row_low - there, 0.0),
        np.maximum(system.row_high - there, 0.0),
        np.zeros(2 * system.width),
        np.maximum(np.concatenate([system.high - truth, truth - system.low]), 0.0),
        np.concatenate([whole, whole]),
    )
