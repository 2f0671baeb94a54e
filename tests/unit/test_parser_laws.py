"""Laws of every parser, over any text: no exception, never a value with a problem, what is written reads the same.

300 examples each (JOS_FUZZ says how many); each costs a few microseconds.
"""

import os
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline.intake import values as v
from jos_pipeline.intake.header import find_header
from jos_pipeline.intake.naming import delivery_name, parse_name, safe_name
from schemas.columns import Kind
from schemas.contracts import CONTRACTS, KNOWN_HEADINGS
from tests.records import PEILDATUM, region

many = settings(deadline=None, max_examples=int(os.environ.get("JOS_FUZZ", "300")))
REFERENCE = region().reference_on(PEILDATUM, "2022-2023")
SCHOOLS, MUNICIPALITIES = frozenset(REFERENCE.schools), frozenset(REFERENCE.municipalities)
LISTS = {
    field.column.codes.name if hasattr(field.column.codes, "name") else field.name: field.column.codes
    for contract in CONTRACTS.values()
    for field in contract.fields
    if field.column.kind is Kind.CODE
}
PARSERS = {
    "date": v.parse_date,
    "integer": v.parse_integer,
    "decimal": v.parse_decimal,
    "boolean": v.parse_boolean,
    "masked": v.parse_masked,
    "school": lambda text: v.parse_school(text, SCHOOLS),
    "municipality": lambda text: v.parse_municipality(text, MUNICIPALITIES),
    **{f"code {name}": (lambda text, codes=codes: v.parse_code(text, codes)) for name, codes in LISTS.items()},
}
NUMBERLIKE = st.from_regex(r"[+-]?[0-9.,<eE/: T-]{0,16}", fullmatch=True)
ANY = st.one_of(st.text(max_size=20), NUMBERLIKE)


@many
@given(text=ANY)
def test_no_text_makes_a_parser_fail_or_gives_a_value_with_a_problem(text):
    for name, parser in PARSERS.items():
        read = parser(text)
        assert read.value is None or read.problem is None, name
        assert read.problem is None or (read.repair, read.precision, read.least, read.most) == (None,) * 4, name


@many
@given(ANY)
def test_nothing_but_zeros_is_ever_zero(text):
    for parser in (v.parse_integer, v.parse_decimal, v.parse_masked):
        if parser(text).value == 0:
            assert set(text) & set("0")
            assert not set(text) & set("123456789<")


@many
@given(st.integers(2, 9999))
def test_a_masked_count_is_bounds_and_no_value(below):
    read = v.parse_masked(f"<{below}")
    assert (read.value, read.least, read.most) == (None, 1, below - 1)


@many
@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(["", "-", "+"]))
def test_one_point_and_three_digits_are_ambiguous(whole, fraction, sign):
    assert v.parse_decimal(f"{sign}{whole}.{fraction:03}").problem == v.AMBIGUOUS_DECIMAL


@many
@given(st.dates(date(1000, 1, 1)))
def test_a_date_that_was_read_reads_the_same_when_written(day):
    for form in (day.isoformat(), f"{day.day}/{day.month}/{day.year}", f"{day:%Y%m%d}"):
        first = v.parse_date(form)
        assert first.value == day
        assert v.parse_date(first.value.isoformat()) == first


@many
@given(ANY)
def test_reading_twice_is_reading_once(text):
    for name in ("school", "municipality", *(f"code {name}" for name in LISTS)):
        once = PARSERS[name](text)
        assert PARSERS[name](once.value).value == once.value


@many
@given(
    st.lists(st.lists(st.one_of(st.text(max_size=8), st.sampled_from(sorted(KNOWN_HEADINGS))), max_size=6), max_size=8)
)
def test_a_header_is_one_of_the_first_rows(rows):
    header = find_header(rows, KNOWN_HEADINGS)
    assert header is None or (header.fields == tuple(rows[header.index]) and header.index < 6 and header.known > 0)


@many
@given(st.sampled_from(sorted(CONTRACTS)), st.integers(1995, 2090), st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_a_name_that_was_made_reads_the_same(soort, year, day):
    read = parse_name(delivery_name(soort, f"{year}-{year + 1}", day))
    assert (read.soort, read.schooljaar, read.peildatum, read.impossible_day) == (
        soort,
        f"{year}-{year + 1}",
        day,
        False,
    )


@many
@given(st.text(max_size=160))
def test_any_text_can_be_a_name(name):
    parse_name(name)
    assert 0 < len(safe_name(name)) <= 120
