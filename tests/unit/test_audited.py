"""A publication as one linear system: its sums hold, what one hidden count less gives away is seen, more is hidden."""

import os
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from disclosure_rows import K, cube, row
from owned_tables import broken_down, one_inside_another, square, table_of, with_margins
from scipy.sparse import csr_array
from small_worlds import YEAR, small_world

from jos_pipeline.audited import TooLargeError, auditable, audited, copies_of
from jos_pipeline.auditor.audit import audit, unseen_by_reader
from jos_pipeline.auditor.components import A_FLOW, Component, blocks_of
from jos_pipeline.auditor.reach import reach
from jos_pipeline.auditor.system import System
from jos_pipeline.auditor.worlds import Copies, Worlds
from jos_pipeline.cells import CellTable
from jos_pipeline.counted import NEEDED
from jos_pipeline.coverage import Coverage
from jos_pipeline.disclosure import FIGURES, areas_by_period, protect
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.linear_system import linear_system
from jos_pipeline.linear_system.nesting import NESTED
from jos_pipeline.linking import link
from jos_pipeline.school_year import SchoolYear
from jos_pipeline.suppressor import Attackers

SEEDS = max(10, int(os.environ.get("JOS_SEEDS", "0")))
"""So many invented tables of every kind are asked of both audits; JOS_SEEDS says how many when more are wanted."""
SCHOOLS = 4
"""Of a region of one gemeente, of which the first two have few leerlingen."""


def areas() -> pl.DataFrame:
    rows = [
        ("regio", "r", None, None, False),
        ("samenwerkingsverband", "v", None, "v", False),
        ("gemeente", "g", "g", "v", False),
        *(("school", f"s{n}", "g", "v", False) for n in range(SCHOOLS)),
    ]
    names = ("niveau", "gebied", "gemeente", "samenwerkingsverband")
    return pl.DataFrame(rows, schema={**dict.fromkeys(names, pl.String), "buiten": pl.Boolean}, orient="row")


def region_cube(counts: tuple[int, ...] = (3, 4, 40, 60), twice: int = 0) -> pl.DataFrame:
    """A count of schools; so many persons are counted at two of them."""

    def of(niveau: str, gebied: str, n: int) -> dict[str, object]:
        return row(niveau=niveau, gebied=gebied, waarde=float(n), teller=float(n), teller_personen=n)

    total = sum(counts) - twice
    whole = [of(niveau, gebied, total) for niveau, gebied in (("regio", "r"), ("samenwerkingsverband", "v"))]
    schools = [of("school", f"s{n}", count) for n, count in enumerate(counts)]
    return cube(*whole, of("gemeente", "g", total), *schools)


def shown_again(safe: pl.DataFrame, of: pl.DataFrame, where: pl.Expr) -> pl.DataFrame:
    """The rows with some of them shown after all."""
    joined = safe.with_columns(_toon=of.select(where).to_series())
    return joined.with_columns(
        *(pl.when("_toon").then(of[name]).otherwise(name).alias(name) for name in ("waarde", "teller")),
        waarde_status=pl.when("_toon").then(pl.lit("ok")).otherwise("waarde_status"),
    ).drop("_toon")


def test_what_the_first_rule_hides_cannot_be_told_and_stays_as_it_is():
    of = region_cube()
    safe = protect(of, areas(), K)
    found = audited(of, safe, areas(), K)
    assert (found.told, found.more_hidden) == (0, 0)
    assert found.rows.equals(safe)
    assert found.sensitive == 2


def test_with_all_schools_but_one_shown_the_last_one_can_be_told_and_more_is_hidden():
    of = region_cube((3, 20, 40, 60))
    leaking = shown_again(protect(of, areas(), K), of, pl.col("gebied").is_in(["s1", "s2", "s3"]))
    system = linear_system(of, areas(), K)
    assert not reach(system.table, system.hidden_in(leaking)).passed
    found = audited(of, leaking, areas(), K)
    assert found.told == 0
    assert found.more_hidden
    hidden = found.rows.filter(waarde_status="onderdrukt")
    assert hidden.select(pl.col(FIGURES).is_not_null().any()).row(0) == (False,) * len(FIGURES)


