"""How long the Dagster UI takes where there are many suppliers: `python -m benchmarks.interface [SUPPLIERS]`.

The installation of ``suppliers``, with every delivery of three school years in Dagster's own storage too, as the gate
would have told of it. The real webserver runs on it and a real Chromium opens pages that people open. Of every page:
how long until what it is about can be read, and the slowest questions that it put to the webserver.
"""

import json
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import dagster as dg
from playwright.sync_api import Browser, Request, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from rich.console import Console
from rich.table import Table

from assets.bronnen import GROUP
from assets.partitions import SUPPLIER, YEAR
from benchmarks.suppliers import COUNTRY, prepare
from jos_pipeline.headless import instance_directory
from jos_pipeline.settings import CONFIG_VARIABLE, Settings
from resources.dagster_instance import opened_instance
from resources.warehouse import WarehouseStore
from tests.webserver import webserver

SLOWEST = 3
SETTLE = 3_000
"""Milliseconds in which a page may go on asking."""
PATIENCE = 60_000
"""Milliseconds; what takes longer is told as such."""

PAGES: dict[str, tuple[str, str]] = {
    "what there is, by group": ("/asset-groups", "rapportage"),
    "all assets": ("/assets", "leveringen"),
    "the graph of the sources": ("/locations/jos_pipeline.definitions/asset-groups/bronnen", "leerlingen"),
    "the grid of leerlingen": ("/assets/bronnen/leerlingen?view=partitions", "Materialized ("),
    "the grid of a table of a school year": ("/assets/gevalideerd/leerlingen?view=partitions", "2022-2023"),
    "checks": ("/assets/publicatie/beveiligd?view=checks", "geen_kleine_aantallen"),
    "runs": ("/runs", "Runs"),
    "sensors and schedules": ("/automation", "inbox"),
}
"""By what it is: the address, and what can be read when it is there."""


@dataclass(frozen=True)
class Opened:
    """Seconds until a page could be read, and of its slowest questions."""

    seconds: float
    questions: tuple[tuple[str, float], ...]


def tell_dagster(settings: Settings) -> int:
    """Notes every delivery of the ledger in the grid of deliveries; gives how many."""
    with closing(WarehouseStore(settings.warehouse_url)) as store:
        known = store.deliveries()
    with opened_instance(instance_directory(settings)) as instance:
        for one in known.itertuples():
            place = dg.MultiPartitionKey({SUPPLIER: one.leverancier, YEAR: one.schooljaar})
            key = dg.AssetKey([GROUP, one.soort])
            instance.report_runless_asset_event(dg.AssetMaterialization(key, partition=place, metadata={"rijen": 100}))
    return len(known)


def opened(browser: Browser, address: str, text: str) -> Opened:
    """A page in an empty tab."""
    page = browser.new_page(viewport={"width": 1500, "height": 1000})
    asked: list[tuple[str, float]] = []

    def note(request: Request) -> None:
        if "/graphql" in request.url and request.post_data:
            name = str(json.loads(request.post_data).get("operationName"))
            asked.append((name, request.timing["responseEnd"] / 1000))

    page.on("requestfinished", note)
    begin = time.perf_counter()
    page.goto(address, timeout=PATIENCE)
    with suppress(PlaywrightTimeout):
        page.get_by_text(text).first.wait_for(timeout=PATIENCE)
    took = time.perf_counter() - begin
    page.wait_for_timeout(SETTLE)
    page.close()
    return Opened(took, tuple(sorted(asked, key=lambda one: -one[1])[:SLOWEST]))


def main(suppliers: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        settings = prepare(directory, suppliers)
        told = tell_dagster(settings)
        configured = directory / "jos.toml"
        configured.write_text(
            f'home = "{settings.home}"\nregio = "{settings.regio}"\ninbox = "{settings.inbox}"\n', encoding="utf-8"
        )
        running = webserver(directory, instance_directory(settings), {CONFIG_VARIABLE: str(configured)})
        with running as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=which("chromium") or which("google-chrome"), args=["--no-sandbox", "--disable-gpu"]
            )
            table = Table(title=f"{suppliers:,} suppliers, {told:,} deliveries: seconds, first and second time")
            for heading in ("page", "first", "second", "slowest questions"):
                table.add_column(heading)
            for name, (path, text) in PAGES.items():
                first, second = (opened(browser, url + path, text) for _ in range(2))
                slow = ", ".join(f"{question} {seconds:.1f}" for question, seconds in first.questions)
                table.add_row(name, f"{first.seconds:.1f}", f"{second.seconds:.1f}", slow)
            browser.close()
    Console(file=sys.stdout, width=120).print(table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) == 2 else COUNTRY.suppliers)
