"""Who is forgotten is known by tombstone alone, and nobody else loses a row."""

import polars as pl
import pytest

from jos_pipeline.forgetting import (
    Forgotten,
    NoPseudonymError,
    pseudonyms_in,
    tombstone_of_pupil,
    tombstone_of_traject,
)

KEY, OTHER = b"k" * 32, b"o" * 32
ROWS = pl.DataFrame(
    {
        "leerling_id": ["anna", "bram", None, None],
        "traject_id": ["T1", "T2", "T1", "T3"],
        "leverancier": ["jos", "jos", "jos", "jos"],
    }
)


def forgotten(*tombstones: str, key: bytes = KEY) -> Forgotten:
    return Forgotten(key, frozenset(tombstones))


ANNA = tombstone_of_pupil(KEY, "anna")
T1 = tombstone_of_traject(KEY, "jos", "T1")


def test_the_rows_of_a_forgotten_pupil_go_and_those_of_others_stay() -> None:
    cleaned = forgotten(ANNA).without(ROWS, None)
    assert (cleaned.frame["leerling_id"].to_list(), cleaned.touched) == (["bram", None, None], 1)


def test_a_row_that_lost_its_pseudonym_goes_when_it_names_the_traject() -> None:
    assert forgotten(ANNA).trajecten_in(ROWS, None) == {T1}
    assert forgotten(ANNA, T1).without(ROWS, None).frame["traject_id"].to_list() == ["T2", "T3"]


def test_work_in_a_forgotten_traject_stays_without_its_number_and_only_at_the_same_supplier() -> None:
    work = ROWS.drop("leerling_id").with_columns(leverancier=pl.Series(["jos", "jos", "ander", "jos"]))
    cleaned = forgotten(ANNA, T1).without(work, None)
    assert (cleaned.frame["traject_id"].to_list(), cleaned.touched) == ([None, "T2", "T1", "T3"], 1)
    assert forgotten(T1).without(work.drop("leverancier"), "ander").touched == 0
    assert forgotten(T1).without(work.drop("leverancier"), "jos").touched == 2


@pytest.mark.parametrize("who", [forgotten(), forgotten(ANNA, T1, key=OTHER), forgotten(tombstone_of_pupil(KEY, "x"))])
def test_without_the_tombstone_or_its_key_nobody_is_recognised(who: Forgotten) -> None:
    assert who.without(ROWS, None).frame.equals(ROWS)


def test_a_frame_that_leads_to_nobody_is_left_as_it_is() -> None:
    frame = pl.DataFrame({"school": ["19ZQ00"]})
    assert forgotten(ANNA, T1).without(frame, "jos").frame is frame


def test_pseudonyms_are_read_in_any_case_and_each_once() -> None:
    one, two = "ab" * 32, "0" * 64
    assert pseudonyms_in(f"{one.upper()}\r\n{two}\n{one}\n") == (one, two)
    for wrong in ("", "  \n", one[1:], f"{one} 123456782"):
        with pytest.raises(NoPseudonymError) as told:
            pseudonyms_in(wrong)
        assert not wrong.strip() or wrong.strip() not in str(told.value)
