"""The delivery calendar: what is expected by when, and how that stands."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline.delivery_calendar import (
    Expected,
    Progress,
    expected_of,
    state_of,
    states_of,
    told_years,
    unplaced,
)
from jos_pipeline.region import Region, load_region

YEAR = "2022-2023"
COLUMNS = ["leverancier", "soort", "schooljaar", "peildatum", "oordeel", "geldend", "ontvangen_op", "gewijzigd_op"]


def region_with(moments, uitstel=(), supplier=None, **more) -> Region:
    """The region of Alkmaar with another calendar; ``supplier`` changes groeimee."""
    settings = load_region().model_dump()
    settings["levermomenten"], settings["uitstel"] = tuple(moments), tuple(uitstel)
    for one in settings["leveranciers"]:
        if one["id"] == "groeimee":
            one.update(supplier or {})
    return Region.model_validate(settings | more)


def moment(peildatum="02-01", uiterlijk=21, **more):
    return {"peildatum": peildatum, "uiterlijk": uiterlijk, **more}


def ledger(*rows) -> pd.DataFrame:
    """Rows as (leverancier, soort, schooljaar, peildatum, oordeel, geldend, moment)."""
    known = pd.DataFrame([(*row, row[-1]) for row in rows], columns=COLUMNS).astype({"geldend": bool})
    return known.assign(sha256=[f"{number:064x}" for number in range(len(rows))])


def trajecten(peildatum=date(2023, 2, 1), oordeel="geaccepteerd", geldend=True, at=datetime(2023, 2, 3, tzinfo=UTC)):
    return ("groeimee", "trajecten", YEAR, peildatum, oordeel, geldend, at)


def of_groeimee(region, *rows, today=date(2023, 3, 1)):
    return state_of(region, "groeimee", "trajecten", YEAR, ledger(*rows), today)


ONE = region_with([moment()])


def deadlines(region, leverancier="groeimee", soort="trajecten", year=YEAR):
    return [
        (e.peildatum, e.uiterlijk)
        for e in expected_of(region, year)
        if (e.leverancier, e.soort) == (leverancier, soort)
    ]


def test_the_shipped_region_expects_every_agreed_delivery_twice_a_year():
    region = load_region()
    agreed = {(s.id, soort) for s in region.leveranciers for soort in s.levert}
    found = expected_of(region, YEAR)
    assert {(e.leverancier, e.soort) for e in found} == agreed
    assert Expected("vo2703", "tlv", YEAR, date(2023, 2, 1), date(2023, 2, 22)) in found
    assert Expected("vo2703", "tlv", YEAR, date(2023, 7, 31), date(2023, 9, 15)) in found


@pytest.mark.parametrize(
    ("given", "year", "expected"),
    [
        (moment("02-01", "02-22"), YEAR, (date(2023, 2, 1), date(2023, 2, 22))),
        (moment("10-01", 31), YEAR, (date(2022, 10, 1), date(2022, 11, 1))),
        (moment("08-01", 21), YEAR, (date(2023, 8, 1), date(2023, 8, 22))),  # closes the year
        (moment("08-02", 0), YEAR, (date(2022, 8, 2), date(2022, 8, 2))),
        (moment("11-01", "02-01"), YEAR, (date(2022, 11, 1), date(2023, 2, 1))),  # the turn of the calendar year
        (moment("02-29", 1), "2023-2024", (date(2024, 2, 29), date(2024, 3, 1))),
        (moment("02-29", 1), YEAR, (date(2023, 2, 28), date(2023, 3, 1))),
    ],
)
def test_the_days_of_a_moment(given, year, expected):
    assert deadlines(region_with([given]), year=year) == [expected]


def test_the_most_specific_moment_holds():
    region = region_with(
        [
            moment("02-01"),
            moment("03-01", soorten=["trajecten"]),
            moment("04-01", leveranciers=["groeimee"]),
            moment("05-01", soorten=["inzet"], leveranciers=["groeimee"]),
        ]
    )
    assert deadlines(region)[0][0] == date(2023, 4, 1)
    assert deadlines(region, soort="inzet")[0][0] == date(2023, 5, 1)
    assert deadlines(region, "vo2703", "tlv")[0][0] == date(2023, 2, 1)


def test_a_deadline_in_a_holiday_moves_to_the_day_after_it_also_over_two():
    pauses = [
        {"naam": "b", "van": date(2023, 3, 5), "tot_en_met": date(2023, 3, 6)},
        {"naam": "a", "van": date(2023, 2, 22), "tot_en_met": date(2023, 3, 4)},
    ]
    assert deadlines(region_with([moment()], pauses)) == [(date(2023, 2, 1), date(2023, 3, 7))]


def test_who_no_longer_delivers_is_not_expected_to():
    region = region_with([moment(), moment("07-31")], supplier={"geldig_tot": date(2023, 7, 1)})
    assert [day for day, _ in deadlines(region)] == [date(2023, 2, 1)]
    assert deadlines(region, year="2023-2024") == []
    assert "groeimee" not in {s.leverancier for s in states_of(region, "2023-2024", ledger(), date(2024, 3, 1))}


def test_a_school_that_does_not_exist_yet_is_not_expected_to():
    schools = [
        school.model_dump() | ({"geldig_van": date(2023, 8, 1)} if school.school == "19ZQ00" else {})
        for school in ONE.scholen
    ]
    region = region_with([moment()], scholen=schools)
    assert deadlines(region, "19zq00", "leerlingen") == []
    assert deadlines(region, "19zq00", "leerlingen", "2023-2024") == [(date(2024, 2, 1), date(2024, 2, 22))]


@pytest.mark.parametrize(
    ("moments", "uitstel", "said"),
    [
        ([moment("13-01")], [], "13-01 is geen dag"),
        ([moment(uiterlijk="02-30")], [], "02-30 is geen dag"),
        ([moment(uiterlijk=-1)], [], "0 tot en met 365 dagen"),
        ([moment(leveranciers=["niemand"]), moment()], [], "veld leveranciers: niemand is geen leverancier"),
        ([moment(soorten=["tlv"], leveranciers=["groeimee"]), moment()], [], "soorten: tlv is met geen van deze"),
        ([moment(), moment(uiterlijk=3)], [], "levermoment 02-01: dit staat 2 keer, voor iedereen en alle soorten"),
        ([moment(soorten=["tlv"])], [], "leverancier groeimee, veld levert: over inzet gaat geen"),
        ([], [{"naam": "kerst", "van": date(2023, 1, 2), "tot_en_met": date(2023, 1, 1)}], "deze dag ligt voor van"),
    ],
)
def test_a_mistake_in_the_calendar_is_told(moments, uitstel, said):
    with pytest.raises(ValueError, match=said):
        region_with(moments, uitstel)


@pytest.mark.parametrize(
    ("today", "progress", "ontbreekt", "te_laat"),
    [
        (date(2023, 1, 31), Progress.KOMT_NOG, False, False),
        (date(2023, 2, 1), Progress.OPEN, True, False),
        (date(2023, 2, 22), Progress.OPEN, True, False),
        (date(2023, 2, 23), Progress.TE_LAAT, True, True),
    ],
)
def test_what_is_not_there_becomes_missing_and_then_late(today, progress, ontbreekt, te_laat):
    state = of_groeimee(ONE, today=today)
    assert [m.progress for m in state.moments] == [progress]
    assert (state.ontbreekt, state.te_laat) == (ontbreekt, te_laat)


def test_a_delivery_in_force_as_of_the_peildatum_or_later_meets_the_moment():
    for day in (date(2023, 2, 1), date(2023, 2, 15)):
        state = of_groeimee(ONE, trajecten(day))
        assert (state.moments[0].progress, state.ontbreekt, state.te_laat) == (Progress.OP_TIJD, False, False)
    too_old = of_groeimee(ONE, trajecten(date(2023, 1, 31)))
    assert (too_old.ontbreekt, too_old.te_laat, too_old.geldend_peildatum) == (False, True, date(2023, 1, 31))


def test_what_came_after_the_deadline_is_told_apart_from_what_is_still_missing():
    late = trajecten(at=datetime(2023, 2, 23, 12, tzinfo=UTC))
    state = of_groeimee(ONE, late)
    assert (state.te_laat, state.na_deadline) == (False, True)


def test_a_better_delivery_after_the_deadline_makes_nobody_late():
    first, later = trajecten(geldend=False), trajecten(at=datetime(2023, 4, 1, tzinfo=UTC))
    assert of_groeimee(ONE, first, later).moments[0].progress is Progress.OP_TIJD


def test_the_day_of_arrival_is_the_dutch_one_also_around_daylight_saving():
    winter = trajecten(at=datetime(2023, 2, 22, 23, 30, tzinfo=UTC))  # 00:30 on the 23rd
    assert of_groeimee(ONE, winter).na_deadline
    region = region_with([moment("03-01", "04-01")])
    summer = trajecten(date(2023, 3, 1), at=datetime(2023, 4, 1, 22, 30, tzinfo=UTC))  # 00:30 on the 2nd
    assert of_groeimee(region, summer, today=date(2023, 5, 1)).na_deadline


def test_files_are_counted_by_verdict():
    state = of_groeimee(
        ONE,
        trajecten(oordeel="afgekeurd", geldend=False),
        trajecten(oordeel="geaccepteerd_met_afkeur"),
        trajecten(oordeel="dubbel", geldend=False),
    )
    assert (state.ontvangen, state.geaccepteerd, state.afgekeurd, state.dubbel) == (3, 1, 1, 1)


def test_who_is_late_and_sends_nothing_is_silent_who_sends_what_is_refused_is_not():
    old = datetime(2022, 9, 1, tzinfo=UTC)
    refused = (datetime(2023, 2, 20, tzinfo=UTC), "afgekeurd")
    assert of_groeimee(ONE).stil
    assert of_groeimee(ONE, trajecten(date(2022, 9, 1), at=old)).stil
    assert not of_groeimee(ONE, today=date(2023, 2, 1)).stil
    assert not of_groeimee(ONE, ("groeimee", "inzet", YEAR, None, refused[1], False, refused[0])).stil
    assert not of_groeimee(ONE, ("groeimee", None, None, None, refused[1], False, refused[0])).stil


def test_without_a_calendar_what_is_agreed_and_absent_is_missing_and_nothing_is_late():
    state = of_groeimee(region_with([]))
    assert (state.ontbreekt, state.te_laat, state.volgende) == (True, False, None)


def test_files_nobody_agreed_on_are_counted_and_never_missing():
    enquete = ("groeimee", "enquete", YEAR, date(2023, 2, 1), "geaccepteerd", True, datetime(2023, 2, 3, tzinfo=UTC))
    state = state_of(ONE, "groeimee", "enquete", YEAR, ledger(enquete), date(2023, 3, 1))
    assert (state.ontvangen, state.ontbreekt, state.te_laat) == (1, False, False)


def test_a_file_without_school_year_is_told_apart():
    stray = ("geen-map", None, None, None, "afgekeurd", False, datetime(2023, 2, 3, tzinfo=UTC))
    assert [(s.leverancier, s.soort, s.schooljaar, s.afgekeurd) for s in unplaced(ONE, ledger(stray))] == [
        ("geen-map", None, None, 1)
    ]


def test_the_years_told_of_have_files_or_are_now():
    assert told_years(ONE, ledger(trajecten()), date(2026, 11, 24)) == [YEAR, "2026-2027"]
    assert told_years(ONE, ledger(), date(2026, 7, 31)) == ["2025-2026"]
    assert told_years(ONE, ledger(), date(2026, 8, 1)) == ["2026-2027"]


@settings(max_examples=40)
@given(
    today=st.dates(date(2022, 8, 1), date(2024, 1, 1)),
    peildatum=st.none() | st.dates(date(2022, 8, 1), date(2023, 8, 1)),
    days=st.integers(0, 90),
)
def test_time_makes_late_and_never_undoes_it(today, peildatum, days):
    rows = [] if peildatum is None else [trajecten(peildatum)]
    region = TWICE
    now, later = (of_groeimee(region, *rows, today=day) for day in (today, today + timedelta(days=days)))
    assert set(now.late) <= set(later.late)
    assert {m.expected for m in now.moments} == {*now.late, *now.coming} | {
        m.expected for m in now.moments if peildatum is not None and peildatum >= m.expected.peildatum
    }
    assert all(today <= e.uiterlijk for e in now.coming)


TWICE = region_with([moment(), moment("07-31", "09-15")])
