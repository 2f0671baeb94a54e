"""The suppressor on small tables that are worked out by hand, and on invented ones that another attacker tries."""

from dataclasses import replace
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline.cells import CellTable
from jos_pipeline.sensitivity import cell_table, sums
from jos_pipeline.suppressor import Attackers, neighbourhoods, suppress
from tests.invented_tables import Size, invented
from tests.unit.suppressor_attack import exposed

SMALL = Size(2, 2, 4)
SCHOOLS = {"a": "alle", "b": "alle", "c": "alle"}


def one_sum(counts: dict[str, float], upper: float = 100.0, k: int = 10, **columns: dict[str, object]) -> CellTable:
    """Schools and their total, which is counted out of as many as all together."""
    rows = [(name, float(count), upper) for name, count in counts.items()]
    rows.append(("alle", sum(counts.values()), upper * len(counts)))
    cells = pl.DataFrame(rows, schema={"school": pl.String, "count": pl.Float64, "upper": pl.Float64}, orient="row")
    for name, values in columns.items():
        cells = cells.with_columns(pl.col("school").replace_strict(values, default=None).alias(name))
    if "state" in columns:
        cells = cells.with_columns(pl.col("state").fill_null("free"))
    return cell_table(cells, sums(cells, "school", dict.fromkeys(counts, "alle")), k)


def hidden_schools(table: CellTable, **how: object) -> set[str]:
    outcome = suppress(table, **how)
    assert exposed(table, outcome.hidden) == list(outcome.report.unprotected)
    return set(table.cells.get_column("school").to_numpy()[outcome.hidden])


def test_nothing_sensitive_hides_nothing():
    outcome = suppress(one_sum({"a": 20, "b": 30}))
    assert not outcome.hidden.any()
    assert (outcome.report.loss, outcome.report.lower_bound, outcome.report.gap) == (0.0, 0.0, 0.0)


def test_a_table_without_cells_is_no_trouble():
    table = one_sum({"a": 20})
    nothing = CellTable(table.cells.clear(), table.relations.clear())
    assert suppress(nothing).hidden.tolist() == []


def test_a_cell_in_no_sum_needs_no_other():
    cells = pl.DataFrame({"school": ["a", "b"], "count": [4.0, 40.0], "upper": [80.0, 80.0]})
    assert hidden_schools(cell_table(cells, [], 10)) == {"a"}


def test_the_cheapest_cell_that_can_carry_it_is_hidden_with_a_small_one():
    assert hidden_schools(one_sum({"a": 4, "b": 30, "c": 60})) == {"a", "b"}


def test_a_cell_that_cannot_fall_far_enough_is_not_enough():
    """From 4 up to 10 the small cell needs 6 of another; one of 12 that may fall to 0 has them, one of 1 not."""
    table = one_sum({"a": 4, "b": 1, "c": 12})
    assert hidden_schools(table) == {"a", "b", "c"}


def test_an_observed_zero_counts_as_small():
    """Were zeros shown, every hidden cell would be known to be at least 1."""
    assert hidden_schools(one_sum({"a": 0, "b": 30, "c": 60})) == {"a", "b"}


def test_a_structural_zero_is_no_cell():
    cells = pl.DataFrame({"school": ["a", "b", "c", "alle"], "count": [0, 30, 60, 90], "upper": [0, 50, 80, 130]})
    table = cell_table(cells, sums(cells, "school", SCHOOLS), 10)
    assert table.cells.get_column("school").to_list() == ["b", "c", "alle"]
    assert hidden_schools(table) == set()


def test_everybody_has_it_is_as_sensitive_as_few():
    """97 of 100: who can say that fewer than 10 have it not, knows about nearly all."""
    assert hidden_schools(one_sum({"a": 97, "b": 50, "c": 60})) == {"a", "b"}


def test_an_open_sensitive_cell_is_told_and_stays():
    table = one_sum({"a": 4, "b": 30, "c": 60}, state={"a": "open"})
    outcome = suppress(table)
    assert outcome.report.unprotected == (0,)
    assert not outcome.hidden.any()


def test_open_cells_stay_shown_and_closed_ones_carry_for_nothing():
    table = one_sum({"a": 4, "b": 30, "c": 60, "d": 70}, state={"b": "open", "d": "closed", "alle": "open"})
    assert hidden_schools(table) == {"a", "d"}


