"""The drill: a back-up is made and put back with the commands of docs/productie.md, after somebody was erased."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from rich.console import Console

from assets.sensors import computed_standing
from jos_pipeline.forgetting import tombstone_of_pupil
from jos_pipeline.headless import run_everything
from jos_pipeline.ledger import standing
from jos_pipeline.pseudonym import fingerprint, second_hash
from jos_pipeline.publication import PublicationId, content_hash
from resources.keys import monitor_key
from resources.privacy_register import PrivacyRegister
from resources.warehouse import WarehouseStore
from tests.dagster.conftest import PEILDATUM, YEAR, Installation
from tests.dagster.endless_publishing import bring_out, deliver
from tests.dagster.test_vergeten import PSEUDONYM, leerling_id, typed, where
from tests.databases import empty_database, needs_postgres

ROOT = Path(__file__).parents[2]
SECTION = (ROOT / "docs" / "productie.md").read_text(encoding="utf-8").partition("\n## Back-up and restore\n")[2]
TAR, DUMP, RESTORE, UNTAR = re.findall(r"```sh\n(.*?)```", SECTION.partition("\n## ")[0], re.DOTALL)


def shell(commands: str, **variables: str) -> None:
    """Does what stands on the page, with the ``jos`` of this installation."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        env=os.environ | {"PATH": path} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_what_is_put_back_forgets_again_and_has_the_same_publications(with_figures: Installation, tmp_path: Path):
    one, home, backup = with_figures, with_figures.settings.home, tmp_path / "kopie"
    backup.mkdir()
    paths = {"JOS_HOME": str(home), "BACKUP": str(backup)}
    one.store.close()
    shell(TAR, **paths)
    pupils, published = where(one), one.published()
    assert pupils

    # somebody is erased after that night: the tombstone is what erasing begins with
    key = monitor_key(one.settings.key_file)
    register = PrivacyRegister(one.settings.privacy_register)
    register.add([tombstone_of_pupil(key, second_hash(key, PSEUDONYM))], fingerprint(key))
    for lost in (path for path in home.iterdir() if path.name not in ("privacyregister", "inbox")):
        shutil.rmtree(lost) if lost.is_dir() else lost.unlink()

    *commands, last = UNTAR.strip().splitlines()
    assert last == "jos run"
    shell("\n".join(commands), **paths)
    assert where(one) == pupils, "they came back with the back-up"
    outcome = run_everything(one.settings, None, publish=False, final=False, console=Console(quiet=True))
    assert (outcome.failed, where(one)) == ((), set())
    with closing(WarehouseStore(one.settings.warehouse_url)) as store:
        assert store.published(YEAR).equals(published)
        assert content_hash(typed(store.published(YEAR))) == store.publications()["sha256"].item()
        assert computed_standing(one.lake, YEAR) == standing(store.deliveries(), YEAR), "figures were made anew"
    assert leerling_id(one) not in one.lake.read_layer("gekoppeld", "traject", YEAR)["leerling_id"].to_list()


@needs_postgres
def test_a_dump_of_the_warehouse_is_put_back_with_its_publications(tmp_path: Path):
    restore, roles = RESTORE.strip().splitlines()
    assert roles.startswith("jos roles | psql "), "what that does: tests/unit/test_readers.py"
    with empty_database() as old, empty_database() as new:
        with closing(WarehouseStore(old)) as store:
            deliver(store)
            bring_out(store, PublicationId(YEAR, PEILDATUM, 1))
            expected, deliveries = store.publications(), store.deliveries()
        for url, commands in ((old, DUMP), (new, restore)):
            libpq = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
            shell(commands, PG=libpq, BACKUP=str(tmp_path))
        with closing(WarehouseStore(new)) as store:
            assert store.publications().equals(expected)
            assert store.deliveries().equals(deliveries)
            assert content_hash(typed(store.published(YEAR))) == expected["sha256"].item()
