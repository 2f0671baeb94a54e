"""Group ``gekoppeld``: the base tables that indicators count, one per subject, per school year."""

import dagster as dg
import polars as pl

from assets.bronnen import GROUP as SOURCES
from assets.describe import OWNERS, table_schema
from assets.gevalideerd import GROUP as VALIDATED
from assets.gevalideerd import key_of as validated_key
from assets.partitions import school_years
from jos_pipeline.boundary import checked
from jos_pipeline.linking import LINKS
from jos_pipeline.opendata import DUO_EXAMENS, DUO_LEERLINGEN
from jos_pipeline.region import Region
from resources.lake import LakeResource
from schemas.linked import LINKED_TABLES, LinkedTable

GROUP = "gekoppeld"

_ALSO_READS = {"traject": ("leerlingen",)}
"""Soorten a table links to besides the one it is made of."""
_OPEN_DATA = {"duo_vestiging": DUO_LEERLINGEN.name, "duo_examen": DUO_EXAMENS.name}
"""The open data a table is made of."""


def key_of(table: str) -> dg.AssetKey:
    return dg.AssetKey([GROUP, table])


def linked_assets(region: Region) -> list[dg.AssetsDefinition]:
    return [_linked_asset(region, table) for table in LINKED_TABLES.values()]


def _linked_asset(region: Region, table: LinkedTable) -> dg.AssetsDefinition:
    soorten = tuple(soort for soort in (table.soort, *_ALSO_READS.get(table.name, ())) if soort)
    open_data = _OPEN_DATA.get(table.name)

    @dg.asset(
        key=key_of(table.name),
        description=f"{table.description} Basistabel waarop de cijfers worden geteld.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"parquet", "polars", "pandera"},
        partitions_def=school_years(region),
        deps=[dg.AssetKey([SOURCES, open_data])] if open_data else [validated_key(soort) for soort in soorten],
        metadata=table_schema({column.name: (str(column.dtype), column.description) for column in table.columns}),
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
    )
    def linked(context: dg.AssetExecutionContext, lake: LakeResource) -> dg.MaterializeResult:
        store, year = lake.open(), context.partition_key
        frames = {soort: store.read_layer(VALIDATED, soort, year) for soort in soorten}
        if open_data:
            frames[table.name] = store.read_layer(SOURCES, open_data, year).with_columns(schooljaar=pl.lit(year))
        rows = checked(LINKS[table.name](frames, region, year), table.schema())
        store.write_layer(GROUP, table.name, year, rows)
        known = rows.get_column("leerling_id").is_not_null().sum() if "leerling_id" in rows.columns else None
        return dg.MaterializeResult(
            metadata={
                "dagster/partition_row_count": rows.height,
                **({} if known is None else {"rijen_met_leerling_id": int(known)}),
            }
        )

    return linked
