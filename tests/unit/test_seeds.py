"""`make seeds`: which tables are asked for."""

import pytest

from benchmarks.seeds import asked


def test_a_number_is_so_many_seeds_and_a_range_is_what_it_says():
    assert asked("2") == range(2)
    assert asked("20-29") == range(20, 30)


@pytest.mark.parametrize("none", ["0", "5-3", "00"])
def test_nothing_is_said_to_be_protected_on_no_seeds(none):
    with pytest.raises(ValueError, match="no seed"):
        asked(none)
