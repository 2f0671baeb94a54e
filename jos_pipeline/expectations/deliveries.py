"""Deliveries of one soort beside earlier ones: which are compared, and the measures of size, completeness and shift.

A delivery is compared with the one it replaced and with one of the school year before. Most soorten grow in the
course of a school year: growth since the one replaced is seen against the days that passed, and a delivery of the
year before counts only when it is of about the same moment. Columns that fill as the year goes by are compared
between equal moments only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import polars as pl

from jos_pipeline.expectations.measures import ENOUGH_ROWS, Measure
from jos_pipeline.expectations.shift import median_ratio, shift_of_shares
from jos_pipeline.region import Region, SupplierKind
from jos_pipeline.school_year import SchoolYear
from schemas.contracts import CONTRACTS
from schemas.expectations.deliveries import STOCK, coded_columns, late_columns, measured_columns, optional_columns

SAME_MOMENT = 45
"""Deliveries of two school years are of about the same moment when they lie no more than these days apart."""
FIRST_MONTH = 30
"""Growth is not reckoned over less than these days: in its first month a school year has hardly begun."""


@dataclass(frozen=True)
class Sent:
    """A delivery as the ledger has it."""

    leverancier: str
    soort: str
    schooljaar: str
    peildatum: date
    sha256: str
    rijen: int

    @property
    def days(self) -> int:
        """How far into its school year it tells."""
        return (self.peildatum - SchoolYear.parse(self.schooljaar).first_day).days

    @property
    def growing(self) -> int:
        """The days over which its rows have come together; of a stock that is no matter."""
        return 1 if self.soort in STOCK else max(self.days, FIRST_MONTH)

    def same_moment(self, other: "Sent") -> bool:
        """Whether both tell of about the same moment of their school years."""
        return abs(self.days - other.days) <= SAME_MOMENT


@dataclass(frozen=True)
class Compared:
    """A delivery in force, the one it replaced and the one of a school year earlier that is most like it in time."""

    sent: Sent
    replaced: Sent | None
    year_before: Sent | None

    @property
    def earlier(self) -> Sent | None:
        """The delivery whose contents must be alike: the one replaced, else the year before where that is fair."""
        return self.replaced or self.fair_year_before

    @property
    def fair_year_before(self) -> Sent | None:
        """The year before, unless its rows had more or less time to come together."""
        before = self.year_before
        if before is None or self.sent.soort in STOCK or self.sent.same_moment(before):
            return before
        return None

    @property
    def late(self) -> frozenset[str]:
        """Columns that cannot be compared, since they fill in the course of a school year."""
        earlier = self.earlier
        if earlier is None or self.sent.same_moment(earlier):
            return frozenset()
        return late_columns(CONTRACTS[self.sent.soort])


def compared(deliveries: pd.DataFrame, soort: str, schooljaar: str) -> list[Compared]:
    """The deliveries in force of a soort and school year with what they are compared with. ``deliveries``: ledger."""
    mine = deliveries[(deliveries["soort"] == soort) & (deliveries["rijen_geaccepteerd"] > 0)]
    known = {int(row.id): _sent(row) for row in mine.itertuples()}
    of_year: dict[tuple[str, str], list[Sent]] = {}
    for old in known.values():
        of_year.setdefault((old.leverancier, old.schooljaar), []).append(old)
    standing = deliveries[
        (deliveries["soort"] == soort) & (deliveries["schooljaar"] == schooljaar) & deliveries["geldend"].astype(bool)
    ]
    start = SchoolYear.parse(schooljaar).start_year
    last_year = str(SchoolYear(start - 1))
    found = []
    for row in standing.sort_values("leverancier").itertuples():
        sent = _sent(row)
        before = of_year.get((sent.leverancier, last_year), [])
        nearest = min(reversed(before), key=lambda old: abs(old.days - sent.days), default=None)
        replaced = None if pd.isna(row.vervangt) else known.get(int(row.vervangt))
        found.append(Compared(sent, replaced, nearest))
    return found


def _sent(row: Any) -> Sent:
    return Sent(row.leverancier, row.soort, row.schooljaar, row.peildatum, row.sha256, int(row.rijen_geaccepteerd))


def delivery_measures(
    frame: pl.DataFrame, found: Compared, earlier: pl.DataFrame | None, region: Region
) -> list[Measure]:
    """Every measure of one delivery in force. ``frame`` holds its rows, ``earlier`` those it must be alike to."""
    soort, supplier = found.sent.soort, found.sent.leverancier
    measures = [*_size(found), *_pupils(frame, soort)]
    if "school" in frame.columns:
        measures += [_own_school(frame, region, supplier), _gone_schools(frame, earlier)]
    if earlier is not None and min(frame.height, earlier.height) >= ENOUGH_ROWS:
        measures += [*_filled(frame, earlier, found), *_shifts(frame, earlier, found)]
    return [Measure(one.name, one.value, supplier, one.kolom) for one in measures]


def _size(found: Compared) -> Iterator[Measure]:
    sent, replaced, before = found.sent, found.replaced, found.fair_year_before
    yield Measure("rijen", float(sent.rijen))
    if replaced is not None and replaced.rijen >= ENOUGH_ROWS:
        ratio = sent.rijen / replaced.rijen
        yield Measure("rijen_ten_opzichte_van_vorige", ratio)
        yield Measure("groei_sinds_vorige", ratio / max(1.0, sent.growing / replaced.growing))
    if before is not None and before.rijen >= ENOUGH_ROWS:
        yield Measure("rijen_ten_opzichte_van_vorig_jaar", sent.rijen / before.rijen)


def _pupils(frame: pl.DataFrame, soort: str) -> Iterator[Measure]:
    if "leerling_id" in optional_columns(CONTRACTS[soort]) and frame.height >= ENOUGH_ROWS:
        known = _filled_share(frame, "leerling_id")
        # a supplier that sends none at all may do so
        yield Measure("rijen_met_pseudoniem", known or None)


def _own_school(frame: pl.DataFrame, region: Region, supplier_id: str) -> Measure:
    """Only a school's own delivery must name its school; others may rightly have nothing to tell about one."""
    supplier = region.suppliers.get(supplier_id)
    if supplier is None or supplier.soort is not SupplierKind.SCHOOL:
        return Measure("eigen_school_ontbreekt", None)
    return Measure("eigen_school_ontbreekt", float(supplier.gebied not in set(frame.get_column("school"))))


