"""``jos run`` as people meet it: in this process, on a real instance on disk."""

import json
import os
import re
import shlex
import shutil
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest
import sqlalchemy as sa
from rich.console import Console

from assets.order import order_config
from assets.sensors import YEAR_TAG
from assets.unfinished import unfinished_years
from jos_pipeline import cli, publishing
from jos_pipeline.headless import (
    START_TAG,
    EndedFromOutsideError,
    UnknownYearError,
    close_abandoned,
    instance_directory,
    nobody_else,
    refuse_while_busy,
    run_everything,
    run_year,
)
from jos_pipeline.settings import Settings
from jos_pipeline.summary import summary_text
from resources.dagster_instance import DagsterStorageError, opened_instance
from resources.turns import turn_of
from resources.warehouse import WarehouseStore
from tests.dagster.conftest import TRAJECTEN, YEAR
from tests.finished_demo import ROOT
from tests.records import delivery


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    return Settings(home=tmp_path / "home", stabiel_seconden=0)


def drop(settings, name, content, supplier="groeimee"):
    path = Path(settings.inbox_url) / supplier / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def run(settings, peildatum=None, *, publish=False, console=None):
    console = console or Console(quiet=True)
    return run_everything(settings, peildatum, publish=publish, final=False, console=console)


class Told(Console):
    """A terminal that remembers everything it was told to show while something goes on."""

    def __init__(self):
        super().__init__(quiet=True)
        self.said = []

    def status(self, status, **_):
        self.said.append(status)
        shown = super().status(status)
        shown.update = self.said.append
        return shown


def test_a_refusal_is_told_also_when_nothing_was_ever_accepted(settings):
    drop(settings, TRAJECTEN, b"onzin")
    (Path(settings.inbox_url) / "groeimee" / TRAJECTEN.replace(".csv", "_dood.csv")).symlink_to("/bestaat/niet")
    terminal = Told()
    outcome = run(settings, console=terminal)
    text = summary_text(outcome)
    assert outcome.exit_code == 0
    steps = [said for said in terminal.said if said.startswith(f"Schooljaar {YEAR} (1 van 1): ")]
    told = [*dict.fromkeys(step.rpartition(": ")[2] for step in steps)]
    assert told[:3] == ["beginnen ...", "bestanden beoordelen ...", "leveringen samenvoegen ..."]
    assert {"controleren ...", "cijfers tellen ...", "pagina's schrijven ..."} <= set(told)
    assert f"groeimee/{TRAJECTEN}" in text
    assert "JOS-E007" in text
    home, program, *rest = shlex.split(re.search(r"  Dagster +(.+)", text)[1])
    assert home == f"DAGSTER_HOME={settings.dagster_home}"
    assert shutil.which(program), "also where nobody has the Makefile"
    assert rest == ["dev", "-m", "jos_pipeline.definitions"]
    assert "JOS-E042  Het bestand ligt in de map, maar de monitor kan het niet openen." in text


def test_runs_follow_each_other_also_on_other_machines_and_none_waits_for_a_run_whose_process_died(settings):
    drop(settings, TRAJECTEN, delivery("trajecten"))
    held, enough, terminal = threading.Event(), threading.Event(), Told()
    with dg.DagsterInstance.from_config(str(instance_directory(settings))) as instance:
        tags = {YEAR_TAG: YEAR, "dagster/partition": YEAR, START_TAG: "2023-02-01"}
        dead, theirs = (
            instance.create_run_for_job(
                dg.GraphDefinition(name="verwerk").to_job(), tags=tags, status=dg.DagsterRunStatus.STARTED
            )
            for _ in range(2)
        )

        def other_machine():
            with turn_of(settings.warehouse_url, YEAR):
                held.set()
                enough.wait(60)
                instance.report_run_canceled(theirs)  # it is done with it

        with ThreadPoolExecutor(3) as machines:
            other = machines.submit(other_machine)
            assert held.wait(30)
            ours = [machines.submit(run, settings, publish=True, console=terminal) for _ in range(2)]
            while f"Schooljaar {YEAR}: wachten op een andere machine ..." not in terminal.said:
                assert not any(one.done() for one in ours)
                time.sleep(0.05)
            assert instance.get_run_by_id(theirs.run_id).status is dg.DagsterRunStatus.STARTED, "nobody calls it dead"
            enough.set()
            other.result()
            outcomes = [one.result() for one in ours]
        assert instance.get_run_by_id(dead.run_id).status is dg.DagsterRunStatus.FAILURE
        assert instance.get_run_by_id(theirs.run_id).status is dg.DagsterRunStatus.CANCELED
    told = [json.loads(line) for line in settings.log_book.read_text(encoding="utf-8").splitlines()]
    assert [line["melding"] for line in told if line.get("code") == "JOS-E080"] == ["nieuw", "opgelost"]
    assert sorted(outcome.taken_in for outcome in outcomes) == [0, 1]
    assert not any(outcome.failed for outcome in outcomes)
    assert len(WarehouseStore(settings.warehouse_url).publications()) == 1


