"""Masked counts and reported totals in the cube: intervals, where they stand in, and where they come from."""

from typing import Any

import polars as pl
import pytest
from linked_rows import JUNE, YEAR, rows
from test_cube import SMALL, cell, cube_of

from jos_pipeline.disclosure import areas_by_period, protect
from jos_pipeline.school_year import SchoolYear

NO_PUPILS = frozenset({("10cc00", "leerlingen")})


def reported(indicator: str, teller: tuple[int, int | None], noemer: int | None = None, **more: Any) -> dict[str, Any]:
    low, high = teller
    exact = {"noemer": noemer, "noemer_min": noemer, "noemer_max": noemer}
    return (
        {
            "indicator": indicator,
            "teller": low if low == high else None,
            "teller_min": low,
            "teller_max": high,
        }
        | (exact if noemer is not None else {})
        | more
    )


def frames(*opgaven: dict[str, Any], pupils: int = 20) -> dict[str, pl.DataFrame]:
    there = [{"leerling_id": f"p{n}", "school": "10AA00"} for n in range(pupils)]
    return {"leerlingen": rows("leerlingen", *there), "opgave": rows("opgave", *opgaven, leverancier="vo0002")}


def test_a_total_stands_in_for_a_school_without_records_and_is_carried_upward() -> None:
    cube = cube_of(frames(reported("leerlingen", (40, 40))), without=NO_PUPILS, only=("leerlingen",))
    at_school, region = cell(cube, "leerlingen", "10CC00"), cell(cube, "leerlingen")
    assert (at_school["waarde"], at_school["herkomst"], at_school["waarde_status"]) == (40, "opgave", "ok")
    assert (region["waarde"], region["herkomst"], region["n_geleverd"]) == (60, "gemengd", 3)
    assert (region["teller_personen"], at_school["teller_personen"]) == (60, 40)
    assert cell(cube, "leerlingen", "VO0001")["herkomst"] == "levering"
    # only the period that was reported
    assert cell(cube, "leerlingen", "10CC00", periode="halfjaar_1")["waarde_status"] == "niet_geleverd"


def test_records_go_before_a_reported_total() -> None:
    opgave = reported("leerlingen", (40, 40), school="10AA00")
    cube = cube_of(frames(opgave), without=NO_PUPILS, only=("leerlingen",))
    assert (cell(cube, "leerlingen", "10AA00")["waarde"], cell(cube, "leerlingen")["herkomst"]) == (20, "levering")


def test_a_masked_total_is_an_interval_and_never_a_zero() -> None:
    cube = cube_of(frames(reported("leerlingen", (1, 4))), without=NO_PUPILS, only=("leerlingen",))
    for gebied, bounds in (("10CC00", (1, 4)), ("testregio", (21, 24))):
        found = cell(cube, "leerlingen", gebied)
        assert (found["waarde"], found["teller"], found["waarde_status"]) == (None, None, "interval")
        assert (found["waarde_min"], found["waarde_max"]) == bounds
    assert cell(cube, "leerlingen", "10AA00")["waarde_min"] is None


def test_a_total_masked_without_a_bound_has_no_largest_value() -> None:
    cube = cube_of(frames(reported("leerlingen", (0, None))), without=NO_PUPILS, only=("leerlingen",))
    found = cell(cube, "leerlingen")
    assert (found["waarde_min"], found["waarde_max"], found["waarde_status"]) == (20, None, "interval")


def test_a_share_takes_teller_and_noemer() -> None:
    without = frozenset({("jos", "trajecten")}) | NO_PUPILS
    share = reported("jos_bereik", (10, 10), noemer=40)
    cube = cube_of(frames(share), without=without, only=("jos_bereik",))
    found = cell(cube, "jos_bereik", "10CC00")
    assert (found["teller"], found["noemer"], found["waarde"]) == (10, 40, 0.25)
    masked = cube_of(frames(reported("jos_bereik", (1, 4), noemer=8)), without=without, only=("jos_bereik",))
    found = cell(masked, "jos_bereik", "10CC00")
    assert (found["waarde_min"], found["waarde_max"]) == (0.125, 0.5)
    # without a noemer there is no share
    alone = cube_of(frames(reported("jos_bereik", (10, 10))), without=without, only=("jos_bereik",))
    assert cell(alone, "jos_bereik", "10CC00")["waarde_status"] == "niet_geleverd"


def test_a_school_that_reports_that_there_was_nothing_to_count_did_report() -> None:
    without = frozenset({("jos", "trajecten")})
    cube = cube_of(frames(reported("zonder_vervolg", (0, 0), noemer=0)), without=without, only=("zonder_vervolg",))
    found = cell(cube, "zonder_vervolg", "10CC00")
    assert (found["waarde_status"], found["herkomst"], found["n_geleverd"]) == ("geen_waarnemingen", "opgave", 1)


@pytest.mark.parametrize(("indicator", "most"), [("zonder_vervolg", 1), ("leerlingen_per_fte", None)])
def test_a_share_of_a_masked_number_is_an_interval(indicator: str, most: float | None) -> None:
    masked = reported(indicator, (10, 10), noemer_min=0, noemer_max=None)
    sources = ("trajecten", "inzet")
    without = frozenset(("jos", soort) for soort in sources) | NO_PUPILS
    found = cell(cube_of(frames(masked), without=without, only=(indicator,)), indicator, "10CC00")
    assert (found["waarde_status"], found["waarde"]) == ("interval", None)
    assert (found["waarde_min"], found["waarde_max"]) == (0, most)


