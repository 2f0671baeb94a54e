"""The region Alkmaar with three of its schools, for tests that need a region but not all of it.

A run then takes a third less. Derived from the region that is shipped, so that names, codes and calendar are those
of the real one.
"""

import atexit
import csv
import shutil
import tempfile
from functools import cache
from pathlib import Path

import tomlkit

from jos_pipeline.concise import Depth
from jos_pipeline.region import SHIPPED

SCHOOLS = {"19ZQ00", "02TD03", "25EF02"}
GEMEENTEN = {"GM0361", "GM0383", "GM0375"}
"""Alkmaar and Castricum, of both samenwerkingsverbanden, and one that is not in the region."""


@cache
def small_region() -> str:
    """Its directory, made once in a process."""
    directory = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, directory)
    shutil.copytree(SHIPPED / "alkmaar", directory, dirs_exist_ok=True)
    _keep(directory / "scholen.csv", "school", SCHOOLS)
    _keep(directory / "gebieden.csv", "gemeente", GEMEENTEN)
    settings = directory / "regio.toml"
    content = tomlkit.parse(settings.read_text(encoding="utf-8"))
    left_out = {one["school"] for one in _rows(SHIPPED / "alkmaar" / "scholen.csv")} - SCHOOLS
    left_out |= {one["gemeente"] for one in _rows(SHIPPED / "alkmaar" / "gebieden.csv")} - GEMEENTEN
    content["leveranciers"] = [one for one in content["leveranciers"] if one.get("gebied") not in left_out]
    for team in content["teams"]:
        team["scholen"] = [school for school in team["scholen"] if school in SCHOOLS]
    settings.write_text(tomlkit.dumps(content), encoding="utf-8")
    return str(directory)


def region_of(directory: Path, to: Depth) -> str:
    """The same in a directory of its own, publishing no deeper than this."""
    shutil.copytree(small_region(), directory)
    settings = directory / "regio.toml"
    chosen = f'cijfers_tot = "{to.cijfers}"\nuitsplitsen_tot = "{to.uitsplitsingen}"\n'
    settings.write_text(chosen + settings.read_text(encoding="utf-8"), encoding="utf-8")
    return str(directory)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [*csv.DictReader(lines)]


def _keep(path: Path, column: str, wanted: set[str]) -> None:
    rows = [one for one in _rows(path) if one[column] in wanted]
    with path.open("w", encoding="utf-8", newline="") as lines:
        written = csv.DictWriter(lines, rows[0])
        written.writeheader()
        written.writerows(rows)
