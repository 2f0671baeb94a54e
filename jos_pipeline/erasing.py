"""``jos erase``: taking a pupil out of the monitor for good, with proof. Part of the front door.

The order is that of a crash at any moment: first the tombstone, then the rows, then the figures, then the proof. The
same command again ends the same, and so does the next ``jos run`` when nobody gives it again.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import Any

import dagster as dg
import sqlalchemy as sa
from rich.console import Console

from assets.bronnen import GROUP as SOURCES
from assets.order import order_config
from assets.terugkoppeling import write_supplier_pages
from jos_pipeline.clock import today
from jos_pipeline.erasure_proof import Proof, proof_html, proof_json, tombstones_in
from jos_pipeline.forgetting import Forgotten, tombstone_of_pupil
from jos_pipeline.headless import nobody_else, refuse_while_busy
from jos_pipeline.intake.naming import masked, safe_name
from jos_pipeline.ledger import years_with_deliveries
from jos_pipeline.pseudonym import fingerprint, second_hash
from jos_pipeline.publishing import run_chosen
from jos_pipeline.region import Region, load_region
from jos_pipeline.settings import Settings
from jos_pipeline.wiring import inbox_resource
from resources.keys import monitor_key
from resources.lake import Lake
from resources.ledger import code_version
from resources.privacy_register import PrivacyRegister
from resources.report import ReportResource
from resources.storage import StorageError
from resources.sweeping import applied_to, files_with, holds, remaining, sweep, years_of
from resources.warehouse import WarehouseStore

Found = tuple[tuple[str, int | None], ...]
"""Supplier and number of the delivery, as ``Proof.nog_in_inbox``."""


class CannotEraseError(Exception):
    """Nothing was done; the message (Dutch) says why and what to do."""


@dataclass(frozen=True)
class Request:
    """Whom to forget. Without pseudonyms: everybody who was forgotten before, in this lake."""

    pseudonyms: tuple[str, ...]
    proofs: tuple[Path, ...] = ()
    """Proofs of earlier requests, whose tombstones are put back."""
    door: str | None = None


def erase(settings: Settings, request: Request, console: Console) -> tuple[Proof, Path]:
    """Does a request and writes its proof; gives both. Raises CannotEraseError, BusyError, NoKeyError, OtherKeyError
    or OtherKeyTombstonesError before anything is changed."""
    begun = datetime.now(UTC)
    # never made here: a new one would recognise nobody
    key, lake = monitor_key(settings.key_file), Lake(settings.lake_url)
    register, store, region = (
        PrivacyRegister(settings.privacy_register),
        WarehouseStore(settings.warehouse_url),
        load_region(settings.regio),
    )
    lake.hold_to_key(fingerprint(key))
    with nobody_else(settings, console):
        refuse_while_busy(settings, console)  # one that begins from now on waits before its first step
        published = _publications(store)
        with console.status("Verwijderen ..."):
            pupils = [second_hash(key, one) for one in request.pseudonyms]
            asked = {tombstone_of_pupil(key, one) for one in pupils} | _put_back(request.proofs, fingerprint(key))
            register.add(asked | applied_to(lake), fingerprint(key))
            remove_leftovers(lake)
            sweep(lake, register, Forgotten(key, register.tombstones(fingerprint(key))), register.note)
        rewritten = {str(line["bestand"]): line for line in register.noted()}
        made, not_made, removed = _refresh(settings, region, store, years_of(rewritten), console)
        _write_pages(settings, region, store, rewritten)
        with console.status("Overal nazoeken ..."):
            forgotten = Forgotten(key, register.tombstones(fingerprint(key)))
            paths, needles = _searched(settings), {*request.pseudonyms, *pupils}
            in_lake = lake.files() if settings.lake_is_remote else []
            hits = {*remaining(lake, forgotten), *_found(settings, paths, needles), *_found_in(lake, in_lake, needles)}
            in_inbox, not_reached = _looked_in_inbox(settings, store, request.pseudonyms)
        proof = Proof(
            kenmerk=f"{begun:%Y%m%dT%H%M%SZ}-{token_hex(2)}",
            opdracht="vergeten" if request.pseudonyms else "opnieuw",
            begonnen_op=begun,
            klaar_op=datetime.now(UTC),
            door=masked(request.door.strip()) if request.door else None,
            code_versie=code_version(),
            sleutel=fingerprint(key),
            grafstenen=tuple(sorted(asked or forgotten.tombstones)),
            herschreven=tuple(rewritten[name] for name in sorted(rewritten)),
            ververst=made,
            niet_ververst=not_made,
            weggehaald=removed,
            nog_in_inbox=in_inbox,
            inbox_doorzocht=bool(request.pseudonyms) and not not_reached,
            doorzocht=len(paths) + len(in_lake),
            niet_doorzocht=(*not_reached, *_not_searched(settings)),
            treffers=tuple(sorted(hits)),
            publicaties=_unchanged(published, _publications(store)),
        )
        page = register.write_proof(f"vergeten_{proof.kenmerk}", proof_json(proof), proof_html(proof))
        if proof.is_clean:  # else the proof that follows tells of this as well
            register.forget_notes()
    return proof, page


def _put_back(proofs: Iterable[Path], mark: str) -> frozenset[str]:
    found: set[str] = set()
    for path in (
        one for place in proofs for one in (sorted(place.glob("vergeten_*.json")) if place.is_dir() else [place])
    ):
        try:
            found |= tombstones_in(json.loads(path.read_text(encoding="utf-8")), mark)
        except (OSError, ValueError) as error:
            said = str(error) if type(error) is ValueError else "kan niet worden gelezen als bewijs"
            raise CannotEraseError(f"{path.name}: {said}") from None
    return frozenset(found)


def remove_leftovers(lake: Lake) -> None:
    """Removes what processes that died were writing: nobody else writes now, and nobody would ever look there."""
    for name in lake.files():
        if PurePosixPath(name).name.startswith("."):
            lake.remove_file(name)


def _refresh(
    settings: Settings, region: Region, store: WarehouseStore, touched: Iterable[str], console: Console
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Makes the internal figures of touched school years anew; those that were, that failed, and that stay away."""
    processed = {*years_with_deliveries(store.deliveries())} & {*region.school_years}
    made: list[str] = []
    failed: list[str] = []
    removed: list[str] = []
    chosen = dg.AssetSelection.all() - dg.AssetSelection.groups(SOURCES)
    for year in sorted(touched):
        if year not in processed:
            removed.append(year)
            continue
        with console.status(f"Cijfers van {year} opnieuw maken ..."):
            why = run_chosen(settings, year, order_config("nee"), chosen, console)
        (failed if why else made).append(year)
    return tuple(made), tuple(failed), tuple(removed)


