"""The monitor's key: made once beside a lake of this machine, never beside one on a server."""

import stat

import pytest

from jos_pipeline.pseudonym import UnusableKeyError
from resources.dagster_resources import KeyResource
from resources.keys import VARIABLE, NoKeyError


@pytest.fixture(autouse=True)
def _nothing_in_the_environment(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


def test_a_key_is_made_once_and_for_us_alone(tmp_path):
    file = tmp_path / "sleutels" / "monitor.sleutel"
    made = KeyResource(file=str(file)).monitor_key()
    assert KeyResource(file=str(file), made_when_absent=False).monitor_key() == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_beside_a_lake_on_a_server_a_key_that_is_not_there_is_told_and_not_made(tmp_path):
    file = tmp_path / "monitor.sleutel"
    with pytest.raises(NoKeyError, match="de sleutel van de monitor is er niet: zet hem in"):
        KeyResource(file=str(file), made_when_absent=False).monitor_key()
    assert not file.exists()


@pytest.mark.parametrize("content", [b"", b"kaas", b"ab" * 31, "sléutel".encode()])
@pytest.mark.parametrize("in_a_file", [True, False])
def test_a_key_that_is_no_good_is_told_with_where_it_stands(tmp_path, monkeypatch, content, in_a_file):
    file = tmp_path / "monitor.sleutel"
    if in_a_file:
        file.write_bytes(content)
    else:
        monkeypatch.setenv(VARIABLE, content.decode() or " ")
    with pytest.raises(UnusableKeyError) as refused:
        KeyResource(file=str(file)).monitor_key()
    assert str(refused.value).startswith(f"{file if in_a_file else VARIABLE}: De sleutel ")
    assert not content.strip() or content.decode() not in str(refused.value)


def test_a_key_saved_with_a_byte_order_mark_serves(tmp_path):
    file = tmp_path / "monitor.sleutel"
    file.write_text("ab" * 31 + "cd\n", encoding="utf-8-sig")
    assert KeyResource(file=str(file)).monitor_key() == bytes.fromhex("ab" * 31 + "cd")
