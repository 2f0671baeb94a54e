"""What is expected of whom by when, and how that stands: the delivery calendar against the ledger.

Pure: the region's calendar, the ``levering`` table as a frame and a day in; states out. Telling people about it is
``jos_pipeline.status`` (a table) and ``jos_pipeline.alerts`` (messages).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import pandas as pd

from jos_pipeline.clock import day_of
from jos_pipeline.delivery_moments import postponed
from jos_pipeline.ledger import ACCEPTED
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from schemas.contracts import CONTRACTS

Pair = tuple[str, str | None]
"""A leverancier and a soort."""


@dataclass(frozen=True)
class Expected:
    """A delivery that is agreed: the state on ``peildatum``, in by ``uiterlijk`` (that day included)."""

    leverancier: str
    soort: str
    schooljaar: str
    peildatum: date
    uiterlijk: date


class Progress(StrEnum):
    """How an expected delivery stands."""

    KOMT_NOG = "komt nog"
    """The peildatum has not come yet."""
    OPEN = "open"
    """It can be delivered and the deadline has not passed."""
    TE_LAAT = "te laat"
    """The deadline passed and no delivery in force meets it."""
    OP_TIJD = "op tijd"
    NA_DEADLINE = "na de deadline"
    """It is in, but came after the deadline."""


@dataclass(frozen=True)
class Moment:
    """An expected delivery and how it stands."""

    expected: Expected
    progress: Progress


@dataclass(frozen=True)
class DeliveryState:
    """One leverancier, soort and schooljaar. ``soort`` and ``schooljaar`` are None for files that do not tell them."""

    leverancier: str
    naam: str
    soort: str | None
    schooljaar: str | None
    ontvangen: int
    geaccepteerd: int
    afgekeurd: int
    dubbel: int
    geldend_peildatum: date | None
    agreed: bool
    stil: bool
    """The supplier (whatever the soort) is late and nothing came of it lately."""
    moments: tuple[Moment, ...]

    @property
    def ontbreekt(self) -> bool:
        """It is due and nothing is in force."""
        begun = [moment for moment in self.moments if moment.progress is not Progress.KOMT_NOG]
        return self.agreed and self.geldend_peildatum is None and bool(begun or not self.moments)

    @property
    def te_laat(self) -> bool:
        return bool(self.late)

    @property
    def na_deadline(self) -> bool:
        return any(moment.progress is Progress.NA_DEADLINE for moment in self.moments)

    @property
    def late(self) -> tuple[Expected, ...]:
        return tuple(moment.expected for moment in self.moments if moment.progress is Progress.TE_LAAT)

    @property
    def volgende(self) -> Expected | None:
        """The first delivery that still has to come and is not late yet."""
        return min(self.coming, key=lambda expected: expected.uiterlijk, default=None)

    @property
    def coming(self) -> tuple[Expected, ...]:
        waits = (Progress.KOMT_NOG, Progress.OPEN)
        return tuple(moment.expected for moment in self.moments if moment.progress in waits)


def expected_of(region: Region, schooljaar: str) -> tuple[Expected, ...]:
    """Everything the region expects for a school year, in the order of its suppliers."""
    year = SchoolYear.parse(schooljaar)
    return tuple(
        expected
        for supplier in region.suppliers_in(year)
        for soort in supplier.levert
        for expected in _expected(region, supplier.id, soort, year)
    )


def _expected(region: Region, leverancier: str, soort: str, year: SchoolYear) -> list[Expected]:
    about = [moment for moment in region.levermomenten if moment.is_about(leverancier, soort)]
    most = max((moment.specificity for moment in about), default=0)
    supplier = region.suppliers[leverancier]
    found = [
        Expected(
            leverancier,
            soort,
            str(year),
            moment.day_in(year),
            postponed(moment.deadline_in(year), region.uitstel),
        )
        for moment in about
        if moment.specificity == most and supplier.holds_on(moment.day_in(year))
    ]
    return sorted(found, key=lambda expected: expected.peildatum)


def told_years(region: Region, deliveries: pd.DataFrame, today: date) -> list[str]:
    """The school years worth telling of: those with files and the one of today, as far as the region knows them."""
    years = {*deliveries["schooljaar"].dropna(), str(SchoolYear.of(today))}
    return sorted(years & set(region.school_years))


def states_of(region: Region, schooljaar: str, deliveries: pd.DataFrame, today: date) -> tuple[DeliveryState, ...]:
    """How a school year stands: what is agreed, and what came besides, in the order of the region's suppliers.

    ``deliveries`` is the ledger, of all years.
    """
    sent = _by_pair(deliveries[deliveries["schooljaar"] == schooljaar])
    year = SchoolYear.parse(schooljaar)
    agreed = {(supplier.id, soort) for supplier in region.suppliers_in(year) for soort in supplier.levert}
    order = {supplier.id: number for number, supplier in enumerate(region.leveranciers)}
    soorten = {soort: number for number, soort in enumerate(CONTRACTS)}
    pairs = sorted(
        {*agreed, *sent},
        key=lambda pair: (order.get(pair[0], len(order)), pair[0], soorten.get(pair[1] or "", len(soorten))),
    )
    found = [_state(region, pair, schooljaar, sent.get(pair, []), today, pair in agreed) for pair in pairs]
    silent = _silent(found, deliveries, region.stil_na_dagen, today, year)
    return tuple(state if state.leverancier not in silent else replace(state, stil=True) for state in found)


def state_of(
    region: Region, leverancier: str, soort: str, schooljaar: str, deliveries: pd.DataFrame, today: date
) -> DeliveryState:
    """How one supplier stands with one soort. Raises KeyError when nothing is agreed and nothing came."""
    for state in states_of(region, schooljaar, deliveries, today):
        if (state.leverancier, state.soort) == (leverancier, soort):
            return state
    raise KeyError((leverancier, soort, schooljaar))


def unplaced(region: Region, deliveries: pd.DataFrame) -> tuple[DeliveryState, ...]:
    """Files of which the school year cannot be told, or is none of the region's, per supplier and soort."""
    sent = _by_pair(deliveries[~deliveries["schooljaar"].isin(region.school_years)])
    return tuple(_state(region, pair, None, sent[pair], date.min, agreed=False) for pair in sorted(sent, key=str))


