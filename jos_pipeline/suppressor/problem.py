"""A table of cells as the arrays that the search works on, in an order that depends on content only.

Put here how a ``CellTable`` is read and simplified before any linear program. What is hidden is decided in
``jos_pipeline.suppressor.pattern``; nothing here knows of linear programs.

All of the search is about *deviations* d from the true counts a. What a reader holds possible is a + d with
``matrix @ d = 0``, ``d = 0`` where a cell is shown, and ``-a <= d <= upper - a``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array
from scipy.sparse.csgraph import connected_components

from jos_pipeline.cells import CellTable, State

NOBODY = -1
"""The owner of a cell that nobody knows by himself."""
ROUNDS_OF_COLOUR = 8
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))


@dataclass(frozen=True)
class Side:
    """One end of the interval that a sensitive cell needs: ``sign`` is +1 for need_high and -1 for need_low."""

    cell: int
    sign: int
    reach: float
    """How far from its true count the cell must be able to go, above 0."""


@dataclass(frozen=True)
class Problem:
    """The arrays of a table, by cell in canonical order; ``order[i]`` is the number of cell i in the table."""

    order: np.ndarray
    up: np.ndarray
    """How far a cell can rise: upper - count."""
    down: np.ndarray
    """How far a cell can fall: its count."""
    weight: np.ndarray
    free: np.ndarray
    """Cells that the search may hide or show; sensitive ones are hidden from the start and not among them."""
    hidden: np.ndarray
    """What is hidden whatever the search does: sensitive and closed cells."""
    owner: np.ndarray
    """By cell the number of its owner, or NOBODY; numbers run in the order of the owners' names."""
    owners: tuple[str, ...]
    matrix: csr_array
    columns: csc_array
    sides: tuple[Side, ...]
    component: np.ndarray
    """By cell the number of its component; -1 for cells that cannot move: they are open, or a sum tells them."""

    def moves(self, cell: int) -> bool:
        """Whether the cell can be anything but its true count once all that may be hidden is hidden."""
        return bool(self.component[cell] >= 0)

    def terms(self, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The terms of all sums in which the cells stand: the sum, the place among ``cells``, the coefficient."""
        starts = self.columns.indptr[cells]
        many = self.columns.indptr[cells + 1] - starts
        ends = np.cumsum(many)
        here = np.arange(many.sum()) + np.repeat(starts - ends + many, many)
        return self.columns.indices[here], np.repeat(np.arange(len(cells)), many), self.columns.data[here]

    def loose(self, cells: np.ndarray) -> np.ndarray:
        """Those of the cells that can move when no others do: not what stands alone in a sum, nor what then does."""
        sums, column, _ = self.terms(cells)
        stuck = np.zeros(len(cells), dtype=bool)
        while (alone := np.bincount(sums, minlength=self.matrix.shape[0])[sums] == 1).any():
            stuck[column[alone]] = True
            kept = ~stuck[column]
            sums, column = sums[kept], column[kept]
        return cells[~stuck]


def read(table: CellTable) -> Problem:
    """The table as arrays, the same for every order of its rows (cells that nothing tells apart keep theirs)."""
    order = _canonical_order(table)
    place = np.argsort(order, kind="stable")
    state = table.cells.get_column("state").to_numpy()[order]
    counts, uppers, sensitive = table.counts[order], table.uppers[order], table.sensitive[order]
    names = tuple(sorted(table.cells.get_column("owner").drop_nulls().unique().to_list()))
    number = {name: position for position, name in enumerate(names)}
    owner = np.array([number.get(name, NOBODY) for name in table.cells.get_column("owner").to_list()], dtype=np.int64)
    open_ = state == State.OPEN
    matrix, stuck = _simplified(table.matrix, place, open_)
    up, down = uppers - counts, counts.copy()
    hidden = (sensitive & ~open_) | (state == State.CLOSED)
    low = table.cells.get_column("need_low").to_numpy()[order].astype(float)
    high = table.cells.get_column("need_high").to_numpy()[order].astype(float)
    sides = tuple(
        Side(int(cell), sign, float(reach))
        for cell in np.flatnonzero(sensitive & ~open_)
        for sign, reach in ((1, high[cell] - counts[cell]), (-1, counts[cell] - low[cell]))
        if reach > 0
    )
    weight = table.cells.get_column("weight").to_numpy()[order].astype(float)
    free = (state == State.FREE) & ~hidden
    return Problem(
        order,
        up,
        down,
        weight,
        free,
        hidden,
        owner[order] if len(owner) else owner,
        names,
        matrix,
        matrix.tocsc(),
        sides,
        components(matrix, stuck),
    )


def _simplified(matrix: csr_array, place: np.ndarray, fixed: np.ndarray) -> tuple[csr_array, np.ndarray]:
    """The relations over cells that can move, each once, and which cells cannot: a row of one cell fixes that cell."""
    moved = matrix.tocoo()
    kept = csr_array((moved.data, (moved.row, place[moved.col])), shape=matrix.shape)
    kept.eliminate_zeros()
    stuck = fixed.copy()
    while True:
        kept = csr_array(kept.multiply(~stuck[None, :]))
        kept.eliminate_zeros()
        single = np.diff(kept.indptr) == 1
        if not single.any():
            break
        stuck[kept.indices[kept.indptr[:-1][single]]] = True
    kept.sort_indices()
    seen = {
        (tuple(kept.indices[a:b].tolist()), tuple((kept.data[a:b] / kept.data[a]).tolist()))
        for a, b in zip(kept.indptr[:-1], kept.indptr[1:], strict=True)
        if b > a
    }
    return _matrix_of(sorted(seen), matrix.shape[1]), stuck


def _matrix_of(rows: list[tuple[tuple[int, ...], tuple[float, ...]]], width: int) -> csr_array:
    ends = np.cumsum([0, *(len(cells) for cells, _ in rows)])
    indices = np.array([cell for cells, _ in rows for cell in cells], dtype=np.int64)
    data = np.array([value for _, values in rows for value in values], dtype=float)
    return csr_array((data, indices, ends), shape=(len(rows), width))


def components(matrix: csr_array, fixed: np.ndarray) -> np.ndarray:
    """Numbers the groups of cells that relations tie together: -1 for fixed cells, which tie nothing."""
    links = matrix.tocoo()
    loose = ~fixed[links.col]
    ends = (links.row[loose] + matrix.shape[1], links.col[loose])
    size = sum(matrix.shape)
    graph = csr_array((np.ones(len(ends[0])), ends), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    return np.where(fixed, -1, label[: matrix.shape[1]])


def _canonical_order(table: CellTable) -> np.ndarray:
    """The cells sorted by what they are and what they are tied to, then by the columns that stand beside them."""
    colours = _colours(table)
    extra = [table.cells.get_column(name).cast(str).fill_null("").to_numpy() for name in _beside(table)]
    ranks = [np.unique(column, return_inverse=True)[1] for column in extra]
    order: np.ndarray = np.lexsort((*reversed(ranks), colours))
    return order


def _beside(table: CellTable) -> Iterator[str]:
    known = {"cell", "count", "upper", "need_low", "need_high", "weight", "state", "owner"}
    return (name for name in sorted(table.cells.columns) if name not in known)


def _colours(table: CellTable) -> np.ndarray:
    """A number a cell, equal for cells that look alike from near and far (colour refinement, some rounds)."""
    cells = table.cells
    colour = np.zeros(cells.height, dtype=np.uint64)
    for name in ("count", "upper", "need_low", "need_high", "weight"):
        value = cells.get_column(name).fill_null(-1.0).to_numpy().astype(float) + 0.0
        colour = _mixed(colour ^ value.view(np.uint64))
    for code, one in enumerate(State):
        colour[(cells.get_column("state") == one).to_numpy()] += np.uint64(code + 1)
    colour = _mixed(colour)
    terms = table.matrix.tocoo()
    coefficient = (terms.data + 0.0).view(np.uint64)
    for _ in range(ROUNDS_OF_COLOUR):
        by_row = np.zeros(table.matrix.shape[0], dtype=np.uint64)
        np.add.at(by_row, terms.row, _mixed(colour[terms.col] ^ _mixed(coefficient)))
        around = np.zeros(len(colour), dtype=np.uint64)
        np.add.at(around, terms.col, _mixed(by_row[terms.row] ^ coefficient))
        colour = _mixed(colour ^ _mixed(around))
    return colour


def _mixed(value: np.ndarray) -> np.ndarray:
    """A fixed scrambling of 64 bits (splitmix64)."""
    value = value + _GOLDEN
    value = (value ^ (value >> _SHIFTS[0])) * _MIX[0]
    value = (value ^ (value >> _SHIFTS[1])) * _MIX[1]
    mixed: np.ndarray = value ^ (value >> _SHIFTS[2])
    return mixed
