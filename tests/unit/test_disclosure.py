"""Disclosure control, attacked: what a reader with all published figures can and cannot work out."""

import polars as pl
import pytest
from disclosure_rows import PEILDATUM, K, cube, row

from jos_pipeline.disclosure import FIGURES, PUBLISHABLE, area_tree, hidden_too, protect
from jos_pipeline.earlier import HIDDEN
from jos_pipeline.region import load_region
from jos_pipeline.suppression import LEVELS

REGIO = pl.DataFrame(
    [("regio", "r", None, None, False)],
    schema={
        **dict.fromkeys(("niveau", "gebied", "gemeente", "samenwerkingsverband"), pl.String),
        "buiten": pl.Boolean,
    },
    orient="row",
)


def statuses(*rows: dict[str, object], areas: pl.DataFrame = REGIO) -> list[str]:
    return protect(cube(*rows), areas, K)["waarde_status"].to_list()


# --- one count ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "total", "expected"),
    [
        (0, 400, HIDDEN),
        (1, 400, HIDDEN),
        (9, 400, HIDDEN),
        (10, 400, "ok"),
        (390, 400, "ok"),
        (391, 400, HIDDEN),
        (400, 400, HIDDEN),
        (9, None, HIDDEN),
        (10, None, "ok"),
        (0, None, HIDDEN),
        (5, 8, HIDDEN),
    ],
)
def test_few_persons_and_nearly_all_persons_are_hidden(n: int, total: int | None, expected: str):
    assert statuses(row(teller=float(n), waarde=float(n), teller_personen=n, publiek_totaal=total)) == [expected]


@pytest.mark.parametrize("status", ["ok", "geen_waarnemingen"])
def test_nobody_out_of_nobody_is_structural(status: str):
    safe = protect(
        cube(row(teller=0.0, waarde=0.0, teller_personen=0, publiek_totaal=0, waarde_status=status)), REGIO, K
    )
    assert safe["waarde_status"].to_list() == ["geen_waarnemingen"]
    assert safe.select(FIGURES).row(0) == (None,) * len(FIGURES)


def test_a_share_is_hidden_with_its_teller_its_noemer_or_the_rest():
    share = {"eenheid": "aandeel", "noemer_maat": "n", "publiek_totaal": None}

    def told(teller: int, noemer: int) -> list[str]:
        counts = {
            "teller": float(teller),
            "teller_personen": teller,
            "noemer": float(noemer),
            "noemer_personen": noemer,
        }
        return statuses(row(**share, **counts))

    assert told(20, 40) == ["ok"]
    assert told(5, 40) == told(35, 40) == told(0, 40) == told(40, 40) == told(3, 8) == [HIDDEN]


EMPTY_SHARE = {
    "waarde_status": "geen_waarnemingen",
    "waarde": None,
    "teller": None,
    "teller_personen": None,
    "noemer_maat": "afgesloten",
    "eenheid": "aandeel",
}


def test_an_empty_share_or_median_among_pupils_tells_a_zero_and_is_hidden():
    known = row(noemer_maat="afgesloten", noemer=50.0, noemer_personen=50, teller_personen=30, periode="halfjaar_1")
    median = {"teller_maat": None, "noemer_maat": "afgesloten", "eenheid": "weken"}
    assert statuses(known, row(**EMPTY_SHARE))[1] == HIDDEN
    assert statuses(known, row(**EMPTY_SHARE | {"publiek_totaal": None}))[1] == HIDDEN
    assert statuses(known, row(**EMPTY_SHARE | median))[1] == HIDDEN
    assert statuses(known, row(**EMPTY_SHARE | {"publiek_totaal": 0}))[1] == "geen_waarnemingen"


def test_a_count_about_things_needs_no_persons_but_more_than_one_medewerker():
    things = {"personen": False, "teller_personen": None, "publiek_totaal": None, "teller": 3.0, "eenheid": "fte"}
    assert statuses(row(**things)) == ["ok"]
    assert statuses(row(**things, teller_medewerkers=2)) == ["ok"]
    assert statuses(row(**things, teller_medewerkers=1)) == [HIDDEN]
    assert statuses(row(**things, teller_medewerkers=0)) == [HIDDEN]


def test_per_fte_is_hidden_for_its_fte_and_leaves_the_pupils_visible():
    pupils = row(teller_maat="leerlingen", publiek_totaal=None)
    per_fte = {"teller_maat": "leerlingen", "noemer_maat": "fte", "noemer": 0.8, "teller_medewerkers": 1}
    assert statuses(pupils, row(**per_fte, indicator="leerlingen_per_fte")) == ["ok", HIDDEN]


