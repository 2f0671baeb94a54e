"""What Great Expectations is asked: the aggregates it sees of deliveries."""

import pandas as pd
import polars as pl

from jos_pipeline.expectations import delivery_aggregates
from jos_pipeline.region import load_region


def ledger(*rows):
    names = ["id", "leverancier", "soort", "geldend", "vervangt", "rijen_geaccepteerd"]
    return pd.DataFrame(rows, columns=names).astype({"vervangt": "Int64"})


def test_a_delivery_in_force_without_rows_is_seen():
    empty = pl.DataFrame(schema={"leverancier": pl.String, "school": pl.String})
    deliveries = ledger((1, "groeimee", "trajecten", True, None, 0))
    seen = delivery_aggregates(empty, deliveries, load_region(), "trajecten")
    assert seen["rijen"].tolist() == [0]


def test_a_delivery_is_compared_with_the_one_it_replaced():
    frame = pl.DataFrame({"leverancier": ["groeimee"] * 5, "school": ["19ZQ00"] * 5})
    deliveries = ledger((1, "groeimee", "trajecten", False, None, 20), (2, "groeimee", "trajecten", True, 1, 5))
    seen = delivery_aggregates(frame, deliveries, load_region(), "trajecten")
    assert seen["verhouding_met_vorige"].tolist() == [0.25]


def test_a_school_that_sends_rows_of_others_only_is_seen():
    frame = pl.DataFrame({"leverancier": ["19zq00"], "school": ["20MH00"]})
    deliveries = ledger((1, "19zq00", "leerlingen", True, None, 1))
    seen = delivery_aggregates(frame, deliveries, load_region(), "leerlingen")
    assert seen["scholen_zonder_rijen"].tolist() == [1]
