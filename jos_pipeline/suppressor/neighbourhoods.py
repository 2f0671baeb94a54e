"""Which cells a flow for a cell may run over: near ones first, so that linear programs stay small.

A flow within a neighbourhood leaves all sums with cells outside it as they are, so it is a flow of the whole table. Put
here what is near; what a flow costs is not known here.
"""

from collections.abc import Iterable

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from jos_pipeline.suppressor.flow import Flow
from jos_pipeline.suppressor.problem import Problem

SMALL = 3000
"""A component of at most so many cells is one neighbourhood: nothing is lost there by looking near."""
NEAR = 300
"""How many cells are near in a larger one. With twice as many half the time goes to programs that find no less."""
STEP = 0.4
"""What a step over a sum costs beside the cell, in middling weights. With less, all that is hidden would be near."""
STEPS = 30
"""A flow that may cost so much goes over at most so many sums beyond what it costs."""
_WIDER = 1.5
_FAR = 1e6
"""In middling weights: nothing further off is reached at all."""


class Neighbourhoods:
    """The programs over a whole component, made once; and over what is near in a large one, made when asked for."""

    def __init__(self, problem: Problem) -> None:
        """Knows the components; builds nothing yet."""
        self._problem = problem
        numbers, sizes = np.unique(problem.component[problem.component >= 0], return_counts=True)
        self._size = dict(zip(numbers.tolist(), sizes.tolist(), strict=True))
        self._whole: dict[int, Flow] = {}
        self._map = _Map(problem)

    def is_small(self, cell: int) -> bool:
        """Whether all that hangs together with the cell is near."""
        return bool(self._size[int(self._problem.component[cell])] <= SMALL)

    def whole(self, cell: int) -> Flow:
        """The program over all that hangs together with a cell."""
        component = int(self._problem.component[cell])
        if component not in self._whole:
            self._whole[component] = self.over(np.flatnonzero(self._problem.component == component))
        return self._whole[component]

    def near(self, cell: int, price: np.ndarray, blocked: np.ndarray) -> Flow:
        """The program over what is near a cell, going by what cells cost; ``blocked`` ones are nowhere near."""
        if self.is_small(cell):
            return self.whole(cell)
        return self.over(self._map.nearest(cell, price, blocked, NEAR))

    def loose(self, cell: int, price: np.ndarray, blocked: np.ndarray, most: float = np.inf) -> Flow:
        """As ``near``, over the cells only that can move: a smaller program, for once.

        Flows that cost ``most`` or more may be left out.
        """
        if self.is_small(cell):
            return self.whole(cell)
        return self.over(self._problem.loose(self._map.nearest(cell, price, blocked, NEAR, most)))

    def homes(self, cells: Iterable[int]) -> dict[int, int]:
        """For each cell one of them that it is near to: cells with the same one are best treated together."""
        problem, home, first = self._problem, dict[int, int](), dict[int, int]()
        for cell in sorted(set(cells), key=lambda one: (problem.weight[one], one)):
            if not problem.moves(cell):
                home[cell] = cell
            elif self.is_small(cell):
                home[cell] = first.setdefault(int(problem.component[cell]), cell)
            elif cell not in home:
                around = self._map.nearest(cell, problem.weight, problem.component < 0, NEAR // 10)
                home |= {one: cell for one in [cell, *around.tolist()] if one not in home}
        return home

    def over(self, cells: np.ndarray) -> Flow:
        """The program over just these cells, not kept."""
        return Flow(self._problem, cells)


class _Map:
    """Cells and sums as a graph: from a cell to its sums, from a sum to its cells at what these cost."""

    def __init__(self, problem: Problem) -> None:
        self._size = problem.matrix.shape[1]
        terms = problem.matrix.tocoo()
        sums = self._size + terms.row
        ways = (np.concatenate([terms.col, sums]), np.concatenate([sums, terms.col]))
        graph = coo_array((np.ones(len(ways[0])), ways), shape=(sum(problem.matrix.shape),) * 2).tocsr()
        self._graph = graph
        self._entering = slice(terms.nnz, None)  # the rows of cells come first, and with them the ways out of these
        graph.data[: terms.nnz] = 0.0
        free = problem.weight[problem.free]
        self._unit = float(np.median(free)) if len(free) else 1.0
        self._limits: dict[int, float] = {}

    def nearest(self, cell: int, price: np.ndarray, blocked: np.ndarray, many: int, most: float = np.inf) -> np.ndarray:
        """The cells that are reached at the least cost, in order of their numbers.

        What costs ``most`` or more may be left out.
        """
        cost = np.where(blocked, np.inf, price + STEP * self._unit)
        self._graph.data[self._entering] = cost[self._graph.indices[self._entering]]
        end = min(_FAR * self._unit, most + STEPS * STEP * self._unit)
        limit = min(self._limits.get(many, self._unit), end)
        while True:
            away = dijkstra(self._graph, indices=cell, limit=limit)[: self._size]
            found = np.flatnonzero(np.isfinite(away))
            if len(found) >= many or limit >= end:
                break
            limit = min(limit * _WIDER, end)
        if limit < end:  # look less far the next time where that is enough; what is nearest stays the same
            self._limits[many] = limit / _WIDER if len(found) > 2 * many else limit
        return np.sort(found[np.lexsort((found, away[found]))][:many])
