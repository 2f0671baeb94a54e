"""Whether every hidden sensitive cell can go as far as it must, for the largest tables (spec 3.2.4).

The same question as ``audit`` asks, answered with few programs instead of one for every side:

- a program with random prices gives a world in which very many cells are far away at once (``worlds``);
- a breakdown of which nothing is shown is a copy of its total: in another world all may lie in one category, so that
  only totals and what is partly shown need programs. Each such world is checked, never assumed;
- what no world has reached gets least flows (``flows``), a few sides at a time, and at last a program of its own; the
  answer for one side is exact.

For readers who own cells (a school its own) the same is asked with these fixed, of many of them ``together`` first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

import numpy as np
import polars as pl

from jos_pipeline.auditor.aims import Aim, aims
from jos_pipeline.auditor.audit import exposures_of, unseen_by_reader, whole_cells
from jos_pipeline.auditor.components import Component, least_flows
from jos_pipeline.auditor.core import Core
from jos_pipeline.auditor.doubts import Doubts
from jos_pipeline.auditor.flows import Flow, Side
from jos_pipeline.auditor.insiders import KNOWN, Insider, ends_known_by
from jos_pipeline.auditor.solver import NEAR
from jos_pipeline.auditor.system import TOLERANCE
from jos_pipeline.auditor.together import Together
from jos_pipeline.auditor.worlds import SIDES, Copies, Worlds
from jos_pipeline.cells import CellTable

STEEP = 3
"""Prices are a random number to this power: a few cells matter much in each program, and others in the next."""
FEW = 12
"""With fewer sides left each gets a program of its own."""
SWEEPS = 3
"""For so many points every turn is tried, for others only those that help a part."""
ABOVE_ALL = 4.0
"""The price of the one cell that a program is for, where others have a random one of at most 1."""
UPWARD = 0.75
"""Of the cells that must go both up and down, the share that is asked to go up: most are small, and up is farther."""
WORTH_IT = 30
"""A program for many sides is worth its time where it settles one in so many of those that are left."""
FEW_READERS = 30
"""So many owners are tried one by one, more of them together first."""
TIRED = 4
"""After so many programs in a row that taught little, too."""
FURTHER_OFF = 4 * NEAR
"""Of so many cells around one outside the core it is asked at last how far it goes; where all that is not seen is not
much more than that, of all."""


@dataclass(frozen=True)
class Reach:
    """What was found. ``exposures`` holds values: for internal use only."""

    exposures: pl.DataFrame
    """Every sensitive cell that somebody can tell too much of: ``audit.EXPOSURES``. Ends are where it can go at least;
    for a part of a closed breakdown only its need was tried. ``sure``: no world takes it as far as it must go; of
    others none was found."""
    attackers: int
    """Owners and other insiders whose knowledge was tried."""
    copied: np.ndarray
    """By cell whether it is part of a closed breakdown or a rest tied to one: no program was needed for it."""
    solved: int
    seen: np.ndarray
    """By cell how far apart the least and the most are that any table found gives it, for readers who own nothing: its
    interval is at least as wide."""

    @property
    def passed(self) -> bool:
        """Whether nobody can tell too much of any cell."""
        return self.exposures.is_empty()


def reach(
    table: CellTable,
    hidden: np.ndarray,
    copies: Copies | None = None,
    *,
    insiders: bool = False,
    others: Sequence[Insider] = (),
    share: float = 1.0,
    integer: bool = False,
    known: pl.DataFrame | None = None,
    reached: np.ndarray | None = None,
    exact: bool = False,
    seed: int = 0,
) -> Reach:
    """What can be told of the sensitive cells of a table of which ``hidden`` (by cell) is not shown.

    Closed cells are never shown and open ones always are, whatever ``hidden`` says. With ``insiders`` every owner is
    also a reader who knows his own cells: tried for sensitive cells of other owners, of which he must be left ``share``
    of what every reader is; ``others`` are tried in the same way. With ``integer`` readers know that counts are whole,
    where all that hang together are; an integer program that takes long is broken off, and what it was for then counts
    as out of reach. ``known`` (``KNOWN``) tells between which ends a cell is known to lie anyway: it needs to go no
    further. ``reached``: of these cells an earlier answer, with no more hidden than here, says that nobody can tell
    too much by what is shown: only insiders are tried for them. With ``exact`` only that is ``sure`` of which the ends
    were found. Raises AuditError when it could not be finished, ValueError when ``hidden`` does not fit.
    """
    unseen = unseen_by_reader(table, hidden)
    owners = table.cells.get_column("owner")
    names = owners.drop_nulls().unique().sort().to_list() if insiders else []
    owned = owners.is_not_null().to_numpy()
    own = ((name, (owners == name).fill_null(value=False).to_numpy()) for name in names)
    tried = [*(Insider(name, his, owned & ~his) for name, his in own), *others]
    everybody = Worlds(table, unseen, whole_cells(table) if integer else None)
    many = len(names) > FEW_READERS and not exact
    core = Core(table, everybody, copies or Copies.none(), () if many else tried)
    search = _Search(core, np.random.default_rng(seed), exact=exact)
    known = pl.DataFrame(schema=KNOWN) if known is None else known
    everybody.narrowed(*ends_known_by(known, None))
    if reached is not None:
        everybody.reached(reached)
    shown = np.setdiff1d(
        np.flatnonzero(table.sensitive & ~unseen), ends_known_by(known.filter(pl.col("low") == pl.col("high")), None)[0]
    ).tolist()
    found: list[tuple[int, float, float, bool, str | None]] = [
        (cell, float(table.counts[cell]), float(table.counts[cell]), True, None) for cell in shown
    ]
    found += [(*one, None) for one in search.short(everybody)]
    if tried:
        doubts = Doubts(everybody, tried, share, known)
        if many:
            search.try_together(doubts)
        for number, one in enumerate(tried):
            found += [(*short, one.name) for short in search.short(doubts.of(number), sweeps=not many)]
    told = exposures_of(table, [(cell, low, high, attacker) for cell, low, high, _, attacker in found])
    return Reach(
        exposures=told.with_columns(sure=pl.Series([sure for *_, sure, _ in found], dtype=pl.Boolean)),
        attackers=len(tried),
        copied=unseen & ~core.cells,
        solved=search.solved,
        seen=everybody.highest - everybody.lowest,
    )


class _Search:
    """One table: what copies need no program, and the programs for the rest, its *core*."""

    def __init__(self, core: Core, chance: np.random.Generator, *, exact: bool) -> None:
        self.solved, self._exact, self._core, self._chance = 0, exact, core, chance
        self._table, self._turn = core.table, core.turn

    def try_together(self, doubts: Doubts) -> None:
        """Leaves as many readers in doubt as can be, many at a time."""
        together = Together(self._core, doubts, self._chance)
        together.try_all()
        self.solved += together.solved

    def short(self, worlds: Worlds, *, sweeps: bool = True) -> list[tuple[int, float, float, bool]]:
        """The cells that do not go as far as they must for somebody (``Worlds.short``); marks what is reached. Without
        ``sweeps`` every side is asked for by itself."""
        parts = [part for part in self._core.components if any(worlds.left[side][part.cells].any() for side in SIDES)]
        for part in parts:
            part.keep(worlds.still)
        self._plain(worlds)
        swept = self._swept_together(parts, worlds) if sweeps else []
        # very many, in each of which very few cells move: of a country they would take gigabytes as points
        flowed = [flows for part in parts for flows in self._flowed(part, worlds)]
        explored = self._together([self._explored(part, worlds) for part in parts])
        nothing = [np.zeros(len(self._core.unseen))]
        self._turned(chain(nothing, swept, map(self._point, flowed), explored), worlds, sweeps=sweeps)
        return list(worlds.short(exact=self._exact))

    def _plain(self, worlds: Worlds) -> None:
        """What single sums say of how far cells can go: where that is not far enough no program is needed."""
        if worlds.many_left(self._core.everything.cells):
            self._core.everything.keep(worlds.still)
            low, high = self._core.everything.plain_ends()
            worlds.cannot(self._core.everything.cells, 1, high)
            worlds.cannot(self._core.everything.cells, -1, -low)

    def _together(self, points: list[list[np.ndarray]]) -> list[np.ndarray]:
        """Components have nothing to do with each other: the first points of all of them are one point."""
        return [np.sum(point, axis=0) for point in zip_longest(*points, fillvalue=np.zeros(len(self._core.unseen)))]

    def _swept_together(self, parts: list[Component], worlds: Worlds) -> list[np.ndarray]:
        """Points of all components at once (``_swept``): to check a world takes as long as many a program."""
        points: list[np.ndarray] = []
        sweeps = [self._swept(part, worlds) for part in parts]
        while found := [(sweep, point) for sweep in sweeps if (point := next(sweep, None)) is not None]:
            sweeps = [sweep for sweep, _ in found]
            points.append(sum((point for _, point in found), start=np.zeros(len(self._core.unseen))))
            if worlds.learn(self._turn.world(points[-1].copy(), len(points), worlds)) < 0:
                for _, point in found:
                    worlds.learn(self._turn.world(point, len(points), worlds))
        return points

    def _flowed(self, part: Component, worlds: Worlds) -> list[Sequence[Flow]]:
        """Flows that take what is left as far as it must with as little else moved as can be; where there are none, the
        cell surely cannot."""
        found: list[Sequence[Flow]] = []
        if self._exact:
            return found
        hopeful = {side: np.flatnonzero(worlds.hopeful(part.cells, side)) for side in SIDES}
        sides = [
            Side(one, way, float(worlds.needs[way][part.cells[one]])) for way in SIDES for one in hopeful[way].tolist()
        ]
        sides = [sides[one] for one in self._chance.permutation(len(sides)).tolist()]

        def pending(side: Side) -> bool:
            return part.has_patience() and worlds.pending(int(part.cells[side.number]), side.way)

        for asked, flows in least_flows(part, sides, pending):
            if flows is None:
                cell, way = part.cells[asked[0].number], asked[0].way
                worlds.cannot(cell, way, worlds.needs[way][cell] - 2 * TOLERANCE)
                continue
            found.append(flows)
            worlds.learn(self._turn.world(self._point(flows), len(found), worlds))
        return found

    def _point(self, flows: Sequence[Flow]) -> np.ndarray:
        point = np.zeros(len(self._core.unseen))
        for flow in flows:
            point[flow.numbers] = flow.moved
        return point

    def _explored(self, part: Component, worlds: Worlds) -> list[np.ndarray]:
        """Points of one component of the core, until every side of it is reached or known not to be."""
        points: list[np.ndarray] = []
        for side in SIDES:
            for number in np.flatnonzero(worlds.left[side][part.cells]).tolist():
                self._nearby(part, number, side, worlds)
                cell = int(part.cells[number])
                if worlds.pending(cell, side, exact=self._exact) and part.has_patience():
                    point, best = part.farthest(number, side, float(worlds.needs[side][cell]))
                    points.append(point)
                    worlds.learn(self._turn.world(point.copy(), len(points), worlds))
                    worlds.cannot(cell, side, side * point[cell] if best else np.inf)
        self.solved += part.forget()
        return points

    def _swept(self, part: Component, worlds: Worlds, least: int = 2) -> Iterator[np.ndarray]:
        """Points in which very many cells are far away at once, as long as that helps more than ``least`` of them, and
        more than one in ``WORTH_IT`` of what is left.

        Each is to be learned from before the next is asked for.
        """
        tired, prices = 0, self._prices(part, worlds)
        while (left := worlds.many_left(part.cells)) > FEW and tired < TIRED:
            yield part.world(prices, self._needs(part, worlds, prices))
            helped = left - worlds.many_left(part.cells) > max(least, left // WORTH_IT)
            tired = 0 if helped else tired + 1
            prices = self._prices(part, worlds, prices if helped and part.in_blocks else None)

    @staticmethod
    def _needs(part: Component, worlds: Worlds, prices: np.ndarray) -> np.ndarray:
        """How far what has a price must go."""
        needs: np.ndarray = np.where(prices < 0, worlds.needs[1][part.cells], worlds.needs[-1][part.cells])
        return needs

    def _prices(self, part: Component, worlds: Worlds, before: np.ndarray | None = None) -> np.ndarray:
        """Random ones for all that must still go up or down; for what must do both, one of these.

        What had a price ``before`` and is not there yet keeps it: then the next program is much like the last one, and
        where few can go far at once others have their turn.
        """
        up, down = (worlds.hopeful(part.cells, side) for side in SIDES)
        ups = up & (~down | (self._chance.random(len(up)) < UPWARD))
        worth = self._chance.random(len(up)) ** STEEP
        prices: np.ndarray = np.where(up | down, worth, 0.0) * np.where(ups, -1.0, 1.0)
        prices /= np.maximum(self._needs(part, worlds, prices), 1.0)
        if before is None:
            return prices
        return np.where(((before < 0) & up) | ((before > 0) & down), before, prices)

    def _nearby(self, part: Component, number: int, side: int, worlds: Worlds) -> None:
        """Asks first what surrounds a cell, of a component that is much larger: where it can go when the rest stays as
        it is, and where it cannot go whatever the rest does."""
        cell, many = int(part.cells[number]), NEAR
        while 2 * many < len(part.cells) and worlds.pending(cell, side, exact=self._exact):
            prices = np.zeros(len(part.cells)) if self._exact else self._prices(part, worlds)
            prices[number] = -side * ABOVE_ALL
            point = part.nearby(number, prices, many)
            for turn in self._turn.helpful(point, worlds) or [0]:
                worlds.learn(self._turn.world(point.copy(), turn, worlds))
            if worlds.left[side][cell]:
                worlds.cannot(cell, side, part.most(number, side, many))
            many *= 4

    def _turned(self, points: Iterable[np.ndarray], worlds: Worlds, *, sweeps: bool) -> None:
        """Worlds in which closed breakdowns lie in one part, for every point that the core was seen in."""
        for number, point in enumerate(points):
            for turn in range(self._turn.turns) if number < SWEEPS else self._turn.helpful(point, worlds):
                worlds.learn(self._turn.world(point.copy(), turn, worlds))
        if worlds.many_left(np.flatnonzero(self._core.unseen & ~self._core.cells)):
            everything = self._core.everything
            everything.keep(worlds.still)
            for point in self._swept(everything, worlds, len(everything.cells) // NEAR) if sweeps else ():
                worlds.learn(point)
            self.solved += everything.forget()
        for side in SIDES:
            for cell in np.flatnonzero(worlds.left[side] & ~self._core.cells).tolist():
                if worlds.pending(cell, side, exact=self._exact):
                    self._in_closed(cell, side, worlds)

    def _in_closed(self, cell: int, side: int, worlds: Worlds) -> None:
        """What is in no core, by itself: the turn that is aimed at it; what is near to it when the rest stays as it is,
        and where it cannot go whatever that does; and what its breakdown leaves when totals stay as they are."""
        everything, few = self._core.everything, len(self._core.everything.cells) <= 4 * FURTHER_OFF
        everything.keep(worlds.still)
        number = int(np.searchsorted(everything.cells, cell))

        def among(free: np.ndarray) -> None:
            worlds.learn(everything.among(free, number, side, float(worlds.needs[side][cell])))

        def pending() -> bool:
            return worlds.pending(cell, side, exact=self._exact)

        for aim in aims(self._core, cell, side):
            if pending():
                self._aim(aim, worlds)
        for many in (NEAR, FURTHER_OFF, *([len(everything.cells)] if few else [])):
            if pending():
                among(everything.beside(number, many))
            if pending():
                worlds.cannot(cell, side, everything.most(number, side, many))
        for free in self._turn.around(cell, self._core.unseen):
            if pending():
                among(np.searchsorted(everything.cells, free))
        self.solved += everything.forget()

    def _pushed(self, aim: Aim, worlds: Worlds) -> bool:
        """What is aimed at goes as far as it must with one total, which moves as little else as it can. Whether it is
        settled: it does, or there is only one total and that cannot."""
        pushes, hopeless = list(aim.pushes(float(worlds.needs[aim.way][aim.cell]))), 0
        for push in pushes:
            asked = self._core.in_component(push)
            if asked is not None and worlds.pending(aim.cell, aim.way):
                part, side = asked
                part.keep(worlds.still)
                flows = part.least([side])
                self.solved += part.forget()
                if flows is not None:
                    worlds.learn(self._turn.world(self._point(flows), aim.turn, worlds))
                else:
                    hopeless += 1
        if hopeless == len(pushes) == 1 and aim.way == 1 and self._core.is_part[aim.cell]:
            worlds.cannot(aim.cell, 1, worlds.needs[1][aim.cell] - 2 * TOLERANCE)
        return hopeless == len(pushes) == 1 or not worlds.pending(aim.cell, aim.way)

    def _aim(self, aim: Aim, worlds: Worlds) -> None:
        if not self._exact and self._pushed(aim, worlds):
            return
        point, surely = np.zeros(len(aim.prices)), True
        for component in self._core.components:
            if aim.prices[component.cells].any():
                component.keep(worlds.still)
                need = float(worlds.needs[aim.way][aim.cell])
                there, best = component.aimed(aim.prices[component.cells], need)
                point, surely = point + there, surely and best
                self.solved += component.forget()
        worlds.learn(self._turn.world(point.copy(), aim.turn, worlds))
        if aim.way == 1 and self._core.is_part[aim.cell] and surely:
            (whole,) = np.flatnonzero(aim.prices)
            worlds.cannot(aim.cell, 1, self._table.counts[whole] + point[whole] - self._table.counts[aim.cell])
