"""A clock that is wrong is doubted before anything is removed; a house that is used, however little, is not."""

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jos_pipeline.expiry import Expired
from jos_pipeline.pruning_doubts import ASLEEP, SILENT, doubts

DAY = timedelta(days=1)
TODAY = date(2026, 11, 26)
QUARANTINE = Expired("afgekeurde_rijen", "quarantaine/trajecten/2025-2026/groeimee/0123456789abcdef.parquet")


def of_year(year: str, klasse: str = "leveringen") -> Expired:
    return Expired(klasse, f"gevalideerd/trajecten/{year}.parquet")


def told(day: date, *signs: date, sure: Iterable[date] = (), gone: Iterable[Expired] = (QUARANTINE,)) -> str:
    return " ".join(doubts(day, signs, sure, [*gone]))


def test_a_house_that_worked_yesterday_is_believed():
    assert told(TODAY, TODAY - 300 * DAY, TODAY - DAY, gone=[of_year("2021-2022"), QUARANTINE]) == ""


def test_a_day_long_after_the_last_sign_is_doubted():
    assert told(TODAY + SILENT, TODAY) == ""
    assert "26 november 2026" in told(TODAY + SILENT + DAY, TODAY)
    assert "1 januari 2040" in told(date(2040, 1, 1), TODAY)


def test_a_clock_that_ran_ahead_while_the_daemon_worked_on_is_doubted():
    """Then the monitor lived through the wrong days as well: its last sign is of yesterday."""
    ahead = date(2040, 1, 1)
    assert "tussen" in told(ahead, TODAY - DAY, TODAY, ahead - DAY, ahead).lower()
    assert told(TODAY + ASLEEP, TODAY, TODAY + ASLEEP) == ""


def test_a_day_that_somebody_was_sure_of_is_not_doubted_again():
    ahead = date(2040, 1, 1)
    assert told(ahead + 30 * DAY, TODAY, ahead, sure=[ahead]) == ""
    assert told(ahead + 300 * DAY, TODAY, ahead, sure=[ahead]) != ""


def test_a_proof_of_a_day_that_must_still_come_makes_nobody_sure():
    assert told(TODAY, date(2024, 1, 1), TODAY, sure=[date(2040, 1, 1)]) != ""


def test_more_than_one_school_year_at_once_is_doubted():
    both = [of_year("2021-2022"), of_year("2022-2023", "interne_cijfers")]
    assert "2021-2022, 2022-2023" in told(TODAY, TODAY, gone=both)
    assert told(TODAY, TODAY, gone=[of_year("2021-2022"), of_year("2021-2022", "interne_cijfers")]) == ""
    others = [of_year("2021-2022", "vervangen_leveringen"), of_year("2022-2023", "terugkoppeling")]
    assert told(TODAY, TODAY, gone=others) == ""


def test_when_nothing_would_go_nothing_is_asked():
    assert told(date(2040, 1, 1), TODAY, gone=[]) == ""


def test_a_check_value_of_a_file_is_no_school_year():
    name = "geaccepteerd/trajecten/2021-2022/groeimee/12345678-1234.parquet"
    assert told(TODAY, TODAY, gone=[Expired("leveringen", name)]) == ""


@given(st.lists(st.integers(0, 4000), min_size=1), st.integers(61, 9000))
def test_no_series_of_signs_makes_a_silence_believable(ages: list[int], silence: int):
    signs = [TODAY - age * DAY for age in ages]
    assert told(max(signs) + silence * DAY, *signs)
