"""Many invented tables of one size: what is hidden leaves no sensitive count short, whole or not (`make seeds`).

JOS_BENCH_SIZES=region40 (or region216, national), JOS_BENCH_SEEDS=50 (seeds 0 to 49; 20-29 for a part of them),
JOS_BENCH_K=10. JOS_BENCH_ATTACKERS=owners protects from schools too, which know their own counts, and audits that: the
pairs that the suppressor lists, for nothing helps these, are told apart and are no exposure. JOS_BENCH_FAR=1 asks all
that is hidden before something near is hidden (the country: several times as long, and a tenth less is lost). A line a
seed, as soon as it is known, so that what is stopped has measured something. Ends with 1 when some count is exposed
that hiding everything would have protected.
"""

import os
import sys
import time
from dataclasses import dataclass

import numpy as np

from benchmarks.disclosure import SIZES
from jos_pipeline.auditor.audit import audit
from jos_pipeline.auditor.reach import reach
from jos_pipeline.cells import CellTable
from jos_pipeline.suppressor import Attackers, Report, Suppression, suppress
from tests.invented_tables import Size, invented


@dataclass(frozen=True)
class Outcome:
    """What became of one table."""

    exposed: int
    """How many of its sensitive counts a reader can tell too much of, for no good reason."""
    report: Report
    protecting: float
    auditing: float
    to_owners: int
    """How many times an owner can tell too much of a count of another, beyond the pairs that are listed."""

    def __str__(self) -> str:
        """Numbers of cells and processor seconds."""
        return (
            f"{self.exposed} exposed, {self.to_owners} to owners, {len(self.report.insider_pairs)} pairs listed, "
            f"{self.report.secondary} hidden beside, loss {self.report.loss:.0f}, "
            f"{len(self.report.unprotected)} beyond help, {self.protecting:.1f} s to protect, "
            f"{self.auditing:.1f} s to audit"
        )


def outcome(size: Size, seed: int, k: int, attackers: Attackers = Attackers.READERS, *, far: bool = False) -> Outcome:
    """One table, protected and audited."""
    table = invented(size, seed, k)
    began = time.process_time()
    found = suppress(table, attackers=attackers, starts=1, rounds=1, far=far)
    between = time.process_time()
    told = reach(table, found.hidden, integer=True).exposures["cell"].to_numpy()
    exposed = np.setdiff1d(told, np.array(found.report.unprotected, dtype=np.int64))
    to_owners = _told_to_owners(table, found) if attackers is Attackers.OWNERS else 0
    return Outcome(len(exposed), found.report, between - began, time.process_time() - between, to_owners)


def _told_to_owners(table: CellTable, found: Suppression) -> int:
    told = audit(table, found.hidden, integer=True, insiders=True).exposures.drop_nulls("attacker")
    return len(set(told.select("attacker", "cell").iter_rows()) - set(found.report.insider_pairs))


def asked(text: str) -> range:
    """``50`` is seeds 0 to 49, ``20-29`` is what it says. Raises ValueError where that is none: to find nothing exposed
    on no table would say nothing."""
    first, dash, last = text.partition("-")
    seeds = range(int(first), int(last) + 1) if dash else range(int(first))
    if not seeds:
        raise ValueError(f"JOS_BENCH_SEEDS={text}: no seed; ask for 1 or more")
    return seeds


def main() -> None:
    """Prints a line a seed and one a size."""
    seeds, k = asked(os.environ.get("JOS_BENCH_SEEDS", "50")), int(os.environ.get("JOS_BENCH_K", "10"))
    attackers = Attackers(os.environ.get("JOS_BENCH_ATTACKERS", "readers"))
    far = os.environ.get("JOS_BENCH_FAR") == "1"
    bad = 0
    for name in os.environ.get("JOS_BENCH_SIZES", "region40").split(","):
        found = []
        for seed in seeds:
            found.append(outcome(SIZES[name], seed, k, attackers, far=far))
            sys.stdout.write(f"{name}, k = {k}, seed {seed}: {found[-1]}\n")
            sys.stdout.flush()
        exposed = sum(one.exposed + one.to_owners for one in found)
        bad += exposed
        seconds = sum(one.protecting + one.auditing for one in found) / len(found)
        sys.stdout.write(f"{name}, k = {k}: {exposed} exposed on {len(found)} seeds, {seconds:.1f} s of work each\n")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
