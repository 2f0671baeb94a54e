"""Which counts are sensitive (spec 3.2.1), and tables from plain frames."""

import polars as pl
import pytest

from jos_pipeline.cells import CellTableError
from jos_pipeline.sensitivity import cell_table, sums, with_needs


@pytest.mark.parametrize(
    ("count", "upper", "needs"),
    [
        (0, 50, (0, 10)),
        (9, 50, (0, 10)),
        (10, 50, None),
        (40, 50, None),
        (41, 50, (40, 50)),
        (50, 50, (40, 50)),
        (3, 6, (0, 6)),
        (5, 12, (0, 12)),
        (4, None, (0, 10)),
        (400, None, None),
    ],
)
def test_few_and_everyone_are_sensitive(count: int, upper: int | None, needs: tuple[int, int] | None):
    cell = pl.DataFrame({"count": [count], "upper": [upper]}, schema={"count": pl.Float64, "upper": pl.Float64})
    assert with_needs(cell, 10).select("need_low", "need_high").row(0) == (needs or (None, None))


def frame(*counts: int) -> pl.DataFrame:
    return pl.DataFrame({"school": ["a", "b", "alle"], "count": counts, "upper": [80, 90, 170]})


def test_parts_and_their_whole_make_a_sum():
    cells = frame(4, 30, 34)
    assert sums(cells, "school", {"a": "alle", "b": "alle"}) == [[(("a",), 1.0), (("b",), 1.0), (("alle",), -1.0)]]


def test_a_sum_that_does_not_add_up_is_refused():
    cells = frame(4, 30, 35)
    with pytest.raises(CellTableError, match="does not add up"):
        cell_table(cells, sums(cells, "school", {"a": "alle", "b": "alle"}), 10)


def test_a_relation_about_an_unknown_cell_is_refused():
    with pytest.raises(CellTableError, match="no such cell: c"):
        cell_table(frame(4, 30, 34), [[(("c",), 1.0)]], 10)


def test_two_rows_for_one_cell_are_refused():
    cells = frame(4, 30, 34)
    with pytest.raises(CellTableError, match="same school"):
        cell_table(pl.concat([cells, cells]), [], 10)
