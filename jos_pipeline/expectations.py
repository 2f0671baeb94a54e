"""Great Expectations: a delivery as a whole and over time, and the published table (design, division of labour).

The only module that uses Great Expectations, and it imports it inside the function that needs it: the import
costs five seconds and 150 MB. Rules about single rows are pandera's (``schemas.contracts``); none stands twice.
Only aggregates come in, and only booleans and names of expectations come out.
"""

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import polars as pl

from jos_pipeline.region import Region, SupplierKind


@dataclass(frozen=True)
class Outcome:
    """Whether one expectation held. ``name`` is Dutch and says what was expected."""

    name: str
    held: bool


@dataclass(frozen=True)
class Expectation:
    """An expectation by its Great Expectations class and arguments, with the Dutch sentence people see."""

    sentence: str
    type: str
    arguments: dict[str, Any]


DELIVERIES: tuple[Expectation, ...] = (
    Expectation(
        "Elke levering bevat rijen.",
        "ExpectColumnValuesToBeBetween",
        {"column": "rijen", "min_value": 1},
    ),
    Expectation(
        "Een levering is niet meer dan gehalveerd of verdubbeld ten opzichte van de vorige van dezelfde leverancier.",
        "ExpectColumnValuesToBeBetween",
        {"column": "verhouding_met_vorige", "min_value": 0.5, "max_value": 2.0},
    ),
    Expectation(
        "Van elke school die erbij hoort, is er minstens een rij.",
        "ExpectColumnValuesToBeBetween",
        {"column": "scholen_zonder_rijen", "max_value": 0},
    ),
)
"""What is expected of the deliveries in force of one soort and school year."""

PUBLICATION: tuple[Expectation, ...] = (
    Expectation(
        "Een aandeel ligt tussen 0 en 1.",
        "ExpectColumnValuesToBeBetween",
        {"column": "aandeel", "min_value": 0, "max_value": 1},
    ),
    Expectation(
        "De teller van een aandeel is niet groter dan de noemer.",
        "ExpectColumnValuesToBeBetween",
        {"column": "teller_min_noemer", "max_value": 0},
    ),
    Expectation(
        "Er zijn niet meer leveringen geteld dan verwacht.",
        "ExpectColumnValuesToBeBetween",
        {"column": "dekking", "min_value": 0, "max_value": 1},
    ),
    Expectation(
        "Een verborgen of leeg cijfer heeft geen waarde, teller, noemer of rang.",
        "ExpectColumnValuesToBeBetween",
        {"column": "gevulde_cellen_zonder_cijfer", "max_value": 0},
    ),
    Expectation("Er is iets gepubliceerd.", "ExpectTableRowCountToBeBetween", {"min_value": 1}),
)
"""What is expected of the rows of a publication."""


def delivery_aggregates(frame: pl.DataFrame, deliveries: pd.DataFrame, region: Region, soort: str) -> pd.DataFrame:
    """One row per delivery in force: rows, ratio to the delivery it replaced, schools without rows.

    ``frame`` holds the validated rows with ``leverancier``; ``deliveries`` the ledger.
    """
    current = deliveries[deliveries["geldend"].astype(bool) & (deliveries["soort"] == soort)]
    counted = dict(frame.group_by("leverancier").len().iter_rows())
    rows = [
        {
            "leverancier": delivery.leverancier,
            "rijen": counted.get(delivery.leverancier, 0),
            "verhouding_met_vorige": _ratio(delivery, deliveries),
            "scholen_zonder_rijen": _schools_without(frame, region, delivery.leverancier),
        }
        for delivery in current.itertuples()
    ]
    return pd.DataFrame(rows, columns=["leverancier", "rijen", "verhouding_met_vorige", "scholen_zonder_rijen"]).astype(
        {"verhouding_met_vorige": float}
    )


def _ratio(delivery: Any, deliveries: pd.DataFrame) -> float | None:
    replaced = deliveries.loc[deliveries["id"] == delivery.vervangt, "rijen_geaccepteerd"]
    if replaced.empty or not replaced.iloc[0]:
        return None
    return float(delivery.rijen_geaccepteerd) / float(replaced.iloc[0])


def _schools_without(frame: pl.DataFrame, region: Region, supplier_id: str) -> int:
    """Only a school's own delivery must name its school; others may rightly have nothing to tell about one."""
    supplier = region.suppliers[supplier_id]
    if supplier.soort is not SupplierKind.SCHOOL or "school" not in frame.columns:
        return 0
    named = frame.filter(leverancier=supplier_id).get_column("school")
    return int(supplier.gebied not in set(named))


def publication_aggregates(rows: pl.DataFrame) -> pd.DataFrame:
    """The published rows as the numbers that the expectations are about."""
    silent = ["onderdrukt", "niet_geleverd", "geen_waarnemingen", "niet_van_toepassing"]
    is_share = pl.col("eenheid") == "aandeel"
    return rows.select(
        aandeel=pl.when(is_share).then(pl.col("waarde")),
        teller_min_noemer=pl.when(is_share).then(pl.col("teller") - pl.col("noemer")),
        dekking=pl.col("dekking"),
        gevulde_cellen_zonder_cijfer=pl.when(pl.col("waarde_status").is_in(silent))
        .then(pl.sum_horizontal(pl.col("waarde", "teller", "noemer", "rang").is_not_null().cast(pl.Int32)))
        .otherwise(0),
    ).to_pandas()


def expect(frame: pd.DataFrame, expectations: Sequence[Expectation], name: str) -> list[Outcome]:
    """Runs a suite on a frame of aggregates. No value leaves Great Expectations: BOOLEAN_ONLY."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    import great_expectations as gx  # noqa: PLC0415 - costs seconds, see the module's docstring

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(globally=False)
    batch = (
        context.data_sources.add_pandas(name)
        .add_dataframe_asset(name)
        .add_batch_definition_whole_dataframe(name)
        .get_batch({"dataframe": frame})
    )
    outcomes = []
    for expected in expectations:
        build = getattr(gx.expectations, expected.type)
        result = batch.validate(build(**expected.arguments), result_format="BOOLEAN_ONLY")
        outcomes.append(Outcome(expected.sentence, bool(result.success)))
    return outcomes
