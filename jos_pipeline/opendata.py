"""Open data of DUO: real headings in, small frames out (spec 1.3, open data). No persons stand in these files.

The contract says the encoding and the headings; nothing is sniffed that the contract states.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from jos_pipeline.intake.reading import RawTable, read_table
from jos_pipeline.school_year import SchoolYear
from schemas.linked import DUO_EXAMEN
from schemas.naming import fold


class OpenDataError(ValueError):
    """An open data file is not what its publisher describes; the message says what is missing."""


@dataclass(frozen=True)
class OpenDataContract:
    """An open data file: which headings it must have and how its name is recognised.

    ``decimal_sign`` is what its publisher writes: the other one can only be a thousands sign. It is never guessed from
    what stands in a file, for the two exam files of DUO differ.
    """

    name: str
    title: str
    pattern: re.Pattern[str]
    headings: tuple[str, ...]
    decimal_sign: Literal[",", "."] = ","

    @property
    def thousands_sign(self) -> str:
        return "." if self.decimal_sign == "," else ","


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
    decimal_sign=".",
)
DUO_CIJFERS = OpenDataContract(
    "duo_examens",
    "DUO geslaagden, gezakten en cijfers",
    DUO_EXAMENS.pattern,
    (*DUO_EXAMENS.headings, "EXAMENKANDIDATEN", "GESLAAGDEN"),
    decimal_sign=",",
)
"""Another file on the same exams: one year, named in the file's name, with marks in the place of percentages."""

LICENCE = "open data van DUO (duo.nl/open_onderwijsdata)"
"""Under what the files may be used, as their publisher says it."""
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
    _refuse_other_than_counts(table, ("AANTAL LEERLINGEN",), DUO_LEERLINGEN)
    return table.select(school=_brin(), aantal_leerlingen=_whole("AANTAL LEERLINGEN", DUO_LEERLINGEN)).drop_nulls()


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
            _exam_rows(table, year, heading, heading.replace("EXAMENKANDIDATEN", "GESLAAGDEN"), DUO_EXAMENS)
            for year, heading in years.items()
        ]
        return pl.concat(parts)
    named = _YEAR_IN_NAME.search(file_name)
    if named is None or int(named[2]) != int(named[1]) + 1:
        raise OpenDataError(f"{DUO_CIJFERS.title}: the name of the file must hold the school year, as in 2024-2025")
    return _exam_rows(table, named[0], "EXAMENKANDIDATEN", "GESLAAGDEN", DUO_CIJFERS)


def exams_of(year: str, files: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The exam results of a school year; of files that overlap the last one that has the year counts, as a whole."""
    with_year = [frame for table in files if (frame := table.filter(schooljaar=year)).height]
    return with_year[-1] if with_year else DUO_EXAMEN.empty()


def contents(data: bytes, file_name: str) -> str:
    """What a file is about, for its provenance: the school years in it, or ``actueel`` for the register of schools.

    Reads it whole, as its contract says. Raises OpenDataError when it is none of ours, empty or not what its publisher
    describes; Unreadable when it is no table at all.
    """
    if DUO_LEERLINGEN.pattern.search(file_name):
        found, years = pupils_per_school(data, file_name), [str(school_year_of(file_name))]
    elif DUO_EXAMENS.pattern.search(file_name):
        found = exams(data, file_name)
        years = found.get_column("schooljaar").unique().sort().to_list()
    elif DUO_VESTIGINGEN.pattern.search(file_name):
        found, years = schools(data, file_name), ["actueel"]
    else:
        raise OpenDataError("the name of the file is that of no open data file: see the data engineer's page")
    if found.is_empty():
        raise OpenDataError("the file has no rows that can be used")
    return ", ".join(years)


def _exam_rows(
    table: pl.DataFrame, year: str, candidates: str, passed: str, contract: OpenDataContract
) -> pl.DataFrame:
    missing = [heading for heading in (candidates, passed) if heading not in table.columns]
    if missing:
        raise OpenDataError(f"{contract.title}: heading missing: {', '.join(missing)}")
    _refuse_other_than_counts(table, (candidates, passed), contract)
    leerweg = pl.col("LEERWEG VMBO") if "LEERWEG VMBO" in table.columns else pl.lit(None, dtype=pl.String)
    course = pl.col("OPLEIDINGSNAAM").str.extract(r"^VMBO (\w+)") if "OPLEIDINGSNAAM" in table.columns else leerweg
    kind = pl.concat_str("ONDERWIJSTYPE VO", pl.coalesce(course, leerweg), separator=" ", ignore_nulls=True)
    return table.select(
        schooljaar=pl.lit(year),
        school=_brin(),
        onderwijssoort=kind.str.strip_chars().replace_strict(_KINDS, default=None, return_dtype=pl.String),
        **_bounds("kandidaten", candidates, contract),
        **_bounds("geslaagden", passed, contract),
    ).drop_nulls(["onderwijssoort", "kandidaten_min", "geslaagden_min"])


def _whole(heading: str, contract: OpenDataContract) -> pl.Expr:
    """A count; null where it is masked or not there."""
    return pl.col(heading).str.replace_all(contract.thousands_sign, "", literal=True).cast(pl.Int64, strict=False)


def _refuse_other_than_counts(table: pl.DataFrame, headings: Sequence[str], contract: OpenDataContract) -> None:
    """Raises OpenDataError where a count is no whole number, no mask and not empty: nothing is guessed of it."""
    sign = re.escape(contract.thousands_sign)
    known = rf"^(\d+|\d{{1,3}}({sign}\d{{3}})+|<\s*\d+|[-.\s]*)$"
    for heading in headings:
        odd = table.get_column(heading).drop_nulls().str.contains(known).not_().sum()
        if odd:
            raise OpenDataError(f"{contract.title}: {heading}: {odd} cells are neither a whole number nor masked")


def _bounds(name: str, heading: str, contract: OpenDataContract) -> dict[str, pl.Expr]:
    """A count and what is masked: DUO writes a zero as 0, so ``<5`` is 1 to 4."""
    exact = _whole(heading, contract)
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
