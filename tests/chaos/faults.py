"""Faults that are no kill: a full disk, a database that is gone for a while, files that come all at once.

Each ends where the same work ends that nobody disturbed, and tells of itself in one line. Part of ``make chaos``.
"""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import sqlalchemy as sa

import assets.guarded
import jos_pipeline.cli
from jos_pipeline.full_disk import TOLD
from jos_pipeline.headless import INSTANCE_FILE
from tests.chaos import place, state, warm
from tests.chaos.cluster import Cluster
from tests.chaos.scenarios import ERASE, EXPORT, PUBLISH, REQUEST, RUN, Command, Scenario

Found = tuple[list[str], str]
"""What is wrong, and what was tried."""

RUNS_AT_ONCE = 3
TRIES = 5
PARTS = ("ledger", "publications", "grid", "documents", "leftovers")
"""What is the same in two houses where the same was done at another moment."""
LEFT = (10, 23)
"""Room that is left on a full disk: between these powers of two, in bytes."""
ROOM = 64 << 20
"""Bytes on a small disk beside what is there already."""


def in_one_line(ended: warm.Ended) -> list[str]:
    """What is wrong with how a failure was told: it must be a code and a line, and no traceback."""
    if ended.code in (0, -9):
        return []
    told = [] if ended.said.strip() else ["it failed and said nothing"]
    return told + (["it failed with a traceback"] if "Traceback" in ended.said else [])


# --- a full disk -------------------------------------------------------------------------------------------


@contextmanager
def small_disk(directory: Path, size: int) -> Iterator[bool]:
    """A file system of its own of so many bytes; whether one could be made (root only). It is gone at the end."""
    directory.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(directory)], capture_output=True, check=False
    )
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", str(directory)], check=True)


def on_full_disk(disk: Path, here: Path, scenario: Scenario, draw: random.Random) -> Found:
    """A command on a disk that has hardly any room, again and again; then there is room.

    It ends well or says in one line that the disk is full, and leaves nothing that is half.
    """
    wrong, tried = [], []
    for _ in range(TRIES):
        left = int(2 ** draw.uniform(*LEFT))
        fill(disk / "vulling", disk, left)
        ended = warm.jos(here, *scenario.command, before=scenario.before)
        (disk / "vulling").unlink()
        tried.append(f"{left / 1024:.0f} kB left: ended {ended.code}")
        wrong += in_one_line(ended)
        if ended.code not in scenario.codes and TOLD not in ended.said:
            wrong.append(f"it does not say that the disk is full: {ended.said[-300:]}")
        wrong += [f"left behind: {one}" for one in warm.asked(here, state.broken_after(scenario.before))]
        if ended.code in scenario.codes and not scenario.repeats:
            break
    return wrong, ", ".join(tried)


def fill(filler: Path, disk: Path, leave: int) -> None:
    """Leaves so many bytes on a disk."""
    with filler.open("wb") as file, suppress(OSError):
        file.truncate(0)
        free = shutil.disk_usage(disk).free - leave
        os.posix_fallocate(file.fileno(), 0, max(free, 1))


# --- a database that is gone -------------------------------------------------------------------------------


def _patient(url: str, pause: float, dagster_home: Path | None = None) -> Callable[[], None]:
    """In this process the warehouse is on a server, and a step waits this long before it asks again.

    With ``dagster_home`` all that Dagster knows is there too.
    """
    server = sa.make_url(url)
    where = {"HOST": server.host, "PORT": server.port, "USERNAME": server.username, "DB": server.database}

    def prepare() -> None:
        os.environ["JOS_WAREHOUSE"] = url
        assets.guarded.PAUSE = pause
        if dagster_home is None:
            return
        os.environ |= {f"DAGSTER_PG_{name}": str(value) for name, value in {**where, "PASSWORD": "geen"}.items()}
        os.environ["DAGSTER_HOME"] = str(dagster_home)
        dagster_home.mkdir(exist_ok=True)
        overlay = place.ROOT / "deploy" / "postgres" / "dagster.yaml"
        (dagster_home / "dagster.yaml").write_text(INSTANCE_FILE.read_text() + overlay.read_text(), encoding="utf-8")

    return prepare


SERVER_DISK = 220 << 20
"""Bytes of the disk of a server, of which it takes some 60 MB for itself."""


def server_disk_full(where: Path, draw: random.Random) -> Found:
    """The disk of the database server is full while commands are at work; then there is room, and all is as it should.

    A server that cannot write its journal stops by itself: it is started again, as its watchman does.
    """
    disk = where / "schijf"
    command = draw.choice((RUN, PUBLISH))
    with small_disk(disk, SERVER_DISK) as mounted:
        if not mounted:
            return [], "not tried: no file system can be mounted here"
        disk.chmod(0o755)
        cluster = Cluster(disk / "cluster")
        cluster.start()
        try:
            here, calm = (place.found(where / name) for name in ("huis", "rustig"))
            before = _patient(cluster.url("jos"), 1)
            wanted = _undisturbed(calm, command)
            warm.wait_for(warm.start(here, lambda: place.drop(here, place.first_deliveries())))
            if command != RUN:
                warm.jos(here, *RUN, before=before)
            wrong, tried = [], []
            for _ in range(TRIES):
                left = int(2 ** draw.uniform(*LEFT))
                fill(disk / "vulling", disk, left)
                ended = warm.jos(here, *command, before=before)
                (disk / "vulling").unlink()
                cluster.stop()
                cluster.start()
                tried.append(f"{left / 1024:.0f} kB left: ended {ended.code}")
                wrong += in_one_line(ended)
                if not ended.code:
                    break
            for again in (command, RUN):
                ended = warm.jos(here, *again, before=before)
                wrong += [f"with room again {again[0]} ended with {ended.code}: {ended.said[-300:]}"] * bool(ended.code)
            found = warm.asked(here, state.state_after(before))
            wrong += different(wanted, found, PARTS)
            return wrong, f"{command[0]}, {', '.join(tried)}"
        finally:
            cluster.stop()


