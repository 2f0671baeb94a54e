"""Which schools and gemeenten that belong to a supplier have rows in its delivery, and which have none.

A school or gemeente without rows is a question, not a fault: there may be nothing to tell of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from jos_pipeline.region import Region, Supplier, SupplierKind
from schemas.contract import Contract


class Unit(StrEnum):
    """What is reached."""

    SCHOOLS = "scholen"
    GEMEENTEN = "gemeenten"


@dataclass(frozen=True)
class Reach:
    """The expected schools or gemeenten: how many, and which of them have no rows, as (code, name)."""

    unit: Unit
    expected: int
    without: tuple[tuple[str, str], ...]

    @property
    def with_rows(self) -> int:
        return self.expected - len(self.without)


REACH_COLUMNS = ("school", "team", "woongemeente")
"""All that must be known of rows to tell whom they reach."""


def reach(
    rows: pl.DataFrame, contract: Contract, region: Region, supplier: Supplier | None, day: date
) -> tuple[Reach, ...]:
    """Whom the rows of a supplier reach; nothing for an unknown supplier. A team reaches all its schools.

    A column that is empty throughout was not delivered and says nothing.
    """
    if supplier is None:
        return ()
    found = []
    schools = _expected_schools(supplier, region, day)
    if {"school", "team"} & set(contract.by_name) and schools:
        teams = _values(rows, "team")
        served = {school for team in region.teams if team.id in teams for school in team.scholen}
        found.append(_reach(Unit.SCHOOLS, schools, _values(rows, "school") | served))
    homes = _expected_homes(supplier, region, day)
    if "woongemeente" in contract.by_name and homes and (there := _values(rows, "woongemeente")):
        found.append(_reach(Unit.GEMEENTEN, homes, there))
    return tuple(found)


def _values(rows: pl.DataFrame, name: str) -> set[str]:
    return set(rows[name].drop_nulls().unique()) if name in rows.columns else set()


def _reach(unit: Unit, expected: dict[str, str], there: Iterable[str]) -> Reach:
    without = sorted(set(expected) - set(there), key=lambda code: (expected[code], code))
    return Reach(unit, len(expected), tuple((code, expected[code]) for code in without))


def _expected_schools(supplier: Supplier, region: Region, day: date) -> dict[str, str]:
    """The schools of which a supplier holds the data: code to name."""
    schools = region.schools_on(day)
    if supplier.soort is SupplierKind.AANBIEDER:
        return {one.school: one.naam for one in schools}
    if supplier.soort is SupplierKind.SCHOOL:
        return {one.school: one.naam for one in schools if one.school == supplier.gebied}
    if supplier.soort is SupplierKind.SAMENWERKINGSVERBAND:
        inside = {one.gemeente for one in region.areas_on(day) if one.samenwerkingsverband == supplier.gebied}
        return {one.school: one.naam for one in schools if one.gemeente in inside}
    return {}


def _expected_homes(supplier: Supplier, region: Region, day: date) -> dict[str, str]:
    """The gemeenten of whose children a supplier holds the data: code to name. Pupils of a school live anywhere."""
    names = {one.gemeente: one.naam for one in region.municipalities_on(day)}
    areas = region.areas_on(day)
    chosen: list[str] = []
    if supplier.soort is SupplierKind.AANBIEDER:
        chosen = [one.gemeente for one in areas if one.in_regio == "ja"]
    elif supplier.soort is SupplierKind.SAMENWERKINGSVERBAND:
        chosen = [one.gemeente for one in areas if one.samenwerkingsverband == supplier.gebied]
    elif supplier.soort is SupplierKind.GEMEENTE:
        chosen = [str(supplier.gebied)]
    return {gemeente: names.get(gemeente, gemeente) for gemeente in chosen}
