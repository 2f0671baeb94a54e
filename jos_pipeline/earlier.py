"""What is already out of a school year, and what that means for the next publication (spec 3.2.6).

Pure, on rows: which counts changed by a small number, which would tell what they were when they were hidden, and which
rows stay hidden because the same window is out with them hidden. What else is hidden for it is
``jos_pipeline.disclosure``.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from jos_pipeline.school_year import Period, SchoolYear

KEYS = ["indicator", "schooljaar", "periode", "niveau", "gebied", "uitsplitsing", "categorie"]
OUT = {
    **dict.fromkeys(KEYS, pl.String),
    "teller": pl.Float64,
    "noemer": pl.Float64,
    "waarde_min": pl.Float64,
    "waarde_status": pl.String,
    "peildatum": pl.Date,
}
"""What a reader has kept of a publication: these columns of its rows."""

HIDDEN, EMPTY, INTERVAL = "onderdrukt", "geen_waarnemingen", "interval"
WITH_FIGURE = ["ok", "laag_betrouwbaar", "interval"]
STAYS_HIDDEN = "_blijft_dicht"
_SIDES = ("teller", "noemer")
_PLACE = ("periode", "niveau", "gebied")


def small_change(side: str) -> str:
    """The column that says whether a count differs by a small number from one that is out."""
    return f"_{side}_klein_verschil"


def changed(side: str) -> str:
    """The column that says whether a count differs from one that is out."""
    return f"_{side}_anders"


def was(side: str) -> str:
    """The column with the count that is out from which a count differs by a small number: the nearest one."""
    return f"_{side}_was"


def with_changes(rows: pl.DataFrame, earlier: Sequence[pl.DataFrame], k: int) -> pl.DataFrame:
    """Adds per side whether the count differs from one that is out for the same period, whether by less than k, and
    then what that one was.

    Also for a later peildatum: then the difference is what happened in between. What was out as an interval had
    a school in it that masked a small count: the exact number tells that count, also when it is the least that was out.
    """
    names = [name(side) for side in _SIDES for name in (small_change, changed)]
    if not earlier:
        return rows.with_columns(
            *(pl.lit(value=False).alias(name) for name in names),
            *(pl.lit(None, dtype=pl.Float64).alias(was(side)) for side in _SIDES),
        )
    out = pl.concat([_counts(frame) for frame in earlier]).rename({side: f"_{side}" for side in _SIDES})
    now = _counts(rows).with_columns(rows.get_column("eenheid"))
    least = pl.concat([frame.filter(waarde_status=INTERVAL).select(*KEYS, "waarde_min") for frame in earlier])
    found = (
        pl.concat([now.join(out, on=KEYS).drop("eenheid"), _least_told(now, least)], how="diagonal")
        .group_by(KEYS)
        .agg(one for side in _SIDES for one in _compared(pl.col(side), pl.col(f"_{side}"), side, k))
    )
    joined = rows.join(found, on=KEYS, how="left", maintain_order="left")
    return joined.with_columns(pl.col(names).fill_null(value=False))


def with_what_they_were(
    rows: pl.DataFrame, earlier: Sequence[pl.DataFrame], areas: pl.DataFrame, k: int
) -> pl.DataFrame:
    """Takes for small changes the counts that were hidden, and of which the new number tells what they were.

    ``rows`` come from ``with_changes``. Counts of the year so far do not shrink: what was out of a whole, less what its
    other parts are now, is the least that a part can have been. Where that is from 1 to k - 1 the part may have been
    small, and then a reader who sees all parts now knows that it was not 0. So it must not be shown yet.
    """
    hidden = [frame.filter(waarde_status=HIDDEN).select(KEYS) for frame in earlier]
    parts = _wholes(rows.select(KEYS).join(pl.concat(hidden), on=KEYS, how="semi"), areas) if earlier else []
    for frame, side in ((frame, side) for frame in earlier for side in _SIDES):
        told = pl.concat(_told_of_parts(rows, frame, wholes, side, k) for wholes in parts).unique()
        found = rows.join(told.with_columns(_nog=pl.lit(value=True)), on=KEYS, how="left", maintain_order="left")
        rows = found.with_columns(pl.col(small_change(side)) | pl.col("_nog").fill_null(value=False)).drop("_nog")
    return rows


def _wholes(rows: pl.DataFrame, areas: pl.DataFrame) -> list[pl.DataFrame]:
    """Every row with the key of a row that it is a part of: the areas it lies in, and the total of its breakdown."""
    regio = areas.filter(niveau="regio").select("gebied").row(0)[0]
    placed = rows.select(KEYS).join(areas, on=[name for name in _PLACE if name in areas.columns], how="left")
    lies_in = {"gemeente": pl.col("gemeente"), "samenwerkingsverband": pl.col("samenwerkingsverband")}
    parents = [
        placed.filter(pl.col("niveau") != level, whole.is_not_null()).with_columns(
            _heel_niveau=pl.lit(level), _heel_gebied=whole
        )
        for level, whole in (lies_in | {"regio": pl.lit(regio)}).items()
    ]
    same = {f"_heel_{name}": name for name in KEYS}
    of_areas = [
        frame.with_columns(**{n: pl.col(m) for n, m in same.items() if n not in frame.columns}) for frame in parents
    ]
    total = {name: pl.lit("totaal") for name in ("_heel_uitsplitsing", "_heel_categorie")}
    of_split = rows.select(KEYS).filter(pl.col("uitsplitsing") != "totaal")
    return [*of_areas, of_split.with_columns(**{n: pl.col(m) for n, m in same.items()}).with_columns(**total)]


def _told_of_parts(rows: pl.DataFrame, out: pl.DataFrame, wholes: pl.DataFrame, side: str, k: int) -> pl.DataFrame:
    """The keys of parts that were hidden, and would now be known to have been at least 1 and fewer than k.

    ``out`` may hold several publications: a part was hidden in the one that had the whole.
    """
    day = pl.col("peildatum").alias("_dag")
    now = _counts(rows).select(*KEYS, _nu=side).drop_nulls()
    before = _counts(out).select(*KEYS, _toen=side).with_columns(out.select(day)).drop_nulls()
    hidden = out.filter(waarde_status=HIDDEN).select(*KEYS, day).unique()
    whole = [f"_heel_{name}" for name in KEYS]
    grown = now.join(before, on=KEYS).select(
        *(pl.col(name).alias(heel) for name, heel in zip(KEYS, whole, strict=True)),
        "_dag",
        _groei=pl.col("_nu") - pl.col("_toen"),
    )
    parts = wholes.join(hidden, on=KEYS).join(grown, on=[*whole, "_dag"]).join(now, on=KEYS)
    least = pl.col("_nu") - pl.col("_groei")
    return parts.filter(least > 0, least < k).select(KEYS)


def _counts(rows: pl.DataFrame) -> pl.DataFrame:
    """The counts of rows; where there was nothing to count they are 0."""
    nothing = pl.col("waarde_status") == EMPTY
    return rows.select(*KEYS, *(pl.when(nothing).then(0.0).otherwise(side).alias(side) for side in _SIDES))


def _least_told(now: pl.DataFrame, least: pl.DataFrame) -> pl.DataFrame:
    """Beside the counts of now the least that the teller was when it was out as an interval, ``_teller``; ``_masked``.

    Of a share it follows with the noemer.
    """
    per = pl.col("noemer").fill_null(1.0) / pl.when(pl.col("eenheid").str.starts_with("per 1.000")).then(
        1000.0
    ).otherwise(1.0)
    told = now.join(least, on=KEYS).with_columns(_teller=pl.col("waarde_min") * per, _masked=pl.lit(value=True))
    return told.select(*KEYS, *_SIDES, "_teller", _noemer=pl.lit(None, dtype=pl.Float64), _masked="_masked")


def _compared(now: pl.Expr, out: pl.Expr, side: str, k: int) -> Iterator[pl.Expr]:
    difference = (now - out).abs()
    small = ((difference > 0) | pl.col("_masked").fill_null(value=False)) & (difference < k)
    yield small.any().alias(small_change(side))
    yield (difference > 0).any().alias(changed(side))
    yield out.filter(small).sort_by(difference.filter(small), out.filter(small)).first().alias(was(side))


def with_what_stays_hidden(rows: pl.DataFrame, earlier: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Adds whether a row is out as hidden for the very same window, and never was out with a figure for it.

    The window is the same in a revision, and for a half year that was over both times. A window that has grown since is
    another one.
    """
    if not earlier:
        return rows.with_columns(pl.lit(value=False).alias(STAYS_HIDDEN))
    mine, theirs = (
        with_window(rows.select(*KEYS, "peildatum")),
        with_window(pl.concat([frame.select(*KEYS, "peildatum", "waarde_status") for frame in earlier])),
    )
    hidden, figure = pl.col("waarde_status") == HIDDEN, pl.col("waarde_status").is_in(WITH_FIGURE)
    told = theirs.group_by([*KEYS, "_tot"]).agg((hidden.any() & ~figure.any()).alias(STAYS_HIDDEN))
    found = mine.join(told, on=[*KEYS, "_tot"], how="left", maintain_order="left")
    return rows.with_columns(found.get_column(STAYS_HIDDEN).fill_null(value=False))


def with_window(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds the last day of the window of each row."""
    cases = rows.select("schooljaar", "periode", "peildatum").unique()
    ends = [
        (year, period, day, next((w.b for w in SchoolYear.parse(year).windows(day) if w.period == Period(period)), day))
        for year, period, day in cases.iter_rows()
    ]
    schema = {"schooljaar": pl.String, "periode": pl.String, "peildatum": pl.Date, "_tot": pl.Date}
    known = pl.DataFrame(ends, schema=schema, orient="row")
    return rows.join(known, on=["schooljaar", "periode", "peildatum"], how="left", maintain_order="left")
