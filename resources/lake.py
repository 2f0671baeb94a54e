"""The lake: pseudonymised records and unsuppressed aggregates as Parquet, readable by the pipeline alone.

The layout stands in docs/architecture.md and is spelled here only. Every file is written beside its place and
renamed into it, so a reader never meets half a file and a crash leaves the old one.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import dagster as dg
import polars as pl


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


class OtherKeyError(Exception):
    """The monitor's key is not the one this lake was filled with."""


class Lake:
    """The lake below one directory."""

    def __init__(self, root: str) -> None:
        self._root = Path(root)

    def write_accepted(self, place: DeliveryPlace, frame: pl.DataFrame) -> None:
        self._write(frame, "geaccepteerd", *place.parts)

    def write_quarantine(self, place: DeliveryPlace, frame: pl.DataFrame) -> None:
        self._write(frame, "quarantaine", *place.parts)

    def read_accepted(self, place: DeliveryPlace) -> pl.DataFrame:
        return self._read("geaccepteerd", *place.parts)

    def has_accepted(self, place: DeliveryPlace) -> bool:
        return self._root.joinpath("geaccepteerd", *place.parts).is_file()

    def read_columns(self, place: DeliveryPlace, names: Sequence[str]) -> pl.DataFrame:
        """Those of the columns that the accepted rows of a delivery have."""
        frame = pl.scan_parquet(self._root.joinpath("geaccepteerd", *place.parts))
        there = frame.collect_schema().names()
        return frame.select([name for name in names if name in there]).collect()

    def write_layer(self, layer: str, name: str, schooljaar: str, frame: pl.DataFrame) -> None:
        """A table of one layer (gevalideerd, gekoppeld, indicatoren, publicatie) for one school year."""
        self._write(frame, layer, name, f"{schooljaar}.parquet")

    def write_report(self, layer: str, name: str, schooljaar: str, report: dict[str, Any]) -> None:
        """What is told of such a table, beside it: numbers and words, no value of it."""
        target = self._root.joinpath(layer, name, f"{schooljaar}.json")
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.{uuid4().hex}")
        beside.write_text(json.dumps(report, ensure_ascii=False, indent=2), encoding="utf-8")
        beside.replace(target)

    def read_report(self, layer: str, name: str, schooljaar: str) -> dict[str, Any]:
        """Raises FileNotFoundError when there is none."""
        text = self._root.joinpath(layer, name, f"{schooljaar}.json").read_text(encoding="utf-8")
        return dict(json.loads(text))

    def read_layer(self, layer: str, name: str, schooljaar: str) -> pl.DataFrame:
        """Raises FileNotFoundError when that table was never made."""
        return self._read(layer, name, f"{schooljaar}.parquet")

    def scan_layer(self, layer: str, name: str, schooljaar: str) -> pl.LazyFrame:
        """The same table, of which only what is asked for is read. Raises FileNotFoundError when it was never made."""
        place = self._root.joinpath(layer, name, f"{schooljaar}.parquet")
        if not place.is_file():
            raise FileNotFoundError(place)
        return pl.scan_parquet(place)

    def has_layer(self, layer: str, name: str, schooljaar: str) -> bool:
        return self._root.joinpath(layer, name, f"{schooljaar}.parquet").is_file()

    def hold_to_key(self, fingerprint: str) -> None:
        """Remembers with which key this lake is filled. Raises OtherKeyError for another one.

        With another key the same pupil would get another ``leerling_id`` and nothing would link any more.
        """
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        remembered = self._root / "sleutel.controlegetal"
        if not remembered.exists():
            beside = remembered.with_name(f".{remembered.name}.{uuid4().hex}")
            beside.write_text(fingerprint, encoding="ascii")
            beside.replace(remembered)
        if remembered.read_text(encoding="ascii") != fingerprint:
            raise OtherKeyError(
                "the monitor's key is not the one this lake was filled with: put the old key back, "
                "or start an empty lake and let the suppliers deliver again"
            )

    # --- whole files, for erasure and retention ------------------------------------------------------------

    def files(self) -> list[str]:
        """The names of all files below the lake, in order; also what a process that died left behind."""
        return sorted(path.relative_to(self._root).as_posix() for path in self._root.rglob("*") if path.is_file())

    def read_file(self, name: str) -> bytes:
        """Raises FileNotFoundError when it is gone."""
        return self._root.joinpath(name).read_bytes()

    def replace_file(self, name: str, data: bytes) -> None:
        """Puts these bytes in the place of a file, whole or not at all."""
        target = self._root.joinpath(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.{uuid4().hex}")
        try:
            beside.write_bytes(data)
            os.replace(beside, target)  # noqa: PTH105 - atomic, also over an existing file
        finally:
            beside.unlink(missing_ok=True)

    def remove_file(self, name: str) -> None:
        """Removes a file; one that is gone is fine."""
        self._root.joinpath(name).unlink(missing_ok=True)

    def changed(self, name: str) -> datetime:
        """When a file was last written."""
        return datetime.fromtimestamp(self._root.joinpath(name).stat().st_mtime, tz=UTC)

    def _write(self, frame: pl.DataFrame, *parts: str) -> None:
        target = self._root.joinpath(*parts)
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.{uuid4().hex}")
        try:
            frame.write_parquet(beside, compression="zstd")
            os.replace(beside, target)  # noqa: PTH105 - atomic, also over an existing file
        finally:
            beside.unlink(missing_ok=True)

    def _read(self, *parts: str) -> pl.DataFrame:
        return pl.read_parquet(self._root.joinpath(*parts))


class LakeResource(dg.ConfigurableResource):
    """The lake of this installation."""

    root: str

    def open(self) -> Lake:
        return Lake(self.root)
