"""Where pages for people are written; each replaces its predecessor in one step."""

import os
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from resources import whole


class PageError(OSError):
    """A page could not be written. Names the directory only: a page may be called after a supplier's file."""


class ReportResource(dg.ConfigurableResource):
    """The directory with pages; addresses say where it, and the feedback in it, are read. Empty: only as files."""

    directory: str
    address: str = ""
    feedback_address: str = ""

    def write(self, name: str, page: str) -> Path:
        """Writes a page. Raises PageError."""
        target = Path(self.directory) / name
        try:
            return whole.write(target, page.encode())
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else type(error).__name__
            raise PageError(error.errno, f"a page could not be written: {reason}", self.directory) from None

    def written(self, name: str) -> datetime | None:
        """When a page was written; None when it is not there."""
        try:
            moment = (Path(self.directory) / name).stat().st_mtime
        except FileNotFoundError:
            return None
        return datetime.fromtimestamp(moment, tz=UTC)

    def pages(self, directory: str) -> frozenset[str]:
        """The pages (HTML) in the folders of a directory, relative to it."""
        base = Path(self.directory) / directory
        return frozenset(str(page.relative_to(base)) for page in base.glob("*/*.html"))
