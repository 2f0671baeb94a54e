"""Canaries: values that may stand nowhere, every way they can be written, and a search that looks through all packing.

A secret is searched for as it is, and as spreadsheets, programs and encodings write it. ``found`` reads every file as
bytes and unpacks what it knows: gzip, zip (and so workbooks), Parquet, SQLite with its log, DuckDB, compressed streams.
"""

import base64
import gzip
import io
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import duckdb
import polars as pl

DEEP = 4
"""How many packings inside each other are unpacked."""


def bsns(count: int, first: int = 123_450_000) -> list[str]:
    """Different numbers that pass the elfproef, in order."""
    found, number = [], first
    while len(found) < count:
        digits = [int(digit) for digit in f"{number:09}"]
        if (sum(w * d for w, d in zip(range(9, 1, -1), digits, strict=False)) - digits[8]) % 11 == 0:
            found.append(f"{number:09}")
        number += 1
    return found


def spellings(secret: str) -> dict[str, bytes]:
    """Every way a secret may be written, by name. For text of two bytes a letter see ``contents``."""
    text = secret.lower()
    written = {"as it is": text.encode(), "hexadecimal": text.encode().hex().encode()}
    written |= {f"base64 from place {skip}": _base64(text.encode(), skip) for skip in range(3)}
    if text.isdigit() and len(text) < 16:  # longer ones are no numbers to any program
        number = int(text)
        written |= {
            "dotted": f"{text[:-5]}.{text[-5:-3]}.{text[-3:]}".encode(),
            "in threes": f"{text[:-6]}.{text[-6:-3]}.{text[-3:]}".encode(),
            "spaced": f"{text[:-6]} {text[-6:-3]} {text[-3:]}".encode(),
            "with dashes": f"{text[:-6]}-{text[-6:-3]}-{text[-3:]}".encode(),
            "a power of ten": f"{number:.8e}".encode(),
            "eight bytes": struct.pack("<q", number),
            "eight bytes, other end first": struct.pack(">q", number),
            "a float": struct.pack("<d", number),
            "a float, other end first": struct.pack(">d", number),
        }
    if re.fullmatch(r"([0-9a-f]{2}){16,}", text):  # a key or a pseudonym, as bytes
        raw = bytes.fromhex(text)
        if len(set(raw)) > len(raw) // 2:  # one that a test counts up to is found by chance
            written |= {"bytes": raw} | {f"base64 of bytes from place {skip}": _base64(raw, skip) for skip in range(3)}
    return written


def _base64(told: bytes, skip: int) -> bytes:
    """What every base64 of something that holds this has in common, when it begins at this place of three bytes."""
    whole = base64.b64encode(b"\x00" * skip + told)
    return whole[(0, 2, 3)[skip] : len(whole) - 4 if whole.endswith(b"=") else None]


def contents(data: bytes, deep: int = DEEP) -> Iterator[bytes]:
    """What bytes say, also what is packed in them, each part as it is and without the zeros of two-byte text."""
    yield data
    yield data.replace(b"\x00", b"")
    if deep:
        for part in _unpacked(data):
            yield from contents(part, deep - 1)


def _unpacked(data: bytes) -> Iterator[bytes]:
    if data.startswith(b"\x1f\x8b"):
        yield from _attempt(lambda: [gzip.decompress(data)])
    if data.startswith(b"PAR1"):
        yield from _attempt(lambda: [repr(pl.read_parquet(io.BytesIO(data)).to_dict(as_series=False)).encode()])
    if data.startswith(b"SQLite format 3"):
        yield from _attempt(lambda: [_dumped(data)])
    if zipfile.is_zipfile(io.BytesIO(data)):
        yield from _attempt(lambda: _members(data))
    for begin in [one.end() for one in re.finditer(rb"stream\r?\n", data)]:  # as in a PDF
        yield from _attempt(lambda begin=begin: [zlib.decompressobj().decompress(data[begin:])])


def _attempt(unpack) -> list[bytes]:
    """What comes out; what cannot be unpacked was looked at as it is."""
    try:
        return list(unpack())
    except Exception:  # noqa: BLE001
        return []


def _members(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return [name.encode() for name in packed.namelist()] + [packed.read(name) for name in packed.namelist()]


def _dumped(data: bytes) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(bytes(data[:18]) + b"\x01\x01" + bytes(data[20:]))  # without the log, which is read apart
    return "\n".join(connection.iterdump()).encode()


def _database(path: Path) -> Iterator[bytes]:
    """A database with whatever its log still holds."""
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(b"SQLite format 3"):
        with sqlite3.connect(path) as connection:
            yield "\n".join(connection.iterdump()).encode()
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            for schema, table in connection.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall():
                yield repr(connection.execute(f'SELECT * FROM "{schema}"."{table}"').fetchall()).encode()


class Flock:
    """Secrets to look for. Those that begin alike are looked for together, by what they share: that is fast."""

    def __init__(self, secrets: Iterable[str]) -> None:
        groups: dict[tuple[str, str], dict[bytes, set[tuple[str, str]]]] = {}
        for secret in secrets:
            for how, written in spellings(secret).items():
                same = groups.setdefault((secret[:4].lower(), how), {}).setdefault(written.lower(), set())
                same.add((secret, how))
        self._kinds = [_Kind(group) for group in groups.values()]

    def among(self, parts: Iterable[bytes]) -> set[tuple[str, str]]:
        """The secrets in these bytes, each with how it is written."""
        return {hit for part in map(bytes.lower, parts) for kind in self._kinds for hit in kind.among(part)}


class _Kind:
    """One way of writing some secrets."""

    def __init__(self, written: dict[bytes, set[tuple[str, str]]]) -> None:
        first, last = _beginning([*written]), _beginning([one[::-1] for one in written])[::-1]
        self._shared, self._begins = max(first, last, key=len), len(first) >= len(last)
        self._lengths, self._written = {len(one) for one in written}, written

    def among(self, part: bytes) -> Iterator[tuple[str, str]]:
        at, size = part.find(self._shared), len(self._shared)
        while at >= 0:
            for length in self._lengths:
                piece = part[at : at + length] if self._begins else part[max(at + size - length, 0) : at + size]
                yield from self._written.get(piece, ())
            at = part.find(self._shared, at + 1)


def _beginning(texts: list[bytes]) -> bytes:
    """What all of these begin with."""
    least, most = min(texts), max(texts)
    same = next((place for place, pair in enumerate(zip(least, most, strict=False)) if len({*pair}) > 1), len(least))
    return least[:same]


def found(directory: Path, secrets: Iterable[str], without: tuple[str, ...] = ()) -> set[tuple[str, str]]:
    """Every secret with the file it is in, or that is called after it; not in ``without``, places at the top."""
    flock, hits = Flock(secrets), set()
    for path in sorted(one for one in directory.rglob("*") if one.is_file()):
        place = path.relative_to(directory)
        if place.parts[0] in without:
            continue
        parts = chain([str(place).encode()], contents(path.read_bytes()), _database(path))
        hits |= {(str(place), secret) for secret, _ in flock.among(parts)}
    return hits
