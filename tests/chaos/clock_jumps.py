"""Clocks that jump, in a daemon that goes on living: no night and no delivery is missed, and none comes twice."""

from collections import Counter
from pathlib import Path

import pytest

from tests.chaos import place
from tests.chaos.clocks import House, daemon, faketime, found
from tests.records import delivery

BEFORE, THIS, NEXT, LAST = "2022-2023", "2023-2024", "2024-2025", "2025-2026"
FILE = place.Dropped("groeimee", f"trajecten_{THIS}_2024-02-01.csv", delivery("trajecten"), "2024-02-28T10:00")
LATE = place.Dropped("groeimee", f"trajecten_{BEFORE}_2023-02-01.csv", delivery("trajecten"), "2024-10-27T00:30")

NIGHTS = {
    "2024-02-29",
    "2024-03-01",
    "2024-03-30",
    "2024-03-31",
    "2024-10-26",
    "2024-10-27",
    "2025-08-01",
}
"""The nights in which the daemon lives, and the last before each jump ends."""
A_WHILE = 20.0
"""Seconds in which sensors and schedules look several times, unless their clock keeps them from it."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    if faketime() is None:
        pytest.skip("libfaketime is not installed")
    return found(tmp_path / "huis")


def lives_through(house: House, moment: str, night: str, *years: str) -> None:
    """The clock jumps to a moment; the night it then is asks for each of these school years."""
    house.set_clock(moment)
    wanted = {(night, year) for year in years}
    assert house.wait_until(lambda: wanted <= {*house.nights()}), f"{night}: {house.nights()}, {house.red_ticks()}"


def test_a_living_daemon_whose_clock_jumps_asks_for_every_night_and_every_file_once(house: House):
    house.set_clock("2024-02-28T11:00")
    house.drop(FILE)
    with daemon(house):
        assert house.wait_until(lambda: house.deliveries()[THIS] == 1), house.red_ticks()
        lives_through(house, "2024-02-29T01:05", "2024-02-29", THIS)
        lives_through(house, "2024-03-01T01:05", "2024-03-01", THIS)
        # a month is skipped: only the last night is made up for, and one of them does all there is to do
        lives_through(house, "2024-03-30T12:00", "2024-03-30", THIS)
        # the night in which the hour from two to three is not there
        lives_through(house, "2024-03-31T01:05", "2024-03-31", THIS)
        # the night in which it is there twice: at its first two o'clock nothing, for the night before is the last
        lives_through(house, "2024-10-27T00:05", "2024-10-26", NEXT)
        lives_through(house, "2024-10-27T01:05", "2024-10-27", NEXT)
        # back: the night does not come again, and a file waits
        house.set_clock("2024-10-27T00:30")
        house.live_on(A_WHILE)  # whatever was being looked at by the old clock is over
        before = house.runs()
        house.drop(LATE)
        house.live_on(A_WHILE)
        assert house.runs() == before
    # the clock is right again: a daemon that slept over it goes on when it is begun anew
    house.set_clock("2024-10-27T02:30")
    with daemon(house):
        assert house.wait_until(lambda: house.deliveries()[BEFORE] == 1), house.red_ticks()
        # the turn of the school year
        lives_through(house, "2025-08-01T01:05", "2025-08-01", LAST)
        asked, files, runs = house.nights(), house.deliveries(), house.runs()
    twice = {night: times for night, times in asked.items() if times > 1}
    assert twice == {}
    assert {*runs} == {"QUEUED"}
    assert files == Counter({THIS: 1, BEFORE: 1})
    assert {night for night, _ in asked} == NIGHTS
    assert house.red_ticks() == []
