"""A second look at what is about to be published, sharing no code with the suppressor.

It knows the internal counts and counts the visible figures that rest on too few people, or leave too few out. What can
be derived by combining figures is the auditor's work; here is the plain rule, checked apart.
"""

import polars as pl

from jos_pipeline.auditor.verdict import PUBLIC
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import REPORTED_IN, TOTAAL, Kind

KEYS = ["indicator", "schooljaar", "periode", "niveau", "gebied", "uitsplitsing", "categorie"]
FIGURES = ["waarde", "waarde_min", "waarde_max", "teller", "noemer", "rang"]
"""Any of these tells of the counts behind a row, an end of an interval and a rank as well."""

_AMOUNTS = sorted({one.id for entry in INDICATORS.values() for one in entry.measures if one.kind is Kind.SUM})
"""Measures that add up what persons have, such as goals: who is behind one is no part of who is behind another."""


def small_and_visible(cube: pl.DataFrame, rows: pl.DataFrame, k: int) -> int:
    """How many rows show a figure although fewer than ``k`` pupils, or fewer than two professionals, stand behind it,
    or although fewer than ``k`` pupils of a known number are left out of it.

    ``cube`` holds the internal counts of the same rows; raises ValueError for a row of which it holds none.
    """
    if strangers := rows.join(cube, on=KEYS, how="anti").height:
        raise ValueError(f"{strangers} rows to publish are not in the cube")
    shown = rows.select(*KEYS, _shown=pl.any_horizontal(pl.col(FIGURES).is_not_null()))
    joined = cube.join(shown, on=KEYS, how="inner", validate="1:1").filter("_shown")
    return joined.filter(_few_people(k) | _nearly_everyone(k)).height


def _few_people(k: int) -> pl.Expr:
    few = (pl.col("teller_personen") < k, pl.col("noemer_personen") < k, pl.col("teller_medewerkers") < 2)
    return pl.any_horizontal(one.fill_null(value=False) for one in few)


def _nearly_everyone(k: int) -> pl.Expr:
    """Fewer than k leerlingen of the area, or persons of the noemer, are not in a count."""
    teller, noemer = (_measure(side) for side in ("teller", "noemer"))
    # all is in the total of a distribution by what it is: it is its own noemer
    itself = (pl.col("teller_maat") == pl.col("noemer_maat")).fill_null(value=False) & (
        pl.col("uitsplitsing") == TOTAAL
    )
    return pl.any_horizontal(
        # how many leerlingen there are is public, and that they are all there is no news
        ~teller.is_in(PUBLIC) & _few_left("publiek_totaal", "teller_personen", k),
        ~noemer.is_in(PUBLIC) & _few_left("publiek_totaal", "noemer_personen", k),
        ~teller.is_in([*PUBLIC, *_AMOUNTS]) & ~itself & _few_left("noemer_personen", "teller_personen", k),
    )


def _measure(side: str) -> pl.Expr:
    return pl.col(f"{side}_maat").fill_null("").str.split(REPORTED_IN).list.first()


def _few_left(whole: str, part: str, k: int) -> pl.Expr:
    """Not where there is nobody: then nothing is left because nobody is there. Nor where no persons are counted."""
    left = pl.col(whole) - pl.col(part)
    return ((pl.col(whole) > 0) & (left >= 0) & (left < k)).fill_null(value=False)
