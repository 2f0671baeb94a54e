"""A real installation in a temporary directory: inbox, lake, warehouse, key, and a real Dagster instance."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from assets.order import order_config
from assets.sensors import YEAR_TAG
from jos_pipeline.definitions import build_defs
from jos_pipeline.settings import Settings
from resources.lake import Lake
from resources.warehouse import WarehouseStore

YEAR, PEILDATUM = "2022-2023", date(2023, 2, 1)


@dataclass(frozen=True)
class Installation:
    """What a test holds on to."""

    settings: Settings
    defs: dg.Definitions
    instance: dg.DagsterInstance

    @property
    def store(self) -> WarehouseStore:
        return WarehouseStore(self.settings.warehouse_url)

    @property
    def lake(self) -> Lake:
        return Lake(self.settings.lake_url)

    def drop(self, supplier: str, name: str, content: bytes, moment: str = "2023-02-03T10:00") -> Path:
        """Leaves a file in the inbox, as if it was written at ``moment``."""
        path = Path(self.settings.inbox_url) / supplier / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        stamp = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
        os.utime(path, (stamp, stamp))
        return path

    def run(
        self, publish: str = "nu", year: str = YEAR, peildatum: date | None = PEILDATUM
    ) -> dg.ExecuteInProcessResult:
        """Runs the job of a school year; it must succeed."""
        job = self.defs.resolve_job_def("verwerk")
        done = job.execute_in_process(
            partition_key=year,
            instance=self.instance,
            run_config=order_config(publish, peildatum),
            tags={YEAR_TAG: year},
        )
        assert done.success
        return done

    def published(self) -> pd.DataFrame:
        return self.store.published(YEAR)

    def verdicts(self) -> list[tuple[str, str, bool]]:
        known = self.store.deliveries()
        return list(zip(known["bestand"], known["oordeel"], known["geldend"], strict=True))


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    settings = Settings(home=tmp_path / "home", stabiel_seconden=0)
    Path(settings.inbox_url).mkdir(parents=True)
    with dg.DagsterInstance.ephemeral() as instance:
        yield Installation(settings, build_defs(settings), instance)
