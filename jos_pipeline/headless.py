"""``jos run``: the same job the daemon runs, school year by school year, in this process. Part of the front door."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import dagster as dg
import pandas as pd
from dagster._core.events import RunFailureReason
from rich.console import Console
from rich.status import Status

from assets.intake import settled_and_new
from assets.order import Publish, order_config
from assets.sensors import BUSY, YEAR_TAG, computed_standing
from assets.unfinished import unfinished_years
from jos_pipeline.clock import today
from jos_pipeline.definitions import build_defs
from jos_pipeline.ledger import processed_years, standing, years_with_deliveries
from jos_pipeline.outcome import year_outcome
from jos_pipeline.pages import overview_page
from jos_pipeline.pseudonym import fingerprint
from jos_pipeline.region import Region, load_region
from jos_pipeline.school_year import SchoolYear
from jos_pipeline.settings import Settings
from jos_pipeline.summary import RunOutcome
from jos_pipeline.terminal import wants_all
from jos_pipeline.watch import watch_over
from jos_pipeline.wiring import inbox_resource
from resources.dagster_instance import opened_instance
from resources.keys import known_key, monitor_key
from resources.lake import Lake
from resources.privacy_register import PrivacyRegister
from resources.sweeping import applied_to, replay
from resources.turns import turn_if_free, turn_of, whole_turn
from resources.warehouse import WarehouseStore

START_TAG = "jos/start"
"""The day on which a run was started headless; no other run has it."""

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""Dagster keeps what went wrong and where; a terminal gets our own line of it."""

OUR_ERRORS = ("schemas.", "jos_pipeline.", "resources.", "assets.")
"""How the message of an exception of our own begins in Dagster's event log."""

INSTANCE_FILE = Path(__file__).parents[1] / "dagster.yaml"


def run_everything(
    settings: Settings, peildatum: date | None, *, publish: bool, final: bool, console: Console
) -> RunOutcome:
    """Takes in what is new, materialises what follows, publishes when asked to. Progress goes to ``console``.

    One at a time per machine: a second one waits for the first. Of several machines each takes the school years that no
    other is at, and waits for the rest. Raises FileNotFoundError when there is no inbox, UnknownYearError when the
    monitor does not process the school year of ``peildatum``.
    """
    region = load_region(settings.regio)
    if peildatum and publishing_year(region, peildatum) not in region.school_years:
        raise UnknownYearError(f"{peildatum} ligt in geen schooljaar dat de monitor verwerkt")
    with only_run(settings, console), closing(WarehouseStore(settings.warehouse_url)) as store:
        return _run_everything(settings, region, store, peildatum, publish=publish, final=final, console=console)


def _run_everything(
    settings: Settings,
    region: Region,
    store: WarehouseStore,
    peildatum: date | None,
    *,
    publish: bool,
    final: bool,
    console: Console,
) -> RunOutcome:
    store.ensure_schema()
    lake = _reached_lake(settings)
    _forget_again(settings, lake, console)
    work = _Work(settings, region, store, lake, peildatum, publish=publish, final=final)
    with console.status("Kijken wat er in de inbox ligt ..."):
        years, unstable = work.years()
    try:
        done = _run_years(work, years, console)
    except EndedFromOutsideError:
        _tell(settings, region, store, console, all_done=False)
        raise
    failed = tuple(f"{year}{reason_of(result)}" for year, result in done.items() if not result.success)
    _tell(settings, region, store, console, all_done=not failed)
    deliveries, findings, publications = store.deliveries(), store.findings(), store.publications()
    ours = {result.run_id for result in done.values()}
    mine = deliveries[deliveries["run_id"].isin(ours)]
    return RunOutcome(
        years=tuple(
            year_outcome(region, year, deliveries, findings, store.published(year))
            for year in _told(deliveries, mine) or years
        ),
        taken_in=len(mine),
        unstable=unstable,
        failed=failed,
        asked=work.asked(deliveries) if publish else None,
        published_now=tuple(sorted(publications[publications["run_id"].isin(ours)]["id"])),
        pages=tuple(sorted(settings.report_path.glob(overview_page("*")), reverse=True)),
        warehouse=settings.warehouse_url,
        dagster_home=settings.dagster_home,
    )


