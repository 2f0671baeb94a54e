"""A reader with a linear program, without anything of the suppressor: which sensitive cells he narrows."""

import numpy as np
from scipy.optimize import linprog

from jos_pipeline.cells import CellTable

SLACK = 1e-6


def exposed(table: CellTable, hidden: np.ndarray, owner: str | None = None) -> list[int]:
    """The sensitive cells whose interval falls short, for a reader or for an owner who attacks the cells of others."""
    known = ~hidden
    whose = table.cells.get_column("owner").to_list()
    low = table.cells.get_column("need_low").to_list()
    high = table.cells.get_column("need_high").to_list()
    if owner is not None:
        known |= np.array([one == owner for one in whose])
    victims = [cell for cell in np.flatnonzero(table.sensitive).tolist() if owner is None or whose[cell] != owner]
    return [cell for cell in victims if _short(table, known, cell, float(low[cell]), float(high[cell]))]


def _short(table: CellTable, known: np.ndarray, cell: int, low: float, high: float) -> bool:
    least, most = (sign * _best(table, known, cell, sign) for sign in (1, -1))
    return bool(least > low + SLACK or most < high - SLACK)


def _best(table: CellTable, known: np.ndarray, cell: int, sign: int) -> float:
    cost = np.zeros(len(table.counts))
    cost[cell] = sign
    bounds = [
        (count, count) if fixed else (0, None if np.isinf(upper) else upper)
        for count, upper, fixed in zip(table.counts, table.uppers, known, strict=True)
    ]
    some = table.matrix.shape[0] > 0
    answer = linprog(cost, A_eq=table.matrix if some else None, b_eq=table.constants if some else None, bounds=bounds)
    return float(answer.fun) if answer.status == 0 else -np.inf
