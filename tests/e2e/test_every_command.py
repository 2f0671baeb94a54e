"""What the pages tell to type is typed: line after line, page after page, by bash, in a demo of their own.

What is typed in another place stands in ``ELSEWHERE``. Every command line of ``jos``, also between two backticks,
at least has to be one. SQL and Python stand in ``test_docs.py``, what the runbook tells between the lines in
``test_runbook.py``.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from cyclopts.exceptions import CycloptsError, MissingArgumentError

from jos_pipeline.cli import app
from resources.warehouse import WarehouseStore
from tests.clones import clone
from tests.finished_demo import FinishedDemo, clean_environment
from tests.ijw_messages import asked, assigned, message, start, stop
from tests.pages import DEAR, PAGES, ROOT, blocks, inline_commands, name_of, shell_lines
from tests.records import csv_bytes, valid_records
from tests.servers import AWS, SftpServer
from tests.unit.test_prepare import bsn, raw_records

ELSEWHERE = {
    "make demo": ("tests/finished_demo.py", '"make"', '"demo"'),
    "make test": (".ci/run", "make test"),
    "make lint": (".ci/run", "make lint"),
    # servers: typed there from the page, until they answer, and stopped with Ctrl-C
    "make dev": ("tests/dagster/test_typed_services.py", "make dev"),
    "dagster-daemon run": ("tests/dagster/test_typed_services.py", "serving(DAEMON"),
    "dagster-webserver": ("tests/webserver.py", "serving(WEBSERVER"),
    # dear ones: typed there from the page
    **dict.fromkeys(DEAR, ("tests/dagster/test_typed_lines.py", "DEAR", "dear_lines")),
    "chown ": ("tests/containers/test_compose.py", '"chown"'),
    "docker compose": ("tests/containers/test_compose.py", '"docker compose"', "made.typed(UP"),
    "docker build": ("tests/containers/test_compose.py", '"docker build"', "installation.typed(BUILD"),
    "make install": ("tests/e2e/test_installation.py", 'line_on("docs/productie.md", "make install")'),
    "make bench-national": (".ci/run", "make bench-national"),
    "jos run --publiceer": ("Makefile", "jos run --publiceer"),
    # what is typed there is read from the page
    "jos erase": ("tests/dagster/test_vergeten.py", 'line_on("docs/privacy.md"'),
    "tar ": ("tests/dagster/test_restore_drill.py", "TAR, DUMP, RESTORE, UNTAR = re.findall"),
    "pg_dump ": ("tests/dagster/test_restore_drill.py", "TAR, DUMP, RESTORE, UNTAR = re.findall"),
    "pg_restore ": ("tests/dagster/test_restore_drill.py", "TAR, DUMP, RESTORE, UNTAR = re.findall"),
}
"""How a line begins that is typed in another place, where, and the words that stand there."""


def elsewhere(line: str) -> str | None:
    return max((begin for begin in ELSEWHERE if line.startswith(begin)), key=len, default=None)


def in_the_demo(demo: Path, directory: Path) -> Path:
    return clone(demo, directory) / "demo"


def at_a_supplier(demo: Path, directory: Path) -> Path:
    """The desk of a supplier: exports, messages, deliveries without persons in them, and the key of the chain."""
    directory.mkdir()
    shutil.copy(demo / "sleutels" / "keten.sleutel", directory)
    raw = demo / "leveranciers"
    shutil.copy(raw / "groeimee" / "Export trajecten (eerste).xlsx", directory / "trajecten_2022-2023_2023-02-01.xlsx")
    own_words = {"Leerling BSN": "", "Geb.dat.": "04-03-2008", "PC": "1811 AB", "Studie": "HV", "Leerlaag": "3"}
    own_words |= {"Datum van inschrijving": "01-08-2022", "OPP": "J", "Mentor": "M. de Vries"}
    files = {
        "inzet_2022-2023_2023-02-01.csv": valid_records("inzet"),
        "trajecten_nieuw.csv": valid_records("trajecten"),
        "leerlingen_2022-2023_2023-02-01.csv": raw_records("leerlingen"),
        "lijst.csv": raw_records("leerlingen"),
        "leerling.csv": raw_records("leerlingen", 1),
        "export.csv": [own_words | {"Leerling BSN": bsn(number)} for number in range(60)],
    }
    for name, records in files.items():
        (directory / name).write_bytes(csv_bytes(records))
    given = assigned(reference="R1")
    for kind, product in {"JW301": given, "JW305": start(), "JW307": stop(), "JW315": asked()}.items():
        (directory / f"{kind}.xml").write_bytes(message(kind, product))
    return directory


READERS: dict[str, Callable[[Path, Path], Path]] = {
    "README.md": clone,
    "deploy/README.md": clone,
    "docs/data-engineer.md": clone,
    "docs/developer.md": clone,
    "docs/schaal.md": clone,
    "docs/leverancier.md": at_a_supplier,
    "docs/voorbereiden.md": at_a_supplier,
    "docs/analist.md": in_the_demo,
    "docs/beleid.md": in_the_demo,
    "docs/privacy.md": in_the_demo,
}
"""Where the reader of a page sits."""
TYPED = [page for page in PAGES if shell_lines(page)]
PRODUCTION = ROOT / "docs" / "productie.md"


@pytest.fixture(scope="module")
def warm() -> Iterator[Path]:
    """The directory of a ``jos`` that starts at once; see ``tests/warm_jos.py``. A socket asks for a short path."""
    directory = Path(tempfile.mkdtemp())
    command = [sys.executable, "-W", "ignore", "-m", "tests.warm_jos", str(directory)]
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=clean_environment(), stdout=log, stderr=log)
    while not (directory / "jos").exists():
        assert process.poll() is None, (directory / "log").read_text(encoding="utf-8")
        time.sleep(0.05)
    yield directory
    process.terminate()
    process.wait()
    shutil.rmtree(directory)


def script_of(page: Path) -> str:
    """The page as a script of bash that says which of its lines failed; a block that is a file is written as one."""
    lines = [f"trap 'echo {name_of(page)}:$now >&2' ERR"]
    for block in blocks(page):
        if block.file:
            lines += [f"cat > {block.file} <<'END'", block.text + "END"]
        elif block.language == "sh":
            for number, line in enumerate(block.text.splitlines(), block.line):
                if not elsewhere(line):
                    lines += [f"now={number}", line]
    return "\n".join(lines) + "\n"


def typed(page: Path, place: Path, warm: Path, **variables: str) -> None:
    """Types what stands on a page; every line must end well."""
    (place / ".venv" / "bin").mkdir(parents=True)
    (place / ".venv" / "bin" / "jos").symlink_to(warm / "jos")
    (place / ".venv" / "bin" / "dagster").symlink_to(Path(sys.executable).with_name("dagster"))
    (place / ".venv" / "bin" / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    (place / ".venv" / "bin" / "python").chmod(0o755)
    done = subprocess.run(
        ["bash", "-Eeuo", "pipefail", "-c", script_of(page)],
        cwd=place,
        env=clean_environment() | {"PATH": f"{warm}:{os.environ['PATH']}"} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.mark.parametrize("page", [page for page in TYPED if page != PRODUCTION], ids=name_of)
def test_what_a_page_tells_to_type_works(page: Path, finished_demo: FinishedDemo, warm: Path, tmp_path: Path):
    typed(page, READERS[name_of(page)](finished_demo.directory, tmp_path / "plaats"), warm)
    shutil.rmtree(tmp_path / "plaats")


def test_what_the_page_on_production_tells_to_type_works_on_real_servers(
    sftp: SftpServer, bucket: str, own_server: str, warm: Path, tmp_path: Path
):
    sftp.put("groeimee/trajecten_2022-2023_2023-02-01.csv", csv_bytes(valid_records("trajecten")))
    place = clone(None, tmp_path / "plaats")
    (place / "sleutels").mkdir()
    shutil.copy(sftp.key, place / "sleutels" / "sftp")
    servers = {"SERVER": "127.0.0.1", "PORT": str(sftp.port), "INBOX": sftp.address, "BUCKET": f"{bucket}/meer"}
    homes = {"DAGSTER_HOME": str(place / "dagster"), "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"]}
    (place / "dagster").mkdir()
    url = sa.make_url(own_server).set(drivername="postgresql")
    plain = url.render_as_string(hide_password=False)
    runs = {"HOST": url.host, "PORT": url.port, "USERNAME": url.username, "PASSWORD": "x", "DB": url.database}
    storage = {f"DAGSTER_PG_{name}": str(value) for name, value in runs.items()}
    typed(PRODUCTION, place, warm, PG=plain, **servers, **homes, **AWS, **storage)
    with closing(WarehouseStore(own_server)) as store:
        assert list(store.deliveries()["oordeel"]) == ["geaccepteerd"]
    with sa.create_engine(own_server, poolclass=sa.NullPool).connect() as connection:
        readers = connection.scalars(sa.text("SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'jos_')"))
        assert {"jos_lezer", "jos_beheer", "jos_partij_groeimee"} <= {*readers}
    assert [*(place / "resources" / "migrations" / "versions").glob("*_what_changes.py")]


@pytest.mark.parametrize("page", TYPED, ids=name_of)
def test_what_is_not_typed_here_is_shell_all_the_same(page: Path):
    script = "\n".join(line for _, line in shell_lines(page))
    done = subprocess.run(["bash", "-n", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_typed_elsewhere_stands_on_a_page_and_its_words_stand_in_that_place():
    lines = [line for page in PAGES for _, line in shell_lines(page)]
    assert [begin for begin in ELSEWHERE if not any(elsewhere(line) == begin for line in lines)] == []
    said = {place: (ROOT / place).read_text(encoding="utf-8") for place, *_ in ELSEWHERE.values()}
    assert [(place, word) for place, *words in ELSEWHERE.values() for word in words if word not in said[place]] == []
    assert "make containers" in said[".ci/run"], "what tests/containers types is in no other run"


USAGE = {"[": "", "]": "", "...": "", " D ": " 2023-02-01 "}
"""How the overview of commands is written, and what a line is without that."""
PIPED = re.compile(r" [|>] .*")


def command_lines(page: Path) -> list[str]:
    """Every command line of ``jos`` on a page, between backticks and in blocks."""
    shell = [line for _, line in shell_lines(page) if line.startswith("jos ")]
    return [PIPED.sub("", line) for line in (*shell, *inline_commands(page))]


def fault_of(command: str) -> str | None:
    """What is wrong with a command line of ``jos``: its subcommand, an option, or the kind of what that is given."""
    line = f"{command} "
    for written, meant in USAGE.items():
        line = line.replace(written, meant)
    try:
        app.parse_args(shlex.split(line, comments=True)[1:], exit_on_error=False, print_error=False)
    except MissingArgumentError:
        return None  # it is named, not typed
    except CycloptsError as wrong:
        return f"{command}: {wrong}"
    return None


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_line_is_one(page: Path):
    assert [fault for line in command_lines(page) if line != "jos" and (fault := fault_of(line))] == []


def test_what_the_program_tells_to_type_is_a_command():
    rooms = ("jos_pipeline", "resources", "assets", "schemas")
    code = [path for room in rooms for path in (ROOT / room).rglob("*") if path.suffix in (".py", ".j2", ".toml")]
    told = {one for path in code for one in re.findall(r"\bjos [a-z]+ --[a-z-]+", path.read_text(encoding="utf-8"))}
    assert len(told) > 9
    assert [fault for one in sorted(told) if (fault := fault_of(one))] == []
