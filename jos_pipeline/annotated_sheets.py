"""The sheets in front of an annotated copy: what is the matter, every marked cell with a link, and the explanations."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from jos_pipeline.causes import Cause, Place, causes, facts, headline, steps
from jos_pipeline.dutch import number
from jos_pipeline.explaining import effect
from jos_pipeline.intake.verdict import Finding, Verdict
from jos_pipeline.intake.wording import excel_letter
from jos_pipeline.pages import code_page
from schemas.findings import FINDINGS, Severity

COLOURS = {Severity.FOUT: "FFC7CE", Severity.SIGNAAL: "FFEB9C", Severity.INFO: "DDEBF7"}
FRONT, PER_CELL, EXPLAINED = "Terugkoppeling", "Per cel", "Uitleg"
MOST_LISTED = 5_000

_HEAD = PatternFill("solid", fgColor="1F3A4D")
_WRAP = Alignment(wrap_text=True, vertical="top")
_LINK = Font(color="0B5C7A", underline="single")
_PRIVATE = (
    "Deze kopie is alleen voor uw eigen organisatie: er staan gegevens uit uw bestand in. Verstuur hem niet. "
    "Verbeter de gegevens in uw eigen systeem en maak de export opnieuw."
)


@dataclass(frozen=True)
class Marked:
    """A cell that was coloured: its place in the supplier's file and in the copy."""

    finding: Finding
    row: int
    place: int
    sheet: str
    address: str

    @property
    def own_address(self) -> str:
        return f"{excel_letter(self.place)}{self.row}"


def add_front(
    book: Workbook, verdict: Verdict, marked: Sequence[Marked], remark: str, explanations: str | None
) -> None:
    """Puts the sheets in front of the others and opens the workbook on the first."""
    found = causes(verdict)
    front, per_cell, explained = (
        book.create_sheet(title, place) for place, title in enumerate((FRONT, PER_CELL, EXPLAINED))
    )
    rows = _explain(explained, found, explanations)
    _list_cells(per_cell, marked)
    _summarise(front, verdict, found, marked, remark, {code: (explained.title, row) for code, row in rows.items()})
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is front
    book.active = 0


def _summarise(
    sheet: Worksheet,
    verdict: Verdict,
    found: Sequence[Cause],
    marked: Sequence[Marked],
    remark: str,
    explained: dict[str, tuple[str, int]],
) -> None:
    _widths(sheet, (26, 12, 46, 26, 10, 26, 60))
    lines: list[tuple[str, Font]] = [
        (headline(verdict), Font(bold=True, size=16)),
        (_PRIVATE, Font(italic=True)),
        *([(remark, Font(italic=True))] if remark else []),
        ("", Font()),
        ("Wat moet u nu doen?", Font(bold=True, size=12)),
        *((f"{place}. {step}", Font()) for place, step in enumerate(steps(verdict, found), start=1)),
        ("", Font()),
    ]
    for text, font in lines:
        _line(sheet, text, font)
    for label, text in facts(verdict):
        row = sheet.max_row + 1
        put_text(sheet, row, 1, label).font = Font(bold=True)
        put_text(sheet, row, 2, text)  # the name of a file may begin like a formula
    sheet.append([])
    _heading(sheet, ("Ernst", "Code", "Wat er is gevonden", "Kolom", "Aantal", "Waar", "Wat u kunt doen"))
    first = {id(one.finding): one for one in reversed(marked)}
    for cause in found:
        for place in cause.places:
            _finding_row(sheet, cause, place, first.get(id(place.finding)), explained)
    _legend(sheet)


