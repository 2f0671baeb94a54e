"""What goes back to suppliers: per delivery the feedback and the spiegelrapport, per supplier a page over all of them.

Below ``terugkoppeling/<leverancier>/`` in the directory with pages; that directory can be handed to that supplier,
and nothing of another is in it. Only for suppliers of the region: another folder in the inbox is nobody's.
"""

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

import dagster as dg
import pandas as pd

from jos_pipeline.clock import day_of, today
from jos_pipeline.delivery_calendar import DeliveryState, states_of, told_years
from jos_pipeline.explaining import pages as explanations
from jos_pipeline.feedback import Beside, feedback_html
from jos_pipeline.intake.verdict import Verdict, verdict_json
from jos_pipeline.mirror.page import mirror_html, mirror_json
from jos_pipeline.mirror.reach import REACH_COLUMNS, Reach, reach
from jos_pipeline.mirror.report import Mirror
from jos_pipeline.mirror.supplier_page import EXPLANATIONS, FEEDBACK, INDEX, MIRROR, folder_of, supplier_html
from jos_pipeline.pages import FEEDBACK_PAGES
from jos_pipeline.region import Region
from resources.lake import DeliveryPlace, Lake
from resources.report import ReportResource
from schemas.contracts import CONTRACTS

MOST_WAYS = 50
"""Of more suppliers the pages of the first ones are linked to."""


def page_of(leverancier: str) -> str:
    """Where the page of a supplier lies."""
    return f"{FEEDBACK_PAGES}/{leverancier}/{INDEX}"


def way_to(report: ReportResource, leverancier: str, levering: int) -> dg.UrlMetadataValue | str:
    """The line of a delivery on the page of its supplier: a link when feedback is read at an address."""
    line = f"{page_of(leverancier)}#levering-{levering}"
    if not report.feedback_address:
        return line
    return dg.MetadataValue.url(f"{report.feedback_address}/{line.removeprefix(f'{FEEDBACK_PAGES}/')}")


def ways_to(
    report: ReportResource, region: Region, leveranciers: Collection[str]
) -> dg.MarkdownMetadataValue | dg.PathMetadataValue:
    """The pages of suppliers as links, ``MOST_WAYS`` of them; where feedback has no address, the directory."""
    known = [one for one in region.leveranciers if one.id in leveranciers]
    if not report.feedback_address or not known:
        return dg.MetadataValue.path(str(Path(report.directory) / FEEDBACK_PAGES))
    lines = [f"- [{one.id}]({report.feedback_address}/{one.id}/{INDEX}) {one.naam}" for one in known[:MOST_WAYS]]
    more = f"\n\nen nog {len(known) - MOST_WAYS}" if len(known) > MOST_WAYS else ""
    return dg.MetadataValue.md("\n".join(lines) + more)


def write_feedback(
    report: ReportResource, region: Region, verdict: Verdict, mirror: Mirror | None, written: set[str]
) -> None:
    """Writes what a supplier reads about a file. The same file again gives the same files in the same place.

    ``written`` are the pages with explanations that lie there already, to which the new ones are added: they say the
    same about every file.
    """
    if verdict.leverancier not in region.suppliers:
        return
    home = f"{FEEDBACK_PAGES}/{verdict.leverancier}"
    folder = f"{home}/{folder_of(verdict.file_name, verdict.sha256)}"
    soorten = [verdict.soort] if verdict.soort in CONTRACTS else []
    for name, page in explanations([one.code for one in verdict.findings], [s for s in soorten if s]).items():
        if (place := f"{home}/{EXPLANATIONS}/{name}") not in written:
            report.write(place, page)
            written.add(place)
    report.write(f"{folder}/{FEEDBACK}.html", feedback_html(verdict, Beside(f"../{EXPLANATIONS}/")))
    report.write(f"{folder}/{FEEDBACK}.json", _json(verdict_json(verdict)))
    if mirror is not None:
        report.write(f"{folder}/{MIRROR}.html", mirror_html(mirror))
        report.write(f"{folder}/{MIRROR}.json", _json(mirror_json(mirror)))


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def write_supplier_pages(
    report: ReportResource,
    lake: Lake,
    deliveries: pd.DataFrame,
    region: Region,
    touched: Collection[str],
    day: date,
    reaches: Mapping[int, tuple[Reach, ...]] = MappingProxyType({}),
) -> None:
    """Writes the page of every supplier that sent something, and of any whose page is not of today: what is late
    changes with the day. So is that of one about which the ledger knows more than its page: a run died in between.
    ``deliveries`` is the ledger; ``day`` is the day of the page, which a demo may fix; ``reaches`` is what is known of
    whom deliveries reach, by number in the ledger: the lake is asked about the others."""
    judged = deliveries.groupby("leverancier")["beoordeeld_op"].max()
    due = [s for s in region.leveranciers if s.id in touched or _is_behind(report, s.id, judged.get(s.id))]
    if not due:
        return
    states: dict[str, list[DeliveryState]] = {}
    for year in told_years(region, deliveries, day):
        for state in states_of(region, year, deliveries, day):
            states.setdefault(state.leverancier, []).append(state)
    # as plain objects: pandas takes longer to hand out cells of a typed column one by one
    sent = dict(iter(deliveries.astype(object).groupby("leverancier")))
    for supplier in due:
        own = sent.get(supplier.id, deliveries.iloc[:0])
        page = supplier_html(
            supplier,
            own,
            states.get(supplier.id, []),
            _reaches(lake, own, region, reaches),
            report.pages(f"{FEEDBACK_PAGES}/{supplier.id}"),
            day,
        )
        report.write(page_of(supplier.id), page)


def _is_behind(report: ReportResource, leverancier: str, judged: datetime | None) -> bool:
    written = report.written(page_of(leverancier))
    return written is None or day_of(written) != today() or (judged is not None and written < judged)


def _reaches(
    lake: Lake, deliveries: pd.DataFrame, region: Region, known: Mapping[int, tuple[Reach, ...]]
) -> dict[int, tuple[Reach, ...]]:
    """Whom the deliveries in force reach, by number; rows that are no longer in the lake reach nobody that is known."""
    found = {}
    for row in deliveries[deliveries["geldend"].astype(bool)].itertuples():
        if row.id in known:
            found[int(row.id)] = known[row.id]
            continue
        place = DeliveryPlace(row.soort, row.schooljaar, row.leverancier, row.sha256)
        try:
            rows = lake.read_columns(place, REACH_COLUMNS)
        except FileNotFoundError:
            continue
        supplier, day = region.suppliers.get(row.leverancier), pd.Timestamp(row.peildatum).date()
        found[int(row.id)] = reach(rows, CONTRACTS[row.soort], region, supplier, day)
    return found
