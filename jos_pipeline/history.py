"""``jos diff``, ``jos trace`` and the figures of a past moment: what they read. Part of the front door.

Reads warehouse, ledger and lake, and changes nothing. What it means is ``jos_pipeline.diffing`` and ``tracing``.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd
import polars as pl

from assets.bronnen import GROUP as SOURCES
from assets.indicatoren import peildatum_of
from jos_pipeline.areas import all_areas
from jos_pipeline.clock import day_of
from jos_pipeline.diffing import Difference, Version, difference
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.ledger import as_of, in_force, years_with_deliveries
from jos_pipeline.linking import Frames, empty_frame, link
from jos_pipeline.opendata import DUO_EXAMENS, DUO_LEERLINGEN
from jos_pipeline.publication import MONITOR_SCHEMA, PublicationId, Published, current
from jos_pipeline.region import Region, load_region
from jos_pipeline.rounded_rows import EXACT
from jos_pipeline.school_year import SchoolYear
from jos_pipeline.settings import Settings
from jos_pipeline.tracing import Place, Stand, Trace, trace
from resources.lake import DeliveryPlace, Lake
from resources.warehouse import WarehouseStore
from schemas.contracts import CONTRACTS

OPEN_DATA = {"duo_vestiging": DUO_LEERLINGEN.name, "duo_examen": DUO_EXAMENS.name}

START = "Start eerst: jos run --publiceer"
"""What to do in an installation that holds nothing yet."""


class UnknownError(ValueError):
    """Something that is asked for is not there; the message (Dutch) says what is."""


@dataclass(frozen=True)
class Traced:
    """A trace beside what was published of the same figure, at the moment it is about."""

    trace: Trace
    moment: datetime
    publicatie: Published | None
    gepubliceerd: dict[str, Any] | None
    """The row of the publication; None when it has none."""
    andere_leveringen: tuple[int, ...]
    """Deliveries in force on which the publication does not rest, or that it rests on and are in force no more."""
    afgerond: bool = False
    """Whether the counts of the publication were rounded."""


@dataclass(frozen=True)
class Question:
    """Which figure, as somebody wrote it. ``schooljaar`` None: the newest with deliveries."""

    indicator: str
    gebied: str
    periode: str
    schooljaar: str | None
    uitsplitsing: str
    categorie: str


def trace_of(settings: Settings, question: Question, moment: datetime) -> Traced:
    """What a figure rested on at a moment. Raises UnknownError, or NoSuchFigureError of ``tracing``."""
    store, region = WarehouseStore(settings.warehouse_url), load_region(settings.regio)
    if question.indicator not in INDICATORS:
        raise UnknownError(f"indicator {question.indicator} is er niet; alle namen staan in dim_indicator")
    ever = store.deliveries()
    known = as_of(ever, moment)
    year = question.schooljaar or max(years_with_deliveries(known), default="")
    if in_force(known, year).empty:
        hint = f". {START}" if ever.empty else ""
        raise UnknownError(f"{f'van schooljaar {year}' if year else 'er'} gold toen geen levering{hint}")
    out = _brought_out_by(store, year, moment)
    holds = current(out)
    day = day_of(moment)
    peildatum = holds.id.peildatum if holds else peildatum_of(known, out, region, year, day)
    lake = Lake(settings.lake_url)
    stand = stand_of(lake, known, store.findings(), region, year, peildatum)
    place = _place(question, region, day_in(year, peildatum))
    behind = set() if holds is None else set(store.deliveries_behind(holds.id)["id"])
    return Traced(
        trace(place, stand),
        moment,
        holds,
        None if holds is None else _published(store, holds.id, place),
        tuple(sorted(behind ^ set(stand.leveringen["id"]))) if behind else (),
        afgerond=holds is not None and lake.has_under(EXACT, year, holds.sha256),
    )


def stand_of(
    lake: Lake, known: pd.DataFrame, findings: pd.DataFrame, region: Region, year: str, peildatum: date
) -> Stand:
    """What figures of a school year are counted on, given the ledger of any moment.

    Accepted rows lie in the lake by the hash of their file and never change, so this is the past itself; open data and
    the region's configuration are those of now. Raises UnknownError when rows are no longer kept.
    """
    chosen = in_force(known, year)
    base = link(_frames(lake, chosen, year), region, year)
    return Stand(base, chosen, findings, region, year, peildatum)


def cube_of(stand: Stand) -> pl.DataFrame:
    """The internal figures of a stand: with ``ledger.as_of`` those of any past moment."""
    return compute_cube(stand.base, stand.coverage, stand.region, stand.schooljaar, stand.peildatum)


def _frames(lake: Lake, chosen: pd.DataFrame, year: str) -> Frames:
    frames = {soort: empty_frame(soort) for soort in CONTRACTS}
    for row in chosen.itertuples():
        place = DeliveryPlace(row.soort, year, row.leverancier, row.sha256)
        try:
            rows = lake.read_accepted(place).with_columns(leverancier=pl.lit(row.leverancier))
        except FileNotFoundError:
            raise UnknownError(f"de rijen van levering {row.id} liggen niet meer in het meer") from None
        frames[row.soort] = pl.concat([frames[row.soort], _fitted(rows, empty_frame(row.soort))])
    opened = {table: name for table, name in OPEN_DATA.items() if lake.has_layer(SOURCES, name, year)}
    pulled = {table: lake.read_layer(SOURCES, name, year) for table, name in opened.items()}
    return frames | {table: rows.with_columns(schooljaar=pl.lit(year)) for table, rows in pulled.items()}


def _fitted(rows: pl.DataFrame, empty: pl.DataFrame) -> pl.DataFrame:
    """Rows of an older contract in the columns of the present one: what it did not have is empty."""
    return rows.select(
        pl.col(name) if name in rows.columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in empty.schema.items()
    )


def day_in(year: str, peildatum: date) -> date:
    """The day on which areas are looked at: the last of the school year that counts."""
    return min(peildatum, SchoolYear.parse(year).last_day)


def _place(question: Question, region: Region, day: date) -> Place:
    wanted = question.gebied.lower()
    areas = all_areas(region, day, SchoolYear.of(day).first_day).filter(pl.col("gebied").str.to_lowercase() == wanted)
    if areas.is_empty():
        raise UnknownError(f"gebied {question.gebied} is er niet; gebruik de code, zoals {region.id}, GM0361 of 19ZQ00")
    niveau, gebied, _ = areas.row(0)
    return Place(
        INDICATORS[question.indicator], niveau, gebied, question.periode, question.uitsplitsing, question.categorie
    )


def _brought_out_by(store: WarehouseStore, year: str, moment: datetime) -> list[Published]:
    """The publications of a school year as they stood at a moment: one withdrawn later still held."""
    when = {row.id: row.gepubliceerd_op for row in store.publications(year).itertuples()}
    taken_back = {row.publicatie: row.ingetrokken_op for row in store.withdrawals().itertuples()}
    return [
        replace(published, ingetrokken=str(published.id) in taken_back and taken_back[str(published.id)] <= moment)
        for published in store.brought_out(year)
        if when[str(published.id)] <= moment
    ]


def _published(store: WarehouseStore, publication: PublicationId, place: Place) -> dict[str, Any] | None:
    rows = _rows(store, publication)
    wanted = {name: getattr(place, name) for name in ("niveau", "gebied", "periode", "uitsplitsing", "categorie")}
    found = rows.filter(pl.col("indicator") == place.indicator.id, *(pl.col(n) == v for n, v in wanted.items()))
    return None if found.is_empty() else found.row(0, named=True)


def difference_between(settings: Settings, van: PublicationId, naar: PublicationId) -> Difference:
    """What changed from one publication to another. Raises UnknownError for one that was never brought out."""
    store = WarehouseStore(settings.warehouse_url)
    versions = [_version(store, publication) for publication in (van, naar)]
    rows = [_rows(store, publication) for publication in (van, naar)]
    region = load_region(settings.regio)
    return difference(versions[0], versions[1], (rows[0], rows[1]), store.definitions(), region)


def _version(store: WarehouseStore, publication: PublicationId) -> Version:
    known = {str(row.id): row for row in store.publications().itertuples()}
    row: Any = known.get(str(publication))
    if row is None:
        hint = f"; kies uit {', '.join(known)}" if known else f": er is nog niets gepubliceerd. {START}"
        raise UnknownError(f"publicatie {publication} is er niet{hint}")
    return Version(
        id=row.id,
        schooljaar=row.schooljaar,
        peildatum=row.peildatum,
        status=row.status,
        contract_versie=row.contract_versie,
        code_versie=row.code_versie,
        leveringen=store.deliveries_behind(publication),
        ingetrokken=str(publication) in set(store.withdrawals()["publicatie"]),
    )


def _rows(store: WarehouseStore, publication: PublicationId) -> pl.DataFrame:
    frame = pl.from_pandas(store.publication_rows(publication))
    return frame.select(pl.col(name).cast(kind) for name, kind in MONITOR_SCHEMA.items())
