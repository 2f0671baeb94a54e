"""HiGHS on one system: the lowest value of a sum, over and over, each time from where the last one ended.

The only module of the auditor that knows HiGHS. What is asked, and what the answers mean, is told elsewhere.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import highspy
import numpy as np
from scipy.sparse import csr_array

from jos_pipeline.auditor.system import AuditError, System

_WHOLE = 1e-6
"""A number this near to a whole one is that one."""
NODES, SECONDS = 500, 60.0
"""When an integer program is broken off, where the caller can do with less than the best: at so many nodes, so that the
same table gives the same answer on every machine; after so many seconds only if these are slow beyond measure."""
FEW_NODES = 10
"""At so many nodes where another program may do as well."""
NEAR, FURTHER = 1_000, 16
"""So many unknowns around some are free, at least, where the rest stays as it is; where that was not enough, so many
times as many."""


class Restart(IntEnum):
    """What makes the next program start near the end of the last one (numbers of HiGHS)."""

    OTHER_COST = 4
    """The cost changes: the last point still fits (primal simplex)."""
    OTHER_BOUNDS = 1
    """Bounds change: the last prices still hold (dual simplex)."""


@dataclass(frozen=True)
class Answer:
    """The lowest value, and the point that has it; no point when there is no lowest value (-inf)."""

    value: float
    point: np.ndarray | None
    best: bool = True
    """Whether there is surely no lower value; not where an integer program was broken off."""


class Solver:
    """Asks one system for the lowest value of a sum. Remembers how many programs it solved (``solved``)."""

    def __init__(self, system: System, restart: Restart) -> None:
        self._restart = restart
        self.system = system
        self.solved = 0
        self._low, self._high = system.low.copy(), system.high.copy()
        self._narrowed = np.zeros(0, dtype=np.int32)
        self._engines: dict[bool, highspy.Highs] = {}

    def narrow(self, columns: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
        """Gives unknowns other bounds, until the next call: then they get their own back."""
        back, system = self._narrowed, self.system
        self._low[back], self._high[back] = system.low[back], system.high[back]
        self._low[columns], self._high[columns] = low, high
        if self._engines:
            changed = np.union1d(back, columns).astype(np.int32)
            for engine in self._engines.values():
                engine.changeColsBounds(len(changed), changed, self._low[changed], self._high[changed])
        self._narrowed = columns.astype(np.int32)

    def linear(self, cost: np.ndarray) -> Answer | None:
        """The lowest value of the sum cost x unknown, whole or not. None when no point fits."""
        return self._solved(self._engine(whole=False), cost)

    def afresh(self, cost: np.ndarray) -> Answer | None:
        """As ``linear``, but not from where the last one ended."""
        engine = self._engine(whole=False)
        engine.clearSolver()
        engine.setOptionValue("simplex_strategy", int(Restart.OTHER_BOUNDS))
        answer = self.linear(cost)
        engine.setOptionValue("simplex_strategy", int(self._restart))
        return answer

    def from_rest(self, cost: np.ndarray) -> Answer | None:
        """As ``linear``, but beginning where every unknown is 0 and every sum too, if that fits but for a few bounds:
        where little must differ from that it takes few steps. ``cost`` is nowhere below 0."""
        engine = self._engine(whole=False)
        for name, value in _FEW_STEPS.items():
            engine.setOptionValue(name, value)
        engine.clearSolver()
        return self.linear(cost)

    def lowest(self, cost: np.ndarray) -> Answer | None:
        """The lowest value of the sum, with whole numbers for what is whole. None when no point fits."""
        answer = self.linear(cost)
        if answer is None or answer.point is None or self.is_whole(answer.point):
            return answer
        return self._solved(self._engine(whole=True), cost)

    def soon(self, cost: np.ndarray) -> Answer | None:
        """As ``lowest``, but an integer program that takes long is broken off: then the lowest value found, and no
        point where none was found. None when no point fits."""
        answer = self.near(cost)
        if answer is None or answer.best:
            return answer
        return self.in_whole_numbers(cost)

    def near(self, cost: np.ndarray, *, patient: bool = True) -> Answer | None:
        """A low value of the sum, with whole numbers for what is whole: the lowest with fractions, mended where these
        are. Without a point where that did not succeed; with ``patient`` that is tried longer. None when no point
        fits."""
        answer = self.linear(cost)
        if answer is None or answer.point is None or self.is_whole(answer.point):
            return answer
        broken = np.flatnonzero(self.system.whole & (np.abs(answer.point - np.round(answer.point)) > _WHOLE))
        mended = self.around(broken, answer.point, cost)
        if mended.point is None:
            mended = self.around(broken, answer.point, cost, FURTHER * NEAR, NODES if patient else FEW_NODES)
        if mended.point is None:
            return mended
        (priced,) = np.nonzero(cost)
        step = np.abs(cost[priced[0]]) if len(priced) == 1 and self.system.whole[priced[0]] else 0.0
        lowest = np.ceil(answer.value / step - _WHOLE) * step if step else answer.value
        return Answer(mended.value, mended.point, best=mended.value <= lowest + _WHOLE)

    def around(
        self, columns: np.ndarray, point: np.ndarray, cost: np.ndarray, many: int = NEAR, nodes: int = NODES
    ) -> Answer:
        """A low value of the sum when only what is near to these unknowns may differ from the point; without a point
        where none was found."""
        return self.among(self.beside(columns, many), point, cost, nodes)

    def among(self, free: np.ndarray, point: np.ndarray, cost: np.ndarray, nodes: int = NODES) -> Answer:
        """As ``around``, when only these unknowns may differ from the point."""
        kept = np.where(self.system.whole, np.round(point), point)
        kept[free] = 0.0
        local = self._part(free, np.unique(self._by_column[free].indices), kept)
        answer = local.linear(cost[free])
        if answer is not None and answer.point is not None and not local.is_whole(answer.point):
            answer = local.in_whole_numbers(cost[free], nodes)
        self.solved += local.solved
        if answer is None or answer.point is None:
            return Answer(np.inf, None, best=False)
        kept[free] = answer.point
        return Answer(float(cost @ kept), kept, best=False)

    def beyond(self, columns: np.ndarray, cost: np.ndarray, many: int = NEAR) -> float:
        """What the sum is surely not below, by what is near to these unknowns; ``cost`` is about these only. Often that
        is enough to know, and it is much cheaper than ``lowest``."""
        free = self.beside(columns, many)
        elsewhere = self._low < self._high
        kept = np.where(elsewhere, 0.0, self._low)
        elsewhere[free] = False
        sums = np.unique(self._by_column[free].indices)
        among = sums[self._pattern[sums] @ elsewhere.astype(float) == 0]
        local = self._part(free, among, kept)
        answer = local.linear(cost[free])
        self.solved += local.solved
        return np.inf if answer is None else answer.value

    def surroundings(self, free: np.ndarray) -> System:
        """The system of these unknowns when all others are 0, as the sums are."""
        terms = csr_array(self._by_column[free].T)
        sums = np.flatnonzero(np.diff(terms.indptr))
        low, high, whole = self.system.low[free], self.system.high[free], self.system.whole[free]
        return System(csr_array(terms[sums]), np.zeros(len(sums)), np.zeros(len(sums)), low, high, whole)

    def _part(self, free: np.ndarray, sums: np.ndarray, kept: np.ndarray) -> "Solver":
        """These sums of these unknowns, for which ``kept`` is 0, when the others are as in ``kept``."""
        system = self.system
        rows = csr_array(system.matrix[sums])
        there = rows @ kept
        low, high = system.row_low[sums] - there, system.row_high[sums] - there
        matrix = csr_array(rows[:, free])
        part = System(matrix, low, high, self._low[free], self._high[free], system.whole[free])
        return Solver(part, self._restart)

    @cached_property
    def _pattern(self) -> csr_array:
        return csr_array(abs(self.system.matrix))

    def in_whole_numbers(self, cost: np.ndarray, nodes: int = NODES) -> Answer | None:
        """``soon``, by an integer program at once."""
        return self._solved(self._engine(whole=True), cost, nodes)

    def beside(self, columns: np.ndarray, many: int) -> np.ndarray:
        """These and the nearest other unknowns that are not fixed, some ``many`` of them: near is what shares a sum."""
        taken = np.zeros(self.system.width, dtype=bool)
        taken[columns] = True
        border, most = columns, many + 2 * len(columns)
        while len(border) and taken.sum() < most:
            sums = np.unique(self._by_column[border].indices)
            others = np.unique(self.system.matrix[sums].indices)
            border = others[~taken[others] & (self._low[others] < self._high[others])]
            taken[border] = True
        return np.flatnonzero(taken)

    @cached_property
    def _by_column(self) -> csr_array:
        return csr_array(self.system.matrix.T)

    def is_whole(self, point: np.ndarray) -> bool:
        """Whether what must be whole is whole."""
        of_whole = point[self.system.whole]
        return bool(np.all(np.abs(of_whole - np.round(of_whole)) <= _WHOLE))

    def _engine(self, *, whole: bool) -> highspy.Highs:
        if whole not in self._engines:
            engine = _engine(self.system, self._low, self._high, whole=whole)
            engine.setOptionValue("simplex_strategy", int(self._restart))
            self._engines[whole] = engine
        return self._engines[whole]

    def _solved(self, engine: highspy.Highs, cost: np.ndarray, nodes: int | None = None) -> Answer | None:
        columns = np.arange(self.system.width, dtype=np.int32)
        engine.changeColsCost(len(columns), columns, cost.astype(float))
        self.solved += 1
        if nodes is not None:
            engine.setOptionValue("mip_max_nodes", nodes)
            engine.setOptionValue("time_limit", engine.getRunTime() + SECONDS)
        engine.run()
        if engine.getModelStatus() in _BROKEN_OFF:
            return _broken_off(engine)
        if engine.getModelStatus() not in _CLEAR:
            engine.clearSolver()
            engine.setOptionValue("presolve", "off")
            engine.run()
        status = engine.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status in _ENDLESS:
            return Answer(-np.inf, None)
        if status != highspy.HighsModelStatus.kOptimal:
            raise AuditError(f"the audit could not be finished: the solver stopped with {status.name}")
        return Answer(engine.getInfo().objective_function_value, np.array(engine.getSolution().col_value))


def _broken_off(engine: highspy.Highs) -> Answer:
    found = engine.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    point = np.array(engine.getSolution().col_value) if found else None
    return Answer(engine.getInfo().objective_function_value if found else np.inf, point, best=False)


_FEW_STEPS: dict[str, str | float] = {"presolve": "off", "dual_simplex_cost_perturbation_multiplier": 0.0}
"""To make a program smaller takes longer than to solve it; and of equal prices none is to be more equal."""
_BROKEN_OFF = (highspy.HighsModelStatus.kTimeLimit, highspy.HighsModelStatus.kSolutionLimit)
_ENDLESS = (highspy.HighsModelStatus.kUnbounded,)
_CLEAR = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible, *_ENDLESS)


class _Silent(highspy.Highs):  # type: ignore[misc] # the library has no types
    """Says nothing on standard output: HiGHS greets while it is made, before anybody can set an option."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the name is HiGHS's
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


def _engine(system: System, low: np.ndarray, high: np.ndarray, *, whole: bool) -> highspy.Highs:
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = system.matrix.shape
    model.col_cost_ = np.zeros(system.width)
    model.col_lower_, model.col_upper_ = low, high
    model.row_lower_, model.row_upper_ = system.row_low, system.row_high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = system.matrix.indptr.astype(np.int32)
    model.a_matrix_.index_ = system.matrix.indices.astype(np.int32)
    model.a_matrix_.value_ = system.matrix.data.astype(float)
    if whole:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(one)] for one in system.whole]
    engine = _Silent()
    engine.setOptionValue("threads", 1)
    engine.setOptionValue("mip_rel_gap", 0.0)
    engine.passModel(model)
    return engine
