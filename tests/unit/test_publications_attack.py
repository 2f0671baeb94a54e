"""Several publications of one school year, attacked by a reader who knows how counts of trajecten come about.

A few worlds of every kind here, because each is some publications; JOS_SEEDS says how many when more are wanted.
"""

import os
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from publications_attack import BEGAN, CAME, KNOWS, OF_PERSONS, ONE_RECORD, RUNS_ON, Leak, Reader, leaks
from publications_worlds import (
    FAR_AWAY,
    FEBRUARY,
    HIDDEN,
    NOVEMBER,
    WISHES,
    Shown,
    Traject,
    World,
    cube_of,
    invented,
    published,
)

from jos_pipeline.linear_system import halves

SEEDS = int(os.environ.get("JOS_SEEDS", "1"))
KINDS = sorted(WISHES) if SEEDS > 1 else ["back", "corrected", "revision", "two"]


def all_out(world: World, *, bare: bool = False) -> list[Shown]:
    """What comes out of a world, until the audit stops a publication."""
    out: list[Shown] = []
    for number in range(len(world.days)):
        found = published(world, number, out, bare=bare)
        if found.told:
            break
        out.append(found)
    return out


def told(world: World, out: list[Shown], knows: frozenset[str] = KNOWS, *, unchanged: bool = False) -> list[Leak]:
    """What each publication tells beside those before it."""
    return [leak for last in range(len(out)) for leak in leaks(world, out[: last + 1], knows, unchanged=unchanged)]


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("wish", KINDS)
def test_no_publication_tells_more_of_a_small_count_or_change(wish: str, seed: int):
    world = invented(seed, wish, functies=seed % 3 == 2)
    out = all_out(world)
    assert told(world, out) == []


@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("wish", ["twice", "two"] if SEEDS > 1 else ["two"])
def test_the_audit_alone_keeps_it_too(wish: str, seed: int):
    """Without the tables that the first rule closes there is more to work with."""
    world = invented(seed, wish, functies=seed % 3 == 2)
    out = all_out(world, bare=True)
    assert told(world, out, unchanged=True) == []


@pytest.mark.parametrize(("wish", "seed"), [("two", 4), ("two", 12)])
def test_what_is_active_runs_on_or_has_ended(wish: str, seed: int):
    world = invented(seed, wish)
    assert leaks(world, [published(world, 0)], KNOWS - OF_PERSONS) == []


@pytest.mark.parametrize(("wish", "seed"), [("revision", 4), ("revision", 10)])
def test_who_has_no_traject_that_ended_has_one_that_did_not(wish: str, seed: int):
    world = invented(seed, wish)
    assert leaks(world, [published(world, 0)]) == []


def test_who_has_no_traject_that_ended_is_there_in_the_second_half_year(monkeypatch):
    world = invented(0, "twice")
    assert told(world, all_out(world)) == []
    monkeypatch.setattr(halves, "RUNS_ON", ())
    assert told(world, all_out(world))


@pytest.mark.parametrize("wish", ["back", "corrected", "three"])
def test_what_the_reader_believes_is_true(wish: str):
    for seed in range(2):
        world = invented(seed, wish, functies=seed == 1)
        out = [by_hand(world, number, lambda *_: False) for number in range(len(world.days))]
        for knows in (KNOWS, KNOWS - {ONE_RECORD}, KNOWS - {RUNS_ON}):
            assert Reader(world, out, knows).disbelief() == 0


def test_a_hidden_count_that_is_printed_is_found():
    world = invented(8, "two")
    out = all_out(world)
    *before, last = out
    usual = len(leaks(world, out))
    hidden = last.truth.with_row_index("at").filter(last.rows["waarde_status"] == HIDDEN, pl.col("teller") < 10)
    for row in hidden.head(4).iter_rows(named=True):
        here = pl.int_range(pl.len()) == row["at"]
        figure = pl.when(here).then(pl.lit(row["teller"])).otherwise("teller").alias("teller")
        status = pl.when(here).then(pl.lit("ok")).otherwise("waarde_status").alias("waarde_status")
        shown = replace(last, rows=last.rows.with_columns(figure, status))
        assert len(leaks(world, [*before, shown])) > usual
    assert hidden.height >= 4


# --- by hand: a reader who is not blind -------------------------------------------------------------------------------


