"""What a reader takes figures to mean together: sums over areas, categories and half years, what the register of
schools tells, and other publications.

A reader knows which sums ought to hold. He tries every such *habit* on the figures that he sees, and believes it until
they contradict it: then he believes what is certain only. That some persons are counted twice, or in no category, he
thus learns from the publication itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from jos_pipeline.auditor.published import Count, Reading, Relation, Trust
from jos_pipeline.auditor.system import TOLERANCE
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import TOTAAL, Ground, Kind

INFINITE = float("inf")
ADDITIVE = (Kind.ROWS, Kind.SUM)
YEAR, HALVES = "schooljaar", ("halfjaar_1", "halfjaar_2")
STOCK = ("trajecten_lopend", "trajecten_nieuw", "trajecten_afgesloten")
"""What is open at the end of a half year is what was open before it, plus what began, minus what ended."""
KIND = "onderwijstype"
"""Of a school in the dimension table, and a way to break figures down."""
_BY_PLACE = ("areas", "categories")
Area = tuple[str, str]


def believed(
    reading: Reading, dims: Mapping[str, pl.DataFrame], peildatum: date, truth: Mapping[Count, float | None]
) -> list[Relation]:
    """The relations that hold, as far as a reader can see, and those that rows state themselves.

    ``truth`` are the true counts, if known: a reader is then thought to believe no habit that is false, and of sums
    over areas and categories to know in which places they hold.
    """
    known = {**reading.counts, **truth}
    all_of_them = [
        *reading.relations,
        *_over_areas(reading, dims, peildatum),
        *_over_categories(reading, dims["dim_categorie"]),
        *_over_kinds_of_school(reading, dims, peildatum),
        *_over_halves(reading),
        *_over_publications(reading),
    ]
    holds = [_holds(one, known) if one.habit else None for one in all_of_them]
    broken = {one.habit for one, it in zip(all_of_them, holds, strict=True) if it is False}
    shown = {
        one.habit for one, it in zip(all_of_them, holds, strict=True) if it and all(known[count] for count in one.terms)
    }

    # where a period is as its last half is, the figure is a stock: no half is inside the year
    stocks = {habit[1] for habit in shown - broken if habit and habit[0] == "halves" and habit[-1] == "last"}
    broken |= {("halves", maat, rule) for maat in stocks for rule in ("inside", "covered")}

    def is_believed(one: Relation, it: bool | None) -> bool:
        if one.habit is None:
            return True
        if truth and it is not None and one.habit[0] in _BY_PLACE:
            return it
        return one.habit not in broken and (one.trust is Trust.OBVIOUS or one.habit in shown)

    return [one for one, it in zip(all_of_them, holds, strict=True) if is_believed(one, it)]


def needed(relations: Iterable[Relation]) -> list[Relation]:
    """Without those that follow from others: where parts add up, each is no more than the whole and so are some."""
    given = list(relations)
    sums = [one for one in given if one.low == one.high == 0]
    inside, told = set(), set()
    for one in sums:
        wholes = [count for count, coefficient in one.terms.items() if coefficient < 0]
        told.add(frozenset(one.terms.items()))
        if len(wholes) == 1:
            inside |= {frozenset({(part, 1.0), (wholes[0], -1.0)}) for part in one.terms if part != wholes[0]}
    kept, seen = [], set()
    for one in given:
        terms = frozenset(one.terms.items())
        follows = one.low < one.high and (terms in told or (one.high == 0 and terms in inside))
        if not follows and (terms, one.low, one.high) not in seen:
            seen.add((terms, one.low, one.high))
            kept.append(one)
    return kept


def certain(relations: Iterable[Relation]) -> list[Relation]:
    """What does not rest on a habit."""
    return [one for one in relations if one.habit is None]


def _holds(relation: Relation, known: Mapping[Count, float | None]) -> bool | None:
    """Whether it holds; None when that cannot be told."""
    total = 0.0
    for count, coefficient in relation.terms.items():
        value = known[count]
        if value is None:
            return None
        total += coefficient * value
    return relation.low - TOLERANCE <= total <= relation.high + TOLERANCE


def _whole_and_parts(
    whole: Count, parts: list[Count], kind: Kind, *, complete: bool, habit: tuple[str, ...]
) -> Iterator[Relation]:
    """Rows and persons alike are mostly in one part only; that parts are at most the whole is certain for both."""
    terms = dict.fromkeys(parts, 1.0) | {whole: -1.0}
    if complete:
        trust = Trust.OBVIOUS if kind in ADDITIVE else Trust.SHOWN
        yield Relation(terms, 0.0, 0.0, (*habit, "sum"), trust)
        yield Relation(terms, 0.0, INFINITE, (*habit, "covered"))
    if kind in ADDITIVE:
        yield Relation(terms, -INFINITE, 0.0, (*habit, "inside"))
    for part in parts:
        yield Relation({part: 1.0, whole: -1.0}, -INFINITE, 0.0)


def _over_areas(reading: Reading, dims: Mapping[str, pl.DataFrame], peildatum: date) -> Iterator[Relation]:
    ends = _ends(dims.get("dim_periode"), peildatum)
    unions = {
        period: {ground: list(_unions(_members(dims, day, ground))) for ground in Ground}
        for period, day in ends.items()
    }
    ground_of = _grounds()
    by_figure: dict[tuple[int, str, str, str, str], dict[Area, Count]] = defaultdict(dict)
    for count in reading.counts:
        where = (count.uitgave, count.maat, count.periode, count.uitsplitsing, count.categorie)
        by_figure[where][count.niveau, count.gebied] = count
    for (_, maat, period, split, _), areas in by_figure.items():
        of_figure = unions.get(period, unions[YEAR])[ground_of.get(_bare(maat), Ground.SCHOOL)]
        for whole, level, parts, complete in of_figure:
            there = [areas[part] for part in parts if part in areas]
            if whole in areas and there:
                all_there = complete and len(there) == len(parts)
                habit = ("areas", maat, split, whole[0], level)
                kind = reading.kinds[maat]
                yield from _whole_and_parts(areas[whole], there, kind, complete=all_there, habit=habit)


def _bare(maat: str) -> str:
    return maat.split(" (", maxsplit=1)[0].removeprefix("waarnemingen van ").removeprefix("som van ")


def _grounds() -> dict[str, Ground]:
    return {measure.id: entry.grondslag for entry in INDICATORS.values() for measure in entry.measures}


def _ends(periods: pl.DataFrame | None, peildatum: date) -> dict[str, date]:
    """The last day that counts of every period."""
    if periods is None or periods.is_empty():
        return {YEAR: peildatum}
    running = periods.filter((pl.col("begin") <= peildatum) & (pl.col("eind").max().over("schooljaar") >= peildatum))
    last = running.group_by("periode").agg(pl.col("eind").max())
    return {YEAR: peildatum} | {period: min(end, peildatum) for period, end in last.iter_rows()}


def _members(dims: Mapping[str, pl.DataFrame], day: date, ground: Ground) -> dict[Area, frozenset[str]]:
    """The schools, or on home ground the gemeenten, that every area holds on a day."""
    gebieden, schools = (_on(dims[name], day) for name in ("dim_gebied", "dim_school"))
    found: dict[Area, set[str]] = defaultdict(set)
    regions = gebieden.filter(pl.col("niveau") == "regio").get_column("gebied").to_list()
    leaves = (
        schools.select("school", "gemeente", "samenwerkingsverband").with_columns(binnen=pl.lit(value=True))
        if ground is Ground.SCHOOL
        else gebieden.filter(pl.col("niveau") == "gemeente").select(
            pl.col("gebied").alias("school"), "gemeente", "samenwerkingsverband", binnen="in_regio"
        )
    )
    for leaf, gemeente, verband, inside in leaves.iter_rows():
        for area in [("gemeente", gemeente), ("samenwerkingsverband", verband)]:
            found[area].add(leaf)
        if ground is Ground.SCHOOL:
            found["school", leaf].add(leaf)
        for region in regions if inside else []:
            found["regio", region].add(leaf)
    return {area: frozenset(leaves_) for area, leaves_ in found.items()}


def _on(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    until = pl.col("geldig_tot").is_null() | (pl.col("geldig_tot") > day)
    return frame.filter((pl.col("geldig_van") <= day) & until)


def _unions(leaves: Mapping[Area, frozenset[str]]) -> Iterator[tuple[Area, str, list[Area], bool]]:
    """Every area with the areas of one lower level inside it, and whether these are all of it."""
    levels = ("regio", "samenwerkingsverband", "gemeente", "school")
    for whole, held in leaves.items():
        for level in levels[levels.index(whole[0]) + 1 :]:
            parts = sorted(area for area, inside in leaves.items() if area[0] == level and inside <= held)
            if parts:
                yield whole, level, parts, frozenset().union(*(leaves[part] for part in parts)) == held


def _over_categories(reading: Reading, categories: pl.DataFrame) -> Iterator[Relation]:
    codes = {
        split[0]: group.get_column("categorie").to_list()
        for split, group in categories.group_by("uitsplitsing", maintain_order=True)
    }
    for count in [one for one in reading.counts if one.uitsplitsing == TOTAAL]:
        for split, names in codes.items():
            if split == TOTAAL:
                continue
            parts = [count._replace(uitsplitsing=split, categorie=name) for name in names]
            there = [part for part in parts if part in reading.counts]
            if there:
                kind, complete = reading.kinds[count.maat], len(there) == len(parts)
                habit = ("categories", count.maat, split)
                yield from _whole_and_parts(count, there, kind, complete=complete, habit=habit)


def _over_kinds_of_school(reading: Reading, dims: Mapping[str, pl.DataFrame], peildatum: date) -> Iterator[Relation]:
    """At a school of one onderwijstype all are of that type, whoever is counted."""
    if KIND not in dims["dim_school"].columns:
        return
    kind_of = dict(_on(dims["dim_school"], peildatum).select("school", KIND).iter_rows())
    kinds = dims["dim_categorie"].filter(uitsplitsing=KIND).get_column("categorie").to_list()
    for total in [one for one in reading.counts if one.gebied in kind_of and one.uitsplitsing == TOTAAL]:
        for kind in kinds:
            part = total._replace(uitsplitsing=KIND, categorie=kind)
            if part in reading.counts:
                whole = {total: -1.0} if kind == kind_of[total.gebied] else {}
                yield Relation({part: 1.0} | whole, 0.0, 0.0, (KIND, total.gebied))


def _over_halves(reading: Reading) -> Iterator[Relation]:
    for year in [one for one in reading.counts if one.periode == YEAR]:
        halves = [part for half in HALVES if (part := year._replace(periode=half)) in reading.counts]
        if not halves:
            continue
        kind = reading.kinds[year.maat]
        terms = dict.fromkeys(halves, 1.0) | {year: -1.0}
        yield Relation(terms, 0.0, 0.0, ("halves", year.maat, "sum"), Trust.SHOWN)
        last = dict.fromkeys(halves, 0.0) | {halves[-1]: 1.0, year: -1.0}
        yield Relation(last, 0.0, 0.0, ("halves", year.maat, "last"), Trust.SHOWN)
        if kind in (*ADDITIVE, Kind.DISTINCT):
            yield Relation(terms, 0.0, INFINITE, ("halves", year.maat, "covered"))
            for half in halves:
                yield Relation({half: 1.0, year: -1.0}, -INFINITE, 0.0, ("halves", year.maat, "inside"))
        if year.maat == STOCK[0] and len(halves) == len(HALVES):
            began, ended = (halves[1]._replace(maat=maat) for maat in STOCK[1:])
            if began in reading.counts and ended in reading.counts:
                flow = {halves[0]: 1.0, began: 1.0, ended: -1.0, halves[1]: -1.0}
                yield Relation(flow, 0.0, 0.0, ("stock",), Trust.SHOWN)


def _over_publications(reading: Reading) -> Iterator[Relation]:
    """A window that is over does not change, and the longer of two holds no fewer: if the visible figures say so."""
    last = max((count.uitgave for count in reading.counts), default=0)
    for one in list(reading.counts):
        for other in (one._replace(uitgave=number) for number in range(one.uitgave + 1, last + 1)):
            if other in reading.counts:
                change = {one: 1.0, other: -1.0}
                habit = ("publications", str(one.uitgave), str(other.uitgave), one.maat, one.periode)
                yield Relation(change, 0.0, 0.0, (*habit, "same"), Trust.SHOWN)
                yield Relation(change, 0.0, INFINITE, (*habit, "longer"), Trust.SHOWN)
                yield Relation(change, -INFINITE, 0.0, (*habit, "shorter"), Trust.SHOWN)


def of_one_publication(rows: pl.DataFrame) -> dict[str, Any]:
    """School year and peildatum of the rows. Raises ValueError when they are of more than one publication."""
    found = rows.select("schooljaar", "peildatum").unique()
    if found.height != 1:
        raise ValueError("the rows under attack are those of one publication, of one school year and peildatum")
    return found.row(0, named=True)
