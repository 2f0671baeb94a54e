"""A file is dropped while daemon and webserver run: the run, the check and the metadata appear in the UI."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.finished_demo import ROOT
from tests.records import delivery
from tests.webserver import free_port, wait_for

NAME = "tlv_2022-2023_2023-02-15.csv"
PATIENCE = 240_000
"""Milliseconds for sensor, run and a slow machine."""


@pytest.fixture
def dropped(finished_demo, tmp_path) -> Iterator[str]:
    """The address of a UI on a copy of the demo, with a daemon, in whose inbox a file has just come."""
    copy = tmp_path / "regio"
    shutil.copytree(finished_demo.directory, copy)
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JOS_")}
    running = subprocess.Popen(
        [str(Path(sys.executable).with_name("dagster")), "dev", "-m", "jos_pipeline.definitions", "-p", str(port)],
        cwd=copy,
        env=clean | {"DAGSTER_HOME": str(copy / ".jos" / "dagster"), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, seconds=200)
        (copy / "inbox" / "vo2703" / NAME).write_bytes(delivery("tlv"))
        yield url
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        try:
            running.wait(timeout=60)
        except subprocess.TimeoutExpired:  # a run of the daemon may be busy
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()


def test_a_dropped_file_is_seen_as_a_run_a_check_and_metadata(browser: Browser, dropped):
    page = browser.new_page(viewport={"width": 1700, "height": 1300})
    page.set_default_timeout(60_000)
    page.goto(f"{dropped}/runs")
    expect(page.get_by_text("inbox", exact=True).first).to_be_visible(timeout=PATIENCE)
    tag = page.get_by_text(re.compile(r"^levering/vo2703: \d+$")).first
    expect(tag).to_be_visible(timeout=PATIENCE)
    number = tag.inner_text().partition(": ")[2]
    page.goto(f"{dropped}/assets/bronnen/tlv?view=events")
    page.get_by_text("vo2703|2022-2023").first.click()
    expect(page.get_by_text(f"terugkoppeling/vo2703/index.html#levering-{number}")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(sha256(delivery("tlv")).hexdigest())).to_be_visible(timeout=PATIENCE)
    page.goto(f"{dropped}/assets/bronnen/leveringen?view=checks")
    page.get_by_text("niets_blijft_geweigerd").first.click()
    expect(page.get_by_text("docs/runbook.md#jos-").first).to_be_visible(timeout=PATIENCE)
