"""What the rows of ``monitor_indicator`` say outright: which counts there are, and what each row tells of them.

Only what a reader has: the columns of spec 4.2 and the catalogue, which says what is counted and is public. What
follows from figures taken together is ``beliefs``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

import polars as pl

from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import PERSONS, TOTAAL, Denominator, Indicator, Kind, Measure, Statistic

PLACE = ("indicator", "periode", "niveau", "gebied", "uitsplitsing", "categorie")
HIDDEN = "onderdrukt"
EMPTY = "geen_waarnemingen"
ABSENT = ("niet_geleverd", "niet_van_toepassing")
REPORTED = ("opgave", "gemengd")
OBSERVATIONS = "waarnemingen van "
SUM = "som van "
RATES = {Statistic.AANDEEL: 1.0, Statistic.PER_1000: 1000.0, Statistic.PER_FTE: 1.0}
ROUNDED = 5e-7
"""What a printed fraction may be off: six decimals."""
ROUNDED_MARK = 0.05
"""What a printed mean of ``ROUNDED_UNITS`` may be off: one decimal."""
ROUNDED_UNITS = ("weken", "cijfer")


class Side(StrEnum):
    """Where a count stands in a row."""

    TELLER = "teller"
    NOEMER = "noemer"


class Count(NamedTuple):
    """One number behind the figures. ``uitgave`` 0 is the publication under attack, 1 the one before, and so on."""

    uitgave: int
    maat: str
    periode: str
    niveau: str
    gebied: str
    uitsplitsing: str
    categorie: str


class Trust(StrEnum):
    """When a reader believes a habit: a rule that figures seem to keep."""

    OBVIOUS = "until the figures contradict it"
    SHOWN = "when some figures bear it out and none contradict it"


@dataclass(frozen=True)
class Relation:
    """``low <= sum of coefficient x count <= high``. ``habit`` names the rule it is one case of, if it is of one."""

    terms: Mapping[Count, float]
    low: float
    high: float
    habit: tuple[str, ...] | None = None
    trust: Trust = Trust.OBVIOUS


@dataclass
class Reading:
    """Counts with their value (None: not told), what kind of measure each is, and relations that rows state."""

    counts: dict[Count, float | None] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    hidden: list[tuple[dict[str, Any], str, Count]] = field(default_factory=list)
    """Teller and noemer of every hidden row of the publication under attack."""
    absent: set[Count] = field(default_factory=set)

    def told(self, count: Count, value: float | None) -> None:
        if self.counts.get(count) is None:
            self.counts[count] = value


def read(rows: pl.DataFrame, uitgave: int, into: Reading) -> None:
    """Adds what the rows of one publication tell."""
    for row in rows.iter_rows(named=True):
        entry = INDICATORS.get(row["indicator"])
        if entry is not None and entry.persons:
            _read_row(row, entry, uitgave, into)
    for ranks in _rankings(rows):
        into.relations += _in_order(ranks, uitgave)
    for count in into.absent:
        # nobody delivered this count here under any name, so that it adds nothing to a sum
        into.counts.setdefault(count, 0.0)


def sides(row: Mapping[str, Any], entry: Indicator, uitgave: int) -> dict[str, Count]:
    """The counts of persons that a row shows as ``teller`` and ``noemer``."""
    if entry.from_observations:
        named = {"noemer": (OBSERVATIONS + entry.teller.id, False)} if _personal(entry.teller) else {}
    else:
        whole = entry.noemer_van is Denominator.TOTAAL
        named = {"teller": (entry.teller.id, False)} if _personal(entry.teller) else {}
        if entry.noemer is not None and _personal(entry.noemer):
            named["noemer"] = (entry.noemer.id, whole)
    own = f" ({entry.id})" if row["herkomst"] in REPORTED else ""
    return {
        side: Count(
            uitgave,
            name + own,
            row["periode"],
            row["niveau"],
            row["gebied"],
            *((TOTAAL, TOTAAL) if total else (row["uitsplitsing"], row["categorie"])),
        )
        for side, (name, total) in named.items()
    }


def _personal(measure: Measure) -> bool:
    return measure.key in PERSONS


def _read_row(row: dict[str, Any], entry: Indicator, uitgave: int, into: Reading) -> None:
    found = sides(row, entry, uitgave)
    for side, count in found.items():
        measure = entry.noemer if side == "noemer" and entry.noemer is not None else entry.teller
        into.kinds[count.maat] = Kind.ROWS if entry.from_observations else measure.kind
    if row["waarde_status"] in ABSENT:
        into.absent.update(found.values())
        return
    for side, count in found.items():
        into.told(count, row[side])
        if row["waarde_status"] == HIDDEN and uitgave == 0:
            into.hidden.append((row, side, count))
    if row["waarde_status"] == EMPTY:
        _nobody(found, entry, into)
    into.relations += _value(row, entry, found, into)
    if entry.statistiek in (Statistic.AANDEEL, Statistic.PER_1000) and len(set(found.values())) == len(Side):
        parts = {found["teller"]: 1.0, found["noemer"]: -1.0}
        into.relations.append(Relation(parts, -float("inf"), 0.0, ("part", entry.id)))


def _nobody(found: Mapping[str, Count], entry: Indicator, into: Reading) -> None:
    """Where nobody was observed the noemer is 0, or the only count is; and of nobody nobody is a part."""
    last = found.get("noemer") if entry.noemer is not None or entry.from_observations else found.get("teller")
    if last is not None:
        into.told(last, 0.0)


def _value(row: Mapping[str, Any], entry: Indicator, found: Mapping[str, Count], into: Reading) -> Iterator[Relation]:
    """What a printed value says of counts that may not be printed beside it."""
    value = row["waarde"]
    if value is None:
        return
    teller, noemer = found.get("teller"), found.get("noemer")
    if entry.statistiek is Statistic.GEMIDDELDE and noemer is not None:
        total = noemer._replace(maat=SUM + entry.teller.id)
        into.told(total, None)
        into.kinds[total.maat] = Kind.SUM
        off = ROUNDED_MARK if entry.eenheid in ROUNDED_UNITS else ROUNDED
        yield Relation({total: 1.0, noemer: -(value - off)}, 0.0, float("inf"))
        yield Relation({total: 1.0, noemer: -(value + off)}, -float("inf"), 0.0)
    elif entry.statistiek is Statistic.AANTAL and teller is not None:
        into.told(teller, value)
    elif entry.statistiek in RATES and teller is not None:
        factor = RATES[entry.statistiek]
        least, most = (value - ROUNDED) / factor, (value + ROUNDED) / factor
        if noemer is not None:
            yield Relation({teller: 1.0, noemer: -least}, 0.0, float("inf"))
            yield Relation({teller: 1.0, noemer: -most}, -float("inf"), 0.0)
        elif row["noemer"] is not None:
            yield Relation({teller: 1.0}, least * row["noemer"], most * row["noemer"])


def _rankings(rows: pl.DataFrame) -> Iterator[list[dict[str, Any]]]:
    """The ranked rows of one indicator, area and breakdown, best first."""
    ranked = rows.filter(pl.col("rang").is_not_null()).sort("rang", "categorie")
    place = ["indicator", "periode", "niveau", "gebied", "uitsplitsing"]
    for _, group in ranked.group_by(place, maintain_order=True):
        yield group.to_dicts()


def _in_order(ranks: list[dict[str, Any]], uitgave: int) -> Iterator[Relation]:
    """A better rank is a higher count; equal ranks are equal counts."""
    for better, worse in pairwise(ranks):
        entry = INDICATORS.get(better["indicator"])
        if entry is None:
            continue
        one, other = sides(better, entry, uitgave).get("teller"), sides(worse, entry, uitgave).get("teller")
        if one is not None and other is not None:
            equal = better["rang"] == worse["rang"]
            yield Relation({one: 1.0, other: -1.0}, 0.0 if equal else 1.0, 0.0 if equal else float("inf"))
