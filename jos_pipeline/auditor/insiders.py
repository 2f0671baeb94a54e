"""Readers who know some cells anyway, such as a school its own: can one of them unmask another's cell?

For every side of every sensitive cell a *witness* is sought: another table, as near to the true one as possible, that
looks the same to a reader and in which the cell is far enough from its true value. Whoever owns no cell of a witness
cannot tell it from the truth either, so that only the owners in every witness of a side need to be asked apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from jos_pipeline.auditor.flows import CHANGE, changes
from jos_pipeline.auditor.intervals import Intervals, Needs, intervals
from jos_pipeline.auditor.solver import Restart, Solver
from jos_pipeline.auditor.system import TOLERANCE, System

NOBODY = -1
KNOWN = {"cell": pl.Int64, "attacker": pl.String, "low": pl.Float64, "high": pl.Float64}
"""Between which ends a reader (null: everybody) knows a cell to lie without what is to go out."""


@dataclass(frozen=True)
class Insider:
    """A reader who knows some cells beside what is shown, and about which cells of others he is tried (by cell)."""

    name: str
    knows: np.ndarray
    about: np.ndarray


def ends_known_by(known: pl.DataFrame, attacker: str | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells and between which ends this reader knows them to lie anyway."""
    of = known.filter(pl.col("attacker").eq_missing(attacker))
    return of["cell"].to_numpy(), of["low"].to_numpy(), of["high"].to_numpy()


@dataclass(frozen=True)
class Unmasked:
    """An owner, and the cell of another that he can tell more of than he may; the ends are exact."""

    owner: int
    unknown: int
    low: float
    high: float


def unmasked(system: System, truth: np.ndarray, needs: Needs, owners: np.ndarray) -> tuple[list[Unmasked], int]:
    """What owners can tell of needs that no reader can, and how many programs were solved.

    ``truth`` are the true values and ``owners`` the owner's number of every unknown (``NOBODY`` when it has none).
    The needs must be met for readers who own nothing.
    """
    found: list[Unmasked] = []
    solved = 0
    position = np.full(system.width, -1)
    position[needs.unknowns] = np.arange(len(needs.unknowns))
    for columns, part in system.components():
        asked = np.flatnonzero(position[columns] >= 0)
        if not len(asked) or not np.any(owners[columns] != NOBODY):
            continue
        here = position[columns[asked]]
        search = _Witnesses(part, truth[columns], Needs(asked, needs.low[here], needs.high[here]), owners[columns])
        found += [Unmasked(one.owner, int(columns[one.unknown]), one.low, one.high) for one in search.run()]
        solved += search.solved
    return found, solved


class _Witnesses:
    """One component. A side is the number of a need and a direction, -1 (down) or 1 (up)."""

    def __init__(self, system: System, truth: np.ndarray, needs: Needs, owners: np.ndarray) -> None:
        self.system, self.truth, self.needs, self.owners = system, truth, needs, owners
        self.solver = Solver(changes(system, truth), Restart.OTHER_BOUNDS)
        self.extra = 0
        self.suspects: dict[tuple[int, int], set[int] | None] = {
            (number, way): None
            for number, unknown in enumerate(needs.unknowns)
            for way in (-1, 1)
            if abs(self._wanted(number, way) - truth[unknown]) > TOLERANCE
        }

    @property
    def solved(self) -> int:
        return self.solver.solved + self.extra

    def run(self) -> Iterator[Unmasked]:
        told: set[tuple[int, int]] = set()
        for side in self.suspects:
            if self.suspects[side] is None and not self._seek(side, NOBODY):
                own = int(self.owners[self.needs.unknowns[side[0]]])
                self.suspects[side] = set(self.owners.tolist()) - {NOBODY, own}
        for side in self.suspects:
            while suspects := self.suspects[side]:
                owner = min(suspects)
                suspects.discard(owner)
                if not self._seek(side, owner) and (owner, side[0]) not in told:
                    told.add((owner, side[0]))
                    yield self._interval(owner, side[0])

    def _wanted(self, number: int, way: int) -> float:
        return float(self.needs.low[number] if way < 0 else self.needs.high[number])

    def _seek(self, side: tuple[int, int], owner: int) -> bool:
        """Seeks a witness of the side that the owner cannot tell from the truth; learns from it for all sides."""
        number, way = side
        width, unknown = self.system.width, self.needs.unknowns[number]
        own = np.flatnonzero(self.owners == owner) if owner != NOBODY else np.zeros(0, dtype=int)
        up, down = unknown, unknown + width
        least = abs(self._wanted(number, way) - self.truth[unknown])
        # a little less is as far, but no whole number
        least = np.ceil(least - TOLERANCE) if self.solver.system.whole[unknown] else least - TOLERANCE / 2
        there, back = (up, down) if way > 0 else (down, up)
        columns = np.concatenate([[there, back], own, own + width])
        zeros = np.zeros(2 * len(own))
        most = self.solver.system.high[there]
        self.solver.narrow(
            columns, np.concatenate([[min(least, most), 0.0], zeros]), np.concatenate([[most, 0.0], zeros])
        )
        answer = self.solver.near(np.ones(2 * width))
        if answer is not None and answer.point is None:  # any witness will do; only where none is found it takes long
            answer = self.solver.lowest(np.ones(2 * width))
        if answer is None or answer.point is None:
            return False
        self._learn(answer.point[:width] - answer.point[width:])
        return True

    def _learn(self, change: np.ndarray) -> None:
        knowing = set(self.owners[np.abs(change) > CHANGE].tolist()) - {NOBODY}
        for number in np.flatnonzero(np.abs(change[self.needs.unknowns]) > CHANGE).tolist():
            moved = float(change[self.needs.unknowns[number]])
            way = 1 if moved > 0 else -1
            own = int(self.owners[self.needs.unknowns[number]])
            if (number, way) not in self.suspects or not self._far_enough(number, way, moved):
                continue
            known = self.suspects[number, way]
            self.suspects[number, way] = (knowing if known is None else known & knowing) - {own}

    def _far_enough(self, number: int, way: int, moved: float) -> bool:
        there = self.truth[self.needs.unknowns[number]] + moved
        return bool(way * (there - self._wanted(number, way)) >= -TOLERANCE)

    def _interval(self, owner: int, number: int) -> Unmasked:
        own = np.flatnonzero(self.owners == owner)
        low, high = self.system.low.copy(), self.system.high.copy()
        low[own] = high[own] = self.truth[own]
        known = System(self.system.matrix, self.system.row_low, self.system.row_high, low, high, self.system.whole)
        ends: Intervals = intervals(known, Needs.ends(self.needs.unknowns[[number]]), self.truth)
        self.extra += ends.solved
        return Unmasked(owner, int(self.needs.unknowns[number]), float(ends.low[0]), float(ends.high[0]))
