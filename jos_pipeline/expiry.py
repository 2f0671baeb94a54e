"""What has had its time, by the periods of ``retention``. Pure: what is there comes in as names and tables.

Three things never have: what is published, what the audit said of it, and what a publication rests on for as long as it
must be possible to count it again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from jos_pipeline.clock import day_of
from jos_pipeline.ledger import ACCEPTED
from jos_pipeline.mirror.supplier_page import folder_of
from jos_pipeline.retention import AUDITS, LEFTOVERS, PAGES_LEFT, Retention, months_after
from jos_pipeline.school_year import SchoolYear

_PERSONS = frozenset({"gevalideerd", "gevalideerd_stand", "gekoppeld"})
_FIGURES = frozenset({"indicatoren", "publicatie"})


@dataclass(frozen=True)
class Expired:
    """Something that has had its time: its class and its name. ``wacht`` says why it has to stay a little longer."""

    klasse: str
    naam: str
    wacht: str = ""


@dataclass(frozen=True)
class Kept:
    """What the plan looks at: the ledger, what publications rest on, and which school years are processed."""

    deliveries: pd.DataFrame
    needed: frozenset[int]
    """Numbers of deliveries that a publication rests on which must still be countable."""
    school_years: Collection[str]
    today: date


def needed_for(
    publications: Iterable[tuple[datetime, Collection[int]]], retention: Retention, today: date
) -> frozenset[int]:
    """The deliveries behind every publication (when it came out, what it rests on) that must still be countable."""
    return frozenset(
        number
        for moment, behind in publications
        if today < months_after(day_of(moment), retention.herleidbaar)
        for number in behind
    )


def expired_in_lake(files: Mapping[str, datetime], kept: Kept, retention: Retention) -> list[Expired]:
    """What of the lake has had its time; ``files`` are names in it with when they were written."""
    rows = {_place(row): row for row in kept.deliveries.itertuples() if row.oordeel in ACCEPTED}
    later = kept.deliveries[kept.deliveries["vervangt"].notna()]
    replaced = {int(row.vervangt): day_of(row.beoordeeld_op) for row in later.itertuples()}
    found: list[Expired] = []
    for name, moment in files.items():
        parts = name.split("/")
        if parts[-1].startswith("."):
            found += [Expired(LEFTOVERS, name)] if _is_dead(moment, kept.today) else []
        elif parts[0] == "geaccepteerd" and len(parts) == 5:
            found += _accepted(name, rows.get("/".join(parts[1:])), replaced, moment, kept, retention)
        elif parts[0] == "quarantaine" and len(parts) == 5:
            row = rows.get("/".join(parts[1:]))
            since = day_of(moment if row is None else row.ontvangen_op)
            if kept.today >= months_after(since, retention.afgekeurde_rijen):
                found.append(Expired("afgekeurde_rijen", name))
        elif parts[0] in _PERSONS | _FIGURES and len(parts) == 3 and "/".join(parts[:2]) != AUDITS:
            klasse = "leveringen" if parts[0] in _PERSONS else "interne_cijfers"
            found += _of_year(klasse, name, parts[2].partition(".")[0], kept, retention)
    return found


def _is_dead(written: datetime, today: date) -> bool:
    """Whether whoever wrote half a file is gone by now."""
    return (today - day_of(written)).days > 1


def expired_pages(halves: Mapping[str, datetime], today: date) -> list[Expired]:
    """Which halves of pages, by their names and when they were written, belong to a process that is gone."""
    return [Expired(PAGES_LEFT, name) for name, moment in sorted(halves.items()) if _is_dead(moment, today)]


def _place(row: Any) -> str:
    """Where the rows of a delivery lie below their layer."""
    return f"{row.soort}/{row.schooljaar}/{row.leverancier}/{row.sha256[:16]}.parquet"


def _accepted(
    name: str, row: Any, replaced: Mapping[int, date], written: datetime, kept: Kept, retention: Retention
) -> Iterator[Expired]:
    if row is not None and row.id in kept.needed:
        return
    expired = list(_of_year("leveringen", name, name.split("/")[2], kept, retention))
    if row is None or not row.geldend:
        since = day_of(written) if row is None else replaced.get(row.id, day_of(row.beoordeeld_op))
        if kept.today >= months_after(since, retention.vervangen_leveringen):
            yield Expired("vervangen_leveringen", name)
            return
    yield from expired


def _of_year(klasse: str, name: str, year: str, kept: Kept, retention: Retention) -> Iterator[Expired]:
    last = SchoolYear.parse(year).last_day
    if kept.today < months_after(last, getattr(retention, klasse)):
        return
    # every night all school years that are processed are made anew: without rows that would fail
    still = f"schooljaar {year} wordt nog verwerkt (eerste_schooljaar in regio.toml)"
    yield Expired(klasse, name, still if year in kept.school_years else "")


def expired_feedback(folders: Collection[str], kept: Kept, retention: Retention) -> list[Expired]:
    """Which folders with feedback, as ``<leverancier>/<folder>``, have had their time."""
    old = {
        f"{row.leverancier}/{folder_of(row.bestand, row.sha256)}": row.geldend
        for row in kept.deliveries.itertuples()
        if kept.today >= months_after(day_of(row.ontvangen_op), retention.terugkoppeling)
    }
    return [Expired("terugkoppeling", folder) for folder in sorted(folders) if old.get(folder, True) is False]
