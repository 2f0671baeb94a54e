"""What end-to-end tests share beside the finished demo: its published figures as files."""

import os
from pathlib import Path

import pytest

from tests.finished_demo import FinishedDemo, jos

collect_ignore = [] if os.environ.get("JOS_R") else ["test_examples_in_r.py"]


@pytest.fixture(scope="session")
def exported(finished_demo: FinishedDemo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data package of the demo, without the workbook, which takes longest and is tested on fewer rows."""
    directory = tmp_path_factory.mktemp("export") / "jos-monitor"
    done = jos("export", "--uit", str(directory), "--formaat", "csv,parquet,duckdb", cwd=finished_demo.directory)
    assert done.returncode == 0, done.stderr
    (directory / "stdout.txt").write_text(done.stdout, encoding="utf-8")
    return directory
