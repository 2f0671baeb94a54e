"""Figures around the pupil, by hand: absence, inhabitants, carers from outside and the survey (spec 2.2)."""

from datetime import date

import polars as pl
import pytest
from linked_rows import JUNE, YEAR, rows
from test_cube import SMALL, cell, cube_of, value

from jos_pipeline.disclosure import areas_by_period, protect
from jos_pipeline.school_year import SchoolYear
from schemas.codelists import ROL

FIRST_HALF, SECOND_HALF = "halfjaar_1", "halfjaar_2"


def test_absence_counts_pupils_once_and_only_those_of_schools_that_delivered() -> None:
    pupils = [{"leerling_id": f"p{n}"} for n in range(50)]
    reports = [
        {"leerling_id": "p1", "begindatum": date(2022, 9, 5)},
        {"leerling_id": "p1", "begindatum": date(2022, 11, 5)},
        {"leerling_id": "p2", "begindatum": date(2023, 1, 9)},
        {"leerling_id": "p3", "begindatum": date(2022, 7, 31)},
        {"leerling_id": "p4", "soort": "langdurig_relatief"},
        {"leerling_id": "elders", "begindatum": date(2022, 9, 5)},
    ]
    frames = {"leerlingen": rows("leerlingen", *pupils), "verzuim": rows("verzuim", *reports)}
    cube = cube_of(frames, only=("verzuim_16uur", "verzuim_langdurig"))
    assert value(cube, "verzuim_16uur", "10AA00") == pytest.approx(1000 * 2 / 50)
    assert value(cube, "verzuim_16uur", "10AA00", periode=FIRST_HALF) == pytest.approx(1000 * 1 / 50)
    assert value(cube, "verzuim_langdurig", "10AA00", "regulier") == pytest.approx(1000 * 1 / 50)


INHABITANTS = [
    {"leeftijdsklasse": ages, "peildatum": day, "aantal": count}
    for day, count in ((date(2023, 1, 1), 400), (date(2023, 4, 1), 500))
    for ages in ("8-11", "12-13", "14-15", "16-17", "18+")
]


def test_use_of_youth_care_is_among_inhabitants_of_the_same_ages() -> None:
    care = [
        {"leerling_id": "p1", "leeftijdsklasse": "12-13"},
        {"leerling_id": "p1", "leeftijdsklasse": "12-13", "hulpvorm": "04"},
        {"leerling_id": "p2", "leeftijdsklasse": "16-17"},
        {"leerling_id": "p3", "leeftijdsklasse": "8-11"},
    ]
    frames = {"jeugdhulp": rows("jeugdhulp", *care), "inwoners": rows("inwoners", *INHABITANTS)}
    cube = cube_of(frames, only=("jeugdhulp_gebruik",))
    found = cell(cube, "jeugdhulp_gebruik", "GM0001")
    assert (found["teller"], found["noemer"], found["teller_personen"]) == (2, 1500, 2)
    assert value(cube, "jeugdhulp_gebruik", "GM0001", "12-13") == pytest.approx(1 / 500)
    # before the first count of inhabitants, that count is the best there is
    assert cell(cube, "jeugdhulp_gebruik", "GM0001", periode=FIRST_HALF)["noemer"] == 1200


def test_absolute_absence_leaves_out_who_is_exempt() -> None:
    children = [
        {"leerling_id": "p1"},
        {"leerling_id": "p2", "vrijstelling": True},
        {"leerling_id": "p3", "einddatum": date(2022, 7, 1), "begindatum": date(2022, 5, 1)},
    ]
    frames = {"leerplicht": rows("leerplicht", *children), "inwoners": rows("inwoners", *INHABITANTS)}
    cube = cube_of(frames, only=("absoluut_verzuim",))
    found = cell(cube, "absoluut_verzuim", "GM0001")
    assert (found["teller"], found["noemer"]) == (1, 2000)
    assert found["waarde"] == pytest.approx(0.5)


