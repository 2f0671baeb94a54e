"""One linear program, kept warm: the cheapest deviation that lets a cell go as far as it must.

    minimise   sum of cost_i (plus_i + minus_i)
    subject to matrix (plus - minus) = 0,  plus_p = reach (or minus_p = reach),
               0 <= plus_i <= up_i,  0 <= minus_i <= down_i

A solution is a table that a reader cannot exclude, if the cells in which it differs from the true one are hidden. Put
here how HiGHS is called and how far its answer is trusted; what costs what is the business of the caller.

Tolerance: an answer is cleaned (movements below ``DUST`` are dropped, whole numbers within ``DUST`` restored) and then
checked: every sum within ``EXACT`` times the largest movement, every cell within its bounds. In tables of whole numbers
this is as good as exact. What fails the check counts as no answer, so nothing is called protected that is not.
"""

import highspy
import numpy as np

from jos_pipeline.suppressor.problem import Problem, Side

DUST = 1e-7
EXACT = 1e-9


Movement = tuple[np.ndarray, np.ndarray]
"""Cells that move, and by how much."""


class Flow:
    """The linear program over some cells; all other cells keep their true counts."""

    def __init__(self, problem: Problem, cells: np.ndarray) -> None:
        """Builds the program; ``cells`` is sorted."""
        self.cells = cells
        self._up, self._down = problem.up[cells], problem.down[cells]
        self._size = len(cells)
        sums, self._column, self._value = problem.terms(cells)
        self._rows, self._row = np.unique(sums, return_inverse=True)
        self._highs = quiet_highs()
        self._highs.passModel(self._model())
        self._passed = [np.zeros(2 * self._size) for _ in range(3)]

    def cheapest(self, side: Side, price: np.ndarray, blocked: np.ndarray) -> Movement | None:
        """The cheapest flow that takes the cell to its side; None if there is none, or the cell is not among these.

        ``price`` is what it costs, by cell of the problem, to move a cell as far as the side asks or as it can if that
        is less; ``blocked`` cells keep their counts.
        """
        target = int(np.searchsorted(self.cells, side.cell))
        if target == self._size or self.cells[target] != side.cell:
            return None
        up, down = self._room(blocked)
        local = price[self.cells]
        cost = np.concatenate([_price_of(local, up, side.reach), _price_of(local, down, side.reach)])
        lower, upper = np.zeros(2 * self._size), np.concatenate([up, down])
        moving, still = (target, target + self._size) if side.sign > 0 else (target + self._size, target)
        lower[moving], upper[moving], upper[still], cost[moving] = side.reach, side.reach, 0.0, 0.0
        moved = self._solved(lower, upper, cost)
        return None if moved is None else self._checked(moved, up, down)

    def farthest(self, wanted_up: np.ndarray, wanted_down: np.ndarray, blocked: np.ndarray) -> Movement | None:
        """A flow that takes many cells to a side at once: what is wanted, by cell, as nearly as all can have it."""
        up, down = self._room(blocked)
        rise, fall = wanted_up[self.cells], wanted_down[self.cells]
        upper = np.concatenate(
            [np.where(rise > 0, np.minimum(rise, up), up), np.where(fall > 0, np.minimum(fall, down), down)]
        )
        wanted = np.concatenate([rise, fall])
        cost = np.where(wanted > 0, -1.0 / np.maximum(wanted, 1.0), 1e-4)
        moved = self._solved(np.zeros(2 * self._size), upper, cost)
        return None if moved is None else self._checked(moved, up, down)

    def multipliers(self, side: Side, share: np.ndarray) -> Movement | None:
        """What bounds a side when cells can move by a share of their room only: rows of the matrix and their duals."""
        target = int(np.searchsorted(self.cells, side.cell))
        local = share[self.cells]
        with np.errstate(invalid="ignore"):
            upper = [np.where(local > 0, room * local, 0.0) for room in (self._up, self._down)]
        cost = np.zeros(2 * self._size)
        cost[[target, target + self._size]] = -side.sign, side.sign
        if self._solved(np.zeros(2 * self._size), np.concatenate(upper), cost) is None:
            return None
        dual = np.asarray(self._highs.getSolution().row_dual)
        whole = np.rint(dual)
        dual = np.where(np.abs(dual - whole) < DUST, whole, dual)
        some = np.flatnonzero(dual)
        return self._rows[some], dual[some]

    def _model(self) -> highspy.HighsLp:
        size, rows = self._size, len(self._rows)
        ends = np.searchsorted(self._column, np.arange(size + 1))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = 2 * size, rows
        nothing = np.zeros(2 * size)
        lp.col_cost_ = lp.col_lower_ = lp.col_upper_ = nothing
        lp.row_lower_ = lp.row_upper_ = np.zeros(rows)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.concatenate([ends, ends[1:] + ends[-1]]).astype(np.int32)
        lp.a_matrix_.index_ = np.concatenate([self._row, self._row]).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate([self._value, -self._value])
        return lp

    def _room(self, blocked: np.ndarray) -> Movement:
        closed = blocked[self.cells]
        return np.where(closed, 0.0, self._up), np.where(closed, 0.0, self._down)

    def _solved(self, lower: np.ndarray, upper: np.ndarray, cost: np.ndarray) -> np.ndarray | None:
        highs = self._highs
        of_bounds = (lower != self._passed[0]) | (upper != self._passed[1])
        of_cost = cost != self._passed[2]
        self._passed = [lower, upper, cost]
        some = np.flatnonzero(of_bounds).astype(np.int32)  # to pass all of them takes longer than most programs
        highs.changeColsBounds(len(some), some, lower[some], upper[some])
        some = np.flatnonzero(of_cost).astype(np.int32)
        highs.changeColsCost(len(some), some, cost[some])
        highs.clearSolver()  # nothing moves: for another cell that is nearer than where the last one's flow went
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        value = np.asarray(highs.getSolution().col_value)
        moved: np.ndarray = value[: self._size] - value[self._size :]
        return moved

    def _checked(self, moved: np.ndarray, up: np.ndarray, down: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
        whole = np.rint(moved)
        for candidate in (
            np.where(np.abs(moved - whole) < DUST, whole, moved),
            np.where(np.abs(moved) < DUST, 0, moved),
        ):
            cleaned = np.clip(candidate, -down, up)
            scale = max(1.0, float(np.abs(cleaned).max(initial=0.0)))
            sums = np.bincount(self._row, self._value * cleaned[self._column], len(self._rows))
            if np.abs(sums).max(initial=0.0) <= min(EXACT * scale, DUST):
                some = np.flatnonzero(cleaned)
                return self.cells[some], cleaned[some]
        return None


def _price_of(price: np.ndarray, room: np.ndarray, reach: float) -> np.ndarray:
    """The price of ``reach`` steps, for one: so the cost of most cells is the same for every side."""
    return np.where(room < reach, price * reach / np.maximum(room, DUST), price)


class _Quiet(highspy.Highs):  # type: ignore[misc]
    """HiGHS without a word on standard output: it greets when callbacks are enabled, before options can be set."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the name is HiGHS's
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


def quiet_highs() -> highspy.Highs:
    highs = _Quiet()
    options = {
        "threads": 1,
        "random_seed": 1,
        "presolve": "off",
        "solver": "simplex",
        "simplex_scale_strategy": 0,
        "primal_feasibility_tolerance": EXACT,
    }
    for option, value in options.items():
        highs.setOptionValue(option, value)
    return highs
