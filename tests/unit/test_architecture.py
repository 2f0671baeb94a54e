"""The house rules that hold for every module."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("schemas", "jos_pipeline", "resources", "assets")
CATALOGUES = ("findings.py", "contracts.py")
"""Modules that are one long list of entries."""
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def test_each_room_imports_only_what_stands_to_its_left():
    found = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_belongs_in_it_and_stays_readable(path):
    text = path.read_text(encoding="utf-8")
    if path == ROOT / "jos_pipeline" / "__init__.py":
        assert text == "", "importing the package must have no side effects"
        return
    assert ast.get_docstring(ast.parse(text)), "a module says what belongs in it"
    if path.name not in CATALOGUES:
        assert text.count("\n") < 400, "a module of this length does more than one thing"


def test_importing_the_definitions_touches_no_network_and_loads_no_great_expectations():
    script = (
        "import socket, sys\n"
        "def refuse(*_): raise AssertionError('network')\n"
        "socket.socket.connect = refuse\n"
        "import jos_pipeline.definitions\n"
        "assert 'great_expectations' not in sys.modules, 'Great Expectations is loaded'\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_command_line_answers_without_loading_the_heavy_libraries():
    script = (
        "import sys\nfrom jos_pipeline.cli import app\n"
        "try: app(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'polars', 'pandas', 'dagster', 'sqlalchemy', 'pandera'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "prepare" in done.stdout
