"""The suppressor on small tables that are worked out by hand, and on invented ones that another attacker tries."""

import pytest

from jos_pipeline.suppressor import Attackers, suppress
from tests.invented_tables import Size, invented
from tests.unit.suppressor_attack import exposed

SMALL = Size(2, 3, 7)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("k", [5, 10])
def test_no_reader_narrows_a_sensitive_cell(seed: int, k: int):
    table = invented(SMALL, seed, k)
    outcome = suppress(table, starts=2)
    assert outcome.report.unprotected == ()
    assert outcome.hidden[table.sensitive].all()
    assert exposed(table, outcome.hidden) == []


def test_no_school_narrows_a_cell_of_another():
    table = invented(SMALL, 1, 10)
    outcome = suppress(table, attackers=Attackers.OWNERS, starts=1)
    assert outcome.report.insider_pairs == ()
    owners = table.cells.get_column("owner").drop_nulls().unique().to_list()
    assert [exposed(table, outcome.hidden, owner) for owner in [None, *owners]] == [[]] * (len(owners) + 1)
