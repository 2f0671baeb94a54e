"""The ledger of deliveries: what becomes of a file in the tables ``levering`` and ``bevinding``.

Functions on an open transaction (``resources.warehouse`` opens it). Rules on the ledger as a whole, such as which
deliveries count for a school year, are ``jos_pipeline.ledger``.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

import sqlalchemy as sa

from jos_pipeline.intake.verdict import duplicate_finding
from jos_pipeline.ledger import ACCEPTED
from resources.database import insert_rows
from schemas import warehouse as tables
from schemas.contracts import CONTRACTS
from schemas.findings import Severity

MOST_ROW_NUMBERS = 100
DUPLICATE = "dubbel"
UNKNOWN = "onbekend"


class Finding(Protocol):
    """A finding as the gate gives it."""

    @property
    def code(self) -> str: ...
    @property
    def ernst(self) -> str: ...
    @property
    def kolom(self) -> str | None: ...
    @property
    def rijen(self) -> Sequence[int]: ...
    @property
    def aantal(self) -> int: ...
    @property
    def melding(self) -> str: ...


class Verdict(Protocol):
    """What the ledger keeps of the gate's verdict."""

    @property
    def file_name(self) -> str: ...
    @property
    def leverancier(self) -> str | None: ...
    @property
    def soort(self) -> str | None: ...
    @property
    def schooljaar(self) -> object | None: ...
    @property
    def peildatum(self) -> date | None: ...
    @property
    def sha256(self) -> str: ...
    @property
    def oordeel(self) -> str: ...
    @property
    def rijen(self) -> int: ...
    @property
    def rijen_afgekeurd(self) -> int: ...
    @property
    def findings(self) -> Sequence[Finding]: ...
    @property
    def passes(self) -> Sequence[Finding]: ...


@dataclass(frozen=True)
class Receipt:
    """What became of a file: its place in the ledger. ``codes`` are the findings that hit."""

    id: int
    leverancier: str
    bestand: str
    soort: str | None
    schooljaar: str | None
    oordeel: str
    sha256: str
    rijen: int
    rijen_afgekeurd: int
    geldend: bool
    codes: tuple[str, ...]

    @property
    def is_accepted(self) -> bool:
        return self.oordeel in ACCEPTED


def delivery_row(
    verdict: Verdict, size: int, modified: datetime, received: datetime, run_id: str, yardstick: str | None
) -> dict[str, object]:
    """The row of ``levering`` for the gate's verdict on a file; ``yardstick`` is the region's (``getoetst_aan``)."""
    soort = verdict.soort
    accepted = verdict.rijen - verdict.rijen_afgekeurd if verdict.oordeel in ACCEPTED else 0
    return {
        "leverancier": verdict.leverancier or UNKNOWN,
        "bestand": verdict.file_name,
        "soort": soort,
        "schooljaar": None if verdict.schooljaar is None else str(verdict.schooljaar),
        "peildatum": verdict.peildatum,
        "sha256": verdict.sha256,
        "grootte": size,
        "gewijzigd_op": modified,
        "ontvangen_op": received,
        "beoordeeld_op": datetime.now(UTC),
        "oordeel": str(verdict.oordeel),
        "rijen": verdict.rijen,
        "rijen_geaccepteerd": accepted,
        "rijen_afgekeurd": verdict.rijen_afgekeurd,
        "contract_versie": CONTRACTS[soort].version if soort in CONTRACTS else None,
        "code_versie": code_version(),
        "run_id": run_id,
        "getoetst_aan": yardstick,
    }


def row_of_copy(
    known: Mapping[str, object], file_name: str, modified: datetime, received: datetime, run_id: str
) -> dict[str, object]:
    """The row of ``levering`` for a file with the same bytes as the one in row ``known``."""
    return {name: known[name] for name in _OF_THE_BYTES} | {
        "bestand": file_name,
        "gewijzigd_op": modified,
        "ontvangen_op": received,
        "beoordeeld_op": datetime.now(UTC),
        "rijen_geaccepteerd": 0,
        "rijen_afgekeurd": 0,
        "code_versie": code_version(),
        "run_id": run_id,
    }


def row_of(connection: sa.Connection, levering_id: int) -> Mapping[str, object]:
    """The row of ``levering`` with this number. Raises NoResultFound when there is none."""
    chosen = sa.select(tables.levering).where(tables.levering.c.id == levering_id)
    return dict(connection.execute(chosen).mappings().one())


def record(connection: sa.Connection, row: Mapping[str, object], findings: Iterable[Finding]) -> Receipt:
    """Records a file and says what became of it; see ``WarehouseStore.record_delivery``."""
    leverancier, sha256 = str(row["leverancier"]), str(row["sha256"])
    told = list(findings)
    came = _same_bytes(connection, leverancier, sha256)
    same = next((one for one in reversed(came) if one.bestand == str(row["bestand"])), None)
    original = _original(came)
    counts = original is not None and original.oordeel in ACCEPTED
    if same is not None and (_settles(same) if counts else _says_the_same(connection, same, row, told)):
        now = {name: row[name] for name in ("gewijzigd_op", "getoetst_aan") if name in row}
        connection.execute(tables.levering.update().where(tables.levering.c.id == same.id).values(now))
        return receipt(connection, same)
    if original is not None and counts:
        return receipt(connection, _insert_duplicate(connection, row, original))
    inserted = _insert_delivery(connection, row)
    insert_rows(connection, tables.bevinding, (_finding_row(inserted.id, finding) for finding in told))
    return _receipt(inserted, sorted({finding.code for finding in told if finding.aantal > 0}))