def _line(sheet: Worksheet, text: str, font: Font) -> None:
    row = sheet.max_row + 1 if sheet.max_row > 1 or sheet.cell(1, 1).value else 1
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=7)
    cell = put_text(sheet, row, 1, text or " ")
    cell.font, cell.alignment = font, _WRAP
    sheet.row_dimensions[row].height = max(15, 15 * -(-len(text) // 150)) if font.size != 16 else 24


def _finding_row(
    sheet: Worksheet, cause: Cause, place: Place, first: Marked | None, explained: dict[str, tuple[str, int]]
) -> None:
    row = sheet.max_row + 1
    finding, kind = place.finding, cause.kind
    texts = (str(finding.ernst), kind.code, finding.melding, place.column, "", place.cells, cause.remedy)
    for column, text in enumerate(texts, start=1):
        put_text(sheet, row, column, text).alignment = _WRAP
    sheet.cell(row, 1).fill = PatternFill("solid", fgColor=COLOURS[finding.ernst])
    sheet.cell(row, 5).value = finding.aantal
    title, at = explained[kind.code]
    _jump(sheet.cell(row, 2), title, f"A{at}")
    if first is not None:
        _jump(sheet.cell(row, 6), first.sheet, first.address)
    longest = max(len(finding.melding) / 44, len(cause.remedy) / 58, len(place.cells) / 24, len(place.column) / 24)
    sheet.row_dimensions[row].height = 15 * (int(longest) + 1)


def _legend(sheet: Worksheet) -> None:
    sheet.append([])
    for severity, meaning in (
        (Severity.FOUT, "fout: de rij of het bestand doet niet mee"),
        (Severity.SIGNAAL, "signaal: wel verwerkt, kijk of het klopt"),
        (Severity.INFO, "info: u hoeft niets te doen"),
    ):
        sheet.append([meaning])
        sheet.cell(sheet.max_row, 1).fill = PatternFill("solid", fgColor=COLOURS[severity])


def _list_cells(sheet: Worksheet, marked: Sequence[Marked]) -> None:
    """Every marked cell with a link, to filter and to tick off."""
    _widths(sheet, (10, 10, 12, 48, 70))
    if len(marked) > MOST_LISTED:
        sheet.append([f"De eerste {number(MOST_LISTED)} van {number(len(marked))} gekleurde cellen."])
    _heading(sheet, ("Cel", "Ernst", "Code", "Wat er is gevonden", "Wat u kunt doen"))
    top = sheet.max_row
    for one in marked[:MOST_LISTED]:
        kind = FINDINGS[one.finding.code]
        told = kind.title if one.finding.rijen else one.finding.melding
        sheet.append([one.own_address, str(one.finding.ernst), kind.code, told, kind.remedy])
        _jump(sheet.cell(sheet.max_row, 1), one.sheet, one.address)
        sheet.cell(sheet.max_row, 2).fill = PatternFill("solid", fgColor=COLOURS[kind.severity])
    sheet.auto_filter.ref = f"A{top}:E{sheet.max_row}"
    sheet.freeze_panes = f"A{top + 1}"


def _explain(sheet: Worksheet, found: Sequence[Cause], explanations: str | None) -> dict[str, int]:
    """The explanation of every code in use; the row of each."""
    _widths(sheet, (16, 100))
    rows = {}
    for cause in found:
        kind = cause.kind
        sheet.append([kind.code, kind.title])
        rows[kind.code] = sheet.max_row
        sheet.cell(sheet.max_row, 1).font = sheet.cell(sheet.max_row, 2).font = Font(bold=True)
        if explanations:
            cell = sheet.cell(sheet.max_row, 1)
            cell.hyperlink, cell.font = quote(explanations + code_page(kind.code)), _LINK
        for label, text in (
            ("Gevolg", effect(kind)),
            ("Waardoor", kind.cause),
            ("Voorbeeld", kind.example),
            ("Wat u kunt doen", kind.remedy),
        ):
            put_text(sheet, sheet.max_row + 1, 1, label)
            put_text(sheet, sheet.max_row, 2, text).alignment = _WRAP
        sheet.append([])
    return rows


def _heading(sheet: Worksheet, titles: Sequence[str]) -> None:
    sheet.append(list(titles))
    for cell in sheet[sheet.max_row][: len(titles)]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD


def _widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    for place, width in enumerate(widths):
        sheet.column_dimensions[excel_letter(place)].width = width


def put_text(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Writes a cell that stays text."""
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"  # whatever it looks like: a formula, a number, an error
    return cell


def _jump(cell: Cell, sheet: str, address: str) -> None:
    """A link to a cell of this workbook."""
    quoted = sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{address}", display=str(cell.value))
    cell.font = _LINK
