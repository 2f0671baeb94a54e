"""Half years and the school year: which counts of periods are parts of which."""

from datetime import date
from functools import partial

import polars as pl

from jos_pipeline.indicators.entry import TOTAAL
from jos_pipeline.linear_system.counts import SPLIT
from jos_pipeline.linear_system.nesting import CARRIED_OVER, COME_AND_GO, ONE_BY_ONE, RUNS_ON, WAITING, Course, course
from jos_pipeline.linear_system.relations import NOTHING, Relations
from jos_pipeline.school_year import Period, SchoolYear

YEAR, FIRST, SECOND = (str(period) for period in (Period.SCHOOLJAAR, Period.HALFJAAR_1, Period.HALFJAAR_2))
_KEYS = ["niveau", "gebied", *SPLIT]
_PLACE = ["maat", *_KEYS]


def add_periods(relations: Relations, cells: pl.DataFrame, rows: pl.DataFrame) -> None:
    """Ties the counts of the periods that have begun, each in the way of its measure (``nesting.Course``)."""
    begun = set(cells.get_column("periode").unique())
    if YEAR not in begun or FIRST not in begun:
        return
    wide = _side_by_side(cells)
    if SECOND not in begun:
        relations.same(wide.select(een=YEAR, ander=FIRST).drop_nulls())
        _add_last_day(relations, wide, FIRST)
        return
    courses = _courses(wide)
    of = {kind: wide.filter(pl.col("maat").is_in([m for m, c in courses.items() if c is kind])) for kind in Course}
    _add_flows(relations, of[Course.FLOW])
    relations.same(of[Course.LAST].select(een=YEAR, ander=SECOND).drop_nulls())
    constant = _constant(of[Course.LAST])
    relations.same(of[Course.LAST].filter(pl.col("maat").is_in(constant)).select(een=YEAR, ander=FIRST).drop_nulls())
    _add_stocks(relations, of[Course.STOCK])
    _add_means(relations, of[Course.MEAN], _days(rows))
    _add_running(relations, wide)
    _add_come_and_go(relations, wide)
    _add_runs_on(relations, wide)
    _add_carried_over(relations, wide)
    _add_waiting(relations, wide)


