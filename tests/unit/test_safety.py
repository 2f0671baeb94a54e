"""The second look at what is about to be published: it must notice what the suppressor would let through."""

import polars as pl
import pytest

from jos_pipeline.safety import KEYS, small_and_visible


def rows(persons, noemer=100, staff=None, waarde=0.5):
    key = dict.fromkeys(KEYS, "x")
    cube = pl.DataFrame(
        [{**key, "teller_personen": persons, "noemer_personen": noemer, "teller_medewerkers": staff}],
        schema_overrides={"teller_personen": pl.Int64, "noemer_personen": pl.Int64, "teller_medewerkers": pl.Int64},
    )
    shown = pl.DataFrame(
        [{**key, "waarde": waarde, "teller": None, "noemer": None}],
        schema_overrides=dict.fromkeys(("waarde", "teller", "noemer"), pl.Float64),
    )
    return cube, shown


@pytest.mark.parametrize(
    ("found", "count"),
    [
        (rows(10), 0),
        (rows(9), 1),
        (rows(0), 1),
        (rows(50, noemer=9), 1),
        (rows(None, staff=1), 1),
        (rows(None, staff=2), 0),
        (rows(9, waarde=None), 0),
    ],
    ids=["k", "below k", "zero", "small noemer", "one professional", "two professionals", "hidden"],
)
def test_a_visible_figure_on_too_few_people_is_counted(found, count):
    assert small_and_visible(*found, k=10) == count


def test_a_figure_that_the_cube_does_not_know_is_never_let_through():
    cube, shown = rows(50)
    stranger = shown.with_columns(gebied=pl.lit("y"))
    with pytest.raises(ValueError, match="not in the cube"):
        small_and_visible(cube, pl.concat([shown, stranger]), k=10)
