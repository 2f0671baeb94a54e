"""Least flows, and what one of them tells of many readers at once (``auditor.flows``, ``doubts``, ``together``)."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from owned_tables import broken_down, one_inside_another, square
from scipy.optimize import linprog

from jos_pipeline.auditor.audit import audit, unseen_by_reader
from jos_pipeline.auditor.core import Core
from jos_pipeline.auditor.doubts import Doubts
from jos_pipeline.auditor.flows import Flow, Side
from jos_pipeline.auditor.insiders import KNOWN, Insider
from jos_pipeline.auditor.reach import reach
from jos_pipeline.auditor.together import Together
from jos_pipeline.auditor.worlds import SIDES, Copies, Worlds
from jos_pipeline.cells import CellTable

SEEDS = range(20)


def _owners(table: CellTable) -> list[Insider]:
    owners = table.cells.get_column("owner")
    owned = owners.is_not_null().to_numpy()
    own = {name: (owners == name).fill_null(value=False).to_numpy() for name in owners.drop_nulls().unique().sort()}
    return [Insider(name, his, owned & ~his) for name, his in own.items()]


def _seen(table: CellTable, hidden: np.ndarray) -> tuple[Core, Worlds]:
    """The table for a reader to whom all is far enough: only what owners know is left to be asked."""
    everybody = Worlds(table, unseen_by_reader(table, hidden))
    core = Core(table, everybody, Copies.none())
    told = reach(table, hidden).exposures["cell"].to_numpy()
    everybody.reached(np.setdiff1d(np.arange(table.cells.height), told))
    return core, everybody


def _left(doubts: Doubts) -> set[tuple[str, int, int]]:
    return {
        (one.name, cell, side)
        for number, one in enumerate(doubts.readers)
        for side in SIDES
        for cell in np.flatnonzero(doubts.of(number).left[side]).tolist()
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_a_least_flow_moves_no_more_than_must_be_and_is_there_where_there_is_one(seed: int):
    chance = np.random.default_rng(seed)
    table, hidden = square(chance.integers(0, 9, size=(4, 5)), chance)
    core, everybody = _seen(table, hidden)
    found = 0
    for part in core.components:
        part.keep(everybody.still)
        for number in range(len(part.cells)):
            for way in SIDES:
                side = Side(number, way, 2.0)
                flows = part.least([side])
                least = _least(table, everybody, int(part.cells[number]), way)
                assert (flows is None) == (least is None)
                if flows is not None:
                    moved = np.zeros(table.cells.height)
                    for flow in flows:
                        moved[flow.numbers] += flow.moved
                        alone = np.zeros(table.cells.height)
                        alone[flow.numbers] = flow.moved
                        assert everybody.is_world(alone), "every piece is a table by itself"
                    assert way * moved[part.cells[number]] >= 2.0
                    assert np.abs(moved).sum() == pytest.approx(least)
                    found += 1
    assert found


def _least(table: CellTable, everybody: Worlds, cell: int, way: int) -> float | None:
    """How much must move at least, by another program of another library."""
    width = table.cells.height
    most = np.where(everybody.still, 0.0, np.minimum(everybody.room, 1e6))
    back = np.where(everybody.still, 0.0, everybody.counts)
    bounds = np.stack([np.zeros(2 * width), np.concatenate([most, back])], axis=1)
    there = cell if way > 0 else cell + width
    if bounds[there, 1] < 2:
        return None
    bounds[there, 0] = 2.0
    bounds[cell + width if way > 0 else cell, 1] = 0.0
    matrix = table.matrix.toarray()
    answer = linprog(np.ones(2 * width), A_eq=np.hstack([matrix, -matrix]), b_eq=np.zeros(len(matrix)), bounds=bounds)
    return float(answer.fun) if answer.status == 0 else None


def test_several_sides_go_far_in_one_flow_or_none_does_it():
    counts = np.array([5.0, 5.0, 5.0])  # together 15, which everybody sees
    table = _sum_of(counts)
    system = Core(table, Worlds(table, np.ones(3, dtype=bool)), Copies.none()).components[0]
    system.keep(np.zeros(3, dtype=bool))
    (flow,) = system.least([Side(0, 1, 2.0), Side(1, 1, 3.0)]) or []
    assert dict(zip(flow.numbers.tolist(), flow.moved.tolist(), strict=True)) == {0: 2.0, 1: 3.0, 2: -5.0}
    assert system.least([Side(0, 1, 3.0), Side(1, 1, 3.0)]) is None
    assert system.least([Side(0, 1, 2.0)], still=np.array([False, True, True])) is None
    assert system.least([Side(0, 1, 2.0)], still=np.array([True, False, False])) is None
    dear = system.least([Side(0, 1, 2.0)], prices=np.array([1.0, 9.0, 1.0])) or []
    assert [flow.numbers.tolist() for flow in dear] == [[0, 2]]


def _sum_of(counts: np.ndarray) -> CellTable:
    table, _ = square(np.zeros((2, 2), dtype=int), np.random.default_rng(0))
    cells = table.cells.head(len(counts)).with_columns(
        cell=pl.int_range(len(counts), dtype=pl.Int64),
        count=pl.Series(counts),
        need_low=pl.lit(0.0),
        need_high=pl.lit(9.0),
        owner=pl.Series([f"s{n}" for n in range(len(counts))]),
    )
    terms = {"relation": [0] * len(counts), "cell": list(range(len(counts))), "coefficient": [1.0] * len(counts)}
    return replace(table, cells=cells, relations=pl.DataFrame(terms, schema=table.relations.schema))


def test_nothing_is_learned_from_what_is_no_table_or_by_who_knows_a_cell_of_it():
    table = _sum_of(np.array([5.0, 5.0, 5.0, 5.0]))
    everybody = Worlds(table, np.ones(4, dtype=bool), np.ones(4, dtype=bool))
    everybody.reached(np.arange(4))
    doubts = Doubts(everybody, _owners(table), 1.0, pl.DataFrame(schema=KNOWN))
    before = _left(doubts)
    assert len(before) == 2 * 4 * 3
    for numbers, moved in (
        ([0, 1], [4.0, -3.0]),  # breaks the sum
        ([0, 1, 2], [6.0, -6.0, 0.0]),  # less than nobody
        ([0, 1], [4.5, -4.5]),  # no whole persons
    ):
        assert not doubts.learn(Flow(np.array(numbers), np.array(moved)))
        assert _left(doubts) == before
    assert doubts.learn(Flow(np.array([0, 1]), np.array([4.0, -4.0])))
    assert before - _left(doubts) == {("s2", 0, 1), ("s3", 0, 1)}, (
        "s1 sees that its own count is another, and 4 is not 5"
    )
    assert doubts.undecided(0, 1).tolist() == [1]
    assert len(doubts.undecided(3, 1)) == 3


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_flow_moves_in_closed_breakdowns_is_what_who_knows_the_others_would_see(seed: int):
    """As little of a breakdown as can be is as if all that other schools know stood still."""
    chance = np.random.default_rng(seed)
    table, hidden, copies = broken_down(chance)
    everybody = Worlds(table, unseen_by_reader(table, hidden))
    core, owners = Core(table, everybody, copies), _owners(table)
    flows = [Flow(np.zeros(0, dtype=np.int64), np.zeros(0))]
    for part in core.components:
        part.keep(everybody.still)
        sides = [Side(number, way, 1.0) for number in range(len(part.cells)) for way in SIDES]
        flows += [flow for side in sides for flow in part.least([side]) or []]
    for flow in flows:
        point = np.zeros(table.cells.height)
        point[flow.numbers] = flow.moved
        knowing = [one for one in owners if not len(flow.numbers) or one.knows[flow.numbers].any()]
        others = [one.knows for one in owners if one not in knowing]
        owned = np.flatnonzero(np.any([one.knows for one in knowing], axis=0)[core.copies.parts])
        for turn in range(core.turn.turns):
            found = np.zeros(table.cells.height)
            beside = core.turn.beside(flow, turn, owned)
            found[beside.numbers] = beside.moved
            still = everybody.with_still(np.any([np.zeros(len(point), dtype=bool), *others], axis=0))
            assert np.allclose(found, core.turn.world(point.copy(), turn, still))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_nobody_knows_of_a_breakdown_moves_with_its_total(seed: int):
    """The first school has no owner: what its total moves is not turned, but the sums still come out."""
    table, hidden, copies = broken_down(np.random.default_rng(seed))
    nobodys = table.cells.get_column("owner") == "s0"
    cells = table.cells.with_columns(owner=pl.when(nobodys).then(None).otherwise("owner"))
    table, inside = replace(table, cells=cells), ~nobodys.fill_null(value=False).to_numpy()[copies.inner]
    copies = replace(copies, inner=copies.inner[inside], outer=copies.outer[inside])
    everybody = Worlds(table, unseen_by_reader(table, hidden))
    core, owners = Core(table, everybody, copies), _owners(table)
    for part in core.components:
        part.keep(everybody.still)
        for side in [Side(number, way, 1.0) for number in range(len(part.cells)) for way in SIDES]:
            for flow in part.least([side]) or []:
                known = np.any([one.knows for one in owners if one.knows[flow.numbers].any()] or [hidden < 0], axis=0)
                for turn in range(core.turn.turns):
                    found = np.zeros(table.cells.height)
                    beside = core.turn.beside(flow, turn, np.flatnonzero(known[core.copies.parts]))
                    found[beside.numbers] = beside.moved
                    assert not len(everybody.broken(found)[0])


@pytest.mark.parametrize("kind", ["square", "broken down", "one inside another", "and nothing is near"])
def test_nearly_all_that_can_be_shown_to_owners_is_shown_together_and_nothing_that_cannot(
    kind: str, monkeypatch: pytest.MonkeyPatch
):
    if kind == "and nothing is near":  # as in a large table: what a rest of several parts needs is far off
        monkeypatch.setattr(Together, "_near", lambda _: None)
    shown = left_over = 0
    for seed in range(20):
        chance = np.random.default_rng(seed)
        if kind == "square":
            (table, hidden), copies = square(chance.integers(0, 9, size=(6, 5)), chance), Copies.none()
        elif kind == "broken down":
            table, hidden, copies = broken_down(chance)
        else:
            table, hidden, copies = one_inside_another(chance)
        _, everybody = _seen(table, hidden)
        core = Core(table, Worlds(table, everybody.unseen), copies)
        doubts = Doubts(everybody, _owners(table), 1.0, pl.DataFrame(schema=KNOWN))
        before = {(name, cell) for name, cell, _ in _left(doubts)}
        Together(core, doubts, chance).try_all()
        after = {(name, cell) for name, cell, _ in _left(doubts)}
        told = {(name, cell) for cell, name in _told(table, hidden)} & before
        assert told <= after <= before
        shown, left_over = shown + len(before - after), left_over + len(after - told)
    assert shown > 20 * left_over


def _told(table: CellTable, hidden: np.ndarray) -> list[tuple[int, str]]:
    return list(
        audit(table, hidden, insiders=True).exposures.drop_nulls("attacker").select("cell", "attacker").iter_rows()
    )
