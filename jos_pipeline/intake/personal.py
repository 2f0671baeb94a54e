"""Finds direct identifiers in a table before anything else looks at it (spec 1.1).

Answers where they stand, never what they are: no result of this module holds a heading or a cell of the supplier,
only positions, row numbers and words of our own lists.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from jos_pipeline.pseudonym import elfproef
from schemas.columns import (
    FILLING_WORDS,
    KINDS_OF_EDUCATION,
    PERSON_WORDS,
    PERSONAL_EDGES,
    PERSONAL_HEADINGS,
    PERSONAL_PARTS,
    PERSONAL_STEMS,
    PERSONAL_WORDS,
)
from schemas.contracts import KNOWN_HEADINGS
from schemas.naming import fold, readable

POSTCODE = "postcode"

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

_POSTCODE_WITH_LETTERS = r"(?:^|\P{Nd})\d{4}[\s.\-\x{2010}-\x{2015}]*\p{L}{2}(?:\P{L}|$)"
"""Also with a country before it, a dash in it or a town behind it: ``NL-1811 AB Alkmaar``."""

_DIGITS = 9
_DIGIT = r"[\p{Nd}\p{No}]"
_PSEUDONYM = r"^[0-9a-f]{64}$"
_INVISIBLE = r"[\p{Cf}]"
_FLOAT_TAIL = r"[.,]0+\s*$"
_SCIENTIFIC = r"^\s*([1-9])[.,](\d{8})[eE]\+?0?8\s*$"
"""How a program writes nine digits that it takes for a fraction: ``1.11222333E+08``."""
_IN_THREES = r"^\s*(\d{3})[,/'_](\d{3})[,/'_](\d{3})\s*$"
_SEPARATORS = r"[\s.\-\x{2010}-\x{2015}]"
_PREFILTER = r"\d{9}|\d{4}[. ]\d{2}[. ]\d{3}|\d{3}[. ]\d{3}[. ]\d{3}"
_EMBEDDED = re.compile(
    r"(?:(?<![^\W_])|(?<=bsn)|(?<=pgn)|(?<=nr))(?:\d{9}|\d{4}[. ]\d{2}[. ]\d{3}|\d{3}[. ]\d{3}[. ]\d{3})(?![^\W_])",
    re.IGNORECASE,
)
_FRACTION = r"^\s*-?\d{1,2}[.,]\d{4,}\s*$"
"""One number with a fraction: its digits are no number of a person."""
_PLAIN_NUMBER = r"^\s*-?(?:\d{1,8}|\d{10,})[.,]\d+\s*$"
"""One number with a fraction of any length: the fraction is no number of a person."""


@dataclass(frozen=True)
class PersonalHeading:
    """The position of a column with a direct identifier, and the word of our own lists that gave it away."""

    position: int
    word: str


@dataclass(frozen=True)
class BsnCells:
    """How many cells hold a number that can be a BSN, and in which rows (sorted, each once)."""

    count: int
    rows: tuple[int, ...]


def personal_headings(headings: Sequence[str], cells: pl.DataFrame | None = None) -> tuple[PersonalHeading, ...]:
    """The columns that name a direct identifier, in order.

    A heading that a contract knows is never one. ``postcode`` is one when its cells hold letters too (an address);
    ``cells`` are the columns under the headings, in the same order.
    """
    found = []
    for position, heading in enumerate(headings):
        word = personal_word(heading)
        if word == POSTCODE and not (cells is not None and _has_letters(cells.to_series(position))):
            continue
        if word is not None:
            found.append(PersonalHeading(position, word))
    return tuple(found)


def personal_word(heading: str) -> str | None:
    """The word of our lists by which a heading names a direct identifier; ``postcode`` depends on its cells."""
    plain = readable(heading)
    folded = fold(plain)
    if folded in KNOWN_HEADINGS:
        return None
    if folded in PERSONAL_HEADINGS:
        return folded
    if POSTCODE in folded or folded == "pc6":
        return POSTCODE
    words = _words(plain)
    stem = next((stem for stem in PERSONAL_STEMS if stem in folded), None)
    if stem is not None:
        rest = _without_kind_of_education(words)
        return stem if rest is None else personal_word(rest)
    whole = {*words, *(first + second for first, second in pairwise(words))}
    part = _part_of_a_person({*words}, whole)
    edges = (
        edge for edge in PERSONAL_EDGES for word in (folded, *whole) if word.startswith(edge) or word.endswith(edge)
    )
    return part or min(whole & PERSONAL_WORDS, default=None) or next(edges, None)


def _without_kind_of_education(words: list[str]) -> str | None:
    """A heading less the number of a kind of education; None when it has none, or also names a person."""
    places = range(len(words) - len(KINDS_OF_EDUCATION) + 1)
    kinds = (
        place
        for place in places
        if all(w in known for w, known in zip(words[place:], KINDS_OF_EDUCATION, strict=False))
    )
    first = next(kinds, None)
    if first is None or PERSON_WORDS.intersection(words):
        return None
    return " ".join(words[:first] + words[first + len(KINDS_OF_EDUCATION) :])


def _part_of_a_person(words: set[str], whole: set[str]) -> str | None:
    """What a person has: alone ("Naam 2"), beside the person ("mail ouder"), or grown onto it ("vadernaam").

    ``whole`` are the words, and each two neighbours as one ("contact persoon").
    """
    if "naam" in words and whole & PERSON_WORDS:
        return "naam"
    if words <= {*PERSONAL_PARTS, *FILLING_WORDS, *PERSON_WORDS}:
        return next((part for part in PERSONAL_PARTS if part in words), None)
    grown = {grown: part for part in PERSONAL_PARTS for who in PERSON_WORDS for grown in (part + who, who + part)}
    return next((part for word, part in grown.items() if word in words), None)


def _words(heading: str) -> list[str]:
    """The words of a heading; each two neighbours can be one word as well ("e-mail")."""
    return [fold(word) for word in re.split(r"[\W_\d]+", _CAMEL.sub(" ", heading)) if word]


def _has_letters(cells: pl.Series) -> bool:
    return bool(cells.str.contains(_POSTCODE_WITH_LETTERS).any())


def bsn_cells(cells: pl.DataFrame, rows: pl.Series) -> BsnCells:
    """The cells with a nine-digit number that passes the elfproef, as the whole cell or free-standing in a text.

    Spaces, dots and dashes inside the number do not count, nor does Excel's ``.0``. ``rows`` are the row numbers of
    the supplier's file, one for each row of ``cells``.
    """
    # Few columns hold anything with nine digits in it: codes, dates and counts are done with here.
    lengths = cells.select(pl.all().str.len_bytes().max()).row(0) if cells.width else ()
    long = [name for name, most in zip(cells.columns, lengths, strict=True) if (most or 0) >= _DIGITS]
    if not long:
        return BsnCells(0, ())
    candidates = cells.select(pl.col(name).filter(_may_hold_nine(name)).unique().implode() for name in long)
    guilty = _guilty(pl.concat([candidates[name][0] for name in long]))
    if guilty.is_empty():
        return BsnCells(0, ())
    hits = cells.select(pl.col(long).is_in(guilty.implode()).fill_null(value=False))
    some = hits.select(pl.any_horizontal(pl.all())).to_series()
    return BsnCells(sum(hits.sum().row(0)), tuple(rows.filter(some).sort().to_list()))


def _may_hold_nine(name: str) -> pl.Expr:
    cell = pl.col(name)
    return (cell.str.len_bytes() >= _DIGITS) & ~cell.str.contains(_PSEUDONYM)


def bsn_mask(cells: pl.Series) -> pl.Series:
    """For each cell whether it holds a number that can be a BSN; an empty cell does not."""
    guilty = _guilty(cells.unique())
    if guilty.is_empty():
        return pl.repeat(value=False, n=len(cells), eager=True)
    return cells.is_in(guilty.implode()).fill_null(value=False)


def _guilty(texts: pl.Series) -> pl.Series:
    """Those of some texts that hold a number that can be a BSN."""
    cell = pl.col("cell")
    long_enough = (
        texts.alias("cell")
        .to_frame()
        .filter((cell.str.len_bytes() >= _DIGITS) & (cell.str.count_matches(_DIGIT) >= _DIGITS))
    )
    if long_enough.is_empty():
        return long_enough.to_series()
    distinct = (
        long_enough.filter(~cell.str.contains(_PSEUDONYM))
        .with_columns(text=cell.str.replace_all(_INVISIBLE, ""))
        .with_columns(
            digits=pl.col("text")
            .str.replace(_SCIENTIFIC, "$1$2")
            .str.replace(_IN_THREES, "$1$2$3")
            .str.replace(_FLOAT_TAIL, "")
            .str.replace_all(_SEPARATORS, ""),
            fraction=pl.col("text").str.contains(_FRACTION),
        )
    )
    whole = distinct.filter(~pl.col("fraction"), pl.col("digits").str.contains(r"^[0-9]{9}$"))
    whole = whole.filter(_passes(pl.col("digits")))
    other = distinct.filter(
        ~pl.col("text").str.contains(_PLAIN_NUMBER),
        pl.col("text").str.contains(_PREFILTER) | pl.col("text").str.contains(r"[^\x00-\x7f]"),
        ~pl.col("digits").str.contains(r"^[0-9]{9}$"),
    )
    embedded = [cell for cell, text in zip(other["cell"], other["text"], strict=True) if _holds_bsn(text)]
    return pl.concat([whole["cell"], pl.Series("cell", embedded, dtype=pl.String)])


def _passes(digits: pl.Expr) -> pl.Expr:
    """The elfproef over a column of nine ASCII digits."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    terms = [digits.str.slice(place, 1).cast(pl.Int32, strict=False) * weight for place, weight in enumerate(weights)]
    return (pl.sum_horizontal(terms) % 11 == 0) & (digits != "000000000")


def _holds_bsn(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text)
    compact = re.sub(r"[\s.\-]", "", re.sub(r"[.,]0+\s*$", "", plain))
    return elfproef(compact) or any(elfproef(re.sub(r"\D", "", hit.group())) for hit in _EMBEDDED.finditer(plain))


def holding_bsn(texts: Iterable[str]) -> int:
    """How many of some texts, such as headings, hold a number that can be a BSN."""
    long = [text for text in texts if len(text) >= _DIGITS and sum(map(str.isnumeric, text)) >= _DIGITS]
    return int(bsn_mask(pl.Series(long, dtype=pl.String)).sum()) if long else 0
