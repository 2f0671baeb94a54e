"""What of a table needs programs: its *core*, in components; and the breakdowns that need none.

Put here how a table is cut up for the search of ``reach``: what is a part of a closed breakdown that may stand for its
whole, what is left of the rest, and which of it hangs together. What is asked is ``reach``.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from jos_pipeline.auditor.closed_breakdowns import Turn, unseen_groups
from jos_pipeline.auditor.components import Component, asked_components, part_of
from jos_pipeline.auditor.flows import Side
from jos_pipeline.auditor.insiders import Insider
from jos_pipeline.auditor.system import System
from jos_pipeline.auditor.worlds import Copies, Worlds
from jos_pipeline.cells import CellTable, State


class Core:
    """A table as one reader sees it, who owns nothing."""

    def __init__(self, table: CellTable, everybody: Worlds, copies: Copies, apart: Sequence[Insider] = ()) -> None:
        """``copies`` are hints: those that do not hold are not used. ``apart``: for these readers they are to hold
        too."""
        self.table, self.unseen, self.whole = table, everybody.unseen, everybody.whole
        self.rests = (table.cells.get_column("state") == State.CLOSED).to_numpy()
        self._pattern = abs(table.matrix)
        self.columns = table.matrix.tocsc()
        self.copies = self._sound(copies.of(unseen_groups(copies, self.unseen)), apart)
        self.turn = Turn(table, self.copies, self.rests)
        self.is_part = np.zeros(len(self.unseen), dtype=bool)
        self.is_part[self.copies.parts] = True
        self.cells = self._cells()
        self.components = [
            Component(system, cells, len(self.unseen), table.sensitive[cells]) for cells, system in self._systems()
        ]

    def in_component(self, side: Side) -> tuple[Component, Side] | None:
        """The component of a side (``number``: of its cell in the table), and the side with its number there; None
        where nothing is asked of that component."""
        number = int(self._number[side.number])
        if number < 0:
            return None
        component = self.components[number]
        return component, side._replace(number=int(np.searchsorted(component.cells, side.number)))

    @cached_property
    def _number(self) -> np.ndarray:
        numbers = np.full(len(self.unseen), -1)
        for number, component in enumerate(self.components):
            numbers[component.cells] = number
        return numbers

    def _cells(self) -> np.ndarray:
        """All that a reader does not see, but for the parts of closed breakdowns and the rests tied to these."""
        beside = np.asarray(self._pattern.T @ (self._pattern @ self.is_part.astype(float))) > 0
        core: np.ndarray = self.unseen & ~self.is_part & ~(beside & self.rests)
        return core

    def _systems(self) -> list[tuple[np.ndarray, System]]:
        inside, system = np.flatnonzero(self.cells), self._system(self.cells)
        asked = self.table.sensitive.copy()
        asked[self.copies.wholes] = True
        return [(inside[columns], part_of(system, columns)) for columns in asked_components(system, asked[inside])]

    def _system(self, among: np.ndarray) -> System:
        """What a reader knows of these cells (by cell), and of no others that he does not see."""
        inside = np.flatnonzero(among)
        outside = np.asarray(self._pattern @ (self.unseen & ~among).astype(float)) > 0
        matrix = csr_array(self.table.matrix[np.flatnonzero(~outside)][:, inside])
        zero = np.zeros(matrix.shape[0])
        return System(
            matrix,
            zero,
            zero,
            -self.table.counts[inside],
            self.table.uppers[inside] - self.table.counts[inside],
            self.whole[inside],
        )

    @cached_property
    def everything(self) -> Component:
        """All that a reader does not see, as one component."""
        cells = np.flatnonzero(self.unseen)
        return Component(self._system(self.unseen), cells, len(self.unseen), self.table.sensitive[cells])

    def _sound(self, copies: Copies, apart: Sequence[Insider]) -> Copies:
        """The breakdowns in which all can lie in any one part, or in any but what is left; for others programs are
        needed."""
        everybody = Worlds(self.table, self.unseen, self.whole)
        readers = [everybody, *(everybody.with_still(one.knows) for one in apart)]
        sound = np.zeros(len(copies.parts), dtype=bool)
        for group in np.unique(copies.groups):
            for tried in (copies.groups == group, (copies.groups == group) & ~self.rests[copies.parts]):
                if self._holds(copies.of(tried), readers):
                    sound |= tried
                    break
        return copies.of(sound)

    def _holds(self, copies: Copies, readers: list[Worlds]) -> bool:
        turn = Turn(self.table, copies, self.rests)
        here = np.zeros(len(self.rests))
        return all(
            worlds.is_world(turn.world(here.copy(), number, worlds))
            for worlds in readers
            for number in range(turn.turns if worlds is readers[0] else 2)
        )
