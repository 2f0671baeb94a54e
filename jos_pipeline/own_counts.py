"""What a school is told by figures of the areas it lies in, when there are no figures of schools (spec 3.2.4).

Where figures of schools go out, the audit tries every school as a reader who knows its own counts. Where they do not,
no count of a school of now is in the system that is audited. Then this rule is what protects schools from each other: a
count of an area is sensitive where one of its schools, taking its own count off, is left with too little. Pure.
"""

import math
from itertools import pairwise

import polars as pl

from jos_pipeline.suppression import CELL
from jos_pipeline.threshold import SCHOOLS_SHARE

WHOLES = ("publiek", "deel_van")
"""What a count lies in beside its area: the public total, and the noemer of its share; empty where nothing is left."""
_AREAS = ("regio", "samenwerkingsverband", "gemeente")
_SLICE = [name for name in CELL if name not in ("niveau", "gebied")]
_AMOUNTS = ("personen", *WHOLES)


def closed_to_schools(cells: pl.DataFrame, areas: pl.DataFrame, k: int) -> pl.DataFrame:
    """The cells, in the same order, with ``primair`` also where a count of an area tells one of its schools too much.

    ``cells``: every count once, ``CELL`` with ``primair``, ``open``, ``personen`` and ``WHOLES``; ``areas``: as for
    ``protect``. Too much is less than ``SCHOOLS_SHARE`` of k of all others together, in the count or left out of it, or
    a sensitive count of the only other. Schools that lie in no area of a level are what is left of the next: where that
    tells too much, the counts of the level do.
    """
    dated = [name for name in ("periode",) if name in areas.columns]
    tree = areas.filter(niveau="school").select(
        *(*dated, "gebied", *_AREAS[1:]), regio=pl.lit(areas.filter(niveau="regio").get_column("gebied").first())
    )
    schools = cells.filter("open", pl.col("personen").is_not_null(), niveau="school")
    placed = schools.join(tree, on=[*dated, "gebied"], maintain_order="left")
    found = [_told_by(placed, level, cells, k) for level in _AREAS]
    found += [_told_by_rest(placed, level, whole, cells, k) for whole, level in pairwise(_AREAS)]
    told = pl.concat(found).unique().with_columns(_verteld=pl.lit(value=True))
    return (
        cells.join(told, on=list(CELL), how="left", maintain_order="left")
        .with_columns(pl.col("primair") | pl.col("_verteld").fill_null(value=False))
        .drop("_verteld")
    )


def _told_by(placed: pl.DataFrame, level: str, cells: pl.DataFrame, k: int) -> pl.DataFrame:
    """The counts of areas of one level (``CELL``)."""
    whole = cells.filter(niveau=level).select(*CELL, *(pl.col(name).alias(f"_{name}") for name in _AMOUNTS))
    schools = _among(placed.filter(pl.col(level).is_not_null()), level)
    here = schools.drop("gebied").with_columns(niveau=pl.lit(level)).rename({level: "gebied"})
    return here.join(whole, on=list(CELL), maintain_order="left").filter(_too_little(k)).select(CELL)


def _told_by_rest(placed: pl.DataFrame, level: str, whole: str, cells: pl.DataFrame, k: int) -> pl.DataFrame:
    """The counts of a level that, taken off those of the next, leave the schools that lie in no area of it."""
    schools = _among(placed.filter(pl.col(level).is_null() & pl.col(whole).is_not_null()), whole)
    sums = schools.with_columns(pl.col(name).sum().over(*_SLICE, whole).alias(f"_{name}") for name in _AMOUNTS)
    slices = sums.filter(_too_little(k)).select(_SLICE).unique()
    return cells.filter(niveau=level).join(slices, on=_SLICE, how="semi").select(CELL)


def _among(schools: pl.DataFrame, level: str) -> pl.DataFrame:
    """Adds how many others there are in the area, and whether one of these has a sensitive count."""
    here, sensitive = [*_SLICE, level], pl.col("primair").cast(pl.Int64)
    return schools.with_columns(
        _anderen=pl.len().over(here) - 1, _gevoelig=sensitive.sum().over(here) > sensitive
    ).select(*_SLICE, level, *_AMOUNTS, "_anderen", "_gevoelig", "gebied")


def _too_little(k: int) -> pl.Expr:
    """What is left of the area (``_personen``, and ``WHOLES`` named likewise) for a school is too little."""
    half = math.ceil(k * SCHOOLS_SHARE)
    left = pl.col("_personen") - pl.col("personen")
    short = (
        left < half,
        *((pl.col(f"_{name}") - pl.col(name) - left < half).fill_null(value=False) for name in WHOLES),
    )
    return (pl.col("_anderen") > 0) & (pl.any_horizontal(short) | ((pl.col("_anderen") == 1) & pl.col("_gevoelig")))
