"""Two publications beside each other: every figure that changed, and what it may come from.

Pure, and on published figures and the ledger only, so what it gives is safe for everybody. Several causes can touch
one figure; which of them did how much cannot be told from figures alone, so all that apply are named. How it is shown
is ``jos_pipeline.diff_text``; where the frames come from, ``jos_pipeline.history``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

import pandas as pd
import polars as pl

from jos_pipeline.clock import day_of
from jos_pipeline.coverage import DUO, DUO_EXAMENS
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.context import SUPPLIER_TABLE
from jos_pipeline.region import Region, SupplierKind
from jos_pipeline.school_year import SchoolYear

Row = Mapping[str, Any]
"""A row of ``changed``."""
Known = Mapping[tuple[str, int], object]
"""The rows of ``dim_indicator_versie`` by indicator and version."""

KEY = ("indicator", "periode", "niveau", "gebied", "uitsplitsing", "categorie")
FIGURE = ("waarde", "waarde_min", "waarde_max", "teller", "noemer", "rang", "waarde_status")
AROUND = ("n_verwacht", "n_geleverd", "dekking", "herkomst", "indicator_versie")
SHOWN = ("eenheid",)
BEFORE, AFTER = "_van", "_naar"
HIDDEN = "onderdrukt"
REPORTED = "opgave"
"""The soort that may stand in for any other."""


class Change(StrEnum):
    """What happened to a figure."""

    NIEUW = "nieuw"
    VERVALLEN = "vervallen"
    VERBORGEN = "nu verborgen"
    ZICHTBAAR = "niet meer verborgen"
    STATUS = "andere status"
    WAARDE = "andere waarde"
    EROMHEEN = "zelfde waarde"
    """The figure itself is the same; its coverage, origin or definition is not."""


@dataclass(frozen=True)
class Version:
    """A publication as it is compared: what is recorded of it and the deliveries (rows of ``levering``) behind it."""

    id: str
    schooljaar: str
    peildatum: date
    status: str
    contract_versie: str
    code_versie: str
    leveringen: pd.DataFrame
    ingetrokken: bool = False


@dataclass(frozen=True, order=True)
class DeliveryChange:
    """What happened between two publications to the delivery of a soort by a supplier."""

    soort: str
    leverancier: str
    wat: str
    """``herlevering``, ``nieuwe levering`` or ``levering vervallen``."""
    van: int | None
    naar: int | None
    ontvangen_op: datetime | None
    """When the delivery of the second publication came in; None when there is none."""

    @property
    def dag(self) -> date | None:
        return None if self.ontvangen_op is None else day_of(self.ontvangen_op)


@dataclass(frozen=True)
class Definitions:
    """An indicator of which the two publications used another version; a text is None when it was not kept."""

    indicator: str
    van: int
    naar: int
    definitie_van: str | None
    definitie_naar: str | None
    formule_van: str | None
    formule_naar: str | None


@dataclass(frozen=True)
class Difference:
    """Everything that differs between two publications. ``cijfers`` has a row per changed figure (``changed``)."""

    van: Version
    naar: Version
    leveringen: tuple[DeliveryChange, ...]
    definities: tuple[Definitions, ...]
    cijfers: pl.DataFrame
    gelijk: int
    """How many figures are the same in both."""

    @cached_property
    def deliveries_known(self) -> bool:
        """Whether it was recorded of both on which deliveries they rest."""
        return not (self.van.leveringen.empty or self.naar.leveringen.empty)


def difference(
    van: Version, naar: Version, rows: tuple[pl.DataFrame, pl.DataFrame], definitions: pd.DataFrame, region: Region
) -> Difference:
    """Compares two publications; ``rows`` are theirs and ``definitions`` is the table ``dim_indicator_versie``."""
    found = changed(*rows)
    known = {(row.indicator, row.versie): row for row in definitions.itertuples()}
    deliveries = delivery_changes(van.leveringen, naar.leveringen)
    unfinished = Difference(van, naar, deliveries, _other_definitions(found, known), found, 0)
    reasons = [list(_reasons(row, unfinished, known, region)) for row in found.iter_rows(named=True)]
    with_reasons = found.with_columns(pl.Series("waarom", reasons, dtype=pl.List(pl.String)))
    same = rows[0].join(rows[1], on=KEY, how="semi").height - found.filter(pl.col("in_beide")).height
    return Difference(van, naar, deliveries, unfinished.definities, with_reasons, same)


def changed(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The figures that are not the same, with both values of everything and ``wat`` happened (``Change``)."""
    compared = [*FIGURE, *AROUND]
    both = _named(before, BEFORE).join(_named(after, AFTER), on=KEY, how="full", coalesce=True, nulls_equal=False)
    there, gone = pl.col(f"waarde_status{AFTER}").is_not_null(), pl.col(f"waarde_status{BEFORE}").is_null()
    other = {name: pl.col(name + BEFORE).ne_missing(pl.col(name + AFTER)) for name in compared}
    hidden = {side: pl.col(f"waarde_status{side}").eq_missing(pl.lit(HIDDEN)) for side in (BEFORE, AFTER)}
    return (
        both.filter(pl.any_horizontal(other.values()))
        .with_columns(
            in_beide=there & ~gone,
            wat=pl.when(gone)
            .then(pl.lit(Change.NIEUW.value))
            .when(~there)
            .then(pl.lit(Change.VERVALLEN.value))
            .when(hidden[AFTER] & ~hidden[BEFORE])
            .then(pl.lit(Change.VERBORGEN.value))
            .when(hidden[BEFORE] & ~hidden[AFTER])
            .then(pl.lit(Change.ZICHTBAAR.value))
            .when(other["waarde_status"])
            .then(pl.lit(Change.STATUS.value))
            .when(pl.any_horizontal(other[name] for name in FIGURE))
            .then(pl.lit(Change.WAARDE.value))
            .otherwise(pl.lit(Change.EROMHEEN.value)),
        )
        .sort(KEY)
    )


