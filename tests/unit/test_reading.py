"""Reading tolerance (spec 1.2): a table reads the same in every shape, and nothing but Unreadable escapes."""

import csv
import io
import re
import struct
import zipfile
import zlib
from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jos_pipeline.intake.csv_text import SEPARATORS, read_plain, read_quoted
from jos_pipeline.intake.header import find_header
from jos_pipeline.intake.reading import Limits, Note, RawTable, Unreadable, read_table
from jos_pipeline.intake.workbook import cell_text
from schemas.contracts import KNOWN_HEADINGS
from schemas.naming import tidy

HEADINGS = ("Traject ID", "school", "begindatum", "aanbieder")
ROWS = (
    ("T-1", "19ZQ00", "2023-02-01", "Café Zoë"),
    ("T-2", "02TD03", "", "€ 5 – ’s-Hertogenbosch"),
    ("T-3", "", "2023-02-03", "J&G"),
)
HEADER = "traject_id;school;begindatum\n"


def read(data: bytes | str, **options) -> RawTable:
    return read_table(data.encode() if isinstance(data, str) else data, "x.csv", KNOWN_HEADINGS, **options)


def code_of(data: bytes | str, **options) -> str:
    with pytest.raises(Unreadable) as caught:
        read(data, **options)
    return caught.value.code


def rows_of(table: RawTable) -> list[tuple[str | None, ...]]:
    return table.cells.rows()


