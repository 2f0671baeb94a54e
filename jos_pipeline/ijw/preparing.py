"""``jos prepare`` for iJw messages: files in, at most two deliveries out, and a verdict on every file.

Pure. The messages of one gemeente are combined; a verdict is about one file and names its lines, because that is
where a supplier looks. One refused message means no delivery: a delivery replaces the one before, so without that
message records would vanish.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

import polars as pl
from lxml import etree

from jos_pipeline.coarsen import Coarse, age_classes, pseudonyms
from jos_pipeline.ijw.checking import Problem, official_problems, problems_of
from jos_pipeline.ijw.items import Item, items_of
from jos_pipeline.ijw.reading import ReadMessage, UnreadableError, read_message
from jos_pipeline.ijw.records import Remark, combined
from jos_pipeline.ijw.to_rows import Row, waiting_rows, youth_care_rows
from jos_pipeline.intake.gate import derived_finding, judge, may_be_counted_on
from jos_pipeline.intake.naming import delivery_name, is_ignored, safe_name
from jos_pipeline.intake.verdict import Finding, Outcome, Verdict, make_finding, ordered
from jos_pipeline.prepare import Prepared
from jos_pipeline.pseudonym import PSEUDONYM
from jos_pipeline.raw_export import AGE_CLASS
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from jos_pipeline.wishes import Wishes
from jos_pipeline.writing import delivery_csv
from schemas.contracts import CONTRACTS

SOORTEN = ("jeugdhulp", "wachttijden")
_DATES = ("aanvang", "einde", "aanmelddatum", "startdatum")


@dataclass(frozen=True)
class Delivery:
    """A delivery to send; ``refused`` when the gate would refuse it as it is."""

    file_name: str
    content: bytes = field(repr=False)
    refused: bool


@dataclass(frozen=True)
class PreparedMessages:
    """The verdict on every file, in the order in which they were given, and what to send."""

    verdicts: tuple[Verdict, ...]
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True)
class _House:
    """Where this happens: the region, the supplier, the key of the chain."""

    region: Region
    supplier_id: str | None
    key: bytes = field(repr=False)


@dataclass(frozen=True)
class _File:
    """One file: its verdict so far and the products in it."""

    verdict: Verdict
    items: tuple[Item, ...] = field(repr=False)

    def refused_for(self, *findings: Finding) -> Verdict:
        more = ordered((*self.verdict.findings, *findings))
        return replace(self.verdict, oordeel=Outcome.AFGEKEURD, findings=more)


def prepare_messages(
    files: Sequence[tuple[str, bytes]],
    region: Region,
    supplier_id: str | None,
    *,
    key: bytes,
    wishes: Wishes,
    schemas: dict[str, etree.XMLSchema] | None = None,
) -> PreparedMessages:
    """Makes jeugdhulp and wachttijden out of the messages in ``files`` (name and bytes).

    ``schemas`` are the official XSDs, when the supplier has them. Trouble with a file is a finding, never an
    exception.
    """
    read = [
        _read(place, name, data, supplier_id, region.name_of(supplier_id), wishes, schemas)
        for place, (name, data) in enumerate(files)
    ]
    if any(one.verdict.refused for one in read):
        other = make_finding("JOS-E076", count=1)
        return PreparedMessages(
            tuple(one.verdict if one.verdict.refused else one.refused_for(other) for one in read), ()
        )
    items = [item for one in read for item in one.items]
    problem = _together(items)
    if problem is not None:
        return _none(read, problem)
    return _delivered(read, items, _House(region, supplier_id, key), wishes)


def _none(read: Sequence[_File], problem: Finding) -> PreparedMessages:
    return PreparedMessages(tuple(one.refused_for(problem) for one in read), ())


def _read(
    place: int,
    name: str,
    data: bytes,
    supplier_id: str | None,
    supplier_name: str | None,
    wishes: Wishes,
    schemas: dict[str, etree.XMLSchema] | None,
) -> _File:
    verdict = Verdict(
        file_name=safe_name(name),
        leverancier=None if supplier_id is None else safe_name(supplier_id),
        soort=wishes.soort,
        schooljaar=wishes.schooljaar,
        peildatum=wishes.peildatum,
        sha256=hashlib.sha256(data).hexdigest(),
        oordeel=Outcome.GEACCEPTEERD,
        rijen=0,
        rijen_afgekeurd=0,
        findings=(),
        naam=supplier_name,
    )
    empty = _File(verdict, ())
    if is_ignored(name):
        hidden = make_finding("JOS-E005", count=1, detail=" (verborgen of tijdelijk bestand)")
        return replace(empty, verdict=empty.refused_for(hidden))
    try:
        message = read_message(data)
    except UnreadableError as problem:
        rows = [problem.line] if problem.line else []
        found = make_finding(problem.code, rows=rows, count=1, detail=problem.detail)
        return replace(empty, verdict=empty.refused_for(found))
    problems = _problems(message, schemas)
    if problems:
        return replace(empty, verdict=empty.refused_for(*_problem_findings(problems)))
    items = tuple(items_of(message, place))
    return _File(replace(verdict, rijen=len(items)), items)


def _problems(message: ReadMessage, schemas: dict[str, etree.XMLSchema] | None) -> tuple[Problem, ...]:
    """What is wrong in our own words; what only the official XSD sees, when we see nothing."""
    return problems_of(message) or (official_problems(message, schemas) if schemas else ())


def _problem_findings(problems: Sequence[Problem]) -> list[Finding]:
    def kind(one: Problem) -> tuple[str, str, str]:
        return one.code, one.element or "", one.detail

    return [
        make_finding(code, kolom=element or None, rows=[one.line for one in same], count=len(same), detail=detail)
        for (code, element, detail), group in groupby(sorted(problems, key=kind), key=kind)
        for same in [list(group)]
    ]


def _together(items: Sequence[Item]) -> Finding | None:
    """Why these messages are no delivery together."""
    gemeenten = {item.gemeente for item in items}
    return make_finding("JOS-E075", count=len(gemeenten)) if len(gemeenten) > 1 else None


def _delivered(read: Sequence[_File], items: list[Item], house: _House, wishes: Wishes) -> PreparedMessages:
    peildatum = wishes.peildatum or max(item.sent[0] for item in items)
    rows, remarks = _rows(items, house.region, peildatum, wishes.soort)
    schooljaar = wishes.schooljaar or _school_year(rows, peildatum)
    problem = _unusable(rows, schooljaar, peildatum, house.region)
    if problem is not None or schooljaar is None:
        return _none(_remarked(read, remarks), problem or make_finding("JOS-E013", count=1))
    derived = derived_finding(
        ([] if wishes.peildatum else [f"de peildatum ({peildatum.isoformat()})"])
        + ([] if wishes.schooljaar else [f"het schooljaar ({schooljaar})"])
    )
    read = [
        replace(one, verdict=replace(one.verdict, schooljaar=schooljaar, peildatum=peildatum, findings=derived))
        for one in read
    ]
    names = {soort: delivery_name(soort, schooljaar, peildatum) for soort in rows}
    made = {soort: _prepared(names[soort], names[soort], rows[soort], peildatum, house) for soort in rows}
    verdicts = tuple(
        _verdict(place, one, rows, made, peildatum, house) for place, one in enumerate(_remarked(read, remarks))
    )
    sent = [(one.file_name, one.content, one.verdict.refused) for one in made.values()]
    return PreparedMessages(verdicts, tuple(Delivery(*one) for one in sent if one[0] and one[1]))  # type: ignore[arg-type]


def _rows(
    items: list[Item], region: Region, peildatum: date, soort: str | None
) -> tuple[dict[str, list[Row]], list[Remark]]:
    """The rows of each delivery that has any, and what is to be told about the making of them."""
    records = combined(items)
    cares, about_cares = youth_care_rows(records, region.postcodes)
    waits, about_waits = waiting_rows(records, region.postcodes, peildatum)
    wanted = dict(zip(SOORTEN, ((cares, about_cares), (waits, about_waits)), strict=True))
    wanted = {name: made for name, made in wanted.items() if soort in (None, name)}
    remarks = records.remarks + [one for _, told in wanted.values() for one in told]
    return {name: made for name, (made, _) in wanted.items() if made}, remarks


def _school_year(rows: dict[str, list[Row]], peildatum: date) -> str | None:
    """The school year in which every date up to the peildatum lies; None when there is not just one."""
    cells = [row.cells.get(name) for made in rows.values() for row in made for name in _DATES]
    days = [date.fromisoformat(cell) for cell in cells if cell]
    years = {SchoolYear.of(day) for day in days if day <= peildatum}
    return str(years.pop()) if len(years) == 1 else None


def _unusable(rows: dict[str, list[Row]], schooljaar: str | None, peildatum: date, region: Region) -> Finding | None:
    if not rows:
        return make_finding("JOS-E078", count=1)
    if schooljaar is None:
        return make_finding("JOS-E013", count=1)
    if schooljaar not in region.school_years:
        return make_finding("JOS-E018", count=1)
    return None if may_be_counted_on(peildatum, schooljaar) else make_finding("JOS-E014", count=1)


def _remarked(read: Sequence[_File], remarks: Sequence[Remark]) -> list[_File]:
    """The files with what there is to tell of the products in them."""
    return [
        replace(one, verdict=replace(one.verdict, findings=ordered((*one.verdict.findings, *_told(place, remarks)))))
        for place, one in enumerate(read)
    ]


def _told(place: int, remarks: Sequence[Remark]) -> list[Finding]:
    def kind(one: Remark) -> tuple[str, str, str]:
        return one.code, one.subject, one.detail

    own = sorted((one for one in remarks if one.file == place), key=kind)
    return [
        make_finding(code, kolom=subject, rows=[one.line for one in same], count=len(same), detail=detail)
        for (code, subject, detail), group in groupby(own, key=kind)
        for same in [list(group)]
    ]


_MADE = {
    PSEUDONYM: ("JOS-E050", "JOS-S015"),
    AGE_CLASS: ("JOS-E051", "JOS-S016"),
}


def _prepared(source_name: str, name: str, rows: list[Row], peildatum: date, house: _House) -> Prepared:
    """Rows as a delivery without a person in it, with the gate's verdict and the lines of the file."""
    numbers = pl.Series([row.client.bsn for row in rows], dtype=pl.String)
    births = pl.Series([row.client.born for row in rows], dtype=pl.String)
    made = {PSEUDONYM: pseudonyms([numbers], house.key), AGE_CLASS: age_classes(births, peildatum)}
    contract = CONTRACTS[name.partition("_")[0]]
    columns = {
        one.name: made[one.name].values.alias(one.name)
        if one.name in made
        else pl.Series(one.name, [row.cells[one.name] for row in rows], dtype=pl.String)
        for one in contract.fields
        if one.name in made or one.name in rows[0].cells
    }
    lines = tuple(row.line for row in rows)
    content = delivery_csv(columns)
    return Prepared(
        source_name=safe_name(source_name),
        file_name=name,
        content=content,
        verdict=judge(content, name, peildatum, house.region, house.supplier_id),
        findings=ordered(_made_findings({one: made[one] for one in made if one in columns}, lines)),
        source_rows=lines,
        source_count=len(rows),
    )


