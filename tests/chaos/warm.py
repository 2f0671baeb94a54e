"""Commands in processes of their own that can be killed at any moment, forked from one that has read all libraries.

Reading Dagster and Great Expectations takes five seconds; a fork of a process that did takes none, and what a child
still had to read, this process reads after it (``learn``). It must never compute anything with polars: its threads
would be gone in a child. Whatever looks at an installation is ``asked`` of a child too.
"""

import gc
import importlib
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import great_expectations  # noqa: F401 - read here, so that no child has to
import highspy  # noqa: F401
import sqlalchemy as sa

import jos_pipeline.cli
import jos_pipeline.erasing
import jos_pipeline.handout
import jos_pipeline.headless
import jos_pipeline.pruning
import jos_pipeline.publishing
import jos_pipeline.reporting
from tests.chaos.phases import PART, Place, Whereabouts, follow_steps, run_part
from tests.chaos.steps import Step, step_of, step_of_statement
from tests.forked import only

LONGEST = 600
_HERE = Whereabouts()
_TRIED: set[str] = set()
"""Modules that this process tried to read because a child needed them."""
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Kill:
    """When a process dies: before the nth time that it does something (without ``step``: changes anything of ours), or
    when it has used this much of a processor."""

    step: Step | None = None
    nth: int = 1
    seconds: float | None = None
    inside: bool = False
    """Only what is done in a step of a run counts, not what comes before and after."""

    def __str__(self) -> str:
        return f"before {self.step or 'change'} number {self.nth}" if self.seconds is None else self._in_time

    @property
    def _in_time(self) -> str:
        return f"after {self.seconds:.2f} CPU seconds"


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code (-9 when killed), what it said, its processor time, and where it was."""

    code: int
    said: str
    seconds: float
    where: Place


@dataclass(frozen=True)
class Trace:
    """What an undisturbed command did: how often each step, after how much processor time, and what it had to read."""

    ended: Ended
    steps: Counter[Step]
    moments: list[float]
    modules: list[str]


def jos(place: Path, *arguments: str, kill: Kill | None = None, before: Callable[[], object] | None = None) -> Ended:
    """A command line as a user gives it, in the directory of an installation; ``before`` is done in its process."""

    def command() -> None:
        if before is not None:
            before()
        if kill is not None:
            _die_before(kill)
        _do(arguments)

    _HERE.clear()
    return wait_for(start(place, command), kill)


def trace(place: Path, *arguments: str, before: Callable[[], object] | None = None) -> Trace:
    """The same without a kill, and what it did."""
    told, known = place / "stappen.json", {*sys.modules}

    def command() -> None:
        if before is not None:
            before()
        seen: list[tuple[Step, float]] = []

        def look(step: Step) -> None:
            if _HERE.read().step or arguments[0] != PART:  # a part of a run is about its steps
                seen.append((step, time.process_time()))

        follow_steps(_HERE.at)
        _watch(look)
        try:
            _do(arguments)
        finally:
            steps, modules = [*seen], sorted({*sys.modules} - known)
            told.write_text(json.dumps([steps, modules]), encoding="utf-8")

    _HERE.clear()
    ended = wait_for(start(place, command))
    steps, modules = json.loads(told.read_text(encoding="utf-8"))
    return Trace(
        ended,
        Counter(step for step, _ in steps),
        [moment for step, moment in steps if not step.startswith("dagster")],
        modules,
    )


def _do(arguments: tuple[str, ...]) -> None:
    if arguments[0] == PART:
        run_part(arguments[1])
        return
    sys.argv = ["jos", *arguments]
    jos_pipeline.cli.main()


def learn(modules: Collection[str]) -> None:
    """Reads what a child had to read, so that the next one does not have to; and keeps what is read out of its way."""
    if not modules:
        return
    _TRIED.update(modules)
    for name in modules:
        with suppress(Exception):  # what can be read only in the middle of something else, a child reads again
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # a child that clears away garbage copies no memory of ours


def asked(place: Path, question: Callable[[], Any]) -> Any:
    """The answer of a child to a question about an installation, as JSON can hold it. Raises RuntimeError."""
    told, known = place / "antwoord.json", {*sys.modules}
    told.unlink(missing_ok=True)

    def answer() -> None:
        said = question()
        told.write_text(json.dumps([said, sorted({*sys.modules} - known)]), encoding="utf-8")

    ended = wait_for(start(place, answer))
    if ended.code:
        raise RuntimeError(ended.said)
    said, modules = json.loads(told.read_text(encoding="utf-8"))
    learn({*modules} - _TRIED)
    return said


@dataclass(frozen=True)
class Running:
    """A child that was started, and where it writes."""

    pid: int
    output: Path


def start(place: Path, work: Callable[[], object]) -> Running:
    """Begins some work in a child, in the directory of an installation."""
    if (count := threading.active_count()) > 1:
        raise RuntimeError(f"{count} threads: a child of this process could wait for one of them for ever")
    # not in the installation: its disk may be full
    output = Path(tempfile.gettempdir()) / f"jos-uitvoer-{os.getpid()}-{time.monotonic_ns()}.txt"

    def settled() -> None:
        _settle(place, output)
        work()

    pid = os.fork()
    if not pid:
        only(settled)
    return Running(pid, output)


def wait_for(running: Running, kill: Kill | None = None) -> Ended:
    """Waits for a child; kills it at the moment that ``kill`` says."""
    begun = time.monotonic()
    while True:
        pid, status, used = os.wait4(running.pid, os.WNOHANG)
        if pid:
            break
        late = kill is not None and kill.seconds is not None and _used(running.pid) >= kill.seconds
        if late or time.monotonic() - begun > LONGEST:
            os.kill(running.pid, signal.SIGKILL)
        time.sleep(0.002)
    said = running.output.read_text(encoding="utf-8", errors="replace") if running.output.exists() else ""
    running.output.unlink(missing_ok=True)
    return Ended(os.waitstatus_to_exitcode(status), said, used.ru_utime + used.ru_stime, _HERE.read())


def _used(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _settle(place: Path, output: Path) -> None:
    """The surroundings of a command: its directory, its settings, and its output in a file."""
    os.chdir(place)
    for name in [name for name in os.environ if name.startswith(("JOS_", "DAGSTER_HOME"))]:
        del os.environ[name]
    os.environ.update(environment(place))
    target = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(target, 1)
    os.dup2(target, 2)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))


def environment(place: Path) -> Mapping[str, str]:
    """What an installation of the campaign is told; ``jos.toml`` in its directory says the rest."""
    return {"NO_COLOR": "1", "DAGSTER_DISABLE_TELEMETRY": "yes", "GX_ANALYTICS_ENABLED": "False", "COLUMNS": "180"}


def _die_before(kill: Kill) -> None:
    left = kill.nth

    def look(now: Step) -> None:
        nonlocal left
        ours = not now.startswith("dagster")
        if kill.seconds is None and (not kill.inside or _HERE.read().step):
            left -= now == kill.step or (ours and kill.step is None)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        if ours:
            _HERE.changes(now)

    follow_steps(_HERE.at)
    _watch(look)


def _watch(tell: Callable[[Step], object]) -> None:
    """Tells of every change this process is about to make to a file or a database."""
    here = Path.cwd()
    busy = False

    @contextmanager
    def once() -> Iterator[bool]:
        nonlocal busy
        first, busy = not busy, True
        try:
            yield first
        finally:
            if first:
                busy = False

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir"):
            with once() as first:
                if first and (step := step_of(event, arguments, here)):
                    tell(step)

    sys.addaudithook(audit)

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def execute(connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        if step := step_of_statement(connection.engine.url, statement):
            tell(step)

    @sa.event.listens_for(sa.Engine, "commit")
    def commit(connection: sa.Connection) -> None:
        if step := step_of_statement(connection.engine.url, "COMMIT"):
            tell(step)
