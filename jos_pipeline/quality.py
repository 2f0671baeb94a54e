"""How good the data of a school year is, in a handful of numbers that can be followed over time. Pure.

Numbers about files, rows and expectations, never about persons. What each means to a reader stands in ``MEANING``.
"""

import pandas as pd

from jos_pipeline.ledger import in_force
from schemas.expectations.kinds import Result

MEANING: dict[str, str] = {
    "bestanden": "Bestanden die ooit zijn aangeboden.",
    "geweigerd": "Daarvan: bestanden die zijn geweigerd.",
    "geldende_leveringen": "Leveringen die nu gelden.",
    "geldend_met_afkeur": "Daarvan: leveringen waarvan een deel van de rijen is afgekeurd.",
    "aandeel_afgekeurd": "Deel van de rijen van de geldende leveringen dat is afgekeurd.",
    "signalen": "Soorten signalen bij de geldende leveringen, per levering geteld.",
    "verwachtingen": "Verwachtingen die de laatste keer zijn getoetst.",
    "niet_uitgekomen": "Daarvan: verwachtingen die niet uitkwamen.",
}


def quality_of(
    year: str, deliveries: pd.DataFrame, findings: pd.DataFrame, judged: pd.DataFrame
) -> dict[str, int | float]:
    """The numbers of ``MEANING``, of the tables ``levering``, ``bevinding`` and ``verwachting`` (each judged last)."""
    of_year = deliveries[deliveries["schooljaar"] == year]
    stands = in_force(deliveries, year)
    told = findings[findings["levering_id"].isin(stands["id"]) & (findings["aantal"] > 0)]
    rows = int(stands["rijen"].sum())
    return {
        "bestanden": len(of_year),
        "geweigerd": int((of_year["oordeel"] == "afgekeurd").sum()),
        "geldende_leveringen": len(stands),
        "geldend_met_afkeur": int((stands["rijen_afgekeurd"] > 0).sum()),
        "aandeel_afgekeurd": round(int(stands["rijen_afgekeurd"].sum()) / rows, 4) if rows else 0.0,
        "signalen": int((told["ernst"] == "signaal").sum()),
        "verwachtingen": len(judged),
        "niet_uitgekomen": int((judged["uitslag"] == str(Result.FAILED)).sum()),
    }