def test_a_school_that_only_a_team_serves_shows_what_it_reported() -> None:
    without = frozenset({("jos", "activiteiten"), ("jos", "inzet")})
    cube = cube_of(frames(reported("consultaties", (12, 12))), without=without, only=("consultaties",))
    assert cell(cube, "consultaties", "10CC00")["waarde"] == cell(cube, "consultaties", "GM0002")["waarde"] == 12


def test_a_small_reported_total_cannot_be_had_by_subtracting() -> None:
    """The region with and without the school that reported three pupils: their difference must not be published."""
    few = {"leerlingen": rows("leerlingen", *({"leerling_id": f"p{n}", "school": "10AA00"} for n in range(40)))}
    few["leerlingen"] = pl.concat(
        [few["leerlingen"], rows("leerlingen", *({"leerling_id": f"q{n}", "school": "10BB00"} for n in range(30)))]
    )
    few["trajecten"] = rows("trajecten", *({"leerling_id": f"p{n}", "traject_id": f"t{n}"} for n in range(20)))
    few["opgave"] = rows("opgave", reported("leerlingen", (3, 3)))
    cube = cube_of(few, without=NO_PUPILS, only=("leerlingen", "jos_bereik"))
    assert cell(cube, "leerlingen")["teller_maat"] != cell(cube, "jos_bereik")["noemer_maat"]
    year = SchoolYear.parse(YEAR)
    safe = protect(cube, areas_by_period(SMALL, year, JUNE), 10).filter(categorie="totaal", periode="schooljaar")
    seen = {(row["indicator"], row["gebied"]): row for row in safe.iter_rows(named=True)}
    whole, part = seen["leerlingen", "testregio"]["teller"], seen["jos_bereik", "testregio"]["noemer"]
    assert whole is None or part is None
    assert seen["leerlingen", "10CC00"]["waarde_status"] == "onderdrukt"


@pytest.mark.parametrize(("second", "region_told"), [(3, False), (0, True), (40, True)])
def test_two_figures_on_one_count_do_not_tell_what_one_school_reported_for_one_of_them(
    second: int, region_told: bool
) -> None:
    """Both schools report pupils, only the first the reach of help: the noemers differ by the second school."""
    pupils = [{"leerling_id": f"p{n}", "school": "10BB00"} for n in range(60)]
    both = [reported("leerlingen", (40, 40), school="10AA00")]
    both += [reported("leerlingen", (second, second), school="10CC00")] if second else []
    given = {
        "leerlingen": rows("leerlingen", *pupils),
        "trajecten": rows(
            "trajecten",
            *({"leerling_id": f"p{n}", "traject_id": f"t{n}", "school": "10BB00"} for n in range(20)),
        ),
        "opgave": rows("opgave", *both, reported("jos_bereik", (15, 15), noemer=40, school="10AA00")),
    }
    without = frozenset({("10aa00", "leerlingen"), ("10cc00", "leerlingen"), ("jos", "trajecten")})
    cube = cube_of(given, without=without, only=("leerlingen", "jos_bereik"))
    safe = protect(cube, areas_by_period(SMALL, SchoolYear.parse(YEAR), JUNE), 10)
    seen = {
        row["indicator"]: row
        for row in safe.filter(niveau="regio", categorie="totaal", periode="schooljaar").rows(named=True)
    }
    told = [seen["leerlingen"]["teller"], seen["jos_bereik"]["noemer"]]
    assert (None not in told) == region_told


def test_a_category_is_reported_by_itself() -> None:
    of_grade = reported("leerlingen", (12, 12), uitsplitsing="leerjaar", categorie="2")
    cube = cube_of(frames(of_grade, reported("leerlingen", (40, 40))), without=NO_PUPILS, only=("leerlingen",))
    assert cell(cube, "leerlingen", "10CC00", "2")["waarde"] == 12
    assert cell(cube, "leerlingen", "10CC00")["waarde"] == 40
    assert cell(cube, "leerlingen", "10CC00", "3")["waarde_status"] == "niet_geleverd"


def exam(school: str, kandidaten: tuple[int, int], geslaagden: tuple[int, int], kind: str = "havo") -> dict[str, Any]:
    names = ("kandidaten_min", "kandidaten_max", "geslaagden_min", "geslaagden_max")
    cells = dict(zip(names, (*kandidaten, *geslaagden), strict=True))
    return {"schooljaar": "2022-2023", "school": school, "onderwijssoort": kind} | cells


def test_masked_exam_results_make_the_narrowest_interval_that_holds_every_possibility() -> None:
    known = exam("10AA00", (14, 14), (10, 10))
    cube = cube_of({"duo_examen": pl.DataFrame([known])}, only=("duo_slaagpercentage",))
    assert cell(cube, "duo_slaagpercentage", "10AA00")["waarde"] == pytest.approx(10 / 14)
    both = pl.DataFrame([known, exam("10AA00", (1, 4), (1, 4), "vwo")])
    found = cell(cube_of({"duo_examen": both}, only=("duo_slaagpercentage",)), "duo_slaagpercentage", "10AA00")
    possible = [(10 + passed) / (14 + there) for there in range(1, 5) for passed in range(1, there + 1)]
    assert found["waarde_status"] == "interval"
    assert found["waarde_min"] == pytest.approx(min(possible))
    assert found["waarde_max"] == pytest.approx(max(possible))
    assert found["waarde"] is None
    assert SMALL.id == "testregio"
