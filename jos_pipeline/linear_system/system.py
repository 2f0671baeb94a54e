"""From the cube to one table of cells with all relations among them: what the auditor works on (spec 3.2.3).

What is sensitive comes from ``jos_pipeline.disclosure``, the counts from ``counts``, facts about measures from
``nesting``, areas from ``geography``, periods from ``halves``. Here these become relations. Nothing here hides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from jos_pipeline.cells import CellTable, State
from jos_pipeline.disclosure import complete, with_sensitivity
from jos_pipeline.earlier import HIDDEN, with_changes, with_window
from jos_pipeline.indicators.entry import TOTAAL
from jos_pipeline.linear_system.breakdowns import breakdowns
from jos_pipeline.linear_system.counts import SIDES, cell_of, cells_of, with_needs
from jos_pipeline.linear_system.geography import GEMEENTE, SCHOOL, add_areas, inside
from jos_pipeline.linear_system.halves import add_periods
from jos_pipeline.linear_system.kinds_of_school import kinds_of_school
from jos_pipeline.linear_system.nesting import ALL_OF_IT, APART, DISJOINT, NESTED, PERSONS_AND_THEIRS, SAME
from jos_pipeline.linear_system.relations import Relations
from jos_pipeline.suppression import CELL

WEIGHTS = {"regio": 100.0, "samenwerkingsverband": 12.0, GEMEENTE: 4.0, SCHOOL: 1.0}
"""What it costs to hide a count at a level; a total costs four times as much as a category."""


@dataclass(frozen=True)
class LinearSystem:
    """All counts of a cube as one table of cells. Holds values: for internal use only."""

    table: CellTable
    stands: pl.DataFrame
    """Where every count stands: ``CELL`` with ``nummer``, the cell in the table, and ``rij``, the row of the cube."""
    inside: pl.DataFrame
    """The cells that a school, gemeente or samenwerkingsverband may know (``deel``) and those of areas they are counted
    in (``heel``)."""
    named: pl.DataFrame
    """Every count by its name: ``CELL`` with ``nummer``, ``uitgave`` (0; of earlier publications 1, 2, ...), ``mensen``
    (persons are counted) and ``tot``, the last day of its window."""

    @cached_property
    def breakdowns(self) -> pl.DataFrame:
        """``breakdowns.breakdowns`` of the table; those of earlier publications are of the same groups."""
        period = pl.when(pl.col("uitgave") == 0).then("periode").otherwise(pl.format("{}@{}", "periode", "uitgave"))
        return breakdowns(self.table, self.named.with_columns(periode=period))

    @cached_property
    def counterparts(self) -> pl.DataFrame:
        """For every cell of an earlier publication (``toen``) the one with its name in this one (``nummer``)."""
        now = self.named.filter(uitgave=0).select(*CELL, "nummer")
        then = self.named.filter(pl.col("uitgave") > 0).select(*CELL, toen="nummer")
        return then.join(now, on=CELL).filter(pl.col("toen") != pl.col("nummer")).select("toen", "nummer").unique()

    def hidden_in(self, rows: pl.DataFrame) -> np.ndarray:
        """By cell whether the published rows, in the order of the cube, show it nowhere: each that has it is hidden."""
        shows = (rows.get_column("waarde_status") != HIDDEN).to_numpy()
        hidden = np.ones(self.table.cells.height, dtype=bool)
        hidden[self.stands.get_column("nummer").to_numpy()[shows[self.stands.get_column("rij").to_numpy()]]] = False
        return hidden


def linear_system(
    cube: pl.DataFrame, areas: pl.DataFrame, k: int, earlier: Sequence[pl.DataFrame] = ()
) -> LinearSystem:
    """All counts of the cube, tied together.

    ``earlier`` are the rows that are out, as for ``disclosure.protect``: of these it only tells which counts are
    sensitive because they changed little. ``areas`` comes from ``disclosure.areas_by_period``. Raises ValueError for
    an area that is not in ``areas``.
    """
    rows = with_needs(with_sensitivity(with_changes(complete(cube), tuple(earlier), k), k), k)
    cells = _described(cells_of(rows))
    view = _view(rows, cells)
    kinds = kinds_of_school(view, areas)
    cells = _everybody_knows(cells, kinds.nobody)
    view = view.join(cells.filter(staat=State.OPEN), on="cel", how="anti")
    relations = Relations(cells, k)
    relations.same(kinds.same)
    add_areas(relations, pl.concat([view, kinds.unsaid]), areas)
    _add_categories(relations, view)
    _add_shares(relations, rows, cells)
    _add_nested(relations, cells, k)
    add_periods(relations, cells, rows)
    table, numbers = relations.table()
    own = numbers[: cells.height].astype(np.int64)
    numbered = cells.select(*CELL, nummer=pl.Series(own))
    named = cells.select(*CELL, "mensen", uitgave=pl.lit(0, dtype=pl.Int64), nummer=pl.Series(own))
    named = named.filter(cells.get_column("staat") != State.OPEN)
    return LinearSystem(table, _stands(rows, numbered), inside(numbered, areas), _with_windows(named, rows))


def _stands(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    numbered = rows.with_row_index("rij")
    places = pl.concat(numbered.filter(f"_{side}_zegt").select(*cell_of(side), "rij") for side in SIDES)
    return places.unique().join(cells, on=CELL).sort("rij", *CELL)


def _with_windows(named: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Adds the last day of the window of every count."""
    ends = with_window(rows.select("schooljaar", "periode", "peildatum").unique()).select("periode", tot="_tot")
    return named.join(ends, on="periode", how="left", maintain_order="left")


