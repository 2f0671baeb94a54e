"""What day it is for the monitor: the day in the Netherlands, whatever the clock of the machine is set to."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
HEARTBEAT_HOURS = 26
"""A monitor that runs every night is silent for no longer than this, also when a run takes an hour or two."""


def day_of(moment: datetime) -> date:
    """The Dutch day on which a moment (with a time zone) lies."""
    return moment.astimezone(AMSTERDAM).date()


def today() -> date:
    return datetime.now(AMSTERDAM).date()


def moment_of(text: str) -> datetime:
    """The moment somebody wrote: ``2023-03-01T12:00``, Dutch time unless it says otherwise; a day is its end.

    Raises ValueError for anything else.
    """
    found = datetime.fromisoformat(text)
    if len(text) == len("2023-03-01"):
        found = datetime.combine(found, time.max)
    return found if found.tzinfo else found.replace(tzinfo=AMSTERDAM)
