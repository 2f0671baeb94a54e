"""``deploy/compose`` as its page tells to start it: containers, a delivery that becomes figures, a login, a restart."""

import base64
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from secrets import token_hex

import pytest

from tests.containers.engine import Docker
from tests.pages import ROOT, line_on
from tests.records import delivery
from tests.servers import AWS, SftpServer
from tests.webserver import wait_for

PAGE = "deploy/README.md"
BEGIN = ("cp deploy/compose", "docker compose", "chown", "docker build")
COPY, UP, OWNER, BUILD = (line_on(PAGE, begin) for begin in BEGIN)
HASH = re.search(r"docker run .*hash-password", (ROOT / "deploy/compose/productie.env.example").read_text())[0]
NAME = "tlv_2022-2023_2023-02-15.csv"
UI = "http://127.0.0.1:3000"
PATIENCE = 300
"""Seconds for sensor, run and a slow machine."""


def until(asked: Callable[[], bool], what: Callable[[], str]) -> None:
    end = time.monotonic() + PATIENCE
    while not asked():
        assert time.monotonic() < end, what()
        time.sleep(2)


@dataclass
class Installation:
    """What was started as the page says, in a copy of the project."""

    docker: Docker
    place: Path
    sftp: SftpServer

    def typed(self, line: str) -> str:
        return self.docker.said("bash", "-c", f"cd {self.place} && {line}")

    def compose(self, rest: str) -> str:
        return self.typed(f"{UP.partition(' up ')[0]} {rest}")

    def asked(self, sql: str) -> str:
        return self.compose(f'exec -T postgres psql -U jos -d warehouse -Atc "{sql}"').strip()

    def log(self) -> str:
        return self.compose("logs --tail=60")[-8000:]


@pytest.fixture(scope="module")
def gateway(docker: Docker) -> str:
    """The address of this machine as containers see it."""
    subnet = docker.said("docker", "network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Subnet}}")
    return str(next(ip_network(subnet.strip()).hosts()))


@pytest.fixture(scope="module")
def bucket(gateway: str) -> Iterator[str]:
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address=gateway, port=0, verbose=False)
    server.start()
    address = f"http://{gateway}:{server.get_host_and_port()[1]}"
    keys = {"aws_access_key_id": AWS["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": AWS["AWS_SECRET_ACCESS_KEY"]}
    boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys).create_bucket(Bucket="jos-meer")
    yield address
    server.stop()


@pytest.fixture(scope="module")
def installation(docker: Docker, gateway: str, bucket: str, tmp_path_factory) -> Iterator[Installation]:
    place = tmp_path_factory.mktemp("clone")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in names.split("\0")[:-1]:
        if (ROOT / name).exists():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
    for file, newer, older in docker.older_names():
        (place / file).write_text((place / file).read_text().replace(newer, older, 1))
    sftp = SftpServer.made(tmp_path_factory.mktemp("sftp"), gateway)
    made = Installation(docker, place, sftp)
    made.typed(COPY)
    with_login = made.typed(f"{HASH} --plaintext geheim").strip()
    settings = place / "deploy" / "compose" / "productie.env"
    filled = {
        "POSTGRES_PASSWORD": "geheim-van-de-databank",
        "JOS_INBOX": sftp.address,
        "AWS_ACCESS_KEY_ID": AWS["AWS_ACCESS_KEY_ID"],
        "AWS_SECRET_ACCESS_KEY": AWS["AWS_SECRET_ACCESS_KEY"],
        "AWS_REGION": "us-east-1",
        "JOS_DOMEIN": "localhost",
        "JOS_LOGIN_HASH": f"'{with_login}'",
    }
    text = settings.read_text()
    for variable, value in filled.items():
        text = re.sub(rf"^{variable}=.*$", lambda _, set_to=f"{variable}={value}": set_to, text, flags=re.MULTILINE)
    settings.write_text(f"{text}\nAWS_ENDPOINT_URL={bucket}\n")
    secrets = place / "deploy" / "compose" / "secrets"
    secrets.mkdir(mode=0o700)
    (secrets / "monitor.sleutel").write_text(token_hex(32))
    shutil.copy(sftp.key, secrets / "sftp_sleutel")
    shutil.copy(sftp.known_hosts, secrets / "known_hosts")
    for secret in secrets.iterdir():
        secret.chmod(0o600)
    made.typed(OWNER)
    sftp.start()
    try:
        made.typed(UP.replace(" up ", " --profile proxy up "))
        wait_for(UI, seconds=PATIENCE)
        yield made
    finally:
        made.compose("--profile proxy down --volumes")
        sftp.stop()


