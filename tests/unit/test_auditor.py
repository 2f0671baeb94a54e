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
from jos_pipeline.auditor.reach import reach
from jos_pipeline.auditor.solver import Answer, Solver
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
    fast = reach(one, hidden, integer=True).exposures
    assert fast["cell"].sort().to_list() == exposed.tolist()
    assert fast["sure"].all()


def parity(odd: float) -> tuple[CellTable, np.ndarray]:
    """Twice one hidden cell and another are a number that is shown."""
    one = table([1, odd, 2 + odd], [{0: 2, 1: 1, 2: -1}])
    return one, pattern(one, 0, 1)


def test_whole_numbers_tell_what_fractions_do_not():
    """2 x a + b = 3 with b of 3 at most: b can be 0 only when a may be a half."""
    one, hidden = parity(1)
    assert set(reach(one, hidden).exposures["cell"]) == {0}
    told = reach(one, hidden, integer=True).exposures
    assert set(told["cell"]) == {0, 1} == set(audit(one, hidden, integer=True).exposures["cell"])


def test_an_integer_program_that_is_broken_off_counts_as_told_and_is_not_called_sure(monkeypatch):
    one, hidden = parity(1)
    to_the_end = Solver._solved

    def broken_off(self: Solver, engine: object, cost: np.ndarray, nodes: int | None = None) -> Answer | None:
        return to_the_end(self, engine, cost) if nodes is None else Answer(np.inf, None, best=False)

    monkeypatch.setattr(Solver, "_solved", broken_off)
    told = reach(one, hidden, integer=True).exposures
    assert set(told["cell"]) == {0, 1}
    assert not told.filter(cell=1)["sure"].any()


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


def minimal(one: CellTable) -> np.ndarray:
    """A pattern from which nothing can be taken: all is hidden, then shown again as long as the audit passes."""
    hidden = np.ones(one.cells.height, dtype=bool)
    assert audit(one, hidden).passed
    for cell in np.flatnonzero(~one.sensitive):
        less = hidden.copy()
        less[cell] = False
        hidden = less if audit(one, less).passed else hidden
    return hidden


@pytest.mark.parametrize("shape", [(4, 4), (2, 3, 3)])
def test_showing_any_hidden_cell_of_a_minimal_pattern_again_is_noticed(shape: tuple[int, ...]):
    one = table(*crossed(np.random.default_rng(7).integers(0, 9, shape)))
    hidden = minimal(one)
    assert hidden.sum() > one.sensitive.sum()
    for cell in np.flatnonzero(hidden):
        again = hidden.copy()
        again[cell] = False
        assert not audit(one, again).passed


def test_dropping_any_relation_is_noticed():
    """Per relation a pattern that is exposed through it and through no other: in its line one cell is hidden.

    The last sum of a crossed table follows from all others and is left out.
    """
    counts, relations = crossed(np.zeros((3, 3)))
    relations = relations[:-1]
    one = table(counts, relations, k=3)
    for number, line in enumerate(relations):
        cells = sorted(line)
        target = cells[0]
        hidden = np.isin(np.arange(len(counts)), cells, invert=True)
        hidden[target] = True
        assert target in audit(one, hidden).exposures["cell"]
        assert target not in audit(one, hidden, without=[number]).exposures["cell"]


def test_a_zero_that_is_shown_makes_its_neighbours_at_least_one():
    """When zeros are shown, who knows so needs only the sum: two cells that hide each other, less than k in all."""
    one = table([0, 1, 1, 2], [{0: 1, 1: 1, 2: 1, 3: -1}])
    shown_zero = audit(one, pattern(one, 1, 2)).exposures
    assert {0, 1, 2, 3} == set(shown_zero["cell"])
    assert not audit(one, pattern(one, 0, 1, 2)).passed
    assert audit(one, pattern(one, 0, 1, 2, 3)).passed


def test_in_a_gemeente_of_two_schools_each_can_unmask_the_other():
    wide = table([2, 10, 12], [{0: 1, 1: 1, 2: -1}], owner={0: "S1", 1: "S2"})
    assert audit(wide, pattern(wide, 0, 1)).passed
    found = audit(wide, pattern(wide, 0, 1), insiders=True).exposures
    assert found.select("cell", "attacker", "exact").rows() == [(0, "S2", True)]
    assert audit(wide, pattern(wide, 0, 1, 2), insiders=True).passed


