"""A file on its way to the monitor: as the supplier has it, as it arrives, and what the gate should say of it.

``deliver`` is the one way from a raw export to the inbox; ``Planter`` puts errors in rows and keeps the account. Which
supplier sends what is in the ``sends_*`` modules.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from jos_pipeline.coarsen import age_class
from jos_pipeline.demo.mess import Literal, Style, write
from jos_pipeline.demo.support import PERSON, Row
from jos_pipeline.demo.world import World
from jos_pipeline.prepare import prepare
from jos_pipeline.pseudonym import pseudonym
from schemas.contracts import CONTRACTS

ACCEPTED = "geaccepteerd"
WITH_REJECTS = "geaccepteerd_met_afkeur"
REFUSED = "afgekeurd"
DUPLICATE = "dubbel"

Change = Callable[[Row], Row]
"""What a planted error makes of a row: the cells that become different."""
Where = Callable[[Row], bool]

_PERSONAL = ("bsn", "roepnaam", "achternaam", "geboortedatum", "postcode")


@dataclass(frozen=True)
class Expected:
    """A finding the gate should give. ``rijen`` are row numbers as seen in Excel; empty for the file as a whole."""

    code: str
    kolom: str | None
    aantal: int
    rijen: tuple[int, ...]
    uitleg: str


@dataclass(frozen=True)
class Shipment:
    """A file in the inbox, with the raw export it was made of when that is another file."""

    leverancier: str
    bestand: str
    soort: str | None
    schooljaar: str
    ontvangen: datetime
    content: bytes
    oordeel: str
    verhaal: str
    bevindingen: tuple[Expected, ...] = ()
    signalen: tuple[str, ...] = ()
    bij_klaarmaken: tuple[Expected, ...] = ()
    """What ``jos prepare`` finds in the raw export, before anything is sent."""
    raw: tuple[str, bytes] | None = None


@dataclass
class Planter:
    """Puts errors in copies of rows, each in a row of its own, and remembers what should be found where.

    ``first`` is the row number of the first record in the file.
    """

    rows: list[Row]
    first: int
    rng: Random
    expected: list[Expected] = field(default_factory=list)
    _taken: set[int] = field(default_factory=set)

    def plant(
        self,
        code: str,
        column: str | None,
        change: Change,
        why: str,
        count: int = 1,
        *,
        where: Where = lambda _: True,
    ) -> None:
        """Changes ``count`` rows for which ``where`` holds, so that ``code`` is found in each."""
        free = [place for place, row in enumerate(self.rows) if place not in self._taken and where(row)]
        places = sorted(self.rng.sample(free, count))
        for place in places:
            self.rows[place] = self.rows[place] | change(self.rows[place])
        self._note(code, column, places, why)

    def repeat(self, column: str | None, why: str) -> None:
        """Adds a row that is there already: the second of two equal rows is rejected. ``column`` is the key."""
        free = [place for place in range(len(self.rows)) if place not in self._taken]
        place = self.rng.choice(free)
        self._taken.add(place)
        self.rows.append(dict(self.rows[place]))
        self._note("JOS-E035", column, [len(self.rows) - 1], why)

    def touch(self, change: Change, count: int, where: Where = lambda _: True) -> None:
        """Changes rows in a way that must be read right: no finding that rejects."""
        free = [place for place, row in enumerate(self.rows) if place not in self._taken and where(row)]
        for place in self.rng.sample(free, count):
            self.rows[place] = self.rows[place] | change(self.rows[place])
            self._taken.add(place)

    def _note(self, code: str, column: str | None, places: Sequence[int], why: str) -> None:
        self._taken.update(places)
        self.expected.append(Expected(code, column, len(places), tuple(self.first + place for place in places), why))


def put(name: str, text: str) -> Change:
    """Exactly this text in a cell."""
    return lambda _: {name: Literal(text)}


def swap(first: str, second: str) -> Change:
    """Two cells changed places."""
    return lambda row: {first: row[second], second: row[first]}


def month_only(name: str) -> Change:
    """A date of which only the month is known: jjjjmm00."""
    return lambda row: {name: Literal(f"{row[name]:%Y%m}00")}


def filled(name: str) -> Where:
    return lambda row: row[name] is not None


def is_row(name: str, value: str) -> Where:
    return lambda row: row[name] == value


def planter(rows: Sequence[Row], style: Style, rng: Random) -> Planter:
    """A planter for rows that will be written in ``style``."""
    return Planter([dict(row) for row in rows], len(style.titles) + 2, rng)


def arrives(world: World, days: int, hour: int = 9) -> datetime:
    """A moment some days after the peildatum."""
    return datetime.combine(world.peildatum + timedelta(days=days), time(hour), UTC)


def arrived_before(world: World, days: int) -> datetime:
    """A moment some days after the peildatum of the school year before."""
    return datetime.combine(world.peildatum_before + timedelta(days=days), time(10), UTC)


def columns_of(soort: str) -> list[str]:
    return [field.name for field in CONTRACTS[soort].fields]


def raw_names(soort: str) -> list[str]:
    """Columns of a raw export: persons as they are instead of what the contract makes of them."""
    made = ("pseudoniem", "leeftijdsklasse", "woongemeente")
    return [*_PERSONAL, *(name for name in columns_of(soort) if name not in made)]


def with_persons(rows: Sequence[Row]) -> list[Row]:
    """The rows with the person as the supplier's own system has it; Excel has taken the first zero off a BSN."""
    return [row | _as_person(row) for row in rows]


