"""What is expected of deliveries over time, of sources together and of the publication, and who may see what."""

import json
from dataclasses import replace
from datetime import date
from random import Random

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from jos_pipeline.expectations.deliveries import Compared, compared, delivery_measures
from jos_pipeline.expectations.judge import Judgement, judge
from jos_pipeline.expectations.measures import Measure
from jos_pipeline.expectations.page import expectations_html
from jos_pipeline.expectations.shift import median_ratio, shift_of_shares
from jos_pipeline.expectations.sources import COUNTED
from jos_pipeline.linking import empty_frame
from resources.expectations import Asked, rows
from schemas.contracts import CONTRACTS
from schemas.expectations import EXPECTATIONS, ON_DELIVERIES, ON_LINKED, ON_PUBLICATION, Result, Unit, asked_of
from schemas.expectations.deliveries import STOCK
from schemas.findings import FINDINGS
from tests.unit.expectation_cases import BEFORE, CASES, ENROLLED, STRANGERS, YEAR, pupil, sent, sources
from tests.unit.linked_rows import small_region

NO_LINKAGE = pd.DataFrame(columns=["soort"])
EVERYTHING = (*ON_DELIVERIES, *ON_LINKED, *ON_PUBLICATION)


def judged(found, only=None, **own) -> Judgement:
    soort, measures = found
    suite = [one for one in asked_of(soort, EVERYTHING) if only is None or one.name == only]
    return judge(soort, measures, suite, thresholds=own, smallest=10)


def outcome_of(name, found, **own):
    (outcome,) = judged(found, name, **own).outcomes
    return outcome


# --- every expectation -------------------------------------------------------------------------------------


def test_every_expectation_has_a_case_in_which_it_fails():
    assert set(CASES) == set(EXPECTATIONS)
    assert len(EXPECTATIONS) == len(EVERYTHING)


@pytest.mark.parametrize("name", EXPECTATIONS)
def test_it_comes_true_where_it_should(name):
    outcome = outcome_of(name, CASES[name].right())
    assert (outcome.result, outcome.failing, outcome.where) == (Result.HELD, 0, ())
    assert outcome.judged


@pytest.mark.parametrize("name", EXPECTATIONS)
def test_it_fails_where_it_should_and_says_where(name):
    outcome = outcome_of(name, CASES[name].wrong())
    assert outcome.result is Result.FAILED
    assert outcome.failing >= 1
    assert outcome.where


@pytest.mark.parametrize("expected", EXPECTATIONS.values(), ids=lambda expected: expected.name)
def test_it_is_explained_and_asked_of_what_exists(expected):
    assert expected.sentence.endswith(".")
    assert expected.on
    assert set(expected.on) <= {*CONTRACTS, "beveiligd"}
    if expected in ON_LINKED:
        assert set(expected.on) <= set(COUNTED), "nothing counts its measure"
    if expected not in ON_PUBLICATION:
        assert FINDINGS[expected.code].severity == "signaal"


def test_where_nothing_was_delivered_nothing_is_judged():
    for soort in COUNTED:
        judgement = judged(sources(soort)())
        assert {outcome.result for outcome in judgement.outcomes if outcome.expectation in ON_LINKED} == {
            Result.NOT_JUDGED
        }, soort


def test_stock_is_of_known_soorten():
    assert set(CONTRACTS) >= STOCK


# --- wrong alarms ------------------------------------------------------------------------------------------


def test_a_supplier_with_another_key_is_told_so_and_not_that_its_pupils_are_missing():
    found = sources("tlv", leerlingen=ENROLLED, tlv=STRANGERS)()
    failed = {outcome.expectation.code for outcome in judged(found).failed}
    assert failed == {"JOS-S047"}


def test_pupils_of_schools_that_delivered_nothing_are_not_missed():
    elsewhere = [{**row, "school": "10CC00"} for row in STRANGERS]
    assert not judged(sources("tlv", leerlingen=ENROLLED, tlv=elsewhere)()).failed


def test_growth_is_seen_against_the_days_that_passed():
    november = sent("trajecten", 100, peildatum=date(2022, 11, 1))

    def outcome(count):
        found = Compared(sent("trajecten", count), november, None)
        measures = delivery_measures(empty_frame("trajecten"), found, None, small_region())
        return outcome_of("omvang_springt_niet", ("trajecten", measures)).result

    assert outcome(240) is Result.HELD
    assert outcome(260) is Result.FAILED


def test_a_half_year_is_not_compared_with_a_whole_one_unless_it_tells_how_things_stand():
    final = replace(sent("trajecten", 400, BEFORE), peildatum=date(2022, 8, 1))
    assert Compared(sent("trajecten", 200), None, final).earlier is None
    stock = replace(final, soort="leerlingen")
    found = Compared(sent("leerlingen", 200), None, stock)
    assert found.earlier == stock
    assert found.late == {"uitschrijfdatum", "uitstroom"}


