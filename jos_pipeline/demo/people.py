"""Invented persons and pupils: numbers that pass the elfproef, names, homes and enrolments.

Nobody here exists: numbers come from ranges that are not given out for persons, names from a list made up for this
purpose. What happens to the pupils is in ``support`` and ``surroundings``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from jos_pipeline.demo import profiles
from jos_pipeline.demo.profiles import SchoolProfile
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear

FIRST_NAMES = (
    "Sanne", "Daan", "Zoë", "Noël", "Renée", "Björn", "Chloé", "Jelle", "Fenna", "Thijmen", "Yfke", "Loïs",
    "Maël", "Anaïs", "Sjoerd", "Meike", "Iris", "Ruben", "Mohammed", "Aya", "Kaan", "Elif",
    "Wout", "Puck", "Jurre", "Noor", "Gijs", "Lieke",
)  # fmt: skip
LAST_NAMES = (
    "van den Polderveen", "Zandkruijer", "Kaasjager", "Tulpenaar", "Meeuwenoord", "Wierdijkstra", "Strandhuyzen",
    "Bloemendries", "Schermerbeek", "Égmondhof", "Müllerdam", "de Duinroos", "Rietvoornse", "Molenwiekel", "Ringvaarts",
    "van Kustlijn", "Waterwolff", "Zeeëgel-Prins", "IJsvogelaar", "Aalscholvers",
)  # fmt: skip
_LETTERS = "ABCDEGHJKLMNPRSTVWXZ"
_DIGITS = 9
_LEAVES = 0.026
_End = tuple[date | None, str | None]
"""When a pupil left and where to."""
_STAYS: _End = (None, None)


@dataclass(frozen=True)
class Person:
    """An invented person. ``number`` is the BSN, or the onderwijsnummer of who has none: nine digits."""

    number: str
    first_name: str
    last_name: str
    sex: str
    born: date
    postcode: str
    municipality: str


@dataclass(frozen=True)
class Pupil:
    """One enrolment. ``kind`` is the onderwijssoort the pupil ends up in; the first year may be a brugklas."""

    person: Person
    school: str
    kind: str
    bridge: bool
    grade: int
    enrolled: date
    left: date | None
    destination: str | None
    extra_support: bool

    def kind_in(self, grade: int) -> str:
        return "brugklas" if self.bridge and grade == 1 else self.kind


def pick(rng: Random, weights: Mapping[str, int]) -> str:
    """One key, drawn by weight."""
    return rng.choices(list(weights), list(weights.values()))[0]


def chance(rng: Random, share: float) -> bool:
    """True in this share of the cases."""
    return rng.random() < share


def remainder(digits: str) -> int:
    """The weighted sum of nine digits modulo 11: 0 is a BSN, 5 an onderwijsnummer."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11


def is_bsn(digits: str) -> bool:
    """Whether a text is nine digits that pass the elfproef; an onderwijsnummer is not, nor a BSN without its zero."""
    return len(digits) == _DIGITS and remainder(digits) == 0


class People:
    """Makes persons, each number once. Deterministic by the generator it is given."""

    def __init__(self, rng: Random, region: Region) -> None:
        self._rng = rng
        self._numbers = self._shuffled(range(999_860_000, 1_000_000_000), "")
        self._short = self._shuffled(range(99_990_000, 100_000_000), "0")
        self._education = self._shuffled(range(109_990_000, 110_000_000), "", 5)
        self._postcodes: dict[str, list[str]] = {}
        for digits, municipality in sorted(region.postcodes.items()):
            self._postcodes.setdefault(municipality, []).append(digits)

    def _shuffled(self, numbers: range, prefix: str, wanted: int = 0) -> Iterator[str]:
        valid = [text for number in numbers if remainder(text := f"{prefix}{number}") == wanted]
        self._rng.shuffle(valid)
        return iter(valid)

    def person(self, born: date, municipality: str) -> Person:
        """A new person; one in 150 has a BSN that begins with a zero, one in 400 an onderwijsnummer instead."""
        rng = self._rng
        numbers = self._education if chance(rng, 1 / 400) else self._short if chance(rng, 1 / 150) else self._numbers
        return Person(
            number=next(numbers),
            first_name=rng.choice(FIRST_NAMES),
            last_name=rng.choice(LAST_NAMES),
            sex=rng.choices("VMO", (49, 50, 1))[0],
            born=born,
            postcode=f"{rng.choice(self._postcodes[municipality])} {rng.choice(_LETTERS)}{rng.choice(_LETTERS)}",
            municipality=municipality,
        )

    def child(self, youngest: int, oldest: int, day: date, municipality: str) -> Person:
        """A child that is at no pilot school, of an age between the two on ``day``."""
        days = self._rng.randint(youngest * 366, oldest * 365)
        return self.person(day - timedelta(days=days), municipality)

    def school(self, code: str, profile: SchoolProfile, year: SchoolYear) -> list[Pupil]:
        """The pupils of one school in one school year; a fixed share leaves during the year."""
        leaving = frozenset(self._rng.sample(range(profile.pupils), round(profile.pupils * _LEAVES)))
        return [
            self._pupil(code, profile, year, self._end(year) if n in leaving else _STAYS) for n in range(profile.pupils)
        ]

    def _end(self, year: SchoolYear) -> _End:
        return year.first_day + timedelta(days=self._rng.randint(70, 178)), pick(self._rng, profiles.UITSTROOM)

    def leavers(self, code: str, profile: SchoolProfile, year: SchoolYear) -> list[Pupil]:
        """Pupils of the last year of their school who leave at the end of ``year``."""
        gone = []
        for _ in range(round(profile.pupils * 0.19)):
            kind = pick(self._rng, profile.kinds)
            last = profiles.LAST_GRADE[kind]
            destination = pick(self._rng, {"diploma": 70, "mbo": 18, "andere_school": 8, "werk": 2, "geen_vervolg": 2})
            left = year.last_day - timedelta(days=self._rng.randint(2, 24))
            gone.append(self._enrolment(code, profile, year, (kind, last), (left, destination)))
        return gone

    def _pupil(self, code: str, profile: SchoolProfile, year: SchoolYear, end: _End) -> Pupil:
        kind = pick(self._rng, profile.kinds)
        return self._enrolment(code, profile, year, (kind, self._rng.randint(1, profiles.LAST_GRADE[kind])), end)

    def _enrolment(
        self,
        code: str,
        profile: SchoolProfile,
        year: SchoolYear,
        place: tuple[str, int],
        end: _End,
    ) -> Pupil:
        rng, (kind, grade) = self._rng, place
        born = date(year.start_year - 11 - grade, 10, 1) - timedelta(
            days=rng.randint(0, 364) + 365 * (chance(rng, 0.12))
        )
        late = chance(rng, 0.05)
        years_back = rng.randint(0, grade - 1) if late else grade - 1
        enrolled = date(year.start_year - years_back, 8, 1) + timedelta(days=rng.randint(30, 60) if late else 0)
        return Pupil(
            person=self.person(born, pick(rng, profile.homes)),
            school=code,
            kind=kind,
            bridge=kind not in ("pro", "vso") and chance(rng, 0.7),
            grade=grade,
            enrolled=enrolled,
            left=end[0],
            destination=end[1],
            extra_support=chance(rng, profile.extra_support),
        )
