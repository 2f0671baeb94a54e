"""JSON lines of a real run: one object a line, what happened in it, and nothing of a person."""

import json
import logging
from pathlib import Path

import dagster as dg
import pytest

from assets.bronnen import LEDGER
from assets.sensors import YEAR_TAG
from jos_pipeline.headless import instance_directory
from jos_pipeline.pseudonym import second_hash
from resources import json_log
from resources.dagster_instance import opened_instance
from resources.keys import monitor_key
from tests.dagster.conftest import TRAJECTEN, YEAR, Installation
from tests.records import csv_bytes, valid_records

NAME = "Jansen"


def taken_in(one: Installation) -> dg.ExecuteInProcessResult:
    """The gate alone, on an instance with the project's dagster.yaml."""
    with opened_instance(instance_directory(one.settings)) as instance:
        assets = [asset for asset in one.defs.assets if isinstance(asset, dg.AssetsDefinition)]
        return dg.materialize(
            [next(asset for asset in assets if asset.key == LEDGER)],
            partition_key=YEAR,
            instance=instance,
            resources=one.defs.resources,
            tags={YEAR_TAG: YEAR},
            raise_on_error=False,
        )


def lines_of(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_run_tells_what_it_did_and_nothing_of_a_person(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "jos.jsonl"
    monkeypatch.setenv("JOS_LOG", str(file))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    records = [row | {"aanmeldreden": NAME} if number else row for number, row in enumerate(valid_records("trajecten"))]
    installation.drop("groeimee", f"{TRAJECTEN.removesuffix('.csv')}_{NAME}.csv", csv_bytes(records))
    done = taken_in(installation)
    assert done.success
    told = lines_of(file)
    events = [line["gebeurtenis"] for line in told]
    assert (events[0], events[-1]) == ("RUN_START", "RUN_SUCCESS")
    assert {line["run"] for line in told} == {done.run_id}
    assert {line["schooljaar"] for line in told} == {YEAR}
    (delivery,) = [line for line in told if "oordeel" in line]
    assert (delivery["oordeel"], delivery["aantallen"]["levering"]) == ("afgekeurd", 1)
    assert [line["duur_ms"] >= 0 for line in told if line["gebeurtenis"] == "STEP_SUCCESS"] == [True]
    key = monitor_key(installation.settings.key_file)
    text = file.read_text(encoding="utf-8").lower()
    persons = [row["pseudoniem"] for row in records]
    assert not [one for one in (NAME.lower(), *persons, *(second_hash(key, one) for one in persons)) if one in text]

    # of a failure that is not ours only its kind is told, of one of ours the line
    monkeypatch.setattr("assets.bronnen.take_in", lambda *_: (_ for _ in ()).throw(ValueError(f"row of {NAME}")))
    installation.drop("groeimee", TRAJECTEN, csv_bytes(records[:30]))
    assert not taken_in(installation).success
    failed = [line for line in lines_of(file) if line["gebeurtenis"] == "STEP_FAILURE"]
    assert [(line["niveau"], line["fout"].partition(" at ")[0]) for line in failed] == [("error", "ValueError")]
    assert NAME not in file.read_text(encoding="utf-8")


def test_without_the_setting_nothing_is_written(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.delenv("JOS_LOG", raising=False)
    json_log.JsonLog().handle(logging.LogRecord("jos", logging.ERROR, "", 1, "iets", (), None))
    assert capsys.readouterr() == ("", "")
    monkeypatch.setenv("JOS_LOG", "-")
    json_log.JsonLog().handle(logging.LogRecord("jos", logging.ERROR, "", 1, "iets", (), None))
    assert json.loads(capsys.readouterr().err)["gebeurtenis"] == "iets"
