"""What a herlevering changes: two deliveries of one soort, compared by key (new, changed, dropped, unchanged).

Counts only: which rows they are is for the supplier's own system to tell.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from jos_pipeline.pseudonym import LEERLING_ID, PSEUDONYM
from schemas.contract import SUFFIXES, Contract

_OCCURRENCE = "_voorkomen"
_OLD, _NEW = "_in_vorige", "_in_nieuwe"


@dataclass(frozen=True)
class Difference:
    """How the rows of a delivery differ from those of the one it replaces.

    ``columns`` holds, in contract order, in how many changed rows a column changed. ``by_key`` is false for a soort
    whose rows have no key: there a changed row is a dropped one and a new one.
    """

    new: int
    changed: int
    dropped: int
    unchanged: int
    columns: tuple[tuple[str, int], ...] = ()
    by_key: bool = True

    @property
    def nothing(self) -> bool:
        """Whether both hold the same rows."""
        return not (self.new or self.changed or self.dropped)


def difference(new: pl.DataFrame, old: pl.DataFrame, contract: Contract) -> Difference:
    """Compares the accepted rows of two deliveries of one soort; the order of rows and columns does not matter.

    Both hold ``pseudoniem``, or both ``leerling_id``. Columns that only one of them has (a contract of another
    version) are not compared.
    """
    shared = sorted({*new.columns} & {*old.columns}, key=_place_in(contract))
    key = [LEERLING_ID if name == PSEUDONYM and LEERLING_ID in shared else name for name in contract.key]
    by_key = bool(key) and set(key) <= set(shared)
    on = [*(key if by_key else shared), _OCCURRENCE]
    both = _numbered(new.select(shared), on).join(
        _numbered(old.select(shared), on), on=on, how="full", nulls_equal=True, suffix=_OLD, coalesce=False
    )
    here, there = pl.col(_OCCURRENCE).is_not_null(), pl.col(_OCCURRENCE + _OLD).is_not_null()
    changes = {name: _changed(name, shared) & here & there for name in shared if _is_field(name) and name not in on}
    counts = both.select(
        **{_NEW: (here & ~there).sum(), _OLD: (there & ~here).sum()},
        beide=(here & there).sum(),
        anders=(pl.any_horizontal(*changes.values()) if changes else pl.lit(value=False)).sum(),
    ).row(0, named=True)
    columns = both.select(**{name: changed.sum() for name, changed in changes.items()})
    return Difference(
        new=counts[_NEW],
        changed=counts["anders"],
        dropped=counts[_OLD],
        unchanged=counts["beide"] - counts["anders"],
        columns=tuple((name, columns.item(0, name)) for name in columns.columns if columns.item(0, name)),
        by_key=by_key,
    )


def _numbered(frame: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    """The rows, each with its number among the rows of the same key: 0 where keys are unique, as they should be."""
    key = [name for name in on if name != _OCCURRENCE]
    if not frame.width:
        return frame.with_columns(pl.lit(None, dtype=pl.Int64).alias(_OCCURRENCE))
    ordered = frame.sort(frame.columns, nulls_last=True)
    return ordered.with_columns(pl.int_range(pl.len()).over(key).alias(_OCCURRENCE))


def _place_in(contract: Contract) -> Callable[[str], tuple[int, str]]:
    """Contract order, so that the order of the columns of a frame does not matter either."""
    places = {LEERLING_ID if name == PSEUDONYM else name: place for place, name in enumerate(contract.by_name)}
    return lambda name: (places.get(LEERLING_ID if name == PSEUDONYM else name, len(places)), name)


def _is_field(name: str) -> bool:
    return not name.endswith(SUFFIXES)


def _changed(name: str, shared: Sequence[str]) -> pl.Expr:
    """Whether a column, or what belongs to it (how far a date is known), differs."""
    companions = [name + suffix for suffix in SUFFIXES if name + suffix in shared]
    return pl.any_horizontal(pl.col(one).ne_missing(pl.col(one + _OLD)) for one in (name, *companions))
