"""What goes back to suppliers: every file is answered, in the supplier's own directory, with nothing of another."""

import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets import intake
from jos_pipeline.dry_run import NoInstallationError, mirror_beside_in_force
from jos_pipeline.intake.gate import judge
from jos_pipeline.region import load_region
from jos_pipeline.school_year import SchoolYear
from jos_pipeline.settings import Settings
from tests.dagster.conftest import PEILDATUM
from tests.records import csv_bytes, delivery, region, valid_records

FIRST = "trajecten_2022-2023_2023-02-01.csv"
AGAIN = "trajecten_2022-2023_2023-02-01_herlevering.csv"
COPY = "trajecten_2022-2023_2023-02-01_kopie van Jansen.csv"
REFUSED = "trajecten_2022-2023_2023-02-02.csv"
CANARY = "f" * 63 + "e"
"""The pseudonym of a pupil, as the supplier sends it."""


def back(installation, supplier="groeimee"):
    return installation.settings.report_path / "terugkoppeling" / supplier


@pytest.fixture
def answered(installation):
    """Four files of Groeimee: a delivery, its herlevering, a copy of that, a refused one; and one of another."""
    records = valid_records("trajecten", 40)
    records[0]["pseudoniem"] = CANARY
    installation.drop("groeimee", FIRST, csv_bytes(records))
    installation.drop("vo2703", "tlv_2022-2023_2023-02-01.csv", delivery("tlv"))
    installation.take_in()
    records[1]["nut"] = "9"
    installation.drop("groeimee", AGAIN, csv_bytes(records[:38]), "2023-02-05T10:00")
    installation.drop("groeimee", COPY, csv_bytes(records[:38]), "2023-02-06T10:00")
    installation.drop("groeimee", REFUSED, b"%PDF-1.7", "2023-02-07T10:00")
    installation.drop("jan-jansen", "tlv_2022-2023_2023-02-01.csv", delivery("tlv", 3), "2023-02-07T10:00")
    installation.take_in()
    return installation


def test_every_file_is_answered_and_a_herlevering_says_what_changed(answered):
    there = {path.name.rpartition("_")[0]: path for path in back(answered).iterdir() if path.is_dir()}
    stems = [Path(name).stem.replace(" ", "-") for name in (FIRST, AGAIN, COPY, REFUSED)]
    assert set(stems) == set(there) - {""}
    pages = {stem: {page.name for page in there[stem].iterdir()} for stem in stems}
    both = {f"{name}.{kind}" for name in ("terugkoppeling", "spiegelrapport") for kind in ("html", "json")}
    assert [pages[stem] for stem in stems[:2]] == [both, both]
    assert all(pages[stem] == {"terugkoppeling.html", "terugkoppeling.json"} for stem in stems[2:])

    told = json.loads((there[stems[1]] / "spiegelrapport.json").read_text("utf-8"))
    assert told["vorige"]["bestand"] == FIRST
    assert told["verschil"] | {"kolommen": {}} == {
        "nieuw": 0,
        "gewijzigd": 1,
        "vervallen": 2,
        "ongewijzigd": 37,
        "kolommen": {},
        "op_sleutel": True,
    }
    assert told["verschil"]["kolommen"] == {"nut": 1}
    assert json.loads((there[stems[2]] / "terugkoppeling.json").read_text("utf-8"))["oordeel"] == "dubbel"
    assert json.loads((there[stems[3]] / "terugkoppeling.json").read_text("utf-8"))["oordeel"] == "afgekeurd"


