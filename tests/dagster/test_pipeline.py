"""From a file to figures on a real instance: what arrives counts, what is wrong is told, nothing is lost."""

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
import tomlkit

from assets.counted import keep_under
from assets.intake import settled_and_new
from assets.publicatie import NOT_AUDITED, PUBLISHED, _refuse_unaudited
from jos_pipeline.audited import TooLargeError, audited
from jos_pipeline.counted import COUNTED, is_of
from jos_pipeline.disclosure import protect
from jos_pipeline.intake.gate import judge_all
from jos_pipeline.publication import content_hash
from jos_pipeline.region import load_region
from jos_pipeline.suppressor import Attackers
from jos_pipeline.wiring import inbox_resource
from tests.dagster.conftest import TRAJECTEN, YEAR, installed
from tests.records import csv_bytes, delivery, valid_records

MONITOR_INDICATOR = (
    *("publicatie", "indicator", "indicator_versie", "schooljaar", "periode", "niveau", "gebied", "uitsplitsing"),
    *("categorie", "waarde", "waarde_min", "waarde_max", "teller", "noemer", "eenheid", "rang", "n_verwacht"),
    *("n_geleverd", "dekking", "waarde_status", "status", "herkomst", "peildatum", "berekend_op", "run_id"),
)
"""Spec 4.2, in order."""
UNREADABLE = {
    "leeg": (b"", "JOS-E001"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "JOS-E002"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "JOS-E005"),
    "bsn": (delivery("trajecten").replace(b"traject_id", b"bsn"), "JOS-E010"),
}
"""Files that are refused whole, and why."""


def content_of(installation):
    """What the analysts' table says, without when and by which run it was said."""
    rows = installation.published().drop(columns=["publicatie", "berekend_op", "run_id", "status"])
    return rows.to_csv(index=False)


def test_a_delivery_becomes_figures(finished):
    assert finished.verdicts() == [(TRAJECTEN, "geaccepteerd", True)]
    rows = finished.published()
    assert len(rows)
    assert set(rows["publicatie"]) == {"2022-2023/2023-02-01/1"}
    status = dict(zip(rows["indicator"], rows["waarde_status"], strict=True))
    assert status["tlv_afgegeven"] == "niet_geleverd"


def test_running_again_changes_nothing(with_figures):
    before, deliveries = content_of(with_figures), with_figures.store.deliveries()
    with_figures.run()
    assert content_of(with_figures) == before
    assert with_figures.store.deliveries().equals(deliveries)
    assert len(with_figures.store.publications()) == 1


def test_the_same_bytes_under_another_name_are_one_delivery(with_figures):
    before = content_of(with_figures)
    with_figures.drop("groeimee", "trajecten_2022-2023_2023-02-01_kopie.csv", delivery("trajecten"))
    with_figures.run()
    assert [verdict for _, verdict, _ in with_figures.verdicts()] == ["geaccepteerd", "dubbel"]
    assert content_of(with_figures) == before


def told_of(installation, supplier="groeimee"):
    """What its feedback says of each file of a supplier: the verdict and the codes."""
    pages = sorted((installation.settings.report_path / "terugkoppeling" / supplier).glob("*/terugkoppeling.json"))
    told = [json.loads(page.read_text("utf-8")) for page in pages]
    return {one["bestand"]: (one["oordeel"], *(found["code"] for found in one["bevindingen"])) for one in told}


