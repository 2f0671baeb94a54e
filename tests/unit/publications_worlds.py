"""Invented regions of trajecten, and what the monitor publishes of them on several days of one school year.

Put here the records, the cubes that are counted from them and the way to a publication, which is that of the product.
Who attacks these is ``publications_attack``; no figure is counted there.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product

import polars as pl
from disclosure_rows import K, cube, row

from jos_pipeline.audited import audited
from jos_pipeline.counted import kept_counts, out
from jos_pipeline.disclosure import protect
from jos_pipeline.school_year import SchoolYear, Window
from jos_pipeline.suppressor import Attackers

YEAR = SchoolYear.parse("2022-2023")
NOVEMBER, DECEMBER, FEBRUARY = date(2022, 11, 1), date(2022, 12, 15), date(2023, 2, 1)
MARCH, JUNE = date(2023, 3, 15), date(2023, 6, 1)
REGIO = ("regio", "r")
Area = tuple[str, str]
TOTAL = "totaal"
FUNCTIES = ("coach", "gedrag")
KEYS = ("indicator", "periode", "niveau", "gebied", "uitsplitsing", "categorie")
HIDDEN = "onderdrukt"
LEVELS = ("regio", "samenwerkingsverband", "gemeente", "school")


@dataclass(frozen=True)
class Traject:
    """One traject of a person at a school; ``end`` is the last day, that of one that goes on is far away."""

    school: str
    person: int
    begin: date
    end: date
    functie: str


def is_active(begin: date, end: date, window: Window) -> bool:
    return begin <= window.b and end >= window.a


def began(begin: date, end: date, window: Window) -> bool:
    return window.a <= begin <= window.b


def runs_on(begin: date, end: date, window: Window) -> bool:
    return begin <= window.b <= end


def ended(begin: date, end: date, window: Window) -> bool:
    return window.a <= end <= window.b


COUNTS = {
    "trajecten_actief": is_active,
    "trajecten_nieuw": began,
    "trajecten_lopend": runs_on,
    "trajecten_afgesloten": ended,
}
"""Which trajecten a measure counts: the definitions of the catalogue."""
PERSONS = {"jos_leerlingen": "trajecten_actief", "leerlingen_afgesloten": "trajecten_afgesloten"}
"""Of which trajecten a measure counts the persons, each once."""
SPLIT = ("trajecten_nieuw", "trajecten_lopend", "trajecten_afgesloten")
"""What is published by functie as well."""


@dataclass(frozen=True)
class World:
    """A region, and the records of it as they were on each day on which something is published."""

    schools: dict[str, tuple[str, str]]
    """School to gemeente and samenwerkingsverband."""
    pupils: dict[str, int]
    days: tuple[date, ...]
    records: tuple[tuple[Traject, ...], ...]
    versions: tuple[dict[str, int], ...]
    """By day how often the records of a school were corrected: everybody may know who delivered again."""
    functies: tuple[str, ...] = ()
    measures: tuple[str, ...] = (*COUNTS, *PERSONS)

    def areas(self) -> dict[Area, tuple[str, ...]]:
        """Every area with its schools, parts before wholes."""
        found: dict[Area, list[str]] = {}
        for school, (gemeente, verband) in self.schools.items():
            for area in (("school", school), ("gemeente", gemeente), ("samenwerkingsverband", verband), REGIO):
                found.setdefault(area, []).append(school)
        return {area: tuple(found[area]) for area in sorted(found, key=lambda one: (-LEVELS.index(one[0]), one))}

    @property
    def moves(self) -> bool:
        """Whether anybody has trajecten at two schools, so that persons do not add up."""
        schools: dict[int, set[str]] = {}
        for one in (one for records in self.records for one in records):
            schools.setdefault(one.person, set()).add(one.school)
        return any(len(where) > 1 for where in schools.values())

    def tree(self, day: date) -> pl.DataFrame:
        """The areas as ``disclosure.areas_by_period`` gives them."""
        rows = [("regio", "r", None, None)]
        rows += [("samenwerkingsverband", v, None, v) for v in sorted({v for _, v in self.schools.values()})]
        # a gemeente lies in the samenwerkingsverband of its first school; others of it may cross
        homes = dict(reversed(self.schools.values()))
        rows += [("gemeente", g, g, v) for g, v in sorted(homes.items())]
        rows += [("school", s, g, v) for s, (g, v) in self.schools.items()]
        names = ("niveau", "gebied", "gemeente", "samenwerkingsverband")
        areas = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
        periods = pl.DataFrame({"periode": [str(window.period) for window in YEAR.windows(day)]})
        return areas.with_columns(buiten=pl.lit(value=False)).join(periods, how="cross")


@dataclass(frozen=True)
class Shown:
    """A publication as readers have it: a status and, where it is not hidden, a number of every count."""

    day: date
    version: dict[str, int]
    rows: pl.DataFrame
    truth: pl.DataFrame
    """The cube: for the judge, never for the reader."""
    told: int = 0
    kept: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)


def cube_of(world: World, number: int) -> pl.DataFrame:
    """What the cube of the day says of these measures."""
    return cube(*_rows(world, number))


def _rows(world: World, number: int) -> Iterator[dict[str, object]]:
    day, records = world.days[number], world.records[number]
    for window, measure, (area, schools) in product(YEAR.windows(day), world.measures, world.areas().items()):
        counts = COUNTS[PERSONS.get(measure, measure)]
        found = [one for one in records if one.school in schools and counts(one.begin, one.end, window)]
        for functie in (None, *(world.functies if measure in SPLIT else ())):
            some = [one for one in found if functie in (None, one.functie)]
            persons = len({one.person for one in some})
            n = persons if measure in PERSONS else len(some)
            split = {"uitsplitsing": "functie", "categorie": functie} if functie else {}
            told = {"waarde": float(n), "teller": float(n), "teller_personen": persons}
            place = {"periode": str(window.period), "niveau": area[0], "gebied": area[1], "peildatum": day}
            names = {"indicator": measure, "teller_maat": measure, "eenheid": "trajecten"}
            yield row(**place, **names, **split, **told, publiek_totaal=sum(world.pupils[s] for s in schools))


def published(
    world: World,
    number: int,
    earlier: Sequence[Shown] = (),
    attackers: Attackers = Attackers.READERS,
    *,
    bare: bool = False,
) -> Shown:
    """The publication of a day as the product makes it, after those that are out. ``bare``: of the first rule only
    what is sensitive by itself is hidden, so that more is left to tell from, and all else is up to the audit."""
    rows, tree = cube_of(world, number), world.tree(world.days[number])
    before = [one.rows for one in earlier]
    safe = protect(rows, tree, K, before)
    if bare:
        safe = _barely_hidden(rows, safe, before)
    found = audited(rows, safe, tree, K, before, attackers, out([one.kept for one in earlier], K, tree))
    kept = kept_counts(rows, found.rows, tree)
    return Shown(world.days[number], world.versions[number], found.rows, rows, found.told, kept)


def _barely_hidden(rows: pl.DataFrame, safe: pl.DataFrame, earlier: Sequence[pl.DataFrame]) -> pl.DataFrame:
    small = pl.col("teller_personen") < K
    hide = rows.select(*KEYS, "teller", _dicht=small | (pl.col("publiek_totaal") - pl.col("teller_personen") < K))
    hide = with_end(hide.with_columns(rows["peildatum"]))
    for one in earlier:
        then = with_end(one.select(*KEYS, "waarde_status", "peildatum", toen="teller")).drop("peildatum")
        change = (pl.col("teller") - pl.col("toen")).abs()
        stays = (pl.col("tot") == pl.col("tot_right")) & (pl.col("waarde_status") == HIDDEN)
        again = stays.fill_null(value=False) | change.is_between(0, K, closed="none").fill_null(value=False)
        hide = hide.join(then, on=list(KEYS), how="left", maintain_order="left").select(
            *KEYS, "teller", "peildatum", "tot", _dicht=pl.col("_dicht") | again
        )
    shut = hide["_dicht"]
    figures = [pl.when(~shut).then(rows[name]).alias(name) for name in ("waarde", "teller")]
    status = pl.when(shut).then(pl.lit(HIDDEN)).otherwise(pl.lit("ok")).alias("waarde_status")
    return safe.with_columns(*figures, status)


def with_end(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds the last day of the window of each row."""
    ends = [(day, str(w.period), w.b) for day in rows["peildatum"].unique() for w in YEAR.windows(day)]
    known = pl.DataFrame(ends, schema={"peildatum": pl.Date, "periode": pl.String, "tot": pl.Date}, orient="row")
    return rows.join(known, on=["peildatum", "periode"], how="left", maintain_order="left")


