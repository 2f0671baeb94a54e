"""What the number of suppliers costs the machinery around the figures: `python -m benchmarks.suppliers [SUPPLIERS...]`.

An installation of so many suppliers with three school years of deliveries in its ledger, and a small file in the inbox
for every one of them. Each is measured in a process of its own: how long a code location takes to load, what a tick of
each sensor takes when there is nothing to do, and what is asked of the ledger in between.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from datetime import time as clock_time
from hashlib import sha256
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
from rich.console import Console
from rich.table import Table

from assets.intake import new_files
from assets.shown import who_delivered_what
from jos_pipeline.definitions import build_defs, inbox_resource
from jos_pipeline.delivery_calendar import states_of
from jos_pipeline.demo.large.places import make_places, write_region_files
from jos_pipeline.demo.large.sizes import SIZES, Size
from jos_pipeline.expectations.deliveries import compared
from jos_pipeline.ledger import standing
from jos_pipeline.region import all_municipalities, load_region
from jos_pipeline.school_year import SchoolYear
from jos_pipeline.settings import Settings
from resources.database import Database, insert_rows
from resources.lake import Lake
from resources.warehouse import WarehouseStore
from schemas import warehouse as tables
from schemas.contracts import CONTRACTS
from schemas.linked import LINKED_TABLES

YEAR = SchoolYear(2022)
COUNTRY = SIZES["landelijk"]
_STANDING = {"soort": pl.String, "leverancier": pl.String, "sha256": pl.String}


def size_of(suppliers: int) -> Size:
    """A part of the country with about so many suppliers."""
    share = suppliers / COUNTRY.suppliers
    return Size(
        f"Deel {suppliers}",
        max(1, round(COUNTRY.samenwerkingsverbanden * share)),
        max(1, round(COUNTRY.gemeenten * share)),
        max(1, round(COUNTRY.schools * share)),
        0,
    )


def prepare(directory: Path, suppliers: int) -> Settings:
    """An installation of so many suppliers that took in everything it has."""
    write_region_files(make_places(size_of(suppliers), YEAR, all_municipalities()), directory / "regio")
    settings = Settings(
        home=directory, regio=str(directory / "regio"), inbox=str(directory / "inbox"), vandaag=date(2023, 3, 1)
    )
    region = load_region(settings.regio)
    rows = []
    for year in region.school_years:
        for supplier in region.leveranciers:
            for soort in supplier.levert:
                file = directory / "inbox" / supplier.id / f"{soort}_{year}_{year[5:]}-02-01.csv"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(f"{soort};{year}".encode())
                rows.append(_delivery(file, supplier.id, soort, year))
    with closing(WarehouseStore(settings.warehouse_url)) as store:
        store.ensure_schema()
    with closing(Database(settings.warehouse_url)) as database, database.write() as connection:
        insert_rows(connection, tables.levering, rows)
    _fill_lake(Lake(settings.lake_url), settings, region.school_years)
    return settings


def _delivery(file: Path, supplier: str, soort: str, year: str) -> dict[str, object]:
    told = file.stat()
    known = {"leverancier": supplier, "bestand": file.name, "soort": soort, "schooljaar": year, "grootte": told.st_size}
    modified = datetime.fromtimestamp(told.st_mtime, UTC)
    came = datetime.combine(date(int(year[:4]) + 1, 2, 5), clock_time(), UTC)
    return known | {
        "peildatum": date(int(year[:4]) + 1, 2, 1),
        "sha256": sha256(f"{supplier}{soort}{year}".encode()).hexdigest(),
        "gewijzigd_op": modified,
        "ontvangen_op": came,
        "beoordeeld_op": came,
        "oordeel": "geaccepteerd",
        "rijen": 100,
        "rijen_geaccepteerd": 100,
        "rijen_afgekeurd": 0,
        "geldend": True,
        "code_versie": "1",
        "run_id": "x",
    }


def _fill_lake(lake: Lake, settings: Settings, years: tuple[str, ...]) -> None:
    """The tables that the sensor looks for, and which deliveries the figures rest on."""
    with closing(WarehouseStore(settings.warehouse_url)) as store:
        known = store.deliveries()
    for year in years:
        for layer, names in (
            ("gevalideerd", CONTRACTS),
            ("gevalideerd_stand", CONTRACTS),
            ("gekoppeld", LINKED_TABLES),
        ):
            for name in names:
                lake.write_layer(layer, name, year, pl.DataFrame(schema=_STANDING))
        rows = pl.DataFrame(sorted(standing(known, year)), schema=_STANDING, orient="row")
        lake.write_layer("indicatoren", "stand", year, rows)


def measure(directory: Path, suppliers: int) -> dict[str, float]:
    """Processor seconds of everything, in this process; and how many of what there are."""
    took: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        begin = time.process_time()
        made = work()
        took[name] = time.process_time() - begin
        return made

    settings = prepare(directory, suppliers)
    load_region.cache_clear()
    region = timed("load the region", lambda: load_region(settings.regio))
    defs = timed("build the definitions", lambda: build_defs(settings))
    timed("resolve the asset graph", defs.resolve_asset_graph)
    repository = timed("resolve the repository", defs.get_repository_def)
    store = WarehouseStore(settings.warehouse_url)
    known = timed("read the ledger", store.deliveries)
    resource = inbox_resource(settings)
    files = timed("list the inbox", resource.open().files)
    timed("of those the new ones", lambda: new_files(resource.open(), files, known, region))
    timed("the calendar of one year", lambda: states_of(region, str(YEAR), known, date(2023, 3, 1)))
    timed("what leerlingen are compared with", lambda: compared(known, "leerlingen", str(YEAR)))
    timed("who delivered what", lambda: who_delivered_what(region, str(YEAR), known, date(2023, 3, 1)))
    with dg.DagsterInstance.ephemeral() as instance:
        for name, needs in (
            ("inbox", ("inbox", "lake", "warehouse")),
            ("meldingen", ("warehouse", "notifier", "heartbeat")),
        ):
            sensor = repository.get_sensor_def(name)
            resources = {need: repository.get_top_level_resources()[need] for need in needs}
            with dg.build_sensor_context(instance=instance, repository_def=repository, resources=resources) as context:
                timed(f"a tick of sensor {name}", lambda: sensor(context))  # noqa: B023 - called at once
    graph = repository.asset_graph
    keys = {key: graph.get(key).partitions_def for key in graph.get_all_asset_keys()}
    took["suppliers"] = len(region.leveranciers)
    took["deliveries"] = len(known)
    took["partitions"] = sum(found.get_num_partitions() for found in keys.values() if found is not None)
    return took


def main(sizes: list[int]) -> None:
    found = []
    for suppliers in sizes:
        with tempfile.TemporaryDirectory() as directory:
            asked = [sys.executable, "-m", "benchmarks.suppliers", directory, str(suppliers)]
            found.append(json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout))
    counted = ("suppliers", "deliveries", "partitions")
    table = Table(title="Processor seconds by number of suppliers, each in a process of its own")
    table.add_column("what")
    for one in found:
        table.add_column(f"{one['suppliers']:,.0f}", justify="right")
    for name in (*counted[1:], *(name for name in found[0] if name not in counted)):
        table.add_row(name, *(f"{one[name]:,.0f}" if name in counted else f"{one[name]:.2f}" for one in found))
    Console(file=sys.stdout, width=110).print(table)


if __name__ == "__main__":
    if len(sys.argv) == 3 and Path(sys.argv[1]).is_dir():
        sys.stdout.write(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))
    else:
        main([int(one) for one in sys.argv[1:]] or [COUNTRY.suppliers // 4, COUNTRY.suppliers // 2, COUNTRY.suppliers])
