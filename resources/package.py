"""Where a data package is written: whole beside its place first, then put there by renaming.

Whoever finds a ``datapackage.json`` finds every file in it as it is described: it goes first and comes last.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from jos_pipeline.export.content import Contents
from jos_pipeline.export.database import fill, readable
from jos_pipeline.export.descriptor import FILE_NAME, NAME, Part, descriptor
from jos_pipeline.export.files import DATABASE, FORMATS, README, WORKBOOK, table_files, uses, workbook
from jos_pipeline.export.guide import guide_text
from resources import whole

_UNDERWAY = f".{FILE_NAME}"
"""Lies there while files are being replaced, and names all that may be of us: who died in between left it."""
STORAGE_VERSION = "v1.4.0"
"""The oldest DuckDB that can read the copy. A file of a newer version is refused by older clients."""


class NotOursError(Exception):
    """A directory holds the package of somebody else."""


def write_package(contents: Contents, formats: tuple[str, ...], target: Path) -> tuple[Part, ...]:
    """Writes the package into a directory, in place of an earlier one; other files there stay.

    Raises NotOursError before anything is written, and TooManyRowsError (nothing is put there).
    """
    earlier = _files_of(target)
    beside = whole.beside_of((target if target.is_dir() else target.parent) / NAME)
    try:
        parts = tuple(_write_parts(contents, formats, beside))
        _write_words(contents, formats, parts, beside)
        _put(beside, target, earlier)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return parts


def _files_of(target: Path) -> frozenset[str]:
    """The files of an earlier package of ours in a directory, a half one too. Raises NotOursError."""
    return _named_in(target / FILE_NAME) | _named_in(target / _UNDERWAY)


def _named_in(path: Path) -> frozenset[str]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError):
        told = {}
    if not isinstance(told, dict) or told.get("name") != NAME:
        raise NotOursError(str(path.parent))
    paths = {str(resource.get("path")) for resource in told.get("resources", ())}
    return frozenset(path for path in paths if not Path(path).is_absolute() and ".." not in Path(path).parts)


def _write_parts(contents: Contents, formats: tuple[str, ...], directory: Path) -> Iterator[Part]:
    shown = readable(contents)
    for format_ in (one for one in FORMATS if one in formats):
        if format_ == "xlsx":
            yield _write(directory, WORKBOOK, format_, workbook(contents, shown))
        elif format_ == "duckdb":
            yield _write_database(directory, contents)
        else:
            for table, path, content in table_files(contents, shown, format_):
                yield _write(directory, path, format_, content, table)


def _write(directory: Path, path: str, format_: str, content: bytes, table: str | None = None) -> Part:
    file = directory / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return Part(path, format_, len(content), hashlib.sha256(content).hexdigest(), table)


def _write_database(directory: Path, contents: Contents) -> Part:
    """The copy in DuckDB, which gives every file an identity of its own: its bytes have no lasting hash."""
    file = directory / DATABASE
    directory.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        place = str(file).replace("'", "''")
        connection.execute(f"ATTACH '{place}' AS kopie (STORAGE_VERSION '{STORAGE_VERSION}')")
        connection.execute("USE kopie")
        fill(connection, contents)
        connection.execute("USE memory")
        connection.execute("DETACH kopie")
    return Part(DATABASE, "duckdb", file.stat().st_size, None)


def _write_words(contents: Contents, formats: tuple[str, ...], parts: tuple[Part, ...], directory: Path) -> None:
    told = json.dumps(descriptor(contents, parts), ensure_ascii=False, indent=2) + "\n"
    (directory / FILE_NAME).write_text(told, encoding="utf-8", newline="\n")
    (directory / README).write_text(guide_text(contents, uses(formats)), encoding="utf-8-sig", newline="")


def _put(beside: Path, target: Path, earlier: frozenset[str]) -> None:
    if not target.exists():
        beside.replace(target)
        return
    fresh = sorted(str(file.relative_to(beside).as_posix()) for file in beside.rglob("*") if file.is_file())
    of_us = {*earlier, *fresh} - {FILE_NAME}
    whole.write(target / _UNDERWAY, json.dumps({"name": NAME, "resources": [{"path": one} for one in of_us]}).encode())
    (target / FILE_NAME).unlink(missing_ok=True)
    for path in earlier - set(fresh):
        (target / path).unlink(missing_ok=True)
    for path in sorted(fresh, key=lambda path: path == FILE_NAME):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (beside / path).replace(target / path)
    (target / _UNDERWAY).unlink()
