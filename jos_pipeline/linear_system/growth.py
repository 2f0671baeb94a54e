"""What a reader knows of how counts of one school year move from one publication to another (spec 3.2.6).

Put here how the counts of two windows of one beginning follow from each other, and which changes are too small to be
told. Which counts of two publications are one number is ``publications``; what is a part of what, and what begins and
ends, are facts of ``nesting``.

Of what happened, and of who was there at some time, the longer of two windows holds no fewer, whichever came out
first: how many came is a count as well. What a part leaves of its whole (``NESTED``, shares) is no less either, unless
the part takes from it (``TAKES``). Who is there since, began since (``COME_AND_GO``). What a correction changed a
little, as in a revision, is nobody's to tell either.

A law that fails in one place, as after a correction, is left out there; elsewhere a reader is thought to know that
nobody corrected anything: more than he does, never less.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from jos_pipeline.cells import State
from jos_pipeline.indicators.entry import TOTAAL
from jos_pipeline.linear_system.nesting import COME_AND_GO, ONE_BY_ONE, TAKES, WAITING, Course, course
from jos_pipeline.linear_system.relations import NOTHING
from jos_pipeline.school_year import Period
from jos_pipeline.suppression import CELL

GROWS = (Course.FLOW, Course.STOCK)
"""What can only grow while its window does."""
TWO = ["uitgave", "uitgave_toen"]
"""The publications of a pair of counts: of the later one, and of the earlier one."""
_PLACE = [name for name in CELL if name != "maat"]
_IN_HALF = {Period.HALFJAAR_2: 1.0, Period.SCHOOLJAAR: -1.0}


_SHAPE = ["nummers", "factoren", "aantal", "owner", "gevoelig", "_rest"]
"""Every row is a sum of counts: their cells, what each counts for, what it comes to, whose it is, whether it is
sensitive where few persons are in it, and whether a closed cell stands for it: it is not below 0 then. Where none does,
everybody knows what it comes to."""


def ties(
    named: pl.DataFrame, pairs: pl.DataFrame, cells: pl.DataFrame, terms: pl.DataFrame, k: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The closed cells and the relations that tie counts of publications together.

    ``named`` as in ``LinearSystem``; ``pairs`` from ``publications``; ``cells`` and ``terms``: the cells and relations
    of all publications, from which on those that are returned are numbered.
    """
    sums = pl.concat(
        [
            _more_of(pl.concat([_grown(pairs), _grown_rests(named, cells, terms)])),
            _small_changes(pairs, k),
            *_began_since(pairs),
            *_waited_since(pairs),
            _since_in_half(pairs),
        ]
    ).with_columns(_som=pl.int_range(pl.len(), dtype=pl.Int64))
    rests = sums.filter("_rest").with_columns(cell=pl.int_range(pl.len(), dtype=pl.Int64) + cells.height)
    said = pl.concat(
        [
            sums.explode("nummers", "factoren").select("_som", cell="nummers", coefficient="factoren"),
            rests.select("_som", "cell", coefficient=pl.lit(-1.0)),
        ]
    )
    # two measures may be one number, and then say nothing of each other
    said = said.group_by("_som", "cell").agg(pl.col("coefficient").sum()).filter(pl.col("coefficient") != 0)
    relation = (pl.col("_som").rank("dense") - 1 + terms.height).cast(pl.Int64)
    return _closed(rests, k), said.sort("_som", "cell").select(relation.alias("relation"), "cell", "coefficient")


def _closed(rests: pl.DataFrame, k: int) -> pl.DataFrame:
    few = pl.col("gevoelig") & pl.col("aantal").is_between(NOTHING, k, closed="none")
    return rests.select(
        "cell",
        count="aantal",
        upper=pl.lit(None, dtype=pl.Float64),
        need_low=pl.when(few).then(0.0),
        need_high=pl.when(few).then(float(k)),
        weight=pl.lit(1.0),
        state=pl.lit(str(State.CLOSED)),
        owner="owner",
    )


_LONGER = pl.when(pl.col("tot") > pl.col("tot_toen")).then(1.0).otherwise(-1.0)
_MOVED = pl.col("tot") != pl.col("tot_toen")
_OWNER = pl.when(pl.col("niveau") == "school").then("gebied").alias("owner")
_PAIR = ["nummer", "nummer_toen", "n", "n_toen", "tot", "tot_toen"]


def _of(counts: pl.DataFrame, *courses: Course) -> pl.Expr:
    """Whether a count is of a measure of one of these courses."""
    return pl.col("maat").is_in([name for name in counts["maat"].unique() if course(name) in courses])


def _grown(pairs: pl.DataFrame) -> pl.DataFrame:
    """The counts that are no smaller over the longer of two windows; how many came in is sensitive when few did."""
    found = pairs.filter(_of(pairs, *GROWS), ~pl.col("een"))
    return found.select(*_PAIR, _OWNER, gevoelig="mensen")


