"""From the internal cube to rows that may be published: the first disclosure control (spec 3.2), safe and wasteful.

Here: which counts are sensitive by themselves, what is hidden of a row, rounding, and which columns leave the house.
How far a table must be closed so that no hidden count follows from visible ones is ``jos_pipeline.suppression``.
No reason for hiding ever leaves this module: there is one marker, ``onderdrukt``.
"""

from collections.abc import Iterable
from datetime import date

import polars as pl

from jos_pipeline.earlier import (
    EMPTY,
    HIDDEN,
    STAYS_HIDDEN,
    changed,
    small_change,
    with_changes,
    with_what_stays_hidden,
    with_what_they_were,
)
from jos_pipeline.indicators.entry import REPORTED_IN
from jos_pipeline.own_counts import WHOLES, closed_to_schools
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from jos_pipeline.suppression import CELL, TOTAL, hidden_cells

PUBLISHABLE = (
    *("indicator", "indicator_versie", "schooljaar", "periode", "niveau", "gebied", "uitsplitsing", "categorie"),
    *("waarde", "waarde_min", "waarde_max", "teller", "noemer", "eenheid", "rang", "n_verwacht", "n_geleverd"),
    *("dekking", "waarde_status", "herkomst", "peildatum"),
)
"""The columns of a safe row. Everything else in the cube is support for disclosure control."""

ABSENT = ("niet_geleverd", "niet_van_toepassing")
FIGURES = ("waarde", "waarde_min", "waarde_max", "teller", "noemer", "rang")

POPULATION = ("leerlingen",)
"""Measures that are the public total itself: that everyone is in them tells nothing."""

SAME_PERSONS = ("doelen_behaald",)
"""Tellers behind which the same persons stand as behind their noemer: there is no rest of persons."""

MEDEWERKERS = 2
"""Fewer medewerkers than this behind fte, hours or activities would show the work of one person."""

DECIMALS = 6
"""What a fraction keeps. Medians of days and weeks, and mean marks, are rounded as spec 3.2 says."""


def protect(
    cube: pl.DataFrame,
    areas: pl.DataFrame,
    k: int,
    earlier: Iterable[pl.DataFrame] = (),
    *,
    schools_shown: bool = True,
) -> pl.DataFrame:
    """The rows of the cube that may be published, in the same order: what could tell on a person is hidden.

    ``cube`` comes from ``jos_pipeline.indicators.cube``, ``areas`` from ``area_tree``. ``k`` is the smallest number
    of persons that may be seen. ``earlier`` holds the rows of every publication of the school year that is out
    (``jos_pipeline.earlier``). ``schools_shown``: rows of schools go out, so that the audit tries these as readers.
    Hidden rows have ``waarde_status`` ``onderdrukt`` and no figures, whatever the reason.
    Raises ValueError when ``k`` is below 2 or an area of the cube is not in ``areas``.
    """
    if k < MEDEWERKERS:
        raise ValueError("fewer than two persons can never be published")
    out = tuple(earlier)
    rows = with_sensitivity(with_what_they_were(with_changes(complete(cube), out, k), out, areas, k), k)
    counts = _cells(rows) if schools_shown else closed_to_schools(_cells(rows), areas, k)
    cells = hidden_cells(counts.drop(*WHOLES), areas, k)
    hidden = pl.col("_teller_dicht") | pl.col("_noemer_dicht") | pl.col("_gevoelig") | pl.col(STAYS_HIDDEN)
    found = with_what_stays_hidden(_looked_up(_looked_up(rows, cells, "teller"), cells, "noemer"), out)
    return _published(found.with_columns(_dicht=hidden & pl.col("_telt")))


def hidden_too(rows: pl.DataFrame, numbers: pl.Series) -> pl.DataFrame:
    """Published rows of which those with these numbers, counted from 0, are hidden as well."""
    hide = pl.int_range(pl.len()).is_in(numbers.to_list()) & ~pl.col("waarde_status").is_in(ABSENT)
    found = rows.with_columns(pl.when(~hide).then(pl.col(name)).alias(name) for name in FIGURES).with_columns(
        waarde_status=pl.when(hide).then(pl.lit(HIDDEN)).otherwise("waarde_status")
    )
    return _without_gaps_in_ranks(found)


