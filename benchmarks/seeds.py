"""Many invented tables of one size: what is hidden leaves no sensitive count short, whole or not (`make seeds`).

JOS_BENCH_SIZES=region40 (or region216, national), JOS_BENCH_SEEDS=50, JOS_BENCH_K=10. Ends with 1 when some count is
exposed that hiding everything would have protected.
"""

import os
import sys
import time

import numpy as np

from benchmarks.disclosure import SIZES
from jos_pipeline.auditor.reach import reach
from jos_pipeline.suppressor import suppress
from tests.invented_tables import Size, invented


def exposed(size: Size, seed: int, k: int) -> int:
    """How many sensitive counts of one table a reader can tell too much of, for no good reason."""
    table = invented(size, seed, k)
    found = suppress(table, starts=1, rounds=1)
    told = reach(table, found.hidden, integer=True).exposures["cell"].to_numpy()
    return len(np.setdiff1d(told, np.array(found.report.unprotected, dtype=np.int64)))


def main() -> None:
    """Prints a line a size."""
    seeds, k = int(os.environ.get("JOS_BENCH_SEEDS", "50")), int(os.environ.get("JOS_BENCH_K", "10"))
    bad = 0
    for name in os.environ.get("JOS_BENCH_SIZES", "region40").split(","):
        began = time.process_time()
        told = [exposed(SIZES[name], seed, k) for seed in range(seeds)]
        bad += sum(told)
        seconds = (time.process_time() - began) / seeds
        sys.stdout.write(f"{name}, k = {k}: {sum(told)} exposed on {seeds} seeds, {seconds:.1f} s of work each\n")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
