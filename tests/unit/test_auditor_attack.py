"""The attack on small publications: it recovers what can be recovered, and nothing where nothing can be."""

from datetime import date

import polars as pl
import pytest

from jos_pipeline.auditor.attack import Attack, attack, unmasked
from tests.unit.disclosure_rows import SCHEMA, K, row

SCHOOLS = {"00AA00": ("GM1", "VO1"), "00BB00": ("GM1", "VO1"), "00CC00": ("GM2", "VO1"), "00DD00": ("GM2", "VO2")}
TOTAL = ("totaal", "totaal")
HIDDEN = dict.fromkeys(("waarde", "teller", "noemer", "rang")) | {"waarde_status": "onderdrukt"}
EMPTY = HIDDEN | {"waarde_status": "geen_waarnemingen"}
LONG_AGO = date(1900, 1, 1)


def dims() -> dict[str, pl.DataFrame]:
    """A region of two gemeenten; a samenwerkingsverband holds a school of each, so that two geographies cross."""
    dated = {"geldig_van": LONG_AGO, "geldig_tot": None}
    gemeenten = {"GM1": "VO1", "GM2": "VO1"}
    areas = [
        {"niveau": "regio", "gebied": "r", "gemeente": None, "samenwerkingsverband": None},
        *(
            {"niveau": "samenwerkingsverband", "gebied": v, "gemeente": None, "samenwerkingsverband": v}
            for v in ("VO1", "VO2")
        ),
        *({"niveau": "gemeente", "gebied": g, "gemeente": g, "samenwerkingsverband": v} for g, v in gemeenten.items()),
        *({"niveau": "school", "gebied": s, "gemeente": g, "samenwerkingsverband": v} for s, (g, v) in SCHOOLS.items()),
    ]
    schools = [{"school": s, "gemeente": g, "samenwerkingsverband": v} | dated for s, (g, v) in SCHOOLS.items()]
    functies = ("jeugdprofessional", "gedragswetenschapper", "coordinator")
    return {
        "dim_gebied": pl.DataFrame([one | dated | {"in_regio": True} for one in areas], infer_schema_length=None).cast(
            {"geldig_tot": pl.Date}
        ),
        "dim_school": pl.DataFrame(schools).cast({"geldig_tot": pl.Date}),
        "dim_categorie": pl.DataFrame(
            [{"uitsplitsing": "totaal", "categorie": "totaal"}]
            + [{"uitsplitsing": "functie", "categorie": code} for code in functies]
        ),
    }


def publication(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA).drop("teller_personen", "noemer_personen", "publiek_totaal")


def counted(area: str, n: float | None, indicator: str = "jos_trajecten_nieuw", **more: object) -> dict[str, object]:
    """A row that counts n; hidden when n is None."""
    level = {"r": "regio", "V": "samenwerkingsverband", "G": "gemeente", "0": "school"}[area[0]]
    told = {"waarde": n, "teller": n} if n is not None else HIDDEN
    return row(indicator=indicator, niveau=level, gebied=area) | told | more


def share(area: str, teller: float | None, noemer: float | None, **more: object) -> dict[str, object]:
    told = {"waarde": teller / noemer, "noemer": noemer} if teller is not None and noemer else {"noemer": None}
    return counted(area, teller, "zonder_vervolg") | told | {"eenheid": "aandeel"} | more


def attacked(*rows: dict[str, object], others: tuple[pl.DataFrame, ...] = (), integer: bool = False) -> Attack:
    return attack(publication(*rows), dims(), K, others=others, integer=integer)


def ends(found: Attack, area: str, side: str = "teller", **where: str) -> tuple[float, float]:
    rows = found.intervals.filter(pl.col("gebied") == area, pl.col("kant") == side, **where)
    return rows.select("low", "high").row(0)


def test_a_hidden_school_follows_from_its_gemeente_and_the_other_school():
    found = attacked(counted("GM1", 40), counted("00AA00", 36), counted("00BB00", None))
    assert ends(found, "00BB00") == pytest.approx((4, 4))
    assert found.recovered.height == 1


def test_two_hidden_schools_hide_each_other():
    found = attacked(counted("GM1", 40), counted("00AA00", None), counted("00BB00", None))
    low, high = ends(found, "00BB00")
    assert low == 0
    assert K <= high <= 40
    assert found.recovered.is_empty()


def test_two_geographies_together_give_away_what_each_hides():
    """Each line hides two schools, but VO2 holds one school of gemeente 2 only."""
    shown = [counted("r", 160), counted("VO2", 5), counted("GM2", 60), counted("GM1", 100)]
    hidden = [counted(school, None) for school in SCHOOLS]
    found = attacked(*shown, *hidden)
    assert ends(found, "00DD00") == pytest.approx((5, 5))
    assert ends(found, "00CC00") == pytest.approx((55, 55))
    assert ends(found, "00AA00")[0] == 0
    assert ends(found, "00AA00")[1] >= K