def test_the_public_number_of_pupils_itself_may_be_everyone():
    assert statuses(row(teller_maat="leerlingen", teller_personen=400, publiek_totaal=400)) == ["ok"]


def test_absent_and_interval_rows_stay_what_they_are():
    absent = [
        row(waarde_status=status, teller=None, waarde=None) for status in ("niet_geleverd", "niet_van_toepassing")
    ]
    open_data = row(
        waarde_status="interval", personen=False, teller_personen=None, publiek_totaal=None, teller_maat="d"
    )
    assert statuses(*absent, open_data) == ["niet_geleverd", "niet_van_toepassing", "interval"]


def test_a_persons_row_without_its_persons_is_hidden():
    """Whoever forgets to say how many persons stand behind a count does not get to publish it."""
    parts = [row(uitsplitsing="u", categorie="a"), row(uitsplitsing="u", categorie="b", teller_personen=None)]
    assert statuses(row(), *parts) == ["ok", HIDDEN, HIDDEN]


def test_the_total_of_a_distribution_is_not_nearly_everyone():
    whole = {"teller_maat": "m", "noemer_maat": "m", "noemer": 50.0, "noemer_personen": 50}
    parts = [
        row(**whole, uitsplitsing="aard", categorie=name, teller=float(n), teller_personen=n)
        for name, n in (("structureel", 38), ("incidenteel", 12))
    ]
    assert statuses(row(**whole), *parts) == ["ok", "ok", "ok"]
    small = [part | {"noemer_personen": 45} for part in parts]
    assert statuses(row(**whole), *small) == ["ok", HIDDEN, HIDDEN]


# --- one marker --------------------------------------------------------------------------------------------


def test_hidden_rows_differ_in_nothing_but_what_they_are_about():
    reasons = [
        row(uitsplitsing="u", categorie="weinig", teller_personen=3, rang=3),
        row(uitsplitsing="u", categorie="mee verborgen", rang=1),
        row(uitsplitsing="u", categorie="nul", teller=0.0, teller_personen=0),
        row(uitsplitsing="u", categorie="leeg", waarde_status="geen_waarnemingen", teller=None, teller_personen=None)
        | {"noemer_maat": "n"},
        row(uitsplitsing="u", categorie="onzeker", waarde_status="laag_betrouwbaar"),
        row(uitsplitsing="u", categorie="bijna iedereen", teller_personen=399),
    ]
    safe = protect(cube(row(), *reasons), REGIO, K)
    assert safe["waarde_status"].to_list() == ["ok", *[HIDDEN] * 6]
    assert safe[1:].drop("categorie").unique().height == 1
    assert safe[1:].select(pl.col(FIGURES).is_null().all()).row(0) == (True,) * len(FIGURES)


def test_only_publishable_columns_leave():
    safe = protect(cube(row()), REGIO, K)
    assert tuple(safe.columns) == PUBLISHABLE
    assert not {"teller_personen", "publiek_totaal", "teller_maat", "personen"} & set(safe.columns)


def test_rows_keep_their_order_and_number():
    rows = [row(periode=period, uitsplitsing="u", categorie=str(n)) for n in range(5) for period in ("halfjaar_1",)]
    assert protect(cube(*rows), REGIO, K)["categorie"].to_list() == list("01234")


@pytest.mark.parametrize(
    ("eenheid", "waarde", "shown"),
    [
        ("dagen", 12.5, 13.0),
        ("dagen", 12.4, 12.0),
        ("weken", 3.25, 3.3),
        ("weken", 1 / 7, 0.1),
        ("weken", 0.35, 0.4),
        ("weken", 14.6, 14.6),
        ("aandeel", 2 / 3, 0.666667),
        ("cijfer", 6.1, 6.1),
        ("cijfer", 7.1, 7.1),
        ("begeleiders", 48 / 7, 6.9),
    ],
)
def test_medians_are_rounded_half_up_and_fractions_kept(eenheid: str, waarde: float, shown: float):
    assert protect(cube(row(eenheid=eenheid, waarde=waarde)), REGIO, K)["waarde"].to_list() == [shown]


def test_a_threshold_of_one_is_refused():
    with pytest.raises(ValueError, match="fewer than two"):
        protect(cube(row()), REGIO, 1)


