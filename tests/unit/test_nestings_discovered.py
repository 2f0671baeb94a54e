"""What always holds between counts of the catalogue, found in rows of random worlds, is what disclosure control knows.

A reader who knows the definitions knows which rows a count holds. So each count is looked at as a set of rows of its
table: a set within another, sets without a row in common, sets of the half years that make up that of the school year.
"""

from itertools import combinations, permutations

import numpy as np
import pytest
from small_worlds import YEAR, crowd

from jos_pipeline.coverage import Coverage, UnitCoverage
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.context import View, seen_in
from jos_pipeline.indicators.counting import passes, used_columns
from jos_pipeline.indicators.cube import _ALWAYS_COUNTED, schools_present
from jos_pipeline.indicators.entry import Kind
from jos_pipeline.indicators.narrow import narrowed
from jos_pipeline.linear_system.counts import SHARES
from jos_pipeline.linear_system.nesting import (
    APART,
    CARRIED_OVER,
    COME_AND_GO,
    DISJOINT,
    MEASURES,
    NESTED,
    Course,
    course,
)
from jos_pipeline.linking import link
from jos_pipeline.school_year import Period, SchoolYear

SIZE = 800
ENOUGH = 12
"""A set of fewer rows may lie in another by chance."""

YEAR_, FIRST, SECOND = (str(period) for period in (Period.SCHOOLJAAR, Period.HALFJAAR_1, Period.HALFJAAR_2))
ROWS = {Kind.ROWS, Kind.MEDIAN, Kind.MEAN}
"""Kinds of which the count, or the number of observations, is the number of rows."""

NOT_BY_DEFINITION = {("starts_jeugdhulp", "wachttijd_jeugdhulp_waarnemingen")}
"""Declared, but true only where the day of aanmelding is known whenever those of intake and start are."""
NO_PLAIN_COURSE = {"samenloop"}
"""Support is looked at on the last day of the window: who had it at New Year may be in neither other period."""

Sets = dict[tuple[str, str], np.ndarray]


@pytest.fixture(scope="module")
def sets() -> Sets:
    """Of every count of persons and every period: which rows of its table are in it."""
    small = crowd(3, SIZE)
    base = narrowed(link(small.frames, small.region, YEAR), used_columns(passes(INDICATORS.values(), _ALWAYS_COUNTED)))
    year, present = SchoolYear.parse(YEAR), schools_present(base)
    found = {}
    for window in year.windows(small.peildatum):
        units = UnitCoverage(small.region, Coverage(small.in_force), window.b, present)
        seen = seen_in(View(small.region, year, small.peildatum, window, units), base)
        for name, measure in MEASURES.items():
            if measure.persons:
                where = measure.where.fill_null(value=False)
                found[name, str(window.period)] = seen[measure.table].select(where).to_series().to_numpy()
    return found


def counted_in(part: str, whole: str) -> bool:
    """Whether a count of a set of rows is at most that of every set which holds them."""
    one, other = MEASURES[part], MEASURES[whole]
    if one.table != other.table or Kind.SUM in (one.kind, other.kind):
        return False
    return other.kind in ROWS or (one.kind is Kind.DISTINCT and one.key == other.key)


