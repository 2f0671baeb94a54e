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
    types = pl.Schema(columns | {OF_FILE: pl.UInt32})
    rules = [
        *(rule.holds for rule in contract.cell_rules(reference)),
        *(rule.holds() for rule in contract.every_rule),
        *(pl.col(name).is_in(PRECISIONS) for name in contract.companions if name.endswith(PRECISION)),
    ]
    questions = [rule.all() for rule in rules]  # a null breaks no rule
    if contract.key:
        questions.append(~pl.struct(OF_FILE, *contract.key).is_duplicated().any())

    def holds(data: Any) -> bool:
        frame: pl.LazyFrame = data.lazyframe
        return frame.collect_schema() == types and bool(frame.select(pl.all_horizontal(questions)).collect().item())

    return pa.DataFrameSchema(checks=[pa.Check(holds, name=contract.soort)], name=contract.soort)


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
