"""Two school years on the calendar, a herlevering for the older one, a publication on request and a withdrawal.

One installation for all of it, on a real instance on disk; the tests only look.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from rich.console import Console

from assets.sensors import YEAR_TAG
from jos_pipeline.cli import main
from jos_pipeline.headless import instance_directory, run_everything
from jos_pipeline.history import cube_of, difference_between, stand_of
from jos_pipeline.ledger import as_of
from jos_pipeline.publication import PublicationId
from jos_pipeline.publishing import PublishOutcome, outcome_text, publish, withdraw
from jos_pipeline.region import load_region
from jos_pipeline.settings import Settings
from resources.lake import Lake, audit_file
from resources.warehouse import WarehouseStore
from tests.records import csv_bytes, delivery, valid_records

OLD, NEW = "2022-2023", "2023-2024"
FEBRUARY = date(2023, 2, 1)
FIRST, REVISED = (PublicationId(OLD, FEBRUARY, number) for number in (1, 2))
QUIET = Console(quiet=True)
Jos = Callable[..., tuple[int, str, str]]


@dataclass(frozen=True)
class Story:
    """What was there along the way."""

    settings: Settings
    before: datetime
    """The moment before the herlevering."""
    cube_before: pl.DataFrame
    runs: tuple[int, int, int, int]
    """Runs of (old, new) before and of (old, new) after the herlevering."""
    current_before_withdrawal: str
    asked: PublishOutcome

    @property
    def store(self) -> WarehouseStore:
        return WarehouseStore(self.settings.warehouse_url)

    @property
    def lake(self) -> Lake:
        return Lake(self.settings.lake_url)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DAGSTER_HOME", raising=False)
        settings = Settings(home=tmp_path_factory.mktemp("historie"), stabiel_seconden=0, revisie="direct")
        yield _told(settings)


def _told(settings: Settings) -> Story:
    _drop(settings, f"trajecten_{OLD}_2023-02-01.csv", delivery("trajecten", 40))
    _drop(settings, f"trajecten_{NEW}_2024-02-01.csv", delivery("trajecten", 35))
    assert not run_everything(settings, None, publish=False, final=False, console=QUIET).failed
    store, before = WarehouseStore(settings.warehouse_url), datetime.now(UTC)
    cube, runs = Lake(settings.lake_url).read_layer("indicatoren", "kubus", OLD), _runs(settings)
    records = valid_records("trajecten", 25)
    records[0]["aanmeldreden"] = "geen code"
    _drop(settings, f"trajecten_{OLD}_2023-02-01_beter.csv", csv_bytes(records))
    assert not run_everything(settings, None, publish=False, final=False, console=QUIET).failed
    after = _runs(settings)
    shown = str(store.published(OLD)["publicatie"].iloc[0])
    withdraw(settings, REVISED, "de verkeerde lijst", QUIET)
    asked = publish(settings, date(2022, 11, 15), None, "nu", final=False, console=QUIET)
    return Story(settings, before, cube, (*runs, *after), shown, asked)


def _drop(settings: Settings, name: str, content: bytes) -> None:
    path = Path(settings.inbox_url) / "groeimee" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _runs(settings: Settings) -> tuple[int, int]:
    with dg.DagsterInstance.from_config(str(instance_directory(settings))) as instance:
        old, new = (len(instance.get_runs(dg.RunsFilter(tags={YEAR_TAG: year}))) for year in (OLD, NEW))
        return old, new


@pytest.fixture
def jos(story: Story, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Jos:
    monkeypatch.setenv("JOS_HOME", str(story.settings.home))

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["jos", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        captured = capsys.readouterr()
        return int(stopped.value.code or 0), captured.out, captured.err

    return run


def test_a_herlevering_for_an_older_year_runs_that_year_only_and_makes_a_revision(story: Story):
    assert story.runs == (1, 1, 2, 1)
    assert story.current_before_withdrawal == str(REVISED)
    revised = [(str(p.id), p.status) for p in story.store.brought_out(OLD) if p.id.peildatum == FEBRUARY]
    assert revised == [(str(FIRST), "voorlopig"), (str(REVISED), "herzien")]
    assert [str(p.id) for p in story.store.brought_out(NEW)] == [f"{NEW}/2024-02-01/1"]


def test_each_publication_rests_on_the_deliveries_of_its_own_day(story: Story):
    known = story.store.deliveries()
    first, better = (known.loc[known["bestand"].str.contains(name), "id"].tolist() for name in ("01.csv", "beter"))
    assert story.store.deliveries_behind(FIRST)["id"].tolist() == first[:1]
    assert story.store.deliveries_behind(REVISED)["id"].tolist() == better
    kept = story.store.definitions()
    assert set(kept["indicator"]) == set(story.store.published(OLD)["indicator"])
    assert kept["formule"].str.len().min() > 0


def test_the_internal_figures_of_a_past_moment_are_made_again_to_the_last_bit(story: Story):
    region, known = load_region(story.settings.regio), story.store.deliveries()
    then, now = (
        cube_of(stand_of(story.lake, ledger, story.store.findings(), region, OLD, FEBRUARY))
        for ledger in (as_of(known, story.before), known)
    )
    assert then.equals(story.cube_before)
    assert not now.equals(then)


def test_a_withdrawn_publication_makes_room_on_the_page_too(story: Story):
    assert set(story.store.published(OLD)["publicatie"]) == {str(FIRST)}
    page = (story.settings.report_path / f"overzicht_{OLD}.html").read_text(encoding="utf-8")
    assert str(REVISED) not in page


def test_a_publication_on_request_takes_nothing_in_and_need_not_be_on_the_calendar(story: Story):
    asked = story.asked
    assert asked.publicatie is not None
    assert (str(asked.publicatie.id), asked.publicatie.status, asked.nieuw) == (
        f"{OLD}/2022-11-15/1",
        "voorlopig",
        True,
    )
    assert len(story.store.deliveries()) == 3
    text = outcome_text(asked)
    assert f"Gepubliceerd: {OLD}/2022-11-15/1 (voorlopig)" in text
    assert asked.publicatie.sha256 in text
    assert audit_file(str(asked.publicatie.id)) in text
    assert story.lake.audit_of(str(asked.publicatie.id)) == asked.controle
    assert str(FIRST) in text, "the one of a later peildatum is still the current one"
    assert asked.exit_code == 0


def test_diff_names_the_herlevering_and_every_figure_that_changed(story: Story, jos: Jos):
    found = difference_between(story.settings, FIRST, REVISED)
    assert [(c.soort, c.leverancier, c.wat) for c in found.leveringen] == [("trajecten", "groeimee", "herlevering")]
    one, other = (story.store.publication_rows(publication) for publication in (FIRST, REVISED))
    key = ["indicator", "periode", "niveau", "gebied", "uitsplitsing", "categorie"]
    figures = ["waarde", "teller", "noemer", "waarde_status", "rang", "dekking", "herkomst"]
    beside = one.merge(other, on=key)
    sides = (beside[[f"{name}_{side}" for name in figures]].astype(object) for side in "xy")
    one_side, other_side = (side.where(side.notna(), "leeg").to_numpy() for side in sides)
    same = (one_side == other_side).all(axis=1)
    assert (found.cijfers.height, found.gelijk) == ((~same).sum(), same.sum())
    assert found.cijfers.height
    code, out, _ = jos("diff", FIRST, REVISED, "--json")
    told = json.loads(out)
    assert (code, told["gewijzigd"], told["naar"]["ingetrokken"]) == (0, found.cijfers.height, True)
    assert "groeimee: herlevering trajecten" in jos("diff", FIRST, REVISED)[1]


def test_trace_counts_the_rows_of_every_delivery_now_and_then(story: Story, jos: Jos):
    ask = ("trace", "jos_trajecten_nieuw", "ALKMAAR", "schooljaar", "--schooljaar", OLD, "--json")
    now, then = (json.loads(jos(*ask, *more)[1]) for more in ((), ("--op", story.before.isoformat())))
    assert [one["id"] for one in then["leveringen"]] == [1]
    assert [(one["rijen"], one["rijen_afgekeurd"]) for one in now["leveringen"]] == [(25, 1)]
    assert [hit["code"] for hit in now["leveringen"][0]["bevindingen"]] == ["JOS-E027"]
    for told in (now, then):
        assert told["maten"][0]["rijen_geteld"] == told["intern"]["teller"] == told["leveringen"][0]["geteld"]["teller"]
    assert now["intern"] != then["intern"]
    assert now["publicatie"] == then["publicatie"] == str(FIRST)
    assert now["andere_leveringen_dan_publicatie"], "what is in force now is not what the current publication rests on"
    assert not then["andere_leveringen_dan_publicatie"]


def test_a_trace_for_people_says_that_it_is_internal_and_holds_no_pupil(story: Story, jos: Jos):
    code, out, _ = jos("trace", "jos_leerlingen", "alkmaar", "schooljaar", "--schooljaar", OLD)
    assert code == 0
    assert out.startswith("INTERN")
    assert "voldoen niet aan: actief" in out
    pupils = story.lake.read_layer("gekoppeld", "traject", OLD)["leerling_id"].drop_nulls().to_list()
    assert pupils
    assert not [pupil for pupil in pupils if pupil in out]


def test_status_tells_how_deliveries_stood(story: Story, jos: Jos):
    ask = ("status", "--schooljaar", OLD, "--leverancier", "groeimee", "--json")
    then, now = (json.loads(jos(*ask, *more)[1]) for more in (("--op", story.before.isoformat()), ()))
    assert [one["ontvangen"] for told in (then, now) for one in told if one["soort"] == "trajecten"] == [1, 2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("publish",), "geef een --peildatum"),
        (("publish", "--peildatum", "2022-05-01", "--schooljaar", OLD), "ligt voor schooljaar"),
        (("publish", "--peildatum", "2021-11-01"), "geldt nog geen levering"),
        (("publish", "--peildatum", "2023-02-01", "--reden", "x"), "--reden hoort bij --trek-in"),
        (("publish", "--trek-in", str(FIRST)), "geef een --reden"),
        (("publish", "--trek-in", str(REVISED), "--reden", "nog eens"), "was al ingetrokken"),
        (("publish", "--trek-in", "gisteren", "--reden", "x"), "schrijf een publicatie als"),
        (("diff", str(FIRST), f"{OLD}/2023-02-01/9"), "is er niet; kies uit"),
        (("diff", str(FIRST), str(REVISED), "--json", "--csv"), "kies een van"),
        (("trace", "jos", "alkmaar", "schooljaar"), "indicator jos is er niet"),
        (("trace", "fte", "GM9999", "schooljaar"), "gebied GM9999 is er niet"),
        (("trace", "fte", "alkmaar", "schooljaar", "--op", "gisteren"), "schrijf een moment als"),
        (("trace", "fte", "alkmaar", "schooljaar", "--op", "2022-01-01"), "er gold toen geen levering\n"),
        (("status", "--op", "2999-01-01"), "moet nog komen"),
    ],
)
def test_what_cannot_be_done_is_one_line_with_what_to_do(jos: Jos, arguments: tuple[str, ...], words: str):
    code, out, err = jos(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err
