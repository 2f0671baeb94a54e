"""What happens in the supplier's house: a raw export with persons becomes a delivery without (spec 1.1).

Pure: bytes in, bytes and findings out; reading and writing files is the command's. The BSN becomes a pseudonym, a
birth date an age class, a postcode a gemeente; what the contract does not name is dropped. No number, name or date
of birth comes out: not in the delivery, not in a finding, not in an error.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from jos_pipeline.coarsen import Coarse, age_classes, home_municipalities, pseudonyms, residences
from jos_pipeline.intake.gate import (
    derived_finding,
    hit_findings,
    judge,
    may_be_counted_on,
    note_findings,
    share_finding,
)
from jos_pipeline.intake.naming import delivery_name, is_ignored, parse_name, safe_name
from jos_pipeline.intake.personal import bsn_cells
from jos_pipeline.intake.reading import RawTable, Unreadable, read_table
from jos_pipeline.intake.recognition import peildatum_of, schooljaar_of_dates
from jos_pipeline.intake.rows import Hit, Rule
from jos_pipeline.intake.values import DATE_COARSE, parse_column
from jos_pipeline.intake.verdict import Finding, Outcome, Verdict, make_finding, ordered
from jos_pipeline.intake.whereabouts import Whereabouts
from jos_pipeline.intake.wording import listed
from jos_pipeline.mapping.applying import applied
from jos_pipeline.mapping.checking import mapping_findings
from jos_pipeline.mapping.known import export_words, recognised_format
from jos_pipeline.mapping.reading import Mapping, MappingError, decode_mapping, parse_mapping
from jos_pipeline.pseudonym import PSEUDONYM
from jos_pipeline.raw_export import AGE_CLASS, HOME, Layout, layout_of, soort_of_export
from jos_pipeline.region import Region
from jos_pipeline.writing import canonical_text, delivery_csv
from schemas.contract import EMPTY, Contract, Reference
from schemas.contracts import CONTRACTS
from schemas.findings import Severity


@dataclass(frozen=True)
class Prepared:
    """What ``jos prepare`` made of an export.

    ``content`` is the delivery to send under ``file_name``, None when none could be made; ``verdict`` is the gate's
    on exactly these bytes. ``findings`` are those of the preparing itself, with the rows of the supplier's own file.
    """

    source_name: str
    file_name: str | None
    content: bytes | None = field(repr=False)
    verdict: Verdict
    findings: tuple[Finding, ...]
    source_rows: tuple[int, ...] = field(repr=False, default=())
    source_count: int = 0
    where: Whereabouts | None = field(repr=False, default=None)

    @property
    def shown(self) -> Verdict:
        """The verdict to show the supplier: about their own file, with every finding in the rows of that file."""
        if self.content is None:
            return self.verdict
        of_gate = [self._in_source(one) for one in self.verdict.findings]
        news = [one for one in of_gate if not any(_explains(own, one) for own in self.findings)]
        left_out = self.source_count - len(self.source_rows)
        return replace(
            self.verdict,
            file_name=self.source_name,
            oordeel=Outcome.MET_AFKEUR if left_out and not self.verdict.refused else self.verdict.oordeel,
            findings=ordered((*self.findings, *news)),
            rijen=self.source_count,
            rijen_afgekeurd=self.verdict.rijen_afgekeurd + left_out,
            where=self.where,
        )

    def _in_source(self, finding: Finding) -> Finding:
        """A finding of the gate with the rows of the supplier's file: row 2 of the delivery is the first."""
        everywhere = pl.Series(self.source_rows, dtype=pl.UInt32).gather(finding.alle_rijen - 2)
        return replace(finding, rijen=tuple(self.source_rows[row - 2] for row in finding.rijen), alle_rijen=everywhere)


def _explains(own: Finding, of_gate: Finding) -> bool:
    """Whether a finding of the preparing says what one of the gate says, or why the gate found a cell empty."""
    if own.kolom != of_gate.kolom or of_gate.aantal > own.aantal:
        return False
    is_cause = own.ernst is Severity.FOUT and own.rijen == of_gate.rijen and of_gate.code == EMPTY
    return own.code == of_gate.code or is_cause