def closure(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    found, before = set(pairs), 0
    while len(found) != before:
        before = len(found)
        found |= {(a, d) for a, b in found for c, d in found if b == c}
    return found


def declared() -> set[tuple[str, str]]:
    """Nestings that are stated, or follow: the teller of a share lies in its noemer."""
    shares = {(i.teller.id, i.noemer.id) for i in INDICATORS.values() if i.noemer and i.eenheid in SHARES}
    return closure({*NESTED, *((part, whole) for part, whole in shares if part != whole)})


def within(sets: Sets, part: tuple[str, str], whole: tuple[str, str]) -> bool:
    return not (sets[part] & ~sets[whole]).any()


def test_every_count_occurs(sets: Sets):
    rare = {name for (name, period), rows in sets.items() if period == YEAR_ and rows.sum() < ENOUGH}
    assert rare <= {"uitval_onderwijs_jos"}


@pytest.mark.parametrize("pair", sorted(set(NESTED) - NOT_BY_DEFINITION), ids=" in ".join)
def test_what_is_said_to_be_nested_is_so_in_every_row(sets: Sets, pair: tuple[str, str]):
    part, whole = pair
    assert counted_in(part, whole)
    assert all(within(sets, (part, period), (whole, period)) for period in (YEAR_, FIRST, SECOND))


def test_nothing_else_is_nested(sets: Sets):
    known = declared()
    found = {
        (part, whole)
        for part, whole in permutations(sorted({name for name, _ in sets}), 2)
        if (part, whole) not in known and counted_in(part, whole) and sets[part, YEAR_].sum() >= ENOUGH
        if all(within(sets, (part, period), (whole, period)) for period in (YEAR_, FIRST, SECOND))
    }
    assert found == set()


def test_nothing_else_is_carried_over_from_one_half_year_to_the_next(sets: Sets):
    names = sorted({name for name, _ in sets})
    nested = {
        (a, b) for a, b in permutations(names, 2) if counted_in(a, b) and within(sets, (a, FIRST), (b, FIRST))
    } | {(a, a) for a in names}
    constant = {a for a in names if np.array_equal(sets[a, FIRST], sets[a, SECOND])}
    found = {
        (a, b)
        for a, b in permutations(names, 2)
        if counted_in(a, b) and sets[a, FIRST].sum() >= ENOUGH and within(sets, (a, FIRST), (b, SECOND))
        if not any((a, c) in nested and (c, b) in nested for c in constant)
    }
    assert found == {*CARRIED_OVER, ("thuiszitters_3mnd", "thuiszitters_actief")}


@pytest.mark.parametrize(("parts", "whole"), [*DISJOINT, *APART])
def test_parts_that_have_nothing_in_common(sets: Sets, parts: tuple[str, ...], whole: str):
    assert MEASURES[whole].kind in ROWS
    assert all(within(sets, (part, YEAR_), (whole, YEAR_)) for part in parts)
    assert not any((sets[a, YEAR_] & sets[b, YEAR_]).any() for a, b in combinations(parts, 2))


def test_no_other_parts_of_one_whole_have_nothing_in_common(sets: Sets):
    known = {frozenset(pair) for parts, _ in (*DISJOINT, *APART) for pair in combinations(parts, 2)}
    nested = declared()
    # what lies in a part that is known to be apart lies apart as well
    apart = {
        frozenset((a, b))
        for pair in known
        for one, other in [tuple(pair)]
        for a in {one, *(a for a, b in nested if b == one)}
        for b in {other, *(a for a, b in nested if b == other)}
    }
    rows = {name for name, _ in sets if MEASURES[name].kind in ROWS and sets[name, YEAR_].sum() >= 2 * ENOUGH}
    found = {
        (a, b)
        for a, b in combinations(sorted(rows), 2)
        if MEASURES[a].table == MEASURES[b].table and frozenset((a, b)) not in apart
        if any((a, whole) in nested and (b, whole) in nested and whole in rows for whole in rows)
        if not (sets[a, YEAR_] & sets[b, YEAR_]).any()
    }
    assert found == set()


@pytest.mark.parametrize("name", sorted(name for name, measure in MEASURES.items() if measure.persons))
def test_half_years_make_up_the_school_year_as_is_said(sets: Sets, name: str):
    year, first, second = (sets[name, period] for period in (YEAR_, FIRST, SECOND))
    if name in NO_PLAIN_COURSE:
        assert (first & ~year).any()
        return
    match course(name):
        case Course.LAST:
            assert np.array_equal(year, second)
        case Course.FLOW:
            assert MEASURES[name].kind is not Kind.DISTINCT
            assert np.array_equal(year, first | second)
            assert not (first & second).any()
        case _:
            assert np.array_equal(year, first | second)


@pytest.mark.parametrize(("stock", "began", "ended"), COME_AND_GO)
def test_what_is_new_in_a_half_year_began_in_it(sets: Sets, stock: str, began: str, ended: str):
    new, gone = sets[stock, YEAR_] & ~sets[stock, FIRST], sets[stock, YEAR_] & ~sets[stock, SECOND]
    assert new.sum() >= ENOUGH
    assert not (new & ~sets[began, SECOND]).any()
    assert not ended or not (gone & ~sets[ended, FIRST]).any()
