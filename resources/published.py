"""One publication out of the warehouse as the report reads it. Nothing is written here."""

from dataclasses import dataclass

from jos_pipeline.export.content import contents
from jos_pipeline.publication import PublicationId
from jos_pipeline.region import Region
from jos_pipeline.report.model import Audience, Report
from jos_pipeline.report.pages import report
from jos_pipeline.report.published import Published, comparable_with, published
from resources.warehouse import WarehouseStore


class NoFiguresError(Exception):
    """A publication of which the warehouse holds no rows."""


def standing(store: WarehouseStore, schooljaar: str | None = None) -> list[PublicationId]:
    """The publications that were not withdrawn, of one school year or of all, in order."""
    gone = set(store.withdrawals()["publicatie"])
    return sorted(PublicationId.parse(name) for name in store.publications(schooljaar)["id"] if name not in gone)


@dataclass(frozen=True)
class Shown:
    """The publication a report of a school year is to be on. ``ingetrokken``: none holds, and the report says so."""

    id: PublicationId
    ingetrokken: bool

    def __str__(self) -> str:
        return f"{self.id}{' (ingetrokken)' if self.ingetrokken else ''}"


def to_show(store: WarehouseStore, schooljaar: str) -> Shown | None:
    """The publication that holds, else the last that was withdrawn; None when there never was one."""
    holding = standing(store, schooljaar)
    known = holding or sorted(PublicationId.parse(name) for name in store.publications(schooljaar)["id"])
    return Shown(known[-1], not holding) if known else None


def earlier_of(store: WarehouseStore, publication: PublicationId) -> PublicationId | None:
    """The publication that a report puts beside this one; None when there is none."""
    return comparable_with(publication, standing(store))


def report_on(
    store: WarehouseStore, region: Region, publication: PublicationId, audience: Audience = Audience.REGIO
) -> Report:
    """The report on a publication beside an earlier one, as a page model. Raises NoFiguresError."""
    before = earlier_of(store, publication)
    earlier = None if before is None else _read(store, region, before)
    return report(_read(store, region, publication, earlier), audience)


def _read(
    store: WarehouseStore, region: Region, publication: PublicationId, earlier: Published | None = None
) -> Published:
    tables = contents(region, store.copy_of(publication))
    if tables is None:
        raise NoFiguresError(str(publication))
    behind = store.deliveries_behind(publication)
    return published(tables, publication, zip(behind["leverancier"], behind["soort"], strict=True), earlier)
