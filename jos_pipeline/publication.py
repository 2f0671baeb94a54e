"""From safe rows to a publication: its id, its rows, the hash of its content and whether one is due (spec 3.1).

Pure. What may be published is ``jos_pipeline.disclosure``; writing it, in one transaction, ``resources.warehouse``.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

import polars as pl
import sqlalchemy as sa

from jos_pipeline.school_year import SchoolYear
from schemas.warehouse import Moment, monitor_indicator

Release = tuple[date, str]
"""A peildatum of the release calendar with the status of its figures, as ``Region.releases_in`` gives them."""

_WRITTEN = re.compile(r"(\d{4}-\d{4})/(\d{4}-\d{2}-\d{2})/([1-9]\d*)", re.ASCII)

REVISED = "herzien"
FINAL = "definitief"
PROVISIONAL = "voorlopig"

NOT_CONTENT = frozenset({"publicatie", "berekend_op", "run_id", "status"})
"""Columns that say when and how was published, not what."""


def polars_type(column: sa.Column[Any]) -> pl.DataType:
    """The polars type of a column of the warehouse."""
    if isinstance(column.type, Moment):
        return pl.Datetime("us", "UTC")
    if isinstance(column.type, sa.Date):
        return pl.Date()
    if isinstance(column.type, sa.Float):
        return pl.Float64()
    if isinstance(column.type, sa.Boolean):
        return pl.Boolean()
    return pl.Int64() if isinstance(column.type, sa.Integer) else pl.String()


MONITOR_SCHEMA: dict[str, pl.DataType] = {column.name: polars_type(column) for column in monitor_indicator.columns}
"""The columns of ``monitor_indicator``, in order, with their polars types."""

CONTENT_COLUMNS = tuple(name for name in MONITOR_SCHEMA if name not in NOT_CONTENT)


@dataclass(frozen=True, slots=True, order=True)
class PublicationId:
    """``2022-2023/2023-02-01/1``: school year, peildatum and which publication of that peildatum it is."""

    schooljaar: str
    peildatum: date
    volgnummer: int

    def __str__(self) -> str:
        return f"{self.schooljaar}/{self.peildatum.isoformat()}/{self.volgnummer}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads what ``str`` writes. Raises ValueError for anything else."""
        parts = _WRITTEN.fullmatch(text)
        if parts is None:
            raise ValueError("a publication is written as 2022-2023/2023-02-01/1")
        return cls(str(SchoolYear.parse(parts[1])), date.fromisoformat(parts[2]), int(parts[3]))


