"""Sources beside each other: is a pupil known at the schools, and do sources tell the same of a pupil?

Only pupils of schools whose enrolments are there are looked for: of the other schools nothing can be said.
"""

import polars as pl

from jos_pipeline.expectations.measures import ENOUGH_PUPILS, Measure, Sources, share
from schemas.codelists import LEEFTIJDSKLASSE
from schemas.contract import PRECISION

DAYS_AFTER_LEAVING = 30
"""A traject may still begin in the weeks in which a pupil leaves."""


def same_school_measures(sources: Sources) -> list[Measure]:
    """Per supplier the share of known pupils without an enrolment at the school that the row names."""
    enrolled = sources["leerlingen"].drop_nulls("leerling_id")
    at_school = enrolled.select("leerling_id", "school", hier=pl.lit(True)).unique()
    rows = sources.own.filter(_is_in(enrolled, "leerling_id") & _is_in(enrolled, "school"))
    other = rows.join(at_school, on=["leerling_id", "school"], how="left").with_columns(anders=pl.col("hier").is_null())
    return _shares("andere_school_dan_inschrijving", _per_pupil(other, "anders"), "anders")


def municipality_measures(sources: Sources) -> list[Measure]:
    """Per supplier the share of known pupils who live elsewhere according to their school."""
    told = _as_school_tells(sources, "woongemeente")
    rows = sources.own.drop_nulls("woongemeente").join(told, on="leerling_id")
    other = rows.with_columns(anders=pl.col("woongemeente") != pl.col("volgens_school"))
    return _shares("andere_woongemeente_dan_school", _per_pupil(other, "anders"), "anders")


def age_measures(sources: Sources) -> list[Measure]:
    """Per supplier the share of known pupils who are more than one class older or younger according to their school.

    One class apart is no contradiction: both are told on their own peildatum.
    """
    told = _as_school_tells(sources, "leeftijdsklasse")
    place = {code: number for number, code in enumerate(LEEFTIJDSKLASSE.values)}
    rows = sources.own.drop_nulls("leeftijdsklasse").join(told, on="leerling_id")
    here, there = (
        pl.col(name).replace_strict(place, default=None, return_dtype=pl.Int64)
        for name in ("leeftijdsklasse", "volgens_school")
    )
    other = rows.with_columns(anders=(here - there).abs() > 1)
    return _shares("andere_leeftijdsklasse_dan_school", _per_pupil(other, "anders"), "anders")


def known_traject_measures(sources: Sources) -> list[Measure]:
    """Per supplier the activities that name a traject which it did not deliver."""
    named = sources.own.drop_nulls("traject_id")
    known = sources["trajecten"].select("leverancier", "traject_id", bekend=pl.lit(True)).unique()
    rows = named.join(known, on=["leverancier", "traject_id"], how="left")
    rows = rows.with_columns(onbekend=pl.col("bekend").is_null())
    name = "activiteiten_met_onbekend_traject"
    return [Measure(name, float(hits), supplier) for supplier, _, hits in _per_supplier(rows, "onbekend")]


def after_leaving_measures(sources: Sources) -> list[Measure]:
    """Per supplier the pupils with a traject at a school that they had left."""
    left = (
        sources["leerlingen"]
        .drop_nulls("leerling_id")
        .group_by("leerling_id", "school")
        .agg(
            vertrokken=pl.col("uitschrijfdatum").max(),
            ingeschreven=pl.col("uitschrijfdatum").is_null().any(),
        )
        .filter(~pl.col("ingeschreven"))
    )
    rows = sources.own.filter((pl.col("begindatum" + PRECISION) == "dag") & _is_in(sources["leerlingen"], "school"))
    rows = rows.join(left, on=["leerling_id", "school"], how="left")
    late = pl.col("begindatum") > pl.col("vertrokken") + pl.duration(days=DAYS_AFTER_LEAVING)
    found = _per_pupil(rows.with_columns(na=late.fill_null(value=False)), "na")
    return [Measure("begonnen_na_uitschrijving", float(hits), who) for who, _, hits in _per_supplier(found, "na")]


def _is_in(frame: pl.DataFrame, column: str) -> pl.Expr:
    return pl.col(column).is_in(frame.get_column(column).drop_nulls().unique().implode())


def _as_school_tells(sources: Sources, column: str) -> pl.DataFrame:
    """What the latest enrolment of every pupil says."""
    return (
        sources["leerlingen"]
        .drop_nulls("leerling_id")
        .sort("inschrijfdatum", "school")
        .unique("leerling_id", keep="last", maintain_order=True)
        .select("leerling_id", volgens_school=column)
    )


def _per_pupil(rows: pl.DataFrame, flag: str) -> pl.DataFrame:
    """One row per supplier and pupil: whether the flag holds in any of its rows."""
    return rows.drop_nulls("leerling_id").group_by("leverancier", "leerling_id").agg(pl.col(flag).any())


def _per_supplier(rows: pl.DataFrame, flag: str) -> list[tuple[str, int, int]]:
    """Supplier, number of rows, and in how many the flag holds."""
    return list(rows.group_by("leverancier").agg(pl.len(), pl.col(flag).sum()).sort("leverancier").iter_rows())


def _shares(name: str, rows: pl.DataFrame, flag: str) -> list[Measure]:
    return [
        Measure(name, share(hits, count, ENOUGH_PUPILS), supplier)
        for supplier, count, hits in _per_supplier(rows, flag)
    ]
