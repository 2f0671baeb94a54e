"""The supplier's own file with its findings in it: coloured cells, comments, and a first sheet that explains them.

Made at the supplier only, since it holds what the file holds; nothing in the monitor's house may call this. Which
cells a finding is about is told by ``causes``; the sheets in front are ``annotated_sheets``'.
"""

import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import polars as pl
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from jos_pipeline.annotated_sheets import COLOURS, Marked, add_front, put_text
from jos_pipeline.causes import is_message, places_of, rows_of
from jos_pipeline.dutch import number
from jos_pipeline.intake.decoding import FileKind, kind_of
from jos_pipeline.intake.naming import MASK
from jos_pipeline.intake.personal import bsn_mask
from jos_pipeline.intake.reading import every_row
from jos_pipeline.intake.recognition import HEADER_WORDS
from jos_pipeline.intake.verdict import Finding, Verdict
from jos_pipeline.intake.whereabouts import Whereabouts
from jos_pipeline.intake.wording import excel_letter
from jos_pipeline.raw_export import EXPORT_HEADINGS
from schemas.contracts import CONTRACTS
from schemas.findings import FINDINGS, Severity

MOST_CELLS = 500_000
"""A sheet with more cells is not copied whole: only the rows with findings, at most this many cells."""
MOST_COMMENTS = 2_000

_REFUSED_ON_SIGHT = frozenset({"JOS-E010", "JOS-E011"})
_MISSING_COLUMN = "JOS-E009"
_RANK = {Severity.FOUT: 0, Severity.SIGNAAL: 1, Severity.INFO: 2}
_ROW_NUMBER = "rij in uw bestand"
_WIDTH, _MOST_WIDENED = 18, 100


class NoCopyError(Exception):
    """No copy can be made of this file. The message is one Dutch line and says why."""


@dataclass(frozen=True)
class _Sheet:
    """A worksheet to annotate, and where the rows and columns of the supplier's file stand in it."""

    book: Workbook
    sheet: Worksheet
    remark: str = ""
    shift: int = 0
    """Columns that were put before the first."""
    rows: dict[int, int] | None = field(default=None)
    """Row of the file to row of the sheet, where these differ; rows that are not here were left out."""

    def row(self, row: int) -> int | None:
        return row if self.rows is None else self.rows.get(row)


def annotated_copy(data: bytes, verdict: Verdict, explanations: str | None = None) -> bytes:
    """The file of a verdict as a workbook with its findings marked. Raises NoCopyError.

    ``explanations`` is the directory of the pages of ``jos explain`` as seen from the copy, if they lie there. Of a
    file that was refused on sight the copy has no personal columns and no number that can be a BSN.
    """
    if not verdict.findings:
        raise NoCopyError("er is niets gevonden om een kleur te geven")
    if is_message(verdict):
        raise NoCopyError("een bericht (XML) krijgt er geen; de regelnummers staan op de pagina")
    if verdict.where is None:
        raise NoCopyError("in het bestand was niet te zien welke kolom wat is")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl does not know of a workbook is no concern of the supplier
            target = _target(data, verdict, verdict.where)
            marked = _mark(target, verdict, verdict.where)
            add_front(target.book, verdict, marked, target.remark, explanations)
            buffer = io.BytesIO()
            target.book.save(buffer)
    except NoCopyError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises many kinds, and their text may hold cell values
        problem = NoCopyError("van dit bestand kan geen kopie worden gemaakt")
    else:
        return buffer.getvalue()
    raise problem from None


def _target(data: bytes, verdict: Verdict, where: Whereabouts) -> _Sheet:
    """The sheet to annotate: the supplier's own one if that can be, else its text in a new workbook."""
    width = max([place for places in where.columns.values() for place in places] + [*where.unknown, where.first]) + 1
    refused_on_sight = any(one.code in _REFUSED_ON_SIGHT for one in verdict.findings)
    rows = every_row(data, HEADER_WORDS | EXPORT_HEADINGS, where.sheet)
    if verdict.rijen * width > MOST_CELLS:
        return _some_rows(rows, verdict, where, width)
    if refused_on_sight:
        return _without_persons(rows, verdict, where)
    if kind_of(data) is FileKind.ZIP:
        return _own_workbook(data, where)
    return _text_sheet(rows, verdict)


def _own_workbook(data: bytes, where: Whereabouts) -> _Sheet:
    book = load_workbook(io.BytesIO(data), rich_text=True)
    sheet = book[book.sheetnames[where.sheet or 0]]
    if not isinstance(sheet, Worksheet):
        raise NoCopyError("van dit bestand kan geen kopie worden gemaakt")
    return _Sheet(book, sheet)


