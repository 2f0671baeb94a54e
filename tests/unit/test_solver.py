"""What the solver says of a part of a system holds in all of it; what it calls the lowest value is the lowest."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from jos_pipeline.auditor.solver import Restart, Solver
from jos_pipeline.auditor.system import System

NOTHING = 1e-6


def differences(dice: np.random.Generator) -> System:
    """How a table of three dimensions may differ from itself when its margins stay as they are: not always by a corner
    in whole numbers. Some cells are seen."""
    shape = (3, 3, 3)
    counts = dice.integers(0, 4, shape)
    number = np.arange(counts.size).reshape(shape)
    lines = [line for axis in range(3) for line in np.moveaxis(number, axis, -1).reshape(-1, 3)]
    matrix = np.zeros((len(lines), counts.size))
    for row, line in enumerate(lines):
        matrix[row, line] = 1.0
    seen = dice.random(counts.size) < 0.2
    low = np.where(seen, 0.0, -counts.ravel())
    nothing = np.zeros(len(lines))
    high = np.where(seen, 0.0, 6.0 - counts.ravel())
    return System(csr_array(matrix), nothing, nothing, low, high, np.ones(counts.size, dtype=bool))


def fits(system: System, point: np.ndarray) -> bool:
    inside = (point >= system.low - NOTHING) & (point <= system.high + NOTHING)
    whole = np.abs(point - np.rint(point)) <= NOTHING
    return bool(inside.all() and whole.all() and np.abs(system.matrix @ point).max() <= NOTHING)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**9), many=st.sampled_from([1, 6, 100]))
def test_what_is_near_bounds_what_is_so_from_both_sides(seed: int, many: int):
    dice = np.random.default_rng(seed)
    system = differences(dice)
    cost = np.zeros(system.width)
    cell = int(dice.integers(system.width))
    cost[cell] = dice.choice([-1.0, 1.0])
    solver = Solver(system, Restart.OTHER_BOUNDS)
    lowest = solver.lowest(cost)
    assert lowest is not None
    around = solver.around(np.array([cell]), np.zeros(system.width), cost, many)
    assert around.point is not None
    assert fits(system, around.point)
    assert around.value == pytest.approx(cost @ around.point)
    assert solver.beyond(np.array([cell]), cost, many) <= lowest.value + NOTHING
    assert around.value >= lowest.value - NOTHING


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**9))
def test_what_was_mended_fits_and_is_called_the_best_only_when_it_is(seed: int):
    dice = np.random.default_rng(seed)
    system = differences(dice)
    cost = dice.choice([0.0, 0.0, 1.0, -1.0, 0.5], size=system.width)
    solver = Solver(system, Restart.OTHER_BOUNDS)
    lowest, near = solver.lowest(cost), solver.near(cost)
    assert lowest is not None
    assert near is not None
    if near.point is not None:
        assert fits(system, near.point)
        assert near.value == pytest.approx(cost @ near.point)
    assert (near.value <= lowest.value + NOTHING) or not near.best
    soon = solver.soon(cost)
    assert soon is not None
    assert soon.value == pytest.approx(lowest.value)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10**9))
def test_a_program_that_begins_anew_ends_as_low_as_one_that_goes_on(seed: int):
    dice = np.random.default_rng(seed)
    system = differences(dice)
    going_on, by_turns = (Solver(system, Restart.OTHER_COST) for _ in range(2))
    for turn in range(6):
        cost = dice.normal(size=system.width)
        expected = going_on.linear(cost)
        found = by_turns.afresh(cost) if turn % 2 else by_turns.linear(cost)
        assert expected is not None
        assert found is not None
        assert found.value == pytest.approx(expected.value, abs=NOTHING)