def test_what_is_too_large_to_audit_cannot_go_out_and_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch):
    of = region_cube()
    monkeypatch.setattr("jos_pipeline.audited.MOST_FIGURES", of.height)
    auditable(of)
    monkeypatch.setattr("jos_pipeline.audited.MOST_FIGURES", of.height - 1)
    with pytest.raises(TooLargeError, match=r"niets gepubliceerd.* 7 cijfers .* 6 tegelijk .*samenwerkingsverb"):
        auditable(of)


def test_figures_of_more_schools_than_can_be_tried_as_readers_do_not_go_out(monkeypatch: pytest.MonkeyPatch):
    of = region_cube()
    monkeypatch.setattr("jos_pipeline.audited.MANY_SCHOOLS", 4)
    auditable(of)
    monkeypatch.setattr("jos_pipeline.audited.MANY_SCHOOLS", 3)
    with pytest.raises(
        TooLargeError, match=r"niets gepubliceerd.* 4 scholen .*hoogstens 3 .*cijfers_tot = \"gemeente\""
    ):
        auditable(of)
    auditable(of.filter(pl.col("niveau") != "school"))


def test_every_school_of_which_figures_go_out_is_tried_however_many_earlier_publications_had(monkeypatch):
    """With those of earlier publications there may be more of them than may go out now."""
    of = region_cube()
    monkeypatch.setattr("jos_pipeline.audited.MANY_SCHOOLS", SCHOOLS - 1)
    assert audited(of, protect(of, areas(), K), areas(), K).schools == SCHOOLS


def test_a_hidden_count_that_is_printed_is_told():
    of = region_cube()
    shown = shown_again(protect(of, areas(), K), of, pl.col("gebied") == "s0")
    system = linear_system(of, areas(), K)
    assert reach(system.table, system.hidden_in(shown)).exposures.filter("exact").height >= 1


def test_what_a_hidden_breakdown_leaves_of_its_totals_is_a_category_like_the_others(monkeypatch: pytest.MonkeyPatch):
    of = region_cube((20, 30, 40, 60))

    def part(name: str, share: float) -> pl.DataFrame:
        few = (pl.col("teller_personen") * share).floor()
        counts = {"teller_personen": few.cast(pl.Int64), "teller": few, "waarde": few}
        return of.with_columns(uitsplitsing=pl.lit("informant"), categorie=pl.lit(name), **counts)

    whole = pl.concat([of, part("jeugdige", 0.1), part("ouder", 0.8)])
    system = linear_system(whole, areas(), K)
    shown = pl.col("uitsplitsing") == "totaal"
    hidden = system.hidden_in(
        whole.with_columns(waarde_status=pl.when(shown).then("waarde_status").otherwise(pl.lit("onderdrukt")))
    )
    rests = np.flatnonzero(system.table.cells.get_column("state") == "closed")
    assert set(rests.tolist()) & set(np.flatnonzero(system.table.sensitive).tolist())
    assert set(rests.tolist()) <= set(system.breakdowns["cel"].to_list())
    copies = copies_of(system)
    monkeypatch.setattr("jos_pipeline.auditor.components.PATIENCE", 0)
    assert reach(system.table, hidden, copies, integer=True).passed
    assert not reach(system.table, hidden, Copies.none(), integer=True).passed


@pytest.mark.parametrize("done", [0, 4])
def test_a_total_of_nothing_tells_of_one_medewerker_only_that_he_did_nothing(done: int):
    staff = {"personen": False, "teller_personen": None, "publiek_totaal": None, "teller_maat": "fte"}

    def of(niveau: str, gebied: str, n: int, medewerkers: int) -> dict[str, object]:
        return row(niveau=niveau, gebied=gebied, teller=float(n), teller_medewerkers=medewerkers, waarde=n) | staff

    wholes = [of(*place, done, 5) for place in (("regio", "r"), ("samenwerkingsverband", "v"), ("gemeente", "g"))]
    schools = [of("school", "s0", done, 1), *(of("school", f"s{n}", 0, 2) for n in (1, 2))]
    rows = cube(*wholes, *schools)
    leaking = shown_again(protect(rows, areas(), K), rows, pl.col("gebied") != "s0")
    found = audited(rows, leaking, areas(), K)
    assert found.told == 0
    assert bool(found.more_hidden) == bool(done)


