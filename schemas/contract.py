"""What a contract is: fields, key and rules over a row. The pandera schema that follows is ``schemas.validation``.

The contracts themselves stand in ``schemas.contracts``. Reading, verdicts and messages are the gate's
(``jos_pipeline.intake.gate``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from schemas import columns as c
from schemas.columns import Column, Kind
from schemas.naming import fold

if TYPE_CHECKING:
    import pandera.polars as pa

PRECISION = "_precisie"
"""Suffix of the column that says how far a date is known: ``dag``, ``maand`` or ``jaar``."""

PRECISIONS = ["dag", "maand", "jaar"]

LEAST, MOST = "_min", "_max"
"""Suffixes of the columns that hold the bounds of a masked count; equal to the count where it is known. An empty
``_max`` beside a filled ``_min`` means that nobody knows the upper bound."""

COMPANIONS: dict[Kind, dict[str, Any]] = {
    Kind.DATE: {PRECISION: pl.String},
    Kind.MASKED: {LEAST: pl.Int64, MOST: pl.Int64},
}
"""The columns that come with a value of this kind: suffix and type."""

SUFFIXES: tuple[str, ...] = (PRECISION, LEAST, MOST)
"""What the name of a companion column can end on."""

_COMPANION_DESCRIPTIONS = {
    PRECISION: "Hoe precies {} bekend is: dag, maand of jaar.",
    LEAST: "De laagste waarde die {} kan hebben.",
    MOST: "De hoogste waarde die {} kan hebben; leeg als niemand die weet.",
}


def companion_description(name: str) -> str:
    """What a companion column says, in Dutch."""
    suffix = next(suffix for suffix in _COMPANION_DESCRIPTIONS if name.endswith(suffix))
    return _COMPANION_DESCRIPTIONS[suffix].format(name.removesuffix(suffix))


OF_FILE = "_bestand"
"""The number of the file of a row, where rows of several files are looked at together."""

DTYPES: dict[Kind, Any] = {
    Kind.PSEUDONYM: pl.String,
    Kind.SCHOOL: pl.String,
    Kind.MUNICIPALITY: pl.String,
    Kind.DATE: pl.Date,
    Kind.BOOLEAN: pl.Boolean,
    Kind.INTEGER: pl.Int64,
    Kind.DECIMAL: pl.Float64,
    Kind.MASKED: pl.Int64,
    Kind.CODE: pl.String,
    Kind.TEXT: pl.String,
}
"""The polars type of the values of each kind of column."""


EARLIEST = date(1990, 1, 1)
"""No date in a delivery lies before this day (spec 1.3)."""


@dataclass(frozen=True)
class Reference:
    """What the region knows on the peildatum of a delivery; the context of the rules that depend on it."""

    schools: list[str]
    municipalities: list[str]
    teams: list[str]
    latest: date
    """The last day a date may fall on: the peildatum plus one year."""
    team_names: dict[str, str] = field(default_factory=dict)
    """Other names of a team to its id."""
    absent_schools: list[str] = field(default_factory=list)
    """Schools the region knows that did not exist in the school year of the delivery."""

    def __hash__(self) -> int:
        """Equal references hash alike, so that what is derived from one is derived once and not per delivery."""
        return hash((self.latest, tuple(self.schools), tuple(self.absent_schools), tuple(self.teams)))


@dataclass(frozen=True)
class Field:
    """A column in a contract. ``required``: the column must be there. ``may_be_empty``: its cells may be."""

    column: Column
    required: bool
    may_be_empty: bool

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def dtype(self) -> Any:
        return DTYPES[self.column.kind]


@dataclass(frozen=True)
class RowRule:
    """A rule over several columns of one row. ``holds`` is true, or null, where the row is right."""

    code: str
    columns: tuple[str, ...]
    detail: str
    holds: Callable[[], pl.Expr]

    @property
    def name(self) -> str:
        return f"{self.code}:{'+'.join(self.columns)}"


@dataclass(frozen=True)
class CellRule:
    """A rule over one cell. ``holds`` is true, or null, where the cell is right."""

    code: str
    kolom: str
    holds: pl.Expr


@dataclass(frozen=True, eq=False)
class Contract:
    """What one soort of delivery must look like. ``version`` rises with every change in meaning."""

    soort: str
    title: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    rules: tuple[RowRule, ...] = ()
    remarks: tuple[RowRule, ...] = ()
    """Rules that are told when they do not hold, and that reject nothing."""
    spell: tuple[str, ...] = ()
    """Columns that identify one spell: overlapping rows that share them are merged (CBS rule), not refused."""
    at_start: tuple[str, ...] = ()
    """Columns of a spell that say how it began: a merged row takes them from its first row, all else from its last."""
    any_supplier: bool = False
    """Whether every supplier may send it, agreed or not (spec 1.3)."""
    refers_to: str | None = None
    """The soort of the same supplier and school year in which what the rows name by its key must be (spec 1.3)."""
    version: int = 1

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def headings(self) -> dict[str, str]:
        """Folded heading to column name. A column's own name wins over an alias of another."""
        found = {heading: field.name for field in self.fields for heading in field.column.headings}
        return found | {fold(field.name): field.name for field in self.fields}

    @cached_property
    def leading_date(self) -> str | None:
        """The date by which rows are told by month: the first that is always filled. None where there is none."""
        dates = (field for field in self.fields if field.column.kind is Kind.DATE and not field.may_be_empty)
        return next((field.name for field in dates), None)

    def schema(self, reference: Reference | None = None) -> "pa.DataFrameSchema":
        """The pandera contract of an accepted frame (typed values and date precisions).

        With ``reference`` the rules that depend on the region and the peildatum are in it too: schools and teams
        that are known, gemeenten that exist, dates not more than a year after the peildatum.
        """
        from schemas import validation  # noqa: PLC0415 - it loads pandera, which most commands can do without

        return validation.accepted(self, reference)

    def proof(self, reference: Reference) -> "pa.DataFrameSchema":
        """The same contract as ``schema`` as one yes or no over the rows of some files (``OF_FILE``), for the hot path.

        pandera asks ``schema`` column by column and rule by rule, which takes longer than everything else the gate
        does to a small file. What exactly is wrong with a frame that is refused here, ``schema`` tells.
        """
        from schemas import validation  # noqa: PLC0415 - as above

        return validation.proof(self, reference)

    def cell_rules(self, reference: Reference) -> tuple[CellRule, ...]:
        """Every rule over one cell; those of a column and code that has two bounds stand apart."""
        return _cell_rules(self, reference)

    @cached_property
    def lake_schema(self) -> "pa.DataFrameSchema":
        """The contract of the deliveries in force together, as they lie in the lake.

        The pseudonym is hashed once more into ``leerling_id`` (of the same form) and every row names its
        ``leverancier``; a key is unique per supplier.
        """
        from schemas import validation  # noqa: PLC0415 - as above

        return validation.in_lake(self)

    @cached_property
    def lake_proof(self) -> "pa.DataFrameSchema":
        """The same contract as ``lake_schema`` as one yes or no over a whole frame, as ``proof`` is of ``schema``."""
        from schemas import validation  # noqa: PLC0415 - as above

        return validation.lake_proof(self)

    @cached_property
    def companions(self) -> dict[str, Any]:
        """The columns that come with others, and their types: how far a date is known, the bounds of a count."""
        return {
            field.name + suffix: dtype
            for field in self.fields
            for suffix, dtype in COMPANIONS.get(field.column.kind, {}).items()
        }

    @cached_property
    def every_rule(self) -> tuple[RowRule, ...]:
        """The rules over a row, with those that follow from its columns: a masked count is not a missing one."""
        masked = [field for field in self.fields if field.column.kind is Kind.MASKED and not field.may_be_empty]
        return (*self.rules, *(_counted(field.name) for field in masked))


