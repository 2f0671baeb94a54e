"""What a herlevering changes: two deliveries of one soort, compared by key (new, changed, dropped, unchanged).

Counts only: which rows they are is for the supplier's own system to tell.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from jos_pipeline.pseudonym import LEERLING_ID, PSEUDONYM
from schemas.contract import SUFFIXES, Contract

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
    version) are not compared. Without a key that is unique in both, whole rows are compared.
    """
    shared = sorted({*new.columns} & {*old.columns}, key=_place_in(contract))
    key = [LEERLING_ID if name == PSEUDONYM and LEERLING_ID in shared else name for name in contract.key]
    here, there = new.select(shared), old.select(shared)
    if key and set(key) <= set(shared) and not any(frame.select(key).is_duplicated().any() for frame in (here, there)):
        return _by_key(here, there, key)
    return _by_whole_rows(here, there)


def _by_key(new: pl.DataFrame, old: pl.DataFrame, key: Sequence[str]) -> Difference:
    both = new.with_columns(pl.lit(value=True).alias(_NEW)).join(
        old.with_columns(pl.lit(value=True).alias(_OLD)), on=key, how="full", nulls_equal=True, suffix=_OLD
    )
    paired = both.filter(pl.col(_NEW) & pl.col(_OLD))
    changes = {name: _changed(name, new.columns) for name in new.columns if _is_field(name)}
    changed = paired.select(**changes)
    columns = ((name, int(changed[name].sum())) for name in changed.columns)
    touched = int(changed.select(pl.any_horizontal(pl.all())).to_series().sum())
    return Difference(
        new=new.height - paired.height,
        changed=touched,
        dropped=old.height - paired.height,
        unchanged=paired.height - touched,
        columns=tuple((name, count) for name, count in columns if count),
    )


def _by_whole_rows(new: pl.DataFrame, old: pl.DataFrame) -> Difference:
    """Equal rows are paired as often as they stand in both."""
    rows = pl.concat([new.with_columns(pl.lit(1).alias(_NEW)), old.with_columns(pl.lit(1).alias(_OLD))], how="diagonal")
    counts = rows.group_by(new.columns).agg(pl.col(_NEW, _OLD).sum())
    same = int(counts.select(pl.min_horizontal(_NEW, _OLD).sum()).item())
    return Difference(new.height - same, 0, old.height - same, same, by_key=False)


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