def test_bytes_that_a_run_of_another_school_year_recorded_meanwhile_are_told_as_such(installation, monkeypatch):
    """Two runs may be at work, each on its own school year; the supplier named one file after both."""
    other = FIRST.replace("2022-2023_2023", "2023-2024_2024")
    keep = intake._keep_rows

    def meanwhile(verdict, lake):
        keep(verdict, lake)
        first = replace(verdict, file_name=other, schooljaar=SchoolYear.parse("2023-2024"))
        now = datetime.now(UTC)
        installation.store.record(first, 1, now, now, "another")

    monkeypatch.setattr(intake, "_keep_rows", meanwhile)
    installation.drop("groeimee", FIRST, delivery("trajecten"))
    installation.take_in()
    assert installation.verdicts() == [(other, "geaccepteerd", True), (FIRST, "dubbel", False)]
    (told,) = back(installation).glob(f"{Path(FIRST).stem}_*/terugkoppeling.json")
    assert json.loads(told.read_text("utf-8"))["oordeel"] == "dubbel"


def test_activities_that_name_no_traject_of_the_supplier_are_told(installation):
    """Compared with the trajecten that count, also when these come in the same run and were written later."""
    trajecten, work = valid_records("trajecten"), valid_records("activiteiten")
    work[3]["traject_id"], work[5]["traject_id"], work[8]["traject_id"] = "Z-001", "", "A-40"
    names = [f"activiteiten_2022-2023_2023-02-01{part}.csv" for part in ("_alleen", "_samen", "_beter", "_daarna")]
    work[0]["minuten"] = "drie kwartier"

    installation.drop("groeimee", names[0], csv_bytes(work))
    installation.take_in()
    assert told(installation, names[0]) == [], "nobody can tell while no trajecten are in force"

    work[0] |= {"minuten": "45", "traject_id": "Z-002"}
    installation.drop("groeimee", names[1], csv_bytes(work), "2023-02-04T10:00")
    installation.drop("groeimee", FIRST, csv_bytes(trajecten[:39]), "2023-02-05T10:00")
    installation.take_in()
    assert told(installation, names[1]) == [("traject_id", [2, 5, 10, 41], 4)]

    work[0]["minuten"] = "drie kwartier"
    installation.drop("groeimee", names[2], csv_bytes(work), "2023-02-06T10:00")
    installation.drop("groeimee", AGAIN, csv_bytes(trajecten), "2023-02-07T10:00")
    installation.take_in()
    assert told(installation, names[2]) == [("traject_id", [5], 1)], "a row that is refused is told for that alone"

    work[3]["traject_id"] = "A-4"
    installation.drop("groeimee", names[3], csv_bytes(work[1:]), "2023-02-08T10:00")
    installation.take_in()
    assert told(installation, names[3]) == []
    (page,) = back(installation).glob(f"{Path(names[1]).stem}_*/terugkoppeling.html")
    assert "4 rijen noemen een traject_id dat niet in de trajecten" in page.read_text("utf-8")
    answers = (one for one in back(installation).rglob("*") if one.is_file())
    assert not any("Z-00" in one.read_text("utf-8") for one in answers), "what it names is the supplier's own"


def told(installation, name):
    """What the ledger and the answer to a file say of trajecten that were not found; both say the same."""
    known, found = installation.store.deliveries(), installation.store.findings()
    number = int(known.loc[known["bestand"] == name, "id"].iloc[0])
    kept = found[(found["levering_id"] == number) & (found["code"] == "JOS-S012")]
    (answer,) = back(installation).glob(f"{Path(name).stem}_*/terugkoppeling.json")
    said = [one for one in json.loads(answer.read_text("utf-8"))["bevindingen"] if one["code"] == "JOS-S012"]
    assert [json.loads(rows) for rows in kept["rijen"]] == [one["rijen"] for one in said]
    return [(one["kolom"], one["rijen"], one["aantal"]) for one in said]


def test_the_page_of_a_supplier_tells_all_its_deliveries_and_what_is_still_to_come(answered):
    page = (back(answered) / "index.html").read_text("utf-8")
    for expected in (FIRST, AGAIN, REFUSED, "3 scholen", "Vonk Castricum", "Wat ontbreekt er nog?", "te laat"):
        assert expected in page
    assert page.count("<td>ja</td>") == 1, "one delivery is in force"
    for link in re.findall(r'href="([^"#]+)"', page):
        assert (back(answered) / link).is_file(), link
    assert (back(answered, "19zq00") / "index.html").is_file(), "also who sent nothing can see what is expected"


