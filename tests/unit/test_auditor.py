"""The audit of a pattern, against enumeration of every table that fits and against plain programs without shortcuts."""

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import jos_pipeline.auditor
from jos_pipeline.auditor.audit import audit
from jos_pipeline.cells import CELLS, RELATIONS, CellTable, State

K = 3
Relation = dict[int, float]


def table(
    counts: list[float],
    relations: list[Relation],
    *,
    upper: list[float] | None = None,
    state: dict[int, State] | None = None,
    owner: dict[int, str] | None = None,
    k: int = K,
) -> CellTable:
    """A table in which counts below k are sensitive: an attacker must be left with 0 and with k."""
    n = range(len(counts))
    small = [count < k for count in counts]
    far = [float(k)] * len(counts) if upper is None else [min(float(k), one) for one in upper]
    cells = pl.DataFrame(
        {
            "cell": list(n),
            "count": [float(count) for count in counts],
            "upper": [None] * len(counts) if upper is None else upper,
            "need_low": [0.0 if one else None for one in small],
            "need_high": [high if one else None for high, one in zip(far, small, strict=True)],
            "weight": [1.0] * len(counts),
            "state": [str((state or {}).get(one, State.FREE)) for one in n],
            "owner": [(owner or {}).get(one) for one in n],
        },
        schema=CELLS,
    )
    terms = [(number, cell, float(c)) for number, one in enumerate(relations) for cell, c in one.items()]
    return CellTable(cells, pl.DataFrame(terms, schema=RELATIONS, orient="row"))


def crossed(inside: np.ndarray) -> tuple[list[float], list[Relation]]:
    """The cells and sums of a table with all its margins, in as many dimensions as ``inside`` has."""
    full = inside
    for axis in range(inside.ndim):
        full = np.concatenate([full, full.sum(axis=axis, keepdims=True)], axis=axis)
    number = np.arange(full.size).reshape(full.shape)
    relations = []
    for axis in range(inside.ndim):
        lines = np.moveaxis(number, axis, -1).reshape(-1, number.shape[axis])
        relations += [dict.fromkeys(line[:-1].tolist(), 1.0) | {int(line[-1]): -1.0} for line in lines]
    return full.ravel().astype(float).tolist(), relations


def pattern(one: CellTable, *hidden: int) -> np.ndarray:
    return np.isin(np.arange(one.cells.height), hidden)


def all_tables(one: CellTable, hidden: np.ndarray) -> Iterator[np.ndarray]:
    """Every table of whole numbers that looks the same to a reader; a cell that ends a sum has one value only."""
    unknown = np.flatnonzero(hidden)
    matrix, constants = one.matrix.toarray(), one.constants
    values, uppers = one.counts.copy(), one.uppers
    last = [np.flatnonzero(row[unknown]).max(initial=-1) for row in matrix]
    closing = [np.flatnonzero(np.array(last) == place) for place in range(len(unknown))]

    def candidates(place: int) -> list[float]:
        cell, rows = unknown[place], closing[place]
        if not len(rows):
            return [float(value) for value in range(int(uppers[cell]) + 1)]
        values[cell] = 0.0
        left = {(constants[row] - matrix[row] @ values) / matrix[row, cell] for row in rows}
        return [value for value in left if len(left) == 1 and 0 <= value <= uppers[cell]]

    def fill(place: int) -> Iterator[np.ndarray]:
        if place == len(unknown):
            yield values.copy()
            return
        for value in candidates(place):
            values[unknown[place]] = value
            yield from fill(place + 1)

    yield from fill(0)


