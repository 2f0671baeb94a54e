"""What a process does to files and databases, in words: a step is a place and a verb. What it can be killed before."""

import os
import re
from pathlib import Path
from typing import Any

import sqlalchemy as sa

Step = str

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_BESIDE = re.compile(r"\.[0-9a-f]{32}$")
"""How a hidden name ends that is another every time (``resources.whole``)."""
_SQL = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM|CREATE \w+|DROP \w+|ALTER TABLE|COMMIT)\s*\"?(\w*)")


def step_of(event: str, arguments: tuple[Any, ...], here: Path) -> Step | None:
    """The step of an audit event of Python, when it changes a file below ``here``."""
    if event == "open" and not _writes(arguments):
        return None
    try:
        path = Path(os.fsdecode(arguments[1] if event in ("os.rename", "os.link") else arguments[0]))
    except TypeError:  # an open file, by its number
        return None
    path = path if path.is_absolute() else Path(os.getcwd()) / path  # noqa: PTH109 - Path.cwd opens nothing either
    if here not in path.parents:
        return None
    return f"{_room(path.relative_to(here))}: {event.removeprefix('os.')}"


def step_of_statement(url: sa.URL, statement: str) -> Step | None:
    """The step of an SQL statement that changes something."""
    found = _SQL.match(statement)
    if found is None:
        return None
    if "dagster" in str(url.database):
        return f"dagster: {found[1].lower()}"
    return f"warehouse: {f'{found[1].lower()} {found[2]}'.strip()}"


def _writes(arguments: tuple[Any, ...]) -> bool:
    _, mode, flags = (*arguments, None, None)[:3]
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & _WRITING)


def _room(path: Path) -> str:
    """Where in an installation a file lies, as coarse as a phase of the work: the same each time."""
    parts = [_BESIDE.sub("", part) for part in path.parts if part != ".jos"] or ["home"]
    if parts[0] in ("lake", "rapport") and len(parts) > 2:
        return "/".join(parts[:2])
    return parts[0] if len(parts) > 1 else "home"
