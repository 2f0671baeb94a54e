"""What a cell means: text to typed values, with the problem when it means nothing and the repairs that were made.

Every parser is pure, never raises and never guesses: what could mean two things is a problem (spec 1.2). Put here the
meaning of one cell; bounds, patterns and code lists are checked by the contract, headings and rows by the reader.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Any, Generic, TypeVar

import polars as pl

from jos_pipeline.intake.table import tidied
from schemas.codelists import CodeList
from schemas.columns import TEAM, Column, Kind
from schemas.contract import COMPANIONS, DTYPES, LEAST, MOST, PRECISION, Reference
from schemas.naming import STRAIGHT, fold, tidy

BAD_DATE = "JOS-E021"
BAD_INTEGER = "JOS-E023"
AMBIGUOUS_DECIMAL = "JOS-E024"
BAD_DECIMAL = "JOS-E025"
BAD_BOOLEAN = "JOS-E026"
BAD_COUNT = "JOS-E045"
ZEROS_RESTORED = "JOS-S004"
LABEL_READ = "JOS-S007"
DATE_COARSE = "JOS-S009"
SERIAL_READ = "JOS-S010"

ONLY_YEAR = "jaar"
"""The precision of a date of which the month is not known either."""

_V = TypeVar("_V", date, int, float, bool, str)


@dataclass(frozen=True)
class Parsed(Generic[_V]):
    """The meaning of a cell. ``value`` is None when the cell is missing or when there is a ``problem``.

    ``repair`` is the signal that goes with a value that was mended; ``precision`` says how far a date is known,
    ``least`` and ``most`` between which bounds a count lies (``most`` None: no upper bound is known).
    """

    value: _V | None = None
    problem: str | None = None
    repair: str | None = None
    precision: str | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class ParsedColumn:
    """A column with its meaning; every Series has one entry per cell, in order.

    ``companions`` are the columns that come with this kind (``schemas.contract.COMPANIONS``), by suffix.
    """

    values: pl.Series
    companions: dict[str, pl.Series]
    problems: pl.Series
    """The finding code of a cell that could not be read (its value is null), else null."""
    repairs: dict[str, pl.Series]
    """Finding code of a signal to the mask of cells it was given for; only signals that were given."""

    def problem_masks(self) -> Iterator[tuple[str, pl.Series]]:
        """Each finding code that was given, in order, and the mask of its cells."""
        return masks_of(self.problems)


def masks_of(codes: pl.Series) -> Iterator[tuple[str, pl.Series]]:
    """Each code that occurs, in order, and the mask of its cells."""
    if codes.null_count() < len(codes):
        for code in sorted(codes.drop_nulls().unique()):
            yield code, (codes == code).fill_null(value=False)


_MISSING = frozenset({"", "-", "null", "n.v.t.", "n.v.t", "nvt", "onbekend"})


def is_missing(text: str, codes: CodeList | None = None) -> bool:
    """Whether a cell says that there is no value. A word that is itself in the code list is a value."""
    word = tidy(text).casefold()
    return word in _MISSING and not (codes is not None and fold(word) in codes.spellings)


_MIDNIGHT = re.compile(r"[ T]0?0:00(?::00(?:\.0{1,9})?)?$")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DUTCH = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})\2([0-9]{4})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"([2-8][0-9]{4})(?:[.,]0)?")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
_SERIAL_ZERO = date(1899, 12, 30)


def parse_date(text: str) -> Parsed[date]:
    """A date as ``jjjj-mm-dd``, ``dd-mm-jjjj``, ``d/m/jjjj``, ``jjjjmmdd`` or Excel serial; midnight may follow.

    ``jjjjmm00`` and ``jjjj0000`` are known to the month and the year: the first day stands for them. Month before day
    and years of two digits are never read.
    """
    word = _MIDNIGHT.sub("", tidy(text))
    if match := _ISO.fullmatch(word):
        return _day(match[1], match[2], match[3])
    if match := _DUTCH.fullmatch(word):
        return _day(match[4], match[3], match[1])
    if match := _COMPACT.fullmatch(word):
        return _coarse(match[1], match[2]) if match[3] == "00" else _day(match[1], match[2], match[3])
    if (match := _SERIAL.fullmatch(word)) and _FIRST_SERIAL <= int(match[1]) <= _LAST_SERIAL:
        return Parsed(_SERIAL_ZERO + timedelta(days=int(match[1])), repair=SERIAL_READ, precision="dag")
    return Parsed(problem=BAD_DATE)


def _day(year: str, month: str, day: str, precision: str = "dag") -> Parsed[date]:
    try:
        value = date(int(year), int(month), int(day))
    except ValueError:
        return Parsed(problem=BAD_DATE)
    return Parsed(value, precision=precision, repair=None if precision == "dag" else DATE_COARSE)


def _coarse(year: str, month: str) -> Parsed[date]:
    return _day(year, "1", "1", ONLY_YEAR) if month == "00" else _day(year, month, "1", "maand")


_GROUPED = r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+"
_INTEGER = re.compile(rf"([+-]?)(?:({_GROUPED})(?:,0{{1,2}})?|([0-9]+)(?:[.,]0{{1,2}})?)")
_COMMA = re.compile(rf"([+-]?)({_GROUPED}|[0-9]*)(?:,([0-9]+))?")
_POINT = re.compile(r"([+-]?)([0-9]*)\.([0-9]+)")
_MOST_DIGITS = 15
"""More digits than a float holds exactly are no measurement but a mistake, or a number that is a name."""


def parse_integer(text: str) -> Parsed[int]:
    """A whole number: ``1611``, ``1.611``, ``5,0``. ``5,000`` may be five or five thousand and is refused."""
    match = _INTEGER.fullmatch(tidy(text))
    digits = "" if match is None else (match[2] or match[3]).replace(".", "")
    if match is None or len(digits) > _MOST_DIGITS:
        return Parsed(problem=BAD_INTEGER)
    return Parsed(int(match[1] + digits))


def parse_decimal(text: str) -> Parsed[float]:
    """A decimal number with a comma (``13,76``, ``1.611,5``), or with a point that cannot mark thousands (``0.8``).

    ``1.611`` is JOS-E024; anything that is no number is JOS-E025.
    """
    word = tidy(text)
    if re.fullmatch(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}", word):
        return Parsed(problem=AMBIGUOUS_DECIMAL)
    match = _COMMA.fullmatch(word) or _POINT.fullmatch(word)
    if match is None or not (match[2] or match[3]):
        return Parsed(problem=BAD_DECIMAL)
    whole, fraction = match[2].replace(".", "") or "0", match[3] or "0"
    if len(whole) > _MOST_DIGITS:
        return Parsed(problem=BAD_DECIMAL)
    return Parsed(float(f"{match[1]}{whole}.{fraction}"))


_BOOLEANS = {
    **dict.fromkeys(("ja", "j", "1", "true", "waar", "01", "x"), True),
    **dict.fromkeys(("nee", "n", "0", "false", "onwaar", "02"), False),
}


def parse_boolean(text: str) -> Parsed[bool]:
    """``ja nee J N 1 0 true false waar onwaar 01 02 x`` in any case."""
    value = _BOOLEANS.get(tidy(text).casefold())
    return Parsed(problem=BAD_BOOLEAN) if value is None else Parsed(value)


_MASK = re.compile(r"<\s*([1-9][0-9]{0,3})")


def parse_masked(text: str) -> Parsed[int]:
    """A whole number, or one that was masked: ``<5`` is 1 to 4 (a zero is written as 0), ``.`` is anything from 0."""
    word = tidy(text)
    if word == ".":
        return Parsed(least=0)
    if (match := _MASK.fullmatch(word)) and int(match[1]) > 1:
        return Parsed(least=1, most=int(match[1]) - 1)
    read = parse_integer(word)
    return Parsed(problem=BAD_COUNT) if read.value is None else replace(read, least=read.value, most=read.value)


def parse_code(text: str, codes: CodeList) -> Parsed[str]:
    """The code for a code, label or alias. What the list does not know stays as it is, for the contract to refuse."""
    word = tidy(text)
    code = codes.spellings.get(fold(word))
    if code is None or (fold(word).isdecimal() and _number_form(word) not in _number_forms(codes)):
        return Parsed(word)
    if fold(word) == fold(code):
        return Parsed(code)
    lost_zeros = word.isdecimal() and code == word.zfill(len(code))
    return Parsed(code, repair=ZEROS_RESTORED if lost_zeros else LABEL_READ)


_DASH = re.compile(r"\s*[\u2010-\u2015-]\s*")


def _number_form(word: str) -> str:
    """How a code without letters is compared: signs count, since ``1.1`` is not ``11``, nor ``1213`` ``12-13``."""
    return _DASH.sub("-", word).replace(" ", "").removeprefix("'")


@lru_cache(maxsize=64)
def _number_forms(codes: CodeList) -> frozenset[str]:
    return frozenset(_number_form(one) for code in codes.codes for one in (code.code, code.label, *code.aliases))


_SCHOOL_LENGTH = 6


def parse_school(text: str, schools: frozenset[str]) -> Parsed[str]:
    """BRIN and vestiging in capitals; five characters get their zero back when that gives a known school."""
    word = "".join(tidy(text).upper().split())
    padded = word.zfill(_SCHOOL_LENGTH)
    if len(word) == _SCHOOL_LENGTH - 1 and padded in schools:
        return Parsed(padded, repair=ZEROS_RESTORED)
    return Parsed(word)


_MUNICIPALITY = re.compile(r"(GM)?([0-9]{1,4})")


def parse_municipality(text: str, municipalities: frozenset[str]) -> Parsed[str]:
    """``GM`` and four digits; lost letters and zeros come back when that gives a known gemeente."""
    word = "".join(tidy(text).upper().split())
    match = _MUNICIPALITY.fullmatch(word)
    restored = "" if match is None else f"GM{match[2]:0>4}"
    if restored != word and restored in municipalities:
        return Parsed(restored, repair=ZEROS_RESTORED)
    return Parsed(word)


def parse_column(cells: pl.Series, column: Column, reference: Reference) -> ParsedColumn:
    """Reads a column of text as its kind. Missing cells are null without a problem."""
    return parse_columns(cells.to_frame(), {cells.name: column}, reference)[cells.name]


def parse_columns(cells: pl.DataFrame, columns: Mapping[str, Column], reference: Reference) -> dict[str, ParsedColumn]:
    """Reads the columns of a frame, each as its kind, in a few passes over all of them.

    Equal cells are parsed once; pseudonyms and free text, which differ in every row, are read by expressions.
    """
    if not columns:
        return {}
    texts = {name: one for name, one in columns.items() if _is_text(one)}
    others = {name: one for name, one in columns.items() if name not in texts}
    read = _read_distinct(cells, others, reference) | _read_texts(cells, texts, reference)
    return {name: read[name] for name in columns}


def _is_text(column: Column) -> bool:
    return column.kind in (Kind.PSEUDONYM, Kind.TEXT)


def _parser(column: Column, reference: Reference) -> Callable[[str], Parsed[Any]]:
    if column.codes is not None:
        return partial(parse_code, codes=column.codes)
    if column.kind is Kind.SCHOOL:
        return partial(parse_school, schools=frozenset((*reference.schools, *reference.absent_schools)))
    if column.kind is Kind.MUNICIPALITY:
        return partial(parse_municipality, municipalities=frozenset(reference.municipalities))
    return _PARSERS[column.kind]


_PARSERS: dict[Kind, Callable[[str], Parsed[Any]]] = {
    Kind.DATE: parse_date,
    Kind.INTEGER: parse_integer,
    Kind.DECIMAL: parse_decimal,
    Kind.BOOLEAN: parse_boolean,
    Kind.MASKED: parse_masked,
}


def _read_texts(cells: pl.DataFrame, columns: Mapping[str, Column], reference: Reference) -> dict[str, ParsedColumn]:
    values = cells.select(_text(name, column.kind) for name, column in columns.items())
    nothing = _nothing(cells.height)
    read = {name: ParsedColumn(values[name], {}, nothing, {}) for name in columns}
    teams = {name: _known_teams(read[name].values, reference) for name, column in columns.items() if column is TEAM}
    return read | {name: replace(read[name], values=known) for name, known in teams.items()}


def _text(name: str, kind: Kind) -> pl.Expr:
    text = tidied(pl.col(name))
    word = text.str.to_lowercase()
    return pl.when(~word.is_in(sorted(_MISSING))).then(word if kind is Kind.PSEUDONYM else _straight(text)).alias(name)


def _straight(text: pl.Expr) -> pl.Expr:
    """With straight quotes: else one organisation is two, by who typed its name."""
    for curly, straight in STRAIGHT.items():
        text = text.str.replace_all(curly, straight)
    return text


def _known_teams(values: pl.Series, reference: Reference) -> pl.Series:
    """The team as the region writes it, by any of its names; an unknown one is left to the contract."""
    names = reference.team_names | {team: team for team in reference.teams}
    known = {fold(name): team for name, team in names.items()}
    return pl.Series(values.name, [v if v is None else known.get(fold(v), v) for v in values], dtype=pl.String)


def _nothing(length: int) -> pl.Series:
    return pl.Series("probleem", [None], dtype=pl.String).new_from_index(0, length)


def _read_distinct(cells: pl.DataFrame, columns: Mapping[str, Column], reference: Reference) -> dict[str, ParsedColumn]:
    """Every distinct cell is parsed once; each cell then gets its meaning by its place among the distinct ones."""
    if not columns:
        return {}
    distinct = cells.select(pl.col(name).drop_nulls().unique().implode() for name in columns)
    meanings = {
        name: _meanings(distinct[name][0], column, _parser(column, reference)) for name, column in columns.items()
    }
    places = cells.select(_place(name, distinct[name][0]) for name in columns)
    wanted = {f"{name}/{what}": (name, one) for name, parts in meanings.items() for what, one in parts.items()}
    found = places.select(pl.lit(one).gather(pl.col(name)).alias(key) for key, (name, one) in wanted.items())
    nothing = _nothing(cells.height)
    return {name: _parsed(name, column, found, nothing) for name, column in columns.items()}


def _place(name: str, distinct: pl.Series) -> pl.Expr:
    if distinct.is_empty():
        return pl.col(name).cast(pl.UInt32, strict=False).alias(name)
    places = pl.int_range(len(distinct), dtype=pl.UInt32, eager=True)
    return pl.col(name).replace_strict(distinct, places, default=None, return_dtype=pl.UInt32).alias(name)


def _meanings(distinct: pl.Series, column: Column, parser: Callable[[str], Parsed[Any]]) -> dict[str, pl.Series]:
    """What the distinct cells mean, one entry each; problems and repairs only where there is one."""
    parsed = [Parsed[Any]() if is_missing(text, column.codes) else parser(text) for text in distinct]
    companions = {PRECISION: "precision", LEAST: "least", MOST: "most"}
    found = {"waarde": pl.Series([one.value for one in parsed], dtype=DTYPES[column.kind])}
    for suffix, dtype in COMPANIONS.get(column.kind, {}).items():
        found[suffix] = pl.Series([getattr(one, companions[suffix]) for one in parsed], dtype=dtype)
    for name in ("problem", "repair"):
        codes = [getattr(one, name) for one in parsed]
        if any(codes):
            found[name] = pl.Series(codes, dtype=pl.String)
    return found


def _parsed(name: str, column: Column, found: pl.DataFrame, nothing: pl.Series) -> ParsedColumn:
    repairs = found[f"{name}/repair"] if f"{name}/repair" in found.columns else nothing
    return ParsedColumn(
        values=found[f"{name}/waarde"].alias(name),
        companions={suffix: found[f"{name}/{suffix}"] for suffix in COMPANIONS.get(column.kind, {})},
        problems=found[f"{name}/problem"] if f"{name}/problem" in found.columns else nothing,
        repairs=dict(masks_of(repairs)),
    )
