"""Controlled rounding of a table of cells: visible counts become multiples of a base and still add up (spec 3.2.7).

Put here how numbers are chosen. Which counts are visible is decided before (``jos_pipeline.disclosure``,
``jos_pipeline.audited``); what becomes of published rows is ``jos_pipeline.rounded_rows``. Knows nothing of indicators
and never looks at a hidden count: what comes out is a function of what is shown, so whoever reads it learns no more
than a reader of the exact figures, for whom the audit was made.

With ``a`` the counts in multiples of the base, ``f`` their whole part and ``z`` what is chosen:

    minimise   sum |f_i + z_i - a_i|
    subject to M (f + z) = 0,   z_i in {0, 1},   z_i = 0 where a_i is a multiple already,

and where the rest of a sum is hidden, its visible part keeps its sign: parts are never more than their whole. Each
connected part of the table is solved by itself: as a linear program, as an integer one only where that leaves
fractions, and with counts further than the base only where nothing else fits (three dimensions): as few and as near as
can be. Equally good solutions are told apart by the names of cells, never by their order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack
from scipy.sparse.csgraph import connected_components

from jos_pipeline.cells import CellTable

NOTHING = 1e-6
"""Sums and parts of a multiple that differ less are the same."""
WIDER = (1, 4, 16)
"""How many multiples further a count may go where it does not fit, one after the other."""
FURTHER = 1e3
"""What a multiple further costs, in multiples of the ordinary deviation: more than anything else."""
GAP = 0.01
"""An integer program may stop when it is within this of the best there can be."""
NODES, SECONDS = 5_000, 120.0
"""Or after so many nodes, with the best found, so that every machine gives the same; after so many seconds only where
these are slow beyond measure, and then nothing is rounded."""
_LIMIT = 1
"""What SciPy says of a program that was broken off."""


class RoundingError(ValueError):
    """The counts cannot be rounded; the message says why and what to do, without a count."""


@dataclass(frozen=True, eq=False)
class Rounding:
    """The rounded counts by cell, not a number where hidden, and how it went."""

    values: np.ndarray
    base: int
    cells: int
    """How many counts were to be rounded."""
    sums: int
    """How many sums of visible counts hold before, and so after."""
    integer: int
    """How many connected parts of the table needed an integer program."""
    beyond: int
    """How many counts are as far as the base or further from the true one."""


@dataclass(frozen=True, eq=False)
class _Part:
    """A connected part in multiples of the base. ``low`` and ``high`` are the sums that ``matrix @ z`` may have."""

    whole: np.ndarray
    fraction: np.ndarray
    tie: np.ndarray
    wish: np.ndarray
    matrix: csr_array
    low: np.ndarray
    high: np.ndarray


def rounded(
    table: CellTable,
    hidden: np.ndarray,
    base: int,
    names: Sequence[str],
    exact: np.ndarray | None = None,
    before: np.ndarray | None = None,
) -> Rounding:
    """The visible counts as multiples of ``base``, so that every sum of visible counts that holds still holds.

    ``names`` tells cells apart, whatever their order. ``exact``: visible cells that are left as they are, and so are
    the sums they stand in. ``before``: a value that a cell had in an earlier rounding of the same count, else not a
    number; it keeps it when it can. Raises RoundingError for a base below 2, names that are not all different, or
    counts that cannot be rounded.
    """
    if base < 2:
        raise RoundingError(f"counts cannot be rounded to multiples of {base}: choose 2 or more")
    if len(set(names)) != len(names) or len(names) != table.cells.height:
        raise RoundingError("every cell needs a name of its own to be rounded")
    left = np.zeros(len(names), dtype=bool) if exact is None else exact
    chosen = np.flatnonzero(~hidden & ~left)
    # the order of the work is that of the names, so that any order of cells gives the same
    chosen = np.array(sorted(chosen.tolist(), key=lambda cell: names[cell]), dtype=np.int64)
    counts = table.counts[chosen] / base
    whole = np.floor(counts + NOTHING)
    fraction = np.where(counts - whole < NOTHING, 0.0, counts - whole)
    wish = np.full(len(chosen), np.nan) if before is None else before[chosen] / base - whole
    tie = np.array([_tie(names[cell]) for cell in chosen.tolist()])
    matrix, signs = _sums(table, hidden, left, chosen)
    # z = 0 for all gives whole; M (whole + z) is what is asked
    now = -(matrix @ whole)
    low, high = np.where(signs <= 0, -np.inf, now), np.where(signs >= 0, np.inf, now)
    low, high = np.where(signs == 0, now, low), np.where(signs == 0, now, high)
    steps, integer = np.zeros(len(chosen)), 0
    for cells, rows in _connected(matrix):
        part = _Part(
            whole[cells], fraction[cells], tie[cells], wish[cells], matrix[rows][:, cells], low[rows], high[rows]
        )
        steps[cells], by_integers = _solved(part)
        integer += by_integers
    values = np.where(hidden, np.nan, table.counts)
    values[chosen] = (whole + steps) * base
    beyond = np.abs(values[chosen] - table.counts[chosen]) >= base - NOTHING
    return Rounding(values, base, len(chosen), int((signs == 0).sum()), integer, int(beyond.sum()))


def _tie(name: str) -> float:
    """Between -1/2 and 1/2, by the name alone."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest()) / 2.0**64 - 0.5


