"""Parts of a run that can be killed by themselves, and where a process was when it died.

A run takes ten processor seconds, most of it for what is not written. So the phases that matter are run alone as well,
as Dagster does when somebody selects assets: the same job, the same turn, the same files and database. Each begins in a
house where everything before it was done.
"""

import mmap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import dagster as dg
from rich.console import Console

from assets.bronnen import LEDGER
from assets.gekoppeld import GROUP as LINKED
from assets.gevalideerd import GROUP as VALIDATED
from assets.indicatoren import GROUP as INDICATORS
from assets.order import order_config
from assets.publicatie import PROTECTED, PUBLISHED
from jos_pipeline.headless import only_run
from jos_pipeline.publishing import run_chosen
from jos_pipeline.settings import Settings
from resources.turns import turn_of
from tests.chaos import place
from tests.chaos.steps import Step

GATE, LAKE, CUBE, PUBLICATION = "gate", "lake write", "cube", "publication"
PART = "deel"
"""As if there were a command ``jos deel PHASE``, for a part of a run."""
FIVE = (GATE, LAKE, CUBE, PUBLICATION, "migration")
"""The phases that the campaign is about before all others."""
_CHOSEN = {
    GATE: dg.AssetSelection.assets(LEDGER),
    LAKE: dg.AssetSelection.groups(VALIDATED, LINKED),
    CUBE: dg.AssetSelection.groups(INDICATORS),
    PUBLICATION: dg.AssetSelection.assets(PUBLISHED),
}
_BETWEEN = {PUBLICATION: dg.AssetSelection.assets(PROTECTED)}
"""What else must be done before a phase."""
_OF_GROUP = {
    "bronnen": GATE,
    "gevalideerd": LAKE,
    "gekoppeld": LAKE,
    "indicatoren": CUBE,
    "publicatie": PUBLICATION,
    "rapportage": "pages",
}


def run_part(phase: str) -> None:
    """Does a phase of the run of a school year; as a command, it ends the process with 3 when it fails."""
    if failed := _run(_CHOSEN[phase]):
        raise RuntimeError(failed)


def run_until(phase: str) -> None:
    """Does everything that comes before a phase."""
    for name, chosen in _CHOSEN.items():
        if name == phase:
            break
        _run(chosen)
    if phase in _BETWEEN:
        _run(_BETWEEN[phase])


def _run(chosen: dg.AssetSelection) -> str:
    settings = Settings()
    console = Console(stderr=True)
    with only_run(settings, console), turn_of(settings.warehouse_url, place.YEAR):
        return run_chosen(settings, place.YEAR, order_config("kalender"), chosen, console)


# --- where a process is ------------------------------------------------------------------------------------

_SIZE = 128


@dataclass(frozen=True)
class Place:
    """Where a process was: the step of a run it was at (empty outside a run), and what it last changed."""

    step: str
    change: Step

    def phase(self, scenario: str) -> str:
        """The phase of a run; outside one, what the command is for."""
        if not self.step:
            return scenario
        return _OF_GROUP.get(self.step.partition("__")[0], "checks")


class Whereabouts:
    """Told by a child to its parent, through memory that both have: it is there when the child is not."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 2 * _SIZE)

    def clear(self) -> None:
        self._memory[:] = bytes(2 * _SIZE)

    def at(self, step: str) -> None:
        self._write(0, step)

    def changes(self, change: Step) -> None:
        self._write(_SIZE, change)

    def read(self) -> Place:
        return Place(*(self._memory[start : start + _SIZE].rstrip(b"\0").decode() for start in (0, _SIZE)))

    def _write(self, start: int, text: str) -> None:
        self._memory[start : start + _SIZE] = text.encode()[:_SIZE].ljust(_SIZE, b"\0")


def follow_steps(tell: Callable[[str], object]) -> None:
    """Tells, in this process from now on, which step of a run begins, and "" when a run is over."""
    handle = dg.DagsterInstance.handle_new_event

    def handled(instance: dg.DagsterInstance, entry: dg.EventLogEntry, **options: Any) -> Any:
        event = entry.dagster_event
        if event is not None and event.is_step_start:
            tell(str(event.step_key))
        elif event is not None and event.is_job_event and event.event_type in _OVER:
            tell("")
        return handle(instance, entry, **options)

    dg.DagsterInstance.handle_new_event = handled  # type: ignore[method-assign]


_OVER = {dg.DagsterEventType.RUN_SUCCESS, dg.DagsterEventType.RUN_FAILURE}
