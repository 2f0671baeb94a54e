"""Open data of DUO: real headings in, small frames out (spec 1.3, open data). No persons stand in these files.

The contract says the encoding and the headings; nothing is sniffed that the contract states.
"""

import re
from dataclasses import dataclass

import polars as pl

from jos_pipeline.intake.reading import RawTable, read_table
from jos_pipeline.school_year import SchoolYear
from schemas.naming import fold


class OpenDataError(ValueError):
    """An open data file is not what its publisher describes; the message says what is missing."""


@dataclass(frozen=True)
class OpenDataContract:
    """An open data file: which headings it must have and how its name is recognised."""

    name: str
    title: str
    pattern: re.Pattern[str]
    headings: tuple[str, ...]


DUO_LEERLINGEN = OpenDataContract(
    "duo_leerlingen",
    "DUO leerlingen vo per vestiging",
    re.compile(r"leerlingen[-_]vo.*?(20\d\d)", re.IGNORECASE),
    ("INSTELLINGSCODE", "VESTIGINGSCODE", "AANTAL LEERLINGEN"),
)
DUO_VESTIGINGEN = OpenDataContract(
    "duo_vestigingen",
    "DUO alle vestigingen vo",
    re.compile(r"vestigingen[-_]vo", re.IGNORECASE),
    ("INSTELLINGSCODE", "VESTIGINGSCODE", "VESTIGINGSNAAM", "PLAATSNAAM", "GEMEENTENUMMER"),
)


def school_year_of(file_name: str) -> SchoolYear | None:
    """DUO counts on 1 October of the year in the name: ``...-2025.csv`` is school year 2025-2026."""
    match = DUO_LEERLINGEN.pattern.search(file_name)
    return SchoolYear(int(match[1])) if match else None


def pupils_per_school(data: bytes, file_name: str) -> pl.DataFrame:
    """``school`` (BRIN and vestiging) and ``aantal_leerlingen``. Raises OpenDataError or Unreadable."""
    table = _table(data, file_name, DUO_LEERLINGEN)
    return table.select(
        school=_brin(),
        aantal_leerlingen=pl.col("AANTAL LEERLINGEN")
        .str.replace_all(".", "", literal=True)
        .cast(pl.Int64, strict=False),
    ).drop_nulls()


def schools(data: bytes, file_name: str) -> pl.DataFrame:
    """``school``, ``naam``, ``plaats`` and ``gemeente`` (GM code). Raises OpenDataError or Unreadable."""
    table = _table(data, file_name, DUO_VESTIGINGEN)
    return table.select(
        school=_brin(),
        naam=pl.col("VESTIGINGSNAAM"),
        plaats=pl.col("PLAATSNAAM"),
        gemeente=pl.lit("GM") + pl.col("GEMEENTENUMMER").str.zfill(4),
    )


def _brin() -> pl.Expr:
    """DUO writes the vestiging as six characters, or as two digits to be joined to the INSTELLINGSCODE."""
    code, branch = pl.col("INSTELLINGSCODE"), pl.col("VESTIGINGSCODE")
    return pl.when(branch.str.len_chars() <= 2).then(code + branch.str.zfill(2)).otherwise(branch)


def _table(data: bytes, file_name: str, contract: OpenDataContract) -> pl.DataFrame:
    raw: RawTable = read_table(data, file_name, frozenset(fold(heading) for heading in contract.headings))
    position = {fold(heading): f"k{index}" for index, heading in enumerate(raw.headings)}
    missing = [heading for heading in contract.headings if fold(heading) not in position]
    if missing:
        raise OpenDataError(f"{contract.title}: heading missing: {', '.join(missing)}")
    return raw.cells.select(pl.col(position[fold(heading)]).alias(heading) for heading in contract.headings)