def _as_person(row: Row) -> Row:
    person = row[PERSON]
    found = {
        "bsn": person.number.lstrip("0"),
        "roepnaam": person.first_name,
        "achternaam": person.last_name,
        "geboortedatum": person.born,
        "postcode": person.postcode,
    }
    return found | {name: row[name] for name in _PERSONAL if name in row}


def with_pseudonyms(rows: Sequence[Row], key: bytes, day: date) -> list[Row]:
    """The rows as a supplier sends them that makes pseudonyms itself."""
    return [
        {
            "pseudoniem": pseudonym(key, row[PERSON].number),
            "leeftijdsklasse": age_class(row[PERSON].born, day),
            "woongemeente": row[PERSON].municipality,
        }
        | row
        for row in rows
    ]


def named(world: World, soort: str, suffix: str = "", ending: str = "csv") -> str:
    """The agreed name of a delivery of this school year."""
    return f"{soort}_{world.year}_{world.peildatum.isoformat()}{suffix}.{ending}"


def named_before(world: World, soort: str, ending: str = "csv") -> str:
    """The agreed name of a delivery of the school year before."""
    return f"{soort}_{world.before}_{world.peildatum_before.isoformat()}.{ending}"


def straight(base: Shipment, plants: Planter, names: Sequence[str], style: Style) -> Shipment:
    """A file that arrives as the supplier wrote it, with the errors that were planted in it."""
    content = write(plants.rows, names, style)
    rejects = bool(plants.expected)
    return replace(
        base,
        content=content,
        oordeel=WITH_REJECTS if rejects and base.oordeel == ACCEPTED else base.oordeel,
        bevindingen=(*base.bevindingen, *plants.expected),
        raw=base.raw or (base.bestand, content),
    )


def deliver(world: World, base: Shipment, raw: tuple[str, bytes], day: date) -> Shipment:
    """What ``jos prepare`` makes of a raw export, on its way to the inbox.

    The findings of ``base`` are what the gate should say: a row that is wrong in the export is sent along, without
    its wrong cells. Raises ValueError when no delivery can be made of the export.
    """
    name, export = raw
    prepared = prepare(
        export,
        name,
        base.ontvangen.date(),
        world.region,
        base.leverancier,
        key=world.key,
        soort=base.soort,
        schooljaar=base.schooljaar,
        peildatum=day,
    )
    if prepared.content is None:
        codes = ", ".join(finding.code for finding in prepared.findings)
        raise ValueError(f"no delivery of {base.leverancier}/{name}: {codes}")
    return replace(base, content=prepared.content, oordeel=WITH_REJECTS if base.bevindingen else ACCEPTED, raw=raw)
