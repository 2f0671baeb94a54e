"""What a page tells to type and then goes on is typed, and stopped with Ctrl-C: the daemon, and `make dev`.

The webserver alone, as that page starts it, is what ``tests/browser/test_dagster_ui.py`` looks at.
"""

import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from jos_pipeline.doctor import DAEMON_PARTS
from resources.dagster_records import records, ticks_beyond
from tests.pages import ROOT, line_on
from tests.webserver import DAEMON, free_port, serving, wait_for

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
IN_THIS_ENVIRONMENT = f"make -f {ROOT / 'Makefile'} -o env BIN={Path(sys.executable).parent} "


def empty_demo(directory: Path) -> Path:
    """The directory of a demo in which there is nothing to do yet, so that no run begins."""
    home = directory / "demo" / ".jos" / "dagster"
    home.mkdir(parents=True)
    (home / "dagster.yaml").write_bytes((ROOT / "dagster.yaml").read_bytes())
    (directory / "demo" / ".jos" / "inbox").mkdir()
    return home


def wait_for_a_daemon(home: Path, said: Path, seconds: int = 120) -> None:
    """Until all of it gave a sign of life and it has looked in the inbox."""
    for _ in range(seconds * 2):
        time.sleep(0.5)
        with suppress(OperationalError):  # it has yet to make its tables
            if set(DAEMON_PARTS) <= set(records(home, 0).beats) and "inbox" in ticks_beyond(home, LONG_AGO):
                return
    pytest.fail(said.read_text(encoding="utf-8")[-2000:])


def test_the_daemon_and_make_dev_run_until_ctrl_c(tmp_path: Path):
    """Both at once, each in a demo of its own: most of their time is waiting for the first look in the inbox."""
    (alone, dev), port = [empty_demo(tmp_path / name) for name in ("alone", "dev")], free_port()
    line = line_on("docs/data-engineer.md", "make dev").replace("make ", IN_THIS_ENVIRONMENT, 1)
    with (
        serving(DAEMON, alone.parents[1], {"DAGSTER_HOME": str(alone)}) as of_daemon,
        serving(line, tmp_path / "dev", {"PORT": str(port)}) as of_dev,
    ):
        for home, said in ((alone, of_daemon), (dev, of_dev)):
            wait_for_a_daemon(home, said)
        wait_for(f"http://127.0.0.1:{port}")
        told, told_of_dev = (said.read_text(encoding="utf-8") for said in (of_daemon, of_dev))
    assert f"http://127.0.0.1:{port} " in told_of_dev
    assert "Error" not in told + told_of_dev, told + told_of_dev
