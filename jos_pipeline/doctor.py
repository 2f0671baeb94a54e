"""``jos doctor``: looks at an installation and changes nothing. Part of the front door.

Every look is a function from what it needs to lines (``jos_pipeline.examination``), and none may hang or raise: a part
that gives no answer, or an exception, is a line too. So it works in an empty directory and while a server is down.
"""

import os
import platform
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import sqlalchemy as sa

from jos_pipeline.clock import AMSTERDAM, HEARTBEAT_HOURS
from jos_pipeline.examination import Line, broken, ok, warning
from jos_pipeline.pseudonym import fingerprint, is_guessable
from jos_pipeline.region import Region, load_region
from jos_pipeline.settings import Settings, config_file, wrong_setting
from jos_pipeline.terminal import VERBOSE, dagster_command, wants_all
from jos_pipeline.threshold import MANY_SCHOOLS
from resources import heartbeat, keys, revisions, targets
from resources.dagster_records import RunRecord, records, ticks_beyond, unset_variables
from resources.database_address import UnreachableDatabaseError, address, shown, unusable
from resources.inbox import Inbox, folder_at
from resources.lake import Lake
from schemas import warehouse as tables

OLDEST_PYTHON = (3, 11)
PACKAGES = ("jos_pipeline", "dagster", "polars", "pandera", "great-expectations", "sqlalchemy")
PATIENCE = 5.0
"""How many seconds a part may take to answer."""
TIGHT = 2 * 10**9
"""Fewer free bytes than this is worth a word."""
RUNS = 3
"""How many of the last runs are told."""
LONGEST_RUN = timedelta(hours=2)
"""No run lasts longer (dagster.yaml); one that does has lost its process."""

DAEMON_SILENCE = timedelta(minutes=5)
"""A daemon that gave no sign of life for longer is taken to be down."""
CLOCKS_DIFFER = timedelta(minutes=1)
"""What lies further ahead than this was written by a clock that was wrong, or this one is."""
DAEMON_PARTS = ("SENSOR", "SCHEDULER", "QUEUED_RUN_COORDINATOR", "MONITORING")
"""The parts of the daemon that this pipeline cannot do without, by Dagster's names."""

Look = Callable[[], Iterator[Line]]


def examine() -> list[Line]:
    """Everything there is to tell of the installation that the settings describe."""
    lines = [*_asked("versions", versions), *_asked("clock", clock)]
    try:
        settings = Settings()
    except Exception as error:  # noqa: BLE001 - a file that is no TOML, or a value that does not fit
        told = wrong_setting(error) or _first_line(error)
        return [*lines, broken("settings", told, "Mend jos.toml or the JOS_* variable that it names.")]
    lake = _LakeSaid()
    looks: dict[str, Look] = {
        "settings": lambda: settings_in_use(settings),
        "region": lambda: region(settings),
        "paths": lambda: paths(settings),
        "inbox": lambda: inbox(settings),
        "lake": lambda: lake.asked(settings),
        "key": lambda: key(settings, lake),
        "messages": lambda: messages(settings),
        "database": lambda: database(settings),
        "heartbeat": lambda: beat(settings),
        "runs": lambda: runs(settings),
    }
    return [*lines, *(line for part, look in looks.items() for line in _asked(part, look))]


def _asked(part: str, look: Look) -> list[Line]:
    """What a look finds. One that does not answer in time is left behind: its thread ends with the command."""
    found: list[Line] = []
    failed: list[Line] = []

    def ask() -> None:
        try:
            found.extend(look())
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a part, the others are still told
            failed.append(broken(part, _first_line(error), "Read this message, and docs/runbook.md."))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE)
    if asking.is_alive():
        failed = [broken(part, f"no answer within {PATIENCE:.0f} seconds", "See whether that server can be reached.")]
    return [*found, *failed]


