"""The nightly run: which nights, and which school years."""

from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from tests.dagster.conftest import YEAR
from tests.records import delivery

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def nights(schedule, since, count):
    ticks = schedule_execution_time_iterator(since.timestamp(), schedule.cron_schedule, schedule.execution_timezone)
    return [next(ticks).astimezone(AMSTERDAM) for _ in range(count)]


@pytest.mark.parametrize(
    ("since", "dates"),
    [
        (datetime(2023, 3, 24, 12, tzinfo=AMSTERDAM), [25, 26, 27, 28]),
        (datetime(2023, 10, 27, 12, tzinfo=AMSTERDAM), [28, 29, 30, 31]),
    ],
    ids=["to summer time", "to winter time"],
)
def test_every_night_has_one_run_also_when_the_clock_changes(installation, since, dates):
    schedule = next(iter(installation.defs.schedules))
    found = nights(schedule, since, 4)
    assert [night.day for night in found] == dates
    # the hour from two to three does not exist when summer time begins
    assert [night.hour for night in found if night.day != 26 or night.month != 3] == [2] * (4 - (since.month == 3))


@pytest.mark.parametrize(
    ("night", "years"),
    [
        (datetime(2023, 2, 4, 2, tzinfo=AMSTERDAM), {"2021-2022", YEAR}),
        (datetime(2031, 2, 4, 2, tzinfo=AMSTERDAM), {"2021-2022"}),
    ],
    ids=["in a school year of the region", "in none"],
)
def test_the_night_takes_in_whatever_is_there_and_refreshes_the_year_that_it_is_in_also_when_it_is_made_up_for(
    installation, night, years
):
    installation.drop("groeimee", "trajecten_2021-2022_2022-02-01.csv", delivery("trajecten"))
    schedule = next(iter(installation.defs.schedules))
    top = installation.defs.get_repository_def().get_top_level_resources()
    with dg.build_schedule_context(
        instance=installation.instance,
        scheduled_execution_time=night,
        resources={name: top[name] for name in ("inbox", "warehouse")},
    ) as context:
        asked = schedule(context)
    assert {request.partition_key for request in asked} == years
    assert {request.run_key for request in asked} == {f"{night.date()}/{year}" for year in years}
