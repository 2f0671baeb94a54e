"""A pupil who is erased is gone everywhere, stays gone whatever comes in or is put back, and leaves what was published.

The search is that of the canaries, not the one ``jos erase`` does itself.
"""

import io
import json
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from assets.publicatie import _tells_of_an_erasure
from assets.sensors import computed_standing
from jos_pipeline.cli import main
from jos_pipeline.ledger import standing
from jos_pipeline.pseudonym import second_hash
from jos_pipeline.publication import MONITOR_SCHEMA, REVISED, Due, PublicationId, content_hash
from resources.keys import monitor_key
from resources.lake import Lake
from tests.canaries import found
from tests.dagster.conftest import PEILDATUM, TRAJECTEN, YEAR, Installation, installed
from tests.pages import line_on
from tests.records import csv_bytes, delivery, valid_records

ERASE, ERASE_AGAIN = (
    tuple(shlex.split(line_on("docs/privacy.md", f"jos erase {option}"))[1:])
    for option in ("--pseudoniem-bestand", "--opnieuw")
)
"""As the page tells to type them."""
PUPIL = 7
PSEUDONYM = f"{PUPIL:064x}"
SOORT, TRAJECT = "trajecten", f"A-{PUPIL}"
ACTIVITEITEN = f"activiteiten_{YEAR}_{PEILDATUM}.csv"
OUTSIDE = ("inbox", "sleutels")


def jos(monkeypatch, capsys, installation: Installation, *arguments: str, stdin: str = "") -> tuple[int, str, str]:
    """A command line as a user gives it, in this process; exit code, stdout and stderr."""
    monkeypatch.chdir(installation.settings.home.parent)
    monkeypatch.setenv("JOS_HOME", str(installation.settings.home))
    monkeypatch.setenv("JOS_STABIEL_SECONDEN", "0")
    monkeypatch.setattr("sys.argv", ["jos", *arguments])
    monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


def leerling_id(installation: Installation) -> str:
    return second_hash(monitor_key(installation.settings.key_file), PSEUDONYM)


def where(installation: Installation) -> set[str]:
    """Every file of the monitor in which the pupil is, by the name it has there or at the supplier."""
    canaries = (PSEUDONYM, leerling_id(installation))
    return {place for place, _ in found(installation.settings.home, canaries, OUTSIDE)}


def proof_of(installation: Installation) -> dict:
    return json.loads(max(installation.settings.privacy_register.glob("vergeten_*.json")).read_text(encoding="utf-8"))


def test_an_erased_pupil_is_gone_and_stays_gone(with_figures, tmp_path, monkeypatch, capsys):
    one, home = with_figures, with_figures.settings.home
    # what was done in the traject leads to the pupil as well
    one.drop("groeimee", ACTIVITEITEN, activities(TRAJECT))
    one.take_in()
    before, published = where(one), one.published()
    assert {place.split("/")[1] for place in before} == {"geaccepteerd", "gevalideerd", "gekoppeld"}
    old = tmp_path / "reservekopie"
    shutil.copytree(home, old, ignore=shutil.ignore_patterns("*-shm"))
    secret = tmp_path / "verzoek.txt"
    secret.write_text(PSEUDONYM.upper() + "\n", encoding="utf-8")

    # the first time it dies half-way
    with monkeypatch.context() as dying:
        dying.setattr(Lake, "replace_file", dies_at_the_third(Lake.replace_file))
        assert jos(dying, capsys, one, *ERASE)[0] == 3
    assert set() < where(one) < before
    assert computed_standing(one.lake, YEAR) is None, "the next jos run would make the figures anew"
    code, out, err = jos(monkeypatch, capsys, one, *ERASE)
    assert (code, "verwijderd" in out) == (0, True), out + err
    assert where(one) == set()
    assert PSEUDONYM not in (out + err).lower()
    proof = proof_of(one)
    assert (proof["uitkomst"], proof["treffers"], proof["door"]) == ("verwijderd", [], "naam van de FG")
    removed = {line["bestand"] for line in proof["herschreven"] if line["wat"] == "rijen verwijderd"}
    assert removed == {place.removeprefix("lake/") for place in before}, "also what the one that died did"
    assert proof["nog_in_inbox"] == [{"leverancier": "groeimee", "levering": 1}]
    assert TRAJECT not in (kept := one.lake.read_layer("gekoppeld", "traject", YEAR)["traject_id"].to_list())
    assert len(kept) == 39
    assert work(one)["traject_id"].null_count() == work(one).height == 12, "work stays, the pupil does not"
    assert one.published().equals(published)
    assert computed_standing(one.lake, YEAR) == standing(one.store.deliveries(), YEAR), "the figures are made anew"

    # the same again, and one that nobody knows, end the same
    for pseudonym in (PSEUDONYM, "f" * 64):
        code, out, _ = jos(monkeypatch, capsys, one, "erase", "--leerling-pseudoniem", "-", stdin=pseudonym)
        assert (code, "niets gevonden" in out, proof_of(one)["herschreven"]) == (0, True, [])

    # a herlevering, under a new number of the traject, brings nobody back
    again = [row | ({"traject_id": "Z-1"} if row["pseudoniem"] == PSEUDONYM else {}) for row in valid_records(SOORT)]
    one.drop("groeimee", ACTIVITEITEN, activities("Z-1"), "2023-02-08T10:00")
    one.drop("groeimee", TRAJECTEN, csv_bytes(again), "2023-02-09T10:00")
    one.take_in()
    assert len(one.store.deliveries()) == 4
    assert where(one) == set()
    assert "Z-1" not in accepted(one, "traject_id")
    assert "JOS-S012" not in set(one.store.findings()["code"]), "a traject that is not found would tell of the request"

    # an old back-up is put back: where the register outlived it, the next run forgets again
    with put_back(old, tmp_path / "een") as restored:
        assert where(restored) == before
        shutil.copytree(one.settings.privacy_register, restored.settings.privacy_register)
        restored.take_in()
        assert where(restored) == set()
        assert computed_standing(restored.lake, YEAR) is None
    # and where it did not, a proof that somebody kept does
    with put_back(old, tmp_path / "twee") as restored:
        shutil.copytree(one.settings.privacy_register, restored.settings.home.parent / "map-met-bewijzen")
        code, out, err = jos(monkeypatch, capsys, restored, *ERASE_AGAIN)
        assert (code, where(restored)) == (0, set()), out + err
        assert restored.published().equals(published)
        assert content_hash(typed(restored.published())) == proof["publicaties"][0]["sha256"]


