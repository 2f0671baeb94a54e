"""Publications: ids, rows, the hash of their content and when one is due."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline.publication import (
    MONITOR_SCHEMA,
    NOT_CONTENT,
    Due,
    PublicationId,
    Published,
    content_hash,
    current,
    due,
    final,
    made_final,
    monitor_rows,
    peildatum_to_watch,
    reissued,
    release_on_calendar,
    requested,
)
from jos_pipeline.publishing import PublishOutcome, outcome_text
from jos_pipeline.region import load_region
from jos_pipeline.school_year import SchoolYear

REGION = load_region("alkmaar")
YEAR = "2022-2023"
RELEASES = REGION.releases_in(SchoolYear.parse(YEAR))
NOVEMBER, FEBRUARY, JUNE, AUGUST = (day for day, _ in RELEASES)
NOON = datetime(2023, 2, 2, 12, 0, tzinfo=UTC)
SAFE_COLUMNS = [name for name in MONITOR_SCHEMA if name not in NOT_CONTENT]


# --- ids ---------------------------------------------------------------------------------------------------


def test_an_id_reads_as_it_is_written():
    identity = PublicationId(YEAR, FEBRUARY, 1)
    assert str(identity) == "2022-2023/2023-02-01/1"
    assert PublicationId.parse("2022-2023/2023-02-01/1") == identity


@pytest.mark.parametrize(
    "text",
    [
        *("", "2022-2023", "2022-2023/2023-02-01", "2022-2023/2023-02-01/0", "2022-2023/2023-02-01/01"),
        *("2022-2024/2023-02-01/1", "2022-2023/2023-02-30/1", "2022-2023/20230201/1", "2022-2023/2023-02-01/1/2"),
        *("2022-2023/2023-02-01/\u0661", "2022-2023/2023-02-01/1\n", " 2022-2023/2023-02-01/1"),
    ],
)
def test_anything_else_is_no_id(text: str):
    with pytest.raises(ValueError, match=r"."):
        PublicationId.parse(text)


def test_unchanged_figures_can_still_be_made_final_once():
    provisional = Published(PublicationId(YEAR, FEBRUARY, 1), "a", "voorlopig")
    cut = made_final(provisional, [provisional])
    assert cut == Due(PublicationId(YEAR, FEBRUARY, 2), "definitief")
    assert made_final(Published(cut.id, "a", cut.status), [provisional]) is None


def test_ids_are_in_order_of_peildatum_and_number():
    ids = [PublicationId(YEAR, day, number) for day in (NOVEMBER, FEBRUARY) for number in (2, 10)]
    assert sorted(ids) == ids
    assert max(ids) == PublicationId(YEAR, FEBRUARY, 10)


# --- rows and their hash -----------------------------------------------------------------------------------


def safe_rows(count: int = 4) -> pl.DataFrame:
    rows = [
        {
            "indicator": f"i{number}",
            "indicator_versie": 1,
            "schooljaar": YEAR,
            "periode": "schooljaar",
            "niveau": "regio",
            "gebied": "alkmaar",
            "uitsplitsing": "totaal",
            "categorie": "totaal",
            "waarde": number / 7,
            "teller": float(number),
            "eenheid": "aandeel",
            "waarde_status": "ok",
            "peildatum": FEBRUARY,
        }
        for number in range(count)
    ]
    return pl.DataFrame(rows, schema={name: MONITOR_SCHEMA[name] for name in SAFE_COLUMNS})


def cut(safe: pl.DataFrame, number: int = 1, moment: datetime = NOON, run: str = "r", status: str = "voorlopig"):
    return monitor_rows(safe, Due(PublicationId(YEAR, FEBRUARY, number), status), moment, run)


def test_rows_have_the_columns_of_the_table_in_order():
    rows = cut(safe_rows().drop("waarde_min", "waarde_max"))
    assert rows.schema == pl.Schema(MONITOR_SCHEMA)
    assert rows["publicatie"].unique().to_list() == ["2022-2023/2023-02-01/1"]
    assert rows["status"].unique().to_list() == ["voorlopig"]


def test_the_hash_is_of_what_was_published_and_not_of_when_or_how():
    first = cut(safe_rows())
    again = cut(safe_rows(), 2, NOON + timedelta(days=1), "other", "herzien")
    assert content_hash(first) == content_hash(again) == content_hash(safe_rows())


def test_the_hash_is_known_so_that_it_cannot_change_unnoticed():
    assert content_hash(safe_rows(2)) == KNOWN


KNOWN = "b5959d1cc983ed2dc83c7d25f9f662672ab9e87c81976619119b1e76ce315ceb"


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 1000))
def test_the_order_of_rows_and_columns_does_not_matter(seed: int):
    rows = safe_rows(9)
    names = random.Random(seed).sample(rows.columns, len(rows.columns))
    assert content_hash(rows.sample(fraction=1, shuffle=True, seed=seed).select(names)) == content_hash(rows)


@pytest.mark.parametrize("column", SAFE_COLUMNS)
def test_every_column_counts(column: str):
    changed = {
        pl.Float64(): 0.1234567890123,
        pl.Int64(): 77,
        pl.Date(): JUNE,
        pl.String(): "anders",
    }[MONITOR_SCHEMA[column]]
    rows = safe_rows()
    other = rows.with_columns(
        pl.when(pl.int_range(pl.len()) == 2).then(pl.lit(changed)).otherwise(column).alias(column)
    )
    assert content_hash(other) != content_hash(rows)


def test_the_smallest_change_of_a_figure_and_a_row_more_or_twice_count():
    rows = safe_rows()
    nudged = rows.with_columns(waarde=pl.col("waarde") * (1 + 2**-52))
    hashes = {content_hash(frame) for frame in (rows, nudged, rows[:-1], pl.concat([rows, rows[:1]]))}
    assert len(hashes) == 4


def test_minus_zero_and_whole_numbers_are_what_databases_make_of_them():
    rows = safe_rows().with_columns(waarde=pl.lit(0.0))
    assert content_hash(rows.with_columns(waarde=pl.lit(-0.0))) == content_hash(rows)
    assert content_hash(rows.with_columns(waarde=pl.lit(0))) == content_hash(rows)


def test_a_figure_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        content_hash(safe_rows().with_columns(waarde=pl.lit(float("nan"))))


# --- when ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "newest", "expected"),
    [
        (date(2022, 10, 31), date(2022, 10, 1), None),
        (NOVEMBER, NOVEMBER, NOVEMBER),
        (date(2023, 2, 15), date(2023, 1, 31), NOVEMBER),
        (date(2023, 2, 15), FEBRUARY, FEBRUARY),
        (date(2023, 1, 31), FEBRUARY, NOVEMBER),
        (date(2024, 3, 1), date(2024, 2, 1), AUGUST),
        (date(2024, 3, 1), None, None),
    ],
)
def test_a_release_needs_its_day_and_deliveries_up_to_it(today: date, newest: date | None, expected: date | None):
    release = release_on_calendar(RELEASES, today, newest)
    assert (release[0] if release else None) == expected


def out(day: date, number: int, sha: str) -> Published:
    return Published(PublicationId(YEAR, day, number), sha)


def test_the_first_publication_has_the_status_of_the_calendar():
    assert due(YEAR, FEBRUARY, RELEASES, [], "a") == Due(PublicationId(YEAR, FEBRUARY, 1), "voorlopig")
    assert due(YEAR, AUGUST, RELEASES, [], "a") == Due(PublicationId(YEAR, AUGUST, 1), "definitief")
    assert due(YEAR, date(2023, 3, 3), RELEASES, [], "a") == Due(PublicationId(YEAR, date(2023, 3, 3), 1), "voorlopig")
    assert due(YEAR, None, RELEASES, [], "a") is None


def test_unchanged_content_is_not_published_again():
    assert due(YEAR, FEBRUARY, RELEASES, [out(FEBRUARY, 1, "a")], "a") is None
    assert requested(YEAR, FEBRUARY, RELEASES, [out(FEBRUARY, 1, "a")], "a") == out(FEBRUARY, 1, "a")


def test_changed_content_is_a_revision_of_the_latest():
    published = [out(FEBRUARY, 2, "b"), out(FEBRUARY, 1, "a"), out(NOVEMBER, 7, "c")]
    assert due(YEAR, FEBRUARY, RELEASES, published, "d") == Due(PublicationId(YEAR, FEBRUARY, 3), "herzien")
    # back to what the first one said is a change too
    assert due(YEAR, FEBRUARY, RELEASES, published, "a") == Due(PublicationId(YEAR, FEBRUARY, 3), "herzien")


def test_publications_of_another_school_year_do_not_count():
    other = Published(PublicationId("2021-2022", FEBRUARY, 4), "a")
    assert due(YEAR, FEBRUARY, RELEASES, [other], "a") == Due(PublicationId(YEAR, FEBRUARY, 1), "voorlopig")


def test_what_is_asked_to_be_final_is_final_at_once_and_a_later_change_of_it_is_a_revision():
    """One request, one publication: figures that changed do not come out as a revision first."""
    known = [out(FEBRUARY, 1, "a")]
    asked = requested(YEAR, FEBRUARY, RELEASES, known, "b")
    assert isinstance(asked, Due)
    cut = final(asked)
    assert cut == Due(PublicationId(YEAR, FEBRUARY, 2), "definitief")
    assert final(Due(PublicationId(YEAR, FEBRUARY, 1), "voorlopig")).status == "definitief"
    known.append(Published(cut.id, "b", cut.status))
    again = requested(YEAR, FEBRUARY, RELEASES, known, "b")
    assert isinstance(again, Published)
    assert made_final(again, known) is None, "the same request again brings out nothing"
    assert due(YEAR, FEBRUARY, RELEASES, known, "c") == Due(PublicationId(YEAR, FEBRUARY, 3), "herzien")


def test_the_night_looks_after_the_calendar_and_after_what_is_out():
    assert peildatum_to_watch(RELEASES, [], date(2023, 2, 15), FEBRUARY) == FEBRUARY
    assert peildatum_to_watch(RELEASES, [out(NOVEMBER, 1, "a")], date(2023, 2, 15), FEBRUARY) == FEBRUARY
    early = [out(date(2022, 10, 10), 1, "a")]
    assert peildatum_to_watch(RELEASES, early, date(2022, 10, 20), date(2022, 10, 15)) == date(2022, 10, 10)
    assert peildatum_to_watch(RELEASES, [], date(2022, 10, 20), date(2022, 10, 15)) is None


# --- withdrawn ----------------------------------------------------------------------------------------------


def withdrawn(day: date, number: int, sha: str) -> Published:
    return Published(PublicationId(YEAR, day, number), sha, ingetrokken=True)


def test_withdrawn_figures_never_come_back_by_themselves():
    known = [withdrawn(FEBRUARY, 1, "a")]
    assert due(YEAR, FEBRUARY, RELEASES, known, "a") is None
    assert requested(YEAR, FEBRUARY, RELEASES, known, "a") == known[0]
    assert made_final(known[0], known) is None


def test_only_who_asks_for_it_gets_withdrawn_figures_again_under_a_new_number():
    known = [withdrawn(FEBRUARY, 1, "a")]
    found = requested(YEAR, FEBRUARY, RELEASES, known, "a")
    assert reissued(found, known) == Due(PublicationId(YEAR, FEBRUARY, 2), "herzien")
    standing = out(FEBRUARY, 2, "b")
    assert reissued(standing, [*known, standing]) == standing


def test_better_figures_after_a_withdrawal_are_a_revision_and_no_number_is_used_twice():
    assert due(YEAR, FEBRUARY, RELEASES, [withdrawn(FEBRUARY, 1, "a")], "b") == Due(
        PublicationId(YEAR, FEBRUARY, 2), "herzien"
    )
    known = [out(FEBRUARY, 1, "a"), withdrawn(FEBRUARY, 2, "b")]
    assert requested(YEAR, FEBRUARY, RELEASES, known, "a") == known[0]
    assert made_final(known[0], known) == Due(PublicationId(YEAR, FEBRUARY, 3), "definitief")


def test_the_current_publication_is_the_latest_that_was_not_withdrawn():
    november, february = out(NOVEMBER, 2, "a"), withdrawn(FEBRUARY, 1, "b")
    assert current([february, november, out(NOVEMBER, 1, "c")]) == november
    assert current([february]) is None


def test_a_withdrawn_peildatum_is_looked_after_only_while_the_calendar_names_it():
    march = withdrawn(date(2023, 3, 3), 1, "a")
    assert peildatum_to_watch(RELEASES, [march], date(2023, 3, 4), date(2023, 3, 3)) == FEBRUARY


@settings(max_examples=60)
@given(
    events=st.lists(
        st.tuples(st.sampled_from([NOVEMBER, FEBRUARY]), st.sampled_from("abc"), st.sampled_from(["nu", "trek in"])),
        max_size=12,
    )
)
def test_whatever_is_published_and_withdrawn_no_number_comes_twice(events: list[tuple[date, str, str]]):
    known: list[Published] = []
    for day, content, what in events:
        holds = current(p for p in known if p.id.peildatum == day)
        if what == "trek in":
            known = [replace(p, ingetrokken=True) if holds and p.id == holds.id else p for p in known]
            continue
        found = requested(YEAR, day, RELEASES, known, content)
        if isinstance(found, Due):
            assert found.id not in {p.id for p in known}
            assert content not in {p.sha256 for p in known if p.ingetrokken and p.id.peildatum == day}
            known.append(Published(found.id, content, found.status))
        else:
            assert found.sha256 == content


@pytest.mark.parametrize(("found", "failed", "code"), [(True, "", 0), (False, "", 2), (True, " (fout)", 3)])
def test_asking_for_what_was_withdrawn_is_not_a_success(found, failed, code):
    day = date(2023, 2, 1)
    stands = Published(PublicationId("2022-2023", day, 1), "0" * 64) if found else None
    outcome = PublishOutcome("2022-2023", day, stands, nieuw=False, huidig=stands, mislukt=failed)
    assert outcome.exit_code == code
    if code == 2:
        assert "jos publish --peildatum 2023-02-01 --opnieuw" in outcome_text(outcome)