def areas_by_period(region: Region, year: SchoolYear, peildatum: date) -> pl.DataFrame:
    """``area_tree`` for every window that has begun, as it was on the last day of the window, with ``periode``."""
    return pl.concat(
        area_tree(region, window.b, window.a).with_columns(periode=pl.lit(str(window.period)))
        for window in year.windows(peildatum)
    )


def area_tree(region: Region, day: date, since: date | None = None) -> pl.DataFrame:
    """Which areas lie in which on a day: ``niveau, gebied, gemeente, samenwerkingsverband, buiten, onderwijstype``.

    ``gemeente`` is empty for a school outside the region's own gemeenten, ``onderwijstype`` for what is no school.
    ``buiten``: the samenwerkingsverband also holds gemeenten that are not in the region, and for which no row is
    published. Schools that existed on some day from ``since`` on are there too.
    """
    own = {area.gemeente: area for area in region.areas_on(day) if area.in_regio == "ja"}
    verband_of = {area.gemeente: area.samenwerkingsverband for area in region.areas_on(day)}
    beyond = {area.samenwerkingsverband for area in region.areas_on(day) if area.in_regio == "nee"}
    rows = [
        ("regio", region.id, None, None, None, False),
        *(("samenwerkingsverband", code, None, code, None, code in beyond) for code in region.samenwerkingsverbanden),
        *(("gemeente", code, code, area.samenwerkingsverband, None, False) for code, area in own.items()),
        *(
            (
                "school",
                s.school,
                s.gemeente if s.gemeente in own else None,
                verband_of.get(s.gemeente),
                s.onderwijstype,
                False,
            )
            for s in region.schools_between(since or day, day)
        ),
    ]
    names = ("niveau", "gebied", "gemeente", "samenwerkingsverband", "onderwijstype")
    return pl.DataFrame(rows, schema={**dict.fromkeys(names, pl.String), "buiten": pl.Boolean}, orient="row")


def complete(cube: pl.DataFrame) -> pl.DataFrame:
    missing = [name for name in ("waarde_min", "waarde_max") if name not in cube.columns]
    return cube.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in missing)


def _things(cube: pl.DataFrame) -> list[str]:
    """The measures that count things: some row has such a count, and none has persons behind it.

    A measure that is empty everywhere may be about persons, and is treated so.
    """
    told = cube.filter(~pl.col("waarde_status").is_in([EMPTY, *ABSENT]))
    sides = [
        told.select(maat=f"{side}_maat", mensen=pl.col(f"{side}_personen").is_not_null())
        for side in ("teller", "noemer")
    ]
    known = pl.concat(sides).drop_nulls("maat").group_by("maat").agg(pl.col("mensen").any())
    return known.filter(~pl.col("mensen")).get_column("maat").to_list()


