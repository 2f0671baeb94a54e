"""Every count of the cube once, with what a reader must be left to think of a sensitive one (spec 3.2.1).

Which counts are sensitive is decided in ``jos_pipeline.disclosure`` and only taken over here; how counts hang together
is ``system``. Rows in, rows and cells out.
"""

import polars as pl

from jos_pipeline.disclosure import few, rest_of, rest_of_noemer
from jos_pipeline.earlier import EMPTY, was
from jos_pipeline.indicators.entry import REPORTED_IN, TOTAAL
from jos_pipeline.suppression import CELL

SIDES = ("teller", "noemer")
SPLIT = ("uitsplitsing", "categorie")

SHARES = ("aandeel", "per 1.000 leerlingen", "per 1.000 inwoners")
"""Units of figures whose teller is a part of their noemer."""


def with_needs(rows: pl.DataFrame, k: int) -> pl.DataFrame:
    """Adds to the rows of ``disclosure.with_sensitivity`` what each says of its two counts.

    - ``_deel``: the teller is a part of the noemer;
    - ``_<side>_naam``: the name of the count: that of the records where no reported total is in it;
    - ``_<side>_zegt``: the row tells something of this count;
    - ``_<side>_aantal``: the count; ``_<side>_laag``, ``_<side>_hoog``: what a reader must be left to think possible
      when it is sensitive, empty when it is not;
    - ``_rest_klein``: fewer than k persons of the noemer are not in the teller.
    """
    own_total = pl.col("_verdeling") & (pl.col("uitsplitsing") == TOTAAL)
    named = rows.with_columns(
        *(_name(side).alias(f"_{side}_naam") for side in SIDES),
        _deel=pl.col("eenheid").is_in(SHARES) & pl.col("teller_maat").is_not_null() & ~own_total,
    )
    told = named.with_columns(_says(side).alias(f"_{side}_zegt") for side in SIDES)
    counted = told.with_columns(_count(side).alias(f"_{side}_aantal") for side in SIDES).with_columns(
        _rest_klein=pl.col("_teller_zegt") & pl.col("_noemer_zegt") & pl.col("_teller_mensen") & rest_of_noemer(k)
    )
    return counted.with_columns(need for side in SIDES for need in _needs(side, k))


def _name(side: str) -> pl.Expr:
    """A count of records has one name, also in an indicator for which schools elsewhere reported totals."""
    name = pl.col(f"{side}_maat")
    plain = name.str.split(REPORTED_IN).list.first()
    return pl.when(pl.col("herkomst") == "levering").then(plain).otherwise(name)


def _says(side: str) -> pl.Expr:
    """Whether the row tells something of this count: an empty row tells of its noemer, and of a teller within it."""
    told = pl.col("_telt") & ~pl.col(f"_{side}_leeg") & pl.col(f"{side}_maat").is_not_null()
    if side == "noemer":
        return told
    part = pl.col("_noemer_mensen") | pl.col("_deel") | pl.col("noemer_maat").is_null()
    return told & ((pl.col("waarde_status") != EMPTY) | part)


def _count(side: str) -> pl.Expr:
    """The number; of masked counts the least it can be, and 0 where there was nothing to observe."""
    known = pl.coalesce(side, pl.col(f"{side}_personen").cast(pl.Float64))
    return pl.when(f"_{side}_zegt").then(known.fill_null(0.0))


def _needs(side: str, k: int) -> list[pl.Expr]:
    """The ends of the interval: a small count may be 0 or k, nearly everyone may be all or all but k.

    What one medewerker did may be half of it: it must not be told to anybody how much that was. What differs little
    from a number that is out may be that number, and k more or less.
    """
    number, total = pl.col(f"_{side}_aantal"), pl.col("publiek_totaal").cast(pl.Float64)
    persons = pl.col(f"_{side}_mensen")
    small, nearly, one = persons & few(side, k), persons & rest_of(total, side, k), ~persons
    part = (pl.col("_rest_klein") & persons) if side == "teller" else pl.lit(value=False)
    whole, out = pl.coalesce("_noemer_aantal", number), pl.col(was(side))
    came, went = persons & (out < number), persons & (out > number)
    low = pl.min_horizontal(
        pl.when(small).then(0.0),
        pl.when(one).then(number / 2),
        pl.when(nearly).then(pl.max_horizontal(0.0, pl.min_horizontal(total - k, number))),
        pl.when(part).then(pl.max_horizontal(0.0, pl.min_horizontal(whole - k, number))),
        pl.when(came).then(out).when(went).then(pl.max_horizontal(0.0, out - k)),
    )
    high = pl.max_horizontal(
        pl.when(small).then(pl.max_horizontal(pl.min_horizontal(pl.lit(float(k)), total), number)),
        pl.when(one).then(number),
        pl.when(nearly).then(pl.max_horizontal(total, number)),
        pl.when(part).then(number),
        pl.when(came).then(pl.max_horizontal(number, pl.min_horizontal(out + k, total))).when(went).then(out),
    )
    # where one medewerker did nothing there is nothing of him to guess, and every total of 0 would say so
    nothing_done = one & (number == 0)
    sensitive = pl.when(pl.col(f"_{side}_zegt") & pl.col(f"_{side}_primair") & ~nothing_done.fill_null(value=False))
    ends = {"laag": low.fill_null(0.0), "hoog": high.fill_null(number)}
    return [sensitive.then(end).alias(f"_{side}_{name}") for name, end in ends.items()]


def cell_of(side: str) -> list[pl.Expr]:
    """Which count a row shows as teller or noemer. A distribution divides every category by the total."""
    whole = pl.col("_verdeling") if side == "noemer" else pl.lit(value=False)
    return [
        pl.col(f"_{side}_naam").alias("maat"),
        *(pl.col(name) for name in ("periode", "niveau", "gebied")),
        *(pl.when(whole).then(pl.lit(TOTAAL)).otherwise(pl.col(name)).alias(name) for name in SPLIT),
    ]


def cells_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Every count in the cube once, wherever it stands, with a number ``cel`` from 0 on.

    ``CELL`` with ``aantal``, ``personen`` (behind it), ``laag`` and ``hoog`` (of a sensitive one), ``totaal`` (the
    public number out of which is counted), ``mensen`` (persons are counted), ``medewerkers`` and ``geleverd`` (how
    many schools or gemeenten are in it).
    """
    parts = [
        rows.filter(f"_{side}_zegt").select(
            *cell_of(side),
            aantal=f"_{side}_aantal",
            laag=f"_{side}_laag",
            hoog=f"_{side}_hoog",
            personen=f"{side}_personen",
            totaal="publiek_totaal",
            mensen=f"_{side}_mensen",
            medewerkers="teller_medewerkers",
            geleverd="n_geleverd",
        )
        for side in SIDES
    ]
    nobody = [rows.filter("_telt", f"_{side}_leeg").select(*cell_of(side)).drop_nulls("maat") for side in SIDES]
    return (
        pl.concat(parts)
        .join(pl.concat(nobody).unique(), on=CELL, how="anti")
        .group_by(CELL)
        .agg(
            pl.col("aantal").max(),
            pl.col("laag").min(),
            pl.col("hoog").max(),
            pl.col("personen", "medewerkers", "geleverd").max(),
            pl.col("totaal").min(),
            pl.col("mensen").any(),
        )
        .sort(CELL)
        .with_row_index("cel")
        .with_columns(pl.col("cel").cast(pl.Int64))
    )
