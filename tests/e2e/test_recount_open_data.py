"""The figures of DUO's open data against a recount from the very files in plain pandas (spec 2.2, open data)."""

from datetime import date

import pandas as pd
import pytest

from jos_pipeline.region import load_region
from tests.e2e.recount_records import places
from tests.finished_demo import FinishedDemo

PUPILS = ("2022-2023", date(2023, 2, 1), "leerlingen-vo-per-vestiging-2022.csv")
EXAMS = ("2021-2022", date(2022, 8, 1), "examenkandidaten-en-geslaagden-2020-2021-tot-en-met-2021-2022.csv")
KINDS = {"B": "vmbo_b", "K": "vmbo_k", "G": "vmbo_gt", "T": "vmbo_gt", "GL": "vmbo_gt", "TL": "vmbo_gt"}
PLACE = ["periode", "niveau", "gebied"]


def internal(demo: FinishedDemo, year: str, indicator: str) -> pd.DataFrame:
    cube = pd.read_parquet(demo.home / "lake" / "indicatoren" / "kubus" / f"{year}.parquet")
    return cube[cube["indicator"] == indicator].set_index([*PLACE, "categorie"])


def file_of(demo: FinishedDemo, name: str) -> pd.DataFrame:
    return pd.read_csv(demo.directory / "open_data" / name, sep=";", dtype=str)


def areas(day: date) -> list[tuple[str, str, frozenset[str]]]:
    """Every area with figures of its own, and its schools."""
    region = load_region()
    beyond = {area.gemeente for area in region.areas_on(day) if area.in_regio == "nee"}
    return [(place.niveau, place.gebied, place.scholen) for place in places(region, day) if place.gebied not in beyond]


def test_the_pupils_of_duo_are_those_in_its_file(finished_demo: FinishedDemo) -> None:
    year, day, name = PUPILS
    rows = file_of(finished_demo, name)
    number = pd.to_numeric(rows["AANTAL LEERLINGEN"].str.replace(".", ""), errors="coerce")
    per_school = number.groupby(rows["VESTIGINGSCODE"]).sum()
    found = internal(finished_demo, year, "duo_leerlingen")["waarde"]
    for niveau, gebied, schools in areas(day):
        expected = per_school[per_school.index.isin(schools)].sum()
        told = found.loc["schooljaar", niveau, gebied, "totaal"]
        assert (expected == told) if schools else pd.isna(told), (niveau, gebied)
    assert found.loc["schooljaar", "regio", "alkmaar", "totaal"] > 3000


def bounds(cells: pd.Series) -> pd.DataFrame:
    """What a number or a mask leaves open: ``<5`` is 1 to 4, since a zero is written as 0."""
    masked = cells.str.startswith("<")
    below = pd.to_numeric(cells.str.lstrip("<"))
    return pd.DataFrame({"low": below.where(~masked, 1), "high": below.where(~masked, below - 1)})


def exams(demo: FinishedDemo) -> pd.DataFrame:
    year, _, name = EXAMS
    rows = file_of(demo, name)
    course = rows["OPLEIDINGSNAAM"].str.extract(r"^VMBO (\w+)")[0].map(KINDS)
    sat, passed = (bounds(rows[f"{word} SCHOOLJAAR {year} - TOTAAL"]) for word in ("EXAMENKANDIDATEN", "GESLAAGDEN"))
    return pd.DataFrame(
        {
            "school": rows["VESTIGINGSCODE"],
            "soort": course.fillna(rows["ONDERWIJSTYPE VO"].str.lower()),
            "sat_low": sat["low"],
            "sat_high": sat["high"],
            "low": passed["low"],
            "high": passed["high"],
        }
    )


def test_the_share_that_passed_is_what_the_masks_leave_open(finished_demo: FinishedDemo) -> None:
    year, day, _ = EXAMS
    rows, found = exams(finished_demo), internal(finished_demo, year, "duo_slaagpercentage")
    seen = {"interval": 0, "ok": 0}
    for niveau, gebied, schools in areas(day):
        for category in ("totaal", *sorted(rows["soort"].unique())):
            here = rows[rows["school"].isin(schools) & ((category == "totaal") | (rows["soort"] == category))]
            row = found.loc["schooljaar", niveau, gebied, category]
            status = row["waarde_status"]
            if here.empty:
                assert status in ("niet_geleverd", "niet_van_toepassing", "geen_waarnemingen")
                continue
            low = here["low"].sum() / here["sat_high"].sum()
            # nobody passes without sitting: of a masked row with masked passes, everybody may have passed
            sat = here[["sat_high", "high"]].min(axis=1).clip(lower=here["sat_low"])
            high = here["high"].clip(upper=sat).sum() / sat.sum()
            exact = (here[["low", "sat_low"]].to_numpy() == here[["high", "sat_high"]].to_numpy()).all()
            if exact:
                assert row["waarde"] == pytest.approx(low)
                assert status in ("ok", "laag_betrouwbaar")
            else:
                assert status == "interval"
                assert (row["waarde_min"], row["waarde_max"]) == pytest.approx((low, high))
            seen["ok" if exact else "interval"] += 1
    assert min(seen.values()) >= 5, f"hardly anything was compared: {seen}"