def test_a_file_that_was_refused_for_its_name_counts_under_the_right_one(installation):
    impossible, other = TRAJECTEN.replace("02-01", "02-30"), TRAJECTEN.replace("02-01", "02-31")
    installation.drop("groeimee", impossible, delivery("trajecten"))
    installation.take_in()
    wrong = installation.drop("groeimee", other, delivery("trajecten"))
    installation.take_in()
    assert told_of(installation) == {
        impossible: ("afgekeurd", "JOS-E014"),
        other: ("afgekeurd", "JOS-E014", "JOS-S008"),
    }
    wrong.rename(wrong.with_name(TRAJECTEN))
    installation.drop("groeimee", TRAJECTEN.replace(".csv", "_kopie.csv"), delivery("trajecten"), "2023-02-04T10:00")
    installation.take_in()
    known = installation.verdicts()
    assert known[2:] == [(TRAJECTEN, "geaccepteerd", True), (TRAJECTEN.replace(".csv", "_kopie.csv"), "dubbel", False)]
    installation.drop("groeimee", impossible, delivery("trajecten"), "2023-02-09T10:00")
    installation.take_in()
    assert installation.verdicts() == known, "it counts: under no other name it is anything new"


def test_a_refused_file_that_still_lies_there_is_judged_again_when_the_region_is_changed(tmp_path):
    """A supplier nobody knew, and a soort that was not agreed; of both nothing has to be sent again."""
    with installed(tmp_path / "home") as before:
        before.drop("nieuw", TRAJECTEN, delivery("trajecten"))
        before.drop("groeimee", "tlv_2022-2023_2023-02-01.csv", delivery("tlv"), "2023-02-03T11:00")
        before.drop("groeimee", TRAJECTEN, b"%PDF-1.7", "2023-02-03T12:00")
        before.take_in()
        old = before.verdicts()
        assert [oordeel for _, oordeel, _ in old] == ["afgekeurd"] * 3
        changed = Path(shutil.copytree(before.settings.regio, tmp_path / "regio"))
    text = (changed / "regio.toml").read_text("utf-8")
    region = tomlkit.parse(text)
    (groeimee,) = [one for one in region["leveranciers"] if one["id"] == "groeimee"]
    groeimee["levert"].append("tlv")
    region["leveranciers"].append({**groeimee.unwrap(), "id": "nieuw", "naam": "Nieuw"})
    (changed / "regio.toml").write_text(tomlkit.dumps(region), "utf-8")
    with installed(tmp_path / "home", regio=str(changed)) as after:
        after.take_in()
        found = after.verdicts()
        assert found[:3] == old, "what was said then stays"
        assert [(oordeel, counts) for _, oordeel, counts in found[3:]] == [("geaccepteerd", True)] * 2
        deliveries = after.store.deliveries()
        after.take_in()
        assert after.store.deliveries().equals(deliveries), "what is refused again for the same is no new delivery"
        assert settled_and_new(*_looking(after))[0] == []


def _looking(installation):
    return (
        inbox_resource(installation.settings),
        installation.store.deliveries(),
        load_region(installation.settings.regio),
    )


def test_a_later_delivery_with_an_older_peildatum_counts_and_says_so(installation):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten", 40))
    installation.drop("groeimee", "trajecten_2022-2023_2022-11-01.csv", delivery("trajecten", 30), "2023-02-09T10:00")
    installation.take_in()
    assert [in_force for _, _, in_force in installation.verdicts()] == [False, True]
    found = installation.store.findings(int(installation.store.deliveries()["id"].iloc[1]))
    assert found.loc[found["code"] == "JOS-S011", "aantal"].tolist() == [1]


def test_a_bad_file_is_a_verdict_and_the_last_accepted_delivery_stays_in_force(with_figures):
    before = content_of(with_figures)
    for name, (content, _) in UNREADABLE.items():
        with_figures.drop("groeimee", f"trajecten_2022-2023_2023-02-02_{name}.csv", content, "2023-02-06T10:00")
    with_figures.run()
    known = with_figures.store.deliveries()
    refused = known[known["oordeel"] == "afgekeurd"].set_index("bestand")["id"]
    assert len(refused) == len(UNREADABLE)
    for name, (_, code) in UNREADABLE.items():
        found = with_figures.store.findings(int(refused[f"trajecten_2022-2023_2023-02-02_{name}.csv"]))
        assert code in set(found.loc[found["aantal"] > 0, "code"]), name
    assert with_figures.verdicts()[0] == (TRAJECTEN, "geaccepteerd", True)
    assert content_of(with_figures) == before


