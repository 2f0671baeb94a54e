"""Writes a delivery as it should be: canonical text of typed cells, as CSV with semicolons (spec 1.2).

A cell that is not right is written as a question mark, so that the gate rejects its row for the same reason while
nothing of its text leaves the supplier's house.
"""

from decimal import Decimal

import polars as pl

from jos_pipeline.intake.values import AMBIGUOUS_DECIMAL, ParsedColumn
from schemas.columns import Column, Kind
from schemas.contract import LEAST, MOST, PRECISION, pattern_of

WRONG = "?"
"""No parser reads it, no code list holds it and no pattern allows it."""


def delivery_csv(columns: dict[str, pl.Series]) -> bytes:
    """The columns as UTF-8 CSV with a header; empty cells are empty."""
    return pl.DataFrame(columns).write_csv(separator=";", line_terminator="\r\n").encode("utf-8")


def canonical_text(cells: pl.Series, parsed: ParsedColumn, column: Column) -> pl.Series:
    """The cells of a column as a delivery writes them; ``parsed`` is what ``parse_column`` made of ``cells``."""
    return pl.select(
        pl.when(parsed.problems == AMBIGUOUS_DECIMAL)  # a few digits, and only they show what is wrong
        .then(cells)
        .when(parsed.problems.is_not_null())
        .then(pl.lit(WRONG))
        .otherwise(_text(parsed, column))
    ).to_series()


def _text(parsed: ParsedColumn, column: Column) -> pl.Series:
    values = parsed.values
    if column.kind is Kind.DATE:
        return _dates(values, parsed.companions.get(PRECISION))
    if column.kind is Kind.BOOLEAN:
        return values.replace_strict([True, False], ["ja", "nee"], default=None, return_dtype=pl.String)
    if column.kind is Kind.DECIMAL:
        known = values.drop_nulls().unique()
        written = [format(Decimal(repr(value)), "f").replace(".", ",") for value in known]
        return values.replace_strict(known, pl.Series(written, dtype=pl.String), default=None, return_dtype=pl.String)
    if column.kind is Kind.MASKED:
        return _counts(values, parsed.companions[LEAST], parsed.companions[MOST])
    if column.kind is Kind.INTEGER:
        return values.cast(pl.String)
    return _only_right(values, column)


def _dates(values: pl.Series, precision: pl.Series | None) -> pl.Series:
    """ISO days; what is known to the month or year ends on 00."""
    known = precision if precision is not None else pl.repeat("dag", len(values), eager=True)
    return pl.select(
        pl.when(known == "jaar")
        .then(values.dt.strftime("%Y0000"))
        .when(known == "maand")
        .then(values.dt.strftime("%Y%m00"))
        .otherwise(values.dt.strftime("%Y-%m-%d"))
    ).to_series()


def _counts(values: pl.Series, least: pl.Series, most: pl.Series) -> pl.Series:
    """Whole numbers; a masked one as it is read: below a number, or a point."""
    return pl.select(
        pl.when(values.is_null() & most.is_not_null())
        .then(pl.format("<{}", most + 1))
        .when(values.is_null() & least.is_not_null())
        .then(pl.lit("."))
        .otherwise(values.cast(pl.String))
    ).to_series()


def _only_right(values: pl.Series, column: Column) -> pl.Series:
    """Text that fits the code list or pattern of its column; anything else may be a name."""
    if column.codes is not None:
        right = values.is_in(list(column.codes.values))
    elif pattern := pattern_of(column):
        right = values.str.contains(pattern[0])
    else:
        return values
    return pl.select(pl.when(values.is_null() | right).then(values).otherwise(pl.lit(WRONG))).to_series()
