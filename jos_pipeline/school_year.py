"""School years, periods and windows (spec 2.1). Pure calendar arithmetic; no data."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self


class Period(StrEnum):
    """The periods over which an indicator is computed."""

    SCHOOLJAAR = "schooljaar"
    HALFJAAR_1 = "halfjaar_1"
    HALFJAAR_2 = "halfjaar_2"


@dataclass(frozen=True, slots=True)
class Window:
    """The days a..b that count, both included; ``last_day`` is b before the peildatum cut it off."""

    period: Period
    a: date
    b: date
    last_day: date

    @property
    def days(self) -> int:
        return (self.b - self.a).days + 1


@dataclass(frozen=True, slots=True, order=True)
class SchoolYear:
    """A school year, 1 August to 31 July, written ``2022-2023``."""

    start_year: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads ``2022-2023``. Raises ValueError for anything else, or years that do not follow each other."""
        first, dash, second = text.partition("-")
        if not (dash and first.isdigit() and second.isdigit() and len(first) == len(second) == 4):
            raise ValueError("a school year is written as 2022-2023")
        if int(second) != int(first) + 1:
            raise ValueError("the two years of a school year follow each other")
        return cls(int(first))

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year if day.month >= 8 else day.year - 1)

    def __str__(self) -> str:
        return f"{self.start_year}-{self.start_year + 1}"

    @property
    def first_day(self) -> date:
        return date(self.start_year, 8, 1)

    @property
    def last_day(self) -> date:
        return date(self.start_year + 1, 7, 31)

    @property
    def counting_day(self) -> date:
        """1 October, the day on which pupils are counted."""
        return date(self.start_year, 10, 1)

    def windows(self, peildatum: date) -> tuple[Window, ...]:
        """The windows that have begun on ``peildatum``, each cut off at it."""
        half = date(self.start_year, 12, 31)
        bounds = (
            (Period.SCHOOLJAAR, self.first_day, self.last_day),
            (Period.HALFJAAR_1, self.first_day, half),
            (Period.HALFJAAR_2, half + timedelta(days=1), self.last_day),
        )
        return tuple(Window(period, a, min(b, peildatum), b) for period, a, b in bounds if a <= peildatum)