def as_csv(separator: str = ";", end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows((HEADINGS, *ROWS))
    return text.getvalue()


def as_xlsx(rows, sheets=("Blad1",), first=(0, 0), hidden=()) -> bytes:
    """A workbook with the same rows on each sheet."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if cell != "":
                        sheet.write(first[0] + number, first[1] + place, cell)
            if name in hidden:
                sheet.hide()
            elif not hidden or name == next(other for other in sheets if other not in hidden):
                sheet.activate()
                sheet.set_first_sheet()
    return target.getvalue()


EXPECTED = [tuple(cell or None for cell in row) for row in ROWS]


def assert_expected(table: RawTable) -> None:
    assert table.headings == HEADINGS
    assert table.cells.columns == ["k0", "k1", "k2", "k3"]
    assert set(table.cells.dtypes) == {pl.String}
    assert rows_of(table) == EXPECTED
    assert table.rows.to_list() == [2, 3, 4]
    assert table.rows.dtype == pl.UInt32
    assert table.ragged == ()


# --- encodings, separators, line ends -----------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_the_same_table_in_every_shape(encoding, separator, end, quoting):
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    table = read((mark + as_csv(separator, end, quoting)).encode(encoding))
    assert_expected(table)
    assert table.notes == ((Note("JOS-S005", 1),) if encoding == "cp1252" else ())


def test_the_same_table_as_workbook():
    table = read(as_xlsx((HEADINGS, *ROWS)))
    assert_expected(table)
    assert table.notes == ()


def test_mixed_line_ends():
    for quoted in ("", '"'):
        table = read(f"traject_id;school\r\n{quoted}a{quoted};b\nc;d\re;f\r\n")
        assert rows_of(table) == [("a", "b"), ("c", "d"), ("e", "f")]
        assert table.rows.to_list() == [2, 3, 4]


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_bytes_of_no_encoding(byte):
    assert code_of(HEADER.encode() + b"caf\xe9;b" + bytes([byte]) + b";c\n") == "JOS-E006"


def test_nul_characters():
    assert code_of(HEADER + "a\0;b;c\n") == "JOS-E062"
    assert code_of((HEADER + "a;b;c\n").encode("utf-16-le")) == "JOS-E062"


def test_two_encodings_in_one_file_are_not_guessed():
    assert code_of(HEADER.encode() + "é;b;c\n".encode() + "é;b;c\n".encode("cp1252")) == "JOS-E006"


def test_a_utf8_file_cut_in_a_letter_is_broken_off_and_not_windows_1252():
    data = (HEADER + "é;b;c\nd;e;é").encode()
    assert code_of(data[:-1]) == "JOS-E003"
    assert code_of(b"\xef\xbb\xbf" + data[:-1]) == "JOS-E003"


def test_utf16_with_half_a_character():
    assert code_of(("\ufeff" + HEADER + "a;b;c\n").encode("utf-16-le")[:-1]) == "JOS-E003"


def test_a_byte_order_mark_is_a_promise():
    assert code_of(b"\xef\xbb\xbf" + HEADER.encode() + "é;b;c\n".encode("cp1252")) == "JOS-E006"


# --- quotes -------------------------------------------------------------------------------------------------------


def test_quoted_fields_with_separators_newlines_and_quotes():
    table = read('traject_id;school;aanbieder\n"a;b";"c\r\nd";"e ""f"" g"\nh;i;j\n')
    assert rows_of(table) == [("a;b", "c d", 'e "f" g'), ("h", "i", "j")]
    assert table.rows.to_list() == [2, 3]


def test_a_quote_that_is_not_closed():
    assert code_of(HEADER + 'a;"b;c\nd;e;f\n') == "JOS-E003"
    assert code_of('"traject_id;school\na;b\n') == "JOS-E003"


def test_text_after_a_closing_quote_is_not_guessed():
    assert code_of(HEADER + 'a;"b"c;d\n') == "JOS-E002"


def test_a_quote_inside_a_field_is_a_character():
    assert rows_of(read(HEADER + 'a;5" scherm;c\n')) == [("a", '5" scherm', "c")]


def test_a_space_before_an_opening_quote():
    assert rows_of(read('"traject_id", "school"\n"a", "b, c"\n')) == [("a", "b, c")]


SAFE = st.text(
    st.one_of(
        st.sampled_from(" \u00a0\u202f\u2009\t;,|é€\x0b\x0c\x1c\x1f\x85\u2028\u3000"),
        st.characters(blacklist_categories=["Cs"], blacklist_characters='"\r\n\0'),
    ),
    max_size=6,
)
LINES = st.lists(st.tuples(st.lists(SAFE, max_size=5), st.sampled_from(["\n", "\r", "\r\n"])), min_size=1, max_size=8)


@settings(deadline=None, max_examples=150)
@given(LINES, st.sampled_from(SEPARATORS), st.booleans())
def test_the_fast_way_equals_the_slow_way(lines, separator, ends):
    text = "".join(separator.join(cells) + end for cells, end in lines)
    text = text if ends else text.rstrip("\r\n")
    for first in ("traject_id{0}school", "titel\r\ntraject_id{0}school{0}{0}", "school"):
        body = first.format(separator) + "\r\n" + text
        header = find_header(list(csv.reader(io.StringIO(body, newline=""), delimiter=separator)), KNOWN_HEADINGS)
        fast, fast_uneven = read_plain(body.encode(), separator, header, Limits())
        slow, slow_uneven = read_quoted(body.encode(), separator, header, Limits())
        height = fast.height  # the fast way leaves out blank lines at the end
        assert slow_uneven[height:].any() is False
        assert all(not (cell or "").strip() for row in slow.rows()[height:] for cell in row)
        assert fast_uneven.to_list() == slow_uneven.to_list()[:height]
        assert tidy_rows(fast) == tidy_rows(slow.head(height))


def tidy_rows(frame: pl.DataFrame) -> list[list[str]]:
    return [[tidy(cell or "") for cell in row] for row in frame.rows()]


@settings(deadline=None)
@example([(["x^00"], "\n")], ";")  # as a compressed file begins
@example([(["x\x01", "a"], "\n")], ";")
@given(LINES, st.sampled_from(SEPARATORS))
def test_quotes_around_the_header_change_nothing(lines, separator):
    text = "".join(separator.join(cells) + end for cells, end in lines)
    plain = f"traject_id{separator}school\n"
    quoted = f'"traject_id"{separator}"school"\n'
    assert outcome((plain + text).encode()) == outcome((quoted + text).encode())


def outcome(data: bytes) -> object:
    """What reading gives, in a form that compares; any other exception than Unreadable fails the test."""
    try:
        table = read(data)
    except Unreadable as problem:
        return problem.code
    return (table.headings, rows_of(table), table.rows.to_list(), table.notes, table.ragged)


# --- header, titles, totals, blank and uneven rows ----------------------------------------------------------------


def test_title_rows_count_and_are_reported():
    table = read("Overzicht trajecten\n\nSchool: Jan Arentsz;\n" + HEADER + "a;b;c\n")
    assert table.rows.to_list() == [5]
    assert table.notes == (Note("JOS-S003", 3, (1, 2, 3)),)


def test_five_title_rows_and_no_more():
    assert read("titel\n" * 5 + HEADER + "a;b;c\n").rows.to_list() == [7]
    assert code_of("titel\n" * 6 + HEADER + "a;b;c\n") == "JOS-E007"


@pytest.mark.parametrize(
    "header", ["TRAJECT-ID;School ;BEGINDATUM", "traject id;SCHOOL;begin_datum", "trajectnummer;BRIN6;ingang"]
)
def test_headings_in_any_spelling(header):
    assert read(header + "\na;b;c\n").headings == tuple(tidy(heading) for heading in header.split(";"))


def test_the_row_with_most_known_headings_is_the_header():
    assert read("school;datum\n" + HEADER + "a;b;c\n").headings == ("traject_id", "school", "begindatum")


def test_a_separator_in_a_heading_does_not_mislead():
    assert read("leer- of verblijfsjaar, groep;school;datum,\n1;b;c\n").headings[1:] == ("school", "datum,")


def test_no_header():
    assert code_of("a;b;c\n1;2;3\n") == "JOS-E007"
    assert code_of("school;x;y\n1;2;3\n") == "JOS-E007"


def test_a_single_column():
    assert rows_of(read("school\n19ZQ00\n\n02TD03\n")) == [("19ZQ00",), ("02TD03",)]


def test_the_separator_line_of_excel_counts_as_a_row():
    for line in ("sep=;", '"sep=;"'):
        table = read(f"{line}\r\n{HEADER}a;b;c\n")
        assert table.rows.to_list() == [3]
        assert table.notes == ()


def test_blank_rows_between_are_reported_and_at_the_end_dropped():
    table = read(HEADER + "a;b;c\n\n;;\n \u00a0;;\nd;e;f\n\n;;;;\n")
    assert table.rows.to_list() == [2, 6]
    assert table.notes == (Note("JOS-S006", 3, (3, 4, 5)),)


@pytest.mark.parametrize("total", ["Totaal", "TOTAAL:", "Totalen", "eindtotaal;3", "Subtotaal 2023;3;4", ";totaal: 5;"])
def test_totals_are_dropped_and_reported(total):
    table = read(HEADER + f"a;b;c\n{total}\nd;e;f\n")
    assert table.rows.to_list() == [2, 4]
    assert table.notes == (Note("JOS-S002", 1, (3,)),)
    assert table.ragged == ()


_REPORTED = "school;periode;indicator;teller"


@pytest.mark.parametrize("first", ["uitsplitsing", "Uitsplitsing", "categorie", "categorie;uitsplitsing"])
def test_the_word_for_totals_is_a_value_where_the_contract_says_so(first):
    empty = ";" * first.count(";")
    header = f"{first};{_REPORTED}\n"
    told = f"{empty}totaal;19ZQ00;schooljaar;jos_leerlingen;12\n"
    table = read(f"{header}{told}{empty}Totaal;02TD03;schooljaar;jos_leerlingen;<5\n")
    assert table.rows.to_list() == [2, 3]
    assert table.notes == ()
    table = read(f"{header}{told}{empty}Totaal;;;;12\n{empty}totaal;;;;<5\nTotalen{empty};19ZQ00;x;y;12\n")
    assert table.rows.to_list() == [2]
    assert table.notes == (Note("JOS-S002", 3, (3, 4, 5)),)


def test_the_word_for_totals_is_no_value_in_another_column_of_that_contract():
    table = read(f"{_REPORTED};uitsplitsing\n19ZQ00;schooljaar;jos_leerlingen;12;totaal\nTotaal;schooljaar;x;12;\n")
    assert table.rows.to_list() == [2]
    assert table.notes == (Note("JOS-S002", 1, (3,)),)


def test_a_name_that_begins_as_a_total_is_a_row():
    table = read(f"{HEADER}Totaal Zorg;a;b\nTotaal;a;b\nTotaal aantal;;\n")
    assert table.rows.to_list() == [2]


@pytest.mark.parametrize("first", ["Totaalbeeld", "totaal_1", "T-totaal"])
def test_words_that_only_look_like_a_total_stay(first):
    assert read(HEADER + f"{first};b;c\n").rows.to_list() == [2]


def test_uneven_rows_are_left_out_and_named():
    table = read(HEADER + "a;b\na;b;c\na;b;c;d\na;b;c;;\na;b;c; ;\u00a0\n;;;x\n")
    assert table.ragged == (2, 4, 7)
    assert rows_of(table) == [("a", "b", "c")] * 3


def test_only_uneven_rows_is_still_a_table():
    table = read(HEADER + "a;b\n")
    assert table.ragged == (2,)
    assert table.cells.is_empty()
    assert set(table.cells.dtypes) == {pl.String}


def test_at_most_a_hundred_row_numbers_in_a_note():
    table = read(HEADER + "a;b;c\n" + "\n" * 150 + "a;b;c\n" + "x;y\n" * 150)
    assert table.notes == (Note("JOS-S006", 150, tuple(range(3, 103))),)
    assert len(table.ragged) == 150


def test_empty_columns_are_dropped_and_nameless_ones_with_values_stay():
    assert read("traject_id;school;;\na;b;;\n").headings == ("traject_id", "school")
    table = read("traject_id;;school;;\na;;b;x\nc;;d\n")
    assert table.headings == ("traject_id", "school", "")
    assert [table.letter(place) for place in range(3)] == ["A", "C", "D"], "as Excel shows them"
    assert table.cells.columns == ["k0", "k1", "k2"]
    assert rows_of(table) == [("a", "b", "x"), ("c", "d", None)]


@settings(deadline=None)
@given(st.lists(SAFE, min_size=1, max_size=8))
def test_cells_are_tidied_like_headings(cells):
    text = "".join(f"1|{cell.replace('|', '')}|2\n" for cell in cells)
    read_cells = read("traject_id|school|begindatum\n" + text).cells["k1"].to_list()
    assert read_cells == [tidy(cell.replace("|", "")) or None for cell in cells]


# --- files that are no table --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", "\ufeff \r\n".encode("utf-16-le"), "\u00a0\n".encode()]
)
def test_nothing_in_the_file(data):
    assert code_of(data) == "JOS-E001"


def test_a_header_without_rows():
    assert code_of(HEADER) == "JOS-E001"
    assert code_of(HEADER.strip()) == "JOS-E001"
    assert code_of(HEADER + ";;\n\nTotaal;0\n") == "JOS-E001"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n",
        b"\x7fELF\x02",
        b"\x1f\x8b\x08",
        b"GIF89a",
        b"\xff\xd8\xff\xe0",
        b"<?xml version='1.0'?>",
        b"\n<HTML>",
    ],
)
def test_other_kinds_of_file(data):
    assert code_of(data + bytes(range(256))) == "JOS-E002"


def test_a_zip_that_is_no_workbook():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("trajecten.csv", HEADER)
    assert code_of(target.getvalue()) == "JOS-E002"


def test_old_excel_and_locked_workbooks():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
    assert code_of(ole) == "JOS-E005"
    assert code_of(b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\0" * 64) == "JOS-E005"
    assert code_of(ole + "EncryptedPackage".encode("utf-16-le")) == "JOS-E065"
    assert code_of(ole + "WordDocument".encode("utf-16-le")) == "JOS-E002"


# --- limits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quote", ["", '"'])
def test_limits_of_csv(quote):
    text = HEADER + "".join(f"{quote}a{quote};b;{'c' * 20}\n" for _ in range(10))
    assert read(text, limits=Limits(bytes=len(text), rows=10, columns=3, cell=20)).cells.height == 10
    for code, tighter in (
        ("JOS-E004", Limits(bytes=len(text) - 1)),
        ("JOS-E004", Limits(rows=9)),
        ("JOS-E068", Limits(columns=2)),
        ("JOS-E069", Limits(cell=19)),
        ("JOS-E067", Limits(seconds=-1)),
    ):
        assert code_of(text, limits=tighter) == code


def test_limits_of_workbooks():
    data = as_xlsx((HEADINGS, *ROWS))
    assert read(data, limits=Limits(rows=4, columns=4, cell=22, ratio=50)).cells.height == 3
    for code, tighter in (
        ("JOS-E004", Limits(rows=3)),
        ("JOS-E068", Limits(columns=3)),
        ("JOS-E069", Limits(cell=5)),
        ("JOS-E060", Limits(ratio=1)),
        ("JOS-E060", Limits(inflated=2000)),
        ("JOS-E060", Limits(area=15)),
        ("JOS-E060", Limits(parts=5)),
        ("JOS-E067", Limits(seconds=-1)),
    ):
        assert code_of(data, limits=tighter) == code


def test_a_huge_quoted_cell():
    before = csv.field_size_limit()
    assert code_of(HEADER + 'a;"' + "x" * 200_000 + '";c\n') == "JOS-E069"
    assert csv.field_size_limit() == before


def test_one_endless_line():
    assert code_of("school;datum" + ";" * 300_000) == "JOS-E068"
    assert code_of("x" * 5_000_000 + "\n" + HEADER + "a;b;c\n") == "JOS-E069"
    assert code_of("school;datum;" + "x" * 5_000_000 + "\na;b;c\n") == "JOS-E069"
    assert code_of("school;datum;" + "x" * 40_000 + "\na;b;c\n") == "JOS-E069"


def test_a_large_file_without_header():
    assert code_of("a;b;c\n" * 1_000_000) == "JOS-E007"


# --- workbooks ----------------------------------------------------------------------------------------------------


def test_rows_above_and_columns_left_of_the_table_count():
    table = read(as_xlsx((HEADINGS, *ROWS), first=(3, 2)))
    assert table.headings == HEADINGS
    assert rows_of(table) == EXPECTED
    assert table.rows.to_list() == [5, 6, 7]
    assert table.letter(0) == "C"
    assert table.notes == (Note("JOS-S003", 3, (1, 2, 3)),)


def test_which_sheet_is_read():
    other = as_xlsx(
        (("school", "datum"), ("19ZQ00", "x")),
        sheets=("Toelichting", "Tra-jecten", "Verborgen"),
        hidden=("Toelichting",),
    )
    assert rows_of(read(other)) == [("19ZQ00", "x")]
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for name in ("Eerst", "Trajecten"):
            book.add_worksheet(name).write_column(0, 0, ["school", name])
    assert rows_of(read(target.getvalue())) == [("Eerst",)]
    assert rows_of(read(target.getvalue(), sheet_hint="trajecten")) == [("Trajecten",)]
    assert rows_of(read(target.getvalue(), sheet_hint="inzet")) == [("Eerst",)]


def test_a_hidden_sheet_is_not_read():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        hidden, shown = book.add_worksheet("Trajecten"), book.add_worksheet("Data")
        hidden.write_column(0, 0, ["school", "verborgen"])
        shown.write_column(0, 0, ["school", "zichtbaar"])
        shown.activate()
        shown.set_first_sheet()
        hidden.hide()
    assert rows_of(read(target.getvalue(), sheet_hint="trajecten")) == [("zichtbaar",)]


def test_days_are_counted_as_the_workbook_counts_them():
    for from_1904, number in ((False, 44958), (True, 43496)):
        target = io.BytesIO()
        with xlsxwriter.Workbook(target, {"date_1904": from_1904}) as book:
            sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd-mm-yyyy"})
            sheet.write_row(0, 0, ["school", "begindatum", "einddatum", "minuten"])
            sheet.write_datetime(1, 1, datetime.fromisoformat("2023-02-01"), day)
            sheet.write_row(1, 2, [number, number])
        assert rows_of(read(target.getvalue())) == [(None, "2023-02-01", "44958", str(number))]


def test_an_empty_sheet_and_a_sheet_without_header():
    assert code_of(as_xlsx(())) == "JOS-E001"
    assert code_of(as_xlsx((HEADINGS,))) == "JOS-E001"
    assert code_of(as_xlsx((("a", "b"), ("c", "d")))) == "JOS-E007"
    assert code_of(as_xlsx((HEADINGS, *ROWS), first=(6, 0))) == "JOS-E007"


def test_typed_cells_and_error_cells():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet("Leeg")
        sheet = book.add_worksheet("Data")
        day = book.add_format({"num_format": "dd-mm-yyyy"})
        sheet.write_row(0, 1, ["school", "begindatum", "einddatum", "fte"])
        sheet.write_row(1, 1, ["19ZQ00"])
        sheet.write_datetime(1, 2, datetime.fromisoformat("2023-02-01"), day)
        sheet.write_datetime(1, 3, datetime.fromisoformat("2023-02-01T13:05"), day)
        sheet.write_number(1, 4, 0.1 + 0.2)
        sheet.write_boolean(2, 1, True)
        sheet.write_number(2, 2, 44958)
        sheet.write_formula(2, 3, "=VLOOKUP(1,A1:B2,2)", None, "#N/A")
        sheet.write_number(2, 4, 1611.0)
        sheet.merge_range(3, 1, 3, 3, "samen")
        sheet.write_number(3, 4, -13.76)
    table = read(target.getvalue(), sheet_hint="data")
    assert rows_of(table) == [
        ("19ZQ00", "2023-02-01", "2023-02-01", "0,3"),
        ("ja", "44958", "#N/A", "1611"),
        ("samen", None, None, "-13,76"),
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        *((1.0, "1"), (0.5, "0,5"), (0.1 + 0.2, "0,3"), (1.611, "1,611"), (20230201.0, "20230201"), (-0.0, "0")),
        *((1e-7, "0,0000001"), (123456789.25, "123456789,25"), (1e15, "1000000000000000"), (4.999999999999999, "5")),
        *(
            (True, "ja"),
            (False, "nee"),
            (date(2023, 2, 1), "2023-02-01"),
            (datetime.fromisoformat("2023-02-01T23:59"), "2023-02-01"),
        ),
        *((None, ""), ("x", "x")),
    ],
)
def test_the_text_of_a_typed_cell(cell, text):
    assert cell_text(cell) == text


@given(st.floats(-1e300, 1e300))
def test_a_number_never_becomes_a_power_of_ten(number):
    text = cell_text(number)
    assert set(text) <= set("-0123456789,")
    assert float(text.replace(",", ".")) == pytest.approx(number, rel=1e-11)


def repacked(data: bytes, change) -> bytes:
    """The workbook with parts changed by ``change(name, content) -> content``."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return target.getvalue()


def test_a_bomb_that_tells_its_size():
    bomb = repacked(
        as_xlsx((HEADINGS, *ROWS)),
        lambda name, content: content + b" " * 30_000_000 if name.endswith("sheet1.xml") else content,
    )
    assert code_of(bomb) == "JOS-E060"


def test_a_bomb_that_lies_about_its_size():
    content = b" " * 50_000_000
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflater.compress(content) + deflater.flush()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", packed)
    data = bytearray(target.getvalue())
    central = data.rindex(b"PK\x01\x02")
    struct.pack_into("<H", data, central + 10, zipfile.ZIP_DEFLATED)
    struct.pack_into("<I", data, central + 24, 100)
    assert code_of(bytes(data)) == "JOS-E060"


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b"<row r='1048576'><c t='n' r = 'xfd1048576'><v>1</v></c></row>",
        b'<row r="999999999999"><c><v>1</v></c></row>',
        b'<row r="1000000">' + b"<c><v>1</v></c>" * 100 + b"</row>",
        b'<row r="1048576"><c x=">" r="XFD1048576"><v>1</v></c></row>',
    ],
)
def test_a_worksheet_that_spans_the_whole_world(cells):
    data = repacked(
        as_xlsx((HEADINGS, *ROWS)), lambda _, content: content.replace(b"</sheetData>", cells + b"</sheetData>")
    )
    assert code_of(data) == "JOS-E060"