def _recorded(installation) -> tuple[list[dict[str, object]], dict[str, object]]:
    """The ledger without clock and run, every page, and the rows in the lake but for what the key made of pupils."""
    known = installation.store.deliveries().drop(columns=["ontvangen_op", "beoordeeld_op", "run_id"])
    home = installation.settings.home
    pages: dict[str, object] = {
        str(one.relative_to(home)): one.read_text(encoding="utf-8") for one in home.rglob("*.html")
    }
    told = {
        str(one.relative_to(home)): one.read_text(encoding="utf-8") for one in home.rglob("terugkoppeling/**/*.json")
    }
    rows = {
        str(one.relative_to(home)): pl.read_parquet(one).drop("leerling_id").to_dicts()
        for one in home.rglob("*.parquet")
    }
    return known.astype(str).to_dict("records"), pages | told | rows


def test_what_comes_together_is_recorded_as_if_it_came_one_by_one(tmp_path):
    """A herlevering, the same bytes under two names, refusals and a file of nobody, in one run or in five."""
    rows = valid_records("trajecten", 30)
    sent = [
        ("groeimee", TRAJECTEN, csv_bytes(rows[:20]), "2023-02-03T10:00"),
        ("groeimee", TRAJECTEN.replace(".csv", "_nogmaals.csv"), csv_bytes(rows[:20]), "2023-02-03T10:01"),
        ("groeimee", TRAJECTEN.replace(".csv", "_beter.csv"), csv_bytes(rows), "2023-02-03T10:02"),
        ("onbekende", TRAJECTEN, csv_bytes(rows), "2023-02-03T10:03"),
        ("groeimee", TRAJECTEN.replace(".csv", "_stuk.csv"), b"a;b\n1;2\n", "2023-02-03T10:04"),
    ]
    with installed(tmp_path / "together") as together, installed(tmp_path / "alone") as alone:
        for one in sent:
            together.drop(*one)
            alone.drop(*one)
            alone.take_in()
        together.take_in()
        assert _recorded(together) == _recorded(alone)
        assert {Path(one).suffix for one in _recorded(together)[1]} == {".html", ".json", ".parquet"}
        outcomes = [oordeel for _, oordeel, _ in together.verdicts()]
        assert outcomes == ["geaccepteerd", "dubbel", "geaccepteerd", "afgekeurd", "afgekeurd"]


def test_a_file_on_which_the_gate_breaks_holds_up_nothing_that_came_before_it(installation, monkeypatch):
    def breaks(offered, *rest):
        if any(b"gif" in one.data for one in offered):
            raise ValueError("a fault of ours")
        return judge_all(offered, *rest)

    monkeypatch.setattr("assets.intake.judge_all", breaks)
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    installation.drop("groeimee", TRAJECTEN.replace(".csv", "_gif.csv"), b"gif", "2023-02-03T11:00")
    with pytest.raises(Exception, match="ValueError"):
        installation.take_in()
    assert installation.verdicts() == [(TRAJECTEN, "geaccepteerd", True)]


def test_a_file_that_cannot_be_opened_is_a_verdict_and_counts_once_it_can(installation, tmp_path):
    elsewhere = tmp_path / "elders.csv"
    elsewhere.write_bytes(delivery("trajecten"))
    link = Path(installation.settings.inbox_url) / "groeimee" / TRAJECTEN
    link.parent.mkdir()
    link.symlink_to(elsewhere)
    installation.take_in()
    installation.take_in()
    assert installation.verdicts() == [(TRAJECTEN, "afgekeurd", False)]
    assert set(installation.store.findings()["code"]) == {"JOS-E042"}
    link.unlink()
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    installation.take_in()
    assert installation.verdicts()[1:] == [(TRAJECTEN, "geaccepteerd", True)]


