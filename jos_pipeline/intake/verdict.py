"""What the gate says of a file: findings and the verdict (spec 1.2 and 4.1).

Put here how a finding is worded and how a verdict is written down; which rule gives which finding is the gate's. No
finding ever holds a cell value: a ``detail`` is a column, a count or a word of our own lists.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import polars as pl

from jos_pipeline.intake.whereabouts import Whereabouts
from schemas.findings import FINDINGS, Scope, Severity

MOST_ROWS = 100
"""A finding names at most this many rows; ``aantal`` is always exact."""

_SINGULAR = {
    "rijen": "rij",
    "andere werkbladen": "ander werkblad",
    "cellen": "cel",
    "kolommen": "kolom",
    "kolomnamen lijken": "kolomnaam lijkt",
    "kolomnamen zijn herkend": "kolomnaam is herkend",
    "regels": "regel",
    "hebben": "heeft",
    "zijn": "is",
    "eindigen": "eindigt",
    "ze beginnen": "hij begint",
    "beginnen": "begint",
    "lijken": "lijkt",
    "noemen": "noemt",
    "overlappen": "overlapt",
    "bevatten": "bevat",
    "horen": "hoort",
    "kregen": "kreeg",
    "missen": "mist",
    "meldingen": "melding",
    "plaatsen": "plaats",
    "producten": "product",
    "tellen": "telt",
    "verschillende gemeenten": "gemeente",
    "duurden": "duurde",
    "kan zijn": "kan zijn",
}
"""What a message says of one, by what it says of more; the longest of two that begin alike goes first."""
_PLURAL_WORDS = re.compile(rf"\b({'|'.join(sorted(_SINGULAR, key=len, reverse=True))})\b")
_TIMES = " keer "
"""After this a count is of times, and nothing agrees with it."""


class Outcome(StrEnum):
    """The verdict on a file (``oordeel``). ``DUBBEL`` is given by the ledger: the same bytes came before."""

    GEACCEPTEERD = "geaccepteerd"
    MET_AFKEUR = "geaccepteerd_met_afkeur"
    AFGEKEURD = "afgekeurd"
    DUBBEL = "dubbel"


def _no_rows() -> pl.Series:
    return pl.Series([], dtype=pl.UInt32)


@dataclass(frozen=True)
class Finding:
    """One finding: ``rijen`` are at most 100 sorted row numbers as Excel shows them, ``aantal`` is exact.

    ``alle_rijen`` are all of them, for who marks cells; they are written nowhere.
    """

    code: str
    ernst: Severity
    kolom: str | None
    rijen: tuple[int, ...]
    aantal: int
    melding: str
    alle_rijen: pl.Series = field(default_factory=_no_rows, repr=False, compare=False)

    @property
    def refuses_file(self) -> bool:
        """Whether this finding alone rejects the whole file."""
        return self.aantal > 0 and self.ernst is Severity.FOUT and FINDINGS[self.code].scope is Scope.FILE


@dataclass(frozen=True)
class Verdict:
    """The gate's verdict on a file.

    ``findings`` hold what hit, ``passes`` the rules that were checked and hit nothing. ``accepted`` is typed and in
    contract order, with the date precisions behind it; ``rejected`` has the row number ``rij``, the ``codes`` and
    the cells that passed. Both are None for a refused file, but ``rejected`` is kept when too many rows were rejected.
    ``where`` is where the columns stand in the file; None when no table was found in it. ``naam`` is what people call
    the supplier; None for a supplier that the region does not know. ``accepted_rows`` are the row numbers of what is
    accepted, as Excel shows them, in that order; of merged rows all of them.
    """

    file_name: str
    leverancier: str | None
    soort: str | None
    schooljaar: str | None
    peildatum: date | None
    sha256: str
    oordeel: Outcome
    rijen: int
    rijen_afgekeurd: int
    findings: tuple[Finding, ...]
    passes: tuple[Finding, ...] = ()
    accepted: pl.DataFrame | None = field(default=None, repr=False, compare=False)
    rejected: pl.DataFrame | None = field(default=None, repr=False, compare=False)
    accepted_rows: pl.Series = field(default_factory=_no_rows, repr=False, compare=False)
    where: Whereabouts | None = field(default=None, repr=False, compare=False)
    naam: str | None = field(default=None, compare=False)

    @property
    def refused(self) -> bool:
        return self.oordeel is Outcome.AFGEKEURD


def make_finding(
    code: str,
    *,
    kolom: str | None = None,
    rows: Iterable[int] | pl.Series = (),
    count: int | None = None,
    detail: str = "",
) -> Finding:
    """A finding worded from the catalogue. ``count`` defaults to the number of different rows."""
    numbers = rows if isinstance(rows, pl.Series) else pl.Series(list(rows), dtype=pl.UInt32)
    if len(numbers):  # of twenty rules that were checked one or two hit a row
        numbers = numbers.unique().sort()
    total = len(numbers) if count is None else count
    melding = _worded(code, kolom, total, detail)
    shown = tuple(numbers.head(MOST_ROWS).to_list())
    return Finding(code, FINDINGS[code].severity, kolom, shown, total, melding, numbers)


def duplicate_finding(*, refused: bool = False) -> Finding:
    """That the same bytes came before: they count already, or else they were ``refused`` then as well as now."""
    detail = "en toen geweigerd. Het is opnieuw beoordeeld" if refused else "en telde toen mee"
    return make_finding("JOS-S008", count=1, detail=detail)


def _worded(code: str, kolom: str | None, count: int, detail: str) -> str:
    message = FINDINGS[code].message
    template = _of_one(message) if count == 1 else message
    return template.format(kolom=kolom or "", aantal=f"{count:,}".replace(",", "."), detail=detail)


def _of_one(template: str) -> str:
    """A message with the words that agree with its count in the singular: those behind it in the same sentence."""
    before, aantal, after = template.partition("{aantal}")
    if after.startswith(_TIMES):
        return template
    sentence, dot, rest = after.partition(". ")
    return before + aantal + _PLURAL_WORDS.sub(lambda word: _SINGULAR[word.group()], sentence) + dot + rest


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the order in which a supplier should read them: fout first, then by code and column."""
    rank = {Severity.FOUT: 0, Severity.SIGNAAL: 1, Severity.INFO: 2}
    return tuple(sorted(findings, key=lambda one: (rank[one.ernst], one.code, one.kolom or "")))


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict as ``jos check --json`` prints it (spec 4.1)."""
    return {
        "bestand": verdict.file_name,
        "leverancier": verdict.leverancier,
        "soort": verdict.soort,
        "schooljaar": verdict.schooljaar,
        "peildatum": verdict.peildatum.isoformat() if verdict.peildatum else None,
        "sha256": verdict.sha256,
        "oordeel": str(verdict.oordeel),
        "rijen": verdict.rijen,
        "rijen_afgekeurd": verdict.rijen_afgekeurd,
        "bevindingen": [
            {
                "code": finding.code,
                "ernst": str(finding.ernst),
                "kolom": finding.kolom,
                "rijen": list(finding.rijen),
                "aantal": finding.aantal,
                "melding": finding.melding,
            }
            for finding in verdict.findings
        ],
    }
