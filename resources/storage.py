"""Where whole files are kept by name: below a directory, or in a bucket. The lake stands on it.

A file is there whole or not at all: a directory renames it into its place, a bucket shows an object when its last byte
has come. What can go wrong with a server is a ``StorageError``, which says in one line what to do next.
"""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from resources import whole


class StorageError(OSError):
    """A server cannot be used. The message (Dutch) says what to do next; it names no file and shows no secret."""


class Storage(Protocol):
    """Files below one address, each by its place: a relative path with slashes."""

    def holds_all(self, places: Collection[str]) -> bool:
        """Whether every one of these files is there."""

    def source(self, place: str) -> Path | BytesIO:
        """What a reader of Parquet can read a file from. Raises FileNotFoundError."""

    def read(self, place: str) -> bytes:
        """The bytes of a file. Raises FileNotFoundError."""

    def replacing(self, place: str) -> AbstractContextManager[BinaryIO]:
        """What is written to this becomes the file when all went well; until then the old one stays."""

    def keep(self, place: str, data: bytes) -> bytes:
        """What the file holds; it is made with this data when it is not there. Of two at once, one wins."""

    def changed(self) -> dict[str, datetime]:
        """The places of all files, each with when it was last written; also what a process that died left behind."""

    def remove(self, place: str) -> None:
        """Takes a file away; one that is gone is fine."""


def storage_at(address: str) -> Storage:
    """The storage at a directory or ``s3://bucket/prefix``."""
    if "://" not in address:
        return Directory(Path(address))
    from resources.bucket import Bucket  # noqa: PLC0415 - only an installation with a bucket has the library

    return Bucket(address)


class Directory:
    """A directory that only the pipeline may look into; made when the first file comes."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def holds_all(self, places: Collection[str]) -> bool:
        return all(self._root.joinpath(place).is_file() for place in places)

    def source(self, place: str) -> Path:
        path = self._root / place
        if not path.is_file():
            raise FileNotFoundError(path)
        return path

    def read(self, place: str) -> bytes:
        return self.source(place).read_bytes()

    @contextmanager
    def replacing(self, place: str) -> Iterator[BinaryIO]:
        # the ledger, which is written after it, survives a power cut: so must this
        with whole.replacing(self._place(place), lasting=True) as file:
            yield file

    def keep(self, place: str, data: bytes) -> bytes:
        return whole.keep(self._place(place), data)

    def changed(self) -> dict[str, datetime]:
        found = {}
        for path in self._root.rglob("*"):
            with suppress(FileNotFoundError):  # taken away since it was listed
                if path.is_file():
                    moment = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
                    found[path.relative_to(self._root).as_posix()] = moment
        return found

    def remove(self, place: str) -> None:
        self._root.joinpath(place).unlink(missing_ok=True)

    def _place(self, place: str) -> Path:
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._root / place
