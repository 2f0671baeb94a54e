"""Workbooks to fill in: what is typed in them passes the gate, whatever the soort."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from jos_pipeline.blank_delivery import LAST_ROW, blank_delivery, blank_name
from jos_pipeline.intake.gate import judge
from jos_pipeline.intake.naming import parse_name
from jos_pipeline.intake.verdict import Outcome
from schemas.columns import Kind
from schemas.contracts import CONTRACTS
from tests.records import PEILDATUM, SCHOOLJAAR, region, supplier_of, valid_records


def _typed(text, kind):
    """A value as Excel stores what somebody types into a cell of this format."""
    if text == "":
        return None
    if kind is Kind.DATE:
        return date.fromisoformat(text)
    if kind in (Kind.INTEGER, Kind.DECIMAL):
        return float(text.replace(",", "."))
    return text


def _filled(contract, count):
    book = load_workbook(io.BytesIO(blank_delivery(contract)))
    sheet = book[contract.soort]
    for row, record in enumerate(valid_records(contract.soort, count), start=2):
        for place, field in enumerate(contract.fields, start=1):
            sheet.cell(row, place).value = _typed(record[field.name], field.column.kind)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=list(CONTRACTS))
def test_a_filled_workbook_is_accepted(contract):
    name = blank_name(contract.soort, SCHOOLJAAR, PEILDATUM)
    verdict = judge(_filled(contract, 8), name, PEILDATUM, region(), supplier_of(contract.soort))
    assert [one.melding for one in verdict.findings] == []
    assert verdict.oordeel is Outcome.GEACCEPTEERD
    assert verdict.rijen == 8


def _format_of(sheet, column):
    """The number format of a column; neighbours that look the same are stored as one."""
    found = [one for one in sheet.column_dimensions.values() if one.min <= column <= one.max]
    return found[0].number_format


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=list(CONTRACTS))
def test_the_workbook_shows_what_belongs_where(contract):
    book = load_workbook(io.BytesIO(blank_delivery(contract)))
    sheet = book[contract.soort]
    assert book.sheetnames[:2] == [contract.soort, "Toelichting"]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == [field.name for field in contract.fields]
    assert sheet.max_row == 1
    checks = {str(one.sqref).split(":")[0][:-1]: one for one in sheet.data_validations.dataValidation}
    notes = [str(cell.value) for row in book["Toelichting"] for cell in row]
    for cell, field in zip(sheet[1], contract.fields, strict=True):
        assert field.column.description in cell.comment.text
        assert ("Verplicht" in cell.comment.text) is field.required
        assert field.column.description in notes
        check = checks.get(cell.column_letter)
        if field.column.codes is not None:
            sheet_name, area = check.formula1.replace("$", "").split("!")
            listed = [row[0].value for row in book[sheet_name][area]]
            assert tuple(listed) == field.column.codes.values
        if field.column.kind is Kind.BOOLEAN:
            assert check.formula1 == '"ja,nee"'
        if field.column.kind in (Kind.SCHOOL, Kind.MUNICIPALITY, Kind.CODE, Kind.PSEUDONYM, Kind.TEXT):
            assert _format_of(sheet, cell.column) == "@"
        assert check is None or str(check.sqref).endswith(str(LAST_ROW + 1))


def test_an_empty_workbook_is_refused_as_empty():
    verdict = judge(blank_delivery(CONTRACTS["tlv"]), blank_name("tlv", SCHOOLJAAR, PEILDATUM), PEILDATUM, region())
    assert [one.code for one in verdict.findings] == ["JOS-E001"]


def test_the_name_says_what_is_known():
    assert blank_name("tlv") == "tlv_sjabloon.xlsx"
    for soort in CONTRACTS:
        assert parse_name(blank_name(soort)).soort == soort
        assert parse_name(blank_name(soort, SCHOOLJAAR, PEILDATUM)).complete