def test_cells_without_reference_are_read():
    plain = repacked(
        as_xlsx((HEADINGS, *ROWS[:2])),
        lambda name, content: re.sub(rb' r="[A-Z]*[0-9]+"', b"", content) if name.endswith("sheet1.xml") else content,
    )
    assert read(plain).headings == HEADINGS
    assert read(plain).rows.to_list() == [2, 3]


def test_more_texts_declared_than_there_can_be():
    data = repacked(
        as_xlsx((HEADINGS, *ROWS)),
        lambda _, content: re.sub(rb'uniqueCount="[0-9]+"', b'uniqueCount="4294967296"', content),
    )
    assert code_of(data) == "JOS-E003"


def test_error_cells_are_found_in_a_large_sheet():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["school", "datum"])
        for row in range(1, 8_001):
            sheet.write(row, 0, "19ZQ00")
            sheet.write_formula(row, 1, "=NA()", None, "#N/A" if row % 2 else "#DIV/0!")
    table = read(target.getvalue())
    assert table.cells["k1"].to_list() == ["#N/A", "#DIV/0!"] * 4_000


def test_damaged_parts():
    for wrong in (b"", b"<worksheet><sheetData><row>", b"\xff\xff"):
        data = repacked(
            as_xlsx((HEADINGS, *ROWS)),
            lambda name, content, wrong=wrong: wrong if name.endswith("sheet1.xml") else content,
        )
        assert code_of(data) in ("JOS-E001", "JOS-E003")


# --- anything at all ----------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255))
def test_workbook_with_one_wrong_byte(place, byte):
    data = bytearray(as_xlsx((HEADINGS, *ROWS)))
    data[place % len(data)] = byte
    outcome(bytes(data))


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["", "utf-8", "utf-8-sig", "utf-16"]))
def test_any_bytes(tail, encoding):
    outcome((HEADER.encode(encoding) if encoding else b"") + tail)


def test_an_unreadable_tells_nothing_of_the_cells():
    secret = "123456782"
    for data in (f'{HEADER}{secret};"x', f"{secret}\n", f'{HEADER}"{secret}"x;\n', f"{HEADER}{secret}\0"):
        with pytest.raises(Unreadable) as caught:
            read(data)
        error = caught.value
        assert secret not in repr(error) + error.detail
        assert error.__suppress_context__ or error.__context__ is None


def test_reading_is_repeatable_and_tables_are_frozen():
    table = read(as_csv())
    assert outcome(as_csv().encode()) == outcome(as_csv().encode())
    assert replace(table, ragged=(9,)).ragged == (9,)
    with pytest.raises(AttributeError):
        table.headings = ()
