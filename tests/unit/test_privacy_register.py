"""The register only grows, survives a process that dies, and notices a key that would recognise nobody."""

import pytest

from jos_pipeline.pseudonym import fingerprint
from resources.lake import Lake
from resources.privacy_register import TOMBSTONES, OtherKeyTombstonesError, PrivacyRegister
from resources.sweeping import holds, replay
from tests.records import xlsx_bytes


def test_what_was_added_stays_and_is_added_once(tmp_path):
    register = PrivacyRegister(tmp_path / "register")
    assert (register.tombstones("key"), register.last_added()) == (frozenset(), None)
    register.add({"a", "b"}, "key")
    register.add({"b", "c"}, "key")
    assert register.tombstones("key") == {"a", "b", "c"}
    assert len((register.directory / TOMBSTONES).read_text(encoding="utf-8").splitlines()) == 3
    assert register.last_added() is not None


def test_a_line_of_a_process_that_died_spoils_nothing(tmp_path):
    register = PrivacyRegister(tmp_path)
    register.add({"a"}, "key")
    with (tmp_path / TOMBSTONES).open("a", encoding="utf-8") as file:
        file.write('{"grafsteen": "b", "sle')
    assert register.tombstones("key") == {"a"}
    register.add({"b"}, "key")
    assert register.tombstones("key") == {"a", "b"}


def test_another_key_stops_the_intake_before_the_forgotten_come_back(tmp_path):
    register, lake = PrivacyRegister(tmp_path / "register"), Lake(str(tmp_path / "lake"))
    register.add({"a"}, "another key")
    with pytest.raises(OtherKeyTombstonesError, match="runbook"):
        replay(lake, register, b"k" * 32)
    assert lake.files() == []


def test_register_and_lake_heal_from_each_other(tmp_path):
    lake, key = Lake(str(tmp_path / "lake")), b"k" * 32
    mark = fingerprint(key)
    first, second = PrivacyRegister(tmp_path / "first"), PrivacyRegister(tmp_path / "second")
    first.add({"a"}, mark)
    assert replay(lake, first, key).tombstones == {"a"}
    second.add({"b"}, mark)
    assert replay(lake, second, key).tombstones == second.tombstones(mark) == {"a", "b"}


def test_a_text_is_found_in_capitals_in_two_bytes_a_character_and_where_it_is_packed():
    needle = "cafe" * 16
    assert all(
        holds(data, {needle})
        for data in (
            f"x;{needle.upper()}".encode(),
            needle.encode("utf-16"),
            xlsx_bytes([{"pseudoniem": needle}]),
        )
    )
    assert not holds(xlsx_bytes([{"pseudoniem": "beef" * 16}]), {needle})
