"""A real Chromium. Where there is none the tests skip and say so."""

import shutil
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import steady_network

_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    # Not longer than a module: while Playwright runs it holds the event loop, which Dagster needs in other tests.
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium on this machine")
    steady = tmp_path_factory.mktemp("browser") / "steady"
    steady.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" "{steady_network.__file__}" "{found}" "$@"\n', encoding="utf-8"
    )
    steady.chmod(0o755)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=steady, args=list(_QUIET))
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page in it."""
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    yield opened
    opened.close()
