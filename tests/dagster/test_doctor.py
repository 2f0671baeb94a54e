"""``jos doctor`` on installations that are not there yet, or broken: a line each, nothing made and nothing shown."""

import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteInstigatorOrigin, RemoteRepositoryOrigin
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    SensorInstigatorData,
    TickData,
    TickStatus,
)
from dagster._daemon.types import DaemonHeartbeat

from jos_pipeline import doctor
from jos_pipeline.examination import State, exit_code
from jos_pipeline.headless import INSTANCE_FILE
from resources.dagster_instance import opened_instance
from resources.dagster_records import records
from resources.lake import Lake
from resources.warehouse import WarehouseStore
from schemas.warehouse import schema_revisie

KEY = "ab" * 31 + "cd"
PASSWORD = "geheim-wachtwoord"


@pytest.fixture
def examined(tmp_path, monkeypatch):
    """Looks at an installation in an empty directory; gives the states by part, and all that is told."""
    monkeypatch.chdir(tmp_path)
    for name in ("JOS_HOME", "JOS_MELDINGEN", "JOS_HARTSLAG_URL", "JOS_CONFIG", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)

    def look(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(f"JOS_{name}", value)
        lines = doctor.examine()
        told = "\n".join(f"{line.found} {line.remedy}" for line in lines)
        return exit_code(lines), {line.part: line.state for line in lines}, told

    return look


def test_an_empty_directory_is_told_and_stays_empty(examined, tmp_path):
    code, states, told = examined()
    assert code == 0
    assert {part for part, state in states.items() if state is not State.OK} == {"inbox", "messages"}
    assert "jos demo DIR" in told
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_down_costs_no_other_line_and_tells_no_password(examined):
    code, states, told = examined(
        WAREHOUSE=f"postgresql+psycopg://jos:{PASSWORD}@127.0.0.1:1/jos?sslpassword={PASSWORD}"
    )
    assert code == 3
    assert [part for part, state in states.items() if state is State.BROKEN] == ["database"]
    assert {"runs", "dagster"} & set(states)
    assert PASSWORD not in told


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("sqlite:///kapot.db", "kapot.db is geen database, of is beschadigd: zet een back-up van dit bestand terug"),
        ("sqlite:///map", "de database sqlite:///map is niet te bereiken: controleer JOS_WAREHOUSE"),
        (f"postgresql+psycopg://u:{PASSWORD}@127.0.0.1:1/x", "u:***@127.0.0.1:1/x is niet te bereiken: controleer"),
        (f"postgresql+psycopg://u:{PASSWORD}@h:abc/x", "JOS_WAREHOUSE is geen adres van een database: schrijf het als"),
        (f"postgresql+kaas://u:{PASSWORD}@h/x", "JOS_WAREHOUSE is geen adres van een database: schrijf het als"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_as_by_every_command(examined, tmp_path, address, says):
    (tmp_path / "kapot.db").write_bytes(b"geen database " * 400)
    (tmp_path / "map").mkdir()
    _, states, told = examined(WAREHOUSE=address)
    assert states["database"] is State.BROKEN
    assert says in told
    assert not re.search(r"Error|file is not|refused|literal|plugin|unable to open", told), "a library is speaking"
    assert PASSWORD not in told


def test_a_database_that_could_not_be_made_is_no_first_run(examined, tmp_path):
    (tmp_path / "bestand").write_text("van mij", encoding="utf-8")
    assert examined(WAREHOUSE="sqlite:///bestand/x.db")[1]["database"] is State.BROKEN


def test_what_the_driver_says_of_a_database_is_told_to_who_asks(examined, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["jos", "doctor", "--verbose"])
    assert "refused" in examined(WAREHOUSE=f"postgresql+psycopg://u:{PASSWORD}@127.0.0.1:1/x")[2]


def test_variables_that_dagster_asks_for_are_named(examined, tmp_path):
    (tmp_path / ".jos" / "dagster").mkdir(parents=True)
    shutil.copy(INSTANCE_FILE.parent / "deploy" / "postgres" / "dagster.yaml", tmp_path / ".jos" / "dagster")
    code, states, told = examined()
    assert (code, states["dagster"]) == (3, State.BROKEN)
    assert "not set: DAGSTER_PG_DB, DAGSTER_PG_HOST, DAGSTER_PG_PASSWORD" in told


def test_a_key_that_is_not_the_one_of_the_lake_is_broken_and_not_shown(examined, tmp_path):
    Lake(str(tmp_path / "lake")).hold_to_key("0" * 16)
    code, states, told = examined(LAKE=str(tmp_path / "lake"), SLEUTEL_MONITOR=KEY)
    assert (code, states["key"]) == (3, State.BROKEN)
    assert KEY not in told


@pytest.mark.parametrize("content", ["home = ", "onbekend = 1"])
def test_settings_that_cannot_be_read_are_a_line(examined, tmp_path, content):
    (tmp_path / "jos.toml").write_text(content, encoding="utf-8")
    code, states, _ = examined()
    assert (code, states["settings"]) == (3, State.BROKEN)


def test_what_gives_no_answer_is_left_behind(monkeypatch):
    monkeypatch.setattr(doctor, "PATIENCE", 0.05)
    (line,) = doctor._asked("database", lambda: time.sleep(1))
    assert (line.part, line.state) == ("database", State.BROKEN)


def test_runs_and_daemon_are_told_as_dagster_itself_knows_them(tmp_path):
    """Without loading Dagster, whose own tables are read: a version of it that changes them fails here."""
    home, now = tmp_path / "dagster", time.time()
    home.mkdir()
    shutil.copy(INSTANCE_FILE, home)
    states = []
    with opened_instance(home) as instance:
        for name in ("a", "b"):
            instance.create_run_for_job(dg.job(name=name)(lambda: None), tags={"dagster/partition": name})
        instance.report_run_failed(instance.get_runs(limit=1)[0])
        required = {kind for kind, one in instance.get_daemon_statuses().items() if one.required}
        assert set(doctor.DAEMON_PARTS) <= required
        for silent, parts in ((0, required), (600, ["SENSOR"]), (600, required)):
            for kind in parts:
                instance.add_daemon_heartbeat(DaemonHeartbeat(now - silent, kind, "1", []))
            found = records(home, 3)
            states.append(doctor._daemon(found.beats, home).state)
        assert {
            kind: one.last_heartbeat.timestamp for kind, one in instance.get_daemon_statuses().items() if one.required
        } == {kind: pytest.approx(moment.timestamp()) for kind, moment in found.beats.items()}
        assert [
            (run.dagster_run.run_id, run.dagster_run.tags["dagster/partition"], run.dagster_run.status.value)
            for run in instance.get_run_records()
        ] == [(run.run_id, run.partition, run.status) for run in found.newest]
    assert states == [State.OK, State.BROKEN, State.WARNING]
    assert [doctor._run(run).state for run in found.newest] == [State.WARNING, State.OK]
    assert (found.count, found.newest[0].has_ended, found.newest[1].has_ended) == (2, True, False)


def test_looking_loads_nothing_that_takes_a_second():
    """Half of what it took was loading Dagster, a third pandera with pandas."""
    loaded = (
        "import sys, jos_pipeline.doctor as d; d.examine(); print({'dagster', 'pandas', 'pandera'} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "set()"


def test_a_clock_that_runs_behind_the_ledger_is_broken():
    now = datetime(2023, 3, 1, tzinfo=UTC)
    assert doctor._skew(now - timedelta(seconds=1), now).state is State.OK
    assert doctor._skew(now + timedelta(hours=1), now).state is State.BROKEN


def test_a_sensor_that_waits_for_a_moment_that_a_wrong_clock_wrote_is_broken():
    """Dagster waits until that moment has passed: switching the sensor off and on does not change it."""
    repository = RemoteRepositoryOrigin(GrpcServerCodeLocationOrigin("127.0.0.1", port=1), "monitor")
    origin, kind, told = RemoteInstigatorOrigin(repository, "inbox"), InstigatorType.SENSOR, []
    sensor = InstigatorState(origin, kind, InstigatorStatus.RUNNING, SensorInstigatorData())
    with dg.instance_for_test() as instance:
        home = Path(instance.root_directory)
        instance.add_instigator_state(sensor)
        for ahead in (0, 400 * 86_400):
            moment = time.time() + ahead
            name, selector = sensor.instigator_origin_id, sensor.selector_id
            instance.create_tick(TickData(name, "inbox", kind, TickStatus.SKIPPED, moment, selector_id=selector))
            told.append([(line.state, "inbox waits until" in line.found) for line in doctor._ahead(home)])
    assert told == [[], [(State.BROKEN, True)]]


def test_a_lake_that_cannot_be_reached_is_said_to_be_so_and_the_key_is_not_judged_by_it(examined, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "iemand")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", PASSWORD)
    monkeypatch.setattr(doctor, "PATIENCE", 60.0)  # a refusal, however slow the machine; being silent is tested above
    code, states, told = examined(LAKE="s3://nergens/lake", SLEUTEL_MONITOR=KEY)
    assert (code, states["lake"], states["key"]) == (3, State.BROKEN, State.WARNING)
    assert "s3://nergens/lake cannot be reached" in told
    assert "no answer within" not in told
    assert PASSWORD not in told
    assert KEY not in told


def test_a_lake_that_is_a_file_is_broken(examined, tmp_path):
    (tmp_path / "lake").write_text("a file where a directory should be")
    code, states, _ = examined(LAKE=str(tmp_path / "lake"), SLEUTEL_MONITOR=KEY)
    assert (code, states["lake"]) == (3, State.BROKEN)


def test_tables_of_an_older_or_a_newer_program_are_told_with_what_to_do(examined, tmp_path):
    warehouse = f"sqlite:///{tmp_path / 'warehouse.db'}"
    store = WarehouseStore(warehouse)
    store.ensure_schema()
    store.close()
    code, states, _ = examined(WAREHOUSE=warehouse)
    assert (code, states["revision"]) == (0, State.OK)
    newer, unknown = sa.update(schema_revisie).values(version_num="9999"), sa.delete(schema_revisie)
    for change, expected, word in ((newer, State.BROKEN, "9999"), (unknown, State.WARNING, "none")):
        with sa.create_engine(warehouse).begin() as connection:
            connection.execute(change)
        _, states, told = examined()
        assert states["revision"] is expected
        assert word in told


def test_a_key_of_another_account_that_is_given_to_our_group_is_not_open_to_others(tmp_path, monkeypatch):
    """So Kubernetes gives secrets: of root, for the group of the pod."""
    key = tmp_path / "sleutel"
    key.write_text(KEY)
    ours = key.stat().st_uid
    for mode, who, is_open in (
        (0o400, ours, False),
        (0o440, ours, True),
        (0o440, ours + 1, False),
        (0o444, ours + 1, True),
    ):
        key.chmod(mode)
        monkeypatch.setattr(doctor.os, "geteuid", lambda who=who: who)
        assert doctor._is_open(key) is is_open
