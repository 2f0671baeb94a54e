"""Writes a large region to a directory: its configuration, the inbox, keys and SLEUTEL.md.

Suppliers of this many make pseudonyms in their own systems, so there are no raw exports: for what ``jos prepare``
does, see the small region. One soort of one school year is in memory at a time.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zlib import crc32

import polars as pl

from jos_pipeline.demo.answers import as_json, errors_table
from jos_pipeline.demo.large.places import Places, make_places, write_region_files
from jos_pipeline.demo.large.planted import NOT_A_TABLE, PDF, each, fate, plant
from jos_pipeline.demo.large.pupils import Pupils
from jos_pipeline.demo.large.rows import SOORTEN, SUPPLIER, Year, rows_of
from jos_pipeline.demo.large.sizes import Size
from jos_pipeline.demo.large.spelling import system_of
from jos_pipeline.demo.shipping import ACCEPTED, REFUSED, WITH_REJECTS, Shipment
from jos_pipeline.demo.world import demo_key
from jos_pipeline.demo.write import write_file, write_key
from jos_pipeline.dutch import number
from jos_pipeline.region import all_municipalities
from jos_pipeline.school_year import SchoolYear

REGION = "regio"
"""The directory with the region's own files."""
_SMALL = ("gemeente", "samenwerkingsverband")
_LATEST = 18
"""Days after the peildatum at which the last delivery comes."""


def write_large(
    directory: Path,
    year: SchoolYear,
    seed: int,
    size: Size,
    progress: Callable[[str], None] = lambda _: None,
) -> int:
    """Writes the region of a size under ``directory``; gives the number of records in the inbox.

    The same seed gives the same rows. Raises ValueError when too few gemeenten
    exist in all school years. ``progress`` gets one Dutch line per step.
    """
    places = make_places(size, year, all_municipalities())
    write_region_files(places, directory / REGION)
    write_key(directory / "sleutels" / "keten.sleutel", demo_key(seed, "keten"))
    write_key(directory / "sleutels" / "monitor.sleutel", demo_key(seed, "monitor"))
    sent: list[Shipment] = []
    records: Counter[str] = Counter()
    for one in _years(places, seed):
        for soort in SOORTEN:
            progress(f"{one.pupils.year}: {soort}")
            for shipment, rows in _shipments(one, soort):
                write_file(
                    directory / "inbox" / shipment.leverancier / shipment.bestand,
                    shipment.content,
                    shipment.ontvangen.timestamp(),
                )
                records[f"{one.pupils.year}"] += rows
                sent.append(replace(shipment, content=b""))
    (directory / "SLEUTEL.json").write_text(as_json(sent), encoding="utf-8", newline="\n")
    (directory / "SLEUTEL.md").write_text(_key(places, sent, records), encoding="utf-8", newline="\n")
    return records.total()


def _years(places: Places, seed: int) -> Iterator[Year]:
    for year in places.years:
        last = year == places.years[-1]
        peildatum = date(year.start_year + 1, 2 if last else 8, 1)
        yield Year(places, Pupils(places, year, seed, demo_key(seed, "keten")), peildatum, seed)


def _shipments(year: Year, soort: str) -> Iterator[tuple[Shipment, int]]:
    """Every file of a soort in a school year, with the number of its records."""
    kinds = {code: kind for code, kind, _ in year.places.suppliers()}
    last = year.pupils.year == year.places.years[-1]
    for supplier, rows in each(rows_of(soort, year), SUPPLIER):
        name = f"{year.seed}/{supplier}/{soort}/{year.pupils.year}"
        luck = fate(name, soort, rows.height, may_miss=last)
        if luck.missing:
            continue
        system = system_of(supplier, small=kinds[supplier] in _SMALL)
        planted, expected = plant(rows, luck.errors)
        day = year.peildatum + timedelta(days=crc32(name.encode()) % _LATEST)
        good = Shipment(
            supplier,
            f"{soort}_{year.pupils.year}_{year.peildatum}.{system.ending}",
            soort,
            str(year.pupils.year),
            datetime.combine(day + timedelta(days=1), time(9), UTC),
            system.write(planted),
            WITH_REJECTS if expected else ACCEPTED,
            "De levering.",
            expected,
        )
        yield from _first(good, rows, day, pdf=luck.pdf_first, twice=luck.twice, write=system.write)
        yield good, rows.height


def _first(
    good: Shipment, rows: pl.DataFrame, day: date, *, pdf: bool, twice: bool, write: Callable[[pl.DataFrame], bytes]
) -> Iterator[tuple[Shipment, int]]:
    """What came a day before the good delivery, if anything did."""
    stem, _, ending = good.bestand.rpartition(".")
    moment = datetime.combine(day, time(9), UTC)
    if pdf:
        story = "Een pdf die is hernoemd."
        name = f"{stem}_lijst.csv"
        yield _as(good, name, moment, NOT_A_TABLE, REFUSED, story), 0
    if twice:
        some = rows.head(rows.height - 9)
        name = f"{stem}_eerste.{ending}"
        yield _as(good, name, moment, write(some), ACCEPTED, "Er ontbreken nog negen rijen."), some.height


def _as(good: Shipment, name: str, moment: datetime, content: bytes, oordeel: str, story: str) -> Shipment:
    findings = (PDF,) if oordeel == REFUSED else ()
    return replace(
        good, bestand=name, ontvangen=moment, content=content, oordeel=oordeel, verhaal=story, bevindingen=findings
    )


def _key(places: Places, sent: Sequence[Shipment], records: Counter[str]) -> str:
    wrong = [shipment for shipment in sent if shipment.bevindingen]
    verdicts = Counter(shipment.oordeel for shipment in sent)
    lines = [
        f"# Sleutel van de demo: {places.size.naam}",
        "",
        "Alles in deze map is verzonnen: personen, scholen, cijfers en leveringen. Alleen de gemeenten bestaan.",
        "Leveranciers maken hier zelf pseudoniemen: ruwe exports zijn er niet. De sleutels in `sleutels/` volgen uit",
        "het zaadgetal en zijn alleen voor deze demo.",
        "",
        f"{number(places.size.suppliers)} leveranciers, {number(len(sent))} bestanden.",
        "",
        "| schooljaar | rijen |",
        "|---|---|",
        *(f"| {year} | {number(count)} |" for year, count in records.items()),
        "",
        "| oordeel | bestanden |",
        "|---|---|",
        *(f"| {verdict} | {number(count)} |" for verdict, count in sorted(verdicts.items())),
        "",
        "`SLEUTEL.json` noemt elk bestand. Hieronder staan de bestanden met een fout die er expres in zit.",
        "",
    ]
    for shipment in wrong:
        lines += [f"### {shipment.leverancier}/{shipment.bestand}", "", f"Oordeel: **{shipment.oordeel}**.", ""]
        lines += errors_table(shipment.bevindingen)
    return "\n".join(lines)