def test_carers_are_those_of_the_last_count_in_the_window() -> None:
    counts = [
        {"peildatum": date(2022, 10, 1), "aantal_begeleiders": 8},
        {"peildatum": date(2023, 2, 1), "aantal_begeleiders": 5},
        {"peildatum": date(2023, 7, 1), "aantal_begeleiders": 1},
        {"school": "10BB00", "peildatum": date(2022, 10, 1), "aantal_begeleiders": 2},
    ]
    cube = cube_of({"begeleiders": rows("begeleiders", *counts)}, only=("externe_begeleiders",))
    assert value(cube, "externe_begeleiders", "10AA00") == 5
    assert value(cube, "externe_begeleiders", periode=FIRST_HALF) == 5  # (8 + 2) / 2
    assert value(cube, "externe_begeleiders") == 3.5
    assert cell(cube, "externe_begeleiders", "10CC00")["waarde_status"] == "geen_waarnemingen"


ANSWERS = [
    {"school": "10AA00", "samenwerking": 6, "missie_bekend": True, "verbetering": "ja"},
    {"school": "10AA00", "samenwerking": 7, "missie_bekend": False, "verbetering": "deels"},
    {"rol": "beleid", "samenwerking": 5, "missie_bekend": True},
    {"rol": "beleid"},
]


def test_the_survey_counts_who_answered_and_the_region_counts_who_named_no_school() -> None:
    cube = cube_of({"enquete": rows("enquete", *ANSWERS)}, only=("samenwerking", "missie_bekend", "verbetering"))
    assert value(cube, "samenwerking", "10AA00") == 6.5
    assert value(cube, "samenwerking") == 6.0
    assert value(cube, "samenwerking", categorie="beleid") == 5.0
    assert (cell(cube, "missie_bekend")["teller"], cell(cube, "missie_bekend")["noemer"]) == (2, 3)
    assert value(cube, "verbetering") == 0.5
    found = cell(cube, "samenwerking")
    assert (found["noemer"], found["noemer_personen"], found["personen"]) == (3, 3, True)
    assert (found["n_verwacht"], found["n_geleverd"]) == (3, 1)
    assert cell(cube, "samenwerking", "10BB00")["waarde_status"] == "niet_geleverd"


def test_respondents_of_two_suppliers_with_one_code_are_two() -> None:
    one = rows("enquete", {"respondent": "R1", "missie_bekend": True}, leverancier="jos")
    other = rows("enquete", {"respondent": "R1", "missie_bekend": True}, leverancier="10aa00")
    school = pl.lit("10AA00").alias("school")
    cube = cube_of({"enquete": pl.concat([one, other]).with_columns(school)}, SMALL, only=("missie_bekend",))
    assert cell(cube, "missie_bekend")["noemer"] == 2


def test_document_004_gives_the_cooperation_a_six_point_one() -> None:
    marks = [6] * 9 + [7]
    answers = [{"school": "10AA00", "samenwerking": mark} for mark in marks]
    cube = cube_of({"enquete": rows("enquete", *answers)}, only=("samenwerking",))
    assert value(cube, "samenwerking") == pytest.approx(6.1)


@pytest.mark.parametrize(("without_school", "schools_told"), [(3, False), (0, True), (40, True)])
def test_a_few_answers_without_a_school_cannot_be_had_by_subtracting(without_school: int, schools_told: bool) -> None:
    """The region less its samenwerkingsverbanden is who named no school: with three of them only the region is told."""
    answers = [
        {"school": school, "rol": rol, "samenwerking": 6, "missie_bekend": number % 2 == 0}
        for school in ("10AA00", "10BB00", "10CC00")
        for rol in ROL.values
        for number in range(60)
    ]
    answers += [{"rol": rol, "missie_bekend": known} for known in (True, False) for rol in ROL.values] * (
        without_school // 2 if without_school > 10 else 0
    )
    answers += [{"rol": "beleid", "missie_bekend": True}] * (without_school if without_school < 10 else 0)
    cube = cube_of({"enquete": rows("enquete", *answers)}, only=("missie_bekend", "samenwerking"))
    safe = protect(cube, areas_by_period(SMALL, SchoolYear.parse(YEAR), JUNE), 10)
    told = safe.filter(periode="schooljaar", uitsplitsing="totaal", waarde_status="ok", indicator="missie_bekend")
    assert "testregio" in told["gebied"].to_list()
    assert ("VO0001" in told["gebied"].to_list()) == schools_told
