"""Asset checks on the delivery calendar: is everything in, in time, and is nobody silent.

They warn: a person has to act. The rules are ``jos_pipeline.delivery_calendar``; what people are told of it, and when,
is ``jos_pipeline.alerts``.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import dagster as dg
import pandas as pd
import polars as pl

from assets.bronnen import LEDGER
from assets.describe import counts_table
from assets.partitions import year_of_check
from jos_pipeline.alerts import section
from jos_pipeline.clock import today
from jos_pipeline.delivery_calendar import DeliveryState, states_of
from jos_pipeline.ledger import open_refusals
from jos_pipeline.region import Region
from resources.warehouse import WarehouseResource
from schemas.findings import FINDINGS

COLUMNS = {"leverancier": pl.String, "soort": pl.String, "deadline": pl.String}
Row = tuple[str, str, str]
Look = Callable[[Region, str, pd.DataFrame, date], tuple[int, list[Row]]]
"""From region, school year, ledger and day to how many were looked at and the table of those that are wrong."""


def calendar_checks(region: Region, handbook: str, fixed_day: date | None) -> list[dg.AssetChecksDefinition]:
    """The checks of an installation; ``fixed_day`` stands for today in a demo."""
    checks: tuple[tuple[str, str, str, Look], ...] = (
        (
            "alles_geleverd",
            "JOS-S050",
            "Elke afgesproken levering van dit schooljaar is er. Every agreed delivery of the school year is in force.",
            _missing,
        ),
        (
            "op_tijd_geleverd",
            "JOS-S050",
            "Van geen levering is de uiterste datum voorbij zonder dat zij geldt. No delivery is past its deadline.",
            _late,
        ),
        (
            "niets_blijft_geweigerd",
            "JOS-S051",
            "Geen geweigerd bestand wacht nog op een verbeterde levering. "
            "No refused file is still waiting for a better one.",
            _refused,
        ),
        (
            "niemand_is_stil",
            "JOS-S052",
            "Elke leverancier die te laat is, liet onlangs nog iets van zich horen. Nobody who is late is silent.",
            _silent,
        ),
    )
    return [_check(region, *check, handbook, fixed_day) for check in checks]


NAMES = frozenset({"alles_geleverd", "op_tijd_geleverd", "niets_blijft_geweigerd", "niemand_is_stil"})
"""The checks of which people are told by supplier and deadline, not as a check that failed."""


def _check(
    region: Region, name: str, code: str, description: str, look: Look, handbook: str, fixed_day: date | None
) -> dg.AssetChecksDefinition:
    @dg.asset_check(asset=LEDGER, name=name, description=description)
    def check(context: dg.AssetCheckExecutionContext, warehouse: WarehouseResource) -> dg.AssetCheckResult:
        known = warehouse.open().deliveries()
        count, wrong = look(region, year_of_check(context, known), known, fixed_day or today())
        return dg.AssetCheckResult(
            passed=not wrong,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={
                "bekeken": count,
                "niet_in_orde": len(wrong),
                "overzicht": counts_table(pl.DataFrame(wrong, schema=COLUMNS, orient="row")),
                "wat_te_doen": FINDINGS[code].remedy,
                "uitleg": _link(section(handbook, code)),
            },
        )

    return check


def _link(where: str) -> dg.MetadataValue:
    return dg.MetadataValue.url(where) if "://" in where else dg.MetadataValue.text(where)


def _missing(region: Region, year: str, deliveries: pd.DataFrame, day: date) -> tuple[int, list[Row]]:
    agreed = [state for state in states_of(region, year, deliveries, day) if state.agreed]
    return len(agreed), [_row(state) for state in agreed if state.ontbreekt]


def _late(region: Region, year: str, deliveries: pd.DataFrame, day: date) -> tuple[int, list[Row]]:
    states = states_of(region, year, deliveries, day)
    late = [
        (state.leverancier, str(state.soort), expected.uiterlijk.isoformat())
        for state in states
        for expected in state.late
    ]
    return sum(len(state.moments) for state in states), late


def _refused(region: Region, year: str, deliveries: pd.DataFrame, day: date) -> tuple[int, list[Row]]:  # noqa: ARG001
    mine = deliveries[(deliveries["schooljaar"] == year) | deliveries["schooljaar"].isna()]
    waiting = open_refusals(deliveries).index.intersection(mine.index)
    rows = [
        # the name of an unknown folder is somebody's own words: it is not shown
        (row.leverancier if row.leverancier in region.suppliers else "onbekend", _soort(row.soort), "")
        for row in deliveries.loc[waiting].itertuples()
    ]
    return int((mine["oordeel"] == "afgekeurd").sum()), rows


def _silent(region: Region, year: str, deliveries: pd.DataFrame, day: date) -> tuple[int, list[Row]]:
    states = states_of(region, year, deliveries, day)
    return len(_suppliers(states)), [
        (who, "", "") for who in _suppliers(state for state in states if state.stil)
    ]  # fmt: skip


def _soort(cell: object) -> str:
    return "onbekend" if pd.isna(cell) else str(cell)


def _suppliers(states: Iterable[DeliveryState]) -> Sequence[str]:
    return list(dict.fromkeys(state.leverancier for state in states))


def _row(state: DeliveryState) -> Row:
    due = [moment.expected.uiterlijk for moment in state.moments]
    return state.leverancier, str(state.soort), min(due).isoformat() if due else ""
