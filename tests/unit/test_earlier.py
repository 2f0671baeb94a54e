"""What is out: a small change is hidden, a revision opens nothing that was hidden, and nothing changes by itself."""

from datetime import date

import polars as pl
import pytest
from disclosure_rows import K, cube, row
from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline.disclosure import protect
from jos_pipeline.earlier import OUT

JUNE = date(2023, 6, 1)
SCHOOLS = ("A", "B", "C")
AREAS = pl.DataFrame(
    [
        ("regio", "r", None, None, False),
        ("samenwerkingsverband", "VO1", None, "VO1", False),
        ("gemeente", "GM1", "GM1", "VO1", False),
        *(("school", school, "GM1", "VO1", False) for school in SCHOOLS),
    ],
    schema={**dict.fromkeys(("niveau", "gebied", "gemeente", "samenwerkingsverband"), pl.String), "buiten": pl.Boolean},
    orient="row",
)


def figures(*counts: int, **changes: object) -> pl.DataFrame:
    """Three schools with these counts of 400 pupils each, and the areas they add up to."""
    places = [("regio", "r"), ("samenwerkingsverband", "VO1"), ("gemeente", "GM1")]
    whole = [(*place, sum(counts), 400 * len(counts)) for place in places]
    each = [("school", school, n, 400) for school, n in zip(SCHOOLS, counts, strict=True)]
    return cube(
        *(
            row(niveau=niveau, gebied=gebied, teller=n, teller_personen=n, waarde=n, publiek_totaal=total, **changes)
            for niveau, gebied, n, total in (*whole, *each)
        )
    )


def shown(safe: pl.DataFrame) -> dict[str, float]:
    return dict(safe.drop_nulls("teller").select("gebied", "teller").iter_rows())


def test_what_changed_by_a_few_is_hidden_with_its_level():
    out = protect(figures(30, 40, 50), AREAS, K)
    assert set(shown(out)) == {"r", "VO1", "GM1", *SCHOOLS}
    later = protect(figures(33, 60, 50), AREAS, K, [out])
    assert shown(later) == {"r": 143, "VO1": 143, "GM1": 143}
    assert shown(protect(figures(33, 40, 50), AREAS, K, [out])) == {}, "the region changed by 3 as well"


@pytest.mark.parametrize("change", [0, K, 25])
def test_what_did_not_change_or_changed_by_more_is_shown(change: int):
    out = protect(figures(30, 40, 50), AREAS, K)
    assert shown(protect(figures(30 + change, 40, 50), AREAS, K, [out]))["A"] == 30 + change


def test_also_a_difference_with_one_long_ago_counts():
    first = protect(figures(30, 40, 50), AREAS, K)
    second = protect(figures(45, 40, 50), AREAS, K, [first])
    assert shown(second)["A"] == 45
    assert "A" not in shown(protect(figures(32, 40, 50), AREAS, K, [first, second]))


def test_the_new_small_number_of_a_school_that_alone_delivered_again_does_not_follow_from_the_region():
    """The old number of A is out, and so is what the region lost: together they would be the new number of A."""
    out = protect(figures(30, 40, 50), AREAS, K)
    for left in (4, 0):
        assert shown(protect(figures(left, 40, 50), AREAS, K, [out])) == {}


def test_a_revision_shows_nothing_that_was_hidden_and_a_window_that_grew_does():
    out = protect(figures(4, 40, 50), AREAS, K)
    assert shown(out) == {"r": 94, "VO1": 94, "GM1": 94}
    revision = protect(figures(24, 40, 50), AREAS, K, [out])
    assert set(shown(revision)) == {"r", "VO1", "GM1"}
    grown = protect(figures(24, 60, 80, peildatum=JUNE), AREAS, K, [out])
    assert set(shown(grown)) == {"r", "VO1", "GM1", *SCHOOLS}


def test_a_half_year_that_is_over_is_the_same_window_on_every_later_peildatum():
    half = {"periode": "halfjaar_1"}
    out = protect(figures(4, 40, 50, **half), AREAS, K)
    later = protect(figures(24, 60, 80, peildatum=JUNE, **half), AREAS, K, [out])
    assert set(shown(later)) == {"r", "VO1", "GM1"}
    running = protect(figures(4, 40, 50, peildatum=date(2022, 11, 1), **half), AREAS, K)
    assert "A" in shown(protect(figures(24, 60, 80, **half), AREAS, K, [running]))


