"""The lake on disk: whole files only, and for the pipeline alone."""

import stat

import polars as pl
import pytest

from assets.guarded import told
from jos_pipeline.pseudonym import fingerprint
from resources.lake import DeliveryPlace, Lake, LostDeliveryError, OtherKeyError


def test_nobody_else_may_look_into_the_lake(tmp_path):
    Lake(str(tmp_path / "meer")).write_layer("indicatoren", "kubus", "2022-2023", pl.DataFrame({"a": [1]}))
    assert stat.S_IMODE((tmp_path / "meer").stat().st_mode) == 0o700


def test_a_table_that_was_never_made_is_no_empty_table(tmp_path):
    lake = Lake(str(tmp_path))
    assert not lake.has_layer("indicatoren", "kubus", "2022-2023")
    with pytest.raises(FileNotFoundError):
        lake.read_layer("indicatoren", "kubus", "2022-2023")


def test_a_lake_without_an_accepted_delivery_says_which_and_what_to_do(tmp_path):
    lake, place = Lake(str(tmp_path)), DeliveryPlace("tlv", "2022-2023", "vo2703", "0" * 64)
    for read in (lake.read_accepted, lambda gone: lake.read_columns(gone, ["school"])):
        with pytest.raises(LostDeliveryError, match=r"vo2703 \(tlv, 2022-2023\): kijk of JOS_LAKE") as lost:
            read(place)
        assert told(lost.value) is lost.value, "a run tells it as it is"


def test_what_is_written_replaces_what_was_there_and_leaves_nothing_beside_it(tmp_path):
    lake = Lake(str(tmp_path))
    for number in (1, 2):
        lake.write_layer("indicatoren", "kubus", "2022-2023", pl.DataFrame({"a": [number]}))
    assert lake.read_layer("indicatoren", "kubus", "2022-2023")["a"].to_list() == [2]
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["2022-2023.parquet"]


def test_a_lake_is_filled_with_one_key_only(tmp_path):
    lake = Lake(str(tmp_path / "meer"))
    one, other = fingerprint(bytes(range(32))), fingerprint(bytes(range(1, 33)))
    lake.hold_to_key(one)
    lake.hold_to_key(one)
    with pytest.raises(OtherKeyError, match="put the old key back") as refused:
        lake.hold_to_key(other)
    assert other not in str(refused.value)
