"""The overview page of one school year: one accessible HTML page without anything from outside."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from jos_pipeline.outcome import MISSING, Refusal, year_outcome
from jos_pipeline.pages import ENVIRONMENT
from jos_pipeline.region import Region


def overview_html(
    region: Region, schooljaar: str, deliveries: pd.DataFrame, findings: pd.DataFrame, rows: pd.DataFrame
) -> str:
    """The page, the same for the same ledger and publication."""
    outcome = year_outcome(region, schooljaar, deliveries, findings, rows)
    return ENVIRONMENT.get_template("overzicht.html.j2").render(
        missing=MISSING,
        outcome=replace(
            outcome,
            refused=_as_shown(outcome.refused, region),
            rejected_rows=_as_shown(outcome.rejected_rows, region),
        ),
    )


def _as_shown(refusals: Iterable[Refusal], region: Region) -> tuple[Refusal, ...]:
    """A folder that is nobody's may be called after a person, and so may a file in it: told by its number."""
    return tuple(
        refusal
        if refusal.leverancier in region.suppliers
        else replace(refusal, leverancier="onbekende map", bestand=f"levering {refusal.levering}")
        for refusal in refusals
    )
