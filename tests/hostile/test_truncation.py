"""A file that stops anywhere: never a traceback, and never fewer rows or a shorter value in silence (spec 1.2).

A CSV that stops right after a line end cannot be told from a shorter file; anything else can.
"""

import csv

import pytest

from jos_pipeline.intake.gate import judge
from jos_pipeline.intake.reading import RawTable, Unreadable, read_table
from jos_pipeline.intake.verdict import Outcome, Verdict
from schemas.contracts import KNOWN_HEADINGS
from tests.hostile.seed import as_text, book
from tests.records import PEILDATUM, Record, lenient_region, name_of, valid_records

REGION = lenient_region()
SOORT = "begeleiders"
MAY_BE_CUT = "JOS-S023"


def _records(soort: str = SOORT) -> list[Record]:
    return valid_records(soort, 4)


def _judged(data: bytes) -> Verdict:
    return judge(data, name_of(SOORT), PEILDATUM, REGION)


def _read(data: bytes) -> RawTable | None:
    """The table, or None when it cannot be read; any other exception fails the test."""
    try:
        return read_table(data, "", KNOWN_HEADINGS)
    except Unreadable:
        return None


def _ends_with_a_line(data: bytes, encoding: str) -> bool:
    return data.decode(encoding, errors="ignore").endswith(("\r", "\n"))


@pytest.mark.parametrize(
    ("end", "quoting"), [("\r\n", csv.QUOTE_MINIMAL), ("\n", csv.QUOTE_ALL), ("\r", csv.QUOTE_MINIMAL)]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("soort", ["begeleiders", "jeugdhulp"])
def test_a_csv_that_stops_at_any_byte_is_read_as_such(soort: str, end: str, quoting: int, encoding: str) -> None:
    made = [one | {"aanbieder": "Café Zoë"} if "aanbieder" in one else one for one in _records(soort)]
    data = as_text(made, end=end, quoting=quoting).encode(encoding)
    whole = _read(data)
    assert whole is not None
    for cut in range(0, len(data), 1 if soort == SOORT else 41):
        table = _read(data[:cut])
        if table is not None and _ends_with_a_line(data[:cut], encoding):
            assert table.cells.rows() == whole.cells.rows()[: table.cells.height]
        elif table is not None:
            assert MAY_BE_CUT in {note.code for note in table.notes}, cut


def test_a_csv_that_stops_at_any_byte_gets_a_verdict() -> None:
    data = as_text(_records()).encode()
    whole = _judged(data)
    assert whole.oordeel is Outcome.GEACCEPTEERD
    assert whole.findings == ()
    for cut in range(len(data)):
        verdict = _judged(data[:cut])
        codes = {finding.code for finding in verdict.findings}
        if verdict.accepted is None:
            assert any(finding.refuses_file for finding in verdict.findings), cut
        elif _ends_with_a_line(data[:cut], "utf-8"):
            assert verdict.accepted.rows() == whole.accepted.rows()[: verdict.accepted.height]
        else:
            assert MAY_BE_CUT in codes, cut


def _sheet(workbook) -> None:
    page = workbook.add_worksheet()
    for number, row in enumerate([list(_records()[0]), *(list(one.values()) for one in _records())]):
        page.write_row(number, 0, row)


def test_a_workbook_that_stops_at_any_byte_is_refused() -> None:
    data = book(_sheet)()
    assert not _judged(data).refused
    for cut in range(len(data)):
        verdict = _judged(data[:cut])
        assert verdict.refused, cut
        assert {finding.code for finding in verdict.findings} <= {"JOS-E001", "JOS-E002", "JOS-E003", "JOS-E007"}