def test_what_was_not_tried_is_not_taken_to_be_known_anyway(monkeypatch: pytest.MonkeyPatch):
    of = region_cube()
    monkeypatch.setattr("jos_pipeline.auditor.components.PATIENCE", 0)
    found = audited(of, protect(of, areas(), K), areas(), K)
    assert found.anyway == 0
    assert found.told == found.sensitive


def test_who_is_counted_twice_is_not_known_to_a_reader():
    of = region_cube((3, 20, 40, 60), twice=1)
    leaking = shown_again(protect(of, areas(), K), of, pl.col("gebied").is_in(["s1", "s2", "s3"]))
    system = linear_system(of, areas(), K)
    first = system.stands.filter(gebied="s0").get_column("nummer").item()
    told = audit(system.table, system.hidden_in(leaking)).exposures.filter(cell=first)
    assert told.select("low", "exact").row(0) == (2.0, False), "at least what the others leave of the total"
    assert told["high"].item() >= K


def test_the_report_holds_no_value():
    of = region_cube((3, 4, 43, 61))
    report = audited(of, protect(of, areas(), K), areas(), K).summary()
    assert not {43, 61, 111} & {value for value in report.values() if isinstance(value, int)}


def numbers_of(report: dict[str, object]) -> set[float]:
    """Every number in a report, however deep."""
    parts = [*report.values()]
    for part in parts:
        parts += [*part.values()] if isinstance(part, dict) else [*part] if isinstance(part, list) else []
    return {part for part in parts if isinstance(part, int | float)}


def test_the_report_tells_how_wide_intervals_are_what_is_shown_and_what_that_cost():
    of = region_cube((3, 20, 43, 61))
    leaking = shown_again(protect(of, areas(), K), of, pl.col("gebied").is_in(["s1", "s2", "s3"]))
    found = audited(of, leaking, areas(), K, attackers=Attackers.READERS)
    report = found.summary()
    widths = report["breedte_van_intervallen"]
    assert (widths["ten_minste_wat_moet"], widths["smaller_maar_al_bekend"], widths["te_smal"]) == (1, 0, 0)
    proven = widths["aangetoond_ten_minste"]
    assert sum(proven.values()) == found.sensitive == 1
    assert proven["5-10"] + proven["10-20"] + proven["20-50"] == 1, "at least k, and no more than it has room for"
    counts = linear_system(of, areas(), K).named.filter("mensen")["nummer"].n_unique()
    hidden = found.rows.filter(waarde_status="onderdrukt").height
    assert report["zichtbaar_deel"]["aantallen_personen"] == round(1 - hidden / counts, 4)
    assert 0.9 < report["zichtbaar_deel"]["gewicht"] < 1, "schools weigh little beside the region"
    (repair,) = report["herstel"]
    assert (repair["tegen"], repair["verborgen_erbij"], repair["niet_te_helpen"]) == ("lezers", 1, 0)
    assert 0 <= repair["ondergrens"] <= repair["verlies"]
    assert repair["kloof"] == round(1 - repair["ondergrens"] / repair["verlies"], 4)
    assert not {20, 43, 61, 127} & numbers_of(report)


def homes(of_gemeenten: dict[str, int], maat: str = "jeugdigen_met_jeugdhulp") -> tuple[pl.DataFrame, pl.DataFrame]:
    """A count of inhabitants by gemeente, in a region of one samenwerkingsverband; and its areas."""
    places = [("regio", "r", None, None), ("samenwerkingsverband", "v", None, "v")]
    places += [("gemeente", name, name, "v") for name in of_gemeenten]
    names = ("niveau", "gebied", "gemeente", "samenwerkingsverband")
    tree = pl.DataFrame(places, schema=dict.fromkeys(names, pl.String), orient="row").with_columns(buiten=False)
    counts = [of_gemeenten.get(gebied, sum(of_gemeenten.values())) for _, gebied, *_ in places]
    rows = cube(
        *(
            row(niveau=niveau, gebied=gebied, teller_maat=maat, teller=float(n), waarde=float(n), teller_personen=n)
            | {"publiek_totaal": None}
            for (niveau, gebied, *_), n in zip(places, counts, strict=True)
        )
    )
    return rows, tree