def test_rejected_rows_go_to_quarantine_without_the_values_that_were_wrong(installation):
    records = valid_records("trajecten", 40)
    records[3]["aanmeldreden"] = "Jansen, Piet"
    installation.drop("groeimee", TRAJECTEN, csv_bytes(records))
    installation.run("nee")
    assert not len(installation.store.publications()), "nobody asked for one"
    assert installation.lake.has_layer("indicatoren", "kubus", YEAR)
    assert installation.verdicts() == [(TRAJECTEN, "geaccepteerd_met_afkeur", True)]
    kept = b"".join(path.read_bytes() for path in Path(installation.settings.lake_url).rglob("*.parquet"))
    assert b"Piet" not in kept
    assert list(Path(installation.settings.lake_url).glob("quarantaine/trajecten/*/groeimee/*.parquet"))


def test_every_accepted_delivery_fills_its_place_in_the_grid(finished):
    filled = finished.instance.get_materialized_partitions(dg.AssetKey(["bronnen", "trajecten"]))
    assert filled == {dg.MultiPartitionKey({"leverancier": "groeimee", "schooljaar": YEAR})}


def test_the_pseudonym_of_the_supplier_is_nowhere_in_the_house_of_the_monitor(finished):
    frame = finished.lake.read_layer("gevalideerd", "trajecten", YEAR)
    sent = {record["pseudoniem"] for record in valid_records("trajecten")}
    assert frame.height == len(sent)
    assert not sent & set(frame["leerling_id"])
    assert frame["leerling_id"].str.len_chars().unique().to_list() == [64]


def test_nothing_is_published_of_a_year_without_deliveries(installation):
    installation.drop("groeimee", "onbekend.csv", b"a;b\n1;2\n")
    installation.run(peildatum=None)
    assert not len(installation.store.publications())


def test_the_calendar_publishes_once_and_again_after_a_herlevering(installation):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten", 40))
    installation.run("kalender", peildatum=None)
    installation.run("kalender", peildatum=None)
    assert installation.store.publications()["id"].tolist() == ["2022-2023/2023-02-01/1"]
    newer = "trajecten_2022-2023_2023-02-01_herlevering.csv"
    installation.drop("groeimee", newer, delivery("trajecten", 30), "2023-03-01T09:00")
    installation.run("kalender", peildatum=None)
    assert installation.store.publications()["status"].tolist() == ["voorlopig", "herzien"]
    assert installation.verdicts() == [(TRAJECTEN, "geaccepteerd", False), (newer, "geaccepteerd", True)]
    height = installation.lake.read_layer("gevalideerd", "trajecten", YEAR).height
    assert height == 30, "a record that is left out is gone"
    known = installation.store.deliveries()
    assert known["vervangt"].tolist()[1] == known["id"].tolist()[0]


def test_the_same_name_with_other_rows_is_a_herlevering(installation):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten", 40))
    installation.take_in()
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten", 20), "2023-03-01T09:00")
    installation.take_in()
    assert installation.verdicts() == [(TRAJECTEN, "geaccepteerd", False), (TRAJECTEN, "geaccepteerd", True)]


def test_the_checks_tell_what_is_missing_and_great_expectations_has_its_say(finished):
    checks = evaluations(finished.done)
    assert not checks["bronnen/leveringen", "alles_geleverd"].passed
    assert checks["gevalideerd/trajecten", "contract"].passed
    assert checks["gevalideerd/trajecten", "verwachtingen"].passed
    assert checks["publicatie/beveiligd", "verwachtingen"].passed
    assert checks["publicatie/beveiligd", "geen_kleine_aantallen"].passed
    assert {name for key, name in checks if key == "gevalideerd/trajecten"} == {
        "contract",
        "verwachtingen",
        "samenhang",
    }