def _named(rows: pl.DataFrame, side: str) -> pl.DataFrame:
    return rows.select(*KEY, *(pl.col(name).alias(name + side) for name in (*FIGURE, *AROUND, *SHOWN)))


def delivery_changes(before: pd.DataFrame, after: pd.DataFrame) -> tuple[DeliveryChange, ...]:
    """What is behind the second publication and not the first, or the other way round, per soort and supplier.

    Nothing when of either it was not recorded.
    """
    if before.empty or after.empty:
        return ()
    old, new = ({(r.soort, r.leverancier): r for r in frame.itertuples()} for frame in (before, after))
    found = []
    for soort, leverancier in sorted({*old, *new}):
        was, now = old.get((soort, leverancier)), new.get((soort, leverancier))
        if was is not None and now is not None and was.id == now.id:
            continue
        words = "nieuwe levering" if was is None else "levering vervallen" if now is None else "herlevering"
        found.append(
            DeliveryChange(
                soort,
                leverancier,
                words,
                None if was is None else int(was.id),
                None if now is None else int(now.id),
                None if now is None else now.ontvangen_op.to_pydatetime(),
            )
        )
    return tuple(found)


def _other_definitions(found: pl.DataFrame, known: Known) -> tuple[Definitions, ...]:
    van, naar = f"indicator_versie{BEFORE}", f"indicator_versie{AFTER}"
    pairs = found.filter(pl.col("in_beide") & (pl.col(van) != pl.col(naar))).select("indicator", van, naar).unique()
    return tuple(
        Definitions(
            indicator,
            old,
            new,
            *(_text(known, indicator, version, "definitie") for version in (old, new)),
            *(_text(known, indicator, version, "formule") for version in (old, new)),
        )
        for indicator, old, new in sorted(pairs.iter_rows())
    )


def _text(known: Known, indicator: str, version: int | None, column: str) -> str | None:
    row = None if version is None else known.get((indicator, version))
    text = None if row is None else getattr(row, column)
    return text if isinstance(text, str) else None


def _reasons(row: Row, between: Difference, known: Known, region: Region) -> Iterator[str]:
    """What a changed figure may come from, the surest first; always something."""
    told = [
        *_of_itself(row),
        *_of_peildatum(row, between, known),
        *_of_deliveries(row, between, known, region),
    ]
    yield from told
    if (_soorten(row, known) or frozenset()) & {DUO, DUO_EXAMENS}:
        yield "open data van DUO"
    if not between.deliveries_known:
        yield "leveringen niet vastgelegd"
    if between.van.code_versie != between.naar.code_versie:
        yield f"programmatuur {between.van.code_versie} → {between.naar.code_versie}"
    if between.van.contract_versie != between.naar.contract_versie:
        yield "andere contracten"
    if not [reason for reason in told if reason != PROTECTION]:
        yield ELSEWHERE


PROTECTION = "bescherming van leerlingen"
ELSEWHERE = "volgt uit andere cijfers, open data of instellingen"
"""When nothing of the figure itself changed: hiding a neighbour, DUO's files, or the region's configuration."""