def test_what_one_gemeente_can_tell_of_the_only_other_one_is_counted_and_blocks_where_that_is_asked():
    of, tree = homes({"g": 6, "h": 7})
    safe = protect(of, tree, K)
    assert safe.filter(niveau="gemeente")["waarde_status"].unique().to_list() == ["onderdrukt"]
    assert safe.filter(niveau="regio")["waarde_status"].to_list() == ["ok"]
    found = audited(of, safe, tree, K)
    assert (found.told, found.authorities, found.told_to_authorities) == (0, 2, 2)
    assert found.summary()["te_herleiden_door_overheden"] == 2
    assert audited(of, safe, tree, K, authorities_block=True).told == 2
    assert audited(of, safe, tree, K, attackers=Attackers.READERS).authorities == 0


@pytest.mark.parametrize(
    ("counts", "maat"), [({"g": 6, "h": 7, "i": 30, "j": 40}, "jeugdigen_met_jeugdhulp"), ({"g": 6, "h": 7}, "m")]
)
def test_a_gemeente_tells_nothing_of_one_among_many_or_of_what_it_did_not_deliver(counts: dict[str, int], maat: str):
    of, tree = homes(counts, maat)
    assert audited(of, protect(of, tree, K), tree, K).told_to_authorities == 0


# --- the fast audit, against one program for every end of every interval -----------------------------------------


def exposed(of: pl.DataFrame) -> set[tuple[int, str | None]]:
    return set(of.select("cell", "attacker").iter_rows())


