"""Which readers who know cells of their own are still to be left in doubt, about which sides of which cells.

Put here how one other table settles this for many readers at once: whoever knows no cell of what differs cannot tell it
from the truth. Where such tables come from is ``together``; what is left here is asked for each reader alone.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy.sparse import csc_array, csr_array, vstack

from jos_pipeline.auditor.flows import CHANGE, Flow, Side
from jos_pipeline.auditor.insiders import Insider, ends_known_by
from jos_pipeline.auditor.system import TOLERANCE
from jos_pipeline.auditor.worlds import SIDES, Worlds


class Doubts:
    """By reader, cell and side whether he was not left in doubt yet."""

    def __init__(self, everybody: Worlds, readers: Sequence[Insider], share: float, known: pl.DataFrame) -> None:
        """``share`` and ``known`` are those of ``reach``."""
        self.readers = readers
        self._everybody, self._share, self._known = everybody, share, known
        nobody = np.zeros(len(everybody.unseen), dtype=bool)
        self._needs = everybody.known_by(nobody, ~nobody, share).needs
        self._columns: csc_array = everybody.matrix.tocsc()
        knows = [csr_array(one.knows.astype(np.int8).reshape(1, -1)) for one in readers]
        self._who = csr_array(vstack(knows).T)
        asked = (self._needs[1] > TOLERANCE) | (self._needs[-1] > TOLERANCE)
        self._cells = np.flatnonzero(asked)
        self._place = np.full(len(nobody), -1)
        self._place[self._cells] = np.arange(len(self._cells))
        self._left = {side: np.zeros((len(readers), len(self._cells)), dtype=bool) for side in SIDES}
        for number, one in enumerate(readers):
            worlds = self._worlds(one)
            for side in SIDES:
                self._left[side][number] = worlds.left[side][self._cells]

    def of(self, number: int) -> Worlds:
        """What is left for one reader."""
        worlds = self._worlds(self.readers[number])
        for side in SIDES:
            left = np.zeros(len(self._place), dtype=bool)
            left[self._cells] = self._left[side][number]
            worlds.left[side] &= left
        return worlds

    def sides(self, among: np.ndarray, number: int | None = None, least: int = 1) -> list[Side]:
        """Sides about which this reader, or ``least`` of all, are not in doubt yet; as numbers in ``among`` (cells)."""
        here = np.flatnonzero(self._place[among] >= 0)
        places, found = self._place[among[here]], []
        for side in SIDES:
            left = self._left[side][:, places]
            open_ = left.sum(axis=0) >= least if number is None else left[number]
            found += [Side(int(one), side, float(self._needs[side][among[one]])) for one in here[open_]]
        return found

    def undecided(self, cell: int, side: int) -> np.ndarray:
        """The readers who are not in doubt about this side yet."""
        place = self._place[cell]
        return np.flatnonzero(self._left[side][:, place]) if place >= 0 else np.zeros(0, dtype=np.int64)

    def who_knows(self, cells: np.ndarray) -> list[np.ndarray]:
        """By reader which of these cells he knows (by place in ``cells``)."""
        by_reader = csr_array(self._who[cells].T)
        return np.split(by_reader.indices, by_reader.indptr[1:-1])

    def knowing(self, cells: np.ndarray) -> np.ndarray:
        """The readers who know one of these cells."""
        return np.unique(self._who[cells].indices)

    def learn(self, flow: Flow) -> bool:
        """Whoever knows no cell of a flow is in doubt about all that goes as far in it as it must. False, and nothing
        is learned, where it is no other table: it breaks a sum or a bound, or differs where a reader sees."""
        cells, moved = flow.numbers, flow.moved
        if not self._is_world(cells, moved):
            return False
        others = np.setdiff1d(np.arange(len(self.readers)), self.knowing(cells))
        for side in SIDES:
            need = self._needs[side][cells]
            places = self._place[cells[(need > TOLERANCE) & (side * moved >= need - TOLERANCE)]]
            self._left[side][np.ix_(others, places)] = False
        return True

    def helped(self, cells: np.ndarray, moved: np.ndarray, knowing: np.ndarray) -> np.ndarray:
        """Of which of these cells others than these readers would learn, if they were so far from their true counts (by
        place in ``cells``)."""
        found = np.zeros(len(cells), dtype=bool)
        for side in SIDES:
            need = self._needs[side][cells]
            far = np.flatnonzero((need > TOLERANCE) & (side * moved >= need - TOLERANCE))
            left = self._left[side][:, self._place[cells[far]]]
            found[far] |= left.sum(axis=0) > left[knowing].sum(axis=0)
        return found

    def _is_world(self, cells: np.ndarray, moved: np.ndarray) -> bool:
        everybody = self._everybody
        terms = self._columns[:, cells]
        _, sum_of = np.unique(terms.indices, return_inverse=True)
        sums = np.bincount(sum_of, terms.data * np.repeat(moved, np.diff(terms.indptr)))
        whole = moved[everybody.whole[cells]]
        return bool(
            np.all(everybody.unseen[cells])
            and np.abs(sums).max(initial=0.0) <= TOLERANCE
            and np.all(moved >= -everybody.counts[cells] - TOLERANCE)
            and np.all(moved <= everybody.room[cells] + TOLERANCE)
            and np.abs(whole - np.rint(whole)).max(initial=0.0) <= CHANGE
        )

    def _worlds(self, reader: Insider) -> Worlds:
        worlds = self._everybody.known_by(reader.knows, reader.about, self._share)
        worlds.narrowed(*ends_known_by(self._known, reader.name))
        return worlds
