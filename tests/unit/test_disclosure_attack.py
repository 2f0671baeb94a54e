"""A reader who adds up: every published figure in one linear system, and what follows from it about hidden counts.

Random regions with two geographies, half years, breakdowns with categories that cannot occur, a share and a
distribution. The attacker knows all visible tellers and noemers, that counts add up, that none is negative or above
the public number of leerlingen, and which cells are structurally empty. No sensitive count may follow exactly.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import polars as pl
import pytest
from disclosure_rows import K, cube, row
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array

from jos_pipeline import suppression
from jos_pipeline.disclosure import protect

TOTAL = ("totaal", "totaal")
Area = tuple[str, str]
Split = tuple[str, str]
Key = tuple[str, str, str, str, str]
"""Of a count: measure, half year, leaf, breakdown, category."""


@dataclass
class World:
    """A region with true counts. A leaf is a school, or a gemeente when ``schools`` is empty (home ground)."""

    areas: pl.DataFrame
    leaves: dict[str, list[Area]]
    """Leaf to the published areas it lies in; a leaf outside the region lies in its samenwerkingsverband only."""
    halves: tuple[str, ...]
    splits: dict[str, tuple[str, ...]]
    impossible: set[tuple[str, str, str]]
    """(leaf, breakdown, category) that cannot occur and is publicly known not to."""
    pupils: dict[str, int]
    counts: dict[Key, int] = field(default_factory=dict)

    def members(self, area: Area) -> list[str]:
        return [leaf for leaf, areas in self.leaves.items() if area in areas]

    def halves_of(self, period: str) -> tuple[str, ...]:
        return self.halves if period == "schooljaar" else (period,)

    def parts(self, measure: str, period: str, area: Area, split: Split) -> list[Key]:
        """The finest counts that make up a published one."""
        breakdown = next(iter(self.splits)) if split == TOTAL else split[0]
        categories = self.splits[breakdown] if split == TOTAL else (split[1],)
        return [
            (measure, half, leaf, breakdown, category)
            for half, leaf, category in product(self.halves_of(period), self.members(area), categories)
        ]

    def value(self, measure: str, period: str, area: Area, split: Split) -> int:
        return sum(self.counts[key] for key in self.parts(measure, period, area, split))

    def public_total(self, area: Area, split: Split) -> int:
        leaves = self.members(area)
        if split != TOTAL:
            leaves = [leaf for leaf in leaves if (leaf, *split) not in self.impossible]
        return sum(self.pupils[leaf] for leaf in leaves)

    def all_splits(self) -> list[Split]:
        return [TOTAL, *((name, category) for name, categories in self.splits.items() for category in categories)]

    def published_areas(self) -> list[Area]:
        return list(self.areas.select("niveau", "gebied").iter_rows())

    def cells(self) -> Iterator[tuple[str, Area, Split]]:
        yield from product(("schooljaar", *self.halves), self.published_areas(), self.all_splits())


def build(seed: int, ground: str, halves: int, straddling: str) -> World:
    """A random region in which some counts are small, so that some tables close and others stay open."""
    dice = random.Random(seed)
    verbanden = [f"VO{n}" for n in range(dice.randint(1, 3))]
    gemeenten = {f"GM{n}": dice.choice(verbanden) for n in range(dice.randint(1, 4))}
    rows: list[tuple[str, str, str | None, str | None, bool]] = [("regio", "r", None, None, False)]
    leaves: dict[str, list[Area]] = {}
    beyond = {v for v in verbanden if ground == "woon" and dice.random() < 0.5}
    rows += [("samenwerkingsverband", v, None, v, v in beyond) for v in verbanden]
    rows += [("gemeente", g, g, v, False) for g, v in gemeenten.items()]
    if ground == "woon":
        leaves |= {g: [("regio", "r"), ("samenwerkingsverband", v), ("gemeente", g)] for g, v in gemeenten.items()}
        leaves |= {f"buiten {v}": [("samenwerkingsverband", v)] for v in beyond}
    else:
        for number in range(dice.randint(1, 7)):
            school = f"S{number}"
            gemeente = dice.choice([*gemeenten, *([None] if dice.random() < 0.3 else [])])
            crosses = gemeente is None or straddling == "dwars"
            verband = dice.choice(verbanden) if crosses else gemeenten[gemeente]
            rows.append(("school", school, gemeente, verband, False))
            inside = [] if gemeente is None else [("gemeente", gemeente)]
            leaves[school] = [("regio", "r"), ("samenwerkingsverband", verband), *inside, ("school", school)]
    names = ("niveau", "gebied", "gemeente", "samenwerkingsverband")
    areas = pl.DataFrame(rows, schema={**dict.fromkeys(names, pl.String), "buiten": pl.Boolean}, orient="row")
    splits = {f"u{n}": tuple("abcd"[: dice.randint(1, 4)]) for n in range(dice.randint(1, 2))}
    world = World(areas, leaves, ("halfjaar_1", "halfjaar_2")[:halves], splits, set(), {})
    _draw(world, dice)
    return world


def _draw(world: World, dice: random.Random) -> None:
    holes = dice.choice([0.0, 0.0, 0.0, 0.3])
    for leaf, (split, categories) in product(world.leaves, world.splits.items()):
        gone = [category for category in categories if dice.random() < holes][: len(categories) - 1]
        world.impossible |= {(leaf, split, category) for category in gone}
    small, empty = dice.choice([0.05, 0.2, 0.5]), dice.choice([0.0, 0.0, 0.1])
    for leaf in world.leaves:
        totals = {
            half: dice.randint(0, 12) if dice.random() < small else dice.randint(80, 400) for half in world.halves
        }
        rest = dice.randint(0, 9) if dice.random() < small / 2 else 800
        world.pupils[leaf] = 0 if dice.random() < empty else sum(totals.values()) + rest
        if world.pupils[leaf] == 0:
            totals = dict.fromkeys(totals, 0)
        for half, (split, categories) in product(world.halves, world.splits.items()):
            possible = [c for c in categories if (leaf, split, c) not in world.impossible]
            weights = [0.03 if dice.random() < small / 2 else dice.uniform(0.5, 1) for _ in possible]
            drawn = dice.choices(possible, weights=weights, k=totals[half])
            for category in categories:
                world.counts["m", half, leaf, split, category] = drawn.count(category)
        _draw_part(world, leaf, dice.choice([0.5, 0.5, 0.5, 0.05, 0.97]), dice)


def _draw_part(world: World, leaf: str, share: float, dice: random.Random) -> None:
    """A measure that is part of the first: it is split by the first breakdown only, to keep totals one."""
    split = next(iter(world.splits))
    for half, category in product(world.halves, world.splits[split]):
        whole = world.counts["m", half, leaf, split, category]
        world.counts["deel", half, leaf, split, category] = sum(dice.random() < share for _ in range(whole))


def cube_of(world: World) -> pl.DataFrame:
    """What the internal cube says of this world."""
    rows = []
    first = next(iter(world.splits))
    for period, area, split in world.cells():
        n, total = world.value("m", period, area, split), world.public_total(area, split)
        place = {
            "periode": period,
            "niveau": area[0],
            "gebied": area[1],
            "uitsplitsing": split[0],
            "categorie": split[1],
            "publiek_totaal": total,
        }
        nobody = total == 0
        rows.append(row(**place, **_counted(n), waarde_status="geen_waarnemingen" if nobody else "ok", waarde=float(n)))
        whole = world.value("m", period, area, TOTAL)
        rows.append(_share_row(place, "m", n, "m", whole))
        if split == TOTAL or split[0] == first:
            rows.append(_share_row(place, "deel", world.value("deel", period, area, split), "m", n))
    return cube(*rows)


def _counted(n: int) -> dict[str, object]:
    return {"teller": float(n), "teller_personen": n}


def _share_row(place: dict[str, object], part: str, n: int, whole: str, m: int) -> dict[str, object]:
    """As the cube gives it: without noemer there are no counts at all."""
    names = {"indicator": f"{part} van {whole}", "eenheid": "aandeel", "teller_maat": part, "noemer_maat": whole}
    if m == 0:
        empty = dict.fromkeys(("waarde", "teller", "teller_personen"))
        return row(**place, **names, **empty, waarde_status="geen_waarnemingen")
    return row(**place, **names, **_counted(n), noemer=float(m), noemer_personen=m, waarde=n / m)


class Attacker:
    """Everything a reader knows, as a linear system over the finest counts."""

    def __init__(self, world: World, safe: pl.DataFrame, rows: pl.DataFrame) -> None:
        self.world = world
        self.index = {key: number for number, key in enumerate(world.counts)}
        self.equations: list[tuple[dict[int, float], float]] = []
        self._splits_share_their_total()
        for told, counted in zip(safe.iter_rows(named=True), rows.iter_rows(named=True), strict=True):
            self._read(told, counted["teller_maat"], counted["noemer_maat"])
        self.upper = [self._upper(key) for key in world.counts]

    def functional(self, keys: list[Key]) -> dict[int, float]:
        return {self.index[key]: 1.0 for key in keys}

    def _splits_share_their_total(self) -> None:
        first, *others = self.world.splits.items()
        for half, leaf, other in product(self.world.halves, self.world.leaves, others):
            total = {self.index["m", half, leaf, first[0], category]: 1.0 for category in first[1]}
            total |= {self.index["m", half, leaf, other[0], category]: -1.0 for category in other[1]}
            self.equations.append((total, 0.0))

    def _read(self, told: dict[str, object], teller: str, noemer: str | None) -> None:
        area, split = (told["niveau"], told["gebied"]), (told["uitsplitsing"], told["categorie"])
        whole = TOTAL if teller == noemer else split
        for value, measure, where in ((told["teller"], teller, split), (told["noemer"], noemer, whole)):
            if value is not None:
                keys = self.world.parts(measure, told["periode"], area, where)
                self.equations.append((self.functional(keys), value))

    def _upper(self, key: Key) -> float:
        _, _, leaf, split, category = key
        return 0.0 if (leaf, split, category) in self.world.impossible else float(self.world.pupils[leaf])

    def exactly_known(self, targets: list[dict[int, float]]) -> list[int]:
        """The numbers of the targets that can have one value only."""
        matrix = _matrix([coefficients for coefficients, _ in self.equations], len(self.index))
        values = np.array([value for _, value in self.equations])
        wanted = _matrix(targets, len(self.index)).toarray()
        low, high = np.full(len(targets), np.inf), np.full(len(targets), -np.inf)
        noise = np.random.default_rng(0)

        def solve(objective: np.ndarray) -> None:
            bounds = np.column_stack([np.zeros(len(self.upper)), self.upper])
            found = linprog(objective, A_eq=matrix, b_eq=values, bounds=bounds, method="highs")
            assert found.status == 0, found.message
            seen = wanted @ found.x
            np.minimum(low, seen, out=low)
            np.maximum(high, seen, out=high)

        for _ in range(4):
            solve(noise.normal(size=len(self.index)))
        for number in range(len(targets)):
            for sign in (1.0, -1.0):
                if high[number] - low[number] < 1e-6:
                    solve(sign * wanted[number])
        return [number for number in range(len(targets)) if high[number] - low[number] < 1e-6]


def _matrix(rows: list[dict[int, float]], width: int) -> csr_array:
    entries = [(number, column, value) for number, row_ in enumerate(rows) for column, value in row_.items()]
    table = np.array(entries).reshape(-1, 3)
    return csr_array((table[:, 2], (table[:, 0].astype(int), table[:, 1].astype(int))), shape=(len(rows), width))


def sensitive(world: World) -> list[tuple[str, str, Area, Split]]:
    """Every count that spec 3.2 calls sensitive by itself, told from the true counts and not by the pipeline."""
    found = []
    first = next(iter(world.splits))
    for period, area, split in world.cells():
        total, n = world.public_total(area, split), world.value("m", period, area, split)
        if total == 0:
            continue
        whole = world.value("m", period, area, TOTAL)
        rest = (total - n, whole - n) if split != TOTAL else (total - n,)
        if n < K or min(rest) < K:
            found.append(("m", period, area, split))
        if split == TOTAL or split[0] == first:
            part = world.value("deel", period, area, split)
            if part < K or n - part < K:
                found.append(("deel", period, area, split))
    return found


def leaks(world: World) -> list[tuple[str, str, Area, Split]]:
    rows = cube_of(world)
    attacker = Attacker(world, protect(rows, world.areas, K), rows)
    cells = sensitive(world)
    targets = [attacker.functional(world.parts(*cell)) for cell in cells]
    return [cells[number] for number in attacker.exactly_known(targets)] if targets else []


@settings(deadline=None, max_examples=30)
@given(
    seed=st.integers(0, 10**9),
    ground=st.sampled_from(["school", "woon"]),
    halves=st.sampled_from([1, 2]),
    straddling=st.sampled_from(["genest", "genest", "dwars"]),
)
def test_no_sensitive_count_follows_from_what_is_published(seed: int, ground: str, halves: int, straddling: str):
    assert leaks(build(seed, ground, halves, straddling)) == []


def _as_it_is(cells: pl.DataFrame, *_: object) -> pl.DataFrame:
    return cells


@pytest.mark.parametrize(
    ("rule", "without", "where"),
    [
        ("_only_category", _as_it_is, (5000, "school", 2, "genest")),
        ("_under_total", _as_it_is, (5000, "school", 2, "genest")),
        ("_under", lambda halves, _: suppression._under_total(halves), (5023, "woon", 2, "genest")),
        ("_unpublished_blocks", lambda cells, _: cells.clear(), (5001, "woon", 2, "genest")),
        ("_at_home_inside", _as_it_is, (5001, "woon", 2, "genest")),
        ("_nested", lambda _: True, (5017, "school", 1, "dwars")),
    ],
)
def test_the_attack_notices_a_rule_that_is_left_out(
    rule: str, without: object, where: tuple[int, str, int, str], monkeypatch: pytest.MonkeyPatch
):
    world = build(*where)
    assert leaks(world) == []
    monkeypatch.setattr(suppression, rule, without)
    assert leaks(world) != []


def test_the_attack_recovers_counts_when_only_sensitive_rows_are_hidden():
    """What protect would be without closing tables: the attack must get most of it back."""
    world = build(5000, "school", 2, "genest")
    rows = cube_of(world)
    cells = sensitive(world)
    hidden = {(period, *area, *split) for _, period, area, split in cells}
    place = ("periode", "niveau", "gebied", "uitsplitsing", "categorie")
    naive = rows.with_columns(
        pl.when(~pl.struct(place).map_elements(lambda p: tuple(p.values()) in hidden, pl.Boolean))
        .then(name)
        .alias(name)
        for name in ("teller", "noemer")
    )
    attacker = Attacker(world, naive, rows)
    found = attacker.exactly_known([attacker.functional(world.parts(*cell)) for cell in cells])
    assert len(found) > len(cells) / 4
