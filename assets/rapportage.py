"""Group ``rapportage``: what people read. One page now: what arrived, what was refused, what was published."""

import dagster as dg

from assets.describe import OWNERS, table_schema
from assets.partitions import school_years
from assets.publicatie import PUBLISHED
from jos_pipeline.overview import overview_html
from jos_pipeline.region import Region
from resources.report import ReportResource
from resources.warehouse import WarehouseResource

GROUP = "rapportage"


def report_asset(region: Region) -> dg.AssetsDefinition:
    """The overview page of a school year."""

    @dg.asset(
        key=[GROUP, "overzicht"],
        description="Een pagina (HTML) per schooljaar: wat is binnengekomen, wat is geweigerd en waarom, "
        "en de gepubliceerde cijfers van de regio.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"html", "jinja"},
        partitions_def=school_years(region),
        deps=[PUBLISHED],
        metadata=table_schema({"pagina": ("html", "Toegankelijke pagina zonder verwijzingen naar buiten.")}),
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
    )
    def overzicht(
        context: dg.AssetExecutionContext, warehouse: WarehouseResource, report: ReportResource
    ) -> dg.MaterializeResult:
        store, year = warehouse.open(), context.partition_key
        page = overview_html(region, year, store.deliveries(), store.findings(), store.published(year))
        path = report.write(f"overzicht_{year}.html", page)
        return dg.MaterializeResult(metadata={"pagina": dg.MetadataValue.path(str(path)), "bytes": len(page)})

    return overzicht
