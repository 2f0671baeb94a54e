"""What becomes of a school year when the counts that the lake keeps under a publication that is out are gone."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from assets.counted import LostCountsError
from jos_pipeline.audit_report import WITHOUT_COUNTS
from jos_pipeline.cli import main
from tests.dagster.conftest import YEAR, Installation
from tests.records import delivery

RUNBOOK = (Path(__file__).parents[2] / "docs" / "runbook.md").read_text(encoding="utf-8")
(DECISION,) = set(re.findall(r"`(jos publish [^`]*--zonder-eerdere-aantallen)`", RUNBOOK))
"""The command that the runbook gives."""
Type = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def typed(with_figures: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    monkeypatch.setenv("JOS_HOME", str(with_figures.settings.home))
    monkeypatch.setenv("JOS_STABIEL_SECONDEN", "0")
    monkeypatch.delenv("DAGSTER_HOME", raising=False)

    def type_(line: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", shlex.split(line))
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return type_


def kept_counts(installation: Installation) -> Path:
    (kept,) = Path(installation.settings.lake_url).glob("publicatie/geteld_uit/*.parquet")
    return kept


def report(installation: Installation) -> dict[str, object]:
    """What the audit said of what is in the lake now."""
    return installation.lake.read_report("publicatie", "beveiligd", YEAR)


def herlevering(installation: Installation) -> None:
    newer = f"trajecten_{YEAR}_2023-02-01_herlevering.csv"
    installation.drop("groeimee", newer, delivery("trajecten", 30), "2023-03-01T09:00")


def test_nothing_comes_out_and_people_are_told_until_somebody_decides_to_go_on_without(
    with_figures: Installation, typed: Type
) -> None:
    one = with_figures
    (first,) = one.store.publications()["id"]
    kept_counts(one).unlink()
    herlevering(one)
    code, out, err = typed("jos run --publiceer")
    assert code == 3
    assert re.search(rf"{first} ontbreken .* reservekopie.* --zonder-eerdere-aantallen", " ".join((out + err).split()))
    told = [json.loads(line) for line in (one.settings.home / "meldingen.jsonl").read_text("utf-8").splitlines()]
    assert "JOS-E080" in json.dumps(told)
    for how in ("kalender", "nu", "opnieuw"):
        with pytest.raises(LostCountsError):
            one.publish(how)
    assert one.run("nee").success, "internal figures are refreshed"
    assert one.store.publications()["id"].tolist() == [first]

    code, out, _ = typed(DECISION)
    assert code == 0
    assert f"let op: niet onderzocht samen met {first}" in out
    (second,) = set(one.store.publications()["id"]) - {first}
    audited = one.lake.audit_of(second)
    assert audited is not None
    assert (audited[WITHOUT_COUNTS], audited["eerdere_publicaties"]) == ([first], 0)


def test_a_decision_stands_and_counts_that_are_put_back_count_again(with_figures: Installation) -> None:
    one = with_figures
    (first,) = one.store.publications()["id"]
    kept = kept_counts(one)
    counts = kept.read_bytes()
    kept.unlink()
    one.publish("nu", without_counts=True)
    assert one.store.publications()["id"].tolist() == [first], "nothing changed, and the decision is remembered"
    one.publish("kalender")
    assert (report(one)[WITHOUT_COUNTS], report(one)["eerdere_publicaties"]) == ([first], 0)
    kept.write_bytes(counts)
    one.publish("kalender")
    assert (report(one)[WITHOUT_COUNTS], report(one)["eerdere_publicaties"]) == ([], 1)


def test_counts_of_before_the_cube_had_a_column_are_as_good_unless_the_audit_needs_it(
    with_figures: Installation,
) -> None:
    kept = kept_counts(with_figures)
    older = pl.read_parquet(kept).drop("rang", "indicator_versie")
    older.write_parquet(kept)
    with_figures.publish("nu")
    assert (report(with_figures)[WITHOUT_COUNTS], report(with_figures)["eerdere_publicaties"]) == ([], 1)
    older.drop("publiek_totaal").write_parquet(kept)
    with pytest.raises(LostCountsError):
        with_figures.publish("nu")
