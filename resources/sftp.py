"""A folder on an SFTP server: listed and read over one connection, which is made again when it was lost.

With paramiko itself and not through fsspec, which accepts the key of any server it meets and takes a link or a pipe for
a file. Here a server must be known beforehand, only regular files are read, and links are never followed, except that
the folder of a supplier may be one. What the server says in its own words stays out of every message.
"""

import logging
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from resources.storage import StorageError

try:
    import paramiko
except ImportError:
    raise StorageError(
        "een adres met sftp:// vraagt de pakketten uit requirements/productie.txt: installeer die"
    ) from None

PASSWORD = "JOS_SFTP_WACHTWOORD"  # noqa: S105 - the name of the variable
"""Holds the password of the account, or of the key file when there is one."""

PAUSES = (0.0, 0.2, 1.0)
"""Seconds to wait before each attempt."""
PATIENCE = 10.0
"""Seconds to wait for the server at every step."""
OLD = timedelta(hours=1)
"""How far a server's clock may be off. A file that is older than this is not being written."""
UNREADABLE_NAME = "naam-niet-te-lezen"
"""The name under which a file is listed whose name is no UTF-8."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Account:
    """Who we are on a server, and by which file we know the server; None: what OpenSSH itself would use."""

    key_file: Path | None = None
    known_hosts: Path | None = None


@dataclass(frozen=True)
class _Look:
    """A file as we saw it, and when it came to look so."""

    size: int
    modified: datetime
    changed: datetime
    readable: bool


class SftpFolder:
    """The folder at ``sftp://user@host:port/path``."""

    def __init__(self, address: str, account: Account) -> None:
        parts = urlsplit(address)
        self._host, self._port, self._user = str(parts.hostname), parts.port or 22, parts.username
        self._root = unquote(parts.path).rstrip("/")
        self._account = account
        self._client: paramiko.SSHClient | None = None
        self._sftp: paramiko.SFTPClient | None = None
        self._looks: dict[str, _Look] = {}
        self._lock = threading.Lock()

    def listed(self) -> list[tuple[str, dict[str, Any]]]:
        """Place, ``size``, ``mtime``, ``changed`` and ``readable`` of every file.

        ``changed`` is by our clock, as far as a file can be in the middle of an upload: the clock of the server may be
        off, and programs set any time they like. Raises FileNotFoundError when the folder is not there.
        """
        now = datetime.now(UTC)
        self._looks = self._tried(lambda: {place: self._look(place, found, now) for place, found in self._below("")})
        return [
            (place, {"size": seen.size, "mtime": seen.modified, "changed": seen.changed, "readable": seen.readable})
            for place, seen in self._looks.items()
        ]

    def read(self, place: str) -> bytes:
        """The bytes of a file. Raises FileNotFoundError."""

        def bytes_of() -> bytes:
            data = BytesIO()
            self._connected().getfo(self._path(place), data)  # raises when not as many bytes came as there are
            return data.getvalue()

        return self._tried(bytes_of)

    # --- looking ------------------------------------------------------------------------------------------

    def _below(self, folder: str) -> Iterator[tuple[str, paramiko.SFTPAttributes]]:
        """Everything below a folder that is no folder itself. A link to the folder of a supplier is one too."""
        for entry in self._entries(folder):
            place = f"{folder}/{entry.filename}".lstrip("/")
            mode = entry.st_mode or 0
            if stat.S_ISDIR(mode) or (not folder and stat.S_ISLNK(mode) and self._leads_to_folder(place)):
                yield from self._below(place)
            else:
                yield place, entry

    def _entries(self, folder: str) -> list[paramiko.SFTPAttributes]:
        try:
            return sorted(self._connected().listdir_attr(self._path(folder)), key=lambda entry: str(entry.filename))
        except FileNotFoundError:
            if not folder:
                what = "heeft de map van de inbox niet: maak hem, of zet JOS_INBOX"
                raise FileNotFoundError(self._line(what)) from None
            return []  # taken away since it was listed
        except UnicodeDecodeError:
            # a name that is no UTF-8 must not hide the deliveries of all others; the listing broke off in the middle
            self._forget()
            nameless = paramiko.SFTPAttributes()
            nameless.filename = UNREADABLE_NAME
            return [nameless]

    def _look(self, place: str, found: paramiko.SFTPAttributes, now: datetime) -> _Look:
        size, modified = found.st_size or 0, datetime.fromtimestamp(found.st_mtime or 0, UTC)
        before = self._looks.get(place)
        if before is not None and (before.size, before.modified) == (size, modified):
            return before
        young = before is not None or abs(now - modified) < OLD
        mode = found.st_mode or 0
        # what everybody may read is readable; of the rest only trying tells
        readable = stat.S_ISREG(mode) and (mode & 0o444 == 0o444 or self._opens(place))
        return _Look(size, modified, now if young else modified, readable)

    def _leads_to_folder(self, place: str) -> bool:
        try:
            return stat.S_ISDIR(self._connected().stat(self._path(place)).st_mode or 0)
        except (FileNotFoundError, PermissionError):
            return False

    def _opens(self, place: str) -> bool:
        try:
            self._connected().open(self._path(place), "rb").close()
        except (FileNotFoundError, PermissionError):
            return False
        return True

    def _path(self, place: str) -> str:
        return f"{self._root}/{place}"

    # --- the connection -----------------------------------------------------------------------------------

    def _tried(self, action: Callable[[], Result]) -> Result:
        """What an action brings, over a new connection when the old one fails. Raises StorageError."""
        with self._lock:
            for pause in PAUSES:
                time.sleep(pause)
                try:
                    return action()
                except (FileNotFoundError, StorageError):
                    raise
                except PermissionError:
                    raise StorageError(self._line("geeft geen toegang tot de inbox, of tot een map erin")) from None
                except (paramiko.SSHException, OSError, EOFError) as error:
                    self._forget()
                    last = type(error).__name__
        raise StorageError(
            self._line(f"is niet te bereiken ({last}): controleer adres, netwerk en sleutel, en probeer het opnieuw")
        )

    def _connected(self) -> paramiko.SFTPClient:
        if self._sftp is None:
            self._client = self._logged_in()
            self._sftp = self._client.open_sftp()
            self._sftp.get_channel().settimeout(PATIENCE)
        return self._sftp

    def _logged_in(self) -> paramiko.SSHClient:
        # it would log the names of files, and tracebacks of its threads
        logging.getLogger("paramiko").setLevel(logging.CRITICAL)
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
        known = self._account.known_hosts or Path("~/.ssh/known_hosts").expanduser()
        if not known.is_file():
            raise StorageError(self._line(f"is niet bekend: zet zijn sleutel in {known} (ssh-keyscan)"))
        client.load_host_keys(str(known))
        secret, key = os.environ.get(PASSWORD), self._account.key_file and _private_key(self._account.key_file)
        try:
            client.connect(
                self._host,
                port=self._port,
                username=self._user,
                password=None if key else secret,
                pkey=key,
                allow_agent=key is None and secret is None,
                look_for_keys=key is None and secret is None,
                timeout=PATIENCE,
                banner_timeout=PATIENCE,
                auth_timeout=PATIENCE,
            )
        except paramiko.BadHostKeyException:
            raise StorageError(
                self._line(f"heeft een andere sleutel dan in {known}: vraag de beheerder van de server of dat klopt")
            ) from None
        except paramiko.AuthenticationException:
            raise StorageError(
                self._line(f"laat ons niet binnen: controleer JOS_SFTP_SLEUTEL_BESTAND of {PASSWORD} en de gebruiker")
            ) from None
        except paramiko.SSHException as error:
            if "not found in known_hosts" in str(error):
                raise StorageError(self._line(f"is niet bekend: zet zijn sleutel in {known} (ssh-keyscan)")) from None
            raise
        return client

    def _forget(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = self._sftp = None

    def _line(self, what: str) -> str:
        return f"de SFTP-server {self._host}:{self._port} {what}"


def _private_key(file: Path) -> paramiko.PKey:
    """Our key. A password that it does not need may be set all the same."""
    if not file.is_file():
        raise StorageError(f"er is geen sleutel voor SFTP in {file}: zet hem daar, of zet JOS_SFTP_SLEUTEL_BESTAND")
    try:
        try:
            return paramiko.PKey.from_path(file)
        except (paramiko.PasswordRequiredException, TypeError):
            return paramiko.PKey.from_path(file, os.environ.get(PASSWORD, "").encode())
    except (paramiko.SSHException, paramiko.UnknownKeyType, ValueError, TypeError):
        raise StorageError(f"de sleutel voor SFTP in {file} is niet te lezen: controleer {PASSWORD}") from None
