"""A linear system: what somebody knows of numbers that he does not know.

Put here what a system is and how it falls apart into parts that have nothing to do with each other. Solving it is
``solver``; where a system comes from is ``audit`` and ``attack``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

TOLERANCE = 1e-5
"""What solving in floating point may be off. Counts are whole, so that much less than one person is nobody."""


class AuditError(RuntimeError):
    """The audit itself failed, so nothing is known to be safe: the message says where."""


class ContradictionError(AuditError):
    """Nothing fits the system: what is published, or taken to be so, contradicts itself."""


@dataclass(frozen=True)
class System:
    """``row_low <= matrix @ x <= row_high`` and ``low <= x <= high``; ``whole`` tells which x are whole numbers."""

    matrix: csr_array
    row_low: np.ndarray
    row_high: np.ndarray
    low: np.ndarray
    high: np.ndarray
    whole: np.ndarray

    @property
    def width(self) -> int:
        """How many unknowns there are."""
        return len(self.low)

    def components(self) -> Iterator[tuple[np.ndarray, "System"]]:
        """The parts that share no row, each with the numbers of its unknowns; no row stands twice in a part."""
        labels, rows_of = _labels(self.matrix)
        order = np.argsort(labels, kind="stable")
        cuts = np.flatnonzero(np.diff(labels[order])) + 1
        row_order = np.argsort(rows_of, kind="stable")
        starts = np.searchsorted(rows_of[row_order], np.arange(labels.max(initial=-1) + 2))
        for columns in np.split(order, cuts) if len(order) else []:
            label = labels[columns[0]]
            rows = row_order[starts[label] : starts[label + 1]]
            yield columns, self._part(rows, columns)

    def _part(self, rows: np.ndarray, columns: np.ndarray) -> "System":
        matrix = csr_array(self.matrix[rows][:, columns])
        matrix, row_low, row_high = _without_duplicates(matrix, self.row_low[rows], self.row_high[rows])
        return System(matrix, row_low, row_high, self.low[columns], self.high[columns], self.whole[columns])


ROUNDS = 30
"""How often what is known of one sum is carried over to the next, at most."""


def tightened(system: System) -> System:
    """The same system with narrower bounds, as far as single sums give them: no program is solved for what is plain.

    A sum of parts that is 0 makes every part 0, and parts that are all 0 make it 0. Raises ContradictionError when
    nothing fits.
    """
    entries = system.matrix.tocoo()
    rows, columns, a = entries.row, entries.col, entries.data
    low, high = system.low.copy(), system.high.copy()
    height = system.matrix.shape[0]
    for _ in range(ROUNDS):
        before = low.copy(), high.copy()
        for bound, sign in ((system.row_high, 1.0), (-system.row_low, -1.0)):
            b = sign * a
            least = np.where(b > 0, b * low[columns], b * high[columns])
            endless = ~np.isfinite(least)
            finite = np.where(endless, 0.0, least)
            # what the other terms of the sum are together at least
            others = np.bincount(rows, finite, height)[rows] - finite
            told = (np.bincount(rows, endless, height)[rows] - endless == 0) & np.isfinite(bound[rows])
            end = (bound[rows] - others) / b
            up, down = told & (b > 0), told & (b < 0)
            np.minimum.at(high, columns[up], end[up])
            np.maximum.at(low, columns[down], end[down])
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    if (low > high + TOLERANCE).any():
        raise ContradictionError("single sums contradict each other")
    return System(
        system.matrix, system.row_low, system.row_high, np.minimum(low, high), np.maximum(low, high), system.whole
    )


def _labels(matrix: csr_array) -> tuple[np.ndarray, np.ndarray]:
    """The part that every unknown and every row is in; a row without unknowns is in none (-1)."""
    height, width = matrix.shape
    entries = matrix.tocoo()
    graph = csr_array((np.ones(entries.nnz), (entries.row, height + entries.col)), shape=(height + width,) * 2)
    _, labels = connected_components(graph, directed=False)
    of_rows = np.where(np.diff(matrix.indptr) > 0, labels[:height], -1)
    _, compact = np.unique(labels[height:], return_inverse=True)
    number = dict(zip(labels[height:].tolist(), compact.tolist(), strict=True))
    return compact, np.array([number.get(label, -1) for label in of_rows.tolist()], dtype=int)


def _without_duplicates(
    matrix: csr_array, row_low: np.ndarray, row_high: np.ndarray
) -> tuple[csr_array, np.ndarray, np.ndarray]:
    """Rows that say something of the same sum become one row that says all of it."""
    matrix.sort_indices()
    first: dict[tuple[bytes, bytes], int] = {}
    low, high = row_low.copy(), row_high.copy()
    for row in range(matrix.shape[0]):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        scale = matrix.data[part][0]
        mine = sorted((row_low[row] / scale, row_high[row] / scale))
        key = (matrix.indices[part].tobytes(), np.round(matrix.data[part] / scale, 12).tobytes())
        kept = first.setdefault(key, row)
        if kept != row:
            factor = matrix.data[matrix.indptr[kept]]
            ends = sorted((mine[0] * factor, mine[1] * factor))
            low[kept], high[kept] = max(low[kept], ends[0]), min(high[kept], ends[1])
    keep = sorted(first.values())
    # two roundings of one sum may cross by less than they are worth
    middle = (low + high) / 2
    crossed = low > high
    low, high = np.where(crossed, middle, low), np.where(crossed, middle, high)
    return csr_array(matrix[keep]), low[keep], high[keep]
