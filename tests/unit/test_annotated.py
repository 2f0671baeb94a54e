"""The annotated copy: every finding in its cell, nothing of the file changed, nothing that may not be repeated."""

import io
from datetime import date

import pytest
import xlsxwriter
from openpyxl import load_workbook

from jos_pipeline import annotated
from jos_pipeline.annotated import NoCopyError, annotated_copy
from jos_pipeline.annotated_sheets import COLOURS
from jos_pipeline.intake.gate import judge
from jos_pipeline.prepare import prepare
from schemas.contracts import CONTRACTS
from schemas.findings import FINDINGS, Severity
from tests.records import (
    PEILDATUM,
    csv_bytes,
    lenient_region,
    name_of,
    valid_records,
    violations,
    xlsx_bytes,
)

BSN = "123456782"
RED = "00" + COLOURS[Severity.FOUT]


def _judged(data, name):
    return judge(data, name, PEILDATUM, lenient_region())


def _opened(copy):
    return load_workbook(io.BytesIO(copy))


def _mixed(soort):
    return [one.record for one in violations(soort)] + valid_records(soort, 5)


def _said(finding):
    return (finding.code, finding.kolom, finding.aantal, finding.rijen)


@pytest.mark.parametrize("soort", list(CONTRACTS))
def test_the_copy_of_a_csv_holds_its_very_text_with_every_finding_in_its_cell(soort):
    """The gate says of the copy what it says of the file: no zero, date or number changed."""
    data = csv_bytes(_mixed(soort))
    verdict = _judged(data, name_of(soort))
    copy = annotated_copy(data, verdict)
    again = _judged(copy, name_of(soort, "xlsx"))
    assert [_said(one) for one in again.findings] == [_said(one) for one in verdict.findings]
    assert again.rijen == verdict.rijen
    assert verdict.findings
    sheet = _opened(copy)[soort]
    names = [cell.value for cell in sheet[1]]
    for finding in verdict.findings:
        for row in finding.alle_rijen.to_list():
            cell = sheet.cell(row, names.index(finding.kolom) + 1 if finding.kolom else 1)
            assert cell.fill.fill_type == "solid"
            assert finding.code in cell.comment.text
            assert FINDINGS[finding.code].remedy in cell.comment.text
    touched = {row for one in verdict.findings for row in one.alle_rijen.to_list()}
    clean = next(row for row in range(verdict.rijen + 1, 1, -1) if row not in touched)
    assert not any(cell.fill.fill_type for cell in sheet[clean])


def _own_workbook():
    """A workbook as a school has it: a title, a formula, a date, a comment, a hidden sheet, a wide column."""
    records = valid_records("tlv", 40)
    records[3]["categorie"] = "9"
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Lijst 'nieuw' 1")
        notes = book.add_worksheet("Notities")
        notes.write(0, 0, "van ons zelf")
        notes.hide()
        sheet.write(0, 0, "Overzicht tlv")
        sheet.set_column(0, 0, 33)
        for row, values in enumerate([list(records[0]), *(list(one.values()) for one in records)], start=1):
            sheet.write_row(row, 1, values)
        sheet.write_datetime(3, 6, date(2022, 9, 1), book.add_format({"num_format": 14}))
        sheet.write_comment(5, 4, "let op")
        sheet.write_formula(2, 15, "=1+1", None, 2)
    return buffer.getvalue()


def test_an_own_workbook_is_kept_as_it_is():
    data = _own_workbook()
    verdict = _judged(data, name_of("tlv", "xlsx"))
    book = _opened(annotated_copy(data, verdict))
    assert book.sheetnames == ["Terugkoppeling", "Per cel", "Uitleg", "Lijst 'nieuw' 1", "Notities"]
    assert book["Notities"].sheet_state == "hidden"
    sheet = book["Lijst 'nieuw' 1"]
    assert sheet.column_dimensions["A"].width == pytest.approx(33, abs=1)
    assert sheet["G4"].is_date
    assert sheet["P3"].value == "=1+1"
    assert sheet["E6"].value == "9"
    assert sheet["E6"].fill.fgColor.rgb == RED
    assert "JOS-E027" in sheet["E6"].comment.text
    assert "let op" in sheet["E6"].comment.text
    assert book.active.title == "Terugkoppeling"


def test_the_first_sheets_lead_to_the_cells_and_the_explanations():
    data = _own_workbook()
    book = _opened(annotated_copy(data, _judged(data, name_of("tlv", "xlsx")), "uitleg/"))
    front = {(cell.value, cell.hyperlink.location) for row in book["Terugkoppeling"] for cell in row if cell.hyperlink}
    assert ("E6", "'Lijst ''nieuw'' 1'!E6") in front
    assert any(text == "JOS-E027" and place.startswith("'Uitleg'!A") for text, place in front)
    assert book["Per cel"]["A2"].value == "E6"
    assert book["Uitleg"]["A1"].hyperlink.target == "uitleg/JOS-E027.html"


