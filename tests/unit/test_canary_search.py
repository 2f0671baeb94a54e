"""The search for canaries finds what is there, however it is written and packed: one that misses proves nothing."""

import base64
import gzip
import hashlib
import sqlite3
import zipfile
import zlib

import duckdb
import polars as pl
import pytest

from tests.canaries import Flock, bsns, contents, found, spellings

NUMBERS = bsns(60)
WORDS = [f"kanarie{number:04}" for number in range(60)]
KEYS = [hashlib.sha256(word.encode()).hexdigest() for word in WORDS]
FLOCK = Flock([*NUMBERS, *WORDS, *KEYS])
CASES = [(secret, how) for secret in (NUMBERS[7], WORDS[7], KEYS[7]) for how in spellings(secret)]


@pytest.mark.parametrize(("secret", "how"), CASES, ids=str)
def test_every_spelling_is_found_among_all_others(secret, how):
    hidden = b"iets ervoor " + spellings(secret)[how] + b" en erna"
    assert (secret, how) in FLOCK.among(contents(hidden))
    assert (secret, how) in FLOCK.among(contents(hidden.upper()))


@pytest.mark.parametrize("secret", [NUMBERS[0], WORDS[0]])
@pytest.mark.parametrize("before", ["", "x", "xy"])
@pytest.mark.parametrize("after", ["", "z", "en nog veel meer"])
def test_base64_is_found_at_any_place(secret, before, after):
    packed = base64.b64encode(f"{before}{secret}{after}".encode())
    assert secret in {name for name, _ in FLOCK.among([packed])}


def test_numbers_pass_the_elfproef_and_differ():
    assert len(set(NUMBERS)) == 60
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    assert all(sum(w * int(d) for w, d in zip(weights, one, strict=True)) % 11 == 0 for one in NUMBERS)


def _packed(directory):
    secret = NUMBERS[3]
    frame = pl.DataFrame({"getal": [int(secret)] * 3, "tekst": [f"x{secret}y"] * 3})
    frame.write_parquet(directory / "rijen.parquet")
    (directory / "a.gz").write_bytes(gzip.compress(secret.encode()))
    (directory / "stream.pdf").write_bytes(b"%PDF stream\n" + zlib.compress(secret.encode() * 9) + b"endstream")
    (directory / "wide.txt").write_bytes(secret.encode("utf-16"))
    (directory / f"{secret}.txt").touch()
    with zipfile.ZipFile(directory / "diep.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(directory / "rijen.parquet", "in/rijen.parquet")
    with sqlite3.connect(directory / "log.db") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (a INTEGER)")
        connection.execute("INSERT INTO t VALUES (?)", (int(secret),))
    connection.close()
    with duckdb.connect(str(directory / "kopie.duckdb")) as other:
        other.execute(f"CREATE TABLE t AS SELECT {secret} AS a")
    return secret


def test_every_packing_is_looked_through(tmp_path):
    secret = _packed(tmp_path)
    there = {path.name for path in tmp_path.iterdir()}
    assert {place for place, name in found(tmp_path, NUMBERS) if name == secret} == there
    assert {name for _, name in found(tmp_path, NUMBERS)} == {secret}
    assert found(tmp_path, NUMBERS, tuple(there)) == set()
