"""What is told of the audit of a publication and stays with it: numbers of counts, and no value of any (spec 3.3).

Put here what is kept and how it is worked out. Auditing and hiding is ``jos_pipeline.audited``; where the report lies
is ``resources.lake``. Pure.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from jos_pipeline.auditor.audit import counts_of_widths
from jos_pipeline.linear_system import LinearSystem
from jos_pipeline.suppressor import Attackers, Report

WITHOUT_COUNTS = "eerdere_publicaties_zonder_aantallen"
"""In the report: the publications whose counts are lost, so that this one was not audited together with them."""
AGAINST = {Attackers.READERS: "lezers", Attackers.OWNERS: "scholen die hun eigen aantallen kennen"}


@dataclass(frozen=True)
class Widths:
    """How wide the intervals of the sensitive counts are that are left to every reader."""

    enough: int
    """Counts whose interval holds all that it must: of these a table was found for both ends."""
    known: int
    """Counts whose interval is narrower, and would be when nothing were published."""
    narrow: int
    """Counts of which a reader can tell too much; 0 in whatever goes out."""
    at_least: np.ndarray
    """Of every sensitive count the widest interval that tables were found for: the true one may be wider."""
    exact: np.ndarray
    """The widths of the intervals that were asked exactly: of what is known anyway, when nothing is published."""

    def summary(self) -> dict[str, Any]:
        """In classes: the very width of one interval may follow from a count."""
        return {
            "ten_minste_wat_moet": self.enough,
            "smaller_maar_al_bekend": self.known,
            "te_smal": self.narrow,
            "aangetoond_ten_minste": counts_of_widths(self.at_least),
            "precies_van_wat_al_bekend_is": counts_of_widths(self.exact),
        }


@dataclass(frozen=True)
class Shown:
    """How much of the counts of persons is shown: as part of how many there are, and of what they weigh. What a count
    weighs follows from its level and from whether it is a total, never from the count."""

    counts: float
    weight: float

    def summary(self) -> dict[str, Any]:
        return {"aantallen_personen": round(self.counts, 4), "gewicht": round(self.weight, 4)}


@dataclass(frozen=True)
class Audited:
    """Rows that were audited, and what was found. ``rows`` are for publication only where ``told`` is 0."""

    rows: pl.DataFrame
    told: int
    """Sensitive counts of which too much can be told by a reader, or by a school that knows its own counts."""
    anyway: int
    """Those of which too much can be told when nothing more is shown: zeros of what cannot be, sums that are public,
    and what earlier publications tell. What is to go out tells no more of them."""
    first: int
    """Sensitive counts of which too much could be told before more was hidden."""
    counts: int
    hidden: int
    sensitive: int
    relations: int
    publications: int
    """Earlier publications that were taken together with this one."""
    schools: int
    """Schools that were tried as readers who know their own counts."""
    authorities: int
    """Gemeenten and samenwerkingsverbanden that were tried as readers who know what they delivered."""
    told_to_authorities: int
    """Sensitive counts of other gemeenten and samenwerkingsverbanden of which one of them can tell too much by what is
    to go out. Only counted: ``told`` holds none of these, unless that was asked for."""
    more_hidden: int
    """Rows that were hidden for what the audit found."""
    widths: Widths
    shown: Shown
    repairs: tuple[dict[str, Any], ...]
    """What the suppressor said each time that it was asked what to hide."""
    solved: int
    seconds: float

    def summary(self) -> dict[str, Any]:
        """What may be kept with a publication: numbers of counts, and no value of any of them."""
        return {
            "onderzocht": "whether every hidden sensitive count can be 0 and can be k (or all, and all but k): for "
            "readers of all visible figures and sums at once, who know that persons are whole; 0 and half of k for "
            "schools that know their own counts, and for gemeenten and samenwerkingsverbanden, which is only counted",
            "niet_onderzocht": "publications of other school years",
            "te_herleiden": self.told,
            "al_bekend_zonder_publicatie": self.anyway,
            "eerst_te_herleiden": self.first,
            "aantallen": self.counts,
            "verborgen": self.hidden,
            "gevoelig": self.sensitive,
            "relaties": self.relations,
            "eerdere_publicaties": self.publications,
            "scholen_als_lezer": self.schools,
            "overheden_als_lezer": self.authorities,
            "te_herleiden_door_overheden": self.told_to_authorities,
            "extra_verborgen_rijen": self.more_hidden,
            "breedte_van_intervallen": self.widths.summary(),
            "zichtbaar_deel": self.shown.summary(),
            "herstel": list(self.repairs),
            "programmas": self.solved,
            "seconden": round(self.seconds, 2),
        }


def widths(system: LinearSystem, at_least: np.ndarray, exposures: pl.DataFrame, known: pl.DataFrame) -> Widths:
    """``at_least``: by cell how wide the interval is for sure; ``exposures``: what can be told too much of in the end;
    ``known``: between which ends who knows cells to lie anyway. Only what every reader can tell is looked at."""
    anyway = known.filter(pl.col("attacker").is_null()).group_by("cell").agg(pl.col("low").max(), pl.col("high").min())
    narrow = exposures.filter(pl.col("attacker").is_null())["cell"].unique().to_numpy()
    sensitive = np.flatnonzero(system.table.sensitive)
    of_known = np.setdiff1d(anyway["cell"].to_numpy(), narrow)
    return Widths(
        enough=len(np.setdiff1d(sensitive, np.union1d(narrow, of_known))),
        known=len(of_known),
        narrow=len(narrow),
        at_least=at_least[sensitive],
        exact=(anyway["high"] - anyway["low"]).to_numpy(),
    )


def shown_part(system: LinearSystem, rows: pl.DataFrame) -> Shown:
    """What of the counts of persons the rows show, all of it where there are none. ``system`` is that of this
    publication alone."""
    cells = system.named.filter("mensen")["nummer"].unique().to_numpy()
    shown = ~system.hidden_in(rows)[cells]
    weight = system.table.cells.get_column("weight").to_numpy()[cells]
    if not len(cells):
        return Shown(1.0, 1.0)
    return Shown(float(shown.mean()), float(weight[shown].sum() / weight.sum()))


def repaired(repair: Report, attackers: Attackers) -> dict[str, Any]:
    """What the suppressor says of counts that it hid for what the audit found. Weights, as in ``Shown``: no counts.

    Its lower bound is about readers who own nothing: how far what is hidden from schools is above it says nothing.
    """
    told: dict[str, Any] = {
        "tegen": AGAINST[attackers],
        "verborgen_erbij": repair.secondary,
        "verlies": round(repair.loss, 2),
        "niet_te_helpen": len(repair.unprotected),
    }
    if attackers is not Attackers.READERS:
        return told
    return told | {"ondergrens": round(repair.lower_bound, 2), "kloof": round(repair.gap, 4)}