@dataclass(frozen=True, slots=True)
class Published:
    """A publication that was brought out: which, the hash of its content, its status, and whether it was withdrawn."""

    id: PublicationId
    sha256: str
    status: str = PROVISIONAL
    ingetrokken: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A publication to cut now, and its status."""

    id: PublicationId
    status: str


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything the warehouse holds of one publication beside its rows.

    ``leveringen`` are the numbers of the deliveries its figures rest on.
    """

    id: PublicationId
    status: str
    contract_versie: str
    code_versie: str
    sha256: str
    gepubliceerd_op: datetime
    run_id: str
    leveringen: tuple[int, ...] = ()

    def row(self, rows: int) -> dict[str, object]:
        return {
            "id": str(self.id),
            "schooljaar": self.id.schooljaar,
            "peildatum": self.id.peildatum,
            "volgnummer": self.id.volgnummer,
            "status": self.status,
            "contract_versie": self.contract_versie,
            "code_versie": self.code_versie,
            "sha256": self.sha256,
            "rijen": rows,
            "gepubliceerd_op": self.gepubliceerd_op,
            "run_id": self.run_id,
        }


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A publication that is taken back, and why: what people will read beside it."""

    id: PublicationId
    reden: str
    ingetrokken_op: datetime


def monitor_rows(safe: pl.DataFrame, due: Due, berekend_op: datetime, run_id: str) -> pl.DataFrame:
    """The rows of ``monitor_indicator`` for safe rows (``disclosure.protect``), in the order of the key."""
    rows = safe.with_columns(
        publicatie=pl.lit(str(due.id)),
        status=pl.lit(due.status),
        berekend_op=pl.lit(berekend_op),
        run_id=pl.lit(run_id),
        **{name: pl.lit(None) for name in ("waarde_min", "waarde_max") if name not in safe.columns},
    )
    key = [column.name for column in monitor_indicator.primary_key]
    return rows.select(pl.col(name).cast(kind) for name, kind in MONITOR_SCHEMA.items()).sort(key)


def content_hash(rows: pl.DataFrame) -> str:
    """SHA-256 of what was published, whenever and however: the same for the same figures in any order or database."""
    typed = rows.select(
        pl.col(name).cast(MONITOR_SCHEMA[name]) if name in rows.columns else pl.lit(None, pl.String).alias(name)
        for name in CONTENT_COLUMNS
    )
    lines = typed.select(pl.format("[{}]", pl.concat_str(map(_as_json, typed), separator=", ")).alias("line"))
    digest = hashlib.sha256("\t".join(CONTENT_COLUMNS).encode())
    for line in lines["line"].sort():
        digest.update(b"\n" + line.encode())
    return digest.hexdigest()


def _as_json(column: pl.Series) -> pl.Series:
    """The cells as JSON writes them. Each value once: there are few of them, and writing them one by one is slow."""
    if column.dtype == pl.Date:
        column = column.dt.to_string("iso")
    values = column.unique()
    # adding zero turns -0.0, which databases do not keep, into 0.0 (polars would leave it); a float becomes its repr
    cells = (value + 0.0 if isinstance(value, float) else value for value in values)
    texts = [json.dumps(cell, ensure_ascii=False, allow_nan=False) for cell in cells]
    return column.replace_strict(values, pl.Series(texts, dtype=pl.String), return_dtype=pl.String)


def release_on_calendar(releases: Iterable[Release], today: date, reached: date | None) -> Release | None:
    """The latest release whose day has come and that the deliveries have reached (``jos_pipeline.ledger.reached``)."""
    if reached is None:
        return None
    return max((release for release in releases if release[0] <= min(today, reached)), default=None)


def calendar_status(releases: Iterable[Release], peildatum: date) -> str:
    """The status of a first publication: final when the calendar says so of that day."""
    return next((status for day, status in releases if day == peildatum), PROVISIONAL)


def peildatum_to_watch(
    releases: Iterable[Release], published: Iterable[Published], today: date, reached: date | None
) -> date | None:
    """The peildatum the nightly run looks after: the calendar's latest release, or the current publication if later.

    ``published`` are the publications of the school year. The current one is looked after because a herlevering may
    make a revision of it due; one that was withdrawn is not. None when there is neither.
    """
    release = release_on_calendar(releases, today, reached)
    days = [publication.id.peildatum for publication in published if not publication.ingetrokken]
    return max([*days, *([release[0]] if release else [])], default=None)


def due(
    schooljaar: str, peildatum: date | None, releases: Sequence[Release], published: Iterable[Published], content: str
) -> Due | None:
    """What the nightly run publishes at ``peildatum_to_watch``: the first, a revision, or None: nothing is due."""
    if peildatum is None:
        return None
    found = requested(schooljaar, peildatum, releases, published, content)
    return found if isinstance(found, Due) else None


def requested(
    schooljaar: str, peildatum: date, releases: Sequence[Release], published: Iterable[Published], content: str
) -> Due | Published:
    """What an explicit request publishes: always something, unless the latest of that peildatum says the same.

    Then that publication is returned and nothing is to be written. So it is for figures that were withdrawn: they do
    not come back by themselves (``reissued``).
    """
    known = list(published)
    same_day = sorted((p for p in known if (p.id.schooljaar, p.id.peildatum) == (schooljaar, peildatum)), key=_id_of)
    if not same_day:
        return Due(PublicationId(schooljaar, peildatum, 1), calendar_status(releases, peildatum))
    standing = [p for p in same_day if not p.ingetrokken]
    withdrawn = [p for p in same_day if p.ingetrokken and p.sha256 == content]
    said = [p for p in (*withdrawn, *standing[-1:]) if p.sha256 == content]
    return said[-1] if said else Due(next_id(same_day[-1].id, known), REVISED)


def _id_of(published: Published) -> PublicationId:
    return published.id


def next_id(like: PublicationId, published: Iterable[Published]) -> PublicationId:
    """The next number of the same school year and peildatum; the number of a withdrawn one is never used again."""
    numbers = [
        p.id.volgnummer for p in published if (p.id.schooljaar, p.id.peildatum) == (like.schooljaar, like.peildatum)
    ]
    return PublicationId(like.schooljaar, like.peildatum, max(numbers, default=0) + 1)


def reissued(found: Due | Published, published: Iterable[Published]) -> Due | Published:
    """The same answer, but figures that were withdrawn come out again, under a number of their own."""
    if isinstance(found, Published) and found.ingetrokken:
        return Due(next_id(found.id, published), REVISED)
    return found


def made_final(found: Published, published: Iterable[Published]) -> Due | None:
    """What makes unchanged figures final: a next publication with the same content.

    None when they are final already, or withdrawn.
    """
    if found.status == FINAL or found.ingetrokken:
        return None
    return Due(next_id(found.id, (found, *published)), FINAL)


def final(found: Due) -> Due:
    """The same publication, cut as final on request (``--definitief``), also where it revises an earlier one.

    What changes after that comes out as a revision again, unless somebody asks for a final one once more.
    """
    return Due(found.id, FINAL)


def current(published: Iterable[Published]) -> Published | None:
    """The publication that holds: of the latest peildatum the highest number that was not withdrawn."""
    return max((p for p in published if not p.ingetrokken), key=_id_of, default=None)
