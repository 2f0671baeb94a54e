"""Small tables of schools by something, as a reader sees them: some cells hidden, every row of a school its own."""

import numpy as np
import polars as pl

from jos_pipeline.auditor.worlds import Copies
from jos_pipeline.cells import CELLS, RELATIONS, CellTable, State


def table_of(
    full: np.ndarray, sensitive: np.ndarray, lines: list[np.ndarray], chance: np.random.Generator
) -> CellTable:
    """Cells of which the first of every line are together the last; every row of inner cells has an owner."""
    owners = [f"s{n}" if n < full.shape[0] - 1 else None for n, row in enumerate(full) for _ in row]
    count = full.ravel().astype(float)
    cells = pl.DataFrame(
        {
            "cell": np.arange(full.size),
            "count": count,
            "upper": [None] * full.size,
            "need_low": np.where(sensitive, 0.0, np.nan).ravel(),
            "need_high": np.where(sensitive.ravel(), np.maximum(count, chance.integers(3, 8)), np.nan),
            "weight": np.ones(full.size),
            "state": ["free"] * full.size,
            "owner": owners,
        },
        schema_overrides=CELLS,
    ).with_columns(pl.col("need_low", "need_high").fill_nan(None))
    terms = [
        (relation, int(cell), -1.0 if cell == line[-1] else 1.0) for relation, line in enumerate(lines) for cell in line
    ]
    return CellTable(cells, pl.DataFrame(terms, schema=RELATIONS, orient="row"))


def with_margins(inner: np.ndarray) -> np.ndarray:
    full = np.zeros((inner.shape[0] + 1, inner.shape[1] + 1), dtype=int)
    full[:-1, :-1] = inner
    full[-1, :-1], full[:, -1] = inner.sum(axis=0), np.append(inner.sum(axis=1), inner.sum())
    return full


def square(inner: np.ndarray, chance: np.random.Generator) -> tuple[CellTable, np.ndarray]:
    """A table with its margins, of which some cells are hidden."""
    full = with_margins(inner)
    number = np.arange(full.size).reshape(full.shape)
    inside = np.zeros(full.shape, dtype=bool)
    inside[:-1, :-1] = True
    hidden = (chance.random(full.shape) < 0.7) & inside
    return table_of(full, inside & hidden, [*number, *number.T], chance), hidden.ravel()


def broken_down(chance: np.random.Generator) -> tuple[CellTable, np.ndarray, Copies]:
    """Schools by categories of which only some totals are shown: the last column holds the totals, the last row the
    region."""
    full = with_margins(chance.integers(0, 5, size=(4, 3)))
    number = np.arange(full.size).reshape(full.shape)
    hidden = np.ones(full.shape, dtype=bool)
    hidden[:, -1] = chance.random(full.shape[0]) < 0.6
    schools, categories = full.shape[0] - 1, full.shape[1] - 1
    turns = np.tile(np.arange(categories), (full.shape[0], 1))
    copies = Copies(
        number[:, :-1].ravel(),
        np.repeat(number[:, -1], categories),
        turns.ravel(),
        np.zeros(full.shape[0] * categories, dtype=np.int64),
        number[:-1, :-1].ravel(),
        np.tile(number[-1, :-1], schools),
    )
    return table_of(full, (full < 4) & hidden, [*number, *number.T], chance), hidden.ravel(), copies


def one_inside_another(chance: np.random.Generator) -> tuple[CellTable, np.ndarray, Copies]:
    """As ``broken_down``, of two measures beside each other, of which the second is a part of the first; and then what
    it leaves of that, which is never shown."""
    whole = chance.integers(0, 5, size=(4, 3))
    blocks = [with_margins(whole), with_margins(chance.integers(0, whole + 1))]
    full = np.hstack([*blocks, blocks[0] - blocks[1]])
    number = np.arange(full.size).reshape(full.shape)
    of_whole, of_part, of_rest = np.split(number, 3, axis=1)
    hidden = np.ones(full.shape, dtype=bool)
    hidden[:, [3, 7]] = chance.random((len(full), 2)) < 0.6
    sums = [line for block in (of_whole, of_part) for line in (*block, *block.T)]
    sums += list(np.stack([of_part, of_rest, of_whole], axis=-1).reshape(-1, 3))
    table = table_of(full, (full < 4) & hidden, sums, chance)
    rest = pl.col("cell").is_in(of_rest.ravel().tolist())
    cells = table.cells.with_columns(pl.when(rest).then(pl.lit(str(State.CLOSED))).otherwise("state").alias("state"))
    places = [(block[:, :-1].ravel(), np.repeat(block[:, -1], 3)) for block in (of_whole, of_part)]
    inner = np.concatenate([block[:-1, :-1].ravel() for block in (of_whole, of_part)])
    outer = np.concatenate([np.tile(block[-1, :-1], len(full) - 1) for block in (of_whole, of_part)])
    parts, wholes = (np.concatenate(one) for one in zip(*places, strict=True))
    copies = Copies(
        parts, wholes, np.tile(np.arange(3), 2 * len(full)), np.zeros(len(parts), dtype=np.int64), inner, outer
    )
    return CellTable(cells, table.relations), hidden.ravel(), copies
