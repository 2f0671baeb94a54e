"""What is hidden is hidden for a reason: any one cell shown again and the audit fails. Short form of `make seeds`."""

import numpy as np
import pytest

from benchmarks.seeds import asked, outcome
from jos_pipeline.auditor.reach import reach
from jos_pipeline.suppressor import suppress
from tests.invented_tables import Size, invented

SMALL, K = Size(2, 2, 4), 10


@pytest.mark.parametrize("seed", range(3))
def test_any_hidden_cell_that_is_shown_again_exposes_one(seed: int):
    """Every one of them, sensitive or not: after the last thinning none is hidden to no purpose."""
    table = invented(SMALL, seed, K)
    hidden = suppress(table, starts=1, rounds=1).hidden
    assert reach(table, hidden, integer=True).passed
    partners = hidden & ~table.sensitive
    assert partners.any()
    for cell in np.flatnonzero(hidden):
        shown = hidden.copy()
        shown[cell] = False
        told = reach(table, shown).exposures["cell"].to_list()
        assert told, int(cell)


@pytest.mark.parametrize("seed", range(10, 22))
def test_nothing_is_exposed_in_whole_numbers_either(seed: int):
    assert outcome(SMALL, seed, K).exposed == 0


def test_a_part_of_the_seeds_can_be_asked():
    assert list(asked("3")) == [0, 1, 2]
    assert list(asked("20-22")) == [20, 21, 22]
