"""What schools, samenwerkingsverbanden and gemeenten record about the same children: leerlingen, tlv, thuiszitters,
jeugdhulp and wachttijden. Rows as in ``support``.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random

from jos_pipeline.demo import profiles
from jos_pipeline.demo.people import People, Person, Pupil, chance, pick
from jos_pipeline.demo.support import PERSON, Row, between
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear


def leerlingen(pupils: Iterable[Pupil]) -> list[Row]:
    """The enrolments of a school in the school year they were drawn for."""
    return [_enrolment(pupil, pupil.grade) for pupil in pupils]


def leerlingen_before(pupils: Iterable[Pupil], leavers: Iterable[Pupil], year: SchoolYear) -> list[Row]:
    """The enrolments of the year before ``year``: who was there already, one year lower, and who left that summer."""
    stayed = [pupil for pupil in pupils if pupil.enrolled < date(year.start_year, 7, 1) and pupil.grade > 1]
    known = [_enrolment(pupil, pupil.grade - 1) | {"uitschrijfdatum": None, "uitstroom": None} for pupil in stayed]
    return known + [_enrolment(pupil, pupil.grade) for pupil in leavers]


def _enrolment(pupil: Pupil, grade: int) -> Row:
    return {
        PERSON: pupil.person,
        "school": pupil.school,
        "onderwijssoort": pupil.kind_in(grade),
        "leerjaar": grade,
        "inschrijfdatum": pupil.enrolled,
        "uitschrijfdatum": pupil.left,
        "uitstroom": pupil.destination,
        "extra_ondersteuning": pupil.extra_support,
    }


def tlv(rng: Random, pupils: Sequence[Pupil], network: str, year: SchoolYear, peildatum: date) -> list[Row]:
    """Verklaringen of one samenwerkingsverband: two thirds given this school year, the rest still in force."""
    gespecialiseerd = [pupil for pupil in pupils if pupil.kind in ("pro", "vso")]
    regular = [pupil for pupil in pupils if pupil.kind not in ("pro", "vso") and pupil.left is None]
    size = profiles.TLV[network]
    chosen = rng.sample(gespecialiseerd, min(len(gespecialiseerd), round(size * 0.3)))
    chosen += rng.sample(regular, size - len(chosen))
    return [
        _tlv(rng, pupil, f"{network}-{year.start_year}-{number:04d}", year, peildatum)
        for number, pupil in enumerate(chosen, 1)
    ]


def _tlv(rng: Random, pupil: Pupil, number: str, year: SchoolYear, peildatum: date) -> Row:
    placed_already = pupil.kind in ("pro", "vso")
    if placed_already or chance(rng, 0.15):
        asked = between(rng, date(year.start_year - 1, 10, 3), date(year.start_year, 5, 20))
    else:
        asked = between(rng, date(year.start_year, 8, 22), peildatum - timedelta(days=10))
    granted = asked + timedelta(days=rng.randint(14, 60))
    start = max(granted, date(year.start_year, 8, 1)) if placed_already else granted
    placed = start if placed_already else granted + timedelta(days=round(rng.gammavariate(4, 14)))
    back = placed + timedelta(days=rng.randint(60, 160)) if chance(rng, 0.12) else None
    known = granted <= peildatum
    return {
        PERSON: pupil.person,
        "tlv_nummer": number,
        "school": pupil.school,
        "categorie": pick(rng, {"1": 80, "2": 6, "3": 14}),
        "soort_onderwijs": "pro" if pupil.kind == "pro" else pick(rng, {"vso": 90, "pro": 8, "so": 2}),
        "aanvraagdatum": asked,
        "afgiftedatum": granted if known else None,
        "ingangsdatum": start if known else None,
        "einddatum": year.last_day if known else None,
        "plaatsingsdatum": placed if known and placed <= peildatum else None,
        "terugstroomdatum": back if known and back is not None and back <= peildatum else None,
    }


def thuiszitters(
    rng: Random, people: People, pupils: Sequence[Pupil], network: str, *, region: Region, day: date
) -> list[Row]:
    """Children at home, in every gemeente of the samenwerkingsverband; most are at a school outside the pilot."""
    homes = [area.gemeente for area in region.areas_on(day) if area.samenwerkingsverband == network]
    weights = {home: 5 if home in ("GM0361", "GM1980") else 2 for home in homes}
    own = rng.sample(
        [pupil for pupil in pupils if pupil.person.municipality in homes], profiles.THUISZITTERS[network] // 3
    )
    rows = [_home(rng, pupil.person, pupil.school, day) for pupil in own]
    others = range(profiles.THUISZITTERS[network] - len(own))
    return rows + [_home(rng, people.child(6, 17, day, pick(rng, weights)), None, day) for _ in others]


def _home(rng: Random, person: Person, school: str | None, day: date) -> Row:
    begin = between(rng, day - timedelta(days=330), day - timedelta(days=5))
    end = begin + timedelta(days=round(rng.gammavariate(2.2, 80)))
    over = end <= day and end >= date(day.year - 1, 8, 1)
    return {
        PERSON: person,
        "school": school,
        "soort": "langdurig_relatief" if school or chance(rng, 0.55) else "absoluut",
        "begindatum": begin,
        "einddatum": end if over else None,
        "teruggeleid": (chance(rng, 0.68)) if over else None,
    }


def jeugdhulp(
    rng: Random,
    people: People,
    pupils: Sequence[Pupil],
    helped: frozenset[str],
    home: str,
    *,
    year: SchoolYear,
    peildatum: date,
) -> list[Row]:
    """Jeugdhulp of one gemeente: pupils with JOS or extra support far more often than others, and other children."""
    ours = [pupil for pupil in pupils if pupil.person.municipality == home]
    chosen = [pupil.person for pupil in ours if chance(rng, _share(pupil, helped))]
    others = [people.child(4, 18, peildatum, home) for _ in range(profiles.JEUGDHULP[home] - round(len(chosen) * 1.15))]
    rows: list[Row] = []
    for person in (*chosen, *others):
        row = _spell(rng, person, year, peildatum)
        rows.append(row)
        if chance(rng, 0.07):
            rows.append(_spell(rng, person, year, peildatum) | {"hulpvorm": "04" if row["hulpvorm"] == "02" else "02"})
        if chance(rng, 0.05):
            rows.append(_overlapping(row, peildatum))
    return rows


def _share(pupil: Pupil, helped: frozenset[str]) -> float:
    return 0.045 + 0.15 * (pupil.person.number in helped) + 0.17 * pupil.extra_support


def _spell(rng: Random, person: Person, year: SchoolYear, peildatum: date) -> Row:
    begin = between(rng, date(year.start_year, 1, 10), peildatum - timedelta(days=12))
    end = max(
        begin + timedelta(days=round(rng.lognormvariate(5.2, 0.6))), year.first_day + timedelta(days=rng.randint(5, 60))
    )
    over = end <= peildatum
    asked = over and chance(rng, 0.4)
    return {
        PERSON: person,
        "geslacht": person.sex,
        "verwijzer": pick(rng, profiles.VERWIJZERS),
        "hulpvorm": pick(rng, profiles.HULPVORMEN),
        "gestart_met_crisis": pick(rng, {"01": 6, "02": 94}),
        "aanvang": begin,
        "einde": end if over else None,
        "reden_beeindiging": pick(rng, profiles.REDENEN_BEEINDIGING) if over else None,
        "nut": min(10, max(2, round(rng.gauss(7.3, 1.3)))) if asked else None,
        "zonder_hulp_verder": pick(rng, {"01": 25, "02": 25, "03": 28, "04": 22}) if asked else None,
        "informant": pick(rng, {"jeugdige": 45, "ouder": 55}) if asked else None,
        "aanbieder": rng.choice(profiles.AANBIEDERS),
    }


def _overlapping(row: Row, peildatum: date) -> Row:
    """The same help booked once more, from a day inside the first spell: CBS counts the two as one."""
    last = (row["einde"] or peildatum) - timedelta(days=1)
    return row | {"aanvang": row["aanvang"] + (last - row["aanvang"]) // 2}


def wachttijden(rng: Random, home: str, year: SchoolYear, peildatum: date) -> list[Row]:
    """Who waits for the sociaal team or for jeugdhulp; all asked for in this school year."""
    slow = 1.25 if home in ("GM0361", "GM1980") else 1.0
    rows = []
    for _ in range(profiles.WACHTTIJDEN[home]):
        kind = pick(rng, {"sociaal_team": 45, "jeugdhulp": 55})
        asked = between(rng, year.first_day, peildatum - timedelta(days=4))
        intake = asked + timedelta(days=round(rng.gammavariate(2.5, (5 if kind == "sociaal_team" else 9) * slow)))
        start = intake + timedelta(days=round(rng.gammavariate(2, (5 if kind == "sociaal_team" else 20) * slow)))
        rows.append(
            {
                "woongemeente": home,
                "soort": kind,
                "aanmelddatum": asked,
                "intakedatum": intake if intake <= peildatum else None,
                "startdatum": start if start <= peildatum else None,
            }
        )
    return rows
