"""The supplier's house: what goes in with persons comes out without, and says so in rows of the supplier's file."""

import json
from datetime import date
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline.coarsen import age_class
from jos_pipeline.intake.gate import judge
from jos_pipeline.intake.verdict import Outcome, verdict_json
from jos_pipeline.prepare import prepare
from jos_pipeline.pseudonym import pseudonym
from schemas.contracts import CONTRACTS
from tests.records import (
    PEILDATUM,
    SCHOOLJAAR,
    csv_bytes,
    lenient_region,
    name_of,
    region,
    supplier_of,
    valid_records,
    violations,
    xlsx_bytes,
)

KEY = bytes(range(32))
CANARIES = ("123456782", "111222333", "100310303", "Jansen", "2008-03-04", "1811 AB")
WITH_PUPILS = [soort for soort, contract in CONTRACTS.items() if "pseudoniem" in contract.by_name]


def bsn(number):
    """The BSN with this rank, for as many different persons as a test needs."""
    base = 10_000_000 + number
    for last in range(10):
        digits = f"{base:08d}{last}"
        if sum(w * int(d) for w, d in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True)) % 11 == 0:
            return digits
    return bsn(number + 100_000)


def raw_records(soort, count=40):
    """An export as a school's own system makes it: persons in it, no pseudonym."""
    records = []
    for number, record in enumerate(valid_records(soort, count), start=1):
        raw = {"BSN": bsn(number), "Achternaam": "Jansen", "Geboortedatum": "04-03-2008", "Postcode": "1811 AB"}
        raw |= {
            name: text for name, text in record.items() if name not in ("pseudoniem", "leeftijdsklasse", "woongemeente")
        }
        records.append(raw | {"Opmerking": "Jansen belt 06-12345678"})
    return records


def _prepare(data, kind, name=None, **options):
    return prepare(data, name or name_of(kind), PEILDATUM, region(), supplier_of(kind), key=KEY, **options)


def _said(prepared):
    text = json.dumps(verdict_json(prepared.shown)) + json.dumps(verdict_json(prepared.verdict)) + repr(prepared)
    return text + (prepared.content or b"").decode("utf-8")


@pytest.mark.parametrize("soort", list(CONTRACTS))
def test_an_export_becomes_a_delivery_the_gate_accepts(soort):
    prepared = _prepare(csv_bytes(raw_records(soort)), soort)
    assert prepared.verdict.oordeel is Outcome.GEACCEPTEERD, prepared.verdict.findings
    assert prepared.verdict.accepted.height == 40
    assert prepared.file_name == name_of(soort)
    again = judge(prepared.content, prepared.file_name, PEILDATUM, region(), supplier_of(soort))
    assert again == prepared.verdict
    assert [finding.code for finding in prepared.findings] == ["JOS-S001", "JOS-I001"]
    assert not [canary for canary in CANARIES if canary in _said(prepared)]
    assert not [number for number in range(1, 41) if bsn(number) in _said(prepared)]


@pytest.mark.parametrize("soort", WITH_PUPILS)
def test_csv_and_workbook_give_the_same_delivery(soort):
    records = raw_records(soort, 5)
    assert _prepare(xlsx_bytes(records), soort).content == _prepare(csv_bytes(records), soort).content


def test_the_same_child_gets_the_promised_pseudonym():
    records = raw_records("leerlingen", 3)
    records[0]["BSN"] = "1234.56.782"
    records[1]["BSN"] = "123456782.0"
    accepted = _prepare(csv_bytes(records), "leerlingen").verdict.accepted
    assert accepted["pseudoniem"].to_list()[:2] == [pseudonym(KEY, "123456782")] * 2
    assert accepted["leeftijdsklasse"].to_list() == ["14-15"] * 3
    assert set(accepted["woongemeente"]) == {region().postcodes["1811"]}


def test_a_prepared_delivery_prepares_to_itself():
    """What was prepared already has no person in it and comes through unchanged."""
    first = _prepare(csv_bytes(raw_records("trajecten")), "trajecten")
    second = _prepare(first.content, "trajecten")
    assert second.content == first.content
    assert second.findings == ()


