"""Holds ``deploy/`` against the schemas of Compose and Kubernetes (`make deploy-check`); says what it looked at.

Needs requirements/deploy.txt. The pod of a run is made by the code of dagster-k8s itself, from what Dagster's chart
hands it of ``values.yaml``. What else that chart makes is not looked at.
"""

import re
import sys
from pathlib import Path
from typing import Any

import kubernetes.client
import kubernetes_validate
import yaml
from check_jsonschema import main as check_jsonschema
from dagster._config import process_config, resolve_to_config_type
from dagster_k8s import K8sRunLauncher
from dagster_k8s.container_context import K8sContainerContext
from dagster_k8s.job import DagsterK8sJobConfig, construct_dagster_k8s_job

HERE = Path(__file__).parent
KUBERNETES = "1.37"
PLACES = {"/data", "/privacyregister", "/run/secrets/jos"}
USER = 10001


def loaded(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((HERE / name).read_text(encoding="utf-8")))


def snake(value: Any) -> Any:
    """With the keys that Dagster itself uses for what a chart calls ``someKey``."""
    if isinstance(value, dict):
        return {re.sub(r"(?=[A-Z])", "_", key).lower(): snake(inner) for key, inner in value.items()}
    return value


def of_launcher(values: dict[str, Any]) -> dict[str, Any]:
    """The run launcher's settings. Raises SystemExit when Dagster does not know one of them."""
    given = values["runLauncher"]["config"]["k8sRunLauncher"]
    settings = {
        "dagster_home": values["global"]["dagsterHome"],
        "instance_config_map": "monitor-dagster-instance",
        "postgres_password_secret": values["global"]["postgresqlSecretName"],
        "service_account_name": "monitor-dagster",
        "job_namespace": "jos",
        "resources": given["resources"],
        "security_context": given["securityContext"],
        "run_k8s_config": snake(given["runK8sConfig"]),
    }
    checked = process_config(resolve_to_config_type(K8sRunLauncher.config_type()), settings)
    if not checked.success:
        sys.exit("\n".join(error.message for error in checked.errors))
    return settings


def of_code(deployment: dict[str, Any]) -> dict[str, Any]:
    """What a run takes over from the code server."""
    return {
        "image_pull_policy": deployment["image"]["pullPolicy"],
        "env_config_maps": [one["name"] for one in deployment["envConfigMaps"]],
        "env_secrets": [one["name"] for one in deployment["envSecrets"]],
        "volumes": deployment["volumes"],
        "volume_mounts": deployment["volumeMounts"],
        "run_k8s_config": {"pod_spec_config": {"security_context": deployment["podSecurityContext"]}},
    }


def pod_of_a_run(values: dict[str, Any]) -> dict[str, Any]:
    """The Kubernetes job that a run is."""
    launcher, deployment = of_launcher(values), values["dagster-user-deployments"]["deployments"][0]
    theirs = {
        name: launcher[name] for name in ("resources", "run_k8s_config", "security_context", "service_account_name")
    }
    context = K8sContainerContext.create_from_config({"k8s": theirs | {"namespace": launcher["job_namespace"]}})
    context = context.merge(K8sContainerContext.create_from_config({"k8s": of_code(deployment)}))
    image = "{repository}:{tag}".format_map(deployment["image"])
    names = ("dagster_home", "instance_config_map", "postgres_password_secret")
    config = DagsterK8sJobConfig(job_image=image, **{name: launcher[name] for name in names})
    made = construct_dagster_k8s_job(
        config, ["dagster", "api", "execute_run"], "dagster-run-1", context.run_k8s_config, component="run_worker"
    )
    return kubernetes.client.ApiClient().sanitize_for_serialization(made)


def valid(document: dict[str, Any]) -> str:
    """The kind of a Kubernetes document. Raises kubernetes_validate.ValidationError."""
    kubernetes_validate.validate(document, KUBERNETES, strict=True)
    return document["kind"]


def main() -> None:
    """Ends with an error at the first thing that is wrong."""
    compose = ["--builtin-schema", "vendor.compose-spec", str(HERE / "compose" / "compose.yaml")]
    check_jsonschema(compose, standalone_mode=False)
    sys.stdout.write(f"{', '.join(valid(one) for one in loaded('kubernetes/jos.yaml'))}: valid\n")
    job = pod_of_a_run(loaded("kubernetes/values.yaml")[0])
    valid(job)
    pod = job["spec"]["template"]["spec"]
    container = pod["containers"][0]
    mounted = {one["mountPath"] for one in container["volumeMounts"]}
    sources = {(kind, one[kind]["name"]) for one in container["envFrom"] for kind in one}
    ours = {"runAsUser": USER, "runAsGroup": USER, "runAsNonRoot": True, "fsGroup": USER}
    assert pod["securityContext"] == ours, pod["securityContext"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, container["securityContext"]
    assert mounted >= PLACES, mounted
    assert {("configMapRef", "jos-settings"), ("secretRef", "jos-secrets")} <= sources, sources
    assert container["resources"]["limits"]["memory"], container["resources"]
    assert job["spec"]["ttlSecondsAfterFinished"], "finished pods are cleared away"
    sys.stdout.write(f"a run is a pod of {container['image']} with {', '.join(sorted(mounted))}: valid\n")


if __name__ == "__main__":
    main()
