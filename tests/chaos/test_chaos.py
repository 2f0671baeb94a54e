"""The short version of ``make chaos``: kills of the cheapest command, and the parts that tell right from wrong."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.chaos.campaign import Reference, _differences, _moment
from tests.chaos.phases import CUBE, Place, Whereabouts
from tests.chaos.steps import step_of, step_of_statement

ROOT = Path(__file__).parents[2]


def test_a_command_that_is_killed_and_begun_anew_ends_as_if_nothing_happened(tmp_path):
    """In a process of its own: it forks, and this one has threads."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.chaos.campaign", "--rounds", "1", "--faults", "0"]
    ended = subprocess.run(
        [*command, "--seed", "3", "--only", "new warehouse", "--keep", str(tmp_path / "proef")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "(killed in migration" in ended.stdout
    assert "0 rounds wrong" in ended.stdout


def test_where_a_process_was_is_known_when_it_is_gone():
    """Memory that parent and child both have; a step of a run belongs to a phase."""
    here = Whereabouts()
    child = os.fork()
    if not child:
        here.at("indicatoren__kubus")
        here.changes("lake/indicatoren: open")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert here.read() == Place("indicatoren__kubus", "lake/indicatoren: open")
    assert here.read().phase("begin") == CUBE
    here.clear()
    assert (here.read(), here.read().phase("begin")) == (Place("", ""), "begin")


def test_moments_lie_where_something_is_changed():
    reference = Reference({"lake/x: open": 3, "dagster: commit": 90}, [0.5, 2.0], [], {})
    drawn = [_moment(random.Random(seed), reference) for seed in range(200)]
    in_time = [kill.seconds for kill in drawn if kill.seconds is not None]
    ours = [kill for kill in drawn if kill.step == "lake/x: open"]
    assert all(0.45 <= one <= 1.8 for one in in_time)
    assert {kill.nth for kill in ours} == {1, 2, 3}
    assert len(in_time) > 60 < len(ours)
    assert 0 < sum(kill.step == "dagster: commit" for kill in drawn) < 40


def test_what_is_not_as_it_must_be_is_told():
    wanted = {"ledger": [["a"], ["b"]], "lake": {"x": "1", "y": "2"}, "leftovers": []}
    assert [*_differences(wanted, wanted)] == []
    found = {"ledger": [["a"], ["a"]], "lake": {"x": "1", "y": "3", "z": "4"}, "leftovers": [".half"]}
    told = [*_differences(wanted, found)]
    assert [line.partition(":")[0] for line in told] == ["ledger", "lake y", "lake z", "leftovers"]


@pytest.mark.parametrize(
    ("event", "arguments", "step"),
    [
        ("open", ("/huis/.jos/lake/geaccepteerd/x/y.parquet", "wb", 0), "lake/geaccepteerd: open"),
        ("open", ("/huis/.jos/lake/geaccepteerd/x/y.parquet", "rb", 0), None),
        ("os.rename", ("/huis/.jos/rapport/.a.1", "/huis/.jos/rapport/a.html", -1, -1), "rapport: rename"),
        ("os.remove", ("/elders/a", -1), None),
        ("open", (3, "wb", 0), None),
        ("os.mkdir", ("/huis/.jos", 0o777, -1), "home: mkdir"),
        ("open", (f"/huis/.jos/export/.jos-monitor.{'0a' * 16}/csv/a.csv", "wb", 0), "export: open"),
        ("open", (f"/huis/.jos/.jos-monitor.{'0a' * 16}/csv/a.csv", "wb", 0), ".jos-monitor: open"),
    ],
)
def test_a_step_is_a_change_in_the_house(event, arguments, step):
    assert step_of(event, arguments, Path("/huis")) == step


def test_a_statement_is_a_step_when_it_changes_something():
    warehouse, dagster = sa.make_url("sqlite:////h/warehouse.db"), sa.make_url("sqlite:////h/dagster/runs.db")
    assert step_of_statement(warehouse, "INSERT INTO levering (a) VALUES (1)") == "warehouse: insert into levering"
    assert step_of_statement(warehouse, "SELECT 1") is None
    assert step_of_statement(warehouse, "COMMIT") == "warehouse: commit"
    assert step_of_statement(dagster, "UPDATE runs SET a = 1") == "dagster: update"