@pytest.mark.parametrize(
    "heading",
    ["bsn", "Burgerservicenummer", "PGN", "persoonsgebondennummer", "Onderwijsnummer", "BSN leerling", "BSN-nr"],
)
def test_number_headings(heading):
    records = [{heading: row["BSN"]} | {n: t for n, t in row.items() if n != "BSN"} for row in raw_records("tlv", 3)]
    assert _prepare(csv_bytes(records), "tlv").verdict.accepted.height == 3


def test_the_number_of_another_person_is_never_used():
    records = [
        {"BSN moeder": row["BSN"]} | {n: t for n, t in row.items() if n != "BSN"} for row in raw_records("tlv", 3)
    ]
    prepared = _prepare(csv_bytes(records), "tlv")
    assert prepared.content is None
    assert [(one.code, one.kolom) for one in prepared.findings] == [("JOS-E009", "pseudoniem")]


def test_an_onderwijsnummer_serves_where_there_is_no_bsn():
    records = [row | {"Onderwijsnummer": "100310303"} for row in raw_records("tlv", 2)]
    records[0]["BSN"] = ""
    pseudonyms = _prepare(csv_bytes(records), "tlv").verdict.accepted["pseudoniem"].to_list()
    assert pseudonyms == [pseudonym(KEY, "100310303"), pseudonym(KEY, records[1]["BSN"])]


@pytest.mark.parametrize("missing", ["", "-", "NULL", "n.v.t.", "onbekend", "999999999", "000000000"])
def test_only_a_bsn_that_is_missing_makes_room_for_the_onderwijsnummer(missing):
    records = [row | {"PGN": "", "Onderwijsnummer": "100310303"} for row in raw_records("tlv", 40)]
    records[0]["BSN"] = missing
    prepared = _prepare(csv_bytes(records), "tlv")
    assert prepared.verdict.accepted["pseudoniem"][0] == pseudonym(KEY, "100310303")
    assert "JOS-E050" not in {one.code for one in prepared.findings}


@pytest.mark.parametrize("wrong", ["123456789", "geen", "1234567", "100310303 of 111222333"])
@pytest.mark.parametrize("between", ["", "111222333"])
def test_a_bsn_that_is_wrong_is_not_replaced_by_another_number(wrong, between):
    records = [row | {"PGN": between, "Onderwijsnummer": "100310303"} for row in raw_records("tlv", 40)]
    records[0]["BSN"] = wrong
    records[1] |= {"BSN": "", "PGN": wrong}
    records[2] |= {"BSN": "", "PGN": "", "Onderwijsnummer": wrong}
    records[3] |= {"Onderwijsnummer": wrong}
    prepared = _prepare(csv_bytes(records), "tlv")
    assert {one.code: one.rijen for one in prepared.findings if one.kolom == "pseudoniem"} == {"JOS-E050": (2, 3, 4)}
    assert prepared.content.count(pseudonym(KEY, "100310303").encode()) == 0
    assert prepared.content.count(pseudonym(KEY, records[3]["BSN"]).encode()) == 1


def test_persons_on_another_sheet_stay_in_the_house_and_stop_nothing():
    records = raw_records("tlv", 3)
    book = xlsx_bytes(records, beside=[{"Achternaam": "Jansen", "Geboortedatum": "2008-03-04"}])
    prepared = _prepare(book, "tlv", name_of("tlv", "xlsx"))
    assert prepared.content == _prepare(csv_bytes(records), "tlv").content


def test_two_columns_for_one_number_are_refused():
    records = [row | {"burgerservicenummer": row["BSN"]} for row in raw_records("tlv", 2)]
    prepared = _prepare(csv_bytes(records), "tlv")
    assert [(one.code, one.kolom) for one in prepared.findings] == [("JOS-E008", "pseudoniem")]


