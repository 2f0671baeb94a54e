"""The register of deliveries holds exact numbers of rows, some of which are hidden counts: it is for the house alone.

It has to hold them, for the verdict on a delivery is judged by them. So nothing that others are given holds it.
"""

import sqlite3

import pandas as pd

from jos_pipeline.export.content import PUBLIC
from jos_pipeline.readers import FOR_READERS
from schemas import warehouse as tables
from tests.finished_demo import FinishedDemo

YEAR = "2022-2023"
SAME_PERSONS = {"absoluut_verzuim": "leerplicht", "thuiszitters": "thuiszitters", "wachtend": "wachttijden"}
"""Figures with the soort of which each row is a person that may be in it."""


HOUSE = {
    table.name
    for table in tables.metadata.sorted_tables
    if any(column.name.startswith("rijen_") or column.name == "levering_id" for column in table.columns)
}
"""Every table that counts the rows of a delivery, or says something of one."""


def test_the_numbers_of_rows_that_are_hidden_counts_are_in_nothing_that_others_are_given(finished_demo: FinishedDemo):
    with sqlite3.connect(finished_demo.warehouse) as database:
        hidden = pd.read_sql(
            "SELECT indicator, gebied FROM monitor_indicator WHERE waarde_status = 'onderdrukt' AND schooljaar = ? "
            "AND uitsplitsing = 'totaal' AND periode = 'schooljaar' AND niveau = 'gemeente'",
            database,
            params=[YEAR],
        )
        sent = pd.read_sql(
            "SELECT levering.soort, gebied, rijen_geaccepteerd AS rijen FROM levering "
            "JOIN dim_leverancier USING (leverancier) WHERE geldend AND schooljaar = ?",
            database,
            params=[YEAR],
        )
    cube = pd.read_parquet(finished_demo.home / "lake" / "indicatoren" / "kubus" / f"{YEAR}.parquet")
    whole = cube[(cube["uitsplitsing"] == "totaal") & (cube["periode"] == "schooljaar")]
    counts = hidden.merge(whole, on=["indicator", "gebied"]).query("teller_personen < 10")
    counts = counts.assign(soort=counts["indicator"].map(SAME_PERSONS)).dropna(subset="soort")
    told = counts.merge(sent, on=["soort", "gebied"]).query("rijen == teller")
    assert not told.empty, "no number of rows is a hidden count here: what follows would prove nothing"
    assert "levering" in HOUSE
    assert {*FOR_READERS} & HOUSE == {table.name for table in PUBLIC} & HOUSE == set()
