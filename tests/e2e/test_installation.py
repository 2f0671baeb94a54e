"""The installation of ``docs/productie.md``, typed in a clone: what it gives works by itself."""

import subprocess
from pathlib import Path

from tests.clones import clone
from tests.finished_demo import clean_environment
from tests.pages import line_on

COMMANDS = (
    ".venv/bin/jos demo regio",
    "cd regio; ../.venv/bin/jos doctor",
    ".venv/bin/python -c 'import dagster_postgres, paramiko, psycopg, psycopg2, s3fs'",
)
"""What is asked of it then: the program, its own doctor, and the libraries of real servers."""


def test_what_the_page_tells_to_install_works(tmp_path: Path):
    place = clone(None, tmp_path / "plaats")
    ours = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    environment = {name: value for name, value in clean_environment().items() if name not in ours}
    environment["UV_COMPILE_BYTECODE"] = "0"  # half of the time; what is imported is compiled then
    for line in (line_on("docs/productie.md", "make install"), *COMMANDS):
        done = subprocess.run(
            ["bash", "-c", line], cwd=place, env=environment, capture_output=True, text=True, check=False, timeout=1200
        )
        assert done.returncode == 0, line + done.stdout[-2000:] + done.stderr[-2000:]
    assert not (place / ".venv" / "bin" / "pytest").exists(), "nothing of the tests is in it"