def test_who_knows_of_what_type_schools_are_tells_a_school_from_the_figure_of_its_type():
    of_type = {"uitsplitsing": "onderwijstype", "categorie": "praktijkonderwijs"}
    told = [counted("GM1", 40, **of_type), counted("00AA00", 36), counted("00BB00", None)]
    told += [counted(school, None, **of_type) for school in ("00AA00", "00BB00")]
    register = dims()
    register["dim_school"] = register["dim_school"].with_columns(onderwijstype=pl.lit("praktijkonderwijs"))
    register["dim_categorie"] = pl.concat([register["dim_categorie"], pl.DataFrame([of_type])])
    assert ends(attack(publication(*told), register, K), "00BB00", categorie="totaal") == pytest.approx((4, 4))
    low, high = ends(attacked(*told), "00BB00", categorie="totaal")
    assert high - low > K


def test_a_printed_rate_gives_the_count_back():
    leak = share("r", None, None) | {"waarde": 0.07, "noemer": 100.0}
    assert ends(attacked(leak), "r") == pytest.approx((7, 7), abs=1e-3)
    assert ends(attacked(leak, integer=True), "r") == pytest.approx((7, 7))


def test_one_count_under_two_indicators_is_one_count():
    """What is hidden as the noemer of a share is printed as a number of its own."""
    found = attacked(counted("r", 7, "jos_trajecten_afgesloten"), share("r", None, None))
    assert ends(found, "r", "noemer") == pytest.approx((7, 7))
    assert ends(found, "r", "teller") == pytest.approx((0, 7))


def test_what_a_school_reported_itself_is_another_count():
    found = attacked(counted("r", 7, "jos_trajecten_afgesloten"), share("r", None, None, herkomst="opgave"))
    assert ends(found, "r", "noemer")[1] >= K


def test_the_order_of_ranks_bounds_a_count_between_two_that_are_shown():
    def ranked(code: str, n: float | None, rang: int | None) -> dict[str, object]:
        told = counted("r", n, "problematiek_top10", uitsplitsing="aanmeldreden", categorie=code)
        return told | {"rang": rang, "eenheid": "aandeel", "noemer": None, "waarde": None}

    found = attacked(ranked("a", 9, 1), ranked("b", None, 2), ranked("c", 7, 3))
    assert ends(found, "r", categorie="b") == pytest.approx((8, 8))


def test_a_status_that_says_nobody_gives_away_the_other_school():
    found = attacked(counted("GM1", 4), counted("00AA00", None), counted("00BB00", None) | EMPTY)
    assert ends(found, "00AA00") == pytest.approx((4, 4))


def test_a_school_that_did_not_deliver_adds_nothing():
    found = attacked(
        counted("GM1", 4), counted("00AA00", None), counted("00BB00", None) | {"waarde_status": "niet_geleverd"}
    )
    assert ends(found, "00AA00") == pytest.approx((4, 4))


def halves(
    area: str, year: float | None, *parts: float | None, indicator: str = "jos_trajecten_nieuw"
) -> list[dict[str, object]]:
    periods = ("schooljaar", "halfjaar_1", "halfjaar_2")
    return [counted(area, n, indicator, periode=p) for p, n in zip(periods, (year, *parts), strict=True)]


def test_a_year_less_one_half_is_the_other_half():
    found = attacked(*halves("00AA00", 40, 30, 10), *halves("00BB00", 33, 30, None))
    assert ends(found, "00BB00") == pytest.approx((3, 3))


def test_a_reader_does_not_believe_that_halves_add_up_when_they_do_not():
    found = attacked(*halves("00AA00", 40, 30, 20), *halves("00BB00", 33, 30, None))
    assert ends(found, "00BB00") == pytest.approx((3, 33))


def test_what_is_open_follows_from_what_began_and_ended():
    def three(area: str, before: float, began: float, ended: float, after: float | None) -> list[dict[str, object]]:
        h1, h2 = {"periode": "halfjaar_1"}, {"periode": "halfjaar_2"}
        return [
            counted(area, before, "jos_trajecten_lopend", **h1),
            counted(area, began, "jos_trajecten_nieuw", **h2),
            counted(area, ended, "jos_trajecten_afgesloten", **h2),
            counted(area, after, "jos_trajecten_lopend", **h2),
            counted(area, after, "jos_trajecten_lopend"),
        ]

    found = attacked(*three("00AA00", 30, 20, 10, 40), *three("00BB00", 30, 20, 45, None))
    assert ends(found, "00BB00", periode="halfjaar_2") == pytest.approx((5, 5))


def test_an_earlier_publication_gives_back_what_is_hidden_now():
    before = publication(counted("00AA00", 40), counted("00BB00", 4))
    found = attacked(counted("00AA00", 40), counted("00BB00", None), others=(before,))
    assert ends(found, "00BB00") == pytest.approx((4, 4))


