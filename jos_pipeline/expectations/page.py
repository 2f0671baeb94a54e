"""The page "Verwachtingen": our Data Docs. One page per school year, from the latest outcome of every expectation.

Great Expectations' own Data Docs are not used: they load seventeen scripts and styles from elsewhere and do not open
without a network. Its validation results stand beside the page as JSON, as Great Expectations gave them.
"""

from typing import Any

import pandas as pd

from jos_pipeline import dutch
from jos_pipeline.linkage import ALL
from jos_pipeline.pages import ENVIRONMENT
from schemas.contracts import CONTRACTS
from schemas.expectations import Bound, Result, Unit
from schemas.expectations.publication import PUBLICATION
from schemas.findings import FINDINGS

_WORDS = {Result.HELD: "uitgekomen", Result.FAILED: "niet uitgekomen", Result.NOT_JUDGED: "niet te toetsen"}
_STYLES = {Result.HELD: "info", Result.FAILED: "signaal", Result.NOT_JUDGED: ""}
_OURS = "De te publiceren tabel klopt niet"
"""Title of what no supplier can mend."""


def document_name(onderwerp: str, controle: str) -> str:
    """The file beside the page with Great Expectations' own account of a check."""
    return f"{onderwerp}.{controle}.json"


def expectations_html(region_name: str, schooljaar: str, latest: pd.DataFrame, linkage: pd.DataFrame) -> str:
    """The page of one school year: the rows of ``verwachting`` that count (``latest``) and those of ``koppeling``."""
    rows = [_shown(row) for row in latest.to_dict("records")]
    return ENVIRONMENT.get_template("verwachtingen.html.j2").render(
        regio=region_name,
        schooljaar=schooljaar,
        counts={str(result): sum(row["resultaat"] is result for row in rows) for result in Result},
        failed=_by_code([row for row in rows if row["resultaat"] is Result.FAILED]),
        subjects=_by_subject(rows),
        koppeling=_by_soort(linkage),
        documents=sorted({document_name(row["onderwerp"], row["controle"]) for row in rows}),
        laatst="" if latest.empty else f"{latest['getoetst_op'].max():%d-%m-%Y %H:%M}",
    )


def _shown(row: dict[Any, Any]) -> dict[str, Any]:
    """A row of the table with its numbers in Dutch words."""
    result, unit = Result(row["uitslag"]), Unit(row["eenheid"])
    seen = None if pd.isna(row["waargenomen"]) else float(row["waargenomen"])
    counted = "een klein aantal" if seen is None else _amount(seen, unit)
    side = "ten minste" if row["richting"] == Bound.LEAST else "hoogstens"
    return {
        "onderwerp": row["onderwerp"],
        "onderwerp_naam": subject_name(row["onderwerp"]),
        "controle": row["controle"],
        "code": None if pd.isna(row["code"]) else row["code"],
        "zin": row["zin"],
        "resultaat": result,
        "uitslag": _WORDS[result],
        "stijl": _STYLES[result],
        "gezien": "–" if result is Result.NOT_JUDGED else counted,
        "norm": f"{side} {_amount(float(row['grens']), unit)}",
        "waar": row["waar"],
    }


def _amount(value: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return dutch.figure(value, "aandeel", 2, "ok")
    if unit is Unit.RATIO:
        return f"{dutch.number(value, 2)} keer"
    return dutch.number(value)


def subject_name(onderwerp: str) -> str:
    """What a soort, or the publication, is called."""
    return "Te publiceren tabel" if onderwerp == PUBLICATION else CONTRACTS[onderwerp].title


def _by_code(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The failures by finding, each finding with what to do; our own failures first."""
    found = []
    for code in sorted({row["code"] or "" for row in rows}):
        kind = FINDINGS.get(code)
        found.append(
            {
                "code": code,
                "titel": kind.title if kind else _OURS,
                "oplossing": kind.remedy if kind else "Meld dit bij wie de monitor bouwt. Publiceer nog niet.",
                "rows": [row for row in rows if (row["code"] or "") == code],
            }
        )
    return found


def _by_soort(linkage: pd.DataFrame) -> list[dict[str, Any]]:
    """How well each soort links: a line per measure, with that of every supplier that can be told."""
    rows = linkage.to_dict("records")
    found = []
    for soort in (name for name in CONTRACTS if any(row["soort"] == name for row in rows)):
        mine = [row for row in rows if row["soort"] == soort]
        lines = [
            {
                "omschrijving": whole["omschrijving"],
                "zin": whole["zin"],
                "leveranciers": [
                    row
                    for row in mine
                    if row["maat"] == whole["maat"] and row["leverancier"] != ALL and not pd.isna(row["procent_min"])
                ],
            }
            for whole in mine
            if whole["leverancier"] == ALL
        ]
        found.append({"naam": subject_name(soort), "lines": lines})
    return found


def _by_subject(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The outcomes of every soort in the order of the contracts; what could not be judged apart."""
    order = [*CONTRACTS, PUBLICATION]
    subjects = sorted({row["onderwerp"] for row in rows}, key=order.index)
    parts = {onderwerp: [row for row in rows if row["onderwerp"] == onderwerp] for onderwerp in subjects}
    return [
        {
            "id": onderwerp,
            "naam": subject_name(onderwerp),
            "judged": [row for row in mine if row["resultaat"] is not Result.NOT_JUDGED],
            "open": [row for row in mine if row["resultaat"] is Result.NOT_JUDGED],
        }
        for onderwerp, mine in parts.items()
    ]
