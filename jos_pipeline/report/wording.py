"""How a published row is said: its figure with its unit, or the words in its place; what it rests on; as a cell.

A figure that is not shown has no number here, whatever the reason. How numbers are written is ``jos_pipeline.dutch``.
"""

from collections.abc import Mapping
from typing import Any

from jos_pipeline import dutch
from jos_pipeline.areas import Level
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.outcome import RESPONS, coverage_unit, respons_text
from jos_pipeline.report.model import Cell
from jos_pipeline.report.published import Place, Words
from schemas.published import SILENT, WAARDE_STATUS

Row = Mapping[str, Any]

OWN_SCHOOL = "Deze school"
"""What a school is called on its page; it rests on itself, so there is nothing to count."""
SPLIT_NAMES = {
    "functie": "functie",
    "aanmeldreden": "reden van aanmelding",
    "leeftijdsklasse": "leeftijd",
    "onderwijstype": "soort onderwijs",
    "preventie": "soort preventie",
    "aard": "aard van de hulp",
    "vorm": "vorm van de hulp",
    "leerjaar": "leerjaar",
    "soort": "soort",
    "activiteit": "activiteit",
    "doelgroep": "doelgroep",
    "informant": "wie antwoordde",
    "verwijzer": "verwijzer",
    "categorie": "categorie",
    "soort_onderwijs": "soort onderwijs",
    "onderwijssoort": "soort onderwijs",
    "rol": "rol",
}
"""How a breakdown is called after 'naar'; one that is not here is called by its id."""


def shown(row: Row | None) -> bool:
    """Whether there is a figure to read: a value or the bounds of one."""
    return row is not None and row["waarde_status"] not in SILENT


def status_of(row: Row | None) -> str:
    """The state of a figure; where there is no row the figure does not exist."""
    return "niet_van_toepassing" if row is None else str(row["waarde_status"])


def value_text(row: Row | None, words: Words) -> str:
    """The figure with its unit, or the words in its place."""
    text = number_text(row, words)
    return f"{text} {unit}" if shown(row) and (unit := unit_of(words)) else text


def number_text(row: Row | None, words: Words) -> str:
    """The figure without its unit (a share with its sign), or the words in its place."""
    state = status_of(row)
    if row is None or state in SILENT:
        return WAARDE_STATUS.labels[state]
    if state == "interval":
        low, high = (_number(row[name], words) for name in ("waarde_min", "waarde_max"))
        return f"tussen {low} en {high}"
    return _number(row["waarde"], words)


def _number(value: float | None, words: Words) -> str:
    return dutch.figure(value, words.eenheid, words.decimalen, "ok").removesuffix(f" {words.eenheid}")


def unit_of(words: Words) -> str:
    """The unit to write behind a number; a share has its sign, and a mark has none."""
    return "" if words.eenheid in ("aandeel", "cijfer") else words.eenheid


def value_heading(words: Words, text: str = "Waarde") -> Cell:
    """The heading of a column of figures."""
    unit = unit_of(words)
    return Cell(f"{text} ({unit})" if unit else text, number=True)


def coverage_text(row: Row | None, indicator: str) -> str:
    """``7 van de 8 scholen``, or nothing when nobody was expected to deliver; of the respons what was counted."""
    if row is None or not row["n_verwacht"]:
        return ""
    if indicator == RESPONS and row["noemer"]:
        return respons_text(row["teller"], row["noemer"])
    return dutch.out_of(row["n_geleverd"] or 0, row["n_verwacht"], unit_of_coverage(indicator))


def unit_of_coverage(indicator: str) -> str:
    """What was expected to deliver for a figure, more than one of them."""
    return coverage_unit(INDICATORS[indicator]) if indicator in INDICATORS else "scholen"


def resting_on(row: Row | None, place: Place, indicator: str) -> str:
    """What a figure rests on, in a sentence: ``7 van de 8 scholen``, of a school ``gegevens over deze school``.

    Nothing for the respons, whose sentence is about that, and when nobody was expected to deliver.
    """
    if row is None or not row["n_verwacht"] or indicator == RESPONS:
        return ""
    if place.niveau is Level.SCHOOL:
        return f"gegevens over {OWN_SCHOOL.lower()}"
    return dutch.out_of(row["n_geleverd"] or 0, row["n_verwacht"], unit_of_coverage(indicator))


def heading(place: Place) -> str:
    """What a column is called on the page of an area."""
    return {Level.SCHOOL: OWN_SCHOOL, Level.GEMEENTE: "Deze gemeente"}.get(place.niveau, place.naam)


def count_text(value: float) -> str:
    """A teller or a noemer, which may be a number of hours."""
    return dutch.number(value, 0 if float(value).is_integer() else 1)


def split_name(split: str) -> str:
    """How a breakdown is called after 'naar'."""
    return SPLIT_NAMES.get(split, split)


def coverage_heading(words: Words) -> Cell:
    """The heading of a column that says what figures rest on."""
    return Cell(f"Op basis van ({unit_of_coverage(words.indicator)})")


def coverage_cell(row: Row | None) -> Cell:
    """What a figure rests on, as ``7 van 8``."""
    return Cell("" if row is None or not row["n_verwacht"] else f"{row['n_geleverd'] or 0} van {row['n_verwacht']}")


def value_cell(row: Row | None, words: Words) -> Cell:
    """The figure as a cell of a table."""
    return Cell(number_text(row, words), number=True, silent=not shown(row))
