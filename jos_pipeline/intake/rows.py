"""Checks the rows of a table against a contract: typed cells first, then every rule, then keys, and pandera last.

Which rules exist stands in ``schemas.contracts``; here their failures become row masks with a finding code. What is
accepted is put to the pandera contract as a whole; it reports failing *values*, which never leave this module.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

import polars as pl
from pandera.config import ValidationDepth, get_config_context
from pandera.errors import SchemaErrors

from jos_pipeline.intake.sheets import Sheet, heights, numbered, starts, texts
from jos_pipeline.intake.spells import merge_spells, repeated_keys
from jos_pipeline.intake.values import parse_columns
from schemas.columns import Column, Kind
from schemas.contract import EMPTY, OF_FILE, SUFFIXES, CellRule, Contract, Field, Reference, RowRule, pattern_of

REPEATED = "JOS-E035"
MERGED = "JOS-S013"

_PARSE_CODES: dict[Kind, tuple[str, ...]] = {
    Kind.DATE: ("JOS-E021", "JOS-E022"),
    Kind.INTEGER: ("JOS-E023",),
    Kind.DECIMAL: ("JOS-E024", "JOS-E025"),
    Kind.BOOLEAN: ("JOS-E026",),
    Kind.CODE: ("JOS-E027",),
    Kind.MASKED: ("JOS-E045",),
    Kind.SCHOOL: ("JOS-E030", "JOS-E043"),
    Kind.MUNICIPALITY: ("JOS-E032",),
}


_R = TypeVar("_R", CellRule, RowRule)


class ContractsDisabledError(RuntimeError):
    """pandera is told not to validate: every contract would pass in silence."""


class ContractFaultError(RuntimeError):
    """A contract and the gate disagree; a mistake in this program, not in a delivery."""


@dataclass(frozen=True)
class Rule:
    """One rule of a contract as findings name it."""

    code: str
    kolom: str | None
    detail: str = ""


@dataclass(frozen=True)
class Hit:
    """The rows that break a rule. ``hides``: the columns whose cells failed and may not be kept."""

    rule: Rule
    mask: pl.Series
    hides: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckedRows:
    """What the contract says of the rows: ``failures`` reject a row, ``remarks`` do not."""

    accepted: pl.DataFrame
    rejected: pl.DataFrame
    failures: tuple[Hit, ...]
    remarks: tuple[Hit, ...]
    passed: tuple[Rule, ...]


def require_validation() -> None:
    """Raises ContractsDisabledError unless pandera validates values (``PANDERA_VALIDATION_ENABLED``, ``_DEPTH``)."""
    config = get_config_context()
    if not config.validation_enabled or config.validation_depth is ValidationDepth.SCHEMA_ONLY:
        raise ContractsDisabledError(
            "pandera validation is switched off (PANDERA_VALIDATION_ENABLED or PANDERA_VALIDATION_DEPTH): "
            "the gate cannot work without it"
        )


def check_rows(sheets: Sequence[Sheet], contract: Contract, reference: Reference) -> list[CheckedRows]:
    """Checks every row of some files that have the same columns of one contract. Each is answered as if it was alone.

    What costs as much for a file of ten rows as for one of a thousand is done once for all of them: reading cells,
    asking the rules, and the proof.
    """
    frame, problems, repairs = _typed(sheets, contract, reference)
    asked = _asked(frame, contract, reference)
    breaches = _breaches(asked, contract, _hidden(problems))
    remarks = tuple(Hit(_row_rule(rule), mask) for rule, mask in asked.remarks)
    every = _Judged(frame, problems, breaches, repairs, remarks)
    equals = _with_equals(frame, sheets, contract)
    checked = [
        _checked(every.part(place, height), sheet, contract, unequal=number not in equals)
        for number, (place, height, sheet) in enumerate(zip(starts(sheets), heights(sheets), sheets, strict=True))
    ]
    _prove([one.accepted for one in checked], contract, reference)
    return checked


@dataclass(frozen=True)
class _Judged:
    """Typed rows and what is to be said of them, before keys are looked at."""

    frame: pl.DataFrame
    problems: tuple[Hit, ...]
    breaches: tuple[Hit, ...]
    repairs: tuple[Hit, ...]
    remarks: tuple[Hit, ...]

    def part(self, place: int, height: int) -> "_Judged":
        """The same of the rows of one file."""
        if height == self.frame.height:
            return self
        kinds = (self.problems, self.breaches, self.repairs, self.remarks)
        cut = (tuple(replace(hit, mask=hit.mask.slice(place, height)) for hit in hits) for hits in kinds)
        return _Judged(self.frame.slice(place, height), *(tuple(hit for hit in hits if hit.mask.any()) for hits in cut))


def _with_equals(frame: pl.DataFrame, sheets: Sequence[Sheet], contract: Contract) -> set[int]:
    """The files in which rows are equal in what tells rows apart; only those need a closer look."""
    apart = contract.spell or contract.key
    if not apart:
        return set()
    rows = numbered(frame.select(apart), heights(sheets))
    return set(rows.filter(pl.struct(pl.all()).is_duplicated())[OF_FILE].unique())


def _checked(judged: _Judged, sheet: Sheet, contract: Contract, *, unequal: bool) -> CheckedRows:
    """What is said of one file; ``unequal`` when no two of its rows can be one."""
    frame, problems, breaches = judged.frame, judged.problems, judged.breaches
    bad = _any([*problems, *breaches], frame.height)
    failed = _hidden((*problems, *breaches))
    good, remarks, repeated = _one_per_key(frame, contract, bad, failed, unequal=unequal)
    failures = (*problems, *breaches, *repeated)
    told = [replace(hit, mask=hit.mask & ~bad) for hit in judged.remarks]
    remarks = (*remarks, *(hit for hit in told if hit.mask.any()))
    hit = {(one.rule.code, one.rule.kolom) for one in (*failures, *remarks)}
    return CheckedRows(
        accepted=good,
        rejected=_rejected(frame, sheet.rows, failures),
        failures=failures,
        remarks=(*judged.repairs, *remarks),
        passed=tuple(rule for rule in rules_of(contract, sheet.present) if (rule.code, rule.kolom) not in hit),
    )


def _typed(
    sheets: Sequence[Sheet], contract: Contract, reference: Reference
) -> tuple[pl.DataFrame, tuple[Hit, ...], tuple[Hit, ...]]:
    """The typed frame in contract order with its companions, the cells that cannot be read, and the repairs."""
    present = {field.name: field.column for field in contract.fields if field.name in sheets[0].positions}
    text = texts(sheets, list(present))
    height = sum(heights(sheets))
    problems: list[Hit] = []
    repairs: list[Hit] = []
    read: dict[str, pl.Series] = {}
    for name, parsed in parse_columns(text, present, reference).items():
        read[name] = parsed.values
        read |= {name + suffix: series for suffix, series in parsed.companions.items()}
        for code, mask in parsed.problem_masks():
            problems.append(Hit(Rule(code, name, _limits(code, present[name])), mask, (name,)))
        repairs.extend(Hit(Rule(code, name), mask) for code, mask in sorted(parsed.repairs.items()) if mask.any())
    types = {field.name: field.dtype for field in contract.fields} | contract.companions
    columns = {
        name: read[name] if name in read else pl.Series(name, [None], dtype=dtype).new_from_index(0, height)
        for name, dtype in types.items()
    }
    return pl.DataFrame(columns, schema=types), tuple(problems), tuple(repairs)


def _breaches(asked: "_Answers", contract: Contract, unread: dict[str, pl.Series]) -> tuple[Hit, ...]:
    """What the contract refuses, without what only follows from a cell that failed already.

    A cell that could not be read is not also empty; a row rule is only held against cells that are right.
    """
    of_cells = [
        _without(Hit(_cell_rule(contract, rule), mask, (rule.kolom,)), (rule.kolom,), unread)
        for rule, mask in asked.cells
    ]
    wrong = _hidden((*(Hit(Rule("", None), mask, (name,)) for name, mask in unread.items()), *of_cells))
    of_rows = [_without(Hit(_row_rule(rule), mask), rule.columns, wrong) for rule, mask in asked.rows]
    return tuple(hit for hit in (*of_cells, *of_rows) if hit.mask.any())


@dataclass(frozen=True)
class _Answers:
    """The rules that do not hold everywhere, each with the rows in which it does not."""

    cells: list[tuple[CellRule, pl.Series]]
    rows: list[tuple[RowRule, pl.Series]]
    remarks: list[tuple[RowRule, pl.Series]]


def _asked(frame: pl.DataFrame, contract: Contract, reference: Reference) -> _Answers:
    """Every rule of the contract put to every row, in one pass.

    The same expressions as in the pandera contract. That one names failing values, and writes every column of a
    failing row out as JSON: minutes and gigabytes on a large delivery that is wrong throughout. ``_prove`` asks it.
    """
    broken = frame.select(_questions(contract, reference))
    some = broken.select(pl.all().any()).row(0, named=True) if broken.width else {}

    def failing(kind: str, rules: Sequence[_R]) -> list[tuple[_R, pl.Series]]:
        return [(rule, broken[f"{kind}{n}"]) for n, rule in enumerate(rules) if some[f"{kind}{n}"]]

    return _Answers(
        failing("cell", contract.cell_rules(reference)),
        failing("row", contract.every_rule),
        failing("remark", contract.remarks),
    )


@lru_cache(maxsize=256)
def _questions(contract: Contract, reference: Reference) -> list[pl.Expr]:
    rules = {
        "cell": [rule.holds for rule in contract.cell_rules(reference)],
        "row": [rule.holds() for rule in contract.every_rule],
        "remark": [rule.holds() for rule in contract.remarks],
    }
    return [
        (~holds).fill_null(value=False).alias(f"{kind}{n}")
        for kind, every in rules.items()
        for n, holds in enumerate(every)
    ]


def _without(hit: Hit, columns: tuple[str, ...], failed: dict[str, pl.Series]) -> Hit:
    """The hit without the rows in which one of the columns failed already."""
    mask = hit.mask
    for name in columns:
        if name in failed:
            mask = mask & ~failed[name]
    return replace(hit, mask=mask)


def _cell_rule(contract: Contract, rule: CellRule) -> Rule:
    return Rule(rule.code, rule.kolom, _limits(rule.code, contract.by_name[rule.kolom].column))


def _row_rule(rule: RowRule) -> Rule:
    return Rule(rule.code, rule.columns[-1], rule.detail)


def _limits(code: str, column: Column) -> str:
    """The bounds of a number in words, for the one finding that names them."""
    if code != "JOS-E033":
        return ""
    low = f"meer dan {_dutch(column.above)}" if column.above is not None else None
    low = low or (f"minstens {_dutch(column.minimum)}" if column.minimum is not None else None)
    high = f"hoogstens {_dutch(column.maximum)}" if column.maximum is not None else None
    return f" ({', '.join(part for part in (low, high) if part)})"


def _dutch(number: float | None) -> str:
    return f"{number:g}".replace(".", ",") if number is not None and number != int(number) else f"{number:.0f}"


def _hidden(hits: tuple[Hit, ...]) -> dict[str, pl.Series]:
    """For each column the rows in which its cell failed."""
    found: dict[str, pl.Series] = {}
    for hit in hits:
        for name in hit.hides:
            found[name] = found[name] | hit.mask if name in found else hit.mask
    return found


def _any(hits: list[Hit], height: int) -> pl.Series:
    some = pl.repeat(value=False, n=height, eager=True)
    for hit in hits:
        some |= hit.mask
    return some


def _one_per_key(
    frame: pl.DataFrame, contract: Contract, bad: pl.Series, failed: dict[str, pl.Series], *, unequal: bool
) -> tuple[pl.DataFrame, tuple[Hit, ...], tuple[Hit, ...]]:
    """The good rows with one row per key; what was merged (a remark) and what was refused."""
    if unequal:
        return frame.filter(~bad) if bad.any() else frame, (), ()
    if contract.spell:
        good, merged = merge_spells(frame.filter(~bad), contract)
        if not merged.any():
            return good, (), ()
        places = pl.int_range(frame.height, eager=True).filter(~bad).filter(merged)
        mask = pl.int_range(frame.height, eager=True).is_in(places.implode())
        return good, (Hit(Rule(MERGED, None), mask),), ()
    usable = ~_any([Hit(Rule("", None), failed[name]) for name in contract.key if name in failed], frame.height)
    repeated = repeated_keys(frame, contract.key, usable=usable, sound=~bad)
    good = frame.filter(~(bad | repeated))
    return good, (), (Hit(_key_rule(contract), repeated),) if repeated.any() else ()


def _key_rule(contract: Contract) -> Rule:
    return Rule(REPEATED, contract.key[0] if len(contract.key) == 1 else None, ", ".join(contract.key))


def _prove(accepted: Sequence[pl.DataFrame], contract: Contract, reference: Reference) -> None:
    """The pandera contract has the last word on what is accepted: types, every rule, and per file the key."""
    together = accepted[0] if len(accepted) == 1 else pl.concat(accepted)
    try:
        contract.proof(reference).validate(numbered(together, [good.height for good in accepted]), lazy=True)
    except SchemaErrors:
        pass
    else:
        return
    broken = {name for good in accepted for name in _broken_checks(good, contract, reference)}
    raise ContractFaultError(f"contract {contract.soort}: accepted rows fail {sorted(broken)}")


def _broken_checks(good: pl.DataFrame, contract: Contract, reference: Reference) -> list[str]:
    """The names of the checks that fail, without the values that fail them."""
    try:
        contract.schema(reference).validate(good, lazy=True)
    except SchemaErrors as errors:
        return sorted(set(errors.failure_cases["check"].to_list()))
    return []


def _rejected(frame: pl.DataFrame, rows: pl.Series, failures: tuple[Hit, ...]) -> pl.DataFrame:
    """The rejected rows: row number, codes, and the cells that passed."""
    if not failures:
        return (
            frame.clear()
            .insert_column(0, pl.Series("codes", [], pl.List(pl.String)))
            .insert_column(0, pl.Series("rij", [], pl.UInt32))
        )
    hidden = _hidden(failures)
    shown = frame.with_columns(
        pl.when(~mask).then(pl.col(column)).alias(column)
        for name, mask in hidden.items()
        for column in (name, *(name + suffix for suffix in SUFFIXES))
        if column in frame.columns
    )
    codes = pl.concat_list([pl.when(hit.mask).then(pl.lit(hit.rule.code)) for hit in failures])
    numbered = shown.select(
        rows.alias("rij").cast(pl.UInt32), codes.list.drop_nulls().list.unique().list.sort().alias("codes"), pl.all()
    )
    return numbered.filter(_any(list(failures), frame.height))


@lru_cache(maxsize=1024)
def rules_of(contract: Contract, present: frozenset[str]) -> tuple[Rule, ...]:
    """Every rule of a contract on the columns that are there, each once."""
    found: list[Rule] = []
    for field in contract.fields:
        if field.name in present:
            found.extend(Rule(code, field.name, _limits(code, field.column)) for code in _codes_of(field))
    found.extend(_row_rule(rule) for rule in contract.every_rule if present & set(rule.columns))
    if contract.key and not contract.spell:
        found.append(_key_rule(contract))
    return tuple(dict.fromkeys(found))


def _codes_of(field: Field) -> Iterator[str]:
    column = field.column
    if not field.may_be_empty:
        yield EMPTY
    if pattern := pattern_of(column):
        yield pattern[1]
    yield from _PARSE_CODES.get(column.kind, ())
    if column.name == "team":
        yield "JOS-E041"
    if (column.minimum, column.maximum, column.above) != (None, None, None):
        yield "JOS-E033"