def _described(cells: pl.DataFrame) -> pl.DataFrame:
    """Adds what a cell of the table has beside its count. What serves more readers weighs more."""
    return cells.with_columns(
        gewicht=pl.col("niveau").replace_strict(WEIGHTS) * pl.when(uitsplitsing=TOTAAL).then(4.0).otherwise(1.0),
        staat=pl.lit(str(State.FREE)),
        eigenaar=pl.when(pl.col("niveau") == SCHOOL).then("gebied"),
    )


def _everybody_knows(cells: pl.DataFrame, known: pl.Series) -> pl.DataFrame:
    """These counts are seen, whatever the rows say, and nothing is to be guessed of them."""
    these = pl.col("cel").is_in(known.implode())
    guessed = [pl.when(~these).then(name).alias(name) for name in ("laag", "hoog")]
    return cells.with_columns(*guessed, staat=pl.when(these).then(pl.lit(str(State.OPEN))).otherwise("staat"))


def _view(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Every count under every name it has in the cube, ``vol``; the cells of one sum have one such name."""
    named = [rows.filter(f"_{side}_zegt").select(*cell_of(side), vol=f"{side}_maat").unique() for side in SIDES]
    return pl.concat(named).unique().join(cells.select(*CELL, "cel", "aantal"), on=CELL).sort("cel", "vol")


def _add_categories(relations: Relations, view: pl.DataFrame) -> None:
    """The categories of every breakdown add up to the total."""
    place = ["vol", "periode", "niveau", "gebied"]
    whole = view.filter(uitsplitsing=TOTAAL).select(*place, heel="cel")
    parts = view.filter(pl.col("uitsplitsing") != TOTAAL).join(whole, on=place, maintain_order="left")
    relations.sums(parts.select("heel", soort="uitsplitsing", deel="cel").unique())


def _add_shares(relations: Relations, rows: pl.DataFrame, cells: pl.DataFrame) -> None:
    """Teller and rest are the noemer, for every share; of a distribution where the rest is small."""
    told = rows.filter(
        pl.col("_deel")
        & pl.col("_teller_zegt")
        & pl.col("_noemer_zegt")
        & (~pl.col("_verdeling") | pl.col("_rest_klein"))
    )
    pairs = told.select("_rest_klein")
    for side in SIDES:
        where = told.select(cell_of(side)).join(cells.select(*CELL, "cel"), on=CELL, how="left", maintain_order="left")
        pairs = pairs.with_columns(where.get_column("cel").alias(side))
    relations.parts(pairs.drop_nulls().select(deel="teller", heel="noemer", klein="_rest_klein"))


def _add_nested(relations: Relations, cells: pl.DataFrame, k: int) -> None:
    place = [name for name in CELL if name != "maat"]
    left_out = pl.col("personen_heel") - pl.col("personen")
    pairs = pl.concat(
        _beside(cells, part, whole, place).with_columns(
            gelijk=pl.lit((part, whole) in ALL_OF_IT) & (pl.col("geleverd") == pl.col("geleverd_heel")),
            mist=pl.lit((part, whole) in ALL_OF_IT) & (left_out < k),
        )
        for part, whole in NESTED
    )
    relations.same(pairs.filter("gelijk").select(een="cel", ander="cel_heel"))
    relations.parts(
        pairs.filter(~pl.col("gelijk")).select(deel="cel", heel="cel_heel", klein=pl.col("mist").fill_null(value=False))
    )
    for persons, theirs in PERSONS_AND_THEIRS:
        signs = zip((*theirs, *persons), (1.0, -1.0, -1.0, 1.0), strict=True)
        terms = pl.concat(
            cells.filter(maat=maat).select(*place, "cel", coefficient=pl.lit(sign)) for maat, sign in signs
        ).with_columns(som=pl.concat_str(pl.lit(persons[0]), *place, separator="|"))
        relations.left(terms.filter(pl.len().over("som") == len((*theirs, *persons))).sort("som", "cel"))
    for parts, whole in DISJOINT:
        links = pl.concat(_beside(cells, part, whole, place) for part in parts)
        relations.disjoint(links.select(heel="cel_heel", soort=pl.lit(" ".join(parts)), deel="cel"))
    _add_apart(relations, cells, place)
    for (measure, split, category), total in SAME:
        some = cells.filter(maat=measure, uitsplitsing=split, categorie=category)
        whole_ = cells.filter(maat=total, uitsplitsing=TOTAAL)
        on = ["periode", "niveau", "gebied"]
        relations.same(some.join(whole_, on=on, suffix="_heel").select(een="cel", ander="cel_heel"))


def _add_apart(relations: Relations, cells: pl.DataFrame, place: list[str]) -> None:
    """Parts that have nothing in common are together no more than the whole."""
    for parts, whole in APART:
        signs = {whole: 1.0} | dict.fromkeys(parts, -1.0)
        terms = cells.filter(pl.col("maat").is_in(list(signs))).select(
            som=pl.concat_str(pl.lit(" ".join(parts)), *place, separator="|"),
            cel="cel",
            coefficient=pl.col("maat").replace_strict(signs, return_dtype=pl.Float64),
        )
        whole_there = (pl.col("coefficient") > 0).any().over("som") & (pl.len().over("som") > 1)
        relations.left(terms.filter(whole_there))


def _beside(cells: pl.DataFrame, part: str, whole: str, place: list[str]) -> pl.DataFrame:
    """The counts of two measures at one place: those of the whole have ``_heel`` behind their names."""
    return cells.filter(maat=part).join(cells.filter(maat=whole), on=place, suffix="_heel", maintain_order="left")