def _reached_lake(settings: Settings) -> Lake:
    """The lake. One on a server that does not answer, or without the key beside it, is told before any run begins.

    Raises StorageError and NoKeyError, each one line.
    """
    lake = Lake(settings.lake_url)
    if settings.lake_is_remote:
        monitor_key(settings.key_file)
        lake.is_filled()
    return lake


def _forget_again(settings: Settings, lake: Lake, console: Console) -> None:
    """Takes out of a lake that was put back who must stay forgotten; its touched figures lag from then on.

    Every intake does so too, but there is none when nothing new came. Raises OtherKeyTombstonesError.
    """
    if not lake.is_filled() or (key := known_key(settings.key_file)) is None:
        return
    register = PrivacyRegister(settings.privacy_register)
    if lake.fingerprint() == fingerprint(key) and register.tombstones(fingerprint(key)) - applied_to(lake):
        telling = "Leerlingen die vergeten moeten blijven, weer verwijderen ..."
        with console.status(telling), whole_turn(settings.warehouse_url):
            replay(lake, register, key)


def _tell(settings: Settings, region: Region, store: WarehouseStore, console: Console, *, all_done: bool) -> None:
    """Beats the heart and tells people of problems. Whoever cannot be told is no reason to call a run failed."""
    with opened_instance(instance_directory(settings)) as instance:
        watch, now = watch_over(settings, region, instance, build_defs(settings), store), datetime.now(UTC)
        heard = watch.beat(now) if all_done else True
        outcome = watch.tell(now)
    for name in (*outcome.failed, *(() if heard else ("hartslag",))):
        console.print(f"{name} nam de melding niet aan; de volgende keer opnieuw (jos explain JOS-E081).", markup=False)


