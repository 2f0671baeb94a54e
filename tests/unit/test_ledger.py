"""The ledger at any moment: what was known then, and which of it was in force."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline.clock import moment_of
from jos_pipeline.ledger import as_of, in_force, numbers_of, open_refusals, reached, standing

START = datetime(2023, 2, 1, 12, 0, tzinfo=UTC)
PLACE = ["leverancier", "soort", "schooljaar"]


@st.composite
def ledgers(draw: st.DrawFn) -> list[pd.DataFrame]:
    """A ledger after each file: ``geldend`` as the warehouse keeps it, by letting go of what is replaced."""
    arrivals = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["groeimee", "gm0361"]),
                st.sampled_from(["trajecten", "tlv"]),
                st.sampled_from(["2021-2022", "2022-2023"]),
                st.sampled_from(["geaccepteerd", "geaccepteerd_met_afkeur", "afgekeurd", "dubbel"]),
            ),
            min_size=1,
            max_size=10,
        )
    )
    rows: list[dict[str, object]] = []
    states = []
    for number, (leverancier, soort, schooljaar, oordeel) in enumerate(arrivals, start=1):
        accepted = oordeel.startswith("geaccepteerd")
        for row in rows:
            row["geldend"] = row["geldend"] and not (
                accepted and [row[name] for name in PLACE] == [leverancier, soort, schooljaar]
            )
        rows.append(
            {
                "id": number,
                "leverancier": leverancier,
                "soort": soort,
                "schooljaar": schooljaar,
                "oordeel": oordeel,
                "sha256": f"{number:064x}",
                "beoordeeld_op": pd.Timestamp(START + timedelta(hours=number)),
                "geldend": accepted,
            }
        )
        states.append(pd.DataFrame([dict(row) for row in rows]))
    return states


@settings(max_examples=40)
@given(states=ledgers())
def test_the_past_is_what_the_ledger_said_then(states: list[pd.DataFrame]):
    last = states[-1]
    for number, then in enumerate(states, start=1):
        found = as_of(last, START + timedelta(hours=number, minutes=30))
        assert found["id"].tolist() == then["id"].tolist()
        assert found["geldend"].tolist() == then["geldend"].tolist()
    assert as_of(last, START).empty


@settings(max_examples=40)
@given(
    st.integers(2, 8).flatmap(lambda before: st.tuples(st.just(before), st.integers(1, before - 1), st.integers(1, 4))),
    st.sampled_from([-3650, -1, 1, 3650]),
)
def test_a_clock_that_was_wrong_for_a_while_does_not_change_the_past(lengths: tuple[int, int, int], days: int):
    """Fewer deliveries came with the clock wrong than before it: of all others the past is what it was."""
    right, wrong, after = lengths
    true = [START + timedelta(minutes=minute) for minute in range(right + wrong + after)]
    astray = range(right, right + wrong)
    told = [moment + timedelta(days=days) if place in astray else moment for place, moment in enumerate(true)]
    known = pd.DataFrame(
        {
            "id": range(1, len(told) + 1),
            "leverancier": "groeimee",
            "soort": "trajecten",
            "schooljaar": "2022-2023",
            "oordeel": "geaccepteerd",
            "beoordeeld_op": pd.to_datetime(pd.Series(told), utc=True),
        }
    )
    for place, moment in enumerate(true):
        if place not in astray:
            then = as_of(known.sample(frac=1, random_state=1), moment)
            assert set(then["id"]) == {*range(1, place + 2)}
            assert set(then.loc[then["geldend"], "id"]) == {place + 1}
    while_wrong = as_of(known.head(right + wrong), max(told))  # it has not come right yet
    assert set(while_wrong["id"]) == {*range(1, right + wrong + 1)}


@given(states=ledgers())
def test_the_numbers_of_a_standing_are_the_deliveries_in_force(states: list[pd.DataFrame]):
    last = states[-1]
    for year in ("2021-2022", "2022-2023"):
        assert set(numbers_of(standing(last, year), last, year)) == set(in_force(last, year)["id"])


def test_a_moment_is_dutch_time_and_a_day_is_its_end():
    assert moment_of("2023-03-01T12:00").astimezone(UTC) == datetime(2023, 3, 1, 11, 0, tzinfo=UTC)
    assert moment_of("2023-07-01T12:00").astimezone(UTC) == datetime(2023, 7, 1, 10, 0, tzinfo=UTC)
    assert moment_of("2023-03-01T12:00+00:00") == datetime(2023, 3, 1, 12, 0, tzinfo=UTC)
    assert moment_of("2023-03-01") > moment_of("2023-03-01T23:59:59")


def test_one_late_file_says_not_how_far_the_deliveries_reach():
    february, august = date(2023, 2, 1), date(2023, 8, 1)
    for days, day in (
        ([february, february, august], february),
        ([february, august, august], august),
        ([february, august], august),
        ([august], august),
    ):
        assert reached(pd.DataFrame({"peildatum": days})) == day
    assert reached(pd.DataFrame({"peildatum": []})) is None


def test_a_refusal_is_settled_when_the_same_bytes_are_accepted_as_something_else():
    """A wrong soort in the name: of the soort that it was refused as nothing will ever come."""
    rows = [
        (1, "tlv", "a" * 64, "afgekeurd"),
        (2, "tlv", "b" * 64, "afgekeurd"),
        (3, "trajecten", "a" * 64, "geaccepteerd"),
    ]
    known = pd.DataFrame(rows, columns=["id", "soort", "sha256", "oordeel"])
    assert open_refusals(known.assign(leverancier="groeimee", schooljaar="2022-2023"))["id"].tolist() == [2]
