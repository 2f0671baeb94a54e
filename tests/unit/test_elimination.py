"""The peer that the suppressor is measured against does what is published of it: else beating it says nothing."""

import numpy as np
import pytest

from benchmarks.disclosure import greedy, repaired, small_only
from benchmarks.elimination import elimination, most_important, with_intervals
from jos_pipeline.auditor.audit import audit
from jos_pipeline.cells import CellTable
from jos_pipeline.suppressor import suppress
from tests.invented_tables import REGION_40, Size, invented

SMALL = Size(2, 3, 6)


def told(table: CellTable, hidden: np.ndarray) -> set[int]:
    """The hidden cells that are a combination of the visible ones, by ranks: the slow way."""
    relations = table.matrix.toarray()[:, hidden]
    rank = np.linalg.matrix_rank(relations)
    one = np.eye(int(hidden.sum()))
    cells = np.flatnonzero(hidden)
    return {int(cells[i]) for i in range(len(one)) if np.linalg.matrix_rank(np.vstack([relations, one[i]])) == rank}


@pytest.mark.parametrize("seed", range(4))
def test_no_sensitive_cell_is_a_combination_of_published_ones(seed: int):
    table = invented(SMALL, seed, 10)
    hidden = elimination(table)
    assert hidden[table.sensitive].all()
    assert not told(table, hidden) & set(np.flatnonzero(table.sensitive).tolist())


@pytest.mark.parametrize("seed", range(2))
def test_any_cell_it_hides_would_tell_a_sensitive_one(seed: int):
    table = invented(SMALL, seed, 10)
    hidden = elimination(table)
    beside = np.flatnonzero(hidden & ~table.sensitive)
    assert len(beside)
    for cell in beside:
        without = hidden.copy()
        without[cell] = False
        assert told(table, without) & set(np.flatnonzero(table.sensitive).tolist())


def test_the_most_important_cells_are_published_first():
    table = invented(SMALL, 0, 10)
    weight = table.cells.get_column("weight").to_numpy()
    order = most_important(table, ~table.sensitive)
    assert (np.diff(weight[order]) <= 0).all()
    assert len(order) == (~table.sensitive).sum()


@pytest.mark.parametrize("k", [5, 10])
def test_with_intervals_nothing_is_exposed_and_the_suppressor_loses_no_more(k: int):
    table = invented(REGION_40, 0, k)
    weight = table.cells.get_column("weight").to_numpy()
    peer = with_intervals(table)
    ours = suppress(table, starts=2).hidden
    assert audit(table, peer).passed
    assert not audit(table, elimination(table)).passed
    assert weight[ours].sum() <= weight[peer].sum()


def test_with_the_needs_of_other_tools_zeros_and_nearly_everyone_are_not_sensitive():
    table = invented(SMALL, 0, 10)
    other = small_only(table, 10)
    few = (table.counts > 0) & (table.counts < 10)
    assert (other.sensitive == few).all()
    assert few.sum() < table.sensitive.sum()
    assert set(other.cells.filter(few).get_column("need_low").to_list()) == {1.0}


def test_a_repaired_rule_keeps_what_it_hid_and_exposes_nothing():
    table = invented(Size(2, 3, 12), 1, 10)
    by_hand = greedy(table, 10)
    mended = repaired(table, by_hand)
    assert not audit(table, by_hand).passed
    assert audit(table, mended).passed
    assert mended[by_hand].all()
