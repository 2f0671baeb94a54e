"""What a file name says, and what of it may be shown."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline.intake.naming import NamedDelivery, delivery_name, is_ignored, parse_name, safe_name

DAY = date(2023, 2, 1)


@pytest.mark.parametrize(
    "name",
    [
        "trajecten_2022-2023_2023-02-01.csv",
        "TRAJECTEN_2022-2023_2023-02-01.XLSX",
        "trajecten_2022-2023_2023-02-01_herlevering_2.csv",
        "trajecten_2022-2023_2023-02-01 (1).csv",
        "trajecten 2022-2023 2023-02-01.csv",
        "trajecten_2022-2023_20230201.csv",
        "trajecten_2022-2023_01-02-2023.csv",
        "map/trajecten_2022-2023_2023-02-01.csv",
        "C:\\map\\trajecten_2022-2023_2023-02-01.csv",
    ],
)
def test_complete_names(name):
    assert parse_name(name) == NamedDelivery("trajecten", "2022-2023", DAY)
    assert parse_name(name).complete


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("trajecten.csv", NamedDelivery("trajecten", None, None)),
        ("trajecten_2022-2023.csv", NamedDelivery("trajecten", "2022-2023", None)),
        ("trajecten_2023-02-01.csv", NamedDelivery("trajecten", None, DAY)),
        ("export_2022-2023_2023-02-01.csv", NamedDelivery(None, "2022-2023", DAY)),
        ("export.csv", NamedDelivery(None, None, None)),
        ("mijn trajecten.csv", NamedDelivery(None, None, None)),
        ("trajecten_2022-2024_2023-02-01.csv", NamedDelivery("trajecten", "2022-2024", DAY)),
        ("trajecten_2022-2023_2023-02-30.csv", NamedDelivery("trajecten", "2022-2023", None, impossible_day=True)),
        ("trajecten_2022-2023_20231301.csv", NamedDelivery("trajecten", "2022-2023", None, impossible_day=True)),
        ("", NamedDelivery(None, None, None)),
    ],
)
def test_what_a_name_leaves_unsaid(name, expected):
    assert parse_name(name) == expected


def test_the_proposed_name_reads_back():
    assert parse_name(delivery_name("tlv", "2022-2023", DAY)) == NamedDelivery("tlv", "2022-2023", DAY)


@pytest.mark.parametrize(
    "name", [".trajecten.csv", "~$trajecten.xlsx", "trajecten.csv.part", "x.TMP", "x.filepart", "map/.x"]
)
def test_ignored(name):
    assert is_ignored(name)


def test_deliveries_are_not_ignored():
    assert not is_ignored("trajecten_2022-2023_2023-02-01.csv")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("trajecten_2022-2023_2023-02-01.csv", "trajecten_2022-2023_2023-02-01.csv"),
        ("bsn_123456782.csv", "bsn_#########.csv"),
        ("jan123456782x.csv", "jan#########x.csv"),
        ("1234.56.782.csv", "#########.csv"),
        ("123456789.csv", "123456789.csv"),
        ("1234567820.csv", "1234567820.csv"),
        ("123456\u200b782.csv", "#########.csv"),
        ("factuur\u202efdp.csv", "factuurfdp.csv"),
        ("a\nb\tc.csv", "abc.csv"),
        ("../../etc/passwd", "passwd"),
        ("\u0000", "naamloos"),
    ],
)
def test_safe_names(name, shown):
    assert safe_name(name) == shown


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=150)
def test_any_text_can_be_a_name(name):
    shown = safe_name(name)
    assert 0 < len(shown) <= 120
    assert all(unicodedata.category(character)[0] != "C" for character in shown)
    assert "123456782" not in safe_name(name + "_123456782_" + name)
    parse_name(name)
    is_ignored(name)
