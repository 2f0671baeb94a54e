"""Totals that a school reported itself: they stand in where it sent no records (spec 2.2, last line).

An opgave counts for a school and a figure of which no record-level delivery is in force, is added for that school and
carried upward to every area that holds it. A median or a mean cannot be carried upward and takes none.
"""

import polars as pl

from jos_pipeline.areas import Level
from jos_pipeline.indicators.context import View
from jos_pipeline.indicators.entry import REPORTED_IN, TOTAAL, Ground
from schemas.contract import LEAST, MOST

DELIVERED, REPORTED, MIXED = "levering", "opgave", "gemengd"
"""Where a figure comes from (``herkomst``)."""
_CELL = ["indicator", "niveau", "gebied", "uitsplitsing", "categorie"]
_SIDES = ("teller", "noemer")


def with_reported(rows: pl.DataFrame, opgave: pl.DataFrame, view: View) -> pl.DataFrame:
    """Adds what schools reported to counts and coverage, and ``herkomst``.

    ``rows`` have teller and noemer with their upper bounds (``_hoog``) and coverage; ``opgave`` is the base table.
    """
    of_schools = _usable(rows, _as_cells(opgave, view.window.period.value))
    added = _carried_upward(of_schools, view.units.areas.scholen)
    joined = rows.join(added, on=_CELL, how="left", maintain_order="left")
    there = pl.col("_scholen").is_not_null()
    return (
        joined.with_columns(
            *(_plus(name, joined) for name in ("teller", "noemer", "teller_personen", "noemer_personen")),
            *(_high_plus(side) for side in _SIDES),
            herkomst=pl.when(~there)
            .then(pl.lit(DELIVERED))
            .when(pl.col("n_geleverd") == 0)
            .then(pl.lit(REPORTED))
            .otherwise(pl.lit(MIXED)),
            n_geleverd=pl.col("n_geleverd") + pl.col("_scholen").fill_null(0),
        )
        .with_columns(
            _own_count("teller"),
            _own_count("noemer"),
            dekking=pl.when(pl.col("n_verwacht") > 0).then(pl.col("n_geleverd") / pl.col("n_verwacht")),
        )
        .drop(name for name in added.columns if name not in _CELL)
    )


def _as_cells(opgave: pl.DataFrame, periode: str) -> pl.DataFrame:
    """The reported totals of a period by the cell they are about; of two reports of one cell the first counts."""
    whole = pl.col("uitsplitsing").fill_null(TOTAAL) == TOTAAL
    unknown = pl.lit(float("inf"))
    return (
        opgave.filter(periode=periode)
        .with_columns(
            uitsplitsing=pl.when(whole).then(pl.lit(TOTAAL)).otherwise("uitsplitsing"),
            categorie=pl.when(whole).then(pl.lit(TOTAAL)).otherwise("categorie"),
            **{f"_{side}": pl.col(side + LEAST).cast(pl.Float64) for side in _SIDES},
            **{
                f"_{side}_hoog": pl.when(pl.col(side + LEAST).is_not_null()).then(
                    pl.col(side + MOST).cast(pl.Float64).fill_null(unknown)
                )
                for side in _SIDES
            },
        )
        .sort("leverancier")
        .unique(["school", "indicator", "uitsplitsing", "categorie"], keep="first", maintain_order=True)
        .select(
            "indicator",
            "uitsplitsing",
            "categorie",
            gebied="school",
            **{name: name for side in _SIDES for name in (f"_{side}", f"_{side}_hoog")},
        )
    )


def _usable(rows: pl.DataFrame, reported: pl.DataFrame) -> pl.DataFrame:
    """What is added per school: the reported total instead of whatever was counted of a part of the sources."""
    schools = rows.filter(
        (pl.col("niveau") == Level.SCHOOL.value)
        & (pl.col("grond") == Ground.SCHOOL.value)
        & (pl.col("n_verwacht") > 0)
        & (pl.col("n_geleverd") == 0)
        & ~pl.col("waarnemingen_tellen")
    )
    needs_noemer = pl.col("noemer_maat").is_not_null()
    found = schools.join(reported, on=["indicator", "gebied", "uitsplitsing", "categorie"]).filter(
        ~needs_noemer | pl.col("_noemer").is_not_null()
    )
    return found.select(
        "indicator",
        "uitsplitsing",
        "categorie",
        plaats="gebied",
        **{f"_{side}": pl.col(f"_{side}") - pl.col(side).fill_null(0) for side in _SIDES},
        **{f"_{side}_hoog": pl.col(f"_{side}_hoog") - pl.col(side).fill_null(0) for side in _SIDES},
        **{
            f"_{side}_personen": pl.when(f"{side}_over_personen").then(
                pl.col(f"_{side}").cast(pl.Int64) - pl.col(f"{side}_personen").fill_null(0)
            )
            for side in _SIDES
        },
    )


def _carried_upward(of_schools: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    amounts = [name for name in of_schools.columns if name.startswith("_")]
    return (
        of_schools.join(areas, on="plaats").group_by(_CELL).agg(pl.col(amounts).sum(), _scholen=pl.len().cast(pl.Int64))
    )


def _plus(name: str, rows: pl.DataFrame) -> pl.Expr:
    more = pl.col(f"_{name}")
    total = (pl.col(name).fill_null(0) + more).cast(rows.schema[name])
    return pl.when(more.is_null() | pl.col("_scholen").is_null()).then(name).otherwise(total).alias(name)


def _own_count(side: str) -> pl.Expr:
    """A count that holds reported totals is another count than the one of records alone, in every area.

    Disclosure control takes counts of one name for one number; two numbers under one name could be subtracted.
    """
    reported = (pl.col("herkomst") != DELIVERED).any().over("indicator")
    name = pl.col(f"{side}_maat")
    return pl.when(reported).then(name + REPORTED_IN + pl.col("indicator")).otherwise(name).alias(f"{side}_maat")


def _high_plus(side: str) -> pl.Expr:
    more, high = pl.col(f"_{side}_hoog"), pl.coalesce(f"{side}_hoog", side).fill_null(0)
    return pl.when(more.is_null()).then(f"{side}_hoog").otherwise(high + more).alias(f"{side}_hoog")
