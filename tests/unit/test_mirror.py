"""The spiegelrapport: every row is told once, a difference adds up, and nothing of a person is in it."""

import json
from dataclasses import replace
from datetime import date
from functools import lru_cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline.comparing import NotComparableError, comparison_problem, comparison_text, mirror_beside
from jos_pipeline.intake.gate import judge
from jos_pipeline.mirror.difference import Difference, difference
from jos_pipeline.mirror.page import headline, mirror_html, mirror_json, mirror_text, questions
from jos_pipeline.mirror.reach import Unit
from jos_pipeline.mirror.report import Delivered, mirror_of
from jos_pipeline.mirror.tallies import Change, Ground
from jos_pipeline.pseudonym import with_leerling_id
from schemas.columns import Kind
from schemas.contracts import CONTRACTS
from tests.records import (
    PEILDATUM,
    SCHOOLJAAR,
    accepted_frame,
    csv_bytes,
    delivery,
    name_of,
    region,
    supplier_of,
    valid_records,
)

PLAIN = {
    "trajecten": "aanmelddatum",
    "inzet": "begindatum",
    "activiteiten": "datum",
    "leerlingen": "inschrijfdatum",
    "tlv": "aanvraagdatum",
    "thuiszitters": "begindatum",
    "jeugdhulp": "aanvang",
    "wachttijden": "aanmelddatum",
    "leerplicht": "begindatum",
    "inwoners": "peildatum",
    "verzuim": "begindatum",
    "begeleiders": "peildatum",
    "enquete": None,
    "opgave": None,
}


def delivered(soort, rows=None, leverancier=None):
    rows = accepted_frame(soort) if rows is None else rows
    who = leverancier or supplier_of(soort)
    return Delivered(soort, SCHOOLJAAR, PEILDATUM, who, name_of(soort), "a" * 64, rows)


def tally(mirror, ground, column=None):
    found = next(one for one in mirror.tallies if one.ground is ground and column in (None, one.column))
    return {line.value: (line.rows.now, line.rows.before) for line in found.lines}


def test_every_soort_is_counted_by_the_date_that_leads_it():
    assert {soort: contract.leading_date for soort, contract in CONTRACTS.items()} == PLAIN


# --- the difference of a herlevering ---------------------------------------------------------------------------


@lru_cache
def _cells(soort):
    return accepted_frame(soort, 12)


@st.composite
def two_deliveries(draw):
    """Two deliveries of one soort: rows of a common stock, with other values in columns that are no key."""
    contract = CONTRACTS[draw(st.sampled_from(sorted(CONTRACTS)))]
    stock = _cells(contract.soort)
    free = [field.name for field in contract.fields if field.name not in contract.key]
    rows = st.integers(0, stock.height - 1)
    picks = st.lists(st.tuples(rows, rows, st.sampled_from(free)), max_size=12, unique_by=lambda pick: pick[0])

    def frame(chosen):
        parts = [stock[row].with_columns(stock[other].select(column)) for row, other, column in chosen]
        return pl.concat(parts) if parts else stock.clear()

    return contract, frame(draw(picks)), frame(draw(picks))


@settings(max_examples=40)
@given(two_deliveries(), st.randoms(use_true_random=False))
def test_new_changed_and_unchanged_are_the_new_rows_and_the_order_never_matters(pair, random):
    contract, new, old = pair
    found = difference(new, old, contract)
    assert found.new + found.changed + found.unchanged == new.height
    assert found.dropped + found.changed + found.unchanged == old.height
    assert all(0 < count <= found.changed for _, count in found.columns)
    assert found.changed <= sum(count for _, count in found.columns)
    assert difference(_shuffled(new, random), _shuffled(old, random), contract) == found
    back = difference(old, new, contract)
    assert (back.new, back.dropped, back.changed, back.columns) == (
        found.dropped,
        found.new,
        found.changed,
        found.columns,
    )
    assert difference(new, new, contract) == Difference(0, 0, 0, new.height, (), bool(contract.key))


