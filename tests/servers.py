"""Real servers, each on a port of this machine: an S3 API (moto) and OpenSSH's sshd. A plugin of ``conftest.py``.

Libraries are imported where they are used: every process of pytest reads this module.
"""

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from resources.dagster_resources import InboxResource

SSHD = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
AWS = {"AWS_ACCESS_KEY_ID": "sleutelnaam", "AWS_SECRET_ACCESS_KEY": "Geheim1234", "AWS_DEFAULT_REGION": "us-east-1"}


@pytest.fixture(scope="session")
def object_store() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(object_store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty bucket; keys and endpoint are in the environment."""
    import boto3
    import s3fs

    for name, value in {**AWS, "AWS_ENDPOINT_URL": object_store}.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()  # one that remembers another endpoint
    name = f"emmer-{abs(hash(tmp_path))}"
    boto3.client("s3").create_bucket(Bucket=name)
    return f"s3://{name}"


@dataclass
class SftpServer:
    """sshd with one account, ours, which logs in with a key file."""

    directory: Path
    host: str
    port: int
    process: subprocess.Popen | None = None

    @classmethod
    def made(cls, directory: Path, host: str = "127.0.0.1") -> "SftpServer":
        """One with keys and settings of its own, ready to start at an address of this machine."""
        if os.getuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)  # sshd wants it; a service would have made it
        for name in ("hostkey", "sleutel"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", directory / name], check=True)
        with socket.socket() as free:
            free.bind((host, 0))
            server = cls(directory, host, free.getsockname()[1])
        (directory / "sshd_config").write_text(
            f"Port {server.port}\nListenAddress {host}\nHostKey {directory}/hostkey\n"
            f"AuthorizedKeysFile {directory}/sleutel.pub\nStrictModes no\nUsePAM no\nPidFile none\n"
            "PasswordAuthentication no\nSubsystem sftp internal-sftp\n"
        )
        host_key = (directory / "hostkey.pub").read_text().rsplit(" ", 1)[0]
        server.known_hosts.write_text(f"[{host}]:{server.port} {host_key}\n")
        server.root.mkdir()
        return server

    @property
    def root(self) -> Path:
        return self.directory / "inbox"

    @property
    def key(self) -> Path:
        return self.directory / "sleutel"

    @property
    def known_hosts(self) -> Path:
        return self.directory / "known_hosts"

    @property
    def address(self) -> str:
        return f"sftp://{getpass.getuser()}@{self.host}:{self.port}{self.root}"

    def start(self) -> None:
        command = [str(SSHD), "-D", "-E", self.directory / "log", "-f", self.directory / "sshd_config"]
        self.process = subprocess.Popen(command)
        for _ in range(100):
            with socket.socket() as asked:
                if asked.connect_ex((self.host, self.port)) == 0:
                    return
            time.sleep(0.05)
        pytest.fail((self.directory / "log").read_text())

    def stop(self) -> None:
        """Ends the server and every session of it."""
        subprocess.run(["pkill", "-P", str(self.process.pid)], check=False)
        self.process.terminate()
        self.process.wait()

    def resource(self, seconds: float = 0, **changed: str) -> "InboxResource":
        from resources.dagster_resources import InboxResource

        given = {"url": self.address, "sftp_key_file": str(self.key), "sftp_known_hosts": str(self.known_hosts)}
        return InboxResource(stable_seconds=seconds, **(given | changed))

    def put(self, name: str, content: bytes = b"x") -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[SftpServer]:
    if SSHD is None:
        pytest.skip("sshd is not there (Debian: openssh-server)")
    server = SftpServer.made(tmp_path)
    server.start()
    yield server
    server.stop()
