"""A difference between two publications for people (a table), for programs (JSON) and for a spreadsheet (CSV).

Nothing is compared here; see ``jos_pipeline.diffing``.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from jos_pipeline import dutch
from jos_pipeline.diffing import (
    AFTER,
    AROUND,
    BEFORE,
    FIGURE,
    KEY,
    DeliveryChange,
    Difference,
    Version,
    counted,
    per_indicator,
)
from jos_pipeline.export.csv_files import DECIMAL
from jos_pipeline.indicators.catalogue import INDICATORS

TABLE_COLUMNS = (
    *KEY,
    "wat",
    *(name + side for name in (*FIGURE, *AROUND) for side in (BEFORE, AFTER)),
    "waarom",
)
"""The columns of the CSV."""


def diff_json(found: Difference) -> dict[str, Any]:
    """The difference as one object; names and types are a promise to programs."""
    return {
        "van": _version(found.van),
        "naar": _version(found.naar),
        "gelijk": found.gelijk,
        "gewijzigd": found.cijfers.height,
        "per_soort": counted(found.cijfers["wat"]),
        "leveringen_vastgelegd": found.deliveries_known,
        "leveringen": [_delivery(change) for change in found.leveringen],
        "definities": [asdict(one) for one in found.definities],
        "cijfers": [_cell(row) for row in found.cijfers.iter_rows(named=True)],
    }


def _version(version: Version) -> dict[str, object]:
    return {
        "publicatie": version.id,
        "peildatum": version.peildatum.isoformat(),
        "status": version.status,
        "ingetrokken": version.ingetrokken,
        "code_versie": version.code_versie,
        "leveringen": [int(number) for number in version.leveringen["id"]],
    }


def _delivery(change: DeliveryChange) -> dict[str, object]:
    moment = None if change.ontvangen_op is None else change.ontvangen_op.isoformat(timespec="seconds")
    return asdict(change) | {"ontvangen_op": moment}


def _cell(row: Mapping[str, Any]) -> dict[str, Any]:
    names = (*FIGURE, *AROUND)
    sides = {side.strip("_"): {name: row[name + side] for name in names} for side in (BEFORE, AFTER)}
    return {name: row[name] for name in KEY} | {"wat": row["wat"], "waarom": row["waarom"]} | sides


def diff_csv(found: Difference) -> str:
    """A row per changed figure; semicolons and decimal commas, as in the other exports."""
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";", lineterminator="\n")
    rows.writerow(TABLE_COLUMNS)
    for row in found.cijfers.with_columns(waarom=found.cijfers["waarom"].list.join("; ")).iter_rows(named=True):
        rows.writerow(_written(row[name]) for name in TABLE_COLUMNS)
    return written.getvalue()


def _written(cell: object) -> object:
    if cell is None:
        return ""
    return str(cell).replace(".", DECIMAL) if isinstance(cell, float) else cell


READABLE = 200
"""More changed figures than this nobody reads one by one."""


def show_diff(found: Difference, console: Console, at_most: int | None = READABLE) -> None:
    """Prints what is behind the changes, and then every changed figure; a line per indicator when those are too many.

    ``at_most`` None: every figure, however many.
    """
    for version, words in ((found.van, "van"), (found.naar, "naar")):
        taken_back = ", INGETROKKEN" if version.ingetrokken else ""
        console.print(
            f"{words:<5} {version.id} ({version.status}{taken_back}), cijfers tot en met {dutch.day(version.peildatum)}"
        )
    console.print(
        f"\n{dutch.plural(found.cijfers.height, 'cijfer is', 'cijfers zijn')} anders, "
        f"{dutch.plural(found.gelijk, 'cijfer is', 'cijfers zijn')} gelijk."
    )
    for kind, count in counted(found.cijfers["wat"]).items():
        console.print(f"  {dutch.number(count):>7}  {kind}")
    _show_deliveries(found, console)
    _show_definitions(found, console)
    both = found.cijfers.filter(pl.col("in_beide").any().over("periode"))
    for period, count in (
        found.cijfers.join(both, on="periode", how="anti").group_by("periode").len().sort("periode").rows()
    ):
        console.print(f"\nDe periode {period} staat in een van beide: {dutch.number(count)} cijfers (zie --csv).")
    if both.is_empty():
        return
    console.print()
    if at_most is None or both.height <= at_most:
        console.print(_table(both))
        return
    console.print(_summary(both))
    console.print(
        f"\nAlle {dutch.number(both.height)} cijfers zien? Zet --alles achter de opdracht, of --csv voor een rekenblad."
    )


def _show_deliveries(found: Difference, console: Console) -> None:
    if not found.deliveries_known:
        console.print("\nVan een van beide publicaties is niet vastgelegd op welke leveringen zij rust.")
        return
    console.print("\nLeveringen" if found.leveringen else "\nBeide publicaties rusten op dezelfde leveringen.")
    for change in found.leveringen:
        day = f", ontvangen {dutch.day(change.dag)}" if change.dag else ""
        numbers = " → ".join(str(number) for number in (change.van, change.naar) if number is not None)
        console.print(Text(f"  {change.leverancier}: {change.wat} {change.soort}{day} (nummer {numbers})"))


def _show_definitions(found: Difference, console: Console) -> None:
    for one in found.definities:
        console.print(Text(f"\nDefinitie van {_name(one.indicator)} ({one.indicator})", style="bold"))
        for version, text in ((one.van, one.definitie_van), (one.naar, one.definitie_naar)):
            console.print(Text(f"  versie {version}: {text or 'niet bewaard'}"))


def _summary(figures: pl.DataFrame) -> Table:
    """A line per indicator, with the figure of the whole region when it is one of those that changed."""
    table = _headings("Cijfer", "Anders", "Hele regio was", "Is", "Kan komen door")
    whole = figures.filter(niveau="regio", periode="schooljaar", uitsplitsing="totaal")
    regional = {row["indicator"]: row for row in whole.iter_rows(named=True)}
    for indicator, count, causes in per_indicator(figures).iter_rows():
        row = regional.get(indicator)
        sides = ("gelijk", "gelijk") if row is None else (_figure(row, BEFORE), _figure(row, AFTER))
        table.add_row(*(Text(cell) for cell in (indicator, dutch.number(count), *sides, "; ".join(causes))))
    return table


def _headings(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="underline")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _table(figures: pl.DataFrame) -> Table:
    table = _headings("Cijfer", "Gebied", "Periode", "Uitsplitsing", "Was", "Is", "Wat", "Kan komen door")
    for row in figures.iter_rows(named=True):
        split = "totaal" if row["uitsplitsing"] == "totaal" else f"{row['uitsplitsing']} {row['categorie']}"
        was, now = (_figure(row, side) for side in (BEFORE, AFTER))
        cells = (row["indicator"], row["gebied"], row["periode"], split, was, now, row["wat"], "; ".join(row["waarom"]))
        table.add_row(*(Text(str(cell)) for cell in cells))
    return table


def _figure(row: Mapping[str, Any], side: str) -> str:
    state = row["waarde_status" + side]
    if state is None:
        return "-"
    if state == "interval" and row["waarde_min" + side] is not None:
        low, high = (
            dutch.figure(row[f"waarde_{bound}{side}"], row["eenheid" + side], _decimals(row), "ok")
            for bound in ("min", "max")
        )
        return f"{low} tot {high}"
    return dutch.figure(row["waarde" + side], row["eenheid" + side], _decimals(row), state)


def _decimals(row: Mapping[str, Any]) -> int:
    entry = INDICATORS.get(row["indicator"])
    return 2 if entry is None else entry.decimalen


def _name(indicator: str) -> str:
    return INDICATORS[indicator].naam if indicator in INDICATORS else indicator
