"""What a run came to, for people: per delivery, per refusal, per figure. Pure: ledger and published rows in.

The closing summary in the terminal and the overview page are two renderings of the same ``YearOutcome``.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from jos_pipeline import dutch
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import TOTAAL, Denominator, Ground, Indicator
from jos_pipeline.ledger import in_force
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from schemas.contracts import CONTRACTS
from schemas.findings import FINDINGS

VERDICTS = {
    "geaccepteerd": "geaccepteerd",
    "geaccepteerd_met_afkeur": "geaccepteerd, met afgekeurde rijen",
    "afgekeurd": "geweigerd",
    "dubbel": "al eerder geleverd",
}
MISSING = "ontbreekt"
RESPONS = "respons"
"""The indicator that is about who delivered."""
MOST_PARTS = 3
"""How many parts of a distribution are told in one line."""


@dataclass(frozen=True)
class DeliveryLine:
    """One supplier and soort: what stands there now."""

    leverancier: str
    naam: str
    soort: str
    stand: str
    peildatum: str
    rijen: int
    afgekeurd: int


@dataclass(frozen=True)
class Refusal:
    """One file that was refused, or one kind of row that was rejected."""

    levering: int
    leverancier: str
    bestand: str
    code: str
    title: str
    melding: str
    remedy: str
    rijen: str
    totaal: int
    afgekeurd: int


@dataclass(frozen=True)
class Figure:
    """One figure of the region, ready to read."""

    indicator: str
    naam: str
    definitie: str
    waarde: str
    dekking: str
    """What it rests on: ``7 van de 8 scholen``. Of the respons, which is about that itself, what was counted."""


@dataclass(frozen=True)
class YearOutcome:
    """Everything people want to know of one school year."""

    schooljaar: str
    regio: str
    drempel: int
    verdicts: dict[str, int]
    lines: tuple[DeliveryLine, ...]
    refused: tuple[Refusal, ...]
    rejected_rows: tuple[Refusal, ...]
    publicatie: str | None
    peildatum: date | None
    status: str | None
    published: int
    hidden: int
    figures: tuple[Figure, ...]
    afronden: int | None = None

    @property
    def missing(self) -> tuple[DeliveryLine, ...]:
        return tuple(line for line in self.lines if line.stand == MISSING)

    @property
    def has_deliveries(self) -> bool:
        """Whether any delivery of it is in force."""
        return len(self.missing) < len(self.lines)


def year_outcome(
    region: Region, schooljaar: str, deliveries: pd.DataFrame, findings: pd.DataFrame, rows: pd.DataFrame
) -> YearOutcome:
    """``deliveries`` and ``findings`` are the ledger; ``rows`` the current publication of the school year."""
    offered = deliveries[(deliveries["schooljaar"] == schooljaar) | deliveries["schooljaar"].isna()]
    states = rows["waarde_status"].value_counts() if len(rows) else {}
    first = rows.iloc[0] if len(rows) else None
    return YearOutcome(
        schooljaar=schooljaar,
        regio=region.naam,
        drempel=region.drempel,
        verdicts={verdict: int((offered["oordeel"] == verdict).sum()) for verdict in VERDICTS},
        lines=tuple(_lines(region, schooljaar, deliveries)),
        refused=tuple(_refusals(offered[offered["oordeel"] == "afgekeurd"], findings)),
        rejected_rows=tuple(_refusals(offered[offered["oordeel"] == "geaccepteerd_met_afkeur"], findings)),
        publicatie=None if first is None else str(first["publicatie"]),
        peildatum=None if first is None else pd.Timestamp(first["peildatum"]).date(),
        status=None if first is None else str(first["status"]),
        published=int(states.get("ok", 0) + states.get("laag_betrouwbaar", 0)),
        hidden=int(states.get("onderdrukt", 0)),
        figures=tuple(region_figures(rows)),
        afronden=region.afronden,
    )


def _lines(region: Region, schooljaar: str, deliveries: pd.DataFrame) -> list[DeliveryLine]:
    chosen = in_force(deliveries, schooljaar)
    standing = {(row.leverancier, row.soort): row for row in chosen.itertuples()}
    lines = []
    for supplier in region.suppliers_in(SchoolYear.parse(schooljaar)):
        for soort in supplier.levert:
            row = standing.get((supplier.id, soort))
            title = CONTRACTS[soort].title
            if row is None:
                lines.append(DeliveryLine(supplier.id, supplier.naam, title, MISSING, "", 0, 0))
                continue
            day = dutch.day(pd.Timestamp(row.peildatum).date())
            stand = VERDICTS[row.oordeel]
            lines.append(
                DeliveryLine(supplier.id, supplier.naam, title, stand, day, int(row.rijen), int(row.rijen_afgekeurd))
            )
    return lines


def _refusals(deliveries: pd.DataFrame, findings: pd.DataFrame) -> list[Refusal]:
    faults = findings[(findings["ernst"] == "fout") & (findings["aantal"] > 0)]
    joined = deliveries.merge(faults, left_on="id", right_on="levering_id", suffixes=("", "_bevinding"))
    joined = joined.sort_values(["id", "code", "kolom"])
    return [
        Refusal(
            levering=int(row.id),
            leverancier=row.leverancier,
            bestand=row.bestand,
            code=row.code,
            title=FINDINGS[row.code].title,
            melding=row.melding,
            remedy=FINDINGS[row.code].remedy,
            rijen=_row_numbers(row.rijen_bevinding, int(row.aantal)),
            totaal=int(row.rijen),
            afgekeurd=int(row.rijen_afgekeurd),
        )
        for row in joined.itertuples()
    ]


def _row_numbers(stored: str | None, total: int) -> str:
    rows = json.loads(stored) if isinstance(stored, str) else []
    shown = ", ".join(str(row) for row in rows[:5])
    return f"{shown} en meer" if total > 5 and shown else shown


def region_figures(rows: pd.DataFrame) -> list[Figure]:
    """The figures of the region in the rows of a publication, for the whole school year."""
    if not len(rows):
        return []
    chosen = rows[(rows["niveau"] == "regio") & (rows["periode"] == "schooljaar")]
    totals = {row.indicator: row for row in chosen[chosen["uitsplitsing"] == TOTAAL].itertuples()}
    return [
        Figure(entry.id, entry.naam, entry.definitie, _value(entry, row, chosen), _coverage(entry, row))
        for entry in INDICATORS.values()
        if (row := totals.get(entry.id)) is not None
    ]


def _value(entry: Indicator, total: Any, rows: pd.DataFrame) -> str:
    """The figure as text; of a distribution its largest parts, since its total is always 100 percent."""
    if entry.noemer_van is not Denominator.TOTAAL:
        return dutch.figure(total.waarde, total.eenheid, entry.decimalen, total.waarde_status)
    all_parts = rows[(rows["indicator"] == entry.id) & (rows["uitsplitsing"] != TOTAAL)]
    parts = all_parts[all_parts["waarde"].notna()]
    if parts.empty:
        return dutch.figure(None, total.eenheid, entry.decimalen, str(all_parts["waarde_status"].iloc[0]))
    labels = {code: split.codes.labels[code] for split in entry.uitsplitsingen for code in split.categories}
    largest = parts.sort_values(["waarde", "categorie"], ascending=[False, True]).head(MOST_PARTS)
    return "; ".join(
        f"{labels[row.categorie]} {dutch.figure(row.waarde, row.eenheid, entry.decimalen, row.waarde_status)}"
        for row in largest.itertuples()
    )


def coverage_unit(entry: Indicator) -> str:
    """What was expected to deliver for a figure."""
    if entry.teller.key == "leverancier":
        return "leveranciers"
    return "scholen" if entry.grondslag is Ground.SCHOOL else "gemeenten"


def respons_text(complete: float, expected: float) -> str:
    """How many suppliers delivered everything. The respons is about that, so it cannot be told what it rests on."""
    if expected == 1:
        return f"de leverancier leverde {'' if complete else 'niet '}alles wat is afgesproken"
    whole = dutch.plural(int(expected), "leverancier", "leveranciers")
    who = dutch.out_of(int(complete), int(expected), "leveranciers") if complete else f"geen van de {whole}"
    return f"{who} {'leverde' if complete <= 1 else 'leverden'} alles wat is afgesproken"


def _coverage(entry: Indicator, row: Any) -> str:
    if pd.isna(row.n_verwacht) or not row.n_verwacht:
        return ""
    if entry.id == RESPONS and not (pd.isna(row.teller) or pd.isna(row.noemer)):
        return respons_text(row.teller, row.noemer)
    return dutch.out_of(int(row.n_geleverd), int(row.n_verwacht), coverage_unit(entry))