def test_text_that_looks_like_a_formula_stays_text():
    records = valid_records("tlv", 40)
    records[3]["categorie"] = "=HYPERLINK(1)"
    data = csv_bytes(records)
    verdict = judge(data, name_of("tlv"), PEILDATUM, lenient_region(), "=leverancier")
    book = _opened(annotated_copy(data, verdict))
    cell = book["tlv"]["D5"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert not [one for sheet in book for row in sheet for one in row if one.data_type == "f"]


@pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])
def test_a_file_refused_on_sight_is_copied_without_persons(write):
    records = [row | {"Achternaam": "Jansen", "memo": f"zie {BSN}"} for row in valid_records("tlv", 5)]
    data = write(records)
    verdict = _judged(data, name_of("tlv"))
    assert {one.code for one in verdict.findings} == {"JOS-E010", "JOS-E011"}
    book = _opened(annotated_copy(data, verdict))
    shown = [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert not [text for text in shown if BSN in text or "Jansen" in text]
    heading = book["tlv"]["L1"]
    assert (heading.value, heading.fill.fgColor.rgb) == ("Achternaam", RED)
    assert book["tlv"]["B2"].value == records[0]["pseudoniem"]


def test_of_a_large_file_only_rows_with_findings(monkeypatch):
    monkeypatch.setattr(annotated, "MOST_CELLS", 110)
    records = valid_records("tlv", 60)
    for number in range(0, 60, 3):
        records[number]["categorie"] = "9"
    data = csv_bytes(records)
    book = _opened(annotated_copy(data, _judged(data, name_of("tlv"))))
    sheet = book["tlv"]
    assert sheet["A1"].value == "rij in uw bestand"
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["2", "5", "8", "11", "14", "17", "20", "23", "26"]
    assert sheet["E3"].fill.fgColor.rgb == RED
    assert book["Per cel"]["A3"].value == "D5"
    assert book["Per cel"]["A3"].hyperlink.location == "'tlv'!E3"
    told = [str(row[0].value) for row in book["Terugkoppeling"]]
    assert any("de eerste 9 van 20 rijen" in text for text in told)


def test_a_missing_column_is_told_at_the_header_and_an_unknown_one_in_its_own():
    records = [
        {"extra": "x"} | {key: text for key, text in row.items() if key != "school"} for row in valid_records("tlv")
    ]
    data = csv_bytes(records)
    sheet = _opened(annotated_copy(data, _judged(data, name_of("tlv"))))["tlv"]
    assert "JOS-E009" in sheet["A1"].comment.text
    assert "JOS-S001" in sheet["A1"].comment.text


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99, b"a;b\n1;2\n"])
def test_without_a_table_there_is_no_copy_and_a_reason(data):
    with pytest.raises(NoCopyError, match="niet te zien"):
        annotated_copy(data, _judged(data, "x.csv"))


def test_what_prepare_says_stands_in_the_export_itself():
    """BSN, date of birth and postcode are the columns the findings are about, with their own letters."""
    rows = ["Naam;BSN;soort;aanmelddatum;postcode"] + [f"J;111222333;jeugdhulp;2022-09-0{day};1811AA" for day in (1, 2)]
    rows += ["P;12345;jeugdhulp;2022-09-03;1811AA", "K;111222333;jeugdhulp;2022-09-04;9999XX"]
    data = "\r\n".join(rows).encode()
    shown = prepare(data, name_of("wachttijden"), PEILDATUM, lenient_region(), "gm0361", key=b"k" * 32).shown
    sheet = _opened(annotated_copy(data, shown))["wachttijden"]
    marked = {
        (cell.coordinate, code)
        for row in sheet
        for cell in row
        if cell.comment
        for code in FINDINGS
        if code in cell.comment.text
    }
    assert ("B4", "JOS-E050") in marked
    assert ("E5", "JOS-E052") in marked


def test_an_export_that_prepare_refuses_is_copied_without_persons():
    rows = [
        "Naam;BSN;soort;aanmelddatum;postcode;woongemeente",
        "Jansen;111222333;jeugdhulp;2022-09-01;1811AA;",
    ]
    data = "\r\n".join([*rows, f"Pietersen;111222333;{BSN};2022-09-01;1811AA;GM0361"]).encode()
    shown = prepare(data, name_of("wachttijden"), PEILDATUM, lenient_region(), "gm0361", key=b"k" * 32).shown
    assert [one.code for one in shown.findings] == ["JOS-E011"]
    sheet = _opened(annotated_copy(data, shown))["wachttijden"]
    assert [cell.value for cell in sheet[3]][:4] == [None, None, "#########", "2022-09-01"]
    assert "JOS-E011" in sheet["A3"].comment.text


def test_a_file_without_findings_needs_no_copy():
    data = csv_bytes(valid_records("tlv"))
    with pytest.raises(NoCopyError, match="niets gevonden"):
        annotated_copy(data, _judged(data, name_of("tlv")))
