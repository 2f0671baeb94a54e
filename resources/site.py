"""Where a report is written: whole beside its place first, then put there by renaming.

A directory is replaced only when it holds a report of ours, which ``MARK`` says: whoever names the wrong directory
loses nothing.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

from resources import whole

MARK = ".jos-rapport"
"""A file in every report: its directory may be replaced. It says which publication is shown."""


class NotOurReportError(Exception):
    """A directory holds something else than a report."""


def write_site(files: Mapping[str, bytes], target: Path, shown: str) -> None:
    """Puts a report in a directory, in place of an earlier one.

    Readers find the old or the new one; for a moment between two renames there is none. Raises NotOurReportError
    before anything is written.
    """
    if target.exists() and not (target.is_dir() and ((target / MARK).exists() or not any(target.iterdir()))):
        raise NotOurReportError(str(target))
    fresh, old = whole.beside_of(target), whole.beside_of(target)
    try:
        fresh.mkdir()
        for name, content in {**files, MARK: shown.encode()}.items():
            (fresh / name).write_bytes(content)
        if target.exists():
            target.rename(old)
        fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def shown_in(target: Path) -> str | None:
    """Which publication the report in a directory shows, as its maker wrote it; None when there is no report."""
    try:
        return (target / MARK).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
