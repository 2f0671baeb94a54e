"""Group ``rapportage``: what people read. A page on what arrived, was refused and was published; and the report.

The report takes ten seconds, so it is no part of the job that makes figures: it has a job of its own, and a sensor that
starts it when another publication holds than the report is on.
"""

from pathlib import Path
from typing import Any

import dagster as dg

from assets.describe import OWNERS, resting_on, table_schema, where
from assets.guarded import guarded, guarded_tick
from assets.partitions import school_years
from assets.publicatie import PUBLISHED
from jos_pipeline.ledger import in_force
from jos_pipeline.overview import overview_html
from jos_pipeline.pages import overview_page
from jos_pipeline.region import Region
from jos_pipeline.report.html import ENTRY
from jos_pipeline.report.rendered import files
from resources.dagster_resources import SiteResource, WarehouseResource
from resources.published import Shown, earlier_of, report_on, to_show
from resources.report import ReportResource
from resources.site import shown_in, write_site
from resources.warehouse import WarehouseStore

GROUP = "rapportage"
SITE = dg.AssetKey([GROUP, "rapport"])
BY_ITSELF = dg.AssetSelection.assets(SITE)
"""What the job ``verwerk`` leaves to the job ``rapport``."""
PAGES = table_schema({"pagina": ("html", "Toegankelijke pagina zonder verwijzingen naar buiten.")})


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
        metadata=PAGES,
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
    )
    @guarded
    def overzicht(
        context: dg.AssetExecutionContext, warehouse: WarehouseResource, report: ReportResource
    ) -> dg.MaterializeResult:
        store, year = warehouse.open(), context.partition_key
        known, figures = store.deliveries(), store.published(year)
        page = overview_html(region, year, known, store.findings(), figures)
        path = report.write(overview_page(year), page)
        return dg.MaterializeResult(
            metadata={
                "dagster/partition_row_count": len(figures),
                "pagina": where(path, report.directory, report.address),
                "bytes": len(page),
                **resting_on(in_force(known, year)["id"]),
            }
        )

    return overzicht


def site_asset(region: Region) -> dg.AssetsDefinition:
    """The report of a school year, on the publication that holds."""

    @dg.asset(
        key=SITE,
        description="Het rapport voor beleid per schooljaar: pagina's (HTML) over de regio, elk gebied, elke school en "
        "elk thema, en documenten (PDF/UA) van de regio en elk gebied. Uit gepubliceerde cijfers alleen.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"html", "pdf"},
        partitions_def=school_years(region),
        deps=[PUBLISHED],
        metadata=PAGES,
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
    )
    @guarded
    def rapport(
        context: dg.AssetExecutionContext, warehouse: WarehouseResource, site: SiteResource
    ) -> dg.MaterializeResult:
        store, year = warehouse.open(), context.partition_key
        shown = to_show(store, year)
        if shown is None:
            return dg.MaterializeResult(
                metadata={"dagster/partition_row_count": 0, "publicatie": "nog geen", **resting_on([])}
            )
        found = report_on(store, region, shown.id)
        target = Path(site.directory) / year
        made = files(found)
        write_site(made, target, str(shown))
        return dg.MaterializeResult(
            metadata=told_of_report(store, shown, site, pages=len(found.pages), documents=len(made) - len(found.pages))
        )

    return rapport


def told_of_report(
    store: WarehouseStore, shown: Shown, site: SiteResource, *, pages: int, documents: int
) -> dict[str, Any]:
    """Metadata of the report that lies in its place, whoever made it."""
    return {
        "dagster/partition_row_count": pages,
        "publicatie": str(shown),
        "eerdere_publicatie": str(earlier_of(store, shown.id) or "geen"),
        **resting_on(store.deliveries_behind(shown.id)["id"]),
        "pagina": where(Path(site.directory) / shown.id.schooljaar / ENTRY, site.directory, site.address),
        "pagina's": pages,
        "documenten": documents,
    }


def site_job() -> Any:
    """The job that makes the report of a school year."""
    return dg.define_asset_job(
        "rapport",
        selection=BY_ITSELF,
        description="Maakt het rapport voor beleid van een schooljaar.",
        executor_def=dg.in_process_executor,
    )


def site_sensor(region: Region, job: Any) -> dg.SensorDefinition:
    """The sensor that makes a report anew when another publication holds."""

    @dg.sensor(
        name="rapport",
        job=job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Maakt het rapport van een schooljaar opnieuw als er een andere publicatie geldt, of geen meer, of "
        "als Dagster het nog niet maakte.",
    )
    @guarded_tick
    def sensor(
        context: dg.SensorEvaluationContext, warehouse: WarehouseResource, site: SiteResource
    ) -> dg.SensorResult | dg.SkipReason:
        store = warehouse.open()
        out = store.publications()
        made = context.instance.get_materialized_partitions(SITE)  # jos report may have made one without Dagster
        requests = []
        for year in sorted({*out["schooljaar"]} & {*region.school_years}):
            shown, there = to_show(store, year), shown_in(Path(site.directory) / year)
            if shown is not None and (str(shown) != there or year not in made):
                requests.append(dg.RunRequest(run_key=f"{shown} na {there}", partition_key=year))
        return dg.SensorResult(run_requests=requests) if requests else dg.SkipReason("Elk rapport is bij.")

    return sensor
