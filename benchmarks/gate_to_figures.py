"""Gate to figures against the bare reading of the same files: `make bench`.

The yardstick reads every file of the demo's inbox once, with the fastest reader for its kind and no questions
asked. Ours judges them, hashes, links, counts the whole cube and protects it; and once more with Dagster around it.
"""

import io
import tempfile
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
from python_calamine import CalamineWorkbook
from rich.console import Console

from benchmarks.measure import median, report
from jos_pipeline.coverage import Coverage
from jos_pipeline.demo import write_region
from jos_pipeline.disclosure import areas_by_period, protect
from jos_pipeline.headless import run_everything
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.intake.gate import Verdict, judge
from jos_pipeline.linking import empty_frame, link
from jos_pipeline.pseudonym import with_leerling_id
from jos_pipeline.region import Region, load_region
from jos_pipeline.school_year import SchoolYear
from jos_pipeline.settings import Settings
from schemas.contracts import CONTRACTS

YEAR, PEILDATUM, KEY = SchoolYear(2022), date(2023, 2, 1), bytes(range(32))
Files = list[tuple[str, Path, bytes]]


def main() -> None:
    region = load_region()
    with tempfile.TemporaryDirectory() as directory:
        made = write_region(Path(directory) / "demo", YEAR, 1, region)
        files = [(p.parent.name, p, p.read_bytes()) for p in sorted(made.inbox.rglob("*")) if p.is_file()]
        verdicts = _judged(files, region)
        records = sum(verdict.rijen for verdict in verdicts)
        stages = {
            "bare reading (yardstick)": median(lambda: _read(files)),
            "gate": median(lambda: _judged(files, region)),
            "hash, link, cube, protect": median(lambda: _figures(verdicts, region)),
        }
        stages["gate to figures"] = stages["gate"] + stages["hash, link, cube, protect"]
        stages["the same with Dagster, lake, warehouse, checks"] = _whole(made.inbox, Path(directory))
    report(f"{len(files)} files, {records:,} records; median of three (the last: one run)", stages, records)


def _read(files: Files) -> int:
    rows = 0
    for _, path, data in files:
        # Half of the refusals of the demo cannot be read at all; the yardstick does not have to.
        with suppress(Exception):
            if path.suffix == ".xlsx":
                rows += len(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python())
            else:
                rows += pl.read_csv(data, separator=";", infer_schema=False, truncate_ragged_lines=True).height
    return rows


def _judged(files: Files, region: Region) -> list[Verdict]:
    return [
        judge(data, path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC).date(), region, supplier)
        for supplier, path, data in files
    ]


def _figures(verdicts: list[Verdict], region: Region) -> pl.DataFrame:
    latest = {(v.soort, v.leverancier): v for v in verdicts if v.accepted is not None and v.schooljaar == str(YEAR)}
    frames = {soort: [empty_frame(soort)] for soort in CONTRACTS}
    for (soort, supplier), verdict in latest.items():
        rows = with_leerling_id(verdict.accepted, KEY).with_columns(leverancier=pl.lit(supplier))
        frames[soort].append(rows.select(frames[soort][0].columns))
    base = link({soort: pl.concat(parts) for soort, parts in frames.items()}, region, str(YEAR))
    coverage = Coverage(frozenset((supplier, soort) for soort, supplier in latest))
    cube = compute_cube(base, coverage, region, str(YEAR), PEILDATUM)
    return protect(cube, areas_by_period(region, YEAR, PEILDATUM), region.drempel)


def _whole(inbox: Path, directory: Path) -> float:
    settings = Settings(home=directory / "home", inbox=str(inbox), stabiel_seconden=0)
    begin = time.perf_counter()
    run_everything(settings, PEILDATUM, publish=True, final=False, console=Console(quiet=True))
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
