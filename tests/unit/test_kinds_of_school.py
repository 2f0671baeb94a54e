"""What a reader of the register of schools knows of counts by onderwijstype, and what he is not thought to know."""

import polars as pl
import pytest
from disclosure_rows import K, cube, row

from jos_pipeline.audited import audited
from jos_pipeline.auditor.audit import audit
from jos_pipeline.cells import State
from jos_pipeline.counted import is_readable, kept_counts, out
from jos_pipeline.disclosure import protect
from jos_pipeline.linear_system import linear_system

KINDS = {
    "p1": "praktijkonderwijs",
    "p2": "praktijkonderwijs",
    "p3": "praktijkonderwijs",
    "r1": "regulier",
    "r2": "regulier",
}
TYPES = ("praktijkonderwijs", "regulier")
TREE = pl.DataFrame(
    [
        ("regio", "r", None, None, None, False),
        ("samenwerkingsverband", "v", None, "v", None, False),
        *(("gemeente", g, g, "v", None, False) for g in ("g1", "g2")),
        *(("school", s, "g2" if s == "r2" else "g1", "v", kind, False) for s, kind in KINDS.items()),
    ],
    schema=[
        *((name, pl.String) for name in ("niveau", "gebied", "gemeente", "samenwerkingsverband", "onderwijstype")),
        ("buiten", pl.Boolean),
    ],
    orient="row",
)
LEVELS = dict(TREE.select("gebied", "niveau").iter_rows())
PUPILS = {
    "p1": {"praktijkonderwijs": 4},
    "p2": {"praktijkonderwijs": 30},
    "p3": {"praktijkonderwijs": 41},
    "r1": {"regulier": 60},
    "r2": {"regulier": 55},
}
EVERYWHERE = tuple(LEVELS)
Pupils = dict[str, dict[str, int]]


def counts(pupils: Pupils, broken_down: tuple[str, ...] = EVERYWHERE, maat: str = "m") -> pl.DataFrame:
    """The total of every area and, of these, what is of each type."""
    areas = {"g1": ("p1", "p2", "p3", "r1"), "g2": ("r2",), "v": tuple(KINDS), "r": tuple(KINDS)}
    rows = []
    for area, niveau in LEVELS.items():
        inside = [pupils[school] for school in areas.get(area, (area,))]
        found = {kind: sum(of.get(kind, 0) for of in inside) for kind in TYPES}
        where = {"niveau": niveau, "gebied": area, "teller_maat": maat, "publiek_totaal": 900}
        rows.append(row(**where, teller=float(sum(found.values())), teller_personen=sum(found.values())))
        if area in broken_down:
            rows += [
                row(**where, uitsplitsing="onderwijstype", categorie=kind, teller=float(n), teller_personen=n)
                for kind, n in found.items()
            ]
    return cube(*rows)


def cells(of: pl.DataFrame, area: str) -> dict[str, tuple[int, str, bool]]:
    """By category the number, state and sensitivity of the cell of this area."""
    system = linear_system(of, TREE, K)
    facts = system.table.cells.select(
        "state", nummer="cell", gevoelig=pl.col("need_low").is_not_null() | pl.col("need_high").is_not_null()
    )
    here = system.stands.filter(gebied=area).join(facts, on="nummer")
    return {
        name: (number, state, asked)
        for name, number, state, asked in here.select("categorie", "nummer", "state", "gevoelig").iter_rows()
    }


def test_at_a_school_of_one_type_all_are_of_that_type_and_nobody_of_another():
    school = cells(counts(PUPILS), "p1")
    assert school["praktijkonderwijs"] == school["totaal"], "one number, under two names"
    assert school["regulier"][1:] == (State.OPEN, False), "everybody knows, so there is nothing to guess"


def test_an_area_without_a_school_of_a_type_has_nobody_of_it():
    there = cells(counts(PUPILS), "g2")
    assert there["praktijkonderwijs"][1:] == (State.OPEN, False)
    assert there["regulier"] == there["totaal"] == cells(counts(PUPILS), "r2")["totaal"]


