"""A component of what a reader does not see, with its solver: cells that hang together and with no others.

Put here how a component is found and what can be asked of it: another table in which much lies far away, or one cell as
far as it goes. Which of these are asked, and in what order, is ``reach``. Answers are differences from the true table.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from jos_pipeline.auditor.flows import Flow, Flows, Side
from jos_pipeline.auditor.solver import Restart, Solver
from jos_pipeline.auditor.spread import Spread
from jos_pipeline.auditor.system import TOLERANCE, AuditError, System, tightened

FAR = 200.0
"""How far a cell goes in a program with random prices, unless it must go further: to go on is of no use."""
SMALL = 100
"""Components of at most so many cells share programs."""
BLOCK = 6_000
"""A component of more than twice so many cells is asked in blocks of so many: of a country one program about the whole
would take minutes."""
PATIENCE, LARGE = 500, 10_000
"""So many programs about the whole of one component for one reader, and fewer where it has more cells than ``LARGE``;
what was not reached then counts as out of reach."""
A_FLOW = 0.03
"""As so much of such a program a least flow counts: of 118,438 cells it takes some three seconds, the other more than a
hundred."""
AT_ONCE = 10
"""So many sides are asked in one program: with more it is often in vain."""


def asked_components(system: System, asked: np.ndarray) -> list[np.ndarray]:
    """The components in which something is asked; small ones, of a few cells each, are put together."""
    links = csr_array(abs(system.matrix).T @ abs(system.matrix))
    _, label = connected_components(links, directed=False)
    size = np.bincount(label)
    wanted = np.zeros(len(size), dtype=bool)
    wanted[label[asked]] = True
    large = np.flatnonzero(wanted & (size > SMALL))
    rest = np.flatnonzero((wanted & (size <= SMALL))[label])
    return [np.flatnonzero(label == one) for one in large] + ([rest] if len(rest) else [])


def part_of(system: System, columns: np.ndarray) -> System:
    """The part of a system that is about these unknowns."""
    matrix = csr_array(system.matrix[:, columns])
    says = np.flatnonzero(np.diff(matrix.indptr) > 0)
    nothing, about = np.zeros(len(says)), system.whole[columns]
    return System(csr_array(matrix[says]), nothing, nothing, system.low[columns], system.high[columns], about)


def blocks_of(system: System, most: int) -> list[np.ndarray]:
    """The unknowns in blocks of at most so many: what shares a short sum is together before what shares a long one.

    Small blocks are put together as long as there is room. In a world of one block every sum that reaches further
    comes out within the block.
    """
    above, size = list(range(system.width)), [1] * system.width

    def top(one: int) -> int:
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    starts, indices = system.matrix.indptr, system.matrix.indices.tolist()
    for row in np.argsort(np.diff(starts), kind="stable").tolist():
        tops = {top(one) for one in indices[starts[row] : starts[row + 1]]}
        together = sum(size[one] for one in tops)
        if len(tops) > 1 and together <= most:
            first = min(tops)
            size[first] = together
            for one in tops:
                above[one] = first
    label = np.array([top(one) for one in range(system.width)])
    order = np.argsort(label, kind="stable")
    packed: list[list[np.ndarray]] = []
    room = 0
    for block in np.split(order, np.flatnonzero(np.diff(label[order])) + 1):
        if len(block) > room:
            packed.append([])
            room = most
        packed[-1].append(block)
        room -= len(block)
    return [np.sort(np.concatenate(blocks)) for blocks in packed]


class Component:
    """A component, with its solver. Answers are differences from the true table."""

    def __init__(self, system: System, cells: np.ndarray, size: int, sensitive: np.ndarray) -> None:
        """``cells`` are those of a table of so many (``size``); ``sensitive`` (by cell of the component) may be asked
        for in ``world``."""
        self.cells = cells
        self._system, self._size = system, size
        self._solver = Solver(system, Restart.OTHER_BOUNDS)
        self._still = np.zeros(len(cells), dtype=bool)
        self._told, self._asked = 0, 0.0
        self.in_blocks = len(cells) > 2 * BLOCK
        cut = blocks_of(system, BLOCK) if self.in_blocks and sensitive.any() else [np.arange(len(cells))]
        self._blocks = [
            (columns, Spread(part_of(system, columns), sensitive[columns]))
            for columns in cut
            if sensitive[columns].any()
        ]

    def keep(self, still: np.ndarray) -> None:
        """From now on these cells (by cell of the table) keep their true counts."""
        self._still = still[self.cells]

    def has_patience(self) -> bool:
        """Whether ``farthest`` or ``least`` may be asked once more before ``forget``."""
        return self._asked * max(1.0, len(self.cells) / LARGE) < PATIENCE

    def forget(self) -> int:
        """How many programs were solved; from now on they are counted anew."""
        every = self._solver.solved + sum(spread.solved for _, spread in self._blocks)
        every += self._flows.solved if "_flows" in vars(self) else 0
        solved, self._told, self._asked = every - self._told, every, 0.0
        return solved

    def least(
        self, sides: Sequence[Side], still: np.ndarray | None = None, prices: np.ndarray | None = None
    ) -> list[Flow] | None:
        """The pieces of a least flow in which these sides, numbers in the component, are as far as they must
        (``Flows.least``), with what is kept and ``still`` (by cell of the table) as it is; in cells of the table.
        ``prices`` are by cell of the component."""
        self._asked += A_FLOW
        kept = self._still if still is None else self._still | still[self.cells]
        found = self._flows.least(sides, kept, np.ones(len(kept)) if prices is None else prices)
        return None if found is None else [Flow(self.cells[flow.numbers], flow.moved) for flow in found]

    def flows_near(self, number: int, many: int) -> tuple[np.ndarray, Flows]:
        """This cell and some ``many`` that are nearest to it and can move, as numbers in the component; and the flows
        among these."""
        free = self.beside(number, many)
        return free, Flows(self._solver.surroundings(free))

    @cached_property
    def _flows(self) -> Flows:
        return Flows(self._system)

    def world(self, prices: np.ndarray, needs: np.ndarray) -> np.ndarray:
        """One in which as many cells as can go as far as they must (``needs``), dear ones first; in blocks, in each by
        itself. What a cell does beyond what it must, is worth nothing: it leaves room for others."""
        low, high = self._system.low.copy(), self._system.high.copy()
        low, high = np.maximum(low, -FAR), np.minimum(high, FAR)
        low[self._still] = high[self._still] = 0.0
        point = np.zeros(len(prices))
        for columns, spread in self._blocks:
            if prices[columns].any():
                found = spread.world(prices[columns], needs[columns], low[columns], high[columns])
                point[columns] = 0.0 if found is None else found
        return self._moved(point, low, high)

    def nearby(self, number: int, cost: np.ndarray, many: int) -> np.ndarray:
        """As ``world``, with only what is near to this cell different from the true table."""
        low, high = self._narrowed(np.maximum(self._system.low, -FAR), np.minimum(self._system.high, FAR))
        answer = self._solver.around(np.array([number]), np.zeros(len(cost)), cost, many)
        return self._moved(answer.point, low, high)

    def among(self, free: np.ndarray, number: int, side: int, need: float) -> np.ndarray:
        """One in which this cell goes as far as it must or, if that is less, as far as was found, with only these
        different from the true table; both are numbers in the component."""
        low, high = np.maximum(self._system.low, -FAR), np.minimum(self._system.high, FAR)
        low[number], high[number] = max(low[number], -need), min(high[number], need)
        low, high = self._narrowed(low, high)
        cost = np.zeros(len(self.cells))
        cost[number] = -side
        return self._moved(self._solver.among(free, np.zeros(len(cost)), cost).point, low, high)

    def plain_ends(self) -> tuple[np.ndarray, np.ndarray]:
        """How far every cell can go down and up at most, as far as single sums tell."""
        low, high = (np.where(self._still, 0.0, bound) for bound in (self._system.low, self._system.high))
        told = tightened(replace(self._system, low=low, high=high))
        return told.low, told.high

    def beside(self, number: int, many: int) -> np.ndarray:
        """This cell and some ``many`` that are nearest to it and can move."""
        self._narrowed(self._system.low.copy(), self._system.high.copy())
        return self._solver.beside(np.array([number]), many)

    def most(self, number: int, side: int, many: int) -> float:
        """How far this cell cannot go beyond, by what is near to it."""
        self._narrowed(self._system.low.copy(), self._system.high.copy())
        cost = np.zeros(len(self.cells))
        cost[number] = -side
        return -self._solver.beyond(np.array([number]), cost, many)

    def aimed(self, cost: np.ndarray, need: float) -> tuple[np.ndarray, bool]:
        """One in which what has a price goes as far as it can, up to FAR or what is needed; as ``farthest``."""
        far, aim = max(FAR, need), cost != 0
        low, high = self._system.low.copy(), self._system.high.copy()
        low[aim], high[aim] = np.maximum(low[aim], -far), np.minimum(high[aim], far)
        return self._best(cost, low, high)

    def farthest(self, number: int, side: int, need: float) -> tuple[np.ndarray, bool]:
        """One in which this cell goes as far as it must or, if that is less, as far as it can; or, when the second is
        false, as far as was found in time."""
        low, high = self._system.low.copy(), self._system.high.copy()
        low[number], high[number] = max(low[number], -need), min(high[number], need)
        cost = np.zeros(len(self.cells))
        cost[number] = -side
        self._asked += 1
        return self._best(cost, low, high)

    def _best(self, cost: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, bool]:
        low, high = self._narrowed(low, high)
        answer = self._solver.soon(cost)
        if answer is None or (answer.point is None and answer.best):
            raise AuditError("the audit could not be finished: a program has no end")
        return self._moved(answer.point, low, high), answer.best

    def _narrowed(self, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        low[self._still] = high[self._still] = 0.0
        self._solver.narrow(np.arange(len(self.cells)), low, high)
        return low, high

    def _moved(self, point: np.ndarray | None, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """The point by cell of the table; nothing moves where there is none."""
        moved = np.zeros(self._size)
        if point is not None:
            whole = np.rint(point)
            exact = np.where(np.abs(point - whole) < TOLERANCE / 10, whole, point)
            moved[self.cells] = np.clip(exact, low, high)
        return moved


def least_flows(
    part: Component,
    sides: Sequence[Side],
    pending: Callable[[Side], bool],
    still: np.ndarray | None = None,
    prices: Callable[[Sequence[Side]], np.ndarray] | None = None,
    at_once: int = AT_ONCE,
) -> Iterator[tuple[list[Side], list[Flow] | None]]:
    """Least flows for these sides, several at a time; for a side alone None where there is none. What is not
    ``pending`` any more when its turn comes is not asked. ``prices``: of the cells of the component, for these."""
    waiting = [side for side in sides if pending(side)]
    halves: list[list[Side]] = []
    while halves or waiting:
        if not halves:
            batch: dict[int, Side] = {}
            later = []
            for number, side in enumerate(waiting):
                if len(batch) == at_once:
                    later += waiting[number:]
                    break
                if side.number in batch:
                    later.append(side)
                elif pending(side):
                    batch[side.number] = side
            waiting, halves = later, [list(batch.values())]
        asked = [side for side in halves.pop() if pending(side)]
        if asked:
            flows = part.least(asked, still, prices(asked) if prices else None)
            if flows is None and len(asked) > 1:
                middle = len(asked) // 2
                halves += [asked[middle:], asked[:middle]]
            else:
                yield asked, flows