counts = st.lists(st.integers(0, 60), min_size=3, max_size=3)


@settings(max_examples=5)
@given(counts, counts, counts)
def test_publishing_the_same_figures_again_changes_nothing(first: list[int], second: list[int], third: list[int]):
    out: list[pl.DataFrame] = []
    for numbers in (first, second, third):
        safe = protect(figures(*numbers), AREAS, K, out)
        out.append(safe)
        assert protect(figures(*numbers), AREAS, K, out).equals(safe)


@settings(max_examples=10)
@given(counts, counts)
def test_no_two_figures_that_are_out_differ_by_a_few(first: list[int], second: list[int]):
    out = protect(figures(*first), AREAS, K)
    later = protect(figures(*second, peildatum=JUNE), AREAS, K, [out])
    before = shown(out)
    changes = [abs(n - before[area]) for area, n in shown(later).items() if area in before]
    assert all(change == 0 or change >= K for change in changes)


def test_a_reader_keeps_what_the_rows_of_a_publication_say():
    assert set(OUT) <= set(protect(figures(30, 40, 50), AREAS, K).columns)


def test_what_was_hidden_does_not_follow_from_a_later_publication_of_the_year_so_far():
    """A went from 3 to 20 and nobody else delivered again: what was out of the region, less what B and C are, was A."""
    out = protect(figures(3, 40, 50, peildatum=date(2022, 11, 1)), AREAS, K)
    assert set(shown(out)) == {"r", "VO1", "GM1"}
    assert set(shown(protect(figures(20, 40, 50, peildatum=JUNE), AREAS, K, [out]))) == {"r", "VO1", "GM1"}
    much_more = protect(figures(20, 60, 80, peildatum=JUNE), AREAS, K, [out])
    assert set(shown(much_more)) == {"r", "VO1", "GM1", *SCHOOLS}, "the others may have had all that was out"
    since = protect(figures(31, 72, 92, peildatum=date(2023, 7, 1)), AREAS, K, [pl.concat([out, much_more])])
    assert "A" in shown(since), "what it was when it was hidden is told by what was out with it, not later"


def test_what_was_hidden_of_a_breakdown_does_not_follow_either():
    def split(*counts: int, **changes: object) -> pl.DataFrame:
        whole = row(teller=sum(counts), waarde=sum(counts), teller_personen=sum(counts), **changes)
        parts = [
            row(uitsplitsing="u", categorie=name, teller=n, waarde=n, teller_personen=n, **changes)
            for name, n in zip("abc", counts, strict=True)
        ]
        return cube(whole, *parts)

    out = protect(split(3, 40, 50, peildatum=date(2022, 11, 1)), AREAS, K)
    for later, open_rows in ((split(20, 40, 50, peildatum=JUNE), 1), (split(20, 60, 80, peildatum=JUNE), 4)):
        assert protect(later, AREAS, K, [out])["teller"].drop_nulls().len() == open_rows


@pytest.mark.parametrize("masked", [0, 3])
def test_an_exact_count_does_not_tell_what_a_school_masked_when_an_interval_was_out(masked: int):
    """C masked its count as 0 to 4, so that 70 to 74 was out: the number of later less 70 is what came of C."""
    least = figures(40, 30, 0)
    with_c = ~pl.col("gebied").is_in(["A", "B"])
    out = protect(
        least.with_columns(
            *(pl.when(~with_c).then(name).alias(name) for name in ("teller", "waarde")),
            teller_maat=pl.col("teller_maat") + "+opgave:jos_leerlingen",
            waarde_status=pl.when(with_c).then(pl.lit("interval")).otherwise("waarde_status"),
            waarde_min=pl.when(with_c).then("teller"),
            waarde_max=pl.when(with_c).then(pl.col("teller") + 4),
        ),
        AREAS,
        K,
    )
    assert out.filter(gebied="r").select("waarde_min", "waarde_max").row(0) == (70, 74)
    assert shown(protect(figures(40, 30, masked, peildatum=JUNE), AREAS, K, [out])) == {}
    assert shown(protect(figures(40, 60, 20, peildatum=JUNE), AREAS, K, [out]))["r"] == 120
