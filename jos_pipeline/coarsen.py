"""Cells of persons to cells that may leave the house: number to pseudonym, birth date to age class, postcode to
gemeente (spec 1.1).

Series in, series out, with a mask of the rows where it did not work. No cell is ever in a message.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl

from jos_pipeline.intake.values import is_missing, parse_date
from jos_pipeline.pseudonym import NumberKind, classify, pseudonym

_POSTCODE = re.compile(r"([1-9]\d{3})(?:[.,]0+)?\s*(?:[A-Za-z]{2})?")
_MUNICIPALITY_CODE = re.compile(r"(?:GM)?(\d{1,4})(?:[.,]0+)?", re.IGNORECASE)
_OLDEST = 120
_CLASSES = ((4, "4-7"), (8, "8-11"), (12, "12-13"), (14, "14-15"), (16, "16-17"), (18, "18+"))


@dataclass(frozen=True)
class Coarse:
    """A column that was made out of another. ``wrong``: the cell says something unusable; ``empty``: nothing."""

    values: pl.Series
    wrong: pl.Series
    empty: pl.Series


def pseudonyms(columns: list[pl.Series], key: bytes) -> Coarse:
    """The pseudonym of each row from its number columns: the first cell that says anything counts.

    A number that is wrong is not replaced by that of a later column: the same child would be another one as soon as
    it is mended. ``wrong`` where the cell that counts is not a number, ``empty`` where every number is unknown.
    """
    found = _mapped(columns[0], partial(_pseudonym, key=key))
    for column in columns[1:]:
        later = _mapped(column, partial(_pseudonym, key=key))
        found = Coarse(
            values=later.values.zip_with(found.empty, found.values),
            wrong=later.wrong.zip_with(found.empty, found.wrong),
            empty=later.empty & found.empty,
        )
    return found


def age_classes(births: pl.Series, peildatum: date) -> Coarse:
    """The age class on the peildatum of each birth date; ``wrong`` when unreadable, under 4 or between two classes."""
    return _mapped(births, partial(_age_class, peildatum=peildatum))


def home_municipalities(postcodes: pl.Series, municipalities: dict[str, str]) -> Coarse:
    """The gemeente of each postcode by its four digits; ``wrong`` when the region does not know them."""
    return _mapped(postcodes, partial(_municipality, municipalities=municipalities))


def residences(cells: pl.Series, municipalities: dict[str, str]) -> Coarse:
    """The gemeente of each cell that holds a postcode with letters or the code of a gemeente."""
    return _mapped(cells, partial(_residence, municipalities=municipalities))


def _mapped(cells: pl.Series, meaning: Callable[[str], tuple[str | None, bool]]) -> Coarse:
    """Every different cell is given a meaning once: its value, or None and whether the cell is wrong."""
    distinct = cells.drop_nulls().unique().to_list()
    meanings = [meaning(cell) for cell in distinct]
    table = pl.DataFrame(
        {"cell": distinct, "value": [value for value, _ in meanings], "wrong": [wrong for _, wrong in meanings]},
        schema={"cell": pl.String, "value": pl.String, "wrong": pl.Boolean},
    )
    read = cells.alias("cell").to_frame().join(table, on="cell", how="left", maintain_order="left")
    wrong = read["wrong"].fill_null(value=False)
    return Coarse(read["value"], wrong, read["value"].is_null() & ~wrong)


def _pseudonym(cell: str, key: bytes) -> tuple[str | None, bool]:
    if is_missing(cell):
        return None, False
    kind, number = classify(cell)
    return (pseudonym(key, number) if number else None), kind is NumberKind.INVALID


def _age_class(cell: str, peildatum: date) -> tuple[str | None, bool]:
    if is_missing(cell):
        return None, False
    parsed = parse_date(cell)
    if parsed.value is None:
        return None, True
    earliest, latest = parsed.value, _last_day(parsed.value, parsed.precision)
    classes = {age_class(born, peildatum) for born in (earliest, latest)}
    value = classes.pop() if len(classes) == 1 else None
    return value, value is None


def _last_day(first: date, precision: str | None) -> date:
    """The last day a birth date that is known to the month or year can be."""
    if precision == "jaar":
        return date(first.year, 12, 31)
    if precision == "maand":
        return first.replace(day=monthrange(first.year, first.month)[1])
    return first


def age_class(born: date, peildatum: date) -> str | None:
    """The code of the age class on the peildatum; None under 4 and above 120 years."""
    age = peildatum.year - born.year - ((peildatum.month, peildatum.day) < (born.month, born.day))
    return next((code for low, code in reversed(_CLASSES) if low <= age <= _OLDEST), None)


def _municipality(cell: str, municipalities: dict[str, str]) -> tuple[str | None, bool]:
    if is_missing(cell):
        return None, False
    value = home_municipality(cell, municipalities)
    return value, value is None


def _residence(cell: str, municipalities: dict[str, str]) -> tuple[str | None, bool]:
    code = _MUNICIPALITY_CODE.fullmatch(cell.strip())
    return (f"GM{code[1]:0>4}", False) if code else _municipality(cell, municipalities)


def home_municipality(postcode: str, municipalities: dict[str, str]) -> str | None:
    """The gemeente of one postcode by its four digits; None when the region does not know it."""
    match = _POSTCODE.fullmatch(postcode.strip())
    return municipalities.get(match[1]) if match else None
