"""``jos status``: how deliveries stand, as objects for a program and as a table for people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from jos_pipeline import dutch
from jos_pipeline.delivery_calendar import DeliveryState
from schemas.contracts import CONTRACTS

UNKNOWN = "onbekend"


@dataclass(frozen=True)
class Status:
    """What ``jos status`` shows: states by school year (None: files that tell none), and warnings to begin with."""

    years: tuple[tuple[str | None, tuple[DeliveryState, ...]], ...]
    warnings: tuple[str, ...] = ()

    def of_supplier(self, leverancier: str) -> "Status":
        chosen = ((year, tuple(s for s in states if s.leverancier == leverancier)) for year, states in self.years)
        return Status(tuple((year, states) for year, states in chosen if states), self.warnings)


def status_objects(status: Status) -> list[dict[str, object]]:
    """One object per leverancier, soort and schooljaar; names and types are a promise to programs."""
    return [_object(state) for _, states in status.years for state in states]


def _object(state: DeliveryState) -> dict[str, object]:
    coming = state.volgende
    return {
        "leverancier": state.leverancier,
        "naam": state.naam,
        "soort": state.soort,
        "schooljaar": state.schooljaar,
        "ontvangen": state.ontvangen,
        "geaccepteerd": state.geaccepteerd,
        "afgekeurd": state.afgekeurd,
        "ontbreekt": state.ontbreekt,
        "te_laat": state.te_laat,
        "stil": state.stil,
        "geldend_peildatum": _iso(state.geldend_peildatum),
        "volgende_peildatum": _iso(coming.peildatum if coming else None),
        "volgende_deadline": _iso(coming.uiterlijk if coming else None),
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def show_status(status: Status, console: Console, *, everything: bool) -> None:
    """Prints a line per school year, the newest first, and then tables.

    Without ``everything`` only what says something: years that are not closed or were delivered last, and of these
    what came, what is missing and what is late.
    """
    for warning in status.warnings:
        console.print(Text(f"LET OP: {warning}", style="bold yellow"))
    years = sorted(status.years, key=lambda found: found[0] or "", reverse=True)
    for year, states in years:
        console.print(Text(summary_line(year, states), style="bold"))
    delivered = max((year for year, states in years if year and any(s.ontvangen for s in states)), default=None)
    closed = []
    for year, states in years:
        shown = [state for state in states if everything or _says_something(state)]
        if shown and year and not (everything or year == delivered or any(state.coming for state in states)):
            closed.append(year)
        elif shown:
            console.print()
            _show_year(year, shown, console)
    if closed:
        console.print(f"\nEen ouder jaar bekijken: jos status --schooljaar {closed[0]}")


def summary_line(year: str | None, states: Sequence[DeliveryState]) -> str:
    """``2022-2023: 12 van 23 leveranciers compleet; 3 te laat; 1 stil; eerstvolgende deadline 22 februari 2023``."""
    if year is None:
        files = sum(state.ontvangen for state in states)
        return f"{dutch.plural(files, 'bestand', 'bestanden')} waarvan het schooljaar niet te verwerken is"
    suppliers = _suppliers(state for state in states if state.agreed)
    late = _suppliers(state for state in states if state.te_laat)
    unfinished = late | _suppliers(state for state in states if state.ontbreekt)
    silent = _suppliers(state for state in states if state.stil)
    deadline = min((state.volgende.uiterlijk for state in states if state.volgende), default=None)
    begun = any(state.ontvangen or state.ontbreekt or state.te_laat for state in states)
    parts = [f"{len(suppliers - unfinished)} van {len(suppliers)} leveranciers compleet"] if begun else []
    parts += [f"{len(late)} te laat"] if begun else ["nog niets te leveren"]
    parts += [f"{len(silent)} stil"] if silent else []
    parts += [f"eerstvolgende deadline {dutch.day(deadline)}"] if deadline else []
    return f"{year}: {'; '.join(parts)}"


def _suppliers(states: Iterable[DeliveryState]) -> set[str]:
    return {state.leverancier for state in states}


def _says_something(state: DeliveryState) -> bool:
    return bool(state.ontvangen or state.ontbreekt or state.te_laat)


def _show_year(year: str | None, states: Sequence[DeliveryState], console: Console) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="underline")
    table.add_column("Leverancier", width=min(25, max(len(state.naam) for state in states)))
    table.add_column("Soort", no_wrap=True)
    for heading in ("In", "Goed", "Fout"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Geldt per", no_wrap=True)
    table.add_column("Stand", no_wrap=True)
    for _, mine in groupby(states, key=lambda state: state.leverancier):
        lines = _merged(list(mine))
        for number, (state, soort) in enumerate(lines):
            # as Text: a folder may be called [bold], and that is no markup
            table.add_row(Text(state.naam if number == 0 else ""), soort, *_cells(state), _standing(state))
        if lines[0][0].stil:
            table.add_row("", "", "", "", "", "", Text("(is stil)", style="red"))
    console.print(Text(f"Schooljaar {year}" if year else "Schooljaar niet te verwerken", style="bold"))
    console.print(table)


def _cells(state: DeliveryState) -> tuple[str, ...]:
    numbers = (str(number or "-") for number in (state.ontvangen, state.geaccepteerd, state.afgekeurd))
    return (*numbers, dutch.short_day(state.geldend_peildatum) if state.geldend_peildatum else "-")


def _merged(states: Sequence[DeliveryState]) -> list[tuple[DeliveryState, str]]:
    """The lines of one supplier; of soorten of which nothing came and that stand alike one line."""
    lines: list[tuple[DeliveryState, str]] = []
    for (nothing, _), found in groupby(states, key=lambda state: (not state.ontvangen, _standing(state).plain)):
        alike = list(found)
        if nothing and len(alike) > 1:
            words = f"alle {len(alike)}" if len(alike) == len(states) else f"{alike[0].soort} +{len(alike) - 1}"
            lines.append((alike[0], words))
        else:
            lines += [(state, state.soort or UNKNOWN) for state in alike]
    return lines


def _standing(state: DeliveryState) -> Text:
    """What matters most about it, in a few words: never by colour alone."""
    if state.te_laat:
        return Text(f"TE LAAT {_day_month(state.late[-1].uiterlijk)}", style="red")
    if state.ontbreekt:
        coming = state.volgende
        return Text(f"open t/m {_day_month(coming.uiterlijk)}" if coming else "ontbreekt", style="yellow")
    if state.geldend_peildatum is None:
        return Text("geweigerd" if state.afgekeurd else "komt nog", style="dim")
    if not state.agreed:
        return Text("extra" if state.soort in CONTRACTS else UNKNOWN, style="dim")
    return Text("na de deadline", style="yellow") if state.na_deadline else Text("in orde", style="green")


def _day_month(day: date) -> str:
    return dutch.short_day(day).rpartition(" ")[0]
