"""The search for a pattern: hide what the cheapest flows run over, then show again what turns out not to be needed.

1. *Protect.* Every side without a proof is given the cheapest flow; what carries it is hidden. A shown cell costs its
   weight, a hidden one next to nothing. Where much hangs together flows are looked for near the side first; sides that
   have none there come last, over all of it.
2. *Thin.* Every cell hidden by step 1, dearest first, is shown again as a trial. Sides whose proofs leaned on it get
   new ones, over other cells if need be. The trial stands when what is hidden instead costs less than the cell.
3. *Exchange.* The same for all such cells of one sum at once: what none can do alone, they may do together.

Put here the search from one start. Several starts, the lower bound and the report are put together elsewhere.
"""

from collections.abc import Iterable

import numpy as np

from jos_pipeline.suppressor.flow import Movement
from jos_pipeline.suppressor.neighbourhoods import Neighbourhoods
from jos_pipeline.suppressor.problem import Problem, components
from jos_pipeline.suppressor.proofs import READER, Attackers, Proofs

HIDDEN_PRICE = 1e-3
"""The share of its weight that a hidden cell costs: flows lean on few cells, and on cheap ones."""
ROUNDS_TOGETHER = 6
GAIN = 1e-9


class Pattern:
    """The hidden cells of one start, with the proofs for them."""

    def __init__(self, problem: Problem, attackers: Attackers, flows: Neighbourhoods, worth: np.ndarray) -> None:
        """Hides what must be hidden; ``worth`` is the weight by cell that this start goes by."""
        self._problem, self._flows, self._worth = problem, flows, worth
        self.hidden = problem.hidden.copy()
        self.proofs = Proofs(problem, attackers)
        self._stuck = problem.component < 0
        self._fixed = self._stuck | ~(problem.free | problem.hidden)

    def unserved(self) -> list[int]:
        """The sides that what is hidden anyway does not protect from readers, as far as is found at once."""
        self._together()
        return [number for number in range(len(self._problem.sides)) if self.proofs.missing(number) == [READER]]

    def protect(self, order: Iterable[int]) -> None:
        """Hides cells until every side has its proofs or is known to be beyond help."""
        self._together()
        far = [number for number in order if self._serve(number, near=True) is None]
        if far:
            self._together()
        for number in far:
            self._serve(number)

    def thin(self) -> None:
        """Shows again what need not be hidden, or what something cheaper can stand in for."""
        secondary = np.flatnonzero(self.hidden & self._problem.free)
        for cell in sorted(secondary.tolist(), key=lambda one: (-self._worth[one], one)):
            self._show(cell)

    def exchange(self) -> None:
        """Shows the cells of one sum again all at once, where what is cheaper can stand in for them together."""
        matrix, secondary = self._problem.matrix, self._problem.free
        for start, end in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
            terms = matrix.indices[start:end]
            if len(cells := terms[self.hidden[terms] & secondary[terms]]) > 1:
                self._show_all(cells)

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

    def _serve(self, number: int, forbidden: int | None = None, *, near: bool = False) -> list[int] | None:
        """Finds what proofs a side misses; gives the cells hidden for it, or None when it cannot be served.

        With a cell that must stay shown, or when asked to, it looks near the side only. Otherwise what cannot be served
        is beyond help.
        """
        near = near or forbidden is not None
        newly: list[int] = []
        while missing := self.proofs.missing(number):
            movement = self._cheapest(number, missing[0], forbidden, near=near)
            if movement and number in self.proofs.add(*movement):
                newly.extend(self._hide(movement[0]))
            elif near:
                return None
            else:
                self.proofs.beyond.add((number, missing[0]))
        return newly

    def _hide(self, cells: np.ndarray) -> list[int]:
        new = cells[~self.hidden[cells]]
        self.hidden[new] = True
        return [int(cell) for cell in new]

    def _cheapest(self, number: int, attacker: int, forbidden: int | None, *, near: bool) -> Movement | None:
        side = self._problem.sides[number]
        if self._stuck[side.cell]:
            return None
        blocked = self._fixed if attacker == READER else self._fixed | (self._problem.owner == attacker)
        if forbidden is not None:
            blocked = blocked.copy()
            blocked[forbidden] = True
        price = np.where(self.hidden, HIDDEN_PRICE * self._worth, self._worth)
        flow = self._flows.near(side.cell, price, blocked) if near else self._flows.whole(side.cell)
        return flow.cheapest(side, price, blocked)

    def _show_all(self, cells: np.ndarray) -> None:
        """Shows cells if what leans on them can do with others, or with some of them, at less than they are worth."""
        leaning = sorted({number for cell in cells.tolist() for number in self.proofs.leaning_on(cell)})
        before, beyond = self.proofs.kept(leaning), set(self.proofs.beyond)
        worth = float(self._worth[cells].sum())
        self.hidden[cells] = False
        self.proofs.without(set(cells.tolist()), leaning)
        instead: list[int] = []
        for number in leaning:
            instead.extend(self._serve(number) or ())
            if float(self._worth[instead].sum()) >= worth - GAIN:
                break
        else:
            if self.proofs.beyond == beyond:
                return
        self.hidden[instead] = False
        self.hidden[cells] = True
        self.proofs.restore(before)
        self.proofs.beyond = beyond

    def _show(self, cell: int) -> None:
        """Shows a cell if what leans on it can do without, at less than the cell is worth."""
        leaning = self.proofs.leaning_on(cell)
        before = self.proofs.kept(leaning)
        self.hidden[cell] = False
        self.proofs.without({cell}, leaning)
        instead: list[int] = []
        spent = 0.0
        for number in leaning:
            hidden = self._serve(number, forbidden=cell)
            instead.extend(hidden or ())
            spent = float(self._worth[instead].sum())
            if hidden is None or spent >= self._worth[cell] - GAIN:
                break
        else:
            return
        self.hidden[instead] = False
        self.hidden[cell] = True
        self.proofs.restore(before)
