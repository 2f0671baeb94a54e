"""A report that ``jos report`` made is told to Dagster, so that the UI shows it as any other. Part of the front door.

Only where Dagster's runs are kept here, and only when it is what the asset ``rapportage/rapport`` would have made: the
report of the region, in its place, on the publication that holds. An event without a run: there was none.
"""

import os
from contextlib import closing

import dagster as dg

from assets.rapportage import SITE, told_of_report
from jos_pipeline.publication import PublicationId
from jos_pipeline.reporting import Made
from jos_pipeline.settings import Settings
from jos_pipeline.wiring import site_resource
from resources.dagster_instance import opened_instance
from resources.published import to_show
from resources.site import shown_in
from resources.warehouse import WarehouseStore


def record(settings: Settings, made: Made) -> bool:
    """Tells Dagster of a report in its place, unless that is on another publication than the asset would show."""
    year = PublicationId.parse(made.publication).schooljaar
    with closing(WarehouseStore(settings.warehouse_url)) as store:
        shown = to_show(store, year)
        if shown is None or str(shown) != shown_in(settings.site_path / year):
            return False
        told = told_of_report(store, shown, site_resource(settings), pages=made.pages, documents=made.documents)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
    with opened_instance(settings.dagster_home) as instance:
        instance.report_runless_asset_event(dg.AssetMaterialization(SITE, metadata=told, partition=year))
    return True
