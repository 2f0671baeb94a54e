"""One table in many shapes gives the same accepted data, byte for byte; the same bytes give the same verdict."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from jos_pipeline.intake.gate import judge, verdict_json
from jos_pipeline.intake.verdict import Outcome, Verdict
from schemas.columns import Kind
from schemas.contracts import CONTRACTS
from tests.hostile.seed import as_text
from tests.hostile.test_seeds import SEEDS
from tests.records import PEILDATUM, Record, lenient_region, name_of, region, valid_records

COUNT = 12


def _records(soort: str) -> list[Record]:
    """Valid records; the provider of care has accents, so that encodings matter."""
    made = valid_records(soort, COUNT)
    return [one | {"aanbieder": "Café Zoë & Zonen"} if "aanbieder" in one else one for one in made]


def _typed_cells(soort: str) -> bytes:
    """As Excel types them: dates as dates, numbers as numbers, yes and no as TRUE and FALSE."""
    target, kinds = io.BytesIO(), {field.name: field.column.kind for field in CONTRACTS[soort].fields}
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page, day = book.add_worksheet(), book.add_format({"num_format": "dd-mm-yyyy"})
        made = _records(soort)
        page.write_row(0, 0, list(made[0]))
        for number, record in enumerate(made, start=1):
            for place, (name, cell) in enumerate(record.items()):
                if not cell:
                    continue
                if kinds[name] is Kind.DATE:
                    page.write_datetime(number, place, datetime.fromisoformat(cell), day)
                elif kinds[name] in (Kind.INTEGER, Kind.DECIMAL):
                    page.write_number(number, place, float(cell.replace(",", ".")))
                elif kinds[name] is Kind.BOOLEAN:
                    page.write_boolean(number, place, cell == "ja")
                else:
                    page.write_string(number, place, cell)
    return target.getvalue()


def _text_cells(soort: str) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet()
        made = _records(soort)
        for number, row in enumerate([list(made[0]), *(list(one.values()) for one in made)]):
            for place, cell in enumerate(row):
                page.write_string(number, place, cell)
    return target.getvalue()


SHAPES = {
    "semicolon, UTF-8, CRLF": lambda s: as_text(_records(s)).encode(),
    "comma, UTF-8 with BOM, LF": lambda s: as_text(_records(s), ",", "\n").encode("utf-8-sig"),
    "tab, UTF-16 little endian": lambda s: ("\ufeff" + as_text(_records(s), "\t")).encode("utf-16-le"),
    "semicolon, UTF-16 big endian, CR": lambda s: ("\ufeff" + as_text(_records(s), end="\r")).encode("utf-16-be"),
    "bar, Windows-1252": lambda s: as_text(_records(s), "|", "\n").encode("cp1252"),
    "everything quoted": lambda s: as_text(_records(s), quoting=csv.QUOTE_ALL).encode(),
    "workbook, text cells": _text_cells,
    "workbook, typed cells": _typed_cells,
}


def _verdict(data: bytes, soort: str) -> Verdict:
    return judge(data, name_of(soort), PEILDATUM, lenient_region())


def _canonical(frame: pl.DataFrame) -> tuple[bytes, bytes]:
    """The frame as Parquet and as CSV."""
    parquet = io.BytesIO()
    frame.write_parquet(parquet)
    return parquet.getvalue(), frame.write_csv().encode()


@pytest.mark.parametrize("soort", CONTRACTS)
def test_every_shape_of_a_table_gives_the_same_bytes(soort: str) -> None:
    verdicts = {name: _verdict(shape(soort), soort) for name, shape in SHAPES.items()}
    first = next(iter(verdicts.values()))
    assert first.accepted is not None
    assert first.accepted.height == COUNT
    expected = _canonical(first.accepted)
    for name, verdict in verdicts.items():
        assert verdict.accepted is not None, name
        assert _canonical(verdict.accepted) == expected, name
        allowed = {"JOS-S005"} if "1252" in name else set()
        assert {finding.code for finding in verdict.findings} <= allowed, name


_SCRIPT = """
import json, sys
from datetime import date
from pathlib import Path
from tests.records import region
from jos_pipeline.intake.gate import judge, verdict_json
region = region()
for path, name in json.load(sys.stdin):
    verdict = judge(Path(path).read_bytes(), name, date(2023, 2, 1), region)
    kept = [frame.write_json() for frame in (verdict.accepted, verdict.rejected) if frame is not None]
    print(json.dumps([verdict_json(verdict), [str(one) for one in verdict.passes], kept]))
"""


def test_two_processes_say_the_same(tmp_path: Path) -> None:
    """Sets and dicts are ordered differently under another hash seed; a verdict must not be."""
    files = []
    for number, seed in enumerate(SEEDS[::13]):
        path = tmp_path / str(number)
        path.write_bytes(seed.build())
        files.append((str(path), seed.file_name))
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": number, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            text=True,
        )
        for number in ("1", "2")
    ]
    said = [process.communicate(json.dumps(files))[0] for process in processes]
    assert said[0] == said[1]
    assert said[0].count("\n") == len(files)


def test_the_same_bytes_give_the_same_verdict_again() -> None:
    data = as_text(_records("jeugdhulp")).encode()
    assert verdict_json(_verdict(data, "jeugdhulp")) == verdict_json(_verdict(data, "jeugdhulp"))
    assert judge(data, name_of("jeugdhulp"), PEILDATUM, region()).oordeel is Outcome.GEACCEPTEERD
