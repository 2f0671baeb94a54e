"""Other tables that look the same to a reader: every one tells of many cells at once how far they can go.

Put here how such a *world* is checked and what is learned from it; where worlds come from is ``reach``. A world is
given as its differences from the true table. Nothing is learned from one that breaks a sum or a bound, or that differs
where a reader sees: whatever found it, what is called reached is reached.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array, csr_array

from jos_pipeline.auditor.system import TOLERANCE
from jos_pipeline.cells import CellTable

SIDES = (1, -1)
"""Up and down."""


@dataclass(frozen=True)
class Copies:
    """Breakdowns of which nothing is shown: in another world every whole may lie in one part, in turn each of them.

    ``parts``, ``wholes``, ``turns`` and ``groups`` have an entry a part: the cell, the cell of its whole, its place in
    the order of the parts, and the number of the breakdown. ``inner`` and ``outer`` have an entry for every part that
    somebody owns and every other part in which it is counted too. Only hints: worlds made with them are checked like
    any other.
    """

    parts: np.ndarray
    wholes: np.ndarray
    turns: np.ndarray
    groups: np.ndarray
    inner: np.ndarray
    outer: np.ndarray

    @staticmethod
    def none() -> "Copies":
        """No breakdown is known to be closed."""
        nothing = np.zeros(0, dtype=np.int64)
        return Copies(*(nothing,) * 6)

    def of(self, kept: np.ndarray) -> "Copies":
        """Some of them."""
        parts = self.parts[kept]
        inside = np.isin(self.inner, parts) & np.isin(self.outer, parts)
        kept_of = (self.wholes[kept], self.turns[kept], self.groups[kept])
        return Copies(parts, *kept_of, self.inner[inside], self.outer[inside])


class Worlds:
    """What is left to be reached, by side and cell; it shrinks with every world that is learned from."""

    def __init__(self, table: CellTable, unseen: np.ndarray, whole: np.ndarray | None = None) -> None:
        """Every sensitive cell that a reader does not see has to reach both its ends.

        ``whole`` (by cell): of these a reader knows that they are whole numbers.
        """
        self.unseen = unseen
        self.whole = np.zeros(len(unseen), dtype=bool) if whole is None else whole
        self.counts, self.room = table.counts, table.uppers - table.counts
        self.matrix = table.matrix
        low = table.cells.get_column("need_low").fill_null(np.nan).to_numpy()
        high = table.cells.get_column("need_high").fill_null(np.nan).to_numpy()
        asked = table.sensitive & unseen
        self.needs = {
            1: np.where(asked, high - self.counts, 0.0),
            # what must be half a person less is a whole one less
            -1: np.where(asked, self.counts - np.where(self.whole, np.floor(low), low), 0.0),
        }
        self.asked = dict(self.needs)
        self.left = {side: self.needs[side] > TOLERANCE for side in SIDES}
        self.ends = {side: np.full(len(unseen), np.inf) for side in SIDES}
        self.still = ~unseen
        self.lowest = self.highest = np.zeros(len(unseen))

    def with_still(self, own: np.ndarray) -> "Worlds":
        """Those in which these cells stand still too."""
        found = copy(self)
        found.still = self.still | own
        return found

    def reached(self, cells: np.ndarray) -> None:
        """Both sides of these cells are known to be reached."""
        for left in self.left.values():
            left[cells] = False

    def known_by(self, own: np.ndarray, others: np.ndarray, share: float) -> "Worlds":
        """The same for a reader who knows his own cells too, of what is reached for every reader, in cells of others.

        ``share``: of what every reader must think possible, the part that he must, counted from the side of few or all.
        """
        known = self.with_still(own)
        known.ends = {side: np.full(len(own), np.inf) for side in SIDES}
        known.lowest = known.highest = np.zeros(len(own))
        low, high = self.counts - self.asked[-1], self.counts + self.asked[1]
        part = np.ceil((high - low) * share - TOLERANCE)
        up = np.where(low <= TOLERANCE, np.maximum(0.0, np.minimum(high, low + part) - self.counts), self.asked[1])
        down = np.where(low <= TOLERANCE, self.asked[-1], np.maximum(0.0, self.counts - np.maximum(low, high - part)))
        known.needs = {1: np.minimum(up, self.needs[1]), -1: np.minimum(down, self.needs[-1])}
        known.left = {side: (known.needs[side] > TOLERANCE) & ~self.left[side] & others for side in SIDES}
        return known

    def narrowed(self, cells: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """These cells need to go no further than they could go anyway: to ``low`` and ``high``."""
        for side, most in ((1, high - self.counts[cells]), (-1, self.counts[cells] - low)):
            needs = self.needs[side].copy()
            np.minimum.at(needs, cells, most)
            self.needs = self.needs | {side: needs}
            self.left[side] &= needs > TOLERANCE

    def hopeful(self, among: np.ndarray, side: int) -> np.ndarray:
        """Which of these cells are not reached yet, and not known to be out of reach."""
        hope: np.ndarray = self.left[side][among] & (self.ends[side][among] >= self.needs[side][among] - TOLERANCE)
        return hope

    def many_left(self, among: np.ndarray) -> int:
        """How many sides of these cells are ``hopeful``."""
        return int(sum(self.hopeful(among, side).sum() for side in SIDES))

    def broken(self, moved: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The sums that a world breaks, and the cells that it takes beyond a bound or away from what is seen."""
        sums = np.flatnonzero(np.abs(self.matrix @ moved) > TOLERANCE)
        beyond = (moved < -self.counts - TOLERANCE) | (moved > self.room + TOLERANCE)
        return sums, np.flatnonzero(beyond | (self.still & (np.abs(moved) > TOLERANCE)))

    def is_world(self, moved: np.ndarray) -> bool:
        """Whether these differences from the true table make a table that looks the same."""
        fractions = moved[self.whole]
        return not (
            any(len(found) for found in self.broken(moved))
            or np.abs(fractions - np.rint(fractions)).max(initial=0.0) > TOLERANCE
        )

    def learn(self, moved: np.ndarray) -> int:
        """How many sides a world reaches that were not reached before; -1 when it is no world."""
        if not self.is_world(moved):
            return -1
        self.lowest, self.highest = np.minimum(self.lowest, moved), np.maximum(self.highest, moved)
        reached = 0
        for side in SIDES:
            here = self.left[side] & (side * moved >= self.needs[side] - TOLERANCE)
            reached += int(here.sum())
            self.left[side][here] = False
        return reached

    def cannot(self, cell: int | np.ndarray, side: int, most: float | np.ndarray) -> None:
        """Remembers that no world takes a cell further than ``most``; or every one of several cells."""
        self.ends[side][cell] = np.minimum(self.ends[side][cell], most)

    def pending(self, cell: int, side: int, *, exact: bool = False) -> bool:
        """Whether it is not known yet if a cell goes as far as it must; with ``exact``, or how far it goes instead."""
        if not self.left[side][cell]:
            return False
        end = self.ends[side][cell]
        if not exact or end >= self.needs[side][cell] - TOLERANCE:
            return bool(end >= self.needs[side][cell] - TOLERANCE)
        return bool(self._seen(cell, side) < (np.floor(end + TOLERANCE) if self.whole[cell] else end) - TOLERANCE)

    def _seen(self, cell: int, side: int) -> float:
        return float(self.highest[cell] if side == 1 else -self.lowest[cell])

    def short(self, *, exact: bool = False) -> Iterator[tuple[int, float, float, bool]]:
        """Cells that did not go as far as they must, with the least and most they were seen to be, and whether it is
        sure that no world takes them there; with ``exact``, that these are their ends."""
        for cell in np.flatnonzero(self.left[1] | self.left[-1]).tolist():
            short = [side for side in SIDES if self.left[side][cell]]
            settled = [not self.pending(cell, side, exact=exact) for side in short]
            low, high = self.counts[cell] + self.lowest[cell], self.counts[cell] + self.highest[cell]
            yield cell, float(low), float(high), all(settled) if exact else any(settled)


