"""The pages of an installation on this machine: what is read, and that nothing else is."""

import http.client
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from jos_pipeline.pages import overview_page
from jos_pipeline.reading_room import port, room
from jos_pipeline.settings import Settings
from tests.finished_demo import ROOT, clean_environment
from tests.webserver import free_port, read_at, reading_room

READ = {
    "rapport/2022-2023/index.html": "home/rapport/monitor/2022-2023/index.html",
    "rapport/2022-2023-openbaar/rapport.pdf": "home/rapport/monitor/2022-2023-openbaar/rapport.pdf",
    "overzichten/overzicht_2022-2023.html": f"home/rapport/{overview_page('2022-2023')}",
    "overzichten/datadocs/2022-2023/index.html": "home/rapport/datadocs/2022-2023/index.html",
    "terugkoppeling/vo2703/index.html": "home/rapport/terugkoppeling/vo2703/index.html",
    "terugkoppeling/vo2703/tlv%202023_0a1b2c3d/terugkoppeling.json": (
        "home/rapport/terugkoppeling/vo2703/tlv 2023_0a1b2c3d/terugkoppeling.json"
    ),
}
"""What is asked for, and the file that is the answer."""
SECRETS = (
    *("home/warehouse.db", "home/sleutels/monitor.sleutel", "home/lake/vergeten.json", "home/meldingen.jsonl"),
    *("home/lake/geaccepteerd/tlv/2022-2023/vo2703/x.parquet", "home/rapport/monitor/2022-2023/.jos-rapport"),
    *("home/rapport/los.html", "home/rapport/terugkoppeling/los.html", "home/rapport/monitor/los.html"),
    *("home/rapport/terugkoppeling/vo2703/.half/index.html", "home/rapport/terugkoppeling/vo2703/geheim.db"),
)


@dataclass(frozen=True)
class Asked:
    """A room that answers."""

    number: int

    def __call__(self, path: str, method: str = "GET", host: str = "127.0.0.1") -> tuple[int, str]:
        """Status and text; the path goes as it is written."""
        connection = http.client.HTTPConnection("127.0.0.1", self.number, timeout=20)
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", f"{host}:{self.number}")
        connection.endheaders()
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """A room as `make dev` starts it, on an installation with pages, secrets, and links from the one to the other."""
    place, number = tmp_path_factory.mktemp("huis"), free_port()
    for name in (*READ.values(), *SECRETS):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(f"dit is {name}", encoding="utf-8")
    pages = place / "home" / "rapport"
    (pages / "terugkoppeling" / "vo2703" / "weg.html").symlink_to(place / "home" / "warehouse.db")
    (pages / "terugkoppeling" / "lake").symlink_to(place / "home" / "lake")
    (pages / "monitor" / "2021-2022").symlink_to(place / "home" / "lake")
    with reading_room(place, {"JOS_HOME": str(place / "home")} | read_at(number)):
        yield Asked(number)


@pytest.mark.parametrize(("path", "file"), READ.items())
def test_pages_are_read_where_the_settings_say(asked, path, file):
    assert asked(f"/{path}") == (200, f"dit is {file}")


def test_the_manual_is_read_too_with_its_sections_links_and_pictures(asked):
    status, text = asked("/handleiding/docs/runbook.md")
    assert status == 200
    assert '<a id="jos-s050"></a>' in text
    assert '<a href="#jos-s051">JOS-S051</a>' in text
    assert "<table>" in asked("/handleiding/docs/data-engineer.md")[1]
    assert asked("/handleiding/README.md")[0] == 200


PLACES = ("rapport", "overzichten", "terugkoppeling", "handleiding", "handleiding/docs", "handleiding/docs/images")
UP = ("..", "%2e%2e", "..%2f..", "..%5c..", "%2f", "../..", "%252e%252e", "//")


@pytest.mark.parametrize("place", PLACES)
def test_nothing_else_is_found_in_whatever_way_it_is_asked_for(asked, place):
    ways = [f"/{name}" for name in ("", "vo2703", "vo2703/", "2022-2023", "2022-2023/", "2021-2022/vergeten.json")]
    ways += [f"/{name.rpartition('rapport/')[2]}" for name in SECRETS]
    ways += [f"/{name.rpartition(f'{part}/')[2]}" for name in SECRETS for part in ("terugkoppeling", "monitor")]
    ways += ["/vo2703/weg.html", "/lake/vergeten.json", "/.jos-rapport", "/index.html%00"]
    for up in UP:
        ways += [f"/{up}/{name.removeprefix('home/')}" for name in SECRETS[:4]]
        ways += [f"/2022-2023/{up}/{up}/{name}" for name in SECRETS[:4]]
    ways += ["/requirements/runtime.txt", "/jos_pipeline/settings.py", "/.git/config", "/docs/../pyproject.toml"]
    there = {f"/{place}{way}": answer for way in ways if (answer := asked(f"/{place}{way}"))[0] not in (404, 405)}
    assert there == {}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_pages_are_only_read(asked, method):
    for path in ("rapport/2022-2023/index.html", "terugkoppeling/vo2703/index.html", "handleiding/README.md"):
        assert asked(f"/{path}", method)[0] == 405


def test_a_website_whose_name_leads_to_this_machine_gets_nothing(asked):
    assert asked("/terugkoppeling/vo2703/index.html", host="kwaad.example.nl")[0] == 400
    assert asked("/terugkoppeling/vo2703/index.html", host="localhost")[0] == 200


def test_what_is_read_elsewhere_is_not_served_here(tmp_path):
    chosen = Settings(
        home=tmp_path, site_adres="https://monitor.example.nl/rapport", terugkoppeling_adres="http://127.0.0.1:3100/t"
    )
    assert [route.path for route in room(chosen).routes] == ["/t"]
    assert port(chosen) == 3100
    assert port(Settings(home=tmp_path)) is None
    with pytest.raises(ValueError, match="one port"):
        port(chosen.model_copy(update={"site_adres": "http://127.0.0.1:3200"}))


def test_where_nothing_is_read_here_the_room_ends_at_once(tmp_path):
    command = [sys.executable, "-m", "jos_pipeline.reading_room"]
    done = subprocess.run(command, cwd=tmp_path, env=clean_environment(), capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_port_that_something_else_has_is_told_with_what_to_do(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        command = [sys.executable, "-m", "jos_pipeline.reading_room"]
        environment = clean_environment() | read_at(number)
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=60)
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (1, b"")
    assert f"port {number} of this machine cannot be had" in said
    assert "choose another port in jos.toml" in said
    assert "Traceback" not in said


def test_the_room_of_a_demo_has_a_port_of_its_own(tmp_path, monkeypatch):
    from jos_pipeline.demo.installation import write_settings
    from jos_pipeline.school_year import SchoolYear

    write_settings(tmp_path, SchoolYear(2022))
    monkeypatch.chdir(tmp_path)
    chosen = Settings()
    paths = sorted(route.path for route in room(chosen).routes)
    assert paths == ["/handleiding", "/overzichten", "/rapport", "/terugkoppeling"]
    said = (ROOT / "docs" / "data-engineer.md").read_text(encoding="utf-8")
    assert f"http://127.0.0.1:{port(chosen)}" in said