def instance_directory(settings: Settings) -> Path:
    """Where Dagster keeps its runs; made with the project's dagster.yaml in it."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "dagster.yaml").exists():
        shutil.copy(INSTANCE_FILE, home / "dagster.yaml")
    return home


def _told(deliveries: pd.DataFrame, mine: pd.DataFrame) -> list[str]:
    """The school years to tell of: with deliveries in force, and of what came now, also when all of it was refused."""
    return sorted({*years_with_deliveries(deliveries), *mine["schooljaar"].dropna()}, reverse=True)


class UnknownYearError(ValueError):
    """A peildatum in a school year that the monitor does not process."""


class EndedFromOutsideError(RuntimeError):
    """A run was ended by Ctrl-C or by the system; the message (Dutch) says what to do."""


@contextmanager
def only_run(settings: Settings, console: Console) -> Iterator[None]:
    """Holds the lock of this machine; the system lets go of it when the process ends, however it ends."""
    with (instance_directory(settings) / "jos-run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with console.status("Wachten op een andere jos run ..."):
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def nobody_else(settings: Settings, console: Console) -> Iterator[None]:
    """Waits until no run is at work, on whatever machine; those that begin wait for this."""
    with only_run(settings, console), ExitStack() as held:
        with console.status("Wachten tot er geen verwerking meer loopt ..."):
            held.enter_context(whole_turn(settings.warehouse_url))
        yield


def close_abandoned(instance: dg.DagsterInstance, year: str | None = None) -> int:
    """Marks earlier headless runs that never ended as failed, of one school year or of all.

    For who has the turn on these: a run that has none is not at work, on whatever machine its process was. Otherwise
    the sensor and the queue would wait for it for ever. Gives how many there were.
    """
    tags = {} if year is None else {YEAR_TAG: year}
    unfinished = dg.RunsFilter(statuses=[*BUSY], tags=tags)
    died = [run for run in instance.get_runs(unfinished) if START_TAG in run.tags]
    for run in died:
        instance.report_run_failed(run, "The process of this run ended before the run did.")
    return len(died)


def close_and_tell(settings: Settings, instance: dg.DagsterInstance, console: Console, year: str | None = None) -> bool:
    """``close_abandoned``, and people are told of it: nobody else will, for what is run next may go well.

    Gives whether any died.
    """
    died = close_abandoned(instance, year) > 0
    if died:
        console.print("Een eerdere verwerking is afgebroken.", markup=False)
    if died or _failed_last(instance, year):  # whoever closed it may have died before people were told
        with closing(WarehouseStore(settings.warehouse_url)) as store:
            _tell(settings, load_region(settings.regio), store, console, all_done=False)
    return died


def _failed_last(instance: dg.DagsterInstance, year: str | None) -> bool:
    last = instance.get_runs(dg.RunsFilter(tags={} if year is None else {YEAR_TAG: year}), limit=1)
    return any(run.status is dg.DagsterRunStatus.FAILURE for run in last)


class BusyError(Exception):
    """A run is going on that may hold in memory what must go; the message (Dutch) says what to do."""


def refuse_while_busy(settings: Settings, console: Console) -> None:
    """Raises BusyError while a run that Dagster started is not done. For who waited for all (``nobody_else``)."""
    with opened_instance(instance_directory(settings)) as instance:
        close_and_tell(settings, instance, console)
        if instance.get_runs(dg.RunsFilter(statuses=[*BUSY]), limit=1):
            raise BusyError("er loopt een verwerking in Dagster. Wacht tot die klaar is en probeer het opnieuw")


@dataclass(frozen=True)
class _Work:
    """What ``jos run`` was asked to do, and where."""

    settings: Settings
    region: Region
    store: WarehouseStore
    lake: Lake
    peildatum: date | None
    _: KW_ONLY
    publish: bool
    final: bool

    def years(self) -> tuple[list[str], int]:
        """The school years this run is about: new files, figures that lag, what to publish, what was left half-way.

        And how many files are still being written.
        """
        known = self.store.deliveries()
        fresh, unstable = settled_and_new(inbox_resource(self.settings), known, self.region)
        standing_years, peildatum = years_with_deliveries(known), self.peildatum
        lagging = {year for year in standing_years if computed_standing(self.lake, year) != standing(known, year)}
        asked = (
            {publishing_year(self.region, peildatum)} if peildatum else set(standing_years) if self.publish else set()
        )
        touched = {found.schooljaar for found in fresh} | self._unfinished()
        return sorted((touched | lagging | asked) & set(self.region.school_years)), unstable

    def _unfinished(self) -> frozenset[str]:
        with opened_instance(instance_directory(self.settings)) as instance:
            return unfinished_years(instance, self.region.school_years, START_TAG)

    def asked(self, known: pd.DataFrame) -> tuple[str, ...]:
        """The school years to publish, when it publishes; ``known`` is the ledger."""
        if self.peildatum:
            return (publishing_year(self.region, self.peildatum),)
        return tuple(processed_years(known, self.region))

    def order(self, year: str) -> dict[str, object]:
        """What is asked of the run of a school year."""
        mine = self.peildatum if self.peildatum and publishing_year(self.region, self.peildatum) == year else None
        asked = self.publish and (self.peildatum is None or mine is not None)
        wanted: Publish = "nu" if asked else ("kalender" if self.settings.revisie == "direct" else "nee")
        return order_config(wanted, mine, final=self.final and mine == self.peildatum)


def publishing_year(region: Region, peildatum: date) -> str:
    """The school year that publishes on a peildatum: 1 August closes the year before."""
    for year in (SchoolYear.of(peildatum), SchoolYear(SchoolYear.of(peildatum).start_year - 1)):
        if any(day == peildatum for day, _ in region.releases_in(year)):
            return str(year)
    return str(SchoolYear.of(peildatum))


def _run_years(work: _Work, years: list[str], console: Console) -> dict[str, dg.ExecuteInProcessResult]:
    """Runs every school year in its turn; those that another machine is at come last, and only if still needed."""
    url, done, later = work.settings.warehouse_url, {}, []
    job = build_defs(work.settings).resolve_job_def("verwerk")
    with opened_instance(instance_directory(work.settings)) as instance:
        for number, year in enumerate(years, start=1):
            about = f"Schooljaar {year} ({number} van {len(years)})"
            with turn_if_free(url, year) as turn:
                if turn is None:
                    later.append(year)
                else:
                    done[year] = _run_one(work, job, instance, year, about, console)
        for year in later:
            with ExitStack() as held:
                with console.status(f"Schooljaar {year}: wachten op een andere machine ..."):
                    held.enter_context(turn_of(url, year))
                if year in work.years()[0]:
                    done[year] = _run_one(work, job, instance, year, f"Schooljaar {year}", console)
    return done


def _run_one(
    work: _Work, job: dg.JobDefinition, instance: dg.DagsterInstance, year: str, about: str, console: Console
) -> dg.ExecuteInProcessResult:
    if close_and_tell(work.settings, instance, console, year):
        console.print("Wat zij niet afmaakte, gebeurt nu.", markup=False)
    with console.status(f"{about}: beginnen ...") as status:
        show = partial(_tell_step, partial(_show_step, status, about))
        return run_year(job, instance, year, work.order(year), follow=show)


def run_year(
    job: dg.JobDefinition,
    instance: dg.DagsterInstance,
    year: str,
    order: dict[str, object],
    selection: Sequence[dg.AssetKey] | None = None,
    follow: Callable[[dg.EventLogEntry], None] | None = None,
) -> dg.ExecuteInProcessResult:
    """Runs the job, or the selected assets of it, for a school year in this process; a failure is in the result.

    ``follow`` is told every event of the run. Raises EndedFromOutsideError.
    """
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
    run_id = str(uuid4())
    if follow is not None:
        instance.add_event_listener(run_id, follow)
    result = job.execute_in_process(
        run_id=run_id,
        partition_key=year,
        instance=instance,
        run_config=order if wants_all() else order | QUIET,
        tags={YEAR_TAG: year, START_TAG: today().isoformat()},
        raise_on_error=False,
        asset_selection=selection,
    )
    if result.filter_events(_is_ended_from_outside):
        raise EndedFromOutsideError(
            "afgebroken voordat het klaar was. Er is niets half vastgelegd: geef dezelfde opdracht nog eens"
        )
    return result


def _is_ended_from_outside(event: dg.DagsterEvent) -> bool:
    failed = event.event_type is dg.DagsterEventType.RUN_FAILURE
    return failed and event.job_failure_data.failure_reason is RunFailureReason.UNEXPECTED_TERMINATION


def _show_step(status: Status, about: str, step: str) -> None:
    status.update(f"{about}: {step} ...")


_STEPS = {
    "bronnen": "bestanden beoordelen",
    "gevalideerd": "leveringen samenvoegen",
    "gekoppeld": "bronnen koppelen",
    "indicatoren": "cijfers tellen",
    "publicatie": "cijfers beveiligen en vastleggen",
    "rapportage": "pagina's schrijven",
}
"""What a step is at, by the group its name begins with; all others are checks."""


def _tell_step(follow: Callable[[str], None], entry: dg.EventLogEntry) -> None:
    event = entry.dagster_event
    if event is not None and event.is_step_start and event.step_key is not None:
        follow(_STEPS.get(event.step_key.partition("__")[0], "controleren"))


def reason_of(result: dg.ExecuteInProcessResult) -> str:
    """Why a run failed, when one of our own errors says so: those never hold a value of a delivery."""
    for event in result.filter_events(lambda event: event.is_step_failure):
        error = event.step_failure_data.error
        while error is not None:
            if error.message.startswith(OUR_ERRORS):
                return f" ({error.message.partition(': ')[2].strip()})"
            error = error.cause
    return ""
