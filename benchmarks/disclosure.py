"""Disclosure control on invented tables the size of regions and of the country (`make bench`).

The yardstick is a greedy rule that analysts use by hand: in every sum with a hidden cell at least two are hidden and
together they hold at least k, else the next smallest is hidden too, until nothing changes. What both leave to a reader
is told by the auditor. JOS_BENCH_SIZES=region40 (or region216, national) for less.
"""

import os
import sys
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

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
    gap: float | None
    seconds: float | None


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


def ways(table: CellTable, k: int) -> list[Outcome]:
    """The greedy rule and ours."""
    ours = suppress(table)
    return [
        Outcome("greedy", greedy(table, k), None, None),
        Outcome("ours", ours.hidden, ours.report.gap, ours.report.seconds),
    ]


def main() -> None:
    """Prints a line a table and way."""
    report = Table(title="Disclosure control: what is hidden, and what a reader can still tell")
    for heading in HEADINGS:
        report.add_column(heading, justify="left" if heading in {"table", "how"} else "right")
    for name in os.environ.get("JOS_BENCH_SIZES", ",".join(SIZES)).split(","):
        for k in LIMITS:
            table = invented(SIZES[name], 0, k)
            weight = table.cells.get_column("weight").to_numpy()
            outcomes = ways(table, k)
            losses = [float(weight[one.hidden & ~table.sensitive].sum()) for one in outcomes]
            for one, loss in zip(outcomes, losses, strict=True):
                found = audit(table, one.hidden)
                report.add_row(
                    name, str(k), str(table.cells.height), str(int(table.sensitive.sum())), one.how,
                    str(int((one.hidden & ~table.sensitive).sum())), f"{loss:,.0f}", f"{loss / losses[0]:.2f}",
                    "" if one.gap is None else f"{one.gap:.2f}", str(found.exposures.height),
                    "" if one.seconds is None else f"{one.seconds:.1f}", f"{found.seconds:.1f}",
                )  # fmt: skip
    Console(file=sys.stdout, width=130).print(report)


if __name__ == "__main__":
    main()
