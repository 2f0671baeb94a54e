"""Which school, team and woongemeente lies in which areas, on a day (spec 2.1).

Belonging is always (gemeente, indeling, date): Castricum lies in the region Alkmaar and in another
samenwerkingsverband than Alkmaar. Put here the geography only; who delivers what is in ``jos_pipeline.coverage``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from jos_pipeline.region import Area, Region, School
from jos_pipeline.school_year import SchoolYear


class Level(StrEnum):
    """The levels of area for which figures exist."""

    REGIO = "regio"
    SAMENWERKINGSVERBAND = "samenwerkingsverband"
    GEMEENTE = "gemeente"
    SCHOOL = "school"


AreaKey = tuple[Level, str]


@dataclass(frozen=True)
class AreaTables:
    """Places and the areas that hold them: one row per place and area, columns ``plaats, niveau, gebied``."""

    scholen: pl.DataFrame
    teams: pl.DataFrame
    """A team lies in every area that holds all its schools, and never in a school."""
    woongemeenten: pl.DataFrame
    schoolgemeente: dict[str, str]
    """School to the gemeente it lies in."""


def area_tables(region: Region, day: date, since: date | None = None) -> AreaTables:
    """The geography of a region on a day. A school that existed on some day from ``since`` on is there, where it was
    last. A gemeente that is one on another day of the school year, as before a merger, lies in its
    samenwerkingsverband and the region: who is to tell where pupils live knows only the gemeenten of one day.
    """
    gemeenten = {area.gemeente: area for area in region.areas_on(day)}
    there = region.schools_between(since or day, day)
    schools = {school.school: _areas_of_school(school, gemeenten, region) for school in there}
    teams = {
        team.id: [area for area in _shared([schools.get(s, []) for s in team.scholen]) if area[0] is not Level.SCHOOL]
        for team in region.teams
    }
    homes = {gemeente: _areas_of_home(area, region) for gemeente, area in gemeenten.items()}
    year = SchoolYear.of(day)
    for area in region.gebieden:
        if area.gemeente not in homes and area.holds_in(year):
            homes[area.gemeente] = [key for key in _areas_of_home(area, region) if key[0] is not Level.GEMEENTE]
    return AreaTables(_frame(schools), _frame(teams), _frame(homes), {s.school: s.gemeente for s in there})


def all_areas(region: Region, day: date, since: date | None = None) -> pl.DataFrame:
    """Every area of the region on a day, and every school from ``since`` on: columns ``niveau, gebied, naam``."""
    names = {entry.gemeente: entry.naam for entry in region.municipalities_on(day)}
    own = [area.gemeente for area in region.areas_on(day) if area.in_regio == "ja"]
    rows = [
        (Level.REGIO, region.id, region.naam),
        *((Level.SAMENWERKINGSVERBAND, code, name) for code, name in sorted(region.samenwerkingsverbanden.items())),
        *((Level.GEMEENTE, code, names.get(code, code)) for code in sorted(own)),
        *(
            (Level.SCHOOL, s.school, s.naam)
            for s in sorted(region.schools_between(since or day, day), key=lambda s: s.school)
        ),
    ]
    return pl.DataFrame(
        [(level.value, code, name) for level, code, name in rows],
        schema={"niveau": pl.String, "gebied": pl.String, "naam": pl.String},
        orient="row",
    )


def _areas_of_school(school: School, gemeenten: dict[str, Area], region: Region) -> list[AreaKey]:
    """A school counts for the region that lists it, wherever it lies; for a gemeente only if that is the region's."""
    found: list[AreaKey] = [(Level.REGIO, region.id), (Level.SCHOOL, school.school)]
    area = gemeenten.get(school.gemeente)
    if area is not None:
        found.append((Level.SAMENWERKINGSVERBAND, area.samenwerkingsverband))
        if area.in_regio == "ja":
            found.append((Level.GEMEENTE, area.gemeente))
    return found


def _areas_of_home(area: Area, region: Region) -> list[AreaKey]:
    verband: AreaKey = (Level.SAMENWERKINGSVERBAND, area.samenwerkingsverband)
    if area.in_regio == "nee":
        return [verband]
    return [(Level.REGIO, region.id), verband, (Level.GEMEENTE, area.gemeente)]


def _shared(lists: list[list[AreaKey]]) -> list[AreaKey]:
    """The areas that are in every list; none when there is no list."""
    return [area for area in lists[0] if all(area in other for other in lists)] if lists else []


def _frame(places: dict[str, list[AreaKey]]) -> pl.DataFrame:
    rows: Iterable[tuple[str, str, str]] = (
        (place, level.value, area) for place, areas in places.items() for level, area in areas
    )
    return pl.DataFrame(
        list(rows), schema={"plaats": pl.String, "niveau": pl.String, "gebied": pl.String}, orient="row"
    )
