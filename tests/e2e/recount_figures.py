"""What a recounted cell is, and the arithmetic that all indicators share. Nothing here knows an indicator."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from statistics import median
from types import SimpleNamespace as Row

from schemas import codelists
from tests.e2e.recount_reading import CODES

TOTAL = ("totaal", "totaal")
Cell = tuple[str, str]
Rows = list[Row]


@dataclass(frozen=True)
class Figure:
    """One cell. ``statistiek`` says how teller and noemer make the waarde; a median carries its own,
    rounded, and ``precies`` before rounding.

    ``personen``: the smallest group of pupils or respondents that the cell tells about (None: no persons);
    ``rest``: the group of everybody else in the noemer; ``medewerkers``: professionals behind the cell.
    ``teller_max``, ``noemer_max``: where masked totals were added, up to what it may be (None: no end);
    """

    indicator: str
    uitsplitsing: str
    categorie: str
    statistiek: str
    teller: float | None = None
    noemer: float | None = None
    midden: float | None = None
    precies: float | None = None
    personen: int | None = None
    rest: int | None = None
    medewerkers: int | None = None
    plaats_in_rangorde: tuple[int, int] | None = None
    onzeker: bool = False
    n_verwacht: int | None = None
    n_geleverd: int | None = None
    herkomst: str = "levering"

    @property
    def waarde(self) -> float | None:
        if self.onzeker:
            return None
        match self.statistiek:
            case "aantal":
                return self.teller
            case "mediaan":
                return self.midden
            case "per_1000":
                return 1000 * self.teller / self.noemer if self.noemer else None
            case _:
                return self.teller / self.noemer if self.noemer else None


@dataclass(frozen=True)
class Span:
    """A window W = [a, b], within a school year, as far as the peildatum has come."""

    periode: str
    a: date
    b: date
    eerste_dag: date
    laatste_dag: date
    peildatum: date

    @property
    def days(self) -> int:
        return (self.b - self.a).days + 1

    def holds(self, day: date | None) -> bool:
        return day is not None and self.a <= day <= self.b

    def active(self, begin: date | None, end: date | None) -> bool:
        """Begun on or before b and not ended before a."""
        return begin is not None and begin <= self.b and (end is None or end >= self.a)


def half_up(value: float, decimals: int) -> float:
    """Rounded half up, exactly: 2.25 weeks is 2.3."""
    scaled = Fraction(value).limit_denominator(1000) * 10**decimals
    return floor(scaled + Fraction(1, 2)) / 10**decimals


def cells(rows: Iterable[Row], *splits: str) -> Iterator[tuple[Cell, Rows]]:
    """The whole, and every category of every breakdown (also the empty ones)."""
    rows = list(rows)
    yield TOTAL, rows
    for split in splits:
        parts: dict[str | None, Rows] = defaultdict(list)
        for row in rows:
            parts[getattr(row, split)].append(row)
        for category in categories(split):
            yield (split, category), parts.get(category, [])


def categories(split: str) -> tuple[str, ...]:
    if split == "leerjaar":
        return tuple(str(year) for year in range(1, 9))
    return codelists.ONDERWIJSTYPE.values if split == "onderwijstype" else CODES[split].values


def pupils(rows: Iterable[Row]) -> set[str]:
    return {row.pseudoniem for row in rows if row.pseudoniem is not None}


def people(rows: Iterable[Row]) -> int:
    return len(pupils(rows))


def behind(rows: Rows) -> int:
    """Persons behind rows, of whom some may have no pseudonym."""
    return people(rows) + sum(row.pseudoniem is None for row in rows)


def counted(name: str, cell: Cell, rows: Rows) -> Figure:
    """A number of rows."""
    return Figure(name, *cell, "aantal", len(rows), personen=people(rows))


def persons(name: str, cell: Cell, rows: Rows) -> Figure:
    """A number of distinct persons."""
    size = people(rows)
    return Figure(name, *cell, "aantal", size, personen=size)


def share(name: str, cell: Cell, part: Rows, whole: Rows, size: Callable[[Rows], int] = len) -> Figure:
    """Part of whole; ``size`` counts rows (len) or pupils. The persons behind part and rest are always pupils."""
    taken = {id(row) for row in part}
    named = pupils(part) if size is people else set()
    others = [row for row in whole if id(row) not in taken and row.pseudoniem not in named]
    return Figure(name, *cell, "aandeel", size(part), size(whole), personen=behind(part), rest=behind(others))


def answered(name: str, cell: Cell, part: Rows, whole: Rows) -> Figure:
    """A share of answers, each of another respondent."""
    return Figure(name, *cell, "aandeel", len(part), len(whole), personen=len(part), rest=len(whole) - len(part))


def mean(name: str, cell: Cell, numbers: list[float], size: int) -> Figure:
    return Figure(name, *cell, "gemiddelde", sum(numbers), len(numbers), personen=size)


def middle(name: str, cell: Cell, part: Rows, wait: Callable[[Row], int | None], unit: int, decimals: int) -> Figure:
    """The median of the waits that are known, in days (unit 1) or weeks (7); noemer is the number of observations."""
    known = [(row, days) for row in part if (days := wait(row)) is not None]
    size = len(known)
    exact = float(median(Fraction(days, unit) for _, days in known)) if known else None
    value = None if exact is None else half_up(exact, decimals)
    return Figure(
        name, *cell, "mediaan", None, size, midden=value, precies=exact, personen=behind([row for row, _ in known])
    )


def days_between(row: Row, first: str, last: str) -> int | None:
    """Days from first to last; None where either is not fully known."""
    if not (getattr(row, f"{first}_dag") and getattr(row, f"{last}_dag")):
        return None
    return (getattr(row, last) - getattr(row, first)).days


def distribution(name: str, split: str, rows: Rows, values: tuple[str, ...], size=len) -> Iterator[Figure]:
    """Each category divided by the total. The total itself tells only how many there are."""
    total = size(rows)
    yield Figure(name, *TOTAL, "aandeel", total, total, personen=people(rows))
    for category in values:
        yield share(name, (split, category), [row for row in rows if getattr(row, split) == category], rows, size)
