"""A real installation in a temporary directory: inbox, lake, warehouse, key, and a real Dagster instance.

Choose the cheapest fixture that proves the point; one whole run costs some three seconds.

``finished``       one installation in which ``TRAJECTEN`` of Groeimee was taken in and published. Shared: look only.
``with_figures``   a copy of it in a directory of its own, made in a tenth of a second: change what you like. Its
                   Dagster instance is new and knows of no runs; all else is as in ``finished``.
``installation``   an empty one. ``take_in()`` runs the gate alone, ``run()`` the whole job.

Tests that use the first two stay in one process (``tests/conftest.py``), so that the run is made once.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from assets.bronnen import LEDGER
from assets.order import order_config
from assets.publicatie import PROTECTED, PUBLISHED
from assets.sensors import YEAR_TAG
from jos_pipeline.audited import audited
from jos_pipeline.definitions import build_defs
from jos_pipeline.settings import Settings
from jos_pipeline.suppressor import Attackers
from resources.lake import Lake
from resources.warehouse import WarehouseStore
from tests.records import delivery
from tests.small_region import small_region

YEAR, PEILDATUM = "2022-2023", date(2023, 2, 1)
TRAJECTEN = f"trajecten_{YEAR}_{PEILDATUM}.csv"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Around every test here, and what it makes for others: the small region, and no school is tried as a reader.

    To try every school takes a run from three seconds to half a minute: that is done on the demo.
    """
    with pytest.MonkeyPatch.context() as patch:
        if not item.path.is_relative_to(Path(__file__).parent):  # pytest asks this hook about every test there is
            yield
            return
        patch.setenv("JOS_REGIO", small_region())
        patch.setattr("assets.publicatie.audited", partial(audited, attackers=Attackers.READERS))
        yield


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
        self, publish: str = "nu", year: str = YEAR, peildatum: date | None = PEILDATUM, *, without_counts: bool = False
    ) -> dg.ExecuteInProcessResult:
        """Runs the job of a school year; it must succeed."""
        job = self.defs.resolve_job_def("verwerk")
        done = job.execute_in_process(
            partition_key=year,
            instance=self.instance,
            run_config=order_config(publish, peildatum, without_counts=without_counts),
            tags={YEAR_TAG: year},
        )
        assert done.success
        return done

    def take_in(self) -> dg.ExecuteInProcessResult:
        """Runs the gate alone; it must succeed."""
        gate = next(one for one in self.defs.assets if isinstance(one, dg.AssetsDefinition) and one.key == LEDGER)
        done = dg.materialize([gate], partition_key=YEAR, instance=self.instance, resources=self.defs.resources)
        assert done.success
        return done

    def publish(self, how: str = "nu", *, without_counts: bool = False) -> None:
        """Hides, audits and publishes what is in the lake: the end of ``run()``, for when nothing before it changed."""
        known = [one for one in self.defs.assets if isinstance(one, dg.AssetsDefinition)]
        steps = [one for one in known if one.keys & {PROTECTED, PUBLISHED}]
        dg.materialize(
            steps,
            partition_key=YEAR,
            instance=self.instance,
            resources=self.defs.resources,
            run_config=order_config(how, PEILDATUM, without_counts=without_counts),
        )

    def published(self) -> pd.DataFrame:
        return self.store.published(YEAR)

    def verdicts(self) -> list[tuple[str, str, bool]]:
        known = self.store.deliveries()
        return list(zip(known["bestand"], known["oordeel"], known["geldend"], strict=True))


@contextmanager
def installed(home: Path, **settings: object) -> Iterator[Installation]:
    """An installation whose home is this directory, with a Dagster instance in memory."""
    chosen = Settings(home=home, stabiel_seconden=0, **settings)
    if "://" not in chosen.inbox_url:
        Path(chosen.inbox_url).mkdir(parents=True, exist_ok=True)
    with dg.DagsterInstance.ephemeral() as instance:
        yield Installation(chosen, build_defs(chosen), instance)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path / "home") as made:
        yield made


@dataclass(frozen=True)
class Finished(Installation):
    """An installation with figures that nobody changes, and the run that made them."""

    done: dg.ExecuteInProcessResult


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    with installed(tmp_path_factory.mktemp("finished") / "home") as made:
        made.drop("groeimee", TRAJECTEN, delivery("trajecten"))
        done = made.run()
        yield Finished(made.settings, made.defs, made.instance, done)


@pytest.fixture
def with_figures(finished: Finished, tmp_path: Path) -> Iterator[Installation]:
    # without the shared memory of a connection that is still open: SQLite makes it anew
    shutil.copytree(finished.settings.home, tmp_path / "home", ignore=shutil.ignore_patterns("*-shm"))
    with installed(tmp_path / "home") as copied:
        yield copied
