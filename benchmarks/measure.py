"""What every benchmark shares: timing, memory and a table of ratios. What is measured stands in the benchmarks."""

import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.table import Table


def median(work: Callable[[], object], repeats: int = 3) -> float:
    """Seconds of wall time: the middle one of some runs."""
    return statistics.median(once(work) for _ in range(repeats))


def once(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def peak_megabytes() -> int:
    """The most memory this process held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def report(title: str, stages: Mapping[str, float], records: int) -> None:
    """Seconds, records per second and ratio; the first stage is the yardstick."""
    yardstick = next(iter(stages.values()))
    table = Table(title=title)
    for heading in ("stage", "seconds", "records per second", "ratio to bare reading"):
        table.add_column(heading, justify="left" if heading == "stage" else "right")
    for name, seconds in stages.items():
        table.add_row(name, f"{seconds:.2f}", f"{records / seconds:,.0f}", f"{seconds / yardstick:.1f}")
    Console(file=sys.stdout, width=110).print(table)
