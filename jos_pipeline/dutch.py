"""How numbers, days and lists are written for Dutch readers. No computing here."""

import math
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from schemas.published import SILENT, WAARDE_STATUS

_SILENT = {code: label for code, label in WAARDE_STATUS.labels.items() if code in (*SILENT, "interval")}
HIDDEN = _SILENT["onderdrukt"]
"""What stands in place of a figure that is hidden to protect pupils."""
_REMEMBERED = 4096
"""How many texts are kept: pages of thousands of suppliers say the same small numbers and days."""


@lru_cache(maxsize=_REMEMBERED)
def number(value: float, decimals: int = 0) -> str:
    """``1.611`` or ``13,76``."""
    return format_decimal(value, format=f"#,##0.{'0' * decimals}" if decimals else "#,##0", locale="nl_NL")


@lru_cache(maxsize=_REMEMBERED)
def figure(value: float | None, unit: str, decimals: int, state: str) -> str:
    """A figure with its unit, or the words that stand in its place."""
    if state in _SILENT or value is None or math.isnan(value):
        return _SILENT.get(state, "onbekend")
    if unit == "aandeel":
        # A fraction with three decimals is a percentage with one.
        shown = max(decimals - 2, 0)
        return format_percent(value, format=f"0.{'0' * shown} %" if shown else "0 %", locale="nl_NL")
    return f"{number(value, decimals)} {unit}"


@lru_cache(maxsize=_REMEMBERED)
def day(value: date) -> str:
    """``1 februari 2023``."""
    return format_date(value, format="d MMMM y", locale="nl_NL")


@lru_cache(maxsize=_REMEMBERED)
def month(value: date) -> str:
    """``februari 2023``."""
    return format_date(value, format="MMMM y", locale="nl_NL")


def signed(value: float, decimals: int = 0) -> str:
    """``+14``, ``-3`` (with a minus sign) or ``0``."""
    shown = number(abs(value), decimals)
    return shown if not round(value, decimals) else f"{'+' if value > 0 else '−'}{shown}"


def percent(share: float) -> str:
    """A change in percents: ``+2 %`` or ``−13 %``."""
    return f"{signed(share * 100)} %"


def plural(count: int, one: str, more: str) -> str:
    return f"{number(count)} {one if count == 1 else more}"


_ONE = {"scholen": "school", "gemeenten": "gemeente", "leveranciers": "leverancier"}


def out_of(count: int, whole: int, unit: str) -> str:
    """``7 van de 8 scholen``, ``alle 8 scholen``, ``beide gemeenten`` or ``1 school``."""
    told = plural(whole, _ONE[unit], unit)
    if count < whole:
        return f"{number(count)} van de {told}"
    return {1: told, 2: f"beide {unit}"}.get(whole, f"alle {told}")


def enumerated(names: Sequence[str]) -> str:
    """``a, b en c``."""
    *first, last = names
    return f"{', '.join(first)} en {last}" if first else last


def short_day(value: date) -> str:
    """``1 feb 2023``."""
    return format_date(value, format="d MMM y", locale="nl_NL").replace(".", "")