def _undisturbed(here: Path, command: Command) -> state.State:
    """What the same commands end in where nothing goes wrong."""
    warm.wait_for(warm.start(here, lambda: place.drop(here, place.first_deliveries())))
    for one in (RUN, command, RUN):
        warm.jos(here, *one)
    return warm.asked(here, state.state)


AT_WORK: dict[Command, tuple[float, float]] = {
    RUN: (1, 6), PUBLISH: (0.5, 5), EXPORT: (0.1, 2), ("report",): (0.1, 3), ERASE: (0.1, 3)
}  # fmt: skip
"""What the server is taken away from, and after how many seconds of it."""


def database_gone(where: Path, draw: random.Random, seconds: float) -> Found:
    """The server goes down while a command is at work and comes back: it ends well, or the next one does."""
    where.mkdir(parents=True)
    command, dagster_too = draw.choice([*AT_WORK]), draw.random() < 0.5
    cluster = Cluster(where / "cluster")
    cluster.start()
    try:
        ends = []
        for disturbed in (False, True):
            here = place.found(where / f"huis-{disturbed}")
            url = cluster.url(f"jos_{disturbed}".lower())
            before = _patient(url, seconds / 3, here / "dagster" if dagster_too else None)
            warm.wait_for(warm.start(here, lambda here=here: place.drop(here, place.first_deliveries())))
            if command != RUN:
                warm.jos(here, *RUN, before=before)
            (here / REQUEST).write_text(place.PUPIL + "\n", encoding="utf-8")
            running = warm.start(here, lambda before=before: (before(), _typed(command)))
            if disturbed:
                time.sleep(draw.uniform(*AT_WORK[command]))
                cluster.stop()
                time.sleep(seconds)
                cluster.start()
            first = warm.wait_for(running)
            if half := warm.asked(here, state.broken_after(before)):
                return [f"left behind: {one}" for one in half], ""
            for again in (command, RUN):
                ended = warm.jos(here, *again, before=before)
                if ended.code:
                    return [f"{again[0]}, with the database back, ended with {ended.code}: {ended.said[-300:]}"], ""
            ends.append((first, warm.asked(here, lambda before=before: (before(), state.state())[1])))
        wrong = [*in_one_line(ends[1][0]), *different(ends[0][1], ends[1][1], PARTS)]
        kept = " with all of Dagster" * dagster_too
        return wrong, f"{command[0]}: gone{kept} for {seconds} s, ended {ends[1][0].code}"
    finally:
        cluster.stop()


def _typed(command: Command) -> None:
    sys.argv = ["jos", *command]
    jos_pipeline.cli.main()


def _run() -> None:
    _typed(RUN)


# --- all at once -------------------------------------------------------------------------------------------


def all_at_once(template: Path, where: Path, reference: state.State, draw: random.Random) -> Found:
    """Files come in any order, one of them at 1 kB/s, while several runs look at the inbox: each file counts once."""
    here = place.copy(template, where)
    settings = here / "jos.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("seconden = 0", "seconden = 3"), encoding="utf-8")
    files = place.next_deliveries()
    draw.shuffle(files)
    writer = warm.start(here, lambda: _slowly(here, files))
    time.sleep(1)
    runs = [warm.start(here, _run) for _ in range(RUNS_AT_ONCE)]
    wrong = [f"a run beside others: {one}" for ended in map(warm.wait_for, runs) for one in in_one_line(ended)]
    warm.wait_for(writer)
    time.sleep(3)
    ended = warm.jos(here, *RUN)
    wrong += [] if ended.code in (0, 1) else [f"the last run ended with {ended.code}: {ended.said[-300:]}"]
    wrong += [f"left behind: {one}" for one in warm.asked(here, state.broken)]
    found = warm.asked(here, state.state)
    # which of two good deliveries came last is what the order decides; that each is there once is not
    taken = [sorted(row[:8] for row in one["ledger"]) for one in (reference, found)]
    wrong += [] if taken[0] == taken[1] else [f"ledger {taken[0]} became {taken[1]}"]
    return wrong, f"{len(files)} files, {RUNS_AT_ONCE} runs at once"


def _slowly(here: Path, files: list[place.Dropped]) -> None:
    for number, file in enumerate(files):
        if number:
            file.into(here / "inbox")
            continue
        path = here / "inbox" / file.leverancier / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb", buffering=0) as target:
            for start in range(0, len(file.content), 1000):
                target.write(file.content[start : start + 1000])
                time.sleep(1)


def different(wanted: state.State, found: state.State, parts: tuple[str, ...]) -> list[str]:
    """The parts of a state that are not as they must be."""
    return [f"{part} is not that of a run nobody disturbed" for part in parts if wanted[part] != found[part]]
