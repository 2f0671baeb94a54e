"""Published rows with rounded counts: teller, noemer and everything that follows from them (spec 3.2.7).

Put here how rows become cells and back; how numbers are chosen is ``jos_pipeline.rounding``. All that goes in is what
the rows show already: hidden counts are taken out first. The audit of the exact rows therefore holds for these too.

Rounded are counts with persons behind them. Hours, fte and inhabitants stay: no count of pupils follows from them. A
median or mean stays, for it is rounded as spec 3.2.2 says and a multiple of five weeks tells nothing; the number of
observations beside it is rounded.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from jos_pipeline.disclosure import ABSENT, DECIMALS, FIGURES, complete, with_sensitivity
from jos_pipeline.earlier import HIDDEN, INTERVAL, KEYS, OUT, with_changes
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import TOTAAL
from jos_pipeline.linear_system import linear_system
from jos_pipeline.linear_system.counts import SIDES, cell_of, with_needs
from jos_pipeline.rounding import RoundingError, rounded
from jos_pipeline.suppression import CELL
from schemas.registered import ROUNDED

PERCENT = 100
SHARE, PER_1000 = "aandeel", "per 1.000"
EXACT = "onafgerond"
"""The table with the counts of safe rows before and after rounding (``BEFORE``), by its name in the lake."""
BASE = "afgerond_op"
BEFORE = OUT | {f"{side}_afgerond": pl.Float64 for side in SIDES} | {BASE: pl.Int64}
"""What is kept of a rounding, inside the house: what ``earlier`` needs of the exact rows, and their counts after."""


@dataclass(frozen=True)
class RoundedRows:
    """Rows with rounded counts."""

    rows: pl.DataFrame
    counts: pl.DataFrame
    """``BEFORE``: for internal use only."""
    report: dict[str, Any]
    """What may be told of it: numbers of counts, no value."""


def rounded_rows(
    safe: pl.DataFrame,
    cube: pl.DataFrame,
    areas: pl.DataFrame,
    base: int,
    k: int,
    before: pl.DataFrame | None = None,
) -> RoundedRows:
    """The safe rows with their counts rounded to multiples of ``base``; what is hidden stays as it is.

    ``safe`` are audited rows in the order of ``cube``, which tells here which measure a row counts and nothing else.
    ``before`` (``BEFORE``): counts that are out; one that did not change keeps its rounded number where it can. Raises
    RoundingError as ``rounding.rounded`` does.
    """
    visible = _as_shown(safe, cube)
    shown = with_needs(with_sensitivity(with_changes(complete(visible), (), k), k), k)
    system = linear_system(visible, areas, k)
    places = system.stands.select(*CELL, "nummer").unique()
    sides = {side: _on(shown, places, side, before) for side in SIDES}
    known = pl.concat(side.filter("telt") for side in sides.values())
    size = system.table.cells.height
    hidden, exact = np.ones(size, dtype=bool), np.ones(size, dtype=bool)
    hidden[known["nummer"].to_numpy()] = False
    exact[known.filter("mensen")["nummer"].to_numpy()] = False
    earlier = np.full(size, np.nan)
    kept = known.drop_nulls("was").group_by("nummer").agg(pl.col("was").max()).sort("nummer")
    earlier[kept["nummer"].to_numpy()] = kept["was"].to_numpy()
    found = rounded(system.table, hidden, base, _names(system.stands, size), exact, earlier)
    counts = {side: _rounded_side(sides[side], found.values, system.table.counts) for side in SIDES}
    rows = _with_counts(safe, shown, counts, base)
    _check(safe, rows)
    report = {
        BASE: base,
        "afgeronde_aantallen": found.cells,
        "kloppende_optellingen": found.sums,
        "verder_dan_afgerond_op": found.beyond,
    }
    after = (rows.get_column(side).alias(_after(side)) for side in SIDES)
    return RoundedRows(
        rows, safe.with_columns(*after, pl.lit(base, dtype=pl.Int64).alias(BASE)).select(*BEFORE), report
    )


def rounding_remarks(base: int | None, regio: str, schooljaar: str) -> list[dict[str, str]]:
    """What readers must know of figures that are rounded: rows of ``toelichting``, on the regio for all its areas.

    ``base`` is that of the publication that holds, whatever the region has chosen since; none when it is exact.
    """
    if base is None:
        return []
    about = {"schooljaar": schooljaar, "niveau": "regio", "gebied": regio, "reden": ROUNDED}
    return [
        about | {"indicator": name, "tekst": (_OBSERVED if entry.from_observations else _COUNTED).format(base)}
        for name, entry in sorted(INDICATORS.items())
        if entry.persons
    ]


_COUNTED = (
    "Aantallen personen en trajecten zijn afgerond op een veelvoud van {}, in elk gebied. Optellingen kloppen. Het "
    "cijfer is uitgerekend met de afgeronde aantallen."
)
_OBSERVED = "Het aantal waarnemingen is afgerond op een veelvoud van {}, in elk gebied. Het cijfer zelf niet."


def is_rounding_of(rows: pl.DataFrame, counts: pl.DataFrame) -> bool:
    """Whether these are the counts (``BEFORE``) that were rounded to make these rows."""
    after = counts.select(*KEYS, *(pl.col(_after(side)).alias(side) for side in SIDES))
    return after.sort(KEYS).equals(rows.select(after.columns).sort(KEYS))


def _after(side: str) -> str:
    return f"{side}_afgerond"


def _as_shown(safe: pl.DataFrame, cube: pl.DataFrame) -> pl.DataFrame:
    """The cube as a reader of the safe rows could make it: no count, and nothing about one, that they do not show."""
    if not safe.select(KEYS).equals(cube.select(KEYS)):
        raise RoundingError("rows to be rounded stand in the order of the cube they came from")
    persons = {
        f"{side}_personen": pl.when(pl.col(f"{side}_personen").is_not_null()).then(
            pl.col(side).cast(pl.Int64).fill_null(0)
        )
        for side in SIDES
    }
    return cube.with_columns(safe.get_column(name) for name in (*FIGURES, "waarde_status")).with_columns(
        **persons,
        teller_medewerkers=pl.lit(None, dtype=pl.Int64),
        publiek_totaal=pl.when(pl.col("publiek_totaal") == 0).then(pl.lit(0, dtype=pl.Int64)),
    )


def _on(shown: pl.DataFrame, places: pl.DataFrame, side: str, before: pl.DataFrame | None) -> pl.DataFrame:
    """Per row which cell it shows on one side: ``nummer``, ``telt`` (it shows it), ``mensen``, ``aantal``, ``was``."""
    at = shown.select(
        *cell_of(side),
        *(pl.col(name).alias(f"_{name}") for name in KEYS),
        aantal=pl.col(side),
        # where there was nothing to count, the row says 0
        zegt=pl.col(f"_{side}_zegt") & ~pl.col("waarde_status").is_in([HIDDEN, INTERVAL, *ABSENT]),
        mensen=pl.col(f"_{side}_mensen"),
    ).join(places, on=list(CELL), how="left", maintain_order="left")
    if before is None:
        at = at.with_columns(was=pl.lit(None, dtype=pl.Float64))
    else:
        earlier = before.select(
            *(pl.col(name).alias(f"_{name}") for name in KEYS), _toen=side, _was=_after(side)
        ).unique([f"_{name}" for name in KEYS], keep="last", maintain_order=True)
        at = at.join(earlier, on=[f"_{name}" for name in KEYS], how="left", maintain_order="left").with_columns(
            was=pl.when(pl.col("_toen") == pl.col("aantal")).then("_was")
        )
    return at.select("nummer", "mensen", "aantal", "was", telt=pl.col("zegt") & pl.col("nummer").is_not_null())


def _names(stands: pl.DataFrame, size: int) -> list[str]:
    """A name for every cell: the first place where it stands; those that stand nowhere are never shown."""
    written = stands.select("nummer", naam=pl.concat_str(CELL, separator="|", ignore_nulls=True))
    named = written.group_by("nummer").agg(pl.col("naam").min())
    found = dict(named.iter_rows())
    return [found.get(cell, f"#{cell}") for cell in range(size)]


def _rounded_side(at: pl.DataFrame, values: np.ndarray, counts: np.ndarray) -> pl.Series:
    """The rounded count of every row that shows one; null where it shows none."""
    numbers = at.get_column("nummer").fill_null(0).to_numpy()
    told = at.with_columns(nieuw=pl.Series(values[numbers]), oud=pl.Series(counts[numbers]))
    shown = pl.col("telt") & pl.col("aantal").is_not_null() & pl.col("mensen")
    if told.filter(shown & ((pl.col("oud") - pl.col("aantal")).abs() > 1e-6)).height:
        raise RoundingError("one count has two values in the figures, so it cannot be rounded: report this")
    if told.filter(pl.col("aantal").is_not_null() & pl.col("mensen") & ~pl.col("telt")).height:
        raise RoundingError("a visible count has no place among the sums, so it cannot be rounded: report this")
    return told.select(pl.when(shown).then("nieuw").otherwise("aantal")).to_series()


def _with_counts(safe: pl.DataFrame, shown: pl.DataFrame, counts: dict[str, pl.Series], base: int) -> pl.DataFrame:
    mensen = shown.select(_mensen=pl.col("_teller_mensen") | pl.col("_noemer_mensen"))
    rows = safe.with_columns(
        *(series.alias(side) for side, series in counts.items()),
        _teller=safe.get_column("teller"),
        _mensen=mensen.to_series(),
    )
    factor = pl.when(pl.col("eenheid").str.starts_with(PER_1000)).then(1000.0).otherwise(1.0)
    value = pl.when(pl.col("noemer").is_null()).then("teller").otherwise(pl.col("teller") / pl.col("noemer") * factor)
    counted = pl.col("_mensen") & pl.col("teller").is_not_null()
    derived = rows.with_columns(
        waarde=pl.when(counted).then(value.round(DECIMALS)).otherwise("waarde"),
        waarde_min=_outward("waarde_min", base, up=False),
        waarde_max=_outward("waarde_max", base, up=True),
    )
    return _with_rank(derived).select(safe.columns)


def _outward(name: str, base: int, *, up: bool) -> pl.Expr:
    """The end of an interval to the next multiple outside it; a share to the next multiple in percent, up to all."""
    share = pl.col("eenheid") == SHARE
    # a nudge, for 0.15 / 0.05 is not 3 in binary
    scaled = pl.col(name) * pl.when(share).then(PERCENT / base).otherwise(1 / base)
    whole = (scaled - 1e-9).ceil() if up else (scaled + 1e-9).floor()
    moved = (whole * pl.when(share).then(base / PERCENT).otherwise(float(base))).round(DECIMALS)
    if up:
        moved = pl.when(share).then(moved.clip(upper_bound=1.0)).otherwise(moved)
    return pl.when("_mensen").then(moved).otherwise(name).alias(name)


def _with_rank(rows: pl.DataFrame) -> pl.DataFrame:
    """Ranks by the rounded counts: equal counts share the better rank. What stood before a row hidden, still does."""
    limits = {name: indicator.rang_tot for name, indicator in INDICATORS.items() if indicator.rang_tot}
    group = ["indicator", "periode", "niveau", "gebied", "uitsplitsing"]
    numbered = rows.with_row_index("_rij")
    ranked = numbered.filter(
        pl.col("indicator").is_in(list(limits)) & (pl.col("categorie") != TOTAAL) & (pl.col("teller") > 0)
    )
    places = {name: pl.col(name).rank("min", descending=True).over(group) for name in ("_teller", "teller")}
    hidden_before = (pl.col("rang").cast(pl.Int64) - places["_teller"].cast(pl.Int64)).max().over(group)
    place = places["teller"].cast(pl.Int64) + hidden_before.fill_null(0)
    limit = pl.col("indicator").replace_strict(limits, return_dtype=pl.Int64)
    found = ranked.with_columns(_plaats=place).select("_rij", _rang=pl.when(pl.col("_plaats") <= limit).then("_plaats"))
    joined = numbered.join(
        found.with_columns(_opnieuw=pl.lit(value=True)), on="_rij", how="left", maintain_order="left"
    )
    return joined.with_columns(rang=pl.when("_opnieuw").then("_rang").otherwise("rang"))


def _check(safe: pl.DataFrame, rows: pl.DataFrame) -> None:
    """Rounding neither shows nor hides: asked once more of what came out."""
    silent = [pl.col(name).is_null() for name in FIGURES if name != "rang"]
    if not safe.select("waarde_status", *silent).equals(rows.select("waarde_status", *silent)):
        raise RoundingError("rounding changed which figures are shown, so nothing is published: report this")
