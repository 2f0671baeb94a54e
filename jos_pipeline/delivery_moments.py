"""How a region writes down its delivery calendar: moments that come back every school year, and postponements.

Only the shape of the configuration and its mistakes; what is expected of whom is ``jos_pipeline.delivery_calendar``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict, Field, field_validator

from jos_pipeline.school_year import SchoolYear

LEAP_YEAR = 2024
CALENDAR_DAY = r"^\d{2}-\d{2}$"


class DeliveryMoment(BaseModel):
    """A peildatum (month-day) of every school year, and by when deliveries as of that day must be in.

    Without ``soorten`` it is about every soort, without ``leveranciers`` about everybody. For a supplier and soort
    the moments that name both hold, else those that name the supplier, else the soort, else those that name neither.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    peildatum: str = Field(pattern=CALENDAR_DAY)
    uiterlijk: int | str
    """Days after the peildatum, or a month-day: the first one on or after the peildatum."""
    soorten: tuple[str, ...] = ()
    leveranciers: tuple[str, ...] = ()

    @field_validator("peildatum", "uiterlijk")
    @classmethod
    def _exists(cls, value: int | str) -> int | str:
        if isinstance(value, int):
            if not 0 <= value <= 365:
                raise ValueError("schrijf 0 tot en met 365 dagen na de peildatum, of een maand en dag zoals '02-22'")
        else:
            day_of_year(LEAP_YEAR, value)
        return value

    @property
    def specificity(self) -> int:
        return 2 * bool(self.leveranciers) + bool(self.soorten)

    def is_about(self, leverancier: str, soort: str) -> bool:
        return (not self.leveranciers or leverancier in self.leveranciers) and (
            not self.soorten or soort in self.soorten
        )

    def day_in(self, year: SchoolYear) -> date:
        """The peildatum in a school year; 1 August closes the year, so it falls after the last day."""
        return day_of_year(year.start_year + (0 if self.peildatum > "08-01" else 1), self.peildatum)

    def deadline_in(self, year: SchoolYear) -> date:
        """The last day in a school year, before any postponement."""
        day = self.day_in(year)
        if isinstance(self.uiterlijk, int):
            return day + timedelta(days=self.uiterlijk)
        same_year = day_of_year(day.year, self.uiterlijk)
        return same_year if same_year >= day else day_of_year(day.year + 1, self.uiterlijk)


class Postponement(BaseModel):
    """Days on which no deadline falls, such as a school holiday: it moves to the first day after them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    naam: str
    van: date
    tot_en_met: date


def postponed(deadline: date, postponements: Iterable[Postponement]) -> date:
    """The deadline, moved past every postponement it falls in."""
    for pause in sorted(postponements, key=lambda pause: pause.van):
        if pause.van <= deadline <= pause.tot_en_met:
            deadline = pause.tot_en_met + timedelta(days=1)
    return deadline


def calendar_mistakes(
    moments: tuple[DeliveryMoment, ...], pauses: tuple[Postponement, ...], agreed: Mapping[str, tuple[str, ...]]
) -> list[str]:
    """Everything that is wrong with a calendar; ``agreed`` holds the soorten of every supplier."""
    delivered = {soort for soorten in agreed.values() for soort in soorten}
    twice = Counter((m.peildatum, who, what) for m in moments for who in m.leveranciers or ("*",)
                    for what in m.soorten or ("*",))  # fmt: skip
    return [
        *(
            f"{_moment(moment.peildatum)}, veld leveranciers: {who} is geen leverancier van de regio. Verbeter de "
            "naam, of haal hem weg"
            for moment in moments
            for who in moment.leveranciers
            if who not in agreed
        ),
        *(
            f"{_moment(moment.peildatum)}, veld soorten: {what} is met geen van deze leveranciers afgesproken. Zet "
            "de soort bij een leverancier in het veld levert, of haal haar hier weg"
            for moment in moments
            for what in moment.soorten
            if what not in {soort for who in moment.leveranciers for soort in agreed.get(who, ())}
            and (moment.leveranciers or what not in delivered)
        ),
        *(
            f"{_moment(day)}: dit staat {times} keer, voor {'iedereen' if who == '*' else f'leverancier {who}'} en "
            f"{'alle soorten' if what == '*' else f'soort {what}'}. Laat er een staan"
            for (day, who, what), times in twice.items()
            if times > 1
        ),
        *(
            f"regio.toml, leverancier {who}, veld levert: over {what} gaat geen levermoment. Voeg er een toe, of haal "
            "de soort weg"
            for who, soorten in agreed.items()
            for what in soorten
            if moments and not any(moment.is_about(who, what) for moment in moments)
        ),
        *(
            f"regio.toml, uitstel {pause.naam}, veld tot_en_met: deze dag ligt voor van. Verwissel de twee"
            for pause in pauses
            if pause.tot_en_met < pause.van
        ),
    ]


def _moment(day: str) -> str:
    return f"regio.toml, levermoment {day}"


def day_of_year(year: int, month_day: str) -> date:
    """The day of a year; 29 February is 28 February in a year without it."""
    month, day = (int(part) for part in month_day.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        if (month, day) == (2, 29):
            return date(year, 2, 28)
        raise ValueError(f"{month_day} is geen dag van het jaar. Schrijf een maand en dag zoals 02-22") from None
