"""Files that are there whole or not at all, whatever becomes of the process that writes them.

A file is written under a hidden name beside its place and then renamed. What a process that was killed left behind is
cleared by whoever writes in that directory next. Where files belong, and what is in them, is not known here.
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

DEAD_AFTER = 600.0
"""Seconds after which a file under a hidden name belongs to a process that is gone: none takes that long to write."""
_BESIDE = f".*.{'[0-9a-f]' * 32}"
"""How names begin and end under which something is written."""


@contextmanager
def replacing(target: Path, *, lasting: bool = False) -> Iterator[BinaryIO]:
    """What is written to this becomes the file when all went well; until then the old one stays.

    ``lasting``: it has reached the disk when this ends, so that what is written later may count on it.
    """
    beside = beside_of(target)
    try:
        with beside.open("wb") as file:
            yield file
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        os.replace(beside, target)  # noqa: PTH105 - atomic, also over an existing file
        if lasting:
            _reaches_disk(target.parent)
    finally:
        beside.unlink(missing_ok=True)


def write(target: Path, data: bytes, *, lasting: bool = False) -> Path:
    """Puts these bytes in the place of a file; gives the path."""
    with replacing(target, lasting=lasting) as file:
        file.write(data)
    return target


def keep(target: Path, data: bytes, mode: int = 0o666) -> bytes:
    """What a file holds; it is made with this data when it is not there. Of two at once, one wins."""
    if not target.exists():
        beside = beside_of(target)
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.link(beside, target)
            _reaches_disk(target.parent)
        except FileExistsError:  # another process was first: then that one counts
            pass
        finally:
            beside.unlink(missing_ok=True)
    return target.read_bytes()


def beside_of(target: Path) -> Path:
    """A hidden name of its own beside a file or directory that will be put there; its directory is made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _clear(target.parent)
    return target.with_name(f".{target.name}.{uuid4().hex}")


def halves_below(directory: Path) -> Iterator[Path]:
    """What is or was being written anywhere below a directory."""
    yield from directory.rglob(_BESIDE)


def _clear(directory: Path) -> None:
    """Removes what processes that died were writing here: names with a moment in them are never written again."""
    for left in directory.glob(_BESIDE):
        try:
            if time.time() - left.stat().st_mtime > DEAD_AFTER:
                remove(left)
        except FileNotFoundError:  # another one clears as well
            continue


def remove(left: Path) -> None:
    """Removes a file, or a directory with all that is in it."""
    shutil.rmtree(left) if left.is_dir() else left.unlink()


def _reaches_disk(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
