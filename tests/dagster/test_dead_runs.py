"""A run of the daemon that died does not hold up its school year; one that is at work is left alone."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import dagster as dg
import pytest
from dagster._daemon.monitoring import run_monitoring

from assets import dead_runs
from assets.dead_runs import close_dead
from assets.sensors import WORK_TAG, YEAR_TAG
from resources.turns import PARTITION_TAG, turn_of
from tests.dagster.conftest import TRAJECTEN, YEAR
from tests.dagster.test_sensor import obey, tick
from tests.records import delivery


@pytest.fixture
def begun(installation) -> dg.DagsterRun:
    """A run that the sensor asked for, that began and of which nothing more is heard."""
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    (request,) = tick(installation).run_requests
    run = installation.instance.create_run_for_job(
        installation.defs.resolve_job_def("verwerk"), tags={**request.tags, PARTITION_TAG: YEAR}
    )
    assert run.tags[YEAR_TAG] == YEAR
    for kind in (dg.DagsterEventType.RUN_STARTING, dg.DagsterEventType.RUN_START):
        event = dg.DagsterEvent(event_type_value=kind.value, job_name="verwerk")
        installation.instance.report_dagster_event(event, run.run_id)
    return run


def closed(installation) -> list[str]:
    return close_dead(installation.instance, "verwerk", installation.settings.warehouse_url)


def test_its_work_is_asked_for_again_and_done(installation, begun, monkeypatch):
    assert isinstance(tick(installation), dg.SkipReason), "it told something a moment ago"
    monkeypatch.setattr(dead_runs, "SILENCE", timedelta(0))
    (again,) = tick(installation).run_requests
    assert installation.instance.get_run_by_id(begun.run_id).status is dg.DagsterRunStatus.FAILURE
    obey(installation, again)
    assert len(installation.store.deliveries()) == 1
    assert isinstance(tick(installation), dg.SkipReason)


def test_one_that_its_daemon_never_put_in_the_queue_is_given_up_by_dagster_and_asked_for_again(
    installation, monkeypatch
):
    """A daemon that dies between two lines of Dagster's; found by a clock that jumped after it."""
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    (request,) = tick(installation).run_requests
    installation.instance.create_run_for_job(installation.defs.resolve_job_def("verwerk"), tags=request.tags)
    assert isinstance(tick(installation), dg.SkipReason)
    (record,) = installation.instance.get_run_records()
    assert record.dagster_run.status is dg.DagsterRunStatus.NOT_STARTED
    later = record.create_timestamp.timestamp() + installation.instance.run_monitoring_start_timeout_seconds
    monkeypatch.setattr(run_monitoring, "get_current_timestamp", lambda: later)
    run_monitoring.monitor_starting_run(installation.instance, record, logging.getLogger(__name__))
    (again,) = tick(installation).run_requests
    assert again.tags[WORK_TAG] == request.tags[WORK_TAG]
    assert again.run_key != request.run_key


def test_one_that_has_its_turn_is_at_work_however_long_it_is_silent(installation, begun, monkeypatch):
    monkeypatch.setattr(dead_runs, "SILENCE", timedelta(0))
    has, done = Event(), Event()

    def work() -> None:
        with turn_of(installation.settings.warehouse_url, YEAR):
            has.set()
            done.wait(60)

    with ThreadPoolExecutor(1) as other:
        working = other.submit(work)
        assert has.wait(60)
        assert closed(installation) == []
        done.set()
        working.result()
    assert closed(installation) == [YEAR]
    assert closed(installation) == [], "once"
