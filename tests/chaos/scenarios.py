"""What can be interrupted: how the installation stands before, which command is killed, and what people do then."""

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa

import resources.revisions
from jos_pipeline.handout import hand_out
from jos_pipeline.reporting import make_report
from jos_pipeline.settings import Settings
from resources.warehouse import WarehouseStore
from schemas.warehouse import metadata
from tests.chaos import place
from tests.chaos.cluster import Cluster
from tests.chaos.phases import CUBE, GATE, LAKE, PART, PUBLICATION, run_until

Command = tuple[str, ...]

RUN: Command = ("run",)
STATUS: Command = ("status",)
AROUND = "begin and end of a run"
REQUEST = "verzoek.txt"
PUBLISH: Command = ("publish", "--peildatum", "2023-03-01")
WITHDRAW: Command = ("publish", "--trek-in", f"{place.YEAR}/{place.DAY}/1", "--reden", "proef")
ERASE: Command = ("erase", "--pseudoniem-bestand", REQUEST)
LONG_AFTER = "2040-01-01"
PRUNE: Command = ("prune", "--uitvoeren", "--vandaag", LONG_AFTER)
EXPORT: Command = ("export", "--formaat", "csv,parquet,duckdb")
SERVER: list[Cluster] = []
"""The PostgreSQL server of the campaign, once it runs."""


@dataclass(frozen=True)
class Scenario:
    """``prepare`` brings a copy of a template to where it begins; ``command`` is killed; ``then`` is ordinary work.

    ``then`` are the commands that people or cron give next. The end must be that of the command undisturbed, followed
    by the same commands.
    """

    name: str
    command: Command
    then: tuple[Command, ...]
    prepare: Callable[[Path], object] = lambda _: None
    template: str = "figures"
    """``figures``: deliveries were taken in and published. ``more``: and then those of ``place.next_deliveries``.
    ``empty``: nothing was ever delivered."""
    before: Callable[[], object] | None = None
    """Done in every process before its command."""
    weight: int = 1
    """How often it is drawn, compared with the others."""
    codes: frozenset[int] = frozenset({0})
    """How ``then`` may end; 2 is "this was done already"."""
    on_server: bool = False
    """Asks for a PostgreSQL server (``SERVER``)."""
    repeats: bool = False
    """Does everything again each time, so that it can be killed again after it came to its end."""
    phase: str = AROUND
    """What a process is at that is not at a step of a run."""


def _new_files(directory: Path) -> None:
    place.drop(directory, place.next_deliveries())


def _nothing_yet(directory: Path) -> None:
    for path in (directory / ".jos").iterdir():
        if path.name != "sleutels":  # with another key all rows would be others
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    place.drop(directory, place.next_deliveries())


def _request(directory: Path) -> None:
    (directory / REQUEST).write_text(place.PUPIL + "\n", encoding="utf-8")


def _long_ago(directory: Path) -> None:
    """As if all of it was many years ago, and the school year is no longer processed."""
    _add_setting(directory, f'vandaag = "{LONG_AFTER}"')
    region = directory / "regio" / "regio.toml"
    told = region.read_text(encoding="utf-8")
    region.write_text(re.sub(r'eerste_schooljaar = ".*"', 'eerste_schooljaar = "2024-2025"', told), encoding="utf-8")


def _add_setting(directory: Path, line: str) -> None:
    settings = directory / "jos.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")


REVISION = '''
"""A revision that makes a table anew and fills a column of every row."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "{new}", "{last}"
branch_labels = depends_on = None


def upgrade() -> None:
    how = "always" if op.get_bind().dialect.name == "sqlite" else "auto"
    for table in ("monitor_indicator_historie", "levering", "bevinding"):
        with op.batch_alter_table(table, recreate=how) as changed:
            changed.add_column(sa.Column("proef", sa.Integer))
        op.execute(f"UPDATE {{table}} SET proef = 1")
        op.create_index(f"ix_{{table}}_proef", table, ["proef"])
'''


def _newer_program(directory: Path) -> None:
    """The scripts of a program with one revision more, and a warehouse from before there were any."""
    scripts = directory / "migrations"
    shutil.copytree(place.ROOT / "resources" / "migrations", scripts, ignore=shutil.ignore_patterns("__pycache__"))
    last = max(path.name.partition("_")[0] for path in (scripts / "versions").glob("[0-9]*.py"))
    new = f"{int(last) + 1:04}"
    (scripts / "versions" / f"{new}_proef.py").write_text(REVISION.format(new=new, last=last), encoding="utf-8")
    if (directory / ".jos" / "warehouse.db").exists():
        _forget_revision(Settings().warehouse_url)