def _text_sheet(rows: Iterable[Sequence[str]], verdict: Verdict, remark: str = "") -> _Sheet:
    """Rows as text cells: nothing is read as a number, a date or a formula, so nothing changes."""
    book = Workbook()
    sheet = book.active
    sheet.title = verdict.soort or "Gegevens"
    for row, texts in enumerate(rows, start=1):
        for column, text in enumerate(texts, start=1):
            if text:
                _write(sheet, row, column, text)
    for column in range(1, min(sheet.max_column, _MOST_WIDENED) + 1):
        sheet.column_dimensions[excel_letter(column - 1)].width = _WIDTH
    return _Sheet(book, sheet, remark)


def _write(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = put_text(sheet, row, column, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.number_format = "@"
    cell.quotePrefix = True


def _without_persons(rows: Iterable[Sequence[str]], verdict: Verdict, where: Whereabouts) -> _Sheet:
    """The table without personal columns and without numbers that can be a BSN; titles above it are left out."""
    kept = [
        ["" if place in where.personal and row > where.header_row else text for place, text in enumerate(texts)]
        if row >= where.header_row
        else []
        for row, texts in enumerate(rows, start=1)
    ]
    remark = (
        "In deze kopie zijn de kolommen met persoonsgegevens leeg gelaten en nummers die een BSN kunnen zijn "
        "onleesbaar gemaakt. Andere werkbladen en titelregels zijn weggelaten."
    )
    return _text_sheet(_masked(kept), verdict, remark)


def _masked(rows: list[list[str]]) -> list[list[str]]:
    texts = pl.Series([text for row in rows for text in row], dtype=pl.String).unique()
    guilty = frozenset(texts.filter(bsn_mask(texts)).to_list())
    return [[MASK if text in guilty else text for text in row] for row in rows]


def _some_rows(rows: Iterable[Sequence[str]], verdict: Verdict, where: Whereabouts, width: int) -> _Sheet:
    """The header and the rows with findings, each with its row number in the supplier's file before it."""
    everywhere = [rows_of(one) for one in verdict.findings]
    wanted = pl.concat([pl.Series([], dtype=pl.UInt32), *everywhere]).unique().sort()
    shown = frozenset(wanted.head(MOST_CELLS // (width + 1)).to_list())
    picked = [(row, texts) for row, texts in enumerate(rows, start=1) if row in shown or row == where.header_row]
    told = _masked(
        [
            [str(row), *_impersonal(texts, where)] if row != where.header_row else [_ROW_NUMBER, *texts]
            for row, texts in picked
        ]
    )
    places = {row: at for at, (row, _) in enumerate(picked, start=1)}
    remark = "Uw bestand is groot. Daarom staan hier alleen rijen met een melding, met het rijnummer ervoor."
    if len(shown) < len(wanted):
        remark += f" Het zijn de eerste {number(len(shown))} van {number(len(wanted))} rijen."
    made = _text_sheet(told, verdict, remark)
    return _Sheet(made.book, made.sheet, remark, shift=1, rows=places)


def _impersonal(texts: Sequence[str], where: Whereabouts) -> Iterator[str]:
    return ("" if place in where.personal else text for place, text in enumerate(texts))


def _mark(target: _Sheet, verdict: Verdict, where: Whereabouts) -> list[Marked]:
    """Colours the cells of all findings, the heaviest last so that its colour stays, and writes the comments."""
    contract = CONTRACTS.get(verdict.soort or "")
    marked = [
        Marked(one, row, place, target.sheet.title, f"{excel_letter(place + target.shift)}{at}")
        for one in sorted(verdict.findings, key=lambda one: _RANK[one.ernst])
        for row, place in _cells(one, where, places_of(one, where, contract))
        if (at := target.row(row)) is not None
    ]
    told: dict[str, list[Finding]] = {}
    for one in marked:
        told.setdefault(one.address, []).append(one.finding)
    for address, findings in told.items():
        target.sheet[address].fill = PatternFill("solid", fgColor=COLOURS[findings[0].ernst])
    for address, findings in islice(told.items(), MOST_COMMENTS):
        _comment(target.sheet, address, findings)
    return marked


def _cells(finding: Finding, where: Whereabouts, places: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Row and column of every cell of a finding; of whole rows the first cell, of a whole column its heading."""
    rows = rows_of(finding)
    if rows.is_empty():
        at_heading = places or ((where.first,) if finding.code == _MISSING_COLUMN else ())
        yield from ((where.header_row, place) for place in at_heading)
        return
    yield from ((row, place) for row in rows.to_list() for place in places or (where.first,))


def _comment(sheet: Worksheet, address: str, findings: Iterable[Finding]) -> None:
    cell = sheet[address]
    if isinstance(cell, MergedCell):
        return
    kinds = [FINDINGS[code] for code in dict.fromkeys(one.code for one in findings)]
    parts = [f"{kind.title} ({kind.code}).\n{kind.remedy}" for kind in kinds]
    if cell.comment is not None:
        parts.append(f"Uw eigen opmerking: {cell.comment.text}")
    text = "\n\n".join(parts)
    cell.comment = Comment(text, "JOS-monitor", height=40 + 20 * (len(text) // 38 + text.count("\n")), width=300)
