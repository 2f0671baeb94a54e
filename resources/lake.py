"""The lake: pseudonymised records and unsuppressed aggregates as Parquet, readable by the pipeline alone.

The layout stands in docs/architecture.md and is spelled here only. Where the files lie, a directory or a bucket, is
``resources.storage``: a reader never meets half a file and a crash leaves the old one.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from jos_pipeline.retention import AUDITS
from resources.storage import storage_at

_KEY_CHECK = "sleutel.controlegetal"


@dataclass(frozen=True)
class DeliveryPlace:
    """Where the rows of one delivery lie."""

    soort: str
    schooljaar: str
    leverancier: str
    sha256: str

    @property
    def parts(self) -> tuple[str, ...]:
        return (self.soort, self.schooljaar, self.leverancier, f"{self.sha256[:16]}.parquet")


class LostDeliveryError(FileNotFoundError):
    """The rows of an accepted delivery are not in the lake. The message (Dutch) says what to do next."""

    def __init__(self, place: DeliveryPlace) -> None:
        super().__init__(
            f"het meer mist wat is geaccepteerd van {place.leverancier} ({place.soort}, {place.schooljaar}): kijk of "
            "JOS_LAKE naar het goede meer wijst, of zet de back-up ervan terug"
        )


class OtherKeyError(Exception):
    """The monitor's key is not the one this lake was filled with."""