def plain(*schools: tuple[int, int, int], correction: tuple[int, ...] = ()) -> World:
    """Schools with trajecten of before the year, of before November and of after; with a correction there are so many
    more of after November in the second publication, which then is of the same day."""
    names = [f"s{n}" for n in range(len(schools))]
    begins = date(2022, 3, 1), date(2022, 9, 1), date(2022, 12, 1)
    records: list[Traject] = []
    for school, counts in zip(names, schools, strict=True):
        for begin, many in zip(begins, counts, strict=True):
            records += [Traject(school, len(records) + n, begin, FAR_AWAY, "coach") for n in range(many)]
    more = [
        Traject(school, 10_000 + 100 * number + n, begins[2], FAR_AWAY, "coach")
        for number, (school, many) in enumerate(zip(names, correction, strict=False))
        for n in range(many)
    ]
    days = (FEBRUARY, FEBRUARY) if correction else (NOVEMBER, FEBRUARY)
    changed = {name: int(number < len(correction) and correction[number] > 0) for number, name in enumerate(names)}
    homes, pupils = dict.fromkeys(names, ("g0", "v0")), dict.fromkeys(names, 400)
    both = (tuple(records), tuple(records + more))
    return World(homes, pupils, days, both, (dict.fromkeys(names, 0), changed))


def by_hand(world: World, number: int, is_hidden) -> Shown:
    """A publication in which what is hidden is said, by measure and area; nothing is shown of half years."""
    rows = cube_of(world, number)
    said = [is_hidden(*one) for one in rows.select("indicator", "gebied").iter_rows()]
    hide = pl.Series(said, dtype=pl.Boolean) | (rows["periode"] != "schooljaar")
    status = pl.when(hide).then(pl.lit(HIDDEN)).otherwise(pl.lit("ok")).alias("waarde_status")
    shown = rows.with_columns(status, pl.when(~hide).then("teller").alias("teller"))
    return Shown(world.days[number], world.versions[number], shown, rows)


@pytest.mark.parametrize(
    ("stock", "without"), [("trajecten_actief", {ONE_RECORD, BEGAN}), ("jos_leerlingen", {ONE_RECORD, CAME})]
)
def test_who_is_there_since_began_since(stock: str, without: set[str]):
    """Of s0 there are 20 more in February and 24 began by then, so that 4 had in November."""
    world = plain((46, 4, 20), (45, 15, 35), (40, 30, 30), (30, 40, 20))
    shown = {stock, "trajecten_nieuw"}
    first = by_hand(world, 0, lambda m, area: m not in shown or (m == "trajecten_nieuw" and area in ("s0", "s1")))
    second = by_hand(world, 1, lambda m, _: m not in shown)

    def of_who_began(knows: frozenset[str], *out: Shown) -> set[str]:
        return {leak.name[3] for leak in leaks(world, out, knows) if leak.name[:2] == ("trajecten_nieuw", "schooljaar")}

    assert of_who_began(KNOWS, first) == set()
    assert "s0" in of_who_began(KNOWS, first, second)
    assert of_who_began(KNOWS - without, first, second) == set()


def test_a_count_beside_a_small_one_that_is_printed_is_found():
    world = plain((2, 2, 20), (45, 15, 35), (40, 30, 30))
    for beside, tells in (("s1", False), ("", True)):
        out = [by_hand(world, 0, lambda m, area, b=beside: m != "trajecten_actief" or area in ("s0", b))]
        found = {leak.name[3] for leak in leaks(world, out) if leak.name[0] == "trajecten_actief"}
        assert found == ({"s0"} if tells else set())


def test_a_small_correction_that_is_hidden_twice_is_told_by_the_region():
    """Only s0 delivered again: what the region has more is what s0 has more."""
    world = plain((40, 30, 20), (45, 15, 35), (40, 30, 30), (30, 40, 20), correction=(3,))
    out = [by_hand(world, n, lambda m, area: m != "trajecten_actief" or area in ("s0", "s1")) for n in range(2)]
    found = [leak for leak in leaks(world, out) if leak.name[3] == "s0" and leak.name[0] == "trajecten_actief"]
    assert {len(leak.days) for leak in found} == {2}
    assert all(leak.interval == pytest.approx((3, 3)) for leak in found)
