"""Telling people for real: over HTTP and SMTP to servers of our own, and into the log book."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from jos_pipeline.alerts import Alert
from resources.heartbeat import VARIABLE as HEARTBEAT_URL
from resources.heartbeat import Beat, beat, last_beat
from resources.notifier import Telling
from resources.targets import VARIABLE, Address, AddressError, LogBook, addresses
from tests.unit.test_warehouse import store, url  # noqa: F401 - fixtures: SQLite, and PostgreSQL when there is one

NOW = datetime(2023, 3, 1, 9, tzinfo=UTC)  # a Wednesday
LATE = Alert("te_laat/x", "JOS-S050", "Coöperatie School X", "leerlingen: uiterste datum 22 februari 2023")
REFUSED = Alert("geweigerd/1", "JOS-S051", "School Y", "een bestand (levering 1) is geweigerd")


class Web(ThreadingHTTPServer):
    """Keeps what it is sent, and answers with ``status``."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Web)
        self.received: list[dict] = []
        self.status = 200

    @property
    def port(self):
        return self.server_address[1]

    @property
    def bodies(self):
        return [one["message"] for one in self.received]


class _Web(BaseHTTPRequestHandler):
    def do_POST(self):
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.status == 200:
            self.server.received.append(content)
        self.send_response(self.server.status)
        self.end_headers()

    def do_GET(self):
        self.server.received.append({"path": self.path})
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        pass


