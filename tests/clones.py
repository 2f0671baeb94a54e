"""A clone of the repository for who types what a page tells, so that nothing is written in the real one."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
WRITTEN_IN = ("deploy", "resources")
"""Parts of what is in Git in which something typed writes: of these the clone has a copy."""


def clone(demo: Path | None, directory: Path) -> Path:
    """A clone, after ``make demo`` where there is one."""
    directory.mkdir()
    for part in WRITTEN_IN:
        shutil.copytree(ROOT / part, directory / part)
    for part in ROOT.iterdir():
        if part.name not in ("demo", *WRITTEN_IN, ".venv", ".git"):
            (directory / part.name).symlink_to(part)
    if demo:
        shutil.copytree(demo, directory / "demo", ignore=shutil.ignore_patterns("*-shm", "monitor"))
    return directory
