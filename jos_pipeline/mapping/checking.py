"""Whether a mapping fits an export and a contract: one finding per mistake, with its line, before anything is done."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from jos_pipeline.intake.verdict import Finding, make_finding
from jos_pipeline.intake.wording import listed
from jos_pipeline.mapping.reading import COLUMNS, CONSTANTS, LEAVE_OUT, NO_VALUE, VALUES, Mapping, told, value_key
from jos_pipeline.mapping.targets import VALUED, is_right, likely_target, may_take, target_of
from schemas.columns import Column, Kind
from schemas.contract import Contract, Reference
from schemas.naming import fold


def mapping_findings(
    mapping: Mapping, headings: Sequence[str], contract: Contract, reference: Reference
) -> list[Finding]:
    """Every mistake in a mapping; none when it can be applied."""
    return [
        *_said_twice(mapping),
        *_open(mapping),
        *_unknown_targets(mapping, contract),
        *_absent(mapping, headings),
        *_twice(mapping, contract),
        *_personal(mapping, contract),
        *_wrong_constants(mapping, contract, reference),
        *_wrong_values(mapping, contract, reference),
    ]


def _said_twice(mapping: Mapping) -> Iterable[Finding]:
    """One column or value of the export with two meanings: upper case and spaces make no difference."""
    lines: dict[tuple[str, str], list[int]] = defaultdict(list)
    for heading in mapping.columns:
        lines[COLUMNS, fold(heading)].append(mapping.line(COLUMNS, heading))
    for name, part in mapping.values.items():
        for value in part:
            lines[name, value_key(value)].append(mapping.line(f"{VALUES}.{name}", value))
    for places in lines.values():
        if len(places) > 1:
            yield make_finding("JOS-E053", count=1, detail=f"{told(places)} noemen twee keer hetzelfde")


def _open(mapping: Mapping) -> Iterable[Finding]:
    lines = [mapping.line(COLUMNS, heading) for heading, target in mapping.columns.items() if not target]
    lines += [mapping.line(CONSTANTS, name) for name, text in mapping.constants.items() if not text]
    lines += [
        mapping.line(f"{VALUES}.{name}", value)
        for name, part in mapping.values.items()
        for value, code in part.items()
        if not code
    ]
    if lines:
        yield make_finding("JOS-E059", count=len(lines), detail=told(lines))


def _unknown_targets(mapping: Mapping, contract: Contract) -> Iterable[Finding]:
    words = [(target, mapping.line(COLUMNS, heading)) for heading, target in mapping.columns.items() if target]
    words += [(name, mapping.line(CONSTANTS, name)) for name in mapping.constants]
    words += [(name, mapping.line(f"{VALUES}.{name}", "")) for name in mapping.values]
    for word, line in words:
        if target_of(word, contract) is None:
            likely = likely_target(word, contract)
            hint = f", bedoelt u {likely}?" if likely else f" is geen kolom van {contract.soort}"
            yield make_finding("JOS-E054", count=1, detail=told([line]) + hint)


def _absent(mapping: Mapping, headings: Sequence[str]) -> Iterable[Finding]:
    there = {fold(heading) for heading in headings}
    absent = [mapping.line(COLUMNS, heading) for heading in mapping.columns if fold(heading) not in there - {""}]
    if absent:
        yield make_finding("JOS-E056", count=len(absent), detail=told(absent))


def _twice(mapping: Mapping, contract: Contract) -> Iterable[Finding]:
    places: dict[str, list[int]] = defaultdict(list)
    for heading, word in mapping.columns.items():
        places[target_of(word, contract) or LEAVE_OUT].append(mapping.line(COLUMNS, heading))
    for name in mapping.constants:
        places[target_of(name, contract) or LEAVE_OUT].append(mapping.line(CONSTANTS, name))
    for target, lines in places.items():
        if target != LEAVE_OUT and len(lines) > 1:
            yield make_finding("JOS-E057", kolom=target, count=len(lines), detail=told(lines))


def _personal(mapping: Mapping, contract: Contract) -> Iterable[Finding]:
    lines = []
    for heading, word in mapping.columns.items():
        target = target_of(word, contract)
        if target is not None and not may_take(heading, target, contract):
            lines.append(mapping.line(COLUMNS, heading))
    if lines:
        yield make_finding("JOS-E058", count=len(lines), detail=told(lines))


def _wrong_constants(mapping: Mapping, contract: Contract, reference: Reference) -> Iterable[Finding]:
    for name, text in mapping.constants.items():
        field = contract.by_name.get(target_of(name, contract) or "")
        line = mapping.line(CONSTANTS, name)
        if field is None and target_of(name, contract) is not None:
            detail = f"{told([line])} kan niet vast zijn, want het is van een persoon"
            yield make_finding("JOS-E053", count=1, detail=detail)
        elif field is not None and text and not is_right(text, field.column, reference):
            yield make_finding("JOS-E055", kolom=field.name, count=1, detail=told([line]) + _choice(field.column))


def _wrong_values(mapping: Mapping, contract: Contract, reference: Reference) -> Iterable[Finding]:
    for name, part in mapping.values.items():
        target = target_of(name, contract)
        field = contract.by_name.get(target or "")
        if target is not None and (field is None or field.column.kind not in VALUED):
            where = told([mapping.line(f"{VALUES}.{name}", "")])
            yield make_finding("JOS-E053", count=1, detail=f"{where}: de kolom {target} kent geen codes")
        elif field is not None:
            codes = {code for code in part.values() if code and code != NO_VALUE}
            wrong = {code for code in codes if not is_right(code, field.column, reference)}
            lines = [mapping.line(f"{VALUES}.{name}", value) for value, code in part.items() if code in wrong]
            if wrong:
                detail = told(lines) + _choice(field.column)
                yield make_finding("JOS-E055", kolom=field.name, count=len(lines), detail=detail)


def _choice(column: Column) -> str:
    """What can be written instead."""
    if column.codes is not None:
        return f"; kies uit {listed(list(column.codes.values))}"
    example = {
        Kind.BOOLEAN: "ja of nee",
        Kind.SCHOOL: "een BRIN met vestiging, zoals 19ZQ00",
        Kind.MUNICIPALITY: "een gemeentecode, zoals GM0361",
        Kind.INTEGER: "een getal",
        Kind.DATE: "een datum, zoals 2023-02-01",
    }
    return f"; schrijf {example[column.kind]}" if column.kind in example else ""
