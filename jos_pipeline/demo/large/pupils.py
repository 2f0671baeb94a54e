"""The pupils of a large region: who sits where, school year after school year, and their pseudonyms.

A pupil keeps a seat for five years and is then followed by a new one, so that a pupil of one school year is found
again in the next. Nobody here exists: numbers come from a range that is not given out.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256

import numpy as np
import polars as pl

from jos_pipeline.demo.large.places import Places
from jos_pipeline.pseudonym import pseudonym
from jos_pipeline.school_year import SchoolYear
from schemas.codelists import LEEFTIJDSKLASSE, ONDERWIJSSOORT

Draw = np.random.Generator
GRADES = 5
CLASSES = LEEFTIJDSKLASSE.values
_PUPILS, _YOUNGER = 990_000_000, 996_000_000
"""Where the numbers of pupils begin, and those of children who are not at these schools."""
_KINDS = dict(zip(ONDERWIJSSOORT.values, (9, 11, 20, 6, 24, 18, 6, 3, 3, 0, 0), strict=True))
_FIRST_AGE_CLASS = CLASSES.index("12-13")


def stream(seed: int, name: str) -> Draw:
    """Chance for one purpose, the same for the same seed."""
    return np.random.default_rng(list(sha256(f"jos-demo/groot/{seed}/{name}".encode()).digest()))


@dataclass(frozen=True)
class Pupils:
    """Everybody at the schools in one school year, school by school."""

    places: Places
    year: SchoolYear
    seed: int
    key: bytes

    @property
    def count(self) -> int:
        return len(self.school_of)

    @cached_property
    def everybody(self) -> np.ndarray:
        return np.arange(self.count)

    @cached_property
    def school_of(self) -> np.ndarray:
        """The school of each seat, as a place in ``places.schools``: large schools and small ones."""
        size = self.places.size
        weights = stream(self.seed, "scholen").lognormal(0, 0.6, size.schools)
        seats = np.maximum(5, np.round(size.pupils * weights / weights.sum())).astype(int)
        return np.repeat(np.arange(size.schools), seats)

    @cached_property
    def _years_in(self) -> np.ndarray:
        """For how many years the seat is taken, counted from before the first school year."""
        since = self.year.start_year - self.places.years[0].start_year
        return since + stream(self.seed, "jaren").integers(0, GRADES, self.count)

    @cached_property
    def grade(self) -> np.ndarray:
        return self._years_in % GRADES + 1

    @cached_property
    def _generation(self) -> np.ndarray:
        """Who has the seat: the first, or who came after."""
        return self._years_in // GRADES

    @cached_property
    def entered(self) -> np.ndarray:
        days = np.array([np.datetime64(date(self.year.start_year - back, 8, 1)) for back in range(GRADES)])
        return np.take(days, self.grade - 1)

    @cached_property
    def age_class(self) -> np.ndarray:
        found: np.ndarray = _FIRST_AGE_CLASS + (self.grade - 1 + (self._own("leeftijd") < 0.5)) // 2
        return found

    @cached_property
    def kind(self) -> np.ndarray:
        """The onderwijssoort of each, as a place in the code list."""
        shares = np.cumsum(list(_KINDS.values())) / sum(_KINDS.values())
        found: np.ndarray = np.searchsorted(shares, self._own("niveau"), side="right")
        return found

    @cached_property
    def home_of(self) -> np.ndarray:
        """The gemeente where each lives: that of the school for nine in ten, else one of the next twelve."""
        here, homes = self.places.gemeente_of[self.school_of], len(self.places.gemeenten)
        draw = self._own("woonplaats")
        away = 1 + (draw * 120).astype(int)
        found: np.ndarray = np.where(draw < 0.1, (here + away) % homes, here)
        return found

    @cached_property
    def pseudonyms(self) -> pl.Series:
        numbers = _PUPILS + self.count * self._generation + self.everybody
        return _pseudonyms(self.key, numbers)

    @cached_property
    def younger(self) -> pl.Series:
        """Children who are not at these schools: a quarter as many."""
        return _pseudonyms(self.key, _YOUNGER + np.arange(self.count // 4))

    def _own(self, what: str) -> np.ndarray:
        """A draw for each that stays the same as long as the pupil is there."""
        first, next_one = stream(self.seed, what).random((2, self.count))
        found: np.ndarray = np.where(self._generation == 0, first, next_one)
        return found


def _pseudonyms(key: bytes, numbers: np.ndarray) -> pl.Series:
    return pl.Series([pseudonym(key, str(number)) for number in numbers.tolist()], dtype=pl.String)
