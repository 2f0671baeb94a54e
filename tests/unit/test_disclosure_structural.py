"""That there is nobody is told only where it is public: a hidden count of none may not be told by its sisters."""

import polars as pl
import pytest
from linked_rows import JUNE, YEAR, everything, rows, small_region

from jos_pipeline.coverage import Coverage
from jos_pipeline.disclosure import areas_by_period, protect
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.linking import link
from jos_pipeline.school_year import SchoolYear

REGION = small_region()
K = 10


def published(of_type: int) -> pl.DataFrame:
    """What comes out when a school has 20 leerlingen, and so many of another onderwijstype."""
    pupils = [{"leerling_id": f"r{n}", "onderwijssoort": "havo"} for n in range(20)]
    pupils += [{"leerling_id": f"p{n}", "onderwijssoort": "pro"} for n in range(of_type)]
    base = link({"leerlingen": rows("leerlingen", *pupils)}, REGION, YEAR)
    counted = compute_cube(base, Coverage(everything(REGION)), REGION, YEAR, JUNE)
    return protect(counted, areas_by_period(REGION, SchoolYear.parse(YEAR), JUNE), K)


def test_a_hidden_number_of_pupils_is_not_told_to_be_none_or_some():
    """Who reads 'nobody' of any figure beside a hidden number of leerlingen knows that it is 0, and else that it is
    not."""
    none, some = (
        published(n).filter(uitsplitsing="onderwijstype", categorie="praktijkonderwijs").drop("n_geleverd", "dekking")
        for n in (0, 3)
    )
    assert none.filter(indicator="leerlingen", niveau="school")["waarde_status"].unique().to_list() == ["onderdrukt"]
    assert none["waarde_status"].to_list() == some["waarde_status"].to_list()


def published_of_school(pupils: int, of_duo: int | None) -> pl.DataFrame:
    """What comes out of a school with so many leerlingen, of which DUO's file says ``of_duo`` (None: nothing)."""
    enrolled = [{"leerling_id": f"a{n}"} for n in range(40)]
    enrolled += [{"leerling_id": f"b{n}", "school": "10BB00"} for n in range(pupils)]
    counted = [20] if of_duo is None else [20, of_duo]
    duo = {"schooljaar": YEAR, "school": ["10AA00", "10BB00"][: len(counted)], "aantal_leerlingen": counted}
    base = link({"leerlingen": rows("leerlingen", *enrolled)}, REGION, YEAR)
    base["duo_vestiging"] = pl.DataFrame(duo, schema=base["duo_vestiging"].schema)
    cube = compute_cube(base, Coverage(everything(REGION)), REGION, YEAR, JUNE)
    safe = protect(cube, areas_by_period(REGION, SchoolYear.parse(YEAR), JUNE), K)
    return safe.filter(gebied="10BB00").filter(pl.col("indicator") != "duo_leerlingen")


@pytest.mark.parametrize("of_duo", [None, 12])
def test_a_school_without_leerlingen_is_no_other_than_one_with_three_unless_duo_says_so(of_duo: int | None):
    """The number of leerlingen of a school of three is hidden: were there none, every figure would say 'nobody'."""
    none, some = (published_of_school(n, of_duo) for n in (0, 3))
    assert some.filter(indicator="leerlingen", uitsplitsing="totaal")["waarde_status"].unique().to_list() == [
        "onderdrukt"
    ]
    assert none.equals(some)


def test_a_school_of_which_duo_says_that_nobody_is_there_has_nothing_to_observe():
    found = published_of_school(0, 0).filter(uitsplitsing="totaal")
    for name in ("leerlingen", "jos_leerlingen", "jos_bereik"):
        assert found.filter(indicator=name)["waarde_status"].unique().to_list() == ["geen_waarnemingen"], name
