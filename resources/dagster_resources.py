"""The doors through which Dagster gives out what stands in this room: warehouse, lake, inbox, key, turns, messages.

What is behind a door knows no Dagster, so a command that needs it alone (``jos doctor``) answers without loading
Dagster. A door holds addresses only, which the UI shows: never a password, a key or an open connection. What nobody
but Dagster asks for is a resource in its own module (``report``, ``opendata``).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import dagster as dg
import sqlalchemy as sa
from pydantic import PrivateAttr

from resources import heartbeat, keys
from resources.inbox import Inbox, InboxFile, folder_at
from resources.lake import Lake
from resources.notifier import Telling
from resources.privacy_register import PrivacyRegister
from resources.targets import LogBook, addresses
from resources.turns import PARTITION_TAG, Turn, turn_of
from resources.warehouse import WarehouseStore


class WarehouseResource(dg.ConfigurableResource[WarehouseStore]):
    """The warehouse of this installation. ``url`` is shown in the UI and stored with runs: never with its password."""

    url: str

    @classmethod
    def at(cls, url: str) -> "WarehouseResource":
        """The resource for an SQLAlchemy URL, which may hold a password."""
        shown = sa.make_url(url).render_as_string(hide_password=True)
        _FULL_URL[shown] = url
        return cls(url=shown)

    def open(self) -> WarehouseStore:
        """One store, and so one pool of connections, per warehouse and process."""
        return _store(full_url(self.url))


_FULL_URL: dict[str, str] = {}
"""The URL of every warehouse of this process, by the URL that may be shown. Filled where settings are read."""


def full_url(shown: str) -> str:
    """The URL of a warehouse with its password, of the one that may be shown."""
    return _FULL_URL.get(shown, shown)


@lru_cache(maxsize=8)
def _store(url: str) -> WarehouseStore:
    return WarehouseStore(url)


class TurnResource(dg.ConfigurableResource):
    """The turn of a run: taken before its first step, kept until its last. Outside a run there is none.

    ``url`` is that of the warehouse as it may be shown.
    """

    url: str
    _turn: Turn | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["TurnResource"]:
        year = None if context.run is None else context.run.tags.get(PARTITION_TAG)
        if year is None:
            yield self
            return
        with turn_of(full_url(self.url), year) as self._turn:
            yield self

    def still_ours(self) -> None:
        """Raises LostTurnError when another run may be at this school year by now."""
        if self._turn is not None:
            self._turn.still_ours()


class LakeResource(dg.ConfigurableResource):
    """The lake of this installation. A run has a turn on its school year before it may write."""

    address: str
    turn: TurnResource

    def open(self) -> Lake:
        """One lake, and so one pool of connections, per address and process; in a run it writes during its turn."""
        return _lake(self.address).guarded(self.turn.still_ours)


@lru_cache(maxsize=8)
def _lake(address: str) -> Lake:
    return Lake(address)


class InboxResource(dg.ConfigurableResource):
    """Where suppliers leave their files: a directory, ``s3://`` or ``sftp://``. Shown in the UI: holds no secret."""

    url: str
    stable_seconds: float
    sftp_key_file: str = ""
    sftp_known_hosts: str = ""

    def open(self) -> Inbox:
        """One inbox, and so one connection and one memory of what was seen, per address and process."""
        return _inbox(self.url, self.sftp_key_file, self.sftp_known_hosts)

    def stable(self) -> list[InboxFile]:
        """The files that nobody is writing to any more, as far as one look tells."""
        return [file for file in self.open().files() if self.is_stable(file)]

    def settled(self) -> tuple[list[InboxFile], int]:
        """The files that nobody is writing to any more, and how many others there are.

        Looks once more, after a while, when there are any others.
        """
        files = self.open().files()
        if not all(self.is_stable(file) for file in files):
            time.sleep(self.stable_seconds)
            files = self.open().files()
        stable = [file for file in files if self.is_stable(file)]
        return stable, len(files) - len(stable)

    def is_stable(self, file: InboxFile) -> bool:
        return file.is_stable(datetime.now(UTC), self.stable_seconds)


@lru_cache(maxsize=8)
def _inbox(url: str, key_file: str, known_hosts: str) -> Inbox:
    return Inbox(folder_at(url, key_file, known_hosts))


class KeyResource(dg.ConfigurableResource):
    """Gives the monitor's key when it is needed; holds only where its file is.

    Beside a lake on a server no key is made: this machine may be gone tomorrow, and its key with it.
    """

    file: str
    made_when_absent: bool = True

    def monitor_key(self) -> bytes:
        return (keys.monitor_key_or_new if self.made_when_absent else keys.monitor_key)(Path(self.file))


class PrivacyResource(dg.ConfigurableResource):
    """The privacy register of this installation."""

    directory: str

    def open(self) -> PrivacyRegister:
        return PrivacyRegister(Path(self.directory))


class NotifierResource(dg.ConfigurableResource):
    """Tells people. Holds only where things are: addresses are read when they are needed."""

    region: str
    log_book: str
    addresses_file: str = ""
    handbook: str
    repeat_days: int
    hours: str = ""

    def open(self) -> Telling:
        file = Path(self.addresses_file) if self.addresses_file else None
        targets = [LogBook(Path(self.log_book)), *addresses(file)]
        return Telling(targets, self.region, self.handbook, self.repeat_days, self.hours)


class HeartbeatResource(dg.ConfigurableResource):
    """Where the heartbeat is written."""

    file: str
    log_book: str

    def last(self) -> datetime | None:
        return heartbeat.last_beat(Path(self.file))

    def beat(self, told: heartbeat.Beat) -> bool:
        return heartbeat.beat(Path(self.file), LogBook(Path(self.log_book)), told)


class SiteResource(dg.ConfigurableResource):
    """The directory with the reports, one per school year, and where they are read. Empty: only as files."""

    directory: str
    address: str = ""
