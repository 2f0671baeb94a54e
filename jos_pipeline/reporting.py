"""``jos report``: from the published tables to a directory with pages. Part of the front door.

What a report says is ``jos_pipeline.report``; reading and writing are ``resources.published`` and ``resources.site``.
"""

from dataclasses import dataclass
from pathlib import Path

from jos_pipeline.publication import PublicationId
from jos_pipeline.region import load_region
from jos_pipeline.report.html import ENTRY
from jos_pipeline.report.model import Audience, Report
from jos_pipeline.report.rendered import files
from jos_pipeline.settings import Settings
from resources.published import NoFiguresError, Shown, report_on, standing
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
    documents: int
    """How many of the pages are a PDF too."""
    warning: str


def make_report(
    settings: Settings, asked: str | None, directory: Path | None, audience: Audience = Audience.REGIO
) -> Made:
    """Writes the report on a publication; without one on the newest that holds. Raises NoReportError."""
    if directory is not None and directory.exists() and not directory.is_dir():
        raise NoReportError(f"{directory} is een bestand; kies een map met --uit")
    found = report_of(settings, asked, audience)
    shown = Shown(PublicationId.parse(found.publication), bool(found.pages[0].warning))
    own = found.schooljaar if audience is Audience.REGIO else f"{found.schooljaar}-{audience}"
    target = (settings.site_path / own if directory is None else directory).absolute()
    made = files(found)
    try:
        write_site(made, target, str(shown))
    except NotOurReportError:
        raise NoReportError(f"in {target} staat iets anders dan een rapport; kies een lege map met --uit") from None
    documents = len(made) - len(found.pages)
    return Made(found.publication, target / ENTRY, len(found.pages), documents, found.pages[0].warning)


def report_of(settings: Settings, asked: str | None = None, audience: Audience = Audience.REGIO) -> Report:
    """The report as a page model, for any rendering. Raises NoReportError."""
    store = WarehouseStore(settings.warehouse_url)
    try:
        return report_on(store, load_region(settings.regio), _chosen(store, asked), audience)
    except NoFiguresError as gone:
        raise NoReportError(f"van publicatie {gone} zijn geen cijfers bewaard; kies een andere") from None
    finally:
        store.close()


def _chosen(store: WarehouseStore, asked: str | None) -> PublicationId:
    known = sorted(PublicationId.parse(name) for name in store.publications()["id"])
    if not known:
        raise NoReportError("er is nog niets gepubliceerd. Start eerst: jos run --publiceer")
    if asked is not None:
        found = next((one for one in known if str(one) == asked), None)
        if found is None:
            raise NoReportError(f"publicatie {asked} is er niet; kies uit {', '.join(map(str, known[-5:]))}")
        return found
    holding = standing(store)
    if not holding:
        raise NoReportError(f"alle publicaties zijn ingetrokken. Vraag er een met --publicatie, zoals {known[-1]}")
    return holding[-1]
