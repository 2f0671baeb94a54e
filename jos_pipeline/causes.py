"""What a verdict comes down to: findings grouped by cause, the heaviest first, and what to do about them.

Put here what every form of feedback says (terminal, page, workbook); how it looks is the form's. Nothing of the
supplier's text is used but what a verdict holds: letters, row numbers and names of our own contracts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

import polars as pl

from jos_pipeline.dutch import day, number, plural
from jos_pipeline.intake.naming import delivery_name
from jos_pipeline.intake.verdict import MOST_ROWS, Finding, Outcome, Verdict
from jos_pipeline.intake.whereabouts import Whereabouts
from jos_pipeline.intake.wording import excel_letter
from jos_pipeline.school_year import SchoolYear
from schemas.contract import Contract
from schemas.contracts import CONTRACTS
from schemas.findings import EXAMPLE_NAME, FINDINGS, FindingType, Scope, Severity

MOST_SHOWN = 10
"""Cells or rows that a text names before it says how many more there are."""
MOST_STEPS = 3
ROWS, LINES = ("rij", "rijen"), ("regel", "regels")
"""What the row numbers of a finding are: rows of a table, or lines of an XML message."""

_FOLLOWS_FROM_OTHERS = "JOS-E017"
"""Too many rows rejected: never mended by itself, so it comes after what it follows from."""
_REPEATED = "JOS-E035"
_MERGED = "JOS-S013"
_PERSONAL_COLUMN = "JOS-E010"
_UNKNOWN_COLUMN = "JOS-S001"

_HEADLINES = {
    Outcome.GEACCEPTEERD: "Het bestand is geaccepteerd.",
    Outcome.MET_AFKEUR: "Het bestand is geaccepteerd, maar niet alle rijen doen mee.",
    Outcome.AFGEKEURD: "Het bestand is afgekeurd en wordt niet verwerkt.",
    Outcome.DUBBEL: "Precies dit bestand is al eerder geleverd.",
}
_NOTHING_TO_DO = {
    Outcome.GEACCEPTEERD: "U hoeft niets te verbeteren.",
    Outcome.DUBBEL: "U hoeft niets te doen. Wilde u een nieuwe versie sturen? Controleer of u het juiste bestand koos.",
}
_AGAIN = {
    Outcome.MET_AFKEUR: (
        "Maak daarna de export opnieuw en lever het hele bestand nog een keer. De goede rijen tellen nu al mee."
    ),
    Outcome.AFGEKEURD: (
        "Maak daarna de export opnieuw en lever het hele bestand nog een keer. Tot die tijd blijft uw vorige "
        "goedgekeurde levering gelden."
    ),
}


@dataclass(frozen=True)
class Place:
    """Where one finding stands: the column in words, and the cells or rows."""

    finding: Finding
    column: str
    cells: str


@dataclass(frozen=True)
class Cause:
    """All findings of one code. ``rows``: how many rows it touches; ``alone``: how many nothing else is wrong with.

    ``remedy`` is what to do, in the words of this delivery.
    """

    kind: FindingType
    places: tuple[Place, ...]
    rows: int
    alone: int
    remedy: str

    @cached_property
    def count(self) -> int:
        return sum(place.finding.aantal for place in self.places)

    @property
    def weight(self) -> str:
        """How much it is about, in words."""
        return plural(self.rows, "rij", "rijen") if self.rows else "het hele bestand"


def headline(verdict: Verdict) -> str:
    return _HEADLINES[verdict.oordeel]


def facts(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """What the file is and how many rows it has, as label and text; what is not known is left out."""
    contract = CONTRACTS.get(verdict.soort or "")
    told = (
        ("Bestand", verdict.file_name),
        ("Leverancier", f"{verdict.naam} ({verdict.leverancier})" if verdict.naam else verdict.leverancier),
        ("Soort levering", contract.title if contract else None),
        ("Schooljaar", verdict.schooljaar),
        ("Peildatum", day(verdict.peildatum) if verdict.peildatum else None),
        *row_counts(verdict),
        ("Kenmerk (SHA-256)", verdict.sha256),
    )
    return tuple((label, text) for label, text in told if text)


def row_counts(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    counted = 0 if verdict.oordeel in (Outcome.AFGEKEURD, Outcome.DUBBEL) else verdict.rijen - verdict.rijen_afgekeurd
    counts = (("Rijen in het bestand", number(verdict.rijen)), ("Rijen die meetellen", number(counted)))
    if verdict.refused and not verdict.rijen_afgekeurd:  # refused as a whole: no row was judged by itself
        return counts
    return (*counts, ("Rijen die zijn afgekeurd", number(verdict.rijen_afgekeurd)))


def causes(verdict: Verdict) -> tuple[Cause, ...]:
    """The findings by cause: fouten, signalen, info; in each what is about the file first, then what hits most rows."""
    contract = CONTRACTS.get(verdict.soort or "")
    alone = _alone(verdict.findings)
    by_code = groupby(sorted(verdict.findings, key=lambda one: one.code), key=lambda one: one.code)
    unit = LINES if is_message(verdict) else ROWS
    name = example_name(verdict)
    found = [
        _cause(code, tuple(findings), alone.get(code, 0), verdict.where, contract, unit, name)
        for code, findings in by_code
    ]
    return tuple(sorted(found, key=_priority))


def example_name(verdict: Verdict) -> str:
    """How this file could be called: its own soort, school year and kind of file, as far as these are known."""
    if verdict.soort not in CONTRACTS:
        return EXAMPLE_NAME
    year = verdict.schooljaar or EXAMPLE_NAME.split("_")[1]
    name = delivery_name(str(verdict.soort), year, date(SchoolYear.parse(year).last_day.year, 2, 1))
    workbook = verdict.file_name.casefold().endswith(".xlsx")
    return name.replace(".csv", ".xlsx") if workbook else name


def is_message(verdict: Verdict) -> bool:
    """Whether the numbers of findings are lines of an XML message instead of rows of a table."""
    return verdict.file_name.casefold().endswith(".xml")


def _cause(
    code: str,
    findings: Sequence[Finding],
    alone: int,
    where: Whereabouts | None,
    contract: Contract | None,
    unit: tuple[str, str],
    name: str,
) -> Cause:
    heaviest = sorted(findings, key=lambda one: (-one.aantal, one.kolom or ""))
    places = tuple(
        Place(one, column_words(one, where, contract), cell_words(one, where, contract, unit)) for one in heaviest
    )
    rows = pl.concat([rows_of(one) for one in findings]).n_unique()
    # The reader remembers a hundred rows of what it left out; the count is exact.
    kind, touched = FINDINGS[code], findings[0].aantal if rows == MOST_ROWS else rows
    return Cause(kind, places, touched, alone, kind.remedy.replace(EXAMPLE_NAME, name))


def _priority(cause: Cause) -> tuple[int, bool, bool, int, str]:
    weight = {Severity.FOUT: 0, Severity.SIGNAAL: 1, Severity.INFO: 2}[cause.kind.severity]
    of_rows = cause.kind.scope is Scope.ROW
    heaviest_first = -cause.rows if of_rows else 0
    return weight, cause.kind.code == _FOLLOWS_FROM_OTHERS, of_rows, heaviest_first, cause.kind.code


def rows_of(finding: Finding) -> pl.Series:
    """Every row of a finding that is known."""
    return finding.alle_rijen if len(finding.alle_rijen) else pl.Series(finding.rijen, dtype=pl.UInt32)


def _alone(findings: Iterable[Finding]) -> dict[str, int]:
    """For each code the rows that would count if only this were mended."""
    frames = [
        pl.DataFrame({"rij": rows_of(one)}).with_columns(code=pl.lit(one.code))
        for one in findings
        if one.ernst is Severity.FOUT and FINDINGS[one.code].scope is Scope.ROW
    ]
    if not frames:
        return {}
    only = pl.concat(frames).group_by("rij").agg(pl.col("code").unique()).filter(pl.col("code").list.len() == 1)
    counted = only.select(pl.col("code").list.first()).to_series().value_counts()
    return dict(counted.iter_rows())


def columns_of(finding: Finding, contract: Contract | None) -> tuple[str, ...]:
    """The columns of the contract that a finding is about: of a rule over several columns all of them."""
    if contract is None:
        return (finding.kolom,) if finding.kolom else ()
    if finding.code in (_REPEATED, _MERGED):
        return contract.key if finding.code == _REPEATED else contract.spell
    every = (*contract.rules, *contract.remarks)
    rules = [one for one in every if one.code == finding.code and one.columns[-1] == finding.kolom]
    named = dict.fromkeys(name for rule in rules for name in rule.columns)
    return tuple(named) or ((finding.kolom,) if finding.kolom else ())


def places_of(finding: Finding, where: Whereabouts, contract: Contract | None) -> tuple[int, ...]:
    """The columns of the file that a finding is about; empty when it is about whole rows or the whole file."""
    if finding.code == _PERSONAL_COLUMN:
        return where.personal
    if finding.code == _UNKNOWN_COLUMN:
        return where.unknown
    return where.places(columns_of(finding, contract))


def column_words(finding: Finding, where: Whereabouts | None, contract: Contract | None) -> str:
    """``D (begindatum)``, or the names alone when their place is not known."""
    names = columns_of(finding, contract)
    told = [(where.letters([name]) if where else (), name) for name in names]
    if told:
        return ", ".join(f"{' en '.join(letters)} ({name})" if letters else name for letters, name in told)
    places = places_of(finding, where, contract) if where else ()
    return _listed([excel_letter(place) for place in places], len(places)) if places else ""


def cell_words(
    finding: Finding, where: Whereabouts | None, contract: Contract | None, unit: tuple[str, str] = ROWS
) -> str:
    """``D5, D9 en nog 3`` for one column, ``rij 5, 9`` for more; about the whole file, its column or nothing."""
    rows = rows_of(finding)
    places = places_of(finding, where, contract) if where else ()
    if rows.is_empty():
        return f"kolom {_listed([excel_letter(one) for one in places], len(places))}" if places else "hele bestand"
    total = finding.aantal if len(rows) == MOST_ROWS else len(rows)
    shown = rows.head(MOST_SHOWN).to_list()
    if len(places) == 1:
        return _listed([f"{excel_letter(places[0])}{row}" for row in shown], total)
    return f"{unit[0] if total == 1 else unit[1]} " + _listed([str(row) for row in shown], total)


def _listed(parts: Sequence[str], total: int) -> str:
    more = total - len(parts[:MOST_SHOWN])
    return ", ".join(parts[:MOST_SHOWN]) + (f" en nog {number(more)}" if more > 0 else "")


def steps(verdict: Verdict, found: Sequence[Cause]) -> tuple[str, ...]:
    """What to do now, the mend that helps most first; one step when nothing has to be done."""
    errors = [one for one in found if one.kind.severity is Severity.FOUT and one.kind.code != _FOLLOWS_FROM_OTHERS]
    if verdict.oordeel in _NOTHING_TO_DO:
        signals = sum(one.kind.severity is Severity.SIGNAAL and one.kind.asks for one in found)
        look = f"Kijk wel even of {_signals(signals)} kloppen." if signals > 1 else ""
        look = "Kijk wel even of het signaal klopt." if signals == 1 else look
        return (" ".join(part for part in (_NOTHING_TO_DO[verdict.oordeel], look) if part),)
    more = len(errors) - MOST_STEPS
    others = "andere fout" if more == 1 else f"{number(more)} andere fouten"
    rest = (f"Los ook de {others} op.",) if more > 0 else ()
    return (*(_step(one, verdict) for one in errors[:MOST_STEPS]), *rest, _AGAIN[verdict.oordeel])


def _signals(count: int) -> str:
    return f"de {plural(count, 'signaal', 'signalen')}"


def _step(cause: Cause, verdict: Verdict) -> str:
    """What to mend, where, how, and what it brings."""
    columns = list(dict.fromkeys(place.column for place in cause.places if place.column))
    more = f" en nog {len(columns) - MOST_STEPS}" if len(columns) > MOST_STEPS else ""
    about = [cause.weight] if cause.rows and cause.kind.scope is Scope.ROW else []
    about += [f"kolom {', '.join(columns[:MOST_STEPS])}{more}"] if columns else []
    title = f"{cause.kind.title}: {', '.join(about)}" if about else cause.kind.title
    return f"{title}. {cause.remedy}{_gain(cause.alone, verdict)}"


def _gain(rows: int, verdict: Verdict) -> str:
    """What mending one cause alone brings; of a refused file the rows are good again, but do not count yet."""
    if not rows:
        return ""
    if verdict.refused:
        return f" Verbetert u alleen dit, dan {'is 1 rij' if rows == 1 else f'zijn {number(rows)} rijen'} weer goed."
    return f" Verbetert u alleen dit, dan {'telt 1 rij' if rows == 1 else f'tellen {number(rows)} rijen'} weer mee."
