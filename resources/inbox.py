"""The inbox: one folder per supplier, listed and read, never changed.

What a file is, is the gate's business; here it is a name, a size, a time and bytes, whether it lies in a directory, in
a bucket or on an SFTP server. An inbox that cannot be listed raises: it is not an empty one.

Only regular files are read. A link inside a supplier's folder could point at the folder of another, and a pipe would
hold up everybody; they are listed as unreadable. The folder of a supplier may itself be a link.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

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
    place: str
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


class Folder(Protocol):
    """Files below an address, each by its place: a relative path with slashes."""

    def listed(self) -> Iterable[tuple[str, dict[str, Any]]]:
        """Every file with ``size`` and its own time (``mtime`` or ``LastModified``).

        ``changed`` and ``readable`` stand beside them where these say more. Raises OSError when it cannot be listed.
        """

    def read(self, place: str) -> bytes:
        """The bytes of a file. Raises FileNotFoundError when it was taken away."""


class Inbox:
    """The inbox in a folder. An SFTP server shows only to who looks twice that a file is whole: keep the inbox."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def files(self) -> list[InboxFile]:
        """Every file that suppliers left, in a fixed order; lock files and half uploads by name left out.

        Raises OSError when the inbox cannot be listed.
        """
        return sorted(self._walk(), key=lambda file: (file.leverancier, file.name))

    def read(self, file: InboxFile) -> bytes:
        return self._folder.read(file.place)

    def _walk(self) -> Iterator[InboxFile]:
        for place, info in self._folder.listed():
            parts = [part for part in place.split("/") if part not in ("", ".")]
            if any(is_ignored(part) for part in parts):
                continue
            supplier = safe_name(parts[0].lower()) if len(parts) > 1 else NO_FOLDER
            modified = _moment(info.get("mtime") or info.get("LastModified"))
            changed, readable = _moment(info.get("changed", modified)), bool(info.get("readable", True))
            yield InboxFile(supplier, parts[-1], place, int(info["size"]), modified, changed, readable)


class LocalFolder:
    """A directory of this machine. Nothing behind a link is looked at below the folders of suppliers."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def listed(self) -> Iterator[tuple[str, dict[str, Any]]]:
        if not self._root.is_dir():
            raise FileNotFoundError("de inbox is er niet: maak de map, of zet JOS_INBOX")
        below = os.path.join(self._root, "")  # noqa: PTH118 - of every file, at every tick
        for path in self._paths():
            for info in _local_info(path):
                yield path.removeprefix(below), info

    def read(self, place: str) -> bytes:
        return (self._root / place).read_bytes()

    def _paths(self) -> Iterator[str]:
        for entry in os.scandir(self._root):
            if not entry.is_dir():
                yield entry.path
                continue
            for folder, folders, names in os.walk(entry.path, onerror=_raise):
                links = [name for name in folders if Path(folder, name).is_symlink()]
                yield from (f"{folder}/{name}" for name in (*names, *links))


def _local_info(path: str) -> Iterator[dict[str, Any]]:
    try:
        told = os.lstat(path)
    except FileNotFoundError:  # taken away since it was listed
        return
    readable = stat.S_ISREG(told.st_mode) and os.access(path, os.R_OK)
    changed = max(told.st_mtime, told.st_ctime)
    yield {"size": told.st_size, "mtime": told.st_mtime, "changed": changed, "readable": readable}


def _raise(error: OSError) -> None:
    raise error


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.fromtimestamp(float(value), tz=UTC)


def folder_at(url: str, key_file: str = "", known_hosts: str = "") -> Folder:
    """The folder at an address. The libraries for a server are only there, and only read, where one is used."""
    scheme, separator, _ = url.partition("://")
    if not separator:
        return LocalFolder(Path(url))
    if scheme == "s3":
        from resources.bucket import Bucket  # noqa: PLC0415

        return Bucket(url)
    from resources.sftp import Account, SftpFolder  # noqa: PLC0415

    return SftpFolder(url, Account(_path(key_file), _path(known_hosts)))


def _path(text: str) -> Path | None:
    return Path(text).expanduser() if text else None
