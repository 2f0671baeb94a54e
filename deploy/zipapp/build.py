"""Builds the single file for suppliers: dist/jos-prepare-<platform>.pyz, with every library that jos prepare needs.

Usage: build.py [linux] [windows]. Needs the environment of ``make env`` and a package index; what comes out needs
neither: only Python. One file serves every version in ``PYTHONS``, since native libraries of different versions of
Python have different names.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHONS = tuple(os.environ.get("JOS_ZIPAPP_PYTHONS", "3.11 3.12 3.13 3.14").split())
PLATFORMS = {"linux": "x86_64-manylinux_2_28", "windows": "x86_64-pc-windows-msvc"}
"""As uv calls them; pip's names are in ``PIP_PLATFORMS``."""
PIP_PLATFORMS = {
    "linux": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "windows": ("win_amd64",),
}
PACKAGES = ("schemas", "jos_pipeline")
LIBRARIES = ROOT / "requirements" / "leverancier.txt"
PACKER = ROOT / "requirements" / "zipapp.txt"
UNUSED = shutil.ignore_patterns("__pycache__", "tests", "*.pyi", "bin")


def main(platforms: list[str]) -> None:
    for platform in platforms:
        with tempfile.TemporaryDirectory() as scratch:
            build(platform, Path(scratch))


def build(platform: str, scratch: Path) -> None:
    """Installs the libraries of each version of Python, lays them over each other and packs them with our code."""
    site, packer = scratch / "site", scratch / "packer"
    for python in PYTHONS:
        install(LIBRARIES, scratch / python, platform, python)
        shutil.copytree(scratch / python, site, dirs_exist_ok=True, ignore=UNUSED)
        shutil.rmtree(scratch / python)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, site / package, ignore=UNUSED)
    name_distribution(site)
    install(PACKER, packer)
    target = ROOT / "dist" / f"jos-prepare-{platform}.pyz"
    target.parent.mkdir(exist_ok=True)
    pack = [sys.executable, "-m", "shiv.cli", "--compressed", "--reproducible", "--python", "/usr/bin/env python3"]
    subprocess.run(
        [*pack, "--entry-point", "jos_pipeline.supplier:main", "--site-packages", site, "--output-file", target],
        check=True,
        env=os.environ | {"PYTHONPATH": str(packer), "SOURCE_DATE_EPOCH": "1577836800"},
    )
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1e6:.0f} MB, Python {PYTHONS[0]} - {PYTHONS[-1]}")


def install(requirements: Path, target: Path, platform: str | None = None, python: str | None = None) -> None:
    """With uv; where it cannot reach an index that pip is configured for, with pip."""
    uv = [Path(sys.executable).with_name("uv"), "pip", "install", "--link-mode", "copy"]
    uv += ["--python-platform", PLATFORMS[platform]] if platform else []
    pip = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-compile"]
    pip += [part for name in PIP_PLATFORMS[platform] for part in ("--platform", name)] if platform else []
    for_python = ["--python-version", python] if python else []
    common = ["-q", "--require-hashes", "--only-binary", ":all:", *for_python, "--target", target, "-r", requirements]
    if subprocess.run([*uv, *common], check=False).returncode:
        shutil.rmtree(target, ignore_errors=True)
        subprocess.run([*pip, *common], check=True)


def name_distribution(site: Path) -> None:
    """Tells the file its own version, for ``jos --version``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = site / f"{project['name']}-{project['version']}.dist-info"
    told.mkdir()
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")


if __name__ == "__main__":
    main(sys.argv[1:] or list(PLATFORMS))
