"""What is known to be protected: for every side the tables that show it, and which cells those lean on.

A *proof* is a solved flow: a table no reader can exclude while all cells in which it differs are hidden. It protects a
side from a reader. From an owner, who knows his own cells, it protects only where none of his cells differ; so a side
is safe from every owner once no owner is touched by all of its proofs. Cells that nobody owns are kept from owners
too, but a total of which an owner knows a part tells him something whatever is hidden: such a pair is beyond help.

Put here the bookkeeping; flows are found elsewhere.
"""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from jos_pipeline.suppressor.flow import EXACT
from jos_pipeline.suppressor.problem import NOBODY, Problem


class Attackers(StrEnum):
    """From whom sensitive cells are protected."""

    READERS = "readers"
    """Who knows all that is shown and nothing else."""
    OWNERS = "owners"
    """Readers, and every owner, who knows his own cells too, after the cells of other owners."""


READER = NOBODY - 1
"""The attacker who owns no cell."""


@dataclass(frozen=True)
class Proof:
    """The free cells that differ from the true table, and whose all are that differ; others stay hidden in any case."""

    cells: frozenset[int]
    owners: frozenset[int]


class Proofs:
    """The proofs of all sides under one pattern of hidden cells."""

    def __init__(self, problem: Problem, attackers: Attackers) -> None:
        """Starts without any proof."""
        self._problem = problem
        self._attackers = attackers
        self._by_side: list[list[Proof]] = [[] for _ in problem.sides]
        self._sides_by_cell: dict[int, list[int]] = defaultdict(list)
        self._leaning: dict[int, set[int]] = defaultdict(set)
        self.beyond: set[tuple[int, int]] = set()
        """Sides and attackers that nothing helps."""
        for number, side in enumerate(problem.sides):
            self._sides_by_cell[side.cell].append(number)

    def sides_of(self, cell: int) -> list[int]:
        """The sides of a cell, in order."""
        return self._sides_by_cell.get(cell, [])

    def beyond_readers(self) -> set[int]:
        """The sides that nothing protects even from readers."""
        return {number for number, attacker in self.beyond if attacker == READER}

    def missing(self, number: int) -> list[int]:
        """The attackers from whom a side is not yet known to be protected: READER, or owners in order."""
        proofs = self._by_side[number]
        if not proofs:
            return [] if (number, READER) in self.beyond else [READER]
        own = int(self._problem.owner[self._problem.sides[number].cell])
        if self._attackers is Attackers.READERS:
            return []
        touched = frozenset.intersection(*(proof.owners for proof in proofs)) - {own}
        return sorted(owner for owner in touched if (number, owner) not in self.beyond)

    def add(self, cells: np.ndarray, moved: np.ndarray) -> list[int]:
        """Takes in a flow; gives the sides that it helped."""
        owners = self._problem.owner[cells]
        free = cells[self._problem.free[cells]]
        proof = Proof(frozenset(free.tolist()), frozenset(owners[owners >= 0].tolist()))
        helped = []
        for cell, by in zip(cells.tolist(), moved.tolist(), strict=True):
            for number in self._sides_by_cell.get(cell, ()):
                side = self._problem.sides[number]
                if by * side.sign >= side.reach * (1 - EXACT) and self._helps(number, proof):
                    self._by_side[number].append(proof)
                    helped.append(number)
        for number in helped:
            for cell in proof.cells:
                self._leaning[cell].add(number)
        return helped

    def _helps(self, number: int, proof: Proof) -> bool:
        missing = self.missing(number)
        return bool(missing) and (missing == [READER] or not proof.owners.issuperset(missing))

    def without(self, cells: set[int], sides: list[int]) -> None:
        """Forgets what leans on the cells, in the proofs of the sides."""
        for number in sides:
            self._by_side[number] = [proof for proof in self._by_side[number] if not proof.cells & cells]

    def kept(self, sides: list[int]) -> dict[int, list[Proof]]:
        """The proofs of some sides, to go back to."""
        return {number: list(self._by_side[number]) for number in sides}

    def restore(self, kept: dict[int, list[Proof]]) -> None:
        """Back to what was kept."""
        for number, proofs in kept.items():
            self._by_side[number] = proofs

    def leaning_on(self, cell: int) -> list[int]:
        """The sides with a proof in which a free cell differs, in order."""
        return sorted(
            number for number in self._leaning[cell] if any(cell in proof.cells for proof in self._by_side[number])
        )
