"""What metadata of a materialisation say of the deliveries behind it."""

import pytest

from assets.describe import MOST_NUMBERS, resting_on


@pytest.mark.parametrize(
    ("numbers", "told"),
    [([], "geen"), ([3, 7], "3, 7"), (range(MOST_NUMBERS), "499"), (range(MOST_NUMBERS + 2), "499 en nog 2")],
)
def test_a_materialisation_names_its_deliveries_as_long_as_anybody_would_read_them(numbers, told):
    assert resting_on(numbers)["levering_nummers"].endswith(told)