@dataclass(frozen=True)
class _Export:
    """A raw export, read, and the delivery it is to become."""

    table: RawTable
    contract: Contract
    schooljaar: str
    peildatum: date
    layout: Layout
    translated: tuple[Hit, ...]
    """Where the mapping gave a value another meaning."""


class _Refused(Exception):  # noqa: N818 - carries findings, not an error
    """The export cannot become a delivery."""

    def __init__(self, findings: Iterable[Finding], rijen: int = 0, where: Whereabouts | None = None) -> None:
        super().__init__()
        self.findings = ordered(findings)
        self.rijen = rijen
        self.where = where


def prepare(
    data: bytes,
    file_name: str,
    modified: date,
    region: Region,
    supplier_id: str | None,
    *,
    key: bytes,
    soort: str | None = None,
    schooljaar: str | None = None,
    peildatum: date | None = None,
    mapping: bytes | None = None,
) -> Prepared:
    """Makes a delivery out of a supplier's own export.

    ``soort``, ``schooljaar`` and ``peildatum`` go before what the name or the content says; ``mapping`` is a mapping
    file. Trouble with the export or the mapping is a verdict with findings, never an exception.
    """
    try:
        own = _own_mapping(mapping)
        export, derived = _export(data, file_name, modified, region, (soort, schooljaar, peildatum), own)
        columns, findings = _converted(export, region, key)
    except _Refused as refused:
        told = (soort, schooljaar, peildatum)
        verdict = replace(_refusal(refused, data, file_name, supplier_id, told), naam=region.name_of(supplier_id))
        return Prepared(safe_name(file_name), None, None, verdict, refused.findings)
    name = delivery_name(export.contract.soort, export.schooljaar, export.peildatum)
    content = delivery_csv(columns)
    prepared = Prepared(
        source_name=safe_name(file_name),
        file_name=name,
        content=content,
        verdict=judge(content, name, export.peildatum, region, supplier_id),
        findings=ordered([*derived, *_heading_findings(export), *note_findings(export.table.notes), *findings]),
        source_rows=tuple(export.table.rows.to_list()),
        source_count=len(export.table.rows) + len(export.table.ragged),
        where=_whereabouts(export),
    )
    return _unless_too_much_is_lost(prepared, data, region)


def _whereabouts(export: _Export) -> Whereabouts:
    """Where the columns of the delivery, or what they were made of, stand in the export."""
    layout, places = export.layout, export.table.places
    made = {PSEUDONYM: layout.numbers, AGE_CLASS: _given(layout.birth), HOME: _given(layout.postcode, layout.residence)}
    columns = {name: (place,) for name, place in layout.columns.items()}
    return Whereabouts(
        sheet=export.table.sheet,
        header_row=export.table.header_row,
        first=min(places, default=0),
        columns={
            name: tuple(places[at] for at in (*columns.get(name, ()), *made.get(name, ())) if at < len(places))
            for name in export.contract.by_name
        },
        unknown=tuple(places[place] for place in layout.unknown),
        personal=tuple(places[place] for place in layout.personal),
    )


def _given(*places: int | None) -> tuple[int, ...]:
    return tuple(place for place in places if place is not None)


def _unless_too_much_is_lost(prepared: Prepared, data: bytes, region: Region) -> Prepared:
    """No delivery when rows that could not be read make the rejected ones too many: the gate would not know."""
    shown = prepared.shown
    too_many = share_finding(shown.rijen_afgekeurd, shown.rijen, region)
    if shown.refused or not too_many:
        return prepared
    verdict = replace(
        shown,
        sha256=hashlib.sha256(data).hexdigest(),
        oordeel=Outcome.AFGEKEURD,
        findings=ordered((*shown.findings, *too_many)),
        accepted=None,
    )
    return Prepared(prepared.source_name, None, None, verdict, verdict.findings)


def _own_mapping(data: bytes | None) -> Mapping | None:
    """The supplier's own mapping. Raises _Refused."""
    try:
        return None if data is None else parse_mapping(decode_mapping(data))
    except MappingError as wrong:
        raise _Refused(wrong.findings) from None


