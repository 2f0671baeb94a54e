"""Whose turn it is: one run at a time works on a school year, on whatever host, and erasing waits for all of them.

Turns are kept where the warehouse is, for that is what all hosts share: in PostgreSQL as advisory locks of a session,
beside an SQLite file as locks on files. A process that ends, however it ends, loses its turns: the system sees to that
on one host; on PostgreSQL the server does, within half a minute after a host went down without a word
(``resources.database``). What is done during a turn is not known here.
"""

import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Protocol
from zlib import crc32

import sqlalchemy as sa

from resources.database import Database

PARTITION_TAG = "dagster/partition"
WHOLE = "alles"
"""Shared by whoever works on a school year, held alone by whoever changes rows of all of them."""
_CLASS = 0x4A4F54
"""The class of our advisory locks ("JOT"); ``resources.database`` uses the other kind, of one number."""


class LostTurnError(Exception):
    """The server let go of our turn: another host may be at it, so nothing more may be written."""

    def __init__(self) -> None:
        super().__init__(
            "de verbinding met de database is verbroken en daarmee de beurt: een andere machine kan nu aan dit "
            "schooljaar werken. Er is niets meer geschreven; de volgende verwerking doet het opnieuw"
        )


class Turn(Protocol):
    """A turn that somebody has."""

    def still_ours(self) -> None:
        """Raises LostTurnError when somebody else may have it by now."""


_MINE: ContextVar[dict[tuple[str, str], Turn]] = ContextVar("turns", default={})  # noqa: B039 - never changed in place
"""The turns of this line of work, by address and name: a run within ``jos run`` has the one that was taken for it."""


@contextmanager
def turn_of(url: str, year: str) -> Iterator[Turn]:
    """A turn on a school year; waits until whoever has it is done. Whoever has it already has it still."""
    with _turn(url, year, wait=True) as turn:
        assert turn is not None  # noqa: S101 - it waited
        yield turn


@contextmanager
def turn_if_free(url: str, year: str) -> Iterator[Turn | None]:
    """A turn on a school year; None when another has it."""
    with _turn(url, year, wait=False) as turn:
        yield turn


@contextmanager
def _turn(url: str, year: str, *, wait: bool) -> Iterator[Turn | None]:
    mine = _MINE.get()
    known = mine.get((url, WHOLE)) or mine.get((url, year))
    if known is not None:
        yield known
        return
    with _locks(url) as locks:
        if not (locks.take(WHOLE, shared=True, wait=wait) and locks.take(year, shared=False, wait=wait)):
            yield None
            return
        with _remembered((url, year), locks):
            yield locks


@contextmanager
def whole_turn(url: str) -> Iterator[Turn]:
    """A turn on everything; waits until all runs are done, and all that begin wait for this."""
    with _locks(url) as locks:
        locks.take(WHOLE, shared=False, wait=True)
        with _remembered((url, WHOLE), locks):
            yield locks


@contextmanager
def _remembered(name: tuple[str, str], turn: Turn) -> Iterator[None]:
    token = _MINE.set({**_MINE.get(), name: turn})
    try:
        yield
    finally:
        _MINE.reset(token)


class _Locks(Turn, Protocol):
    def take(self, name: str, *, shared: bool, wait: bool) -> bool: ...


@contextmanager
def _locks(url: str) -> Iterator[_Locks]:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        with ExitStack() as files:
            yield _FileLocks(Path(parsed.database or ":memory:").absolute().parent / "beurten", files)
        return
    with closing(Database(url)) as database, database.session(f"jos {socket.gethostname()} {os.getpid()}") as session:
        locks = _ServerLocks(session)
        try:
            yield locks
        finally:
            locks.let_go()


class _FileLocks:
    """Locks on files of this machine; the system lets go of them when the process ends."""

    def __init__(self, directory: Path, files: ExitStack) -> None:
        self._directory, self._files = directory, files

    def take(self, name: str, *, shared: bool, wait: bool) -> bool:
        self._directory.mkdir(parents=True, exist_ok=True)
        file = self._files.enter_context((self._directory / name).open("a"))
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def still_ours(self) -> None:
        pass  # as long as this process lives


class _ServerLocks:
    """Advisory locks of one session of PostgreSQL; gone with the session."""

    def __init__(self, session: sa.Connection) -> None:
        self._session = session
        self._number = session.execute(sa.select(sa.func.pg_backend_pid())).scalar()

    def take(self, name: str, *, shared: bool, wait: bool) -> bool:
        lock = getattr(sa.func, f"pg_{'' if wait else 'try_'}advisory_lock{'_shared' if shared else ''}")
        number = crc32(name.encode()) - (1 << 31)  # a number of 32 bits with a sign
        # one that waits gives no answer but that it is over
        return self._asked(lambda: self._session.execute(sa.select(lock(_CLASS, number))).scalar()) is not False

    def let_go(self) -> None:
        """Now: the server would do so itself, but some time after the session has ended."""
        with suppress(sa.exc.SQLAlchemyError):  # then it has gone already
            self._session.execute(sa.select(sa.func.pg_advisory_unlock_all()))

    def still_ours(self) -> None:
        # the number too: another session would hold no lock
        asked = self._asked(lambda: self._session.execute(sa.select(sa.func.pg_backend_pid())).scalar())
        if asked != self._number:
            raise LostTurnError

    def _asked(self, question: Callable[[], object]) -> object:
        try:
            return question()
        except sa.exc.SQLAlchemyError:  # the first time it is told so, later that the session is no good
            raise LostTurnError from None