def _side_by_side(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells of the periods at one place beside each other, and their counts."""
    wide = cells.select(*_PLACE, periode=pl.lit(YEAR)).unique().sort(_PLACE).drop("periode")
    for period in (YEAR, FIRST, SECOND):
        here = cells.filter(periode=period).select(
            *_PLACE, pl.col("cel").alias(period), pl.col("aantal").alias(f"n_{period}")
        )
        wide = wide.join(here, on=_PLACE, how="left", maintain_order="left")
    return wide


def _courses(wide: pl.DataFrame) -> dict[str, Course]:
    """The course of every measure; of one that is not in the catalogue, what its counts say."""
    total = pl.sum_horizontal(pl.col(f"n_{FIRST}").fill_null(0), pl.col(f"n_{SECOND}").fill_null(0))
    year, last = pl.col(f"n_{YEAR}"), pl.col(f"n_{SECOND}")
    told = (
        wide.filter(year.is_not_null() & (pl.col(FIRST).is_not_null() | pl.col(SECOND).is_not_null()))
        .group_by("maat")
        .agg(stroom=((year - total).abs() <= NOTHING).all(), stand=((year - last).abs() <= NOTHING).all())
    )
    seen = {
        maat: Course.FLOW if flow else Course.LAST if stand else Course.STOCK
        for maat, flow, stand in told.select("maat", "stroom", "stand").iter_rows()
    }
    return {maat: course(maat) or seen.get(maat, Course.STOCK) for maat in wide.get_column("maat").unique()}


def _add_flows(relations: Relations, wide: pl.DataFrame) -> None:
    links = [wide.select(heel=YEAR, soort=pl.lit("halfjaren"), deel=half).drop_nulls() for half in (FIRST, SECOND)]
    relations.sums(pl.concat(links))


def _constant(wide: pl.DataFrame) -> list[str]:
    """Measures that are the same in every period, such as the pupils of 1 October."""
    both = wide.filter(pl.col(YEAR).is_not_null() & pl.col(FIRST).is_not_null())
    same = (pl.col(f"n_{YEAR}") - pl.col(f"n_{FIRST}")).abs() <= NOTHING
    return both.group_by("maat").agg(_gelijk=same.all()).filter("_gelijk").get_column("maat").to_list()


def _add_stocks(relations: Relations, wide: pl.DataFrame) -> None:
    """Each half lies in the year, and whoever is in the year only once is not in the other half.

    Where it is not so (pupils may change category) nothing is known of that place; elsewhere a reader is thought to
    know it.

    With the rests r1 = year - half 2 and r2 = year - half 1, those in both halves are half 1 - r1: not below 0.
    """
    law = (pl.col(f"n_{YEAR}") >= pl.max_horizontal(f"n_{FIRST}", f"n_{SECOND}")) & (
        pl.col(f"n_{YEAR}") <= pl.col(f"n_{FIRST}") + pl.col(f"n_{SECOND}")
    )
    both = wide.drop_nulls([YEAR, FIRST, SECOND]).filter(law)
    relations.cover(both.select(heel=YEAR, een=FIRST, ander=SECOND))
    alone = wide.join(both.select(_PLACE), on=_PLACE, how="anti")
    pairs = [alone.select(deel=half, heel=YEAR).drop_nulls() for half in (FIRST, SECOND)]
    relations.parts(pl.concat(pairs).with_columns(klein=pl.lit(value=False)))


def _add_means(relations: Relations, wide: pl.DataFrame, days: dict[str, int]) -> None:
    whole = wide.drop_nulls(YEAR).with_columns(som=pl.col(YEAR))
    terms = [
        whole.select("som", cel=period, coefficient=pl.lit(sign * days[period] / days[YEAR])).drop_nulls()
        for period, sign in ((YEAR, 1.0), (FIRST, -1.0), (SECOND, -1.0))
    ]
    relations.known(pl.concat(terms))


def _days(rows: pl.DataFrame) -> dict[str, int]:
    peildatum = date.fromisoformat(str(rows.get_column("peildatum").first()))
    year = SchoolYear.parse(str(rows.get_column("schooljaar").first()))
    return {str(window.period): window.days for window in year.windows(peildatum)}


def _add_running(relations: Relations, wide: pl.DataFrame) -> None:
    """Active in a window = running at its end + ended in it - ended on its very last day, for these are in both.

    So running before + new - ended - running = ended on the last day before - ended on the last day now. Where the
    active ones are counted that follows. Elsewhere it is stated without the last days, of which nothing else is told:
    they are in what ended, in what was running, and no more than those of all together.
    """
    at = partial(_trajecten, wide)
    for half in (FIRST, SECOND):
        _add_last_day(relations, wide, half)
    difference = {
        ("lopend", FIRST): 1.0,
        ("nieuw", SECOND): 1.0,
        ("afgesloten", SECOND): -1.0,
        ("lopend", SECOND): -1.0,
    }
    known = at(_last_day(FIRST)).join(at(_last_day(SECOND)), on=_KEYS, how="semi").select(_KEYS).unique()
    flow = at(difference).join(known, on=_KEYS, how="anti")
    for half, sign in ((FIRST, -1.0), (SECOND, 1.0)):
        signed = flow.with_columns(pl.col("coefficient") * sign)
        for name in ("afgesloten", "lopend"):
            most = at({(name, half): 1.0}).join(flow, on=_KEYS, how="semi")
            relations.left(_named(pl.concat([signed, most])))
        of_all = (
            at(_last_day(half))
            .filter(uitsplitsing=TOTAAL)
            .drop(SPLIT)
            .join(flow.select(_KEYS).unique(), on=["niveau", "gebied"])
        )
        within = pl.concat([signed.join(of_all, on=_KEYS, how="semi"), of_all.select(signed.columns)])
        relations.left(_named(within))


def _trajecten(wide: pl.DataFrame, terms: dict[tuple[str, str], float]) -> pl.DataFrame:
    """Of every place that has all of these counts of trajecten (what is counted, period), their cells."""
    found = pl.concat(
        wide.filter(maat=f"trajecten_{name}").select(*_KEYS, cel=period, coefficient=pl.lit(sign)).drop_nulls("cel")
        for (name, period), sign in terms.items()
    )
    return found.filter(pl.len().over(_KEYS) == len(terms))


def _last_day(half: str) -> dict[tuple[str, str], float]:
    return {("lopend", half): 1.0, ("afgesloten", half): 1.0, ("actief", half): -1.0}


def _add_last_day(relations: Relations, wide: pl.DataFrame, half: str) -> None:
    """What was active, and so what began, runs at the end or has ended; what did both, on the last day, is not below
    0."""
    runs_or_ended = {("lopend", half): 1.0, ("afgesloten", half): 1.0}
    for terms in (_last_day(half), runs_or_ended | {("nieuw", half): -1.0}):
        relations.left(_named(_trajecten(wide, terms)))


def _add_runs_on(relations: Relations, wide: pl.DataFrame) -> None:
    for whole, part in RUNS_ON:
        signs = {(whole, SECOND): 1.0, (part, SECOND): -1.0, (whole, YEAR): -1.0, (part, YEAR): 1.0}
        terms = pl.concat(
            wide.filter(maat=maat).select(*_KEYS, cel=period, coefficient=pl.lit(sign)).drop_nulls("cel")
            for (maat, period), sign in signs.items()
        )
        relations.left(_named(terms.filter(pl.len().over(_KEYS) == len(signs))))


def _named(terms: pl.DataFrame) -> pl.DataFrame:
    """The terms by sum: a place has one, in which every cell stands once."""
    named = terms.with_columns(som=pl.concat_str(*_KEYS, separator="|"))
    together = named.group_by("som", "cel").agg(pl.col("coefficient").sum()).filter(pl.col("coefficient") != 0)
    return together.select("som", "cel", "coefficient").sort("som", "cel")


def _add_come_and_go(relations: Relations, wide: pl.DataFrame) -> None:
    """The year is no more than its first half and what began since, nor than its second and what ended before; of what
    begins and ends once only it is exactly that."""

    def at(measure: str, period: str, sign: float) -> pl.DataFrame:
        return wide.filter(maat=measure).select(*_KEYS, cel=period, coefficient=pl.lit(sign)).drop_nulls("cel")

    for stock, began, ended in COME_AND_GO:
        for half, flow, other in ((FIRST, began, SECOND), (SECOND, ended, FIRST)):
            if stock in ONE_BY_ONE:
                whole = at(stock, YEAR, 1.0).select(*_KEYS, heel="cel")
                parts = [at(stock, half, 1.0).join(whole, on=_KEYS), at(flow, other, 1.0).join(whole, on=_KEYS)]
                links = pl.concat(parts).select("heel", soort=pl.lit(f"{stock} {half}"), deel="cel")
                relations.sums(links.filter(pl.len().over("heel") == len(parts)))
                continue
            terms = pl.concat([at(stock, half, 1.0), at(flow, other, 1.0), at(stock, YEAR, -1.0)]).with_columns(
                som=pl.concat_str(pl.lit(f"{stock} {half}"), *_KEYS, separator="|")
            )
            relations.left(terms.filter(pl.len().over("som") == 3))


def _add_carried_over(relations: Relations, wide: pl.DataFrame) -> None:
    for before, after in CARRIED_OVER:
        parts = wide.filter(maat=before).select(*_KEYS, deel=FIRST)
        found = parts.join(wide.filter(maat=after).select(*_KEYS, heel=SECOND), on=_KEYS).drop_nulls()
        relations.parts(found.select("deel", "heel", klein=pl.lit(value=False)))


def _add_waiting(relations: Relations, wide: pl.DataFrame) -> None:
    """Waiting at the end = waiting before + came - went; how far that is off, a reader is thought to know."""
    place = ["niveau", "gebied"]
    total = (TOTAAL, TOTAAL)
    for waiting, came, went in WAITING:
        sums = [
            ((waiting, *total), FIRST, 1.0),
            (came, SECOND, 1.0),
            ((went, *total), SECOND, -1.0),
            ((waiting, *total), SECOND, -1.0),
        ]
        terms = pl.concat(
            wide.filter(maat=maat, uitsplitsing=split, categorie=category)
            .select(*place, cel=period, coefficient=pl.lit(sign))
            .drop_nulls("cel")
            for (maat, split, category), period, sign in sums
        ).with_columns(som=pl.concat_str(pl.lit(waiting), *place, separator="|"))
        relations.known(terms.filter(pl.len().over("som") == len(sums)).sort("som", "cel"))
