"""What an installation is, apart from when it came to be so: what must be the same after a crash and without one.

Runs in a child (``warm.asked``). ``state`` is compared with that of a run that nobody disturbed; ``broken`` is looked
at when a process just died, before anything mends it: what readers would meet then.
"""

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import sqlalchemy as sa

from assets.sensors import BUSY
from jos_pipeline.publication import MONITOR_SCHEMA, PublicationId, content_hash
from jos_pipeline.region import load_region
from jos_pipeline.settings import Settings
from resources import revisions
from resources.dagster_instance import opened_instance
from resources.lake import Lake
from resources.warehouse import WarehouseStore
from schemas.contracts import CONTRACTS
from schemas.warehouse import monitor_indicator

State = dict[str, Any]

_WHEN = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}[\d:.+Z]*"
    r"|\b\d{1,2}:\d{2}(?::\d{2})?\b"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b"
    r"|\d{8}T\d{6}\.?\d*Z(-[0-9a-f]{4})?"
    r"|\"seconden\": [\d.]+"
)
"""What differs between two runs that did the same: moments, numbers of runs, and how long something took."""


def state() -> State:
    """Everything of the installation in this directory that may not depend on what went wrong on the way."""
    settings = Settings()
    store, lake = WarehouseStore(settings.warehouse_url), Lake(settings.lake_url)
    return {
        "ledger": _ledger(store),
        "publications": _publications(store),
        "told": _told(store),
        "lake": {name: _content(name, lake.read_file(name)) for name in lake.files() if not _is_left(Path(name))},
        "pages": {
            str(path.relative_to(settings.home)): _digest(_WHEN.sub("", path.read_text(encoding="utf-8")).encode())
            for path in _files(settings.report_path)
            if path.suffix in (".html", ".json") and not _is_left(path)
        },
        "documents": sorted(str(path.relative_to(settings.home)) for path in settings.report_path.rglob("*.pdf")),
        "package": _package(settings),
        "grid": _grid(settings),
        "leftovers": sorted(str(path.relative_to(settings.home)) for path in _files(settings.home) if _is_left(path)),
    }


def broken() -> list[str]:
    """What a reader would stumble over now; nothing, ever."""
    settings = Settings()
    return [*_half_files(settings), *_half_package(settings), *_half_warehouse(settings)]


def broken_after(before: Callable[[], object] | None) -> Callable[[], list[str]]:
    """``broken``, in a process that first does this."""
    return lambda: (before and before(), broken())[1]


def state_after(before: Callable[[], object] | None) -> Callable[[], State]:
    """``state``, in a process that first does this."""
    return lambda: (before and before(), state())[1]


def _ledger(store: WarehouseStore) -> list[list[Any]]:
    known, found = store.deliveries(), store.findings()
    bytes_of = dict(zip(known["id"], known["sha256"], strict=True))
    codes = {
        number: sorted((one.code, one.kolom, int(one.aantal), one.rijen) for one in group.itertuples())
        for number, group in found.groupby("levering_id")
    }
    told = (
        "leverancier",
        "bestand",
        "soort",
        "schooljaar",
        "sha256",
        "oordeel",
        "rijen_geaccepteerd",
        "rijen_afgekeurd",
    )
    return sorted(
        [
            *(str(getattr(row, name)) for name in told),
            bool(row.geldend),
            str(bytes_of.get(row.vervangt)),
            str(bytes_of.get(row.dubbel_van)),
            _digest(repr(codes.get(row.id, [])).encode()),
        ]
        for row in known.itertuples()
    )


def _publications(store: WarehouseStore) -> list[list[Any]]:
    withdrawn, shown = set(store.withdrawals()["publicatie"]), _shown(store)
    return [
        [
            row.id,
            row.status,
            row.sha256,
            int(row.rijen),
            row.id in withdrawn,
            sorted(store.deliveries_behind(PublicationId.parse(row.id))["sha256"]),
            shown.get(row.schooljaar, []),
        ]
        for row in store.publications().itertuples()
    ]


def _shown(store: WarehouseStore) -> dict[str, list[str]]:
    """Which publications stand in ``monitor_indicator``, per school year."""
    query = sa.select(monitor_indicator.c.schooljaar, monitor_indicator.c.publicatie).distinct()
    shown: dict[str, list[str]] = {}
    with store._read() as connection:
        for year, publication in connection.execute(query):
            shown.setdefault(year, []).append(publication)
    return shown