def original_of(connection: sa.Connection, leverancier: str, sha256: str) -> sa.Row[Any] | None:
    """The delivery of these bytes by this supplier of which any other is a copy; see ``WarehouseStore.find``."""
    return _original(_same_bytes(connection, leverancier, sha256))


def _settles(same: sa.Row[Any]) -> bool:
    return same.oordeel in ACCEPTED or same.oordeel == DUPLICATE


def _says_the_same(
    connection: sa.Connection, same: sa.Row[Any], row: Mapping[str, object], told: Iterable[Finding]
) -> bool:
    """Whether a file that is judged again is refused for what it was refused for before."""
    if any(getattr(same, name) != row[name] for name in ("oordeel", "soort", "schooljaar")):
        return False
    found = tables.bevinding.c
    faults = sa.select(found.code, found.kolom, found.aantal).where(
        found.levering_id == same.id, found.ernst == str(Severity.FOUT), found.aantal > 0
    )
    before = {tuple(fault) for fault in connection.execute(faults)}
    return before == {(one.code, one.kolom, one.aantal) for one in told if one.ernst == Severity.FOUT and one.aantal}


def _same_bytes(connection: sa.Connection, leverancier: str, sha256: str) -> Sequence[sa.Row[Any]]:
    """Every delivery of these bytes by this supplier, under whatever name, in order of arrival."""
    file = tables.levering.c
    chosen = (file.leverancier == leverancier) & (file.sha256 == sha256)
    return connection.execute(sa.select(tables.levering).where(chosen).order_by(file.id)).all()


def _original(came: Sequence[sa.Row[Any]]) -> sa.Row[Any] | None:
    judged = [one for one in came if one.oordeel != DUPLICATE]
    accepted = next((one for one in judged if one.oordeel in ACCEPTED), None)
    return accepted if accepted is not None or not judged else judged[-1]


@dataclass(frozen=True)
class InForce:
    """The delivery that counts of a supplier, soort and school year."""

    leverancier: str
    soort: str
    schooljaar: str
    peildatum: date
    bestand: str
    sha256: str


def in_force(connection: sa.Connection, leverancier: str, soort: str, schooljaar: str) -> InForce | None:
    """The delivery in force of a supplier, soort and school year; at most one is."""
    file = tables.levering.c
    place = (file.leverancier == leverancier) & (file.soort == soort) & (file.schooljaar == schooljaar)
    columns = [file[field.name] for field in fields(InForce)]
    row = connection.execute(sa.select(*columns).where(file.geldend.is_(sa.true()), place)).one_or_none()
    return None if row is None else InForce(*row)


_OF_THE_BYTES = (
    *("leverancier", "soort", "schooljaar", "peildatum", "sha256", "grootte", "oordeel", "rijen", "contract_versie"),
    "getoetst_aan",
)
"""What a file has in common with every other file of the same bytes."""


def _insert_duplicate(connection: sa.Connection, row: Mapping[str, object], original: sa.Row[Any]) -> sa.Row[Any]:
    outcome = {"oordeel": DUPLICATE, "rijen_geaccepteerd": 0, "rijen_afgekeurd": 0, "geldend": False}
    inserted = _insert_one(connection, {**row, **outcome, "dubbel_van": original.id})
    insert_rows(connection, tables.bevinding, [_finding_row(inserted.id, duplicate_finding())])
    return inserted


def _insert_delivery(connection: sa.Connection, row: Mapping[str, object]) -> sa.Row[Any]:
    """A file not seen before. Whatever it replaces is let go first: two may not be in force at once."""
    if row["oordeel"] not in ACCEPTED:
        return _insert_one(connection, {**row, "geldend": False})
    file = tables.levering.c
    same_place = [file[name] == row[name] for name in ("leverancier", "soort", "schooljaar")]
    in_force = sa.and_(file.geldend.is_(sa.true()), *same_place)
    replaced = connection.execute(sa.select(file.id).where(in_force)).scalar_one_or_none()
    if replaced is not None:
        connection.execute(tables.levering.update().where(in_force).values(geldend=False))
    return _insert_one(connection, {**row, "geldend": True, "vervangt": replaced})


def _insert_one(connection: sa.Connection, row: Mapping[str, object]) -> sa.Row[Any]:
    return connection.execute(tables.levering.insert().returning(tables.levering), row).one()


def _finding_row(levering_id: int, finding: Finding) -> dict[str, object]:
    return {
        "levering_id": levering_id,
        "code": finding.code,
        "ernst": str(finding.ernst),
        "kolom": finding.kolom,
        "aantal": finding.aantal,
        "rijen": json.dumps(list(finding.rijen)[:MOST_ROW_NUMBERS]),
        "melding": finding.melding,
    }


def receipt(connection: sa.Connection, row: sa.Row[Any]) -> Receipt:
    """The receipt of a row of ``levering``."""
    found = tables.bevinding.c
    hits = sa.select(found.code).where(found.levering_id == row.id, found.aantal > 0).distinct().order_by(found.code)
    return _receipt(row, connection.execute(hits).scalars())


def _receipt(row: sa.Row[Any], codes: Iterable[str]) -> Receipt:
    return Receipt(
        id=row.id,
        leverancier=row.leverancier,
        bestand=row.bestand,
        soort=row.soort,
        schooljaar=row.schooljaar,
        oordeel=row.oordeel,
        sha256=row.sha256,
        rijen=row.rijen,
        rijen_afgekeurd=row.rijen_afgekeurd,
        geldend=row.geldend,
        codes=tuple(codes),
    )


@lru_cache(maxsize=1)
def code_version() -> str:
    """The version of the installed pipeline."""
    try:
        return version("jos_pipeline")
    except PackageNotFoundError:
        return "onbekend"
