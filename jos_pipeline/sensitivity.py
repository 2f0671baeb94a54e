"""Which counts are sensitive, and a ``CellTable`` from a plain frame of counts: disclosure control without the monitor.

Put here the primary rule and the building of tables from frames; how cells are hidden is ``jos_pipeline.suppressor``.

The rule, for a count n out of a public number D and a limit k: n is sensitive when n < k while D > 0 ("few"), or when
D - n < k ("everyone has it"). D = 0 is structural: such a cell is no cell. A reader must be left with an interval over

    [0, min(k, D)]          for few,
    [D - min(k, D), D]      for everyone,       and over both where both hold.

Example::

    cells = pl.DataFrame({"school": ["a", "b", "alle"], "count": [4, 30, 34], "upper": [80, 90, 170]})
    table = cell_table(cells, sums(cells, "school", {"a": "alle", "b": "alle"}), k=10)
    suppress(table).hidden          # by row of table.cells
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import polars as pl

from jos_pipeline.cells import CELLS, RELATIONS, CellTable, CellTableError, State

Coordinates = tuple[str, ...]
Relation = Sequence[tuple[Coordinates, float]]
"""The terms of a sum that everybody knows: the coordinates of a cell, and its coefficient."""
APART = 1e-6
"""Sums of counts may be off by so much, a rounding error of a computer."""


def coordinates_of(cells: pl.DataFrame) -> list[str]:
    """The columns that say which cell a row is: all that say nothing else."""
    return [name for name in cells.columns if name not in CELLS]


def sums(cells: pl.DataFrame, column: str, parts: Mapping[str, str]) -> list[Relation]:
    """For every whole: its parts together are the whole, for each combination of the other coordinates.

    ``parts`` gives the whole of every part, as schools and their gemeente, or the ages and "totaal". Parts that are not
    in the frame count as nothing; a whole that is not in the frame gives no sum.
    """
    names = coordinates_of(cells)
    at = names.index(column)
    rows = list(cells.select(names).cast(pl.String).iter_rows())
    found: dict[Coordinates, list[tuple[Coordinates, float]]] = {
        row: [] for row in rows if row[at] in set(parts.values())
    }
    for row in rows:
        whole = (*row[:at], parts.get(row[at], ""), *row[at + 1 :])
        if whole in found:
            found[whole].append((row, 1.0))
    return [[*terms, (whole, -1.0)] for whole, terms in found.items() if terms]


def cell_table(cells: pl.DataFrame, relations: Iterable[Relation], k: int) -> CellTable:
    """The table of a frame of counts: a row a cell, with its coordinates, ``count`` and ``upper`` (the public D).

    The columns ``weight`` (default: 1 + log2(1 + count)), ``state`` (free) and ``owner`` (nobody) may be there too.
    Rows with D = 0 are left out. Raises CellTableError when cells repeat, a relation names an unknown cell or a sum
    does not add up to 0.
    """
    names = coordinates_of(cells)
    kept = with_needs(_complete(cells), k).filter(pl.col("upper").is_null() | (pl.col("upper") > 0))
    frame = kept.with_columns(pl.int_range(kept.height, dtype=pl.Int64).alias("cell"))
    if frame.select(names).is_duplicated().any():
        raise CellTableError(f"cells: several rows with the same {', '.join(names)}")
    number = {row: place for place, row in enumerate(frame.select(names).cast(pl.String).iter_rows())}
    known = set(cells.select(names).cast(pl.String).iter_rows())
    terms = [
        (place, number.get(coordinates), coefficient, coordinates)
        for place, relation in enumerate(relations)
        for coordinates, coefficient in relation
    ]
    if unknown := [coordinates for *_, coordinates in terms if coordinates not in known]:
        raise CellTableError(f"relations: no such cell: {', '.join(unknown[0])}")
    rows = [(place, cell, float(coefficient)) for place, cell, coefficient, _ in terms if cell is not None]
    table = CellTable(frame.select(*CELLS, *names), pl.DataFrame(rows, schema=RELATIONS, orient="row"))
    if len(table.constants) and np.abs(table.constants).max() > APART:
        raise CellTableError("relations: a sum does not add up to 0; is a part missing, or are persons counted twice?")
    return table


def with_needs(cells: pl.DataFrame, k: int) -> pl.DataFrame:
    """The cells with ``need_low`` and ``need_high`` by the rule above; null for cells that are not sensitive."""
    count, upper = pl.col("count"), pl.col("upper")
    reach = pl.min_horizontal(pl.lit(float(k)), upper)
    few = (count < k) & (upper.is_null() | (upper > 0))
    everyone = (upper - count < k).fill_null(value=False) & (upper > 0)
    return cells.with_columns(
        pl.when(few).then(0.0).when(everyone).then(upper - reach).alias("need_low"),
        pl.when(everyone).then(upper).when(few).then(reach).alias("need_high"),
    )


def _complete(cells: pl.DataFrame) -> pl.DataFrame:
    counts = cells.with_columns(pl.col("count").cast(pl.Float64))
    usual = {
        "upper": pl.lit(None, dtype=pl.Float64),
        "weight": 1 + (1 + pl.col("count")).log(2),
        "state": pl.lit(str(State.FREE)),
        "owner": pl.lit(None, dtype=pl.String),
    }
    whole = counts.with_columns(value.alias(name) for name, value in usual.items() if name not in cells.columns)
    return whole.cast({name: CELLS[name] for name in usual})
