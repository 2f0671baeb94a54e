"""What a suppression says of itself: which cells are hidden, and a report without any count.

Put here the records that leave the package and how they are put together from a finished pattern.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Report:
    """What was done; cells are numbers in the table, and no count of any cell is told."""

    primary: int
    """Sensitive cells that are hidden."""
    secondary: int
    """Free cells that are hidden to protect them."""
    closed: int
    """Cells that were not to be shown anyway and are not sensitive."""
    unprotected: tuple[int, ...]
    """Sensitive cells that no hiding protects from a reader: they are out already, or hiding all else is in vain."""
    insider_pairs: tuple[tuple[str, int], ...]
    """Owner and sensitive cell of another: from this owner the cell cannot be protected by hiding anything."""
    withheld: tuple[int, ...]
    """Free cells that are hidden because they stand in one sum with both ends of an insider pair."""
    loss: float
    """The weights of the secondary cells together."""
    lower_bound: float
    """No pattern that protects the same cells from readers loses less."""
    seconds: float

    @property
    def gap(self) -> float:
        """How far the loss is above the lower bound, as a share of the loss; 0 when nothing is lost."""
        return 0.0 if self.loss <= 0 else max(0.0, 1 - self.lower_bound / self.loss)


@dataclass(frozen=True)
class Suppression:
    """The outcome for one table."""

    hidden: np.ndarray
    """By cell of the table whether it is hidden: closed cells, sensitive ones and those hidden for them."""
    report: Report
