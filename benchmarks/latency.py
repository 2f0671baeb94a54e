"""From a file that is still to figures, in a daemon that runs as ever: `make latency` (minutes; JOS_BENCH_FILES=10).

Wall time, so it says something on a quiet machine only. Each file is a herlevering of one school of the demo. Counted
from the moment at which the monitor may take it in (`stabiel_seconden` after it was written): the wait for the sensor,
the process of the run and its steps are in it; writing the pages for people comes after it.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import dagster as dg

from assets.indicatoren import CUBE_KEY
from assets.publicatie import PROTECTED
from assets.sensors import BUSY
from jos_pipeline.settings import Settings

SUPPLIER, FILE = "00zd00", "verzuim_2022-2023_{day}.csv"
FIRST = date(2023, 2, 1)
PATIENCE = 600.0
BIN = Path(sys.executable).parent


def main() -> None:
    """Prints, for the internal figures and for the rows that may be shown, the middle one and the slowest."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        demo = Path(directory) / "demo"
        _jos(Path(directory), "demo", str(demo))
        _jos(demo, "run")
        still = Settings.model_fields["stabiel_seconden"].default
        waits: dict[str, list[float]] = {"internal figures": [], "rows that may be shown": []}
        with _daemon(demo), dg.DagsterInstance.from_config(str(demo / ".jos" / "dagster")) as instance:
            _started(instance)
            for file in _redelivered(demo / "inbox" / SUPPLIER, int(os.environ.get("JOS_BENCH_FILES", "10"))):
                written = file.stat().st_mtime
                for seen, key in zip(waits.values(), (CUBE_KEY, PROTECTED), strict=True):
                    seen.append(_made(instance, key, written) - written - still)
                _quiet(instance)
    for name, seen in waits.items():
        told = f"{name}: {statistics.median(seen):.1f} s, at most {max(seen):.1f} s ({len(seen)} files)\n"
        sys.stdout.write(told)


def _jos(where: Path, *arguments: str) -> None:
    subprocess.run([BIN / "jos", *arguments], cwd=where, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _daemon(demo: Path) -> Iterator[None]:
    running = subprocess.Popen(
        [BIN / "dagster-daemon", "run", "-m", "jos_pipeline.definitions"],
        cwd=demo,
        env=os.environ | {"DAGSTER_HOME": str(demo / ".jos" / "dagster")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(running.pid, signal.SIGTERM)  # with its code server
        running.wait(timeout=60)


def _started(instance: dg.DagsterInstance) -> None:
    """Waits until the sensor of the inbox has looked once: code server and daemon are up."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        states = instance.all_instigator_state()
        if any(
            state.name == "inbox" and instance.get_ticks(state.instigator_origin_id, state.selector_id, limit=1)
            for state in states
        ):
            return
        time.sleep(0.5)
    raise TimeoutError(f"no sensor looked at the inbox in {PATIENCE:.0f} s")


def _redelivered(inbox: Path, times: int) -> Iterator[Path]:
    """One file again and again, of a later day and with a record less each time;"""
    rows = (inbox / FILE.format(day=FIRST)).read_bytes().splitlines(keepends=True)
    for number in range(1, times + 1):
        file = inbox / FILE.format(day=FIRST + timedelta(days=number))
        file.write_bytes(b"".join(rows[:-number]))
        yield file


def _made(instance: dg.DagsterInstance, key: dg.AssetKey, after: float) -> float:
    """The moment at which an asset was made anew."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        made = instance.fetch_materializations(dg.AssetRecordsFilter(asset_key=key, after_timestamp=after), limit=1)
        if made.records:
            return made.records[0].timestamp
        time.sleep(0.2)
    raise TimeoutError(f"nothing was made of {key.to_user_string()} in {PATIENCE:.0f} s")


def _quiet(instance: dg.DagsterInstance) -> None:
    """Waits until no run is busy, so that the next file finds the daemon as on any day."""
    while instance.get_runs_count(dg.RunsFilter(statuses=[*BUSY])):
        time.sleep(0.5)


if __name__ == "__main__":
    main()