def pattern_of(column: Column) -> tuple[str, str] | None:
    """The pattern of a column and the finding code of a value that does not match it."""
    if column.kind is Kind.TEXT:
        return column.pattern or c.ID_PATTERN, "JOS-E034"
    return {
        Kind.PSEUDONYM: (c.PSEUDONYM_PATTERN, "JOS-E028"),
        Kind.SCHOOL: (c.SCHOOL_PATTERN, "JOS-E029"),
        Kind.MUNICIPALITY: (c.MUNICIPALITY_PATTERN, "JOS-E031"),
    }.get(column.kind)


_Holds = Callable[[pl.Expr], pl.Expr]
EMPTY = "JOS-E020"


def value_rules(column: Column, reference: Reference | None) -> list[tuple[str, _Holds]]:
    """The rules on the values of a column: the finding code, and what must hold of a cell that is not empty."""
    rules: list[tuple[str, _Holds]] = []
    if pattern := pattern_of(column):
        rules.append((pattern[1], lambda cell: cell.str.contains(pattern[0])))
    if (codes := column.codes) is not None:
        rules.append(("JOS-E027", lambda cell: cell.is_in(list(codes.values))))
    if (least := column.minimum) is not None:
        rules.append(("JOS-E033", lambda cell: cell >= least))
    if (above := column.above) is not None:
        rules.append(("JOS-E033", lambda cell: cell > above))
    if (most := column.maximum) is not None:
        rules.append(("JOS-E033", lambda cell: cell <= most))
    if column.kind is Kind.DATE:
        rules.append(("JOS-E022", lambda cell: cell >= EARLIEST))
    return rules if reference is None else [*rules, *_reference_rules(column, reference)]


