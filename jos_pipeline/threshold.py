"""The numbers of the promise (spec 3.2): below how many persons no figure is shown, which a region may choose and must
record; what schools that know their own counts are left; and up to how many schools all of it is looked at."""

import re

USUAL = 10
"""The threshold of a region that chooses none."""
LEAST = 5
"""No region goes lower, whatever it decides."""

SCHOOLS_SHARE = 0.5
"""A school that knows its own counts is left half of what every reader is: from 0 to half of k. All of it would
hide the small totals of the region as well (a total less one's own count is often below the threshold), and the
monitor is there to show these."""
MANY_SCHOOLS = 100
"""Figures of more schools than this do not go out: each school is tried as a reader who knows its own counts, 44
schools take twenty minutes, and of 145 they would take hours. Nor are more gemeenten and samenwerkingsverbanden
tried."""

_YEAR = re.compile(r"\b20\d\d\b")


def mistakes(drempel: int, besluit: str | None) -> list[str]:
    """What is wrong with the threshold of a region and the decision that it records for it; Dutch, for who mends it.

    A decision is one text. Whether it is a good one nobody can check here, only that it says more than nothing and
    names a year.
    """
    if drempel < LEAST:
        return [f"regio.toml, veld drempel: {drempel} is te laag. Kies minstens {LEAST}; zonder besluit {USUAL}"]
    if besluit is None:
        lower = f"regio.toml, veld drempel: {drempel} is lager dan {USUAL}. Dat mag alleen met een besluit. {_WANTED}"
        return [lower] if drempel < USUAL else []
    return [] if _YEAR.search(besluit) else [f"regio.toml, veld drempel_besluit: dit noemt geen jaar. {_WANTED}"]


_WANTED = (
    "Zet in regio.toml wie dat besloot, wanneer en waarom, bijvoorbeeld: "
    'drempel_besluit = "Stuurgroep, 12 maart 2026: met een hogere drempel blijft van kleine scholen niets over". '
    "Lezers zien die tekst bij de uitleg over kleine aantallen"
)