def _shuffled(frame, random):
    order = random.sample(range(frame.height), frame.height)
    return frame[order].select(random.sample(frame.columns, frame.width))


def test_a_changed_row_names_the_columns_that_changed():
    old = accepted_frame("trajecten", 40)
    new = old[5:].with_columns(
        nut=pl.when(pl.col("traject_id") == "A-40").then(pl.lit(9, pl.Int64)).otherwise("nut"),
        einddatum_precisie=pl.when(pl.col("traject_id").is_in(["A-39", "A-40"]))
        .then(pl.lit("maand"))
        .otherwise("einddatum_precisie"),
    )
    found = difference(new, old, CONTRACTS["trajecten"])
    assert (found.new, found.changed, found.dropped, found.unchanged) == (0, 2, 5, 33)
    assert found.columns == (("einddatum", 2), ("nut", 1))


def test_without_a_key_a_changed_row_is_one_dropped_and_one_new_and_equal_rows_are_counted():
    row = accepted_frame("activiteiten", 1)
    old = pl.concat([row, row, row])
    new = pl.concat([row, row, row.with_columns(minuten=pl.lit(999, pl.Int64))])
    found = difference(new, old, CONTRACTS["activiteiten"])
    assert (found.new, found.changed, found.dropped, found.unchanged, found.by_key) == (1, 0, 1, 2, False)


def test_an_empty_cell_in_a_key_is_a_value_like_any_other():
    rows = accepted_frame("inzet", 20)
    assert rows["team"].null_count() == 20
    assert difference(rows, rows, CONTRACTS["inzet"]).unchanged == 20


def test_a_date_in_the_key_that_is_known_less_precisely_is_a_change():
    old = accepted_frame("thuiszitters", 10)
    new = old.with_columns(begindatum_precisie=pl.lit("maand"))
    found = difference(new, old, CONTRACTS["thuiszitters"])
    assert (found.changed, found.columns) == (10, (("begindatum", 10),))


def test_keys_that_are_not_unique_are_compared_as_whole_rows():
    rows = accepted_frame("tlv", 4)
    found = difference(pl.concat([rows, rows]), rows, CONTRACTS["tlv"])
    assert found == Difference(4, 0, 0, 4, by_key=False)


def test_rows_as_in_the_lake_are_compared_by_leerling_id():
    old = with_leerling_id(accepted_frame("leerlingen"), b"k" * 32)
    new = with_leerling_id(accepted_frame("leerlingen"), b"k" * 32)
    other = with_leerling_id(accepted_frame("leerlingen"), b"l" * 32)
    assert difference(new, old, CONTRACTS["leerlingen"]).nothing
    assert difference(other, old, CONTRACTS["leerlingen"]).unchanged == 0


def test_a_column_that_an_older_contract_did_not_have_is_no_difference():
    rows = accepted_frame("tlv")
    older = rows.drop("terugstroomdatum", "terugstroomdatum_precisie")
    assert difference(rows, older, CONTRACTS["tlv"]).nothing
    mirror = mirror_of(delivered("tlv", rows), region(), delivered("tlv", older))
    assert mirror.rows == Change(40, 40)


# --- counts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("soort", CONTRACTS)
def test_every_table_of_every_soort_tells_every_row_once(soort):
    rows = accepted_frame(soort)
    mirror = mirror_of(delivered(soort, rows), region(), delivered(soort, rows[10:]))
    assert mirror.rows == Change(rows.height, rows.height - 10)
    assert mirror.tallies
    for one in mirror.tallies:
        assert sum(line.rows.now for line in one.lines) == rows.height, one.column
        assert sum(line.rows.before for line in one.lines) == rows.height - 10, one.column
    assert {one.column for one in mirror.filled} == set(CONTRACTS[soort].by_name)