def _first_line(error: Exception) -> str:
    """The first line of a message, ours as it is; no address with a password is in our own or the driver's."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if lines and type(error).__module__.startswith(("jos_pipeline.", "resources.")):
        return lines[0]
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def versions() -> Iterator[Line]:
    python = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    if tuple(map(int, platform.python_version_tuple()[:2])) < OLDEST_PYTHON:
        yield broken("python", python, "Python 3.11 or newer is needed: make PYTHON=python3.11 env")
    else:
        yield ok("python", python)
    try:
        told = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    except PackageNotFoundError as missing:
        yield broken("packages", f"{missing.name} is not installed", "Build the environment anew: make clean env")
    else:
        yield ok("packages", told)


def settings_in_use(settings: Settings) -> Iterator[Line]:
    """Where settings come from; of the environment the names only, for a value may be a secret."""
    file = config_file()
    source = str(file.absolute()) if file.is_file() else f"defaults (no jos.toml in {Path.cwd()})"
    named = ", ".join(sorted(name for name in os.environ if name.startswith("JOS_")))
    yield ok("settings", f"{source}; environment: {named or 'no JOS_* variables'}")
    if settings.vandaag is not None:
        yield warning("calendar", f"today is taken for {settings.vandaag}", "Right for a demo; never in production.")


def region(settings: Settings) -> Iterator[Line]:
    try:
        here: Region = load_region(settings.regio)
    except (OSError, ValueError) as error:
        yield broken("region", _first_line(error), "Mend the region's files, or name another with JOS_REGIO.")
        return
    years = here.school_years
    found = f"{here.naam}: {len(here.leveranciers)} suppliers, {len(here.scholen)} schools, {years[0]} to {years[-1]}"
    if len(here.school_entries) > MANY_SCHOOLS and here.cijfers_tot == "school":
        yield warning("region", found, f"Figures of over {MANY_SCHOOLS} schools cannot go out: set cijfers_tot.")
    else:
        yield ok("region", found)


def paths(settings: Settings) -> Iterator[Line]:
    """The directories that are ours to write in. One that is not there yet is made by the first run."""
    yield _writable("home", settings.home)
    yield _writable("report", settings.report_path)
    there = _nearest(settings.home)
    free = shutil.disk_usage(there).free
    told = f"{free / 10**9:.1f} GB free at {there}"
    yield ok("disk", told) if free >= TIGHT else warning("disk", told, "Make room: a full disk stops every run.")


def _writable(part: str, place: Path) -> Line:
    there = _nearest(place)
    if not there.is_dir():
        return broken(part, f"{there} is a file", f"Name another directory, or move {there} away.")
    if not os.access(there, os.W_OK | os.X_OK):
        return broken(part, f"{there} cannot be written by {os.environ.get('USER', 'this user')}", f"chown {there}")
    return ok(part, f"{place}" if there == place else f"{place} (not there yet: the first run makes it)")


def _nearest(place: Path) -> Path:
    """The path itself, or the nearest above it that exists."""
    return next(path for path in (place, *place.absolute().parents) if path.exists())


def inbox(settings: Settings) -> Iterator[Line]:
    """How many files lie there; their names are the suppliers' text and stay out."""
    try:
        account = (str(path or "") for path in (settings.sftp_sleutel_bestand, settings.sftp_known_hosts))
        files = Inbox(folder_at(settings.inbox_url, *account)).files()
    except FileNotFoundError:
        yield warning(
            "inbox",
            f"{settings.inbox_url} is not there",
            "Make it, name another with JOS_INBOX, or start with a synthetic region: jos demo DIR",
        )
        return
    shut = sum(not file.readable for file in files)
    told = f"{settings.inbox_url}: files {len(files)}, folders {len({file.leverancier for file in files})}"
    if shut:
        yield warning("inbox", f"{told}, {shut} unreadable", "Make these regular files that this user may read.")
    else:
        yield ok("inbox", told)


class _LakeSaid:
    """Whether the lake can be reached, and the fingerprint of the key it was filled with: asked once."""

    def __init__(self) -> None:
        self.answered = False
        self.fingerprint: str | None = None

    def asked(self, settings: Settings) -> Iterator[Line]:
        try:
            self.fingerprint = Lake(settings.lake_url).fingerprint()
        except Exception as error:  # noqa: BLE001 - whatever a server or a disk answers, the lake is not there for us
            remedy = "No run can work: see whether the server is up, and the address and account (docs/productie.md)."
            yield broken("lake", f"{settings.lake_url} cannot be reached: {_first_line(error)}", remedy)
            return
        self.answered = True
        if settings.lake_is_remote:
            yield ok("lake", f"{settings.lake_url} answers{' (empty)' if self.fingerprint is None else ''}")
        else:
            yield _writable("lake", Path(settings.lake_url))