def _grown_rests(named: pl.DataFrame, cells: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """The same of what a part leaves of its whole, where both can only grow: of these trajecten no fewer are without
    an answer either. Nobody asks how many such came in."""
    closed = cells.filter(state=State.CLOSED).select("cell", "count")
    three = terms.filter(pl.len().over("relation") == 3)
    rests = three.join(closed, on="cell").filter(pl.len().over("relation") == 1)
    names = named.filter(_of(named, *GROWS)).select(*CELL, "uitgave", "tot", cell="nummer")
    plain = (
        three.join(rests.select("relation", nummer="cell", n="count", _rest="coefficient"), on="relation")
        .filter(pl.col("cell") != pl.col("nummer"))
        .join(names, on="cell")
    )
    parts, wholes = (plain.filter(pl.col("coefficient") * pl.col("_rest") * sign > 0) for sign in (1, -1))
    takes = pl.DataFrame(list(TAKES), schema={"maat": pl.String, "maat_heel": pl.String}, orient="row")
    found = (
        parts.join(wholes, on=["relation", "uitgave", *_PLACE], suffix="_heel")
        .filter(pl.col("maat") != pl.col("maat_heel"))
        .join(takes, on=["maat", "maat_heel"], how="anti")
    )
    pairs = found.join(found, on=[*_PLACE, "maat", "maat_heel"], suffix="_toen")
    return (
        pairs.filter(pl.col("uitgave") < pl.col("uitgave_toen"))
        .sort("nummer", "nummer_toen")
        .select(*_PAIR, owner=pl.lit(None, dtype=pl.String), gevoelig=pl.lit(value=False))
    )


def _more_of(grown: pl.DataFrame) -> pl.DataFrame:
    """What came in between the ends of two windows. What is smaller over the longer one is left out."""
    found = grown.filter(_MOVED).with_columns(aantal=_LONGER * (pl.col("n") - pl.col("n_toen")), _teken=_LONGER)
    return _differences(found.filter(pl.col("aantal") > -NOTHING))


def _small_changes(pairs: pl.DataFrame, k: int) -> pl.DataFrame:
    """What a correction changed a little and is hidden in both publications: in the same window, or against growth. A
    reader is thought to know which way it went."""
    change = pl.col("n") - pl.col("n_toen")
    corrected = ~_MOVED | (_of(pairs, *GROWS) & (_LONGER * change < -NOTHING))
    small = change.abs().is_between(NOTHING, k, closed="none")
    found = pairs.filter("mensen", small, corrected, ~pl.col("open"), ~pl.col("open_toen"))
    return _differences(
        found.with_columns(_OWNER, aantal=change.abs(), _teken=change.sign(), gevoelig=pl.lit(value=True))
    )


def _differences(found: pl.DataFrame) -> pl.DataFrame:
    """Of two cells once, whatever names they have."""
    sign = pl.col("_teken")
    return found.unique(["nummer", "nummer_toen"], keep="first", maintain_order=True).select(
        nummers=pl.concat_list("nummer", "nummer_toen"),
        factoren=pl.concat_list(sign, -sign),
        aantal=pl.max_horizontal("aantal", 0.0),
        owner="owner",
        gevoelig="gevoelig",
        _rest=pl.lit(value=True),
    )


def _began_since(pairs: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Who was there by the end of the longer window and not by that of the shorter began in between: no fewer began
    than there were more, and of what begins once exactly as many."""
    for stock, began, _ in COME_AND_GO:
        found = _together([_moved(pairs.filter(maat=began), 1.0), _moved(pairs.filter(maat=stock), -1.0)], _PLACE)
        exact = (pl.col("aantal") <= NOTHING) & pl.lit(stock in ONE_BY_ONE)
        yield (
            found.filter(pl.col("aantal") > -NOTHING)
            .with_columns(pl.max_horizontal("aantal", 0.0), _OWNER, gevoelig=pl.lit(value=False), _rest=~exact)
            .select(_SHAPE)
        )


def _since_in_half(pairs: pl.DataFrame) -> pl.DataFrame:
    """Who was there in the school year by the end of the longer window and not by that of the shorter, both in the
    second half year, was not there in that half year before either: it grew by no less."""
    stocks = pairs.filter(_of(pairs, Course.STOCK))
    moved = [_moved(stocks.filter(periode=str(period)), sign) for period, sign in _IN_HALF.items()]
    found = _together(moved, [name for name in CELL if name != "periode"])
    no, yes = pl.lit(value=False), pl.lit(value=True)
    told = found.filter(pl.col("aantal") > -NOTHING).with_columns(pl.max_horizontal("aantal", 0.0))
    return told.with_columns(_OWNER, gevoelig=no, _rest=yes).select(_SHAPE)


def _waited_since(pairs: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Who waits at the end of the longer window waited at that of the shorter or came since, and did not go; how far
    that is off, a reader is thought to know."""
    for waiting, came, went in WAITING:
        sums = (((waiting, TOTAAL, TOTAAL), -1.0), (came, 1.0), ((went, TOTAAL, TOTAAL), -1.0))
        moved = [
            _moved(pairs.filter(maat=maat, uitsplitsing=split, categorie=category), factor)
            for (maat, split, category), factor in sums
        ]
        nobody, no = pl.lit(None, dtype=pl.String), pl.lit(value=False)
        found = _together(moved, ["periode", "niveau", "gebied"])
        yield found.with_columns(owner=nobody, gevoelig=no, _rest=no).select(_SHAPE)


def _moved(pairs: pl.DataFrame, factor: float) -> pl.DataFrame:
    """How much more the longer of two windows has."""
    sign = _LONGER * factor
    return pairs.filter(_MOVED).select(
        *TWO,
        *CELL,
        nummers=pl.concat_list("nummer", "nummer_toen"),
        factoren=pl.concat_list(sign, -sign),
        aantal=sign * (pl.col("n") - pl.col("n_toen")),
    )


def _together(moved: Sequence[pl.DataFrame], place: list[str]) -> pl.DataFrame:
    """What moved, added up, wherever all of it is counted in both publications."""
    return (
        pl.concat(moved)
        .group_by(*TWO, *place, maintain_order=True)
        .agg(pl.col("nummers", "factoren").explode(), pl.col("aantal").sum(), _van=pl.len())
        .filter(pl.col("_van") == len(moved))
    )
