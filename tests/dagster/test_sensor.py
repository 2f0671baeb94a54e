"""From a stable new file to a run: what the sensor asks for, and when it keeps still."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.guarded import UnexpectedError
from assets.intake import Waiting
from assets.sensors import MAX_ATTEMPTS, WORK_TAG, decide, selection
from jos_pipeline.publication import Withdrawal
from jos_pipeline.reporting import make_report
from resources.inbox import InboxFile
from tests.dagster.conftest import TRAJECTEN, YEAR
from tests.records import delivery


def tick(installation, name="inbox", needs=("inbox", "lake", "warehouse")):
    """One tick of the real sensor on the real instance."""
    sensor = next(one for one in installation.defs.sensors if one.name == name)
    repository = installation.defs.get_repository_def()
    resources = {name: repository.get_top_level_resources()[name] for name in needs}
    with dg.build_sensor_context(
        instance=installation.instance, repository_def=repository, resources=resources
    ) as context:
        return sensor(context)


def obey(installation, request):
    """Runs what the sensor asked for; it must succeed."""
    done = installation.defs.resolve_job_def("verwerk").execute_in_process(
        partition_key=request.partition_key,
        instance=installation.instance,
        run_config=request.run_config,
        tags=request.tags,
        asset_selection=request.asset_selection,
    )
    assert done.success


def test_the_first_file_of_a_school_year_becomes_figures(installation):
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    obey(installation, tick(installation).run_requests[0])
    assert installation.lake.has_layer("indicatoren", "kubus", YEAR)
    assert not len(installation.store.publications()), "without being asked a run publishes nothing"
    assert isinstance(tick(installation), dg.SkipReason)


def test_a_new_file_asks_for_one_run_of_what_depends_on_it(with_figures):
    with_figures.drop("vo2703", "tlv_2022-2023_2023-02-01.csv", delivery("tlv"))
    requests = tick(with_figures).run_requests
    assert [request.partition_key for request in requests] == [YEAR]
    asked = {key.to_user_string() for key in requests[0].asset_selection}
    assert {"bronnen/leveringen", "gevalideerd/tlv", "gekoppeld/tlv", "indicatoren/kubus"} <= asked
    assert "gevalideerd/trajecten" not in asked
    assert "gekoppeld/jeugdhulp" not in asked
    obey(with_figures, requests[0])
    assert isinstance(tick(with_figures), dg.SkipReason)


def test_a_report_is_made_once_of_the_publication_that_holds(with_figures):
    def look():
        return tick(with_figures, "rapport", ("warehouse", "site"))

    (request,) = look().run_requests
    assert (request.partition_key, request.run_key) == (YEAR, "2022-2023/2023-02-01/1 na None")
    make_report(with_figures.settings, None, None)
    assert look().run_requests, "a report that was made by hand is not one that Dagster shows"
    job = with_figures.defs.resolve_job_def("rapport")
    done = job.execute_in_process(partition_key=YEAR, instance=with_figures.instance)
    assert done.success
    (made,) = done.get_asset_materialization_events()
    told = {name: one.value for name, one in made.materialization.metadata.items()}
    assert told["publicatie"] == "2022-2023/2023-02-01/1"
    assert (
        told["dagster/partition_row_count"] == told["pagina's"] == len(list(Path(told["pagina"]).parent.glob("*.html")))
    )
    assert told["levering_nummers"] == ", ".join(map(str, with_figures.store.deliveries()["id"]))
    path = with_figures.settings.site_path / YEAR / "index.html"
    assert "Publicatie 2022-2023/2023-02-01/1" in path.read_text(encoding="utf-8")
    assert isinstance(look(), dg.SkipReason)
    store = with_figures.store
    store.withdraw(Withdrawal(store.brought_out(YEAR)[0].id, "verkeerd bestand", datetime.now(UTC)))
    assert job.execute_in_process(partition_key=look().run_requests[0].partition_key, instance=with_figures.instance)
    assert "Deze publicatie is ingetrokken" in path.read_text(encoding="utf-8")
    assert isinstance(look(), dg.SkipReason)


def test_a_report_of_a_year_without_publications_has_no_pages_and_rests_on_nothing(installation):
    job = installation.defs.resolve_job_def("rapport")
    (made,) = job.execute_in_process(
        partition_key=YEAR, instance=installation.instance
    ).get_asset_materialization_events()
    told = {name: one.value for name, one in made.materialization.metadata.items()}
    assert told.items() >= {
        ("dagster/partition_row_count", 0),
        ("publicatie", "nog geen"),
        ("levering_nummers", "geen"),
    }


def test_the_request_names_no_file(installation):
    installation.drop("groeimee", "trajecten_2022-2023_2023-02-01_jansen.csv", delivery("trajecten"))
    assert "jansen" not in repr(tick(installation).run_requests)


def test_what_is_taken_in_asks_for_nothing_more(with_figures):
    assert isinstance(tick(with_figures), dg.SkipReason)


def test_a_file_of_a_soort_that_cannot_be_told_asks_for_everything(installation):
    installation.drop("groeimee", "export.csv", b"a;b\n1;2\n")
    assert tick(installation).run_requests[0].asset_selection is None


def test_hidden_files_lock_files_and_half_uploads_are_left_alone(installation):
    for name in (".trajecten.csv", "~$trajecten.xlsx", "trajecten.csv.part", "t.tmp", "t.filepart"):
        installation.drop("groeimee", name, delivery("trajecten"))
    assert isinstance(tick(installation), dg.SkipReason)


def test_an_inbox_that_cannot_be_read_is_not_an_empty_inbox(installation):
    (installation.settings.home / "inbox").rmdir()
    with pytest.raises(UnexpectedError, match="FileNotFoundError"):
        tick(installation)


def test_a_file_that_changed_a_moment_ago_is_still_being_written():
    now = datetime.now(UTC)
    file = InboxFile("groeimee", TRAJECTEN, "/x", 10, now - timedelta(days=1), now - timedelta(seconds=1))
    assert not file.is_stable(now, seconds=5)
    assert file.is_stable(now + timedelta(seconds=5), seconds=5)


def test_figures_that_lag_behind_their_deliveries_are_work_too():
    now = frozenset({("trajecten", "groeimee", "a" * 64)})
    work = decide([], {YEAR: now}, {YEAR: frozenset()})
    assert [(piece.schooljaar, piece.soorten) for piece in work] == [(YEAR, frozenset({"trajecten"}))]
    assert decide([], {YEAR: now}, {YEAR: now}) == []


def test_figures_that_were_never_made_need_everything():
    now = frozenset({("trajecten", "groeimee", "a" * 64)})
    assert selection(decide([], {YEAR: now}, {YEAR: None})[0], graph=None) is None


def test_a_note_of_the_deliveries_behind_the_figures_that_cannot_be_read_is_no_note(with_figures):
    for path in Path(with_figures.settings.lake_url).glob("indicatoren/stand/*.parquet"):
        path.write_bytes(b"kapot")
    assert [request.asset_selection for request in tick(with_figures).run_requests] == [None]


def test_a_school_year_that_keeps_failing_does_not_stop_the_others(installation):
    installation.drop("groeimee", "trajecten_2021-2022_2022-02-01.csv", b"")
    stuck = tick(installation).run_requests[0]
    for _ in range(MAX_ATTEMPTS):
        failed = installation.instance.create_run_for_job(
            installation.defs.resolve_job_def("verwerk"), tags=stuck.tags, status=dg.DagsterRunStatus.FAILURE
        )
        assert failed.tags[WORK_TAG]
    with pytest.raises(dg.Failure, match="2021-2022 failed"):
        tick(installation)
    installation.drop("groeimee", TRAJECTEN, delivery("trajecten"))
    assert [request.partition_key for request in tick(installation).run_requests] == [YEAR]


def test_the_same_work_has_the_same_digest_and_other_work_another():
    moment = datetime(2023, 2, 3, tzinfo=UTC)
    file = Waiting(InboxFile("groeimee", TRAJECTEN, "/x", 10, moment, moment), YEAR, "trajecten")
    again, other = decide([file], {}, {}), decide([file], {YEAR: frozenset({("tlv", "a", "b")})}, {})
    assert decide([file], {}, {})[0].digest == again[0].digest != other[0].digest
