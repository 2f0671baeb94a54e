"""The recipes of docs/developer.md: their code, and a region that follows them. Used by the tests that run them."""

import re
import shutil
from pathlib import Path
from typing import Any

from jos_pipeline import region as regions
from jos_pipeline.region import Region, load_region

PAGE = (Path(__file__).parents[1] / "docs" / "developer.md").read_text(encoding="utf-8")


def recipe(heading: str, language: str) -> str:
    """The first block of code under a heading of the page."""
    found = re.search(rf"### {heading}\n.*?```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found, f"no block of {language} under {heading}"
    return found[1]


def made(heading: str, names: dict[str, Any]) -> Any:
    """What the python of a recipe defines, with the names of the module it belongs in."""
    there = dict(names)
    exec(recipe(heading, "python"), there)
    return there[re.match(r"(\w+) =", recipe(heading, "python"))[1]]


def region_with(directory: Path, source: str, addition: str = "", **changes: str) -> Region:
    shutil.copytree(regions.SHIPPED / source, directory)
    settings = directory / "regio.toml"
    text = settings.read_text(encoding="utf-8") + addition
    for name, value in changes.items():
        text = re.sub(rf'^{name} = ".*"$', f'{name} = "{value}"', text, count=1, flags=re.MULTILINE)
    settings.write_text(text, encoding="utf-8")
    return load_region(str(directory))
