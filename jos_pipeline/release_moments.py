"""When a region cuts its publications: days that come back every school year (spec 3.1)."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from jos_pipeline.delivery_moments import CALENDAR_DAY, LEAP_YEAR, day_of_year
from jos_pipeline.school_year import SchoolYear


class ReleaseMoment(BaseModel):
    """A peildatum (month-day) that comes back every school year, and the status of its figures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    peildatum: str = Field(pattern=CALENDAR_DAY)
    status: Literal["voorlopig", "definitief"]

    @field_validator("peildatum")
    @classmethod
    def _exists(cls, value: str) -> str:
        day_of_year(LEAP_YEAR, value)
        return value

    def day_in(self, year: SchoolYear) -> date:
        """The day in a school year; 1 August closes the year, so it falls after the last day."""
        return day_of_year(year.start_year + (0 if self.peildatum > "08-01" else 1), self.peildatum)


USUAL_MOMENTS = (
    ReleaseMoment(peildatum="11-01", status="voorlopig"),
    ReleaseMoment(peildatum="02-01", status="voorlopig"),
    ReleaseMoment(peildatum="06-01", status="voorlopig"),
    ReleaseMoment(peildatum="08-01", status="definitief"),
)
"""The calendar of a region that names no days. The interim report of March rests on 1 February, the final one on
1 August."""
