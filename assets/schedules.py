"""The nightly run."""

import dagster as dg

from assets.guarded import guarded_tick
from assets.intake import stable_and_new
from assets.order import order_config
from assets.sensors import YEAR_TAG
from jos_pipeline.ledger import processed_years
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from resources.dagster_resources import InboxResource, WarehouseResource


def nightly_schedule(region: Region, job: object) -> dg.ScheduleDefinition:
    """Every night at two, Dutch time: take in whatever is there, refresh all, publish what is due."""

    @dg.schedule(
        name="nacht",
        job=job,
        cron_schedule="0 2 * * *",
        execution_timezone="Europe/Amsterdam",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Elke nacht om 02:00: alles innemen, alle cijfers verversen, publiceren wat volgens de kalender "
        "moet.",
    )
    @guarded_tick
    def nightly(
        context: dg.ScheduleEvaluationContext, inbox: InboxResource, warehouse: WarehouseResource
    ) -> list[dg.RunRequest]:
        known = warehouse.open().deliveries()
        night = context.scheduled_execution_time.date()  # not today: one that is made up for is of its own year
        current = str(SchoolYear.of(night))
        years = {*processed_years(known, region), *(found.schooljaar for found in stable_and_new(inbox, known, region))}
        if current in region.school_years:
            years.add(current)
        return [
            dg.RunRequest(
                run_key=f"{night.isoformat()}/{year}",
                partition_key=year,
                run_config=order_config("kalender"),
                tags={YEAR_TAG: year, "jos/nacht": night.isoformat()},
            )
            for year in sorted(years)
        ]

    return nightly
