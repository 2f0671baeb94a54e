"""The pandera schemas that follow from contracts and base tables. Loaded where a frame is validated, not before.

What must hold is ``schemas.contract`` and ``schemas.linked``; here it is only said in the words of pandera.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pandera.polars as pa
import polars as pl

from schemas.contract import (
    OF_FILE,
    PRECISION,
    PRECISIONS,
    Contract,
    Field,
    Reference,
    RowRule,
    must_be_filled,
    value_rules,
)
from schemas.linked import LinkedColumn, LinkedTable


def accepted(contract: Contract, reference: Reference | None) -> pa.DataFrameSchema:
    """``Contract.schema``."""
    return pa.DataFrameSchema(
        {
            **{field.name: _pandera_column(field, reference) for field in contract.fields},
            **{name: _pandera_companion(name, dtype) for name, dtype in contract.companions.items()},
        },
        checks=[_pandera_rule(rule) for rule in contract.every_rule],
        unique=list(contract.key) or None,
        strict=True,
        name=contract.soort,
        description=contract.description,
    )


def in_lake(contract: Contract) -> pa.DataFrameSchema:
    """``Contract.lake_schema``."""
    columns = dict(contract.schema().columns)
    if "pseudoniem" in columns:
        columns["leerling_id"] = columns.pop("pseudoniem")
    renamed = ["leerling_id" if name == "pseudoniem" else name for name in contract.key]
    return pa.DataFrameSchema(
        columns | {"leverancier": pa.Column(pl.String)},
        checks=[_pandera_rule(rule) for rule in contract.every_rule],
        unique=[*renamed, "leverancier"] if renamed else None,
        strict=True,
        name=f"gevalideerd/{contract.soort}",
        description=contract.description,
    )


def linked(table: LinkedTable) -> pa.DataFrameSchema:
    """``LinkedTable.schema``."""
    return pa.DataFrameSchema(
        {column.name: _linked_column(column) for column in table.columns},
        strict=True,
        name=table.name,
        description=table.description,
    )


@lru_cache(maxsize=256)
def proof(contract: Contract, reference: Reference) -> pa.DataFrameSchema:
    """``Contract.proof``."""
    columns = {field.name: field.dtype for field in contract.fields} | contract.companions
    rules = [
        *(rule.holds for rule in contract.cell_rules(reference)),
        *(rule.holds() for rule in contract.every_rule),
        *_precision_rules(contract),
    ]
    return _yes_or_no(contract.soort, columns | {OF_FILE: pl.UInt32}, rules, (OF_FILE, *contract.key))


def lake_proof(contract: Contract) -> pa.DataFrameSchema:
    """``Contract.lake_proof``."""
    fields = {_in_lake(field.name): field for field in contract.fields}
    cells = [pl.col(name).is_not_null() for name, field in fields.items() if must_be_filled(field)]
    values = [holds(pl.col(name)) for name, field in fields.items() for _, holds in value_rules(field.column, None)]
    rules = [*cells, *values, *(rule.holds() for rule in contract.every_rule), *_precision_rules(contract)]
    columns = {name: field.dtype for name, field in fields.items()} | contract.companions
    key = ("leverancier", *map(_in_lake, contract.key))
    filled = pl.col("leverancier").is_not_null()
    return _yes_or_no(f"gevalideerd/{contract.soort}", columns | {"leverancier": pl.String}, [*rules, filled], key)


def _in_lake(name: str) -> str:
    return "leerling_id" if name == "pseudoniem" else name


def _precision_rules(contract: Contract) -> list[pl.Expr]:
    return [pl.col(name).is_in(PRECISIONS) for name in contract.companions if name.endswith(PRECISION)]


def _yes_or_no(name: str, types: dict[str, Any], rules: list[pl.Expr], key: tuple[str, ...]) -> pa.DataFrameSchema:
    """A schema with one question: whether a frame has these columns and keeps these rules, in one pass.

    The first column of ``key`` tells whose the other ones are; alone it is no key.
    """
    questions = [rule.all() for rule in rules]  # a null breaks no rule
    if len(key) > 1:
        questions.append(~pl.struct(key).is_duplicated().any())

    def holds(data: Any) -> bool:
        frame: pl.LazyFrame = data.lazyframe
        asked = frame.select(pl.all_horizontal(questions))
        return dict(frame.collect_schema()) == types and bool(asked.collect().item())

    return pa.DataFrameSchema(checks=[pa.Check(holds, name=name)], name=name)


def _pandera_column(field: Field, reference: Reference | None) -> pa.Column:
    checks = [_values(code, holds) for code, holds in value_rules(field.column, reference)]
    nullable = not must_be_filled(field)
    return pa.Column(field.dtype, checks, nullable=nullable, required=True, description=field.column.description)


def _pandera_companion(name: str, dtype: Any) -> pa.Column:
    checks = [pa.Check.isin(PRECISIONS)] if name.endswith(PRECISION) else []
    return pa.Column(dtype, checks, nullable=True)


def _pandera_rule(rule: RowRule) -> pa.Check:
    return pa.Check(
        lambda data: data.lazyframe.select(rule.holds().fill_null(True)),
        name=rule.name,
        error=rule.name,
        ignore_na=False,
        description=rule.detail,
    )


def _values(code: str, holds: Callable[[pl.Expr], pl.Expr]) -> pa.Check:
    return pa.Check(lambda data: data.lazyframe.select(holds(pl.col(data.key))), name=code, error=code)


def _linked_column(column: LinkedColumn) -> pa.Column:
    checks = [pa.Check.isin(list(column.codes.values))] if column.codes else []
    return pa.Column(column.dtype, checks, nullable=column.may_be_empty, description=column.description)