def _gone_schools(frame: pl.DataFrame, earlier: pl.DataFrame | None) -> Measure:
    """Schools with enough rows before and none now; with fewer, none may be by chance."""
    if earlier is None:
        return Measure("verdwenen_scholen", None)
    counted = earlier.drop_nulls("school").group_by("school").len()
    many = set(counted.filter(pl.col("len") >= ENOUGH_ROWS).get_column("school"))
    return Measure("verdwenen_scholen", float(len(many - set(frame.get_column("school")))))


def _filled(frame: pl.DataFrame, earlier: pl.DataFrame, found: Compared) -> Iterator[Measure]:
    for name in _comparable(optional_columns(CONTRACTS[found.sent.soort]), frame, earlier, found):
        yield Measure("daling_van_de_vulling", _filled_share(earlier, name) - _filled_share(frame, name), kolom=name)


def _filled_share(frame: pl.DataFrame, name: str) -> float:
    return 1 - frame.get_column(name).null_count() / frame.height


def _shifts(frame: pl.DataFrame, earlier: pl.DataFrame, found: Compared) -> Iterator[Measure]:
    contract = CONTRACTS[found.sent.soort]
    for name in _comparable(coded_columns(contract), frame, earlier, found):
        shift = shift_of_shares(frame.get_column(name), earlier.get_column(name))
        yield Measure("verschuiving_van_codes", shift, kolom=name)
    for name in _comparable(measured_columns(contract), frame, earlier, found):
        ratio = median_ratio(frame.get_column(name), earlier.get_column(name))
        yield Measure("verschuiving_van_de_mediaan", ratio, kolom=name)


def _comparable(names: tuple[str, ...], frame: pl.DataFrame, earlier: pl.DataFrame, found: Compared) -> list[str]:
    """An earlier delivery may have met an older contract, without some of the columns."""
    there = set(frame.columns) & set(earlier.columns) - found.late
    return [name for name in names if name in there]