@pytest.fixture(params=["one by one", "together"])
def owners(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Owners are tried one by one, or as many are in a large table."""
    if request.param == "together":
        monkeypatch.setattr("jos_pipeline.auditor.reach.FEW_READERS", 0)


@pytest.mark.usefixtures("owners")
@pytest.mark.parametrize("size", [None, "near", "blocks"])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_fast_audit_finds_what_the_slow_one_finds_for_readers_and_for_owners(
    seed: int, size: str | None, monkeypatch: pytest.MonkeyPatch
):
    if size == "near":  # as in a large table: what surrounds a cell is asked first
        monkeypatch.setattr("jos_pipeline.auditor.reach.NEAR", 2)
    if size == "blocks":  # as in a larger one: worlds are made in blocks
        monkeypatch.setattr("jos_pipeline.auditor.components.BLOCK", 3)
        monkeypatch.setattr("jos_pipeline.auditor.reach.FEW", 0)
    chance = np.random.default_rng(seed)
    table, hidden = square(chance.integers(0, 9, size=(4, 5)), chance)
    found = exposed(reach(table, hidden, insiders=True).exposures)
    of_readers = {cell for cell, attacker in found if attacker is None}
    # the slow one asks owners only about cells that no reader can tell too much of
    assert {one for one in found if one[1] is None or one[0] not in of_readers} == exposed(
        audit(table, hidden, insiders=True).exposures
    )


@pytest.mark.parametrize("seed", range(6))
def test_an_interval_is_at_least_as_wide_as_was_seen(seed: int):
    chance = np.random.default_rng(seed)
    table, hidden = square(chance.integers(0, 9, size=(4, 5)), chance)
    asks = pl.col("need_low").is_not_null()  # for more than there can be, so that both ends are found
    most = {
        "need_low": pl.when(asks).then(0.0),
        "need_high": pl.when(asks).then(1e6),
        "upper": pl.lit(None, pl.Float64),
    }
    true = audit(CellTable(table.cells.with_columns(**most), table.relations), hidden).intervals
    seen = reach(CellTable(table.cells.with_columns(upper=pl.lit(None, pl.Float64)), table.relations), hidden).seen
    beside = true.with_columns(seen=pl.Series(seen[true["cell"].to_numpy()]))
    assert beside.filter(pl.col("seen") > pl.col("high") - pl.col("low") + 1e-6).is_empty()
    assert beside["seen"].max() > 0


@pytest.mark.parametrize("seed", range(10))
def test_a_world_that_is_made_in_blocks_is_a_world(seed: int, monkeypatch: pytest.MonkeyPatch):
    chance = np.random.default_rng(seed)
    table, hidden = square(chance.integers(0, 9, size=(6, 7)), chance)
    monkeypatch.setattr("jos_pipeline.auditor.components.BLOCK", 5)
    unseen = unseen_by_reader(table, hidden)
    inside = np.flatnonzero(unseen)
    about = csr_array(table.matrix[:, inside])
    about = csr_array(about[np.flatnonzero(np.diff(about.indptr) > 0)])
    zero = np.zeros(about.shape[0])
    counts = table.counts[inside]
    system = System(about, zero, zero, -counts, np.full(len(inside), np.inf), np.ones(len(inside), dtype=bool))
    blocks = blocks_of(system, 5)
    assert np.array_equal(np.sort(np.concatenate(blocks)), np.arange(len(inside)))
    assert 1 < max(len(block) for block in blocks) <= 5
    part = Component(system, inside, len(unseen), table.sensitive[inside])
    part.keep(~unseen)
    worlds = Worlds(table, unseen, unseen)
    assert part.in_blocks
    assert worlds.learn(part.world(*_asked_for(worlds, inside, chance))) >= 0


def _asked_for(worlds: Worlds, cells: np.ndarray, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Prices, up for some sensitive cells and down for others, and how far each must go."""
    prices = np.where(worlds.asked[1][cells] + worlds.asked[-1][cells] > 0, chance.random(len(cells)) - 0.5, 0.0)
    return prices, np.where(prices < 0, worlds.needs[1][cells], worlds.needs[-1][cells])


def test_one_world_takes_as_many_parts_of_a_total_as_far_as_they_must_as_there_is_room_for():
    parts, need = 20, 10.0
    counts = np.full(parts, 3.0)  # together 60, which everybody sees
    zero = np.zeros(1)
    ones, whole = csr_array(np.ones((1, parts))), np.ones(parts, dtype=bool)
    system = System(ones, zero, zero, -counts, np.full(parts, np.inf), whole)
    part = Component(system, np.arange(parts), parts, whole)
    part.keep(~whole)
    prices = -np.random.default_rng(0).random(parts)
    moved = part.world(prices, np.full(parts, need) - counts)
    assert moved.sum() == 0
    assert sorted(counts + moved) == [0.0] * 14 + [need] * 6
    assert set(np.flatnonzero(moved > 0)) == set(np.argsort(prices)[:6].tolist()), "the dearest are those"
    beyond = part.world(np.where(np.arange(parts) == 0, -1.0, 0.0), np.full(parts, need) - counts)
    assert counts[0] + beyond[0] >= need


def test_what_single_sums_tell_needs_no_program(monkeypatch: pytest.MonkeyPatch):
    """Of two counts is shown that they are 2 together, so that neither can be 3: nobody solves a program for that."""
    full = with_margins(np.array([[1, 1], [40, 60]]))
    number = np.arange(full.size).reshape(full.shape)
    inside = np.zeros(full.shape, dtype=bool)
    inside[:-1, :-1] = True
    table = table_of(full, inside & (full < 3), [*number, *number.T], np.random.default_rng(0))
    monkeypatch.setattr("jos_pipeline.auditor.components.PATIENCE", 0)
    found = reach(table, inside.ravel()).exposures
    assert found["cell"].to_list() == [0, 1]
    assert found["sure"].all()


def test_what_was_not_tried_counts_as_told_and_is_not_called_sure(monkeypatch: pytest.MonkeyPatch):
    chance = np.random.default_rng(3)
    table, hidden = square(chance.integers(0, 9, size=(4, 5)), chance)
    tried = reach(table, hidden).exposures
    assert tried.height
    assert tried["sure"].all()
    everywhere = np.full(table.cells.height, np.inf)
    monkeypatch.setattr(Component, "plain_ends", lambda part: (-everywhere[part.cells], everywhere[part.cells]))
    monkeypatch.setattr("jos_pipeline.auditor.components.PATIENCE", 0)
    not_tried = reach(table, hidden).exposures
    assert exposed(tried) <= exposed(not_tried)
    assert not not_tried["sure"].any()
    monkeypatch.setattr("jos_pipeline.auditor.components.PATIENCE", A_FLOW)
    once = reach(table, hidden).exposures
    assert exposed(tried) <= exposed(once)
    assert once["sure"].sum() <= 1 < tried["sure"].sum()


@pytest.mark.usefixtures("owners")
@pytest.mark.parametrize("made", [broken_down, one_inside_another])
@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_closed_breakdown_is_told_as_much_of_with_copies_as_without(
    seed: int, made: Callable[[np.random.Generator], tuple[CellTable, np.ndarray, Copies]]
):
    table, hidden, copies = made(np.random.default_rng(seed))
    assert len(copies.parts) > 3
    with_copies = reach(table, hidden, copies, insiders=True)
    assert with_copies.copied.sum() >= len(copies.parts)
    assert exposed(with_copies.exposures) == exposed(reach(table, hidden, insiders=True).exposures)


@pytest.mark.usefixtures("owners")
def test_what_was_shown_for_readers_needs_no_program_again_when_insiders_are_tried():
    solved = {"once": 0, "again": 0}
    for seed in range(10):
        table, hidden, copies = broken_down(np.random.default_rng(seed))
        once = reach(table, hidden, copies, insiders=True)
        told = once.exposures.filter(pl.col("attacker").is_null())["cell"].to_numpy()
        reached = np.setdiff1d(np.arange(table.cells.height), told)
        again = reach(table, hidden, copies, insiders=True, reached=reached)
        assert exposed(again.exposures) == exposed(once.exposures)
        assert exposed(reach(table, hidden, copies, reached=reached).exposures) == {
            (cell, None) for cell in told.tolist()
        }
        solved = {"once": solved["once"] + once.solved, "again": solved["again"] + again.solved}
    assert solved["again"] < solved["once"]


@pytest.mark.usefixtures("owners")
def test_copies_that_are_none_expose_nothing_and_hide_nothing():
    table, hidden, copies = broken_down(np.random.default_rng(1))
    wrong = Copies(copies.parts, copies.wholes[::-1].copy(), copies.turns, copies.groups, copies.inner, copies.outer)
    found = reach(table, hidden, wrong, insiders=True)
    assert not found.copied.any()
    assert exposed(found.exposures) == exposed(reach(table, hidden, insiders=True).exposures)


# --- the sums of a cube ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[5])
def world(request: pytest.FixtureRequest):
    small = small_world(request.param)
    base = link(small.frames, small.region, YEAR)
    of = compute_cube(base, Coverage(small.in_force), small.region, YEAR, small.peildatum)
    return of, areas_by_period(small.region, SchoolYear.parse(YEAR), small.peildatum)


def test_what_is_said_of_measures_and_periods_holds_in_every_cell(world):
    of, tree = world
    counts = linear_system(of, tree, K).stands.drop("rij").unique()
    table = linear_system(of, tree, K).table
    counts = counts.with_columns(n=pl.Series(table.counts)[counts["nummer"]])
    place = ["periode", "niveau", "gebied", "uitsplitsing", "categorie"]
    for part, whole in NESTED:
        both = counts.filter(maat=part).join(counts.filter(maat=whole), on=place, suffix="_heel")
        assert both.filter(pl.col("n") > pl.col("n_heel") + 1e-6).is_empty(), (part, whole)


def test_a_system_is_made_of_the_columns_that_counts_are_kept_for(world):
    of, tree = world
    whole, some = linear_system(of, tree, K), linear_system(of.select(NEEDED), tree, K)
    assert some.table.cells.equals(whole.table.cells)
    assert some.table.relations.equals(whole.table.relations)
    assert some.named.equals(whole.named)


def test_nothing_can_be_told_of_small_worlds_that_is_not_known_anyway(world):
    of, tree = world
    found = audited(of, protect(of, tree, K), tree, K)
    assert found.told == 0
    assert found.counts
    assert found.relations
