"""``jos report`` tells Dagster of the report, where its runs are kept: only of the one it would make itself."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import dagster as dg
import pytest

from assets.rapportage import SITE
from jos_pipeline.cli_analyst import report
from jos_pipeline.headless import instance_directory
from jos_pipeline.reporting import make_report
from resources.dagster_instance import opened_instance
from tests.dagster.conftest import YEAR, Installation
from tests.dagster.test_sensor import tick
from tests.finished_demo import ROOT

HOLDS = f"{YEAR}/2023-02-01/1"


@pytest.fixture
def here(with_figures: Installation, monkeypatch: pytest.MonkeyPatch, tmp_path) -> Installation:
    """An installation as a command finds it, which Dagster does not know of yet."""
    for name in ("DAGSTER_HOME", "JOS_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JOS_HOME", str(with_figures.settings.home))
    monkeypatch.setenv("JOS_SITE_ADRES", "https://monitor.example.nl/rapport")
    monkeypatch.chdir(tmp_path)
    return with_figures


@dataclass(frozen=True)
class Known:
    """The installation with the instance that `jos run` uses."""

    installation: Installation
    instance: dg.DagsterInstance

    def told(self) -> dict[str, object] | None:
        """Metadata of the report as the UI shows it."""
        events = self.instance.fetch_materializations(SITE, limit=10).records
        if not events:
            return None
        return {name: one.value for name, one in events[0].asset_materialization.metadata.items()}


@pytest.fixture
def known(here: Installation) -> Iterator[Known]:
    with opened_instance(instance_directory(here.settings)) as instance:
        yield Known(replace(here, instance=instance), instance)


def test_the_report_of_a_command_is_shown_as_that_of_a_run(known: Known):
    assert report() == 0
    told = known.told()
    assert told["publicatie"] == HOLDS
    assert told["eerdere_publicatie"] == "geen"
    assert told["pagina"] == f"https://monitor.example.nl/rapport/{YEAR}/index.html"
    assert known.instance.get_materialized_partitions(SITE) == {YEAR}
    looked = tick(known.installation, "rapport", ("warehouse", "site"))
    assert isinstance(looked, dg.SkipReason), "nothing is left for the daemon to make"
    job = known.installation.defs.resolve_job_def("rapport")
    assert job.execute_in_process(partition_key=YEAR, instance=known.instance).success
    ours = known.told()
    assert ours | {"pagina": told["pagina"]} == told, "the job of these definitions knew no address"


def test_a_report_elsewhere_or_for_others_is_not_the_one_of_dagster(known: Known, tmp_path):
    assert report(uit=tmp_path / "elders") == report(openbaar=True) == 0
    assert known.told() is None


def test_a_report_on_another_publication_than_holds_is_left_to_dagster_to_mend(known: Known, monkeypatch):
    monkeypatch.setattr("jos_pipeline.recording.to_show", lambda store, year: None)
    assert report(publicatie=HOLDS) == 0
    assert known.told() is None


def test_where_dagster_keeps_nothing_a_report_costs_nothing_more(here: Installation):
    said = (
        "import sys\nfrom jos_pipeline.cli_analyst import report\nreport()\n"
        "assert not {'assets', 'jos_pipeline.recording'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert not here.settings.dagster_home.exists()


def test_a_report_is_there_also_when_dagster_cannot_be_told(here: Installation, capsys):
    here.settings.dagster_home.mkdir()
    asks = "storage: {postgres: {postgres_db: {hostname: {env: NERGENS_GEZET}}}}\n"
    (here.settings.dagster_home / "dagster.yaml").write_text(asks, encoding="utf-8")
    assert report() == 0
    out, err = capsys.readouterr()
    assert f"Rapport over publicatie {HOLDS}" in out
    assert "maar Dagster kon het niet noteren" in err
    assert make_report(here.settings, None, None).start.is_file()
