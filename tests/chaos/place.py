"""A small but real installation: a region of three schools and its suppliers, with deliveries of every fate."""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.records import csv_bytes, delivery, valid_records
from tests.small_region import small_region

ROOT = Path(__file__).parents[2]
YEAR, DAY = "2022-2023", "2023-02-01"
PUPIL = f"{7:064x}"
"""The pseudonym of a pupil who is in every delivery with pupils."""

SETTINGS = """home = ".jos"
inbox = "inbox"
regio = "{region}"
revisie = "direct"
stabiel_seconden = 0
"""


@dataclass(frozen=True)
class Dropped:
    """A file that a supplier leaves in the inbox."""

    leverancier: str
    name: str
    content: bytes
    moment: str

    def into(self, inbox: Path) -> None:
        path = inbox / self.leverancier / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.content)
        stamp = datetime.fromisoformat(self.moment).replace(tzinfo=UTC).timestamp()
        os.utime(path, (stamp, stamp))


def found(directory: Path) -> Path:
    """Founds an installation with nothing in it."""
    directory.mkdir(parents=True)
    region = shutil.copytree(small_region(), directory / "regio")
    (directory / "inbox").mkdir()
    (directory / "jos.toml").write_text(SETTINGS.format(region=region), encoding="utf-8")
    return directory


def copy(source: Path, target: Path) -> Path:
    """A copy of an installation, times of its files as well."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*-shm"), symlinks=True)
    settings = target / "jos.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace(str(source), str(target)), encoding="utf-8")
    return target


def drop(place: Path, files: Iterable[Dropped]) -> None:
    for file in files:
        file.into(place / "inbox")


def first_deliveries() -> list[Dropped]:
    """What was there before anything goes wrong."""
    trajecten = f"trajecten_{YEAR}_{DAY}.csv"
    return [
        Dropped("groeimee", trajecten, delivery("trajecten"), "2023-02-03T10:00"),
        Dropped("groeimee", f"activiteiten_{YEAR}_{DAY}.csv", delivery("activiteiten"), "2023-02-03T10:01"),
        Dropped("19zq00", f"leerlingen_{YEAR}_{DAY}.csv", delivery("leerlingen", 60), "2023-02-03T10:02"),
    ]


def next_deliveries() -> list[Dropped]:
    """A herlevering with a rejected row, a new soort, the same bytes again, one that is refused, one of nobody."""
    again = [
        row | ({"functie": "kok"} if number == 3 else {}) for number, row in enumerate(valid_records("trajecten", 50))
    ]
    refused = [row | {"bsn": "123456782"} for row in valid_records("trajecten", 5)]
    return [
        Dropped("groeimee", f"trajecten_{YEAR}_{DAY}_beter.csv", csv_bytes(again), "2023-02-10T10:00"),
        Dropped("groeimee", f"trajecten_{YEAR}_{DAY}_kopie.csv", delivery("trajecten"), "2023-02-10T10:01"),
        Dropped("groeimee", f"trajecten_{YEAR}_{DAY}_fout.csv", csv_bytes(refused), "2023-02-10T10:02"),
        Dropped("groeimee", f"inzet_{YEAR}_{DAY}.csv", delivery("inzet"), "2023-02-10T10:03"),
        Dropped("gm0361", f"jeugdhulp_{YEAR}_{DAY}.csv", delivery("jeugdhulp"), "2023-02-10T10:04"),
        Dropped("onbekende", f"trajecten_{YEAR}_{DAY}.csv", delivery("trajecten", 3), "2023-02-10T10:05"),
    ]
