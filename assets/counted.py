"""What is kept in the lake of publications that are out: the tables of counts under them (spec 3.2.6).

Here: when they are kept, and which later publications are audited with. What those counts are is
``jos_pipeline.counted``; those of before rounding are ``assets.rounding``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg
import polars as pl

from jos_pipeline.counted import COUNTED, is_readable, out
from jos_pipeline.linear_system import Out
from jos_pipeline.publication import content_hash
from resources.lake import Lake
from resources.warehouse import WarehouseStore


class LostCountsError(Exception):
    """The counts under a publication that is out are gone, so that nothing can be audited with it. In Dutch."""


@dataclass(frozen=True)
class Counted:
    """What is known of the publications of a school year that are out: ``lost`` are those without their counts."""

    known: list[Out]
    lost: tuple[str, ...]


def counts_of_what_is_out(
    lake: Lake, store: WarehouseStore, year: str, k: int, areas: pl.DataFrame, *, go_on: bool
) -> Counted:
    """The counts under every publication of a school year, also the withdrawn, for readers have these.

    Raises LostCountsError where they are lost, or of a version that lacks what is needed now; unless somebody decided,
    now (``go_on``) or before, to go on without them. That decision is kept where they should lie, or every night would
    ask for it again. Counts that are put back count.
    """
    known = store.brought_out(year)
    hashes = list(dict.fromkeys(one.sha256 for one in known))
    kept = {one: lake.read_under(COUNTED, year, one) for one in hashes if lake.has_under(COUNTED, year, one)}
    usable = {one: counts for one, counts in kept.items() if is_readable(counts)}
    lost = [one for one in hashes if one not in usable]
    undecided = [one for one in lost if not lake.is_given_up(COUNTED, year, one)]
    if undecided and not go_on:
        raise LostCountsError(_refusal([str(one.id) for one in known if one.sha256 in undecided]))
    for one in undecided:
        lake.give_up(COUNTED, year, one, datetime.now(UTC))
    return Counted(out(usable.values(), k, areas), tuple(str(one.id) for one in known if one.sha256 in lost))


def _refusal(publications: list[str]) -> str:
    return (
        f"de aantallen onder {', '.join(publications)} ontbreken in het meer (publicatie/geteld_uit). Zonder die "
        "aantallen is niet na te gaan of een nieuwe publicatie samen met deze een klein aantal verraadt. Zet de "
        "bestanden van het meer terug uit de reservekopie. Kan dat niet, dan is het een besluit om zonder verder te "
        "gaan: jos publish --peildatum DAG --zonder-eerdere-aantallen"
    )


def keep_under(
    lake: Lake,
    store: WarehouseStore,
    group: str,
    name: str,
    year: str,
    safe: pl.DataFrame,
    belong: Callable[[pl.DataFrame, pl.DataFrame], bool],
) -> None:
    """Keeps a table that lies beside the safe rows, which are about to be published. Fails when it is not theirs."""
    sha256, counts = content_hash(safe), lake.read_layer(group, name, year)
    if not belong(safe, counts):
        raise dg.Failure(
            "the counts beside these figures are not theirs: run publicatie/beveiligd together with this one",
            allow_retries=False,
        )
    if sha256 not in {one.sha256 for one in store.brought_out(year)}:
        lake.write_under(name, year, sha256, counts)