def _sums(table: CellTable, hidden: np.ndarray, left: np.ndarray, chosen: np.ndarray) -> tuple[csr_array, np.ndarray]:
    """The relations among the chosen cells, one row each, and what each asks of ``matrix @ x``.

    0: that it is 0; 1: that it is at least 0; -1: at most 0. A relation of which a hidden rest may make up for any
    difference asks nothing, nor does one that does not come out at 0 among what is shown.
    """
    matrix = table.matrix
    visible = matrix.multiply(~hidden).tocsr()
    closed = matrix.multiply(hidden).tocsr()
    ups, downs = (np.asarray((sign * closed > 0).sum(axis=1)).ravel() for sign in (1, -1))
    shown = np.where(hidden, 0.0, table.counts)
    total = np.asarray(visible @ shown).ravel()
    signs = np.where(ups > 0, -1, np.where(downs > 0, 1, 0))
    fits = np.where(signs == 0, np.abs(total) <= NOTHING, total * signs >= -NOTHING)
    mixed = np.asarray((abs(matrix.multiply(left & ~hidden)) > 0).sum(axis=1)).ravel() > 0
    kept = visible[:, chosen].tocsr()
    some = np.diff(kept.indptr) > 0
    known = np.abs(table.constants) <= NOTHING
    keep = np.flatnonzero(fits & some & ~mixed & known & ~((ups > 0) & (downs > 0)))
    kept, signs = kept[keep], signs[keep]
    kept.eliminate_zeros()
    kept.sort_indices()
    order = sorted(range(len(keep)), key=lambda row: _written(kept, signs, row))
    return csr_array(kept[order]), signs[order]


def _written(matrix: csr_array, signs: np.ndarray, row: int) -> tuple[tuple[int, ...], tuple[float, ...], int]:
    """A relation as something to sort by: what it says, not where it stands."""
    of = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return tuple(matrix.indices[of].tolist()), tuple(matrix.data[of].tolist()), int(signs[row])


def _connected(matrix: csr_array) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The cells and the rows of every connected part."""
    rows, width = matrix.shape
    both = vstack([hstack([csr_array((width, width)), matrix.T]), hstack([matrix, csr_array((rows, rows))])])
    _, label = connected_components(both, directed=False)
    order = np.argsort(label[:width], kind="stable")
    ends = np.flatnonzero(np.diff(label[:width][order])) + 1
    of_rows = np.argsort(label[width:], kind="stable")
    sorted_rows = label[width:][of_rows]
    for cells in np.split(order, ends) if width else ():
        first, last = (
            np.searchsorted(sorted_rows, label[cells[0]], "left"),
            np.searchsorted(sorted_rows, label[cells[0]], "right"),
        )
        yield cells, of_rows[first:last]


def _solved(part: _Part) -> tuple[np.ndarray, bool]:
    """The steps of one part, and whether an integer program was needed."""
    step = (part.fraction > 0).astype(float)
    cost = 1.0 - 2.0 * part.fraction + part.tie * min(1e-3, 0.5 / len(step))
    fits = (part.wish >= 0) & (part.wish <= step)
    cost = np.where(fits & (part.wish == 0), 2.0, np.where(fits & (part.wish == 1), -2.0, cost))
    nearest = np.where(cost < 0, step, 0.0)
    if _holds(part, nearest):
        return nearest, False
    for whole in (False, True):
        found = _program(cost, part.matrix, part.low, part.high, np.zeros_like(step), step, whole=whole)
        if found is None:
            break
        if _holds(part, np.rint(found)) and np.abs(found - np.rint(found)).max() <= NOTHING:
            return np.rint(found), whole
    return _further(part, step, cost), True


def _holds(part: _Part, steps: np.ndarray) -> bool:
    told = np.asarray(part.matrix @ steps)
    return bool(np.all(told >= part.low - NOTHING) and np.all(told <= part.high + NOTHING))


def _further(part: _Part, step: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Some counts go further than the base, each multiple at a price. Nothing falls to 0 or rises from it."""
    size = len(step)
    # over = how far z lies outside [0, step]:  over + z >= 0  and  over - z >= -step
    none, one = csr_array(part.matrix.shape), eye_array(size)
    matrix = vstack([hstack([part.matrix, none]), hstack([one, one]), hstack([-one, one])]).tocsr()
    low = np.concatenate([part.low, np.zeros(size), -step])
    high = np.concatenate([part.high, np.full(2 * size, np.inf)])
    least = np.minimum(0.0, 1.0 - part.whole)
    for wider in WIDER:
        below, above = np.maximum(least, -wider), step + wider * (part.whole + step > 0)
        found = _program(
            np.concatenate([cost, np.full(size, FURTHER)]),
            matrix,
            low,
            high,
            np.concatenate([below, np.zeros(size)]),
            np.concatenate([above, np.full(size, float(wider))]),
            whole=True,
        )
        if found is not None and _holds(part, np.rint(found[:size])):
            steps: np.ndarray = np.rint(found[:size])
            return steps
    raise RoundingError(
        f"{size} counts that hang together cannot be rounded so that they add up: publish without rounding "
        "(take afronden out of regio.toml), and report this"
    )


def _program(
    cost: np.ndarray,
    matrix: csr_array,
    low: np.ndarray,
    high: np.ndarray,
    least: np.ndarray,
    most: np.ndarray,
    *,
    whole: bool,
) -> np.ndarray | None:
    """The cheapest point; None when there is none. Raises RoundingError when none was found in time."""
    found = milp(
        cost,
        integrality=np.full(len(cost), int(whole)),
        bounds=Bounds(least, most),
        constraints=LinearConstraint(matrix, low, high),
        options={"mip_rel_gap": GAP, "node_limit": NODES, "time_limit": SECONDS},
    )
    point: np.ndarray | None = found.x
    if point is None and found.status == _LIMIT:
        raise RoundingError(
            f"{len(cost)} counts that hang together could not be rounded within {SECONDS:.0f} seconds: publish without "
            "rounding (take afronden out of regio.toml), and report this"
        )
    return point
