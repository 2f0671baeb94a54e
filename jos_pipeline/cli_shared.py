"""What commands share beside ``terminal``: settings, region, the files a supplier names, and telling a verdict.

Imports stand inside the functions: ``jos --help`` must answer at once.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cyclopts import Group, Parameter

from jos_pipeline.terminal import USAGE, stop, tell

if TYPE_CHECKING:
    from rich.console import Console

    from jos_pipeline.intake.gate import Verdict
    from jos_pipeline.region import Region
    from jos_pipeline.settings import Settings


SHAPE: dict[str, Any] = {
    "version_flags": ["--version"],
    "help_flags": ["--help", "-h"],
    "group_commands": Group("Opdrachten", sort_key=2),
    "group_arguments": Group("Argumenten", sort_key=0),
    "group_parameters": Group("Opties", sort_key=1),
    "default_parameter": Parameter(negative=()),
}
"""How a command line of ours is made: what it is called in Dutch, and no second option that switches one off."""


def messages() -> "Console":
    from rich.console import Console

    return Console(stderr=True)


def settings(inbox: str | None = None) -> "Settings":
    from jos_pipeline.settings import Settings

    if inbox is None:
        return Settings()
    return Settings(inbox=inbox if "://" in inbox else str(Path(inbox).absolute()))


def region(settings_: "Settings") -> "Region":
    from jos_pipeline.region import load_region

    return load_region(settings_.regio)


def modified(path: Path) -> date:
    """The day a file was last changed, in the Netherlands: the same day as the monitor sees, on whatever machine."""
    from jos_pipeline.clock import day_of

    return day_of(datetime.fromtimestamp(path.stat().st_mtime, tz=UTC))


def past_moment(text: str | None) -> datetime:
    """The moment a user wrote (``clock.moment_of``), now when nothing; stops for one that still has to come."""
    from jos_pipeline.clock import moment_of

    now = datetime.now(UTC)
    if text is None:
        return now
    try:
        found = moment_of(text)
    except ValueError:
        stop(USAGE, "schrijf een moment als 2023-03-01T12:00, of een dag als 2023-03-01")
    if found.date() > now.astimezone(found.tzinfo).date():
        stop(USAGE, "dat moment moet nog komen")
    return min(found, now)


def existing(files: list[Path]) -> list[Path]:
    missing = [path for path in files if not path.is_file()]
    if missing and missing[0].is_dir():
        stop(USAGE, f"{missing[0]} is een map: noem de bestanden, zoals {missing[0] / '*'}")
    if missing:
        stop(USAGE, f"bestand niet gevonden: {missing[0]}")
    return files


def show(verdict: "Verdict") -> None:
    from jos_pipeline.feedback import feedback_text

    sys.stdout.write(feedback_text(verdict) + "\n")


def write_feedback(verdict: "Verdict", path: Path, directory: Path, taken: set[Path], copy_in: Path | None) -> None:
    """Writes the feedback on the file at ``path`` and says where; ``taken`` is what may not be written over."""
    from jos_pipeline.feedback_files import write_feedback

    with messages().status("Terugkoppeling schrijven ..."):
        written = write_feedback(verdict, path.read_bytes(), directory, copy_in, taken)
    taken.update(written.paths)
    tell(f"terugkoppeling: {written.page}\n")
    if written.copy is not None:
        tell(f"kopie met kleur: {written.copy}\n                Alleen voor uzelf: verstuur deze kopie niet.\n")
    else:
        tell(f"geen kopie met kleur: {written.no_copy}\n")
