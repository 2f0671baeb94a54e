"""What is worth opening in the UI beside counts: who delivered what, the figures that are out, and a small picture.

Only names of the region, codes, and what is public: never a file name, a folder or a value of a delivery. A picture is
an SVG that Dagster shows as an image, so nothing in it can run.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

import dagster as dg
import pandas as pd
import polars as pl

from assets.describe import counts_table
from jos_pipeline.delivery_calendar import DeliveryState, states_of
from jos_pipeline.outcome import region_figures
from jos_pipeline.region import Region
from resources.ledger import Receipt
from schemas.contracts import CONTRACTS

SHOWN_CODES = 3
"""How many finding codes of a delivery are named; the rest is counted, so that a row stays a row."""
VISIBLE, HIDDEN, EMPTY = "zichtbaar", "verborgen", "leeg"
_STATUSES = {"ok": VISIBLE, "laag_betrouwbaar": VISIBLE, "interval": VISIBLE, "onderdrukt": HIDDEN}
_COLOURS = {VISIBLE: "#0b5394", HIDDEN: "#e69138", EMPTY: "#d0d0d0"}
_WIDTH, _LABEL, _ROW = 640, 170, 26


def supplier_names(region: Region, soort: str) -> dg.TableMetadataValue:
    """Who the suppliers in the grid of a soort are: it shows their codes only."""
    rows = [(one.id, one.naam) for one in region.suppliers_of(soort)]
    return counts_table(pl.DataFrame(rows, schema=["leverancier", "naam"], orient="row"))


def receipts_table(receipts: Sequence[Receipt], region: Region, most: int) -> dg.TableMetadataValue:
    """What was taken in, refusals first, and no more than ``most`` of it."""
    rows = [
        (
            one.id,
            supplier_told(one.leverancier, region),
            one.soort or "onbekend",
            one.oordeel,
            one.rijen,
            one.rijen_afgekeurd,
            _codes(one.codes),
        )
        for one in sorted(receipts, key=lambda one: (one.is_accepted, one.id))[:most]
    ]
    names = ["levering", "leverancier", "soort", "oordeel", "rijen", "afgekeurd", "bevindingen"]
    return counts_table(pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None))


def supplier_told(supplier: str, region: Region) -> str:
    """A supplier as Dagster may show it: an unknown folder may be called after a person."""
    known = region.suppliers.get(supplier)
    return "onbekende map" if known is None else f"{known.id} {known.naam}"


def _codes(codes: Sequence[str]) -> str:
    rest = len(codes) - SHOWN_CODES
    return ", ".join(codes[:SHOWN_CODES]) + (f" en nog {rest}" if rest > 0 else "")


def who_delivered_what(region: Region, year: str, deliveries: pd.DataFrame, day: date) -> dg.TableMetadataValue:
    """A row per supplier, a column per soort; in it the peildatum that is in force, or what became of it."""
    states = [state for state in states_of(region, year, deliveries, day) if state.leverancier in region.suppliers]
    cells = {(state.leverancier, state.soort): _standing(state) for state in states}
    soorten = [soort for soort in CONTRACTS if any(cells.get((one.id, soort)) for one in region.leveranciers)]
    rows = [(one.id, *(cells.get((one.id, soort), "") for soort in soorten), one.naam) for one in region.leveranciers]
    return counts_table(pl.DataFrame(rows, schema=["leverancier", *soorten, "naam"], orient="row"))


def _standing(state: DeliveryState) -> str:
    if state.geldend_peildatum is not None:
        return state.geldend_peildatum.isoformat()
    if state.afgekeurd:
        return "geweigerd"
    return "ontbreekt" if state.agreed else ""


def published_metadata(rows: pd.DataFrame) -> dict[str, object]:
    """What there is to see of a publication: the figures of the region, and how much of it is hidden where."""
    if rows.empty:
        return {}
    figures = [(one.naam, one.waarde, one.dekking) for one in region_figures(rows)]
    parts = rows["waarde_status"].map(_STATUSES).fillna(EMPTY)
    table = pd.crosstab(rows["niveau"], parts).reindex(columns=list(_COLOURS), fill_value=0)
    counts = {str(niveau): {str(part): int(count) for part, count in row.items()} for niveau, row in table.iterrows()}
    return {
        VISIBLE: int((parts == VISIBLE).sum()),
        HIDDEN: int((parts == HIDDEN).sum()),
        "wat_te_zien_is": bars("Cijfers per niveau: zichtbaar, verborgen of leeg", counts),
        "cijfers_van_de_regio": counts_table(
            pl.DataFrame(figures, schema=["cijfer", "waarde", "op_basis_van"], orient="row")
        ),
    }


def bars(title: str, counts: Mapping[str, Mapping[str, int]]) -> dg.MarkdownMetadataValue:
    """A bar per name, with a part per kind (``zichtbaar``, ``verborgen``, ``leeg``), as a picture in markdown."""
    picture = base64.b64encode(_svg(title, counts).encode()).decode()
    told = "; ".join(
        f"{name}: " + ", ".join(f"{count} {part}" for part, count in parts.items()) for name, parts in counts.items()
    )
    return dg.MetadataValue.md(f"![{title}. {told}](data:image/svg+xml;base64,{picture})")


def _svg(title: str, counts: Mapping[str, Mapping[str, int]]) -> str:
    height = _ROW * (len(counts) + 2)
    lines = [f'<text x="0" y="16" font-weight="bold">{escape(title)}</text>']
    for number, (name, parts) in enumerate(counts.items(), start=1):
        lines += _bar(number * _ROW, name, parts)
    for number, (part, colour) in enumerate(_COLOURS.items()):
        x, y = _LABEL + 110 * number, height - _ROW + 8
        lines.append(f'<rect x="{x}" y="{y}" width="12" height="12" fill="{colour}"/>')
        lines.append(f'<text x="{x + 18}" y="{y + 11}">{part}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="white"/>{"".join(lines)}</svg>'
    )


def _bar(y: int, name: str, parts: Mapping[str, int]) -> list[str]:
    total, x = sum(parts.values()) or 1, float(_LABEL)
    lines = [f'<text x="0" y="{y + 16}">{escape(name)}</text>']
    for part, count in parts.items():
        width = (_WIDTH - _LABEL) * count / total
        lines.append(f'<rect x="{x:.1f}" y="{y + 4}" width="{width:.1f}" height="16" fill="{_COLOURS[part]}"/>')
        x += width
    return lines