def with_sensitivity(cube: pl.DataFrame, k: int) -> pl.DataFrame:
    """Adds what each row says of its two counts: ``_telt`` (it says something) and which of them are sensitive."""
    things = _things(cube)
    empty = pl.col("waarde_status") == EMPTY
    rows = cube.with_columns(
        _verdeling=(pl.col("teller_maat") == pl.col("noemer_maat")).fill_null(value=False),
        _een_medewerker=(pl.col("teller_medewerkers") < MEDEWERKERS).fill_null(value=False),
        **{
            f"_{side}_mensen": (pl.col("personen") & ~pl.col(f"{side}_maat").is_in(things)).fill_null(value=False)
            for side in ("teller", "noemer")
        },
    ).with_columns(_teller_leeg=_structural("teller"), _noemer_leeg=_structural("noemer") & ~pl.col("_verdeling"))
    nobody = pl.col("_teller_leeg") & (pl.col("noemer_personen").fill_null(0) == 0)
    rows = rows.with_columns(_telt=~pl.col("waarde_status").is_in(ABSENT) & ~nobody)
    # an empty row has no counts: its noemer was 0, and so was its teller when that is a part of it or stands alone
    teller_known = ~empty | pl.col("_noemer_mensen") | pl.col("noemer_maat").is_null()
    few_or_all = {
        "teller": teller_known & (few("teller", k) | _nearly_all(k)),
        "noemer": few("noemer", k) | rest_of(pl.col("publiek_totaal"), "noemer", k),
    }
    rows = rows.with_columns(
        (
            (pl.col("_telt") & ~pl.col(f"_{side}_leeg") & pl.col(f"{side}_maat").is_not_null())
            & pl.when(f"_{side}_mensen").then(sensitive | pl.col(small_change(side))).otherwise("_een_medewerker")
        ).alias(f"_{side}_primair")
        for side, sensitive in few_or_all.items()
    )
    return rows.with_columns(_gevoelig=pl.col("_teller_primair") | pl.col("_noemer_primair")).with_columns(
        _open=pl.col("_telt") & (~empty | pl.col("_gevoelig"))
    )


def _structural(side: str) -> pl.Expr:
    """Nobody is counted where, publicly, there is nobody."""
    nobody = (pl.col("publiek_totaal") == 0) & (pl.col(f"{side}_personen").fill_null(0) == 0)
    return (pl.col("personen") & nobody).fill_null(value=False)


def _measure(side: str) -> pl.Expr:
    """The measure of a count, also where it holds totals that schools reported."""
    return pl.col(f"{side}_maat").str.split(REPORTED_IN).list.first()


def few(side: str, k: int) -> pl.Expr:
    return pl.col(f"{side}_personen").fill_null(0) < k


def rest_of(total: pl.Expr, side: str, k: int) -> pl.Expr:
    """Fewer than k persons of the total are not in the count: nearly everyone is."""
    is_total = _measure(side).is_in(POPULATION)
    return (~is_total & (total - pl.col(f"{side}_personen") < k)).fill_null(value=False)


def _nearly_all(k: int) -> pl.Expr:
    """Nearly everyone of the public total, or of the noemer of a share, is in the teller.

    Not the total of a distribution, where teller and noemer are one by definition.
    """
    return rest_of(pl.col("publiek_totaal"), "teller", k) | rest_of_noemer(k)


def _no_rest() -> pl.Expr:
    """Teller and noemer are the same persons."""
    own_total = pl.col("_verdeling") & (pl.col("uitsplitsing") == TOTAL)
    return own_total | _measure("teller").is_in(SAME_PERSONS)


def rest_of_noemer(k: int) -> pl.Expr:
    """Fewer than k persons of the noemer of a share are not in the teller."""
    return (~_no_rest() & rest_of(pl.col("noemer_personen"), "teller", k)).fill_null(value=False)


def _cells(rows: pl.DataFrame) -> pl.DataFrame:
    """Every count in the cube once, wherever it stands: ``CELL`` with ``primair``, ``open`` and ``personen``."""
    parts = [
        rows.filter(pl.col(f"{side}_maat").is_not_null()).select(
            *_cell_of(side),
            primair=pl.col(f"_{side}_primair"),
            open="_open",
            leeg=f"_{side}_leeg",
            anders=pl.col(changed(side)) & ~pl.col(small_change(side)),
            personen=f"{side}_personen",
            geleverd="n_geleverd",
            publiek=pl.when(~_measure(side).is_in(POPULATION)).then("publiek_totaal"),
            deel_van=pl.when(~_no_rest() & pl.lit(side == "teller")).then("noemer_personen"),
        )
        for side in ("teller", "noemer")
    ]
    return (
        pl.concat(parts)
        .group_by(CELL)
        .agg(
            pl.col("primair", "open", "leeg", "anders").any(),
            pl.col("personen", "geleverd").max(),
            pl.col(*WHOLES).min(),
        )
        .with_columns(pl.col("primair", "open") & ~pl.col("leeg"))
        .with_columns(primair=pl.col("primair") | _told_by_what_changed())
        .drop("leeg", "anders")
        .sort(CELL)
    )


