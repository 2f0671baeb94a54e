"""What holds for a part of the time: suppliers, schools that close during the year, gemeenten that merge."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from linked_rows import YEAR, everything, rows
from test_cube import SMALL, cell, cube_of

from jos_pipeline.coverage import Coverage
from jos_pipeline.delivery_calendar import expected_of
from jos_pipeline.disclosure import areas_by_period, protect
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.linking import link
from jos_pipeline.region import Region, Supplier, SupplierKind, load_region
from jos_pipeline.school_year import SchoolYear

BEFORE, MERGER = "2021-2022", date(2022, 1, 1)
AUTUMN = date(2021, 9, 1)


def trajecten(school: str, many: int, **more: Any) -> list[dict[str, Any]]:
    return [{"leerling_id": f"{school}{number}", "school": school, **more} for number in range(many)]


# --- suppliers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dates", [{"geldig_van": date(2023, 8, 1)}, {"geldig_tot": date(2022, 8, 1)}], ids=str)
def test_nobody_waits_for_who_is_a_supplier_in_other_years_only(dates: dict[str, date]) -> None:
    other = Supplier(id="ander", naam="Ander", soort=SupplierKind.AANBIEDER, levert=("trajecten", "inzet"), **dates)
    of = SMALL.model_copy(update={"leveranciers": (*SMALL.leveranciers, other)})
    frames = {"trajecten": rows("trajecten", *trajecten("10AA00", 20))}
    without = frozenset({("ander", "trajecten"), ("ander", "inzet")})
    cube = cube_of(frames, of, without=without, only=("jos_leerlingen", "respons"))
    assert cell(cube, "jos_leerlingen")["waarde"] == 20
    assert cell(cube, "respons")["waarde"] == 1
    assert {one.leverancier for one in expected_of(of, YEAR)} == {one.leverancier for one in expected_of(SMALL, YEAR)}


def test_who_is_a_supplier_on_some_day_of_the_year_is_waited_for() -> None:
    other = Supplier(
        id="ander", naam="Ander", soort=SupplierKind.AANBIEDER, levert=("trajecten",), geldig_tot=date(2022, 8, 2)
    )
    of = SMALL.model_copy(update={"leveranciers": (*SMALL.leveranciers, other)})
    cube = cube_of({}, of, without=frozenset({("ander", "trajecten")}), only=("jos_leerlingen", "respons"))
    assert cell(cube, "jos_leerlingen")["waarde_status"] == "niet_geleverd"
    assert cell(cube, "respons")["waarde"] < 1


# --- schools -----------------------------------------------------------------------------------------------------


def closing(day: date) -> Region:
    """The second school closes on that day."""
    schools = (s.model_copy(update={"geldig_tot": day}) if s.school == "10BB00" else s for s in SMALL.scholen)
    return SMALL.model_copy(update={"scholen": tuple(schools)})


def test_a_school_that_closed_during_the_year_counts_in_it() -> None:
    of = closing(date(2023, 2, 1))
    pupils = [{"leerling_id": f"p{number}", "school": "10BB00"} for number in range(30)]
    ended = {"begindatum": date(2022, 9, 1), "einddatum": date(2022, 12, 1), "uitkomst": "geen_vervolg"}
    frames = {
        "leerlingen": rows("leerlingen", *pupils),
        "trajecten": rows("trajecten", *trajecten("10BB00", 20, **ended)),
    }
    cube = cube_of(frames, of, only=("leerlingen", "jos_leerlingen", "jos_trajecten_afgesloten", "scholen"))
    year, half = (
        {name: cell(cube, name, periode=p)["waarde"] for name in INDICATORS if name in set(cube["indicator"])}
        for p in ("schooljaar", "halfjaar_1")
    )
    assert (
        year
        == half | {"scholen": 2}
        == {"leerlingen": 30, "jos_leerlingen": 20, "jos_trajecten_afgesloten": 20, "scholen": 2}
    )
    assert cell(cube, "jos_leerlingen", "10BB00")["waarde"] == 20
    assert cell(cube, "jos_leerlingen")["n_verwacht"] == 3
    areas = areas_by_period(of, SchoolYear.parse(YEAR), date(2023, 6, 1))
    assert protect(cube, areas, 10).height == cube.height, "it lies somewhere"


def test_a_school_that_closed_before_the_year_does_not() -> None:
    cube = cube_of({}, closing(date(2022, 8, 1)), only=("scholen", "jos_leerlingen"))
    assert "10BB00" not in set(cube["gebied"])
    assert cell(cube, "jos_leerlingen")["n_verwacht"] == 2


# --- gemeenten that merge ------------------------------------------------------------------------------------------


def around_the_merger(woongemeente: str, peildatum: date, *only: str) -> pl.DataFrame:
    """Twenty pupils of the school in Heerhugowaard, since 2022 Dijk en Waard, who live there too; and so do others."""
    alkmaar, there = load_region("alkmaar"), {"woongemeente": woongemeente}
    pupils = trajecten("08UV00", 20, aanmelddatum=AUTUMN, begindatum=AUTUMN, **there)
    home = [{"leerling_id": one["leerling_id"], "begindatum": AUTUMN} | there for one in pupils]
    inwoners = [
        {"woongemeente": code, "leeftijdsklasse": "12-13", "peildatum": day, "aantal": 100}
        for code, day in (("GM0398", date(2021, 1, 1)), ("GM1980", MERGER))
    ]
    frames = {
        "trajecten": rows("trajecten", *pupils),
        "thuiszitters": rows("thuiszitters", *home),
        "jeugdhulp": rows(
            "jeugdhulp", *({"leerling_id": one["leerling_id"], "aanvang": AUTUMN} | there for one in pupils)
        ),
        "inwoners": rows("inwoners", *inwoners),
    }
    base, chosen = link(frames, alkmaar, BEFORE), [INDICATORS[name] for name in only]
    return compute_cube(base, Coverage(everything(alkmaar)), alkmaar, BEFORE, peildatum, indicators=chosen)


@pytest.mark.parametrize("code", ["GM1980", "GM0398"], ids=["delivered after", "delivered before"])
@pytest.mark.parametrize("periode", ["schooljaar", "halfjaar_1"])
def test_pupils_of_a_gemeente_that_merged_during_the_year_count_in_the_region_whatever_it_was_called(code, periode):
    cube = around_the_merger(code, date(2022, 7, 31), "thuiszitters", "jos_buiten_gemeente", "jeugdhulp_gebruik")
    for area in ("alkmaar", "VO2703"):
        assert cell(cube, "thuiszitters", area, periode=periode)["waarde"] == 20
        help_ = cell(cube, "jeugdhulp_gebruik", area, periode=periode)
        assert (help_["teller"], help_["noemer"]) == (20, 100), "inhabitants are those of before, or those of after"
    away = cell(cube, "jos_buiten_gemeente", "08UV00", periode=periode)
    assert (away["teller"], away["noemer"]) == (0, 20)
