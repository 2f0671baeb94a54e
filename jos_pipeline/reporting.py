"""``jos report``: from the published tables to a directory with pages. Part of the front door.

What a report says is ``jos_pipeline.report``; this reads the warehouse and writes the pages.
"""

from dataclasses import dataclass
from pathlib import Path

from jos_pipeline.export.content import Contents, contents
from jos_pipeline.publication import PublicationId
from jos_pipeline.region import Region, load_region
from jos_pipeline.report.html import ENTRY, files
from jos_pipeline.report.model import Report
from jos_pipeline.report.pages import report
from jos_pipeline.report.published import Published, comparable_with, published
from jos_pipeline.settings import Settings
from resources.site import NotOurReportError, write_site
from resources.warehouse import WarehouseStore


class NoReportError(Exception):
    """What was asked cannot be reported; the message (Dutch) says what to do instead."""


@dataclass(frozen=True)
class Made:
    """What was written, on which publication, and the page to open first."""

    publication: str
    start: Path
    pages: int
    warning: str


def make_report(settings: Settings, asked: str | None, directory: Path | None) -> Made:
    """Writes the report on a publication; without one on the newest that holds. Raises NoReportError."""
    target = (settings.site_path if directory is None else directory).absolute()
    if target.exists() and not target.is_dir():
        raise NoReportError(f"{target} is een bestand; kies een map met --uit")
    found = report_of(settings, asked)
    try:
        write_site(files(found), target)
    except NotOurReportError:
        raise NoReportError(f"in {target} staat iets anders dan een rapport; kies een lege map met --uit") from None
    return Made(found.publication, target / ENTRY, len(found.pages), found.pages[0].warning)


def report_of(settings: Settings, asked: str | None = None) -> Report:
    """The report as a page model, for any rendering. Raises NoReportError."""
    region, store = load_region(settings.regio), WarehouseStore(settings.warehouse_url)
    try:
        out = store.publications()
        gone = set(store.withdrawals()["publicatie"])
        known = [PublicationId.parse(name) for name in out["id"]]
        standing = [one for one in known if str(one) not in gone]
        chosen = _chosen(asked, known, standing)
        before = comparable_with(chosen, standing)
        earlier = None if before is None else _read(store, region, before)
        return report(_read(store, region, chosen, earlier))
    finally:
        store.close()


def _chosen(asked: str | None, known: list[PublicationId], standing: list[PublicationId]) -> PublicationId:
    if not known:
        raise NoReportError("er is nog niets gepubliceerd. Start eerst: jos run --publiceer")
    if asked is not None:
        found = next((one for one in known if str(one) == asked), None)
        if found is None:
            raise NoReportError(f"publicatie {asked} is er niet; kies uit {', '.join(map(str, sorted(known)[-5:]))}")
        return found
    if not standing:
        raise NoReportError(f"alle publicaties zijn ingetrokken. Vraag er een met --publicatie, zoals {max(known)}")
    return max(standing)


def _read(
    store: WarehouseStore, region: Region, publication: PublicationId, earlier: Published | None = None
) -> Published:
    tables: Contents | None = contents(region, store.copy_of(publication))
    if tables is None:
        raise NoReportError(f"van publicatie {publication} zijn geen cijfers bewaard; kies een andere met --publicatie")
    behind = store.deliveries_behind(publication)
    delivered = zip(behind["leverancier"], behind["soort"], strict=True)
    return published(tables, publication, delivered, earlier)