def _export(
    data: bytes,
    file_name: str,
    modified: date,
    region: Region,
    told: tuple[str | None, str | None, date | None],
    mapping: Mapping | None,
) -> tuple[_Export, tuple[Finding, ...]]:
    """The export as a table, and which delivery it is to become. Raises _Refused."""
    if is_ignored(file_name):
        raise _Refused([make_finding("JOS-E066", count=1, detail=" (verborgen of tijdelijk bestand)")])
    named = parse_name(file_name)
    soort = told[0] or named.soort
    table = _table(data, file_name, soort, mapping)
    form = mapping or recognised_format(table.headings, soort)
    soort = soort or (form and form.soort) or soort_of_export(table.headings)
    if soort not in CONTRACTS:
        raise _Refused([make_finding("JOS-E012", count=1)], len(table.rows))
    contract = CONTRACTS[soort]
    peildatum = told[2] or peildatum_of(named, modified)
    if peildatum is None:
        raise _Refused([make_finding("JOS-E014", count=1)], len(table.rows))
    table, translated = _mapped(table, form, mapping, contract, region.reference_on(peildatum))
    schooljaar = told[1] or named.schooljaar
    derived = [] if told[2] or named.peildatum else [f"de peildatum ({peildatum.isoformat()})"]
    if schooljaar is None:
        schooljaar = schooljaar_of_dates(table, contract, region.reference_on(peildatum), peildatum)
        derived.append(f"het schooljaar ({schooljaar})")
    _check_calendar(schooljaar, peildatum, region, len(table.rows))
    layout = layout_of(table.headings, contract)
    export = _Export(table, contract, str(schooljaar), peildatum, layout, tuple(translated))
    _check_layout(export)
    format_told = [make_finding("JOS-S036", count=1, detail=form.title)] if form and form is not mapping else []
    return export, (*derived_finding(derived), *format_told)


def _table(data: bytes, file_name: str, soort: str | None, mapping: Mapping | None) -> RawTable:
    """The export as text. Raises _Refused."""
    try:
        return read_table(data, file_name, export_words(mapping), sheet_hint=soort)
    except Unreadable as problem:
        raise _Refused([make_finding(problem.code, count=1, detail=problem.detail)]) from None


def _mapped(
    table: RawTable, form: Mapping | None, own: Mapping | None, contract: Contract, reference: Reference
) -> tuple[RawTable, list[Hit]]:
    """The table as the supplier's own mapping, or that of a known format, reads it. Raises _Refused."""
    if form is None:
        return table, []
    wrong = [] if own is None else mapping_findings(own, table.headings, contract, reference)
    if own is not None and own.soort not in (None, contract.soort):
        detail = f"het is voor {own.soort}, deze export wordt {contract.soort}"
        wrong = [make_finding("JOS-E053", count=1, detail=detail)]
    if wrong:
        raise _Refused(wrong, len(table.rows))
    return applied(form, table, contract)


def _check_calendar(schooljaar: str | None, peildatum: date, region: Region, rijen: int) -> None:
    if schooljaar is None:
        raise _Refused([make_finding("JOS-E013", count=1)], rijen)
    if schooljaar not in region.school_years:
        raise _Refused([make_finding("JOS-E018", count=1)], rijen)
    if not may_be_counted_on(peildatum, schooljaar):
        raise _Refused([make_finding("JOS-E014", count=1)], rijen)


def _check_layout(export: _Export) -> None:
    """Raises _Refused for columns that stand twice, are missing or in doubt, and for a BSN that would be kept."""
    layout, table = export.layout, export.table
    wrong = [make_finding("JOS-E008", kolom=name, count=2) for name in layout.twice]
    wrong += [
        make_finding("JOS-E009", kolom=one.name, count=1)
        for one in export.contract.fields
        if one.required and one.name not in layout.given
    ]
    wrong += [finding for finding in note_findings(table.notes) if finding.refuses_file]
    kept = table.cells.select(f"k{place}" for place in sorted(layout.columns.values()))
    found = bsn_cells(kept, table.rows)
    if found.count:
        wrong.append(make_finding("JOS-E011", rows=found.rows, count=found.count))
    if wrong:
        raise _Refused(wrong, len(table.rows), _whereabouts(export))