def _told(store: WarehouseStore) -> dict[str, Any]:
    """What the monitor tells of its own doubts: how sources link, and remarks."""
    return {
        year: [
            _digest(
                store.linkage(year)
                .drop(columns=["run_id", "gemeten_op", "berekend_op"], errors="ignore")
                .to_csv()
                .encode()
            )
        ]
        for year in sorted(set(store.deliveries()["schooljaar"].dropna()))
    }


def _grid(settings: Settings) -> dict[str, list[str]]:
    """Per soort the places of the grid that are filled, each with the delivery it says."""
    store = WarehouseStore(settings.warehouse_url)
    bytes_of = {int(row.id): row.sha256 for row in store.deliveries().itertuples()}
    filled: dict[str, list[str]] = {}
    if not settings.dagster_home.exists():
        return filled
    with opened_instance(settings.dagster_home) as instance:
        for soort in CONTRACTS:
            key = dg.AssetKey(["bronnen", soort])
            for place in sorted(instance.get_materialized_partitions(key)):
                chosen = dg.AssetRecordsFilter(asset_key=key, asset_partitions=[place])
                last = instance.fetch_materializations(chosen, limit=1).records[0].asset_materialization
                number = int(last.metadata["levering"].value)
                filled.setdefault(soort, []).append(f"{place} {bytes_of[number]}")
        busy = instance.get_runs(dg.RunsFilter(statuses=[*BUSY]))
    return filled | ({"busy": [run.run_id for run in busy]} if busy else {})


def _package(settings: Settings) -> dict[str, str]:
    """What ``jos export`` wrote; a DuckDB file has other bytes every time, and ``datapackage.json`` tells its size."""
    files = {path.relative_to(settings.export_path): path for path in _files(settings.export_path)}
    varies = (".duckdb", ".json")
    return {str(name): "" if path.suffix in varies else _digest(path.read_bytes()) for name, path in files.items()}


def _content(name: str, data: bytes) -> str:
    """A check value of what is in a file of the lake: the same rows in other bytes are the same."""
    if name.startswith("publicatie/") and name.endswith(".json"):
        return str(
            json.loads(data).get("sha256")
        )  # the rest tells what had to be looked at, which is more the second time
    if not name.endswith(".parquet"):
        return _digest(_WHEN.sub("", data.decode()).encode())
    frame = pl.read_parquet(io.BytesIO(data))
    return _digest(f"{frame.schema}\n{frame.write_ndjson()}".encode())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _files(directory: Path) -> Iterator[Path]:
    return (path for path in directory.rglob("*") if path.is_file())


NOT_OURS = {"dagster", "beurten"}
"""Dagster's own directory, and that of locks, which are files with nothing in them."""
KNOWN_SUFFIXES = {
    *(".html", ".json", ".jsonl", ".parquet", ".db", ".db-wal", ".db-shm", ".toml", ".sleutel", ".controlegetal"),
    *(".csv", ".xlsx", ".duckdb", ".txt", ".lock", ".yaml", ".svg", ".css", ".md", ".pdf"),
}


def _is_left(path: Path) -> bool:
    """Whether a file is what a process was writing when it died. Dagster's own directory is Dagster's."""
    if NOT_OURS & {*path.parts} or path.name == ".jos-rapport":
        return False
    return (
        path.name.startswith(".")
        or path.suffix not in KNOWN_SUFFIXES
        or ".jos-export" in str(path)
        or any(part.startswith(".") and part != ".jos" for part in path.parts)
    )


def _half_files(settings: Settings) -> Iterator[str]:
    for path in _files(settings.home):
        name = str(path.relative_to(settings.home))
        if NOT_OURS & {*path.parts} or any(part.startswith(".") for part in Path(name).parts):
            continue
        if path.suffix not in KNOWN_SUFFIXES:
            yield f"{name} is visible and of no kind"
        elif not _is_whole(path):
            yield f"{name} is half a file"


