"""Valid records, and records that break one rule, both derived from the contracts.

Used wherever a test needs a delivery: nothing here is typed by hand per soort but the columns that need a
story (dates in order, an end with a reason). A record is a dict of column name to text as a supplier writes it.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import polars as pl
import xlsxwriter

from jos_pipeline.region import Region, School, load_region
from schemas import columns as c
from schemas.columns import Column, Kind
from schemas.contract import Contract, Field, RowRule
from schemas.contracts import CONTRACTS

SCHOOLJAAR = "2022-2023"
PEILDATUM = date(2023, 2, 1)
_FIRST = date(2022, 9, 1)

Record = dict[str, str]


CLOSED = School(
    school="98ZZ01", naam="Gesloten school", gemeente="GM0361", onderwijstype="regulier", geldig_tot=date(2020, 8, 1)
)
"""A school that closed before the school year of the records."""


@cache
def region() -> Region:
    """The region Alkmaar, with a school that is no more."""
    shipped = load_region("alkmaar")
    return shipped.model_copy(update={"scholen": (*shipped.scholen, CLOSED)})


def lenient_region() -> Region:
    """The region, but no share of rejected rows is too large."""
    return region().model_copy(update={"max_aandeel_afkeur": 1.0})


def name_of(soort: str, suffix: str = "csv") -> str:
    return f"{soort}_{SCHOOLJAAR}_{PEILDATUM.isoformat()}.{suffix}"


def supplier_of(soort: str) -> str:
    return region().suppliers_of(soort)[0].id


def valid_record(contract: Contract, number: int) -> Record:
    """The valid record with this number: every column filled, dates five weeks apart in contract order, own key."""
    dates = [field.name for field in contract.fields if field.column.kind is Kind.DATE]
    record = {field.name: _cell(field, number, dates) for field in contract.fields}
    if {"school", "team"} <= set(record):
        record["team"] = ""
    if record.get("activiteit") == "consultatie":
        record["traject_id"] = ""
    return record


def valid_records(soort: str, count: int = 40) -> list[Record]:
    return [valid_record(CONTRACTS[soort], number) for number in range(1, count + 1)]


def _cell(field: Field, number: int, dates: list[str]) -> str:
    column = field.column
    if column is c.PEILDATUM:
        return (_FIRST + timedelta(days=number % 150)).isoformat()
    if column.kind is Kind.DATE:
        return (_FIRST + timedelta(days=35 * dates.index(column.name) + number % 7)).isoformat()
    if column.kind in (Kind.INTEGER, Kind.DECIMAL):
        return _number(column, number)
    if column.kind is Kind.CODE:
        assert column.codes is not None
        return column.codes.values[number % len(column.codes.values)]
    return {
        Kind.PSEUDONYM: f"{number:064x}",
        Kind.SCHOOL: region().scholen[0].school,
        Kind.MUNICIPALITY: region().municipalities_on(PEILDATUM)[number % 5].gemeente,
        Kind.BOOLEAN: "ja" if number % 2 else "nee",
        Kind.MASKED: ("12", "1.611", "<5", ".")[number % 4],
        Kind.TEXT: region().teams[0].id if column is c.TEAM else f"A-{number}",
    }[column.kind]


def _number(column: Column, number: int) -> str:
    """A number between the bounds: one of the least whole ones, or halfway for decimals."""
    if column.kind is Kind.DECIMAL:
        return f"{((column.above or column.minimum or 0) + (column.maximum or 1)) / 2}".replace(".", ",")
    return str(int(column.minimum or 0) + 1 + number % 2)


@dataclass(frozen=True)
class Violation:
    """A record that breaks exactly one rule: the code and column of the finding, and the record."""

    code: str
    kolom: str | None
    record: Record
    why: str


def violations(soort: str) -> list[Violation]:
    """For every rule of a contract a record that breaks it, and only it; each with a key of its own."""
    contract = CONTRACTS[soort]
    template = valid_record(contract, 900)
    cells = [
        Violation(code, field.name, template | changes, why)
        for field in contract.fields
        for code, changes, why in _cell_violations(contract, field)
    ]
    found = [*cells, *_row_violations(contract, template)]
    return [replace(one, record=_with_own_key(one, template, contract, 900 + 7 * n)) for n, one in enumerate(found)]


def _with_own_key(violation: Violation, template: Record, contract: Contract, number: int) -> Record:
    """The record with the numbers and pseudonyms of another valid one, where they were not changed."""
    fresh = valid_record(contract, number)
    kinds = (Kind.TEXT, Kind.PSEUDONYM)
    own = [
        field.name
        for field in contract.fields
        if (field.column.kind in kinds and field.column is not c.TEAM) or field.column is c.PEILDATUM
    ]
    unchanged = {name: fresh[name] for name in own if violation.record[name] == template[name]}
    return violation.record | unchanged


_WRONG: dict[Kind, tuple[tuple[str, str], ...]] = {
    Kind.PSEUDONYM: (("JOS-E028", "f" * 63), ("JOS-E028", "leerling 12")),
    Kind.SCHOOL: (("JOS-E029", "19ZQ"), ("JOS-E029", "Dalton"), ("JOS-E030", "98ZZ09"), ("JOS-E043", CLOSED.school)),
    Kind.MUNICIPALITY: (("JOS-E031", "Alkmaar"), ("JOS-E032", "GM0398"), ("JOS-E032", "GM9999")),
    Kind.DATE: (
        ("JOS-E021", "31-02-2023"),
        ("JOS-E021", "later"),
        ("JOS-E022", "1989-12-31"),
        ("JOS-E022", (PEILDATUM.replace(year=2024) + timedelta(days=1)).isoformat()),
    ),
    Kind.BOOLEAN: (("JOS-E026", "misschien"),),
    Kind.INTEGER: (("JOS-E023", "drie"), ("JOS-E023", "2,5")),
    Kind.DECIMAL: (("JOS-E025", "halve dag"), ("JOS-E024", "1.125")),
    Kind.MASKED: (("JOS-E045", "<1"), ("JOS-E045", "3 of 4"), ("JOS-E033", "-1")),
    Kind.CODE: (("JOS-E027", "bestaat niet"),),
    Kind.TEXT: (("JOS-E034", "a;b\nc"), ("JOS-E034", "-" * 80)),
}


def _cell_violations(contract: Contract, field: Field) -> Iterable[tuple[str, Record, str]]:
    column = field.column
    if not field.may_be_empty:
        yield "JOS-E020", {field.name: ""}, "empty"
    for code, text in _WRONG[column.kind]:
        yield code, _alone(contract, field) | {field.name: text}, repr(text)
    if column is c.TEAM:
        yield "JOS-E041", _alone(contract, field) | {"team": "noord"}, "unknown team"
    low = column.minimum if column.minimum is not None else column.above
    if low is not None:
        below = low - 1 if column.above is None else low
        yield "JOS-E033", {field.name: f"{below:g}"}, "too small"
    if column.maximum is not None:
        yield "JOS-E033", {field.name: f"{column.maximum + 1:.10g}".replace(".", ",")}, "too large"


def _alone(contract: Contract, field: Field) -> Record:
    """What else must change so that the one bad cell is the only fault: school and team never together."""
    if contract.soort == "activiteiten" and field.column is c.TEAM:
        return {"school": ""}
    return {}


def _row_violations(contract: Contract, base: Record) -> Iterable[Violation]:
    for rule in contract.rules:
        first, last = rule.columns
        if rule.code in ("JOS-E036", "JOS-E037"):
            later = (date.fromisoformat(base[last]) + timedelta(days=1)).isoformat()
            changes = {first: later, last: base[last]}
            # Other order rules that share the first column must stay right.
            for other in contract.rules:
                if other is not rule and other.columns[0] == first and other.code in ("JOS-E036", "JOS-E037"):
                    changes[other.columns[1]] = later
            changes |= _ends_that_follow(contract, changes)
            yield Violation(rule.code, last, base | changes, rule.name)
        elif rule.code == "JOS-E038":
            trigger = {first: "functie"} if first == "uitsplitsing" else {}
            yield Violation(rule.code, last, base | trigger | {last: ""}, rule.name)
        elif rule.code == "JOS-E039":
            yield Violation(rule.code, last, base | {first: "", last: ""}, rule.name)
            if contract.soort == "activiteiten":
                both = {"school": region().scholen[0].school, "team": region().teams[0].id}
                yield Violation(rule.code, last, base | both, f"{rule.name} both")
        elif rule.code == "JOS-E040":
            yield Violation(rule.code, last, base | {first: "1", last: "2"}, rule.name)
        else:
            raise AssertionError(f"no violation is known for {rule.name}")


def remarkable(contract: Contract, rule: RowRule) -> Record:
    """A record that is right and of which this remark is made, and no other; with a key of its own."""
    base = valid_record(contract, 900)
    if rule.code == "JOS-S017":
        return base | {"soort": "langdurig_relatief", "begindatum": base["einddatum"]}
    if rule.code == "JOS-S018":
        first, last = rule.columns
        follow = {other.columns[1]: base[other.columns[1]] for other in contract.remarks if other.columns[0] == first}
        later = (date.fromisoformat(base[last]) + timedelta(days=1)).isoformat()
        return base | dict.fromkeys(follow, later) | {first: later, last: base[last]}
    if rule.code == "JOS-S019":
        return base | {"activiteit": "consultatie"}
    raise AssertionError(f"no record is known of which {rule.name} is told")


def _ends_that_follow(contract: Contract, changes: Record) -> Record:
    """Ends that would otherwise lie before a begin that moved."""
    moved: Record = {}
    for rule in contract.rules:
        first, last = rule.columns
        if rule.code == "JOS-E036" and first in changes and last not in changes:
            moved[last] = (date.fromisoformat(changes[first]) + timedelta(days=30)).isoformat()
    return moved


def csv_bytes(records: list[Record], headings: list[str] | None = None, *, encoding: str = "utf-8") -> bytes:
    """Records as a CSV with semicolons; ``headings`` may rename the columns of the first record."""
    names = list(records[0])
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings or names)
    writer.writerows([record.get(name, "") for name in names] for record in records)
    return text.getvalue().encode(encoding)


def xlsx_bytes(
    records: list[Record], headings: list[str] | None = None, sheet: str = "Blad1", beside: Sequence[Record] = ()
) -> bytes:
    """Records as an Excel workbook of text cells; those ``beside`` stand on a second worksheet."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        _write(book.add_worksheet(sheet), records, headings)
        if beside:
            _write(book.add_worksheet("bijlage"), beside)
    return target.getvalue()


def _write(page: xlsxwriter.worksheet.Worksheet, records: Sequence[Record], headings: list[str] | None = None) -> None:
    names = list(records[0])
    page.write_row(0, 0, headings or names)
    for number, record in enumerate(records, start=1):
        for place, name in enumerate(names):
            page.write_string(number, place, record.get(name, ""))


def delivery(soort: str, count: int = 40) -> bytes:
    """A valid delivery of a soort as CSV."""
    return csv_bytes(valid_records(soort, count))


def accepted_frame(soort: str, count: int = 40) -> pl.DataFrame:
    """What the gate accepts of a valid delivery: typed, in contract order."""
    from jos_pipeline.intake.gate import judge

    frame = judge(delivery(soort, count), name_of(soort), PEILDATUM, region(), supplier_of(soort)).accepted
    assert frame is not None
    return frame