def test_where_more_is_counted_than_at_schools_an_observed_zero_stays_one():
    """A team sees to two schools, and of whom it saw it is not known at which."""
    of, more = counts(PUPILS), (pl.col("gebied") == "g2") & (pl.col("categorie") != "praktijkonderwijs")
    seen = of.with_columns(
        pl.when(more).then(pl.col(name) + 5).otherwise(name) for name in ("teller", "teller_personen")
    )
    assert cells(seen, "g2")["praktijkonderwijs"][1:] == (State.FREE, True)


def test_an_area_with_a_pupil_at_two_schools_has_nobody_of_a_type_either():
    """He is counted once in the area and twice at schools: that says nothing of other types."""
    there = pl.col("gebied").is_in(["r", "v", "g2"]) & pl.col("categorie").is_in(["totaal", "regulier"])
    once = counts(PUPILS).with_columns(
        pl.when(there).then(pl.col(name) - 1).otherwise(name) for name in ("teller", "teller_personen")
    )
    assert cells(once, "g2")["praktijkonderwijs"][1:] == (State.OPEN, False)


def test_of_a_school_with_pupils_of_another_type_in_any_count_nothing_is_known():
    mixed = PUPILS | {"p1": {"praktijkonderwijs": 14, "regulier": 3}}
    both = pl.concat([counts(PUPILS), counts(mixed, maat="andere")])
    school = linear_system(both, TREE, K)
    of_p1 = school.stands.filter(gebied="p1", maat="m").select("categorie", "nummer").unique()
    numbers = dict(of_p1.iter_rows())
    assert numbers["praktijkonderwijs"] != numbers["totaal"]
    (nobody,) = school.table.cells.filter(cell=numbers["regulier"]).select("state", "need_high").rows()
    assert nobody == (State.FREE, float(K)), "an observed zero, as sensitive as any"
    there = cells(counts(PUPILS), "p2")
    assert there["praktijkonderwijs"] == there["totaal"], "of other schools it is"


@pytest.mark.parametrize("extra", [0, 1])
def test_where_no_school_has_the_breakdown_areas_are_the_sum_of_the_totals_of_their_schools_or_nothing_is_known(extra):
    pupils = PUPILS | {"p1": {"praktijkonderwijs": 4, "regulier": extra}}
    there = cells(counts(pupils, ("r", "v", "g1", "g2")), "g2")
    assert (there["praktijkonderwijs"][1] == State.OPEN) == (extra == 0)
    assert (there["regulier"] == there["totaal"]) or extra


def exposed(of: pl.DataFrame, shown: pl.Expr, tree: pl.DataFrame) -> int:
    """How many sensitive counts a reader of the rows that are shown can tell too much of."""
    system = linear_system(of, tree, K)
    status = pl.when(shown).then("waarde_status").otherwise(pl.lit("onderdrukt")).alias("waarde_status")
    return audit(system.table, system.hidden_in(of.with_columns(status))).exposures.height


def test_a_reader_of_the_register_can_tell_more():
    """The praktijkleerlingen of the region less those of two praktijkscholen are the four of the third."""
    shown = (pl.col("niveau") == "school") & (pl.col("uitsplitsing") == "totaal") & (pl.col("gebied") != "p1")
    shown |= (pl.col("niveau") == "regio") & (pl.col("categorie") == "praktijkonderwijs")
    assert exposed(counts(PUPILS), shown, TREE) > exposed(counts(PUPILS), shown, TREE.drop("onderwijstype")) == 0


def test_of_counts_that_were_kept_without_it_the_register_of_now_says_of_what_type_schools_were():
    of, tree = counts(PUPILS), TREE.with_columns(periode=pl.lit("schooljaar"))
    kept = kept_counts(of, protect(of, tree, K), tree)
    older = kept.drop("_onderwijstype")
    assert is_readable(older)
    now, then = (out([one], K, tree)[0].system.table for one in (kept, older))
    assert then.cells.equals(now.cells)
    assert then.relations.equals(now.relations)


def test_the_first_rule_leaves_little_for_the_register_to_tell():
    of = counts(PUPILS)
    found = audited(of, protect(of, TREE, K), TREE, K)
    assert (found.told, found.more_hidden) == (0, 0)


def test_where_no_counts_of_schools_go_out_nothing_is_made_of_it():
    of = counts(PUPILS).filter(pl.col("niveau") != "school")
    without = linear_system(of, TREE.drop("onderwijstype"), K).table
    assert linear_system(of, TREE, K).table.cells.equals(without.cells)
