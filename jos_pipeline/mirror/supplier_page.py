"""The page of one supplier: everything it sent, what counts of that, whom it reaches, and what is still to come.

Only what is the supplier's own: rows of the ledger and of the calendar of others are left out here, whatever the
caller hands over. Also where the files of a delivery lie below the supplier's directory.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

import pandas as pd

from jos_pipeline.clock import day_of
from jos_pipeline.delivery_calendar import DeliveryState, Progress
from jos_pipeline.mirror.reach import Reach
from jos_pipeline.pages import ENVIRONMENT
from jos_pipeline.region import Supplier
from schemas.contracts import CONTRACTS

FEEDBACK, MIRROR, INDEX = "terugkoppeling", "spiegelrapport", "index.html"
EXPLANATIONS = "uitleg"
_DIGITS = 8
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_VERDICTS = {
    "geaccepteerd": "geaccepteerd",
    "geaccepteerd_met_afkeur": "geaccepteerd, een deel afgekeurd",
    "afgekeurd": "afgekeurd",
    "dubbel": "dubbel",
}


def folder_of(file_name: str, sha256: str) -> str:
    """The folder with the feedback on a file: its name without extension, in plain characters, and its hash."""
    plain = unicodedata.normalize("NFKD", PurePath(file_name).stem).encode("ascii", "ignore").decode("ascii")
    return f"{_UNFIT.sub('-', plain).strip('.-') or 'naamloos'}_{sha256[:_DIGITS]}"


@dataclass(frozen=True)
class Sent:
    """A file that was offered. ``feedback`` and ``mirror`` are links; None where there is no such page."""

    id: int
    received: date
    file_name: str
    soort: str
    schooljaar: str
    peildatum: date | None
    oordeel: str
    verdict: str
    rijen: int
    rijen_afgekeurd: int
    geldend: bool
    reach: tuple[Reach, ...]
    feedback: str | None
    mirror: str | None


@dataclass(frozen=True)
class Missing:
    """A delivery that is agreed and not in force yet. Without a moment in the calendar both days are None."""

    soort: str
    schooljaar: str
    peildatum: date | None
    uiterlijk: date | None
    late: bool
    begun: bool


def supplier_html(
    supplier: Supplier,
    deliveries: pd.DataFrame,
    states: Sequence[DeliveryState],
    reaches: Mapping[int, tuple[Reach, ...]],
    pages: Collection[str],
    today: date,
) -> str:
    """The page of a supplier.

    ``deliveries`` is the ledger and ``states`` the calendar; ``reaches`` holds whom a delivery in force reaches, by
    its number in the ledger; ``pages`` are the pages that exist, relative to the supplier's directory.
    """
    rows = deliveries[deliveries["leverancier"] == supplier.id]
    sent = [_sent(row, reaches, pages) for row in rows.itertuples()]
    own = [state for state in states if state.leverancier == supplier.id]
    return ENVIRONMENT.get_template("leverancier.html.j2").render(
        supplier=supplier,
        sent=sorted(sent, key=lambda one: one.id, reverse=True),
        in_force=sorted((one for one in sent if one.geldend), key=lambda one: (one.schooljaar, one.soort)),
        missing=sorted(_missing(own), key=lambda one: (not one.late, one.uiterlijk or date.max, one.soort)),
        today=today,
    )


def _sent(row: Any, reaches: Mapping[int, tuple[Reach, ...]], pages: Collection[str]) -> Sent:
    folder = folder_of(row.bestand, row.sha256)
    feedback, mirror = f"{folder}/{FEEDBACK}.html", f"{folder}/{MIRROR}.html"
    return Sent(
        id=int(row.id),
        received=day_of(pd.Timestamp(row.ontvangen_op).to_pydatetime()),
        file_name=row.bestand,
        soort=_title(row.soort),
        schooljaar="" if pd.isna(row.schooljaar) else row.schooljaar,
        peildatum=None if pd.isna(row.peildatum) else pd.Timestamp(row.peildatum).date(),
        oordeel=row.oordeel,
        verdict=_VERDICTS.get(row.oordeel, row.oordeel),
        rijen=int(row.rijen),
        rijen_afgekeurd=int(row.rijen_afgekeurd),
        geldend=bool(row.geldend),
        reach=reaches.get(int(row.id), ()),
        feedback=feedback if feedback in pages else None,
        mirror=mirror if mirror in pages else None,
    )


def _title(soort: object) -> str:
    return CONTRACTS[soort].title if isinstance(soort, str) and soort in CONTRACTS else "onbekend"


def _missing(states: Iterable[DeliveryState]) -> list[Missing]:
    """What is agreed and not there yet: per moment of the calendar, or once where the calendar has none.

    Of the moments that are late only the last is told: a full delivery for that one meets those before it.
    """
    waits = {Progress.OPEN, Progress.KOMT_NOG}
    found = []
    for state in states:
        late = [moment for moment in state.moments if moment.progress is Progress.TE_LAAT][-1:]
        coming = [moment for moment in state.moments if moment.progress in waits]
        for moment in (*late, *coming):
            begun = moment.progress is not Progress.KOMT_NOG
            days = (moment.expected.peildatum, moment.expected.uiterlijk)
            found.append(Missing(_title(state.soort), state.schooljaar or "", *days, moment in late, begun))
        if state.ontbreekt and not state.moments:
            found.append(Missing(_title(state.soort), state.schooljaar or "", None, None, late=False, begun=True))
    return found
