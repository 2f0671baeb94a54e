"""Taking forgotten persons out of the lake, and looking for what should not be anywhere any more.

``replay`` is run before every intake: it makes a lake that was put back from a back-up forget again. What is erased is
any row in any Parquet file of the lake, whatever its layer. The internal figures of a touched school year go first, so
that a process which dies in between leaves a school year that is made anew and never figures that still count somebody.
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from jos_pipeline.forgetting import SUPPLIER, TRAJECT_ID, Forgotten
from jos_pipeline.pseudonym import LEERLING_ID, fingerprint
from resources.lake import Lake
from resources.privacy_register import REPLAYED, PrivacyRegister

APPLIED = "vergeten.json"
"""The file in the lake that says which tombstones it was swept with."""
FEW = 10
_YEAR = re.compile(r"\d{4}-\d{4}")
_INTERNAL = ("indicatoren/stand/{}.parquet", "indicatoren/kubus/{}.parquet")
_SAFE = ("publicatie/beveiligd/{}.parquet", "publicatie/beveiligd/{}.json", "publicatie/geteld/{}.parquet")
_CHUNK, _MOST = 1 << 20, 1 << 29


@dataclass(frozen=True)
class Swept:
    """What became of the lake: the files that were rewritten, and the school years whose figures must be made anew."""

    files: int
    years: frozenset[str]


def replay(lake: Lake, register: PrivacyRegister, key: bytes) -> Forgotten:
    """Sweeps the lake when it does not know all tombstones yet, as after a restore; gives all tombstones.

    Register and lake each heal from the other: a tombstone that either has, both have afterwards.
    """
    applied, mark = applied_to(lake), fingerprint(key)
    register.add(applied, mark)
    forgotten = Forgotten(key, register.tombstones(mark))
    if forgotten.tombstones - applied:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        sweep(lake, register, forgotten, lambda line: register.note({"op": now, **line}, REPLAYED))
    return Forgotten(key, register.tombstones(mark))


class Memory:
    """Who must stay forgotten, while files come in."""

    def __init__(self, lake: Lake, register: PrivacyRegister, key: bytes) -> None:
        self._lake, self._register = lake, register
        self.forgotten = replay(lake, register, key)

    def learn(self, frame: pl.DataFrame, leverancier: str | None) -> None:
        """Remembers the trajecten of forgotten pupils in new rows; those not known yet leave the lake at once."""
        new = self.forgotten.trajecten_in(frame, leverancier) - self.forgotten.tombstones
        if new:
            self._register.add(new, fingerprint(self.forgotten.key))
            self.forgotten = replay(self._lake, self._register, self.forgotten.key)


def sweep(
    lake: Lake, register: PrivacyRegister, forgotten: Forgotten, note: Callable[[Mapping[str, Any]], None]
) -> Swept:
    """Takes all forgotten persons out of every file of the lake; every file is noted before it is rewritten."""
    names = [name for name in lake.files() if name.endswith(".parquet")]
    theirs = frozenset(one for name in names for one in _trajecten(lake, name, forgotten))
    register.add(theirs, fingerprint(forgotten.key))
    everybody = Forgotten(forgotten.key, forgotten.tombstones | theirs)
    done = [name for name in names if _cleaned(lake, name, everybody, note)]
    lake.replace_file(APPLIED, json.dumps(sorted(everybody.tombstones), indent=0).encode())
    return Swept(len(done), years_of(done))


def applied_to(lake: Lake) -> frozenset[str]:
    """The tombstones a lake was swept with."""
    try:
        return frozenset(json.loads(lake.read_file(APPLIED)))
    except FileNotFoundError:
        return frozenset()


def years_of(names: Iterable[str]) -> frozenset[str]:
    """The school years that names of files in the lake speak of."""
    return frozenset(year for name in names for year in _YEAR.findall(name))


def remove_figures(lake: Lake, year: str) -> None:
    """Removes the internal figures of a school year; the sensor and ``jos run`` see that they must be made anew."""
    for name in (*_INTERNAL, *_SAFE):
        lake.remove_file(name.format(year))


def remaining(lake: Lake, forgotten: Forgotten) -> list[str]:
    """The files of the lake that still hold a forgotten person; none after a sweep."""
    return [
        name
        for name in lake.files()
        if ".parquet" in name and (frame := _person_columns(lake, name)) is not None
        if forgotten.without(frame, _supplier(name)).touched
    ]


def _trajecten(lake: Lake, name: str, forgotten: Forgotten) -> frozenset[str]:
    frame = _person_columns(lake, name)
    return frozenset() if frame is None else forgotten.trajecten_in(frame, _supplier(name))


def _person_columns(lake: Lake, name: str) -> pl.DataFrame | None:
    """What of a file can lead to a person; None when nothing can, or when it is gone or no whole file."""
    try:
        data = lake.read_file(name)
        there = pl.read_parquet_schema(io.BytesIO(data))
        names = [one for one in (LEERLING_ID, TRAJECT_ID, SUPPLIER) if one in there]
        return pl.read_parquet(io.BytesIO(data), columns=names) if {LEERLING_ID, TRAJECT_ID} & {*names} else None
    except (FileNotFoundError, pl.exceptions.PolarsError):  # figures of a touched year are taken away meanwhile
        return None


def _cleaned(lake: Lake, name: str, forgotten: Forgotten, note: Callable[[Mapping[str, Any]], None]) -> bool:
    """Rewrites a file without the forgotten; whether there was anything to do."""
    looked_at = _person_columns(lake, name)
    if looked_at is None or not forgotten.without(looked_at, _supplier(name)).touched:
        return False
    before = lake.read_file(name)
    cleaned = forgotten.without(pl.read_parquet(io.BytesIO(before)), _supplier(name))
    target = io.BytesIO()
    cleaned.frame.write_parquet(target, compression="zstd")
    after = target.getvalue()
    for year in years_of([name]):
        remove_figures(lake, year)
    note(
        {
            "bestand": name,
            "sha256_voor": hashlib.sha256(before).hexdigest(),
            "sha256_na": hashlib.sha256(after).hexdigest(),
            "rijen_na": cleaned.frame.height,
            "geraakt": f"minder dan {FEW}" if cleaned.touched < FEW else f"{FEW} of meer",
            "wat": "rijen verwijderd" if LEERLING_ID in looked_at.columns else "nummer van het traject verwijderd",
        }
    )
    lake.replace_file(name, after)
    return True


def _supplier(name: str) -> str | None:
    """Whose rows a file holds, where its place says so; the other layers have a column for it."""
    parts = PurePosixPath(name).parts
    return parts[3] if len(parts) == 5 else None


# --- looking for what may be anywhere ----------------------------------------------------------------------


def files_with(paths: Iterable[Path], needles: Collection[str]) -> list[Path]:
    """The files in which one of these texts stands, also packed, compressed or in capitals."""
    return [path for path in paths if path.is_file() and holds(path.read_bytes(), needles)]


def holds(data: bytes, needles: Collection[str]) -> bool:
    """Whether one of these texts (small letters, plain characters) stands in the bytes of a file."""
    wanted = [needle.encode("ascii") for needle in needles]
    if _contains(data, wanted):
        return True
    return (
        _parquet_holds(data, needles) if data.startswith(b"PAR1") else any(_contains(p, wanted) for p in _packed(data))
    )


def _contains(data: bytes, wanted: Collection[bytes]) -> bool:
    plain = data.lower()
    narrow = plain.replace(b"\x00", b"")  # text of two bytes a character
    return any(one in plain or one in narrow for one in wanted)


def _packed(data: bytes) -> Iterator[bytes]:
    """What is in a zip file such as a workbook, in pieces that overlap; not without end, for it may be a bomb."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return
    left = _MOST
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for member in packed.infolist():
            try:
                with packed.open(member) as part:
                    tail = b""
                    while left > 0 and (piece := part.read(_CHUNK)):
                        left -= len(piece)
                        yield tail + piece
                        tail = piece[-256:]
            except (RuntimeError, NotImplementedError, zipfile.BadZipFile, OSError, EOFError):
                continue  # encrypted or broken: the gate cannot read it either


def _parquet_holds(data: bytes, needles: Collection[str]) -> bool:
    try:
        frame = pl.read_parquet(io.BytesIO(data))
    except pl.exceptions.PolarsError:
        return False
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return any(frame[name].is_in(list(needles)).any() for name in texts)
