"""Settings: what works unset, what comes from where, and what is refused."""

import pytest
from pydantic import ValidationError

from jos_pipeline.settings import Settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("JOS_HOME", "JOS_INBOX", "JOS_LAKE", "JOS_WAREHOUSE", "JOS_CONFIG"):
        monkeypatch.delenv(name, raising=False)


def test_everything_unset_lies_below_one_directory(tmp_path):
    settings = Settings()
    assert settings.inbox_url == str(tmp_path / ".jos" / "inbox")
    assert settings.warehouse_url == f"sqlite:///{tmp_path / '.jos' / 'warehouse.db'}"
    assert settings.key_file == tmp_path / ".jos" / "sleutels" / "monitor.sleutel"


def test_the_environment_wins_from_the_file_whose_paths_are_relative_to_it(tmp_path, monkeypatch):
    (tmp_path / "ergens").mkdir()
    (tmp_path / "ergens" / "jos.toml").write_text('home = "huis"\nlake = "meer"\n', encoding="utf-8")
    monkeypatch.setenv("JOS_CONFIG", str(tmp_path / "ergens" / "jos.toml"))
    monkeypatch.setenv("JOS_HOME", str(tmp_path / "ander"))
    settings = Settings()
    assert settings.home == tmp_path / "ander"
    assert settings.lake_url == str(tmp_path / "ergens" / "meer")


def test_a_setting_that_does_not_exist_is_refused(tmp_path):
    (tmp_path / "jos.toml").write_text('inbxo = "x"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="inbxo"):
        Settings()


def test_a_lake_that_is_no_directory_is_refused_and_never_becomes_a_folder_with_a_strange_name(monkeypatch):
    monkeypatch.setenv("JOS_LAKE", "s3://emmer/meer")
    with pytest.raises(ValidationError, match="must be a directory"):
        Settings()
