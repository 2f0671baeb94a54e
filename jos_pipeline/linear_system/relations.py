"""Sums between cells as they are collected: parts and their whole, a part and its rest, two names of one count.

Numbers in, relations out. What is a part of what, and why, is ``jos_pipeline.linear_system.system`` and what it calls.
What a reader knows of a sum is its *kind*, not how it happens to come out in one place. Where sums of a kind do not
come out, cells that are never shown stand for what is missing:

- the whole is more than its parts somewhere: a rest, sensitive when few persons are in it;
- the parts are more than the whole somewhere (persons counted twice): a surplus, and of every part it is known that it
  is no more than the whole.
"""

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from jos_pipeline.cells import CELLS, RELATIONS, CellTable, State
from jos_pipeline.disclosure import MEDEWERKERS

NOTHING = 1e-6
"""Counts that differ less are the same: hours and fte are fractions."""

Names = np.ndarray
"""By cell the number that it has from then on."""

_FACTS = ("maat", "gebied", "aantal", "personen", "mensen", "medewerkers", "eigenaar")


class Relations:
    """Collects relations between cells that are numbered from 0 on, and the closed cells these need.

    ``cells`` has the columns of ``counts.cells_of`` with ``gewicht``, ``staat`` and ``eigenaar``.
    """

    def __init__(self, cells: pl.DataFrame, k: int) -> None:
        self._k = k
        self._cells = [cells.select(_OWN)]
        self._facts = cells.select("cel", *_FACTS)
        self._terms = [pl.DataFrame(schema=RELATIONS)]
        self._pairs = [pl.DataFrame(schema={"deel": pl.Int64, "heel": pl.Int64, "klein": pl.Boolean})]
        self._same = [pl.DataFrame(schema={"een": pl.Int64, "ander": pl.Int64})]
        self._next_cell = cells.height
        self._next_relation = 0

    def sums(self, links: pl.DataFrame, rest_by: tuple[str, ...] = ("maat",)) -> pl.DataFrame:
        """The parts (``deel``) of every whole (``heel``) add up, per ``soort`` of sum.

        ``rest_by``: what of the whole tells everybody whether there may be a rest. Returns ``heel, soort, rest``: what
        is left of the whole, below 0 where the parts overlap.
        """
        if links.is_empty():
            return pl.DataFrame(schema={"heel": pl.Int64, "soort": pl.String, "rest": pl.Float64})
        return self._sums(links, (pl.col("rest") > 0).any().over("soort", *rest_by))

    def disjoint(self, links: pl.DataFrame) -> None:
        """The parts of every whole have nothing in common; what else is in the whole is not known."""
        if links.height:
            self._sums(links, pl.lit(value=True))

    def _sums(self, links: pl.DataFrame, has_rest: pl.Expr) -> pl.DataFrame:
        names = ("aantal", "personen")
        parts = (
            links.join(self._facts.select("cel", *names), left_on="deel", right_on="cel")
            .group_by("heel", "soort")
            .agg(pl.col(names).sum())
        )
        found = self._numbered(
            parts.join(self._facts, left_on="heel", right_on="cel", suffix="_heel")
            .sort("soort", "heel")
            .with_columns(
                rest=_near_zero(pl.col("aantal_heel") - pl.col("aantal")),
                rest_personen=pl.col("personen_heel") - pl.col("personen"),
            )
            .with_columns(_rest=has_rest, _dubbel=(pl.col("rest") < 0).any().over("soort", "maat"))
        )
        few = pl.col("rest_personen").fill_null(0) < self._k
        by_one = (pl.col("medewerkers") < MEDEWERKERS).fill_null(value=False)
        rests = self._rests(
            found.filter("_rest").with_columns(
                gevoelig=(pl.col("rest") > 0) & pl.when("mensen").then(few).otherwise(by_one),
                aantal=pl.max_horizontal("rest", 0.0),
            )
        )
        surplus = self._rests(
            found.filter("_dubbel").with_columns(
                gevoelig=pl.lit(value=False), aantal=pl.max_horizontal(-pl.col("rest"), 0.0)
            )
        )
        self._add(found, heel=-1.0)
        self._add(links.join(found.select("heel", "soort", "relation"), on=["heel", "soort"]), deel=1.0)
        self._add(rests, rest_cel=1.0)
        self._add(surplus, rest_cel=-1.0)
        twice = found.filter("_dubbel").select("heel", "soort")
        self.parts(links.join(twice, on=["heel", "soort"]).select("deel", "heel", klein=pl.lit(value=False)))
        return found.select("heel", "soort", "rest")

    def parts(self, pairs: pl.DataFrame) -> None:
        """Each ``deel`` lies in its ``heel``; the rest is sensitive where ``klein`` says so."""
        self._pairs.append(pairs.select("deel", "heel", "klein"))

    def cover(self, pairs: pl.DataFrame) -> None:
        """``een`` and ``ander`` lie in ``heel``, may overlap, and leave nothing of it out; how far they overlap is not
        known. The closed cells are what is in one of the two only, and what is in both."""
        facts = self._facts.select("cel", "aantal")
        found = pairs.sort("heel")
        for name in ("heel", "een", "ander"):
            here = facts.select(pl.col("cel").alias(name), pl.col("aantal").alias(f"n_{name}"))
            found = found.join(here, on=name, maintain_order="left")
        owners = self._facts.select(heel="cel", eigenaar="eigenaar", mensen="mensen")
        found = found.join(owners, on="heel", maintain_order="left").with_columns(gevoelig=pl.lit(value=False))
        only = {}
        for name, other in (("een", "ander"), ("ander", "een")):
            rest = self._rests(self._numbered(found.with_columns(aantal=pl.col("n_heel") - pl.col(f"n_{other}"))))
            self._add(rest, heel=-1.0, rest_cel=1.0)
            self._add(rest.with_columns(ander_deel=pl.col(other)), ander_deel=1.0)
            only[name] = rest.get_column("rest_cel")
        both = found.with_columns(aantal=pl.col("n_een") + pl.col("n_ander") - pl.col("n_heel"), alleen=only["een"])
        self._add(self._rests(self._numbered(both)), een=-1.0, alleen=1.0, rest_cel=1.0)

    def known(self, terms: pl.DataFrame) -> None:
        """Whoever reads knows the sum of ``coefficient`` x ``cel`` for each ``som``."""
        named = terms.select("som").unique(maintain_order=True)
        self._add(terms.join(self._numbered(named), on="som"), by=pl.col("coefficient"), cel=1.0)

    def left(self, terms: pl.DataFrame) -> None:
        """Of the sum of ``coefficient`` x ``cel`` for each ``som`` it is known that it is not below 0.

        A closed cell stands for it. Where a sum is below 0 nothing is known of it; of the others a reader is thought to
        know it all the same: more than he does, never less.
        """
        sums = (
            terms.join(self._facts.select("cel", "aantal", "eigenaar", "mensen"), on="cel")
            .group_by("som", maintain_order=True)
            .agg(
                aantal=(pl.col("coefficient") * pl.col("aantal")).sum(),
                eigenaar=pl.col("eigenaar").first(),
                mensen=pl.col("mensen").first(),
            )
            .with_columns(aantal=_near_zero(pl.col("aantal")), gevoelig=pl.lit(value=False))
        )
        rests = self._rests(self._numbered(sums.filter(pl.col("aantal") >= 0)))
        self._add(terms.join(rests.select("som", "relation"), on="som"), by=pl.col("coefficient"), cel=1.0)
        self._add(rests, rest_cel=-1.0)

    def same(self, pairs: pl.DataFrame) -> None:
        """``een`` and ``ander`` are one number, as everybody knows. Pairs that differ are left out."""
        numbers = self._facts.select("cel", "aantal")
        self._same.append(
            pairs.join(numbers, left_on="een", right_on="cel")
            .join(numbers, left_on="ander", right_on="cel", suffix="_ander")
            .filter((pl.col("aantal") - pl.col("aantal_ander")).abs() <= NOTHING)
            .select("een", "ander")
        )

    def table(self) -> tuple[CellTable, np.ndarray]:
        """The table, with counts that are one number as one cell; and the number there of every cell given here."""
        cells, terms, same = pl.concat(self._cells), pl.concat(self._terms), pl.concat(self._same)
        together, relations, numbers = one_cell_each(cells, terms, same)
        pairs = pl.concat(self._pairs).with_columns(
            deel=pl.Series(numbers)[pl.concat(self._pairs)["deel"]],
            heel=pl.Series(numbers)[pl.concat(self._pairs)["heel"]],
        )
        return with_pairs(together, relations, pairs, self._k), numbers

    def _numbered(self, rows: pl.DataFrame) -> pl.DataFrame:
        start = self._next_relation
        self._next_relation += rows.height
        return rows.with_columns(relation=pl.int_range(start, start + rows.height, dtype=pl.Int64))

    def _rests(self, rows: pl.DataFrame) -> pl.DataFrame:
        """A closed cell per row, for ``aantal``; returns the rows with its number ``rest_cel``."""
        start = self._next_cell
        self._next_cell += rows.height
        rows = rows.with_columns(rest_cel=pl.int_range(start, start + rows.height, dtype=pl.Int64))
        most = (
            pl.when("mensen").then(pl.max_horizontal(pl.lit(float(self._k)), "aantal")).otherwise(2 * pl.col("aantal"))
        )
        self._cells.append(
            rows.select(
                cell="rest_cel",
                count="aantal",
                upper=pl.lit(None, dtype=pl.Float64),
                need_low=pl.when("gevoelig").then(0.0),
                need_high=pl.when("gevoelig").then(most),
                weight=pl.lit(1.0),
                state=pl.lit(str(State.CLOSED)),
                owner="eigenaar",
            )
        )
        return rows

    def _add(self, rows: pl.DataFrame, by: pl.Expr | None = None, **cells: float) -> None:
        factor = pl.lit(1.0) if by is None else by
        self._terms.extend(
            rows.select("relation", cell=name, coefficient=factor * sign) for name, sign in cells.items()
        )


