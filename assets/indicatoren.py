"""Group ``indicatoren``: the internal figures, unsuppressed, in the lake; for the pipeline and its engineers only."""

from datetime import date

import dagster as dg
import pandas as pd
import polars as pl

from assets.describe import OWNERS, counts_table, resting_on, table_schema
from assets.gekoppeld import GROUP as LINKED
from assets.gekoppeld import key_of as linked_key
from assets.gevalideerd import STANDING_SCHEMA, validated_standing
from assets.guarded import guarded
from assets.order import RunOrder
from assets.partitions import school_years
from jos_pipeline.clock import today
from jos_pipeline.coverage import Coverage
from jos_pipeline.dimensions import indicator_rows
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.ledger import Standing, in_force, numbers_of, reached
from jos_pipeline.publication import Published, peildatum_to_watch
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from resources.dagster_resources import LakeResource, WarehouseResource
from resources.lake import Lake
from schemas.linked import LINKED_TABLES
from schemas.warehouse import monitor_indicator

GROUP = "indicatoren"
CUBE, STANDING = "kubus", "stand"
CUBE_KEY = dg.AssetKey([GROUP, CUBE])


def cube_asset(region: Region) -> dg.AssetsDefinition:
    """The internal cube of a school year."""

    @dg.asset(
        key=CUBE_KEY,
        description="De interne cijfers: elk cijfer van de catalogus voor elk gebied, elke periode en elke "
        "uitsplitsing, nog zonder bescherming van kleine aantallen. Blijft in het meer; wordt nooit getoond.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"parquet", "polars"},
        partitions_def=school_years(region),
        deps=[linked_key(table) for table in LINKED_TABLES],
        metadata={
            **table_schema(
                {column.name: (str(column.type), column.comment or "") for column in monitor_indicator.columns}
            ),
            "catalogus": _catalogue(),
        },
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
    )
    @guarded
    def kubus(
        context: dg.AssetExecutionContext, lake: LakeResource, warehouse: WarehouseResource, order: RunOrder
    ) -> dg.MaterializeResult:
        store, year = lake.open(), context.partition_key
        known, behind = warehouse.open().deliveries(), validated_standing(store, year)
        base = {table: store.scan_layer(LINKED, table, year) for table in LINKED_TABLES}
        peildatum = order.day() or peildatum_of(known, warehouse.open().brought_out(year), region, year, today())
        coverage = Coverage(frozenset((supplier, soort) for soort, supplier, _ in behind))
        cube = compute_cube(base, coverage, region, year, peildatum)
        store.write_layer(GROUP, CUBE, year, cube)
        _keep_standing(store, year, behind)
        return dg.MaterializeResult(
            metadata={
                "dagster/partition_row_count": cube.height,
                "peildatum": peildatum.isoformat(),
                "cijfers": int(cube.get_column("indicator").n_unique()),
                "gebieden": int(cube.get_column("gebied").n_unique()),
                "per_status": counts_table(cube.group_by("waarde_status").len("rijen").sort("waarde_status")),
                **resting_on(numbers_of(behind, known, year)),
            }
        )

    return kubus


def _catalogue() -> dg.TableMetadataValue:
    """The indicators as the catalogue defines them."""
    names = ("indicator", "versie", "naam", "definitie", "eenheid", "bronnen", "uitsplitsingen")
    return counts_table(pl.DataFrame(indicator_rows()).select(names))


def peildatum_of(known: pd.DataFrame, out: list[Published], region: Region, year: str, day: date) -> date:
    """The peildatum of the figures on a day, when nobody names one: the one to watch, else of the newest delivery."""
    chosen, school_year = in_force(known, year), SchoolYear.parse(year)
    if chosen.empty:
        return min(day, school_year.last_day)
    watched = peildatum_to_watch(region.releases_in(school_year), out, day, reached(chosen))
    return watched or chosen["peildatum"].max()


def cube_standing(store: Lake, year: str) -> Standing:
    """The deliveries the internal figures of a school year rest on. Raises FileNotFoundError when there are none."""
    return frozenset(store.read_layer(GROUP, STANDING, year).iter_rows())


def _keep_standing(store: Lake, year: str, behind: Standing) -> None:
    """Remembers which deliveries the figures rest on, so that the sensor sees when they lag behind."""
    store.write_layer(GROUP, STANDING, year, pl.DataFrame(sorted(behind), schema=STANDING_SCHEMA, orient="row"))
