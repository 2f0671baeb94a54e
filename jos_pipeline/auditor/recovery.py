"""Which hidden cells can have one value only: the part of the audit that is fast enough for the largest tables.

Put here how that is told without a program per cell; how far a cell that is not pinned down can go is ``intervals``.

The true counts are one point that fits all a reader knows. A cell is pinned down when no direction in which one can
leave that point changes it. Directions form a cone: a cell at its bound can only go inward. One linear program finds
every such cell that can leave its bound, all at once. The cells that cannot are pinned down; the others then lie
inside, where directions are a plain linear space, and an arbitrary one of them changes every cell that any changes.
"""

import time
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from jos_pipeline.auditor.audit import known_to_reader, unseen_by_reader
from jos_pipeline.auditor.solver import Restart, Solver
from jos_pipeline.auditor.system import AuditError, System
from jos_pipeline.cells import CellTable

AT_BOUND = 1e-9
"""A count this near to its bound lies on it."""
STILL = 1e-5
"""What a direction changes less than this, of 1 on average, it does not change. Doubt counts as pinned down."""
EXACT = 1e-9
"""What a direction may break of a sum."""
PATIENCE = 20_000
"""Steps after which the search for a direction is given up."""


@dataclass(frozen=True)
class Recovery:
    """The sensitive cells that a reader can tell exactly."""

    cells: np.ndarray
    """Their numbers, in order."""
    hidden: int
    sensitive: int
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether no sensitive cell can be told exactly."""
        return not len(self.cells)


def recovered(table: CellTable, hidden: np.ndarray, among: np.ndarray | None = None) -> Recovery:
    """Every sensitive cell of the table that can have one value only for whoever sees the rest, or is simply shown.

    ``among`` are the numbers of the cells that are asked about, all when not given: to hide more gives no cell away
    that was not given away before, so that only those that were need be asked again. Closed cells are never shown and
    open ones always are, whatever ``hidden`` says. Raises AuditError when the audit could not be finished, ValueError
    when ``hidden`` does not fit.
    """
    began = time.monotonic()
    unseen = unseen_by_reader(table, hidden)
    unknown = np.flatnonzero(unseen)
    system = known_to_reader(table, unknown, np.zeros(len(unseen), dtype=bool), ())
    wanted = table.sensitive.copy()
    if among is not None:
        wanted &= np.isin(np.arange(len(wanted)), among)
    asked, counts = wanted[unknown], table.counts[unknown]
    pinned = np.zeros(len(unknown), dtype=bool)
    for columns, part in system.components():
        if asked[columns].any():
            pinned[columns] = _pinned(part, counts[columns])
    return Recovery(
        cells=np.union1d(np.flatnonzero(wanted & ~unseen), unknown[pinned & asked]),
        hidden=int(unseen.sum()),
        sensitive=int(table.sensitive.sum()),
        seconds=time.monotonic() - began,
    )


def _pinned(system: System, point: np.ndarray) -> np.ndarray:
    """By unknown whether it can have one value only; ``point`` fits the system, of which every row is an equation."""
    at_low, at_high = point <= system.low + AT_BOUND, point >= system.high - AT_BOUND
    still: np.ndarray = (at_low & at_high) | _stuck(system, at_low, at_high)
    free = np.flatnonzero(~still)
    still[free] = np.abs(_any_direction(csr_array(system.matrix[:, free]))) < STILL
    return still


def _stuck(system: System, at_low: np.ndarray, at_high: np.ndarray) -> np.ndarray:
    """The unknowns at a bound that cannot leave it: those that get no share in a direction that moves as many as can.

    Of each unknown that must move by at least its share, shares are at most 1 and the direction may be as long as it
    must: then every unknown that can move at all has a share of 1.
    """
    bound = np.flatnonzero(at_low | at_high)
    rows, width, many = system.matrix.shape[0], system.width, len(bound)
    stuck = np.zeros(width, dtype=bool)
    if not many or not rows:
        return stuck
    inward = np.where(at_high[bound], -1.0, 1.0)
    line = np.arange(many)
    entries = np.concatenate([inward, -np.ones(many)])
    shares = csr_array((entries, (np.tile(line, 2), np.concatenate([bound, width + line]))), shape=(many, width + many))
    endless, nothing = np.full(many, np.inf), np.zeros(rows + many)
    program = System(
        csr_array(vstack([hstack([system.matrix, csr_array((rows, many))]), shares])),
        nothing,
        np.concatenate([np.zeros(rows), endless]),
        np.concatenate([np.where(at_low, 0.0, -np.inf), np.zeros(many)]),
        np.concatenate([np.where(at_high, 0.0, np.inf), np.ones(many)]),
        np.zeros(width + many, dtype=bool),
    )
    cost = np.concatenate([np.zeros(width), -np.ones(many)])
    answer = Solver(program, Restart.OTHER_BOUNDS).linear(cost)
    if answer is None or answer.point is None:
        raise AuditError("the audit could not be finished: no direction was found")
    stuck[bound] = answer.point[width:] < 0.5
    return stuck


def _any_direction(matrix: csr_array) -> np.ndarray:
    """A direction that keeps every sum: an arbitrary one, always the same, less what breaks sums (by CGLS).

    Inner products are not left to BLAS, whose threads wait for each other on a busy machine.
    """
    direction: np.ndarray = np.random.default_rng(0).standard_normal(matrix.shape[1])
    across = csr_array(matrix.T)
    broken = np.asarray(matrix @ direction)
    search, size = broken, (broken * broken).sum()
    for _ in range(PATIENCE):
        if np.abs(broken).max(initial=0.0) <= EXACT:
            return direction
        step = np.asarray(across @ search)
        direction -= size / (step * step).sum() * step
        broken = np.asarray(matrix @ direction)
        size, before = (broken * broken).sum(), size
        search = broken + size / before * search
    raise AuditError("the audit could not be finished: no direction that keeps every sum was found")
