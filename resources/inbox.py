"""The inbox: one folder per supplier, listed and read, never changed.

What a file is, is the gate's business; here it is a name, a size, a time and bytes. Through fsspec, so that a
directory, SFTP or a bucket read alike. An inbox that cannot be listed raises: it is not an empty one.

Only regular files are read. A link inside a supplier's folder could point at the folder of another, and a pipe would
hold up everybody; they are listed as unreadable. The folder of a supplier may itself be a link.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import dagster as dg
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from jos_pipeline.intake.naming import is_ignored, safe_name

NO_FOLDER = "geen-map"
"""The supplier under which a file is registered that lies in no supplier's folder."""


UNOPENED = -1
"""The size under which a file is registered that cannot be opened."""


@dataclass(frozen=True)
class InboxFile:
    """A file as it lies in the inbox. ``changed`` is when anything of it last changed, ``modified`` its own time.

    ``readable`` is false for what is no regular file or may not be read.
    """

    leverancier: str
    name: str
    path: str
    size: int
    modified: datetime
    changed: datetime
    readable: bool = True

    @property
    def recorded_size(self) -> int:
        """The size by which the ledger knows it: a file that can be opened after all is another one."""
        return self.size if self.readable else UNOPENED

    def is_stable(self, now: datetime, seconds: float) -> bool:
        """Nothing of it changed during the last ``seconds``. A time further ahead than that tells nothing of it."""
        return abs((now - self.changed).total_seconds()) >= seconds


class Inbox:
    """The inbox at a directory or fsspec URL."""

    def __init__(self, url: str) -> None:
        self.url = url
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
        for path, info in self._listed():
            parts = PurePosixPath(path).relative_to(PurePosixPath(self._root)).parts
            if any(is_ignored(part) for part in parts):
                continue
            supplier = safe_name(parts[0].lower()) if len(parts) > 1 else NO_FOLDER
            modified = _moment(info.get("mtime") or info.get("LastModified"))
            created = _moment(info.get("created")) if info.get("created") else modified
            changed, readable = max(modified, created), bool(info.get("readable", True))
            yield InboxFile(supplier, parts[-1], path, int(info["size"]), modified, changed, readable)

    def _listed(self) -> Iterator[tuple[str, dict[str, Any]]]:
        if isinstance(self._fs, LocalFileSystem):
            return _local_files(self._root)
        return iter(self._fs.find(self._root, detail=True).items())


def _local_files(root: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What fsspec's ``find`` gives, except that nothing behind a link is looked at below the folders of suppliers."""
    for entry in os.scandir(root):
        if Path(entry.path).is_dir():
            for folder, folders, names in os.walk(entry.path, onerror=_raise):
                links = [name for name in folders if Path(folder, name).is_symlink()]
                for name in (*names, *links):
                    yield from _local_info(Path(folder, name))
        else:
            yield from _local_info(Path(entry.path))


def _local_info(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        told = path.lstat()
    except FileNotFoundError:  # taken away since it was listed
        return
    readable = stat.S_ISREG(told.st_mode) and os.access(path, os.R_OK)
    yield str(path), {"size": told.st_size, "mtime": told.st_mtime, "created": told.st_ctime, "readable": readable}


def _raise(error: OSError) -> None:
    raise error


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
