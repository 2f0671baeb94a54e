"""A workbook to fill in: one soort of delivery, made from its contract, that the gate takes as it is.

Put here how a contract becomes cells, notes and drop-downs; what is said of a column stands in ``delivery_format``.
"""

import io
from datetime import date
from typing import Any

import xlsxwriter

from jos_pipeline.delivery_format import ColumnTold, DeliveryFormat
from schemas.columns import Kind
from schemas.contract import EARLIEST, Contract

LAST_ROW = 20_000
"""Rows for which a cell has a drop-down or is checked while somebody types."""

_TEXT_KINDS = frozenset({Kind.PSEUDONYM, Kind.SCHOOL, Kind.MUNICIPALITY, Kind.CODE, Kind.TEXT, Kind.MASKED})
"""Written as text: Excel would take their leading zeros or make a date of them."""
_NOTES, _LISTS = "Toelichting", "Codelijsten"
_CHECKS: dict[Kind, dict[str, Any]] = {
    Kind.BOOLEAN: {"validate": "list", "source": ["ja", "nee"]},
    Kind.DATE: {"validate": "date", "criteria": ">=", "value": EARLIEST, "error_type": "warning"},
    Kind.PSEUDONYM: {"validate": "length", "criteria": "==", "value": 64},
    Kind.SCHOOL: {"validate": "length", "criteria": "==", "value": 6},
    Kind.MUNICIPALITY: {"validate": "length", "criteria": "==", "value": 6},
}
_INPUT_TITLE, _INPUT_TEXT, _ERROR_TEXT = 32, 255, 255
"""The most that Excel shows in a message beside a cell."""


def blank_name(soort: str, schooljaar: str | None = None, peildatum: date | None = None) -> str:
    """A name by which the gate knows the workbook once it is filled in."""
    parts = [soort, schooljaar, peildatum.isoformat() if schooljaar and peildatum else None, "sjabloon"]
    return "_".join(part for part in parts if part) + ".xlsx"


def blank_delivery(contract: Contract) -> bytes:
    """The workbook: a sheet to fill in, the description of every column, and the code lists behind the drop-downs."""
    told = DeliveryFormat(contract)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": contract.title, "comments": contract.description})
        sheet, notes = book.add_worksheet(contract.soort), book.add_worksheet(_NOTES)
        lists = _list_codes(book, told) if told.code_lists else {}
        _columns(book, sheet, told, lists)
        _describe(book, notes, told)
    return buffer.getvalue()


def _columns(book: Any, sheet: Any, told: DeliveryFormat, lists: dict[str, str]) -> None:
    """Header, notes, formats and checks of each column; no cell below the header is written."""
    heads = {
        needed: book.add_format({"bold": True, "bg_color": colour, "font_color": ink, "border": 1, "locked": True})
        for needed, colour, ink in ((True, "#1F3A4D", "#FFFFFF"), (False, "#DDEBF7", "#1B2733"))
    }
    formats = {kind: book.add_format({"num_format": _number_format(kind)}) for kind in Kind}
    for place, one in enumerate(told.columns):
        sheet.set_column(place, place, max(12, len(one.name) + 3), formats[one.column.kind])
        sheet.write_string(0, place, one.name, heads[one.field.required])
        sheet.write_comment(0, place, _note(one), {"x_scale": 2.2, "y_scale": 1.4, "author": "JOS-monitor"})
        check = _check(one, lists)
        if check is not None:
            sheet.data_validation(1, place, LAST_ROW, place, check | _messages(one))
    sheet.freeze_panes(1, 0)


def _number_format(kind: Kind) -> str:
    if kind in _TEXT_KINDS:
        return "@"
    return {Kind.DATE: "yyyy-mm-dd", Kind.INTEGER: "0", Kind.DECIMAL: "0.0##"}.get(kind, "General")


def _note(one: ColumnTold) -> str:
    return f"{one.column.description}\n{one.needed.capitalize()}. Schrijf: {one.how}.\nVoorbeeld: {one.example}"


