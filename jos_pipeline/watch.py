"""``jos status`` and ``jos notify``: how things stand, and telling people. Part of the front door."""

from datetime import UTC, date, datetime

import dagster as dg
import pandas as pd

from assets.alerting import Watch
from jos_pipeline import dutch
from jos_pipeline.alerts import heartbeat_alerts
from jos_pipeline.clock import AMSTERDAM, day_of, today
from jos_pipeline.delivery_calendar import DeliveryState, states_of, told_years, unplaced
from jos_pipeline.ledger import as_of
from jos_pipeline.region import Region, load_region
from jos_pipeline.settings import Settings
from jos_pipeline.status import Status
from jos_pipeline.wiring import heartbeat_resource, notifier_resource
from resources.heartbeat import last_beat
from resources.notifier import Outcome
from resources.warehouse import WarehouseStore
from schemas.findings import FINDINGS


class UnknownNameError(ValueError):
    """A school year or supplier that the region does not know."""


def status_of(
    settings: Settings, schooljaar: str | None, leverancier: str | None, moment: datetime | None = None
) -> Status:
    """How deliveries stand, of everything or of a school year or supplier; or stood at a moment of the past.

    Raises UnknownNameError.
    """
    region = load_region(settings.regio)
    store = WarehouseStore(settings.warehouse_url)
    known = store.deliveries() if moment is None else as_of(store.deliveries(), moment)
    if schooljaar is not None and schooljaar not in region.school_years:
        raise UnknownNameError(
            f"schooljaar {schooljaar} wordt niet verwerkt; kies uit {', '.join(region.school_years)}"
        )
    if leverancier is not None and leverancier not in {*region.suppliers, *known["leverancier"]}:
        raise UnknownNameError("die leverancier is er niet; gebruik de naam van zijn map in de inbox")
    day = (settings.vandaag or today()) if moment is None else day_of(moment)
    warnings = _warnings(settings) if moment is None else (_at(moment),)
    status = Status(_years(region, known, schooljaar, day), warnings)
    return status if leverancier is None else status.of_supplier(leverancier)


YearStates = tuple[str | None, tuple[DeliveryState, ...]]


def _years(region: Region, known: pd.DataFrame, schooljaar: str | None, day: date) -> tuple[YearStates, ...]:
    years = told_years(region, known, day) if schooljaar is None else [schooljaar]
    told: list[YearStates] = [(year, states_of(region, year, known, day)) for year in years]
    if schooljaar is None and (strays := unplaced(region, known)):
        told.append((None, strays))
    return tuple(told)


def _at(moment: datetime) -> str:
    local = moment.astimezone(AMSTERDAM)
    return f"zo was het op {dutch.day(local)}, {local:%H:%M} uur"


def _warnings(settings: Settings) -> tuple[str, ...]:
    last, now = last_beat(settings.heartbeat_file), datetime.now(UTC)
    if last is None:
        return ("de monitor heeft nog niets verwerkt. Start: jos run",)
    if not heartbeat_alerts(last, now):
        return ()
    local = last.astimezone(AMSTERDAM)
    return (f"geen verwerking meer sinds {dutch.day(local)}, {local:%H:%M} uur. {FINDINGS['JOS-S055'].remedy}",)


def watch_over(
    settings: Settings, region: Region, instance: dg.DagsterInstance, defs: dg.Definitions, store: WarehouseStore
) -> Watch:
    """The look at problems of an installation."""
    checks = frozenset(defs.resolve_asset_graph().asset_check_keys)
    return Watch(
        region,
        instance,
        checks,
        store,
        notifier_resource(settings, region),
        heartbeat_resource(settings),
        settings.vandaag,
    )


def send_test(settings: Settings) -> Outcome:
    """Sends a message that is about nothing to every address and the log book."""
    return notifier_resource(settings, load_region(settings.regio)).open().test()
