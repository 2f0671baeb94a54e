"""What a column of an export can become: a column of the contract, or one that is replaced before it leaves the house.

The one place that says which column may take which kind of source.
"""

from difflib import get_close_matches

import polars as pl

from jos_pipeline.intake.personal import bsn_mask, personal_word
from jos_pipeline.intake.values import parse_column
from jos_pipeline.mapping.reading import LEAVE_OUT
from jos_pipeline.pseudonym import PSEUDONYM
from jos_pipeline.raw_export import AGE_CLASS, EXPORT_HEADINGS, HOME
from jos_pipeline.writing import WRONG, canonical_text
from schemas.columns import Column, Kind
from schemas.contract import Contract, Reference
from schemas.naming import fold

CLOSED = frozenset({Kind.CODE, Kind.BOOLEAN, Kind.SCHOOL, Kind.MUNICIPALITY})
"""Kinds of which only what is right is written: no text of a person can be in such a column."""
VALUED = CLOSED | {Kind.INTEGER}
"""Kinds whose values a mapping may translate."""

_WAYS = {PSEUDONYM: ("bsn", "pgn", "onderwijsnummer"), AGE_CLASS: ("geboortedatum",)} | {
    HOME: ("postcode", "postcode_of_gemeentecode")
}
_EVERY_WAY = frozenset(way for ways in _WAYS.values() for way in ways)


def ways_of(contract: Contract) -> dict[str, str]:
    """The ways of replacing this contract has, to the column that comes of each."""
    return {way: name for name, ways in _WAYS.items() if name in contract.by_name for way in ways}


def target_of(word: str, contract: Contract) -> str | None:
    """The column or way of replacing that a mapping means by a word; LEAVE_OUT, or None when there is no such."""
    named = {fold(way): way for way in ways_of(contract)} | {LEAVE_OUT: LEAVE_OUT}
    return named.get(fold(word)) or contract.headings.get(fold(word))


def likely_target(word: str, contract: Contract) -> str | None:
    """What was probably meant by a word that is no target."""
    near = get_close_matches(word.casefold(), [*contract.by_name, *ways_of(contract)], n=1, cutoff=0.6)
    return near[0] if near else None


def is_personal(heading: str) -> bool:
    """Whether the cells under this heading may not leave the house as they are."""
    return personal_word(heading) is not None or fold(heading) in EXPORT_HEADINGS


def may_take(heading: str, target: str, contract: Contract) -> bool:
    """Whether a column of an export may become this one: what is personal only where nothing of it can be left."""
    return target in _EVERY_WAY | {LEAVE_OUT} or not is_personal(heading) or _kind(target, contract) in CLOSED


def _kind(target: str, contract: Contract) -> Kind:
    return contract.by_name[target].column.kind


def is_right(text: str, column: Column, reference: Reference) -> bool:
    """Whether a text that a mapping gives can stand in a column of a delivery."""
    cells = pl.Series([text])
    written = canonical_text(cells, parse_column(cells, column, reference), column)
    return column.kind is not Kind.PSEUDONYM and written[0] not in (None, WRONG) and not bsn_mask(cells).any()
