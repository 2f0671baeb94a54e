"""The grid of deliveries in Dagster, and what is missing in it because a run died between the ledger and its event."""

from collections.abc import Iterator

import dagster as dg
import pandas as pd

from assets.partitions import SUPPLIER, YEAR
from resources.ledger import Receipt
from resources.warehouse import WarehouseStore


def missing(
    instance: dg.DagsterInstance, store: WarehouseStore, group: str, run_id: str, in_force: pd.DataFrame
) -> Iterator[Receipt]:
    """The deliveries in force (rows of the ledger) that other runs recorded and that the grid does not show.

    Only of runs that failed: one that came to a good end told of all its deliveries. ``group`` is that of the sources.
    """
    for row in in_force[~in_force["run_id"].isin({run_id, *_succeeded(instance, in_force)})].itertuples():
        place = dg.MultiPartitionKey({SUPPLIER: row.leverancier, YEAR: row.schooljaar})
        chosen = dg.AssetRecordsFilter(asset_key=dg.AssetKey([group, row.soort]), asset_partitions=[place])
        last = [one.asset_materialization for one in instance.fetch_materializations(chosen, limit=1).records]
        receipt = store.find(row.leverancier, row.sha256)
        if receipt is not None and not any(one and one.metadata["levering"].value == receipt.id for one in last):
            yield receipt


def _succeeded(instance: dg.DagsterInstance, deliveries: pd.DataFrame) -> set[str]:
    ours = sorted({*deliveries["run_id"].dropna()})
    if not ours:
        return set()
    ended = dg.RunsFilter(run_ids=ours, statuses=[dg.DagsterRunStatus.SUCCESS])
    return {run.run_id for run in instance.get_runs(ended)}