def test_an_unknown_area_is_refused_without_being_named():
    with pytest.raises(ValueError, match="not among the areas") as error:
        protect(cube(row(gebied="onbekend")), REGIO, K)
    assert "onbekend" not in str(error.value)


# --- what passes a sensitivity on --------------------------------------------------------------------------

ALKMAAR = area_tree(load_region("alkmaar"), PEILDATUM)
AT_SCHOOL = ALKMAAR.select("niveau", "gebied").rows()
AT_HOME = [area for area in AT_SCHOOL if area[0] != "school"]
SMALL_SCHOOL = "08UV00"
"""The only school of Dijk en Waard."""


def at(area: tuple[str, str], n: int, **changes: object) -> dict[str, object]:
    counts = {"teller": float(n), "waarde": float(n), "teller_personen": n, "publiek_totaal": None}
    return row(niveau=area[0], gebied=area[1], **counts) | changes


def visible_levels(*rows: dict[str, object]) -> set[str]:
    safe = protect(cube(*rows), ALKMAAR, K)
    return set(safe.filter(pl.col("waarde_status") == "ok")["niveau"])


def test_the_tree_of_alkmaar_has_two_overlapping_geographies():
    rows = {(niveau, gebied): rest for niveau, gebied, *rest in ALKMAAR.iter_rows()}
    assert rows["school", "25EF02"] == ["GM0383", "VO2704", "regulier", False]
    assert rows["gemeente", "GM0383"] == ["GM0383", "VO2704", None, False]
    assert rows["samenwerkingsverband", "VO2704"][-1] is True
    assert rows["samenwerkingsverband", "VO2703"][-1] is False
    assert ("gemeente", "GM0375") not in rows


def test_a_small_school_closes_schools_and_its_own_gemeente_closes_gemeenten():
    schools = dict.fromkeys(AT_SCHOOL, 40)
    assert visible_levels(*(at(area, n) for area, n in schools.items())) == set(LEVELS)
    schools["school", "19ZQ00"] = 3
    assert visible_levels(*(at(area, n) for area, n in schools.items())) == {
        "regio",
        "samenwerkingsverband",
        "gemeente",
    }
    # the total of the gemeente is wrong on purpose: its only school must be enough to close it
    schools["school", SMALL_SCHOOL] = 3
    assert visible_levels(*(at(area, n) for area, n in schools.items())) == {"regio", "samenwerkingsverband"}


def test_a_samenwerkingsverband_that_counts_a_few_outside_the_region_is_closed():
    at_home = dict.fromkeys(AT_HOME, 40)
    at_home |= {
        ("samenwerkingsverband", "VO2703"): 160,
        ("samenwerkingsverband", "VO2704"): 80,
        ("regio", "alkmaar"): 240,
    }
    assert "samenwerkingsverband" in visible_levels(*(at(area, n) for area, n in at_home.items()))
    at_home["samenwerkingsverband", "VO2704"] = 84
    assert visible_levels(*(at(area, n) for area, n in at_home.items())) == {"regio"}
    at_home["samenwerkingsverband", "VO2704"] = 95
    assert "samenwerkingsverband" in visible_levels(*(at(area, n) for area, n in at_home.items()))


def test_what_is_left_of_the_region_beside_the_other_samenwerkingsverband_is_a_block():
    """Castricum and Uitgeest together, though VO2704 with Beverwijk and Heemskerk is large."""
    at_home = dict.fromkeys(AT_HOME, 40) | {("gemeente", "GM0383"): 2, ("gemeente", "GM0450"): 1}
    at_home |= {
        ("samenwerkingsverband", "VO2703"): 160,
        ("samenwerkingsverband", "VO2704"): 60,
        ("regio", "alkmaar"): 163,
    }
    assert visible_levels(*(at(area, n) for area, n in at_home.items())) == {"regio"}


def test_the_pupils_of_schools_that_did_not_deliver_do_not_follow_from_a_difference():
    whole = at(("regio", "alkmaar"), 60, teller_maat="jos_leerlingen", n_geleverd=8)
    for counted, delivered, expected in ((60, 8, "ok"), (55, 7, HIDDEN), (60, 7, HIDDEN), (40, 7, "ok")):
        part = at(("regio", "alkmaar"), counted, teller_maat="jos_leerlingen_geteld", n_geleverd=delivered)
        assert protect(cube(whole, part), ALKMAAR, K)["waarde_status"][1] == expected


