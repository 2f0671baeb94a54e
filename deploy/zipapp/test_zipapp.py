"""The single file for suppliers, as a supplier has it: an empty directory, Python and nothing else, no network."""

import shutil
import subprocess
import sys
import venv
from functools import cache
from pathlib import Path

import pytest

from tests.records import name_of
from tests.unit.test_mapping import MAPPING, csv_bytes, school_export
from tests.unit.test_prepare import KEY

FILE = Path(__file__).resolve().parents[2] / "dist" / "jos-prepare-linux.pyz"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The supplier's directory, with a Python of its own that has no libraries."""
    home = tmp_path_factory.mktemp("school")
    venv.create(home / "python", with_pip=False)
    shutil.copy(FILE, home / "jos-prepare.pyz")
    (home / "export.csv").write_bytes(csv_bytes(school_export()))
    (home / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    (home / "keten.sleutel").write_text(KEY.hex())
    return home


@cache
def without_network():
    """What takes the network away from a command; nothing where this machine does not allow it."""
    unshare = ["unshare", "--net"]
    allowed = shutil.which("unshare") and subprocess.run([*unshare, "true"], capture_output=True, check=False)
    return unshare if allowed and allowed.returncode == 0 else []


def jos(house, *arguments):
    """Runs the file without anything of this machine: no environment, no network where that can be taken away."""
    command = [house / "python" / "bin" / "python", "jos-prepare.pyz", *arguments]
    return subprocess.run(
        [*without_network(), *command],
        cwd=house,
        env={"HOME": str(house), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_export_becomes_a_delivery(house):
    told = ["--soort", "leerlingen", "--schooljaar", "2022-2023", "--peildatum", "2023-02-01"]
    options = ["--leverancier", "19zq00", "--sleutel-bestand", "keten.sleutel", "--mapping", "mapping.toml"]
    ran = jos(house, "prepare", "export.csv", *options, *told, "--uit", "klaar")
    assert ran.returncode == 0, ran.stderr
    delivery = house / "klaar" / name_of("leerlingen")
    assert delivery.read_text(encoding="utf-8").count("\n") == 61
    assert jos(house, "check", str(delivery), "--leverancier", "19zq00").returncode == 0
    assert "TERUGKOPPELING" in (house / "klaar" / "terugkoppeling_export.csv.html").read_text(encoding="utf-8").upper()


def test_it_makes_a_mapping_and_explains(house):
    assert jos(house, "prepare", "export.csv", "--soort", "leerlingen", "--maak-mapping", "nieuw.toml").returncode == 0
    assert '"Leerling BSN" = "bsn"' in (house / "nieuw.toml").read_text(encoding="utf-8")
    assert "mapping" in jos(house, "explain", "JOS-E059").stdout
    assert jos(house, "--version").stdout.strip() == "0.1.0"


def test_it_only_holds_what_a_supplier_runs(house):
    (unpacked,) = (house / ".shiv").glob("jos-prepare*/")
    there = {path.name for path in (unpacked / "site-packages").iterdir()}
    assert not {"dagster", "pandas", "numpy", "pyarrow", "great_expectations", "sqlalchemy"} & there
    assert f"cpython-{sys.version_info.major}{sys.version_info.minor}" in " ".join(
        path.name for path in (unpacked / "site-packages" / "pydantic_core").iterdir()
    )