class Lake:
    """The lake at one address: a directory or ``s3://bucket/prefix``."""

    def __init__(self, address: str, guard: Callable[[], None] = lambda: None) -> None:
        """``guard`` is asked before anything is written or removed; it raises when that may not be done any more."""
        self._files, self._guard = storage_at(address), guard

    def guarded(self, guard: Callable[[], None]) -> "Lake":
        """The same lake, over the same connections, with a guard."""
        same = copy(self)
        same._guard = guard  # noqa: SLF001 - a copy of our own
        return same

    def write_accepted(self, place: DeliveryPlace, frame: pl.DataFrame) -> None:
        self._write(frame, "geaccepteerd", *place.parts)

    def write_quarantine(self, place: DeliveryPlace, frame: pl.DataFrame) -> None:
        self._write(frame, "quarantaine", *place.parts)

    def read_accepted(self, place: DeliveryPlace) -> pl.DataFrame:
        """Raises LostDeliveryError."""
        return pl.read_parquet(self._accepted(place))

    def has_accepted(self, place: DeliveryPlace) -> bool:
        return self._files.holds_all(["/".join(("geaccepteerd", *place.parts))])

    def read_columns(self, place: DeliveryPlace, names: Sequence[str]) -> pl.DataFrame:
        """Those of the columns that the accepted rows of a delivery have. Raises LostDeliveryError."""
        frame = pl.scan_parquet(self._accepted(place))
        there = frame.collect_schema().names()
        return frame.select([name for name in names if name in there]).collect()

    def _accepted(self, place: DeliveryPlace) -> Path | BytesIO:
        try:
            return self._files.source("/".join(("geaccepteerd", *place.parts)))
        except FileNotFoundError:
            raise LostDeliveryError(place) from None

    def write_layer(self, layer: str, name: str, schooljaar: str, frame: pl.DataFrame) -> None:
        """A table of one layer (gevalideerd, gekoppeld, indicatoren, publicatie) for one school year."""
        self._write(frame, layer, name, f"{schooljaar}.parquet")

    def write_report(self, layer: str, name: str, schooljaar: str, report: dict[str, Any]) -> None:
        """What is told of such a table, beside it: numbers and words, no value of it."""
        self.replace_file(f"{layer}/{name}/{schooljaar}.json", _as_json(report))

    def read_report(self, layer: str, name: str, schooljaar: str) -> dict[str, Any]:
        """Raises FileNotFoundError when there is none."""
        return dict(json.loads(self._files.read(f"{layer}/{name}/{schooljaar}.json")))

    def read_layer(self, layer: str, name: str, schooljaar: str) -> pl.DataFrame:
        """Raises FileNotFoundError when that table was never made."""
        return self._read(layer, name, f"{schooljaar}.parquet")

    def scan_layer(self, layer: str, name: str, schooljaar: str) -> pl.LazyFrame:
        """The same table, of which only what is asked for is read. Raises FileNotFoundError when it was never made.

        Of a bucket the object comes whole, and only what is asked for becomes a frame.
        """
        return pl.scan_parquet(self._files.source(f"{layer}/{name}/{schooljaar}.parquet"))

    def has_layers(self, tables: Iterable[tuple[str, str]], schooljaar: str) -> bool:
        """Whether all of these tables, each a layer and a name, were made for a school year."""
        return self._files.holds_all([f"{layer}/{name}/{schooljaar}.parquet" for layer, name in tables])

    def has_layer(self, layer: str, name: str, schooljaar: str) -> bool:
        return self.has_layers([(layer, name)], schooljaar)

    def is_filled(self) -> bool:
        """Whether anything was ever taken in."""
        return self._files.holds_all([_KEY_CHECK])

    def write_under(self, name: str, schooljaar: str, sha256: str, counts: pl.DataFrame) -> None:
        """Keeps a table of counts under the publication whose content has this hash."""
        self._write(counts, *_under(name, schooljaar, sha256))

    def has_under(self, name: str, schooljaar: str, sha256: str) -> bool:
        return self._files.holds_all(["/".join(_under(name, schooljaar, sha256))])

    def read_under(self, name: str, schooljaar: str, sha256: str) -> pl.DataFrame:
        """Raises FileNotFoundError when no such table was kept of this publication."""
        return self._read(*_under(name, schooljaar, sha256))

    def give_up(self, name: str, schooljaar: str, sha256: str, moment: datetime) -> None:
        """Remembers that somebody decided to go on without a table that was kept under a publication and is lost."""
        self.replace_file(_given_up(name, schooljaar, sha256), _as_json({"zonder_verder_op": moment.isoformat()}))

    def is_given_up(self, name: str, schooljaar: str, sha256: str) -> bool:
        return self._files.holds_all([_given_up(name, schooljaar, sha256)])

    def keep_audit(self, publication: str, report: dict[str, Any]) -> None:
        """Keeps the report of the audit of a publication, by its id. Nobody writes it again once that is out."""
        self.replace_file(audit_file(publication), _as_json(report))

    def audit_of(self, publication: str) -> dict[str, Any] | None:
        """The report of the audit of a publication; None of one that came out before these were kept."""
        name = audit_file(publication)
        return dict(json.loads(self._files.read(name))) if self._files.holds_all([name]) else None

    def hold_to_key(self, fingerprint: str) -> None:
        """Remembers with which key this lake is filled. Raises OtherKeyError for another one.

        With another key the same pupil would get another ``leerling_id`` and nothing would link any more.
        """
        if self._files.keep(_KEY_CHECK, fingerprint.encode("ascii")) != fingerprint.encode("ascii"):
            raise OtherKeyError(
                "the monitor's key is not the one this lake was filled with: put the old key back, "
                "or start an empty lake and let the suppliers deliver again"
            )

    def fingerprint(self) -> str | None:
        """Of the key this lake is filled with; None while it is empty."""
        return self._files.read(_KEY_CHECK).decode("ascii") if self.is_filled() else None

    # --- whole files, for erasure and retention ------------------------------------------------------------

    def files(self) -> list[str]:
        """The names of all files in the lake, in order; also what a process that died left behind."""
        return sorted(self.changed())

    def changed(self) -> dict[str, datetime]:
        """The names of the same files, each with when it was last written."""
        return self._files.changed()

    def read_file(self, name: str) -> bytes:
        """Raises FileNotFoundError when it is gone."""
        return self._files.read(name)

    def replace_file(self, name: str, data: bytes) -> None:
        """Puts these bytes in the place of a file, whole or not at all."""
        self._guard()
        with self._files.replacing(name) as file:
            file.write(data)

    def remove_file(self, name: str) -> None:
        """Removes a file; one that is gone is fine."""
        self._guard()
        self._files.remove(name)

    def _write(self, frame: pl.DataFrame, *parts: str) -> None:
        self._guard()
        with self._files.replacing("/".join(parts)) as file:
            frame.write_parquet(file, compression="zstd")

    def _read(self, *parts: str) -> pl.DataFrame:
        return pl.read_parquet(self._files.source("/".join(parts)))


def audit_file(publication: str) -> str:
    """Where the report of the audit of a publication (its id) lies in the lake."""
    return f"{AUDITS}/{publication.replace('/', '.')}.json"


def _as_json(report: dict[str, Any]) -> bytes:
    return json.dumps(report, ensure_ascii=False, indent=2).encode()


def _given_up(name: str, schooljaar: str, sha256: str) -> str:
    return "/".join(_under(name, schooljaar, sha256)).removesuffix(".parquet") + ".json"


def _under(name: str, schooljaar: str, sha256: str) -> tuple[str, ...]:
    """Where a table is kept of a publication that is out; the school year says when it has had its time."""
    return "publicatie", f"{name}_uit", f"{schooljaar}.{sha256}.parquet"
