"""What day it is for the monitor: the day in the Netherlands, whatever the clock of the machine is set to."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def day_of(moment: datetime) -> date:
    """The Dutch day on which a moment (with a time zone) lies."""
    return moment.astimezone(AMSTERDAM).date()


def today() -> date:
    return datetime.now(AMSTERDAM).date()