def test_schools_gemeenten_periods_and_codes_are_counted_beside_the_delivery_before():
    rows = accepted_frame("trajecten", 40)
    half = rows.with_columns(school=pl.when(pl.int_range(pl.len()) < 30).then("school").otherwise(pl.lit("02TD03")))
    mirror = mirror_of(delivered("trajecten", half), region(), delivered("trajecten", rows))
    assert tally(mirror, Ground.SCHOOL) == {"02TD03": (10, 0), "19ZQ00": (30, 40)}
    assert tally(mirror, Ground.CODE, "vorm") == {"individueel": (20, 20), "groep": (20, 20)}
    assert tally(mirror, Ground.CODE, "overbrugging") == {"ja": (20, 20), "nee": (20, 20)}
    assert set(tally(mirror, Ground.GEMEENTE)) == set(half["woongemeente"].unique())
    months = tally(mirror, Ground.MAAND)
    september = half["aanmelddatum"].dt.month().eq(9).sum()
    assert months["2022-09"] == (september, september)
    assert months["2022-12"] == (0, 0), "a month without rows is told"
    assert "2023-02" not in months, "the peildatum is its first day"
    assert mirror.pupils == Change(40, 40)
    total = next(one for one in mirror.totals if one.column == "aantal_gesprekken")
    assert total.total.now == half["aantal_gesprekken"].sum()
    dates = next(one for one in mirror.filled if one.column == "aanmelddatum")
    assert (dates.earliest, dates.latest) == (half["aanmelddatum"].min(), half["aanmelddatum"].max())


def test_dates_outside_the_school_year_and_dates_known_to_the_year_stand_apart():
    rows = accepted_frame("trajecten", 4).with_columns(
        aanmelddatum=pl.Series([date(2021, 5, 1), date(2023, 8, 2), date(2023, 1, 1), date(2023, 1, 1)]),
        aanmelddatum_precisie=pl.Series(["dag", "dag", "jaar", "maand"]),
    )
    counted = tally(mirror_of(delivered("trajecten", rows), region()), Ground.HALFJAAR)
    assert counted == {"eerder": (1, None), "halfjaar_2": (1, None), "later": (1, None), "alleen_jaar": (1, None)}


def test_a_large_change_is_marked():
    assert [Change(*pair).is_jump for pair in ((10, 40), (0, 5), (5, 0), (130, 100))] == [True] * 4
    assert [Change(*pair).is_jump for pair in ((9, 5), (0, 4), (110, 100), (12, None), (0, 0))] == [False] * 5


def test_a_school_without_rows_is_named_and_a_team_reaches_its_schools():
    rows = accepted_frame("activiteiten", 4)
    team = rows.with_columns(school=pl.lit(None, pl.String), team=pl.lit("castricum"))
    found = mirror_of(delivered("activiteiten", pl.concat([rows, team])), region())
    schools = next(one for one in found.reach if one.unit is Unit.SCHOOLS)
    assert (schools.expected, schools.with_rows) == (8, 4)
    assert {code for code, _ in schools.without} == {"02TD03", "02QX03", "99SP00", "08UV00"}
    assert any("PCC Oosterhout" in one for one in questions(found))


def test_what_is_expected_follows_from_the_kind_of_supplier():
    def reached(soort, leverancier):
        return {str(one.unit): one.expected for one in mirror_of(delivered(soort, None, leverancier), region()).reach}

    assert reached("trajecten", "groeimee") == {"scholen": 8, "gemeenten": 6}
    assert reached("leerlingen", "19zq00") == {"scholen": 1}
    assert reached("jeugdhulp", "gm0361") == {"gemeenten": 1}
    assert reached("tlv", "vo2704") == {"scholen": 3}
    assert reached("enquete", "onbekend") == {}


# --- how it is told --------------------------------------------------------------------------------------------


