"""School years that a run left half-way.

Figures that lag behind the ledger show by themselves (``assets.sensors``). A run that died after it made those still
owes a publication and pages.
"""

from collections.abc import Collection

import dagster as dg

from assets.sensors import BUSY, YEAR_TAG


def unfinished_years(instance: dg.DagsterInstance, years: Collection[str], ours: str) -> frozenset[str]:
    """The school years of which the last run failed, or never ended and has the tag ``ours``: then it died."""
    return frozenset(year for year in years if _undone(instance, year, ours))


def _undone(instance: dg.DagsterInstance, year: str, ours: str) -> bool:
    runs = instance.get_runs(dg.RunsFilter(tags={YEAR_TAG: year}), limit=1)
    return any(run.status is dg.DagsterRunStatus.FAILURE or (run.status in BUSY and ours in run.tags) for run in runs)
