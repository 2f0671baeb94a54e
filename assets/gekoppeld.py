"""Group ``gekoppeld``: the base tables that indicators count, one per subject, per school year."""

from collections.abc import Iterator

import dagster as dg
import pandas as pd
import polars as pl

from assets.bronnen import GROUP as SOURCES
from assets.describe import OWNERS, resting_on, table_schema
from assets.gevalideerd import GROUP as VALIDATED
from assets.gevalideerd import key_of as validated_key
from assets.gevalideerd import validated_standing
from assets.guarded import guarded
from assets.partitions import school_years
from jos_pipeline.boundary import checked
from jos_pipeline.ledger import numbers_of
from jos_pipeline.linking import LINKS
from jos_pipeline.opendata import DUO_EXAMENS, DUO_LEERLINGEN
from jos_pipeline.region import Region
from resources.dagster_resources import LakeResource, WarehouseResource
from resources.lake import Lake
from schemas.linked import LINKED_TABLES, LinkedTable

GROUP = "gekoppeld"

_ALSO_READS = {"traject": ("leerlingen",)}
"""Soorten a table links to besides the one it is made of."""
_OPEN_DATA = {"duo_vestiging": DUO_LEERLINGEN.name, "duo_examen": DUO_EXAMENS.name}
"""The open data a table is made of."""


def key_of(table: str) -> dg.AssetKey:
    return dg.AssetKey([GROUP, table])


def linked_assets(region: Region) -> dg.AssetsDefinition:
    """All base tables, each to be chosen apart, in one step: a step of its own costs more than the work in it."""

    @dg.multi_asset(
        name=GROUP,
        specs=[_spec(table) for table in LINKED_TABLES.values()],
        partitions_def=school_years(region),
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
        can_subset=True,
    )
    @guarded
    def gekoppeld(
        context: dg.AssetExecutionContext, lake: LakeResource, warehouse: WarehouseResource
    ) -> Iterator[dg.MaterializeResult]:
        known = warehouse.open().deliveries()
        for table in LINKED_TABLES.values():
            if key_of(table.name) in context.selected_asset_keys:
                yield _linked(lake.open(), region, table, context.partition_key, known)

    return gekoppeld


def _soorten(table: LinkedTable) -> tuple[str, ...]:
    return tuple(soort for soort in (table.soort, *_ALSO_READS.get(table.name, ())) if soort)


def _spec(table: LinkedTable) -> dg.AssetSpec:
    open_data = _OPEN_DATA.get(table.name)
    return dg.AssetSpec(
        key_of(table.name),
        description=f"{table.description} Basistabel waarop de cijfers worden geteld.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"parquet", "polars", "pandera"},
        deps=[dg.AssetKey([SOURCES, open_data])] if open_data else [validated_key(soort) for soort in _soorten(table)],
        metadata=table_schema({column.name: (str(column.dtype), column.description) for column in table.columns}),
    )


def _linked(
    lake: Lake, region: Region, table: LinkedTable, year: str, deliveries: pd.DataFrame
) -> dg.MaterializeResult:
    """Makes and writes one base table; ``deliveries`` is the ledger."""
    open_data = _OPEN_DATA.get(table.name)
    frames = {soort: lake.read_layer(VALIDATED, soort, year) for soort in _soorten(table)}
    if open_data:
        frames[table.name] = lake.read_layer(SOURCES, open_data, year).with_columns(schooljaar=pl.lit(year))
    rows = checked(LINKS[table.name](frames, region, year), table.schema())
    lake.write_layer(GROUP, table.name, year, rows)
    known = rows.get_column("leerling_id").is_not_null().sum() if "leerling_id" in rows.columns else None
    behind = validated_standing(lake, year, _soorten(table))
    return dg.MaterializeResult(
        asset_key=key_of(table.name),
        metadata={
            "dagster/partition_row_count": rows.height,
            **({} if known is None else {"rijen_met_leerling_id": int(known)}),
            **resting_on(numbers_of(behind, deliveries, year)),
        },
    )
