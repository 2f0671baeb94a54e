"""``jos status``: how deliveries stand, as objects for a program and as a table for people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
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
    """Prints the summary lines and then a table per school year; without ``everything`` only lines that say
    something: what came, what is missing and what is late."""
    for warning in status.warnings:
        console.print(Text(f"LET OP: {warning}", style="bold yellow"))
    for year, states in status.years:
        console.print(Text(summary_line(year, states), style="bold"))
    for year, states in status.years:
        shown = [state for state in states if everything or _says_something(state)]
        if shown:
            console.print(_year(year, shown))


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


def _year(year: str | None, states: Sequence[DeliveryState]) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="underline")
    table.add_column("Leverancier", max_width=25)
    table.add_column("Soort", no_wrap=True)
    for heading in ("Ontv.", "Gek.", "Afg."):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Geldt", no_wrap=True)
    table.add_column("Stand", max_width=22)
    previous = ""
    for state in states:
        name = "" if state.leverancier == previous else state.naam + (" (stil)" if state.stil else "")
        table.add_row(
            name,
            state.soort or UNKNOWN,
            *(str(number or "-") for number in (state.ontvangen, state.geaccepteerd, state.afgekeurd)),
            dutch.short_day(state.geldend_peildatum) if state.geldend_peildatum else "-",
            _standing(state),
        )
        previous = state.leverancier
    title = f"Schooljaar {year}" if year else "Schooljaar onbekend"
    return Padding(Group(Text(title, style="bold"), table), (1, 0, 0, 0))


def _standing(state: DeliveryState) -> Text:
    """What matters most about it, in a few words: never by colour alone."""
    if state.te_laat:
        return Text(f"TE LAAT sinds {dutch.short_day(state.late[0].uiterlijk)}", style="red")
    if state.ontbreekt:
        coming = state.volgende
        return Text(f"ontbreekt, t/m {dutch.short_day(coming.uiterlijk)}" if coming else "ontbreekt", style="yellow")
    if state.geldend_peildatum is None:
        return Text("geweigerd" if state.afgekeurd else "nog niet aan de beurt", style="dim")
    if not state.agreed:
        return Text("extra" if state.soort in CONTRACTS else UNKNOWN, style="dim")
    return Text("na de deadline", style="yellow") if state.na_deadline else Text("in orde", style="green")
