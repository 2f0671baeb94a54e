"""Hosts on one machine: each with a network stack and a file system of its own, that share a PostgreSQL server.

A host is a network namespace on a bridge, and for every process in it a mount namespace in which only its own
directory is there. Its power can be cut: then no packet of it arrives any more, so that no server hears that its
processes are gone. Needs root and iproute2. What is run on the hosts is not known here.
"""

import ctypes
import getpass
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

HOME = Path("/mnt")
"""Where every host has its own directory."""
POSTGRES = max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=Path("/none/initdb")).parent
_NEWNS, _NEWNET, _PRIVATE = 0x20000, 0x40000000, (1 << 18) | (1 << 14)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


@dataclass
class Host:
    """One host. Its directory can be looked into from outside, whatever became of it."""

    name: str
    directory: Path
    wire: str
    process: BaseProcess | None = None

    def start(self, command: Callable[[], int], environment: dict[str, str]) -> None:
        """Starts a command on it, as root of a machine that has nothing but its directory and the network."""
        _ip("link", "set", self.wire, "up")
        living = multiprocessing.get_context("forkserver")
        living.set_forkserver_preload([command.__module__])
        self.process = living.Process(target=_live, args=(self.name, self.directory, command, environment))
        self.process.start()
        until(lambda: os.getpgid(self.process.pid) == self.process.pid)  # on a busy machine it takes a while

    def ended(self, seconds: float = 1200) -> int | None:
        """Waits for the command; gives its exit code."""
        self.process.join(seconds)
        return self.process.exitcode

    def said(self) -> str:
        return (self.directory / "uitvoer").read_text()

    def freeze(self) -> None:
        """Everything on it stands still; its system still answers the network."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def lose_power(self) -> None:
        """From one moment to the next the host is gone; nobody is told."""
        _ip("link", "set", self.wire, "down")
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join()


def _live(name: str, directory: Path, command: Callable[[], int], environment: dict[str, str]) -> None:
    os.setsid()
    libc = ctypes.CDLL(None, use_errno=True)
    with Path("/run/netns", name).open() as network:
        _checked(libc.setns(network.fileno(), _NEWNET))
    _checked(libc.unshare(_NEWNS))
    _checked(libc.mount(None, b"/", None, _PRIVATE, None))
    subprocess.run(["mount", "--bind", directory, HOME], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "none", directory.parent], check=True)  # those of the others
    os.chdir(HOME)
    os.environ.update(environment)
    with Path("uitvoer").open("w") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
        sys.exit(command())


def _checked(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), "the kernel refused")


@dataclass(frozen=True)
class Network:
    """The hosts, and what they share."""

    hosts: tuple[Host, ...]
    address: str
    postgres_port: int


@contextmanager
def network(names: tuple[str, ...], below: Path) -> Iterator[Network]:
    """A network of hosts with these names. Skips where it cannot be made, and says what is missing."""
    if os.getuid() != 0:
        pytest.skip("hosts of their own need root")
    if shutil.which("ip") is None:
        pytest.skip("ip is not there (Debian: iproute2)")
    if not (POSTGRES / "initdb").exists():
        pytest.skip("a PostgreSQL server is not there (Debian: postgresql)")
    number = os.getpid() % 250
    bridge, address = f"josbr{number}", f"10.231.{number}.1"
    with ExitStack() as made:
        _ip("link", "add", bridge, "type", "bridge")
        made.callback(_ip, "link", "del", bridge)
        _ip("addr", "add", f"{address}/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        hosts = tuple(
            made.enter_context(_host(name, f"josh{number}{place}", bridge, f"10.231.{number}.{place}", below))
            for place, name in enumerate(names, start=2)
        )
        yield Network(hosts, address, made.enter_context(_postgres(address)))


@contextmanager
def _host(name: str, wire: str, bridge: str, address: str, below: Path) -> Iterator[Host]:
    full = f"{wire}-{name}"
    _ip("netns", "add", full)
    try:
        _ip("link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", full)
        _ip("link", "set", wire, "master", bridge, "up")
        for command in (["addr", "add", f"{address}/24", "dev", "eth0"], ["link", "set", "eth0", "up"]):
            _ip("-n", full, *command)
        _ip("-n", full, "link", "set", "lo", "up")
        host = Host(full, below / name, wire)
        host.directory.mkdir(parents=True)
        yield host
        if host.process is not None and host.process.is_alive():
            os.killpg(host.process.pid, signal.SIGKILL)
            host.process.join()
    finally:
        _ip("link", "del", wire)
        _ip("netns", "del", full)


@contextmanager
def _postgres(address: str) -> Iterator[int]:
    """A PostgreSQL server on this address; gives its port."""
    directory = Path(tempfile.mkdtemp(prefix="jos-pg-"))
    shutil.chown(directory, "postgres")
    run = partial(subprocess.run, check=True, cwd="/", stdout=subprocess.DEVNULL)
    as_postgres = [] if getpass.getuser() == "postgres" else ["runuser", "-u", "postgres", "--"]
    with socket.socket() as free:
        free.bind((address, 0))
        port = free.getsockname()[1]
    run([*as_postgres, POSTGRES / "initdb", "-D", directory / "data", "-A", "trust", "-U", "postgres", "--no-sync"])
    with (directory / "data" / "pg_hba.conf").open("a") as trusted:
        trusted.write("host all all samenet trust\n")
    options = f"-p {port} -c listen_addresses={address} -c unix_socket_directories={directory} -c fsync=off"
    control = [*as_postgres, POSTGRES / "pg_ctl", "-D", directory / "data", "-w", "-s", "-l", directory / "log"]
    run([*control, "-o", options, "start"])
    try:
        yield port
    finally:
        run([*control, "-m", "immediate", "stop"])
        shutil.rmtree(directory)


def until(seen: Callable[[], bool], seconds: float = 900) -> None:
    """Waits until something is there to be seen; the machine may be busy, and looking must not make it busier."""
    end = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)
