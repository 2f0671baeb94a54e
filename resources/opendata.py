"""Open data files in a directory, with their hash as provenance."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import dagster as dg


@dataclass(frozen=True)
class OpenFile:
    """An open data file and what it hashes to."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.read()).hexdigest()

    def read(self) -> bytes:
        return self.path.read_bytes()


class OpenDataResource(dg.ConfigurableResource):
    """The directory in which open data files lie; an absent directory holds none."""

    directory: str

    def files(self) -> list[OpenFile]:
        root = Path(self.directory)
        return [OpenFile(path) for path in sorted(root.glob("*.csv"))] if root.is_dir() else []
