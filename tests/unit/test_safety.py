"""The second look at what is about to be published: it must notice what the suppressor would let through."""

import polars as pl
import pytest
from disclosure_rows import K, cube, row
from small_worlds import YEAR, small_world

from jos_pipeline.auditor.published import PLACE
from jos_pipeline.auditor.verdict import sensitive
from jos_pipeline.coverage import Coverage
from jos_pipeline.disclosure import areas_by_period, protect
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.linking import link
from jos_pipeline.safety import FIGURES, KEYS, small_and_visible
from jos_pipeline.school_year import SchoolYear

SHARE = {"noemer_maat": "n", "noemer": 100.0, "noemer_personen": 100, "publiek_totaal": None}
THINGS = {"teller_personen": None, "personen": False}
DISTRIBUTION = {"teller_maat": "m", "noemer_maat": "m", "noemer_personen": 50, "publiek_totaal": None}


def figures(**shown) -> pl.DataFrame:
    """The row to publish, of which only these figures are visible."""
    return rows(row(**dict.fromkeys(("waarde", "teller", "noemer", "rang")) | shown))


def rows(*told) -> pl.DataFrame:
    bounds = [pl.lit(None, pl.Float64).alias(name) for name in ("waarde_min", "waarde_max") if name not in told[0]]
    frame = pl.DataFrame([*told], schema_overrides=dict.fromkeys(FIGURES, pl.Float64))
    return frame.with_columns(bounds).select(*KEYS, *FIGURES)


def noticed(**counts) -> bool:
    return small_and_visible(cube(row(**counts)), figures(waarde=0.5), K) == 1


@pytest.mark.parametrize(
    ("counts", "few"),
    [
        ({"teller_personen": 10}, False),
        ({"teller_personen": 9}, True),
        ({"teller_personen": 0}, True),
        (SHARE | {"noemer_personen": 9, "teller_personen": None}, True),
        (THINGS | {"teller_medewerkers": 1}, True),
        (THINGS | {"teller_medewerkers": 2}, False),
    ],
    ids=["k", "below k", "zero", "small noemer", "one professional", "two professionals"],
)
def test_a_visible_figure_on_too_few_people_is_counted(counts, few):
    assert noticed(**counts) is few


@pytest.mark.parametrize(
    ("counts", "nearly"),
    [
        ({"teller_personen": 390}, False),
        ({"teller_personen": 391}, True),
        ({"teller_personen": 400}, True),
        (SHARE | {"teller_personen": 90}, False),
        (SHARE | {"teller_personen": 91}, True),
        (SHARE | {"teller_personen": 100}, True),
        (SHARE | {"publiek_totaal": 105}, True),
        (SHARE | {"publiek_totaal": 110}, False),
        ({"teller_maat": "m+opgave:x", "teller_personen": 395}, True),
    ],
    ids=["k left", "fewer left", "all", "noemer", "few of it", "all of it", "noemer of all", "less of all", "reported"],
)
def test_a_visible_figure_that_leaves_too_few_out_is_counted(counts, nearly):
    assert noticed(**counts) is nearly


@pytest.mark.parametrize(
    "counts",
    [
        {"teller_maat": "leerlingen", "teller_personen": 400},
        SHARE | {"noemer_maat": "leerlingen", "publiek_totaal": 100},
        DISTRIBUTION,
        SHARE | {"teller_maat": "doelen_behaald", "teller_personen": 100},
        THINGS | {"publiek_totaal": 5},
        {"teller_personen": 30, "publiek_totaal": 0},
    ],
    ids=["the public total", "as a noemer", "total of a distribution", "goals of the same persons", "things", "nobody"],
)
def test_what_leaves_nobody_out_by_what_it_is_may_be_seen(counts):
    assert not noticed(**counts)


def test_a_part_of_a_distribution_may_not_be_nearly_all_of_it():
    split = row(**DISTRIBUTION | {"uitsplitsing": "u", "categorie": "c", "teller_personen": 45})
    assert small_and_visible(cube(split), rows(split), K) == 1


@pytest.mark.parametrize("name", FIGURES)
def test_whatever_is_visible_of_a_row_shows_it(name):
    few = cube(row(teller_personen=9))
    assert small_and_visible(few, figures(**{name: 1.0}), K) == 1
    assert small_and_visible(few, figures(), K) == 0


def test_a_figure_that_the_cube_does_not_know_is_never_let_through():
    shown = figures(waarde=0.5)
    stranger = shown.with_columns(gebied=pl.lit("y"))
    with pytest.raises(ValueError, match="not in the cube"):
        small_and_visible(cube(row()), pl.concat([shown, stranger]), k=10)


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_is_protected_is_noticed_and_any_of_it_would_be(seed):
    small = small_world(seed)
    of = compute_cube(
        link(small.frames, small.region, YEAR), Coverage(small.in_force), small.region, YEAR, small.peildatum
    )
    k = 5
    safe = protect(of, areas_by_period(small.region, SchoolYear.parse(YEAR), small.peildatum), k)
    assert small_and_visible(of, safe, k) == 0
    figures_too = of.filter(pl.any_horizontal(pl.col(FIGURES).is_not_null()))
    by_the_rule = {one.where[:-1] for one in sensitive(figures_too, of, k)}
    told = figures_too.join(pl.DataFrame([*by_the_rule], schema=[*PLACE], orient="row"), on=PLACE, how="semi")
    assert small_and_visible(of, told, k) == told.height > 0, "what the auditor finds sensitive is, shown as it is"
