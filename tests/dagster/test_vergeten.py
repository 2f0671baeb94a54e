"""A pupil who is erased is gone everywhere, stays gone whatever comes in or is put back, and leaves what was published.

The search is that of the canaries, not the one ``jos erase`` does itself.
"""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assets.sensors import computed_standing
from jos_pipeline.cli import main
from jos_pipeline.ledger import standing
from jos_pipeline.pseudonym import second_hash
from resources.keys import monitor_key
from tests.dagster.conftest import PEILDATUM, TRAJECTEN, YEAR, Installation
from tests.dagster.test_canaries import found
from tests.records import csv_bytes, valid_records

PUPIL = 7
PSEUDONYM = f"{PUPIL:064x}"
TRAJECT = f"A-{PUPIL}"
OUTSIDE = ("inbox", "sleutels")


def jos(monkeypatch, capsys, installation: Installation, *arguments: str, stdin: str = "") -> tuple[int, str, str]:
    """A command line as a user gives it, in this process; exit code, stdout and stderr."""
    monkeypatch.chdir(installation.settings.home.parent)
    monkeypatch.setenv("JOS_HOME", str(installation.settings.home))
    monkeypatch.setenv("JOS_STABIEL_SECONDEN", "0")
    monkeypatch.setattr("sys.argv", ["jos", *arguments])
    monkeypatch.setattr("sys.stdin", __import__("io").StringIO(stdin))
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


def trajecten_now(installation: Installation) -> list[str]:
    return installation.lake.read_layer("gekoppeld", "traject", YEAR)["traject_id"].to_list()


def test_an_erased_pupil_is_gone_and_stays_gone(with_figures, tmp_path, monkeypatch, capsys):
    one, home = with_figures, with_figures.settings.home
    # what was done in the traject leads to the pupil as well
    done = [record | {"traject_id": TRAJECT} for record in valid_records("activiteiten", 12)]
    one.drop("groeimee", f"activiteiten_{YEAR}_{PEILDATUM}.csv", csv_bytes(done))
    one.run("nee")
    before = where(one)
    assert {place.split("/")[1] for place in before} == {"geaccepteerd", "gevalideerd", "gekoppeld"}
    old = tmp_path / "reservekopie"
    shutil.copytree(home, old, ignore=shutil.ignore_patterns("*-shm"))
    published = one.published()

    # the pseudonym comes in by stdin and comes out nowhere
    code, out, err = jos(
        monkeypatch, capsys, one, "erase", "--leerling-pseudoniem", "-", "--door", "FG", stdin=PSEUDONYM.upper()
    )
    assert (code, "verwijderd" in out) == (0, True), out + err
    assert where(one) == set()
    assert PSEUDONYM not in out + err
    proof = proof_of(one)
    assert (proof["uitkomst"], proof["treffers"], proof["door"]) == ("verwijderd", [], "FG")
    assert {line["bestand"] for line in proof["herschreven"] if line["wat"] == "rijen verwijderd"} == {
        place.removeprefix("lake/") for place in before
    }
    assert proof["nog_in_inbox"] == [{"leverancier": "groeimee", "levering": 1}]
    assert TRAJECT not in trajecten_now(one)
    assert len(trajecten_now(one)) == 39
    activities = one.lake.read_layer("gekoppeld", "activiteit", YEAR)
    assert (activities.height, activities["traject_id"].null_count()) == (12, 12), "work stays, the pupil does not"
    assert one.published().equals(published)
    assert computed_standing(one.lake, YEAR) == standing(one.store.deliveries(), YEAR), "the figures are made anew"

    # the same again, and one that nobody knows, end the same
    stamps = {name: one.lake.changed(name) for name in one.lake.files() if name.startswith("geaccepteerd")}
    for pseudonym in (PSEUDONYM, "f" * 64):
        code, out, _ = jos(monkeypatch, capsys, one, "erase", "--leerling-pseudoniem", "-", stdin=pseudonym)
        assert (code, "niets gevonden" in out, proof_of(one)["herschreven"]) == (0, True, [])
    assert stamps == {name: one.lake.changed(name) for name in stamps}

    # a herlevering, under a new number of the traject, brings nobody back
    again = [record | ({"traject_id": "Z-1"} if record["pseudoniem"] == PSEUDONYM else {}) for record in records()]
    one.drop("groeimee", TRAJECTEN, csv_bytes(again), "2023-02-09T10:00")
    done = [record | {"traject_id": "Z-1"} for record in valid_records("activiteiten", 12)]
    one.drop("groeimee", f"activiteiten_{YEAR}_{PEILDATUM}.csv", csv_bytes(done), "2023-02-08T10:00")
    one.run("nee")
    assert len(one.store.deliveries()) == 4
    assert where(one) == set()
    assert "Z-1" not in trajecten_now(one)
    assert one.lake.read_layer("gekoppeld", "activiteit", YEAR)["traject_id"].null_count() == 12

    # an old back-up is put back: the register outlived it, and the next run forgets again
    register = tmp_path / "register"
    shutil.copytree(one.settings.privacy_register, register)
    shutil.rmtree(home)
    shutil.copytree(old, home)
    assert where(one) == before
    shutil.copytree(register, one.settings.privacy_register)
    one.store.close()
    os.environ.pop("JOS_PRIVACYREGISTER", None)
    one.run("nee")
    assert where(one) == set()
    assert one.published().equals(published)


def records() -> list[dict[str, str]]:
    return valid_records("trajecten")


def test_a_back_up_that_also_lost_the_register_is_mended_with_the_proof(with_figures, tmp_path, monkeypatch, capsys):
    one, home, old = with_figures, with_figures.settings.home, tmp_path / "reservekopie"
    shutil.copytree(home, old, ignore=shutil.ignore_patterns("*-shm"))
    secret = tmp_path / "pseudoniem.txt"
    secret.write_text(PSEUDONYM, encoding="utf-8")

    # killed in the middle: the tombstone is there and the first file is gone through
    with monkeypatch.context() as killed:
        killed.setattr("jos_pipeline.erasing._refresh", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            jos(killed, capsys, one, "erase", "--pseudoniem-bestand", str(secret))
    assert computed_standing(one.lake, YEAR) is None, "the next jos run would make the figures anew"
    assert jos(monkeypatch, capsys, one, "erase", "--pseudoniem-bestand", str(secret))[0] == 0
    proof = proof_of(one)
    assert proof["uitkomst"] == "verwijderd"
    assert len(proof["herschreven"]) == 3, "the proof holds what was done before the end came too soon"
    kept = tmp_path / "dossier"
    shutil.copytree(one.settings.privacy_register, kept)

    one.store.close()
    shutil.rmtree(home)
    shutil.copytree(old, home)
    assert where(one)
    code, out, _ = jos(monkeypatch, capsys, one, "erase", "--opnieuw", "--bewijs", str(kept))
    assert (code, where(one)) == (0, set()), out
    assert [row.sha256 for row in one.store.publications().itertuples()] == [
        line["sha256"] for line in proof["publicaties"]
    ]


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


def _ago(**span: float) -> datetime:
    return datetime.now(UTC) - timedelta(**span)


def _age(path: Path, moment: datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))
