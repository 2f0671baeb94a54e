"""What every page shares: one environment of templates, in which everything is escaped, and names of pages."""

from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from jos_pipeline import dutch

ENVIRONMENT = Environment(
    loader=PackageLoader("jos_pipeline"),
    autoescape=select_autoescape(("html.j2",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # a template is part of the program: compiled once a process
)
ENVIRONMENT.globals["dutch"] = dutch

INDEX_PAGE = "index.html"
FEEDBACK_PAGES = "terugkoppeling"
"""The directory with feedback to suppliers, in the one with pages."""
EXPECTATION_PAGES = "datadocs"
"""The directory with pages on expectations, in the one with pages."""


def overview_page(year: str) -> str:
    """The file name of the overview of a school year."""
    return f"overzicht_{year}.html"


def address_of(page: Path, directory: Path | str, address: str) -> str:
    """Where a page of a directory is read, when that directory is read at an address."""
    return f"{address}/{quote(page.relative_to(directory).as_posix())}"


def code_page(code: str) -> str:
    """The file name of the page that explains a finding."""
    return f"{code}.html"


def delivery_page(soort: str | None) -> str:
    """The file name of the page that describes a soort of delivery."""
    return f"levering-{soort}.html"
