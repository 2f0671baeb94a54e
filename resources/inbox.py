"""The inbox: one folder per supplier, listed and read, never changed.

What a file is, is the gate's business; here it is a name, a size, a time and bytes. Through fsspec, so that a
directory, SFTP or a bucket read alike. An inbox that cannot be listed raises: it is not an empty one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

import dagster as dg
from fsspec.core import url_to_fs

from jos_pipeline.intake.naming import is_ignored

NO_FOLDER = "geen-map"
"""The supplier under which a file is registered that lies in no supplier's folder."""


@dataclass(frozen=True)
class InboxFile:
    """A file as it lies in the inbox. ``changed`` is when anything of it last changed, ``modified`` its own time."""

    leverancier: str
    name: str
    path: str
    size: int
    modified: datetime
    changed: datetime

    def is_stable(self, now: datetime, seconds: float) -> bool:
        """Nothing of it changed during the last ``seconds``."""
        return (now - self.changed).total_seconds() >= seconds


class Inbox:
    """The inbox at a directory or fsspec URL."""

    def __init__(self, url: str) -> None:
        self._fs, self._root = url_to_fs(url)

    def files(self) -> list[InboxFile]:
        """Every file that suppliers left, in a fixed order; lock files and half uploads by name left out.

        Raises OSError when the inbox cannot be listed.
        """
        self._fs.invalidate_cache()
        if not self._fs.isdir(self._root):
            raise FileNotFoundError("the inbox does not exist; create it or set JOS_INBOX")
        return sorted(self._walk(), key=lambda file: (file.leverancier, file.name))

    def read(self, file: InboxFile) -> bytes:
        return bytes(self._fs.cat_file(file.path))

    def _walk(self) -> Iterator[InboxFile]:
        for path, info in self._fs.find(self._root, detail=True).items():
            parts = PurePosixPath(path).relative_to(PurePosixPath(self._root)).parts
            if any(is_ignored(part) for part in parts):
                continue
            supplier = parts[0].lower() if len(parts) > 1 else NO_FOLDER
            modified = _moment(info.get("mtime") or info.get("LastModified"))
            created = _moment(info.get("created")) if info.get("created") else modified
            yield InboxFile(supplier, parts[-1], path, int(info["size"]), modified, max(modified, created))


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.fromtimestamp(float(value), tz=UTC)


class InboxResource(dg.ConfigurableResource):
    """Where suppliers leave their files."""

    url: str
    stable_seconds: float

    def open(self) -> Inbox:
        return Inbox(self.url)

    def is_stable(self, file: InboxFile) -> bool:
        return file.is_stable(datetime.now(UTC), self.stable_seconds)