def _of_itself(row: Row) -> Iterator[str]:
    versions = [row["indicator_versie" + side] for side in (BEFORE, AFTER)]
    covered = [f"{row['n_geleverd' + side]}/{row['n_verwacht' + side]}" for side in (BEFORE, AFTER)]
    if row["in_beide"] and versions[0] != versions[1]:
        yield f"definitie versie {versions[0]} → {versions[1]}"
    if row["in_beide"] and covered[0] != covered[1]:
        yield f"dekking {covered[0]} → {covered[1]}"
    if row["wat"] in (Change.VERBORGEN, Change.ZICHTBAAR):
        yield PROTECTION


def _of_peildatum(row: Row, between: Difference, known: Known) -> Iterator[str]:
    van, naar = between.van, between.naar
    if van.schooljaar != naar.schooljaar:
        yield "ander schooljaar"
        return
    if van.peildatum == naar.peildatum:
        return
    windows = [_bounds(side.schooljaar, side.peildatum).get(str(row["periode"])) for side in (van, naar)]
    version = row["indicator_versie" + AFTER] or row["indicator_versie" + BEFORE]
    formula = _text(known, str(row["indicator"]), version, "formule")
    looks_at_day = formula is None or 'col("peildatum")' in formula or 'col("teldag")' in formula
    if windows[0] != windows[1] or looks_at_day:
        yield "latere peildatum" if naar.peildatum > van.peildatum else "eerdere peildatum"


@cache
def _bounds(year: str, peildatum: date) -> dict[str, tuple[date, date]]:
    """First and last day that count of every period."""
    return {str(window.period): (window.a, window.b) for window in SchoolYear.parse(year).windows(peildatum)}


def _of_deliveries(row: Row, between: Difference, known: Known, region: Region) -> Iterator[str]:
    soorten = _soorten(row, known)
    mine = [
        change
        for change in between.leveringen
        if (soorten is None or change.soort in soorten) and _reaches(change.leverancier, row, region)
    ]
    for words in dict.fromkeys((change.wat, change.soort) for change in mine):
        suppliers = [change.leverancier for change in mine if (change.wat, change.soort) == words]
        yield f"{words[0]} {words[1]} ({', '.join(suppliers)})"


def _soorten(row: Row, known: Known) -> frozenset[str] | None:
    """The soorten a figure rests on by either definition; None: all of them, for it is about the deliveries."""
    name = str(row["indicator"])
    if name in INDICATORS and INDICATORS[name].teller.table == SUPPLIER_TABLE:
        return None
    texts = [_text(known, name, row["indicator_versie" + side], "bronnen") for side in (BEFORE, AFTER)]
    named = {soort for text in texts for soort in (text or "").split(", ") if soort}
    if {row["herkomst" + side] for side in (BEFORE, AFTER)} & {REPORTED, "gemengd"}:
        named.add(REPORTED)
    return frozenset(named)


def _reaches(leverancier: str, row: Row, region: Region) -> bool:
    """Whether a supplier's rows can be in a figure of this area: those of a school are about that school only."""
    supplier = region.suppliers.get(leverancier)
    if supplier is None or supplier.soort is not SupplierKind.SCHOOL or row["niveau"] == "regio":
        return True
    return row["gebied"] in _areas_of(supplier.gebied, region)


def _areas_of(school: str | None, region: Region) -> frozenset[str]:
    gemeenten = {entry.gemeente for entry in region.scholen if entry.school == school}
    verbanden = {area.samenwerkingsverband for area in region.gebieden if area.gemeente in gemeenten}
    return frozenset({str(school), *gemeenten, *verbanden})


def per_indicator(figures: pl.DataFrame) -> pl.DataFrame:
    """Of every indicator how many of these figures changed, and all that was named as a possible cause.

    Most changes first; columns ``indicator``, ``aantal`` and ``waarom``, the cause of most figures first.
    """
    causes = (
        figures.explode("waarom")
        .group_by("indicator", "waarom")
        .len()
        .sort("len", "waarom", descending=[True, False])
        .group_by("indicator", maintain_order=True)
        .agg("waarom")
    )
    counts = figures.group_by("indicator").agg(aantal=pl.len())
    return counts.join(causes, on="indicator").sort("aantal", "indicator", descending=[True, False])


def counted(differences: Iterable[str]) -> dict[str, int]:
    """How often each kind of change occurs, in the order of ``Change``."""
    found = list(differences)
    return {kind.value: found.count(kind.value) for kind in Change if kind.value in found}