def test_the_only_half_year_is_the_school_year():
    half = row(periode="halfjaar_1", publiek_totaal=None, teller_personen=4)
    assert statuses(row(publiek_totaal=None), half) == [HIDDEN, HIDDEN]
    other = row(periode="halfjaar_2", publiek_totaal=None)
    assert statuses(row(publiek_totaal=None), half, other) == ["ok", HIDDEN, HIDDEN]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (46, 30, ["ok", HIDDEN, HIDDEN]),  # 4 came after New Year
        (30, 41, ["ok", HIDDEN, HIDDEN]),  # 9 left before it
        (40, 40, ["ok", "ok", "ok"]),
        (50, 50, ["ok", "ok", "ok"]),
        (46, 50, ["ok", "ok", "ok"]),  # a count on the last day: no persons are counted by the difference
    ],
)
def test_who_is_in_the_year_and_not_in_a_half_of_it_does_not_follow(first: int, second: int, expected: list[str]):
    halves = [row(periode=f"halfjaar_{n}", teller=float(m), teller_personen=m) for n, m in ((1, first), (2, second))]
    assert statuses(row(), *halves) == expected


def test_the_only_category_is_the_total():
    part = row(uitsplitsing="u", categorie="a", publiek_totaal=None, teller_personen=4)
    assert statuses(row(publiek_totaal=None), part) == [HIDDEN, HIDDEN]


def test_one_small_category_closes_its_breakdown_and_no_other():
    parts = [row(uitsplitsing="u", categorie=name, teller_personen=n) for name, n in (("a", 4), ("b", 20), ("c", 26))]
    other = [row(uitsplitsing="v", categorie=name, teller_personen=25) for name in ("a", "b")]
    assert statuses(row(), *parts, *other) == ["ok", HIDDEN, HIDDEN, HIDDEN, "ok", "ok"]


def test_no_rank_says_between_which_counts_a_hidden_one_lies():
    parts = [
        row(uitsplitsing="u", categorie=name, teller_personen=n, rang=rank)
        for name, n, rank in (("a", 30, 1), ("b", 20, 2), ("c", 10, 3))
    ]
    safe = protect(cube(row(teller_personen=60), *parts), REGIO, K)
    assert safe["rang"].to_list() == [None, 1, 2, 3]
    assert hidden_too(safe, pl.Series([2]))["rang"].to_list() == [None] * 4


def test_a_count_hidden_in_one_indicator_is_hidden_in_every_other():
    mine = [row(uitsplitsing="u", categorie=name, teller_personen=n) for name, n in (("a", 4), ("b", 46))]
    shares = [
        row(indicator="deel", teller_maat="deel", teller_personen=20, noemer_maat="m", noemer=50.0, noemer_personen=50)
        | {"uitsplitsing": "u", "categorie": name}
        for name in ("a", "b")
    ]
    assert statuses(row(), *mine, *shares) == ["ok", *[HIDDEN] * 4]


def test_running_new_and_ended_trajecten_close_together():
    names = ("trajecten_nieuw", "trajecten_lopend", "trajecten_afgesloten")
    safe = statuses(*(row(teller_maat=name, teller_personen=n) for name, n in zip(names, (4, 50, 50), strict=True)))
    assert safe == [HIDDEN] * 3


def test_holes_in_a_visible_breakdown_close_it():
    """Two schools; the only other one of category b has nothing else: what it has of b is its total."""
    cells = {
        ("19ZQ00", "a"): (4, 400),
        ("19ZQ00", "b"): (30, 400),
        ("02TD03", "a"): (0, 0),
        ("02TD03", "b"): (40, 400),
    }
    rows = [row(niveau="school", gebied=school, teller_personen=n) for school, n in (("19ZQ00", 34), ("02TD03", 40))]
    rows += [row(niveau="gemeente", gebied="GM0361", teller_personen=74)]
    rows += [
        row(
            niveau="school",
            gebied=school,
            uitsplitsing="u",
            categorie=category,
            teller_personen=n,
            publiek_totaal=total,
        )
        for (school, category), (n, total) in cells.items()
    ]
    rows += [
        row(niveau="gemeente", gebied="GM0361", uitsplitsing="u", categorie=category, teller_personen=n)
        for category, n in (("a", 14), ("b", 60))
    ]
    found = statuses(*rows, areas=ALKMAAR)
    assert found[:3] == ["ok"] * 3
    assert set(found[3:]) == {HIDDEN, "geen_waarnemingen"}