def _made_findings(made: dict[str, Coarse], lines: tuple[int, ...]) -> list[Finding]:
    at = pl.Series(lines, dtype=pl.UInt32)
    return [
        make_finding(code, kolom=name, rows=at.filter(mask), count=int(mask.sum()))
        for name, coarse in made.items()
        for code, mask in zip(_MADE[name], (coarse.wrong, coarse.empty), strict=True)
        if mask.any()
    ]


def _verdict(
    place: int, one: _File, rows: dict[str, list[Row]], made: dict[str, Prepared], peildatum: date, house: _House
) -> Verdict:
    """The verdict on a file: the gate's on the rows that come from it, and on the deliveries as a whole."""
    parts = []
    for soort, whole in made.items():
        own = [row for row in rows[soort] if row.file == place]
        if own:
            parts.append(_prepared(one.verdict.file_name, str(whole.file_name), own, peildatum, house))
    of_rows = [found for part in parts for found in part.shown.findings if not found.refuses_file]
    known = {(found.code, found.kolom) for found in of_rows}
    of_whole = [
        replace(found, rijen=())
        for whole in made.values()
        for found in whole.verdict.findings
        if found.refuses_file or (not found.rijen and (found.code, found.kolom) not in known)
    ]
    rejected = sum(0 if part.verdict.rejected is None else part.verdict.rejected.height for part in parts)
    outcome = Outcome.MET_AFKEUR if rejected else Outcome.GEACCEPTEERD
    if any(whole.verdict.refused for whole in made.values()):
        outcome = Outcome.AFGEKEURD
    findings = dict.fromkeys((*one.verdict.findings, *of_rows, *of_whole))
    return replace(one.verdict, oordeel=outcome, rijen_afgekeurd=rejected, findings=ordered(findings))
