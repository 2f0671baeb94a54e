"""From a table of cells to what is hidden: several starts, the best one kept, insiders' pairs settled.

Put here how one suppression is composed. The search itself is ``jos_pipeline.suppressor.pattern``.
"""

from time import perf_counter

import numpy as np

from jos_pipeline.cells import CellTable
from jos_pipeline.suppressor.bound import Bound, lower_bound
from jos_pipeline.suppressor.neighbourhoods import Neighbourhoods
from jos_pipeline.suppressor.pattern import Pattern
from jos_pipeline.suppressor.problem import NOBODY, Problem, read
from jos_pipeline.suppressor.proofs import READER, Attackers
from jos_pipeline.suppressor.result import Report, Suppression

LEANINGS = (0.9, 0.3, 0.6)
"""By how much the starts after the first, in turn, follow the bound: cells that it hides are that much cheaper."""
ENOUGH = 4000
"""Work for large tables: no further start, and no further round for the bound, once so many sides have been seen to."""
EXCHANGES = 2
"""How often the best search tries to do with other cells of every sum; not for large tables, and not after in vain."""
SPREAD = 0.3
"""By how much later starts take a cell for dearer or cheaper than it is."""


def suppress(
    table: CellTable,
    *,
    attackers: Attackers = Attackers.READERS,
    starts: int = 4,
    rounds: int = 4,
    far: bool = True,
) -> Suppression:
    """Hides all sensitive cells of the table, and the cheapest others found, so that every need of it is met.

    A sensitive cell that is open, or that hiding everything else does not protect, is listed as unprotected in the
    report: it is for the caller to withhold what tells it. ``starts`` is how many searches are made, at least 1; the
    one with the least loss is kept; ``rounds`` is how often the lower bound is tightened. Large tables get fewer of
    both, down to one (see ENOUGH). ``far`` matters where more than some thousands of cells hang together: a tenth less
    is lost, in several times the time. The same table gives the same answer, whatever the order of its rows.
    """
    began = perf_counter()
    problem = read(table)
    flows = Neighbourhoods(problem)
    first = _searched(problem, attackers, flows, problem.weight, far=far)
    bound = lower_bound(problem, flows, first.proofs.beyond_readers(), _affordable(problem, rounds))
    later = (
        _searched(problem, attackers, flows, _worth(problem, bound, start), far=far)
        for start in range(1, _affordable(problem, starts))
    )
    best = min((first, *later), key=lambda pattern: _loss(problem, pattern.hidden))
    for _ in range(_affordable(problem, EXCHANGES, least=0)):
        before = _loss(problem, best.hidden)
        best.exchange()
        if _loss(problem, best.hidden) == before:
            break
        best.thin()
    withheld = _parents(problem, best)
    best.hidden[withheld] = True
    hidden = np.zeros(table.cells.height, dtype=bool)
    hidden[problem.order] = best.hidden
    return Suppression(hidden, _report(problem, best, bound, table, withheld, perf_counter() - began))


def _affordable(problem: Problem, times: int, least: int = 1) -> int:
    return max(least, min(times, ENOUGH // max(1, len(problem.sides))))


def _worth(problem: Problem, bound: Bound, start: int) -> np.ndarray:
    """The weights that a later start goes by: they lean to the bound, and after some starts are disturbed as well."""
    worth = problem.weight * (1 - LEANINGS[(start - 1) % len(LEANINGS)] * bound.share)
    if start > len(LEANINGS):
        worth *= np.random.default_rng(start).uniform(1 - SPREAD, 1 + SPREAD, len(worth))
    return worth


def _searched(
    problem: Problem, attackers: Attackers, flows: Neighbourhoods, worth: np.ndarray, *, far: bool
) -> Pattern:
    """One search: protected by the weights of a start, thinned by the true ones."""
    pattern = Pattern(problem, attackers, flows, worth, far=far)
    pattern.protect(_order(problem, flows))
    pattern.hidden_for(problem.weight).thin()
    return pattern


def _order(problem: Problem, flows: Neighbourhoods) -> list[int]:
    """Cells by neighbourhood, the light ones first: what is hidden low down often serves what is higher up."""
    cells = sorted({side.cell for side in problem.sides})
    weight, home = problem.weight, flows.homes(cells)
    first: dict[int, float] = {}
    for cell in cells:
        first[home[cell]] = min(first.get(home[cell], np.inf), float(weight[cell]))
    return sorted(cells, key=lambda cell: (first[home[cell]], home[cell], weight[cell], cell))


def _loss(problem: Problem, hidden: np.ndarray) -> float:
    return float(problem.weight[hidden & problem.free].sum())


def _parents(problem: Problem, pattern: Pattern) -> np.ndarray:
    """The free cells nobody owns that stand in one sum with a sensitive cell and an owner who tells it."""
    found: set[int] = set()
    for number, attacker in pattern.proofs.beyond:
        cell = problem.sides[number].cell
        if attacker == READER or problem.owner[cell] == NOBODY:
            continue
        for row in problem.columns[:, [cell]].indices.tolist():
            terms = problem.matrix.indices[problem.matrix.indptr[row] : problem.matrix.indptr[row + 1]]
            if (problem.owner[terms] == attacker).any():
                found.update(terms[problem.free[terms] & ~pattern.hidden[terms] & (problem.owner[terms] < 0)].tolist())
    return np.array(sorted(found), dtype=np.int64)


def _report(
    problem: Problem, pattern: Pattern, bound: Bound, table: CellTable, withheld: np.ndarray, seconds: float
) -> Report:
    order = problem.order
    beyond = {(problem.sides[number].cell, attacker) for number, attacker in pattern.proofs.beyond}
    open_ = np.flatnonzero(table.sensitive & (table.cells.get_column("state") == "open").to_numpy())
    unprotected = {int(order[cell]) for cell, attacker in beyond if attacker == READER} | set(open_.tolist())
    sensitive = table.sensitive[order]
    return Report(
        primary=int((problem.hidden & sensitive).sum()),
        secondary=int((pattern.hidden & problem.free).sum()),
        closed=int((problem.hidden & ~sensitive).sum()),
        unprotected=tuple(sorted(unprotected)),
        insider_pairs=tuple(sorted((problem.owners[one], int(order[cell])) for cell, one in beyond if one != READER)),
        withheld=tuple(sorted(order[withheld].tolist())),
        loss=_loss(problem, pattern.hidden),
        lower_bound=bound.value,
        seconds=seconds,
    )
