"""Counting: one grouped pass per base table and breakdown, with all measures and all areas at once.

A pass counts per place and adds the places of an area up; only what does not add up (a person in several places, a
median) is counted per area. Measures are counted here, never combined: shares and figures are the cube's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from jos_pipeline.indicators.context import ground_of
from jos_pipeline.indicators.entry import PERSON, TOTAAL, Indicator, Kind, Measure
from jos_pipeline.indicators.narrow import OCCURS, Occurs

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
_NUMBER = "_gebied"
_CELL = [_NUMBER, "uitsplitsing", "categorie"]
_PLAIN = pl.QueryOptFlags.none()
"""The queries are written as they must run; planning them anew costs a small region more than counting."""


@dataclass
class Pass:
    """The measures to count on one table for one breakdown; ``column`` is None for the total."""

    table: str
    uitsplitsing: str
    column: str | None
    categories: tuple[str, ...]
    measures: dict[str, Measure] = field(default_factory=dict)

    def by_key(self) -> dict[str, list[Measure]]:
        """The keys of which distinct values are counted, each with the measures that do."""
        found: dict[str, list[Measure]] = {}
        for measure in self.measures.values():
            if _counts_keys(measure):
                found.setdefault(_key_of(measure), []).append(measure)
        return found

    @property
    def medians(self) -> list[Measure]:
        return [measure for measure in self.measures.values() if measure.kind is Kind.MEDIAN]


Wanted = tuple[Measure, str, str | None, tuple[str, ...]]
"""A measure with the breakdown, its column and its categories."""


def passes(indicators: Iterable[Indicator], extra: Iterable[Wanted] = ()) -> tuple[Pass, ...]:
    """The passes that the indicators need together, one for each table and breakdown; ``extra`` adds to them."""
    found: dict[tuple[str, str], Pass] = {}
    wanted: list[Wanted] = [
        *(
            (measure, split.id, split.columns[measure.table], split.categories)
            for indicator in indicators
            for measure in indicator.measures
            for split in indicator.uitsplitsingen
        ),
        *((measure, TOTAAL, None, ()) for indicator in indicators for measure in indicator.measures),
        *extra,
    ]
    for measure, uitsplitsing, column, categories in wanted:
        one = found.setdefault((measure.table, uitsplitsing), Pass(measure.table, uitsplitsing, column, categories))
        one.measures[measure.id] = measure
    return tuple(found.values())


def used_columns(todo: Iterable[Pass]) -> dict[str, frozenset[str]]:
    """Per table the columns that the passes count by or look at, words included."""
    found: dict[str, set[str]] = {}
    for one in todo:
        of_table = found.setdefault(one.table, set())
        of_table.update(name for name in (one.column,) if name)
        for measure in one.measures.values():
            expressions = (measure.where, measure.value, measure.most)
            of_table.update(name for e in expressions if e is not None for name in e.meta.root_names())
            of_table.update(name for name in (measure.key,) if name)
    return {table: frozenset(names) for table, names in found.items()}


def count(
    todo: Iterable[Pass], tables: Mapping[str, pl.DataFrame], members: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """Counts every pass over every area. Columns: ``COUNTS``; a group without rows has no row."""
    by_table: dict[str, list[Pass]] = {}
    for one in todo:
        by_table.setdefault(one.table, []).append(one)
    if not by_table:
        return pl.DataFrame(schema=COUNTS)
    areas = _numbered_areas(members)
    queries = [
        _of_table(asked, _slim(tables[name], asked, areas.places), areas.members[ground_of(name)])
        for name, asked in by_table.items()
    ]
    counted = pl.collect_all(queries, optimizations=_PLAIN)
    long = [part for asked, frame in zip(by_table.values(), counted, strict=True) for part in _long(asked, frame)]
    if not long:
        return pl.DataFrame(schema=COUNTS)
    named = pl.concat(long).join(areas.names, on=_NUMBER, maintain_order="left")
    return named.select(pl.col(name).cast(dtype) for name, dtype in COUNTS.items())


# --- areas and rows as numbers -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Areas:
    """Areas by number, and per ground which place lies in which of them."""

    places: pl.Enum
    names: pl.DataFrame
    members: Mapping[str, pl.DataFrame]


def _numbered_areas(members: Mapping[str, pl.DataFrame]) -> _Areas:
    every = pl.concat(members.values())
    names = every.select("niveau", "gebied").unique(maintain_order=True).with_row_index(_NUMBER)
    places = pl.Enum(every.get_column("plaats").unique(maintain_order=True))
    numbered = {
        ground: frame.join(names, on=["niveau", "gebied"]).select(pl.col("plaats").cast(places), _NUMBER)
        for ground, frame in members.items()
    }
    return _Areas(places, names, numbered)


def _slim(table: pl.DataFrame, todo: list[Pass], places: pl.Enum) -> pl.DataFrame:
    """Only what counting needs, every condition worked out once, rows that count nowhere left out.

    A value is empty where its condition does not hold. Codes and places are numbers underneath.
    """
    measures = {name: measure for one in todo for name, measure in one.measures.items()}
    keys = {m.key for m in measures.values() if m.key}
    splits = {one.column: one.categories for one in todo if one.column}
    return table.select(
        pl.col("plaats").cast(places, strict=False),
        *(pl.col(name) for name in sorted(keys | ({OCCURS} if PERSON in keys else set()))),
        *(pl.col(name).cast(pl.Enum(codes), strict=False) for name, codes in sorted(splits.items())),
        *(m.where.fill_null(value=False).alias(f"?{m.id}") for m in measures.values()),
        *(_value(m, m.value).alias(f"={m.id}") for m in measures.values() if m.value is not None),
        *(_value(m, m.most).alias(f"<{m.id}") for m in measures.values() if m.most is not None),
    ).filter(pl.any_horizontal(f"?{name}" for name in measures) & pl.col("plaats").is_not_null())


def _value(measure: Measure, value: pl.Expr) -> pl.Expr:
    """What a row adds. Sums are of whole grains: floats added in another order would give other last digits."""
    whole = value if measure.kind is Kind.MEDIAN else (value * _GRAIN).round().cast(pl.Int64)
    return pl.when(measure.where).then(whole)


# --- one table -----------------------------------------------------------------------------------------------------


def _of_table(todo: list[Pass], slim: pl.DataFrame, members: pl.DataFrame) -> pl.LazyFrame:
    """Per area, breakdown and category, by measure: ``+`` rows or grains, ``^`` their bound, ``@`` keys, ``#`` values.

    What was counted per place is added up to areas once for all passes; ``=`` are the medians.
    """
    rows, places = slim.lazy(), members.lazy()
    occurring = frozenset(slim.get_column(OCCURS).unique()) if OCCURS in slim.columns else frozenset()
    spread = [part for one in todo for part in _spread(one, rows, places, occurring)]
    at_places = pl.concat([part for one in todo for part in _at_places(one, rows, occurring)], how="diagonal")
    upward = at_places.join(places, on="plaats").drop("plaats")
    found = pl.concat([upward, *spread], how="diagonal").group_by(_CELL).agg(pl.all().sum())
    middles = [_medians(one, rows, places) for one in todo if one.medians]
    return found.join(pl.concat(middles, how="diagonal"), on=_CELL, how="left") if middles else found


def _with_category(one: Pass, slim: pl.LazyFrame) -> pl.LazyFrame:
    if one.column is None:
        return slim.with_columns(categorie=pl.lit(TOTAAL))
    return slim.filter(pl.col(one.column).is_not_null()).with_columns(categorie=one.column)


def _named(one: Pass, counted: pl.LazyFrame) -> pl.LazyFrame:
    return counted.with_columns(pl.col("categorie").cast(pl.String), uitsplitsing=pl.lit(one.uitsplitsing))


def _at_places(one: Pass, slim: pl.LazyFrame, occurring: frozenset[int]) -> Iterator[pl.LazyFrame]:
    """What adds up from places to areas: rows, and persons who occur in one place only."""
    rows, cell = _with_category(one, slim), ["plaats", "categorie"]
    yield _named(one, rows.group_by(cell).agg(_added(one)))
    persons = [_one_for_each_key(measure) for measure in one.by_key().get(PERSON, ())]
    if persons and Occurs.ONE_PLACE in occurring:
        here = rows.filter(pl.col(PERSON).is_not_null() & (pl.col(OCCURS) == Occurs.ONE_PLACE))
        yield _named(one, here.group_by(*cell, PERSON).agg(persons).drop(PERSON).group_by(cell).agg(pl.all().sum()))


def _spread(one: Pass, slim: pl.LazyFrame, members: pl.LazyFrame, occurring: frozenset[int]) -> Iterator[pl.LazyFrame]:
    """Keys that may be in several places of an area: distinct ones per area."""
    cell = [_NUMBER, "categorie"]
    for key, measures in one.by_key().items():
        if key == PERSON and Occurs.PLACES not in occurring:
            continue
        several = pl.lit(value=True) if key != PERSON else pl.col(OCCURS) == Occurs.PLACES
        rows = _with_category(one, slim.filter(pl.col(key).is_not_null() & several)).select(
            "plaats", "categorie", key, *(f"?{measure.id}" for measure in measures)
        )
        once = rows.join(members, on="plaats").group_by(*cell, key).agg(_one_for_each_key(m) for m in measures)
        yield _named(one, once.drop(key).group_by(cell).agg(pl.all().sum()))


def _medians(one: Pass, slim: pl.LazyFrame, members: pl.LazyFrame) -> pl.LazyFrame:
    observed = slim.filter(pl.any_horizontal(f"?{m.id}" for m in one.medians))
    rows = _with_category(one, observed).select(
        "plaats", "categorie", *(f"{sign}{m.id}" for m in one.medians for sign in "?=")
    )
    middles = (
        pl.col(f"={m.id}").filter(pl.col(f"?{m.id}")).median().cast(pl.Float64).alias(f"={m.id}") for m in one.medians
    )
    return _named(one, rows.join(members, on="plaats").group_by(_NUMBER, "categorie").agg(middles))


def _key_of(measure: Measure) -> str:
    return measure.key or "plaats"


def _counts_keys(measure: Measure) -> bool:
    return measure.kind in (Kind.DISTINCT, Kind.COMPLETE) or measure.persons


def _one_for_each_key(measure: Measure) -> pl.Expr:
    holds = pl.col(f"?{measure.id}")
    return (holds.all() if measure.kind is Kind.COMPLETE else holds.any()).cast(pl.Int64).alias(f"@{measure.id}")


def _added(one: Pass) -> Iterator[pl.Expr]:
    """What adds up over the rows of a place."""
    for measure in one.measures.values():
        name = measure.id
        if measure.kind is Kind.ROWS:
            yield pl.col(f"?{name}").sum().cast(pl.Int64).alias(f"+{name}")
        if measure.kind in (Kind.SUM, Kind.MEAN):
            yield pl.col(f"={name}").sum().alias(f"+{name}")
        if measure.kind in (Kind.MEDIAN, Kind.MEAN):
            yield pl.col(f"={name}").count().cast(pl.Int64).alias(f"#{name}")
        if measure.most is not None:
            yield pl.col(f"<{name}").sum().alias(f"^{name}")
        if _counts_keys(measure):
            yield (pl.col(f"?{name}") & _alone(measure)).sum().cast(pl.Int64).alias(f"@{name}")


def _alone(measure: Measure) -> pl.Expr:
    """The row counts for a key by itself: the person has no other row or, when rows are counted, is unknown."""
    key = pl.col(_key_of(measure))
    unknown = pl.lit(value=False) if measure.kind in (Kind.DISTINCT, Kind.COMPLETE) else key.is_null()
    if measure.key != PERSON:
        return unknown
    return unknown | (key.is_not_null() & (pl.col(OCCURS) == Occurs.ONCE))


def _long(todo: list[Pass], counted: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """One row per area, category and measure of each pass."""
    measures = {name: measure for one in todo for name, measure in one.measures.items()}
    cells = [_cell(measure) for measure in measures.values()]
    rows = counted.select(*_CELL, *cells)
    by_split = rows.partition_by("uitsplitsing", as_dict=True)
    for one in todo:
        there = by_split.get((one.uitsplitsing,))
        if there is not None:
            yield there.unpivot(list(one.measures), index=_CELL, variable_name="maat", value_name="_telling").unnest(
                "_telling"
            )


def _cell(measure: Measure) -> pl.Expr:
    def optional(count: str, there: bool) -> pl.Expr:
        return pl.col(count) if there else pl.lit(None, dtype=pl.Int64)

    name = measure.id
    return pl.struct(
        aantal=_amount(measure),
        hoog=optional(f"^{name}", measure.most is not None) / _GRAIN,
        personen=optional(f"@{name}", measure.persons),
        waarnemingen=optional(f"#{name}", measure.kind in (Kind.MEDIAN, Kind.MEAN)),
    ).alias(name)


def _amount(measure: Measure) -> pl.Expr:
    name = measure.id
    match measure.kind:
        case Kind.ROWS:
            amount = pl.col(f"+{name}")
        case Kind.DISTINCT | Kind.COMPLETE:
            amount = pl.col(f"@{name}")
        case Kind.SUM:
            amount = pl.col(f"+{name}") / _GRAIN
        case Kind.MEAN:
            amount = pl.col(f"+{name}") / _GRAIN / pl.col(f"#{name}")
        case Kind.MEDIAN:
            amount = pl.col(f"={name}")
    return amount.cast(pl.Float64)
