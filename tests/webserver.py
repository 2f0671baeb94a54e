"""The real webserver of Dagster on the loopback, for tests in a browser and for benchmarks of the UI."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


@contextmanager
def webserver(directory: Path, home: Path, variables: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of one that runs in a directory, on the instance in ``home``, until it is no longer needed."""
    port = free_port()
    told = {"DAGSTER_HOME": str(home), "DAGSTER_DISABLE_TELEMETRY": "yes", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "dagster_webserver", "-m", "jos_pipeline.definitions", "-h", "127.0.0.1"]
    server = subprocess.Popen(
        [*command, "-p", str(port)],
        cwd=directory,
        env=os.environ | told | (variables or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, seconds=120)
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


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