def enumerated(one: CellTable, hidden: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    found = np.array(list(all_tables(one, hidden)))
    return found.min(axis=0), found.max(axis=0)


def by_plain_programs(one: CellTable, hidden: np.ndarray) -> dict[int, tuple[float, float]]:
    """Two programs for every hidden sensitive cell over the whole table, with visible cells fixed."""
    low = np.where(hidden, 0.0, one.counts)
    high = np.where(hidden, one.uppers, one.counts)
    ends = {}
    for cell in np.flatnonzero(hidden & one.sensitive):
        cost = np.zeros(len(low))
        cost[cell] = 1.0
        answers = [
            linprog(sign * cost, A_eq=one.matrix, b_eq=one.constants, bounds=np.column_stack([low, high]))
            for sign in (1, -1)
        ]
        ends[int(cell)] = tuple(
            sign * answer.fun if answer.status == 0 else np.inf for sign, answer in zip((1, -1), answers, strict=True)
        )
    return ends


def test_one_hidden_cell_in_a_sum_is_recovered():
    one = table([1, 9, 10], [{0: 1, 1: 1, 2: -1}])
    found = audit(one, pattern(one, 0))
    assert found.exposures.row(0, named=True) == {
        "cell": 0,
        "low": 1.0,
        "high": 1.0,
        "need_low": 0.0,
        "need_high": 3.0,
        "attacker": None,
        "exact": True,
    }


def test_two_hidden_cells_in_a_sum_hide_each_other():
    one = table([1, 9, 10], [{0: 1, 1: 1, 2: -1}])
    assert audit(one, pattern(one, 0, 1)).passed


def test_a_sensitive_cell_that_is_shown_is_exposed():
    one = table([1, 9, 10], [{0: 1, 1: 1, 2: -1}])
    assert audit(one, pattern(one, 1, 2)).exposures["cell"].to_list() == [0]


@pytest.mark.parametrize(("integer", "insiders"), [(False, False), (True, True)])
def test_an_empty_table_passes(integer: bool, insiders: bool):
    assert audit(table([], []), np.zeros(0, dtype=bool), integer=integer, insiders=insiders).passed


def test_the_auditor_takes_nothing_from_the_project_but_tables_and_what_is_public():
    own = Path(jos_pipeline.auditor.__path__[0])
    allowed = (
        "jos_pipeline.auditor",
        "jos_pipeline.cells",
        "jos_pipeline.indicators.catalogue",
        "jos_pipeline.indicators.entry",
    )
    for path in own.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            name = node.module if isinstance(node, ast.ImportFrom) else None
            names = [name] if name else [a.name for a in node.names] if isinstance(node, ast.Import) else []
            foreign = [n for n in names if n.startswith(("jos_", "assets", "resources")) and not n.startswith(allowed)]
            assert not foreign, path.name


def small_case(shape: tuple[int, ...], seed: int) -> tuple[CellTable, np.ndarray]:
    """At most 4 in a cell of 5; some of the margins are hidden too."""
    dice = np.random.default_rng(seed)
    counts, relations = crossed(dice.integers(0, 5, shape))
    capacity, _ = crossed(np.full(shape, 5))
    one = table(counts, relations, upper=capacity)
    return one, one.sensitive | (dice.random(len(counts)) < 0.15)


@pytest.mark.parametrize("shape", [(3, 3), (2, 2, 2), (2, 2, 3)])
@pytest.mark.parametrize("seed", range(5))
def test_the_audit_agrees_with_enumeration_in_every_cell(shape: tuple[int, ...], seed: int):
    one, hidden = small_case(shape, seed)
    low, high = enumerated(one, hidden)
    needs = one.cells["need_high"].fill_null(0.0).to_numpy()
    exposed = np.flatnonzero(one.sensitive & ((low > 0) | (high < needs)))
    found = audit(one, hidden, integer=True)
    assert found.exposures["cell"].sort().to_list() == exposed.tolist()
    for cell, least, most in found.exposures.select("cell", "low", "high").iter_rows():
        assert (least, most) == (low[cell], high[cell])
    assert set(audit(one, hidden).exposures["cell"]) <= set(exposed.tolist())


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 10**9), shape=st.sampled_from([(3, 4), (2, 3, 3), (5, 5)]), upper=st.sampled_from([None, 400.0])
)
def test_the_fast_audit_agrees_with_two_programs_a_cell(seed: int, shape: tuple[int, ...], upper: float | None):
    dice = np.random.default_rng(seed)
    counts, relations = crossed(dice.integers(0, 9, shape))
    one = table(counts, relations, upper=None if upper is None else [upper] * len(counts))
    hidden = one.sensitive | (dice.random(len(counts)) < dice.choice([0.1, 0.3]))
    plain = by_plain_programs(one, hidden)
    exposed = {cell for cell, (low, high) in plain.items() if low > 1e-6 or high < K - 1e-6}
    found = audit(one, hidden)
    assert set(found.exposures["cell"]) == exposed
    for cell, low, high in found.exposures.select("cell", "low", "high").iter_rows():
        assert (low, high) == pytest.approx(plain[cell], abs=1e-5)
    for cell, low, high in found.intervals.iter_rows():
        assert low >= plain[cell][0] - 1e-5
        assert high <= plain[cell][1] + 1e-5
