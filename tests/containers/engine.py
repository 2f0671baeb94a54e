"""A Docker engine with Compose, and the images that ``deploy/`` names.

An engine that answers is used. Where none does, root starts one of its own, which is thrown away with its images. An
image that cannot be pulled is made of Debian's own packages under the same name (``stand_ins/``), so that what is typed
is what the page says.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
IMAGES = {
    "python:3.12-slim-bookworm": "python",
    "postgres:16-bookworm": "postgres",
    "caddy:2": "caddy",
}
"""What ``deploy/`` names, and what makes it where it cannot be pulled."""
PACKAGES = "python3,python3-venv,ca-certificates,postgresql,caddy"
CERTIFICATES = Path("etc/ssl/certs/ca-certificates.crt")
PLUGIN = """#!/bin/sh
[ "$1" = docker-cli-plugin-metadata ] && { echo '%s'; exit; }
shift
exec docker-compose "$@"
"""
"""Compose 1 as the plugin `docker compose`, where Compose 2 is not there."""


@dataclass(frozen=True)
class Docker:
    """An engine that answers, and the variables with which commands find it."""

    directory: Path
    variables: dict[str, str]

    def done(self, *command: str | Path, seconds: int = 900) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, env=os.environ | self.variables, capture_output=True, text=True, check=False, timeout=seconds
        )

    def said(self, *command: str | Path, seconds: int = 900) -> str:
        """What a command says. AssertionError when it does not end well."""
        done = self.done(*command, seconds=seconds)
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def older_names(self) -> list[tuple[str, str, str]]:
        """What a file in ``deploy/`` says that Debian's Compose 1.29 or Caddy 2.6 does not know, and what they do."""
        compose = self.said("docker", "compose", "version").partition("\n")[0]
        caddy = self.said("docker", "run", "--rm", "caddy:2", "caddy", "version")
        names = [("deploy/compose/compose.yaml", "name: jos\n", "", " 1." in compose)]
        names.append(("deploy/proxy/Caddyfile", "basic_auth", "basicauth", caddy.startswith("2.6")))
        return [(file, newer, older) for file, newer, older, is_old in names if is_old]

    def get_images(self) -> None:
        """Pulls every image that is not there, or makes it."""
        missing = [image for image in IMAGES if self.done("docker", "image", "inspect", image).returncode]
        missing = [image for image in missing if self.done("docker", "pull", "--quiet", image).returncode]
        if missing:
            self._make_base()
        for image in missing:
            file = HERE / "stand_ins" / f"{IMAGES[image]}.Dockerfile"
            self.said("docker", "build", "--quiet", "--tag", image, "--file", file, file.parent)

    def _make_base(self) -> None:
        """Debian with Python, PostgreSQL and Caddy, and the certificates of this machine."""
        root = self.directory / "debian"
        mirror = self.said("apt-get", "indextargets", "--format", "$(SITE)").splitlines()[0]
        self.said("debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", root, mirror)
        shutil.rmtree(root / "var/lib/postgresql/15")
        for left in (root / "var/cache/apt/archives").glob("*.deb"):
            left.unlink()
        shutil.copy(Path("/") / CERTIFICATES, root / CERTIFICATES)
        packed = self.directory / "debian.tar"
        self.said("tar", "--directory", root, "--create", "--file", packed, ".")
        trusting = f"ENV PIP_CERT=/{CERTIFICATES} SSL_CERT_FILE=/{CERTIFICATES} LANG=C.UTF-8"
        self.said("docker", "import", "--change", trusting, packed, "jos-debian")
        shutil.rmtree(root)
        packed.unlink()


@contextmanager
def docker_engine(directory: Path) -> Iterator[Docker]:
    """An engine with Compose. Skips where there is none and none can be started."""
    for name in ("docker", "debootstrap"):
        if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin") is None:
            pytest.skip(f"{name} is not there (Debian: docker.io docker-compose debootstrap iptables)")
    variables = {"PATH": f"{os.environ['PATH']}:/usr/sbin", "COMPOSE_PROJECT_NAME": "jos"}
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
        variables["DOCKER_CONFIG"] = str(_with_plugin(directory / "config"))
    if subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0:
        yield Docker(directory, variables)
        return
    if os.getuid() or shutil.which("dockerd", path=variables["PATH"]) is None:
        pytest.skip("no Docker engine answers, and none can be started")
    variables["DOCKER_HOST"] = f"unix://{directory}/socket"
    places = [f"--{name}={directory}/{name}" for name in ("data-root", "exec-root", "pidfile")]
    with (directory / "log").open("w") as log:
        command = ["dockerd", *places, f"--host={variables['DOCKER_HOST']}"]
        server = subprocess.Popen(command, env=os.environ | variables, stdout=log, stderr=log)
    engine = Docker(directory, variables)
    try:
        for _ in range(120):
            if engine.done("docker", "info").returncode == 0:
                break
            assert server.poll() is None, (directory / "log").read_text()[-3000:]
            time.sleep(0.5)
        yield engine
    finally:
        server.terminate()
        server.wait(timeout=120)


def _with_plugin(config: Path) -> Path:
    if shutil.which("docker-compose") is None:
        pytest.skip("Compose is not there (Debian: docker-compose)")
    plugin = config / "cli-plugins" / "docker-compose"
    plugin.parent.mkdir(parents=True)
    about = {"SchemaVersion": "0.1.0", "Vendor": "Docker", "Version": "1", "ShortDescription": "Compose 1"}
    plugin.write_text(PLUGIN % json.dumps(about))
    plugin.chmod(0o755)
    return config
