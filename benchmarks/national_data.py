"""A whole country, invented: the region and the accepted rows of one school year, as Parquet in the lake's own layout.

Vectorised and deterministic, so that ten million records take seconds. What is measured on them is in ``national``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from jos_pipeline.linking import empty_frame
from jos_pipeline.region import Area, Region, School, Supplier, SupplierKind, Team, load_region
from jos_pipeline.school_year import SchoolYear
from resources.lake import Lake
from schemas import codelists as lists
from schemas.contract import PRECISION

YEAR = SchoolYear(2022)
PEILDATUM = date(2023, 7, 31)
LAYER = "gevalideerd"
SWV, GEMEENTEN, SCHOOLS = 75, 340, 1_500
TENTHS: dict[str, float] = {
    "leerlingen": 1.0,
    "trajecten": 1.0,
    "activiteiten": 4.0,
    "verzuim": 1.5,
    "jeugdhulp": 1.2,
    "wachttijden": 0.6,
    "tlv": 0.2,
    "thuiszitters": 0.1,
    "leerplicht": 0.1,
    "enquete": 0.25,
    "inzet": 0.03,
}
"""The part of the records, in tenths, that each soort has; a tenth is also the number of pupils."""

Draw = np.random.Generator
Columns = dict[str, Any]


def national_region() -> Region:
    """Every samenwerkingsverband, gemeente and school of the country, and everybody who delivers for them."""
    known = load_region().gemeenten
    codes = [entry.gemeente for entry in known if entry.holds_on(PEILDATUM)][:GEMEENTEN]
    swv_of = {code: f"VO{1 + number % SWV:04d}" for number, code in enumerate(codes)}
    schools = [
        School(
            school=f"{10 + number // 100:02d}AA{number % 100:02d}",
            naam=f"School {number}",
            gemeente=codes[number % len(codes)],
            onderwijstype=lists.ONDERWIJSTYPE.values[0],
        )
        for number in range(SCHOOLS)
    ]
    of_swv: dict[str, list[str]] = {}
    for school in schools:
        of_swv.setdefault(swv_of[school.gemeente], []).append(school.school)
    return Region(
        id="nederland",
        naam="Nederland",
        eerste_schooljaar=str(YEAR),
        laatste_schooljaar=str(YEAR),
        samenwerkingsverbanden={code: f"Verband {code}" for code in sorted(of_swv)},
        publicatiemomenten=(),
        teams=tuple(Team(id=f"team-{code}", naam=code, scholen=tuple(of_swv[code][:3])) for code in sorted(of_swv)),
        leveranciers=(*_providers(of_swv), *_senders(schools, sorted(of_swv), codes)),
        scholen=tuple(schools),
        gebieden=tuple(Area(gemeente=code, samenwerkingsverband=swv_of[code], in_regio="ja") for code in codes),
        gemeenten=known,
    )


def _providers(of_swv: dict[str, list[str]]) -> list[Supplier]:
    return [
        Supplier(
            id=f"aanbieder-{code.lower()}",
            naam=code,
            soort=SupplierKind.AANBIEDER,
            scholen=tuple(schools),
            levert=("inzet", "trajecten", "activiteiten"),
        )
        for code, schools in sorted(of_swv.items())
    ]


def _senders(schools: list[School], swv: list[str], gemeenten: list[str]) -> list[Supplier]:
    places = {
        SupplierKind.SCHOOL: ([s.school for s in schools], ("leerlingen", "verzuim", "begeleiders")),
        SupplierKind.SAMENWERKINGSVERBAND: (swv, ("tlv", "thuiszitters")),
        SupplierKind.GEMEENTE: (gemeenten, ("jeugdhulp", "wachttijden", "leerplicht", "inwoners")),
    }
    return [
        Supplier(id=place.lower(), naam=place, soort=kind, gebied=place, levert=levert)
        for kind, (found, levert) in places.items()
        for place in found
    ]


def write_deliveries(lake: Lake, region: Region, records: int) -> int:
    """Writes the rows in force of every soort; gives how many there are."""
    made = Country(region, records)
    total = 0
    for soort, build in SOORTEN.items():
        frame = _complete(soort, build(made))
        lake.write_layer(LAYER, soort, str(YEAR), frame)
        total += frame.height
    return total


@dataclass(frozen=True)
class Country:
    """The pupils, and a source of chance for each soort."""

    region: Region
    records: int

    @cached_property
    def pupils(self) -> int:
        return self.records // 10

    @cached_property
    def ids(self) -> pl.Series:
        """64 hexadecimal characters for each pupil."""
        text = np.random.default_rng(0).bytes(32 * self.pupils).hex().encode()
        ends = np.arange(0, len(text) + 1, 64, dtype=np.int64)
        return pl.Series(
            pl.from_arrow(pa.LargeStringArray.from_buffers(self.pupils, pa.py_buffer(ends), pa.py_buffer(text)))
        )

    @cached_property
    def schools(self) -> pl.Series:
        return pl.Series([school.school for school in self.region.scholen])

    @cached_property
    def homes(self) -> pl.Series:
        return pl.Series([area.gemeente for area in self.region.gebieden])

    @cached_property
    def school_of(self) -> np.ndarray:
        return np.random.default_rng(1).integers(0, len(self.schools), self.pupils)

    @cached_property
    def home_of(self) -> np.ndarray:
        """The gemeente of the school, for nine pupils in ten."""
        chance = np.random.default_rng(2)
        own = self.school_of % len(self.homes)
        return np.where(chance.random(self.pupils) < 0.9, own, chance.integers(0, len(self.homes), self.pupils))

    def size(self, soort: str) -> int:
        return round(self.records * TENTHS[soort] / 10)


def _of_pupils(made: Country, chance: Draw, size: int) -> tuple[np.ndarray, Columns]:
    """Pupils drawn with repetition; one row in fifty is about another school than their own."""
    who = chance.integers(0, made.pupils, size)
    at = np.where(chance.random(size) < 0.98, made.school_of[who], chance.integers(0, len(made.schools), size))
    return who, {"leerling_id": made.ids.gather(who), "school": made.schools.gather(at)}


def _code(chance: Draw, values: tuple[str, ...], size: int, empty: float = 0.0) -> pl.Series:
    found = pl.Series(list(values)).gather(chance.integers(0, len(values), size))
    return _sometimes(chance, found, empty) if empty else found


def _sometimes(chance: Draw, values: pl.Series, empty: float) -> pl.Series:
    gone = pl.Series("leeg", chance.random(len(values)) < empty)
    return pl.select(pl.when(~gone).then(values)).to_series()


def _day(chance: Draw, size: int, first: date = date(2022, 6, 1), days: int = 420) -> np.ndarray:
    return np.datetime64(first) + chance.integers(0, days, size)


def _later(chance: Draw, day: np.ndarray, days: int, empty: float = 0.0) -> pl.Series:
    return _sometimes(chance, pl.Series(day + chance.integers(0, days, len(day))), empty)


def _flag(chance: Draw, size: int, share: float) -> np.ndarray:
    return chance.random(size) < share


def _leerlingen(made: Country) -> Columns:
    chance, size = np.random.default_rng(10), made.pupils
    left = _sometimes(chance, pl.Series(_day(chance, size)), 0.9)
    return {
        "leerling_id": made.ids,
        "school": made.schools.gather(made.school_of),
        "onderwijssoort": _code(chance, lists.ONDERWIJSSOORT.values, size),
        "leerjaar": chance.integers(1, 7, size),
        "leeftijdsklasse": _code(chance, lists.LEEFTIJDSKLASSE.values, size),
        "woongemeente": made.homes.gather(made.home_of),
        "inschrijfdatum": _day(chance, size, date(2020, 8, 1), 600),
        "uitschrijfdatum": left,
        "uitstroom": pl.select(pl.when(left.is_not_null()).then(_code(chance, lists.UITSTROOM.values, size))),
        "extra_ondersteuning": _flag(chance, size, 0.1),
    }


def _trajecten(made: Country) -> Columns:
    chance, size = np.random.default_rng(11), made.size("trajecten")
    who, columns = _of_pupils(made, chance, size)
    asked = _day(chance, size)
    begun = asked + chance.integers(0, 40, size)
    ended = _later(chance, begun, 200, 0.4)
    return columns | {
        "traject_id": pl.Series(np.arange(size)).cast(pl.String),
        "woongemeente": made.homes.gather(made.home_of[who]),
        "leeftijdsklasse": _code(chance, lists.LEEFTIJDSKLASSE.values, size),
        "functie": _code(chance, lists.FUNCTIE.values, size),
        "aanmelddatum": asked,
        "eerste_contact": _later(chance, asked, 30, 0.1),
        "begindatum": _sometimes(chance, pl.Series(begun), 0.05),
        "einddatum": ended,
        "vorm": _code(chance, lists.VORM.values, size),
        "aard": _code(chance, lists.AARD.values, size),
        "preventie": _code(chance, lists.PREVENTIE.values, size),
        "aanmeldreden": _code(chance, lists.AANMELDREDEN.values, size),
        "specialistische_hulp_in_beeld": _flag(chance, size, 0.3),
        "overbrugging": _flag(chance, size, 0.1),
        "aantal_gesprekken": chance.integers(0, 20, size),
        "uitkomst": pl.select(pl.when(ended.is_not_null()).then(_code(chance, lists.UITKOMST.values, size))),
        "beschikking_aangevraagd": _flag(chance, size, 0.1),
        "warme_overdracht": _sometimes(chance, pl.Series(_flag(chance, size, 0.6)), 0.3),
        "doelen_gesteld": chance.integers(3, 6, size),
        "doelen_behaald": chance.integers(0, 4, size),
        "nut": _sometimes(chance, pl.Series(chance.integers(1, 11, size)), 0.5),
        "zonder_hulp_verder": _code(chance, ("01", "02", "03", "04"), size, 0.5),
        "informant": _code(chance, lists.INFORMANT.values, size, 0.5),
    }


def _activiteiten(made: Country) -> Columns:
    chance, size = np.random.default_rng(12), made.size("activiteiten")
    return {
        "datum": _day(chance, size, YEAR.first_day, 365),
        "school": made.schools.gather(chance.integers(0, len(made.schools), size)),
        "functie": _code(chance, lists.FUNCTIE.values, size),
        "activiteit": _code(chance, lists.ACTIVITEIT.values, size),
        "doelgroep": _code(chance, lists.DOELGROEP.values, size),
        "preventie": _code(chance, lists.PREVENTIE.values, size),
        "minuten": chance.integers(5, 120, size),
        "aantal_deelnemers": _sometimes(chance, pl.Series(chance.integers(1, 30, size)), 0.5),
        "traject_id": _sometimes(
            chance, pl.Series(chance.integers(0, made.size("trajecten"), size)).cast(pl.String), 0.4
        ),
        "vraagcategorie": _code(chance, lists.AANMELDREDEN.values, size, 0.8),
    }


def _inzet(made: Country) -> Columns:
    chance, size = np.random.default_rng(13), made.size("inzet")
    teams = pl.Series([team.id for team in made.region.teams])
    in_team = _flag(chance, size, 0.05)
    at = made.schools.gather(chance.integers(0, len(made.schools), size))
    team = teams.gather(chance.integers(0, len(teams), size))
    return {
        "medewerker": pl.Series(chance.integers(0, size // 2 + 1, size)).cast(pl.String),
        "functie": _code(chance, lists.FUNCTIE.values, size),
        "school": pl.select(pl.when(~pl.Series(in_team)).then(at)),
        "team": pl.select(pl.when(pl.Series(in_team)).then(team)),
        "begindatum": _day(chance, size, date(2021, 8, 1), 500),
        "einddatum": _sometimes(chance, pl.Series(_day(chance, size, date(2023, 1, 1), 200)), 0.8),
        "fte": chance.integers(1, 11, size) / 10,
        "aanbieder": pl.Series(["Aanbieder"]).gather(np.zeros(size, dtype=int)),
    }


def _verzuim(made: Country) -> Columns:
    chance, size = np.random.default_rng(14), made.size("verzuim")
    begun = _day(chance, size, YEAR.first_day, 365)
    return _of_pupils(made, chance, size)[1] | {
        "melding_id": pl.Series(np.arange(size)).cast(pl.String),
        "soort": _code(chance, lists.SOORT_VERZUIM.values, size),
        "begindatum": begun,
        "einddatum": _later(chance, begun, 60, 0.3),
        "ongeoorloofd": _flag(chance, size, 0.5),
    }


def _at_home(made: Country, chance: Draw, size: int) -> Columns:
    who = chance.integers(0, made.pupils, size)
    return {"leerling_id": made.ids.gather(who), "woongemeente": made.homes.gather(made.home_of[who])}


def _jeugdhulp(made: Country) -> Columns:
    chance, size = np.random.default_rng(15), made.size("jeugdhulp")
    begun = _day(chance, size, date(2021, 8, 1), 730)
    return _at_home(made, chance, size) | {
        "geslacht": _code(chance, ("V", "M", "O"), size),
        "leeftijdsklasse": _code(chance, lists.LEEFTIJDSKLASSE.values, size),
        "verwijzer": _code(chance, lists.VERWIJZER.values, size),
        "hulpvorm": _code(chance, lists.HULPVORM.values, size),
        "gestart_met_crisis": _code(chance, ("01", "02"), size),
        "aanvang": begun,
        "einde": _later(chance, begun, 400, 0.4),
    }


def _wachttijden(made: Country) -> Columns:
    chance, size = np.random.default_rng(16), made.size("wachttijden")
    asked = _day(chance, size)
    intake = asked + chance.integers(0, 60, size)
    return _at_home(made, chance, size) | {
        "soort": _code(chance, lists.SOORT_WACHTTIJD.values, size),
        "aanmelddatum": asked,
        "intakedatum": intake,
        "startdatum": _later(chance, intake, 120, 0.3),
    }


def _tlv(made: Country) -> Columns:
    chance, size = np.random.default_rng(17), made.size("tlv")
    asked = _day(chance, size)
    given = asked + chance.integers(0, 60, size)
    return _of_pupils(made, chance, size)[1] | {
        "tlv_nummer": pl.Series(np.arange(size)).cast(pl.String),
        "categorie": _code(chance, lists.TLV_CATEGORIE.values, size),
        "soort_onderwijs": _code(chance, lists.SOORT_ONDERWIJS.values, size),
        "aanvraagdatum": asked,
        "afgiftedatum": given,
        "ingangsdatum": given,
        "plaatsingsdatum": _later(chance, given, 90, 0.4),
    }


def _thuiszitters(made: Country) -> Columns:
    chance, size = np.random.default_rng(18), made.size("thuiszitters")
    begun = _day(chance, size)
    ended = _later(chance, begun, 200, 0.5)
    return _at_home(made, chance, size) | {
        "soort": _code(chance, lists.SOORT_THUISZITTER.values, size),
        "begindatum": begun,
        "einddatum": ended,
        "teruggeleid": pl.select(pl.when(ended.is_not_null()).then(pl.Series(_flag(chance, size, 0.5)))),
    }


def _leerplicht(made: Country) -> Columns:
    chance, size = np.random.default_rng(19), made.size("leerplicht")
    begun = _day(chance, size)
    return _at_home(made, chance, size) | {
        "soort": pl.Series(["absoluut"]).gather(np.zeros(size, dtype=int)),
        "begindatum": begun,
        "einddatum": _later(chance, begun, 200, 0.5),
        "vrijstelling": _flag(chance, size, 0.2),
    }


def _enquete(made: Country) -> Columns:
    chance, size = np.random.default_rng(20), made.size("enquete")
    return {
        "respondent": pl.Series(np.arange(size)).cast(pl.String),
        "rol": _code(chance, lists.ROL.values, size),
        "school": made.schools.gather(chance.integers(0, len(made.schools), size)),
        "samenwerking": chance.integers(1, 11, size),
        "missie_bekend": _flag(chance, size, 0.5),
        "verbetering": _code(chance, ("ja", "deels", "nee"), size),
    }


def _inwoners(made: Country) -> Columns:
    ages, homes = lists.LEEFTIJDSKLASSE.values, made.homes
    size = len(ages) * len(homes)
    return {
        "woongemeente": homes.gather(np.arange(size) % len(homes)),
        "leeftijdsklasse": pl.Series(list(ages)).gather(np.arange(size) // len(homes)),
        "peildatum": np.full(size, np.datetime64("2023-01-01")),
        "aantal": np.random.default_rng(21).integers(100, 20_000, size),
    }


def _begeleiders(made: Country) -> Columns:
    size = len(made.schools)
    return {
        "school": made.schools,
        "peildatum": np.full(size, np.datetime64("2022-10-01")),
        "aantal_organisaties": np.random.default_rng(22).integers(1, 10, size),
        "aantal_begeleiders": np.random.default_rng(23).integers(1, 40, size),
    }


SOORTEN: dict[str, Callable[[Country], Columns]] = {
    "leerlingen": _leerlingen,
    "trajecten": _trajecten,
    "activiteiten": _activiteiten,
    "inzet": _inzet,
    "verzuim": _verzuim,
    "jeugdhulp": _jeugdhulp,
    "wachttijden": _wachttijden,
    "tlv": _tlv,
    "thuiszitters": _thuiszitters,
    "leerplicht": _leerplicht,
    "enquete": _enquete,
    "inwoners": _inwoners,
    "begeleiders": _begeleiders,
    "opgave": lambda _made: {},
}


def _complete(soort: str, columns: Columns) -> pl.DataFrame:
    """All columns of accepted rows, in order: what is not drawn is empty, and every date is known to the day."""
    schema = empty_frame(soort).schema
    if not columns:
        return empty_frame(soort)
    made = pl.DataFrame(
        {name: values.to_series() if isinstance(values, pl.DataFrame) else values for name, values in columns.items()}
    )
    known = {
        name: pl.when(pl.col(name.removesuffix(PRECISION)).is_not_null()).then(pl.lit("dag"))
        for name in schema
        if name.endswith(PRECISION) and name.removesuffix(PRECISION) in made.columns
    }
    return made.with_columns(leverancier=pl.lit("wie"), **known).select(
        (pl.col(name) if name in made.columns or name in known or name == "leverancier" else pl.lit(None))
        .cast(kind)
        .alias(name)
        for name, kind in schema.items()
    )
