"""Files that are there whole or not at all, also when the process that writes them is killed."""

import os
import stat
import time

import pytest

from resources import whole


def names(directory):
    return sorted(path.name for path in directory.iterdir())


def test_until_all_is_written_the_old_file_stays(tmp_path):
    target = tmp_path / "pagina.html"
    whole.write(target, b"oud")
    with whole.replacing(target, lasting=True) as file:
        file.write(b"nie")
        file.flush()
        assert target.read_bytes() == b"oud"
        assert len(names(tmp_path)) == 2
        assert names(tmp_path)[0].startswith(".pagina.html."), "nobody who lists pages sees it"
        file.write(b"uw")
    assert (target.read_bytes(), names(tmp_path)) == (b"nieuw", ["pagina.html"])


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    target = whole.write(tmp_path / "a", b"oud")

    def writes_half():
        with whole.replacing(target) as file:
            file.write(b"half")
            raise OSError("vol")

    with pytest.raises(OSError, match="vol"):
        writes_half()
    assert (target.read_bytes(), names(tmp_path)) == (b"oud", ["a"])


@pytest.mark.parametrize("what", ["file", "directory"])
def test_whoever_writes_next_clears_what_a_dead_process_left(tmp_path, what):
    target, long_ago = tmp_path / "a[1].json", time.time() - whole.DEAD_AFTER - 1
    left, fresh, other = whole.beside_of(target), whole.beside_of(target), whole.beside_of(tmp_path / "b")
    for path in (left, fresh, other):
        if what == "directory":
            path.mkdir()
        path.touch()
        os.utime(path, (long_ago, long_ago))
    os.utime(fresh)
    whole.write(target, b"1")
    assert names(tmp_path) == sorted([target.name, fresh.name]), "who is still writing is left alone"


def test_of_two_who_make_a_file_one_wins(tmp_path):
    target = tmp_path / "sleutel"
    assert whole.keep(target, b"een", 0o600) == b"een"
    assert whole.keep(target, b"twee", 0o600) == b"een"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert names(tmp_path) == ["sleutel"]


def test_who_loses_the_race_finds_the_file_of_the_other(tmp_path, monkeypatch):
    target, link = tmp_path / "sleutel", os.link

    def late(source, place):
        target.write_bytes(b"van een ander")
        link(source, place)

    monkeypatch.setattr(os, "link", late)
    assert whole.keep(target, b"van ons") == b"van een ander"
    assert names(tmp_path) == ["sleutel"]