def test_findings_speak_of_the_rows_of_the_supplier():
    """Two title rows, a blank row and a row of the wrong width come before the mistakes."""
    records = raw_records("leerlingen", 60)
    records[3]["BSN"] = "123456789"
    records[4]["BSN"] = "999999999"
    records[5]["Geboortedatum"] = "31-02-2010"
    records[6]["Postcode"] = "9999 XX"
    records[7]["Geboortedatum"] = ""
    records[8]["leerjaar"] = "negen"
    records[9]["extra_ondersteuning"] = "J"
    lines = csv_bytes(records).decode().splitlines(keepends=True)
    text = "Export\r\nvan vandaag\r\n" + "".join(lines[:2]) + ";;\r\nscheef;1\r\n" + "".join(lines[2:])
    prepared = _prepare(text.encode(), "leerlingen")
    found = {(one.code, one.kolom): one.rijen for one in prepared.shown.findings}
    assert found == {
        ("JOS-E019", None): (6,),
        ("JOS-E050", "pseudoniem"): (9,),
        ("JOS-E020", "pseudoniem"): (9, 10),
        ("JOS-S015", "pseudoniem"): (10,),
        ("JOS-E051", "leeftijdsklasse"): (11,),
        ("JOS-E052", "woongemeente"): (12,),
        ("JOS-S016", "leeftijdsklasse"): (13,),
        ("JOS-E020", "leeftijdsklasse"): (11, 13),
        ("JOS-E023", "leerjaar"): (14,),
        ("JOS-E017", None): (),
        ("JOS-S001", None): (),
        ("JOS-S003", None): (1, 2),
        ("JOS-S006", None): (5,),
        ("JOS-I001", None): (),
    }
    assert (prepared.shown.rijen, prepared.shown.rijen_afgekeurd) == (61, 7)
    assert prepared.shown.file_name == name_of("leerlingen")


@pytest.mark.parametrize(("lost", "outcome"), [(0, "geaccepteerd"), (2, "geaccepteerd_met_afkeur"), (3, "afgekeurd")])
def test_rows_that_cannot_be_read_count_as_rejected(lost, outcome):
    whole = csv_bytes(raw_records("tlv", 40))
    lines = whole.decode().splitlines()
    for row in range(1, 1 + lost):
        lines[row] = lines[row].split(";")[0]
    prepared = _prepare("\r\n".join(lines).encode(), "tlv")
    shown = prepared.shown
    assert (str(shown.oordeel), shown.rijen, shown.rijen_afgekeurd) == (outcome, 40, lost)
    assert (prepared.content is None) is (outcome == "afgekeurd")
    said = {(one.code, one.aantal) for one in shown.findings}
    assert (("JOS-E017", lost) in said) is (outcome == "afgekeurd")
    assert (("JOS-E019", lost) in said) is bool(lost)


def test_text_that_is_wrong_does_not_leave_the_house():
    """The row is rejected for its own reason, but what stood there stays with the supplier."""
    records = raw_records("trajecten", 60)
    records[0]["functie"] = "tante Truus"
    records[1]["aanmelddatum"] = "toen Truus belde"
    records[2]["school"] = "bij Truus"
    prepared = _prepare(csv_bytes(records), "trajecten")
    assert "Truus" not in _said(prepared)
    assert {(one.code, one.rijen) for one in prepared.shown.findings if one.ernst == "fout"} == {
        ("JOS-E027", (2,)),
        ("JOS-E021", (3,)),
        ("JOS-E029", (4,)),
    }


@pytest.mark.parametrize("soort", list(CONTRACTS))
def test_a_wrong_cell_is_refused_for_the_same_reason_as_before(soort):
    """What the gate says of a file and of what was prepared from it is the same, row for row, cell for cell."""
    records = [case.record for case in violations(soort)]
    straight = judge(csv_bytes(records), name_of(soort), PEILDATUM, lenient_region())
    prepared = prepare(csv_bytes(records), name_of(soort), PEILDATUM, lenient_region(), None, key=KEY)
    faults = [(one.code, one.kolom, one.rijen, one.aantal) for one in straight.findings if one.ernst == "fout"]
    assert faults == [
        (one.code, one.kolom, one.rijen, one.aantal) for one in prepared.shown.findings if one.ernst == "fout"
    ]
    assert faults


@pytest.mark.parametrize("soort", WITH_PUPILS)
def test_a_bsn_in_a_column_that_is_kept_stops_everything(soort):
    spellings = cycle(["123456782", "1234.56.782", "123456782.0", "zie 123456782"])
    kept = [name for name in CONTRACTS[soort].by_name if name not in ("pseudoniem", "leeftijdsklasse", "woongemeente")]
    for column, spelling in zip(kept, spellings, strict=False):
        records = raw_records(soort, 3)
        records[1][column] = spelling
        prepared = _prepare(csv_bytes(records), soort)
        assert prepared.content is None
        assert [(one.code, one.rijen) for one in prepared.findings] == [("JOS-E011", (3,))], column
        assert "123456782" not in _said(prepared)