def test_an_earlier_publication_of_which_the_figures_changed_bounds_only():
    before = publication(counted("00AA00", 35), counted("00BB00", 4))
    found = attacked(counted("00AA00", 40), counted("00BB00", None), others=(before,))
    assert ends(found, "00BB00") == pytest.approx((4, float("inf")))


def test_categories_that_add_up_give_away_the_hidden_one():
    functies = [
        counted("r", n, uitsplitsing="functie", categorie=code)
        for code, n in (("jeugdprofessional", 60), ("gedragswetenschapper", 37), ("coordinator", None))
    ]
    assert ends(attacked(counted("r", 100), *functies), "r") == pytest.approx((3, 3))


def test_persons_in_two_areas_are_not_taken_to_add_up():
    """A pupil at two schools counts at both: the gemeente says at least so many, and no more."""
    persons = {"indicator": "jos_leerlingen"}
    found = attacked(*(counted(a, n) | persons for a, n in (("GM1", 40), ("00AA00", 36), ("00BB00", None))))
    assert ends(found, "00BB00") == pytest.approx((4, 40))


def test_a_mean_of_the_whole_and_of_the_parts_gives_the_number_behind_a_hidden_one():
    def mean(area: str, value: float, n: float | None) -> dict[str, object]:
        status = "onderdrukt" if n is None else "ok"
        told = {"waarde": value, "noemer": n, "teller": None, "eenheid": "cijfer", "waarde_status": status}
        return counted(area, None, "nut") | told

    found = attacked(mean("GM1", 7.0, 100), mean("00AA00", 8.0, None), mean("00BB00", 6.0, None))
    low, high = ends(found, "00AA00", "noemer")
    assert low > 40
    assert high < 60


def of_cube(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA)


def test_the_verdict_names_what_is_sensitive_in_truth_and_can_be_told():
    places = {"GM1": 40, "00AA00": 36, "00BB00": 4}
    truth = of_cube(*(counted(area, n, teller_personen=n, publiek_totaal=None) for area, n in places.items()))
    rows = publication(counted("GM1", 40), counted("00AA00", 36), counted("00BB00", None))
    found = attack(rows, dims(), K, truth=truth)
    assert found.exposed.select("gebied", "need_low", "need_high", "exact", "shown").rows() == [
        ("00BB00", 0.0, 10.0, True, False)
    ]
    safe = publication(counted("GM1", 40), counted("00AA00", None), counted("00BB00", None))
    assert attack(safe, dims(), K, truth=truth).exposed.is_empty()


def test_the_verdict_names_a_sensitive_count_that_is_simply_printed():
    truth = of_cube(
        counted("00BB00", 4, teller_personen=4), counted("00AA00", 395, "jos_leerlingen", teller_personen=395)
    )
    rows = publication(counted("00BB00", 4), counted("00AA00", 395, "jos_leerlingen"))
    found = attack(rows, dims(), K, truth=truth).exposed
    assert found.select("gebied", "shown").rows() == [("00BB00", True), ("00AA00", True)]


def test_what_is_told_further_of_a_count_that_was_known_to_be_small_counts_as_told():
    """GM1 had 7, everybody has seen: so each school has 7 at most. That one of them has 4 was not known before."""
    numbers = {"GM1": 7, "00AA00": 4, "00BB00": 3}
    truth = of_cube(*(counted(area, n, teller_personen=n, publiek_totaal=None) for area, n in numbers.items()))
    before = publication(counted("GM1", 7), counted("00AA00", None), counted("00BB00", None))
    schools = counted("00AA00", None), counted("00BB00", None)
    told = {}
    for name, rows in {"hidden": schools, "shown": (counted("00AA00", 4), counted("00BB00", None))}.items():
        found, more = unmasked(publication(counted("GM1", 7), *rows), dims(), K, truth, others=(before,))
        told[name] = set(more["gebied"])
        assert found.exposed.height == 3
    assert not told["hidden"] & {"00AA00", "00BB00"}
    assert {"00AA00", "00BB00"} <= told["shown"]


def test_the_summary_says_how_much_and_not_what():
    found = attacked(counted("GM1", 4711), counted("00AA00", 4700), counted("00BB00", None)).summary()
    assert found["hidden"] == found["recovered"] == 1
    assert not {4711, 4700, 11} & set(found.values())


def test_rows_of_two_publications_cannot_be_attacked_as_one():
    two = publication(counted("GM1", 4), counted("GM1", 4, peildatum=date(2023, 6, 1)))
    with pytest.raises(ValueError, match="one publication"):
        attack(two, dims(), K)


def test_what_single_sums_say_needs_no_program():
    """Nobody in the gemeente is nobody in any of its schools."""
    found = attacked(counted("GM1", 0), counted("00AA00", None), counted("00BB00", None))
    assert ends(found, "00AA00") == ends(found, "00BB00") == (0, 0)
    assert found.solved == 0
