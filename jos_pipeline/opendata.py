"""Open data of DUO: real headings in, small frames out (spec 1.3, open data). No persons stand in these files.

The contract says the encoding and the headings; nothing is sniffed that the contract states.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from jos_pipeline.intake.reading import RawTable, read_table
from jos_pipeline.school_year import SchoolYear
from schemas.linked import DUO_EXAMEN
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

DUO_EXAMENS = OpenDataContract(
    "duo_examens",
    "DUO examenkandidaten en geslaagden",
    re.compile(r"exam|geslaagd", re.IGNORECASE),
    ("INSTELLINGSCODE", "VESTIGINGSCODE", "ONDERWIJSTYPE VO"),
)
_PER_YEAR = re.compile(r"EXAMENKANDIDATEN SCHOOLJAAR (20\d\d-20\d\d) - TOTAAL")
_YEAR_IN_NAME = re.compile(r"(20\d\d)-(20\d\d)")
_MASK = r"^<\s*(\d+)$"
_KINDS = {
    "HAVO": "havo",
    "VWO": "vwo",
    **{
        f"VMBO {leerweg}": code
        for code, names in (
            ("vmbo_b", ("B", "BL", "LWT")),
            ("vmbo_k", ("K", "KL")),
            ("vmbo_gt", ("G", "T", "GL", "TL")),
        )
        for leerweg in names
    },
}
"""DUO's school type and leerweg to our onderwijssoort; a leerwerktraject (LWT) is part of the basisberoepsgerichte."""


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


def exams(data: bytes, file_name: str) -> pl.DataFrame:
    """Exam results in either form DUO publishes: the table ``duo_examen``. Raises OpenDataError or Unreadable.

    Only the counts are read, never the percentage beside them: of a masked count DUO's own percentage tells the number
    that was masked. A file over five years has a set of columns per year; one over a single year has it in its name.
    """
    table = _all_columns(data, file_name, DUO_EXAMENS)
    years = {match[1]: heading for heading in table.columns if (match := _PER_YEAR.fullmatch(heading))}
    if years:
        parts = [
            _exam_rows(table, year, heading, heading.replace("EXAMENKANDIDATEN", "GESLAAGDEN"))
            for year, heading in years.items()
        ]
        return pl.concat(parts)
    named = _YEAR_IN_NAME.search(file_name)
    if named is None or int(named[2]) != int(named[1]) + 1:
        raise OpenDataError(f"{DUO_EXAMENS.title}: the name of the file must hold the school year, as in 2024-2025")
    return _exam_rows(table, named[0], "EXAMENKANDIDATEN", "GESLAAGDEN")


def exams_of(year: str, files: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The exam results of a school year; of files that overlap the last one that has the year counts, as a whole."""
    with_year = [frame for table in files if (frame := table.filter(schooljaar=year)).height]
    return with_year[-1] if with_year else DUO_EXAMEN.empty()


def _exam_rows(table: pl.DataFrame, year: str, candidates: str, passed: str) -> pl.DataFrame:
    missing = [heading for heading in (candidates, passed) if heading not in table.columns]
    if missing:
        raise OpenDataError(f"{DUO_EXAMENS.title}: heading missing: {', '.join(missing)}")
    leerweg = pl.col("LEERWEG VMBO") if "LEERWEG VMBO" in table.columns else pl.lit(None, dtype=pl.String)
    course = pl.col("OPLEIDINGSNAAM").str.extract(r"^VMBO (\w+)") if "OPLEIDINGSNAAM" in table.columns else leerweg
    kind = pl.concat_str("ONDERWIJSTYPE VO", pl.coalesce(course, leerweg), separator=" ", ignore_nulls=True)
    return table.select(
        schooljaar=pl.lit(year),
        school=_brin(),
        onderwijssoort=kind.str.strip_chars().replace_strict(_KINDS, default=None, return_dtype=pl.String),
        **_bounds("kandidaten", candidates),
        **_bounds("geslaagden", passed),
    ).drop_nulls(["onderwijssoort", "kandidaten_min", "geslaagden_min"])


def _bounds(name: str, heading: str) -> dict[str, pl.Expr]:
    """A count and what is masked: DUO writes a zero as 0, so ``<5`` is 1 to 4."""
    exact = pl.col(heading).str.replace_all(".", "", literal=True).cast(pl.Int64, strict=False)
    below = pl.col(heading).str.extract(_MASK).cast(pl.Int64, strict=False)
    masked = below.is_not_null()
    return {
        f"{name}_min": pl.when(masked).then(1).otherwise(exact).cast(pl.Int64),
        f"{name}_max": pl.when(masked).then(below - 1).otherwise(exact).cast(pl.Int64),
    }


def _brin() -> pl.Expr:
    """DUO writes the vestiging as six characters, or as two digits to be joined to the INSTELLINGSCODE."""
    code, branch = pl.col("INSTELLINGSCODE"), pl.col("VESTIGINGSCODE")
    return pl.when(branch.str.len_chars() <= 2).then(code + branch.str.zfill(2)).otherwise(branch)


def _table(data: bytes, file_name: str, contract: OpenDataContract) -> pl.DataFrame:
    """The columns of the contract."""
    return _all_columns(data, file_name, contract).select(contract.headings)


def _all_columns(data: bytes, file_name: str, contract: OpenDataContract) -> pl.DataFrame:
    """Every column that has a heading, in capitals as DUO writes them."""
    raw: RawTable = read_table(data, file_name, frozenset(fold(heading) for heading in contract.headings))
    position = {fold(heading): f"k{index}" for index, heading in enumerate(raw.headings)}
    missing = [heading for heading in contract.headings if fold(heading) not in position]
    if missing:
        raise OpenDataError(f"{contract.title}: heading missing: {', '.join(missing)}")
    known = {fold(heading): heading for heading in contract.headings}
    headings = [known.get(fold(heading), heading.upper()) for heading in raw.headings]
    named = {heading: place for place, heading in enumerate(headings) if heading}
    return raw.cells.select(pl.col(f"k{place}").alias(heading) for heading, place in named.items())
