"""Where pages for people are written; each replaces its predecessor in one step."""

import os
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg

from jos_pipeline.clock import day_of


class ReportResource(dg.ConfigurableResource):
    """The directory with pages."""

    directory: str

    def write(self, name: str, page: str) -> Path:
        """Writes a page. Raises OSError that names the directory only: a page may be called after a supplier's file."""
        target = Path(self.directory) / name
        beside = target.with_suffix(f".{os.getpid()}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(page, encoding="utf-8")
            return beside.replace(target)
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else type(error).__name__
            raise OSError(error.errno, f"a page could not be written: {reason}", self.directory) from None

    def written_on(self, name: str) -> date | None:
        """The day on which a page was written; None when it is not there."""
        try:
            moment = (Path(self.directory) / name).stat().st_mtime
        except FileNotFoundError:
            return None
        return day_of(datetime.fromtimestamp(moment, tz=UTC))

    def pages(self, directory: str) -> frozenset[str]:
        """The pages (HTML) in the folders of a directory, relative to it."""
        base = Path(self.directory) / directory
        return frozenset(str(page.relative_to(base)) for page in base.glob("*/*.html"))
