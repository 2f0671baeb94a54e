"""Below how many persons no figure is shown: what a region may choose, and what it must record (spec 3.2.1)."""

import re

USUAL = 10
"""The threshold of a region that chooses none."""
LEAST = 5
"""No region goes lower, whatever it decides."""

_YEAR = re.compile(r"\b20\d\d\b")


def mistakes(drempel: int, besluit: str | None) -> list[str]:
    """What is wrong with the threshold of a region and the decision that it records for it; Dutch, for who mends it.

    A decision is one text. Whether it is a good one nobody can check here, only that it says more than nothing and
    names a year.
    """
    if drempel < LEAST:
        return [f"drempel = {drempel} is te laag: kies minstens {LEAST}. Zonder besluit is de drempel {USUAL}"]
    if besluit is None:
        lower = f"drempel = {drempel} is lager dan {USUAL}. Dat mag alleen met een besluit. {_WANTED}"
        return [lower] if drempel < USUAL else []
    return [] if _YEAR.search(besluit) else [f"drempel_besluit noemt geen jaar. {_WANTED}"]


_WANTED = (
    "Zet in regio.toml wie dat besloot, wanneer en waarom, bijvoorbeeld: "
    'drempel_besluit = "Stuurgroep, 12 maart 2026: met een hogere drempel blijft van kleine scholen niets over". '
    "Lezers zien die tekst bij de uitleg over kleine aantallen"
)
