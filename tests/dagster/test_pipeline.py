"""From a file to figures on a real instance: what arrives counts, what is wrong is told, nothing is lost."""

import json
import sqlite3
from pathlib import Path

import dagster as dg
import pytest

from jos_pipeline.disclosure import protect
from tests.dagster.conftest import YEAR
from tests.records import csv_bytes, delivery, valid_records

MONITOR_INDICATOR = (
    *("publicatie", "indicator", "indicator_versie", "schooljaar", "periode", "niveau", "gebied", "uitsplitsing"),
    *("categorie", "waarde", "waarde_min", "waarde_max", "teller", "noemer", "eenheid", "rang", "n_verwacht"),
    *("n_geleverd", "dekking", "waarde_status", "status", "herkomst", "peildatum", "berekend_op", "run_id"),
)
"""Spec 4.2, in order."""
TRAJECTEN = "trajecten_2022-2023_2023-02-01.csv"


def content_of(installation):
    """What the analysts' table says, without when and by which run it was said."""
    rows = installation.published().drop(columns=["publicatie", "berekend_op", "run_id", "status"])
    return rows.to_csv(index=False)


def test_a_delivery_becomes_figures(installation):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    installation.run()
    assert installation.verdicts() == [(TRAJECTEN, "geaccepteerd", True)]
    rows = installation.published()
    assert len(rows)
    assert set(rows["publicatie"]) == {"2022-2023/2023-02-01/1"}
    status = dict(zip(rows["indicator"], rows["waarde_status"], strict=True))
    assert status["tlv_afgegeven"] == "niet_geleverd"


def test_running_again_changes_nothing(installation):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    installation.run()
    before, deliveries = content_of(installation), installation.store.deliveries()
    installation.run()
    assert content_of(installation) == before
    assert installation.store.deliveries().equals(deliveries)
    assert len(installation.store.publications()) == 1


def test_the_same_bytes_under_another_name_are_one_delivery(installation):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    installation.run()
    before = content_of(installation)
    installation.drop("groeimee", "trajecten_2022-2023_2023-02-01_kopie.csv", delivery("trajecten"))
    installation.run()
    assert [verdict for _, verdict, _ in installation.verdicts()] == ["geaccepteerd", "dubbel"]
    assert content_of(installation) == before


def test_a_herlevering_replaces_the_delivery_and_a_record_left_out_is_gone(installation):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten", 40))
    installation.run()
    newer = "trajecten_2022-2023_2023-02-01_herlevering.csv"
    installation.drop("groeimee", newer, delivery("trajecten", 30), "2023-02-05T10:00")
    installation.run()
    assert installation.verdicts() == [(TRAJECTEN, "geaccepteerd", False), (newer, "geaccepteerd", True)]
    assert installation.lake.read_layer("gevalideerd", "trajecten", YEAR).height == 30
    known = installation.store.deliveries()
    assert known["vervangt"].tolist()[1] == known["id"].tolist()[0]


def test_a_later_delivery_with_an_older_peildatum_counts_and_says_so(installation):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten", 40))
    installation.drop("groeimee", "trajecten_2022-2023_2022-11-01.csv", delivery("trajecten", 30), "2023-02-09T10:00")
    installation.run()
    assert [in_force for _, _, in_force in installation.verdicts()] == [False, True]
    found = installation.store.findings(int(installation.store.deliveries()["id"].iloc[1]))
    assert found.loc[found["code"] == "JOS-S011", "aantal"].tolist() == [1]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "JOS-E001"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "JOS-E002"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "JOS-E005"),
        (delivery("trajecten").replace(b"traject_id", b"bsn"), "JOS-E010"),
    ],
    ids=["leeg", "pdf", "xls", "bsn"],
)
def test_a_bad_file_is_a_verdict_and_the_last_accepted_delivery_stays_in_force(installation, content, code):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    installation.drop("vo2703", "tlv_2022-2023_2023-02-01.csv", delivery("tlv"))
    installation.run()
    before = content_of(installation)
    installation.drop("groeimee", "trajecten_2022-2023_2023-02-02.csv", content, "2023-02-06T10:00")
    installation.run()
    known = installation.store.deliveries()
    refused = known[known["oordeel"] == "afgekeurd"]
    assert len(refused) == 1
    found = installation.store.findings(int(refused["id"].iloc[0]))
    assert code in set(found.loc[found["aantal"] > 0, "code"])
    assert content_of(installation) == before


