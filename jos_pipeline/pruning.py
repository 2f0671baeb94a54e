"""``jos prune``: looking for what has had its time, and removing it with proof. Part of the front door.

What has had its time is ``jos_pipeline.expiry``. Every step can be done again: a process that dies in between leaves
what it did not get to, and the next one finds that.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_hex
from urllib.parse import unquote

import dagster as dg
from rich.console import Console

from assets.terugkoppeling import write_supplier_pages
from jos_pipeline.clock import AMSTERDAM, day_of, today
from jos_pipeline.expiry import Expired, Kept, expired_feedback, expired_in_lake, expired_pages, needed_for
from jos_pipeline.headless import instance_directory, nobody_else, refuse_while_busy
from jos_pipeline.intake.naming import masked
from jos_pipeline.mirror.supplier_page import EXPLANATIONS, INDEX
from jos_pipeline.pages import FEEDBACK_PAGES
from jos_pipeline.prune_proof import Pruned, pruned_html, pruned_json
from jos_pipeline.pruning_doubts import doubts
from jos_pipeline.publication import PublicationId
from jos_pipeline.region import load_region
from jos_pipeline.retention import PAGES_LEFT, months_after
from jos_pipeline.settings import Settings
from resources import whole
from resources.dagster_instance import opened_instance
from resources.heartbeat import last_beat
from resources.lake import Lake
from resources.ledger import code_version
from resources.privacy_register import PrivacyRegister
from resources.report import ReportResource
from resources.warehouse import WarehouseStore

RUNS = "verwerkingen"
PROOF = "opruimen"
IN_DOUBT = "Kijk of de klok goed staat. Is het echt die dag, geef dan ook --vandaag"
CHUNK = 500
_LINK = re.compile(r'href="([^"#:?]+)"')


class DoubtfulDayError(Exception):
    """The day may not be what the clock says, and much would go; the message (Dutch) says why and what to do."""


class OtherDayError(Exception):
    """The day somebody is sure of is not the day of this computer; the message (Dutch) says which that is."""


def prune(
    settings: Settings, door: str | None, console: Console, *, do_it: bool, sure: date | None = None
) -> tuple[Pruned, Path | None]:
    """Lists what has had its time, and removes it when asked to; then there is a proof as well.

    ``sure`` is the day it is according to somebody, for when the clock is doubted (``pruning_doubts``). Raises
    OtherDayError, BusyError and DoubtfulDayError before anything is removed.
    """
    begun, lake, day = datetime.now(UTC), Lake(settings.lake_url), settings.vandaag or today()
    if sure not in (None, day):
        raise OtherDayError(f"volgens deze computer is het {day.isoformat()}: zet eerst de klok goed")
    register = PrivacyRegister(settings.privacy_register)
    with nobody_else(settings, console), console.status("Bewaartermijnen nagaan ..."):
        if do_it:
            refuse_while_busy(settings, console)
        found = _expired(settings, lake, day)
        gone = [one for one in found if not one.wacht]
        pruned_before = [day_of(moment) for moment in register.moments(PROOF)]
        doubted = tuple(doubts(day, _signs(settings, lake), pruned_before, gone))
        if do_it and doubted and sure is None:
            told = [*doubted, "Er is niets verwijderd", f"{IN_DOUBT} {day.isoformat()}"]
            raise DoubtfulDayError(". ".join(told))
        if do_it:
            _remove(settings, lake, gone)
        region = load_region(settings.regio)
        outcome = Pruned(
            kenmerk=f"{begun:%Y%m%dT%H%M%SZ}-{token_hex(2)}",
            op=begun,
            door=masked(door.strip()) if door else None,
            code_versie=code_version(),
            uitgevoerd=do_it,
            termijnen=region.bewaartermijnen.model_dump(),
            verlopen=tuple(gone),
            wacht=tuple(one for one in found if one.wacht),
            twijfel=doubted,
        )
        if not do_it or not gone:
            return outcome, None
        name = f"{PROOF}_{outcome.kenmerk}"
        return outcome, register.write_proof(name, pruned_json(outcome), pruned_html(outcome))


def _signs(settings: Settings, lake: Lake) -> Iterator[date]:
    """The days on which the monitor certainly did something, by the clock of then."""
    store, beat = WarehouseStore(settings.warehouse_url), last_beat(settings.heartbeat_file)
    moments = [*store.deliveries()["beoordeeld_op"], *store.publications()["gepubliceerd_op"], *lake.changed().values()]
    yield from (day_of(moment) for moment in (*moments, *([] if beat is None else [beat])))
    with opened_instance(instance_directory(settings)) as instance:
        yield from (day_of(record.create_timestamp) for record in instance.get_run_records())


def _expired(settings: Settings, lake: Lake, day: date) -> list[Expired]:
    region, store = load_region(settings.regio), WarehouseStore(settings.warehouse_url)
    retention, deliveries = region.bewaartermijnen, store.deliveries()
    behind = [
        (row.gepubliceerd_op, set(store.deliveries_behind(PublicationId.parse(row.id))["id"]))
        for row in store.publications().itertuples()
    ]
    kept = Kept(deliveries, needed_for(behind, retention, day), region.school_years, day)
    feedback = settings.report_path / FEEDBACK_PAGES
    folders = {path.relative_to(feedback).as_posix() for path in feedback.glob("*/*") if path.is_dir()}
    return [
        *expired_in_lake(lake.changed(), kept, retention),
        *expired_feedback({one for one in folders if not one.endswith(f"/{EXPLANATIONS}")}, kept, retention),
        *expired_pages(_halves(settings.report_path), day),
        *(Expired(RUNS, run) for run in _old_runs(settings, day, retention.verwerkingen)),
    ]


def _halves(pages: Path) -> dict[str, datetime]:
    """The halves of pages and when they were written; what a living process is writing may be gone by now."""
    found = {}
    for path in whole.halves_below(pages):
        with suppress(FileNotFoundError):
            found[path.relative_to(pages).as_posix()] = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return found


def _old_runs(settings: Settings, day: date, months: int) -> Iterator[str]:
    """Runs that ended long ago, but those that made something as it is now: the UI shows where that came from."""
    with opened_instance(instance_directory(settings)) as instance:
        before = months_after(day, -months)
        ended = dg.RunsFilter(
            statuses=[dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED],
            created_before=datetime(before.year, before.month, before.day, tzinfo=AMSTERDAM),
        )
        old = [record.dagster_run.run_id for record in instance.get_run_records(ended)]
        latest = _latest(instance) if old else set()
        yield from (run for run in old if run not in latest)


def _latest(instance: dg.DagsterInstance) -> set[str]:
    """The runs with the latest materialisation of an asset or of one of its partitions.

    By run and not by number: on SQLite the events of a run have other numbers in its own file than in the index.
    """
    kind, found = dg.DagsterEventType.ASSET_MATERIALIZATION, set()
    for record in instance.get_asset_records(list(instance.all_asset_keys())):
        entry = record.asset_entry
        if entry.last_materialization_record is not None:
            found.add(entry.last_materialization_record.run_id)
        numbers = list(instance.get_latest_storage_id_by_partition(entry.asset_key, kind).values())
        for start in range(0, len(numbers), CHUNK):
            some = numbers[start : start + CHUNK]
            chosen = dg.AssetRecordsFilter(asset_key=entry.asset_key, storage_ids=some)
            found |= {one.run_id for one in instance.fetch_materializations(chosen, limit=len(some)).records}
    return found


def _remove(settings: Settings, lake: Lake, gone: list[Expired]) -> None:
    feedback = settings.report_path / FEEDBACK_PAGES
    for one in gone:
        if one.klasse == "terugkoppeling":
            shutil.rmtree(feedback / one.naam)
        elif one.klasse == PAGES_LEFT:
            with suppress(FileNotFoundError):  # it lay in a folder that went
                whole.remove(settings.report_path / one.naam)
        elif one.klasse != RUNS:
            lake.remove_file(one.naam)
    with opened_instance(instance_directory(settings)) as instance:
        for one in gone:
            if one.klasse == RUNS:
                instance.delete_run(one.naam)
    if touched := _with_dead_links(feedback):
        store, region = WarehouseStore(settings.warehouse_url), load_region(settings.regio)
        report = ReportResource(directory=str(settings.report_path))
        write_supplier_pages(report, lake, store.deliveries(), region, touched, settings.vandaag or today())


def _with_dead_links(feedback: Path) -> set[str]:
    """The suppliers whose page refers to feedback that is gone, now or by a prune that died before it came to this."""
    return {
        page.parent.name
        for page in feedback.glob(f"*/{INDEX}")
        if any(not (page.parent / unquote(link)).exists() for link in _LINK.findall(page.read_text(encoding="utf-8")))
    }
