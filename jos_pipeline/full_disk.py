"""A disk that is full, in whatever way a library tells of it: people get one line with what to do.

What was being written is not known here; files and transactions are there whole or not at all, whoever writes them.
"""

import errno
import sqlite3
from collections.abc import Iterator

_THEN = "Maak ruimte en geef de opdracht opnieuw: er is niets verloren en niets half gedaan"
TOLD = f"de schijf is vol. {_THEN}"
TOLD_OF_SERVER = f"de schijf van de databaseserver is vol. {_THEN}"
_ON_SERVER = "53100"
"""The SQLSTATE of a server that has no room."""
_ERRNOS = {errno.ENOSPC, errno.EDQUOT}
_IN_SQLITE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
"""The second: no room for the index beside the database, which readers need too. SQLite calls it an I/O error."""
_WORDS = ("no space left on device", "(os error 28)", "disk is full", "disk quota exceeded")
"""What libraries say that keep no number: polars, DuckDB, and SQLite through a driver."""


class FullDiskError(Exception):
    """There was no room. The message (Dutch) says where and what to do, and names no file."""

    def __init__(self, told: str = TOLD) -> None:
        super().__init__(told)


def full_disk(error: BaseException) -> FullDiskError | None:
    """What may be said of an error that is a full disk, or that came from one; None for any other."""
    behind = [*_behind(error)]
    if any(getattr(one, "sqlstate", None) == _ON_SERVER for one in behind):
        return FullDiskError(TOLD_OF_SERVER)
    ours = (one for one in behind if isinstance(one, FullDiskError))
    return next(ours, FullDiskError() if any(map(_tells_of_it, behind)) else None)


def _tells_of_it(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in _ERRNOS
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) in _IN_SQLITE
    return any(words in str(error).lower() for words in _WORDS)


def _behind(error: BaseException) -> Iterator[BaseException]:
    """The error and all it came from, each once."""
    seen: set[int] = set()
    left: list[BaseException | None] = [error]
    while left:
        one = left.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            left += [one.__cause__, one.__context__]
