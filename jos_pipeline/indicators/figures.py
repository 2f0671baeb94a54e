"""From counts to figures: status, value and rank of each row of the cube (spec 2.1 and 4.2).

The rows come with teller, noemer, coverage and ``bestaat``; nothing is counted or looked up here.
"""

from enum import StrEnum

import polars as pl

from jos_pipeline.indicators.entry import TOTAAL, Statistic


class Status(StrEnum):
    """Why a row has its value, or has none. Publication adds ``onderdrukt``."""

    OK = "ok"
    LAAG_BETROUWBAAR = "laag_betrouwbaar"
    NIET_GELEVERD = "niet_geleverd"
    NIET_VAN_TOEPASSING = "niet_van_toepassing"
    GEEN_WAARNEMINGEN = "geen_waarnemingen"
    INTERVAL = "interval"


OBSERVATIONS = "_waarnemingen"
"""Suffix of the name of a median's or mean's number of observations as a count."""

_HAS_VALUE = [Status.OK.value, Status.LAAG_BETROUWBAAR.value]
_COUNTS = ["teller", "noemer"]
_BOUNDS = ["waarde_min", "waarde_max"]
_BEHIND = ["teller_personen", "noemer_personen"]


def with_figures(rows: pl.DataFrame, min_dekking: float) -> pl.DataFrame:
    """Adds ``waarde`` or its bounds, ``waarde_status``, ``rang`` and ``publiek_totaal``.

    Without a value the counts are empty too; of an interval the persons behind it (at least) are kept.
    """
    counted = _observations_as_noemer(_zeros(rows))
    return _with_rank(_with_value(_with_status(counted, min_dekking)))


def _zeros(rows: pl.DataFrame) -> pl.DataFrame:
    """A count without rows is 0, and so are the persons behind it when it is about persons."""
    return rows.with_columns(
        teller=pl.when("waarnemingen_tellen").then("teller").otherwise(pl.col("teller").fill_null(0)),
        noemer=pl.when(pl.col("noemer_maat").is_not_null()).then(pl.col("noemer").fill_null(0)),
        waarnemingen=pl.col("waarnemingen").fill_null(0).cast(pl.Float64),
        teller_personen=pl.when("teller_over_personen").then(pl.col("teller_personen").fill_null(0)),
        noemer_personen=pl.when("noemer_over_personen").then(pl.col("noemer_personen").fill_null(0)),
    )


def _observations_as_noemer(rows: pl.DataFrame) -> pl.DataFrame:
    """A median or mean keeps its value apart: noemer is the number of observations, and there is no teller."""
    observed = pl.when("waarnemingen_tellen")
    counted = pl.when(~pl.col("waarnemingen_tellen"))
    return rows.with_columns(
        _statistiek=observed.then("teller"),
        teller=counted.then("teller"),
        teller_personen=counted.then("teller_personen"),
        teller_maat=counted.then("teller_maat"),
        noemer=observed.then("waarnemingen").otherwise("noemer"),
        noemer_personen=observed.then("teller_personen").otherwise("noemer_personen"),
        noemer_maat=observed.then(pl.col("teller_maat") + OBSERVATIONS).otherwise("noemer_maat"),
    )


def _with_status(rows: pl.DataFrame, min_dekking: float) -> pl.DataFrame:
    nobody_there = (
        (pl.col("statistiek") == Statistic.AANTAL.value)
        & pl.col("personen")
        & (pl.col("leerlingen_hier") == 0)
        & (pl.col("teller") == 0)
    )
    return rows.with_columns(
        waarde_status=pl.when(pl.col("n_verwacht") == 0)
        .then(pl.lit(Status.NIET_VAN_TOEPASSING.value))
        .when(pl.col("n_geleverd") == 0)
        .then(pl.lit(Status.NIET_GELEVERD.value))
        .when(~pl.col("bestaat"))
        .then(pl.lit(Status.NIET_VAN_TOEPASSING.value))
        .when(((pl.col("noemer") == 0) & ~_is_masked("noemer")) | nobody_there)
        .then(pl.lit(Status.GEEN_WAARNEMINGEN.value))
        .when(pl.max_horizontal(_is_masked("teller"), _is_masked("noemer")))
        .then(pl.lit(Status.INTERVAL.value))
        .when(pl.col("dekking") < min_dekking)
        .then(pl.lit(Status.LAAG_BETROUWBAAR.value))
        .otherwise(pl.lit(Status.OK.value))
    )


