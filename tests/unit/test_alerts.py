"""What people are told, and when: once, again after a while, and when it is over."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jos_pipeline.alerts import (
    REMINDER,
    Alert,
    Digest,
    Told,
    delivery_alerts,
    digest_of,
    heartbeat_alerts,
    is_quiet,
    message,
)
from jos_pipeline.region import load_region
from schemas.findings import FINDINGS
from schemas.findings.alerts import ALERTS
from tests.unit.test_delivery_calendar import ONE, ledger, trajecten

NOW = datetime(2023, 3, 1, 9, tzinfo=UTC)
RUNBOOK = (Path(__file__).parents[2] / "docs" / "runbook.md").read_text(encoding="utf-8")


def alert(key="a", code="JOS-S050"):
    return Alert(key, code, "School X", f"iets met {key}")


def remembered(told, digest, now):
    """What a target knows once it took a digest."""
    after = dict(told)
    after |= {one.key: Told(one, now, None) for one in (*digest.new, *digest.again)}
    after |= {one.key: Told(one, after[one.key].laatst_gemeld_op, now) for one in (*digest.solved, *digest.gone)}
    return after


def test_a_problem_is_told_once_then_again_after_a_week_and_when_it_is_over():
    first = digest_of([alert()], {}, NOW, 7)
    assert first == Digest(new=(alert(),))
    told = remembered({}, first, NOW)
    assert not digest_of([alert()], told, NOW + timedelta(days=6), 7).has_news
    assert digest_of([alert()], told, NOW + timedelta(days=7), 7) == Digest(again=(alert(),))
    over = digest_of([], told, NOW, 7)
    assert over == Digest(solved=(alert(),))
    told = remembered(told, over, NOW)
    assert not digest_of([], told, NOW, 7).has_news
    assert digest_of([alert()], told, NOW, 7) == Digest(new=(alert(),))


def test_a_reminder_is_told_once_and_its_end_is_no_news():
    told = remembered({}, digest_of([alert(code=REMINDER)], {}, NOW, 7), NOW)
    assert not digest_of([alert(code=REMINDER)], told, NOW + timedelta(days=30), 7).has_news
    over = digest_of([], told, NOW, 7)
    assert (over.has_news, over.gone) == (False, (alert(code=REMINDER),))


@given(st.lists(st.sets(st.sampled_from("abcdef")), max_size=6))
def test_whoever_follows_the_messages_knows_what_is_wrong(days):
    told, known = {}, set()
    for day, keys in enumerate(days):
        now = NOW + timedelta(days=day)
        digest = digest_of([alert(key) for key in sorted(keys)], told, now, 3)
        known = (known | {one.key for one in digest.new}) - {one.key for one in digest.solved}
        told = remembered(told, digest, now)
        assert known == keys
        assert not digest_of([alert(key) for key in keys], told, now, 3).has_news


def found(*rows, today, region=ONE):
    known = ledger(*rows).assign(id=range(1, len(rows) + 1))
    return {one.key: one for one in delivery_alerts(region, known, today)}


def keys(*rows, today):
    return {key for key, one in found(*rows, today=today).items() if not one.quiet}


def test_deliveries_are_announced_late_and_silent_in_turn():
    mine = "groeimee/trajecten/2022-2023"
    assert not keys(today=date(2023, 2, 7))
    assert "herinnering/groeimee/trajecten/2023-02-01/14" in keys(today=date(2023, 2, 8))
    assert "herinnering/groeimee/trajecten/2023-02-01/3" in keys(today=date(2023, 2, 19))
    assert f"te_laat/{mine}" not in keys(today=date(2023, 2, 22))
    assert f"te_laat/{mine}" in keys(trajecten(date(2022, 9, 1)), today=date(2023, 2, 23))
    assert f"te_laat/{mine}" not in keys(trajecten(), today=date(2023, 2, 23))
    assert "stil/groeimee/2022-2023" in keys(today=date(2023, 2, 23))


def test_what_was_due_long_ago_is_history_and_not_solved():
    inzet, silent = "te_laat/groeimee/inzet/2022-2023", "stil/vo2703/2022-2023"
    last_day, after = date(2023, 6, 22), date(2023, 6, 23)
    assert {inzet, silent} <= keys(trajecten(), today=last_day)
    assert not keys(trajecten(), today=after)
    told = remembered({}, digest_of(found(trajecten(), today=last_day).values(), {}, NOW, 7), NOW)
    later = digest_of(found(trajecten(), today=after).values(), told, NOW + timedelta(days=30), 7)
    assert later == Digest()


def test_a_refusal_is_told_until_something_better_comes():
    refused = trajecten(oordeel="afgekeurd", geldend=False)
    assert "geweigerd/1" in keys(refused, today=date(2023, 2, 3))
    assert "geweigerd/1" not in keys(refused, trajecten(), today=date(2023, 2, 3))
    assert "geweigerd/2" in keys(trajecten(), refused, today=date(2023, 2, 3))


def test_a_day_without_a_heartbeat_is_told():
    assert not heartbeat_alerts(None, NOW)
    assert not heartbeat_alerts(NOW - timedelta(hours=26), NOW)
    told = heartbeat_alerts(NOW - timedelta(hours=27), NOW)
    assert [one.code for one in told] == ["JOS-S055"]
    assert "28 februari 2023, 07:00 uur" in told[0].wat  # Dutch time
    assert not heartbeat_alerts(NOW + timedelta(hours=1), NOW)
    assert ["komt nog" in one.wat for one in heartbeat_alerts(NOW + timedelta(days=400), NOW)] == [True]


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2023-03-01T06:59", True),
        ("2023-03-01T07:00", False),  # eight o'clock in the Netherlands
        ("2023-03-01T16:59", False),
        ("2023-03-01T17:00", True),
        ("2023-06-01T06:00", False),  # summer time
        ("2023-03-04T12:00", True),  # Saturday
    ],
)
def test_people_are_left_alone_outside_working_hours(moment, quiet):
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert is_quiet(now, "8-18") is quiet
    assert not is_quiet(now, "")


def test_a_message_says_what_to_do_and_where_to_read_on():
    digest = Digest(new=(alert("a"), alert("b"), alert("c", "JOS-E080")), solved=(alert("d"),))
    subject, text = message(digest, "Regio X", "https://voorbeeld.nl/runbook")
    assert subject == "JOS-monitor Regio X: 3 nieuw, 1 opgelost"
    assert FINDINGS["JOS-S050"].remedy in text
    assert "https://voorbeeld.nl/runbook#jos-s050" in text
    assert text.index("JOS-E080") < text.index("JOS-S050") < text.index("Opgelost")
    assert text.count("School X") == 3, "two problems of one supplier stand under one heading"


@pytest.mark.parametrize("code", [kind.code for kind in ALERTS])
def test_every_alert_has_a_section_in_the_runbook(code):
    section = RUNBOOK.partition(f'<a id="{code.lower()}"></a>')[2].partition('<a id="')[0]
    assert FINDINGS[code].title in section
    assert len(section.split()) > 40, "a section says how to find out and what to do"


def test_the_runbook_names_only_alerts_there_are():
    assert set(re.findall(r'<a id="(jos-[a-z0-9]+)">', RUNBOOK)) == {kind.code.lower() for kind in ALERTS}


def test_the_shipped_region_asks_nobody_for_anything_in_november():
    assert not delivery_alerts(load_region(), ledger(), date(2026, 11, 24))
