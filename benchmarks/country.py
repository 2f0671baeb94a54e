"""A large demo from the inbox to what is published, against the same by hand: `make bench-national SHARE=0.1`.

Writes that share of the country (`jos demo --schaal landelijk` is all of it) and takes in its last school year, with
every contender in a process of its own. Ours is the job of Dagster as `jos run` runs it: gate, ledger, feedback and
mirrors for every supplier, checks, linking, cube. The publication comes after it, in a process of its own: small counts
hidden, audited, written to the warehouse; by hand there is nothing like it. Of each step it tells wall time, processor
time and the most memory held.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from unittest.mock import patch

import dagster as dg
from rich.console import Console
from rich.table import Table

from assets.intake import settled_and_new
from assets.order import order_config
from benchmarks.country_yardsticks import by_pandas, by_polars
from benchmarks.national_data import YEAR
from jos_pipeline.definitions import build_defs, inbox_resource
from jos_pipeline.demo.installation import write_settings
from jos_pipeline.demo.large import REGION, SIZES, Size, write_large
from jos_pipeline.headless import instance_directory, run_year
from jos_pipeline.region import load_region
from jos_pipeline.settings import CONFIG_VARIABLE, Settings
from resources.dagster_instance import opened_instance
from resources.lake import Lake
from resources.warehouse import WarehouseStore

_PUBLISHING, _REPORTING = "publicatie", "rapportage"
_SEED = 2023


@dataclass
class Took:
    """What a step took; ``megabytes`` is the most that was held."""

    seconds: float = 0
    cpu: float = 0
    megabytes: int = 0


@dataclass
class Clock:
    """Measures what happens between two moments."""

    took: dict[str, Took] = field(default_factory=lambda: defaultdict(Took))
    _since: tuple[float, float] = (0, 0)

    def start(self) -> None:
        Path("/proc/self/clear_refs").write_text("5")  # the peak of the memory begins anew
        self._since = time.perf_counter(), time.process_time()

    def stop(self, name: str) -> None:
        step, (wall, cpu) = self.took[name], self._since
        step.seconds += time.perf_counter() - wall
        step.cpu += time.process_time() - cpu
        step.megabytes = max(step.megabytes, _peak_megabytes())
        self.start()

    def follow(self, entry: dg.EventLogEntry) -> None:
        event = entry.dagster_event
        if event is not None and event.step_key is not None:
            if event.is_step_start:
                self.stop("between steps")
            elif event.is_step_success or event.is_step_failure:
                self.stop(event.step_key)


def _peak_megabytes() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


def size_of(share: float) -> Size:
    """That share of the country: of everybody at least a few."""
    country = SIZES["landelijk"]
    counts = (country.samenwerkingsverbanden, country.gemeenten, country.schools, country.pupils)
    return Size(f"Deel {share:g}", *(max(3, round(count * share)) for count in counts))


def _installed(directory: Path) -> tuple[Settings, dg.JobDefinition, WarehouseStore]:
    with patch.dict(os.environ, {CONFIG_VARIABLE: str(directory / "jos.toml")}):
        settings = Settings()
    job = build_defs(settings).resolve_job_def("verwerk")
    return settings, job, WarehouseStore(settings.warehouse_url)


def by_pipeline(directory: Path, year: str, clock: Clock) -> str:
    """Takes in what is in the inbox of one school year, up to the internal figures."""
    settings, job, store = _installed(directory)
    region = load_region(settings.regio)
    store.ensure_schema()
    settled_and_new(inbox_resource(settings), store.deliveries(), region)
    clock.stop("load the region and the definitions, look at the inbox")
    every = job.asset_layer.executable_asset_keys
    selected = [key for key in every if key.path[0] not in (_PUBLISHING, _REPORTING)]
    _run(settings, job, year, order_config("nee"), selected, clock)
    return ""


def by_publication(directory: Path, year: str, clock: Clock) -> str:
    """Publishes the internal figures of a school year; tells what came out."""
    settings, job, store = _installed(directory)
    clock.stop("load the region and the definitions")
    selected = [key for key in job.asset_layer.executable_asset_keys if key.path[0] == _PUBLISHING]
    _run(settings, job, year, order_config("nu"), selected, clock)
    rows, report = store.published(year), Lake(settings.lake_url).read_report(_PUBLISHING, "beveiligd", year)
    states = rows["waarde_status"].value_counts()
    return f"{len(rows):,} figures published, by status {states.to_dict()}; the audit: {report}"


def _run(
    settings: Settings,
    job: dg.JobDefinition,
    year: str,
    order: dict[str, object],
    selected: list[dg.AssetKey],
    clock: Clock,
) -> None:
    with opened_instance(instance_directory(settings)) as instance:
        result = run_year(job, instance, year, order, selected, clock.follow)
    if not result.success:
        raise SystemExit(f"the run of {year} failed")
    clock.stop("after the last step")


CONTENDERS: dict[str, Callable[[Path, Clock], str]] = {
    "by hand in polars": lambda directory, _clock: str(by_polars(directory)),
    "as usual in pandas": lambda directory, _clock: str(by_pandas(directory)),
    "the pipeline": lambda directory, clock: by_pipeline(directory, str(YEAR), clock),
    "the publication": lambda directory, clock: by_publication(directory, str(YEAR), clock),
}
"""The last one needs the figures of the one before it."""


def measure(name: str, directory: Path) -> tuple[dict[str, Took], str]:
    """What a contender takes in this process, after its imports, and what it tells."""
    clock = Clock()
    clock.start()
    told = CONTENDERS[name](directory, clock)
    clock.stop("all of it")
    return dict(clock.took), told


def main(share: float, contenders: list[str]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        directory, clock = Path(temporary), Clock()
        clock.start()
        size = size_of(share)
        records = write_large(directory, YEAR, _SEED, size)
        write_settings(directory, YEAR, REGION)
        clock.stop("writing the demo")
        told = {"writing the demo (three school years)": dict(clock.took)}
        files = len(list(directory.glob(f"inbox/*/*_{YEAR}_*")))
        remarks: list[str] = []
        for name in contenders:
            asked = [sys.executable, "-m", "benchmarks.country", "--meet", name, str(directory)]
            took, remark = json.loads(subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout)
            told[name] = {step: Took(**one) for step, one in took.items()}
            remarks += [f"{name}: {remark}"] if remark else []
    sys.stdout.write("\n".join([*remarks, ""]))
    print_all(f"{records:,} records, {size.suppliers:,} suppliers; last school year: {files:,} files", told)


def print_all(title: str, told: dict[str, dict[str, Took]]) -> None:
    """A table of the contenders, and one of the steps of each that has steps."""
    console = Console(file=sys.stdout, width=110)
    whole = {
        name: Took(
            sum(step.seconds for step in steps.values()),
            sum(step.cpu for step in steps.values()),
            max(step.megabytes for step in steps.values()),
        )
        for name, steps in told.items()
    }
    console.print(_table(title, whole))
    for name, steps in told.items():
        if len(steps) > 1:
            console.print(_table(name, dict(sorted(steps.items(), key=lambda item: -item[1].cpu))))


def _table(title: str, rows: dict[str, Took]) -> Table:
    table = Table(title=title)
    for heading in ("what", "seconds", "cpu seconds", "peak MB"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for name, took in rows.items():
        table.add_row(name, f"{took.seconds:.1f}", f"{took.cpu:.1f}", f"{took.megabytes:,}")
    return table


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--deel", type=float, default=1.0, help="share of the country")
    asked.add_argument("--zonder", nargs="*", default=[], choices=CONTENDERS, help="contenders to leave out")
    asked.add_argument("--meet", nargs=2, metavar=("CONTENDER", "DIR"))
    options = asked.parse_args()
    if options.meet:
        name, directory = options.meet
        took, told = measure(name, Path(directory))
        sys.stdout.write(json.dumps([{step: asdict(one) for step, one in took.items()}, told]))
    else:
        main(options.deel, [name for name in CONTENDERS if name not in options.zonder])
