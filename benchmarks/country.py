"""A large demo from the inbox to the internal figures, step by step: `python -m benchmarks.country DIR`.

Runs the job of Dagster as `jos run` does, school year by school year, and tells of every step what it took: wall time,
processor time and the most memory held. The publication is left out unless `--publiceer` is given.
"""

import argparse
import os
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import dagster as dg
from rich.console import Console
from rich.table import Table

from assets.intake import settled_and_new
from assets.order import order_config
from jos_pipeline.definitions import build_defs, inbox_resource
from jos_pipeline.headless import instance_directory, run_year
from jos_pipeline.region import load_region
from jos_pipeline.settings import CONFIG_VARIABLE, Settings
from resources.dagster_instance import opened_instance
from resources.warehouse import WarehouseStore

_LEFT_OUT = ("publicatie", "rapportage")


@dataclass
class Took:
    """What a step took, all school years together; ``megabytes`` is the most of any."""

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


def measure(directory: Path, *, publish: bool, years: int | None = None) -> dict[str, Took]:
    """What every step takes for an installation in a directory (`jos demo`), of its first school years."""
    clock = Clock()
    with patch.dict(os.environ, {CONFIG_VARIABLE: str(directory / "jos.toml")}):
        settings = Settings()
    clock.start()
    region = load_region(settings.regio)
    clock.stop("region")
    defs = build_defs(settings)
    job = defs.resolve_job_def("verwerk")
    clock.stop("definitions")
    store = WarehouseStore(settings.warehouse_url)
    store.ensure_schema()
    found, _ = settled_and_new(inbox_resource(settings), store.deliveries(), region)
    clock.stop("look at the inbox")
    chosen = sorted({one.schooljaar for one in found})[:years]
    selected = [key for key in job.asset_layer.executable_asset_keys if publish or key.path[0] not in _LEFT_OUT]
    with opened_instance(instance_directory(settings)) as instance:
        for year in chosen:
            result = run_year(job, instance, year, order_config("nu" if publish else "nee"), selected, clock.follow)
            if not result.success:
                raise SystemExit(f"the run of {year} failed")
    clock.stop("after the last step")
    return dict(clock.took)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("directory", type=Path)
    asked.add_argument("--publiceer", action="store_true")
    asked.add_argument("--jaren", type=int)
    options = asked.parse_args()
    took = measure(options.directory, publish=options.publiceer, years=options.jaren)
    table = Table(title=str(options.directory.name))
    for heading in ("step", "seconds", "cpu seconds", "peak MB"):
        table.add_column(heading, justify="left" if heading == "step" else "right")
    for name, step in sorted(took.items(), key=lambda item: -item[1].cpu):
        table.add_row(name, f"{step.seconds:.1f}", f"{step.cpu:.1f}", f"{step.megabytes:,}")
    table.add_row("all", *(f"{sum(getattr(s, n) for s in took.values()):.1f}" for n in ("seconds", "cpu")), "")
    Console(file=sys.stdout, width=110).print(table)


if __name__ == "__main__":
    main()
