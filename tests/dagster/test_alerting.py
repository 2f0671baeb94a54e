"""Who hears of what is wrong: the real sensor on a real instance, and ``jos run``."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from rich.console import Console

from assets.alerting import Watch, failed_checks, failed_runs
from assets.order import order_config
from jos_pipeline.headless import run_everything
from jos_pipeline.region import load_region
from jos_pipeline.settings import Settings
from jos_pipeline.wiring import heartbeat_resource, notifier_resource
from resources.handbook import sections
from resources.heartbeat import Beat, last_beat
from resources.targets import VARIABLE
from schemas.findings.alerts import ALERTS
from tests.dagster.conftest import YEAR
from tests.records import delivery
from tests.small_region import small_region
from tests.unit.test_notifier import Web, serving

TRAJECTEN = "trajecten_2022-2023_2023-02-01.csv"
LEDGER = dg.AssetKey(["bronnen", "leveringen"])
CALENDAR = ("alles_geleverd", "op_tijd_geleverd", "niets_blijft_geweigerd", "niemand_is_stil")


@pytest.fixture(autouse=True)
def no_addresses(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


def tick(installation):
    """One tick of the real sensor on the real instance."""
    (sensor,) = (one for one in installation.defs.sensors if one.name == "meldingen")
    repository = installation.defs.get_repository_def()
    resources = {n: repository.get_top_level_resources()[n] for n in ("warehouse", "notifier", "heartbeat")}
    with dg.build_sensor_context(
        instance=installation.instance, repository_def=repository, resources=resources
    ) as context:
        return sensor(context)


def take_in(installation):
    """The gate alone, with its checks: the job of the pipeline, as far as these tests need it."""
    done = installation.defs.resolve_job_def("verwerk").execute_in_process(
        partition_key=YEAR,
        instance=installation.instance,
        run_config=order_config("nee"),
        asset_selection=[LEDGER],
    )
    assert done.success
    return done


def told(settings, *codes):
    """What the log book says of some codes."""
    lines = [json.loads(line) for line in settings.log_book.read_text(encoding="utf-8").splitlines()]
    return [(line["melding"], line["wat"]) for line in lines if line.get("code") in codes]


def test_a_check_that_fails_is_told_once_and_again_when_it_is_over(installation):
    installation.drop("vo2703", "tlv_2022-2023_2023-02-01.csv", b"onzin")
    take_in(installation)
    assert "logboek" in tick(installation).skip_message
    mine = [what for what in told(installation.settings, "JOS-S051") if "Toelaatbaarheid" in what[1]]
    assert mine == [("nieuw", "Toelaatbaarheidsverklaringen (levering 1) is geweigerd")]
    assert "geen nieuws" in tick(installation).skip_message
    installation.drop("vo2703", "tlv_2022-2023_2023-02-01_beter.csv", delivery("tlv"), "2023-02-05T10:00")
    take_in(installation)
    tick(installation)
    assert told(installation.settings, "JOS-S051")[-1] == ("opgelost", mine[0][1])


def test_results_of_checks_are_kept_apart_by_school_year(installation):
    key = dg.AssetCheckKey(LEDGER, "proef")
    for year, passed in (("2021-2022", True), (YEAR, True), (YEAR, False), ("2021-2022", False), ("2021-2022", True)):
        outcome(passed).execute_in_process(instance=installation.instance, tags={"dagster/partition": year})
    (found,) = failed_checks(installation.instance, [key])
    assert found.key == f"controle/bronnen/leveringen/proef/{YEAR}"
    assert "afwijkend 2" in found.wat
    assert "rijen" not in found.wat, "of a rare soort rows are few persons"
    assert "111222333" not in repr(found)


def outcome(passed):
    """A job of a check with this result."""

    @dg.asset_check(asset=LEDGER, name="proef", description="proef")
    def proef() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=passed, metadata={"rijen": 3, "afwijkend": 2, "fout": "111222333"})

    selection = dg.AssetSelection.checks(dg.AssetCheckKey(LEDGER, "proef"))
    defs = dg.Definitions(asset_checks=[proef], jobs=[dg.define_asset_job("toets", selection)])
    return defs.resolve_job_def("toets")


def test_a_run_that_fails_is_told_until_a_later_one_succeeds(installation):
    job = dg.GraphDefinition(name="verwerk").to_job()

    def ended(status):
        run = installation.instance.create_run_for_job(
            job, tags={"dagster/partition": YEAR}, status=dg.DagsterRunStatus.STARTED
        )
        if status == "failed":
            installation.instance.report_run_failed(run)
        else:
            installation.instance.report_dagster_event(
                dg.DagsterEvent("PIPELINE_SUCCESS", job_name="verwerk", message="klaar"), run.run_id
            )

    ended("failed")
    assert [alert.wie for alert in failed_runs(installation.instance, load_region())] == [f"Schooljaar {YEAR}"]
    ended("succeeded")
    assert not failed_runs(installation.instance, load_region())


def test_a_target_that_refuses_makes_the_tick_red_and_is_told_at_the_next(installation, monkeypatch):
    installation.drop("groeimee", TRAJECTEN, b"onzin")
    take_in(installation)
    with serving(Web()) as web:
        monkeypatch.setenv(VARIABLE, f"json://127.0.0.1:{web.port}/geheim")
        web.status = 500
        with pytest.raises(dg.Failure, match=r"JOS-E081: json-[0-9a-f]{8} did not take") as red:
            tick(installation)
        assert "geheim" not in str(red.value)
        web.status = 200
        assert "json-" in tick(installation).skip_message
        assert len(web.received) == 1


def test_the_heart_beats_with_every_run_that_succeeds_and_its_silence_is_told(installation):
    heartbeat = installation.settings.heartbeat_file
    tick(installation)
    assert last_beat(heartbeat) is None
    take_in(installation)
    tick(installation)
    first = last_beat(heartbeat)
    assert datetime.now(UTC) - first < timedelta(minutes=5)
    written = heartbeat.stat().st_ino
    tick(installation)
    assert heartbeat.stat().st_ino == written, "the heart beats for a run, not for a tick"
    beat = heartbeat.read_text(encoding="utf-8")
    heartbeat.write_text(beat.replace(str(first.year), str(first.year + 9)), encoding="utf-8")
    tick(installation)
    assert last_beat(heartbeat) == first, "what a clock wrote that was wrong does not stay"


def test_every_calendar_check_counts_and_says_what_to_do(installation):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    installation.drop("jansen", "x_2022-2023_2023-02-01.csv", b"onzin")
    found = {one.check_name: one for one in take_in(installation).get_asset_check_evaluations()}
    for name in CALENDAR:
        evaluation = found[name]
        assert not evaluation.passed
        assert evaluation.severity is dg.AssetCheckSeverity.WARN
        assert evaluation.metadata["wat_te_doen"].value
        where = evaluation.metadata["uitleg"].value
        assert "runbook.md#jos-s05" in where
        assert evaluation.metadata["runbook"].value.startswith(f"## {where.partition('#')[2].upper()} ")
        assert evaluation.metadata["niet_in_orde"].value == len(evaluation.metadata["overzicht"].records)
        assert "jansen" not in repr(evaluation.metadata)
    late = [record.data for record in found["op_tijd_geleverd"].metadata["overzicht"].records]
    name = load_region(small_region()).name_of("vo2703")
    assert {"leverancier": f"vo2703 {name}", "soort": "tlv", "deadline": "2023-02-22"} in late


def test_a_section_of_the_runbook_is_read_where_it_is_a_file_here(tmp_path):
    every = sections("docs/runbook.md")
    assert set(every) == {kind.code for kind in ALERTS}
    assert every["JOS-S050"].endswith("is accepted.")
    assert sections("https://example.nl/runbook") == sections(str(tmp_path / "nergens.md")) == {}


def test_jos_run_tells_people_too(tmp_path, monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    settings = Settings(home=tmp_path / "home", stabiel_seconden=0, vandaag=date(2023, 3, 1))
    Path(settings.inbox_url).mkdir(parents=True)
    with serving(Web()) as web:
        monkeypatch.setenv(VARIABLE, f"json://127.0.0.1:{web.port}/")
        run_everything(settings, None, publish=False, final=False, console=Console(quiet=True))
        run_everything(settings, None, publish=False, final=False, console=Console(quiet=True))
        (sent,) = web.received
    assert "Toelaatbaarheidsverklaringen over 2022-2023" in sent["message"]
    assert "Wat te doen" in sent["message"]
    assert last_beat(settings.heartbeat_file) is not None


def test_an_address_that_is_none_does_not_fail_a_run(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    monkeypatch.setenv(VARIABLE, "onzin://geheim")
    settings = Settings(home=tmp_path / "home", stabiel_seconden=0)
    Path(settings.inbox_url).mkdir(parents=True)
    run_everything(settings, None, publish=False, final=False, console=Console(stderr=True))
    said = capsys.readouterr().err
    assert "adres-1-onbruikbaar nam de melding niet aan" in said
    assert (settings.home / "hartslag.json").exists()
    assert "geheim" not in said


def test_an_old_heartbeat_is_told_until_it_beats_again(installation):
    region, settings = load_region(), installation.settings
    heart = heartbeat_resource(settings)
    heart.beat(Beat(datetime.now(UTC) - timedelta(hours=27), 0, None, 0))
    watch = Watch(
        region, installation.instance, frozenset(), installation.store, notifier_resource(settings, region), heart
    )
    watch.tell(datetime.now(UTC))
    assert told(settings, "JOS-S055")[0][0] == "nieuw"
    watch.beat(datetime.now(UTC))
    watch.tell(datetime.now(UTC))
    assert told(settings, "JOS-S055")[-1][0] == "opgelost"