def test_a_file_that_cannot_be_opened_is_a_verdict_and_counts_once_it_can(installation, tmp_path):
    elsewhere = tmp_path / "elders.csv"
    elsewhere.write_bytes(delivery("trajecten"))
    link = Path(installation.settings.inbox_url) / "groeimee" / TRAJECTEN
    link.parent.mkdir()
    link.symlink_to(elsewhere)
    installation.run()
    installation.run()
    assert installation.verdicts() == [(TRAJECTEN, "afgekeurd", False)]
    assert set(installation.store.findings()["code"]) == {"JOS-E042"}
    link.unlink()
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    installation.run()
    assert installation.verdicts()[1:] == [(TRAJECTEN, "geaccepteerd", True)]


def test_rejected_rows_go_to_quarantine_without_the_values_that_were_wrong(installation):
    records = valid_records("trajecten", 40)
    records[3]["aanmeldreden"] = "Jansen, Piet"
    installation.drop("groeimee", TRAJECTEN, csv_bytes(records))
    installation.run()
    assert installation.verdicts() == [(TRAJECTEN, "geaccepteerd_met_afkeur", True)]
    kept = b"".join(path.read_bytes() for path in Path(installation.settings.lake_url).rglob("*.parquet"))
    assert b"Piet" not in kept
    assert list(Path(installation.settings.lake_url).glob("quarantaine/trajecten/*/groeimee/*.parquet"))


def test_every_accepted_delivery_fills_its_place_in_the_grid(installation):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    installation.run()
    filled = installation.instance.get_materialized_partitions(dg.AssetKey(["bronnen", "trajecten"]))
    assert filled == {dg.MultiPartitionKey({"leverancier": "groeimee", "schooljaar": YEAR})}


def test_the_pseudonym_of_the_supplier_is_nowhere_in_the_house_of_the_monitor(installation):
    records = valid_records("trajecten", 40)
    installation.drop("groeimee", TRAJECTEN, csv_bytes(records))
    installation.run()
    frame = installation.lake.read_layer("gevalideerd", "trajecten", YEAR)
    sent = {record["pseudoniem"] for record in records}
    assert not sent & set(frame["leerling_id"])
    assert frame["leerling_id"].str.len_chars().unique().to_list() == [64]


def test_nothing_is_published_of_a_year_without_deliveries(installation):
    installation.drop("groeimee", "onbekend.csv", b"a;b\n1;2\n")
    installation.run(peildatum=None)
    assert not len(installation.store.publications())


def test_without_being_asked_a_run_refreshes_the_figures_and_publishes_nothing(installation):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    installation.run("nee")
    assert installation.lake.has_layer("indicatoren", "kubus", YEAR)
    assert not len(installation.store.publications())


def test_the_checks_tell_what_is_missing_and_great_expectations_has_its_say(installation):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    done = installation.run()
    checks = evaluations(done)
    assert not checks["bronnen/leveringen", "alles_geleverd"].passed
    assert checks["gevalideerd/trajecten", "contract"].passed
    assert checks["gevalideerd/trajecten", "verwachtingen"].passed
    assert checks["publicatie/beveiligd", "verwachtingen"].passed
    assert checks["publicatie/beveiligd", "geen_kleine_aantallen"].passed


def evaluations(done):
    return {(one.asset_key.to_user_string(), one.check_name): one for one in done.get_asset_check_evaluations()}


