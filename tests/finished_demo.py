"""The whole pipeline once, through its front door, on the synthetic region: what end-to-end and browser tests lean on.

A plugin of ``conftest.py``, so that the demo is made and run once per session.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class FinishedDemo:
    """The synthetic region after ``jos demo`` and ``jos run --publiceer``."""

    directory: Path
    home: Path
    warehouse: Path
    stdout: str
    """What ``jos run`` printed."""

    @property
    def inbox(self) -> Path:
        return self.directory / "inbox"


def jos(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs the command line as a user does: another process, no ``JOS_*`` or ``DAGSTER_HOME`` in the environment."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("JOS_", "DAGSTER_HOME"))}
    return subprocess.run(
        [sys.executable, "-c", "from jos_pipeline.cli import main; main()", *arguments],
        cwd=cwd,
        env=clean | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=900,
        check=False,
    )


@pytest.fixture(scope="session")
def finished_demo(tmp_path_factory: pytest.TempPathFactory) -> FinishedDemo:
    """The demo, made and run once per session. Both commands must succeed."""
    directory = tmp_path_factory.mktemp("verzonnen") / "regio"
    made = jos("demo", str(directory), cwd=directory.parent)
    assert made.returncode == 0, made.stderr
    ran = jos("run", "--publiceer", cwd=directory)
    assert ran.returncode == 0, ran.stderr
    home = directory / ".jos"
    return FinishedDemo(directory, home, home / "warehouse.db", ran.stdout)
