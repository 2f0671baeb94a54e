"""Everything that is so in the synthetic region in one school year, before anyone writes it down.

Draws from ``people``, ``support`` and ``surroundings`` come together here, each with its own stream of the seed, so
that a change in one does not move the others.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from random import Random

from jos_pipeline.demo import further, profiles, support, surroundings
from jos_pipeline.demo.people import People, Pupil
from jos_pipeline.demo.support import PERSON, Row
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear

ACTIVITIES = 9_000
LAST_YEAR_SCHOOLS = ("19ZQ00", "20MH00", "00ZD00")
"""Schools that delivered leerlingen in the school year before as well."""
FORM_SCHOOL = "25EF02"
"""The school that sends no records: it filled in a form with totals, which its samenwerkingsverband passes on."""


@dataclass(frozen=True)
class World:
    """The region as it is; ``before`` is the school year that closed last summer, None outside the monitor's years."""

    region: Region
    year: SchoolYear
    before: SchoolYear | None
    peildatum: date
    peildatum_before: date
    seed: int
    key: bytes
    pupils: dict[str, list[Pupil]]
    leavers: dict[str, list[Pupil]]
    trajecten: list[Row]
    inzet: list[Row]
    activiteiten: list[Row]
    tlv: dict[str, list[Row]]
    thuiszitters: dict[str, list[Row]]
    jeugdhulp: dict[str, list[Row]]
    wachttijden: dict[str, list[Row]]
    verzuim: dict[str, list[Row]]
    begeleiders: dict[str, list[Row]]
    leerplicht: dict[str, list[Row]]
    inwoners: dict[str, list[Row]]
    enquete: list[Row]
    opgave: list[Row]

    def stream(self, name: str) -> Random:
        """Chance for one purpose, the same for the same seed."""
        return _stream(self.seed, name)

    def trajecten_now(self) -> list[Row]:
        return support.trajecten_on(self.trajecten, self.year, self.peildatum)


def _stream(seed: int, name: str) -> Random:
    return Random(f"jos-demo/{seed}/{name}")  # noqa: S311 - an invented region, not a secret


def demo_key(seed: int, name: str) -> bytes:
    """A key of 32 bytes for the demo only: whoever knows the seed knows it."""
    return sha256(f"jos-demo/{seed}/{name}".encode()).digest()


def make_world(region: Region, year: SchoolYear, seed: int) -> World:
    """Draws the region. Raises ValueError for a region or school year that the demo does not know."""
    _must_know(region, year)
    peildatum = date(year.start_year + 1, 2, 1)
    before = SchoolYear(year.start_year - 1)
    people = People(_stream(seed, "personen"), region)
    pupils = {code: people.school(code, profile, year) for code, profile in profiles.SCHOOLS.items()}
    leavers = {code: people.leavers(code, profile, before) for code, profile in profiles.SCHOOLS.items()}
    everyone = [pupil for enrolled in pupils.values() for pupil in enrolled]
    trajecten = support.Caseload(_stream(seed, "trajecten"), year, peildatum).trajecten(pupils, leavers)
    known = support.trajecten_on(trajecten, year, peildatum)
    helped = frozenset(row[PERSON].number for row in known)
    networks = {network: _pupils_of(network, region, peildatum, pupils) for network in region.samenwerkingsverbanden}
    return World(
        region=region,
        year=year,
        before=before if str(before) in region.school_years else None,
        peildatum=peildatum,
        peildatum_before=date(year.start_year, 8, 1),
        seed=seed,
        key=demo_key(seed, "keten"),
        pupils=pupils,
        leavers=leavers,
        trajecten=trajecten,
        inzet=support.inzet(_stream(seed, "inzet"), region, year),
        activiteiten=support.activiteiten(_stream(seed, "activiteiten"), known, year, peildatum, ACTIVITIES),
        tlv={n: surroundings.tlv(_stream(seed, f"tlv/{n}"), own, n, year, peildatum) for n, own in networks.items()},
        thuiszitters={
            n: surroundings.thuiszitters(_stream(seed, f"thuis/{n}"), people, own, n, region=region, day=peildatum)
            for n, own in networks.items()
        },
        jeugdhulp={
            home: surroundings.jeugdhulp(
                _stream(seed, f"hulp/{home}"), people, everyone, helped, home, year=year, peildatum=peildatum
            )
            for home in profiles.JEUGDHULP
        },
        wachttijden={
            home: surroundings.wachttijden(_stream(seed, f"wacht/{home}"), home, year, peildatum)
            for home in profiles.WACHTTIJDEN
        },
        verzuim={
            code: further.verzuim(_stream(seed, f"verzuim/{code}"), own, code, year, peildatum)
            for code, own in pupils.items()
        },
        begeleiders={
            code: further.begeleiders(_stream(seed, f"begeleiders/{code}"), code, len(own), year, peildatum)
            for code, own in pupils.items()
        },
        leerplicht={
            home: further.leerplicht(_stream(seed, f"leerplicht/{home}"), people, home, year, peildatum)
            for home in profiles.LEERPLICHT
        },
        inwoners={home: further.inwoners(_stream(seed, f"inwoners/{home}"), home, year) for home in profiles.CHILDREN},
        enquete=further.enquete(_stream(seed, "enquete"), list(profiles.SCHOOLS)),
        opgave=further.opgave(FORM_SCHOOL, pupils[FORM_SCHOOL], year),
    )


class UnfitDemoError(ValueError):
    """What is asked for cannot be invented. The message (Dutch) says what to do."""


def _must_know(region: Region, year: SchoolYear) -> None:
    schools = {school.school for school in region.scholen}
    if not schools >= set(profiles.SCHOOLS) or "groeimee" not in region.suppliers:
        raise UnfitDemoError(
            f"de verzonnen regio is die van alkmaar, en regio {region.id} heeft andere scholen of leveranciers. "
            "Kies alkmaar in JOS_REGIO, of haal die weg"
        )
    if str(year) not in region.school_years:
        raise UnfitDemoError(f"schooljaar {year} wordt niet verwerkt; kies uit {', '.join(region.school_years)}")


def _pupils_of(network: str, region: Region, day: date, pupils: dict[str, list[Pupil]]) -> list[Pupil]:
    homes = {area.gemeente for area in region.areas_on(day) if area.samenwerkingsverband == network}
    codes = [school.school for school in region.schools_on(day) if school.gemeente in homes]
    return [pupil for code in codes if code in pupils for pupil in pupils[code]]