def test_first_comes_what_a_school_checks_first():
    rows = accepted_frame("leerlingen", 40)
    now, before = delivered("leerlingen", rows), delivered("leerlingen", rows[14:])
    assert headline(mirror_of(now, region())) == "U leverde 40 leerlingen in 40 rijen."
    told = headline(mirror_of(now, region(), before))
    assert told == "U leverde 40 leerlingen in 40 rijen. Vorige keer: 26 (+14), in 26 rijen (+14)."
    assert headline(mirror_of(delivered("inwoners"), region())) == "U leverde 40 rijen."


def test_another_key_is_noticed():
    old, new = (with_leerling_id(accepted_frame("leerlingen"), key * 32) for key in (b"k", b"l"))
    told = list(questions(mirror_of(delivered("leerlingen", new), region(), delivered("leerlingen", old))))
    assert "andere sleutel" in told[0]


@pytest.mark.parametrize("soort", CONTRACTS)
def test_no_number_of_a_person_and_no_free_text_is_told(soort):
    contract = CONTRACTS[soort]
    canary = "Xavier-Canarie"
    text = [f.name for f in contract.fields if f.column.kind is Kind.TEXT and f.name != "team"]
    rows = accepted_frame(soort)
    marked = rows.with_columns(pl.lit(canary).alias(name) for name in text)
    mirror = mirror_of(delivered(soort, marked), region(), delivered(soort, rows))
    for told in (mirror_html(mirror), mirror_text(mirror), json.dumps(mirror_json(mirror))):
        assert canary not in told
        assert "0000000000000001" not in told, "a pseudonym"


@pytest.mark.parametrize("soort", CONTRACTS)
@pytest.mark.parametrize("count", [0, 40])
def test_the_page_is_well_formed_and_asks_nothing_of_the_network(soort, count):
    rows = accepted_frame(soort, 40)[:count]
    for before in (None, delivered(soort, accepted_frame(soort, 40))):
        page = mirror_html(mirror_of(delivered(soort, rows), region(), before))
        assert page.count("<table>") == page.count("<caption>")
        assert page.count("<th ") == page.count('<th scope="')
        assert "None" not in page
        assert "nan" not in page.lower().split()
        assert not [bad for bad in ("http:", "https:", "src=", "@import", "url(", "<script") if bad in page]


def test_names_are_escaped():
    odd = replace(delivered("tlv"), file_name="<script>.csv")
    assert "<script>" not in mirror_html(mirror_of(odd, region(), odd))


# --- jos check --vorige ----------------------------------------------------------------------------------------


def _verdict(content, soort="trajecten"):
    return judge(content, name_of(soort), PEILDATUM, region(), supplier_of(soort))


def test_a_file_is_compared_with_the_previous_one_of_its_supplier():
    previous = (delivery("trajecten", 40), name_of("trajecten"), PEILDATUM)
    mirror = mirror_beside(_verdict(csv_bytes(valid_records("trajecten", 50)[5:])), previous, region())
    found = mirror.difference
    assert (found.new, found.changed, found.dropped, found.unchanged) == (10, 0, 5, 35)
    assert "vervallen            5" in comparison_text(mirror)


def test_a_refused_file_is_not_compared():
    assert mirror_beside(_verdict(b""), None, region()) is None
    assert comparison_text(None).startswith("NIET VERGELEKEN")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", name_of("trajecten")),
        (delivery("activiteiten"), name_of("activiteiten")),
        (delivery("trajecten"), "trajecten_2023-2024_2024-02-01.csv"),
    ],
    ids=["refused", "another soort", "another year"],
)
def test_what_this_file_would_not_replace_is_not_compared_with(content, name):
    with pytest.raises(NotComparableError):
        mirror_beside(_verdict(delivery("trajecten")), (content, name, PEILDATUM), region())


def test_options_that_make_no_sense_together_are_told():
    assert comparison_problem(1, "groeimee", "x", geldend=True)
    assert comparison_problem(2, None, "x", geldend=False)
    assert comparison_problem(1, None, None, geldend=True)
    assert comparison_problem(3, "groeimee", None, geldend=True) is None
    assert comparison_problem(1, None, "x", geldend=False) is None
