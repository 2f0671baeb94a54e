"""``jos export``: from the warehouse to a directory with a data package. Part of the front door."""

from dataclasses import dataclass
from pathlib import Path

from jos_pipeline.export.content import contents
from jos_pipeline.export.descriptor import Part
from jos_pipeline.export.files import uses
from jos_pipeline.export.guide import withdrawals
from jos_pipeline.export.workbook import LAST_ROW, TooManyRowsError
from jos_pipeline.publication import PublicationId
from jos_pipeline.region import load_region
from jos_pipeline.settings import Settings
from resources.package import NotOursError, write_package
from resources.warehouse import WarehouseStore


class NoExportError(Exception):
    """What was asked cannot be exported; the message says what to do instead."""


@dataclass(frozen=True)
class Handout:
    """What was written, where, and what each file is for."""

    directory: Path
    publications: tuple[str, ...]
    uses: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    warnings: tuple[str, ...]
    """What nobody may miss: a sentence (Dutch) per publication that was taken back."""


def hand_out(settings: Settings, formats: tuple[str, ...], directory: Path | None, asked: str | None) -> Handout:
    """Writes the package of the current publications, or of the one that is asked for. Raises NoExportError."""
    target = (settings.export_path if directory is None else directory).absolute()
    if target.exists() and not target.is_dir():
        raise NoExportError(f"{target} is een bestand; kies een map")
    store = WarehouseStore(settings.warehouse_url)
    try:
        publication = None if asked is None else _known(store, asked)
        found = contents(load_region(settings.regio), store.copy_of(publication))
        out = [] if found else list(store.publications()["id"])
    finally:
        store.close()
    if found is None:
        raise NoExportError(_nothing(out))
    try:
        parts = write_package(found, formats, target)
    except NotOursError:
        raise NoExportError(f"in {target} staat een ander datapackage.json; kies een andere map") from None
    except TooManyRowsError:
        raise NoExportError(
            f"de cijfers passen niet op een werkblad (hoogstens {LAST_ROW} rijen). Kies --publicatie, of: "
            "--formaat csv,parquet"
        ) from None
    return Handout(target, tuple(found.tables["publicatie"]["id"]), uses(formats), parts, withdrawals(found))


def _known(store: WarehouseStore, asked: str) -> PublicationId:
    out = list(store.publications()["id"])
    if asked in out:
        return PublicationId.parse(asked)
    if not out:
        raise NoExportError(_nothing(out))
    raise NoExportError(f"publicatie {asked} is er niet; kies uit {', '.join(out[-5:])}")


def _nothing(out: list[str]) -> str:
    if out:
        return f"er geldt nu geen publicatie: alle zijn ingetrokken. Vraag er een met --publicatie, zoals {out[-1]}"
    return "er is nog niets gepubliceerd. Start eerst: jos run --publiceer"
