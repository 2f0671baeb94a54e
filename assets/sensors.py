"""From a file in the inbox to a run, and the nightly run.

Deciding is pure and tested without Dagster (``decide``); the sensor only looks, asks and tells. An inbox that
cannot be read raises, so that the tick is red: it is not an empty inbox.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import dagster as dg
import polars as pl

from assets.bronnen import LEDGER
from assets.dead_runs import close_dead
from assets.gekoppeld import GROUP as LINKED
from assets.gevalideerd import GROUP as VALIDATED
from assets.gevalideerd import STANDING as VALIDATED_STANDING
from assets.gevalideerd import key_of
from assets.guarded import guarded_tick
from assets.indicatoren import GROUP as INDICATORS
from assets.indicatoren import STANDING
from assets.intake import Waiting, stable_and_new
from assets.kwaliteit import QUALITY
from assets.order import Publish, order_config
from assets.rapportage import BY_ITSELF
from jos_pipeline.ledger import Standing, processed_years, standing
from jos_pipeline.region import Region
from resources.dagster_resources import InboxResource, LakeResource, WarehouseResource, full_url
from resources.lake import Lake
from schemas.contracts import CONTRACTS
from schemas.linked import LINKED_TABLES

YEAR_TAG = "jos/schooljaar"
WORK_TAG = "jos/werk"
MAX_ATTEMPTS = 3
BUSY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dataclass(frozen=True)
class Work:
    """What has to be done for one school year: files to take in, or figures that lag behind the ledger."""

    schooljaar: str
    soorten: frozenset[str | None]
    files: tuple[str, ...]
    behind: str

    @property
    def digest(self) -> str:
        """Names the work without naming a file: the same work has the same digest."""
        return hashlib.sha256("\n".join((self.schooljaar, *self.files, self.behind)).encode()).hexdigest()[:16]


def decide(
    found: Iterable[Waiting], standings: Mapping[str, Standing], computed: Mapping[str, Standing | None]
) -> list[Work]:
    """One piece of work per school year that has new files or whose figures lag behind its deliveries."""
    files = list(found)
    years = sorted({file.schooljaar for file in files} | {y for y, s in standings.items() if computed.get(y) != s})
    return [_work(year, [file for file in files if file.schooljaar == year], standings, computed) for year in years]


def _work(
    year: str, files: list[Waiting], standings: Mapping[str, Standing], computed: Mapping[str, Standing | None]
) -> Work:
    now, then = standings.get(year, frozenset()), computed.get(year)
    lagging = frozenset({None}) if then is None else frozenset(soort for soort, _, _ in now ^ then)
    described = (
        f"{w.file.leverancier}/{w.file.name}/{w.file.size}/{w.file.modified.isoformat()}/{w.yardstick}" for w in files
    )
    return Work(
        year,
        frozenset(file.soort for file in files) | lagging,
        tuple(sorted(described)),
        "" if now == then else repr(sorted(now)),
    )


def selection(work: Work, graph: Any) -> list[dg.AssetKey] | None:
    """The assets a piece of work touches: the gate, how good the data is, the soorten, and what depends on these.

    None means all: a soort that cannot be told yet may be any, and figures need every table to be made once.
    """
    if None in work.soorten:
        return None
    touched = dg.AssetSelection.assets(*(key_of(str(soort)) for soort in work.soorten)).downstream()
    return sorted((touched - BY_ITSELF | dg.AssetSelection.assets(LEDGER, QUALITY)).resolve(graph))


def computed_standing(lake: Lake, year: str) -> Standing | None:
    """The deliveries behind the internal figures of a school year; None when they must be made from the ground up.

    That is so when a table they rest on was never made (a first delivery, a soort that is new to the monitor) or when
    the note of what they rest on cannot be read.
    """
    tables = [(layer, soort) for layer in (VALIDATED, VALIDATED_STANDING) for soort in CONTRACTS]
    tables += [(LINKED, table) for table in LINKED_TABLES]
    if not lake.has_layers([*tables, (INDICATORS, STANDING)], year):
        return None
    try:
        return frozenset(lake.read_layer(INDICATORS, STANDING, year).iter_rows())
    except (OSError, pl.exceptions.PolarsError):
        return None


def inbox_sensor(region: Region, job: Any, revise: Literal["nacht", "direct"]) -> dg.SensorDefinition:
    """The sensor that turns a stable new file into a run."""

    @dg.sensor(
        name="inbox",
        job=job,
        minimum_interval_seconds=5,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Ziet nieuwe bestanden in de inbox en zet ze om in cijfers. Een bestand dat nog wordt geschreven, "
        "blijft liggen tot het klaar is.",
    )
    @guarded_tick
    def sensor(
        context: dg.SensorEvaluationContext, inbox: InboxResource, lake: LakeResource, warehouse: WarehouseResource
    ) -> dg.SensorResult | dg.SkipReason:
        close_dead(context.instance, job.name, full_url(warehouse.url))
        known = warehouse.open().deliveries()
        years = processed_years(known, region)
        work = decide(
            stable_and_new(inbox, known, region),
            {year: standing(known, year) for year in years},
            {year: computed_standing(lake.open(), year) for year in years},
        )
        publish = "kalender" if revise == "direct" else "nee"
        asked = [_request(context, piece, publish) for piece in work]
        requests = [request for request in asked if isinstance(request, dg.RunRequest)]
        stuck = "; ".join(answer for answer in asked if isinstance(answer, str))
        if stuck and not requests:
            raise dg.Failure(stuck)
        if stuck:
            # the tick turns red once the rest is done: one year that fails must not stop the others
            context.log.error(stuck)
        return dg.SensorResult(run_requests=requests) if requests else dg.SkipReason("Geen nieuwe bestanden.")

    return sensor


def _request(context: dg.SensorEvaluationContext, work: Work, publish: Publish) -> dg.RunRequest | str | None:
    """The run that does the work; None while another run is at it; a complaint when it failed too often."""
    runs = context.instance.get_runs(dg.RunsFilter(tags={YEAR_TAG: work.schooljaar}), limit=50)
    if any(run.status in BUSY for run in runs):
        return None
    attempts = sum(run.tags.get(WORK_TAG) == work.digest for run in runs)
    if attempts >= MAX_ATTEMPTS:
        return f"Work {work.digest} for {work.schooljaar} failed {attempts} times; look at its runs."
    return dg.RunRequest(
        run_key=f"{work.digest}/{attempts}",
        partition_key=work.schooljaar,
        asset_selection=selection(work, context.repository_def.asset_graph),
        run_config=order_config(publish),
        tags={YEAR_TAG: work.schooljaar, WORK_TAG: work.digest, "jos/bestanden": str(len(work.files))},
    )
