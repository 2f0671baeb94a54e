"""How often a cube goes through a base table: what keeps a whole country countable, whatever is added."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import polars as pl
import pytest
from linked_rows import JUNE, YEAR, everything, random_frames, small_region
from polars.io.plugins import register_io_source

from jos_pipeline.coverage import Coverage
from jos_pipeline.indicators import counting
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.counting import passes
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.indicators.entry import TOTAAL, Indicator
from jos_pipeline.linking import link

ALL = tuple(INDICATORS.values())
MOST_READS = 3
"""Of a base table for a whole cube: who is in it, where they occur, and the rows."""


@pytest.fixture(scope="module")
def base() -> dict[str, pl.DataFrame]:
    of = small_region()
    return link(random_frames(of, 60), of, YEAR)


class Watched:
    """A base table outside memory that remembers which columns were read of it, each time."""

    def __init__(self, table: pl.DataFrame) -> None:
        self._table, self.read = table, []

    def scan(self) -> pl.LazyFrame:
        return register_io_source(self._batches, schema=self._table.schema)

    def _batches(
        self, columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, _size: int | None
    ) -> Iterator[pl.DataFrame]:
        self.read.append(frozenset(columns or self._table.columns))
        found = self._table if predicate is None else self._table.filter(predicate)
        found = found if rows is None else found.head(rows)
        yield found if columns is None else found.select(columns)


def watched_cube(
    base: dict[str, pl.DataFrame], indicators: tuple[Indicator, ...]
) -> tuple[pl.DataFrame, dict[str, list[frozenset[str]]]]:
    of = small_region()
    tables = {name: Watched(table) for name, table in base.items()}
    scans = {name: table.scan() for name, table in tables.items()}
    cube = compute_cube(scans, Coverage(everything(of)), of, YEAR, JUNE, indicators=indicators)
    return cube, {name: table.read for name, table in tables.items()}


def test_a_table_is_read_a_few_times_whatever_the_windows_and_indicators(base: dict[str, pl.DataFrame]) -> None:
    cube, reads = watched_cube(base, ALL)
    assert cube.get_column("periode").n_unique() == 3
    assert {name: len(read) for name, read in reads.items() if not 1 <= len(read) <= MOST_READS} == {}
    _, of_one = watched_cube(base, ALL[:1])
    assert {name: len(read) for name, read in reads.items()} == {name: len(read) for name, read in of_one.items()}


def test_from_outside_memory_the_cube_is_the_same(base: dict[str, pl.DataFrame]) -> None:
    of = small_region()
    cube, reads = watched_cube(base, ALL)
    assert cube.equals(compute_cube(base, Coverage(everything(of)), of, YEAR, JUNE))
    assert all("traject_id" not in read for read in (*reads["traject"], *reads["activiteit"]))


def test_a_table_is_gone_through_once_for_each_breakdown_and_once_for_the_total() -> None:
    found = Counter((one.table, one.uitsplitsing) for one in passes(ALL))
    assert set(found.values()) == {1}
    splits = {
        (measure.table, name)
        for entry in ALL
        for measure in entry.measures
        for name in (TOTAAL, *(split.id for split in entry.uitsplitsingen))
    }
    assert set(found) == splits


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.id)
def test_another_indicator_on_the_same_counts_adds_no_pass(entry: Indicator) -> None:
    more = (*ALL, replace(entry, id="nog_een"))
    assert [(one, [*one.measures]) for one in _named(ALL)] == [(one, [*one.measures]) for one in _named(more)]


def _named(indicators: tuple[Indicator, ...]) -> list[counting.Pass]:
    return sorted(passes(indicators), key=lambda one: (one.table, one.uitsplitsing))


def test_conditions_are_worked_out_once_per_table_and_window(
    base: dict[str, pl.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    heights: list[int] = []
    real = counting._slim

    def counted(table: pl.DataFrame, *others: object) -> pl.DataFrame:
        heights.append(table.height)
        return real(table, *others)

    monkeypatch.setattr(counting, "_slim", counted)
    of = small_region()
    compute_cube(base, Coverage(everything(of)), of, YEAR, JUNE)
    tables = {one.table for one in passes(ALL)} | {"medewerker"}
    assert len(heights) == 3 * len(tables)
