"""Settings: what works unset, what comes from where, and what is refused."""

import re
import sys

import pytest
from pydantic import ValidationError

from jos_pipeline.cli import main
from jos_pipeline.settings import Settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("JOS_HOME", "JOS_INBOX", "JOS_LAKE", "JOS_WAREHOUSE", "JOS_CONFIG"):
        monkeypatch.delenv(name, raising=False)


def test_everything_unset_lies_below_one_directory(tmp_path):
    unset = Settings()
    assert unset.inbox_url == str(tmp_path / ".jos" / "inbox")
    assert unset.warehouse_url == f"sqlite:///{tmp_path / '.jos' / 'warehouse.db'}"
    assert unset.key_file == tmp_path / ".jos" / "sleutels" / "monitor.sleutel"


def test_the_environment_wins_from_the_file_whose_paths_are_relative_to_it(tmp_path, monkeypatch):
    (tmp_path / "ergens").mkdir()
    (tmp_path / "ergens" / "jos.toml").write_text('home = "huis"\nlake = "meer"\n', encoding="utf-8")
    monkeypatch.setenv("JOS_CONFIG", str(tmp_path / "ergens" / "jos.toml"))
    monkeypatch.setenv("JOS_HOME", str(tmp_path / "ander"))
    chosen = Settings()
    assert chosen.home == tmp_path / "ander"
    assert chosen.lake_url == str(tmp_path / "ergens" / "meer")


def test_a_setting_that_does_not_exist_is_refused(tmp_path):
    (tmp_path / "jos.toml").write_text('inbxo = "x"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="inbxo"):
        Settings()


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("JOS_LAKE", "sftp://jos@server/meer"),
        ("JOS_LAKE", "s3://sleutel:Geheim1@emmer/meer"),
        ("JOS_LAKE", "s3:///Geheim1"),
        ("JOS_INBOX", "ftp://server/Geheim1"),
        ("JOS_INBOX", "sftp://jos:Geheim1@server/inbox"),
        ("JOS_INBOX", "sftp://server?Geheim1"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_and_never_repeated(monkeypatch, capsys, name, address):
    monkeypatch.setenv(name, address)
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert "Geheim1" not in str(refused.value)
    monkeypatch.setattr(sys, "argv", ["jos", "status", "--verbose"])
    with pytest.raises(SystemExit) as stopped:
        main()
    told = capsys.readouterr().err
    assert stopped.value.code == 2
    assert re.fullmatch(r"jos: instelling (lake|inbox): .+", told.splitlines()[-1]), told
    assert "Geheim1" not in told


def test_servers_are_addresses_and_not_folders(monkeypatch):
    monkeypatch.setenv("JOS_LAKE", "s3://emmer/meer")
    monkeypatch.setenv("JOS_INBOX", "sftp://jos@server:2222/inbox")
    assert (Settings().lake_url, Settings().inbox_url) == ("s3://emmer/meer", "sftp://jos@server:2222/inbox")
