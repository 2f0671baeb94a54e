"""How well sources link, per school year: in group ``gekoppeld``, beside the base tables. Counts stay here; only what
may be told goes to the warehouse and into the metadata."""

import dagster as dg
import polars as pl

from assets.describe import OWNERS, counts_table, resting_on, table_schema
from assets.gekoppeld import GROUP
from assets.gevalideerd import GROUP as VALIDATED
from assets.gevalideerd import key_of as validated_key
from assets.gevalideerd import validated_standing
from assets.guarded import guarded
from assets.partitions import school_years
from jos_pipeline.indicators.links import remarks
from jos_pipeline.ledger import numbers_of
from jos_pipeline.linkage import ALL, person_soorten, shares, told
from jos_pipeline.region import Region
from resources.dagster_resources import LakeResource, WarehouseResource
from schemas.warehouse import koppeling as table

LINKAGE = dg.AssetKey([GROUP, "koppeling"])


def linkage_asset(region: Region) -> dg.AssetsDefinition:
    """The table ``koppeling`` of a school year, and why figures do not exist where sources cannot link."""

    @dg.asset(
        key=LINKAGE,
        description="Hoe goed bronnen koppelen: per soort en leverancier welk deel een pseudoniem heeft, bij de "
        "scholen is gevonden, of iets anders zegt dan de school. Alleen in klassen waar geen klein aantal uit volgt. "
        "How well sources link, and which figures cannot exist because suppliers have different keys.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"polars", "sql"},
        partitions_def=school_years(region),
        deps=[validated_key(soort) for soort in person_soorten()],
        metadata=table_schema({column.name: (str(column.type), column.comment or "") for column in table.columns}),
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
    )
    @guarded
    def koppeling(
        context: dg.AssetExecutionContext, lake: LakeResource, warehouse: WarehouseResource
    ) -> dg.MaterializeResult:
        store, year = lake.open(), context.partition_key
        frames = {soort: store.read_layer(VALIDATED, soort, year) for soort in person_soorten()}
        rows = told(shares(frames, region), region.drempel)
        explained = remarks(region, year)
        warehouse.open().record_linkage(year, rows, explained, context.run.run_id)
        behind = validated_standing(store, year, person_soorten())
        return dg.MaterializeResult(
            metadata={
                "dagster/partition_row_count": rows.height,
                "sleuteldomeinen": ", ".join(sorted(set(region.key_domains.values()))),
                "cijfers_met_toelichting": len({row["indicator"] for row in explained}),
                "per_soort": counts_table(rows.filter(pl.col("leverancier") == ALL).select("soort", "maat", "zin")),
                **resting_on(numbers_of(behind, warehouse.open().deliveries(), year)),
            }
        )

    return koppeling