# --- invented worlds ----------------------------------------------------------------------------------------------

FAR_AWAY = date(2030, 1, 1)
WISHES = {
    "two": ((NOVEMBER, FEBRUARY), ()),
    "three": ((NOVEMBER, FEBRUARY, JUNE), ()),
    "halves": ((FEBRUARY, JUNE), ()),
    "back": ((FEBRUARY, NOVEMBER), ()),
    "between": ((NOVEMBER, FEBRUARY, DECEMBER), ()),
    "revision": ((FEBRUARY, FEBRUARY), (1,)),
    "twice": ((FEBRUARY, FEBRUARY, FEBRUARY), (1, 2)),
    "corrected": ((NOVEMBER, FEBRUARY), (1,)),
    "later": ((NOVEMBER, FEBRUARY, FEBRUARY), (2,)),
}
"""What is published, in this order, and before which of these a school or two are corrected."""


def invented(seed: int, wish: str, *, functies: bool = False) -> World:
    """A region of four to eight schools in which most of what happens between two days is 10 or more: else nothing
    would be shown to work with."""
    dice = random.Random(f"{seed}/{wish}")
    days, corrections = WISHES[wish]
    gemeenten = [f"g{n}" for n in range(dice.randint(1, 3))]
    homes = {g: dice.choice(("v0", "v1")) for g in gemeenten}
    schools = {}
    for number in range(dice.randint(4, 8)):
        gemeente = dice.choice(gemeenten)
        crosses = dice.random() < 0.2
        schools[f"s{number}"] = (gemeente, dice.choice(("v0", "v1")) if crosses else homes[gemeente])
    records, persons = _drawn(dice, schools, sorted({*days, date(2022, 12, 31)}), moves=dice.random() < 0.3)
    pupils = {school: dice.randint(300, 500) for school in schools}
    world = World(schools, pupils, days, (), (), FUNCTIES if functies else ())
    version, states = dict.fromkeys(schools, 0), []
    for number, _ in enumerate(days):
        if number in corrections:
            for school in dice.sample(sorted(schools), dice.randint(1, 2)):
                version = version | {school: version[school] + 1}
                records = _corrected(dice, records, school, persons)
        states.append((version, tuple(records)))
    return replace(world, versions=tuple(v for v, _ in states), records=tuple(r for _, r in states))


