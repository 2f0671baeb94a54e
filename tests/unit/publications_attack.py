"""A reader of several publications of one school year who knows how counts of trajecten come about.

Put here what such a reader knows, as one linear program, and the judge who asks him of every sensitive count. Nothing
is taken from the product but its calendar: neither what it thinks that readers know, nor how it asks. The worlds and
their publications are ``publications_worlds``.

He does not think in laws between figures. He thinks of *classes*: trajecten of one school (and functie) that began and
ended between the same days. Every count of trajecten, over every window and in every publication, is a sum of classes,
so that no law about them can be forgotten. Of persons he knows what holds of any group of trajecten: those with one
in a larger group are no fewer, and more by no more than the trajecten that it has more.

What he knows can be taken from him, piece by piece (``KNOWS``): a leak that is gone then came of that piece.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations, product

import highspy
import numpy as np
from disclosure_rows import K
from publications_worlds import COUNTS, HIDDEN, PERSONS, SPLIT, YEAR, Area, Shown, World

from jos_pipeline.school_year import Window

ONE_RECORD, GROWS, BEGAN, CAME = "one record", "grows", "began since", "came since"
RUNS_ON, GOES_ON, ELSEWHERE, LONGER, EITHER = "runs on", "goes on", "elsewhere", "longer", "either"
OF_PERSONS = frozenset({GOES_ON, ELSEWHERE, LONGER, EITHER})
KNOWS = frozenset({ONE_RECORD, GROWS, BEGAN, CAME, RUNS_ON}) | OF_PERSONS
"""- ``ONE_RECORD``: what is not corrected is the same trajecten in all publications, whatever follows from that. The
  three after it say parts of that, and say nothing new beside it:
- ``GROWS``: what happened, and who was there at some time, is no less over a longer window;
- ``BEGAN``: trajecten_actief grows by what trajecten_nieuw grows by;
- ``CAME``: jos_leerlingen grows by no more than that.

- ``RUNS_ON``: that what runs on the last day are trajecten of which the rest is known too.

