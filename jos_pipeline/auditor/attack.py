"""The attack on a publication: all that a reader has, taken together, to get at what is hidden.

Put here how readings and beliefs become one system, and what counts as success. A reader has the rows of the
publication and of others of the school year, the dimension tables and the catalogue: the cube is never an input, save
as ``truth`` by which the result is judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from jos_pipeline.auditor.beliefs import believed, certain, needed, of_one_publication
from jos_pipeline.auditor.intervals import Needs, intervals
from jos_pipeline.auditor.published import ABSENT, EMPTY, HIDDEN, PLACE, Count, Reading, Relation, read
from jos_pipeline.auditor.system import TOLERANCE, ContradictionError, System, tightened
from jos_pipeline.auditor.verdict import exposed, sensitive
from jos_pipeline.indicators.entry import Kind

FOUND: dict[str, type[pl.DataType]] = {
    **dict.fromkeys((*PLACE, "kant"), pl.String),
    "low": pl.Float64,
    "high": pl.Float64,
}


PLAIN, PLACES = 1e-9, 6
"""A value between ends that differ less is told; to so many places."""


@dataclass(frozen=True)
class Attack:
    """What a reader gets at. The frames hold values: for internal use only."""

    intervals: pl.DataFrame
    """Of teller and noemer (``kant``) of every hidden row where it can lie: ``FOUND``.

    Exact where less than 0 to k is left; else it can lie there at least.
    """
    recovered: pl.DataFrame
    """Those that can have one value only, or values from 1 to k - 1 only."""
    exposed: pl.DataFrame
    """Those that are sensitive in truth and of which too much is told; empty when no truth was given."""
    counts: int
    relations: int
    solved: int

    def summary(self) -> dict[str, int]:
        """What may be kept with a publication: no value of any figure."""
        return {
            "hidden": self.intervals.height,
            "recovered": self.recovered.height,
            "exposed": self.exposed.height,
            "counts": self.counts,
            "relations": self.relations,
            "solved": self.solved,
        }


def attack(
    rows: pl.DataFrame,
    dims: Mapping[str, pl.DataFrame],
    k: int,
    *,
    others: Sequence[pl.DataFrame] = (),
    truth: pl.DataFrame | None = None,
    only: pl.DataFrame | None = None,
    integer: bool = False,
) -> Attack:
    """What can be told of the hidden rows of one publication.

    ``rows`` have the columns of ``monitor_indicator``; ``others`` are the other publications of the school year;
    ``dims`` the dimension tables by name (``dim_gebied``, ``dim_school``, ``dim_categorie`` and, for areas that change
    within the year, ``dim_periode``). ``truth`` is the internal cube: with it only what is sensitive in
    truth is sought, and of that ``only`` some (``PLACE`` and ``kant``). Raises ValueError when the rows are not of one
    publication, AuditError when the attack could not be finished.
    """
    of = of_one_publication(rows)
    reading = Reading()
    for uitgave, one in enumerate([rows, *(old.filter(pl.col("schooljaar") == of["schooljaar"]) for old in others)]):
        read(one, uitgave, reading)
    true = Reading()
    if truth is not None:
        read(truth, 0, true)
    relations = needed(believed(reading, dims, of["peildatum"], true.counts))
    secrets = sensitive(rows, truth, k) if truth is not None else []
    if only is not None:
        wanted = set(only.select(*PLACE, "kant").iter_rows())
        secrets = [one for one in secrets if one.where in wanted]
    far = {count: float(k) for _, _, count in reading.hidden} if truth is None else {}
    for secret in secrets:
        if reading.counts.get(secret.count) is None:
            far[secret.count] = max(far.get(secret.count, 0.0), secret.high)
    ends, solved = _ends(reading, relations, far, whole=integer)
    found = _found(reading, ends, far)
    small = (pl.col("low") >= 1 - TOLERANCE) & (pl.col("high") <= k - 1 + TOLERANCE)
    return Attack(
        intervals=found,
        recovered=found.filter(small | (pl.col("high") - pl.col("low") <= TOLERANCE)),
        exposed=exposed(secrets, reading, ends),
        counts=len(reading.counts),
        relations=len(relations),
        solved=solved,
    )


def unmasked(
    rows: pl.DataFrame,
    dims: Mapping[str, pl.DataFrame],
    k: int,
    truth: pl.DataFrame,
    *,
    others: Sequence[pl.DataFrame] = (),
) -> tuple[Attack, pl.DataFrame]:
    """The attack, and of which of its ``exposed`` a reader knew less without this publication.

    The same attack on a publication of which every figure is hidden says what is known anyway: who is not there by
    public numbers, and what other publications tell.
    """
    found = attack(rows, dims, k, others=others, truth=truth)
    if found.exposed.is_empty():
        return found, found.exposed
    where = [*PLACE, "kant"]
    known = attack(_blank(rows, truth), dims, k, others=others, truth=truth, only=found.exposed.select(where))
    before = known.exposed.select(*where, low_known="low", high_known="high")
    beside = found.exposed.join(before, on=where, how="left", maintain_order="left")
    narrower = (pl.col("low") > pl.col("low_known") + TOLERANCE) | (pl.col("high") < pl.col("high_known") - TOLERANCE)
    return found, beside.filter(narrower | pl.col("low_known").is_null()).select(found.exposed.columns)


def _blank(rows: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """The publication with every figure hidden, but for what public numbers say is not there."""
    nobody = truth.filter(publiek_totaal=0).select(*PLACE, _niemand=pl.lit(value=True))
    joined = rows.join(nobody, on=PLACE, how="left", maintain_order="left")
    stays = pl.col("waarde_status").is_in(ABSENT) | (pl.col("_niemand") & (pl.col("waarde_status") == EMPTY))
    blank = [pl.lit(None).cast(rows.schema[name]).alias(name) for name in ("waarde", "teller", "noemer", "rang")]
    status = pl.when(stays.fill_null(value=False)).then("waarde_status").otherwise(pl.lit(HIDDEN))
    return joined.with_columns(*blank, waarde_status=status).drop("_niemand")


Ends = dict[Count, tuple[float, float]]


def _ends(
    reading: Reading, relations: Sequence[Relation], far: Mapping[Count, float], *, whole: bool
) -> tuple[Ends, int]:
    """Where every count can lie that is not told, and how many programs that took.

    ``far`` says up to where it is worth knowing: an interval that reaches from 0 to there is not sought further.
    Where habits that the visible figures bear out contradict each other, only what is certain is used.
    """
    values = _with_what_is_plain(reading, relations)
    unknown = [count for count, value in values.items() if value is None]
    ends: Ends = {count: (value, value) for count, value in values.items() if value is not None}
    solved = 0
    for columns, part in _system(reading, values, relations, unknown, whole=whole).components():
        here = [unknown[column] for column in columns.tolist()]
        asked = np.array([n for n, count in enumerate(here) if count in far], dtype=int)
        needs = Needs(asked, np.zeros(len(asked)), np.array([far[here[n]] for n in asked.tolist()]))
        if not len(needs.unknowns):
            continue
        try:
            found = intervals(part, needs)
        except ContradictionError:
            found = intervals(_system(reading, values, certain(relations), here, whole=whole), needs)
        ends |= {
            here[n]: (float(low), float(high))
            for n, low, high in zip(needs.unknowns.tolist(), found.low, found.high, strict=True)
        }
        solved += found.solved
    return ends, solved


Values = dict[Count, float | None]


def _with_what_is_plain(reading: Reading, relations: Sequence[Relation]) -> Values:
    """The values that are told, and those that single sums leave no choice for; none of these where sums that are
    believed contradict each other."""
    unknown = [count for count, value in reading.counts.items() if value is None]
    try:
        system = tightened(_system(reading, reading.counts, relations, unknown, whole=False))
    except ContradictionError:
        return dict(reading.counts)
    plain = np.flatnonzero(system.high - system.low <= PLAIN)
    found = np.round((system.low[plain] + system.high[plain]) / 2, PLACES)
    return reading.counts | {unknown[n]: float(value) for n, value in zip(plain.tolist(), found, strict=True)}


def _system(
    reading: Reading, values: Values, relations: Sequence[Relation], unknown: list[Count], *, whole: bool
) -> System:
    column = {count: number for number, count in enumerate(unknown)}
    entries: list[tuple[int, int, float]] = []
    lows: list[float] = []
    highs: list[float] = []
    for relation in relations:
        terms = {column[count]: c for count, c in relation.terms.items() if c and count in column}
        if not terms:
            continue
        told = sum(c * (values[count] or 0.0) for count, c in relation.terms.items())
        entries += [(len(lows), name, c) for name, c in terms.items()]
        lows.append(relation.low - told)
        highs.append(relation.high - told)
    table = np.array(entries, dtype=float).reshape(-1, 3)
    place = (table[:, 0].astype(int), table[:, 1].astype(int))
    kinds = np.array([whole and reading.kinds[count.maat] is not Kind.SUM for count in unknown], dtype=bool)
    return System(
        csr_array((table[:, 2], place), shape=(len(lows), len(unknown))),
        np.array(lows, dtype=float),
        np.array(highs, dtype=float),
        np.zeros(len(unknown)),
        np.full(len(unknown), np.inf),
        kinds,
    )


def _found(reading: Reading, ends: Ends, sought: Mapping[Count, float]) -> pl.DataFrame:
    rows = [
        (*(row[name] for name in PLACE), side, *ends[count])
        for row, side, count in reading.hidden
        if count in sought or reading.counts[count] is not None
    ]
    return pl.DataFrame(rows, schema=FOUND, orient="row")
