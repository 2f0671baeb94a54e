"""How far the values of a column moved between two deliveries. Only numbers between columns come out."""

import math

import polars as pl

from jos_pipeline.expectations.measures import ENOUGH_ROWS


def shift_of_shares(now: pl.Series, before: pl.Series) -> float | None:
    """The share of rows that would have to change code to get the earlier distribution, beyond what chance may do.

    That is the total variation distance, less what two samples of these sizes from one distribution differ on average
    and two standard deviations (normal approximation): of twenty codes and forty rows a lot differs by chance alone.
    None when either column has too few filled cells.
    """
    now, before = now.drop_nulls(), before.drop_nulls()
    if min(now.len(), before.len()) < ENOUGH_ROWS:
        return None
    first, second = _counts(now), _counts(before)
    distance = average = variance = 0.0
    for code in sorted({*first, *second}, key=str):
        a, b = first.get(code, 0), second.get(code, 0)
        pooled = (a + b) / (now.len() + before.len())
        distance += abs(a / now.len() - b / before.len()) / 2
        spread = pooled * (1 - pooled) * (1 / now.len() + 1 / before.len())
        average += math.sqrt(2 / math.pi * spread) / 2
        variance += (1 - 2 / math.pi) * spread / 4
    return max(0.0, distance - average - 2 * math.sqrt(variance))


def median_ratio(now: pl.Series, before: pl.Series) -> float | None:
    """How many times the median is higher or lower (at least 1); None with too few filled cells or a median of 0."""
    now, before = now.drop_nulls(), before.drop_nulls()
    if min(now.len(), before.len()) < ENOUGH_ROWS:
        return None
    new, old = float(now.median() or 0), float(before.median() or 0)  # type: ignore[arg-type]
    return max(new / old, old / new) if new > 0 and old > 0 else None


def _counts(cells: pl.Series) -> dict[object, int]:
    return dict(cells.value_counts().iter_rows())