@pytest.mark.parametrize("column", ["Achternaam", "Opmerking", "Postcode", "Geboortedatum"])
def test_a_bsn_in_a_column_that_is_dropped_is_dropped(column):
    records = raw_records("tlv", 40)
    records[1][column] = "123456782"
    prepared = _prepare(csv_bytes(records), "tlv")
    assert prepared.content is not None
    assert "123456782" not in _said(prepared)


def test_a_bsn_in_heading_or_name_stays_unseen():
    records = [row | {"123456782": "x"} for row in raw_records("tlv", 3)]
    prepared = _prepare(csv_bytes(records), "tlv", name=f"tlv_{SCHOOLJAAR}_2023-02-01_123456782.csv")
    assert prepared.content is not None
    assert "123456782" not in _said(prepared)


def test_what_the_name_does_not_say_is_told_or_derived():
    data = csv_bytes(raw_records("tlv", 40))
    told = _prepare(data, "tlv", name="export.csv", soort="tlv", schooljaar=SCHOOLJAAR, peildatum=PEILDATUM)
    derived = _prepare(data, "tlv", name="export.csv")
    assert told.content == derived.content
    assert [one.code for one in derived.findings] == ["JOS-S001", "JOS-S014", "JOS-I001"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"schooljaar": "2022-2024"}, "JOS-E018"),
        ({"peildatum": date(2020, 1, 1)}, "JOS-E014"),
        ({"soort": "onzin"}, "JOS-E012"),
    ],
)
def test_impossible_wishes_are_refused(options, code):
    prepared = _prepare(csv_bytes(raw_records("tlv", 3)), "tlv", **options)
    assert prepared.content is None
    assert prepared.verdict.refused
    assert [one.code for one in prepared.findings] == [code]


def test_unreadable_files_are_a_verdict():
    prepared = _prepare(b"%PDF-1.7", "tlv")
    assert [one.code for one in prepared.findings] == ["JOS-E002"]
    assert prepared.shown.refused


def test_what_the_reader_cannot_decide_refuses_the_export():
    """The delivery would look sound: the doubt is in the export, so it must stop here."""
    records = [row | {"sсhool": row["school"]} for row in raw_records("tlv", 3)]
    prepared = _prepare(csv_bytes(records), "tlv")
    assert prepared.content is None
    assert "JOS-E063" in [one.code for one in prepared.findings]


def test_a_heading_with_another_alphabet_is_read_and_told():
    headings = ["ВSN" if name == "BSN" else name for name in raw_records("tlv", 3)[0]]
    prepared = _prepare(csv_bytes(raw_records("tlv", 3), headings), "tlv")
    assert "JOS-S022" in [one.code for one in prepared.findings]
    assert prepared.verdict.accepted["pseudoniem"].null_count() == 0


@given(st.dates(date(1990, 1, 1), date(2023, 2, 1)))
@settings(deadline=None, max_examples=100)
def test_age_classes_follow_the_birthday(born):
    age = sum(1 for year in range(born.year + 1, 2024) if (year, born.month, born.day) <= (2023, 2, 1))
    bounds = {"4-7": (4, 7), "8-11": (8, 11), "12-13": (12, 13), "14-15": (14, 15), "16-17": (16, 17), "18+": (18, 99)}
    expected = [code for code, (low, high) in bounds.items() if low <= age <= high]
    assert age_class(born, PEILDATUM) == (expected[0] if expected else None)


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("20080300", "14-15"),
        ("20070200", None),
        ("20080000", "14-15"),
        ("20070000", None),
        ("20140000", "8-11"),
        ("39511", "14-15"),
    ],
)
def test_a_birth_date_known_to_the_month_serves_when_it_makes_no_difference(born, expected):
    records = [row | {"Geboortedatum": born} for row in raw_records("trajecten", 3)]
    assert _prepare(csv_bytes(records), "trajecten").verdict.accepted["leeftijdsklasse"].to_list() == [expected] * 3