def test_every_materialisation_says_how_many_rows_it_has_and_of_which_deliveries_they_are(finished):
    (number,) = finished.store.deliveries()["id"]
    made = {
        event.asset_key.to_user_string(): event.materialization.metadata
        for event in finished.done.get_asset_materialization_events()
    }
    later = ("gevalideerd", "gekoppeld", "indicatoren", "publicatie", "rapportage")
    told = {key: metadata for key, metadata in made.items() if key.startswith(later)}
    assert {key.partition("/")[0] for key in told} == {*later}
    assert [key for key, metadata in told.items() if "dagster/partition_row_count" not in metadata] == []
    rests = {key: metadata["levering_nummers"].value for key, metadata in told.items()}
    of_trajecten = {"gevalideerd/trajecten", "gekoppeld/traject", "gekoppeld/koppeling", "indicatoren/kubus"}
    of_trajecten |= {"publicatie/beveiligd", "publicatie/monitor_indicator"}
    of_trajecten |= {"rapportage/kwaliteit", "rapportage/overzicht"}
    assert {key for key, numbers in rests.items() if numbers == str(number)} == of_trajecten
    assert {numbers for key, numbers in rests.items() if key not in of_trajecten} == {"geen"}


def evaluations(done):
    return {(one.asset_key.to_user_string(), one.check_name): one for one in done.get_asset_check_evaluations()}


def test_a_delivery_that_changed_and_does_not_fit_its_school_warns_keeps_history_and_tells_no_value(installation):
    pupils = valid_records("leerlingen", 60)
    school = "19zq00"
    installation.drop(school, "leerlingen_2022-2023_2023-02-01.csv", csv_bytes(pupils))
    trajecten = valid_records("trajecten", 60)
    installation.drop("groeimee", TRAJECTEN, csv_bytes(trajecten))
    installation.run("nee")
    changed = [{**record, "aard": "incidenteel", "woongemeente": ""} for record in trajecten[:40]]
    strangers = [{**record, "pseudoniem": f"{number:064x}"} for number, record in enumerate(changed[:10], 7_000)]
    newer = csv_bytes(changed[10:] + strangers)
    installation.drop("groeimee", "trajecten_2022-2023_2023-02-01_b.csv", newer, "2023-02-05T10:00")
    done = installation.run("nee")
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
    installation.take_in()
    assert "JOS-E011" in set(installation.store.findings()["code"])
    home = Path(installation.settings.home)
    written = [path for path in home.rglob("*") if path.is_file() and "inbox" not in path.relative_to(home).parts]
    assert written
    assert not [path for path in written if canary.encode() in path.read_bytes()]
    assert canary not in "".join(capfd.readouterr())
    assert canary not in repr([installation.instance.all_logs(run.run_id) for run in installation.instance.get_runs()])


def test_rows_that_break_the_contract_stop_what_follows(with_figures):
    lake = Path(with_figures.settings.lake_url)
    (accepted,) = lake.glob("geaccepteerd/trajecten/*/groeimee/*.parquet")
    pl.read_parquet(accepted).with_columns(vorm=pl.lit("geheim")).write_parquet(accepted)
    before = {path: path.read_bytes() for layer in ("gekoppeld", "indicatoren") for path in (lake / layer).rglob("*.*")}
    assert before
    with pytest.raises(dg.DagsterError, match="contract") as caught:
        with_figures.run("nee")
    assert "geheim" not in str(caught.value)
    assert {path: path.read_bytes() for path in before} == before


def test_what_is_exposed_is_neither_published_nor_left_for_a_later_run(installation, monkeypatch):
    def forgetful(cube, areas, k, earlier, **how):
        safe = protect(cube, areas, k, earlier, **how)
        return safe.with_columns(waarde=cube["waarde"], teller=cube["teller"], noemer=cube["noemer"])

    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    monkeypatch.setattr("assets.publicatie.protect", forgetful)
    with pytest.raises(dg.DagsterError, match="geen_kleine_aantallen"):
        installation.run()
    assert not installation.lake.has_layer("publicatie", "beveiligd", YEAR)
    assert not len(installation.store.publications())


