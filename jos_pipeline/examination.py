"""What ``jos doctor`` tells: a line per part of an installation, as a table or as JSON. Looking is ``doctor``.

English, for engineers. A line never holds a key, a password or a value of a delivery.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from rich.console import Console
from rich.table import Table

from jos_pipeline.terminal import SYSTEM


class State(StrEnum):
    """How a part is."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"


_STYLES = {State.OK: "green", State.WARNING: "yellow", State.BROKEN: "bold red"}


@dataclass(frozen=True)
class Line:
    """One part that was looked at; ``remedy`` says what to do next, and is empty when there is nothing to do."""

    part: str
    state: State
    found: str
    remedy: str = ""


def ok(part: str, found: str) -> Line:
    return Line(part, State.OK, found)


def warning(part: str, found: str, remedy: str) -> Line:
    return Line(part, State.WARNING, found, remedy)


def broken(part: str, found: str, remedy: str) -> Line:
    return Line(part, State.BROKEN, found, remedy)


def exit_code(lines: Iterable[Line]) -> int:
    """3 when something is broken; a warning is no failure."""
    return SYSTEM if any(line.state is State.BROKEN for line in lines) else 0


def objects(lines: Iterable[Line]) -> list[dict[str, str]]:
    """The lines for a program."""
    return [asdict(line) | {"state": line.state.value} for line in lines]


def show(lines: Sequence[Line], console: Console) -> None:
    """The table, and one closing sentence."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("part", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("found, and what to do next", overflow="fold")
    for line in lines:
        said = line.found if not line.remedy else f"{line.found}\n-> {line.remedy}"
        table.add_row(line.part, f"[{_STYLES[line.state]}]{line.state.value}[/]", _plain(said))
    console.print(table)
    told = ", ".join(f"{state.value}: {count}" for state in reversed(State) if (count := _count(lines, state)))
    console.print(f"\n{told}", style=_STYLES[max((line.state for line in lines), key=list(State).index)])


def _plain(text: str) -> str:
    """Text in which a path such as ``[x]`` is no markup."""
    return text.replace("[", r"\[")


def _count(lines: Sequence[Line], state: State) -> int:
    return sum(line.state is state for line in lines)
