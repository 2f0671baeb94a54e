"""Many invented tables of one size: what is hidden leaves no sensitive count short, whole or not (`make seeds`).

JOS_BENCH_SIZES=region40 (or region216, national), JOS_BENCH_SEEDS=50 (seeds 0 to 49; 20-29 for a part of them),
JOS_BENCH_K=10. A line a seed, as soon as it is known, so that what is stopped has measured something. Ends with 1 when
some count is exposed that hiding everything would have protected.
"""

import os
import sys
import time

import numpy as np

from benchmarks.disclosure import SIZES
from jos_pipeline.auditor.reach import reach
from jos_pipeline.suppressor import Suppression, suppress
from tests.invented_tables import Size, invented


def protected(size: Size, seed: int, k: int) -> tuple[Suppression, int]:
    """One table, and how many of its sensitive counts a reader can tell too much of, for no good reason."""
    table = invented(size, seed, k)
    found = suppress(table, starts=1, rounds=1)
    told = reach(table, found.hidden, integer=True).exposures["cell"].to_numpy()
    return found, len(np.setdiff1d(told, np.array(found.report.unprotected, dtype=np.int64)))


def asked(text: str) -> range:
    """``50`` is seeds 0 to 49, ``20-29`` is what it says."""
    first, dash, last = text.partition("-")
    return range(int(first), int(last) + 1) if dash else range(int(first))


def main() -> None:
    """Prints a line a seed and one a size."""
    seeds, k = asked(os.environ.get("JOS_BENCH_SEEDS", "50")), int(os.environ.get("JOS_BENCH_K", "10"))
    bad = 0
    for name in os.environ.get("JOS_BENCH_SIZES", "region40").split(","):
        began, of_size = time.process_time(), 0
        for seed in seeds:
            start = time.process_time()
            found, told = protected(SIZES[name], seed, k)
            of_size += told
            sys.stdout.write(
                f"{name}, k = {k}, seed {seed}: {told} exposed, {found.report.secondary} hidden beside, "
                f"loss {found.report.loss:.0f}, {len(found.report.unprotected)} beyond help, "
                f"{time.process_time() - start:.1f} s\n"
            )
            sys.stdout.flush()
        bad += of_size
        seconds = (time.process_time() - began) / max(1, len(seeds))
        sys.stdout.write(f"{name}, k = {k}: {of_size} exposed on {len(seeds)} seeds, {seconds:.1f} s of work each\n")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
