"""Which measures lie in which, and how the counts of a measure over half years make up that of the school year.

Facts about the catalogue, stated once; a test looks for what always holds between measures and is not stated here.
How facts become relations between cells is ``jos_pipeline.linear_system.system``.
"""

from enum import StrEnum

import polars as pl

from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import REPORTED_IN, Kind, Measure
from jos_pipeline.indicators.figures import OBSERVATIONS
from jos_pipeline.indicators.narrow import HOME_TABLES


class Course(StrEnum):
    """How a count over the school year follows from the counts over its half years."""

    FLOW = "stroom"
    """What happened on a day: the half years add up."""
    LAST = "stand"
    """What is so on the last day: the school year is its last half."""
    STOCK = "bestand"
    """Who was there at some time: each half lies in the school year, and nobody is in the year but in no half."""
    MEAN = "gemiddelde"
    """An average over days: weighted with days, the half years add up."""


_FLOW_WORDS = frozenset(
    {"afgesloten", "gestart", "afgegeven", "teruggestroomd", "geplaatst", "intake", "gedaan", "eerste_contact"}
)
_STOCK_WORDS = frozenset(
    {"actief", "uitgevallen", "heeft_jeugdhulp", "heeft_traject", "heeft_16uur", "heeft_langdurig", "vertrokken"}
)

NESTED: tuple[tuple[str, str], ...] = (
    ("jos_leerlingen_geteld", "jos_leerlingen"),
    ("jos_leerlingen_woongemeente_bekend", "jos_leerlingen"),
    ("jos_leerlingen", "trajecten_actief"),
    ("leerlingen_afgesloten", "jos_leerlingen"),
    ("leerlingen_afgesloten", "trajecten_afgesloten"),
    ("trajecten_nieuw", "trajecten_actief"),
    ("trajecten_lopend", "trajecten_actief"),
    ("trajecten_afgesloten", "trajecten_actief"),
    ("beschikkingen_via_jos", "trajecten_nieuw"),
    ("afgesloten_gesprekken_bekend", "trajecten_afgesloten"),
    ("specialistisch_in_beeld", "trajecten_afgesloten"),
    ("overdracht_bekend", "trajecten_afgesloten"),
    ("zonder_hulp_verder_bekend", "trajecten_afgesloten"),
    ("trajectduur_waarnemingen", "trajecten_afgesloten"),
    ("nut_waarnemingen", "trajecten_afgesloten"),
    ("thuiszitters_3mnd", "thuiszitters"),
    ("thuiszitters", "thuiszitters_actief"),
    ("jeugdhulp_12_17", "jeugdigen_met_jeugdhulp"),
    ("leerlingen_ondersteund", "leerlingen"),
    ("leerlingen_jos_in_schooljaar", "leerlingen"),
    ("uitval_onderwijs_jos", "uitval_onderwijs"),
    ("starts_jeugdhulp", "wachttijd_jeugdhulp_waarnemingen"),
)
"""Part and whole: what is counted in the first is counted in the second, in the same area, period and category.
That the teller of a share lies in its noemer, and a category in its total, goes without saying."""

ALL_OF_IT: frozenset[tuple[str, str]] = frozenset({("jos_leerlingen_geteld", "jos_leerlingen")})
"""Parts that miss only what schools did not deliver: everybody can see where that is nothing."""

TAKES: frozenset[tuple[str, str]] = frozenset(
    {("leerlingen_afgesloten", "jos_leerlingen"), ("trajecten_afgesloten", "trajecten_actief")}
)
"""Parts that take from what they leave of the whole as time goes on: who ends is no longer among those who did not."""

PERSONS_AND_THEIRS: tuple[tuple[tuple[str, str], tuple[str, str]], ...] = (
    (("jos_leerlingen", "leerlingen_afgesloten"), ("trajecten_actief", "trajecten_afgesloten")),
)
"""Of persons a whole and a part, and of what they have the same: who is not in the part has something that is not in
its part either, so that the persons that are left are no more than what is left."""

DISJOINT: tuple[tuple[tuple[str, ...], str], ...] = (
    (("zonder_vervolg", "verwezen_specialistisch", "uitval_hulp"), "trajecten_afgesloten"),
)
"""Parts of one whole that have nothing in common; what is left of it are the other outcomes."""

APART: tuple[tuple[tuple[str, ...], str], ...] = (
    (("zonder_vervolg", "overdracht_bekend", "uitval_hulp"), "trajecten_afgesloten"),
    (("specialistisch_voorkomen", "verwezen_specialistisch", "uitval_hulp"), "trajecten_afgesloten"),
)
"""Parts of one whole that have nothing in common either; what is left of it is no group that anybody asks about."""

RUNS_ON: tuple[tuple[str, str], ...] = (("jos_leerlingen", "leerlingen_afgesloten"),)
"""What the second leaves of the first over the school year, it leaves of it over the second half year too: of whom no
traject ended in the school year, all run on at its end."""

CARRIED_OVER: tuple[tuple[str, str], ...] = (("thuiszitters", "thuiszitters_actief"),)
"""Who is in the first at the end of a half year is in the second in the next."""

COME_AND_GO: tuple[tuple[str, str, str], ...] = (
    ("trajecten_actief", "trajecten_nieuw", "trajecten_afgesloten"),
    ("jos_leerlingen", "trajecten_nieuw", "trajecten_afgesloten"),
    ("jeugdigen_met_jeugdhulp", "jeugdhulp_gestart", ""),
)
"""What was there at some time, what began and what ended of it. What is in the school year and not in its first half
began in the second; what is not in the second ended in the first."""

ONE_BY_ONE: frozenset[str] = frozenset({"trajecten_actief"})
"""Of these each begins once and ends once: what was there at some time is exactly what was there in one half year and
what began after it, or ended before it. A person may come back, a traject does not."""

SAME: tuple[tuple[tuple[str, str, str], str], ...] = ((("uren", "preventie", "primair"), "uren_primair"),)
"""A category of a measure that is the total of another."""

WAITING: tuple[tuple[str, tuple[str, str, str], str], ...] = (
    ("wachtend_vso", ("tlv_afgegeven", "soort_onderwijs", "vso"), "wachttijd_vso_waarnemingen"),
)
"""Who waits, who came (measure, breakdown, category) and who went: whoever waits at the end of a half year waited
before or came, and did not go. So it is where every date is known to the day, and that is nearly everywhere."""


def _measures() -> dict[str, Measure]:
    found = {}
    for indicator in INDICATORS.values():
        for measure in indicator.measures:
            name = measure.id + (OBSERVATIONS if measure.kind in (Kind.MEDIAN, Kind.MEAN) else "")
            found[name] = measure
    return found


MEASURES = _measures()
"""Every count of the catalogue by the name it has in the cube."""


def course(name: str) -> Course | None:
    """How the half years make up the school year; None for a count that is not in the catalogue."""
    measure = MEASURES.get(name)
    if measure is None:
        return None
    words = _words(measure.where)
    if measure.id == "fte":
        return Course.MEAN
    if words & _STOCK_WORDS or (words & _FLOW_WORDS and measure.kind in (Kind.DISTINCT, Kind.COMPLETE)):
        return Course.STOCK
    return Course.FLOW if words & _FLOW_WORDS else Course.LAST


def _words(where: pl.Expr) -> frozenset[str]:
    return frozenset(where.meta.root_names())


def at_home(name: str) -> bool | None:
    """Whether a count is about where people live, also one that schools reported; None for one that is not in the
    catalogue."""
    measure = MEASURES.get(name.split(REPORTED_IN, maxsplit=1)[0])
    return None if measure is None else measure.table in HOME_TABLES