def test_a_supplier_finds_nothing_of_another_and_nothing_of_a_pupil(answered):
    whole = "".join(page.read_text("utf-8") for page in back(answered).rglob("*.*") if page.is_file())
    assert CANARY not in whole
    for other in ("vo2703", "Samenwerkingsverband VO Noord", "tlv_2022", "jan-jansen"):
        assert other not in whole
    assert {path.name for path in back(answered).parent.iterdir()} == set(
        load_region(answered.settings.regio).suppliers
    )


def test_dagster_tells_who_delivered_what_and_links_to_the_answer_without_naming_a_file(answered):
    runs = answered.instance.get_runs()
    logs = [entry for run in runs for entry in answered.instance.all_logs(run.run_id)]
    metadata = [told for entry in logs if (told := entry.asset_materialization or entry.asset_observation)]
    links = {one.metadata["terugkoppeling"].value for one in metadata if "terugkoppeling" in one.metadata}
    assert "terugkoppeling/groeimee/index.html#levering-3" in links
    assert not [link for link in links if "jansen" in link.lower()]
    assert 'id="levering-3"' in (back(answered) / "index.html").read_text("utf-8")
    (last, *_) = [told.metadata for told in metadata if "wie_leverde_wat" in told.metadata]
    standing = {row.data["leverancier"]: row.data for row in last["wie_leverde_wat"].records}
    assert standing["groeimee"] | {"naam": ""} == standing["groeimee"] | {"trajecten": "2023-02-01", "naam": ""}
    assert standing["19zq00"]["leerlingen"] == "ontbreekt"
    oordelen = [row.data["oordeel"] for row in last["overzicht"].records]
    assert oordelen.index("afgekeurd") < oordelen.index("geaccepteerd")
    tags = {tag: numbers for run in reversed(runs) for tag, numbers in run.tags.items() if tag.startswith("levering/")}
    assert tags == {"levering/vo2703": "2", "levering/groeimee": "3, 4, 5", "levering/onbekend": "6"}
    assert not [entry for entry in logs if "jansen" in entry.to_json().lower()]


def test_a_page_of_an_earlier_day_is_made_again_and_answers_stay(answered):
    page = back(answered, "gm0361") / "index.html"
    os.utime(page, (0, 0))
    before = {path: path.read_bytes() for path in back(answered).rglob("*.*") if path.is_file()}
    answered.take_in()
    assert page.stat().st_mtime > 0
    assert {path: path.read_bytes() for path in back(answered).rglob("*.*") if path.is_file()} == before


def test_a_dry_run_compares_with_what_is_in_force_and_changes_nothing(answered):
    settings = answered.settings
    before = {path: path.stat().st_mtime for path in settings.home.rglob("*.parquet")}
    records = valid_records("trajecten", 40)
    records[0]["pseudoniem"] = CANARY
    verdict = judge(csv_bytes(records), FIRST, PEILDATUM, region(), "groeimee")
    found = mirror_beside_in_force(settings, verdict, region()).difference
    assert (found.new, found.changed, found.dropped, found.unchanged) == (2, 1, 0, 37)
    assert mirror_beside_in_force(settings, judge(b"", FIRST, PEILDATUM, region(), "groeimee"), region()) is None
    assert {path: path.stat().st_mtime for path in settings.home.rglob("*.parquet")} == before


def test_a_dry_run_where_nothing_was_taken_in_makes_nothing(tmp_path):
    verdict = judge(delivery("trajecten"), FIRST, PEILDATUM, region(), "groeimee")
    with pytest.raises(NoInstallationError, match="--vorige"):
        mirror_beside_in_force(Settings(home=tmp_path / "leeg"), verdict, region())
    assert not (tmp_path / "leeg").exists()
