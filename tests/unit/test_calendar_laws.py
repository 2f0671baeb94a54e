"""Days, school years and moments at nights that are unlike others: summer and winter time, 29 February, 1 August."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jos_pipeline.clock import AMSTERDAM, day_of, moment_of
from jos_pipeline.delivery_moments import DeliveryMoment
from jos_pipeline.region import _a_year_after
from jos_pipeline.school_year import Period, SchoolYear

DAYS = st.dates(date(2015, 1, 1), date(2060, 12, 31))
EVERY_DAY = [date(2023, 1, 1) + timedelta(days=n) for n in range(731)]  # 2024 is a leap year
MONTH_DAYS = st.sampled_from([f"{day:%m-%d}" for day in EVERY_DAY if day.year == 2024])


@given(DAYS)
def test_a_day_lies_in_one_school_year_and_the_halves_make_it_whole(day):
    year = SchoolYear.of(day)
    assert year.first_day <= day <= year.last_day
    assert SchoolYear.of(year.last_day + timedelta(days=1)) == SchoolYear(year.start_year + 1)
    days = {window.period: window.days for window in year.windows(year.last_day)}
    leap = (year.last_day - date(year.last_day.year, 2, 28)).days - 153  # one more when there is a 29th
    assert days[Period.SCHOOLJAAR] == days[Period.HALFJAAR_1] + days[Period.HALFJAAR_2] == 365 + leap
    cut = {window.period: window for window in year.windows(day)}
    assert cut[Period.SCHOOLJAAR].b == day
    assert (Period.HALFJAAR_2 in cut) == (day >= date(year.start_year + 1, 1, 1))


@given(MONTH_DAYS, st.one_of(MONTH_DAYS, st.integers(0, 365)), st.integers(2015, 2060))
def test_a_moment_of_the_calendar_is_in_or_closes_its_school_year_and_no_deadline_is_before_it(month_day, by, start):
    year, moment = SchoolYear(start), DeliveryMoment(peildatum=month_day, uiterlijk=by)
    day = moment.day_in(year)
    assert year.first_day < day <= year.last_day + timedelta(days=1)
    assert f"{day:%m-%d}" == month_day or (month_day, f"{day:%m-%d}") == ("02-29", "02-28")
    assert day <= moment.deadline_in(year) <= day + timedelta(days=366)


@pytest.mark.parametrize("night", ["2023-03-26", "2023-10-29", "2023-07-31", "2023-08-01", "2024-02-29", "2024-02-28"])
def test_days_follow_each_other_minute_by_minute_in_the_nights_that_are_not_like_others(night):
    begin = datetime.combine(date.fromisoformat(night) - timedelta(days=1), datetime.min.time(), UTC)
    days = [day_of(begin + timedelta(minutes=minute)) for minute in range(3 * 1440)]
    assert all(after - before in (timedelta(0), timedelta(days=1)) for before, after in pairwise(days))
    length = {"2023-03-26": 23, "2023-10-29": 25}.get(night, 24)
    assert days.count(date.fromisoformat(night)) == length * 60


def test_the_school_year_turns_at_dutch_midnight():
    turn = datetime(2023, 7, 31, 22, 0, tzinfo=UTC)
    assert SchoolYear.of(day_of(turn)) == SchoolYear(2023)
    assert SchoolYear.of(day_of(turn - timedelta(seconds=1))) == SchoolYear(2022)


@given(st.builds(datetime.combine, DAYS, st.times()))
def test_a_moment_somebody_wrote_is_of_that_day_also_in_an_hour_that_is_not_or_twice(written):
    written = written.replace(second=0, microsecond=0)
    found = moment_of(written.isoformat())
    assert day_of(found) == written.date()
    there = found.astimezone(UTC).astimezone(AMSTERDAM).replace(tzinfo=None)
    assert there - written in (timedelta(0), timedelta(hours=1))  # an hour later where the hour is left out
    assert moment_of(written.date().isoformat()) >= found


def test_a_year_after_a_29th_of_february_is_a_28th():
    assert _a_year_after(date(2024, 2, 29)) == date(2025, 2, 28)
    assert [_a_year_after(day) - day for day in EVERY_DAY if day.year == 2023].count(timedelta(days=366)) == 306
