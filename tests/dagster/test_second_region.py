"""Another region is configuration and nothing else: Holland Rijnland, with the figures of its infographic (003).

Fifteen schools of which eleven delivered, 1.611 pupils, 412 of them with JOS, 13,76 fte: what document 003 prints is
what the same pipeline gives (spec 2.3).
"""

import csv
import io
from datetime import date
from itertools import islice
from pathlib import Path

import polars as pl
import pytest

from jos_pipeline.intake.gate import judge
from jos_pipeline.region import load_region
from schemas.contracts import CONTRACTS
from tests.dagster.conftest import Installation, installed
from tests.records import Record, region, valid_record

NAME, YEAR, PEILDATUM = "holland-rijnland", "2022-2023", date(2023, 3, 1)
PUPILS, HELPED, STRUCTURAL, IN_GROUP, ALONE = 1_611, 412, 358, 177, 194
FTE = (("1", "0,88", "0,88"), ("1", "0,75", "0,75"), ("1", "1", "1"), ("1", "0,9", "0,85"), ("1", "0,9", "0,85"))
"""What the staff of each aanbieder works: 13,76 together."""
SILENT = 4


@pytest.fixture
def installation(tmp_path: Path):
    with installed(tmp_path / "home", regio=NAME) as made:
        yield made


def _csv(records: list[Record]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(records[0]), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode()


def _pupil(number: int, school: str) -> Record:
    return {
        "pseudoniem": f"{number:064x}",
        "school": school,
        "onderwijssoort": "vso",
        "leerjaar": "2",
        "leeftijdsklasse": "14-15",
        "woongemeente": "GM0546",
        "inschrijfdatum": "2021-08-01",
        "extra_ondersteuning": "ja",
    }


def _traject(number: int, school: str) -> Record:
    """One or two trajecten per pupil: the forms of help add up to the shares that 003 prints."""
    record = valid_record(CONTRACTS["trajecten"], number) | {"pseudoniem": f"{number:064x}", "school": school}
    ends = ("einddatum", "uitkomst", "warme_overdracht", "nut", "zonder_hulp_verder", "informant")
    return (
        record
        | dict.fromkeys(ends, "")
        | {
            "aard": "structureel" if number < STRUCTURAL else "incidenteel",
            "vorm": "groep" if number < IN_GROUP or number >= IN_GROUP + ALONE else "individueel",
        }
    )


def _deliver(installation: Installation) -> None:
    known = load_region(NAME)
    schools = [school.school for school in known.scholen][SILENT:]
    numbers = iter(range(PUPILS))
    share, more = divmod(PUPILS, len(schools))
    pupils = {school: list(islice(numbers, share + (at < more))) for at, school in enumerate(schools)}
    for school, there in pupils.items():
        rows = [_pupil(number, school) for number in there]
        installation.drop(school.lower(), f"leerlingen_{YEAR}_{PEILDATUM}.csv", _csv(rows))
    places = {number: school for school, there in pupils.items() for number in there}
    every = PUPILS // HELPED
    helped = [number * every for number in range(HELPED)]
    for place, supplier in enumerate(s for s in known.leveranciers if s.soort == "aanbieder"):
        rows = [
            _traject(at, places[number]) | {"pseudoniem": f"{number:064x}", "traject_id": f"T{at}"}
            for at, number in enumerate(helped)
            if places[number] in supplier.scholen
        ]
        both = [row | {"traject_id": row["traject_id"] + "b", "vorm": "individueel"} for row in rows
                if int(row["traject_id"][1:]) >= IN_GROUP + ALONE]  # fmt: skip
        if rows:
            installation.drop(supplier.id, f"trajecten_{YEAR}_{PEILDATUM}.csv", _csv([*rows, *both]))
        fte = [
            {
                "medewerker": f"M{place}{part}",
                "functie": "jeugd_en_gezinscoach",
                "school": supplier.scholen[-1],
                "begindatum": "2022-08-01",
                "einddatum": "",
                "fte": amount,
                "aanbieder": supplier.naam,
            }
            for part, amount in enumerate(FTE[place])
        ]
        installation.drop(supplier.id, f"inzet_{YEAR}_{PEILDATUM}.csv", _csv(fte))


@pytest.fixture
def figures(installation: Installation) -> pl.DataFrame:
    _deliver(installation)
    installation.run(publish="nee", peildatum=PEILDATUM)
    kubus = installation.lake.read_layer("indicatoren", "kubus", YEAR)
    return kubus.filter((pl.col("niveau") == "regio") & (pl.col("periode") == "schooljaar"))


def _value(figures: pl.DataFrame, indicator: str, uitsplitsing: str = "totaal", categorie: str = "totaal") -> float:
    keys = {"indicator": indicator, "uitsplitsing": uitsplitsing, "categorie": categorie}
    return figures.filter(**keys)["waarde"].item()


def test_the_region_gives_the_figures_of_document_003(figures: pl.DataFrame) -> None:
    assert _value(figures, "leerlingen") == PUPILS
    assert _value(figures, "jos_leerlingen") == HELPED
    assert round(_value(figures, "jos_bereik"), 3) == 0.256
    assert round(_value(figures, "respons", "soort", "leerlingen"), 3) == 0.733
    assert round(_value(figures, "fte"), 2) == 13.76
    assert round(_value(figures, "leerlingen_per_fte"), 1) == 117.1
    assert round(_value(figures, "jos_leerlingen_per_fte"), 1) == 29.9
    assert round(_value(figures, "jos_aard", "aard", "structureel"), 2) == 0.87
    assert round(_value(figures, "jos_aard", "aard", "incidenteel"), 2) == 0.13
    shares = {form: round(_value(figures, "jos_vorm", "vorm", form), 2) for form in ("groep", "individueel", "beide")}
    assert shares == {"groep": 0.43, "individueel": 0.47, "beide": 0.10}
    assert _value(figures, "scholen") == 15


def test_every_contract_is_judged_in_the_other_region() -> None:
    """Schools of one region are unknown in the other."""
    row = _pupil(1, region().scholen[0].school)
    verdict = judge(_csv([row]), f"leerlingen_{YEAR}_{PEILDATUM}.csv", PEILDATUM, load_region(NAME), "99ha00")
    assert {one.code for one in verdict.findings} == {"JOS-E030", "JOS-E017"}


def test_the_region_has_its_own_threshold_and_calendar() -> None:
    there, here = load_region(NAME), region()
    assert (len(there.scholen), len([area for area in there.gebieden if area.in_regio == "ja"])) == (15, 7)
    assert len([supplier for supplier in there.leveranciers if supplier.soort == "aanbieder"]) == 5
    assert there.drempel != here.drempel
    assert there.publicatiemomenten != here.publicatiemomenten