_OWN = (
    pl.col("cel").alias("cell"),
    pl.col("aantal").alias("count"),
    pl.when(pl.col("aantal") <= pl.col("totaal")).then(pl.col("totaal").cast(pl.Float64)).alias("upper"),
    pl.col("laag").alias("need_low"),
    pl.col("hoog").alias("need_high"),
    pl.col("gewicht").alias("weight"),
    pl.col("staat").alias("state"),
    pl.col("eigenaar").alias("owner"),
)
_STATE = pl.col("state")
_TOGETHER = (
    pl.col("count").first(),
    pl.col("upper").min(),
    pl.col("need_low").min(),
    pl.col("need_high").max(),
    pl.col("weight").sum(),
    pl.when((_STATE == "open").any())
    .then(pl.lit("open"))
    # what is left of a sum and turns out to be a count that stands in a row is seen with that row
    .when((_STATE == "closed").all())
    .then(pl.lit("closed"))
    .otherwise(pl.lit("free"))
    .alias("state"),
    pl.col("owner").drop_nulls().first(),
)


def one_cell_each(
    cells: pl.DataFrame, terms: pl.DataFrame, same: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, Names]:
    """Counts that are one number become one cell: the pairs ``een`` and ``ander``, and what relations then make equal.

    Returns the cells (``CELLS``), every relation once, and the new number of every cell.
    """
    counts = cells.get_column("count").to_numpy()
    same = pl.concat([same, _equations(terms, counts)])
    numbers = np.arange(cells.height)
    while same.height:
        links = (np.ones(same.height), (same["een"].to_numpy(), same["ander"].to_numpy()))
        _, joined = connected_components(coo_array(links, shape=(cells.height, cells.height)), directed=False)
        first = np.full(joined.max() + 1, cells.height)
        np.minimum.at(first, joined, np.arange(cells.height))
        numbers = first[joined][numbers]
        terms = _merged(terms, numbers)
        same = _equations(terms, counts)
    kept, numbers = np.unique(numbers, return_inverse=True)
    together = cells.with_columns(cell=pl.Series(numbers)).group_by("cell").agg(_TOGETHER).sort("cell")
    new = np.full(cells.height, -1)
    new[kept] = np.arange(len(kept))
    relations = _once(terms.with_columns(cell=pl.Series(new[terms["cell"].to_numpy()])))
    return _within_bounds(together).select(*CELLS), relations, numbers


