"""What a school is told by figures of the areas it lies in, when there are no figures of schools (spec 3.2.4).

Where figures of schools go out, the audit tries every school as a reader who knows its own counts. Where they do not,
no count of a school is in the system that is audited. Then this rule is what protects schools from each other: a count
of an area is sensitive where one of its schools, taking its own count off, is left with too little of the others. Pure.
"""

import math

import polars as pl

from jos_pipeline.suppression import CELL
from jos_pipeline.threshold import SCHOOLS_SHARE

_AREAS = ("regio", "samenwerkingsverband", "gemeente")
_SLICE = [name for name in CELL if name not in ("niveau", "gebied")]


def closed_to_schools(cells: pl.DataFrame, areas: pl.DataFrame, k: int) -> pl.DataFrame:
    """The cells, in the same order, with ``primair`` also where a count of an area tells one of its schools too much.

    ``cells``: every count once, ``CELL`` with ``primair``, ``open`` and ``personen``; ``areas``: as for ``protect``.
    Too much is less than ``SCHOOLS_SHARE`` of k left of all others together, or a sensitive count of the only other.
    """
    dated = [name for name in ("periode",) if name in areas.columns]
    tree = areas.filter(niveau="school").select(
        *(*dated, "gebied", *_AREAS[1:]), regio=pl.lit(areas.filter(niveau="regio").get_column("gebied").first())
    )
    schools = cells.filter("open", pl.col("personen").is_not_null(), niveau="school")
    placed = schools.join(tree, on=[*dated, "gebied"], maintain_order="left")
    found = (_told(placed.filter(pl.col(level).is_not_null()), level, cells, k) for level in _AREAS)
    told = pl.concat(found).select(*CELL, _verteld=pl.lit(value=True)).unique()
    return (
        cells.join(told, on=list(CELL), how="left", maintain_order="left")
        .with_columns(pl.col("primair") | pl.col("_verteld").fill_null(value=False))
        .drop("_verteld")
    )


def _told(schools: pl.DataFrame, level: str, cells: pl.DataFrame, k: int) -> pl.DataFrame:
    """Of the areas of one level."""
    here = [*_SLICE, level]
    others = pl.len().over(here) - 1
    sensitive = pl.col("primair").cast(pl.Int64)
    whole = cells.filter(niveau=level).select(*CELL, _alle="personen")
    left = pl.col("_alle") - pl.col("personen")
    return (
        schools.with_columns(_anderen=others, _gevoelig=sensitive.sum().over(here) > sensitive)
        .select(*_SLICE, "personen", "_anderen", "_gevoelig", niveau=pl.lit(level), gebied=level)
        .join(whole, on=list(CELL), maintain_order="left")
        .filter(
            pl.col("_anderen") > 0, (left < math.ceil(k * SCHOOLS_SHARE)) | ((pl.col("_anderen") == 1) & "_gevoelig")
        )
    )