def key(settings: Settings, said: _LakeSaid) -> Iterator[Line]:
    """Whether the monitor's key is there, is kept well and is the one of the lake. It is never shown."""
    where = f"${keys.VARIABLE}" if os.environ.get(keys.VARIABLE) else str(settings.key_file)
    known = keys.known_key(settings.key_file)
    lake = said.fingerprint
    if known is None and lake is not None:
        yield broken("key", f"{where} is not there, and the lake was filled with one", "Put the key back (backup).")
    elif known is None and settings.lake_is_remote:
        yield broken("key", f"{where} is not there; beside a lake on a server none is made", "Put it there.")
    elif known is None:
        yield ok("key", f"{where} (not there yet: the first run makes it)")
    elif lake is not None and lake != fingerprint(known):
        yield broken("key", f"{where} is not the key that the lake was filled with", "Put the old key back.")
    elif is_guessable(known):
        yield warning("key", f"{where} is present but easy to guess", "Use a key of random bytes before real data.")
    elif not os.environ.get(keys.VARIABLE) and _is_open(settings.key_file):
        yield warning("key", f"{where} can be read by others", f"chmod 600 {where}")
    elif not said.answered:
        yield warning("key", f"{where}: present; whether it is that of the lake is not known", "Mend the lake first.")
    else:
        yield ok("key", f"{where}: present{'' if lake is None else ', and the one of the lake'}")


def _is_open(file: Path) -> bool:
    """Whether more people can read a file than should. Of one that is not ours, its group is how we are given it."""
    state = file.stat()
    return bool(state.st_mode & (0o077 if state.st_uid == os.geteuid() else 0o007))


def messages(settings: Settings) -> Iterator[Line]:
    """Whether somebody is told of trouble: kinds of addresses, never the addresses."""
    found = targets.addresses(settings.meldingen_bestand)
    bad = [target.name for target in found if isinstance(target, targets.Unusable)]
    pinged = f"{heartbeat.VARIABLE} is {'set' if os.environ.get(heartbeat.VARIABLE) else 'not set'}"
    if bad:
        yield broken("messages", f"cannot be used: {', '.join(bad)}", f"Mend {targets.VARIABLE} or its file.")
    elif not found:
        yield warning(
            "messages",
            f"nobody is told of trouble; it goes to {settings.log_book} only; {pinged}",
            f"Set {targets.VARIABLE} (docs/data-engineer.md), then: jos notify --test",
        )
    else:
        yield ok("messages", f"{', '.join(target.name for target in found)}; {pinged}")


def database(settings: Settings) -> Iterator[Line]:
    """The warehouse: whether it answers, holds our tables, and what is newest in it."""
    try:
        url = address(settings.warehouse_url)
    except UnreachableDatabaseError as wrong:
        yield broken("database", str(wrong), "Mend JOS_WAREHOUSE.")
        return
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists()):
        place = _writable("database", Path(url.database or "").parent)
        yield ok("database", f"{shown(url)} (not there yet: the first run makes it)") if place.state == "ok" else place
        return
    engine = sa.create_engine(url, hide_parameters=True, connect_args=_hurried(url))
    try:
        with engine.connect() as connection:
            yield from _tables(connection, shown(url))
    except sa.exc.SQLAlchemyError as error:
        told, said = unusable(url, error), _first_line(error)
        found = said if told is None else f"{told} ({said})" if wants_all() else str(told)
        yield broken("database", found, f"Mend what this says; what the driver says: jos doctor {VERBOSE}")
    finally:
        engine.dispose()


def _hurried(url: sa.URL) -> dict[str, int]:
    return {"connect_timeout": 3} if url.get_backend_name() == "postgresql" else {"timeout": 3}


def _tables(connection: sa.Connection, shown: str) -> Iterator[Line]:
    there = set(sa.inspect(connection).get_table_names())
    missing = sorted(table.name for table in tables.metadata.sorted_tables if table.name not in there)
    told = f"{shown} ({connection.dialect.name} {'.'.join(map(str, connection.dialect.server_version_info or ()))})"
    if missing:
        remedy = "The first jos run makes the tables; the user of JOS_WAREHOUSE must be allowed to."
        yield warning("database", f"{told}: {len(missing)} tables are not there yet", remedy)
        return
    yield _revision(connection)
    count = {
        table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
        for table in (tables.levering, tables.publicatie)
    }
    yield ok("database", f"{told}: deliveries {count['levering']}, publications {count['publicatie']}")
    newest = connection.scalar(sa.select(sa.func.max(tables.levering.c.ontvangen_op)))
    if newest is not None:
        yield _skew(newest if newest.tzinfo else newest.replace(tzinfo=UTC), datetime.now(UTC))


def _revision(connection: sa.Connection) -> Line:
    """Whether the tables are as this version of the program wants them."""
    try:
        behind, present = revisions.is_behind(connection), revisions.revision_of(connection)
    except revisions.NewerWarehouseError as error:
        return broken("revision", str(error), "Install the version that made the warehouse, or a newer one.")
    if behind:
        told = f"the tables are at revision {present or 'none'}, this program is newer"
        return warning("revision", told, "Make a back-up of it; the next jos run brings the tables up to date.")
    return ok("revision", f"the tables are at the newest revision ({present})")