def test_what_no_pattern_protects_is_listed():
    table = one_sum({"a": 4, "b": 30}, state={"b": "open", "alle": "open"})
    outcome = suppress(table)
    assert outcome.report.unprotected == (0,)
    assert outcome.hidden.tolist() == [True, False, False]


def test_a_school_learns_nothing_of_the_other_in_a_gemeente_of_two():
    """Its own count and the gemeente's would tell it: the gemeente's is hidden too."""
    table = one_sum({"a": 4, "b": 5}, owner={"a": "a", "b": "b"}, weight={"a": 1.0, "b": 1.0, "alle": 5.0})
    assert hidden_schools(table) == {"a", "b", "alle"}
    shown = one_sum({"a": 14, "b": 5}, owner={"a": "a", "b": "b"}, weight={"a": 1.0, "b": 1.0, "alle": 5.0})
    assert hidden_schools(shown) == {"a", "b"}
    assert hidden_schools(shown, attackers=Attackers.OWNERS) == {"b", "alle"}


def test_a_pair_that_cannot_be_kept_apart_is_listed():
    table = one_sum({"a": 4, "b": 12}, owner={"a": "a", "b": "b"}, state={"alle": "open"})
    report = suppress(table, attackers=Attackers.OWNERS).report
    assert report.insider_pairs == (("b", 0),)
    assert report.unprotected == ()


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("k", [5, 10])
def test_no_reader_narrows_a_sensitive_cell(seed: int, k: int):
    table = invented(SMALL, seed, k)
    outcome = suppress(table, starts=2)
    assert outcome.report.unprotected == ()
    assert outcome.hidden[table.sensitive].all()
    assert exposed(table, outcome.hidden) == []


def test_where_much_hangs_together_what_is_near_comes_first(monkeypatch: pytest.MonkeyPatch):
    """As for a country: flows over what is near, over all of it where that has none, and the same in any order."""
    table = invented(SMALL, 1, 10)
    monkeypatch.setattr(neighbourhoods, "SMALL", 20)
    monkeypatch.setattr(neighbourhoods, "NEAR", 30)
    asked = []
    for looked in ("loose", "whole"):
        program = getattr(neighbourhoods.Neighbourhoods, looked)
        monkeypatch.setattr(
            neighbourhoods.Neighbourhoods,
            looked,
            lambda *args, _name=looked, _to=program: asked.append(_name) or _to(*args),
        )
    outcome = suppress(table, starts=1)
    assert asked.count("loose") > asked.count("whole") > 0
    assert outcome.report.unprotected == ()
    assert exposed(table, outcome.hidden) == []
    order = np.random.default_rng(1).permutation(table.cells.height).tolist()
    assert (suppress(in_order(table, order), starts=1).hidden == outcome.hidden[order]).all()


def test_what_is_far_off_spares_what_is_near(monkeypatch: pytest.MonkeyPatch):
    """Where what is hidden elsewhere leaves room, nothing near is hidden for it."""
    table = invented(Size(3, 6, 24), 3, 10)
    monkeypatch.setattr(neighbourhoods, "SMALL", 20)
    monkeypatch.setattr(neighbourhoods, "NEAR", 30)
    near, far = (suppress(table, starts=1, rounds=1, far=far) for far in (False, True))
    assert far.report.loss < near.report.loss
    assert far.report.unprotected == near.report.unprotected == ()
    assert exposed(table, far.hidden) == []


def test_far_makes_no_difference_where_all_is_near():
    table = invented(SMALL, 1, 10)
    near, far = (suppress(table, starts=2, far=far) for far in (False, True))
    assert (near.hidden == far.hidden).all()


def test_no_school_narrows_a_cell_of_another():
    table = invented(SMALL, 1, 10)
    outcome = suppress(table, attackers=Attackers.OWNERS, starts=1)
    pairs = set(outcome.report.insider_pairs)
    owners = table.cells.get_column("owner").drop_nulls().unique().to_list()
    found = {(owner, cell) for owner in owners for cell in exposed(table, outcome.hidden, owner)}
    assert exposed(table, outcome.hidden) == []
    assert found <= pairs


@pytest.mark.parametrize("seed", range(2))
def test_every_hidden_cell_is_needed(seed: int):
    """Any cell that was hidden for others, shown again: some cell is exposed."""
    table = invented(Size(1, 2, 3), seed, 10)
    hidden = suppress(table).hidden
    secondary = np.flatnonzero(hidden & ~table.sensitive)
    assert len(secondary)
    for cell in secondary.tolist():
        shown = hidden.copy()
        shown[cell] = False
        assert exposed(table, shown)