def must_be_filled(field: Field) -> bool:
    """Whether a cell may not be null; a masked count is null and has bounds, for which there is a row rule."""
    return not field.may_be_empty and field.column.kind is not Kind.MASKED


@lru_cache(maxsize=256)
def _cell_rules(contract: Contract, reference: Reference) -> tuple[CellRule, ...]:
    filled = [
        CellRule(EMPTY, field.name, pl.col(field.name).is_not_null())
        for field in contract.fields
        if must_be_filled(field)
    ]
    values = [
        CellRule(code, field.name, holds(pl.col(field.name)))
        for field in contract.fields
        for code, holds in value_rules(field.column, reference)
    ]
    return (*filled, *values)


def _counted(name: str) -> RowRule:
    """A required count is there, be it masked."""
    return RowRule("JOS-E020", (name,), "", lambda: pl.col(name).is_not_null() | pl.col(name + LEAST).is_not_null())


def _reference_rules(column: Column, reference: Reference) -> list[tuple[str, _Holds]]:
    """The rules that need the region; a value of the wrong form is left to the pattern's own code."""
    if column.kind is Kind.DATE:
        return [("JOS-E022", lambda cell: cell <= reference.latest)]
    if column.kind is Kind.SCHOOL:
        known = [*reference.schools, *reference.absent_schools]
        return [
            ("JOS-E030", lambda cell: ~cell.str.contains(c.SCHOOL_PATTERN) | cell.is_in(known)),
            ("JOS-E043", lambda cell: ~cell.is_in(reference.absent_schools)),
        ]
    if column.kind is Kind.MUNICIPALITY:
        known = reference.municipalities
        return [("JOS-E032", lambda cell: ~cell.str.contains(c.MUNICIPALITY_PATTERN) | cell.is_in(known))]
    if column is c.TEAM:
        return [("JOS-E041", lambda cell: ~cell.str.contains(c.TEXT_PATTERN) | cell.is_in(reference.teams))]
    return []


def must(column: Column) -> Field:
    return Field(column, required=True, may_be_empty=False)


def may(column: Column) -> Field:
    return Field(column, required=False, may_be_empty=True)


def not_after(first: Column, second: Column) -> pl.Expr:
    """``first`` is not after ``second``, compared no finer than both are known."""
    early, late = pl.col(first.name), pl.col(second.name)
    coarse = pl.concat_list(pl.col(first.name + PRECISION), pl.col(second.name + PRECISION))
    by_month = early.dt.truncate("1mo") <= late.dt.truncate("1mo")
    by_year = early.dt.year() <= late.dt.year()
    return (
        pl.when(coarse.list.contains("jaar"))
        .then(by_year)
        .when(coarse.list.contains("maand"))
        .then(by_month)
        .otherwise(early <= late)
    )


def order(first: Column, second: Column, code: str = "JOS-E037") -> RowRule:
    return RowRule(code, (first.name, second.name), f"{first.name} na {second.name}", lambda: not_after(first, second))


def unusual(first: Column, second: Column) -> RowRule:
    """The order in which it mostly goes, and not always: told of a row, which counts as it is."""
    return order(first, second, "JOS-S018")


def ends(first: Column, second: Column) -> RowRule:
    return order(first, second, "JOS-E036")


def when_filled(trigger: Column, needed: Column) -> RowRule:
    return RowRule(
        "JOS-E038",
        (trigger.name, needed.name),
        needed.name,
        lambda: pl.col(trigger.name).is_null() | pl.col(needed.name).is_not_null(),
    )
