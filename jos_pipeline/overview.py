"""The overview page of one school year: one accessible HTML page without anything from outside."""

from functools import lru_cache

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from jos_pipeline import dutch
from jos_pipeline.outcome import MISSING, year_outcome
from jos_pipeline.region import Region


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("jos_pipeline", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["dutch"] = dutch
    environment.globals["missing"] = MISSING
    return environment.get_template("overzicht.html")


def overview_html(
    region: Region, schooljaar: str, deliveries: pd.DataFrame, findings: pd.DataFrame, rows: pd.DataFrame
) -> str:
    """The page, the same for the same ledger and publication."""
    return _template().render(outcome=year_outcome(region, schooljaar, deliveries, findings, rows))
