"""What follows from what words mean: a traject begins and ends once, so its half years make up the year exactly."""

import polars as pl
import pytest
from disclosure_rows import K, cube, row

from jos_pipeline.audited import audited
from jos_pipeline.disclosure import protect
from jos_pipeline.linear_system import linear_system

AREAS = pl.DataFrame(
    [("regio", "r", None, None, False)],
    schema={**dict.fromkeys(("niveau", "gebied", "gemeente", "samenwerkingsverband"), pl.String), "buiten": pl.Boolean},
    orient="row",
)
COUNTS = {
    "trajecten_actief": {"schooljaar": 60, "halfjaar_1": 60, "halfjaar_2": 45},
    "trajecten_nieuw": {"schooljaar": 40, "halfjaar_1": 40, "halfjaar_2": 0},
    "trajecten_afgesloten": {"schooljaar": 27, "halfjaar_1": 15, "halfjaar_2": 12},
}
"""Nobody began in the second half year, which is a small count and must not be told."""


def figures(counts: dict[str, dict[str, int]]) -> pl.DataFrame:
    return cube(
        *(
            row(indicator=maat, teller_maat=maat, periode=periode, teller=n, waarde=n, teller_personen=n)
            for maat, periods in counts.items()
            for periode, n in periods.items()
        )
    )


def shown(rows: pl.DataFrame) -> dict[tuple[str, str], float]:
    told = rows.drop_nulls("teller").select("indicator", "periode", "teller")
    return {(maat, periode): n for maat, periode, n in told.iter_rows()}


def test_that_nothing_began_in_a_half_year_does_not_follow_from_the_year_and_the_other_half():
    of = figures(COUNTS)
    found = audited(of, protect(of, AREAS, K), AREAS, K)
    seen = shown(found.rows)
    year, first, second = (seen.get(("trajecten_actief", name)) for name in COUNTS["trajecten_actief"])
    ended = seen.get(("trajecten_afgesloten", "halfjaar_1"))
    assert found.told == 0
    assert ("trajecten_nieuw", "halfjaar_2") not in seen
    assert year is None or first is None, "their difference is what began in the second half year"
    assert None in (first, second, ended), "so is second - (first - ended)"


@pytest.mark.parametrize(("first", "known"), [(60, True), (61, False)])
def test_what_the_counts_contradict_is_no_law(first: int, *, known: bool):
    """A traject whose dates do not fit is in a half year and not in the year: then nobody can count on the sum."""
    of = figures(COUNTS | {"trajecten_actief": COUNTS["trajecten_actief"] | {"halfjaar_1": first}})
    system = linear_system(of, AREAS, K)
    year, half, began = (
        system.stands.filter(maat=maat, periode=periode).get_column("nummer").item()
        for maat, periode in (
            ("trajecten_actief", "schooljaar"),
            ("trajecten_actief", "halfjaar_1"),
            ("trajecten_nieuw", "halfjaar_2"),
        )
    )
    sums = [set(cells) for cells in system.table.relations.group_by("relation").agg("cell").get_column("cell")]
    assert ({year, half, began} in sums) == known


def test_a_law_that_one_place_breaks_is_thought_to_be_known_at_the_others():
    """Who was there in a half year was there in the year: at one school a mistake in the dates says otherwise."""
    places = pl.concat([AREAS, *(AREAS.with_columns(niveau=pl.lit("school"), gebied=pl.lit(name)) for name in "ab")])

    def stock(niveau: str, gebied: str, year: int) -> pl.DataFrame:
        periods = {"schooljaar": year, "halfjaar_1": 30, "halfjaar_2": 25}
        of = figures({"jos_leerlingen": periods})
        return of.with_columns(niveau=pl.lit(niveau), gebied=pl.lit(gebied))

    of = pl.concat([stock("regio", "r", 69), stock("school", "a", 40), stock("school", "b", 29)])
    system = linear_system(of, places, K)
    cells = system.stands.select("gebied", "periode", "nummer")
    together = {}
    for place in "ab":
        year, half = (
            cells.filter(gebied=place, periode=name).get_column("nummer").item()
            for name in ("schooljaar", "halfjaar_1")
        )
        tied = system.table.matrix[:, [year, half]].toarray()
        together[place] = bool(((tied[:, 0] != 0) & (tied[:, 1] != 0)).any())
    assert together == {"a": True, "b": False}