Of persons, beyond that parts are no more than their wholes:
- ``GOES_ON``: who has no traject that ended has one that did not: no more persons than trajecten;
- ``ELSEWHERE``: who is not at one school is at another, with a traject there;
- ``LONGER``: who is not in one window but in a longer one has a traject in that;
- ``EITHER``: who is in either of two groups and who is in both are together no more than the two."""

Group = frozenset[tuple[date, date]]
"""Some classes: each is the first day of a span in which trajecten began and of that in which they ended."""
Terms = dict[int, float]
Name = tuple[str, str, str, str, str]
"""Of a count: measure, period, level, area, category."""
LONG_AGO, NEAR = date(1900, 1, 1), 1e-5


@dataclass(frozen=True)
class Leak:
    """What can be told too much of: ``days`` has one publication for a count, two for how much it changed."""

    name: Name
    days: tuple[tuple[int, date], ...]
    value: float
    interval: tuple[float, float]
    need: tuple[float, float]
    before: tuple[float, float]


class Reader:
    """All that follows from what is published. ``knows`` is for experiments: a real reader knows it all."""

    def __init__(self, world: World, out: Sequence[Shown], knows: Collection[str] = KNOWS) -> None:
        self.world, self.out, self.knows = world, out, frozenset(knows)
        self.columns: dict[tuple[object, ...], int] = {}
        self.uppers: list[float] = []
        self.rows: list[tuple[Terms, float, float]] = []
        self.known: dict[int, float] = {}
        windows = [window for one in out for window in YEAR.windows(one.day)]
        ends = {window.b for window in windows}
        self.starts = sorted({window.a for window in windows} | ends | {day + timedelta(1) for day in ends})
        begins = [LONG_AGO, *self.starts[:-1]]
        self.classes = [(begin, end) for begin, end in product(begins, self.starts) if begin <= end]
        self.groups = {(m, w.a, w.b): self._group(m, w) for m, w in product(COUNTS, windows)}
        self.counts = {key: self._number(*key) for at, one in enumerate(out) for key in self._names(at, one)}
        for at in range(len(out)):
            self._persons(at)
        if ONE_RECORD not in self.knows:
            self._ties()
        for at, one in enumerate(out):
            self._read(at, one)

    def _group(self, measure: str, window: Window) -> Group:
        return frozenset(one for one in self.classes if COUNTS[measure](*one, window))

    def _names(self, at: int, one: Shown) -> list[tuple[int, Name]]:
        areas = self.world.areas()
        return [
            (at, (measure, str(window.period), *area, category))
            for measure, window, area in product((*COUNTS, *PERSONS), YEAR.windows(one.day), areas)
            for category in ("totaal", *(self.world.functies if measure in SPLIT else ()))
        ]

    def window(self, at: int, period: str) -> Window:
        return next(one for one in YEAR.windows(self.out[at].day) if str(one.period) == period)

    def _state(self, at: int, schools: Iterable[str], *, apart: bool = False) -> tuple[object, ...]:
        """Which records of these schools a publication is made of; ``apart``: as if of others than the rest."""
        own = at if ONE_RECORD not in self.knows else None
        return ((own, apart), *((school, self.out[at].version[school]) for school in schools))

    def column(self, *key: object, upper: float = np.inf) -> int:
        if key not in self.columns:
            self.columns[key] = len(self.uppers)
            self.uppers.append(upper)
        return self.columns[key]

    def law(self, terms: Iterable[tuple[int, float]], low: float = 0.0, high: float = np.inf) -> None:
        found: Terms = {}
        for column, factor in terms:
            found[column] = found.get(column, 0.0) + factor
        if any(found.values()):
            self.rows.append((found, low, high))

    def _number(self, at: int, name: Name) -> int:
        measure, period, level, code, category = name
        window = self.window(at, period)
        if measure in PERSONS:
            return self.persons(at, (level, code), self.groups[PERSONS[measure], window.a, window.b])
        apart = measure == "trajecten_lopend" and RUNS_ON not in self.knows
        return self.trajecten(at, (level, code), self.groups[measure, window.a, window.b], category, apart=apart)

    def trajecten(self, at: int, area: Area, group: Group, category: str = "totaal", *, apart: bool = False) -> int:
        """The number of trajecten of a group of classes in an area: what its schools have, and these their classes."""
        schools = self.world.areas()[area]
        state = self._state(at, schools, apart=apart)
        key = ("trajecten", area, state, group, category)
        if key in self.columns:
            return self.columns[key]
        column = self.column(*key)
        if len(schools) > 1 or area[0] != "school":
            parts = [self.trajecten(at, ("school", school), group, category, apart=apart) for school in schools]
        else:
            functies = [category] if category != "totaal" else [*(self.world.functies or ("totaal",))]
            parts = [self.column("class", state, one, functie) for one, functie in product(sorted(group), functies)]
        self.law([(column, -1.0), *((part, 1.0) for part in parts)], 0.0, 0.0)
        return column

    def persons(self, at: int, area: Area, group: Group) -> int:
        schools = self.world.areas()[area]
        pupils = float(sum(self.world.pupils[school] for school in schools))
        return self.column("persons", area, self._state(at, schools), group, upper=pupils)

    # --- what holds of persons ------------------------------------------------------------------------------------

    def _of_persons(self, at: int) -> dict[Group, None]:
        """The groups of which persons are counted; with one record those of all publications."""
        others = range(len(self.out)) if ONE_RECORD in self.knows else [at]
        windows = [window for other in others for window in YEAR.windows(self.out[other].day)]
        return dict.fromkeys(self.groups[PERSONS[m], w.a, w.b] for m, w in product(PERSONS, windows))

    def _persons(self, at: int) -> None:
        areas, groups = self.world.areas(), list(self._of_persons(at))
        inside = [(a, b) for a, b in product(areas, areas) if set(areas[a]) <= set(areas[b]) and (a, b) != (b, a)]
        for (small, large), (part, whole) in product(
            [*inside, *((area, area) for area in areas)], product(groups, groups)
        ):
            if part <= whole and (small, part) != (large, whole):
                self._part(at, (small, part), (large, whole))
        for area, group in product(areas, groups):
            self.law([(self.trajecten(at, area, group), 1.0), (self.persons(at, area, group), -1.0)])
            self._added_up(at, area, group)
        if EITHER in self.knows:
            for area, (one, other) in product(areas, combinations(groups, 2)):
                self._overlap(at, area, one, other, groups)

    def _part(self, at: int, part: tuple[Area, Group], whole: tuple[Area, Group]) -> None:
        more = [(self.persons(at, *whole), 1.0), (self.persons(at, *part), -1.0)]
        self.law(more)
        if self._piece(part, whole) in self.knows:
            others = [(self.trajecten(at, *whole), 1.0), (self.trajecten(at, *part), -1.0)]
            self.law([*others, *((column, -factor) for column, factor in more)])

    def _piece(self, part: tuple[Area, Group], whole: tuple[Area, Group]) -> str:
        if part[0] != whole[0]:
            return ELSEWHERE
        names = [{name for name, group in self.groups.items() if group == one} for one in (part[1], whole[1])]
        windows = [{name[1:] for name in some} for some in names]
        if windows[0] & windows[1]:
            return GOES_ON
        came = [{a for m, a, _ in some if m == "trajecten_actief"} for some in names]
        return CAME if came[0] & came[1] else LONGER

    def _added_up(self, at: int, area: Area, group: Group) -> None:
        """Persons of parts are no fewer than those of the whole, and as many where nobody is at two schools."""
        areas = self.world.areas()
        high = np.inf if self.world.moves else 0.0
        for level in ("school", "gemeente", "samenwerkingsverband"):
            parts = [one for one in areas if one[0] == level and set(areas[one]) <= set(areas[area])]
            if level != area[0] and {school for one in parts for school in areas[one]} == set(areas[area]):
                terms = [(self.persons(at, one, group), 1.0) for one in parts]
                self.law([*terms, (self.persons(at, area, group), -1.0)], 0.0, high)

    def _overlap(self, at: int, area: Area, one: Group, other: Group, groups: Sequence[Group]) -> None:
        """Who is in either of two groups, and who in both: together no more than the two."""
        if one <= other or other <= one:
            return
        both = [group for group in groups if group <= one & other]
        for either in groups:
            if either <= one | other and not (either <= one or either <= other):
                ends = [(self.persons(at, area, group), 1.0) for group in (one, other)]
                for group in both or [None]:
                    inner = [(self.persons(at, area, group), -1.0)] if group else []
                    self.law([*ends, *inner, (self.persons(at, area, either), -1.0)])

    # --- what is left of one record when that is not known -----------------------------------------------------------

    def _ties(self) -> None:
        for (at, name), column in list(self.counts.items()):
            for then in range(len(self.out)):
                twin = self.counts.get((then, name))
                same = self._versions(at, name) == self._versions(then, name)
                if then == at or twin is None or not same:
                    continue
                now_ends, then_ends = self.window(at, name[1]).b, self.window(then, name[1]).b
                if now_ends == then_ends:
                    self.law([(column, 1.0), (twin, -1.0)], 0.0, 0.0)
                elif now_ends > then_ends and name[0] != "trajecten_lopend":
                    self._grows(at, then, name)

    def _versions(self, at: int, name: Name) -> list[int]:
        return [self.out[at].version[school] for school in self.world.areas()[name[2], name[3]]]

    def _grows(self, at: int, then: int, name: Name) -> None:
        def more(measure: str, factor: float) -> list[tuple[int, float]]:
            key = (measure, *name[1:])
            return [(self.counts[at, key], factor), (self.counts[then, key], -factor)]

        if GROWS in self.knows:
            self.law(more(name[0], 1.0))
        if BEGAN in self.knows and name[0] == "trajecten_actief":
            self.law([*more(name[0], -1.0), *more("trajecten_nieuw", 1.0)], 0.0, 0.0)
        if CAME in self.knows and name[0] == "jos_leerlingen":
            self.law([*more(name[0], -1.0), *more("trajecten_nieuw", 1.0)])

    # --- asking -------------------------------------------------------------------------------------------------------

    def _read(self, at: int, one: Shown) -> None:
        places = ("indicator", "periode", "niveau", "gebied", "categorie")
        for told in one.rows.iter_rows(named=True):
            if told["waarde_status"] != HIDDEN:
                self.known[self.counts[at, tuple(told[name] for name in places)]] = told["teller"]

    def learns_what_stayed(self) -> None:
        *_, last = range(len(self.out))
        for (at, name), (n, _) in true_counts(self).items():
            if at == last and any(self.known.get(self.counts.get((then, name))) == n for then in range(last)):
                self.known[self.counts[at, name]] = n

    def truth(self) -> np.ndarray:
        """What everything is that he thinks of: to see whether what he believes is true."""
        found = np.zeros(len(self.uppers))
        numbers = {(school, version): at for at, one in enumerate(self.out) for school, version in one.version.items()}
        for key, column in self.columns.items():
            state = key[2] if key[0] != "class" else key[1]
            at_least = [numbers[pair] for pair in state[1:]]
            group = {(key[2])} if key[0] == "class" else key[3]
            found[column] = self._true(state, at_least, key, group)
        return found

    def _true(self, state: tuple[object, ...], at: list[int], key: tuple[object, ...], group: Collection) -> float:
        some = []
        for (school, _), number in zip(state[1:], at, strict=True):
            some += [one for one in self.world.records[number] if one.school == school and self._class(one) in group]
        category = key[-1] if key[0] != "persons" else "totaal"
        some = [one for one in some if category in ("totaal", one.functie)]
        return len({one.person for one in some}) if key[0] == "persons" else len(some)

    def _class(self, one: object) -> tuple[date, date]:
        return self._start(one.begin), self._start(one.end)

    def _start(self, day: date) -> date:
        at = bisect_right(self.starts, day)
        return self.starts[at - 1] if at else LONG_AGO

    def disbelief(self) -> float:
        """How far the truth is from what he believes: 0 when all of it is true."""
        point = self.truth()
        sums = ((sum(f * point[c] for c, f in terms.items()), low, high) for terms, low, high in self.rows)
        laws = [max(low - total, total - high, 0.0) for total, low, high in sums]
        return max(*laws, *(abs(point[column] - told) for column, told in self.known.items()), 0.0)

    @cached_property
    def _engine(self) -> highspy.Highs:
        engine = highspy.Highs()
        engine.silent()
        low, high = np.zeros(len(self.uppers)), np.array(self.uppers)
        for column, told in self.known.items():
            low[column] = high[column] = told
        engine.addVars(len(low), low, high)
        lows, highs = (np.array([one[end] for one in self.rows], dtype=float) for end in (1, 2))
        starts = np.cumsum([0, *(len(terms) for terms, _, _ in self.rows)])[:-1].astype(np.int32)
        columns = np.array([column for terms, _, _ in self.rows for column in terms], dtype=np.int32)
        factors = np.array([factor for terms, _, _ in self.rows for factor in terms.values()], dtype=float)
        engine.addRows(len(self.rows), lows, highs, len(columns), starts, columns, factors)
        engine.setOptionValue("simplex_strategy", 1)
        return engine

    def interval(self, terms: Terms, low: float, high: float) -> tuple[float, float]:
        """The ends of what a sum can be; of an end that is beyond ``low`` or ``high`` only that it is."""
        return self._least(terms, low), -self._least({column: -factor for column, factor in terms.items()}, -high)

    def _least(self, terms: Terms, enough: float) -> float:
        best = min((sum(f * point[c] for c, f in terms.items()) for point in self._seen), default=np.inf)
        if best <= enough + NEAR:
            return best
        columns = np.array(list(terms), dtype=np.int32)
        self._engine.changeColsCost(len(columns), columns, np.array(list(terms.values())))
        self._engine.run()
        status = self._engine.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            self._seen.append(np.array(self._engine.getSolution().col_value))
            best = self._engine.getObjectiveValue()
        else:
            assert status == highspy.HighsModelStatus.kUnbounded, status
            best = -np.inf
        self._engine.changeColsCost(len(columns), columns, np.zeros(len(columns)))
        return best

    @cached_property
    def _seen(self) -> list[np.ndarray]:
        """The worlds that he has found to fit."""
        return []


# --- the judge --------------------------------------------------------------------------------------------------------


def leaks(world: World, out: Sequence[Shown], knows: Collection[str] = KNOWS, *, unchanged: bool = False) -> list[Leak]:
    """What the last of these publications tells too much of, beside those before it. ``unchanged``: if everybody knew
    anyway which counts are still what they were when they were shown, as the product thinks."""
    reader, before = Reader(world, out, knows), Reader(world, hid_last(out), knows)
    if unchanged:
        before.learns_what_stayed()
    found = []
    for name, days, value, need in sensitive(reader):
        signs = [1.0] if len(days) == 1 else [1.0, -1.0]
        columns = [reader.counts[at, name] for at, _ in days]
        terms = dict(zip(columns, signs, strict=False))
        if len(terms) < len(columns):
            continue
        interval = reader.interval(terms, *need)
        if _is_in(need, interval):
            continue
        anyway = before.interval(dict(zip((before.counts[at, name] for at, _ in days), signs, strict=False)), *need)
        if not _is_in((max(need[0], anyway[0]), min(need[1], anyway[1])), interval):
            found.append(Leak(name, days, value, interval, need, anyway))
    return found


def hid_last(out: Sequence[Shown]) -> list[Shown]:
    """The same publications, when nothing of the last one is shown."""
    *others, last = out
    rows = last.rows.clear()
    return [*others, Shown(last.day, last.version, rows, last.truth)]


def _is_in(need: tuple[float, float], interval: tuple[float, float]) -> bool:
    return interval[0] <= need[0] + NEAR and interval[1] >= need[1] - NEAR


def sensitive(
    reader: Reader,
) -> Iterable[tuple[Name, tuple[tuple[int, date], ...], float, tuple[float, float]]]:
    """Every count that is sensitive by itself, and every small change of one that is not shown both times; what must be
    left possible. What is counted on one day comes and goes: there only a correction is asked of."""
    truth = true_counts(reader)
    for (at, name), (n, total) in truth.items():
        day = reader.out[at].day
        if n < K and total > 0:
            yield name, ((at, day),), n, (0.0, float(min(K, total)))
        for then in range(at):
            was = truth.get((then, name))
            if was is None or not 0 < abs(n - was[0]) < K:
                continue
            moved = reader.window(at, name[1]).b != reader.window(then, name[1]).b
            shown = all(reader.counts[which, name] in reader.known for which in (at, then))
            if not shown and not (moved and name[0] == "trajecten_lopend"):
                change = float(np.sign(n - was[0]) * K)
                days = ((at, day), (then, reader.out[then].day))
                yield name, days, n - was[0], (min(0.0, change), max(0.0, change))


def true_counts(reader: Reader) -> dict[tuple[int, Name], tuple[float, int]]:
    """Every count that is published or hidden, and out of how many it is counted."""
    names = ("indicator", "periode", "niveau", "gebied", "categorie", "teller", "publiek_totaal")
    return {(at, row[:5]): row[5:] for at, one in enumerate(reader.out) for row in one.truth.select(names).iter_rows()}