class Filling:
    """Completes a world: rests follow from what they are the rest of."""

    def __init__(self, matrix: csr_array, rests: np.ndarray) -> None:
        """``rests`` (by cell) says which cells follow from others; those that do not keep their true counts."""
        self._steps: list[tuple[np.ndarray, csr_array, np.ndarray]] = []
        self._is_rest = rests
        open_ = rests.copy()
        pattern = csr_array((np.ones(len(matrix.data)), matrix.indices, matrix.indptr), shape=matrix.shape)
        while open_.any():
            alone = np.flatnonzero(np.asarray(pattern @ open_.astype(float)) == 1)
            entries = matrix[alone].tocoo()
            here = open_[entries.col]
            cells, first = np.unique(entries.col[here], return_index=True)
            if not len(cells):
                return
            rows = alone[entries.row[here][first]]
            self._steps.append((cells, csr_array(matrix[rows]), entries.data[here][first]))
            open_[cells] = False

    def complete_near(self, moved: np.ndarray, cells: np.ndarray) -> np.ndarray:
        """As ``complete``, where only these cells and rests differ from the true table; gives all that do."""
        moved[cells[self._is_rest[cells]]] = 0.0
        for rests, columns, coefficients in self._near:
            terms = columns[:, cells]
            here, sum_of = np.unique(terms.indices, return_inverse=True)
            if len(here):
                sums = np.bincount(sum_of, terms.data * np.repeat(moved[cells], np.diff(terms.indptr)))
                moved[rests[here]] = -sums / coefficients[here]
                cells = np.union1d(cells, rests[here])
        return cells

    @cached_property
    def _near(self) -> list[tuple[np.ndarray, csc_array, np.ndarray]]:
        return [(cells, csc_array(rows), coefficients) for cells, rows, coefficients in self._steps]

    def complete(self, moved: np.ndarray) -> np.ndarray:
        """Sets the rests of a world, in place, and returns it."""
        for cells, _, _ in self._steps:
            moved[cells] = 0.0
        for cells, rows, coefficients in self._steps:
            moved[cells] = -np.asarray(rows @ moved) / coefficients
        return moved
