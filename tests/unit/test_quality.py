"""The numbers of data quality, counted on a small ledger by hand."""

import pandas as pd

from jos_pipeline.quality import MEANING, quality_of

YEAR = "2022-2023"
DELIVERIES = pd.DataFrame(
    [
        (1, YEAR, "geaccepteerd", False, 100, 0),
        (2, YEAR, "geaccepteerd_met_afkeur", True, 80, 20),
        (3, YEAR, "geaccepteerd", True, 120, 0),
        (4, YEAR, "afgekeurd", False, 50, 50),
        (5, "2021-2022", "geaccepteerd_met_afkeur", True, 10, 5),
    ],
    columns=["id", "schooljaar", "oordeel", "geldend", "rijen", "rijen_afgekeurd"],
).assign(soort="trajecten", leverancier="groeimee")
FINDINGS = pd.DataFrame(
    [(2, "signaal", 3), (2, "fout", 20), (3, "signaal", 1), (3, "signaal", 0), (1, "signaal", 9), (5, "signaal", 2)],
    columns=["levering_id", "ernst", "aantal"],
)
JUDGED = pd.DataFrame({"uitslag": ["uitgekomen", "niet_uitgekomen", "niet_te_toetsen", "niet_uitgekomen"]})


def test_what_is_in_force_counts_and_what_was_replaced_or_is_of_another_year_does_not():
    found = quality_of(YEAR, DELIVERIES, FINDINGS, JUDGED)
    assert found == {
        "bestanden": 4,
        "geweigerd": 1,
        "geldende_leveringen": 2,
        "geldend_met_afkeur": 1,
        "aandeel_afgekeurd": 0.1,
        "signalen": 2,
        "verwachtingen": 4,
        "niet_uitgekomen": 2,
    }
    assert set(found) == set(MEANING)


def test_a_year_without_anything_has_numbers_too():
    found = quality_of("2024-2025", DELIVERIES, FINDINGS, JUDGED.iloc[:0])
    assert set(found.values()) == {0}
