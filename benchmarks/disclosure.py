"""Disclosure control on invented tables the size of regions and of the country (`make bench`).

Yardsticks: a greedy rule that analysts use by hand (in every sum with a hidden cell at least two are hidden and
together they hold at least k, else the next smallest is hidden too, until nothing changes), the same with what must be
hidden besides so that nothing is exposed, and the peer of ``benchmarks.elimination``, with and without intervals. What
each leaves to a reader is told by the auditor. JOS_BENCH_SIZES=region40 (or region216, national) for less, and
JOS_BENCH_NEEDS=small for the needs that other tools have: counts of 1 to k - 1 only, between 1 and k.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks.elimination import elimination, with_intervals
from jos_pipeline.auditor.audit import audit
from jos_pipeline.cells import CellTable, State
from jos_pipeline.suppressor import suppress
from tests.invented_tables import NATIONAL, REGION_40, REGION_216, invented

SIZES = {"region40": REGION_40, "region216": REGION_216, "national": NATIONAL}
LIMITS = (10, 5)
HEADINGS = (
    "table",
    "k",
    "cells",
    "primary",
    "how",
    "secondary",
    "loss",
    "of greedy",
    "gap",
    "exposed",
    "seconds",
    "audit",
)


@dataclass(frozen=True)
class Outcome:
    """One way of hiding, on one table."""

    how: str
    hidden: np.ndarray
    seconds: float
    gap: float | None = None


def greedy(table: CellTable, k: int) -> np.ndarray:
    """The greedy rule, to its fixpoint."""
    hidden = table.sensitive | (table.cells.get_column("state") == State.CLOSED).to_numpy()
    matrix, counts = table.matrix, table.counts
    changed = True
    while changed:
        changed = False
        for start, end in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
            cells = matrix.indices[start:end]
            shown = cells[~hidden[cells]]
            inside = cells[hidden[cells]]
            if len(inside) and len(shown) and (len(inside) < 2 or counts[inside].sum() < k):
                hidden[shown[np.argmin(counts[shown])]] = True
                changed = True
    return hidden


def small_only(table: CellTable, k: int) -> CellTable:
    """The same counts with the needs of other tools: 1 to k - 1 are sensitive, 0 and nearly everyone are not."""
    count, upper = pl.col("count"), pl.col("upper")
    few = (count > 0) & (count < k)
    return replace(
        table,
        cells=table.cells.with_columns(
            pl.when(few).then(1.0).alias("need_low"),
            pl.when(few).then(pl.min_horizontal(pl.lit(float(k)), upper)).alias("need_high"),
        ),
    )


def repaired(table: CellTable, hidden: np.ndarray) -> np.ndarray:
    """What a rule hides, and the cheapest besides so that nothing is exposed."""
    closed = pl.when(pl.Series(hidden)).then(pl.lit(str(State.CLOSED))).otherwise("state").alias("state")
    started = replace(table, cells=table.cells.with_columns(closed))
    return suppress(started, starts=1, rounds=1, far=False).hidden


def ways(table: CellTable, k: int) -> Iterator[Outcome]:
    """The yardsticks and ours."""

    def by_hand() -> np.ndarray:
        return greedy(table, k)

    others: dict[str, Callable[[], np.ndarray]] = {
        "greedy": by_hand,
        "greedy, repaired": lambda: repaired(table, by_hand()),
        "elimination": lambda: elimination(table),
        "with intervals": lambda: with_intervals(table),
    }
    for how, hides in others.items():
        began = time.process_time()
        yield Outcome(how, hides(), time.process_time() - began)
    began = time.process_time()
    ours = suppress(table)
    yield Outcome("ours", ours.hidden, time.process_time() - began, ours.report.gap)


def main() -> None:
    """Prints a line a table and way, and all of them once more together."""
    report = Table(title="Disclosure control: what is hidden, and what a reader can still tell")
    for heading in HEADINGS:
        report.add_column(heading, justify="left" if heading in {"table", "how"} else "right")
    needs = small_only if os.environ.get("JOS_BENCH_NEEDS") == "small" else lambda table, _: table
    for name in os.environ.get("JOS_BENCH_SIZES", ",".join(SIZES)).split(","):
        for k in LIMITS:
            table = needs(invented(SIZES[name], 0, k), k)
            weight = table.cells.get_column("weight").to_numpy()
            by_hand = None
            for one in ways(table, k):
                beside = one.hidden & ~table.sensitive
                loss = float(weight[beside].sum())
                by_hand = by_hand or loss
                found = audit(table, one.hidden)
                line = (
                    name, str(k), str(table.cells.height), str(int(table.sensitive.sum())), one.how,
                    str(int(beside.sum())), f"{loss:,.0f}", f"{loss / by_hand:.2f}",
                    "" if one.gap is None else f"{one.gap:.2f}", str(found.exposures.height),
                    f"{one.seconds:.1f}", f"{found.seconds:.1f}",
                )  # fmt: skip
                sys.stderr.write(", ".join(filter(None, line)) + "\n")
                report.add_row(*line)
    Console(file=sys.stdout, width=130).print(report)


if __name__ == "__main__":
    main()
