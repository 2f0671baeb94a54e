"""Data quality over time: the numbers of ``jos_pipeline.quality`` as metadata, which Dagster draws as lines.

It rests on the intake alone, so that a day on which a blocking check stops everything after it is a point as well.
"""

import dagster as dg

from assets.bronnen import LEDGER
from assets.describe import OWNERS, resting_on, table_schema
from assets.guarded import guarded
from assets.partitions import school_years
from assets.rapportage import GROUP
from jos_pipeline.ledger import in_force
from jos_pipeline.quality import MEANING, quality_of
from jos_pipeline.region import Region
from resources.dagster_resources import WarehouseResource

QUALITY = dg.AssetKey([GROUP, "kwaliteit"])


def quality_asset(region: Region) -> dg.AssetsDefinition:
    """The quality of the data of a school year; a point for every run."""

    @dg.asset(
        key=QUALITY,
        description="Hoe goed de gegevens van een schooljaar zijn, in getallen die Dagster als lijn door de tijd "
        "tekent (Plots). Verwachtingen tellen zoals ze de laatste keer zijn getoetst.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"sql", "pandas"},
        partitions_def=school_years(region),
        deps=[LEDGER],
        metadata=table_schema({name: ("getal", meaning) for name, meaning in MEANING.items()}),
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
    )
    @guarded
    def kwaliteit(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> dg.MaterializeResult:
        store, year = warehouse.open(), context.partition_key
        known = store.deliveries()
        found = quality_of(year, known, store.findings(), store.latest_expectations(year))
        return dg.MaterializeResult(
            metadata={"dagster/partition_row_count": 1, **found, **resting_on(in_force(known, year)["id"])}
        )

    return kwaliteit
