"""Counting: one grouped pass per base table and breakdown, with all measures and all areas at once.

Measures are counted here, never combined: shares and medians as figures are the cube's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from jos_pipeline.indicators.context import ground_of
from jos_pipeline.indicators.entry import TOTAAL, Indicator, Kind, Measure

COUNTS = {
    "niveau": pl.String,
    "gebied": pl.String,
    "uitsplitsing": pl.String,
    "categorie": pl.String,
    "maat": pl.String,
    "aantal": pl.Float64,
    "hoog": pl.Float64,
    "personen": pl.Int64,
    "waarnemingen": pl.Int64,
}
"""The long table of counts. ``hoog``: the upper bound of a sum of masked counts, null for any other. ``personen``:
distinct persons behind the count, null when it is not about persons."""


_GRAIN = 6_000_000_000
"""Grains in one: fine enough for fte per day, and a minute in hours is a whole number of them."""


@dataclass
class Pass:
    """The measures to count on one table for one breakdown; ``column`` is None for the total."""

    table: str
    uitsplitsing: str
    column: str | None
    measures: dict[str, Measure] = field(default_factory=dict)


def passes(indicators: Iterable[Indicator], extra: Iterable[tuple[Measure, str, str | None]] = ()) -> tuple[Pass, ...]:
    """The passes that the indicators need together; ``extra`` adds (measure, breakdown, column)."""
    found: dict[tuple[str, str], Pass] = {}
    wanted = [
        *(
            (measure, split.id, split.columns[measure.table])
            for indicator in indicators
            for measure in indicator.measures
            for split in indicator.uitsplitsingen
        ),
        *((measure, TOTAAL, None) for indicator in indicators for measure in indicator.measures),
        *extra,
    ]
    for measure, uitsplitsing, column in wanted:
        one = found.setdefault((measure.table, uitsplitsing), Pass(measure.table, uitsplitsing, column))
        one.measures[measure.id] = measure
    return tuple(found.values())


def count(
    todo: Iterable[Pass], tables: Mapping[str, pl.DataFrame], members: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Counts every pass over every area. Columns: ``COUNTS``; a group without rows has no row."""
    todo = tuple(todo)
    slim = {table: _slim(tables[table], [p for p in todo if p.table == table]) for table in {p.table for p in todo}}
    queries = [_query(one, slim[one.table], members[ground_of(one.table)]) for one in todo]
    found = [
        _long(one, frame, measure)
        for one, frame in zip(todo, pl.collect_all(queries), strict=True)
        for measure in one.measures.values()
    ]
    return pl.concat(found) if found else pl.DataFrame(schema=COUNTS)


def _slim(table: pl.DataFrame, todo: list[Pass]) -> pl.DataFrame:
    """Only the columns that counting needs, every condition worked out once, rows that count nowhere left out."""
    measures = {name: measure for one in todo for name, measure in one.measures.items()}
    kept = {"plaats", *(m.key for m in measures.values() if m.key), *(one.column for one in todo if one.column)}
    return table.select(
        *(pl.col(name) for name in sorted(kept)),
        *(m.where.fill_null(value=False).alias(f"?{m.id}") for m in measures.values()),
        *(m.value.alias(f"={m.id}") for m in measures.values() if m.value is not None),
        *(m.most.alias(f"<{m.id}") for m in measures.values() if m.most is not None),
    ).filter(pl.any_horizontal(f"?{name}" for name in measures))


def _query(one: Pass, slim: pl.DataFrame, members: pl.DataFrame) -> pl.LazyFrame:
    rows = slim.lazy() if one.column is None else slim.lazy().filter(pl.col(one.column).is_not_null())
    category = pl.lit(TOTAAL) if one.column is None else pl.col(one.column)
    return (
        rows.join(members.lazy(), on="plaats")
        .group_by("niveau", "gebied", category.alias("categorie"))
        .agg(expression for measure in one.measures.values() for expression in _aggregates(measure))
    )


def _aggregates(measure: Measure) -> list[pl.Expr]:
    holds = pl.col(f"?{measure.id}")
    found = [_amount(measure, holds).cast(pl.Float64).alias(measure.id)]
    if measure.most is not None:
        found.append(_exact_sum(pl.col(f"<{measure.id}").filter(holds)).alias(f"{measure.id}/hoog"))
    if measure.persons and measure.key:
        key = pl.col(measure.key)
        unknown = pl.lit(0) if measure.kind is Kind.DISTINCT else (holds & key.is_null()).sum()
        known = key.filter(holds & key.is_not_null()).n_unique()
        found.append((known.cast(pl.Int64) + unknown.cast(pl.Int64)).alias(f"{measure.id}/personen"))
    if measure.kind in (Kind.MEDIAN, Kind.MEAN):
        found.append(pl.col(f"={measure.id}").filter(holds).count().cast(pl.Int64).alias(f"{measure.id}/waarnemingen"))
    return found


def _amount(measure: Measure, holds: pl.Expr) -> pl.Expr:
    values = pl.col(f"={measure.id}").filter(holds)
    key = pl.col(measure.key or "plaats")
    match measure.kind:
        case Kind.ROWS:
            return holds.sum()
        case Kind.DISTINCT:
            return key.filter(holds & key.is_not_null()).n_unique()
        case Kind.COMPLETE:
            return key.n_unique() - key.filter(~holds).n_unique()
        case Kind.SUM:
            return _exact_sum(values)
        case Kind.MEDIAN:
            return values.median()
        case Kind.MEAN:
            return _exact_sum(values) / values.count()


def _exact_sum(values: pl.Expr) -> pl.Expr:
    """A sum of whole grains: floats added in another order would give other last digits, and a changed hash."""
    return (values * _GRAIN).round().cast(pl.Int64).sum() / _GRAIN


def _long(one: Pass, frame: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    def optional(column: str) -> pl.Expr:
        name = f"{measure.id}/{column}"
        return (pl.col(name) if name in frame.columns else pl.lit(None, dtype=COUNTS[column])).alias(column)

    return frame.select(
        "niveau",
        "gebied",
        pl.lit(one.uitsplitsing).alias("uitsplitsing"),
        "categorie",
        pl.lit(measure.id).alias("maat"),
        pl.col(measure.id).alias("aantal"),
        optional("hoog"),
        optional("personen"),
        optional("waarnemingen"),
    )
