"""What people must be told, and when: problems as alerts, what of them is news, and the Dutch text of a message.

Pure. Where alerts come from in Dagster is ``assets.alerting``; sending is ``resources.notifier``. An alert names
suppliers, soorten and counts; never a file, a column or a value of a delivery.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

import pandas as pd

from jos_pipeline import dutch
from jos_pipeline.clock import AMSTERDAM, HEARTBEAT_HOURS
from jos_pipeline.delivery_calendar import DeliveryState, Expected, states_of, told_years
from jos_pipeline.ledger import open_refusals
from jos_pipeline.region import Region
from schemas.contracts import CONTRACTS
from schemas.findings import FINDINGS

REMINDER = "JOS-S054"
REMINDER_DAYS = (3, 14)
TOLD_FOR = timedelta(days=120)
"""What was due longer ago than this is history: the status shows it, nobody is told any more."""


@dataclass(frozen=True)
class Alert:
    """One problem. The same problem has the same ``key`` for as long as it lasts."""

    key: str
    code: str
    wie: str
    wat: str
    quiet: bool = False
    """It lasts, but is history: nobody hears of it any more until it is over."""


@dataclass(frozen=True)
class Told:
    """A problem somebody was told of, and when; ``opgelost_op`` is None while it lasts."""

    alert: Alert
    laatst_gemeld_op: datetime
    opgelost_op: datetime | None


@dataclass(frozen=True)
class Digest:
    """What there is to tell now. ``gone`` is over without being worth a word."""

    new: tuple[Alert, ...] = ()
    again: tuple[Alert, ...] = ()
    solved: tuple[Alert, ...] = ()
    gone: tuple[Alert, ...] = ()

    @property
    def has_news(self) -> bool:
        return bool(self.new or self.again or self.solved)


def digest_of(alerts: Iterable[Alert], told: Mapping[str, Told], now: datetime, repeat_days: int) -> Digest:
    """What of the problems of now is news to somebody who was told ``told`` (by key)."""
    current = {alert.key: alert for alert in alerts}
    lasting = {key: one for key, one in told.items() if one.opgelost_op is None}
    over = [one.alert for key, one in lasting.items() if key not in current]
    repeat = timedelta(days=repeat_days)
    return Digest(
        new=tuple(alert for key, alert in current.items() if key not in lasting and not alert.quiet),
        again=tuple(
            alert
            for key, alert in current.items()
            if key in lasting
            and not alert.quiet
            and alert.code != REMINDER
            and now - lasting[key].laatst_gemeld_op >= repeat
        ),
        solved=tuple(alert for alert in over if alert.code != REMINDER),
        gone=tuple(alert for alert in over if alert.code == REMINDER),
    )


def delivery_alerts(region: Region, deliveries: pd.DataFrame, today: date) -> list[Alert]:
    """Late, silent, nearly due and refused, from the ledger and the calendar."""
    states = [
        state for year in told_years(region, deliveries, today) for state in states_of(region, year, deliveries, today)
    ]
    return [
        *(_late(state, state.late[-1], today) for state in states if state.late),
        *_silent(states, today),
        *(
            alert
            for state in states
            for expected in state.coming
            if (alert := _reminder(state, expected, (expected.uiterlijk - today).days)) is not None
        ),
        *_refused(region, deliveries),
    ]


def _late(state: DeliveryState, expected: Expected, today: date) -> Alert:
    """That a soort is late, whichever its latest moment: what meets that one meets those before it too."""
    what = (
        f"{_title(state.soort)} over {state.schooljaar} per {dutch.day(expected.peildatum)}: "
        f"uiterste datum {dutch.day(expected.uiterlijk)}"
    )
    key = f"te_laat/{expected.leverancier}/{expected.soort}/{expected.schooljaar}"
    return Alert(key, "JOS-S050", state.naam, what, _is_history(expected, today))


def _silent(states: Iterable[DeliveryState], today: date) -> list[Alert]:
    silent: dict[tuple[str, str, str], bool] = {}
    for state in states:
        if state.stil:
            who = (state.leverancier, state.naam, str(state.schooljaar))
            old = all(_is_history(expected, today) for expected in state.late)
            silent[who] = silent.get(who, True) and old
    return [
        Alert(f"stil/{who}/{year}", "JOS-S052", naam, f"al een tijd niets gestuurd voor schooljaar {year}", old)
        for (who, naam, year), old in sorted(silent.items())
    ]


def _reminder(state: DeliveryState, expected: Expected, days: int) -> Alert | None:
    step = next((step for step in REMINDER_DAYS if days <= step), None)
    if step is None:
        return None
    what = f"{_title(state.soort)} per {dutch.day(expected.peildatum)}: uiterlijk {dutch.day(expected.uiterlijk)}"
    key = f"herinnering/{expected.leverancier}/{expected.soort}/{expected.peildatum}/{step}"
    return Alert(key, REMINDER, state.naam, what)


def _refused(region: Region, deliveries: pd.DataFrame) -> list[Alert]:
    years = {*region.school_years}
    refusals = open_refusals(deliveries)
    refusals = refusals[refusals["schooljaar"].isna() | refusals["schooljaar"].isin(years)]
    return [
        Alert(
            f"geweigerd/{row.id}",
            "JOS-S051",
            supplier.naam if (supplier := region.suppliers.get(row.leverancier)) else "Onbekende leverancier",
            f"{'een bestand' if pd.isna(row.soort) else _title(row.soort)} (levering {row.id}) is geweigerd",
        )
        for row in refusals.itertuples()
    ]


def _is_history(expected: Expected, today: date) -> bool:
    return today - expected.uiterlijk > TOLD_FOR


def _title(soort: str | None) -> str:
    return CONTRACTS[soort].title if soort in CONTRACTS else "onbekende soort"


def heartbeat_alerts(last: datetime | None, now: datetime) -> list[Alert]:
    """That nothing was processed for longer than a day; nothing yet is no silence.

    A last time that lies ahead says nothing either: a clock was wrong.
    """
    if last is None or abs(now - last) <= timedelta(hours=HEARTBEAT_HOURS):
        return []
    then = last.astimezone(AMSTERDAM)
    moment = f"{dutch.day(then)}, {then:%H:%M} uur"
    what = (
        f"geen verwerking meer sinds {moment}" if last < now else f"de klok stond of staat verkeerd: {moment} komt nog"
    )
    return [Alert("hartslag", "JOS-S055", "De monitor", what)]


def is_quiet(now: datetime, hours: str) -> bool:
    """Whether people want to be left alone: outside working hours (``8-18``, Dutch time) and in the weekend."""
    if not hours:
        return False
    first, _, last = hours.partition("-")
    local = now.astimezone(AMSTERDAM)
    return local.weekday() >= 5 or not int(first) <= local.hour < int(last)


def message(digest: Digest, region: str, handbook: str) -> tuple[str, str]:
    """The subject and the text of one message with everything there is to tell."""
    parts = [(len(digest.new), "nieuw"), (len(digest.again), "nog open"), (len(digest.solved), "opgelost")]
    subject = f"JOS-monitor {region}: " + ", ".join(f"{count} {word}" for count, word in parts if count)
    blocks = [
        *_blocks("Nieuw", digest.new, handbook),
        *_blocks("Nog steeds open", digest.again, handbook),
        *(["Opgelost", *_lines(digest.solved), ""] if digest.solved else []),
        "Alles bij elkaar ziet u met: jos status",
    ]
    return subject, "\n".join(blocks)


def _blocks(heading: str, alerts: Iterable[Alert], handbook: str) -> list[str]:
    lines: list[str] = []
    for code, found in groupby(sorted(alerts, key=lambda alert: (alert.code, alert.wie)), key=lambda a: a.code):
        kind = FINDINGS[code]
        lines += [f"{heading}: {kind.title} ({code})", *_lines(found), f"  Wat te doen: {kind.remedy}"]
        lines += [f"  Meer uitleg: {section(handbook, code)}", ""]
    return lines


def _lines(alerts: Iterable[Alert]) -> list[str]:
    """One line per problem, under a heading where somebody has several."""
    lines: list[str] = []
    for wie, found in groupby(sorted(alerts, key=lambda alert: alert.wie), key=lambda alert: alert.wie):
        what = [alert.wat for alert in found]
        lines += [f"  - {wie}: {what[0]}"] if len(what) == 1 else [f"  - {wie}:", *(f"      {one}" for one in what)]
    return lines


def section(handbook: str, code: str) -> str:
    """The link to the section of the runbook about a code."""
    return f"{handbook}#{code.lower()}"
