"""A real daemon in a house whose clock can be set while it lives (libfaketime), and what it then asks for.

Runs stay in the queue: what is counted is what sensor and schedules ask, which is where a clock can do harm. What a run
does is the same whenever it is begun.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.scheduler.instigation import TickStatus
from dagster._grpc.client import DagsterGrpcClient

from assets.sensors import WORK_TAG, YEAR_TAG
from jos_pipeline.headless import INSTANCE_FILE
from resources.dagster_instance import opened_instance
from tests.chaos import place

LIBRARIES = (Path("/usr/lib"), Path("/usr/local/lib"), Path("/opt/homebrew/lib"))
CLOCKWORK = Path(__file__).parent / "clockwork"
PATIENCE = 600.0
"""Seconds within which a daemon must have seen what there is to see; a machine may be busy."""
NIGHT_TAG = "jos/nacht"


def faketime() -> Path | None:
    """The library that tells programs another time; None when it is not installed."""
    found = [path for below in LIBRARIES for path in below.glob("**/libfaketimeMT.so.1")]
    return found[0] if found else None


@dataclass(frozen=True)
class House:
    """An installation of which the daemon lives by a clock of its own."""

    directory: Path

    @property
    def dagster(self) -> Path:
        return self.directory / ".jos" / "dagster"

    def set_clock(self, moment: str) -> None:
        """From now on it is that moment, UTC, for whatever runs in this house; time goes on from there."""
        ahead = datetime.fromisoformat(moment).replace(tzinfo=UTC) - datetime.now(UTC)
        written = self.directory / ".klok"
        written.write_text(f"{ahead.total_seconds():+.0f}\n", encoding="ascii")
        written.replace(self.directory / "klok")

    def drop(self, file: place.Dropped) -> None:
        file.into(self.directory / "inbox")

    def nights(self) -> Counter[tuple[str, str]]:
        """How many runs each night asked for, per school year; all of them are in the queue."""
        return Counter((tags[NIGHT_TAG], tags[YEAR_TAG]) for tags in self._queued() if NIGHT_TAG in tags)

    def deliveries(self) -> Counter[str]:
        """How many runs were asked for because of files, per school year; all of them are in the queue."""
        return Counter(tags[YEAR_TAG] for tags in self._queued() if WORK_TAG in tags)

    def live_on(self, seconds: float) -> None:
        """Lets the daemon be for a while. After its clock went back it tells nothing: most of Dagster waits then."""
        time.sleep(seconds)

    def runs(self) -> Counter[str]:
        """How many runs there are of each kind, by how they are."""
        with opened_instance(self.dagster) as instance:
            return Counter(run.status.value for run in instance.get_runs())

    def red_ticks(self) -> list[str]:
        """What sensors and schedules said when they failed."""
        with opened_instance(self.dagster) as instance:
            states = instance.all_instigator_state()
            ticks = [tick for one in states for tick in instance.get_ticks(one.instigator_origin_id, one.selector_id)]
        return [str(tick.error.message) for tick in ticks if tick.status is TickStatus.FAILURE and tick.error]

    def _queued(self) -> list[dict[str, str]]:
        filters = dg.RunsFilter(statuses=[dg.DagsterRunStatus.QUEUED])
        with opened_instance(self.dagster) as instance:
            return [dict(run.tags) for run in instance.get_runs(filters)]

    def wait_until(self, seen: Callable[[], bool]) -> bool:
        until = time.monotonic() + PATIENCE
        while not seen():
            if time.monotonic() > until:
                return False
            time.sleep(3)
        return True


def found(directory: Path) -> House:
    """A house in which runs are asked for and stay in the queue."""
    house = House(place.found(directory))
    house.dagster.mkdir(parents=True)
    told = INSTANCE_FILE.read_text(encoding="utf-8")
    held = told.replace("max_concurrent_runs: 2", "max_concurrent_runs: 0")
    (house.dagster / "dagster.yaml").write_text(held, encoding="utf-8")
    return house


@contextmanager
def daemon(house: House) -> Iterator[None]:
    """The daemon of the house and the server of its definitions, as in production; they end with all they started.

    A daemon that starts its own server begins it anew at every jump, for its patience is counted by the clock.
    """
    socket = house.directory / "s"
    workspace = house.directory / "workspace.yaml"
    workspace.write_text(f"load_from: [{{grpc_server: {{socket: {socket}, location_name: jos}}}}]\n", encoding="utf-8")
    with ExitStack() as running:
        server = ("dagster", "api", "grpc", "-m", "jos_pipeline.definitions", "--socket", str(socket))
        running.enter_context(_process(house, *server))
        if not house.wait_until(lambda: _answers(socket)):
            raise RuntimeError("the server of the definitions does not answer")
        running.enter_context(_process(house, "tests.chaos.hasty_daemon", "run", "-w", str(workspace)))
        yield


def _answers(socket: Path) -> bool:
    try:
        return bool(DagsterGrpcClient(socket=str(socket)).ping("?"))
    except DagsterUserCodeUnreachableError:
        return False


@contextmanager
def _process(house: House, module: str, *arguments: str) -> Iterator[None]:
    """A Python program by the clock of the house; ends as when its machine is switched off."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("JOS_", "DAGSTER_HOME"))}
    clock = {
        "LD_PRELOAD": str(faketime()),
        "FAKETIME_TIMESTAMP_FILE": str(house.directory / "klok"),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # what is waited for lasts as long as it did
        "NO_FAKE_STAT": "1",
    }
    modules = os.pathsep.join(map(str, (CLOCKWORK, place.ROOT)))
    told = {"DAGSTER_HOME": str(house.dagster), "PYTHONPATH": modules, "DAGSTER_DISABLE_TELEMETRY": "yes"}
    with (house.directory / "daemon.txt").open("ab") as said:
        running = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", module, *arguments],
            cwd=house.directory,
            env=clean | told | clock,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