class Post(socketserver.ThreadingTCPServer):
    """A mail server that takes every message and keeps it."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Post)
        self.mails = []

    @property
    def port(self):
        return self.server_address[1]


class _Post(socketserver.StreamRequestHandler):
    def _say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self._say("220 proef")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self._say("354 ga uw gang")
                lines = []
                while (part := self.rfile.readline()) != b".\r\n":
                    lines.append(part.removeprefix(b".") if part.startswith(b"..") else part)
                self.server.mails.append(message_from_bytes(b"".join(lines), policy=default))
            self._say("221 dag" if word == b"QUIT" else "250 goed")
            if word == b"QUIT":
                return


@contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def web() -> Iterator[Web]:
    with serving(Web()) as server:
        yield server


def telling(*targets, hours="", repeat_days=7):
    return Telling(targets, "Regio X", "docs/runbook.md", repeat_days, hours)


def hook(web):
    return Address(f"json://127.0.0.1:{web.port}/?token=geheim", 1)


def book_lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_problem_is_sent_once_and_its_end_too(web, store):  # noqa: F811
    target = telling(hook(web))
    assert target.tell(store, [LATE], NOW).taken == (hook(web).name,)
    assert target.tell(store, [LATE], NOW).taken == ()
    target.tell(store, [LATE, REFUSED], NOW)
    target.tell(store, [REFUSED], NOW)
    titles = [one["title"] for one in web.received]
    assert titles == ["JOS-monitor Regio X: 1 nieuw", "JOS-monitor Regio X: 1 nieuw", "JOS-monitor Regio X: 1 opgelost"]
    assert ["School X" in body for body in web.bodies] == [True, False, True]
    target.tell(store, [LATE, REFUSED], NOW + timedelta(days=8))
    assert web.received[-1]["title"] == "JOS-monitor Regio X: 1 nieuw, 1 nog open"


def test_a_target_that_refuses_is_told_next_time_and_costs_the_others_nothing(web, store, tmp_path):  # noqa: F811
    book = tmp_path / "meldingen.jsonl"
    both = telling(LogBook(book), hook(web))
    web.status = 500
    outcome = both.tell(store, [LATE], NOW)
    assert (outcome.taken, outcome.failed) == (("logboek",), (hook(web).name,))
    web.status = 200
    outcome = both.tell(store, [LATE], NOW)
    assert (outcome.taken, outcome.failed) == ((hook(web).name,), ())
    assert [line["melding"] for line in book_lines(book)] == ["nieuw"]
    assert len(web.received) == 1


def test_a_target_that_is_down_is_no_exception_and_says_nothing_of_its_address(store, capfd, caplog):  # noqa: F811
    with serving(Web()) as gone:
        address = Address(f"json://gebruiker:wachtwoord@127.0.0.1:{gone.port}/geheim", 1)
    assert telling(address).tell(store, [LATE], NOW).failed == (address.name,)
    said = "".join(capfd.readouterr()) + caplog.text + address.name
    assert not [word for word in ("gebruiker", "wachtwoord", "geheim", "127.0.0.1") if word in said]


def test_mail_arrives_with_subject_and_advice(store):  # noqa: F811
    with serving(Post()) as post:
        mail = Address(f"mailto://127.0.0.1:{post.port}?mode=insecure&from=jos@monitor.nl&to=beheer@monitor.nl", 1)
        assert telling(mail).tell(store, [LATE], NOW).taken == (mail.name,)
        (sent,) = post.mails
    assert str(make_header(decode_header(sent["Subject"]))) == "JOS-monitor Regio X: 1 nieuw"
    assert "beheer@monitor.nl" in sent["To"]
    text = sent.get_body(("plain",)).get_content()
    assert "Coöperatie School X" in text
    assert "Wat te doen: Vraag de leverancier" in text


def test_at_night_people_sleep_and_the_log_book_does_not(web, store, tmp_path):  # noqa: F811
    both = telling(LogBook(tmp_path / "boek"), hook(web), hours="8-18")
    night = NOW.replace(hour=2)
    assert both.tell(store, [LATE], night).taken == ("logboek",)
    assert both.tell(store, [LATE], NOW).taken == (hook(web).name,)


def test_a_log_book_that_cannot_be_written_is_a_target_that_failed(store, tmp_path):  # noqa: F811
    (tmp_path / "bestand").touch()
    assert telling(LogBook(tmp_path / "bestand" / "boek")).tell(store, [LATE], NOW).failed == ("logboek",)
    assert not store.told("logboek")


def test_a_test_message_is_sent_and_not_remembered(web, store):  # noqa: F811
    assert telling(hook(web)).test().taken == (hook(web).name,)
    assert "proefmelding" in web.received[0]["title"]
    assert not store.told(hook(web).name)


def test_addresses_come_from_the_environment_or_else_a_file(tmp_path, monkeypatch):
    file = tmp_path / "adressen"
    file.write_text("# beheer\njson://een/\n\n json://twee/ \n", encoding="utf-8")
    monkeypatch.delenv(VARIABLE, raising=False)
    assert [one.name for one in addresses(file)] == [Address("json://een/", 1).name, Address("json://twee/", 2).name]
    monkeypatch.setenv(VARIABLE, "json://drie/ json://vier/")
    assert len(addresses(file)) == 2
    assert next(one.name for one in addresses(None)) == Address("json://drie/", 1).name
    monkeypatch.setenv(VARIABLE, "json://een/ onzin://geheim")
    with pytest.raises(AddressError, match="address 2") as wrong:
        Address("onzin://geheim", 2)
    assert "geheim" not in str(wrong.value)


def test_an_address_that_is_none_is_a_target_that_failed_and_the_log_book_is_written(
    store,  # noqa: F811
    web,
    tmp_path,
    monkeypatch,
):
    monkeypatch.setenv(VARIABLE, f"onzin://geheim json://127.0.0.1:{web.port}/")
    targets = (LogBook(tmp_path / "boek"), *addresses(None))
    outcome = telling(*targets).tell(store, [LATE], NOW)
    assert outcome.failed == ("adres-1-onbruikbaar",)
    assert len(outcome.taken) == 2
    assert book_lines(tmp_path / "boek")[0]["code"] == LATE.code
    monkeypatch.delenv(VARIABLE)
    assert [one.name for one in addresses(tmp_path / "weg")] == ["adressenbestand-onleesbaar"]


def test_the_heart_beats_into_a_file_a_log_book_and_a_ping(web, tmp_path, monkeypatch):
    monkeypatch.setenv(HEARTBEAT_URL, f"http://127.0.0.1:{web.port}/ping")
    file, book = tmp_path / "home" / "hartslag.json", tmp_path / "boek"
    assert last_beat(file) is None
    for hour in (0, 1, 14):  # the last one is the next day in the Netherlands
        moment = NOW + timedelta(hours=hour)
        assert beat(file, LogBook(book), Beat(moment, 3, "2022-2023/2023-02-01/1", 1))
        assert last_beat(file) == moment
    assert [line["melding"] for line in book_lines(book)] == ["alles gezien", "alles gezien"]
    assert [one["path"] for one in web.received] == ["/ping"] * 3
    web.status = 500
    assert not beat(file, LogBook(book), Beat(NOW, 3, None, 0))
    monkeypatch.setenv(HEARTBEAT_URL, "file:///etc/passwd")
    assert not beat(file, LogBook(book), Beat(NOW, 3, None, 0))


def test_a_heartbeat_that_cannot_be_read_is_none(tmp_path):
    (tmp_path / "hartslag.json").write_text("half", encoding="utf-8")
    assert last_beat(tmp_path / "hartslag.json") is None
