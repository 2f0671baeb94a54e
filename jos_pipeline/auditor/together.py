"""Many readers who know cells of their own, such as every school its own, are tried together (``doubts``).

Put here where the tables come from that leave many of them in doubt at once, and in what order they are asked for: what
lies in closed breakdowns while all totals are as they are, least flows for nearly all readers at once, then flows for
one reader at a time that serve others too, and at last flows for what is left, of one total or of what is near. What is
still left after that is asked for each alone (``reach``).
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from jos_pipeline.auditor.aims import Aim, aims
from jos_pipeline.auditor.components import AT_ONCE, Component, least_flows
from jos_pipeline.auditor.core import Core
from jos_pipeline.auditor.doubts import Doubts
from jos_pipeline.auditor.flows import Flow, Flows, Side
from jos_pipeline.auditor.system import TOLERANCE

FEW_AT_ONCE = 4
"""Where cells of the readers who are left are dear: with more sides nearly all of them are."""
SURROUNDINGS = 1_500
"""Of so many cells it is asked at last."""
DEAR, DETOURS = 10.0, 2
"""So many times what another costs; and so often that is tried."""
NEARLY_ALL = 0.2
"""A side about which more than this share of the readers are not in doubt is asked for all of them first."""


NOTHING = np.zeros(0, dtype=np.int64)
"""No readers, no parts."""


class Together:
    """Tries all readers of ``doubts`` together."""

    def __init__(self, core: Core, doubts: Doubts, chance: np.random.Generator) -> None:
        self._core, self._doubts, self._chance = core, doubts, chance
        self._theirs = [np.flatnonzero(one.knows[core.copies.parts]) for one in doubts.readers]
        self._is_whole = np.zeros(len(core.unseen), dtype=bool)
        self._is_whole[core.copies.wholes] = True
        self._raising: dict[int, list[tuple[float, Flow, np.ndarray]]] = {}
        """Flows by a total that they take up: how far, and who knows a cell of them."""
        self.solved = 0

    def try_all(self) -> None:
        """Leaves in doubt whom it can; what that is stands in the doubts."""
        for number, theirs in enumerate(self._theirs):
            of_group = self._core.copies.groups[theirs]
            for group in np.unique(of_group):
                self._turned(number, theirs[of_group == group])
        for component in self._core.components:
            self._flows(component)
        self._parts()
        self._rests()
        self._near()

    def _flows(self, part: Component) -> None:
        """First for nearly all readers at once, then around those who are left as far as can be, then for each."""
        doubts, cells = self._doubts, part.cells
        part.keep(np.zeros(len(self._core.unseen), dtype=bool))
        knows = doubts.who_knows(cells)

        def dear(asked: Sequence[Side]) -> np.ndarray:
            prices = np.ones(len(cells))
            for side in asked:
                for number in doubts.undecided(int(cells[side.number]), side.way).tolist():
                    prices[knows[number]] = DEAR
            return prices

        nearly_all = int(NEARLY_ALL * len(doubts.readers)) + 1
        self._ask(part, doubts.sides(cells, least=nearly_all), partial(self._of_many, part, nearly_all))
        for _ in range(DETOURS):
            self._ask(part, doubts.sides(cells), partial(self._of_many, part, 1), prices=dear)
        for number in self._chance.permutation(len(doubts.readers)).tolist():
            pending = partial(self._of_one, part, number)
            self._ask(part, doubts.sides(cells, number), pending, still=doubts.readers[number].knows)
        self.solved += part.forget()

    def _of_many(self, part: Component, least: int, side: Side) -> bool:
        return len(self._doubts.undecided(int(part.cells[side.number]), side.way)) >= least

    def _of_one(self, part: Component, number: int, side: Side) -> bool:
        return number in self._doubts.undecided(int(part.cells[side.number]), side.way)

    def _ask(
        self,
        part: Component,
        sides: Sequence[Side],
        pending: Callable[[Side], bool],
        still: np.ndarray | None = None,
        prices: Callable[[Sequence[Side]], np.ndarray] | None = None,
    ) -> None:
        mixed = [sides[one] for one in self._chance.permutation(len(sides)).tolist()]
        at_once = AT_ONCE if prices is None else FEW_AT_ONCE
        for _, found in least_flows(part, mixed, pending, still, prices, at_once):
            for flow in found or ():
                self._learn(flow)

    def _learn(self, flow: Flow) -> None:
        """Learns of totals from a flow of the core; what it tells of their parts comes later (``_parts``)."""
        knowing = self._doubts.knowing(flow.numbers)
        for cell, moved in zip(flow.numbers.tolist(), flow.moved.tolist(), strict=True):
            if moved > 0 and self._is_whole[cell]:
                self._raising.setdefault(cell, []).append((moved, flow, knowing))
        if self._doubts.helped(flow.numbers, flow.moved, knowing).any():
            self._doubts.learn(self._beside(flow, 0, knowing))

    def _beside(self, flow: Flow, turn: int, knowing: np.ndarray, beside: np.ndarray = NOTHING) -> Flow:
        """A flow of the core with what it moves in closed breakdowns: of who knows cells of it, and of the parts
        ``beside`` (by place in the copies), all lies in one part."""
        groups = self._core.turn.groups_of(flow.numbers)
        theirs = [beside, *(self._theirs[one] for one in knowing.tolist())]
        owned = np.unique(np.concatenate(theirs))
        groups = np.union1d(groups, self._core.copies.groups[beside])
        return self._core.turn.beside(flow, turn, owned[np.isin(self._core.copies.groups[owned], groups)])

    def _turned(self, number: int, owned: np.ndarray) -> None:
        """All totals as they are: all of what a reader knows of a breakdown in one part, if others learn from that."""
        nothing, turn, knowing = Flow(np.zeros(0, dtype=np.int64), np.zeros(0)), self._core.turn, np.array([number])
        copies, counts = self._core.copies, self._core.table.counts
        there = counts[copies.wholes[owned]] - counts[copies.parts[owned]]
        helped = owned[self._doubts.helped(copies.parts[owned], there, knowing)]
        for one in range(turn.turns):
            if turn.has_turn(helped, one).any():
                self._doubts.learn(turn.beside(nothing, one, owned))

    def _by_flow(self, raising: list[tuple[float, Flow, np.ndarray]]) -> tuple[np.ndarray, list[Flow], np.ndarray]:
        """How far each flow takes a total, the flows, and by flow and reader whether he knows a cell of it."""
        knows = np.zeros((len(raising), len(self._theirs)), dtype=bool)
        for number, (_, _, knowing) in enumerate(raising):
            knows[number, knowing] = True
        return np.array([moved for moved, _, _ in raising]), [flow for _, flow, _ in raising], knows

    def _parts(self) -> None:
        """Parts of closed breakdowns go up with their total: by the flow that helps most readers who are left."""
        doubts, copies, counts = self._doubts, self._core.copies, self._core.table.counts
        raising = {whole: self._by_flow(found) for whole, found in self._raising.items()}
        for side in doubts.sides(copies.parts):
            part, whole, turn = copies.parts[side.number], copies.wholes[side.number], int(copies.turns[side.number])
            least = counts[part] + side.need - counts[whole] - TOLERANCE
            if side.way < 0 or int(whole) not in raising:
                continue
            moved, flows, knows = raising[int(whole)]
            left = doubts.undecided(int(part), side.way)
            while len(left):
                helped = (moved >= least) * (~knows[:, left]).sum(axis=1)
                best = int(np.argmax(helped))
                if not helped[best]:
                    break
                doubts.learn(self._beside(flows[best], turn, np.flatnonzero(knows[best])))
                before, left = left, doubts.undecided(int(part), side.way)
                if len(left) == len(before):
                    break

    def _rests(self) -> None:
        """What is left of closed breakdowns, most of it rests of several parts: by a least flow of one of the totals
        that take it on."""
        unseen = np.flatnonzero(self._core.unseen & ~self._core.cells)
        for side in self._doubts.sides(unseen):
            cell = int(unseen[side.number])
            for aim in aims(self._core, cell, side.way):
                for push in aim.pushes(side.need):
                    asked = self._core.in_component(push)
                    if asked is not None and len(self._doubts.undecided(cell, side.way)):
                        part, here = asked
                        self._in_halves(cell, side.way, partial(self._pushed, part, here, aim))
                        self.solved += part.forget()

    def _pushed(self, part: Component, push: Side, aim: Aim, still: np.ndarray) -> list[Flow] | None:
        flows = part.least([push], still)
        if flows is None:
            return None
        return [self._beside(one, aim.turn, self._doubts.knowing(one.numbers), aim.parts) for one in flows]

    def _near(self) -> None:
        """What is left gets least flows of its own, each among what is near to it."""
        doubts, everything = self._doubts, self._core.everything
        everything.keep(np.zeros(len(self._core.unseen), dtype=bool))
        for side in doubts.sides(everything.cells):
            cell = int(everything.cells[side.number])
            if not len(doubts.undecided(cell, side.way)):
                continue
            free, flows = everything.flows_near(side.number, SURROUNDINGS)
            here = side._replace(number=int(np.searchsorted(free, side.number)))
            self._in_halves(cell, side.way, partial(self._among, flows, everything.cells[free], here))
            self.solved += flows.solved

    @staticmethod
    def _among(flows: Flows, cells: np.ndarray, side: Side, still: np.ndarray) -> list[Flow] | None:
        found = flows.least([side], still[cells], np.ones(len(cells)))
        return None if found is None else [Flow(cells[flow.numbers], flow.moved) for flow in found]

    def _in_halves(self, cell: int, way: int, ask: Callable[[np.ndarray], list[Flow] | None]) -> None:
        """Asks for flows in which nothing moves (``still``) that nearly all readers who are left know, then for all who
        are left, for half of them, and so on."""
        left = self._doubts.undecided(cell, way)
        waiting = [left] if 2 * len(left) < len(self._theirs) else [left, NOTHING]
        while waiting:
            asked = waiting.pop()
            kept = np.intersect1d(asked, self._doubts.undecided(cell, way))
            if len(asked) and not len(kept):
                continue
            still = np.zeros(len(self._core.unseen), dtype=bool)
            for reader in kept.tolist():
                still |= self._doubts.readers[reader].knows
            found = ask(still)
            for flow in found or ():
                self._doubts.learn(flow)
            if found is None and not len(kept):
                break
            if found is None and len(kept) > 1:
                waiting += [kept[: len(kept) // 2], kept[len(kept) // 2 :]]
