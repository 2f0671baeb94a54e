"""Telling people what is wrong: the sensor ``meldingen``, and the same look for ``jos run``.

A failed check does not fail a run, so nobody would hear of it. Here problems are gathered as they stand now: checks
and runs from Dagster's event log, deliveries from the ledger and the calendar. What of them is news and how it is said
is ``jos_pipeline.alerts``; sending and remembering is ``resources.notifier``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import dagster as dg
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus as CheckStatus

from assets.calendar import NAMES as TOLD_BY_DELIVERY
from assets.guarded import guarded_tick
from jos_pipeline.alerts import Alert, delivery_alerts, heartbeat_alerts
from jos_pipeline.clock import today
from jos_pipeline.region import Region
from resources.dagster_resources import HeartbeatResource, NotifierResource, WarehouseResource
from resources.heartbeat import Beat
from resources.notifier import Outcome
from resources.turns import PARTITION_TAG
from resources.warehouse import WarehouseStore

JOB = "verwerk"
ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
ROWS = "rij"
"""How the names of counts of rows begin."""
HISTORY = 60
"""How many results of a check are looked through for the latest of every school year."""


@dataclass(frozen=True)
class Watch:
    """Everything a look at the problems needs. ``fixed_day`` stands for today in a demo."""

    region: Region
    instance: dg.DagsterInstance
    checks: frozenset[dg.AssetCheckKey]
    store: WarehouseStore
    notifier: NotifierResource
    heartbeat: HeartbeatResource
    fixed_day: date | None = None

    def problems(self, now: datetime) -> list[Alert]:
        """Every problem there is now."""
        return [
            *failed_runs(self.instance, self.region),
            *heartbeat_alerts(self.heartbeat.last(), now),
            *delivery_alerts(self.region, self.store.deliveries(), self.fixed_day or today()),
            *failed_checks(self.instance, self.checks),
        ]

    def beat(self, completed: datetime | None) -> bool:
        """Beats the heart when something was completed since it last beat; whether a ping (if any) was heard.

        A beat that lies ahead was written by a clock that was wrong: the next one takes its place.
        """
        if completed is None:
            return True
        last, moment = self.heartbeat.last(), completed.replace(microsecond=0)  # as it is written
        if last is not None and (moment == last or moment < last <= datetime.now(UTC)):
            return True
        publications = self.store.publications()
        latest = None if publications.empty else publications.sort_values("gepubliceerd_op")["id"].iloc[-1]
        problems = sum(not alert.quiet for alert in self.problems(completed))
        return self.heartbeat.beat(Beat(completed, len(self.store.deliveries()), latest, problems))

    def tell(self, now: datetime) -> Outcome:
        """Tells whoever has not heard of it yet."""
        return self.notifier.open().tell(self.store, self.problems(now), now)


def alert_sensor(region: Region, fixed_day: date | None) -> dg.SensorDefinition:
    """The sensor that tells people."""

    @dg.sensor(
        name="meldingen",
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Meldt wat mis is aan de adressen in JOS_MELDINGEN en in het logboek: te late, geweigerde en "
        "stille leveranciers, mislukte controles en verwerkingen. Elk probleem een keer, en ook als het is opgelost.",
    )
    @guarded_tick
    def meldingen(
        context: dg.SensorEvaluationContext,
        warehouse: WarehouseResource,
        notifier: NotifierResource,
        heartbeat: HeartbeatResource,
    ) -> dg.SkipReason:
        checks = frozenset(context.repository_def.asset_graph.asset_check_keys)
        watch = Watch(region, context.instance, checks, warehouse.open(), notifier, heartbeat, fixed_day)
        heard = watch.beat(last_success(context.instance))
        outcome = watch.tell(datetime.now(UTC))
        failed = [*outcome.failed, *([] if heard else ["hartslag"])]
        if failed:
            # the tick is red, and whoever was not told is told at the next one
            raise dg.Failure(f"JOS-E081: {', '.join(failed)} did not take the message.", allow_retries=False)
        told = ", ".join(outcome.taken)
        return dg.SkipReason(f"{outcome.problems} problemen. Gemeld aan: {told or 'niemand, er is geen nieuws'}.")

    return meldingen


def last_success(instance: dg.DagsterInstance) -> datetime | None:
    """When the job last came to a good end."""
    found = instance.get_run_records(dg.RunsFilter(job_name=JOB, statuses=[dg.DagsterRunStatus.SUCCESS]), limit=1)
    return datetime.fromtimestamp(found[0].end_time, tz=UTC) if found and found[0].end_time else None


def failed_runs(instance: dg.DagsterInstance, region: Region) -> list[Alert]:
    """The school years of which the latest run failed; over when a later one succeeds."""
    alerts = []
    for year in region.school_years:
        ended = instance.get_runs(dg.RunsFilter(tags={PARTITION_TAG: year}, statuses=ENDED), limit=1)
        if ended and ended[0].status is dg.DagsterRunStatus.FAILURE:
            what = f"de laatste verwerking is mislukt (run {ended[0].run_id[:8]})"
            alerts.append(Alert(f"mislukt/{year}", "JOS-E080", f"Schooljaar {year}", what))
    return alerts


def failed_checks(instance: dg.DagsterInstance, checks: Iterable[dg.AssetCheckKey]) -> list[Alert]:
    """The checks of which the latest result for a school year is not in order; those on the calendar left out."""
    chosen = sorted(key for key in checks if key.name not in TOLD_BY_DELIVERY)
    return [
        _check_alert(evaluation, year)
        for key in chosen
        for year, evaluation in sorted(_latest(instance, key).items())
        if not evaluation.passed
    ]


def _latest(instance: dg.DagsterInstance, key: dg.AssetCheckKey) -> dict[str, dg.AssetCheckEvaluation]:
    """The latest result of a check per school year; "" for a check that has none."""
    # no public way to the results per partition in 1.13: kept behind this one function
    records = instance.event_log_storage.get_asset_check_execution_history(
        key, limit=HISTORY, status={CheckStatus.SUCCEEDED, CheckStatus.FAILED}
    )
    latest: dict[str, dg.AssetCheckEvaluation] = {}
    for record in records:
        if record.event is not None and record.event.dagster_event is not None:
            evaluation = record.event.dagster_event.asset_check_evaluation_data
            year = record.partition or evaluation.partition or _partition_of(instance, record.run_id)
            latest.setdefault(year, evaluation)
    return latest


def _partition_of(instance: dg.DagsterInstance, run_id: str) -> str:
    run = instance.get_run_by_id(run_id)
    return "" if run is None else run.tags.get(PARTITION_TAG, "")


def _check_alert(evaluation: dg.AssetCheckEvaluation, year: str) -> Alert:
    """Says which check it is, with its counts: the only metadata that is sure to be no value.

    Not how many rows there are: of a rare soort those are few persons, and messages go to places outside the house.
    """
    asset = evaluation.asset_key.to_user_string()
    counts = {
        name: value.value
        for name, value in evaluation.metadata.items()
        if isinstance(value, dg.IntMetadataValue) and not name.startswith(ROWS)
    }
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    what = f"controle '{evaluation.check_name}' op {asset}{f' ({told})' if told else ''}"
    return Alert(
        f"controle/{asset}/{evaluation.check_name}/{year}",
        "JOS-S053",
        f"Schooljaar {year}" if year else "Monitor",
        what,
    )