def _by_pair(deliveries: pd.DataFrame) -> dict[Pair, list[Any]]:
    """The rows of the ledger per leverancier and soort, in order of arrival."""
    grouped: dict[Pair, list[Any]] = {}
    for row in deliveries.itertuples():
        grouped.setdefault((row.leverancier, _text(row.soort)), []).append(row)
    return grouped


def _state(
    region: Region,
    pair: Pair,
    schooljaar: str | None,
    rows: Sequence[Any],
    today: date,
    agreed: bool,
) -> DeliveryState:
    leverancier, soort = pair
    verdicts = Counter(row.oordeel for row in rows)
    in_force = max((day for row in rows if row.geldend and (day := _day(row.peildatum))), default=None)
    year = SchoolYear.parse(schooljaar) if agreed and schooljaar else None
    expected = _expected(region, leverancier, soort, year) if year and soort else []
    known = region.suppliers.get(leverancier)
    return DeliveryState(
        leverancier=leverancier,
        naam=leverancier if known is None else known.naam,
        soort=soort,
        schooljaar=schooljaar,
        ontvangen=len(rows),
        geaccepteerd=sum(verdicts[verdict] for verdict in ACCEPTED),
        afgekeurd=verdicts["afgekeurd"],
        dubbel=verdicts["dubbel"],
        geldend_peildatum=in_force,
        agreed=agreed,
        stil=False,
        moments=tuple(Moment(one, _progress(one, in_force, rows, today)) for one in expected),
    )


def _progress(expected: Expected, in_force: date | None, rows: Sequence[Any], today: date) -> Progress:
    if in_force is not None and in_force >= expected.peildatum:
        return Progress.NA_DEADLINE if _first_met(expected, rows) > expected.uiterlijk else Progress.OP_TIJD
    if today > expected.uiterlijk:
        return Progress.TE_LAAT
    return Progress.OPEN if today >= expected.peildatum else Progress.KOMT_NOG


def _first_met(expected: Expected, rows: Sequence[Any]) -> date:
    """The day on which the first accepted delivery that meets an expectation came.

    The earlier of its own time and the time at which the monitor saw it: a monitor that was out for a while, or that
    takes in the files of earlier years, makes nobody late. A herlevering later on does not either.
    """
    meets = [
        min(_moment_day(row.ontvangen_op), _moment_day(row.gewijzigd_op))
        for row in rows
        if row.oordeel in ACCEPTED and (day := _day(row.peildatum)) is not None and day >= expected.peildatum
    ]
    return min(meets, default=date.min)


def _silent(
    states: Iterable[DeliveryState], deliveries: pd.DataFrame, days: int, today: date, year: SchoolYear
) -> set[str]:
    """Suppliers that are late and of which nothing came lately, or nothing at all for the school year.

    A file that tells no school year counts from the first day of it: who sends what is refused is not silent.
    """
    late = {state.leverancier for state in states if state.te_laat}
    theirs = deliveries["leverancier"].isin(late)
    of_year = deliveries["schooljaar"].isna() | (deliveries["schooljaar"] == str(year))
    last: dict[str, date] = {}
    for who, moment, told in zip(
        *(deliveries.loc[theirs & of_year, name] for name in ("leverancier", "ontvangen_op", "schooljaar")), strict=True
    ):
        day = _moment_day(moment)
        if not pd.isna(told) or day >= year.first_day:
            last[who] = max(last.get(who, date.min), day)
    return {who for who in late if who not in last or today - last[who] > timedelta(days=days)}


def _text(cell: object) -> str | None:
    return None if pd.isna(cell) else str(cell)


def _day(cell: object) -> date | None:
    return None if pd.isna(cell) else pd.Timestamp(cell).date()


def _moment_day(cell: datetime) -> date:
    return day_of(pd.Timestamp(cell).to_pydatetime())
