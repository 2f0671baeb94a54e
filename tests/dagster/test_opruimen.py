"""``jos prune`` on a real installation: lists first, removes when asked to, and leaves what counts."""

import json

import dagster as dg
import polars as pl

from jos_pipeline.headless import instance_directory
from resources.lake import DeliveryPlace
from resources.whole import beside_of
from tests.dagster.conftest import YEAR
from tests.dagster.test_vergeten import jos

LONG_AFTER = "2032-01-01"


def test_what_has_had_its_time_is_listed_and_then_removed_and_figures_stay(with_figures, monkeypatch, capsys):
    one = with_figures
    stray = DeliveryPlace("trajecten", YEAR, "groeimee", "f" * 64)
    one.lake.write_accepted(stray, pl.DataFrame({"leerling_id": ["een"]}))
    half = beside_of(one.settings.report_path / "terugkoppeling" / "groeimee" / "map" / "terugkoppeling.html")
    half.write_text("<html", encoding="utf-8")
    before, published = one.lake.files(), one.published()
    with dg.DagsterInstance.from_config(str(instance_directory(one.settings))) as instance:
        made = [dg.materialize([whole], instance=instance).run_id for _ in range(2)]
        made += [dg.materialize([parts], instance=instance, partition_key=key).run_id for key in "aab"]
    monkeypatch.setenv("JOS_VANDAAG", LONG_AFTER)

    code, out, err = jos(monkeypatch, capsys, one, "prune")
    assert (code, "Er is niets verwijderd" in out, "wordt nog verwerkt" in out) == (0, True, True), out + err
    assert one.lake.files() == before
    assert not one.settings.privacy_register.exists()

    sure = ("--vandaag", LONG_AFTER)
    code, out, err = jos(monkeypatch, capsys, one, "prune", "--uitvoeren", *sure, "--json", "--door", "FG")
    gone = {(line["klasse"], line["naam"]) for line in json.loads(out)["verlopen"]}
    gone.remove(("resten_paginas", half.relative_to(one.settings.report_path).as_posix()))
    assert not half.exists()
    lost = "geaccepteerd/" + "/".join(stray.parts)
    assert gone == {("vervangen_leveringen", lost), ("verwerkingen", made[0]), ("verwerkingen", made[2])}, out + err
    assert set(before) - set(one.lake.files()) == {lost}
    with dg.DagsterInstance.from_config(str(one.settings.dagster_home)) as instance:
        assert {run.run_id for run in instance.get_runs()} == {made[1], made[3], made[4]}
        assert instance.get_latest_materialization_event(whole.key).run_id == made[1]
        assert instance.get_materialized_partitions(parts.key) == {"a", "b"}
    assert one.published().equals(published)
    (proof,) = one.settings.privacy_register.glob("opruimen_*.json")
    assert json.loads(proof.read_text(encoding="utf-8")) == json.loads(out)

    assert "Niets is voorbij" in jos(monkeypatch, capsys, one, "prune", "--uitvoeren")[1]


def test_a_clock_that_is_years_ahead_removes_nothing(with_figures, monkeypatch, capsys):
    one = with_figures
    lake = one.lake
    lake.write_accepted(DeliveryPlace("trajecten", YEAR, "groeimee", "f" * 64), pl.DataFrame({"leerling_id": ["een"]}))
    before = lake.files()

    monkeypatch.setenv("JOS_VANDAAG", LONG_AFTER)
    code, out, err = jos(monkeypatch, capsys, one, "prune")
    assert (code, "Let op. Het is volgens deze computer 1 januari 2032" in out) == (0, True), out + err
    code, out, err = jos(monkeypatch, capsys, one, "prune", "--uitvoeren")
    assert (code, out) == (3, "")
    assert f"geef dan ook --vandaag {LONG_AFTER}" in err
    code, out, err = jos(monkeypatch, capsys, one, "prune", "--uitvoeren", "--vandaag", "2023-03-01")
    assert (code, "zet eerst de klok goed" in err) == (2, True), out + err
    assert lake.files() == before
    assert not one.settings.privacy_register.exists()

    code, out, err = jos(monkeypatch, capsys, one, "prune", "--uitvoeren", "--vandaag", LONG_AFTER)
    assert code == 0, out + err
    (proof,) = one.settings.privacy_register.glob("opruimen_*.json")
    assert "1 januari 2032" in json.loads(proof.read_text(encoding="utf-8"))["twijfel"][0]
    assert "zeker van de dag" in proof.with_suffix(".html").read_text(encoding="utf-8")


@dg.asset
def whole() -> None: ...


@dg.asset(partitions_def=dg.StaticPartitionsDefinition(["a", "b"]))
def parts() -> None: ...
