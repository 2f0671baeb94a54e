"""Where pages for people are written; each replaces its predecessor in one step."""

import os
from pathlib import Path

import dagster as dg


class ReportResource(dg.ConfigurableResource):
    """The directory with pages."""

    directory: str

    def write(self, name: str, page: str) -> Path:
        target = Path(self.directory) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(f".{os.getpid()}")
        beside.write_text(page, encoding="utf-8")
        return beside.replace(target)