def test_a_delivery_that_changed_and_does_not_fit_its_school_warns_keeps_history_and_tells_no_value(installation):
    pupils = valid_records("leerlingen", 60)
    school = "19zq00"
    installation.drop(school, "leerlingen_2022-2023_2023-02-01.csv", csv_bytes(pupils))
    trajecten = valid_records("trajecten", 60)
    installation.drop("groeimee", TRAJECTEN, csv_bytes(trajecten))
    installation.run()
    changed = [{**record, "aard": "incidenteel", "woongemeente": ""} for record in trajecten[:40]]
    strangers = [{**record, "pseudoniem": f"{number:064x}"} for number, record in enumerate(changed[:10], 7_000)]
    newer = csv_bytes(changed[10:] + strangers)
    installation.drop("groeimee", "trajecten_2022-2023_2023-02-01_b.csv", newer, "2023-02-05T10:00")
    done = installation.run()
    checks = evaluations(done)
    over_time, together = (checks["gevalideerd/trajecten", name] for name in ("verwachtingen", "samenhang"))
    assert not over_time.passed
    assert over_time.severity is dg.AssetCheckSeverity.WARN
    assert over_time.metadata["codes"].value == "JOS-S040, JOS-S043, JOS-S044"
    assert "JOS-S045" in together.metadata["codes"].value

    kept = installation.store.expectations(YEAR)
    mine = kept[(kept["onderwerp"] == "trajecten") & (kept["verwachting"] == "leerling_staat_ingeschreven")]
    assert mine["uitslag"].tolist() == ["uitgekomen", "niet_uitgekomen"]
    assert mine["waargenomen"].tolist() == [1.0, 0.75]

    page = Path(over_time.metadata["datadocs"].value)
    assert "JOS-S045" in page.read_text(encoding="utf-8")
    told = [path.read_text(encoding="utf-8") for path in page.parent.iterdir()]
    told += [repr(one.metadata) for one in checks.values()]
    told.append(kept.to_csv())
    secret = [
        *installation.lake.read_layer("gevalideerd", "trajecten", YEAR).select("leerling_id", "traject_id").rows()
    ]
    assert not [value for row in secret for value in row for text in told if value in text]


def test_no_bsn_of_a_refused_file_is_anywhere_the_monitor_writes(installation, capfd):
    canary = "999990019"
    records = valid_records("trajecten", 40)
    records[5]["traject_id"] = canary
    installation.drop("groeimee", TRAJECTEN, csv_bytes(records))
    installation.drop("groeimee", f"trajecten_2022-2023_2023-02-01_{canary}.csv", delivery("trajecten", 30))
    installation.run()
    assert "JOS-E011" in set(installation.store.findings()["code"])
    home = Path(installation.settings.home)
    written = [path for path in home.rglob("*") if path.is_file() and "inbox" not in path.relative_to(home).parts]
    assert written
    assert not [path for path in written if canary.encode() in path.read_bytes()]
    assert canary not in "".join(capfd.readouterr())
    assert canary not in repr([installation.instance.all_logs(run.run_id) for run in installation.instance.get_runs()])


def test_what_is_exposed_is_neither_published_nor_left_for_a_later_run(installation, monkeypatch):
    def forgetful(cube, areas, k):
        safe = protect(cube, areas, k)
        return safe.with_columns(waarde=cube["waarde"], teller=cube["teller"], noemer=cube["noemer"])

    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    monkeypatch.setattr("assets.publicatie.protect", forgetful)
    with pytest.raises(dg.DagsterError, match="geen_kleine_aantallen"):
        installation.run()
    assert not installation.lake.has_layer("publicatie", "beveiligd", YEAR)
    assert not len(installation.store.publications())


def test_the_warehouse_holds_what_the_spec_promises(installation):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    installation.run()
    path = installation.settings.warehouse_url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(monitor_indicator)")]
        rows = connection.execute("SELECT rijen FROM bevinding").fetchall()
        wide = connection.execute("SELECT COUNT(*) FROM indicator_breed").fetchone()[0]
        readable = connection.execute("SELECT COUNT(*) FROM indicator_leesbaar").fetchone()[0]
        published = connection.execute("SELECT COUNT(*) FROM monitor_indicator").fetchone()[0]
    assert columns == [*MONITOR_INDICATOR]
    assert all(len(json.loads(cell)) <= 100 for (cell,) in rows)
    assert wide > 0
    assert readable == published
