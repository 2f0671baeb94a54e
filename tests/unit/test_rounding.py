"""Controlled rounding: sums hold, nobody goes further than needed, and nothing hidden has a say in it."""

import numpy as np
import polars as pl
import pytest
from disclosure_rows import cube, row
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import YEAR, small_world

from jos_pipeline.cells import CELLS, RELATIONS, CellTable
from jos_pipeline.coverage import Coverage
from jos_pipeline.disclosure import FIGURES, areas_by_period, protect
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.linking import link
from jos_pipeline.rounded_rows import is_rounding_of, rounded_rows
from jos_pipeline.rounding import RoundingError, rounded
from jos_pipeline.school_year import SchoolYear

BASE = 5


def block(inner: np.ndarray) -> tuple[np.ndarray, list[tuple[np.ndarray, int]]]:
    """A table of any number of dimensions with all its margins, flat; and its sums: parts and whole."""
    full = inner
    for axis in range(inner.ndim):
        full = np.concatenate([full, full.sum(axis=axis, keepdims=True)], axis=axis)
    number = np.arange(full.size).reshape(full.shape)
    lines = [
        line for axis in range(inner.ndim) for line in np.moveaxis(number, axis, -1).reshape(-1, number.shape[axis])
    ]
    return full.ravel().astype(float), [(line[:-1], int(line[-1])) for line in lines]


def table_of(counts: np.ndarray, sums: list[tuple[np.ndarray, int]]) -> CellTable:
    cells = pl.DataFrame({"cell": np.arange(len(counts)), "count": counts}).select(
        *(
            pl.col(name).cast(kind) if name in ("cell", "count") else pl.lit(None, dtype=kind).alias(name)
            for name, kind in CELLS.items()
        )
    )
    cells = cells.with_columns(weight=pl.lit(1.0), state=pl.lit("free"))
    terms = [
        (at, cell, sign)
        for at, (parts, whole) in enumerate(sums)
        for cell, sign in (*((int(part), 1.0) for part in parts), (whole, -1.0))
    ]
    return CellTable(cells, pl.DataFrame(terms, schema=RELATIONS, orient="row"))


def named(size: int) -> list[str]:
    return [f"c{n}" for n in range(size)]


@st.composite
def tables(draw: st.DrawFn, dimensions: int) -> tuple[np.ndarray, list[tuple[np.ndarray, int]], np.ndarray]:
    shape = tuple(draw(st.integers(2, 5 if dimensions == 2 else 3)) for _ in range(dimensions))
    inner = np.random.default_rng(draw(st.integers(0, 2**32))).integers(0, draw(st.sampled_from([8, 60])), size=shape)
    counts, sums = block(inner)
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    return counts, sums, chance.random(len(counts)) < draw(st.sampled_from([0.0, 0.2, 0.5]))


@given(st.sampled_from([2, 3]).flatmap(tables))
@settings(max_examples=60)
def test_what_is_visible_is_a_multiple_and_adds_up_as_it_did(drawn):
    counts, sums, hidden = drawn
    found = rounded(table_of(counts, sums), hidden, BASE, named(len(counts)))
    assert np.array_equal(np.isnan(found.values), hidden)
    shown = found.values[~hidden]
    assert np.all(shown % BASE == 0)
    assert np.all(shown >= 0)
    assert np.all((shown == 0) <= (counts[~hidden] < BASE)), "a count of the base or more never becomes 0"
    for parts, whole in sums:
        some = found.values[parts[~hidden[parts]]].sum()
        if not hidden[whole]:
            assert some == found.values[whole] or (hidden[parts].any() and some < found.values[whole])
    assert found.beyond == int((np.abs(shown - counts[~hidden]) >= BASE).sum())


@given(tables(2))
@settings(max_examples=40)
def test_in_two_dimensions_nothing_goes_as_far_as_the_base_and_multiples_stay(drawn):
    counts, sums, hidden = drawn
    found = rounded(table_of(counts, sums), hidden, BASE, named(len(counts)))
    assert found.beyond == 0
    multiple = ~hidden & (counts % BASE == 0)
    assert np.array_equal(found.values[multiple], counts[multiple])