def _is_masked(side: str) -> pl.Expr:
    return (pl.col(f"{side}_hoog") > pl.col(side)).fill_null(value=False)


def _with_value(rows: pl.DataFrame) -> pl.DataFrame:
    factor = pl.when(pl.col("statistiek") == Statistic.PER_1000.value).then(1000.0).otherwise(1.0)
    value = (
        pl.when("waarnemingen_tellen")
        .then("_statistiek")
        .when(pl.col("noemer").is_null())
        .then("teller")
        .otherwise(pl.col("teller") / pl.col("noemer") * factor)
    )
    low, high = _bounds(factor)
    has_value = pl.col("waarde_status").is_in(_HAS_VALUE)
    is_interval = pl.col("waarde_status") == Status.INTERVAL.value
    return (
        rows.with_columns(waarde=value, waarde_min=low, waarde_max=high)
        .with_columns(
            *(pl.when(has_value).then(pl.col(name)).alias(name) for name in ("waarde", *_COUNTS)),
            *(pl.when(is_interval).then(pl.col(name)).alias(name) for name in _BOUNDS),
            *(pl.when(has_value | is_interval).then(pl.col(name)).alias(name) for name in _BEHIND),
        )
        .with_columns(publiek_totaal=_public_total())
    )


def _public_total() -> pl.Expr:
    """The leerlingen out of whom is counted; that there is nobody only where DUO says so too, and then of all rows.

    A delivery that says so tells it of a number that is hidden where there are few.
    """
    nobody = (pl.col("leerlingen_hier") == 0).fill_null(value=False)
    public = pl.when(~nobody & (pl.col("indicator") != "leerlingen")).then("leerlingen_hier")
    return pl.when(nobody & pl.col("openbaar_niemand")).then(pl.lit(0, dtype=pl.Int64)).otherwise(public)


def _bounds(factor: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The least and the largest value that masked counts allow; a part is never more than its whole.

    No largest value is known when somebody masked without saying below what.
    """
    high = {side: pl.coalesce(f"{side}_hoog", side) for side in ("teller", "noemer")}
    share = pl.col("statistiek") == Statistic.AANDEEL.value
    # of a masked noemer even 0 may be the least
    most = pl.when(pl.col("noemer") > 0).then(high["teller"] / pl.col("noemer")).otherwise(float("inf"))
    capped = pl.when(share).then(pl.min_horizontal(most, pl.lit(1.0))).otherwise(most)
    alone = pl.col("noemer").is_null()
    largest = pl.when(alone).then(high["teller"]).otherwise(capped * factor)
    least = pl.when(alone).then("teller").otherwise(pl.col("teller") / high["noemer"] * factor)
    return least, pl.when(largest.is_finite()).then(largest)


def _with_rank(rows: pl.DataFrame) -> pl.DataFrame:
    """Ranks the categories within an area by count, most first; equal counts share the better rank."""
    ranked = (pl.col("rang_tot") > 0) & (pl.col("categorie") != TOTAAL) & (pl.col("teller") > 0)
    place = (
        pl.when(ranked)
        .then("teller")
        .rank("min", descending=True)
        .over("indicator", "niveau", "gebied", "uitsplitsing")
        .cast(pl.Int64)
    )
    return rows.with_columns(_rang=place).with_columns(
        rang=pl.when(ranked & (pl.col("_rang") <= pl.col("rang_tot"))).then("_rang")
    )