def _converted(export: _Export, region: Region, key: bytes) -> tuple[dict[str, pl.Series], list[Finding]]:
    """The columns of the delivery as text, in contract order, and what is to be said about the making of them."""
    reference = region.reference_on(export.peildatum, export.schooljaar)
    columns: dict[str, pl.Series] = {}
    hits = list(export.translated)
    for one in export.contract.fields:
        own = None
        if one.name in export.layout.columns:
            cells = export.table.cells.to_series(export.layout.columns[one.name])
            parsed = parse_column(cells, one.column, reference)
            own = canonical_text(cells, parsed, one.column)
            repairs = sorted(parsed.repairs.items())
            hits += [Hit(Rule(code, one.name), mask) for code, mask in repairs if code != DATE_COARSE]
        made = _made(one.name, export, region, key)
        if made is not None:
            own, more = _joined(one.name, own, made)
            hits += more
        if own is not None:
            columns[one.name] = own.alias(one.name)
    findings = list(hit_findings([hit for hit in hits if hit.mask.any()], export.table.rows))
    if export.table.ragged:
        findings.append(make_finding("JOS-E019", rows=export.table.ragged))
    return columns, findings


def _made(name: str, export: _Export, region: Region, key: bytes) -> Coarse | None:
    """The column made out of one that may not leave the house; None when there is none."""
    layout, cells = export.layout, export.table.cells
    if name == PSEUDONYM and layout.numbers:
        return pseudonyms([cells.to_series(place) for place in layout.numbers], key)
    if name == AGE_CLASS and layout.birth is not None:
        return age_classes(cells.to_series(layout.birth), export.peildatum)
    if name == HOME and layout.residence is not None:
        return residences(cells.to_series(layout.residence), region.postcodes)
    if name == HOME and layout.postcode is not None:
        return home_municipalities(cells.to_series(layout.postcode), region.postcodes)
    return None


_WRONG = {PSEUDONYM: Rule("JOS-E050", PSEUDONYM), AGE_CLASS: Rule("JOS-E051", AGE_CLASS), HOME: Rule("JOS-E052", HOME)}
_EMPTY = {PSEUDONYM: Rule("JOS-S015", PSEUDONYM), AGE_CLASS: Rule("JOS-S016", AGE_CLASS), HOME: Rule("JOS-S016", HOME)}


def _joined(name: str, own: pl.Series | None, made: Coarse) -> tuple[pl.Series, list[Hit]]:
    """The supplier's own value where there is one, else the made one; and where neither is."""
    values = made.values if own is None else pl.select(pl.coalesce(own, made.values)).to_series()
    missing = values.is_null()
    hits = [Hit(_WRONG[name], made.wrong & missing), Hit(_EMPTY[name], made.empty & missing)]
    return values, [hit for hit in hits if hit.mask.any()]


def _heading_findings(export: _Export) -> list[Finding]:
    """I001 and S001: columns that were used or dropped."""
    layout, found = export.layout, []
    if layout.personal:
        found.append(make_finding("JOS-I001", count=len(layout.personal)))
    if layout.unknown:
        letters = listed([export.table.letter(place) for place in layout.unknown])
        found.append(make_finding("JOS-S001", count=len(layout.unknown), detail=letters))
    return found


def _refusal(
    refused: _Refused,
    data: bytes,
    file_name: str,
    supplier_id: str | None,
    told: tuple[str | None, str | None, date | None],
) -> Verdict:
    named = parse_name(file_name)
    return Verdict(
        file_name=safe_name(file_name),
        leverancier=None if supplier_id is None else safe_name(supplier_id),
        soort=told[0] if told[0] in CONTRACTS else named.soort,
        schooljaar=told[1] or named.schooljaar,
        peildatum=told[2] or named.peildatum,
        sha256=hashlib.sha256(data).hexdigest(),
        oordeel=Outcome.AFGEKEURD,
        rijen=refused.rijen,
        rijen_afgekeurd=0,
        findings=refused.findings,
        where=refused.where,
    )
