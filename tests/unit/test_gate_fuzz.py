"""The whole gate against damaged deliveries and generated tables: always a verdict, nothing lost, nothing told.

A few hundred examples here, because each is a whole file; `make fuzz` runs as many as JOS_FUZZ says.
"""

import json
import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline.intake.gate import judge, verdict_json
from jos_pipeline.intake.verdict import Outcome
from schemas.contracts import CONTRACTS
from tests.records import (
    PEILDATUM,
    csv_bytes,
    delivery,
    lenient_region,
    name_of,
    region,
    supplier_of,
    valid_records,
    violations,
    xlsx_bytes,
)

EXAMPLES = int(os.environ.get("JOS_FUZZ", "240"))
"""How many damaged files; a file costs some ten milliseconds."""
TABLES = max(40, EXAMPLES // 10)
SOORTEN = sorted(CONTRACTS)
CANARY = "Kanarie-Zwartbek"
ODD_BYTES = b';,|\t"\r\n\x00\xff\xe9=+-@'


def _flip(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _truncate(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(1, len(data)) :]


def _splice(data: bytearray, chance: random.Random) -> None:
    begin = chance.randrange(len(data))
    piece = bytes(data[begin : begin + chance.randrange(1, 200)])
    place = chance.randrange(len(data))
    data[place : place + chance.randrange(50)] = piece


def _insert(data: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(data))
    data[place:place] = bytes(chance.choice(ODD_BYTES) for _ in range(chance.randrange(1, 6)))


def _swap_separator(data: bytearray, chance: random.Random) -> None:
    data[:] = data.replace(b";", chance.choice([b",", b"\t", b"|", b";;", b" "]), chance.randrange(1, 400))


def _damage_header(data: bytearray, chance: random.Random) -> None:
    place = chance.randrange(min(len(data), 80))
    data[place : place + chance.randrange(4)] = bytes(chance.randrange(256) for _ in range(chance.randrange(4)))


DAMAGE = (_flip, _truncate, _splice, _insert, _swap_separator, _damage_header)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(chance.randrange(1, 5)):
        if len(found) > 1:
            chance.choice(DAMAGE)(found, chance)
    return bytes(found)


def _with_canary(soort: str) -> list[dict[str, str]]:
    """Valid records, with a column nobody asked for that holds a name in every row."""
    return [record | {"opmerking": CANARY} for record in valid_records(soort, 12)]


def _sources(soort: str) -> tuple[bytes, ...]:
    records = _with_canary(soort)
    encodings = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
    return (*(csv_bytes(records, encoding=encoding) for encoding in encodings), xlsx_bytes(records))


def _hold(verdict) -> None:
    """What is true of every verdict, whatever the file."""
    told = json.dumps(verdict_json(verdict), ensure_ascii=False) + repr(verdict)
    assert "anarie" not in told
    assert "wartbek" not in told
    assert verdict.refused == (verdict.oordeel is Outcome.AFGEKEURD)
    if verdict.accepted is None:
        assert verdict.refused
        return
    assert all(verdict.rejected["codes"].list.len() > 0)
    if not CONTRACTS[verdict.soort].spell:  # spells are merged, so fewer rows come out
        assert verdict.accepted.height + verdict.rejected.height == verdict.rijen


@pytest.mark.parametrize("soort", SOORTEN)
def test_a_damaged_delivery_always_gets_a_verdict_that_tells_no_value(soort):
    chance = random.Random(f"{soort}/{os.environ.get('JOS_FUZZ_SEED', '1')}")
    sources = _sources(soort)
    for number in range(max(1, EXAMPLES // len(SOORTEN))):
        source = sources[number % len(sources)]
        data = _damaged(source, chance)
        suffix = "xlsx" if source is sources[-1] else "csv"
        try:
            verdict = judge(data, name_of(soort, suffix), PEILDATUM, lenient_region(), supplier_of(soort))
        except Exception as error:
            raise AssertionError(f"{soort}, example {number}: {type(error).__name__}") from error
        _hold(verdict)


_WEIRD = (
    "",
    "-",
    "onbekend",
    "1.234",
    "1,5",
    "31-02-2023",
    "20230200",
    "44927",
    "<5",
    ".",
    "GM361",
    "361",
    "\u00a0",
    "x",
)


@st.composite
def tables(draw):
    """A soort with rows of which any cell may be valid, violating, or anything at all."""
    soort = draw(st.sampled_from(SOORTEN))
    broken = [case.record for case in violations(soort)]
    records = draw(st.lists(st.sampled_from([*valid_records(soort, 8), *broken]), min_size=1, max_size=8))
    rows = [dict(record) for record in records]
    cell = st.one_of(st.sampled_from(_WEIRD), st.text(max_size=12))
    for _ in range(draw(st.integers(0, 6))):
        row = draw(st.sampled_from(rows))
        row[draw(st.sampled_from(sorted(row)))] = draw(cell)
    return soort, rows


@settings(deadline=None, max_examples=TABLES)
@given(tables())
def test_any_table_is_divided_into_what_is_accepted_and_what_is_rejected(table):
    soort, rows = table
    data = csv_bytes(rows, encoding="utf-8-sig") if _encodable(rows) else b"\xff"
    _hold(judge(data, name_of(soort), PEILDATUM, lenient_region(), supplier_of(soort)))


def _encodable(rows: list[dict[str, str]]) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for row in rows for text in row.values() for sign in text)


@settings(deadline=None, max_examples=TABLES)
@given(st.data())
def test_every_rule_of_every_contract_rejects_generated_records_that_break_it(data):
    """Which record breaks which rule follows from the contract; where it stands and beside what is generated."""
    soort = data.draw(st.sampled_from(SOORTEN))
    cases = violations(soort)
    chosen = data.draw(st.lists(st.integers(0, len(cases) - 1), min_size=1, max_size=5, unique=True))
    valid = valid_records(soort, data.draw(st.integers(0, 6)))
    rows = data.draw(st.permutations([*((None, row) for row in valid), *((cases[n], cases[n].record) for n in chosen)]))
    verdict = judge(
        csv_bytes([row for _, row in rows]), name_of(soort), PEILDATUM, lenient_region(), supplier_of(soort)
    )
    expected = {place + 2: [case.code] for place, (case, _) in enumerate(rows) if case is not None}
    assert dict(zip(verdict.rejected["rij"], verdict.rejected["codes"].to_list(), strict=True)) == expected


def test_the_canary_would_be_seen():
    """The column is really read: the undamaged file is accepted with the signal that it is not asked for."""
    verdict = judge(_sources("tlv")[0], name_of("tlv"), PEILDATUM, region(), supplier_of("tlv"))
    assert [one.code for one in verdict.findings] == ["JOS-S001"]
    assert delivery("tlv", 12) != _sources("tlv")[0]
