"""What lies in ``deploy/`` agrees with the program and with itself. Whether it runs there is not proved here."""

import os
import re
from pathlib import Path

import pytest
import yaml

from jos_pipeline.settings import Settings
from resources.keys import VARIABLE
from resources.sftp import PASSWORD

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
INSTANCE = yaml.safe_load((ROOT / "dagster.yaml").read_text(encoding="utf-8"))
OTHER_VARIABLES = {VARIABLE, PASSWORD, "JOS_MELDINGEN", "JOS_HARTSLAG_URL", "JOS_DOMEIN", "JOS_LOGIN", "JOS_LOGIN_HASH"}
"""What is read, but is no setting; the last three are the proxy's."""


def loaded(name: str) -> dict:
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(p for p in DEPLOY.rglob("*") if p.is_file()), ids=lambda p: str(p.name))
def test_every_variable_of_ours_exists(path):
    named = set(re.findall(r"\bJOS_[A-Z0-9_]+\b", path.read_text(encoding="utf-8", errors="ignore")))
    settings = {f"JOS_{name.upper()}" for name in Settings.model_fields}
    assert {name for name in named if not name.startswith("JOS_ZIPAPP")} <= settings | OTHER_VARIABLES
    assert not settings & OTHER_VARIABLES, "one name would say two things"


def test_the_ui_is_open_to_this_machine_only():
    services = loaded("compose/compose.yaml")["services"]
    open_ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert open_ports == {"webserver": ["127.0.0.1:3000:3000"], "proxy": ["443:443"]}
    assert services["proxy"]["profiles"] == ["proxy"], "only who asks for it opens a port to others"
    assert "basic_auth" in (DEPLOY / "proxy" / "Caddyfile").read_text(encoding="utf-8")


def test_the_proxy_sees_of_ours_the_report_alone_and_where_the_program_writes_it():
    services = loaded("compose/compose.yaml")["services"]
    place = services["code"]["environment"]["JOS_SITE"]
    assert f"site:{place}" in services["code"]["volumes"]
    mounted = [
        one for one in services["proxy"]["volumes"] if not one.startswith(("../proxy/Caddyfile:", "certificates:"))
    ]
    assert mounted == [f"site:{place}:ro"]
    proxy = (DEPLOY / "proxy" / "Caddyfile").read_text(encoding="utf-8")
    assert re.findall(r"root \* (\S+)", proxy) == [place]
    assert place in (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), "the image makes it, of the right owner"
    path = re.search(r"handle_path (/\w+)/", proxy)[1]
    example = (DEPLOY / "compose" / "productie.env.example").read_text(encoding="utf-8")
    name = re.search(r"^JOS_DOMEIN=(\S+)", example, re.MULTILINE)[1]
    assert f"JOS_SITE_ADRES=https://{name}{path}\n" in example


def test_the_chart_writes_the_instance_of_the_project():
    values = loaded("kubernetes/values.yaml")
    daemon = values["dagsterDaemon"]
    queue = daemon["runCoordinator"]["config"]["queuedRunCoordinator"]
    runs = INSTANCE["concurrency"]["runs"]
    monitoring = daemon["runMonitoring"]
    assert queue["maxConcurrentRuns"] == runs["max_concurrent_runs"]
    assert queue["tagConcurrencyLimits"] == runs["tag_concurrency_limits"]
    assert queue["dequeueIntervalSeconds"] == INSTANCE["run_queue"]["dequeue_interval_seconds"]
    assert [monitoring[name] for name in ("maxRuntimeSeconds", "pollIntervalSeconds")] == [
        INSTANCE["run_monitoring"][name] for name in ("max_runtime_seconds", "poll_interval_seconds")
    ]
    assert monitoring["startTimeoutSeconds"] > INSTANCE["run_monitoring"]["start_timeout_seconds"], "a pod starts later"
    assert values["additionalInstanceConfig"]["nux"] == INSTANCE["nux"]
    for ticks in ("sensor", "schedule"):
        assert values["retention"][ticks]["purgeAfterDays"] == INSTANCE["retention"][ticks]["purge_after_days"]
    assert values["telemetry"] == INSTANCE["telemetry"]
    assert values["pythonLogs"]["managedPythonLoggers"] == INSTANCE["python_logs"]["managed_python_loggers"]
    assert values["pythonLogs"]["dagsterHandlerConfig"] == INSTANCE["python_logs"]["dagster_handler_config"]
    storage = loaded("postgres/dagster.yaml")["storage"]["postgres"]["postgres_db"]
    assert values["postgresql"]["postgresqlScheme"] == storage["scheme"]
    assert values["postgresql"]["postgresqlParams"] == storage["params"]


def test_the_privacy_register_lies_apart_from_what_is_put_back():
    compose, chart = loaded("compose/compose.yaml"), loaded("kubernetes/values.yaml")
    settings, *claims = yaml.safe_load_all((DEPLOY / "kubernetes" / "jos.yaml").read_text(encoding="utf-8"))
    ours = compose["services"]["code"]
    place = ours["environment"]["JOS_PRIVACYREGISTER"]
    assert place == settings["data"]["JOS_PRIVACYREGISTER"]
    assert f"privacyregister:{place}" in ours["volumes"]
    assert "privacyregister" in compose["volumes"]
    user = chart["dagster-user-deployments"]["deployments"][0]
    mounted = {one["mountPath"]: one["name"] for one in user["volumeMounts"]}
    claimed = {one["name"]: one["persistentVolumeClaim"]["claimName"] for one in user["volumes"] if "secret" not in one}
    made = {one["metadata"]["name"] for one in claims}
    assert {mounted[place], mounted[settings["data"]["JOS_HOME"]]} == set(claimed)
    assert len(set(claimed.values())) == 2
    assert set(claimed.values()) == made
    assert place in (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), "the image makes it, of the right owner"


def test_the_chart_is_of_the_version_that_is_pinned():
    pinned = re.search(r"^dagster==(\S+)", (ROOT / "requirements" / "runtime.in").read_text(), re.MULTILINE).group(1)
    assert f"version {pinned}, of" in (DEPLOY / "README.md").read_text()


def test_the_image_holds_every_room_and_nothing_that_is_not_there():
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE)
    named = {name.rstrip("/") for line in copied for name in line.split()}
    assert {"schemas", "jos_pipeline", "resources", "assets", "dagster.yaml"} <= named
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    for name in named:
        assert (ROOT / name).exists(), name
        assert any(f"!{part}\n" in ignored for part in (name, os.path.dirname(name))), f"{name} is not sent along"  # noqa: PTH120


def test_the_overlay_only_adds_to_the_instance():
    assert set(loaded("postgres/dagster.yaml")) == {"storage"}
    assert "storage" not in INSTANCE


def test_what_is_tried_is_what_is_installed():
    """Every list is pinned by itself: a library in two of them has one version, else production runs another one."""
    pinned: dict[tuple[str, str], set[str]] = {}
    for name in ("runtime", "productie", "kubernetes", "leverancier", "zipapp", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        for library, version, where in re.findall(r"^([\w.-]+)(?:\[.*?\])?==(\S+)(.*)$", text, re.MULTILINE):
            pinned.setdefault((library, where), set()).add(version)
    assert len(pinned) > 100
    assert {library: found for library, found in pinned.items() if len(found) > 1} == {}, "make lock, with --upgrade"
