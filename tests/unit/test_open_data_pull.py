"""Open data over http from a real server on the loopback: what comes, what does not, and what then still counts."""

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import dagster as dg
import pytest
from pydantic import ValidationError

from assets.open_data import MOST_DAYS, open_data_checks
from jos_pipeline.settings import Settings
from resources.opendata import OpenDataResource
from resources.pull import PullError, pull
from resources.warehouse import WarehouseStore

NAME = "leerlingen-vo-per-vestiging-2025.csv"
HEADING = '"INSTELLINGSCODE";"VESTIGINGSCODE";"AANTAL LEERLINGEN"\r\n'
GOOD = f'{HEADING}"19ZQ";"19ZQ00";805\r\n'.encode()
NEWER = f'{HEADING}"19ZQ";"19ZQ00";810\r\n'.encode()
NOW = datetime(2026, 11, 26, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@dataclass
class Answer:
    """What the server says at a path; with ``times`` it stays so for that many questions, and then is the next."""

    body: bytes = GOOD
    code: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "image/png"})
    times: int = 1_000


class Web(ThreadingHTTPServer):
    """Says what a test tells it to, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.says: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def url(self, path: str = f"/{NAME}") -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def at(self, *answers: Answer, path: str = f"/{NAME}") -> str:
        self.says[path] = list(answers)
        return self.url(path)


class _Handler(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.server.asked.append((self.path, dict(self.headers)))
        answers = self.server.says[path]
        answer = answers[0]
        answer.times -= 1
        if not answer.times:
            answers.pop(0)
        etag = answer.headers.get("ETag")
        unchanged = etag is not None and self.headers.get("If-None-Match") == etag
        self.send_response(304 if unchanged else answer.code)
        body = b"" if unchanged else answer.body
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def resource(source: str, tmp_path: Path) -> OpenDataResource:
    return OpenDataResource(source=source, store=str(tmp_path / "store"))


# --- the pull itself -----------------------------------------------------------------------------------------------


def test_a_file_comes_whatever_its_server_calls_it(web: Web) -> None:
    answer = pull(web.at(Answer(headers={"ETag": '"a"', "Last-Modified": "Thu", "Content-Type": "text/html"})))
    assert (answer.data, answer.etag, answer.last_modified) == (GOOD, '"a"', "Thu")


def test_what_did_not_change_does_not_come_again(web: Web) -> None:
    url = web.at(Answer(headers={"ETag": '"a"'}))
    assert pull(url, etag='"a"').data is None
    assert web.asked[-1][1]["If-None-Match"] == '"a"'


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_transient_error_is_tried_again(web: Web, code: int) -> None:
    url = web.at(Answer(code=code, times=2), Answer())
    assert pull(url, pause=0).data == GOOD
    assert len(web.asked) == 3


@pytest.mark.parametrize(("code", "asked"), [(404, 1), (403, 1), (503, 3)])
def test_an_error_that_stays_is_told_with_its_code(web: Web, code: int, asked: int) -> None:
    with pytest.raises(PullError, match=str(code)):
        pull(web.at(Answer(code=code)), pause=0)
    assert len(web.asked) == asked


def test_a_server_that_is_not_there_is_told_without_its_address() -> None:
    with pytest.raises(PullError, match="niet te bereiken") as told:
        pull("http://127.0.0.1:9/geheim.csv", pause=0)
    assert "geheim" not in str(told.value)
    assert told.value.__cause__ is None


def test_a_file_that_is_too_large_or_too_slow_is_given_up(web: Web) -> None:
    with pytest.raises(PullError, match="groter dan 10 bytes"):
        pull(web.at(Answer()), most_bytes=10)
    with pytest.raises(PullError, match="langzaam"):
        pull(web.at(Answer()), most_seconds=-1)


def test_a_redirect_is_followed_to_http_only_and_not_for_ever(web: Web) -> None:
    web.at(Answer())
    assert pull(web.at(Answer(code=302, headers={"Location": f"/{NAME}"}), path="/oud")).data == GOOD
    for elsewhere in ("file:///etc/passwd", "ftp://127.0.0.1/x", "http://u:p@127.0.0.1/x"):
        with pytest.raises(PullError):
            pull(web.at(Answer(code=302, headers={"Location": elsewhere}), path="/oud"))
    with pytest.raises(PullError, match="te vaak"):
        pull(web.at(Answer(code=302, headers={"Location": "/rond"}), path="/rond"))


@pytest.mark.parametrize("url", ["file:///etc/passwd", "s3://bucket/x.csv", "http://", "https://user:secret@duo.nl/x"])
def test_another_kind_of_address_is_not_used(url: str) -> None:
    with pytest.raises(PullError):
        pull(url)


def test_a_password_in_an_address_is_refused_with_the_settings() -> None:
    with pytest.raises(ValidationError, match="geen gebruikersnaam of wachtwoord"):
        Settings(open_data="https://user:secret@duo.nl/leerlingen-vo-2025.csv")


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_a_pulled_file_is_kept_under_its_hash_with_where_it_came_from(web: Web, tmp_path: Path) -> None:
    url = web.at(Answer())
    (file,) = resource(f"{url}?sleutel=geheim", tmp_path).refresh(NOW)
    assert file.read() == GOOD
    assert file.path is not None
    assert file.path.stem == file.sha256
    assert (file.name, file.schooljaar, file.herkomst) == (NAME, "2025-2026", url)
    assert (file.opgehaald_op, file.gecontroleerd_op, file.probleem) == (NOW, NOW, "")
    store = WarehouseStore(f"sqlite:///{tmp_path / 'w.db'}")
    store.record_open_data([file])
    (row,) = store.open_data().to_dict("records")
    assert (row["bestand"], row["sha256"], row["grootte"]) == (NAME, file.sha256, len(GOOD))
    assert "geheim" not in str(row)


@pytest.mark.parametrize(
    "failing",
    [Answer(code=404), Answer(body=b"<html>Onderhoud</html>"), Answer(body=b""), Answer(body=HEADING.encode())],
    ids=["weg", "een pagina", "leeg", "alleen een kop"],
)
def test_a_failing_pull_keeps_the_last_good_file_and_says_so(web: Web, tmp_path: Path, failing: Answer) -> None:
    url = web.at(Answer(times=1), failing)
    pulled = resource(url, tmp_path)
    pulled.refresh(NOW)
    (file,) = pulled.refresh(LATER)
    assert file.read() == GOOD
    assert file.probleem
    assert (file.opgehaald_op, file.gecontroleerd_op) == (NOW, NOW)
    web.at(Answer(body=NEWER))
    (file,) = pulled.refresh(LATER)
    assert (file.read(), file.probleem, file.opgehaald_op) == (NEWER, "", LATER)


def test_what_never_came_is_told_and_is_no_file(web: Web, tmp_path: Path) -> None:
    pulled = resource(web.at(Answer(code=404)), tmp_path)
    (file,) = pulled.refresh(NOW)
    assert (file.path, file.probleem) == (None, "de server antwoordt met code 404")
    assert pulled.usable() == []


def test_the_runs_of_a_night_ask_once_and_the_next_night_asks_whether_it_changed(web: Web, tmp_path: Path) -> None:
    pulled = resource(web.at(Answer(headers={"ETag": '"a"'})), tmp_path)
    for minutes in (0, 5, 50):
        pulled.refresh(NOW + timedelta(minutes=minutes))
    assert len(web.asked) == 1
    (file,) = pulled.refresh(LATER)
    assert len(web.asked) == 2
    assert (file.opgehaald_op, file.gecontroleerd_op) == (NOW, LATER)


def test_a_copy_that_was_lost_is_pulled_again(web: Web, tmp_path: Path) -> None:
    pulled = resource(web.at(Answer(headers={"ETag": '"a"'})), tmp_path)
    (file,) = pulled.refresh(NOW)
    assert file.path is not None
    file.path.unlink()
    assert pulled.usable() == []
    (file,) = pulled.refresh(LATER)
    assert file.read() == GOOD


def test_a_list_holds_directories_and_addresses_with_or_without_a_name(web: Web, tmp_path: Path) -> None:
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "leerlingen-vo-2024.csv").write_bytes(GOOD)
    (tmp_path / "map" / "rommel.csv").write_bytes(b"a;b\n1;2\n")
    listed = tmp_path / "bronnen.txt"
    listed.write_text(f"# DUO\n\nmap\n{web.at(Answer(), path='/download')}\n{NAME} {web.url('/download')}2\n")
    web.at(Answer(), path="/download2")
    files = {file.name: file for file in resource(str(listed), tmp_path).refresh(NOW)}
    assert set(files) == {"leerlingen-vo-2024.csv", "rommel.csv", "download", NAME}
    assert {name for name, file in files.items() if file.is_usable} == {"leerlingen-vo-2024.csv", NAME}
    assert all(files[name].probleem for name in ("rommel.csv", "download"))
    assert files["leerlingen-vo-2024.csv"].herkomst == "map"


# --- what people are told ------------------------------------------------------------------------------------------


def test_the_check_tells_of_a_failed_pull_and_which_file_still_counts(web: Web, tmp_path: Path) -> None:
    pulled = resource(web.at(Answer(times=1), Answer(code=404)), tmp_path)
    (check,) = open_data_checks()
    pulled.refresh(datetime.now(UTC) - timedelta(hours=2))
    assert check(open_data=pulled).passed
    pulled.refresh(datetime.now(UTC))
    failed = check(open_data=pulled)
    assert (failed.passed, failed.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "code 404; het bestand van" in str(failed.metadata["met_probleem"])


def test_the_check_tells_the_age_of_a_file_that_nothing_newer_came_for(web: Web, tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_bytes(GOOD)
    (check,) = open_data_checks()
    assert check(open_data=resource(str(tmp_path), tmp_path)).passed
    long_ago = (datetime.now(UTC) - timedelta(days=MOST_DAYS + 1)).timestamp()
    os.utime(file, (long_ago, long_ago))
    told = check(open_data=resource(str(tmp_path), tmp_path))
    assert not told.passed
    assert f"{NAME} ({MOST_DAYS + 1} dagen)" in str(told.metadata["te_oud"])
