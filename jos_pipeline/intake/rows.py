"""Checks the rows of a table against a contract: typed cells first, then the pandera contract, then keys.

Which rules exist stands in ``schemas.contracts``; here their failures become row masks with a finding code. pandera
reports failing *values*: they are dropped here, at once, and never leave this module.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl
from pandera.config import ValidationDepth, get_config_context
from pandera.errors import SchemaErrors

from jos_pipeline.intake.spells import merge_spells, repeated_keys
from jos_pipeline.intake.values import parse_column
from schemas.columns import Column, Kind
from schemas.contract import SUFFIXES, Contract, Field, Reference, RowRule, pattern_of

EMPTY = "JOS-E020"
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


def check_rows(
    cells: pl.DataFrame, rows: pl.Series, positions: dict[str, int], contract: Contract, reference: Reference
) -> CheckedRows:
    """Checks every row. ``positions`` gives the place of each column that is there; ``rows`` the row numbers."""
    frame, problems, repairs = _typed(cells, positions, contract, reference)
    unread = _hidden(problems)
    breaches = _breaches(frame, contract, reference, unread)
    bad = _any([*problems, *breaches], frame.height)
    good, remarks, repeated = _one_per_key(frame, contract, bad, _hidden((*problems, *breaches)))
    failures = (*problems, *breaches, *repeated)
    _prove(good, contract, reference)
    told = [replace(hit, mask=hit.mask & ~bad) for _, hit in _broken(frame, contract.remarks)]
    remarks = (*remarks, *(hit for hit in told if hit.mask.any()))
    checked = rules_of(contract, frozenset(positions))
    hit = {(one.rule.code, one.rule.kolom) for one in (*failures, *remarks)}
    return CheckedRows(
        accepted=good,
        rejected=_rejected(frame, rows, failures),
        failures=failures,
        remarks=(*repairs, *remarks),
        passed=tuple(rule for rule in checked if (rule.code, rule.kolom) not in hit),
    )


def _typed(
    cells: pl.DataFrame, positions: dict[str, int], contract: Contract, reference: Reference
) -> tuple[pl.DataFrame, tuple[Hit, ...], tuple[Hit, ...]]:
    """The typed frame in contract order with its companions, the cells that cannot be read, and the repairs."""
    values: dict[str, pl.Series] = {}
    companions: dict[str, pl.Series] = {}
    problems: list[Hit] = []
    repairs: list[Hit] = []
    for field in contract.fields:
        name = field.name
        if name not in positions:
            values[name] = pl.Series(name, [None] * cells.height, dtype=field.dtype)
            continue
        parsed = parse_column(cells.to_series(positions[name]), field.column, reference)
        values[name] = parsed.values.cast(field.dtype)
        companions |= {name + suffix: series for suffix, series in parsed.companions.items()}
        for code in sorted(parsed.problems.drop_nulls().unique()):
            mask = (parsed.problems == code).fill_null(value=False)
            problems.append(Hit(Rule(code, name, _limits(code, field.column)), mask, (name,)))
        repairs.extend(Hit(Rule(code, name), mask) for code, mask in sorted(parsed.repairs.items()) if mask.any())
    absent = {
        name: pl.Series([None] * cells.height, dtype=dtype)
        for name, dtype in contract.companions.items()
        if name not in companions
    }
    columns = {**values, **{name: (companions | absent)[name] for name in contract.companions}}
    return pl.DataFrame(columns), tuple(problems), tuple(repairs)


def _breaches(
    frame: pl.DataFrame, contract: Contract, reference: Reference, unread: dict[str, pl.Series]
) -> tuple[Hit, ...]:
    """What the pandera contract refuses, without what only follows from a cell that failed already.

    A cell that could not be read is not also empty; a row rule is only held against cells that are right.
    """
    of_cells = [
        _without(Hit(_cell_rule(contract, column, check), mask, (column,)), (column,), unread)
        for (column, check), mask in _failing_cells(frame, contract, reference)
    ]
    wrong = _hidden((*(Hit(Rule("", None), mask, (name,)) for name, mask in unread.items()), *of_cells))
    of_rows = [_without(hit, rule.columns, wrong) for rule, hit in _broken(frame, contract.every_rule)]
    return tuple(hit for hit in (*of_cells, *of_rows) if hit.mask.any())


def _broken(frame: pl.DataFrame, rules: tuple[RowRule, ...]) -> list[tuple[RowRule, Hit]]:
    """Each rule over a row with the rows in which it does not hold."""
    broken = frame.select((~rule.holds()).fill_null(value=False).alias(rule.name) for rule in rules)
    return [(rule, Hit(_row_rule(rule), broken[rule.name])) for rule in rules]


def _failing_cells(
    frame: pl.DataFrame, contract: Contract, reference: Reference
) -> Iterator[tuple[tuple[str, str], pl.Series]]:
    """For each column and pandera check that fails, the mask of its rows; the failing values are left behind.

    Row rules and the key are not asked here: pandera writes every column of a failing row out as JSON, which costs
    minutes and gigabytes on a large delivery that is wrong throughout. ``_prove`` does ask them.
    """
    schema = contract.schema(reference)
    schema.checks, schema.unique = [], None
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        failed: pl.DataFrame = errors.failure_cases.select("column", "check", "index").unique(maintain_order=True)
    else:
        return
    if failed["index"].null_count():
        raise ContractFaultError(f"contract {contract.soort}: a check failed without naming rows")
    for (column, check), found in failed.group_by("column", "check", maintain_order=True):
        yield (str(column), str(check)), pl.int_range(frame.height, eager=True).is_in(found["index"].implode())


def _without(hit: Hit, columns: tuple[str, ...], failed: dict[str, pl.Series]) -> Hit:
    """The hit without the rows in which one of the columns failed already."""
    mask = hit.mask
    for name in columns:
        if name in failed:
            mask = mask & ~failed[name]
    return replace(hit, mask=mask)


def _cell_rule(contract: Contract, column: str, check: str) -> Rule:
    if column not in contract.by_name:
        raise ContractFaultError(f"contract {contract.soort}: check {check} failed on {column}")
    field = contract.by_name[column]
    code = EMPTY if check == "not_nullable" else check
    return Rule(code, field.name, _limits(code, field.column))


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
    frame: pl.DataFrame, contract: Contract, bad: pl.Series, failed: dict[str, pl.Series]
) -> tuple[pl.DataFrame, tuple[Hit, ...], tuple[Hit, ...]]:
    """The good rows with one row per key; what was merged (a remark) and what was refused."""
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


def _prove(good: pl.DataFrame, contract: Contract, reference: Reference) -> None:
    """The contract itself has the last word on what is accepted.

    Its columns were asked of every row by ``_failing_cells``, and every cell here comes from a row that passed; what
    is left to ask are the rules over several columns and the key.
    """
    schema = contract.schema(reference)
    schema.columns, schema.strict = {}, False
    try:
        schema.validate(good, lazy=True)
    except SchemaErrors as errors:
        checks = sorted(set(errors.failure_cases["check"].to_list()))
    else:
        return
    raise ContractFaultError(f"contract {contract.soort}: accepted rows fail {checks}")


def _rejected(frame: pl.DataFrame, rows: pl.Series, failures: tuple[Hit, ...]) -> pl.DataFrame:
    """The rejected rows: row number, codes, and the cells that passed."""
    hidden = _hidden(failures)
    shown = frame.with_columns(
        pl.when(~mask).then(pl.col(column)).alias(column)
        for name, mask in hidden.items()
        for column in (name, *(name + suffix for suffix in SUFFIXES))
        if column in frame.columns
    )
    codes = pl.concat_list(
        [pl.when(hit.mask).then(pl.lit(hit.rule.code)) for hit in failures] or [pl.lit(None, dtype=pl.String)]
    )
    numbered = shown.select(
        rows.alias("rij").cast(pl.UInt32), codes.list.drop_nulls().list.unique().list.sort().alias("codes"), pl.all()
    )
    return numbered.filter(_any(list(failures), frame.height))


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
