"""Where no figures of schools go out: what is left of an area for a school that takes its own count off."""

import numpy as np
import polars as pl
import pytest
from disclosure_rows import K, cube, row
from small_worlds import YEAR, crowd

from jos_pipeline.audited import audited, copies_of
from jos_pipeline.auditor.reach import reach
from jos_pipeline.concise import Depth, going_out
from jos_pipeline.coverage import Coverage
from jos_pipeline.disclosure import areas_by_period, protect
from jos_pipeline.earlier import HIDDEN, KEYS
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.linear_system import linear_system
from jos_pipeline.linking import link
from jos_pipeline.school_year import SchoolYear
from jos_pipeline.threshold import SCHOOLS_SHARE

NO_SCHOOLS = Depth("gemeente", "gemeente")
SOME = ("jos_leerlingen", "jeugdhulp_verwijzer", "thuiszitters", "jos_aard", "trajectduur")
"""Indicators of every kind, on school ground and on home ground."""


def shown(by_gemeente: dict[str | None, tuple[int, ...]], **of_a_count: object) -> dict[str, int]:
    """The counts of areas that are shown, by area, of a region with these counts of schools in its gemeenten.

    None: schools in none of them. Each school has a public total of 100, if ``of_a_count`` says nothing else.
    """
    tree = [("regio", "r", None, None), ("samenwerkingsverband", "v", None, "v")]
    whole, all_ = sum(map(sum, by_gemeente.values())), sum(map(len, by_gemeente.values()))
    found = [("regio", "r", whole, all_), ("samenwerkingsverband", "v", whole, all_)]
    for gemeente, counts in by_gemeente.items():
        if gemeente is not None:
            tree.append(("gemeente", gemeente, gemeente, "v"))
            found.append(("gemeente", gemeente, sum(counts), len(counts)))
        for number, count in enumerate(counts):
            tree.append(("school", f"{gemeente}{number}", gemeente, "v"))
            found.append(("school", f"{gemeente}{number}", count, 1))
    names = ("niveau", "gebied", "gemeente", "samenwerkingsverband")
    areas = pl.DataFrame(tree, schema=dict.fromkeys(names, pl.String), orient="row").with_columns(buiten=False)
    counted = cube(
        *(
            row(niveau=niveau, gebied=gebied, waarde=float(n), teller_personen=n, publiek_totaal=100 * schools)
            | of_a_count
            for niveau, gebied, n, schools in found
        )
    )
    safe = protect(counted, areas, K, schools_shown=False)
    return dict(safe.filter(waarde_status="ok").select("gebied", pl.col("waarde").cast(pl.Int64)).iter_rows())


@pytest.mark.parametrize(
    ("counts", "seen"),
    [
        ((40, 40), True),
        ((40, 10), True),
        pytest.param((40, 9), False, id="the only other has a small count"),
        ((40, 3, 2), True),
        pytest.param((40, 2, 2), False, id="less than half of the threshold for all others"),
        pytest.param((40, 0, 0), False, id="nobody elsewhere"),
        pytest.param((40,), True, id="there is no other"),
        ((20, 97, 97), True),
        pytest.param((20, 98, 98), False, id="nearly everyone elsewhere"),
    ],
)
def test_a_gemeente_is_shown_where_each_of_its_schools_is_left_in_doubt(counts, seen):
    found = shown({"g": counts, "h": (60, 60, 60)})
    assert ("g" in found) == seen
    assert ("h" in found) == seen, "one closes the whole level, as every sensitive count does"
    assert found["v"] == found["r"] == sum(counts) + 180


@pytest.mark.parametrize(("outside", "seen"), [((40, 30), True), ((40, 9), False), ((40, 2, 2), False)])
def test_what_is_left_of_a_samenwerkingsverband_without_its_gemeenten_is_an_area_too(outside, seen):
    """Two gemeenten off their samenwerkingsverband leave the schools outside the region's gemeenten."""
    found = shown({None: outside, "g": (60, 60, 60), "h": (60, 60, 60)})
    assert ("g" in found) == ("h" in found) == seen
    assert "v" in found


def test_what_everybody_but_one_school_has_little_of_is_hidden_at_every_level():
    assert shown({"g": (90, 1), "h": (1, 2, 0)}) == {}


def test_what_is_no_count_of_schools_tells_a_school_nothing():
    hours = {"teller_personen": None, "personen": False}
    assert {"g", "h"} <= set(shown({"g": (40, 9), "h": (60, 60, 60)}, **hours))


@pytest.fixture(scope="module", params=[3, 8])
def world(request) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Small regions in which the rule makes a difference."""
    of = crowd(request.param, 150)
    base, coverage = link(of.frames, of.region, YEAR), Coverage(of.in_force)
    chosen = [INDICATORS[name] for name in SOME]
    found = compute_cube(base, coverage, of.region, YEAR, of.peildatum, indicators=chosen)
    return found, areas_by_period(of.region, SchoolYear.parse(YEAR), of.peildatum)


def test_with_every_count_of_schools_in_the_system_no_school_tells_too_much_of_another(world):
    """The whole audit, of which a large region has no time: the schools are in it, hidden, and each is a reader."""
    whole, areas = world
    system = linear_system(whole, areas, k := 3)

    def by_schools(hidden: np.ndarray) -> pl.DataFrame:
        found = reach(system.table, hidden, copies_of(system), insiders=True, share=SCHOOLS_SHARE, integer=True)
        return found.exposures.select("cell", "attacker").unique()

    def told(*, schools_shown: bool) -> int:
        safe = going_out(protect(whole, areas, k, schools_shown=schools_shown), NO_SCHOOLS)
        found = audited(going_out(whole, NO_SCHOOLS), safe, areas, k)
        assert (found.told, found.schools) == (0, 0)
        assert found.rows.filter(waarde_status="ok").height
        out = whole.select(KEYS).join(
            found.rows.select(*KEYS, "waarde_status"), on=KEYS, how="left", maintain_order="left"
        )
        hidden = system.hidden_in(out.with_columns(pl.col("waarde_status").fill_null(HIDDEN)))
        anyway = by_schools(np.ones_like(hidden))
        return by_schools(hidden).join(anyway, on=["cell", "attacker"], how="anti", nulls_equal=True).height

    assert told(schools_shown=True), "what schools are told without the rule"
    assert not told(schools_shown=False)
