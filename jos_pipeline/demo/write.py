"""Writes the synthetic region to a directory: the one way in from outside this package."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jos_pipeline.demo import sends_authorities, sends_counts, sends_provider, sends_schools
from jos_pipeline.demo.answers import as_json, as_markdown
from jos_pipeline.demo.open_data import write_open_data
from jos_pipeline.demo.shipping import Shipment
from jos_pipeline.demo.world import World, demo_key, make_world
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear

DEFAULT_SEED = 2023


@dataclass(frozen=True)
class DemoRegion:
    """Where everything of a synthetic region stands. ``planted`` are the files of the inbox with what to expect."""

    directory: Path
    inbox: Path
    raw: Path
    open_data: Path
    supplier_key: Path
    monitor_key: Path
    peildatum: date
    planted: tuple[Shipment, ...]


def write_region(
    directory: Path, schooljaar: SchoolYear, seed: int, region: Region, progress: Callable[[str], None] = lambda _: None
) -> DemoRegion:
    """Writes a synthetic region under ``directory``: raw exports, inbox, open data, keys and SLEUTEL.md.

    The same seed gives the same bytes and time stamps. ``progress`` gets one Dutch line per step. Files that are in
    the way are overwritten, others left alone. Raises ValueError for a region or school year the demo does not know.
    """
    progress("Regio verzinnen")
    world = make_world(region, schooljaar, seed)
    progress("Leveringen maken")
    shipments = _in_order(world)
    demo = DemoRegion(
        directory=directory,
        inbox=directory / "inbox",
        raw=directory / "leveranciers",
        open_data=directory / "open_data",
        supplier_key=directory / "sleutels" / "keten.sleutel",
        monitor_key=directory / "sleutels" / "monitor.sleutel",
        peildatum=world.peildatum,
        planted=shipments,
    )
    progress("Bestanden schrijven")
    for shipment in shipments:
        _write_shipment(demo, shipment)
    write_open_data(demo.open_data, region, schooljaar, world.pupils)
    write_key(demo.supplier_key, world.key)
    write_key(demo.monitor_key, demo_key(seed, "monitor"))
    (directory / "SLEUTEL.json").write_text(as_json(shipments), encoding="utf-8", newline="\n")
    (directory / "SLEUTEL.md").write_text(as_markdown(world, shipments), encoding="utf-8", newline="\n")
    return demo


def _in_order(world: World) -> tuple[Shipment, ...]:
    """Every shipment, by the moment it arrives."""
    senders = (sends_provider, sends_schools, sends_authorities, sends_counts)
    found = [shipment for sender in senders for shipment in sender.shipments(world)]
    return tuple(sorted(found, key=lambda shipment: (shipment.ontvangen, shipment.leverancier, shipment.bestand)))


def _write_shipment(demo: DemoRegion, shipment: Shipment) -> None:
    write_file(demo.inbox / shipment.leverancier / shipment.bestand, shipment.content, shipment.ontvangen.timestamp())
    if shipment.raw is not None:
        name, content = shipment.raw
        write_file(demo.raw / shipment.leverancier / name, content, shipment.ontvangen.timestamp())


def write_file(path: Path, content: bytes, moment: float) -> None:
    """A file that was last changed at a moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (moment, moment))


def write_key(path: Path, key: bytes) -> None:
    """The key as hex, readable by its owner only from the first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as target:
        target.write(key.hex() + "\n")