def test_what_no_school_can_tell_in_whole_numbers_takes_no_integer_programs(monkeypatch: pytest.MonkeyPatch):
    """A witness that goes as far as it must, and not a little less, is whole by itself."""
    counts, relations = crossed(np.array([[2, 9, 8], [7, 1, 9], [8, 9, 2]]))
    one = table(counts, relations, owner={row * 4 + column: f"S{row}" for row in range(3) for column in range(3)})
    asked = []
    engine = Solver._engine
    monkeypatch.setattr(Solver, "_engine", lambda *args, whole: asked.append(whole) or engine(*args, whole=whole))
    everything = np.ones(len(counts), dtype=bool)
    assert audit(one, everything, integer=True, insiders=True).passed
    assert set(asked) == {False}


def test_that_everybody_has_it_is_exposed_when_the_rest_follows():
    """12 pupils, 11 of whom have it: a reader must be left to think that none or all of the last three do."""
    one = table([11, 1, 12], [{0: 1, 1: 1, 2: -1}])
    needs = one.cells.with_columns(
        need_low=pl.Series([9.0, 0.0, None]), need_high=pl.Series([12.0, 3.0, None]), upper=pl.lit(12.0)
    )
    nearly_all = CellTable(needs, one.relations)
    assert audit(nearly_all, pattern(one, 0, 1)).passed
    assert audit(nearly_all, pattern(one, 1)).exposures["cell"].sort().to_list() == [0, 1]


def test_the_difference_of_two_publications_is_a_cell_too():
    """25 became 26: what came in between is one child, unless one of the two is hidden."""
    one = table([25, 26, 1], [{0: 1, 2: 1, 1: -1}])
    assert audit(one, pattern(one, 2)).exposures.select("cell", "exact").rows() == [(2, True)]
    assert audit(one, pattern(one, 1, 2)).passed


def test_an_open_cell_is_seen_and_a_closed_one_is_not():
    parts = [{0: 1.0, 1: 1.0, 2: -1.0}]
    assert not audit(table([1, 9, 10], parts, state={1: State.OPEN}), np.array([True, True, False])).passed
    assert audit(table([1, 9, 10], parts, state={1: State.CLOSED}), np.array([True, False, False])).passed


@pytest.mark.parametrize("integer", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_an_insider_is_a_reader_to_whom_his_own_cells_are_shown(seed: int, integer: bool):
    dice = np.random.default_rng(seed)
    counts, relations = crossed(dice.integers(0, 7, (4, 4)))
    inside = [row * 5 + column for row in range(4) for column in range(4)]
    owner = {cell: f"S{cell // 5}" for cell in inside}
    one = table(counts, relations, owner=owner)
    hidden = one.sensitive | (dice.random(len(counts)) < 0.5)
    found = audit(one, hidden, integer=integer, insiders=True).exposures
    everybody = set(found.filter(pl.col("attacker").is_null())["cell"])
    expected = {}
    for name in sorted(set(owner.values())):
        own = [cell for cell, of in owner.items() if of == name]
        knowing = hidden & ~np.isin(np.arange(len(counts)), own)
        for cell, low, high in audit(one, knowing, integer=integer).exposures.select("cell", "low", "high").iter_rows():
            if cell not in everybody and cell not in own:
                expected[cell, name] = (low, high)
    told = {
        (cell, name): ends
        for cell, name, *ends in found.drop_nulls("attacker").select("cell", "attacker", "low", "high").rows()
    }
    assert told.keys() == expected.keys()
    for key, ends in told.items():
        assert ends == pytest.approx(expected[key], abs=1e-5)


def test_where_whole_numbers_tell_more_the_integer_audit_says_so():
    """Twice the hidden count plus another is 3: a half fits, but a whole reader knows that the other is odd."""
    one = table([1, 1, 3], [{0: 2, 1: 1, 2: -1}], k=2)
    loose = audit(one, pattern(one, 0, 1)).exposures.filter(pl.col("cell") == 1)
    exact = audit(one, pattern(one, 0, 1), integer=True).exposures.filter(pl.col("cell") == 1)
    assert loose.is_empty()
    assert exact.select("low", "high").rows() == [(1.0, 3.0)]


def test_the_summary_holds_no_value_of_a_cell():
    one = table([1, 1234567, 1234568], [{0: 1, 1: 1, 2: -1}])
    text = str(audit(one, pattern(one, 0)).summary())
    assert "123456" not in text
    assert audit(one, pattern(one, 0)).summary()["exact"] == 1