@given(tables(3), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_cells_and_sums_makes_no_difference(drawn, chance):
    counts, sums, hidden = drawn
    names = named(len(counts))
    order = chance.sample(range(len(counts)), len(counts))
    place = np.argsort(order)
    moved = [(place[parts], int(place[whole])) for parts, whole in chance.sample(sums, len(sums))]
    there = rounded(table_of(counts[order], moved), hidden[order], BASE, [names[n] for n in order])
    assert np.array_equal(
        there.values, rounded(table_of(counts, sums), hidden, BASE, names).values[order], equal_nan=True
    )


def test_where_three_dimensions_leave_no_room_one_count_goes_further_and_the_sums_still_hold():
    """This table has no rounding to multiples of 2 within 2 (a search over zeros and ones found it)."""
    inner = np.array(
        [[[0, 0, 0], [1, 1, 1], [1, 1, 1]], [[0, 0, 1], [0, 1, 0], [1, 1, 0]], [[1, 0, 0], [1, 1, 0], [1, 1, 1]]]
    )
    counts, sums = block(inner)
    found = rounded(table_of(counts, sums), np.zeros(len(counts), dtype=bool), 2, named(len(counts)))
    assert found.beyond == 1
    assert all(found.values[parts].sum() == found.values[whole] for parts, whole in sums)


def test_hidden_counts_have_no_say():
    """Four hidden counts in a square can trade places without a reader noticing: what he reads stays the same."""
    chance = np.random.default_rng(3)
    inner = chance.integers(12, 60, size=(4, 4))
    other = inner.copy()
    other[:2, :2] += np.array([[3, -3], [-3, 3]])
    hidden = np.zeros((5, 5), dtype=bool)
    hidden[:2, :2] = True
    one, two = (rounded(table_of(*block(cells)), hidden.ravel(), BASE, named(25)).values for cells in (inner, other))
    assert np.array_equal(one, two, equal_nan=True)


def test_what_is_left_exact_stays_so_and_binds_nobody():
    counts, sums = block(np.array([[11.0, 12.0], [13.0, 14.0]]))
    exact = np.arange(9) == 0
    found = rounded(table_of(counts, sums), np.zeros(9, dtype=bool), BASE, named(9), exact)
    assert found.values[0] == 11
    assert np.all(found.values[1:] % BASE == 0)


def test_a_count_keeps_the_number_it_had():
    """12 goes to 10 by itself; when it is out as 15 and did not change, it stays 15, and the sums still hold."""
    counts, sums = block(np.array([[12.0, 21.0, 33.0], [44.0, 52.0, 61.0]]))
    nothing = np.full(len(counts), np.nan)
    plain = rounded(table_of(counts, sums), np.zeros(12, dtype=bool), BASE, named(12)).values
    assert plain[0] == 10
    nothing[0] = 15
    kept = rounded(table_of(counts, sums), np.zeros(12, dtype=bool), BASE, named(12), before=nothing).values
    assert kept[0] == 15
    assert all(kept[parts].sum() == kept[whole] for parts, whole in sums)


@pytest.mark.parametrize(("base", "names", "why"), [(1, ["a", "b"], "choose 2"), (5, ["a", "a"], "a name of its own")])
def test_what_cannot_be_asked(base, names, why):
    counts = np.array([3.0, 3.0])
    with pytest.raises(RoundingError, match=why):
        rounded(table_of(counts, [(np.array([0]), 1)]), np.zeros(2, dtype=bool), base, names)


def test_a_program_that_takes_too_long_says_so(monkeypatch):
    counts, sums = block(np.random.default_rng(1).integers(0, 40, (5, 5, 5)))
    monkeypatch.setattr("jos_pipeline.rounding.SECONDS", 0.0)
    with pytest.raises(RoundingError, match="within 0 seconds: publish without rounding"):
        rounded(table_of(counts, sums), np.zeros(len(counts), dtype=bool), BASE, named(len(counts)))


# --- rows -----------------------------------------------------------------------------------------------------------

K = 3


@pytest.fixture(scope="module")
def world():
    small = small_world(1)
    of = compute_cube(
        link(small.frames, small.region, YEAR), Coverage(small.in_force), small.region, YEAR, small.peildatum
    )
    areas = areas_by_period(small.region, SchoolYear.parse(YEAR), small.peildatum)
    return of, areas, protect(of, areas, K)


def test_rounded_rows_show_and_hide_what_they_did_and_everything_follows_from_the_counts(world):
    of, areas, safe = world
    made = rounded_rows(safe, of, areas, K, K)
    rows, silent = made.rows, pl.col("waarde", "teller", "noemer").is_null()
    assert made.report["afgeronde_aantallen"] > 0
    assert rows.columns == safe.columns
    assert rows.drop(FIGURES).equals(safe.drop(FIGURES))
    assert rows.select(silent).equals(safe.select(silent))
    persons = [pl.when(of[f"{side}_personen"].is_not_null()).then(side) for side in ("teller", "noemer")]
    assert rows.select(
        (pl.concat_list(persons).list.drop_nulls().list.eval(pl.element() % K == 0).list.all()).all()
    ).item()
    shares = rows.filter(eenheid="aandeel").drop_nulls(["teller", "noemer"])
    assert shares.filter((pl.col("waarde") - pl.col("teller") / pl.col("noemer")).abs() > 1e-6).is_empty()
    assert shares.filter(pl.col("teller") > pl.col("noemer")).is_empty()
    assert is_rounding_of(rows, made.counts)
    assert not is_rounding_of(safe, made.counts)


def test_no_hidden_count_reaches_the_rounding(world):
    """With every number behind hidden rows replaced, the same comes out: the audit of the exact rows is enough."""
    of, areas, safe = world
    hide = safe.get_column("waarde_status") == "onderdrukt"
    numbers = ("teller", "noemer", "waarde", "teller_personen", "noemer_personen", "teller_medewerkers")
    other = of.with_columns(
        pl.when(hide & pl.col(name).is_not_null()).then(pl.lit(7).cast(of.schema[name])).otherwise(name).alias(name)
        for name in numbers
    )
    assert hide.any()
    assert rounded_rows(safe, other, areas, K, K).rows.equals(rounded_rows(safe, of, areas, K, K).rows)


def test_ranks_follow_the_rounded_counts_and_intervals_widen():
    def part(category: str, teller: float, rang: int | None) -> dict[str, object]:
        split = "totaal" if category == "totaal" else "aanmeldreden"
        counts = {"waarde": teller / 82, "teller": teller, "teller_personen": int(teller)}
        whole = {"noemer": 82.0, "noemer_personen": 82, "teller_maat": "m", "noemer_maat": "m", "eenheid": "aandeel"}
        kind = {"indicator": "problematiek_top10", "uitsplitsing": split, "categorie": category, "rang": rang}
        return row(**counts, **whole, **kind)

    masked = {"waarde_status": "interval", "waarde": None, "teller": None, "eenheid": "aandeel", "teller_maat": "n"}
    of = cube(
        *(part("totaal", 82.0, None), part("a", 31.0, 1), part("b", 30.0, 2), part("c", 21.0, 3)),
        row(indicator="jeugdhulp_gebruik", **masked),
    ).with_columns(
        waarde_min=pl.when(waarde_status="interval").then(0.31), waarde_max=pl.when(waarde_status="interval").then(0.35)
    )
    areas = pl.DataFrame(
        [("regio", "r", None, None, False)],
        schema={
            **dict.fromkeys(("niveau", "gebied", "gemeente", "samenwerkingsverband"), pl.String),
            "buiten": pl.Boolean,
        },
        orient="row",
    )
    rows = rounded_rows(protect(of, areas, 10), of, areas, BASE, 10).rows
    assert rows["teller"].to_list() == [80, 30, 30, 20, None]
    assert rows["rang"].to_list() == [None, 1, 1, 3, None]
    assert rows["waarde"].to_list() == [1, 0.375, 0.375, 0.25, None]
    assert rows.row(-1, named=True)["waarde_min"] == 0.3
    assert rows.row(-1, named=True)["waarde_max"] == 0.35
