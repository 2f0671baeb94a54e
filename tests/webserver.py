"""What the pages tell to type and then serves until Ctrl-C: Dagster's UI and daemon. For tests and for benchmarks.

The line is read from its page, bash types it, and it must end well when it is no longer needed.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.pages import ROOT, line_on

DAEMON, WEBSERVER = (line_on("deploy/README.md", begin) for begin in ("dagster-daemon run", "dagster-webserver"))


@contextmanager
def serving(line: str, directory: Path, variables: Mapping[str, str]) -> Iterator[Path]:
    """A line that is typed in a directory and goes on until Ctrl-C; what it says is in the file that is given.

    Raises AssertionError when it does not end well after that.
    """
    path = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    with tempfile.NamedTemporaryFile(suffix=".log") as said:
        server = subprocess.Popen(
            ["bash", "-c", line],
            cwd=directory,
            env=os.environ | path | {"DAGSTER_DISABLE_TELEMETRY": "yes"} | variables,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            yield Path(said.name)
        finally:
            os.killpg(server.pid, signal.SIGINT)
            try:
                server.wait(timeout=90)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
        told = Path(said.name).read_text(encoding="utf-8")
        assert server.returncode in (0, -signal.SIGINT), told[-2000:]


@contextmanager
def webserver(directory: Path, home: Path, variables: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a UI that runs in a directory, on the instance in ``home``, until it is no longer needed."""
    port = free_port()
    told = {"DAGSTER_HOME": str(home), "DAGSTER_WEBSERVER_PORT": str(port)}
    with serving(WEBSERVER, directory, told | dict(variables or {})):
        url = f"http://127.0.0.1:{port}"
        wait_for(url, seconds=120)
        yield url


def read_at(port: int) -> dict[str, str]:
    """The variables that say that all pages are read at a port of this machine."""
    base = f"http://127.0.0.1:{port}"
    paths = {"SITE_ADRES": "rapport", "RAPPORT_ADRES": "overzichten", "TERUGKOPPELING_ADRES": "terugkoppeling"}
    paths |= {"HANDLEIDING": "handleiding/docs/runbook.md"}
    return {f"JOS_{name}": f"{base}/{path}" for name, path in paths.items()}


@contextmanager
def reading_room(directory: Path, addresses: Mapping[str, str]) -> Iterator[None]:
    """The pages of an installation, as `make dev` serves them, at addresses of one port."""
    with serving("exec python -m jos_pipeline.reading_room", directory, addresses) as said:
        for _ in range(240):
            try:
                urllib.request.urlopen(addresses["JOS_HANDLEIDING"], timeout=2).close()
                break
            except OSError:
                assert not (told := said.read_text(encoding="utf-8")), told
                time.sleep(0.25)
        yield


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(url: str, seconds: int = 60) -> None:
    """Until a webserver answers. Raises TimeoutError."""
    for _ in range(seconds * 2):
        try:
            urllib.request.urlopen(f"{url}/server_info", timeout=2).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise TimeoutError("the webserver did not answer")
