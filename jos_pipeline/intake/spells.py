"""Rows that belong together: overlapping spells of care, and keys that occur twice (spec 1.3).

Frame in, frame or mask out. What is reported about it is worded by the gate.
"""

from datetime import date

import polars as pl

from schemas.contract import PRECISION, Contract

_FOREVER = date(9999, 12, 31)


def spell_bounds(contract: Contract) -> tuple[str, str]:
    """The columns with the first and the last day of a spell, from the contract's own order rule."""
    rule = next(rule for rule in contract.rules if rule.code == "JOS-E036")
    return rule.columns[0], rule.columns[1]


def merge_spells(frame: pl.DataFrame, contract: Contract) -> tuple[pl.DataFrame, pl.Series]:
    """One row per spell, and for each row of ``frame`` whether it was merged with another.

    Rows with the same spell columns (empty equals empty) overlap when one begins on or before the last day of the
    other; an open end lasts for ever. A merged row has the earliest begin and the latest end. What the contract says
    belongs to the start comes from the first row, everything else from the row with the latest end.
    """
    begin, end = spell_bounds(contract)
    last_day = pl.col(end).fill_null(_FOREVER)
    placed = (
        frame.with_row_index("_row")
        .with_columns(_end=last_day)
        .sort([*contract.spell, begin, "_end", "_row"], nulls_last=True)
        .with_columns(_reach=pl.col("_end").cum_max().shift(1).over(contract.spell))
        .with_columns(_new=(pl.col("_reach").is_null() | (pl.col(begin) > pl.col("_reach"))).cast(pl.UInt32))
        .with_columns(_spell=pl.col("_new").cum_sum())
        .with_columns(_merged=pl.len().over("_spell") > 1)
    )
    merged = placed.sort("_row").get_column("_merged")
    if not merged.any():
        return frame, merged
    of_start = (begin, begin + PRECISION, *contract.at_start)
    first = pl.col(*of_start).first()
    others = [name for name in frame.columns if name not in of_start]
    one_each = (
        placed.sort(["_spell", begin, "_row"])
        .group_by("_spell", maintain_order=True)
        .agg(first, pl.col(*others).sort_by("_end", begin, "_row").last(), pl.col("_row").min())
    )
    return one_each.sort("_row").select(frame.columns), merged


def repeated_keys(frame: pl.DataFrame, key: tuple[str, ...], *, usable: pl.Series, sound: pl.Series) -> pl.Series:
    """For each row whether it must go because its key occurs more than once; empty key parts are equal.

    Of rows that are wholly equal the first stays; of rows that differ none does. Only ``usable`` rows (whose key
    could be read) are compared; a row that is not ``sound`` differs from one that is.
    """
    if not key or not frame.select(pl.struct(key).is_duplicated().any()).item():
        return pl.repeat(value=False, n=frame.height, eager=True)
    whole = [*frame.columns, "_sound"]
    same_key, same_row = pl.len().over(key), pl.len().over(whole)
    first = pl.col("_row") == pl.col("_row").min().over(key)
    gone = (
        frame.with_columns(_sound=sound)
        .with_row_index("_row")
        .filter(usable)
        .filter((same_key > 1) & ~((same_key == same_row) & first))
        .get_column("_row")
    )
    return pl.int_range(frame.height, eager=True).is_in(gone.implode())