def with_pairs(cells: pl.DataFrame, relations: pl.DataFrame, pairs: pl.DataFrame, k: int) -> CellTable:
    """Adds that each ``deel`` of the pairs lies in its ``heel``; the rest is sensitive where ``klein`` says so.

    A closed cell stands for the rest. Pairs of which the part is the larger are left out: there it is not so.
    """
    facts = cells.select("cell", "count", "owner")
    found = (
        pairs.group_by("deel", "heel")
        .agg(pl.col("klein").any())
        .filter(pl.col("deel") != pl.col("heel"))
        .join(facts, left_on="deel", right_on="cell")
        .join(facts, left_on="heel", right_on="cell", suffix="_heel")
        .with_columns(rest=_near_zero(pl.col("count_heel") - pl.col("count")))
        .filter(pl.col("rest") >= 0)
        .sort("heel", "deel")
    )
    return CellTable(*_with_rests(cells, relations, found, k))


def _with_rests(
    cells: pl.DataFrame, relations: pl.DataFrame, pairs: pl.DataFrame, k: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    first = int(relations.select(pl.col("relation").max().fill_null(-1)).item())
    rows = pairs.with_columns(
        relation=pl.int_range(first + 1, first + 1 + pairs.height, dtype=pl.Int64),
        cell=pl.int_range(cells.height, cells.height + pairs.height, dtype=pl.Int64),
    )
    rests = rows.select(
        "cell",
        count="rest",
        upper=pl.lit(None, dtype=pl.Float64),
        need_low=pl.when("klein").then(0.0),
        need_high=pl.when("klein").then(pl.max_horizontal(pl.lit(float(k)), "rest")),
        weight=pl.lit(1.0),
        state=pl.lit(str(State.CLOSED)),
        owner="owner_heel",
    )
    signs = {"cell": 1.0, "deel": 1.0, "heel": -1.0}
    terms = [rows.select("relation", cell=name, coefficient=pl.lit(sign)) for name, sign in signs.items()]
    return pl.concat([cells, rests]), pl.concat([relations, *terms]).sort("relation", "cell")


def _near_zero(amount: pl.Expr) -> pl.Expr:
    return pl.when(amount.abs() > NOTHING).then(amount).otherwise(0.0)


def _within_bounds(cells: pl.DataFrame) -> pl.DataFrame:
    """One number under two names has the narrowest bound of both, and cannot need more than that."""
    return cells.with_columns(
        upper=pl.max_horizontal("upper", pl.when(pl.col("upper").is_not_null()).then("count"))
    ).with_columns(
        need_low=pl.min_horizontal("need_low", pl.when(pl.col("need_low").is_not_null()).then("count")),
        need_high=pl.when(pl.col("need_high").is_not_null()).then(
            pl.max_horizontal("count", pl.min_horizontal("need_high", "upper"))
        ),
    )


def _merged(terms: pl.DataFrame, numbers: np.ndarray) -> pl.DataFrame:
    return (
        terms.with_columns(cell=pl.Series(numbers[terms["cell"].to_numpy()]))
        .group_by("relation", "cell")
        .agg(pl.col("coefficient").sum())
        .filter(pl.col("coefficient").abs() > NOTHING)
        .sort("relation", "cell")
    )


def _equations(terms: pl.DataFrame, counts: np.ndarray) -> pl.DataFrame:
    """The relations that say no more than that two cells are equal."""
    values = pl.Series(counts[terms["cell"].to_numpy()])
    return (
        terms.with_columns(waarde=pl.col("coefficient") * values)
        .group_by("relation")
        .agg(
            _aantal=pl.len(),
            _som=pl.col("waarde").sum().abs(),
            _tekens=pl.col("coefficient").sum().abs(),
            een=pl.col("cell").min(),
            ander=pl.col("cell").max(),
        )
        .filter((pl.col("_aantal") == 2) & (pl.col("_som") <= NOTHING) & (pl.col("_tekens") <= NOTHING))
        .select("een", "ander")
    )


def _once(terms: pl.DataFrame) -> pl.DataFrame:
    """Every relation once: a count with and without reported totals elsewhere gives the same sums twice."""
    written = (
        terms.sort("relation", "cell")
        .group_by("relation", maintain_order=True)
        .agg(pl.concat_str(pl.col("cell"), pl.col("coefficient").round(9), separator=":").str.join(" ").alias("_tekst"))
        .unique("_tekst", keep="first", maintain_order=True)
        .select("relation", _nieuw=pl.int_range(pl.len(), dtype=pl.Int64))
    )
    return (
        terms.join(written, on="relation")
        .select(pl.col("_nieuw").alias("relation"), "cell", "coefficient")
        .sort("relation", "cell")
    )
