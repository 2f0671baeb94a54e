"""What a figure rests on: which rows of which deliveries are counted, and which are left out by which rule.

Pure: base tables, coverage and ledger in, counts out; never a value of a record. The counts are exact and small ones
too, so what comes out is for the inside of the house. How it is shown is ``jos_pipeline.trace_text``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import polars as pl

from jos_pipeline.coverage import Coverage, UnitCoverage
from jos_pipeline.indicators.context import SUPPLIER_TABLE, View, ground_of, members, seen_in
from jos_pipeline.indicators.cube import compute_cube, schools_present
from jos_pipeline.indicators.entry import TOTAAL, Breakdown, Denominator, Ground, Indicator, Kind, Measure
from jos_pipeline.indicators.narrow import narrowed
from jos_pipeline.indicators.reported import MIXED, REPORTED
from jos_pipeline.indicators.words import WORDS
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear, Window
from schemas.contracts import CONTRACTS
from schemas.linked import LINKED_TABLES, OPGAVE


@dataclass(frozen=True)
class Place:
    """Which figure: one cell of the cube."""

    indicator: Indicator
    niveau: str
    gebied: str
    periode: str
    uitsplitsing: str = TOTAAL
    categorie: str = TOTAAL

    @property
    def split(self) -> Breakdown | None:
        return next((split for split in self.indicator.uitsplitsingen if split.id == self.uitsplitsing), None)


@dataclass(frozen=True)
class Stand:
    """What a figure is counted on: base tables, what is in force (rows of ``levering``), findings, and the day."""

    base: Mapping[str, pl.DataFrame]
    leveringen: pd.DataFrame
    bevindingen: pd.DataFrame
    region: Region
    schooljaar: str
    peildatum: date

    @property
    def coverage(self) -> Coverage:
        chosen = zip(self.leveringen["leverancier"], self.leveringen["soort"], strict=True)
        return Coverage(frozenset(chosen))


@dataclass(frozen=True)
class Rule:
    """One condition of a formula and how many rows it leaves out of those that the conditions before it let through."""

    regel: str
    betekenis: str
    """What the word of the formula stands for; empty when the condition says it all."""
    valt_af: int


@dataclass(frozen=True)
class MeasureTrace:
    """One count of a figure: from all rows of its table to those that are counted."""

    rol: str
    maat: str
    tabel: str
    soort: str | None
    telt: str
    rijen_schooljaar: int
    rijen_gebied: int
    regels: tuple[Rule, ...]
    rijen_geteld: int
    per_leverancier: Mapping[str, int]


@dataclass(frozen=True)
class Hit:
    """A finding that hit in a delivery."""

    code: str
    ernst: str
    kolom: str | None
    aantal: int


@dataclass(frozen=True)
class DeliveryTrace:
    """A delivery behind a figure, with its rows in each count."""

    id: int
    leverancier: str
    soort: str
    peildatum: date
    ontvangen_op: str
    sha256: str
    oordeel: str
    rijen: int
    rijen_afgekeurd: int
    contract: int
    contract_nu: int
    geteld: Mapping[str, int]
    bevindingen: tuple[Hit, ...]


@dataclass(frozen=True)
class Absent:
    """A school, gemeente or supplier of which something that is needed is not in force."""

    waar: str
    leverancier: str | None
    soort: str


@dataclass(frozen=True)
class Trace:
    """Everything behind one figure. ``cijfer`` is its row of the internal cube."""

    plaats: Place
    schooljaar: str
    peildatum: date
    cijfer: Mapping[str, object]
    maten: tuple[MeasureTrace, ...]
    leveringen: tuple[DeliveryTrace, ...]
    ontbreekt: tuple[Absent, ...]


class NoSuchFigureError(ValueError):
    """There is no such cell; the message (Dutch) says what there is."""


def trace(place: Place, stand: Stand) -> Trace:
    """Traces a figure. Raises NoSuchFigureError when the cube has no such cell."""
    window = _window(place, stand)
    cell = _cell(place, stand)
    present = schools_present(stand.base)
    units = UnitCoverage(stand.region, stand.coverage, window.b, present, since=window.a)
    view = View(stand.region, SchoolYear.parse(stand.schooljaar), stand.peildatum, window, units)
    every = {name: table.columns for name, table in stand.base.items()}
    seen, areas = seen_in(view, narrowed(stand.base, every)), members(view)
    measures = tuple(
        _measure(role, measure, place, seen[measure.table], areas[ground_of(measure.table)])
        for role, measure in _measures(place.indicator)
    )
    return Trace(
        place,
        stand.schooljaar,
        stand.peildatum,
        cell,
        measures,
        tuple(_deliveries(measures, place.indicator, str(cell["herkomst"]), stand)),
        tuple(_absent(place, units, areas[ground_of(place.indicator.teller.table)])),
    )


def _window(place: Place, stand: Stand) -> Window:
    windows = SchoolYear.parse(stand.schooljaar).windows(stand.peildatum)
    found = next((window for window in windows if window.period == place.periode), None)
    if found is None:
        begun = ", ".join(window.period.value for window in windows) or "geen enkele"
        raise NoSuchFigureError(f"periode {place.periode} is op {stand.peildatum} niet begonnen; kies uit {begun}")
    return found


def _cell(place: Place, stand: Stand) -> Mapping[str, object]:
    cube = compute_cube(
        stand.base, stand.coverage, stand.region, stand.schooljaar, stand.peildatum, indicators=[place.indicator]
    )
    wanted = {name: getattr(place, name) for name in ("niveau", "gebied", "periode", "uitsplitsing", "categorie")}
    found = cube.filter(*(pl.col(name) == value for name, value in wanted.items()))
    if found.is_empty():
        splits = ", ".join((TOTAAL, *(split.id for split in place.indicator.uitsplitsingen)))
        raise NoSuchFigureError(
            f"{place.indicator.id} heeft geen cijfer voor {place.niveau} {place.gebied}, {place.uitsplitsing} "
            f"{place.categorie}; uitsplitsingen: {splits}"
        )
    return found.row(0, named=True)


def _measures(indicator: Indicator) -> Iterator[tuple[str, Measure]]:
    yield "teller", indicator.teller
    if indicator.noemer is not None:
        yield "noemer", indicator.noemer


def _measure(role: str, measure: Measure, place: Place, table: pl.DataFrame, areas: pl.DataFrame) -> MeasureTrace:
    here = areas.filter(niveau=place.niveau, gebied=place.gebied)
    rows = table.join(here, on="plaats", how="semi")
    whole, rules = rows.height, []
    for condition, meaning in _conditions(role, measure, place):
        left = rows.filter(condition.fill_null(value=False))
        rules.append(Rule(readable(condition), meaning, rows.height - left.height))
        rows = left
    linked = LINKED_TABLES.get(measure.table)
    return MeasureTrace(
        rol=role,
        maat=measure.id,
        tabel=measure.table,
        soort=linked.soort if linked else None,
        telt=f"{measure.kind.value}{f' ({measure.key})' if measure.key else ''}",
        rijen_schooljaar=table.height,
        rijen_gebied=whole,
        regels=tuple(rules),
        rijen_geteld=rows.height,
        per_leverancier=_per_supplier(rows),
    )


def _per_supplier(rows: pl.DataFrame) -> dict[str, int]:
    if "leverancier" not in rows.columns:
        return {}
    return dict(rows.group_by("leverancier").len().sort("leverancier").iter_rows())


def _conditions(role: str, measure: Measure, place: Place) -> Iterator[tuple[pl.Expr, str]]:
    """The conditions for a row to be counted, one by one, each with what its word means."""
    words = {name: word for stage in WORDS.get(measure.table, ()) for name, word in stage.items()}
    for condition in conjuncts(measure.where):
        if str(condition) == "true":
            continue
        names = [name for name in condition.meta.root_names() if name in words]
        yield condition, "; ".join(f"{name}: {readable(words[name])}" for name in names)
    whole = role == "noemer" and place.indicator.noemer_van is Denominator.TOTAAL
    if place.split is not None and not whole:
        yield pl.col(place.split.columns[measure.table]) == place.categorie, "de categorie van dit cijfer"
    if measure.kind is Kind.DISTINCT and measure.key:
        yield pl.col(measure.key).is_not_null(), "een rij zonder sleutel telt niet als een ander"
    if measure.kind in (Kind.MEDIAN, Kind.MEAN) and measure.value is not None:
        yield measure.value.is_not_null(), "zonder waarde valt er niets te middelen"


def conjuncts(condition: pl.Expr) -> list[pl.Expr]:
    """The parts of a condition that must all hold, in order."""
    parts = condition.meta.pop()
    for first, second in (parts, parts[::-1]) if len(parts) == 2 else ():
        if (first & second).meta.eq(condition):
            return [*conjuncts(first), *conjuncts(second)]
    return [condition]


def readable(expression: pl.Expr) -> str:
    """An expression of polars as people write it: ``begindatum <= b``."""
    text = re.sub(r'col\("([^"]*)"\)', r"\1", str(expression))
    text = re.sub(r"dyn \w+: ", "", text)
    text = re.sub(r'\(("[^"]*"|\w+)\)', r"\1", text.replace("[", "(").replace("]", ")"))
    return _without_doubled(f"({text})")[1:-1]


def _without_doubled(text: str) -> str:
    """The text without brackets that stand directly within brackets."""
    opened: list[int] = []
    closes: dict[int, int] = {}
    for place, letter in enumerate(text):
        if letter == "(":
            opened.append(place)
        elif letter == ")" and opened:
            closes[opened.pop()] = place
    doubled = {place for place, end in closes.items() if closes.get(place - 1) == end + 1}
    dropped = doubled | {closes[place] for place in doubled}
    return "".join(letter for place, letter in enumerate(text) if place not in dropped)


def _deliveries(
    measures: Sequence[MeasureTrace], indicator: Indicator, origin: str, stand: Stand
) -> Iterator[DeliveryTrace]:
    """The deliveries in force of the soorten behind the figure: those with rows that count first."""
    soorten = {*indicator.bronnen, *(measure.soort for measure in measures)}
    if origin in (REPORTED, MIXED):
        soorten.add(OPGAVE.soort)
    if indicator.teller.table == SUPPLIER_TABLE:
        soorten = set(CONTRACTS)
    found = [_delivery(row, measures, stand) for row in stand.leveringen.itertuples() if row.soort in soorten]
    yield from sorted(found, key=lambda one: (-sum(one.geteld.values()), one.soort, one.leverancier))


def _delivery(row: object, measures: Sequence[MeasureTrace], stand: Stand) -> DeliveryTrace:
    values = row._asdict()  # type: ignore[attr-defined]
    soort, hits = values["soort"], stand.bevindingen
    hits = hits[(hits["levering_id"] == values["id"]) & (hits["aantal"] > 0)]
    mine = [measure for measure in measures if measure.soort == soort]
    return DeliveryTrace(
        id=int(values["id"]),
        leverancier=values["leverancier"],
        soort=soort,
        peildatum=values["peildatum"],
        ontvangen_op=values["ontvangen_op"].isoformat(timespec="seconds"),
        sha256=values["sha256"],
        oordeel=values["oordeel"],
        rijen=int(values["rijen"]),
        rijen_afgekeurd=int(values["rijen_afgekeurd"]),
        contract=int(values["contract_versie"]),
        contract_nu=CONTRACTS[soort].version,
        geteld={measure.rol: measure.per_leverancier.get(values["leverancier"], 0) for measure in mine},
        bevindingen=tuple(
            Hit(hit.code, hit.ernst, None if pd.isna(hit.kolom) else hit.kolom, int(hit.aantal))
            for hit in hits.itertuples()
        ),
    )


def _absent(place: Place, units: UnitCoverage, areas: pl.DataFrame) -> Iterator[Absent]:
    """Who is missing: the schools or gemeenten of the area of which a source is not in force."""
    here = areas.filter(niveau=place.niveau, gebied=place.gebied).get_column("plaats").to_list()
    ground, sources = ground_of(place.indicator.teller.table), place.indicator.bronnen
    if ground == SUPPLIER_TABLE:
        lacking = units.suppliers().filter(pl.col("leverancier").is_in(here) & ~pl.col("geleverd"))
        yield from (Absent(who, who, soort) for who, soort, _ in lacking.iter_rows())
        return
    known = units.areas.schoolgemeente if ground == Ground.SCHOOL else units.areas.woongemeenten["plaats"].to_list()
    missing = units.missing_at_school if ground == Ground.SCHOOL else units.missing_at_home
    for where in sorted(set(here) & set(known)):
        yield from (Absent(where, who, soort) for who, soort in missing(where, sources))
