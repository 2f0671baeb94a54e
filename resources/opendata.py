"""Open data files with their provenance: those in a directory, and those pulled from addresses.

A pulled file is kept under its hash, with where it came from and when, for as long as nothing better came: an answer
that is not the promised file never takes the place of one that is. What is in a file is ``jos_pipeline.opendata``.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit, urlunsplit

import dagster as dg
import sqlalchemy as sa

from jos_pipeline.intake.naming import safe_name
from jos_pipeline.intake.reading import Unreadable
from jos_pipeline.opendata import LICENCE, OpenDataError, contents
from resources import whole
from resources.database import replace_rows
from resources.pull import PullError, pull
from schemas.warehouse import open_data as table

ASK_AGAIN = timedelta(hours=1)
"""The runs of one night, a school year each, ask a server once."""
_RECORDS = "herkomst.json"


@dataclass(frozen=True)
class OpenFile:
    """An open data file. ``herkomst`` is ``map`` or the address; ``probleem`` is why the last pull brought nothing.

    ``path`` is None of an address that never brought anything.
    """

    name: str
    path: Path | None
    herkomst: str
    sha256: str
    grootte: int
    schooljaar: str
    opgehaald_op: datetime | None
    gecontroleerd_op: datetime | None
    probleem: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether there is something that was once found to be what it must be."""
        return self.path is not None and self.schooljaar != ""

    def read(self) -> bytes:
        """The bytes. Raises OSError."""
        if self.path is None:
            raise FileNotFoundError(self.name)
        return self.path.read_bytes()

    def row(self) -> dict[str, object]:
        """The row of the table ``open_data``."""
        return {
            "bestand": self.name,
            "herkomst": self.herkomst,
            "sha256": self.sha256,
            "grootte": self.grootte,
            "schooljaar": self.schooljaar,
            "licentie": LICENCE,
            "opgehaald_op": self.opgehaald_op,
            "gecontroleerd_op": self.gecontroleerd_op,
            "probleem": self.probleem,
        }


@dataclass(frozen=True)
class _Record:
    """What is remembered of an address."""

    name: str
    sha256: str = ""
    grootte: int = 0
    schooljaar: str = ""
    opgehaald_op: str = ""
    gecontroleerd_op: str = ""
    etag: str = ""
    last_modified: str = ""
    probleem: str = ""


def save_rows(connection: sa.Connection, files: list[OpenFile]) -> None:
    """Puts what there is now in the table ``open_data``."""
    replace_rows(connection, table, [file.row() for file in files])


class OpenDataResource(dg.ConfigurableResource):
    """Where open data comes from. ``source``: a directory, addresses, or a file with either on its lines.

    A line is a directory, an address, or the name a file should have and its address.
    """

    source: str
    store: str

    def refresh(self, now: datetime) -> list[OpenFile]:
        """Asks every address for something newer, and tells what there is."""
        known = self._records()
        for name, url in self._addresses():
            before = known.get(url, _Record(name))
            if before.probleem or not _is_recent(before.gecontroleerd_op, now):
                known[url] = self._pulled(url, replace(before, name=name), now)
        self._remember(known)
        return self.files()

    def files(self) -> list[OpenFile]:
        """The files as they are now, by name; nothing is pulled. An absent directory holds none."""
        known = self._records()
        pulled = [self._of_record(url, known.get(url, _Record(name))) for name, url in self._addresses()]
        return sorted([*self._of_directories(), *pulled], key=lambda file: file.name)

    def usable(self) -> list[OpenFile]:
        """The files that figures may rest on; of an address the last that was good."""
        return [file for file in self.files() if file.is_usable]

    def _lines(self) -> list[str]:
        if "://" in self.source:
            return self.source.split()
        file = Path(self.source)
        if not file.is_file():
            return [self.source]
        lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
        return [
            line if "://" in line else str(file.parent / line) for line in lines if line and not line.startswith("#")
        ]

    def _addresses(self) -> list[tuple[str, str]]:
        """Name and address of every file to pull."""
        found = []
        for line in self._lines():
            if "://" in line:
                *named, url = line.split()
                name = " ".join(named) or unquote(PurePosixPath(urlsplit(url).path).name)
                found.append((safe_name(name), url))
        return found

    def _of_directories(self) -> Iterator[OpenFile]:
        for line in self._lines():
            if "://" not in line and Path(line).is_dir():
                for path in sorted(Path(line).glob("*.csv")):
                    yield _of_directory(path)

    def _of_record(self, url: str, record: _Record) -> OpenFile:
        path = Path(self.store) / f"{record.sha256}.csv"
        return OpenFile(
            record.name,
            path if record.sha256 and path.is_file() else None,
            _shown(url),
            record.sha256,
            record.grootte,
            record.schooljaar,
            _moment(record.opgehaald_op),
            _moment(record.gecontroleerd_op),
            record.probleem,
        )

    def _pulled(self, url: str, before: _Record, now: datetime) -> _Record:
        """What is known of an address after asking it once more; the last good copy stays when that fails."""
        kept = before.sha256 and (Path(self.store) / f"{before.sha256}.csv").is_file()
        try:
            answer = pull(url, before.etag if kept else "", before.last_modified if kept else "")
            moment = now.isoformat(timespec="seconds")
            if answer.data is None:
                return replace(before, gecontroleerd_op=moment, probleem="")
            years = contents(answer.data, before.name)
        except PullError as error:
            return replace(before, probleem=str(error))
        except (OpenDataError, Unreadable):
            return replace(before, probleem="wat binnenkwam is niet het bestand dat het moet zijn")
        sha256 = self._keep(answer.data)
        since = before.opgehaald_op if sha256 == before.sha256 else moment
        return _Record(before.name, sha256, len(answer.data), years, since, moment, answer.etag, answer.last_modified)

    def _keep(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        whole.write(Path(self.store) / f"{sha256}.csv", data)
        return sha256

    def _records(self) -> dict[str, _Record]:
        file = Path(self.store) / _RECORDS
        if not file.is_file():
            return {}
        return {url: _Record(**cells) for url, cells in json.loads(file.read_text(encoding="utf-8")).items()}

    def _remember(self, known: dict[str, _Record]) -> None:
        if known:
            text = json.dumps({url: asdict(record) for url, record in known.items()}, indent=1, ensure_ascii=False)
            whole.write(Path(self.store) / _RECORDS, text.encode())


def _of_directory(path: Path) -> OpenFile:
    data, changed = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)
    try:
        years, problem = contents(data, path.name), ""
    except (OpenDataError, Unreadable) as error:
        years, problem = "", str(error)
    sha256 = hashlib.sha256(data).hexdigest()
    return OpenFile(path.name, path, "map", sha256, len(data), years, changed, changed, problem)


def _shown(url: str) -> str:
    """The address as people may see it: what follows a question mark may be a key."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _is_recent(text: str, now: datetime) -> bool:
    moment = _moment(text)
    return moment is not None and now - moment < ASK_AGAIN