def activities(traject: str) -> bytes:
    return csv_bytes([record | {"traject_id": traject} for record in valid_records("activiteiten", 12)])


def work(installation: Installation) -> pl.DataFrame:
    return installation.lake.read_layer("gekoppeld", "activiteit", YEAR)


def accepted(installation: Installation, column: str) -> set[str | None]:
    """What the accepted deliveries in the lake have in a column."""
    root = Path(installation.settings.lake_url) / "geaccepteerd"
    return {value for path in root.rglob("*.parquet") for value in pl.read_parquet(path)[column]}


def typed(frame) -> pl.DataFrame:
    return pl.from_pandas(frame).select(pl.col(name).cast(kind) for name, kind in MONITOR_SCHEMA.items())


def dies_at_the_third(write):
    """A way to write that fails after two files, as if the power went."""
    written: list[str] = []

    def dying(lake: Lake, name: str, data: bytes) -> None:
        if len(written) == 2:
            raise OSError("the power went")
        written.append(name)
        write(lake, name, data)

    return dying


@contextmanager
def put_back(old: Path, place: Path) -> Iterator[Installation]:
    """A back-up that was put back, in another place: nobody has its database open."""
    shutil.copytree(old, place / "home")
    with installed(place / "home") as restored:
        yield restored


def test_no_revision_comes_out_for_no_other_reason_than_an_erasure(with_figures):
    one = with_figures
    revision = Due(PublicationId(YEAR, PEILDATUM, 2), REVISED)
    published = one.store.publications()["gepubliceerd_op"].iloc[0]

    def held(cut: Due | None, erased: datetime | None) -> bool:
        return _tells_of_an_erasure(cut, one.store, one.store.deliveries(), YEAR, erased)

    afterwards = published + timedelta(hours=1)
    assert held(revision, afterwards)
    assert not held(revision, None)
    assert not held(revision, published - timedelta(hours=1)), "the publication was without the pupil already"
    assert not held(Due(PublicationId(YEAR, PEILDATUM, 1), "voorlopig"), afterwards)
    one.drop("groeimee", TRAJECTEN, delivery(SOORT, 41), "2023-02-09T10:00")
    one.take_in()
    assert not held(revision, afterwards), "a herlevering is a reason of its own"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--leerling-pseudoniem", PSEUDONYM[1:] + "g"), "64 tekens"),
        ((PSEUDONYM,), "te veel"),
        ((f"--leerling={PSEUDONYM}",), "optie"),
        ((), "kies een van"),
        (("--leerling-pseudoniem", PSEUDONYM, "--opnieuw"), "kies een van"),
    ],
)
def test_a_wrong_command_never_repeats_the_pseudonym(arguments, says, installation, monkeypatch, capsys):
    code, out, err = jos(monkeypatch, capsys, installation, "erase", *arguments)
    assert (code, out, says in err) == (2, "", True), err
    assert PSEUDONYM[1:] not in err


def test_without_the_key_nothing_is_done_and_no_key_is_made(installation, monkeypatch, capsys):
    code, _, err = jos(monkeypatch, capsys, installation, "erase", "--leerling-pseudoniem", "-", stdin=PSEUDONYM)
    assert (code, "sleutel" in err) == (3, True)
    assert not installation.settings.key_file.exists()
    assert not installation.settings.privacy_register.exists()
