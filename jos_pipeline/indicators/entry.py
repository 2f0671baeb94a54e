"""What an indicator is made of: measures, breakdowns and the entry itself.

Declarations only. The entries stand in ``catalogue*``, the words they use (``actief``, ``gestart``) in ``words``,
counting in ``counting``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from jos_pipeline.indicators.words import ELSEWHERE, WORDS
from schemas.codelists import CodeList
from schemas.indicators import INDICATOR_IDS

TOTAAL = "totaal"
"""The breakdown, and its only category, of a figure that is not broken down."""


class Kind(StrEnum):
    """How a measure counts the rows for which ``where`` holds."""

    ROWS = "rijen"
    DISTINCT = "verschillende sleutels"
    COMPLETE = "sleutels waarvan elke rij voldoet"
    SUM = "som"
    MEDIAN = "mediaan"
    MEAN = "gemiddelde"


class Statistic(StrEnum):
    """How an indicator's value follows from its measures."""

    AANTAL = "aantal"
    AANDEEL = "aandeel"
    PER_1000 = "per_1000"
    SOM = "som"
    MEDIAAN = "mediaan"
    GEMIDDELDE = "gemiddelde"
    PER_FTE = "per_fte"


class Ground(StrEnum):
    """Whether a figure is about schools, or about where people live. Home ground has no school level."""

    SCHOOL = "school"
    WOON = "woon"


class Denominator(StrEnum):
    """By what a category's teller is divided: its own noemer, or (a distribution) the noemer of the total."""

    CATEGORIE = "categorie"
    TOTAAL = "totaal"


PERSON = "leerling_id"
PERSONS = frozenset({PERSON, "respondent"})
"""Keys whose values are persons."""

REPORTED_IN = "+opgave:"
"""Stands in the name of a count between the measure and the indicator whose reported totals are in it."""


@dataclass(frozen=True, eq=False)
class Measure:
    """A named count on one base table; indicators that count the same share it.

    ``where`` and ``value`` are expressions on the base table with the words of the window added. ``key`` names the
    column whose distinct values stand behind the count: persons when it is one of ``PERSONS``; None when nobody does.
    """

    id: str
    table: str
    kind: Kind
    where: pl.Expr
    value: pl.Expr | None = None
    most: pl.Expr | None = None
    """For a sum of masked counts: the largest value of a row, of which ``value`` is then the least."""
    key: str | None = PERSON

    @property
    def persons(self) -> bool:
        """Whether persons stand behind the count."""
        return self.key in PERSONS


@dataclass(frozen=True)
class Breakdown:
    """A way to split a figure: for each base table the column that holds the category."""

    id: str
    codes: CodeList
    columns: Mapping[str, str]

    @property
    def categories(self) -> tuple[str, ...]:
        return self.codes.values


@dataclass(frozen=True, eq=False)
class Indicator:
    """One entry of the catalogue: everything the monitor knows about a figure.

    ``definitie`` is what policy makers read (Dutch, B1). ``decimalen`` is how the value is shown; an aandeel is a
    fraction. ``bronnen`` are the soorten that must be in force before the figure exists. ``rang_tot``: categories
    get a rank up to this number. ``versie`` rises whenever the formula changes.
    """

    id: str
    definitie: str
    teller: Measure
    statistiek: Statistic
    eenheid: str
    bronnen: tuple[str, ...]
    waarvandaan: tuple[str, ...]
    noemer: Measure | None = None
    decimalen: int = 0
    grondslag: Ground = Ground.SCHOOL
    uitsplitsingen: tuple[Breakdown, ...] = ()
    noemer_van: Denominator = Denominator.CATEGORIE
    rang_tot: int = 0
    versie: int = 1

    @property
    def naam(self) -> str:
        """What the figure is called. Raises KeyError when ``schemas.indicators`` does not name it."""
        return INDICATOR_IDS.labels[self.id]

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (self.teller,) if self.noemer is None else (self.teller, self.noemer)

    @property
    def persons(self) -> bool:
        """Whether persons stand behind the figure, so that disclosure control must look at it."""
        return any(measure.persons for measure in self.measures)

    @property
    def from_observations(self) -> bool:
        """A median or mean: the noemer is the number of observations and there is no teller."""
        return self.statistiek in (Statistic.MEDIAAN, Statistic.GEMIDDELDE)


def fingerprint(indicator: Indicator) -> str:
    """The formula as stable text, words written out: it changes exactly when the computation is declared otherwise."""
    lines = [
        f"statistiek: {indicator.statistiek}",
        f"teller: {_measure_text(indicator.teller)}",
        f"noemer: {_measure_text(indicator.noemer) if indicator.noemer else '-'}",
        f"noemer van: {indicator.noemer_van}; rang tot: {indicator.rang_tot}",
        f"grondslag: {indicator.grondslag}; bronnen: {', '.join(sorted(indicator.bronnen))}",
        *(
            f"uitsplitsing {split.id}: {_column_text(table, split.columns[table])}"
            for split in sorted(indicator.uitsplitsingen, key=lambda split: split.id)
            for table in sorted({measure.table for measure in indicator.measures})
        ),
    ]
    return "\n".join(lines)


def _column_text(table: str, name: str) -> str:
    words = _words_in(table, [pl.col(name)])
    return f"{table}.{name}" + "".join(f"; {word} = {text}" for word, text in sorted(words.items()))


def _measure_text(measure: Measure) -> str:
    values = [one for one in (measure.value, measure.most) if one is not None]
    value = " tot ".join(str(one) for one in values) or "-"
    used = [measure.where, *values]
    words = "; ".join(f"{name} = {text}" for name, text in sorted(_words_in(measure.table, used).items()))
    return f"{measure.table} {measure.kind} van {measure.key} | {measure.where} | {value} | {words}"


def _words_in(table: str, expressions: list[pl.Expr]) -> dict[str, str]:
    """Every word of the window that the expressions use, directly or through another word, also of another table."""
    known = {name: word for stage in WORDS.get(table, ()) for name, word in stage.items()}
    found: dict[str, str] = {}
    to_do = list(expressions)
    while to_do:
        for name in to_do.pop().meta.root_names():
            if name in known and name not in found:
                found[name] = str(known[name])
                to_do.append(known[name])
            elif (table, name) in ELSEWHERE and name not in found:
                other, there = ELSEWHERE[table, name]
                found[name] = f"{other}: {there}"
                found |= {f"{other}.{word}": text for word, text in _words_in(other, [there]).items()}
    return found
