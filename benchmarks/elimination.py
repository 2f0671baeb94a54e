"""A peer to measure the suppressor against: suppression by Gaussian elimination, and its variant with intervals.

Written from what is published of the method (Langsrud, Privacy in Statistical Databases 2024; the manual of the R
package GaussSuppression), not from its code; the package itself was not run. Cells are published one by one, the most
important first:

- *elimination*: a cell is published unless that would make a sensitive one an exact combination of published cells;
- *intervals*: of what elimination publishes, a cell is published unless with what was published before it some
  sensitive interval becomes too narrow (their ``protectionIntervals``, with the needs of our table); then elimination
  once more, for all that is hidden by now.

The linear programs of the second are those of ``jos_pipeline.suppressor``; the choice of cells is theirs.
"""

from collections import defaultdict

import numpy as np

from jos_pipeline.cells import CellTable, State
from jos_pipeline.suppressor.neighbourhoods import Neighbourhoods
from jos_pipeline.suppressor.problem import Problem, read
from jos_pipeline.suppressor.proofs import READER, Attackers, Proofs

PRIME = 2**61 - 1
"""Combinations are computed modulo a prime: exact, but for a chance of about one in 10^15 a step."""


def elimination(table: CellTable, protected: np.ndarray | None = None) -> np.ndarray:
    """By cell whether it is hidden so that no protected one (default: the sensitive) is an exact combination."""
    hidden = (table.cells.get_column("state") == State.CLOSED).to_numpy() | table.sensitive
    protected = hidden if protected is None else protected
    tableau = Tableau(table, np.argsort(importance(table) + np.where(protected, 0.0, 1e9), kind="stable"))
    found = protected.copy()
    for cell in most_important(table, ~protected):
        found[cell] = not tableau.publish(int(cell), protected)
    return found


def with_intervals(table: CellTable) -> np.ndarray:
    """By cell whether it is hidden so that every sensitive interval is as wide as the table asks."""
    hidden = elimination(table)
    problem = read(table)
    number = np.argsort(problem.order)
    publishing = _Publishing(problem)
    for cell in most_important(table, ~hidden):
        hidden[cell] = not publishing.publish(int(number[cell]))
    return elimination(table, hidden)


def importance(table: CellTable) -> np.ndarray:
    """The weight, as our own loss counts it."""
    return table.cells.get_column("weight").to_numpy()


def most_important(table: CellTable, where: np.ndarray) -> np.ndarray:
    """Those cells, in the order in which they are considered for publication."""
    cells = np.flatnonzero(where)
    order: np.ndarray = cells[np.argsort(-importance(table)[cells], kind="stable")]
    return order


class Tableau:
    """Every *dependent* cell as a combination of *independent* ones that are not published; the rest is known.

    What is published no longer stands in any combination; a dependent cell with none left is known to everybody.
    """

    def __init__(self, table: CellTable, last_first: np.ndarray) -> None:
        """Solves each relation for the cell in it that comes first in ``last_first``, as far as it can."""
        self._rows: dict[int, dict[int, int]] = {}
        self._rows_with: dict[int, set[int]] = defaultdict(set)
        place = np.argsort(last_first)
        matrix = table.matrix
        terms = [
            {int(cell): int(value) for cell, value in zip(matrix.indices[a:b], matrix.data[a:b], strict=True)}
            for a, b in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)
        ]
        for relation in sorted(terms, key=len):
            self._solve(self._substituted(relation), place)

    def publish(self, cell: int, protected: np.ndarray) -> bool:
        """Publishes a cell, unless that would tell a protected one."""
        row = self._rows.get(cell)
        if row is not None and not row:
            return True
        if row is not None:
            self._exchange(cell, min(row, key=lambda one: (len(self._rows_with[one]), one)))
        told = (one for one in self._rows_with[cell] if len(self._rows[one]) == 1)
        if any(protected[one] for one in told):
            return False
        for one in self._rows_with.pop(cell, set()):
            del self._rows[one][cell]
        return True

    def _substituted(self, relation: dict[int, int]) -> dict[int, int]:
        free: dict[int, int] = {}
        for cell, value in relation.items():
            row = self._rows.get(cell)
            for other, factor in ((cell, 1),) if row is None else row.items():
                free[other] = (free.get(other, 0) + value * factor) % PRIME
        return {cell: value for cell, value in free.items() if value}

    def _solve(self, relation: dict[int, int], place: np.ndarray) -> None:
        if relation:
            cell = min(relation, key=lambda one: place[one])
            inverse = pow(PRIME - relation.pop(cell), -1, PRIME)
            self._put(cell, {other: value * inverse % PRIME for other, value in relation.items()})

    def _exchange(self, dependent: int, independent: int) -> None:
        """Makes a dependent cell independent, and one of those it consists of dependent."""
        row = self._rows.pop(dependent)
        for cell in row:
            self._rows_with[cell].discard(dependent)
        inverse = pow(row.pop(independent), -1, PRIME)
        solved = {cell: (PRIME - value) * inverse % PRIME for cell, value in row.items()}
        self._put(independent, {dependent: inverse, **solved})

    def _put(self, cell: int, row: dict[int, int]) -> None:
        """A cell is this combination: everywhere."""
        for other in self._rows_with.pop(cell, set()):
            there = self._rows[other]
            factor = there.pop(cell)
            for one, value in row.items():
                now = (there.get(one, 0) + factor * value) % PRIME
                if now:
                    there[one] = now
                    self._rows_with[one].add(other)
                elif there.pop(one, None) is not None:
                    self._rows_with[one].discard(other)
        self._rows[cell] = row
        for one in row:
            self._rows_with[one].add(cell)


class _Publishing:
    """Which sides still have a table that takes them far enough; another is only looked for when one is lost."""

    def __init__(self, problem: Problem) -> None:
        """Everything that may be hidden is, for a start."""
        self._problem, self._flows = problem, Neighbourhoods(problem)
        self._proofs = Proofs(problem, Attackers.READERS)
        self._known = (problem.component < 0) | ~(problem.free | problem.hidden)
        for number in range(len(problem.sides)):
            if not self._proved(number):
                self._proofs.beyond.add((number, READER))

    def publish(self, cell: int) -> bool:
        """Publishes a cell, unless that would leave some side short."""
        leaning = self._proofs.leaning_on(cell)
        before, was = self._proofs.kept(leaning), bool(self._known[cell])
        self._known[cell] = True
        self._proofs.without({cell}, leaning)
        if all(self._proved(number) for number in leaning):
            return True
        self._proofs.restore(before)
        self._known[cell] = was
        return False

    def _proved(self, number: int) -> bool:
        side = self._problem.sides[number]
        if not self._proofs.missing(number):
            return True
        if not self._problem.moves(side.cell):
            return False
        near = self._flows.near(side.cell, self._problem.weight, self._known)
        for flow in (near,) if self._flows.is_small(side.cell) else (near, self._flows.whole(side.cell)):
            if movement := flow.cheapest(side, self._problem.weight, self._known):
                return number in self._proofs.add(*movement)
        return False
