"""Containers, for real: a Docker engine, the images that ``deploy/`` names, and Compose.

Needs root, the Docker engine, Compose and debootstrap, and minutes: only where JOS_CONTAINERS is set
(``make containers``).
"""

import os
from collections.abc import Iterator

import pytest

from tests.containers.engine import Docker, docker_engine

collect_ignore = [] if os.environ.get("JOS_CONTAINERS") else ["test_compose.py"]


@pytest.fixture(scope="session")
def docker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Docker]:
    with docker_engine(tmp_path_factory.mktemp("docker")) as engine:
        engine.get_images()
        yield engine