def _drawn(
    dice: random.Random, schools: dict[str, tuple[str, str]], ends: list[date], *, moves: bool
) -> tuple[list[Traject], list[int]]:
    found: list[Traject] = []
    persons = [0]
    small = dice.choice((0.01, 0.05, 0.15))
    for school in schools:
        mine: list[int] = []

        def person(mine: list[int] = mine, found: list[Traject] = found) -> int:
            others = [one.person for one in found] if moves and dice.random() < 0.05 else mine
            if others and dice.random() < 0.1:
                return dice.choice(others)
            persons[0] += 1
            mine.append(persons[0])
            return persons[0]

        running = [(person(), _day(dice, date(2021, 9, 1), date(2022, 7, 31))) for _ in range(_many(dice, small, 12))]
        for first, last in zip([YEAR.first_day, *(e + timedelta(1) for e in ends)], ends, strict=False):
            running += [(person(), _day(dice, first, last)) for _ in range(_many(dice, small, 10))]
            dice.shuffle(running)
            goes = min(len(running), _many(dice, small, 8))
            for who, begin in running[:goes]:
                end = _day(dice, max(first, begin), last)
                found.append(Traject(school, who, begin, end, dice.choice(FUNCTIES)))
            running = running[goes:]
        found += [Traject(school, who, begin, FAR_AWAY, dice.choice(FUNCTIES)) for who, begin in running]
    return found, persons


def _many(dice: random.Random, small: float, least: int) -> int:
    return dice.randint(0, 9) if dice.random() < small else dice.randint(least, least + 20)


def _day(dice: random.Random, first: date, last: date) -> date:
    """A day of these, the very last one now and then."""
    return last if dice.random() < 0.03 else first + timedelta(dice.randint(0, (last - first).days))


def _corrected(dice: random.Random, records: list[Traject], school: str, persons: list[int]) -> list[Traject]:
    """Some trajecten of a school were forgotten, some should not have been there and some had not ended."""
    mine = [one for one in records if one.school == school]
    dice.shuffle(mine)
    gone, wrong = dice.choice((0, 0, 2, 12)), dice.choice((0, 0, 3, 12))
    open_ = [replace(one, end=FAR_AWAY) for one in mine[gone : gone + wrong]]
    forgotten = []
    for _ in range(dice.choice((0, 4, 14, 20, 20))):
        persons[0] += 1
        begin = _day(dice, date(2022, 6, 1), date(2022, 10, 31))
        end = _day(dice, begin, date(2023, 1, 31)) if dice.random() < 0.5 else FAR_AWAY
        forgotten.append(Traject(school, persons[0], begin, end, dice.choice(FUNCTIES)))
    return [one for one in records if one.school != school] + open_ + mine[gone + wrong :] + forgotten
