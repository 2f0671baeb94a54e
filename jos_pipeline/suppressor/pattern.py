"""The search for a pattern: hide what the cheapest flows run over, then show again what turns out not to be needed.

1. *Protect.* Every side without a proof is given the cheapest flow; what carries it is hidden. A shown cell costs its
   weight, a hidden one next to nothing. Where much hangs together flows are looked for near the side first; sides that
   have none there come last, over all of it.
2. *Thin.* Every cell hidden by step 1, dearest first, is shown again as a trial. Sides whose proofs leaned on it get
   new ones, over other cells if need be. The trial stands when what is hidden instead costs less than the cell. Where
   much hangs together all that is hidden is asked first (``far``): what is near mostly has to be paid for, and a way
   round over sums that are far off costs nothing.
3. *Exchange.* The same for all such cells of one sum at once: what none can do alone, they may do together.

Put here the search from one start. Several starts, the lower bound and the report are put together elsewhere.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from jos_pipeline.suppressor.flow import Flow, Movement
from jos_pipeline.suppressor.neighbourhoods import Neighbourhoods
from jos_pipeline.suppressor.problem import Problem, components
from jos_pipeline.suppressor.proofs import READER, Attackers, Proofs

HIDDEN_PRICE = 1e-3
"""The share of its weight that a hidden cell costs: flows lean on few cells, and on cheap ones."""
ROUNDS_TOGETHER = 6
STALE = 10
"""The program over all that is hidden is made anew after so many more cells: making it takes its time."""
GAIN = 1e-9

Program = Callable[[np.ndarray], Flow]
"""What gives the program to look for flows in, at these prices of cells."""


class Pattern:
    """The hidden cells of one start, with the proofs for them."""

    def __init__(
        self, problem: Problem, attackers: Attackers, flows: Neighbourhoods, worth: np.ndarray, *, far: bool = False
    ) -> None:
        """Hides what must be hidden; ``worth`` is the weight by cell that this start goes by.

        With ``far`` trials in a large component ask all that is hidden before they hide something near.
        """
        self._problem, self._flows, self._worth, self._far = problem, flows, worth, far
        self.hidden = problem.hidden.copy()
        self.proofs = Proofs(problem, attackers)
        self._stuck = problem.component < 0
        self._kept: tuple[int, Flow] | None = None
        self._fixed = self._stuck | ~(problem.free | problem.hidden)

    def unserved(self) -> list[int]:
        """The sides that what is hidden anyway does not protect from readers, as far as is found at once."""
        self._together()
        return [number for number in range(len(self._problem.sides)) if self.proofs.missing(number) == [READER]]

    def protect(self, order: Iterable[int]) -> None:
        """Hides cells until every side has its proofs or is known to be beyond help; ``order`` is of cells."""
        self._together()
        far = [cell for cell in order if not self._serve(cell, self._near(cell, self._fixed))]
        if far:
            self._together()
        for cell in far:
            # mostly what is hidden by now is enough, and a program about all else too takes three times as long
            while not self._serve(cell, self._among_hidden):
                if self._serve(cell, self._everything(cell), widest=True):
                    break

    def thin(self) -> None:
        """Shows again what need not be hidden, or what something cheaper can stand in for."""
        secondary = np.flatnonzero(self.hidden & self._problem.free)
        for cell in sorted(secondary.tolist(), key=lambda one: (-self._worth[one], one)):
            self._show(np.array([cell]), np.array([cell]))

    def exchange(self) -> None:
        """Shows the cells of one sum again all at once, where what is cheaper can stand in for them together."""
        matrix, secondary = self._problem.matrix, self._problem.free
        for start, end in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
            terms = matrix.indices[start:end]
            if len(cells := terms[self.hidden[terms] & secondary[terms]]) > 1:
                self._show(cells, cells[:0])

    def hidden_for(self, worth: np.ndarray) -> "Pattern":
        """The same pattern, from now on going by other weights."""
        self._worth = worth
        return self

    def _together(self) -> None:
        """Finds many proofs at once over what is hidden already."""
        sides = self._problem.sides
        moving = np.flatnonzero(self.hidden & ~self._fixed)
        if not len(moving) or not sides:
            return
        flow = self._flows.over(moving)
        blocked = self._fixed | ~self.hidden
        groups = components(self._problem.matrix, blocked)
        for turn in range(ROUNDS_TOGETHER):
            wanted = {sign: np.zeros(len(blocked)) for sign in (1, -1)}
            for number, side in enumerate(sides):
                if self.proofs.missing(number) == [READER] and side.sign == (1, -1)[turn % 2]:
                    wanted[side.sign][side.cell] = side.reach
            if not (movement := flow.farthest(wanted[1], wanted[-1], blocked)):
                return
            for part in self._parts(movement, groups):
                self.proofs.add(*part)

    @staticmethod
    def _parts(movement: Movement, groups: np.ndarray) -> list[Movement]:
        """A movement cut up into what moves by itself: each part is a flow."""
        cells, moved = movement
        order = np.argsort(groups[cells], kind="stable")
        ends = np.flatnonzero(np.diff(groups[cells][order])) + 1
        return [(cells[part], moved[part]) for part in np.split(order, ends)]

    def _near(self, cell: int, fixed: np.ndarray, most: float = np.inf) -> Program:
        return lambda price: self._flows.loose(cell, price, fixed, most)

    def _everything(self, cell: int) -> Program:
        return lambda _: self._flows.whole(cell)

    def _among_hidden(self, _: np.ndarray) -> Flow:
        """The program over what is hidden, but for what was hidden since a little while."""
        hidden = int(self.hidden.sum())
        if self._kept is None or hidden - self._kept[0] > STALE:
            moving = np.flatnonzero(self.hidden & ~self._fixed)
            self._kept = hidden, self._flows.over(self._problem.loose(moving))
        return self._kept[1]

    def _serve(self, cell: int, program: Program, *, widest: bool = False) -> bool:
        """Finds what proofs the sides of a cell miss and hides what they need; false when there is one it cannot find.

        With ``widest``, where a side that is not served is beyond help, it gives false after each.
        """
        for number, attacker, movement in self._found(cell, self._fixed, program):
            if movement:
                self._hide(movement[0])
            elif widest or self._stuck[cell]:
                self.proofs.beyond.add((number, attacker))
            else:
                return False
            if widest:
                return False
        return True

    def _found(self, cell: int, fixed: np.ndarray, program: Program) -> Iterator[tuple[int, int, Movement | None]]:
        """For every proof that the sides of a cell miss: side, attacker and a flow, None where there is none.

        Whoever asks hides what it runs over, or gives up, before the next.
        """
        flow = None
        for number in self.proofs.sides_of(cell):
            side = self._problem.sides[number]
            while missing := self.proofs.missing(number):
                attacker, movement = missing[0], None
                if not self._stuck[cell]:
                    price = np.where(self.hidden, HIDDEN_PRICE * self._worth, self._worth)
                    flow = flow or program(price)
                    blocked = fixed if attacker == READER else fixed | (self._problem.owner == attacker)
                    movement = flow.cheapest(side, price, blocked)
                if movement and number not in self.proofs.add(*movement):
                    movement = None
                yield number, attacker, movement

    def _hide(self, cells: np.ndarray) -> list[int]:
        new = cells[~self.hidden[cells]]
        self.hidden[new] = True
        return [int(cell) for cell in new]

    def _show(self, cells: np.ndarray, stays: np.ndarray) -> None:
        """Shows cells if what leans on them can do with others that are near, at less than they are worth.

        Among those others may be some of the same, but for what ``stays`` shown.
        """
        leaning = sorted({number for cell in cells.tolist() for number in self.proofs.leaning_on(cell)})
        before = self.proofs.kept(leaning)
        self.hidden[cells] = False
        self.proofs.without(set(cells.tolist()), leaning)
        instead: list[int] = []
        worth = float(self._worth[cells].sum()) - GAIN
        needy = list(dict.fromkeys(self._problem.sides[number].cell for number in leaning))
        if all(self._instead(cell, stays, worth, instead) for cell in self._likeliest_first(needy, cells)):
            return
        self.hidden[instead] = False
        self.hidden[cells] = True
        self.proofs.restore(before)

    def _likeliest_first(self, needy: list[int], shown: np.ndarray) -> list[int]:
        """Who stands in one sum with what is shown comes first where asking is dear: most trials fail, and there."""
        if not self._far:
            return needy
        sums = self._problem.columns[:, shown].indices
        beside = set(self._problem.matrix[sums].indices.tolist())
        return sorted(needy, key=lambda one: not self._flows.is_small(one) and one not in beside)

    def _far_enough(self, cell: int) -> bool:
        """Whether what is hidden gives the sides of a cell what they miss, however far off; asked in large ones."""
        if not self._far or self._flows.is_small(cell):
            return False
        found = self._found(cell, self._fixed | ~self.hidden, self._among_hidden)
        return all(movement is not None for _, _, movement in found)

    def _instead(self, cell: int, stays: np.ndarray, worth: float, instead: list[int]) -> bool:
        """Whether the sides of a cell find what they miss for less than what is left of ``worth``.

        Adds what they need to ``instead``. What costs too much by itself is no way.
        """
        if self._far_enough(cell):
            return True
        left = worth - float(self._worth[instead].sum())
        fixed = self._fixed | (~self.hidden & (self._worth >= left))
        fixed[stays] = True
        for _, _, movement in self._found(cell, fixed, self._near(cell, fixed, left)):
            if not movement:
                return False
            instead.extend(self._hide(movement[0]))
            if float(self._worth[instead].sum()) >= worth:
                return False
        return True
