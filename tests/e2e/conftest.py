"""What end-to-end tests share beside the finished demo: its published figures as files."""

import os
from pathlib import Path

import pytest

from tests.finished_demo import FinishedDemo, jos

ASKED_FOR = {"JOS_R": "test_examples_in_r.py", "JOS_INSTALL": "test_installation.py"}
"""What takes minutes or a program more: only where its variable is set (``make examples-r``, ``make install-test``)."""
collect_ignore = [name for variable, name in ASKED_FOR.items() if not os.environ.get(variable)]


@pytest.fixture(scope="session")
def exported(finished_demo: FinishedDemo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data package of the demo, without the workbook, which takes longest and is tested on fewer rows."""
    directory = tmp_path_factory.mktemp("export") / "jos-monitor"
    done = jos("export", "--uit", str(directory), "--formaat", "csv,parquet,duckdb", cwd=finished_demo.directory)
    assert done.returncode == 0, done.stderr
    (directory / "stdout.txt").write_text(done.stdout, encoding="utf-8")
    return directory
