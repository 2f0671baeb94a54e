"""The files around ``jos prepare`` in the supplier's house: the key of the chain, where a delivery goes, a mapping.

Only what is read and written, and when that must not be; what becomes of an export is ``jos_pipeline.prepare``'s.
"""

from codecs import BOM_UTF8
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from jos_pipeline.mapping.draft import UndraftableError, draft
from jos_pipeline.pseudonym import UnusableKeyError, read_key
from jos_pipeline.region import Region


class StoppedError(Exception):
    """Something the supplier must do first. ``refused``: it is about the export, else about what was asked."""

    def __init__(self, message: str, *, refused: bool = False) -> None:
        super().__init__(message)
        self.refused = refused


def chain_key(path: Path) -> bytes:
    """The key of the chain in a file. Raises StoppedError."""
    text = path.read_bytes().removeprefix(BOM_UTF8).decode("ascii", errors="replace")
    try:
        return read_key(text)
    except UnusableKeyError as error:
        raise StoppedError(str(error)) from None


def delivery_path(path: Path, exports: Collection[Path], written: Collection[Path]) -> Path:
    """Where a delivery may be written: never over an export, which may have the very name a delivery should have.

    Two exports that become one delivery would replace each other, here and at the monitor. Raises StoppedError.
    """
    if any(path.exists() and path.samefile(export) for export in exports):
        path = path.parent / "levering" / path.name
    if path in written:
        raise StoppedError(f"twee exports worden dezelfde levering ({path.name}): voeg ze eerst samen tot een export")
    return path


def write_draft(files: Sequence[Path], target: Path, day: date, region: Region, soort: str | None) -> str:
    """Writes a mapping file to complete, never over one that is there; says what to do. Raises StoppedError."""
    if target.exists():
        raise StoppedError(
            f"{target} bestaat al en blijft staan. Kies een andere naam, of verwijder het bestand eerst."
        )
    if len(files) != 1:
        raise StoppedError("maak een mapping voor een export tegelijk")
    try:
        drafted = draft(files[0].read_bytes(), files[0].name, day, region, soort)
    except UndraftableError as wrong:
        raise StoppedError(str(wrong), refused=True) from None
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(drafted.text, encoding="utf-8", newline="\n")
    return drafted.advice(files[0], target)
