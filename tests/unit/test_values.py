"""What a cell means: every accepted form, every refusal, and that no text whatsoever makes a parser fail."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline.intake.values import (
    is_missing,
    parse_boolean,
    parse_code,
    parse_column,
    parse_date,
    parse_decimal,
    parse_integer,
    parse_municipality,
    parse_school,
)
from schemas import codelists as lists
from schemas import columns as c
from schemas.contract import COMPANIONS, DTYPES, PRECISION, Reference, value_rules
from schemas.contracts import CONTRACTS
from schemas.naming import fold, tidy

calm = settings(deadline=None)

SCHOOLS = frozenset({"02TD03", "19ZQ00", "00ZD00"})
MUNICIPALITIES = frozenset({"GM0361", "GM1980"})
REFERENCE = Reference(sorted(SCHOOLS), sorted(MUNICIPALITIES), ["castricum"], date(2024, 2, 1))
DAY = date(2023, 2, 1)
ALL_COLUMNS = {field.column for contract in CONTRACTS.values() for field in contract.fields}


@pytest.mark.parametrize(
    "text",
    [
        *("2023-02-01", "01-02-2023", "1-2-2023", "1/2/2023", "01/02/2023", "20230201", "44958"),
        *("2023-02-01 00:00:00", "2023-02-01T00:00:00", "2023-02-01 00:00:00.000", "1-2-2023 00:00"),
        *("1-2-2023 0:00:00", "01-02-2023 0:00"),
        *(" 2023-02-01 ", "2023-02-01\u00a0"),
    ],
)
def test_every_form_of_a_date(text):
    assert parse_date(text).value == DAY
    assert parse_date(text).precision == "dag"


@pytest.mark.parametrize(
    "text",
    [
        *("2/13/2023", "31-02-2023", "29-02-2023", "2023-13-01", "1-2-23", "01/02/23", "1-2/2023", "2023-2-1"),
        *("20231301", "20230231", "20230001", "2023020", "01022023", "2023-02-01 13:05:00", "19999", "80001"),
        *("0000-00-00", "00000000", "00002301", "gisteren", "1 februari 2023", "44958,5", "٢٠٢٣-٠٢-٠١", "#N/A"),
    ],
)
def test_a_date_that_is_impossible_or_may_mean_two_things_is_refused(text):
    assert parse_date(text).problem == "JOS-E021"
    assert parse_date(text).value is None


def test_a_date_known_to_the_month_or_year():
    month, year = parse_date("20230200"), parse_date("20230000")
    assert (month.value, month.precision, month.repair) == (date(2023, 2, 1), "maand", "JOS-S009")
    assert (year.value, year.precision, year.repair) == (date(2023, 1, 1), "jaar", "JOS-S009")


def test_an_excel_serial_is_reported():
    assert parse_date("44958").repair == "JOS-S010"
    assert parse_date("20000").value == date(1954, 10, 3)
    assert parse_date("80000").value == date(2119, 1, 11)
    assert parse_date("44958.0") == parse_date("44958")
    assert parse_date("44958.5").problem == "JOS-E021"


@calm
@given(st.dates(min_value=date(1000, 1, 1)))
def test_dates_round_trip_in_every_form(day):
    forms = (
        day.isoformat(),
        f"{day:%d-%m-%Y}",
        f"{day.day}-{day.month}-{day.year}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%Y%m%d}",
        f"{day.isoformat()}T00:00:00",
    )
    assert {parse_date(form).value for form in forms} == {day}


@calm
@given(st.integers(20_000, 80_000))
def test_serials_round_trip(serial):
    assert parse_date(str(serial)).value == date(1899, 12, 30) + timedelta(days=serial)


def dutch(number: int) -> str:
    return f"{number:,}".replace(",", ".")


@calm
@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_integers_round_trip(number):
    for form in (str(number), dutch(number), f"{number},0", f"{number}.0", f"{dutch(number)},00"):
        assert parse_integer(form).value == number


@pytest.mark.parametrize(
    "text",
    [
        *("2,5", "2.5", "drie", "1.61", "1.6111", "16.11.611", "1611.611", "0.611", "5,000", "1,611", "1 611", "--5"),
        *("", "+", "1e3", "5.", "٣", "9" * 16, "inf", "nan", "<5"),
    ],
)
def test_an_integer_that_is_none_is_refused(text):
    assert parse_integer(text).problem == "JOS-E023"


def test_thousands_points_group_by_three():
    assert parse_integer("1.611").value == 1611
    assert parse_integer("12.345.678").value == 12_345_678
    assert parse_integer("+5").value == 5


@calm
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_decimals_with_a_comma_round_trip(number):
    sign, digits = ("-" if number < 0 else ""), f"{abs(number):.4f}"
    whole, fraction = digits.split(".")
    for form in (f"{sign}{whole},{fraction}", f"{sign}{dutch(int(whole))},{fraction}"):
        assert parse_decimal(form).value == float(number)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("0.8", 0.8), ("13.76", 13.76), ("1.5", 1.5), ("0.125", 0.125), ("1234.567", 1234.567), ("1.6111", 1.6111)),
        *(("1.611,5", 1611.5), ("1,611", 1.611), ("12.345.678", 12_345_678.0), ("0", 0.0), ("-0,5", -0.5)),
        *((",5", 0.5), (".5", 0.5), ("13,76", 13.76)),
    ],
)
def test_decimals(text, value):
    assert parse_decimal(text).value == value


@pytest.mark.parametrize("text", ["1.611", "12.345", "123.456", "-1.611", "+1.000"])
def test_a_point_that_may_mark_thousands_is_ambiguous(text):
    assert parse_decimal(text).problem == "JOS-E024"


@pytest.mark.parametrize(
    "text",
    ["", ",", ".", "inf", "nan", "-inf", "1e5", "1,5e3", "1,611.5", "1.61,5", "1.2.3", "halve dag", "0x1", "9" * 16],
)
def test_a_decimal_that_is_none_is_refused(text):
    assert parse_decimal(text).problem == "JOS-E025"


@calm
@given(st.integers(1, 999), st.integers(0, 999))
def test_no_reading_of_one_point_and_three_digits_is_ever_guessed(whole, fraction):
    assert parse_decimal(f"{whole}.{fraction:03d}").problem == "JOS-E024"


@pytest.mark.parametrize("text", ["ja", "JA", "Ja", "J", "j", "1", "true", "TRUE", "01", "x", "X", "waar"])
def test_yes(text):
    assert parse_boolean(text).value is True


@pytest.mark.parametrize("text", ["nee", "NEE", "N", "n", "0", "false", "False", "02", "onwaar"])
def test_no(text):
    assert parse_boolean(text).value is False


@pytest.mark.parametrize("text", ["misschien", "2", "10", "jaa", "ja nee", "", "y"])
def test_neither_yes_nor_no(text):
    assert parse_boolean(text).problem == "JOS-E026"


@pytest.mark.parametrize(
    "text", ["", " ", "\u00a0", "NULL", "null", "-", "n.v.t.", "N.v.t.", "nvt", "onbekend", "Onbekend"]
)
def test_missing(text):
    assert is_missing(text)
    assert not is_missing("nee")


def test_onbekend_is_a_value_where_the_code_list_has_it():
    assert is_missing("onbekend", lists.FUNCTIE)
    assert not is_missing("onbekend", lists.UITSTROOM)
    assert parse_column(pl.Series(["onbekend"]), c.UITSTROOM, REFERENCE).values.to_list() == ["onbekend"]
    assert parse_column(pl.Series(["onbekend"]), c.GESLACHT, REFERENCE).values.to_list() == ["O"]


@pytest.mark.parametrize("codes", sorted({col.codes.name for col in ALL_COLUMNS if col.codes}))
def test_every_spelling_of_every_code_list_is_read(codes):
    code_list = next(col.codes for col in ALL_COLUMNS if col.codes and col.codes.name == codes)
    for code in code_list.values:
        assert parse_code(code, code_list) == parse_code(f" {code.upper()} ", code_list)
        assert parse_code(code, code_list).value == code
        assert parse_code(code, code_list).repair is None
        assert parse_code(code.replace("_", " "), code_list).repair is None
    for code in code_list.codes:
        for spelling in (code.code, code.label, *code.aliases):
            read = parse_code(spelling, code_list)
            assert read.value == code.code
            assert (read.repair is None) == (fold(spelling) == fold(code.code))


@pytest.mark.parametrize("text", ["12-13", "12 - 13", "12\u201313", "'12-13"])
def test_a_dash_may_be_written_in_more_ways(text):
    assert parse_code(text, lists.LEEFTIJDSKLASSE).value == "12-13"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("1.1", lists.HULPVORM),
        ("1,2", lists.HULPVORM),
        ("1-3", lists.HULPVORM),
        ("-2", lists.VERWIJZER),
        ("-1", lists.TLV_CATEGORIE),
        ("1213", lists.LEEFTIJDSKLASSE),
        ("18-", lists.LEEFTIJDSKLASSE),
        ("47", lists.LEEFTIJDSKLASSE),
    ],
)
def test_signs_count_in_codes_without_letters(text, codes):
    assert parse_code(text, codes).value not in codes.values


def test_repairs_of_codes():
    assert parse_code("J&G coach", lists.FUNCTIE).repair == "JOS-S007"
    assert parse_code("1", lists.VERWIJZER).value == "01"
    assert parse_code("1", lists.VERWIJZER).repair == "JOS-S004"
    assert parse_code("Huisarts", lists.VERWIJZER).repair == "JOS-S007"
    assert parse_code("1", lists.PREVENTIE).repair == "JOS-S007"
    assert parse_code("1", lists.TLV_CATEGORIE).repair is None


def test_an_unknown_code_stays_for_the_contract():
    read = parse_code(" psycholoog ", lists.FUNCTIE)
    assert (read.value, read.problem, read.repair) == ("psycholoog", None, None)


@pytest.mark.parametrize(
    ("text", "value", "repair"),
    [
        ("19ZQ00", "19ZQ00", None),
        ("19zq 00", "19ZQ00", None),
        ("2TD03", "02TD03", "JOS-S004"),
        ("9ZQ00", "9ZQ00", None),
        ("0ZD00", "00ZD00", "JOS-S004"),
        ("ZD00", "ZD00", None),
        ("Stedelijk Dalton", "STEDELIJKDALTON", None),
    ],
)
def test_schools(text, value, repair):
    read = parse_school(text, SCHOOLS)
    assert (read.value, read.repair, read.problem) == (value, repair, None)


@pytest.mark.parametrize(
    ("text", "value", "repair"),
    [
        ("GM0361", "GM0361", None),
        ("gm0361", "GM0361", None),
        ("GM0361    ", "GM0361", None),
        ("0361", "GM0361", "JOS-S004"),
        ("361", "GM0361", "JOS-S004"),
        ("GM361", "GM0361", "JOS-S004"),
        ("gm 361", "GM0361", "JOS-S004"),
        ("398", "398", None),
        ("GM0398", "GM0398", None),
        ("Alkmaar", "ALKMAAR", None),
        ("10361", "10361", None),
    ],
)
def test_municipalities(text, value, repair):
    read = parse_municipality(text, MUNICIPALITIES)
    assert (read.value, read.repair, read.problem) == (value, repair, None)


@calm
@given(st.text())
def test_no_text_makes_a_parser_fail(text):
    is_missing(text, lists.FUNCTIE)
    readings = (
        parse_date(text),
        parse_integer(text),
        parse_decimal(text),
        parse_boolean(text),
        parse_code(text, lists.VERWIJZER),
        parse_school(text, SCHOOLS),
        parse_municipality(text, MUNICIPALITIES),
    )
    for read in readings:
        assert (read.value is None) == (read.problem is not None)
        assert read.problem is None or read.repair is None


@calm
@given(st.from_regex(r"[+-]?[0-9.,eE/: T-]{0,24}", fullmatch=True))
def test_nothing_that_looks_like_a_number_makes_a_parser_fail(text):
    for read in (parse_date(text), parse_integer(text), parse_decimal(text)):
        assert (read.value is None) == (read.problem is not None)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=8), st.sampled_from(["1", "ja", "44958", "20230200", "361"]))))
def test_a_column_of_any_kind_has_one_typed_entry_per_cell(cells):
    series = pl.Series("k0", cells, dtype=pl.String)
    for column in (
        c.BEGINDATUM,
        c.FTE,
        c.MINUTEN,
        c.NUT,
        c.OVERBRUGGING,
        c.VERWIJZER,
        c.SCHOOL,
        c.WOONGEMEENTE,
        c.TEAM,
    ):
        read = parse_column(series, column, REFERENCE)
        assert read.values.dtype == DTYPES[column.kind]
        assert read.values.name == "k0"
        assert len(read.values) == len(read.problems) == len(cells)
        assert read.values.filter(read.problems.is_not_null()).null_count() == read.problems.drop_nulls().len()
        assert list(read.companions) == list(COMPANIONS.get(column.kind, {}))
        if column.kind is c.Kind.DATE:
            assert read.companions[PRECISION].is_null().to_list() == read.values.is_null().to_list()
        for mask in read.repairs.values():
            assert mask.any()
            assert mask.null_count() == 0
            assert len(mask) == len(cells)


def test_a_column_of_dates():
    cells = pl.Series("k3", ["2023-02-01", None, "20230200", "44958", "2/13/2023", "-", "2023-02-01"])
    read = parse_column(cells, c.BEGINDATUM, REFERENCE)
    assert read.values.to_list() == [DAY, None, DAY, DAY, None, None, DAY]
    assert read.companions[PRECISION].to_list() == ["dag", None, "maand", "dag", None, None, "dag"]
    assert read.problems.to_list() == [None, None, None, None, "JOS-E021", None, None]
    assert {code: mask.arg_true().to_list() for code, mask in read.repairs.items()} == {
        "JOS-S009": [2],
        "JOS-S010": [3],
    }


@calm
@given(st.lists(st.text(max_size=12), min_size=1))
def test_text_and_pseudonyms_are_tidied_alike_in_a_column_and_alone(texts):
    cells = pl.Series("k0", texts, dtype=pl.String)
    typed = str.maketrans("‘’‚‛ʼ´`“”„‟", "'''''''\"\"\"\"")
    expected = [None if is_missing(text) else tidy(text).translate(typed) for text in texts]
    assert parse_column(cells, c.TEAM, REFERENCE).values.to_list() == expected


def _right(column, text):
    """Whether a cell is what its column may hold, apart from what only the region knows."""
    values = parse_column(pl.Series("k0", [text]), column, REFERENCE).values.to_frame()
    return all(values.select(holds(pl.col("k0"))).item() for _, holds in value_rules(column, None))


_NAMES = [
    *("'s Heeren Loo", "Kenter, Haarlem", 'Stichting "De Hoop"', "De Praktijk: jeugd", "#12", "(5)", "Doen!", "A"),
    *('"\'t Kabouterhuis"', "(Jeugd) & gezin", "Zorg + Co", "x" * 60, "#1" + "x" * 58, '"(' + "x" * 58, "Kamer #2"),
]
_NO_NAMES = [
    *("=1+1", "+31", "-1", "@SUM(1)", "\t=1", "'=1+1", '"=1+1"', "'+1", "(-1)", "'@x", "＝1+1", "x=1", "a|b", "a;b"),
    *("#N/A", "#VALUE!", "#DIV/0!", "'", '""', "!", "?", ", Haarlem", ": x", "<b>", "a\0b", "a\u200bb", "a\x1bb"),
    *("x" * 61, "#1" + "x" * 59, "'" + "x" * 60, '"(' + "x" * 59),
]


@pytest.mark.parametrize("column", [c.AANBIEDER, c.TLV_NUMMER, c.TEAM], ids=lambda column: column.name)
def test_names_of_organisations_and_numbers_of_others_are_texts_and_formulas_are_not(column):
    assert [text for text in _NAMES if not _right(column, text)] == []
    assert [text for text in _NO_NAMES if _right(column, text)] == []


@pytest.mark.parametrize("column", [c.TRAJECT_ID, c.MELDING_ID, c.RESPONDENT, c.MEDEWERKER], ids=lambda one: one.name)
def test_own_numbers_and_codes_of_persons_hold_no_signs(column):
    assert _right(column, "T-12/3.4_a")
    names = ("'s", "Jansen, P.", "P Jansen", "#12", "(5)", "a:b", 'a"', "x" * 41)
    assert [text for text in names if _right(column, text)] == []


def test_a_quote_is_the_same_however_it_was_made():
    cells = pl.Series("k0", ["’s Heeren Loo", "‘s Heeren Loo", "`s Heeren Loo", "“De Hoop”", "„De Hoop‟"])
    read = parse_column(cells, c.AANBIEDER, REFERENCE).values.to_list()
    assert read == ["'s Heeren Loo"] * 3 + ['"De Hoop"'] * 2
    assert _right(c.AANBIEDER, cells[0])
    assert not _right(c.MEDEWERKER, cells[0])


def test_a_pseudonym_is_lower_case():
    cells = pl.Series("k0", ["AB" * 32, " ab", "NULL", None])
    assert parse_column(cells, c.PSEUDONIEM, REFERENCE).values.to_list() == ["ab" * 32, "ab", None, None]


def test_columns_that_occur_are_all_read():
    for column in ALL_COLUMNS:
        assert parse_column(pl.Series("k0", ["onzin"]), column, REFERENCE).values.dtype == DTYPES[column.kind]
