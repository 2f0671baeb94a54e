"""Files that are judged together are judged as each of them alone: a batch saves work and decides nothing."""

from datetime import timedelta

import pytest

from jos_pipeline.intake.gate import Offered, Verdict, judge, judge_all
from schemas.contracts import CONTRACTS
from tests.records import (
    PEILDATUM,
    csv_bytes,
    delivery,
    lenient_region,
    name_of,
    supplier_of,
    valid_records,
    violations,
    xlsx_bytes,
)


def _files(soort: str) -> list[Offered]:
    """Good, wrong throughout, wrong here and there, with fewer columns, of another peildatum, and no table at all."""
    good, broken = valid_records(soort, 30), [one.record for one in violations(soort)]
    twice = [*good, *({**one} for one in good[:4]), *({**one, **broken[0]} for one in good[4:6])]
    needed = [field.name for field in CONTRACTS[soort].fields if field.required]
    contents = {
        "a": delivery(soort, 30),
        "b": delivery(soort, 30),
        "c": csv_bytes([row for pair in zip(broken, valid_records(soort, len(broken)), strict=True) for row in pair]),
        "d": csv_bytes(twice),
        "e": csv_bytes([{name: one[name] for name in needed} for one in good]),
        "f": xlsx_bytes(good[:5]),
        "g": csv_bytes(good[:1]),
        "h": delivery(soort, 1)[:10],
        "i": b"",
        "j": b"%PDF-1.7",
    }
    offered = [Offered(data, name_of(soort), PEILDATUM, supplier_of(soort)) for data in contents.values()]
    later = name_of(soort).replace(PEILDATUM.isoformat(), (PEILDATUM + timedelta(days=28)).isoformat())
    of_later = Offered(contents["c"], later, PEILDATUM, supplier_of(soort))
    return [*offered, of_later, Offered(contents["a"], "x.csv", PEILDATUM)]


def _told(verdict: Verdict) -> tuple[object, ...]:
    """All of a verdict; findings and passes as they are written down, in their order."""
    frames = [
        None if frame is None else (frame.schema, frame.to_dicts()) for frame in (verdict.accepted, verdict.rejected)
    ]
    return (verdict, [one.rijen for one in verdict.findings], verdict.where, *frames)


SOME = ("trajecten", "inzet", "wachttijden", "leerlingen")


@pytest.mark.parametrize("soort", CONTRACTS)
def test_a_file_among_others_of_its_soort_is_judged_as_if_it_was_alone(soort):
    files, region = _files(soort), lenient_region()
    together = judge_all(files, region)
    alone = [judge(one.data, one.file_name, one.modified, region, one.supplier_id) for one in files]
    assert [_told(one) for one in together] == [_told(one) for one in alone]
    assert {str(one.oordeel) for one in together} >= {"geaccepteerd", "geaccepteerd_met_afkeur", "afgekeurd"}


def test_files_of_several_soorten_in_any_order_are_judged_as_each_alone():
    files = [file for several in zip(*map(_files, SOME), strict=True) for file in several]
    region = lenient_region()
    alone = [judge(one.data, one.file_name, one.modified, region, one.supplier_id) for one in files]
    assert [_told(one) for one in judge_all(files, region)] == [_told(one) for one in alone]
    backwards = judge_all(files[::-1], region)[::-1]
    assert [_told(one) for one in backwards] == [_told(one) for one in alone]


def test_nothing_to_judge_is_no_verdict():
    assert judge_all([], lenient_region()) == []
