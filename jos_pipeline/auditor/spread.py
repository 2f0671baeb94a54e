"""Programs in which as many cells as can go as far as they must, and what they do beyond that is worth nothing.

Where a total leaves room for a few of its parts only, a program that pays for every step gives all the room to the part
with the highest price. Here the step beyond the need is an unknown of its own, without a price: so the room goes to as
many parts as it is enough for, in all totals at once.
"""

import numpy as np
from scipy.sparse import csr_array, hstack

from jos_pipeline.auditor.solver import Restart, Solver
from jos_pipeline.auditor.system import System


class Spread:
    """Some cells of a component with the sums among them. Answers are differences from the true table."""

    def __init__(self, system: System, sensitive: np.ndarray) -> None:
        """Only what is ``sensitive`` (by unknown) may have a price."""
        self._twice = np.flatnonzero(sensitive)
        beyond = np.zeros(len(self._twice))
        self._whole = system.whole
        self._solver = Solver(
            System(
                csr_array(hstack([system.matrix, system.matrix[:, self._twice]])),
                system.row_low,
                system.row_high,
                np.concatenate([system.low, beyond]),
                np.concatenate([system.high, beyond]),
                np.concatenate([system.whole, system.whole[self._twice]]),
            ),
            Restart.OTHER_BOUNDS,
        )

    @property
    def solved(self) -> int:
        """How many programs were solved."""
        return self._solver.solved

    def world(self, prices: np.ndarray, needs: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray | None:
        """One between ``low`` and ``high``: a price below 0 is for going up, as far as ``needs``. None when none was
        found in whole numbers."""
        width, enough = len(prices), np.where(self._whole, np.ceil(needs), needs)
        most = np.where(prices < 0, np.minimum(high, enough), high)
        least = np.where(prices > 0, np.maximum(low, -enough), low)
        bounds = (np.concatenate([one, more[self._twice]]) for one, more in ((least, low - least), (most, high - most)))
        self._solver.narrow(np.arange(width + len(self._twice)), *bounds)
        # other prices give another world in less time than it takes to mend one that is hard to mend
        answer = self._solver.near(np.concatenate([prices, np.zeros(len(self._twice))]), patient=False)
        if answer is None or answer.point is None:
            return None
        moved = answer.point[:width].copy()
        moved[self._twice] += answer.point[width:]
        return moved
