"""The region of a large demo, from facts and numbers: gemeenten are real, schools and everybody else invented.

Written as the files that every region is made of (``jos_pipeline.region``), so that it is loaded and checked as one.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from jos_pipeline.demo.large.sizes import YEARS, Size
from jos_pipeline.region import Municipality
from jos_pipeline.school_year import SchoolYear
from schemas.codelists import ONDERWIJSTYPE

LEVERT = {
    "aanbieder": ("trajecten", "activiteiten", "inzet"),
    "school": ("leerlingen", "verzuim", "begeleiders"),
    "samenwerkingsverband": ("tlv", "thuiszitters"),
    "gemeente": ("jeugdhulp", "wachttijden", "leerplicht", "inwoners"),
}
"""What each kind of supplier delivers. A vragenlijst anybody may send; here aanbieders do."""
_TEAM_SCHOOLS = 3

_REGION = """\
# An invented region of a large demo: real gemeenten, everything else is made up.

id = "{id}"
naam = "{naam}"
eerste_schooljaar = "{first}"
laatste_schooljaar = "{last}"
drempel = 10
# Down to which level of areas figures and their breakdowns are published; all of a country is too large to be audited.
cijfers_tot = "{figures}"
uitsplitsen_tot = "{breakdowns}"

[[publicatiemomenten]]
peildatum = "02-01"
status = "voorlopig"

[[publicatiemomenten]]
peildatum = "08-01"
status = "definitief"

[[levermomenten]]
peildatum = "02-01"
uiterlijk = 21

[samenwerkingsverbanden]
"""


@dataclass(frozen=True)
class Places:
    """Everybody in the region. Schools of a gemeente, and gemeenten of a samenwerkingsverband, go round in turn."""

    size: Size
    year: SchoolYear
    """The last of the school years."""
    gemeenten: tuple[str, ...]

    @cached_property
    def years(self) -> tuple[SchoolYear, ...]:
        return tuple(SchoolYear(self.year.start_year - back) for back in reversed(range(YEARS)))

    @cached_property
    def networks(self) -> np.ndarray:
        return np.array([f"VO{9001 + number}" for number in range(self.size.samenwerkingsverbanden)])

    @cached_property
    def providers(self) -> np.ndarray:
        """The aanbieder of each samenwerkingsverband."""
        return np.array([f"aanbieder-{number + 1:02d}" for number in range(len(self.networks))])

    @cached_property
    def schools(self) -> np.ndarray:
        return np.array([f"{10 + n // 1300:02d}{_letters(n // 50 % 26)}{n % 50:02d}" for n in range(self.size.schools)])

    @cached_property
    def teams(self) -> np.ndarray:
        """One team in each samenwerkingsverband, at its first schools."""
        return np.array([f"team-{code.lower()}" for code in self.networks])

    @cached_property
    def gemeente_of(self) -> np.ndarray:
        """The gemeente of each school, as a place in ``gemeenten``."""
        return np.arange(self.size.schools) % len(self.gemeenten)

    @cached_property
    def network_of(self) -> np.ndarray:
        """The samenwerkingsverband of each gemeente, as a place in ``networks``."""
        return np.arange(len(self.gemeenten)) * len(self.networks) // len(self.gemeenten)

    @cached_property
    def network_of_school(self) -> np.ndarray:
        return np.take(self.network_of, self.gemeente_of)

    def suppliers(self) -> Iterable[tuple[str, str, str]]:
        """Id, kind and gebied of everybody who delivers."""
        yield from ((code, "aanbieder", "") for code in self.providers)
        for kind, codes in (("school", self.schools), ("gemeente", self.gemeenten)):
            yield from ((code.lower(), kind, code) for code in codes)
        yield from ((code.lower(), "samenwerkingsverband", code) for code in self.networks)


def _letters(number: int) -> str:
    return f"{chr(ord('A') + number)}Z"


def make_places(size: Size, year: SchoolYear, known: Iterable[Municipality]) -> Places:
    """The region of a size. Of the ``known`` gemeenten those that exist in all its school years, the first ones.

    Raises ValueError when there are not that many.
    """
    first, last = SchoolYear(year.start_year - YEARS + 1).first_day, year.last_day
    there = sorted(one.gemeente for one in known if one.holds_on(first) and one.holds_on(last))
    if len(there) < size.gemeenten:
        raise ValueError(f"only {len(there)} gemeenten exist in all school years up to {year}")
    return Places(size, year, tuple(there[: size.gemeenten]))


def write_region_files(places: Places, directory: Path) -> None:
    """Writes the region as configuration, as ``load_region`` reads it."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "regio.toml").write_text(_toml(places), encoding="utf-8", newline="\n")
    kinds = [ONDERWIJSTYPE.values[0 if n % 12 else 1 + n // 12 % 2] for n in range(places.size.schools)]
    schools = zip(places.schools, kinds, places.gemeente_of, strict=True)
    _write(
        directory / "scholen.csv",
        ("school", "naam", "gemeente", "onderwijstype"),
        [(code, f"School {code}", places.gemeenten[at], kind) for code, kind, at in schools],
    )
    areas = zip(places.gemeenten, places.network_of, strict=True)
    _write(
        directory / "gebieden.csv",
        ("gemeente", "samenwerkingsverband", "in_regio"),
        [(code, places.networks[at], "ja") for code, at in areas],
    )
    _write(directory / "postcodes.csv", ("pc4", "gemeente"), [])


def _toml(places: Places) -> str:
    size = places.size
    about = {"id": f"demo-{size.naam.split()[0].lower()}", "naam": size.naam}
    deep = {"figures": size.cijfers_tot, "breakdowns": size.uitsplitsen_tot}
    lines = [_REGION.format(**about, **deep, first=places.years[0], last=places.years[-1])]
    lines += [f'{code} = "Samenwerkingsverband {code[-2:]}"\n' for code in places.networks]
    for number, code in enumerate(places.teams):
        schools = places.schools[places.network_of_school == number][:_TEAM_SCHOOLS]
        lines.append(f'\n[[teams]]\nid = "{code}"\nnaam = "Team {code[-2:]}"\nscholen = {_listed(schools)}\n')
    for code, kind, gebied in places.suppliers():
        lines.append(f'\n[[leveranciers]]\nid = "{code}"\nnaam = "{_name(code, kind)}"\nsoort = "{kind}"\n')
        lines.append(f'gebied = "{gebied}"\n' if gebied else f"scholen = {_listed(_served(places, code))}\n")
        lines.append(f"levert = {_listed(LEVERT[kind])}\n")
    return "".join(lines)


def _served(places: Places, provider: str) -> Sequence[str]:
    return list(places.schools[places.network_of_school == np.flatnonzero(places.providers == provider)[0]])


def _name(code: str, kind: str) -> str:
    return f"{kind.capitalize()} {code.rpartition('-')[2].upper()}"


def _listed(texts: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{text}"' for text in texts) + "]"


def _write(path: Path, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, lineterminator="\n").writerows([heading, *rows])
