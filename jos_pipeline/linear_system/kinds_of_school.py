"""What the register of schools tells of counts: at a school of one onderwijstype all are of that type.

Everybody can look up which school is a praktijkschool, so a reader takes the praktijkleerlingen of an area to be those
of its praktijkscholen. A school that has pupils of another type too, in any count, is none of which he thinks so. Put
here which counts that makes 0, and which it makes the total of their school; what else adds up is ``geography``.
"""

from dataclasses import dataclass

import polars as pl

from jos_pipeline.indicators.breakdowns import ONDERWIJSTYPE
from jos_pipeline.indicators.entry import TOTAAL
from jos_pipeline.linear_system.geography import GEMEENTE, REGIO, SCHOOL, VERBAND, with_parents
from jos_pipeline.linear_system.relations import NOTHING

KIND = ONDERWIJSTYPE.id
_AREAS = {GEMEENTE: "_gemeente", VERBAND: "_samenwerkingsverband", REGIO: "_regio"}
_SLICE = ["vol", "periode"]
_PLACE = [*_SLICE, "gebied"]
_FIGURE = [*_PLACE, "categorie"]


@dataclass(frozen=True)
class Kinds:
    """What a reader of the register knows, by the number ``cel`` of counts."""

    nobody: pl.Series
    """Counts that are 0, for no school there is of that type."""
    same: pl.DataFrame
    """Counts of schools (``een``) that are the total of that school (``ander``)."""
    unsaid: pl.DataFrame
    """Where no school has a breakdown, as in a concise publication: the names that its counts would have, each with the
    number of the total that it is."""


def kinds_of_school(view: pl.DataFrame, areas: pl.DataFrame) -> Kinds:
    """What follows for the counts in ``view`` (every name, ``vol``, of every count) from the ``onderwijstype`` that
    ``areas`` give a school; nothing where they give none, or where no count of a school is in the view."""
    if KIND not in areas.columns or view.filter(uitsplitsing=KIND).is_empty():
        return Kinds(pl.Series(dtype=pl.Int64), view.select(een="cel", ander="cel").clear(), view.clear())
    placed = with_parents(view.filter(pl.col("uitsplitsing").is_in([KIND, TOTAAL])), areas).filter("_op_school")
    at_school, split = pl.col("niveau") == SCHOOL, pl.col("uitsplitsing") == KIND
    own = placed.filter(at_school, ~split).with_columns(uitsplitsing=pl.lit(KIND), categorie=pl.col(KIND))
    told = placed.filter(at_school, split)
    of_areas = placed.filter(~at_school, split).join(own.select(_SLICE).unique(), on=_SLICE, how="semi")
    pure = _pure(told, own)
    none = pure.filter(pl.col("categorie") != pl.col(KIND))
    unsaid = _unsaid(own, told, of_areas)
    known = pl.concat(frame.select(_SLICE) for frame in (none, unsaid)).unique()
    there = _by_area(pl.concat([told.join(none, on="cel", how="anti"), unsaid]))
    nowhere = (
        of_areas.filter(aantal=0)
        .join(known, on=_SLICE, how="semi")
        .join(_all_at_schools(placed.filter(~at_school, ~split), own), on=[*_PLACE, "niveau"], how="semi")
        .join(there, on=[*_FIGURE, "niveau"], how="anti")
    )
    totals = own.select(*_PLACE, ander="cel")
    same = pure.filter(pl.col("categorie") == pl.col(KIND)).join(totals, on=_PLACE).select("ander", een="cel")
    return Kinds(
        pl.concat([none.get_column("cel"), nowhere.get_column("cel")]).unique().sort(),
        same.unique().sort("een"),
        unsaid.select(view.columns),
    )


def _pure(told: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """The counts of the schools that have no pupils of another type in any of them."""
    beside = told.join(own.select(*_PLACE, _allen="aantal"), on=_PLACE)
    should = pl.when(pl.col("categorie") == pl.col(KIND)).then("_allen").otherwise(0.0)
    mixed = beside.filter((pl.col("aantal") - should).abs() > NOTHING)
    return beside.join(mixed.select("gebied").unique(), on="gebied", how="anti")


def _by_area(of_schools: pl.DataFrame) -> pl.DataFrame:
    """Counts of schools (``_som``) by the areas these lie in."""
    return pl.concat(
        of_schools.group_by(*_SLICE, "categorie", gebied=name).agg(niveau=pl.lit(level), _som=pl.col("aantal").sum())
        for level, name in _AREAS.items()
    )


def _all_at_schools(totals: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """The areas in which nothing is counted but what is counted at a school: not so where a team sees to several. Who
    is at two schools is counted there all the same, once."""
    summed = _by_area(own).group_by(*_PLACE, "niveau").agg(pl.col("_som").sum())
    return totals.join(summed, on=[*_PLACE, "niveau"]).filter(pl.col("aantal") - pl.col("_som") <= NOTHING)


def _unsaid(own: pl.DataFrame, told: pl.DataFrame, of_areas: pl.DataFrame) -> pl.DataFrame:
    """The totals of schools, as counts of their own type, where no school has that breakdown; not for a measure in
    which an area somewhere has more of a type than its schools of that type have together."""
    untold = of_areas.select(_SLICE).unique().join(told.select(_SLICE).unique(), on=_SLICE, how="anti")
    found, whole = (frame.join(untold, on=_SLICE, how="semi") for frame in (own, of_areas))
    beside = whole.join(_by_area(found), on=[*_FIGURE, "niveau"], how="left")
    more = pl.col("aantal") - pl.col("_som").fill_null(0.0) > NOTHING
    return found.join(beside.filter(more).select("vol").unique(), on="vol", how="anti")
