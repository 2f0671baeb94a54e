"""What every page shares: one environment of templates, in which everything is escaped, and names of pages."""

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


def code_page(code: str) -> str:
    """The file name of the page that explains a finding."""
    return f"{code}.html"


def delivery_page(soort: str | None) -> str:
    """The file name of the page that describes a soort of delivery."""
    return f"levering-{soort}.html"
