"""A PostgreSQL server of our own, that can be taken away. What is kept on it is not known here."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.webserver import free_port

PROGRAMS = Path("/usr/lib/postgresql")
_TEXT = ("--encoding", "UTF8", "--no-locale")


def is_installed() -> bool:
    return any(PROGRAMS.glob("*/bin/initdb"))


class Cluster:
    """A PostgreSQL server of our own, that can be taken away."""

    def __init__(self, directory: Path) -> None:
        self._bin = max(PROGRAMS.glob("*/bin"))
        self._data, self.port = directory / "data", free_port()
        directory.mkdir(parents=True)
        if os.getuid() == 0:
            shutil.chown(directory, "postgres")
        self._do("initdb", "-D", str(self._data), "-A", "trust", "-U", "postgres", "--no-sync", *_TEXT)

    def start(self) -> None:
        told = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._data} -c fsync=off"
        self._do("pg_ctl", "-D", str(self._data), "-w", "-s", "-l", str(self._data / "log"), "-o", told, "start")

    def stop(self) -> None:
        """As when its machine loses power: whoever is at work loses the connection."""
        self._do("pg_ctl", "-D", str(self._data), "-m", "immediate", "-s", "stop")

    def end(self) -> None:
        """In order, so that nothing of it stays behind."""
        self._do("pg_ctl", "-D", str(self._data), "-m", "fast", "-s", "stop")

    def url(self, database: str) -> str:
        self._make(database)
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def copy(self, database: str, copied: str) -> None:
        self._make("-T", database, copied)

    def _make(self, *arguments: str) -> None:
        self._do("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", *arguments)

    def _do(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        subprocess.run([*as_postgres, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")
