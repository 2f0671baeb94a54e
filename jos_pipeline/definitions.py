"""The composition root: settings and region in, Dagster definitions out. The only module that knows every room."""

import warnings

import dagster as dg

from assets.alerting import alert_sensor
from assets.bronnen import ledger_asset, supplier_asset
from assets.calendar import calendar_checks
from assets.checks import all_checks
from assets.expectations import expectation_checks
from assets.gekoppeld import linked_assets
from assets.gevalideerd import validated_assets
from assets.indicatoren import cube_asset
from assets.jobs import process_job
from assets.koppeling import linkage_asset
from assets.kwaliteit import quality_asset
from assets.open_data import open_data_assets, open_data_checks
from assets.order import RunOrder
from assets.publicatie import publication_assets
from assets.rapportage import report_asset, site_asset, site_job, site_sensor
from assets.schedules import nightly_schedule
from assets.sensors import inbox_sensor
from jos_pipeline.region import Region, load_region
from jos_pipeline.settings import Settings
from jos_pipeline.wiring import heartbeat_resource, inbox_resource, notifier_resource, site_resource
from resources.dagster_resources import (
    KeyResource,
    LakeResource,
    PrivacyResource,
    TurnResource,
    WarehouseResource,
)
from resources.json_log import without_news_of_beta
from resources.opendata import OpenDataResource
from resources.report import ReportResource
from schemas.contracts import CONTRACTS


def build_defs(settings: Settings) -> dg.Definitions:
    """Everything Dagster knows, for one installation."""
    with warnings.catch_warnings():
        # Backfill policies and partition mappings are beta in 1.13; pinned and tested, so no news on every load.
        warnings.simplefilter("ignore", dg.BetaWarning)
        return _definitions(settings, load_region(settings.regio))


def _definitions(settings: Settings, region: Region) -> dg.Definitions:
    job, reports = process_job(), site_job()
    warehouse = WarehouseResource.at(settings.warehouse_url)
    return dg.Definitions(
        assets=[
            *(supplier_asset(region, contract) for contract in CONTRACTS.values()),
            ledger_asset(region, settings.vandaag),
            *open_data_assets(region),
            validated_assets(region),
            linked_assets(region),
            linkage_asset(region),
            cube_asset(region),
            *publication_assets(region),
            quality_asset(region),
            report_asset(region),
            site_asset(region),
        ],
        asset_checks=[
            calendar_checks(region, settings.handleiding, settings.vandaag),
            *all_checks(region),
            *open_data_checks(),
            *expectation_checks(region),
        ],
        jobs=[job, reports],
        sensors=[
            inbox_sensor(region, job, settings.revisie),
            alert_sensor(region, settings.vandaag),
            site_sensor(region, reports),
        ],
        schedules=[nightly_schedule(region, job)],
        resources={
            "inbox": inbox_resource(settings),
            "lake": LakeResource(address=settings.lake_url, turn=TurnResource(url=warehouse.url)),
            "warehouse": warehouse,
            "open_data": OpenDataResource(source=settings.open_data_source, store=str(settings.open_data_store)),
            "report": ReportResource(
                directory=str(settings.report_path),
                address=settings.rapport_adres,
                feedback_address=settings.terugkoppeling_adres,
            ),
            "site": site_resource(settings),
            "privacy": PrivacyResource(directory=str(settings.privacy_register)),
            "keys": KeyResource(file=str(settings.key_file), made_when_absent=not settings.lake_is_remote),
            "notifier": notifier_resource(settings, region),
            "heartbeat": heartbeat_resource(settings),
            "order": RunOrder.configure_at_launch(),
        },
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What ``dagster dev`` and the daemon load: the definitions of the installation that the settings describe."""
    without_news_of_beta()
    return build_defs(Settings())