def _told_by_what_changed() -> pl.Expr:
    """Counts that changed together with a sensitive one of which the old number is out.

    Everybody may know that nothing else changed (only one school delivered again): old number plus the change of the
    region would be the new number of that school. A small change needs this not: then that of the region is small too.
    """
    gives_away = (pl.col("primair") & pl.col("anders")).any().over("maat", "periode", "uitsplitsing", "categorie")
    return pl.col("anders") & gives_away


def _cell_of(side: str) -> list[pl.Expr]:
    """Which count a row shows as teller or noemer. A distribution divides every category by the total."""
    whole = pl.col("_verdeling") if side == "noemer" else pl.lit(value=False)
    return [
        pl.col(f"{side}_maat").alias("maat"),
        *(pl.col(name) for name in ("periode", "niveau", "gebied")),
        *(
            pl.when(whole).then(pl.lit(TOTAL)).otherwise(pl.col(name)).alias(name)
            for name in ("uitsplitsing", "categorie")
        ),
    ]


def _looked_up(rows: pl.DataFrame, cells: pl.DataFrame, side: str) -> pl.DataFrame:
    keys = rows.select(cell.alias(name) for cell, name in zip(_cell_of(side), CELL, strict=True))
    found = keys.lazy().join(cells.lazy(), on=list(CELL), how="left", maintain_order="left").select("dicht").collect()
    return rows.with_columns(found.get_column("dicht").fill_null(value=False).alias(f"_{side}_dicht"))


def _published(rows: pl.DataFrame) -> pl.DataFrame:
    """The publishable columns, with no figure where the status says there is none."""
    silent = pl.col("_dicht") | pl.col("waarde_status").is_in([HIDDEN, EMPTY, *ABSENT])
    # persons are counted, and there is nobody to count: structural, whatever the cube called it
    nobody = ~pl.col("_telt") & ~pl.col("waarde_status").is_in(ABSENT)
    found = rows.with_columns(
        *(_rounded(name) for name in ("waarde", "waarde_min", "waarde_max")),
        waarde_status=pl.when("_dicht")
        .then(pl.lit(HIDDEN))
        .when(nobody)
        .then(pl.lit(EMPTY))
        .otherwise("waarde_status"),
        _stil=silent | nobody,
    ).select(
        pl.when(~pl.col("_stil")).then(pl.col(name)).alias(name) if name in FIGURES else name for name in PUBLISHABLE
    )
    return _without_gaps_in_ranks(found)


def _without_gaps_in_ranks(rows: pl.DataFrame) -> pl.DataFrame:
    """A rank that is not shown would say between which counts a hidden one lies: then none of the area is shown."""
    some_hidden = (pl.col("waarde_status") == HIDDEN).any()
    of = ("indicator", "periode", "niveau", "gebied", "uitsplitsing")
    return rows.with_columns(rang=pl.when(~some_hidden.over(of)).then("rang"))


def _rounded(name: str) -> pl.Expr:
    value = pl.col(name)
    return (
        pl.when(pl.col("eenheid") == "dagen")
        .then(_half_up(value, 0))
        .when(pl.col("eenheid").is_in(["weken", "cijfer", "begeleiders"]))
        .then(_half_up(value, 1))
        .otherwise(value.round(DECIMALS))
        .alias(name)
    )


def _half_up(value: pl.Expr, decimals: int) -> pl.Expr:
    """Rounds 2.5 to 3, as people do. The nudge undoes what a fraction such as 0.35 loses in binary."""
    scale = 10.0**decimals
    # polars divides by a number by multiplying: without the last step 14.6 would be 14.600000000000001
    return ((value * scale + 0.5 + 1e-9).floor() / scale).round(decimals)
