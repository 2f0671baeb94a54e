"""The gate: bytes and a file name to a verdict (spec 1.1 and 1.2).

Put here the order of the questions: may we look at it, which delivery is it, does it have the columns, are its rows
right. How each is answered stands in the modules beside this one. Nothing is written and nothing of the supplier's
text is kept but the typed cells that passed.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from jos_pipeline.intake.naming import NamedDelivery, is_ignored, parse_name, safe_name
from jos_pipeline.intake.personal import bsn_cells, holding_bsn, personal_headings
from jos_pipeline.intake.reading import Note, RawTable, Unreadable, read_table
from jos_pipeline.intake.recognition import (
    HEADER_WORDS,
    Recognised,
    peildatum_of,
    positions_of,
    recognise,
    schooljaar_of_dates,
    soort_of_header,
)
from jos_pipeline.intake.residue import bsn_outside_table
from jos_pipeline.intake.rows import CheckedRows, Hit, check_rows, require_validation
from jos_pipeline.intake.sheets import Sheet
from jos_pipeline.intake.table import DEFAULT_LIMITS, Limits
from jos_pipeline.intake.verdict import Finding, Outcome, Verdict, make_finding, ordered, verdict_json
from jos_pipeline.intake.whereabouts import Whereabouts, whereabouts_of
from jos_pipeline.intake.wording import listed
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from schemas.contract import Contract, Reference
from schemas.contracts import CONTRACTS

__all__ = ["Finding", "Offered", "Outcome", "Recognised", "Verdict", "judge", "judge_all", "recognise", "verdict_json"]

_YEARS_AFTER = 5
_ROWS_UNLIKE_HEADER = "JOS-E019"


@dataclass(frozen=True)
class _Case:
    """A file before the gate, with what is known of it so far."""

    file_name: str
    leverancier: str | None
    sha256: str
    region: Region
    recognised: Recognised
    derived: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    rijen: int = 0
    where: Whereabouts | None = None

    def plus(self, findings: Iterable[Finding]) -> "_Case":
        return replace(self, findings=(*self.findings, *findings))

    @property
    def stopped(self) -> bool:
        return any(finding.refuses_file for finding in self.findings)


def judge(
    data: bytes,
    file_name: str,
    modified: date,
    region: Region,
    supplier_id: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Verdict:
    """The verdict on a file of a supplier; without ``supplier_id`` who may deliver what is not checked.

    ``modified`` is the day the file was last changed: its peildatum when the name says none. Trouble with the file
    is always a verdict. Raises ContractsDisabledError when pandera is switched off.
    """
    return judge_all([Offered(data, file_name, modified, supplier_id)], region, limits)[0]


@dataclass(frozen=True)
class Offered:
    """A file that somebody offers; what is what, ``judge`` says."""

    data: bytes
    file_name: str
    modified: date
    supplier_id: str | None = None


def judge_all(files: Sequence[Offered], region: Region, limits: Limits = DEFAULT_LIMITS) -> list[Verdict]:
    """The verdict on each of some files, which is the one that ``judge`` gives. All of them are in memory at once.

    Files with the same columns are put to their contract together, which of small files is a large part of the work.
    """
    require_validation()
    verdicts: dict[int, Verdict] = {}
    together: dict[tuple[str, frozenset[str], Reference], list[tuple[int, _Rows]]] = {}
    for number, file in enumerate(files):
        found = _opened(file, region, limits)
        if isinstance(found, Verdict):
            verdicts[number] = found
        else:
            alike = found.contract.soort, found.sheet.present, found.reference
            together.setdefault(alike, []).append((number, found))
    for some in together.values():
        first = some[0][1]
        checked = check_rows([one.sheet for _, one in some], first.contract, first.reference)
        for (number, one), outcome in zip(some, checked, strict=True):
            verdicts[number] = _conclusion(one.case, one.table, outcome)
    return [verdicts[number] for number in range(len(files))]


@dataclass(frozen=True)
class _Rows:
    """A file of which only the rows have yet to be judged."""

    case: _Case
    table: RawTable
    contract: Contract
    sheet: Sheet
    reference: Reference


def _opened(file: Offered, region: Region, limits: Limits) -> Verdict | _Rows:
    """The verdict on a file that is refused as a whole, or else what is in it."""
    named = parse_name(file.file_name)
    case = _Case(
        file_name=safe_name(file.file_name),
        leverancier=None if file.supplier_id is None else safe_name(file.supplier_id),
        sha256=hashlib.sha256(file.data).hexdigest(),
        region=region,
        recognised=Recognised(named.soort, named.schooljaar, peildatum_of(named, file.modified)),
    )
    if is_ignored(file.file_name):
        return _refusal(case.plus([make_finding("JOS-E066", count=1, detail=" (verborgen of tijdelijk bestand)")]))
    try:
        return _judge_file(case, file.data, named, file.supplier_id, limits.running())
    except Unreadable as problem:
        return _refusal(case.plus([make_finding(problem.code, count=1, detail=problem.detail)]))


def _judge_file(
    case: _Case, data: bytes, named: NamedDelivery, supplier_id: str | None, limits: Limits
) -> Verdict | _Rows:
    """What becomes of a file that may be looked at. Raises Unreadable, also when time is up between two steps."""
    table = read_table(data, case.file_name, HEADER_WORDS, limits, sheet_hint=named.soort)
    limits.check_time()
    case = replace(case, rijen=len(table.rows) + len(table.ragged), where=whereabouts_of(table, None))
    case = case.plus(personal_findings(table, data, limits))
    if case.stopped:
        return _refusal(case)
    limits.check_time()
    return _judge_table(case, table, named, supplier_id)


def cannot_open(file_name: str, modified: date, region: Region, supplier_id: str, trace: str) -> Verdict:
    """The verdict on a file that lies there but cannot be opened. ``trace`` stands for the bytes nobody could read."""
    named = parse_name(file_name)
    case = _Case(
        file_name=safe_name(file_name),
        leverancier=safe_name(supplier_id),
        sha256=hashlib.sha256(trace.encode()).hexdigest(),
        region=region,
        recognised=Recognised(named.soort, named.schooljaar, peildatum_of(named, modified)),
    )
    return _refusal(case.plus([make_finding("JOS-E042", count=1)]))


def _judge_table(case: _Case, table: RawTable, named: NamedDelivery, supplier_id: str | None) -> Verdict | _Rows:
    case = _identified(case, table, named)
    case = case.plus(_supplier_findings(case, supplier_id)).plus(_calendar_findings(case, named))
    contract = CONTRACTS.get(case.recognised.soort or "")
    if contract is not None:
        case = replace(case, where=whereabouts_of(table, contract)).plus(_heading_findings(table, contract))
    case = case.plus(note_findings(table.notes)).plus(derived_finding(case.derived))
    if case.stopped or contract is None or case.recognised.peildatum is None:
        return _refusal(case)
    positions = {name: places[0] for name, places in positions_of(table.headings, contract).items()}
    reference = case.region.reference_on(case.recognised.peildatum, case.recognised.schooljaar)
    return _Rows(case, table, contract, Sheet(table.cells, table.rows, positions), reference)


def personal_findings(table: RawTable, data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[Finding, ...]:
    """E010 and E011: what may not be here at all. Names columns by their letter, never by their heading."""
    here = [f"{table.letter(hit.position)}: {hit.word}" for hit in personal_headings(table.headings, table.cells)]
    columns = [*here, *table.elsewhere]
    found = [make_finding("JOS-E010", count=len(columns), detail=listed(columns))] if columns else []
    cells = bsn_cells(table.cells, table.rows)
    count = (cells.count + holding_bsn(table.headings)) or bsn_outside_table(data, table, limits)
    return (*found, make_finding("JOS-E011", rows=cells.rows, count=count)) if count else tuple(found)


def _identified(case: _Case, table: RawTable, named: NamedDelivery) -> _Case:
    """The case with what the table says where the name says nothing."""
    soort, schooljaar, peildatum = named.soort, named.schooljaar, case.recognised.peildatum
    derived = [] if named.peildatum or peildatum is None else [f"de peildatum ({peildatum.isoformat()})"]
    if soort is None and (soort := soort_of_header(table.headings)):
        derived.append(f"de soort ({soort})")
    if schooljaar is None and soort and peildatum:
        reference = case.region.reference_on(peildatum)
        schooljaar = schooljaar_of_dates(table, CONTRACTS[soort], reference, peildatum)
        if schooljaar:
            derived.append(f"het schooljaar ({schooljaar})")
    return replace(case, recognised=Recognised(soort, schooljaar, peildatum), derived=tuple(derived))


def _supplier_findings(case: _Case, supplier_id: str | None) -> tuple[Finding, ...]:
    if supplier_id is None:
        return ()
    supplier = case.region.suppliers.get(supplier_id)
    if supplier is None:
        return (make_finding("JOS-E015", count=1),)
    soort = case.recognised.soort
    if soort is not None and not supplier.may_send(soort):
        return (make_finding("JOS-E016", count=1, detail=soort),)
    return ()


def _calendar_findings(case: _Case, named: NamedDelivery) -> tuple[Finding, ...]:
    """E012, E013, E014 and E018: which delivery it is cannot be told, or cannot be."""
    soort, schooljaar, peildatum = case.recognised.soort, case.recognised.schooljaar, case.recognised.peildatum
    found = []
    if soort is None:
        found.append(make_finding("JOS-E012", count=1))
    if schooljaar is not None and schooljaar not in case.region.school_years:
        found.append(make_finding("JOS-E018", count=1))
    elif schooljaar is not None and peildatum and not may_be_counted_on(peildatum, schooljaar):
        found.append(make_finding("JOS-E014", count=1))
    if schooljaar is None and soort and peildatum:
        found.append(make_finding("JOS-E013", count=1))
    if named.impossible_day:
        found.append(make_finding("JOS-E014", count=1))
    return tuple(found)


def may_be_counted_on(peildatum: date, schooljaar: str) -> bool:
    """Whether a delivery of a school year can have this peildatum: not before it begins, nor long after it ended."""
    year = SchoolYear.parse(schooljaar)
    return year.first_day <= peildatum and peildatum.year <= year.last_day.year + _YEARS_AFTER


def derived_finding(derived: Sequence[str]) -> tuple[Finding, ...]:
    """S014: what was derived because the name does not say it ("de peildatum (2023-02-01)"); none if nothing was."""
    if not derived:
        return ()
    return (make_finding("JOS-S014", count=len(derived), detail=", ".join(derived)),)


def _heading_findings(table: RawTable, contract: Contract) -> tuple[Finding, ...]:
    """E008, E009 and S001: columns that stand twice, that are missing, that nobody asked for."""
    there = positions_of(table.headings, contract)
    known = {position for places in there.values() for position in places}
    unknown = [position for position in range(len(table.headings)) if position not in known]
    twice = [
        make_finding("JOS-E008", kolom=name, count=len(places)) for name, places in there.items() if len(places) > 1
    ]
    missing = [
        make_finding("JOS-E009", kolom=field.name, count=1)
        for field in contract.fields
        if field.required and field.name not in there
    ]
    letters = listed([table.letter(position) for position in unknown])
    extra = [make_finding("JOS-S001", count=len(unknown), detail=letters)] if unknown else []
    return (*twice, *missing, *extra)


def note_findings(notes: Iterable[Note]) -> tuple[Finding, ...]:
    """What the reader mended, as findings."""
    return tuple(make_finding(note.code, rows=note.rows, count=note.count, detail=note.detail) for note in notes)


def hit_findings(hits: Iterable[Hit], rows: pl.Series) -> tuple[Finding, ...]:
    """Hits as findings; hits of one rule and column become one."""
    masks: dict[tuple[str, str | None], Hit] = {}
    for hit in hits:
        name = (hit.rule.code, hit.rule.kolom)
        masks[name] = replace(hit, mask=masks[name].mask | hit.mask) if name in masks else hit
    return tuple(
        make_finding(
            hit.rule.code,
            kolom=hit.rule.kolom,
            rows=rows.filter(hit.mask),
            count=int(hit.mask.sum()),
            detail=hit.rule.detail,
        )
        for hit in masks.values()
    )


def _conclusion(case: _Case, table: RawTable, checked: CheckedRows) -> Verdict:
    """The verdict once every row is judged."""
    findings = [*case.findings, *hit_findings((*checked.failures, *checked.remarks), table.rows)]
    passes = [make_finding(rule.code, kolom=rule.kolom, count=0, detail=rule.detail) for rule in checked.passed]
    if table.ragged:
        findings.append(make_finding(_ROWS_UNLIKE_HEADER, rows=table.ragged))
    else:
        passes.append(make_finding(_ROWS_UNLIKE_HEADER, count=0))
    rejected = _with_ragged(checked.rejected, table.ragged)
    too_many = share_finding(len(rejected), case.rijen, case.region)
    refused = bool(too_many)
    findings.extend(too_many)
    accepted_as = Outcome.MET_AFKEUR if len(rejected) else Outcome.GEACCEPTEERD
    return replace(
        _verdict(case, Outcome.AFGEKEURD if refused else accepted_as),
        findings=ordered(findings),
        passes=ordered(passes),
        rijen_afgekeurd=len(rejected),
        accepted=None if refused else checked.accepted,
        rejected=rejected,
        accepted_rows=table.rows.filter(~table.rows.is_in(checked.rejected["rij"].implode())),
    )


def _with_ragged(rejected: pl.DataFrame, ragged: Sequence[int]) -> pl.DataFrame:
    """The rejected rows with those that have too many or too few fields: of these no cell is kept."""
    if not ragged:
        return rejected
    uneven = pl.DataFrame(
        {"rij": list(ragged), "codes": [[_ROWS_UNLIKE_HEADER]] * len(ragged)},
        schema={"rij": pl.UInt32, "codes": pl.List(pl.String)},
    )
    return pl.concat([rejected, uneven], how="diagonal").sort("rij")


def share_finding(rejected: int, rijen: int, region: Region) -> tuple[Finding, ...]:
    """E017: more rows are rejected than the region allows; none when exactly that share or less is."""
    most = region.max_aandeel_afkeur
    if rejected <= most * rijen:
        return ()
    shares = [f"{100 * part:.1f}".replace(".", ",") for part in (rejected / rijen, most)]
    detail = f" ({shares[0]} procent; hoogstens {shares[1]} procent mag)"
    return (make_finding("JOS-E017", count=rejected, detail=detail),)


def _refusal(case: _Case) -> Verdict:
    return replace(_verdict(case, Outcome.AFGEKEURD), findings=ordered(case.findings))


def _verdict(case: _Case, outcome: Outcome) -> Verdict:
    return Verdict(
        file_name=case.file_name,
        leverancier=case.leverancier,
        soort=case.recognised.soort,
        schooljaar=case.recognised.schooljaar,
        peildatum=case.recognised.peildatum,
        sha256=case.sha256,
        oordeel=outcome,
        rijen=case.rijen,
        rijen_afgekeurd=0,
        findings=(),
        where=case.where,
        naam=case.region.name_of(case.leverancier),
    )
