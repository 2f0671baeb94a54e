"""What else is counted around the pilot schools: verzuim, begeleiders, leerplicht, inwoners, a survey and totals.

Rows as in ``support``: contract columns with typed values, ``PERSON`` for the invented person they are about.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from jos_pipeline.demo import profiles
from jos_pipeline.demo.people import People, Pupil, chance, pick
from jos_pipeline.demo.support import PERSON, Row, between
from jos_pipeline.school_year import SchoolYear
from schemas.codelists import LEEFTIJDSKLASSE, ROL

_FOUR_WEEKS = 28


def verzuim(rng: Random, pupils: Sequence[Pupil], code: str, year: SchoolYear, peildatum: date) -> list[Row]:
    """The reports a school made up to the peildatum, numbered in order."""
    kinds = [pick(rng, profiles.VERZUIM) for pupil in pupils if pupil.enrolled <= peildatum and chance(rng, 0.075)]
    there = [pupil for pupil in pupils if pupil.left is None]
    return [
        {"melding_id": f"{code}-{number:04d}", PERSON: rng.choice(there).person, "school": code}
        | _report(rng, kind, year, peildatum)
        for number, kind in enumerate(kinds, start=1)
    ]


def _report(rng: Random, kind: str, year: SchoolYear, peildatum: date) -> Row:
    begin = between(rng, year.first_day + timedelta(days=35), peildatum - timedelta(days=4))
    long = kind == "langdurig_relatief"
    end = begin + timedelta(days=_FOUR_WEEKS + rng.randint(0, 50) if long else rng.randint(0, 26))
    return {
        "soort": kind,
        "begindatum": begin,
        "einddatum": end if end <= peildatum else None,
        "uren": None if long else float(rng.randint(16, 48) if kind == "16_uur" else rng.randint(2, 40)),
        "ongeoorloofd": kind == "luxe" or chance(rng, 0.7),
    }


def begeleiders(rng: Random, code: str, pupils: int, year: SchoolYear, peildatum: date) -> list[Row]:
    """Carers from outside in a school, counted on 1 October and on the peildatum: fewer as JOS takes over."""
    start = max(2, round(pupils / 90) + rng.randint(-1, 2))
    return [
        {
            "school": code,
            "peildatum": day,
            "aantal_organisaties": max(1, round(there * 0.6)),
            "aantal_begeleiders": there,
        }
        for day, there in ((year.counting_day, start), (peildatum, max(1, start - rng.randint(0, 3))))
    ]


def leerplicht(rng: Random, people: People, home: str, year: SchoolYear, peildatum: date) -> list[Row]:
    """Children of a gemeente who are at no school; half of them are exempt."""
    rows = []
    for _ in range(profiles.LEERPLICHT[home]):
        begin = between(rng, date(year.start_year, 2, 1), peildatum - timedelta(days=10))
        end = begin + timedelta(days=rng.randint(30, 400))
        rows.append(
            {
                PERSON: people.child(5, 17, peildatum, home),
                "soort": "absoluut",
                "begindatum": begin,
                "einddatum": end if year.first_day <= end <= peildatum else None,
                "vrijstelling": chance(rng, 0.5),
            }
        )
    return rows


def inwoners(rng: Random, home: str, year: SchoolYear) -> list[Row]:
    """How many children live in a gemeente on 1 January, per age class."""
    day = date(year.start_year + 1, 1, 1)
    per_year = profiles.CHILDREN[home]
    ages = dict(zip(LEEFTIJDSKLASSE.values, (4, 4, 2, 2, 2, 1), strict=True))
    return [
        {
            "woongemeente": home,
            "leeftijdsklasse": ages_of,
            "peildatum": day,
            "aantal": round(per_year * years * rng.uniform(0.95, 1.05)),
        }
        for ages_of, years in ages.items()
    ]


def enquete(rng: Random, schools: Sequence[str]) -> list[Row]:
    """The answers of pupils, parents and professionals; not everybody answers every question."""
    return [_answer(rng, number, schools) for number in range(1, profiles.RESPONDENTS + 1)]


def _answer(rng: Random, number: int, schools: Sequence[str]) -> Row:
    role = pick(rng, dict(zip(ROL.values, (34, 26, 24, 12, 4), strict=True)))
    answered = chance(rng, 0.9)
    return {
        "respondent": f"R{number:04d}",
        "rol": role,
        "school": None if role == "beleid" else rng.choice(schools),
        "samenwerking": min(10, max(1, round(rng.gauss(6.1, 1.6)))) if answered else None,
        "missie_bekend": chance(rng, 0.5) if role not in ("jeugdige", "ouder") else None,
        "verbetering": pick(rng, {"ja": 55, "deels": 30, "nee": 15}) if role in ("jeugdige", "ouder") else None,
    }


def opgave(code: str, pupils: Sequence[Pupil], year: SchoolYear) -> list[Row]:
    """What a school that sends no records counted itself; small numbers are masked."""
    there = [
        pupil
        for pupil in pupils
        if pupil.enrolled <= year.counting_day and (pupil.left is None or pupil.left > year.counting_day)
    ]
    per_grade: Mapping[int, int] = {grade: sum(p.grade == grade for p in there) for grade in range(1, 7)}
    whole: Row = {"school": code, "periode": "schooljaar", "indicator": "leerlingen"}
    return [
        whole | {"teller": len(there)},
        *(
            whole | {"uitsplitsing": "leerjaar", "categorie": str(grade), "teller": count if count > 4 else "<5"}
            for grade, count in per_grade.items()
            if count
        ),
    ]
