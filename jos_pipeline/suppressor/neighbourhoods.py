"""Which cells a flow for a cell may run over: near ones first, so that linear programs stay small.

A flow within a neighbourhood leaves all sums with cells outside it as they are, so it is a flow of the whole table. Put
here what is near; what a flow costs is not known here.
"""

from collections import OrderedDict

import numpy as np

from jos_pipeline.suppressor.flow import Flow
from jos_pipeline.suppressor.problem import Problem

SMALL = 3000
"""A component of at most so many cells is one neighbourhood: in 300 of 2,464 cells a third more was lost."""
LEVELS: tuple[tuple[int, int, int], ...] = ((4, 60, 800), (5, 600, 3000))
"""Per level: steps away, the longest sum to step over, and at how many cells to stop."""
KEPT = 400
"""Programs kept warm at a time."""


class Neighbourhoods:
    """Flows by neighbourhood, made when first needed; neighbours share one."""

    def __init__(self, problem: Problem) -> None:
        """Knows the components; builds nothing yet."""
        self._problem = problem
        numbers, sizes = np.unique(problem.component[problem.component >= 0], return_counts=True)
        self._size = dict(zip(numbers.tolist(), sizes.tolist(), strict=True))
        self._home: dict[tuple[int, int], tuple[int, int]] = {}
        self._cells: dict[tuple[int, int], np.ndarray] = {}
        self._warm: OrderedDict[tuple[int, int], Flow] = OrderedDict()

    def levels(self, cell: int) -> int:
        """How many neighbourhoods, one larger than the other, a cell has; the last is its whole component."""
        return 1 if self._size[int(self._problem.component[cell])] <= SMALL else len(LEVELS) + 1

    def home(self, cell: int) -> tuple[int, int]:
        """What names the smallest neighbourhood of a cell: cells with the same one are best treated together."""
        return self._named(cell, 0)

    def flow(self, cell: int, level: int) -> Flow:
        """The program over the neighbourhood of a cell."""
        name = self._named(cell, level)
        if name not in self._warm:
            self._warm[name] = Flow(self._problem, self._cells[name])
        self._warm.move_to_end(name)
        while len(self._warm) > KEPT:
            self._warm.popitem(last=False)
        return self._warm[name]

    def over(self, cells: np.ndarray) -> Flow:
        """The program over just these cells, not kept."""
        return Flow(self._problem, cells)

    def _named(self, cell: int, level: int) -> tuple[int, int]:
        if level >= self.levels(cell) - 1:
            component = int(self._problem.component[cell])
            name = (-1, component)
            if name not in self._cells:
                self._cells[name] = np.flatnonzero(self._problem.component == component)
            return name
        if (level, cell) not in self._home:
            self._settle(cell, level)
        return self._home[level, cell]

    def _settle(self, cell: int, level: int) -> None:
        """Makes the neighbourhood around a cell, and gives it to the cell and those next to it."""
        steps, longest, enough = LEVELS[level]
        name = (level, cell)
        found, edge = {cell}, [cell]
        near = [cell]
        seen: set[int] = set()
        for step in range(steps):
            edge = self._next(edge, found, seen, longest, enough)
            near = [*near, *edge] if step == 0 else near
        self._cells[name] = np.array(sorted(found), dtype=np.int64)
        for one in near:
            self._home.setdefault((level, one), name)

    def _next(self, edge: list[int], found: set[int], seen: set[int], longest: int, enough: int) -> list[int]:
        rows, columns = self._problem.matrix, self._problem.columns
        added: list[int] = []
        for cell in edge:
            for row in columns.indices[columns.indptr[cell] : columns.indptr[cell + 1]].tolist():
                if row in seen:  # all of it was found, or there was no room for it and there will not be
                    continue
                seen.add(row)
                start, end = rows.indptr[row], rows.indptr[row + 1]
                if end - start > longest or len(found) + end - start > enough:
                    continue
                new = [one for one in rows.indices[start:end].tolist() if one not in found]
                found.update(new)
                added.extend(new)
        return added
