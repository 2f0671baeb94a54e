"""Counts of a delivery beside those of the delivery before it: by place, by period, by code; sums; how much is filled.

Which columns are counted how follows from the contract. A column of text is never counted by value, except the team:
the gate knows every team by name.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any

import polars as pl

from jos_pipeline import dutch
from jos_pipeline.pseudonym import PSEUDONYM
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from schemas import columns as c
from schemas.columns import Kind
from schemas.contract import LEAST, PRECISION, Contract, Field

EMPTY = "leeg"
"""What is told of rows in which a column is empty."""

_JUMP, _LEAST_JUMP, _LEAST_GONE = 0.25, 10, 5
_FEW_VALUES = 10
_EARLIER, _LATER, _ONLY_YEAR = "eerder", "later", "alleen_jaar"


@dataclass(frozen=True)
class Change:
    """A number now and in the delivery before; ``before`` is None when there was none."""

    now: float
    before: float | None = None

    @property
    def difference(self) -> float | None:
        return None if self.before is None else self.now - self.before

    @property
    def share(self) -> float | None:
        """The difference as a part of what it was; None when there was nothing."""
        return (self.now - self.before) / self.before if self.before else None

    @property
    def is_jump(self) -> bool:
        """So large a change that somebody should look: a quarter and at least ten, or all of it gone or come."""
        if self.before is None:
            return False
        if not min(self.now, self.before):
            return max(self.now, self.before) >= _LEAST_GONE
        moved = abs(self.now - self.before)
        return moved >= _LEAST_JUMP and moved >= _JUMP * self.before


@dataclass(frozen=True)
class Line:
    """The rows with one value of a column: ``value`` is the code, ``label`` what people call it."""

    value: str
    label: str
    rows: Change


class Ground(StrEnum):
    """By what rows are counted."""

    SCHOOL = "school"
    TEAM = "team"
    GEMEENTE = "gemeente"
    HALFJAAR = "halfjaar"
    MAAND = "maand"
    CODE = "code"


@dataclass(frozen=True)
class Tally:
    """The rows of a delivery by the values of one column."""

    ground: Ground
    column: str
    description: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Total:
    """The sum of a column with a unit (minutes, fte, inhabitants)."""

    column: str
    description: str
    unit: str
    total: Change


@dataclass(frozen=True)
class Filled:
    """In which part of the rows a column is filled, and for a date the first and the last."""

    column: str
    description: str
    share: Change
    earliest: date | None = None
    latest: date | None = None


@dataclass(frozen=True)
class Counted:
    """The rows of a delivery and of the one before it, counted (``counted``)."""

    now: Mapping[str, Any]
    before: Mapping[str, Any] | None

    def compared(self, count: Callable[[Mapping[str, Any]], float]) -> Change:
        return Change(count(self.now), None if self.before is None else count(self.before))


def counted(frame: pl.DataFrame, contract: Contract, schooljaar: str) -> dict[str, Any]:
    """All that is told of the rows of a delivery, in one pass; ``frame`` has every column of the contract.

    A pass of its own for every column would cost more than the counting, in a delivery of a few hundred rows.
    """
    return frame.select(**_questions(contract, schooljaar)).row(0, named=True) | {_ROWS: frame.height}


_ROWS, _PUPILS = "rijen", "leerlingen"


@lru_cache(maxsize=256)
def _questions(contract: Contract, schooljaar: str) -> dict[str, pl.Expr]:
    """What is asked of the rows, by name: ``aantal/`` how often each value stands in a column, and so on."""
    asked: dict[str, pl.Expr] = {}
    for field in contract.fields:
        name, cell, kind = field.name, pl.col(field.name), field.column.kind
        if _ground_of(field) is not None or _labels(field):
            asked[f"aantal/{name}"] = _how_often(_as_words(field))
        if _is_summed(field):
            asked[f"som/{name}"] = cell.sum()
        # a masked count is filled too: its lowest value is known
        asked[f"leeg/{name}"] = (pl.col(name + LEAST) if name + LEAST in contract.companions else cell).null_count()
        if kind is Kind.DATE:
            asked |= {f"eerste/{name}": cell.min(), f"laatste/{name}": cell.max()}
        if kind is Kind.PSEUDONYM and name == PSEUDONYM:
            asked[_PUPILS] = cell.drop_nulls().n_unique()
    if (leading := contract.leading_date) is not None:
        for ground, within in _WITHIN.items():
            period = _period(leading, within(pl.col(leading)), SchoolYear.parse(schooljaar))
            asked[f"aantal/{ground}"] = _how_often(period)
    return asked


def _how_often(values: pl.Expr) -> pl.Expr:
    return values.value_counts().struct.rename_fields(["waarde", "aantal"]).implode()


def _as_words(field: Field) -> pl.Expr:
    cell = pl.col(field.name)
    if field.column.kind is Kind.BOOLEAN:
        cell = cell.replace_strict([True, False], ["ja", "nee"], default=None, return_dtype=pl.String)
    return cell.cast(pl.String)


def _counts(found: Mapping[str, Any], what: str) -> dict[str | None, int]:
    return {one["waarde"]: one["aantal"] for one in found[f"aantal/{what}"]}


def tallies(contract: Contract, found: Counted, region: Region, schooljaar: str, peildatum: date) -> Iterator[Tally]:
    """Places first, then periods, then codes. A column that is empty in both deliveries is left out."""
    for ground in (Ground.SCHOOL, Ground.TEAM, Ground.GEMEENTE):
        for field in contract.fields:
            if _ground_of(field) is ground:
                yield from _tally(ground, field, found, _place_names(ground, region, peildatum))
    if contract.leading_date is not None:
        yield from _by_period(contract.by_name[contract.leading_date], found, SchoolYear.parse(schooljaar), peildatum)
    for field in contract.fields:
        yield from _tally(Ground.CODE, field, found, _labels(field))


def rows(found: Counted) -> Change:
    """How many rows there are."""
    return found.compared(lambda one: one[_ROWS])


def pupils(contract: Contract, found: Counted) -> Change | None:
    """How many different pupils there are; None for a soort without pupils."""
    return found.compared(lambda one: one[_PUPILS]) if PSEUDONYM in contract.by_name else None


def totals(contract: Contract, found: Counted) -> Iterator[Total]:
    """Sums of what can be added up: no marks, and no counts that may be masked."""
    for field in contract.fields:
        if _is_summed(field):
            total = found.compared(partial(_total, name=field.name))
            yield Total(field.name, field.column.description, field.column.unit or "", total)


def _is_summed(field: Field) -> bool:
    column = field.column
    return column.kind in (Kind.INTEGER, Kind.DECIMAL) and bool(column.unit) and not _labels(field)


def filled(contract: Contract, found: Counted) -> Iterator[Filled]:
    """Every column of the contract that says something of a row, and how often it does."""
    for field in contract.fields:
        name = field.name
        share = found.compared(partial(_share_filled, name=name))
        first, last = found.now.get(f"eerste/{name}"), found.now.get(f"laatste/{name}")
        yield Filled(name, field.column.description, share, first, last)


def _total(found: Mapping[str, Any], name: str) -> float:
    return float(found[f"som/{name}"])


def _share_filled(found: Mapping[str, Any], name: str) -> float:
    height = found[_ROWS]
    return (height - found[f"leeg/{name}"]) / height if height else 0.0


def _ground_of(field: Field) -> Ground | None:
    """The kind of place a column holds; None when it holds none."""
    if field.column is c.TEAM:
        return Ground.TEAM
    return {Kind.SCHOOL: Ground.SCHOOL, Kind.MUNICIPALITY: Ground.GEMEENTE}.get(field.column.kind)


def _place_names(ground: Ground, region: Region, day: date) -> Mapping[str, str]:
    """Code to name of the places of a region, in order of name."""
    if ground is Ground.TEAM:
        names = {team.id: team.naam for team in region.teams}
    elif ground is Ground.SCHOOL:
        names = {school.school: school.naam for school in (*region.scholen, *region.schools_on(day))}
    else:
        names = {one.gemeente: one.naam for one in region.municipalities_on(day)}
    return dict(sorted(names.items(), key=lambda item: item[1]))


def _labels(field: Field) -> Mapping[str, str]:
    """The values of a column that come from a list, with their labels; none for any other column."""
    column = field.column
    if column.codes is not None:
        return column.codes.labels
    if column.kind is Kind.BOOLEAN:
        return {"ja": "ja", "nee": "nee"}
    if column.kind is Kind.INTEGER and column.minimum is not None and column.maximum is not None:
        values = range(int(column.minimum), int(column.maximum) + 1)
        return {str(value): str(value) for value in values} if len(values) <= _FEW_VALUES else {}
    return {}


def _tally(ground: Ground, field: Field, found: Counted, names: Mapping[str, str]) -> Iterator[Tally]:
    lines = _lines(field.name, found, names) if names else ()
    if any(line.value for line in lines):
        yield Tally(ground, field.name, field.column.description, lines)


def _lines(what: str, counted: Counted, names: Mapping[str, str], always: Collection[str] = ()) -> tuple[Line, ...]:
    """A line per value that stands in one of both or is ``always`` told, in the order of ``names``; empty comes last.

    A place outside the region has no name: it is told by its code, after the others.
    """
    now = _counts(counted.now, what)
    before = None if counted.before is None else _counts(counted.before, what)
    found = {*now, *(before or {}), *always}
    known = [value for value in names if value in found]
    unknown = sorted(value for value in found if value is not None and value not in names)
    told = [(value, names.get(value, value)) for value in (*known, *unknown)]
    lines = [Line(value, label, _change(value, now, before)) for value, label in told]
    return (*lines, *([Line("", EMPTY, _change(None, now, before))] if None in found else []))


def _change(value: str | None, now: Mapping[str | None, int], before: Mapping[str | None, int] | None) -> Change:
    return Change(now.get(value, 0), None if before is None else before.get(value, 0))


def _by_period(field: Field, found: Counted, year: SchoolYear, peildatum: date) -> Iterator[Tally]:
    """The rows by half-year and by month of the school year. A month without rows is told: it may be forgotten."""
    months = _months(year)
    begun = [] if field.column is c.PEILDATUM else [code for code, first in months.items() if first < peildatum]
    halves = _around(year, dict(zip(("halfjaar_1", "halfjaar_2"), _half_years(year), strict=True)))
    names = _around(year, {code: dutch.month(first) for code, first in months.items()})
    for ground, labels, always in ((Ground.HALFJAAR, halves, ()), (Ground.MAAND, names, begun)):
        lines = _lines(ground, found, labels, always)
        if any(line.rows.now or line.rows.before for line in lines):
            yield Tally(ground, field.name, field.column.description, lines)


def _months(year: SchoolYear) -> dict[str, date]:
    """The twelve months of a school year: code to first day."""
    firsts = [date(year.start_year + (number < 8), number, 1) for number in (*range(8, 13), *range(1, 8))]
    return {first.strftime("%Y-%m"): first for first in firsts}


def _half_years(year: SchoolYear) -> tuple[str, str]:
    return (
        f"augustus tot en met december {year.start_year}",
        f"januari tot en met juli {year.start_year + 1}",
    )


def _around(year: SchoolYear, within: Mapping[str, str]) -> dict[str, str]:
    """The periods of a school year between what lies before and after it."""
    return {
        _EARLIER: f"voor {dutch.day(year.first_day)}",
        **within,
        _LATER: f"na {dutch.day(year.last_day)}",
        _ONLY_YEAR: "alleen het jaar is bekend",
    }


_WITHIN: dict[Ground, Callable[[pl.Expr], pl.Expr]] = {
    Ground.HALFJAAR: lambda day: (
        pl.when(day.dt.month() >= 8).then(pl.lit("halfjaar_1")).otherwise(pl.lit("halfjaar_2"))
    ),
    Ground.MAAND: lambda day: day.dt.strftime("%Y-%m"),
}
"""The period of a day within a school year."""


def _period(name: str, within: pl.Expr, year: SchoolYear) -> pl.Expr:
    """The period a date falls in. Of a date known to the year no half-year or month can be told."""
    day = pl.col(name)
    return (
        pl.when(day.is_null())
        .then(pl.lit(None, dtype=pl.String))
        .when(day.dt.year() < year.start_year)
        .then(pl.lit(_EARLIER))
        .when(pl.col(name + PRECISION) == "jaar")
        .then(pl.lit(_ONLY_YEAR))
        .when(day < year.first_day)
        .then(pl.lit(_EARLIER))
        .when(day > year.last_day)
        .then(pl.lit(_LATER))
        .otherwise(within)
    )
