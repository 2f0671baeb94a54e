"""Whether what ``jos prune`` is about to remove can be right, or whether the clock is wrong. Pure.

Retention periods are counted from the day it is. A clock that is years ahead makes all of them end at once, and what is
removed does not come back. So a careful owner looks at two things before anything goes: does that day follow on what
the monitor knows, and does more go at once than one year gives?
"""

import re
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from itertools import pairwise

from jos_pipeline import dutch
from jos_pipeline.expiry import Expired

SILENT = timedelta(days=60)
"""A monitor that is used gives a sign of life every day: it beats its heart after every ``jos run`` or night."""
ASLEEP = timedelta(days=400)
"""Between two signs that stay (deliveries, publications, runs): a supplier delivers each school year."""
YEARS_AT_ONCE = 1
"""Rows about persons of this many school years have had their time at once: each month, or year, that one looks."""
_OF_PERSONS = frozenset({"leveringen", "interne_cijfers"})
_YEAR = re.compile(r"(?<!\d)\d{4}-\d{4}(?!\d)")


def doubts(day: date, signs: Iterable[date], sure: Iterable[date], gone: Collection[Expired]) -> list[str]:
    """Why the day is not to be believed (Dutch, a sentence each); nothing when it is, or when nothing would go.

    ``signs`` are the days on which the monitor certainly did something. ``sure`` are those on which things were
    removed before: what lies before the last of them was believed then. Days that are still to come tell nothing here.
    """
    if not gone:
        return []
    begin = max((one for one in sure if one <= day), default=date.min)
    known = sorted({one for one in signs if begin <= one <= day} | ({begin} - {date.min}))
    found = [_jump(known, day)] if known else []
    years = sorted({year for one in gone if one.klasse in _OF_PERSONS for year in _YEAR.findall(one.naam)})
    if len(years) > YEARS_AT_ONCE:
        found.append(
            f"Er zouden gegevens van {len(years)} schooljaren tegelijk verdwijnen ({', '.join(years)}). "
            "Gewoonlijk is dat er hooguit een per jaar"
        )
    return [one for one in found if one]


def _jump(known: list[date], day: date) -> str:
    if day - known[-1] > SILENT:
        return (
            f"Het is volgens deze computer {dutch.day(day)}, maar het laatste wat de monitor meemaakte, "
            f"was op {dutch.day(known[-1])}"
        )
    for earlier, later in pairwise(known):
        if later - earlier > ASLEEP:
            return (
                f"Tussen {dutch.day(earlier)} en {dutch.day(later)} maakte de monitor niets mee: "
                "misschien loopt de klok sindsdien voor"
            )
    return ""