def test_hours_are_protected_like_counts():
    table = one_sum({"a": 3.25, "b": 30.4, "c": 61.7}, k=10)
    assert hidden_schools(table) == {"a", "b"}


@st.composite
def grids(draw: st.DrawFn) -> pl.DataFrame:
    """Two by three or three by three counts with their totals, out of 40 each."""
    rows, columns = draw(st.sampled_from([(2, 3), (3, 3)]))
    counts = [[draw(st.integers(0, 40)) for _ in range(columns)] for _ in range(rows)]
    inner = [(f"r{i}", f"c{j}", counts[i][j], 40) for i, j in product(range(rows), range(columns))]
    right = [(f"r{i}", "totaal", sum(counts[i]), 40 * columns) for i in range(rows)]
    below = [("totaal", f"c{j}", sum(row[j] for row in counts), 40 * rows) for j in range(columns)]
    whole = ("totaal", "totaal", sum(map(sum, counts)), 40 * rows * columns)
    schema = {"row": pl.String, "column": pl.String, "count": pl.Float64, "upper": pl.Float64}
    return pl.DataFrame([*inner, *right, *below, whole], schema=schema, orient="row")


def table_of(grid: pl.DataFrame, *columns: str) -> CellTable:
    relations = []
    for column in columns:
        parts = [name for name in grid.get_column(column).unique().sort().to_list() if name != "totaal"]
        relations += sums(grid, column, dict.fromkeys(parts, "totaal"))
    return cell_table(grid, relations, 10)


def in_order(table: CellTable, order: list[int]) -> CellTable:
    """The same table with its cells in another order, and its sums under other numbers."""
    place = np.argsort(order)
    cells = table.cells[order].with_columns(pl.Series("cell", range(len(order)), dtype=pl.Int64))
    relations = table.relations.with_columns(
        pl.col("relation") * 7919 % 1_000_003, pl.Series("cell", place[table.relations.get_column("cell").to_numpy()])
    ).sample(fraction=1.0, shuffle=True, seed=1)
    return CellTable(cells, relations)


@settings(max_examples=12)
@given(grids(), st.randoms(use_true_random=False))
def test_order_and_numbers_do_not_matter(grid: pl.DataFrame, random):
    table = table_of(grid, "row", "column")
    order = list(range(table.cells.height))
    random.shuffle(order)
    outcome, moved = suppress(table, starts=2), suppress(in_order(table, order), starts=2)
    assert (outcome.hidden[order] == moved.hidden).all()
    assert replace(outcome.report, seconds=0, unprotected=()) == replace(moved.report, seconds=0, unprotected=())


@settings(max_examples=12)
@given(grids())
def test_a_second_grouping_loses_no_less(grid: pl.DataFrame):
    """What is protected with more sums out is protected with fewer; so the bound with fewer holds for more."""
    few, more = table_of(grid, "row"), table_of(grid, "row", "column")
    outcome = suppress(more, starts=2)
    assert exposed(few, outcome.hidden) == []
    assert suppress(few, starts=2).report.lower_bound <= outcome.report.loss + 1e-6


@settings(max_examples=6)
@given(grids())
def test_bound_and_loss_embrace_the_best_pattern_of_all(grid: pl.DataFrame):
    """All patterns of the six inner cells, tried one by one; totals are public."""
    small = grid.filter(pl.col("row").is_in(["r0", "r1", "totaal"]), pl.col("column").is_in(["c0", "c1", "totaal"]))
    inner = pl.col("row").ne("totaal") & pl.col("column").ne("totaal")
    cells = small.filter(inner)
    totals = [
        cells.group_by(key).agg(pl.col("count", "upper").sum()).with_columns(pl.lit("totaal").alias(other))
        for key, other in (("row", "column"), ("column", "row"))
    ]
    frame = pl.concat([cells, *(one.select(cells.columns) for one in totals)], how="vertical").sort("row", "column")
    table = table_of(frame, "row", "column")
    free = np.flatnonzero(~table.sensitive)
    report = suppress(table, starts=2).report
    best = np.inf
    for chosen in product((False, True), repeat=len(free)):
        hidden = table.sensitive.copy()
        hidden[free] = chosen
        loss = float(table.cells.get_column("weight").to_numpy()[free][list(chosen)].sum())
        if loss < best and not exposed(table, hidden):
            best = loss
    assert report.lower_bound <= best + 1e-6
    assert best <= report.loss + 1e-6