def _skew(newest: datetime, now: datetime) -> Line:
    """The clock beside the newest moment in the ledger: that cannot lie ahead."""
    told = f"the newest delivery came at {newest.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"
    if newest > now + CLOCKS_DIFFER:
        return broken("ledger", f"{told}, which is still to come", "Set the clock of this machine (NTP).")
    return ok("ledger", told)


def clock() -> Iterator[Line]:
    """Dutch time: the data is there, and knows summer from winter."""
    try:
        now = datetime.now(AMSTERDAM)
        offsets = {datetime(now.year, month, 1, tzinfo=AMSTERDAM).utcoffset() for month in (1, 7)}
    except ZoneInfoNotFoundError:
        yield broken("clock", "there is no time zone data", "Install tzdata (the package of the system, or of Python).")
        return
    if offsets != {timedelta(hours=1), timedelta(hours=2)}:
        yield broken("clock", "Europe/Amsterdam has no summer time here", "Install newer tzdata.")
        return
    season = "summer time" if now.utcoffset() == timedelta(hours=2) else "winter time"
    yield ok("clock", f"{now:%Y-%m-%d %H:%M:%S} in Amsterdam ({season}), {datetime.now(UTC):%H:%M:%S} UTC")


def beat(settings: Settings) -> Iterator[Line]:
    """When a run last came to a good end."""
    last = heartbeat.last_beat(settings.heartbeat_file)
    if last is None:
        yield ok("heartbeat", "nothing was processed yet; start: jos run")
        return
    told = f"last good end of a run: {last.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"
    if last > datetime.now(UTC) + CLOCKS_DIFFER:
        yield broken("heartbeat", f"{told}, which is still to come", "Set the clock of this machine (NTP).")
    elif datetime.now(UTC) - last > timedelta(hours=HEARTBEAT_HOURS):
        yield warning("heartbeat", f"{told}, more than {HEARTBEAT_HOURS} hours ago", "docs/runbook.md#jos-s055")
    else:
        yield ok("heartbeat", told)


def runs(settings: Settings) -> Iterator[Line]:
    """The last runs and the daemon, from the Dagster instance."""
    home = settings.dagster_home
    if not (home / "dagster.yaml").is_file():
        yield ok("dagster", f"{home} (not there yet: the first run makes it)")
        return
    if unset := unset_variables(home):
        yield broken("dagster", f"not set: {', '.join(unset)}", f"{home / 'dagster.yaml'} asks for it; set it.")
        return
    there = records(home, RUNS)
    yield ok("dagster", f"{home}: runs {there.count}")
    yield from map(_run, there.newest)
    yield _daemon(there.beats, home)
    if there.beats:  # only a daemon leaves ticks
        yield from _ahead(home)


def _run(run: RunRecord) -> Line:
    year = run.partition or "no partition"
    told = f"{run.run_id[:8]} {year} {run.status}, {run.made.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"
    if run.status == "FAILURE":
        return warning("run", told, "docs/runbook.md#jos-e080")
    if not run.has_ended and datetime.now(UTC) - run.made > LONGEST_RUN:
        return broken("run", f"{told}, and never ended", "The next jos run, or the daemon, closes it.")
    return ok("run", told)


def _daemon(beats: Mapping[str, datetime], home: Path) -> Line:
    """Without the daemon no sensor and no schedule works; a machine that has ``jos run`` in cron needs none.

    Dagster itself believes in a daemon for half an hour after its last sign of life.
    """
    then = datetime.now(UTC) - DAEMON_SILENCE
    down = [part.lower() for part in DAEMON_PARTS if part not in beats or beats[part] < then]
    if not down:
        minutes = DAEMON_SILENCE.seconds // 60
        return ok("daemon", f"gave a sign of life in the last {minutes} minutes: {', '.join(DAEMON_PARTS).lower()}")
    if len(down) < len(DAEMON_PARTS):
        return broken("daemon", f"no sign of life of: {', '.join(down)}", "Start the daemon anew.")
    remedy = f"Start it (dagster-daemon run), or put jos run in cron; to look around: {dagster_command(home)}"
    return warning("daemon", "not running: no sensor, no nightly schedule", remedy)


def _ahead(home: Path) -> Iterator[Line]:
    """What the daemon looked at while a clock ran ahead, it looks at again when that moment has come."""
    for name, last in sorted(ticks_beyond(home, datetime.now(UTC) + CLOCKS_DIFFER).items()):
        told = f"{name} waits until {last.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}: a clock ran ahead"
        yield broken("daemon", told, "docs/runbook.md#klok")