def _half_package(settings: Settings) -> Iterator[str]:
    """Whoever finds a description finds every file as it is described."""
    description = settings.export_path / "datapackage.json"
    if not description.exists():
        return
    for resource in json.loads(description.read_text(encoding="utf-8"))["resources"]:
        file = settings.export_path / resource["path"]
        data = file.read_bytes() if file.is_file() else b""
        same = "hash" not in resource or resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        if len(data) != resource["bytes"] or not same:
            yield f"{resource['path']} is not as the package describes it"


def _is_whole(path: Path) -> bool:
    try:
        if path.suffix == ".parquet":
            pl.read_parquet(path)
        elif path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix == ".html":
            return path.read_text(encoding="utf-8").rstrip().endswith("</html>")
        elif path.suffix == ".pdf":
            return path.read_bytes().rstrip().endswith(b"%%EOF")
        elif path.suffix == ".sleutel":
            return len(bytes.fromhex(path.read_text(encoding="ascii"))) == 32
    except (OSError, ValueError, pl.exceptions.PolarsError):
        return False
    return True


NEVER = {
    "a delivery is in force beside another": "SELECT 1 FROM levering WHERE geldend "
    "GROUP BY leverancier, soort, schooljaar HAVING count(*) > 1",
    "a file is in the ledger twice": "SELECT 1 FROM levering "
    "GROUP BY leverancier, bestand, sha256, gewijzigd_op, getoetst_aan HAVING count(*) > 1",
    "a finding is told twice": "SELECT 1 FROM bevinding GROUP BY levering_id, code, kolom, rijen HAVING count(*) > 1",
    "two publications of a year are shown": "SELECT 1 FROM monitor_indicator "
    "GROUP BY schooljaar HAVING count(DISTINCT publicatie) > 1",
    "a publication has not all its rows": "SELECT 1 FROM publicatie WHERE rijen <> "
    "(SELECT count(*) FROM monitor_indicator_historie WHERE publicatie = publicatie.id)",
}
"""What no query may find: asked of the database, without any of our code."""
NEVER_IN_A_FILE = {
    "the warehouse refers to rows that are not there": "SELECT 1 FROM pragma_foreign_key_check",
    "the warehouse is damaged": "SELECT 1 FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
}


_SEEN = Path("heel.txt")
"""Check values of publications that were found to be whole: the same rows need not be counted again."""


def _half_publications(store: WarehouseStore) -> Iterator[str]:
    query = sa.text("SELECT * FROM monitor_indicator_historie WHERE publicatie = :publicatie")
    seen = {*(_SEEN.read_text(encoding="ascii").split() if _SEEN.exists() else ())}
    for row in store.publications().itertuples():
        with store._read() as connection:
            raw = sorted(repr(tuple(one)) for one in connection.execute(query, {"publicatie": row.id}))
        digest = _digest(repr((row.id, row.rijen, row.sha256, raw)).encode())
        if digest in seen:
            continue
        rows = store.publication_rows(PublicationId.parse(row.id))
        typed = pl.from_pandas(rows).select(pl.col(name).cast(kind) for name, kind in MONITOR_SCHEMA.items())
        if len(rows) != row.rijen or content_hash(typed) != row.sha256:
            yield f"publication {row.id} is not whole"
        else:
            with _SEEN.open("a", encoding="ascii") as file:
                file.write(f"{digest}\n")


def _half_warehouse(settings: Settings) -> Iterator[str]:
    """What readers see who open the warehouse."""
    url = sa.make_url(settings.warehouse_url)
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and not Path(str(url.database)).exists():
        return
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("publicatie"):
            return
        asked = NEVER | (NEVER_IN_A_FILE if sqlite else {})
        yield from (wrong for wrong, query in asked.items() if connection.execute(sa.text(query)).first())
        if revisions.is_behind(connection):  # looking with our own code would mend it
            return
    store = WarehouseStore(settings.warehouse_url)
    yield from _half_publications(store)
    files, processed = {*Lake(settings.lake_url).files()}, load_region(settings.regio).school_years
    for row in store.deliveries().itertuples():
        name = f"geaccepteerd/{row.soort}/{row.schooljaar}/{row.leverancier}/{row.sha256[:16]}.parquet"
        if row.geldend and name not in files and row.schooljaar in processed:
            yield f"delivery {row.id} is in force without rows"