def _write_pages(settings: Settings, region: Region, store: WarehouseStore, rewritten: Iterable[str]) -> None:
    """The pages of suppliers tell how many pupils a delivery reaches."""
    touched = {PurePosixPath(name).parts[3] for name in rewritten if name.startswith("geaccepteerd/")}
    if touched:
        report = ReportResource(directory=str(settings.report_path))
        write_supplier_pages(
            report, Lake(settings.lake_url), store.deliveries(), region, touched, settings.vandaag or today()
        )


def _searched(settings: Settings) -> list[Path]:
    """Every file of the installation on this machine, but those in the inbox, which are the suppliers', and the key."""
    roots = {
        settings.home,
        *(() if settings.lake_is_remote else (Path(settings.lake_url),)),
        settings.report_path,
        settings.site_path,
        settings.export_path,
        settings.dagster_home,
        settings.privacy_register,
        settings.log_book.parent if settings.meldingen_logboek else settings.home,
    }
    out = {Path(settings.inbox_url).absolute(), settings.key_file.absolute()}
    found = {path.absolute() for root in roots if root.is_dir() for path in root.rglob("*") if path.is_file()}
    found |= {path for path in _database_files(settings) if path.is_file()}
    return sorted(path for path in found if not out & {path, *path.parents})


def _database_files(settings: Settings) -> list[Path]:
    url = sa.make_url(settings.warehouse_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return []
    path = Path(url.database).absolute()
    return [path, path.with_name(path.name + "-wal")]


def _not_searched(settings: Settings) -> tuple[str, ...]:
    server = sa.make_url(settings.warehouse_url).get_backend_name() != "sqlite"
    return (
        *(("het warehouse op een databaseserver: daarin staan nooit rijen over personen",) if server else ()),
        *(("oude versies in de bucket van het meer, als die ze bewaart",) if settings.lake_is_remote else ()),
        "reservekopieën",
    )


def _found(settings: Settings, paths: Sequence[Path], needles: set[str]) -> list[str]:
    """The files, as people may see them, in which a pseudonym or ``leerling_id`` still stands."""
    hits = files_with(paths, needles) if needles else []
    return [
        safe_name(path.name) if settings.home not in path.parents else str(path.relative_to(settings.home))
        for path in hits
    ]


def _found_in(lake: Lake, names: Iterable[str], needles: set[str]) -> list[str]:
    return [name for name in names if needles and holds(lake.read_file(name), needles)]


def _looked_in_inbox(
    settings: Settings, store: WarehouseStore, pseudonyms: Sequence[str]
) -> tuple[Found, tuple[str, ...]]:
    """The same as ``_still_in_inbox``; and, for the proof, why it could not be done: the lake is clean already."""
    try:
        return _still_in_inbox(settings, store, pseudonyms), ()
    except StorageError as unreachable:  # says what is wrong with the server, and no more
        return (), (f"de inbox: {unreachable}",)
    except OSError:
        return (), ("de inbox: deze is niet te lezen",)


def _still_in_inbox(settings: Settings, store: WarehouseStore, pseudonyms: Sequence[str]) -> Found:
    """The files of suppliers that still hold a pseudonym. Raises OSError when the inbox cannot be looked through."""
    known: Any = store.deliveries()
    numbers = {(row.leverancier, row.bestand): int(row.id) for row in known.itertuples()}
    inbox, found = inbox_resource(settings).open(), []
    for file in inbox.files() if pseudonyms else ():
        with suppress(FileNotFoundError):  # taken away since it was listed
            if file.readable and holds(inbox.read(file), pseudonyms):
                found.append((file.leverancier, numbers.get((file.leverancier, safe_name(file.name)))))
    return tuple(found)


def _publications(store: WarehouseStore) -> tuple[tuple[str, str], ...]:
    return tuple((str(row.id), str(row.sha256)) for row in store.publications().itertuples())


def _unchanged(before: tuple[tuple[str, str], ...], after: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The publications, which nothing here may have changed."""
    if before != after:
        raise AssertionError("a publication changed while somebody was erased")
    return after