def _check(one: ColumnTold, lists: dict[str, str]) -> dict[str, Any] | None:
    """What Excel checks while somebody types; None where any text may stand."""
    column = one.column
    if column.codes is not None:
        return {"validate": "list", "source": lists[one.name]}
    return _bounds(one) if column.kind in (Kind.INTEGER, Kind.DECIMAL) else _CHECKS.get(column.kind)


def _bounds(one: ColumnTold) -> dict[str, Any]:
    column = one.column
    kind = {"validate": "integer" if column.kind is Kind.INTEGER else "decimal"}
    least = column.minimum if column.above is None else column.above
    if column.above is None and least is not None and column.maximum is not None:
        return kind | {"criteria": "between", "minimum": least, "maximum": column.maximum}
    if column.maximum is None:
        return kind | {"criteria": ">" if column.above is not None else ">=", "value": least or 0}
    return kind | {"criteria": "<=", "value": column.maximum}


def _messages(one: ColumnTold) -> dict[str, Any]:
    again = " Weet u de dag niet? Kies Ja om de cel toch te bewaren." if one.column.kind is Kind.DATE else ""
    return {
        "input_title": one.name[:_INPUT_TITLE],
        "input_message": f"{one.column.description} {one.how.capitalize()}."[:_INPUT_TEXT],
        "error_title": one.name[:_INPUT_TITLE],
        "error_message": f"Dit past niet in deze kolom. Schrijf: {one.how}.{again}"[:_ERROR_TEXT],
    }


def _list_codes(book: Any, told: DeliveryFormat) -> dict[str, str]:
    """The sheet of code lists; for each column the range its drop-down takes."""
    sheet = book.add_worksheet(_LISTS)
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    ranges = {}
    for number, (one, codes) in enumerate(told.code_lists):
        place = 3 * number
        sheet.set_column(place, place, 24, text)
        sheet.set_column(place + 1, place + 1, 44)
        sheet.write_string(0, place, f"codes voor {one.name}", bold)
        sheet.write_string(0, place + 1, "betekenis", bold)
        for row, code in enumerate(codes.codes, start=1):
            sheet.write_string(row, place, code.code, text)
            sheet.write_string(row, place + 1, code.label)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        ranges[one.name] = f"={_LISTS}!${letter}$2:${letter}${len(codes.codes) + 1}"
    sheet.freeze_panes(1, 0)
    return ranges


def _describe(book: Any, sheet: Any, told: DeliveryFormat) -> None:
    """The format page as a sheet, with the example that would be delivered by accident if it stood in the first."""
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    title = book.add_format({"bold": True, "font_size": 15})
    for place, width in enumerate((30, 50, 24, 50, 30)):
        sheet.set_column(place, place, width, wrapped)
    sheet.write_string(0, 0, told.contract.title, title)
    lines = (
        told.contract.description,
        f"Vul het eerste werkblad in ({told.contract.soort}), een rij per geval. Donkere kolomnamen zijn verplicht.",
        f"Noem het bestand zoals dit voorbeeld: {told.file_name.removesuffix('.csv')}.xlsx",
        "Zet er geen BSN, naam, geboortedatum, adres, e-mail of telefoonnummer in.",
    )
    for row, line in enumerate(lines, start=1):
        sheet.merge_range(row, 0, row, 4, line, wrapped)
    top = len(lines) + 2
    sheet.write_row(top, 0, ("Kolom", "Wat het is", "Nodig", "Hoe u het schrijft", "Voorbeeld"), bold)
    for row, one in enumerate(told.columns, start=top + 1):
        for place, text in enumerate((one.name, one.column.description, one.needed, one.how, one.example)):
            sheet.write_string(row, place, text, wrapped)
    for row, (code, words) in enumerate(told.rules, start=top + len(told.columns) + 2):
        sheet.write_string(row, 0, code, wrapped)
        sheet.merge_range(row, 1, row, 4, words, wrapped)
