"""Commands in processes of their own that can be killed at any moment, forked from one that has read all libraries.

Reading Dagster and Great Expectations takes five seconds; a fork of a process that did takes none. This process itself
must never compute anything with polars: its threads would be gone in a child. Whatever looks at an installation is
``asked`` of a child too.
"""

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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
from tests.chaos.steps import Step, step_of, step_of_statement

LONGEST = 600
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Kill:
    """When a process dies: before the nth time that it does something, or when it has used this much of a processor."""

    step: Step | None = None
    nth: int = 1
    seconds: float | None = None

    def __str__(self) -> str:
        return f"after {self.seconds:.2f} CPU seconds" if self.step is None else f"before {self.step} number {self.nth}"


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code (-9 when killed), what it said, and the processor time it took."""

    code: int
    said: str
    seconds: float


def jos(place: Path, *arguments: str, kill: Kill | None = None, before: Callable[[], object] | None = None) -> Ended:
    """A command line as a user gives it, in the directory of an installation; ``before`` is done in its process."""

    def command() -> None:
        if before is not None:
            before()
        if kill is not None and kill.step is not None:
            _die_before(kill.step, kill.nth)
        sys.argv = ["jos", *arguments]
        jos_pipeline.cli.main()

    return wait_for(start(place, command), kill)


def trace(place: Path, *arguments: str, before: Callable[[], object] | None = None) -> tuple[Ended, Counter[Step]]:
    """The same without a kill, and how often it did what it can be killed before."""
    told = place / "stappen.json"

    def command() -> None:
        if before is not None:
            before()
        seen: Counter[Step] = Counter()
        _watch(lambda step: seen.update([step]))
        sys.argv = ["jos", *arguments]
        try:
            jos_pipeline.cli.main()
        finally:
            steps = dict(seen)
            told.write_text(json.dumps(steps), encoding="utf-8")

    ended = wait_for(start(place, command))
    return ended, Counter(json.loads(told.read_text(encoding="utf-8")))


def asked(place: Path, question: Callable[[], Any]) -> Any:
    """The answer of a child to a question about an installation, as JSON can hold it. Raises RuntimeError."""
    told = place / "antwoord.json"
    told.unlink(missing_ok=True)
    ended = wait_for(start(place, lambda: told.write_text(json.dumps(question()), encoding="utf-8")))
    if ended.code:
        raise RuntimeError(ended.said)
    return json.loads(told.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Running:
    """A child that was started, and where it writes."""

    pid: int
    output: Path


def start(place: Path, work: Callable[[], object]) -> Running:
    """Begins some work in a child, in the directory of an installation."""
    if (count := threading.active_count()) > 1:
        raise RuntimeError(f"{count} threads: a child of this process could wait for one of them for ever")
    output = place / f"uitvoer-{time.monotonic_ns()}.txt"
    pid = os.fork()
    if pid:
        return Running(pid, output)
    code = 70
    try:
        _settle(place, output)
        work()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except BaseException:  # noqa: BLE001 - a child must never go on in the code of its parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


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
    return Ended(os.waitstatus_to_exitcode(status), said, used.ru_utime + used.ru_stime)


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


def _die_before(step: Step, nth: int) -> None:
    left = nth

    def look(now: Step) -> None:
        nonlocal left
        left -= now == step
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

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