def test_what_can_be_told_from_visible_figures_is_neither_published_nor_left_for_a_later_run(installation, monkeypatch):
    def careless(*given, **named):
        return replace(audited(*given, **named, attackers=Attackers.READERS), told=1)

    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    monkeypatch.setattr("assets.publicatie.audited", careless)
    with pytest.raises(dg.DagsterError, match="niets_te_herleiden"):
        installation.run()
    assert not installation.lake.has_layer("publicatie", "beveiligd", YEAR)
    assert not len(installation.store.publications())


def test_what_is_too_large_to_audit_does_not_go_out_and_an_internal_run_goes_on(with_figures, monkeypatch):
    before = with_figures.store.publications()
    monkeypatch.setattr("jos_pipeline.audited.MOST_FIGURES", 0)
    assert with_figures.run("nee").success
    with pytest.raises(TooLargeError, match="Er is niets gepubliceerd"):
        with_figures.publish("nu")
    assert with_figures.store.publications().equals(before)


def test_only_the_very_figures_that_were_audited_are_published(finished):
    safe = finished.lake.read_layer("publicatie", "beveiligd", YEAR)
    report = finished.lake.read_report("publicatie", "beveiligd", YEAR)
    _refuse_unaudited(safe, report)
    for rows, found in ((safe, NOT_AUDITED), (safe.head(-1), report)):
        with pytest.raises(dg.Failure, match="not audited"):
            _refuse_unaudited(rows, found)


def test_counts_are_kept_only_with_the_rows_that_they_are_of(finished):
    safe = finished.lake.read_layer("publicatie", "beveiligd", YEAR)
    assert finished.lake.read_under(COUNTED, YEAR, content_hash(safe)).height == safe.height
    with pytest.raises(dg.Failure, match="not theirs"):
        keep_under(finished.lake, finished.store, "publicatie", COUNTED, YEAR, safe.head(-1), is_of)
    assert not finished.lake.has_under(COUNTED, YEAR, content_hash(safe.head(-1)))


def test_the_audit_of_a_publication_is_kept_beside_it_without_a_value(finished):
    check = evaluations(finished.done)["publicatie/beveiligd", "niets_te_herleiden"]
    report = finished.lake.read_report("publicatie", "beveiligd", YEAR)
    assert check.passed
    assert report["te_herleiden"] == 0
    assert report["gevoelig"] > 0
    assert {name: one.value for name, one in check.metadata.items()} == report


def test_the_report_of_what_is_out_is_there_whatever_later_runs_looked_at(with_figures):
    """A later run that publishes nothing says so of its own figures; a revision has a report of its own."""
    of = with_figures.lake.audit_of
    (first,) = with_figures.store.publications()["id"]
    told = of(first)
    assert told == with_figures.lake.read_report("publicatie", "beveiligd", YEAR)
    assert sum(told["breedte_van_intervallen"]["aangetoond_ten_minste"].values()) == told["gevoelig"]
    assert 0 < told["zichtbaar_deel"]["aantallen_personen"] < 1
    newer = "trajecten_2022-2023_2023-02-01_herlevering.csv"
    with_figures.drop("groeimee", newer, delivery("trajecten", 30), "2023-03-01T09:00")
    internal = with_figures.run("nee")
    assert with_figures.lake.read_report("publicatie", "beveiligd", YEAR) == NOT_AUDITED
    assert of(first) == told
    (shown,) = [one for one in internal.get_asset_materialization_events() if one.asset_key == PUBLISHED]
    assert shown.materialization.metadata["controle"].value == told
    with_figures.publish("nu")
    second = with_figures.store.publications().sort_values("volgnummer")["id"].iloc[-1]
    assert second != first
    assert of(first) == told
    known = with_figures.store.publications().set_index("id")["sha256"]
    assert {name: of(name)["sha256"] for name in (first, second)} == known.to_dict()


def test_the_warehouse_holds_what_the_spec_promises(finished):
    path = finished.settings.warehouse_url.removeprefix("sqlite:///")
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
