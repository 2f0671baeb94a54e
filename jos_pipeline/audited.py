"""What is to go out is audited as a whole first; where too much of a hidden count can be told, more is hidden.

Put here the loop of auditing and hiding. What is told of it and kept is ``jos_pipeline.audit_report``. What the first
rule hides is ``jos_pipeline.disclosure``, how counts hang together ``jos_pipeline.linear_system``, what can be told
``jos_pipeline.auditor``, and which counts are the cheapest to hide ``jos_pipeline.suppressor``. Pure.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from jos_pipeline.audit_report import Audited, repaired, shown_part, widths
from jos_pipeline.auditor.insiders import KNOWN, Insider
from jos_pipeline.auditor.reach import Reach, reach
from jos_pipeline.auditor.worlds import Copies
from jos_pipeline.cells import CellTable, State
from jos_pipeline.disclosure import hidden_too
from jos_pipeline.dutch import number
from jos_pipeline.indicators.entry import TOTAAL
from jos_pipeline.linear_system import LinearSystem, Out, known_by_authorities, linear_system, together
from jos_pipeline.suppression import LEVELS
from jos_pipeline.suppressor import Attackers, suppress
from jos_pipeline.threshold import MANY_SCHOOLS, SCHOOLS_SHARE

HARDLY_ANY = 0.1
"""A breakdown of which less than this is shown is not shown at all: it is worth less than what it costs to protect."""


MOST_FIGURES = 400_000
"""Figures of a publication of which all counts can be audited as one system in 4 GiB. A whole country
down to gemeenten, with breakdowns down to samenwerkingsverbanden, has 165,000."""


_STAYS = "Wat al gepubliceerd was, blijft."
_SPLIT = "Of maak van de regio meer regio's, bijvoorbeeld een per samenwerkingsverband."


class TooLargeError(ValueError):
    """A publication that is too large to be audited, so that it cannot go out. The message is Dutch."""


def auditable(cube: pl.DataFrame) -> None:
    """Raises TooLargeError where a publication of this cube has more figures than one audit can take, or figures of
    more schools than it can try as readers who know their own counts."""
    schools = cube.filter(niveau="school").get_column("gebied").n_unique()
    if schools > MANY_SCHOOLS:
        raise TooLargeError(
            f"Er is niets gepubliceerd: deze publicatie zou cijfers van {number(schools)} scholen hebben, en van "
            f"hoogstens {MANY_SCHOOLS} is te controleren of een school die haar eigen cijfers kent, kleine aantallen "
            f"van een andere kan herleiden. {_STAYS} Publiceer geen cijfers per school: zet in regio.toml "
            f'cijfers_tot = "gemeente". {_SPLIT}'
        )
    if cube.height > MOST_FIGURES:
        raise TooLargeError(
            f"Er is niets gepubliceerd: deze publicatie zou {number(cube.height)} cijfers hebben, en van hoogstens "
            f"{number(MOST_FIGURES)} tegelijk is te controleren of niemand kleine aantallen kan herleiden. {_STAYS} "
            'Publiceer minder uitsplitsingen: zet in regio.toml bijvoorbeeld uitsplitsen_tot = "samenwerkingsverband"; '
            f"totalen blijven er voor elk gebied. {_SPLIT}"
        )


def audited(
    cube: pl.DataFrame,
    safe: pl.DataFrame,
    areas: pl.DataFrame,
    k: int,
    earlier: Sequence[pl.DataFrame] = (),
    attackers: Attackers = Attackers.OWNERS,
    out: Sequence[Out] = (),
    *,
    authorities_block: bool = False,
) -> Audited:
    """The rows of ``safe`` with as much more hidden as the audit asks for.

    ``safe`` are the rows of the cube as ``disclosure.protect`` made them, with the same ``earlier``. The cheapest
    counts that protect what is exposed are hidden; where that is no help whole breakdowns are, then measures, then the
    measures tied to these; where that is none either, ``told`` is above 0. ``attackers``: whether schools are tried as
    readers who know their own counts. ``out``: what a reader has of earlier publications of the school year, oldest
    first; what was sensitive in these is protected too. What gemeenten and samenwerkingsverbanden can tell of each
    other is counted; with ``authorities_block`` it counts as ``told``, and nothing more is hidden for it. Raises
    ValueError as ``linear_system`` does, AuditError when the audit could not be finished.
    """
    began = time.monotonic()
    alone = linear_system(cube, areas, k, earlier)
    system = together(alone, out, k)
    rows = hidden_too(safe, _rows_of(system, _hardly_shown(system, system.hidden_in(safe))))
    audit = _Auditor(system, attackers)
    found = audit.of(rows, None)
    schools = found.attackers
    if audit.know_anyway(found.exposures, schools=False):
        found = audit.of(rows, found.exposures)
    first = len(_cells(found.exposures))
    repairs: list[dict[str, Any]] = []
    for closed_further in _ways(repairs):
        told = _cells(found.exposures)
        if not len(told):
            break
        if closed_further is None:
            audit.know_anyway(found.exposures, schools=True)
        else:
            needed = replace(system, table=audit.needed)
            further = hidden_too(rows, closed_further(needed, told, system.hidden_in(rows), found))
            if further["waarde_status"].equals(rows["waarde_status"]):
                continue
            rows = further
        found = audit.of(rows, found.exposures)
    if len(_cells(found.exposures)):
        audit.without_copies()
        audit.know_anyway(found.exposures, schools=True)
        found = audit.of(rows, found.exposures)
    authorities, to_authorities = audit.of_authorities(rows, _cells(found.exposures))
    told = _cells(found.exposures)
    return Audited(
        rows=rows,
        told=len(np.union1d(told, to_authorities) if authorities_block else told),
        anyway=len(_cells(audit.known)),
        first=first,
        counts=system.table.cells.height,
        hidden=int(system.hidden_in(rows).sum()),
        sensitive=int(system.table.sensitive.sum()),
        relations=len(system.table.constants),
        publications=len(out),
        schools=schools,
        authorities=authorities,
        told_to_authorities=len(to_authorities),
        more_hidden=int((rows["waarde_status"] != safe["waarde_status"]).sum()),
        widths=widths(system, audit.seen, found.exposures, audit.known),
        shown=shown_part(alone, rows),
        repairs=tuple(repairs),
        solved=audit.solved,
        seconds=time.monotonic() - began,
    )


class _Auditor:
    """Asks the auditor, as often as rows are hidden."""

    def __init__(self, system: LinearSystem, attackers: Attackers) -> None:
        self._system = system
        schools = system.table.cells.get_column("owner").drop_nulls().n_unique()
        shown = not system.stands.filter(niveau="school").is_empty()
        self._tries = attackers is Attackers.OWNERS
        # where no figures of schools go out, earlier publications of the school year may still have those of very many
        self._insiders = self._tries and (shown or schools <= MANY_SCHOOLS)
        self._copies = copies_of(system)
        self.known = pl.DataFrame(schema=KNOWN)
        """What readers and schools know without what is to go out: it tells of these no less than that."""
        self.seen = np.zeros(system.table.cells.height)
        """By cell how wide the interval of every reader is at least. To hide more makes no interval narrower."""
        self.solved = 0

    def of(self, rows: pl.DataFrame, exposures: pl.DataFrame | None) -> Reach:
        """What can be told by readers and schools; of what they could tell before only, for to hide more exposes no
        other."""
        hidden = self._system.hidden_in(rows)
        if exposures is None:
            found = self._asked(self._system.table, hidden, insiders=self._insiders)
        else:
            asked = _asked(self._system.table, _cells(exposures))
            found = self._asked(asked, hidden, insiders=False, others=self._who_tell(exposures))
        self.seen = np.maximum(self.seen, found.seen)
        return found

    def of_authorities(self, rows: pl.DataFrame, exposed: np.ndarray) -> tuple[int, np.ndarray]:
        """How many gemeenten and samenwerkingsverbanden were tried, and the cells of others that one of them can tell
        too much of by these rows: more than when nothing is shown. ``exposed``: what readers can tell too much of, as
        ``of`` found it for the same rows or for less hidden."""
        known = known_by_authorities(self._system) if self._tries else {}
        if not known or len(known) > MANY_SCHOOLS:
            return 0, np.zeros(0, dtype=np.int64)
        every = np.zeros(self._system.table.cells.height, dtype=bool)
        every[np.concatenate(list(known.values()))] = True
        readers = []
        for name, cells in known.items():
            knows = np.zeros(len(every), dtype=bool)
            knows[cells] = True
            readers.append(Insider(name, knows, every & ~knows))

        reached = np.setdiff1d(np.arange(len(every)), exposed)

        def told(cells: np.ndarray, hidden: np.ndarray) -> pl.DataFrame:
            asked = _asked(self._system.table, cells)
            found = self._asked(asked, hidden, insiders=False, others=readers, reached=reached)
            return found.exposures.drop_nulls("attacker").select("cell", "attacker")

        found = told(np.flatnonzero(every), self._system.hidden_in(rows))
        if found.height:
            found = found.join(told(_cells(found), np.ones(len(every), dtype=bool)), on=found.columns, how="anti")
        return len(readers), _cells(found)

    def without_copies(self) -> None:
        """From now on closed breakdowns get programs like the rest: what cannot be reached is then sure."""
        self._copies = Copies.none()

    def know_anyway(self, exposures: pl.DataFrame, *, schools: bool) -> bool:
        """Finds out between which ends these cells lie when nothing is shown, for all readers and with ``schools`` for
        each school that can tell too much of them; whether anybody knows too much."""
        nothing = np.ones(self._system.table.cells.height, dtype=bool)
        asked = _asked(self._system.table, _cells(exposures))
        who = self._who_tell(exposures) if schools else ()
        found = self._asked(asked, nothing, insiders=False, others=who, exact=True)
        known = found.exposures.filter("sure").select(list(KNOWN))
        self.known = pl.concat([self.known, known])
        return known.height > 0

    def _who_tell(self, exposures: pl.DataFrame) -> list[Insider]:
        """The schools to ask about these cells: each about what it can tell too much of, and about the cells of others
        that every reader can tell too much of, for of these no school was asked yet."""
        if not self._insiders:
            return []
        owners = self._system.table.cells.get_column("owner")
        names, at = owners.drop_nulls().unique().sort().to_list(), np.zeros(len(owners), dtype=bool)
        by_all = at.copy()
        by_all[_cells(exposures.filter(pl.col("attacker").is_null()))] = True
        by_all &= owners.is_not_null().to_numpy()
        found = []
        for name in names:
            own = (owners == name).fill_null(value=False).to_numpy()
            about = by_all & ~own
            about[_cells(exposures.filter(attacker=name))] = True
            if about.any():
                found.append(Insider(name, own, about))
        return found

    @property
    def needed(self) -> CellTable:
        """The table in which no cell needs to go further than every reader knows it to go anyway."""
        cells = self._system.table.cells
        by_all = self.known.filter(pl.col("attacker").is_null())
        ends = by_all.group_by("cell").agg(pl.col("low").max().alias("_low"), pl.col("high").min().alias("_high"))
        narrowed = cells.join(ends, on="cell", how="left", maintain_order="left").with_columns(
            need_low=pl.max_horizontal("need_low", "_low"), need_high=pl.min_horizontal("need_high", "_high")
        )
        return replace(self._system.table, cells=narrowed.select(cells.columns))

    def _asked(
        self,
        table: CellTable,
        hidden: np.ndarray,
        *,
        insiders: bool,
        others: Sequence[Insider] = (),
        reached: np.ndarray | None = None,
        exact: bool = False,
    ) -> Reach:
        found = reach(
            table,
            hidden,
            self._copies,
            insiders=insiders,
            others=others,
            share=SCHOOLS_SHARE,
            integer=True,
            known=self.known,
            reached=reached,
            exact=exact,
        )
        self.solved += found.solved
        return found


def copies_of(system: LinearSystem) -> Copies:
    """The breakdowns of a publication, as hints for the auditor."""
    found, inside = system.breakdowns, system.inside
    return Copies(
        *(found.get_column(name).to_numpy() for name in ("cel", "heel", "beurt", "groep")),
        *(inside.get_column(name).to_numpy() for name in ("deel", "heel")),
    )


def _cells(exposures: pl.DataFrame) -> np.ndarray:
    return exposures["cell"].unique().sort().to_numpy()


def _asked(table: CellTable, cells: np.ndarray) -> CellTable:
    """The table in which only these cells are sensitive."""
    asked = pl.col("cell").is_in(cells.tolist())
    needs = [pl.when(asked).then(name).alias(name) for name in ("need_low", "need_high")]
    return replace(table, cells=table.cells.with_columns(needs))


def _hardly_shown(system: LinearSystem, hidden: np.ndarray) -> pl.Series:
    """The cells of the breakdowns of which hardly anything is shown."""
    parts = system.breakdowns.filter(pl.col("cel").is_in(system.stands["nummer"].implode()))
    parts = parts.with_columns(_open=pl.Series(~hidden[parts["cel"].to_numpy()]))
    share = pl.col("_open").mean().over("groep")
    return parts.filter((share > 0) & (share < HARDLY_ANY)).get_column("cel")


Way = Callable[[LinearSystem, np.ndarray, np.ndarray, Reach], pl.Series]


def _ways(repairs: list[dict[str, Any]]) -> Iterator[Way | None]:
    """From the cheapest way to protect cells to the surest: each gives the rows to hide. What the suppressor says of
    it is added to ``repairs``.

    None: before whole tables are hidden it is asked of what is left what schools know anyway. To ask that of every
    cell is too dear.
    """
    yield partial(_cheapest, repairs)
    yield partial(_cheapest, repairs)
    yield None
    yield lambda system, told, *_: _breakdowns(system, told)
    yield lambda system, told, *_: _measures(system, told)
    yield lambda system, told, *_: _measures(system, np.union1d(told, _in_sums_with(system, told)))


def _cheapest(
    repairs: list[dict[str, Any]], system: LinearSystem, told: np.ndarray, hidden: np.ndarray, found: Reach
) -> pl.Series:
    """The rows of the counts that, hidden as well, leave readers and schools enough room for the cheapest price.

    What is only a copy of a total is left out: protected totals protect it.
    """
    readers = found.exposures.filter(pl.col("attacker").is_null())["cell"].unique().to_numpy()
    low, least = pl.col("need_low"), (pl.col("need_high") * SCHOOLS_SHARE).ceil()
    of_schools = pl.when(low == 0).then(pl.max_horizontal("count", least)).otherwise("need_high")
    more = hidden.copy()
    for cells, high, attackers in (
        (np.intersect1d(told, readers), pl.col("need_high"), Attackers.READERS),
        (np.setdiff1d(told, readers), of_schools, Attackers.OWNERS),
    ):
        table, kept = _without(_asked(system.table, cells), found.copied)
        state = pl.when(pl.Series(more[kept])).then(pl.lit(str(State.CLOSED))).otherwise("state").alias("state")
        asked = replace(table, cells=table.cells.with_columns(state, need_high=high))
        suppressed = suppress(asked, attackers=attackers, starts=1, rounds=1, far=False)
        more[kept] |= suppressed.hidden
        if len(cells):
            repairs.append(repaired(suppressed.report, attackers))
    return _rows_of(system, pl.Series(np.flatnonzero(more & ~hidden)))


def _without(table: CellTable, left_out: np.ndarray) -> tuple[CellTable, np.ndarray]:
    """The table of the other cells with the sums that are about these only; and their numbers in the whole table."""
    kept = np.flatnonzero(~left_out)
    number = np.full(len(left_out), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    terms = table.relations.with_columns(cell=pl.Series(number[table.relations["cell"].to_numpy()]))
    whole = terms.filter((pl.col("cell") >= 0).all().over("relation"))
    cells = table.cells[kept.tolist()].with_columns(cell=pl.int_range(pl.len(), dtype=pl.Int64))
    return CellTable(cells, whole), kept


def _breakdowns(system: LinearSystem, told: np.ndarray) -> pl.Series:
    """The rows of the breakdowns in which a count can be told, and of the totals at its level and below."""
    stands = system.stands.with_columns(_niveau=pl.col("niveau").replace_strict(LEVELS, return_dtype=pl.Int64))
    given = stands.filter(pl.col("nummer").is_in(_named(system, told).tolist()))
    same = stands.join(given.select("maat", "uitsplitsing").unique(), on=["maat", "uitsplitsing"])
    highest = given.group_by("maat").agg(_hoogst=pl.col("_niveau").min())
    totals = stands.filter(uitsplitsing=TOTAAL).join(highest, on="maat").filter(pl.col("_niveau") >= pl.col("_hoogst"))
    return _rows_of(system, pl.concat([same.get_column("nummer"), totals.get_column("nummer")]))


def _measures(system: LinearSystem, told: np.ndarray) -> pl.Series:
    """The rows of the measures of which a count can be told."""
    given = system.stands.filter(pl.col("nummer").is_in(_named(system, told).tolist()))
    return _rows_of(system, system.stands.join(given.select("maat").unique(), on="maat").get_column("nummer"))


def _rows_of(system: LinearSystem, numbers: pl.Series) -> pl.Series:
    """Every row that shows one of these cells, under whatever name."""
    shown = system.stands.filter(pl.col("nummer").is_in(numbers.unique().to_list()))
    return shown.get_column("rij").unique().sort()


def _named(system: LinearSystem, told: np.ndarray) -> np.ndarray:
    """The counts among the cells; for what is left of a sum, which stands in no row, the counts in that sum.

    For a count of an earlier publication the one with its name in this one.
    """
    alone = told[~np.isin(told, system.stands.get_column("nummer").to_numpy())]
    found = np.union1d(told, _in_sums_with(system, alone))
    now = system.counterparts.filter(pl.col("toen").is_in(found.tolist())).get_column("nummer").to_numpy()
    return np.union1d(found, now)


def _in_sums_with(system: LinearSystem, cells: np.ndarray) -> np.ndarray:
    sums = np.asarray(abs(system.table.matrix[:, cells]).sum(axis=1)) > 0
    return np.unique(system.table.matrix[np.flatnonzero(sums)].nonzero()[1])
