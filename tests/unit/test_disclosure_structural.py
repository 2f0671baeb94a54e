"""That there is nobody is told only where it is public: a hidden count of none may not be told by its sisters."""

import polars as pl
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
