"""A whole country from validated rows to internal figures, against the same counts by hand: `make bench-national`.

75 samenwerkingsverbanden, 340 gemeenten, 1,500 schools and ten million records (or as many as are named: `python -m
benchmarks.national 1000000`). Every contender is a process of its own on the same Parquet, so that peak memory is
its own. Ours writes the base tables to the lake, each checked against its schema, and counts the cube from there.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.national_data import LAYER, PEILDATUM, YEAR, national_region, write_deliveries
from benchmarks.national_yardsticks import by_duckdb, by_polars
from jos_pipeline.boundary import checked
from jos_pipeline.coverage import Coverage
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.linking import LINKS
from jos_pipeline.region import Region
from resources.lake import Lake
from schemas.linked import LINKED_TABLES

RECORDS = 10_000_000
LINKED = "gekoppeld"
_ALSO_READS = {"traject": ("leerlingen",)}


def link_all(root: Path, region: Region) -> int:
    """Every base table from the validated rows, one after another, as the assets of the group ``gekoppeld`` do."""
    lake, rows = Lake(str(root)), 0
    for name, table in LINKED_TABLES.items():
        soorten = (table.soort, *_ALSO_READS.get(name, ())) if table.soort else ()
        frames = {soort: lake.read_layer(LAYER, soort, str(YEAR)) for soort in soorten if soort}
        made = checked(LINKS[name](frames, region, str(YEAR)), table.schema())
        lake.write_layer(LINKED, name, str(YEAR), made)
        rows += made.height
    return rows


def count_all(root: Path, region: Region) -> int:
    """The cube from the base tables in the lake."""
    lake = Lake(str(root))
    base = {name: lake.scan_layer(LINKED, name, str(YEAR)) for name in LINKED_TABLES}
    in_force = frozenset((supplier.id, soort) for supplier in region.leveranciers for soort in supplier.levert)
    return compute_cube(base, Coverage(in_force), region, str(YEAR), PEILDATUM).height


def ours(root: Path, region: Region) -> int:
    link_all(root, region)
    return count_all(root, region)


CONTENDERS: dict[str, Callable[[Path, Region], int]] = {
    "by hand in DuckDB": by_duckdb,
    "by hand in polars": by_polars,
    "link and cube": ours,
    "of which the cube": count_all,
}


def measure(name: str, root: Path) -> dict[str, float]:
    """What one contender takes, in this process."""
    region = national_region()
    before, begin = time.process_time(), time.perf_counter()
    made = CONTENDERS[name](root, region)
    return {
        "seconds": time.perf_counter() - begin,
        "cpu": time.process_time() - before,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "figures": made,
    }


def main(records: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        written = write_deliveries(Lake(directory), national_region(), records)
        found = {}
        for name in CONTENDERS:
            asked = [sys.executable, "-m", "benchmarks.national", name, directory]
            found[name] = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    yardsticks = [found[name]["seconds"] for name in list(CONTENDERS)[:2]]
    table = Table(title=f"{written:,} records of a whole country; each contender in a process of its own")
    for heading in ("contender", "seconds", "cpu seconds", "records per second", "ratio", "peak MB", "groups or rows"):
        table.add_column(heading, justify="left" if heading == "contender" else "right")
    for name, took in found.items():
        table.add_row(
            name,
            f"{took['seconds']:.1f}",
            f"{took['cpu']:.1f}",
            f"{written / took['seconds']:,.0f}",
            f"{took['seconds'] / min(yardsticks):.2f}",
            f"{took['megabytes']:,.0f}",
            f"{took['figures']:,}",
        )
    Console(file=sys.stdout, width=120).print(table)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        sys.stdout.write(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) == 2 else RECORDS)