def test_the_delivery_of_last_year_is_the_one_nearest_in_time():
    names = ["id", "leverancier", "soort", "schooljaar", "peildatum", "sha256", "rijen_geaccepteerd", "geldend"]
    ledger = pd.DataFrame(
        [
            (1, "jos", "tlv", BEFORE, date(2022, 2, 1), "a", 40, False),
            (2, "jos", "tlv", BEFORE, date(2022, 8, 1), "b", 80, True),
            (3, "jos", "tlv", YEAR, date(2022, 11, 1), "c", 20, False),
            (4, "jos", "tlv", YEAR, date(2023, 2, 1), "d", 42, True),
            (5, "ander", "tlv", BEFORE, date(2022, 2, 1), "e", 99, True),
        ],
        columns=names,
    ).assign(vervangt=pd.array([pd.NA, 1, pd.NA, 3, pd.NA], dtype="Int64"))
    (found,) = compared(ledger, "tlv", YEAR)
    assert (found.sent.sha256, found.replaced.sha256, found.year_before.sha256) == ("d", "c", "a")
    assert compared(ledger, "leerlingen", YEAR) == []


@given(st.lists(st.sampled_from("abc"), min_size=30, max_size=80), st.lists(st.sampled_from("abc"), max_size=80))
def test_a_shift_is_a_share_and_none_without_enough_rows(now, before):
    shift = shift_of_shares(pl.Series(now, dtype=pl.String), pl.Series(before, dtype=pl.String))
    assert (shift is None) == (len(before) < 30)
    assert shift is None or 0 <= shift <= 1
    assert shift_of_shares(pl.Series(now), pl.Series(now)) == 0


def test_chance_alone_is_no_shift():
    codes = [f"code{number}" for number in range(20)]
    draws = [
        shift_of_shares(
            pl.Series(Random(seed).choices(codes, k=40)), pl.Series(Random(seed + 1000).choices(codes, k=40))
        )
        for seed in range(200)
    ]
    assert max(draws) < EXPECTATIONS["verdeling_verschuift_niet"].threshold
    assert shift_of_shares(pl.Series(["a"] * 400), pl.Series(["b"] * 400)) > 0.9


def test_a_median_is_seen_in_both_directions():
    high, low = pl.Series([60] * 30), pl.Series([30] * 30)
    assert median_ratio(high, low) == median_ratio(low, high) == 2
    assert median_ratio(high, pl.Series([0] * 30)) is None


# --- what is told ------------------------------------------------------------------------------------------


def test_a_region_sets_its_own_threshold():
    found = CASES["omvang_zakt_niet"].wrong()
    assert outcome_of("omvang_zakt_niet", found).threshold == 0.8
    assert outcome_of("omvang_zakt_niet", found, omvang_zakt_niet=0.5).result is Result.HELD


def test_a_threshold_of_an_unknown_expectation_is_a_mistake_in_the_region():
    with pytest.raises(ValidationError, match="omvang_bestaat_niet"):
        type(small_region()).model_validate(small_region().model_dump() | {"verwachtingen": {"omvang_bestaat_niet": 1}})


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, None), (9, None), (10, 10)])
def test_a_small_count_of_persons_is_never_told(count, told):
    (expected,) = (one for one in ON_LINKED if one.name == "geen_dubbele_baan")
    assert expected.unit is Unit.PERSONS
    measure = Measure(expected.measure, float(count), "jos")
    assert outcome_of(expected.name, ("inzet", [measure])).observed == told


def test_only_the_suppliers_that_fail_are_named():
    measures = [Measure("gekoppeld_aan_leerlingen", share, who) for share, who in ((0.95, "a"), (0.5, "b"), (0.7, "c"))]
    outcome = outcome_of("leerling_staat_ingeschreven", ("tlv", measures))
    assert (outcome.judged, outcome.failing, outcome.where, outcome.observed) == (3, 2, ("b", "c"), 0.5)


def test_no_value_leaves_great_expectations():
    measures = [Measure("gekoppeld_aan_leerlingen", 0.4321, "jos")]
    judgement = judged(("tlv", measures), "leerling_staat_ingeschreven")
    text = json.dumps(judgement.document)
    assert "4321" not in text
    assert [result["result"] for result in judgement.document["results"]] == [{}]


def test_the_page_opens_without_a_network_and_tells_no_value():
    asked = Asked(YEAR, "trajecten", "samenhang", "run")
    found = sources("trajecten", leerlingen=ENROLLED, trajecten=[*ENROLLED[:8], *STRANGERS])()
    kept = list(rows(asked, judged(found).outcomes))
    page = expectations_html("Testregio", YEAR, pd.DataFrame(kept), NO_LINKAGE)
    assert FINDINGS["JOS-S045"].title in page
    assert "trajecten.samenhang.json" in page
    assert "http" not in page
    assert "<script" not in page
    for told in (page, repr(kept)):
        assert pupil(3) not in told
        assert STRANGERS[0]["leerling_id"] not in told
        assert "10AA00" not in told


def test_a_page_of_a_year_without_outcomes_is_a_page():
    columns = list(next(rows(Asked(YEAR, "tlv", "samenhang", "run"), judged(sources("tlv")()).outcomes)))
    assert "Alles wat te toetsen was" in expectations_html("Testregio", YEAR, pd.DataFrame(columns=columns), NO_LINKAGE)