@pytest.mark.parametrize("command", ["publish", "erase", "publish after one that closed it"])
def test_of_a_run_that_died_people_are_told_by_whatever_command_comes_first(settings, monkeypatch, command):
    """What comes first may go well, and then nobody would ever see that one failed. Who closed it may have died too."""
    monkeypatch.setattr(publishing, "run_year", lambda *_: SimpleNamespace(success=True))
    with opened_instance(instance_directory(settings)) as instance:
        tags = {YEAR_TAG: YEAR, "dagster/partition": YEAR, START_TAG: "2023-02-01"}
        job = dg.GraphDefinition(name="verwerk").to_job()
        instance.create_run_for_job(job, tags=tags, status=dg.DagsterRunStatus.STARTED)
        if "closed" in command:
            assert close_abandoned(instance) == 1
    console = Console(quiet=True)
    if "publish" in command:
        chosen = dg.AssetSelection.groups("rapportage")
        assert publishing.run_chosen(settings, YEAR, order_config("nee"), chosen, console) == ""
    else:
        refuse_while_busy(settings, console)
    told = [json.loads(line) for line in settings.log_book.read_text(encoding="utf-8").splitlines()]
    assert [line["melding"] for line in told if line.get("code") == "JOS-E080"] == ["nieuw"]


@pytest.mark.parametrize("erasing", [False, True])
def test_a_run_waits_for_whoever_is_at_its_school_year_or_erases_somebody(installation, erasing):
    settings = installation.settings
    busy = nobody_else(settings, Console(quiet=True)) if erasing else turn_of(settings.warehouse_url, YEAR)
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    with ThreadPoolExecutor(1) as daemon:
        with busy:
            run = daemon.submit(installation.take_in)
            with pytest.raises(TimeoutError):
                run.result(timeout=2)
            assert installation.verdicts() == []
        run.result(timeout=60)
    assert installation.verdicts() == [(TRAJECTEN, "geaccepteerd", True)]


def test_a_peildatum_outside_the_years_of_the_monitor_is_refused_aloud(settings):
    with pytest.raises(UnknownYearError, match="2050-01-01"):
        run(settings, date(2050, 1, 1))


def test_an_instance_never_waits_for_a_dead_process_for_ever(settings):
    with dg.DagsterInstance.from_config(str(instance_directory(settings))) as instance:
        assert 0 < instance.run_monitoring_max_runtime_seconds <= 24 * 3600


def test_an_instance_that_runs_jobs_opens_no_file_twice_and_the_daemon_reads_what_it_wrote(settings):
    opened = []
    with opened_instance(instance_directory(settings)) as ours:
        known = ours.create_run_for_job(dg.GraphDefinition(name="verwerk").to_job())
        ours.report_engine_event("begin", known)
        with sqlite_opened(opened):
            for _ in range(3):
                ours.report_engine_event("verder", known)
                assert ours.get_run_by_id(known.run_id)
        with dg.DagsterInstance.from_config(str(instance_directory(settings))) as daemon:
            assert daemon.get_run_by_id(known.run_id).job_name == "verwerk"
            told = [entry.message for entry in daemon.all_logs(known.run_id)]
    assert told.count("verder") == 3
    assert not opened


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_from_outside_ends_the_command_and_says_one_thing(settings, ending, capfd):
    @dg.op
    def ended():
        os.kill(os.getpid(), ending)
        time.sleep(60)

    @dg.job(partitions_def=dg.StaticPartitionsDefinition([YEAR]))
    def verwerk():
        ended()

    with opened_instance(instance_directory(settings)) as instance:
        with pytest.raises(EndedFromOutsideError, match="geef dezelfde opdracht nog eens"):
            run_year(verwerk, instance, YEAR, {})
        assert unfinished_years(instance, [YEAR], START_TAG) == {YEAR}, "the next command finishes it"
    assert capfd.readouterr() == ("", "")


def test_where_dagster_keeps_its_runs_is_named_when_it_cannot_be_used(settings, monkeypatch):
    home = instance_directory(settings)
    shutil.copy(ROOT / "deploy" / "postgres" / "dagster.yaml", home)
    with pytest.raises(DagsterStorageError, match=r"DAGSTER_PG_DB, .+, DAGSTER_PG_USERNAME\. Zet die in de omgeving"):
        opened_instance(home).__enter__()
    for name, value in {"DB": "x", "HOST": "127.0.0.1", "PASSWORD": "geheim", "PORT": "1", "USERNAME": "x"}.items():
        monkeypatch.setenv(f"DAGSTER_PG_{name}", value)
    monkeypatch.setattr("dagster_postgres.utils.calculate_delay", lambda **_: 0)
    with pytest.raises(DagsterStorageError, match="antwoordt niet") as told:
        opened_instance(home).__enter__()
    assert "geheim" not in str(told.value)


@contextmanager
def sqlite_opened(into):
    """Notes every file that SQLAlchemy opens meanwhile."""

    def note(*_):
        into.append(1)

    sa.event.listen(sa.Pool, "connect", note)
    yield
    sa.event.remove(sa.Pool, "connect", note)


def test_the_default_inbox_is_made_and_one_that_somebody_named_must_be_there(tmp_path, monkeypatch, capsys):
    for name in ("JOS_INBOX", "JOS_HOME", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    assert cli.run(publiceer=True) == 0
    assert "Niets gepubliceerd: er is nog geen levering die geldt." in capsys.readouterr().out
    assert (tmp_path / ".jos" / "inbox").is_dir()
    monkeypatch.setenv("JOS_INBOX", "elders")
    with pytest.raises(SystemExit) as stopped:
        cli.run()
    assert stopped.value.code == 3
    assert "de inbox elders is er niet" in capsys.readouterr().err
    assert not (tmp_path / "elders").exists()
