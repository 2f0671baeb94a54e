"""Rows of several files as one frame, and back. What is asked of the rows is not known here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import polars as pl

from schemas.contract import OF_FILE


@dataclass(frozen=True)
class Sheet:
    """The rows of one file: cells, row numbers, and the place of each column of the contract that is there."""

    cells: pl.DataFrame
    rows: pl.Series
    positions: Mapping[str, int]

    @property
    def present(self) -> frozenset[str]:
        """The columns of the contract that the file has."""
        return frozenset(self.positions)

    def columns(self, names: Sequence[str]) -> pl.DataFrame:
        """Those columns, by the names of the contract."""
        return pl.DataFrame([self.cells.to_series(self.positions[name]).alias(name) for name in names])


def texts(sheets: Sequence[Sheet], names: Sequence[str]) -> pl.DataFrame:
    """Those columns of all files, one file after another."""
    frames = [sheet.columns(names) for sheet in sheets]
    return frames[0] if len(frames) == 1 else pl.concat(frames, rechunk=True)


def heights(sheets: Sequence[Sheet]) -> list[int]:
    """How many rows each file has."""
    return [sheet.cells.height for sheet in sheets]


def starts(sheets: Sequence[Sheet]) -> list[int]:
    """Where the rows of each file begin among those of all."""
    return [0, *accumulate(heights(sheets))][: len(sheets)]


def numbered(frame: pl.DataFrame, rows: Sequence[int]) -> pl.DataFrame:
    """The frame with the number of the file of each row; ``rows`` is how many there are of each."""
    files = pl.DataFrame({OF_FILE: range(len(rows)), "rows": rows}, {OF_FILE: pl.UInt32, "rows": pl.UInt32})
    return frame.with_columns(files.select(pl.col(OF_FILE).repeat_by("rows").explode()).to_series())
