"""The whole pipeline once, through its front door, on the synthetic region: what end-to-end and browser tests lean on.

A plugin of ``conftest.py``, so that the demo is made and run once per session.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.webserver import free_port, read_at

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class FinishedDemo:
    """The synthetic region after ``make demo``."""

    directory: Path
    home: Path
    warehouse: Path
    stdout: str
    """What ``make demo`` printed."""
    addresses: dict[str, str]
    """The variables that say where its pages are read: a port of this machine, of its own. Nobody serves it yet."""

    @property
    def inbox(self) -> Path:
        return self.directory / "inbox"


def jos(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs the command line as a user does: another process, no ``JOS_*`` or ``DAGSTER_HOME`` in the environment."""
    return _typed([sys.executable, "-c", "from jos_pipeline.cli import main; main()", *arguments], cwd)


def clean_environment() -> dict[str, str]:
    """The variables of somebody who never heard of us."""
    ours = ("JOS_", "DAGSTER_HOME", "MAKE", "MFLAGS")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTHONUTF8": "1"}


def _typed(command: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env=clean_environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=1800,
        check=False,
    )


@pytest.fixture(scope="session")
def finished_demo(tmp_path_factory: pytest.TempPathFactory) -> FinishedDemo:
    """What ``make demo`` makes, once per session: in another place, and in the environment that is there already."""
    directory = tmp_path_factory.mktemp("verzonnen") / "regio"
    read = read_at(free_port())
    given = [f"DEMO={directory}", f"BIN={Path(sys.executable).parent}", *(f"{name}={it}" for name, it in read.items())]
    made = _typed(["make", "-o", "env", "demo", *given], ROOT)
    assert made.returncode == 0, made.stderr
    home = directory / ".jos"
    return FinishedDemo(directory, home, home / "warehouse.db", made.stdout, read)