def _forget_revision(url: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE schema_revisie"))
    engine.dispose()


def _newer_program_on_a_server(directory: Path) -> None:
    """The same, with all that is in the warehouse on a server."""
    url = _to_server(directory)
    _newer_program(directory)
    _forget_revision(url)


_GO_ON = sa.text(
    "SELECT CASE WHEN pg_get_serial_sequence(:table, :key) IS NOT NULL THEN "
    "setval(pg_get_serial_sequence(:table, :key), 1000000) END"
)
"""New rows are numbered after those that were brought along."""


def _to_server(directory: Path) -> str:
    """Moves all that is in the warehouse to a server; gives its address."""
    old = sa.create_engine(Settings().warehouse_url)
    url = SERVER[0].url(f"jos_{uuid4().hex}")
    WarehouseStore(url).ensure_schema()
    new = sa.create_engine(url)
    with old.connect() as here, new.begin() as there:
        for table in reversed(metadata.sorted_tables):
            there.execute(table.delete())
        for table in metadata.sorted_tables:
            if rows := [dict(row) for row in here.execute(table.select()).mappings()]:
                there.execute(table.insert(), rows)
                for key in table.primary_key:
                    there.execute(_GO_ON.bindparams(table=table.name, key=key.name))
    for engine in (old, new):
        engine.dispose()
    for path in (directory / ".jos").glob("warehouse.db*"):
        path.unlink()
    _add_setting(directory, f'warehouse = "{url}"')
    return url


def _just_before(phase: str, *, on_server: bool = False) -> Callable[[Path], object]:
    """Everything up to a phase was done, with new files."""

    def prepare(directory: Path) -> None:
        if on_server:
            _to_server(directory)
        _new_files(directory)
        run_until(phase)

    return prepare


def _part(phase: str, weight: int, *, on_server: bool = False) -> Scenario:
    """A part of a run, killed. Whoever comes after it does that part again."""
    again: Command = (PART, phase)
    prepare = _just_before(phase, on_server=on_server)
    name = f"{phase} on a server" if on_server else phase
    repeats = phase in (LAKE, CUBE)
    return Scenario(name, again, (again,), prepare, weight=weight, on_server=on_server, repeats=repeats)


def _exported_before(_: Path) -> None:
    """There is a package of other formats, to be replaced."""
    hand_out(Settings(), ("csv", "xlsx"), None, None)


def _reported_before(_: Path) -> None:
    make_report(Settings(), None, None)


def _with_newer_scripts() -> None:
    resources.revisions._SCRIPTS = Path.cwd() / "migrations"


MIGRATION = "migration"
SCENARIOS = (
    Scenario("run", RUN, (RUN,), _new_files, weight=2),
    Scenario("first run", RUN, (RUN,), _nothing_yet),
    Scenario("publish", PUBLISH, (PUBLISH,), weight=2),
    Scenario("withdraw", WITHDRAW, (WITHDRAW, RUN), codes=frozenset({0, 2}), phase="withdraw"),
    Scenario("erase", ERASE, (ERASE,), _request, template="more", weight=2, phase="erase"),
    Scenario("prune", PRUNE, (PRUNE,), _long_ago, template="more", weight=3, phase="prune"),
    Scenario("migration", STATUS, (STATUS,), _newer_program, before=_with_newer_scripts, weight=4, phase=MIGRATION),
    Scenario(
        "new warehouse",
        STATUS,
        (STATUS,),
        _newer_program,
        template="empty",
        before=_with_newer_scripts,
        phase=MIGRATION,
    ),
    Scenario(
        "migration on a server",
        STATUS,
        (STATUS,),
        _newer_program_on_a_server,
        before=_with_newer_scripts,
        weight=3,
        on_server=True,
        phase=MIGRATION,
    ),
    Scenario("export", EXPORT, (EXPORT,), _exported_before, weight=3, repeats=True, phase="export"),
    Scenario("first export", ("export",), (("export",),), phase="export"),
    Scenario("report", ("report",), (("report",),), _reported_before, weight=2, repeats=True, phase="report"),
    Scenario("first report", ("report",), (("report",),), phase="report"),
    _part(GATE, 10),
    _part(LAKE, 4),
    _part(CUBE, 4),
    _part(PUBLICATION, 5),
    _part(GATE, 5, on_server=True),
    _part(PUBLICATION, 3, on_server=True),
)


def an_hour_passes(directory: Path, hours: int = 1) -> None:
    """What was half written is an hour older (or more), so that it belongs to a process that is gone."""
    for folder, folders, names in os.walk(directory / ".jos"):
        for name in (*folders, *names):
            path = Path(folder, name)
            if name.startswith("."):
                then = path.stat().st_mtime - 3600 * hours
                os.utime(path, (then, then))
