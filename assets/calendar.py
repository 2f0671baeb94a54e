"""Asset checks on the delivery calendar: is everything in, in time, and is nobody silent.

They warn: a person has to act. The rules are ``jos_pipeline.delivery_calendar``; what people are told of it, and when,
is ``jos_pipeline.alerts``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import dagster as dg
import pandas as pd
import polars as pl

from assets.bronnen import LEDGER
from assets.describe import counts_table
from assets.guarded import guarded
from assets.partitions import year_of_check
from assets.shown import supplier_told
from jos_pipeline.alerts import section
from jos_pipeline.clock import today
from jos_pipeline.delivery_calendar import DeliveryState, states_of
from jos_pipeline.ledger import open_refusals
from jos_pipeline.region import Region
from resources.dagster_resources import WarehouseResource
from resources.handbook import sections
from schemas.findings import FINDINGS

COLUMNS = {"leverancier": pl.String, "soort": pl.String, "deadline": pl.String}
Row = tuple[str, str, str]


@dataclass(frozen=True)
class _Seen:
    """A school year on a day: the ledger of all years, and how every agreed delivery of this one stands."""

    region: Region
    year: str
    deliveries: pd.DataFrame
    states: Sequence[DeliveryState]


Look = Callable[[_Seen], tuple[int, list[Row]]]
"""How many were looked at, and the table of those that are wrong."""


def calendar_checks(region: Region, handbook: str, fixed_day: date | None) -> dg.AssetChecksDefinition:
    """The checks of an installation, in one step; ``fixed_day`` stands for today in a demo."""
    runbook = sections(handbook)
    specs = [dg.AssetCheckSpec(name, asset=LEDGER, description=asked.description) for name, asked in _ASKED.items()]

    @dg.multi_asset_check(name="leverkalender", specs=specs, can_subset=True)
    @guarded
    def leverkalender(
        context: dg.AssetCheckExecutionContext, warehouse: WarehouseResource
    ) -> Iterator[dg.AssetCheckResult]:
        known = warehouse.open().deliveries()
        year, chosen = year_of_check(context, known), context.selected_asset_check_keys
        seen = _Seen(region, year, known, states_of(region, year, known, fixed_day or today()))
        for spec in specs:
            if spec.key in chosen:
                asked = _ASKED[spec.name]
                count, wrong = asked.look(seen)
                yield dg.AssetCheckResult(
                    asset_key=LEDGER,
                    check_name=spec.name,
                    passed=not wrong,
                    severity=dg.AssetCheckSeverity.WARN,
                    metadata=_metadata(region, count, wrong, asked.code) | _explained(asked.code, handbook, runbook),
                )

    return leverkalender


def _metadata(region: Region, count: int, wrong: list[Row], code: str) -> dict[str, object]:
    named = [(supplier_told(who, region), *rest) for who, *rest in wrong]
    return {
        "bekeken": count,
        "niet_in_orde": len(wrong),
        "overzicht": counts_table(pl.DataFrame(named, schema=COLUMNS, orient="row")),
        "wat_te_doen": FINDINGS[code].remedy,
    }


def _explained(code: str, handbook: str, runbook: Mapping[str, str]) -> dict[str, object]:
    """The way to the section of the runbook, and what stands there when it can be shown here."""
    where = section(handbook, code)
    link = dg.MetadataValue.url(where) if "://" in where else dg.MetadataValue.text(where)
    return {"uitleg": link} | ({"runbook": dg.MetadataValue.md(runbook[code])} if code in runbook else {})


def _missing(seen: _Seen) -> tuple[int, list[Row]]:
    agreed = [state for state in seen.states if state.agreed]
    return len(agreed), [_row(state) for state in agreed if state.ontbreekt]


def _late(seen: _Seen) -> tuple[int, list[Row]]:
    late = [
        (state.leverancier, str(state.soort), expected.uiterlijk.isoformat())
        for state in seen.states
        for expected in state.late
    ]
    return sum(len(state.moments) for state in seen.states), late


def _refused(seen: _Seen) -> tuple[int, list[Row]]:
    deliveries = seen.deliveries
    mine = deliveries[(deliveries["schooljaar"] == seen.year) | deliveries["schooljaar"].isna()]
    waiting = open_refusals(deliveries).index.intersection(mine.index)
    rows = [(str(row.leverancier), _soort(row.soort), "") for row in deliveries.loc[waiting].itertuples()]
    return int((mine["oordeel"] == "afgekeurd").sum()), rows


def _silent(seen: _Seen) -> tuple[int, list[Row]]:
    silent = _suppliers(state for state in seen.states if state.stil)
    return len(_suppliers(seen.states)), [(who, "", "") for who in silent]


def _soort(cell: object) -> str:
    return "onbekend" if pd.isna(cell) else str(cell)


def _suppliers(states: Iterable[DeliveryState]) -> Sequence[str]:
    return list(dict.fromkeys(state.leverancier for state in states))


def _row(state: DeliveryState) -> Row:
    due = [moment.expected.uiterlijk for moment in state.moments]
    return state.leverancier, str(state.soort), min(due).isoformat() if due else ""


@dataclass(frozen=True)
class _Asked:
    """One check: the finding that says what to do, what it guards and how it looks."""

    code: str
    description: str
    look: Look


_ASKED = {
    "alles_geleverd": _Asked(
        "JOS-S050",
        "Elke afgesproken levering van dit schooljaar is er. Every agreed delivery of the school year is in force.",
        _missing,
    ),
    "op_tijd_geleverd": _Asked(
        "JOS-S050",
        "Van geen levering is de uiterste datum voorbij zonder dat zij geldt. No delivery is past its deadline.",
        _late,
    ),
    "niets_blijft_geweigerd": _Asked(
        "JOS-S051",
        "Geen geweigerd bestand wacht nog op een verbeterde levering. "
        "No refused file is still waiting for a better one.",
        _refused,
    ),
    "niemand_is_stil": _Asked(
        "JOS-S052",
        "Elke leverancier die te laat is, liet onlangs nog iets van zich horen. Nobody who is late is silent.",
        _silent,
    ),
}

NAMES = frozenset(_ASKED)
"""The checks of which people are told by supplier and deadline, not as a check that failed."""