def test_every_part_of_it_is_well(installation):
    said = installation.compose("exec -T code jos doctor")
    assert "broken:" not in said, said
    states = installation.docker.said("docker", "ps", "--format", "{{.Names}} {{.Status}}")
    assert states.count("jos") == 5, states
    assert "Restarting" not in states


def test_nothing_runs_as_root_and_the_ui_is_for_this_machine_only(installation):
    for service in ("code", "webserver", "daemon"):
        assert installation.compose(f"exec -T {service} id -u").strip() == "10001"
        capabilities = installation.compose(f"exec -T {service} grep CapEff /proc/1/status")
        assert int(capabilities.split()[1], 16) == 0
    with socket.socket() as outside:
        assert outside.connect_ex((installation.sftp.host, 3000)) != 0


def test_a_file_that_comes_by_sftp_becomes_a_delivery_and_a_finished_run(installation):
    installation.sftp.put(f"vo2703/{NAME}", delivery("tlv"))
    until(lambda: installation.asked("select oordeel from levering") == "geaccepteerd", installation.log)
    finished = "select count(*) from runs where status = 'SUCCESS'"
    of_dagster = f'exec -T postgres psql -U jos -d dagster -Atc "{finished}"'
    until(lambda: int(installation.compose(of_dagster)) > 0, installation.log)
    until(lambda: "nog niets verwerkt" not in installation.compose("exec -T code jos status"), installation.log)
    installation.compose("exec -T code test -s /data/rapport/terugkoppeling/vo2703/index.html")
    assert "geheim-van-de-databank" not in installation.log()


def test_others_come_in_through_the_proxy_and_with_a_login_only(installation):
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE

    def answer(login: str | None, path: str = "") -> int:
        asked = urllib.request.Request(f"https://localhost/{path}")
        if login:
            asked.add_header("Authorization", f"Basic {base64.b64encode(login.encode()).decode()}")
        try:
            return urllib.request.urlopen(asked, context=trusting, timeout=20).status
        except urllib.error.HTTPError as refused:
            return refused.code

    assert [answer(None), answer("beheer:fout"), answer("beheer:geheim")] == [401, 401, 200]
    page = "proef/index.html"
    installation.compose(f"exec -T code sh -c 'umask 077; mkdir /site/proef; echo een rapport > /site/{page}'")
    assert [answer(None, f"rapport/{page}"), answer("beheer:geheim", f"rapport/{page}")] == [401, 200]
    installation.compose("exec -T code rm -r /site/proef")


def test_after_a_restart_all_of_it_is_still_there(installation):
    before = installation.asked("select id, oordeel from levering")
    installation.compose("down")
    installation.typed(UP)
    wait_for(UI, seconds=PATIENCE)
    assert installation.asked("select id, oordeel from levering") == before != ""
    assert "broken:" not in installation.compose("exec -T code jos doctor")


def test_the_image_for_kubernetes_is_built_as_the_page_says_and_knows_how_a_run_becomes_a_pod(installation):
    installation.typed(BUILD)
    tag = re.search(r"--tag (\S+)", BUILD)[1]
    run = ["docker", "run", "--rm", "--network", "none", tag]
    assert "jos" in installation.docker.said(*run)
    assert installation.docker.said(*run, "id", "-u").strip() == "10001"
    launcher = "from dagster_k8s import K8sRunLauncher; from jos_pipeline.definitions import build_defs"
    installation.docker.said(*run, "python", "-W", "ignore", "-c", launcher)
