"""The base tables as counting needs them: read once, with places and codes as small numbers, and no more columns.

Nothing here depends on the window. What a window adds to a row is in ``context`` and ``words``.
"""

from collections.abc import Iterable, Mapping
from enum import IntEnum

import polars as pl

from jos_pipeline.indicators.entry import PERSON
from jos_pipeline.indicators.words import WORDS
from schemas.linked import LINKED_TABLES

HOME_TABLES = frozenset({"jeugdhulp", "wachttijd", "thuiszitter", "leerplicht", "inwoner"})
TEAM = "team:"
REGION = "regio:"
"""The place of an answer that names no school: it counts for the region only."""
OCCURS = "_komt_voor"
"""Column that says where else in its table the person of a row occurs."""
_WHOLE = frozenset({"opgave", "duo_vestiging", "duo_examen", "enquete", "inzet", "begeleider", "inwoner"})
"""Tables of the size of the number of schools, staff or answers: read with all columns."""
_LOOKED_AT = frozenset({"plaats", "school", "team", "woongemeente", PERSON, "begindatum", "einddatum", "soort"})
"""Columns that placing rows and looking from one table into another need."""


class Occurs(IntEnum):
    """Where the person of a row has rows in the table."""

    ONCE = 0
    ONE_PLACE = 1
    PLACES = 2


Source = pl.DataFrame | pl.LazyFrame


def narrowed(base: Mapping[str, Source], used: Mapping[str, Iterable[str]]) -> dict[str, pl.DataFrame]:
    """Every base table in memory, placed and with numbered persons.

    ``used`` names per table the columns that are counted; those that words are made of are kept besides.
    """
    lazy = {name: _selected(name, table.lazy(), frozenset(used.get(name, ()))) for name, table in base.items()}
    with_persons = [name for name, table in lazy.items() if PERSON in table.collect_schema()]
    ids = _numbers([lazy[name] for name in with_persons])
    queries = [
        _occurring(_placed(name, _with_numbers(table, ids))) if name in with_persons else _placed(name, table)
        for name, table in lazy.items()
    ]
    return dict(zip(lazy, pl.collect_all(queries), strict=True))


def _selected(name: str, table: pl.LazyFrame, used: frozenset[str]) -> pl.LazyFrame:
    there = table.collect_schema().names()
    words = {root for stage in WORDS.get(name, ()) for word in stage.values() for root in word.meta.root_names()}
    codes = {column.name: column.codes.values for column in LINKED_TABLES[name].columns if column.codes}
    kept = there if name in _WHOLE else [column for column in there if column in used | words | _LOOKED_AT]
    return table.select(
        pl.col(column).cast(pl.Enum(codes[column])) if column in codes and name not in _WHOLE else pl.col(column)
        for column in kept
    )


def _numbers(tables: list[pl.LazyFrame]) -> pl.LazyFrame:
    ids = pl.concat([table.select(PERSON) for table in tables]).drop_nulls().unique()
    return ids.collect().with_row_index("_nummer").lazy()


def _with_numbers(table: pl.LazyFrame, ids: pl.LazyFrame) -> pl.LazyFrame:
    """Replaces leerling_id by a small number, the same in all tables: counting numbers is far faster than text."""
    joined = table.join(ids, on=PERSON, how="left", maintain_order="left")
    return joined.drop(PERSON).rename({"_nummer": PERSON})


def _placed(name: str, table: pl.LazyFrame) -> pl.LazyFrame:
    if name in HOME_TABLES:
        return table.with_columns(plaats="woongemeente")
    if name == "enquete":
        return table.with_columns(plaats=pl.col("school").fill_null(REGION))
    if "team" in table.collect_schema():
        return table.with_columns(plaats=pl.coalesce("school", TEAM + pl.col("team")))
    return table.with_columns(plaats="school")


def _occurring(table: pl.LazyFrame) -> pl.LazyFrame:
    """Adds per row where its person occurs. A row without a place counts as a place: it does no harm."""
    persons = table.group_by(PERSON).agg(
        _rijen=pl.len(),
        _plaatsen=pl.col("plaats").is_null().any() | (pl.col("plaats").min() != pl.col("plaats").max()),
    )
    occurs = (
        pl.when((pl.col("_rijen") == 1) | pl.col(PERSON).is_null())
        .then(Occurs.ONCE)
        .when(pl.col("_plaatsen"))
        .then(Occurs.PLACES)
        .otherwise(Occurs.ONE_PLACE)
        .cast(pl.UInt8)
    )
    found = persons.select(PERSON, occurs.alias(OCCURS))
    return table.join(found, on=PERSON, how="left", nulls_equal=True, maintain_order="left")
