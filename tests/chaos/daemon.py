"""A real daemon, with the sensor and its runs, that loses its machine while files come and is started anew.

Part of ``make chaos``. Ends where ``jos run`` ends that nobody disturbed.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from assets.sensors import BUSY, computed_standing
from jos_pipeline.ledger import processed_years, standing
from jos_pipeline.region import load_region
from jos_pipeline.settings import Settings
from resources.dagster_instance import opened_instance
from resources.lake import Lake
from resources.warehouse import WarehouseStore
from tests.chaos import faults, place, state, warm
from tests.chaos.scenarios import RUN

MARK = "JOS_CHAOS_HUIS"
"""In the environment of a daemon and of all that it starts: by this they are found."""
PATIENCE = 420.0
"""Seconds within which a daemon that is left alone must have done everything."""


def daemon_killed(
    template: Path, where: Path, reference: state.State, draw: random.Random
) -> tuple[list[str], str, int]:
    """Files come; daemon, code server and run die together, again and again; one daemon is left alone."""
    here = place.copy(template, where)
    _hurry(here / ".jos" / "dagster" / "dagster.yaml")
    warm.wait_for(warm.start(here, lambda: place.drop(here, place.next_deliveries())))
    wrong, moments, begun = [], [], 0
    for _ in range(draw.randint(1, 3)):
        moments.append(draw.uniform(5, 60))
        with _daemon(here):
            time.sleep(moments[-1])
            begun = max(begun, warm.asked(here, _look)["runs"])
        wrong += [f"left behind: {one}" for one in warm.asked(here, state.broken)]
    wrong += _left_alone(here, reference)
    told = f"daemon killed after {', '.join(f'{one:.0f}' for one in moments)} s, {begun} runs begun by then"
    return wrong, told, len(moments)


def daemon_on_full_disk(template: Path, disk: Path, reference: state.State, draw: random.Random) -> faults.Found:
    """Files come and the disk is full for a while, again and again, under a daemon that goes on or is started anew."""
    size = sum(path.stat().st_size for path in template.rglob("*") if path.is_file())
    with faults.small_disk(disk, 2 * size + faults.ROOM) as mounted:
        if not mounted:
            return [], "not tried: no file system can be mounted here"
        here = place.copy(template, disk / "huis")
        _hurry(here / ".jos" / "dagster" / "dagster.yaml")
        warm.wait_for(warm.start(here, lambda: place.drop(here, place.next_deliveries())))
        wrong, tried = [], []
        for _ in range(2):
            wait, full, left = draw.uniform(5, 40), draw.uniform(10, 40), int(2 ** draw.uniform(*faults.LEFT))
            with _daemon(here):
                time.sleep(wait)
                faults.fill(disk / "vulling", disk, left)
                time.sleep(full)
                (disk / "vulling").unlink()
                time.sleep(wait)
            tried.append(f"{left / 1024:.0f} kB left after {wait:.0f} s, for {full:.0f} s")
            wrong += [f"left behind: {one}" for one in warm.asked(here, state.broken)]
        return [*wrong, *_left_alone(here, reference)], "; ".join(tried)


def _left_alone(here: Path, reference: state.State) -> list[str]:
    """What is wrong when a daemon had all the time, and the night's run came after it."""
    with _daemon(here):
        until = time.monotonic() + PATIENCE
        while not (seen := warm.asked(here, _look))["done"] and time.monotonic() < until:
            time.sleep(3)
    wrong = [] if seen["done"] else [f"the daemon did not come to an end: {seen}"]
    ended = warm.jos(here, *RUN)  # as the night does: what a run that died owed
    wrong += [] if ended.code == 0 else [f"the next run ended with {ended.code}: {ended.said[-300:]}"]
    found = warm.asked(here, state.state)
    parts = ("ledger", "publications", "lake", "grid")
    return wrong + [f"{part} is not that of a run nobody disturbed" for part in parts if reference[part] != found[part]]


def _look() -> dict[str, Any]:
    """How far the work is: whether all that came is in the figures, and how many runs there were."""
    settings = Settings()
    store, region, lake = WarehouseStore(settings.warehouse_url), load_region(settings.regio), Lake(settings.lake_url)
    known = store.deliveries()
    with opened_instance(settings.dagster_home) as instance:
        runs = instance.get_runs()
    busy = sum(run.status in BUSY for run in runs)
    files = sum(path.is_file() for path in Path("inbox").rglob("*"))
    lags = [y for y in processed_years(known, region) if standing(known, y) != computed_standing(lake, y)]
    done = len(known) == files and not busy and not lags
    return {"done": done, "runs": len(runs), "busy": busy, "files": files, "known": len(known), "lags": lags}


def _hurry(settings: Path) -> None:
    """A run that never began is given up sooner than in real life; the sensor sees the others."""
    told = settings.read_text(encoding="utf-8")
    told = told.replace("start_timeout_seconds: 180", "start_timeout_seconds: 120")
    settings.write_text(told.replace("poll_interval_seconds: 60", "poll_interval_seconds: 5"), encoding="utf-8")


@contextmanager
def _daemon(here: Path) -> Iterator[None]:
    """A daemon for a while; then it and all it started is gone at once."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JOS_")}
    house = {"DAGSTER_HOME": str(here / ".jos" / "dagster"), "PYTHONPATH": str(place.ROOT), MARK: str(here)}
    with (here / "daemon.txt").open("ab") as said:
        running = subprocess.Popen(
            [str(Path(sys.executable).with_name("dagster-daemon")), "run", "-m", "tests.chaos.quick_definitions"],
            cwd=here,
            env=clean | dict(warm.environment(here)) | house,
            stdout=said,
            stderr=said,
        )
        try:
            yield
        finally:
            while pids := list(_all_of(here)):
                for pid in pids:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                with suppress(subprocess.TimeoutExpired):
                    running.wait(timeout=1)


def _all_of(here: Path) -> Iterator[int]:
    wanted = f"{MARK}={here}".encode()
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if wanted in path.read_bytes().split(b"\0"):
                yield int(path.parent.name)
