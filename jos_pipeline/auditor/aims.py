"""What must move in the core for something in a closed breakdown to go far.

Put here which totals these are: of a part its whole, of the rest of a sum of parts the wholes of all of these. What is
asked of them is ``reach`` and ``together``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jos_pipeline.auditor.core import Core
from jos_pipeline.auditor.flows import Side
from jos_pipeline.auditor.system import TOLERANCE


@dataclass(frozen=True)
class Aim:
    """Where the parts that a cell hangs together with have their turn, it is as far as ``there`` already. What their
    totals move counts with their ``prices`` (by cell): with one below 0 a total that goes up takes the cell further."""

    cell: int
    way: int
    prices: np.ndarray
    turn: int
    there: float
    parts: np.ndarray
    """The parts, with the others of the same totals, by place in the copies."""

    def pushes(self, need: float) -> Iterator[Side]:
        """The totals that take the cell as far as it must by themselves, each by number of the cell in the table."""
        for whole in np.flatnonzero(self.prices).tolist() if need - self.there > TOLERANCE else ():
            price = self.prices[whole]
            yield Side(whole, -int(np.sign(price)), float((need - self.there) / abs(price)))


def aims(core: Core, cell: int, way: int) -> Iterator[Aim]:
    """The aims of a part, or of the rest of a sum of parts."""
    table, copies = core.table, core.copies
    for row in core.columns[:, [cell]].indices:
        terms = slice(table.matrix.indptr[row], table.matrix.indptr[row + 1])
        sign = dict(zip(table.matrix.indices[terms], table.matrix.data[terms], strict=True))
        here = np.flatnonzero(np.isin(copies.parts, cell if core.is_part[cell] else list(sign)))
        turns = np.unique(copies.turns[here])
        if len(turns) == 1:
            parts, wholes, prices = copies.parts[here], copies.wholes[here], np.zeros(len(core.rests))
            signs = np.array([-1.0 if core.is_part[cell] else sign[part] / sign[cell] for part in parts])
            np.add.at(prices, wholes, way * signs)
            there = float(-way * signs @ (table.counts[wholes] - table.counts[parts]))
            same = np.isin(copies.groups, copies.groups[here]) & np.isin(copies.wholes, wholes)
            yield Aim(cell, way, prices, int(turns[0]), there, np.flatnonzero(same))
        if core.is_part[cell]:
            return
