"""The Dagster UI on the finished demo, driven as a data engineer does."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.finished_demo import ROOT


@pytest.fixture(scope="module")
def address(finished_demo) -> Iterator[str]:
    """A webserver on the demo's instance, on a free port of the loopback."""
    port = free_port()
    environment = os.environ | {
        "DAGSTER_HOME": str(finished_demo.home / "dagster"),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "dagster_webserver", "-m", "jos_pipeline.definitions", "-h", "127.0.0.1"]
    server = subprocess.Popen(
        [*command, "-p", str(port)],
        cwd=finished_demo.directory,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url)
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(url: str, seconds: int = 60) -> None:
    """Until a webserver answers. Raises TimeoutError."""
    for _ in range(seconds * 2):
        try:
            urllib.request.urlopen(f"{url}/server_info", timeout=2).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise TimeoutError("the webserver did not answer")


def test_the_grid_shows_which_school_delivered(browser: Browser, address):
    page = browser.new_page(viewport={"width": 1500, "height": 900})
    page.goto(f"{address}/assets/bronnen/leerlingen?view=partitions")
    expect(page.get_by_text("19zq00").first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Materialized (10)").first).to_be_visible(timeout=30_000)


def test_the_graph_shows_the_layers(browser: Browser, address):
    page = browser.new_page(viewport={"width": 1800, "height": 1000})
    page.goto(f"{address}/asset-groups")
    for group in ("bronnen", "gevalideerd", "gekoppeld", "indicatoren", "publicatie", "rapportage"):
        expect(page.get_by_text(group, exact=True).first).to_be_visible(timeout=30_000)


def test_a_check_tells_in_dutch_and_english_what_it_guards(browser: Browser, address):
    page = browser.new_page(viewport={"width": 1500, "height": 900})
    page.goto(f"{address}/assets/publicatie/beveiligd?view=checks")
    expect(page.get_by_text("geen_kleine_aantallen").first).to_be_visible(timeout=30_000)
    page.get_by_text("geen_kleine_aantallen").first.click()
    expect(page.get_by_text("Geen zichtbaar cijfer rust op te weinig leerlingen")).to_be_visible(timeout=30_000)


def test_a_run_is_found_by_its_supplier_and_leads_to_checks_and_figures(browser: Browser, address):
    page = browser.new_page(viewport={"width": 1700, "height": 1300})
    page.set_default_timeout(30_000)
    page.goto(f"{address}/runs")
    page.get_by_text("View all tags").first.click()
    expect(page.get_by_text("levering/groeimee").first).to_be_visible(timeout=30_000)
    page.goto(f"{address}/assets/bronnen/leveringen?view=checks")
    expect(page.get_by_text("Elke afgesproken levering van dit schooljaar is er")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("docs/runbook.md#jos-s050")).to_be_visible(timeout=30_000)
    page.goto(f"{address}/assets/publicatie/monitor_indicator?view=events")
    expect(page.get_by_text("Leerlingen met JOS", exact=True)).to_be_visible(timeout=30_000)
    page.get_by_text("Show Markdown").click()
    picture = page.get_by_role("img", name="Cijfers per niveau")
    expect(picture).to_be_visible(timeout=30_000)
    assert picture.evaluate("image => image.naturalWidth") == 640
