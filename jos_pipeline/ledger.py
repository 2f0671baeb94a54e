"""Rules on the ledger of deliveries: which are in force, and what still has to be worked through.

Pure functions on the ``levering`` table as a frame; reading and writing it is ``resources.warehouse``.
"""

from bisect import bisect_right
from datetime import date, datetime

import pandas as pd

from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from schemas import registered

ACCEPTED = registered.ACCEPTED

Standing = frozenset[tuple[str, str, str]]
"""The deliveries in force of a school year as (soort, leverancier, sha256)."""


def in_force(deliveries: pd.DataFrame, schooljaar: str) -> pd.DataFrame:
    """The deliveries in force of a school year, in a fixed order."""
    chosen = deliveries[deliveries["geldend"].astype(bool) & (deliveries["schooljaar"] == schooljaar)]
    return chosen.sort_values(["soort", "leverancier"], ignore_index=True)


def reached(chosen: pd.DataFrame) -> date | None:
    """The last day that at least half of the deliveries in force reach; None when there are none.

    One file with a late peildatum (that of its time stamp, when its name has none) makes no publication due.
    """
    days = sorted(chosen["peildatum"], reverse=True)
    return days[(len(days) - 1) // 2] if days else None


def standing(deliveries: pd.DataFrame, schooljaar: str) -> Standing:
    """What counts for a school year now; two equal standings give equal figures."""
    chosen = in_force(deliveries, schooljaar)
    return frozenset(zip(chosen["soort"], chosen["leverancier"], chosen["sha256"], strict=True))


def numbers_of(behind: Standing, deliveries: pd.DataFrame, schooljaar: str) -> tuple[int, ...]:
    """The numbers of the deliveries of a standing."""
    chosen = deliveries[deliveries["oordeel"].isin(ACCEPTED) & (deliveries["schooljaar"] == schooljaar)]
    return tuple(int(row.id) for row in chosen.itertuples() if (row.soort, row.leverancier, row.sha256) in behind)


def as_of(deliveries: pd.DataFrame, moment: datetime) -> pd.DataFrame:
    """The ledger as it stood at a moment: what was judged by then, and which of it was in force.

    A delivery is in force from the moment it is accepted until the next accepted one of the same leverancier, soort
    and schooljaar, so the whole past follows from the order of arrival.
    """
    known = deliveries[_judged(deliveries) <= pd.Timestamp(moment)]
    accepted = known[known["oordeel"].isin(ACCEPTED)].sort_values("id")
    last = accepted.drop_duplicates(["leverancier", "soort", "schooljaar"], keep="last")["id"]
    return known.assign(geldend=known["id"].isin(last)).reset_index(drop=True)


def _judged(deliveries: pd.DataFrame) -> pd.Series:
    """When each delivery was judged, never later than one that came after it.

    A clock may have been wrong for a while. The latest moment is believed, and of all before it the longest row that
    runs on to it; a delivery beside that row has the moment of the next one in it.
    """
    told = deliveries.sort_values("id")["beoordeeld_op"]
    believed = told <= told.iloc[-1] if len(told) else told.notna()
    ends: list[pd.Timestamp] = []  # the earliest moment in which a row of each length ends, and where that is
    places: list[int] = []
    before: dict[int, int | None] = {}
    for place, moment in enumerate(told):
        if believed.iloc[place]:
            length = bisect_right(ends, moment)
            before[place] = places[length - 1] if length else None
            ends[length : length + 1], places[length : length + 1] = [moment], [place]
    row, at = [], places[-1] if places else None
    while at is not None:
        row.append(at)
        at = before[at]
    return told.where(pd.Series(range(len(told)), index=told.index).isin(row)).bfill().reindex(deliveries.index)


def years_with_deliveries(deliveries: pd.DataFrame) -> list[str]:
    return sorted(set(deliveries.loc[deliveries["geldend"].astype(bool), "schooljaar"]))


def processed_years(deliveries: pd.DataFrame, region: Region) -> list[str]:
    """The school years with deliveries in force that the region (still) processes."""
    return [year for year in years_with_deliveries(deliveries) if year in region.school_years]


def year_of(schooljaar: str | None, known: tuple[str, ...], today: SchoolYear) -> str:
    """The school year under which a file is taken in: its own, or today's (or the nearest known) if unknown.

    A file of which the year cannot be told must be refused somewhere; this says in which year's run.
    """
    if schooljaar in known:
        return str(schooljaar)
    return str(today) if str(today) in known else known[-1]


def open_refusals(deliveries: pd.DataFrame) -> pd.DataFrame:
    """Refused files after which the same supplier had nothing of that soort and schooljaar accepted.

    A refusal of which soort or schooljaar could not be told is settled by anything accepted later of that supplier,
    and every refusal by the same bytes that were accepted later: as another soort, or of another schooljaar.
    """
    refused = deliveries[deliveries["oordeel"] == "afgekeurd"]
    theirs = deliveries["leverancier"].isin(refused["leverancier"])
    accepted = deliveries[deliveries["oordeel"].isin(ACCEPTED) & theirs]
    last: dict[tuple[str, str | None, str | None], int] = {}
    same_bytes: dict[tuple[str, str], int] = {}
    for row in accepted.itertuples():
        same_bytes[row.leverancier, row.sha256] = row.id
        for soort in (row.soort, None):
            for year in (row.schooljaar, None):
                place = (row.leverancier, soort, year)
                last[place] = max(last.get(place, -1), row.id)
    waiting = []
    for row in refused.itertuples():
        soort, year = (None if pd.isna(told) else told for told in (row.soort, row.schooljaar))
        settled = (last.get((row.leverancier, soort, year), -1), same_bytes.get((row.leverancier, row.sha256), -1))
        waiting.append(max(settled) < row.id)
    return refused.loc[waiting]


class Known:
    """The ledger, asked whether a file that lies in the inbox has had its verdict.

    Bytes that were accepted are settled, under whatever name. A refusal stands for as long as nothing changes that it
    may rest on: it is judged again when the file comes under another name or is newer than when it was refused, and,
    as long as it is open, when the gate knows something else of the region (``Region.yardstick``).
    """

    def __init__(self, deliveries: pd.DataFrame, region: Region) -> None:
        """``deliveries`` is the ledger in order of arrival."""
        suppliers, names, sizes, hashes = (deliveries[name] for name in ("leverancier", "bestand", "grootte", "sha256"))
        moments = [int(moment.timestamp()) for moment in pd.to_datetime(deliveries["gewijzigd_op"], utc=True)]
        keys = list(zip(suppliers, names, hashes, strict=True))
        self._judged = dict(zip(keys, moments, strict=True))
        waiting = open_refusals(deliveries)
        again = set(zip(waiting["leverancier"], waiting["sha256"], strict=True))
        measured = dict(zip(keys, deliveries["getoetst_aan"], strict=True))
        for key, yardstick in measured.items():
            if (key[0], key[2]) in again and yardstick != region.yardstick(key[0]):
                del self._judged[key]
        accepted = deliveries[deliveries["oordeel"].isin(ACCEPTED)]
        self._settled = set(zip(accepted["leverancier"], accepted["sha256"], strict=True))
        stamps = zip(keys, sizes, moments, strict=True)
        self._stamps = {(key[0], key[1], size, moment) for key, size, moment in stamps if key in self._judged}
        self._sizes = set(zip(suppliers, names, sizes, strict=True))

    def by_stamp(self, leverancier: str, name: str, size: int, modified: datetime) -> bool:
        return (leverancier, name, size, int(modified.timestamp())) in self._stamps

    def may_know(self, leverancier: str, name: str, size: int) -> bool:
        """Whether it is of use to ask ``by_bytes``."""
        return (leverancier, name, size) in self._sizes

    def by_bytes(self, leverancier: str, name: str, sha256: str, modified: datetime) -> bool:
        """Copied or sent again under the same name. Of copies that were refused the newest stands for all."""
        judged = self._judged.get((leverancier, name, sha256))
        if judged is None:
            return False
        return (leverancier, sha256) in self._settled or int(modified.timestamp()) <= judged
