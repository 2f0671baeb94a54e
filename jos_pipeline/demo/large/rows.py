"""What is so in a large region in one school year, a whole soort at a time: typed columns of the contracts.

Every number is invented. The column ``leverancier`` says who sends a row; how it is written down is ``spelling``. Each
soort has a stream of chance of its own, so that a change in one does not move the others.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from jos_pipeline.demo.large.places import Places
from jos_pipeline.demo.large.pupils import CLASSES, Draw, Pupils, stream
from schemas import codelists as lists

Columns = Mapping[str, Any]
SUPPLIER = "leverancier"


@dataclass(frozen=True)
class Year:
    """One school year as it looks on its peildatum: nothing that happens later is known."""

    places: Places
    pupils: Pupils
    peildatum: date
    seed: int

    def draw(self, soort: str) -> Draw:
        return stream(self.seed, f"{soort}/{self.pupils.year}")

    def some(self, chance: Draw, share: float) -> np.ndarray:
        """Places of pupils, each at most once, in order."""
        return np.flatnonzero(chance.random(self.pupils.count) < share)

    def any(self, chance: Draw, share: float) -> np.ndarray:
        """Places of pupils, drawn with repetition."""
        return np.sort(chance.integers(0, self.pupils.count, round(self.pupils.count * share)))

    def day(self, chance: Draw, size: int, first: date | None = None) -> np.ndarray:
        """Days from ``first``, or the begin of the school year, up to the peildatum."""
        begin = np.datetime64(first or self.pupils.year.first_day)
        return begin + chance.integers(0, (np.datetime64(self.peildatum) - begin).astype(int), size)

    def known(self, days: np.ndarray, there: np.ndarray | None = None) -> pl.Series:
        """Days as they are known: empty when they are still to come, or are not ``there``."""
        keep = days <= np.datetime64(self.peildatum)
        return _only(pl.Series(days), keep if there is None else keep & there)

    @cached_property
    def last_year(self) -> date:
        return date(self.pupils.year.start_year - 1, 9, 1)

    def network(self, who: np.ndarray) -> np.ndarray:
        """The samenwerkingsverband of the school of each pupil."""
        found: np.ndarray = self.places.network_of_school[self.pupils.school_of[who]]
        return found

    def gemeente(self, who: np.ndarray) -> pl.Series:
        return _texts(self.places.gemeenten, self.pupils.home_of[who])

    def school(self, who: np.ndarray) -> pl.Series:
        return _texts(self.places.schools, self.pupils.school_of[who])


def _texts(values: Sequence[str] | np.ndarray, at: np.ndarray) -> pl.Series:
    return pl.Series(list(values)).gather(at)


def _only(values: pl.Series, there: np.ndarray) -> pl.Series:
    return pl.select(pl.when(pl.Series(there)).then(values)).to_series()


def _code(chance: Draw, codes: lists.CodeList, size: int, there: np.ndarray | None = None) -> pl.Series:
    """Codes of a list, the first ones most often."""
    weights = 1 / np.arange(1, len(codes.values) + 1)
    found = _texts(codes.values, chance.choice(len(codes.values), size, p=weights / weights.sum()))
    return found if there is None else _only(found, there)


def _numbers(prefix: str, size: int) -> pl.Series:
    return pl.select(pl.format(prefix + "{}", pl.int_range(size))).to_series()


def _flag(chance: Draw, size: int, share: float) -> np.ndarray:
    return chance.random(size) < share


def _lower(codes: Sequence[str] | np.ndarray, at: np.ndarray) -> pl.Series:
    return _texts([code.lower() for code in codes], at)


def _leerlingen(year: Year) -> Columns:
    chance, pupils = year.draw("leerlingen"), year.pupils
    left = year.known(year.day(chance, pupils.count), _flag(chance, pupils.count, 0.03))
    return {
        SUPPLIER: _lower(year.places.schools, pupils.school_of),
        "pseudoniem": pupils.pseudonyms,
        "school": year.school(pupils.everybody),
        "onderwijssoort": _texts(lists.ONDERWIJSSOORT.values, pupils.kind),
        "leerjaar": pupils.grade,
        "leeftijdsklasse": _texts(CLASSES, pupils.age_class),
        "woongemeente": year.gemeente(pupils.everybody),
        "inschrijfdatum": pupils.entered,
        "uitschrijfdatum": left,
        "uitstroom": _only(_code(chance, lists.UITSTROOM, pupils.count), left.is_not_null().to_numpy()),
        "extra_ondersteuning": _flag(chance, pupils.count, 0.06),
    }


def _trajecten(year: Year) -> Columns:
    chance = year.draw("trajecten")
    who = year.any(chance, 0.1)
    size = len(who)
    asked = year.day(chance, size, year.last_year)
    contact = asked + chance.integers(1, 40, size)
    begun = contact + chance.integers(0, 20, size)
    ended = begun + chance.integers(30, 300, size)
    over = year.known(ended)
    is_over = over.is_not_null().to_numpy()
    aims = chance.integers(1, 6, size)
    return {
        SUPPLIER: _texts(year.places.providers, year.network(who)),
        "traject_id": _numbers("T", size),
        "pseudoniem": year.pupils.pseudonyms.gather(who),
        "school": year.school(who),
        "woongemeente": year.gemeente(who),
        "leeftijdsklasse": _texts(CLASSES, year.pupils.age_class[who]),
        "functie": _code(chance, lists.FUNCTIE, size),
        "aanmelddatum": asked,
        "eerste_contact": year.known(contact),
        "begindatum": year.known(begun),
        "einddatum": over,
        "vorm": _code(chance, lists.VORM, size),
        "aard": _code(chance, lists.AARD, size),
        "preventie": _code(chance, lists.PREVENTIE, size),
        "aanmeldreden": _code(chance, lists.AANMELDREDEN, size),
        "specialistische_hulp_in_beeld": _flag(chance, size, 0.2),
        "overbrugging": _flag(chance, size, 0.1),
        "aantal_gesprekken": chance.integers(0, 20, size),
        "uitkomst": _code(chance, lists.UITKOMST, size, is_over),
        "beschikking_aangevraagd": _flag(chance, size, 0.1),
        "warme_overdracht": _only(pl.Series(_flag(chance, size, 0.6)), is_over),
        "doelen_gesteld": aims,
        "doelen_behaald": _only(pl.Series(chance.integers(0, aims + 1)), is_over),
        "nut": _only(pl.Series(chance.integers(4, 11, size)), is_over & _flag(chance, size, 0.5)),
        "zonder_hulp_verder": _code(chance, lists.ZONDER_HULP_VERDER, size, is_over & _flag(chance, size, 0.5)),
        "informant": _code(chance, lists.INFORMANT, size, is_over & _flag(chance, size, 0.5)),
    }


def _activiteiten(year: Year) -> Columns:
    chance = year.draw("activiteiten")
    at = np.sort(chance.integers(0, year.places.size.schools, year.pupils.count))
    size, by_team = len(at), _flag(chance, len(at), 0.03)
    network = year.places.network_of_school[at]
    groups = _flag(chance, size, 0.2)
    return {
        SUPPLIER: _texts(year.places.providers, network),
        "datum": year.day(chance, size),
        "school": _only(_texts(year.places.schools, at), ~by_team),
        "team": _only(_texts(year.places.teams, network), by_team),
        "functie": _code(chance, lists.FUNCTIE, size),
        "activiteit": _code(chance, lists.ACTIVITEIT, size),
        "doelgroep": _code(chance, lists.DOELGROEP, size),
        "preventie": _code(chance, lists.PREVENTIE, size),
        "minuten": 5 * chance.integers(1, 25, size),
        "aantal_deelnemers": _only(pl.Series(chance.integers(2, 30, size)), groups),
        "vraagcategorie": _code(chance, lists.AANMELDREDEN, size, _flag(chance, size, 0.3)),
    }


def _inzet(year: Year) -> Columns:
    """Three people at every school; the team of a samenwerkingsverband has three more."""
    chance, schools = year.draw("inzet"), year.places.size.schools
    at = np.repeat(np.arange(schools), len(lists.FUNCTIE.values))
    team = np.repeat(np.arange(len(year.places.teams)), len(lists.FUNCTIE.values))
    size, in_school = len(at) + len(team), np.arange(len(at) + len(team)) < len(at)
    network = np.concatenate([year.places.network_of_school[at], team])
    there = np.concatenate([at, np.zeros(len(team), dtype=int)])
    return {
        SUPPLIER: _texts(year.places.providers, network),
        "medewerker": _numbers("M", size),
        "functie": _texts(lists.FUNCTIE.values, np.arange(size) % len(lists.FUNCTIE.values)),
        "school": _only(_texts(year.places.schools, there), in_school),
        "team": _only(_texts(year.places.teams, network), ~in_school),
        "begindatum": year.day(chance, size, year.last_year),
        "fte": chance.integers(1, 11, size) / 10,
        "aanbieder": _texts(year.places.providers, network),
    }


def _verzuim(year: Year) -> Columns:
    chance = year.draw("verzuim")
    who = year.any(chance, 0.6)
    size, begun = len(who), year.day(chance, len(who))
    kind = _code(chance, lists.SOORT_VERZUIM, size)
    long = (kind == "langdurig_relatief").to_numpy()
    return {
        SUPPLIER: _lower(year.places.schools, year.pupils.school_of[who]),
        "melding_id": _numbers("V", size),
        "pseudoniem": year.pupils.pseudonyms.gather(who),
        "school": year.school(who),
        "soort": kind,
        "begindatum": begun,
        "einddatum": year.known(begun + chance.integers(0, 25, size) + 28 * long),
        "uren": _only(pl.Series(chance.integers(2, 49, size)), ~long),
        "ongeoorloofd": _flag(chance, size, 0.7),
    }


def _begeleiders(year: Year) -> Columns:
    chance, size = year.draw("begeleiders"), year.places.size.schools
    carers = chance.integers(2, 15, size)
    return {
        SUPPLIER: _lower(year.places.schools, np.arange(size)),
        "school": pl.Series(list(year.places.schools)),
        "peildatum": np.full(size, np.datetime64(year.pupils.year.counting_day)),
        "aantal_organisaties": np.maximum(1, carers // 2),
        "aantal_begeleiders": carers,
    }


def _jeugdhulp(year: Year) -> Columns:
    """Of pupils, twice as often younger children; one in ten has two spells in another form."""
    chance = year.draw("jeugdhulp")
    ours = year.any(chance, 0.12)
    younger, count = year.pupils.younger, round(0.24 * year.pupils.count)
    home = np.concatenate([year.pupils.home_of[ours], chance.integers(0, len(year.places.gemeenten), count)])
    size = len(home)
    begun = year.day(chance, size, year.last_year)
    ended = year.known(begun + chance.integers(60, 700, size))
    ages = _texts(CLASSES, np.concatenate([year.pupils.age_class[ours], chance.integers(0, 2, count)]))
    return {
        SUPPLIER: _lower(year.places.gemeenten, home),
        "pseudoniem": pl.concat(
            [year.pupils.pseudonyms.gather(ours), younger.gather(chance.integers(0, count, count))]
        ),
        "geslacht": _code(chance, lists.GESLACHT, size),
        "leeftijdsklasse": ages,
        "woongemeente": _texts(year.places.gemeenten, home),
        "verwijzer": _code(chance, lists.VERWIJZER, size),
        "hulpvorm": _code(chance, lists.HULPVORM, size),
        "gestart_met_crisis": _code(chance, lists.GESTART_MET_CRISIS, size),
        "aanvang": begun,
        "einde": ended,
        "reden_beeindiging": _code(chance, lists.REDEN_BEEINDIGING, size, ended.is_not_null().to_numpy()),
    }


def _wachttijden(year: Year) -> Columns:
    chance = year.draw("wachttijden")
    who = year.any(chance, 0.12)
    size, asked = len(who), year.day(chance, len(who))
    intake = asked + chance.integers(0, 60, size)
    return {
        SUPPLIER: _lower(year.places.gemeenten, year.pupils.home_of[who]),
        "pseudoniem": year.pupils.pseudonyms.gather(who),
        "woongemeente": year.gemeente(who),
        "soort": _code(chance, lists.SOORT_WACHTTIJD, size),
        "aanmelddatum": asked,
        "intakedatum": year.known(intake),
        "startdatum": year.known(intake + chance.integers(0, 120, size)),
    }


def _leerplicht(year: Year) -> Columns:
    chance = year.draw("leerplicht")
    who = year.some(chance, 0.01)
    size, begun = len(who), year.day(chance, len(who))
    return {
        SUPPLIER: _lower(year.places.gemeenten, year.pupils.home_of[who]),
        "pseudoniem": year.pupils.pseudonyms.gather(who),
        "woongemeente": year.gemeente(who),
        "soort": _code(chance, lists.SOORT_LEERPLICHT, size),
        "begindatum": begun,
        "einddatum": year.known(begun + chance.integers(5, 150, size)),
        "vrijstelling": _flag(chance, size, 0.4),
    }


def _inwoners(year: Year) -> Columns:
    chance, homes, ages = year.draw("inwoners"), len(year.places.gemeenten), lists.LEEFTIJDSKLASSE.values
    at = np.repeat(np.arange(homes), len(ages))
    return {
        SUPPLIER: _lower(year.places.gemeenten, at),
        "woongemeente": _texts(year.places.gemeenten, at),
        "leeftijdsklasse": _texts(ages, np.tile(np.arange(len(ages)), homes)),
        "peildatum": np.full(len(at), np.datetime64(date(year.pupils.year.start_year + 1, 1, 1))),
        "aantal": chance.integers(2_000, 9_000, len(at)),
    }


def _tlv(year: Year) -> Columns:
    chance = year.draw("tlv")
    who = year.some(chance, 0.05)
    size, asked = len(who), year.day(chance, len(who), year.last_year)
    given = asked + chance.integers(7, 60, size)
    granted = year.known(given)
    return {
        SUPPLIER: _lower(year.places.networks, year.network(who)),
        "tlv_nummer": _numbers("L", size),
        "pseudoniem": year.pupils.pseudonyms.gather(who),
        "school": year.school(who),
        "categorie": _code(chance, lists.TLV_CATEGORIE, size),
        "soort_onderwijs": _code(chance, lists.SOORT_ONDERWIJS, size),
        "aanvraagdatum": asked,
        "afgiftedatum": granted,
        "ingangsdatum": granted,
        "plaatsingsdatum": year.known(given + chance.integers(0, 120, size)),
    }


def _thuiszitters(year: Year) -> Columns:
    chance = year.draw("thuiszitters")
    who = year.some(chance, 0.02)
    size, begun = len(who), year.day(chance, len(who), year.last_year)
    ended = year.known(begun + chance.integers(30, 400, size))
    return {
        SUPPLIER: _lower(year.places.networks, year.network(who)),
        "pseudoniem": year.pupils.pseudonyms.gather(who),
        "school": year.school(who),
        "woongemeente": year.gemeente(who),
        "soort": _code(chance, lists.SOORT_THUISZITTER, size),
        "begindatum": begun,
        "einddatum": ended,
        "teruggeleid": _only(pl.Series(_flag(chance, size, 0.6)), ended.is_not_null().to_numpy()),
    }


def _enquete(year: Year) -> Columns:
    chance = year.draw("enquete")
    who = year.some(chance, 0.05)
    size = len(who)
    return {
        SUPPLIER: _texts(year.places.providers, year.network(who)),
        "respondent": _numbers("R", size),
        "rol": _code(chance, lists.ROL, size),
        "school": year.school(who),
        "samenwerking": chance.integers(3, 11, size),
        "missie_bekend": _flag(chance, size, 0.6),
        "verbetering": _code(chance, lists.VERBETERING, size),
    }


SOORTEN: dict[str, Callable[[Year], Columns]] = {
    "leerlingen": _leerlingen,
    "trajecten": _trajecten,
    "activiteiten": _activiteiten,
    "inzet": _inzet,
    "verzuim": _verzuim,
    "begeleiders": _begeleiders,
    "jeugdhulp": _jeugdhulp,
    "wachttijden": _wachttijden,
    "leerplicht": _leerplicht,
    "inwoners": _inwoners,
    "tlv": _tlv,
    "thuiszitters": _thuiszitters,
    "enquete": _enquete,
}


def rows_of(soort: str, year: Year) -> pl.DataFrame:
    """All rows of a soort in one school year: whose they are and the columns of the contract, in order of supplier."""
    return pl.DataFrame(SOORTEN[soort](year)).sort(SUPPLIER, maintain_order=True)
