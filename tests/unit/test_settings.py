"""Settings: what works unset, what comes from where, and what is refused."""

import re
import sys

import pytest
from pydantic import ValidationError

from jos_pipeline import doctor
from jos_pipeline.cli import main
from jos_pipeline.examination import State
from jos_pipeline.settings import Settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("JOS_HOME", "JOS_INBOX", "JOS_LAKE", "JOS_WAREHOUSE", "JOS_CONFIG", "JOS_REGIO"):
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


def _status(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["jos", "status"])
    with pytest.raises(SystemExit) as stopped:
        main()
    return stopped.value.code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"home = \n", "jos.toml, regel 1, kolom 8: dit is geen TOML"),
        (b"home = 'a'\nhome = 'b'\n", "jos.toml, regel 2, kolom 11: dezelfde naam staat hier voor de tweede keer"),
        (b"# caf\xe9", "jos.toml, regel 1: hier staat een letter die geen UTF-8 is"),
        (b"home = 3", "instelling home: dit moet een pad zijn"),
        (b"inbox = 3", "instelling inbox: dit moet tekst zijn"),
        (b"inbox = ['a']", "instelling inbox: dit moet tekst zijn"),
        (b"regio = 3", "instelling regio: dit moet tekst zijn"),
        (b"meldingen_herhaal_dagen = 0", "instelling meldingen_herhaal_dagen: dit moet minstens 1 zijn"),
        (b"revisie = 'x'", "instelling revisie: kies uit 'nacht' of 'direct'"),
        (b"vandaag = 'x'", "instelling vandaag: schrijf een dag als 2023-02-01"),
        (b"site_adres = 'javascript:x'", "instelling site_adres: schrijf het adres als https://server/map"),
        (b"terugkoppeling_adres = 'https://jos:x@s/map'", "instelling terugkoppeling_adres: schrijf het adres als"),
        (b"inbxo = 'x'", "jos.toml: dit bestaat niet: inbxo"),
    ],
)
def test_a_wrong_setting_is_one_dutch_line_and_usage(tmp_path, monkeypatch, capsys, content, says):
    (tmp_path / "jos.toml").write_bytes(content)
    code, told = _status(monkeypatch, capsys)
    assert (code, told.count("\n")) == (2, 1)
    assert told.startswith(f"jos: {says}")


def test_a_database_that_is_no_address_names_its_setting_and_not_what_it_holds(monkeypatch, capsys):
    monkeypatch.setenv("JOS_WAREHOUSE", "mysql://jos:Geheim1@server/jos")
    code, told = _status(monkeypatch, capsys)
    assert code == 2
    assert told.startswith("jos: instelling warehouse: schrijf de database als sqlite:///")
    assert "JOS_WAREHOUSE" in told
    assert "Geheim1" not in told


def test_a_file_with_settings_that_is_named_must_be_there(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("JOS_CONFIG", str(tmp_path / "weg.toml"))
    code, told = _status(monkeypatch, capsys)
    assert code == 2
    assert told.startswith(f"jos: JOS_CONFIG noemt {tmp_path / 'weg.toml'}, en dat bestand is er niet")
    assert list(tmp_path.iterdir()) == [], "and nothing was made elsewhere meanwhile"
    line = doctor.examine()[-1]
    assert (line.part, line.state) == ("settings", State.BROKEN)
    assert "JOS_CONFIG" in line.found


def test_an_address_to_read_pages_at_is_one_that_a_browser_opens(monkeypatch):
    monkeypatch.setenv("JOS_RAPPORT_ADRES", "https://monitor.example.nl/overzichten/")
    assert Settings().rapport_adres == "https://monitor.example.nl/overzichten"
    assert Settings().site_adres == ""


def test_settings_saved_by_notepad_are_read_with_their_byte_order_mark(tmp_path):
    (tmp_path / "jos.toml").write_text('home = "huis"\n', encoding="utf-8-sig")
    assert Settings().home == tmp_path / "huis"
