"""Lake and inbox on real servers: an S3 API (moto) and OpenSSH's sshd, each on a port of this machine."""

import io
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import polars as pl
import pytest
import s3fs
from rich.console import Console

from jos_pipeline.cli import main
from jos_pipeline.erasing import Request, erase
from jos_pipeline.pseudonym import second_hash
from jos_pipeline.settings import Settings
from resources.dagster_resources import InboxResource
from resources.inbox import InboxFile, folder_at
from resources.lake import DeliveryPlace, Lake, OtherKeyError
from resources.storage import StorageError
from resources.warehouse import WarehouseStore
from tests.dagster.conftest import TRAJECTEN, YEAR, Finished, installed
from tests.records import delivery
from tests.servers import AWS, SftpServer

MONITOR_KEY = "5a" * 32


def names(files: list[InboxFile]) -> list[str]:
    return [f"{file.leverancier}/{file.name}" for file in files]


def test_figures_are_the_same_whatever_inbox_and_lake_are_made_of(
    finished: Finished, sftp: SftpServer, bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("JOS_SLEUTEL_MONITOR", MONITOR_KEY)
    placed = {"inbox": sftp.address, "sftp_sleutel_bestand": sftp.key, "sftp_known_hosts": sftp.known_hosts}
    with installed(tmp_path / "home", lake=f"{bucket}/meer", **placed) as remote:
        sftp.put(f"groeimee/{TRAJECTEN}", delivery("trajecten"))
        done = remote.run()
        assert list(remote.store.publications()["sha256"]) == list(finished.store.publications()["sha256"])
        assert remote.lake.has_layer("indicatoren", "kubus", YEAR)
        assert not list((tmp_path / "home").rglob("*.parquet")), "rows lie in the bucket only"
        told = "".join(str(event) for event in done.all_events)
        told += str(remote.instance.get_run_by_id(done.run_id).run_config)
        assert not [secret for secret in (*AWS.values(), MONITOR_KEY, "OPENSSH") if secret in told]


# --- SFTP -----------------------------------------------------------------------------------------------------


def test_an_upload_is_taken_when_nothing_of_it_changed_between_two_looks_of_ours(sftp: SftpServer):
    inbox, minute = sftp.resource().open(), timedelta(seconds=60)
    ahead = time.time() + 900  # the server's clock runs a quarter of an hour ahead
    for content in (b"x", b"xx"):
        before = datetime.now(UTC)
        os.utime(sftp.put("groeimee/half.csv", content), (ahead, ahead))
        (seen,) = inbox.files()
        assert before <= seen.changed, "it came to look so just now, whatever the server says"
        assert not seen.is_stable(before, minute.total_seconds())
    assert inbox.files() == [seen]
    assert seen.is_stable(datetime.now(UTC) + minute, minute.total_seconds())


def test_what_is_old_on_the_server_is_taken_at_once(sftp: SftpServer):
    os.utime(sftp.put("groeimee/oud.csv"), (1e9, 1e9))
    assert names(sftp.resource(seconds=60).stable()) == ["groeimee/oud.csv"]


def test_links_pipes_and_names_of_the_stone_age_hold_up_nobody(sftp: SftpServer):
    sftp.put("groeimee/goed.csv", b"inhoud")
    sftp.put("groeimee/2023/dieper.csv")
    for name in ("half.csv.filepart", ".verborgen.csv", "half.tmp", "half.csv.part"):
        sftp.put(f"groeimee/{name}")
    (sftp.root / "groeimee" / "buren").symlink_to(sftp.root / "gm0361")
    (sftp.root / "groeimee" / "lus.csv").symlink_to("lus.csv")
    os.mkfifo(sftp.root / "groeimee" / "pijp.csv")
    (sftp.directory / "elders").mkdir()
    (sftp.directory / "elders" / "gelinkt.csv").write_bytes(b"x")
    (sftp.root / "gm0361").symlink_to(sftp.directory / "elders")
    (sftp.root / "gm0362").mkdir()
    Path(os.fsdecode(os.fsencode(sftp.root / "gm0362") + b"/caf\xe9.csv")).write_bytes(b"x")
    inbox = sftp.resource().open()
    found = dict(zip(names(inbox.files()), inbox.files(), strict=True))
    assert {name: file.readable for name, file in found.items()} == {
        "gm0361/gelinkt.csv": True,
        "gm0362/naam-niet-te-lezen": False,
        "groeimee/buren": False,
        "groeimee/dieper.csv": True,
        "groeimee/goed.csv": True,
        "groeimee/lus.csv": False,
        "groeimee/pijp.csv": False,
    }
    assert inbox.read(found["groeimee/goed.csv"]) == b"inhoud"


def test_a_lost_connection_is_made_again(sftp: SftpServer):
    sftp.put("groeimee/goed.csv")
    inbox = sftp.resource().open()
    assert len(inbox.files()) == 1
    sftp.stop()
    sftp.start()
    assert len(inbox.files()) == 1


def test_a_file_that_was_taken_away_is_no_failure_of_the_server(sftp: SftpServer):
    inbox, file = sftp.resource().open(), sftp.put("groeimee/weg.csv")
    (listed,) = inbox.files()
    file.unlink()
    with pytest.raises(FileNotFoundError) as gone:
        inbox.read(listed)
    assert not isinstance(gone.value, StorageError)


def test_a_server_that_is_not_the_one_we_know_gets_nothing_of_us(sftp: SftpServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JOS_SFTP_WACHTWOORD", "Geheim1234")
    other, nobody, stranger = (sftp.directory / name for name in ("anders", "niemand", "vreemde"))
    subprocess.run(["ssh-keygen", "-q", "-t", "rsa", "-N", "Geheim1234", "-f", stranger], check=True)
    known = sftp.known_hosts.read_text()
    other.write_text(known.replace(known.split()[2], (sftp.directory / "sleutel.pub").read_text().split()[1]))
    nobody.write_text("")
    told = [
        ({"sftp_known_hosts": str(nobody)}, "is niet bekend: zet zijn sleutel in"),
        ({"sftp_known_hosts": str(sftp.directory / "is-er-niet")}, "is niet bekend: zet zijn sleutel in"),
        ({"sftp_known_hosts": str(other)}, "heeft een andere sleutel dan in"),
        ({"sftp_key_file": str(stranger)}, "laat ons niet binnen"),
        ({"sftp_key_file": ""}, "laat ons niet binnen"),
        ({"sftp_key_file": str(sftp.known_hosts)}, "is niet te lezen: controleer JOS_SFTP_WACHTWOORD"),
        ({"sftp_key_file": str(sftp.directory / "is-er-niet")}, "er is geen sleutel voor SFTP in"),
        ({"url": sftp.address + "/is-er-niet"}, "heeft de map van de inbox niet"),
    ]
    for changed, line in told:
        with pytest.raises(OSError, match=line) as refused:
            sftp.resource(**changed).open().files()
        assert "\n" not in str(refused.value)
        assert "Geheim1234" not in str(refused.value)


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        ({"JOS_INBOX": "sftp://jos@127.0.0.1:1/inbox"}, "de SFTP-server 127.0.0.1:1 is niet te bereiken"),
        ({"JOS_LAKE": "s3://emmer/meer", "JOS_SLEUTEL_MONITOR": MONITOR_KEY}, "de bucket emmer is niet te bereiken"),
        ({"JOS_LAKE": "s3://emmer/meer"}, "de sleutel van de monitor is er niet"),
    ],
)
def test_a_server_that_is_not_there_is_one_line_with_what_to_do(tmp_path, monkeypatch, capsys, variables, line):
    (tmp_path / "known_hosts").write_text("")
    (tmp_path / "inbox").mkdir()
    s3fs.S3FileSystem.clear_instance_cache()
    settings = {"JOS_HOME": str(tmp_path), "JOS_SFTP_KNOWN_HOSTS": str(tmp_path / "known_hosts"), **variables}
    for name, value in {**AWS, "AWS_ENDPOINT_URL": "http://127.0.0.1:1", **settings}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["jos", "run", "--peildatum", "2023-02-01"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 3
    told = capsys.readouterr().err
    assert told.startswith(f"jos: {line}"), told
    assert told.count("\n") == 1


@pytest.mark.parametrize(("module", "library", "address"), [
    ("resources.sftp", "paramiko", "sftp://jos@server/inbox"),
    ("resources.bucket", "s3fs", "s3://emmer/inbox"),
])  # fmt: skip
def test_a_library_that_is_not_installed_is_told(monkeypatch, module, library, address):
    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(StorageError, match=r"requirements/productie\.txt"):
        folder_at(address)


# --- buckets --------------------------------------------------------------------------------------------------


def test_a_lake_in_a_bucket_is_a_lake(bucket: str):
    lake, frame = Lake(f"{bucket}/meer"), pl.DataFrame({"a": [1], "b": ["x"]})
    assert not lake.is_filled()
    lake.hold_to_key("een")
    lake.hold_to_key("een")
    with pytest.raises(OtherKeyError):
        Lake(f"{bucket}/meer").hold_to_key("twee")
    with pytest.raises(FileNotFoundError):
        lake.read_layer("indicatoren", "kubus", YEAR)
    for number in (1, 2):
        lake.write_layer("indicatoren", "kubus", YEAR, frame.with_columns(a=pl.lit(number)))
    assert lake.scan_layer("indicatoren", "kubus", YEAR).select("a").collect().item() == 2
    assert lake.has_layers([("indicatoren", "kubus")], YEAR)
    assert not lake.has_layers([("indicatoren", "kubus"), ("gekoppeld", "traject")], YEAR)
    lake.write_report("indicatoren", "kubus", YEAR, {"rijen": 2})
    assert lake.read_report("indicatoren", "kubus", YEAR) == {"rijen": 2}
    begun = datetime.now(UTC) - timedelta(minutes=1)
    assert {name: moment > begun for name, moment in lake.changed().items()} == dict.fromkeys(
        ("indicatoren/kubus/2022-2023.json", "indicatoren/kubus/2022-2023.parquet", "sleutel.controlegetal"), True
    )
    for _ in range(2):
        lake.remove_file("indicatoren/kubus/2022-2023.json")
    assert lake.files() == ["indicatoren/kubus/2022-2023.parquet", "sleutel.controlegetal"]


def test_a_pupil_is_erased_from_a_bucket_also_when_the_inbox_does_not_answer(bucket, tmp_path, monkeypatch):
    monkeypatch.setenv("JOS_SLEUTEL_MONITOR", MONITOR_KEY)
    (tmp_path / "known_hosts").write_text("")
    settings = Settings(
        home=tmp_path / "home",
        lake=f"{bucket}/meer",
        inbox="sftp://jos@127.0.0.1:1/inbox",
        sftp_known_hosts=tmp_path / "known_hosts",
    )
    WarehouseStore(settings.warehouse_url).ensure_schema()
    lake, place = Lake(settings.lake_url), DeliveryPlace("trajecten", "2019-2020", "groeimee", "f" * 64)
    gone, stays = (second_hash(bytes.fromhex(MONITOR_KEY), one) for one in ("a" * 64, "b" * 64))
    lake.write_accepted(place, pl.DataFrame({"leerling_id": [gone, stays], "traject_id": ["A-1", "A-2"]}))
    proof, page = erase(settings, Request(("a" * 64,)), Console(file=io.StringIO()))
    assert lake.read_accepted(place)["leerling_id"].to_list() == [stays]
    assert (proof.uitkomst, proof.treffers, proof.weggehaald) == ("verwijderd", (), ("2019-2020",))
    told = " ".join(page.read_text(encoding="utf-8").split())
    assert "die was niet te lezen" in told
    assert "de SFTP-server 127.0.0.1:1 is niet te bereiken" in told
    assert "oude versies in de bucket" in told


def test_an_inbox_in_a_bucket_lists_what_lies_below_its_prefix_only(bucket: str):
    client, name = boto3.client("s3"), bucket.removeprefix("s3://")
    for key in ("in/groeimee/a.csv", "in/groeimee/", "in/groeimee/b.csv.part", "inbox2/groeimee/c.csv"):
        client.put_object(Bucket=name, Key=key, Body=b"inhoud" if "." in key else b"")
    inbox = InboxResource(url=f"{bucket}/in", stable_seconds=0)
    (file,) = inbox.stable()
    assert (file.leverancier, file.name, file.size, inbox.open().read(file)) == ("groeimee", "a.csv", 6, b"inhoud")
    assert InboxResource(url=f"{bucket}/leeg", stable_seconds=0).stable() == []


def test_what_can_be_wrong_with_a_bucket_is_one_line_with_what_to_do(bucket: str, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(StorageError, match="de bucket bestaat-niet bestaat niet: maak hem"):
        folder_at("s3://bestaat-niet/in").listed().__next__()
    with pytest.raises(StorageError, match="de bucket bestaat-niet bestaat niet: maak hem"):
        Lake("s3://bestaat-niet/meer").hold_to_key("een")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(StorageError, match="de bucket ergens is niet te bereiken") as refused:
        Lake("s3://ergens/meer").read_layer("indicatoren", "kubus", YEAR)
    assert "kubus" not in str(refused.value)
