"""An independent recount of the indicators, from the delivery files (spec 2): places, windows and the table of figures.

Written from the specification only, so that it can be wrong in other places than the pipeline: it shares no line of
intake, linking or indicators with it. What it takes from the region is reference data: schools, areas, teams.
How each indicator is counted stands in ``recount_schools`` and ``recount_homes``: plain loops over plain rows.
"""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import chain

import pandas as pd

from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from tests.e2e import recount_homes, recount_schools
from tests.e2e.recount_coverage import Delivered
from tests.e2e.recount_figures import TOTAL, Figure, Span
from tests.e2e.recount_records import Place, Records, places

KEY = ["indicator", "periode", "niveau", "gebied", "uitsplitsing", "categorie"]


def response(in_force: Collection[tuple[str, str]], region: Region, place: Place) -> Iterator[Figure]:
    """respons: suppliers of the place with everything expected in force.

    A supplier belongs where its school, gemeente or samenwerkingsverband lies; the aanbieder to the region alone.
    """
    inside = [
        s
        for s in region.leveranciers
        if s.levert and (place.niveau == "regio" or s.gebied in {place.gebied, *place.scholen, *place.gemeenten})
    ]
    soorten = sorted({soort for supplier in inside for soort in supplier.levert})
    for cell, asked in (
        (TOTAL, [(s.id, s.levert) for s in inside]),
        *((("soort", soort), [(s.id, (soort,)) for s in inside if soort in s.levert]) for soort in soorten),
    ):
        complete = sum(all((name, soort) in in_force for soort in levert) for name, levert in asked)
        yield Figure("respons", *cell, "aandeel", complete, len(asked))


def recount(
    records: Records, in_force: Collection[tuple[str, str]], region: Region, schooljaar: str, peildatum: date
) -> pd.DataFrame:
    """Every figure, one row per cell, with the columns of ``KEY`` and those of ``Figure``."""
    rows = []
    whole_year = SchoolYear.parse(schooljaar)
    for window in whole_year.windows(peildatum):
        span = Span(str(window.period), window.a, window.b, whole_year.first_day, whole_year.last_day, peildatum)
        delivered = Delivered(region, frozenset(in_force), window.b)
        for place in places(region, window.b):
            here = records.within(place)
            figures = chain(
                recount_schools.figures(here, span),
                recount_homes.figures(here, span),
                response(in_force, region, place),
            )
            rows += [
                {"periode": span.periode, "niveau": place.niveau, "gebied": place.gebied}
                | vars(found)
                | {"waarde": found.waarde}
                for found in (delivered.completed(figure, here, span) for figure in figures)
            ]
    table = pd.DataFrame(rows).set_index(KEY)
    if not table.index.is_unique:
        raise ValueError("a cell was counted twice")
    return table
