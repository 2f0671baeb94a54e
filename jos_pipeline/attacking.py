"""``jos attack``: what somebody who has nothing but what is published can work out. Part of the front door.

The figures come from the warehouse, as readers have them: this publication, all others of the school year and the
dimension tables. The counts in the lake serve to judge the outcome only. The attack is ``jos_pipeline.auditor.attack``.
"""

from dataclasses import dataclass

import pandas as pd
import polars as pl

from jos_pipeline import dutch
from jos_pipeline.auditor.attack import unmasked
from jos_pipeline.counted import COUNTED
from jos_pipeline.history import START, UnknownError
from jos_pipeline.publication import PublicationId
from jos_pipeline.region import load_region
from jos_pipeline.settings import Settings
from resources.lake import Lake
from resources.warehouse import WarehouseStore

FIGURES = "monitor_indicator"


@dataclass(frozen=True)
class AttackOutcome:
    """How an attack on a publication ended; numbers of counts, and no value of any."""

    publication: PublicationId
    others: int
    counts: int
    """Hidden counts that are sensitive in truth, and were tried."""
    relations: int
    programs: int
    known: int
    """Of these too much was known without this publication."""
    told: int
    """Of these too much is told by this publication."""

    @property
    def exit_code(self) -> int:
        """0 when nothing is told, 2 when something is."""
        return 2 if self.told else 0


def attack_on(settings: Settings, publication: PublicationId) -> AttackOutcome:
    """Attacks a publication that is out. Raises UnknownError when it is not, or when its counts are not kept."""
    store, lake, year = WarehouseStore(settings.warehouse_url), Lake(settings.lake_url), publication.schooljaar
    out = {one.id: one.sha256 for one in store.brought_out(year)}
    if publication not in out:
        hint = f"; kies uit {', '.join(map(str, out))}" if out else f": er is nog niets gepubliceerd. {START}"
        raise UnknownError(f"publicatie {publication} is er niet{hint}")
    if not lake.has_under(COUNTED, year, out[publication]):
        raise UnknownError(f"de aantallen onder publicatie {publication} zijn niet bewaard")
    tables = {name: _frame(table) for name, table in store.copy_of(publication).items()}
    others = [one for one in sorted(out, reverse=True) if one != publication]
    found, told = unmasked(
        tables[FIGURES],
        tables,
        load_region(settings.regio).drempel,
        lake.read_under(COUNTED, year, out[publication]),
        others=[pl.from_pandas(store.publication_rows(one)) for one in others],
    )
    return AttackOutcome(
        publication=publication,
        others=len(others),
        counts=found.intervals.height,
        relations=found.relations,
        programs=found.solved,
        known=found.exposed.height - told.height,
        told=told.height,
    )


def _frame(table: pd.DataFrame) -> pl.DataFrame:
    return pl.from_pandas(table)


def attack_text(outcome: AttackOutcome) -> str:
    """What ``jos attack`` says."""
    count = dutch.number
    verdict = (
        "Niets te ver te herleiden."
        if not outcome.told
        else f"MIS: {count(outcome.told)} aantallen zijn te ver te herleiden. Trek de publicatie in "
        "(jos publish --trek-in) en meld dit aan de ontwikkelaars."
    )
    return (
        f"Aanval op {outcome.publication}, met wat lezers hebben: deze publicatie, {count(outcome.others)} andere "
        "van het schooljaar en de dimensietabellen.\n"
        f"  verborgen gevoelige aantallen  {count(outcome.counts)}\n"
        f"  verbanden tussen aantallen     {count(outcome.relations)}\n"
        f"  opgeloste programma's          {count(outcome.programs)}\n"
        f"  ook zonder haar al bekend      {count(outcome.known)}\n"
        f"{verdict}\n"
    )
