"""What the aanbieder records: inzet, trajecten and activiteiten of two school years.

Rows are plain dictionaries of contract columns with typed values; ``PERSON`` holds the invented person a row is
about, until a file is written. Rows tell the whole story; ``trajecten_on`` and ``inzet_on`` cut it off at a peildatum.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from jos_pipeline.demo import profiles
from jos_pipeline.demo.people import Pupil, chance, pick
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear

Row = dict[str, Any]
PERSON = "_person"
SUPPLIER_NAME = "Stichting Groeimee"
_CLOSING = ("uitkomst", "warme_overdracht", "doelen_behaald", "nut", "zonder_hulp_verder", "informant")
_BY_TEAM = ("consultatie", "zorgoverleg", "overleg_extern", "professionalisering", "overig")
_OF_ONE_PUPIL = ("leerlinggesprek", "oudergesprek", "huisbezoek", "observatie", "diagnostiek")
_FRIDAY = 4
_PASSED_ON = ("voorliggend_veld", "sociaal_team", "specialistische_jeugdhulp")


def weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > _FRIDAY else 0)


def functies_at(code: str) -> dict[str, int]:
    """The functies that work at a school, by weight; a school without fte of its own has those of its team."""
    there = profiles.SCHOOLS[code].fte
    return {functie: weight for functie, weight in profiles.FUNCTIES.items() if functie in there or not there}


def between(rng: Random, first: date, last: date) -> date:
    """A working day between two days (or the Monday after, when there is only a weekend)."""
    span = max(0, (last - first).days)
    day = first + timedelta(days=rng.randint(0, span))
    while day.weekday() > _FRIDAY and span > 1:
        day = first + timedelta(days=rng.randint(0, span))
    return weekday(day)


class Caseload:
    """Draws trajecten for pupils; numbers them in order."""

    def __init__(self, rng: Random, year: SchoolYear, peildatum: date) -> None:
        self._rng, self._year, self._peildatum, self._count = rng, year, peildatum, 0

    def trajecten(self, pupils: dict[str, list[Pupil]], leavers: dict[str, list[Pupil]]) -> list[Row]:
        """Every traject of two school years, of the pupils of now and of those who left last summer."""
        rows = []
        for code, profile in profiles.SCHOOLS.items():
            chosen = self._rng.sample(pupils[code], round(profile.jos_pupils * 1.12))
            active, waiting = chosen[: profile.jos_pupils], chosen[profile.jos_pupils :]
            rows += [row for pupil in active for row in self._of(pupil)]
            rows += [self._waiting(pupil) for pupil in waiting]
            rows += [self._last_year(pupil) for pupil in self._former(leavers[code], pupils[code], profile.jos_pupils)]
        return rows

    def _former(self, leavers: Sequence[Pupil], pupils: Sequence[Pupil], size: int) -> list[Pupil]:
        stayed = [pupil for pupil in pupils if pupil.enrolled < self._year.first_day]
        return self._rng.sample(list(leavers), round(size * 0.2)) + self._rng.sample(stayed, round(size * 0.35))

    def _of(self, pupil: Pupil) -> list[Row]:
        """The one or two trajecten of a pupil that JOS works with this year."""
        rng, year = self._rng, self._year
        if pupil.enrolled < year.first_day and chance(rng, 0.4):
            begin = between(rng, date(year.start_year, 2, 6), date(year.start_year, 7, 8))
            first = self._started(
                pupil, begin, max(begin + self._length(), between(rng, date(year.start_year, 9, 5), self._peildatum))
            )
        else:
            begin = between(rng, date(year.start_year, 8, 29), self._peildatum - timedelta(days=12))
            first = self._started(pupil, begin, begin + self._length())
        if chance(rng, 0.10):
            begin = between(rng, first["begindatum"], self._peildatum - timedelta(days=8))
            return [
                first,
                self._started(
                    pupil,
                    begin,
                    begin + timedelta(days=70),
                    "groep" if first["vorm"] == "individueel" else "individueel",
                ),
            ]
        again = first["einddatum"] + timedelta(days=rng.randint(15, 60))
        if chance(rng, 0.14) and again < self._peildatum - timedelta(days=5):
            return [first, self._started(pupil, weekday(again), weekday(again) + self._length())]
        return [first]

    def _last_year(self, pupil: Pupil) -> Row:
        year = self._year.start_year
        begin = between(self._rng, date(year - 1, 9, 1), date(year, 4, 20))
        return self._started(pupil, begin, min(begin + self._length(), date(year, 7, 14)))

    def _length(self) -> timedelta:
        return timedelta(days=max(14, round(self._rng.lognormvariate(4.65, 0.5))))

    def _waiting(self, pupil: Pupil) -> Row:
        row = self._base(
            pupil, between(self._rng, self._peildatum - timedelta(days=70), self._peildatum - timedelta(days=3))
        )
        contact = weekday(row["aanmelddatum"] + self._wait(pupil))
        return row | {"eerste_contact": contact if contact <= self._peildatum else None}

    def _wait(self, pupil: Pupil) -> timedelta:
        return timedelta(days=round(self._rng.gammavariate(3, profiles.SCHOOLS[pupil.school].wait_days / 3)))

    def _started(self, pupil: Pupil, begin: date, end: date, form: str | None = None) -> Row:
        rng, wait, end = self._rng, self._wait(pupil), weekday(end)
        contact = weekday(begin - timedelta(days=rng.randint(0, 9)))
        contact = min(contact, begin)
        in_view = chance(rng, 0.27)
        sessions = max(1, round((end - begin).days / 21 * rng.uniform(0.5, 1.5)))
        goals = rng.randint(1, 4)
        asked = chance(rng, 0.62)
        outcome = pick(rng, profiles.UITKOMSTEN_IN_BEELD if in_view else profiles.UITKOMSTEN)
        good = outcome in ("geen_vervolg", "voorliggend_veld", "sociaal_team")
        mark = round(rng.gauss(8.0 if good else 6.6, 1.1) - wait.days / 60)
        return self._base(pupil, contact - wait, form) | {
            "eerste_contact": contact,
            "begindatum": begin,
            "einddatum": end,
            "specialistische_hulp_in_beeld": in_view,
            "overbrugging": chance(rng, 0.3 if in_view else 0.07),
            "aantal_gesprekken": sessions if chance(rng, 0.95) else None,
            "uitkomst": outcome,
            "beschikking_aangevraagd": chance(rng, 0.28 if in_view else 0.06),
            "warme_overdracht": chance(rng, 0.74) if outcome in _PASSED_ON and chance(rng, 0.95) else None,
            "doelen_gesteld": goals,
            "doelen_behaald": min(goals, max(0, round(goals * rng.gauss(0.85 if good else 0.5, 0.2)))),
            "nut": min(10, max(1, mark)) if asked else None,
            "zonder_hulp_verder": pick(
                rng, {"01": 14, "02": 24, "03": 34, "04": 28} if good else {"01": 48, "02": 26, "03": 16, "04": 10}
            )
            if asked
            else None,
            "informant": pick(rng, {"jeugdige": 58, "ouder": 42}) if asked else None,
        }

    def _base(self, pupil: Pupil, asked: date, form: str | None = None) -> Row:
        rng = self._rng
        self._count += 1
        functie = pick(rng, functies_at(pupil.school))
        return {
            PERSON: pupil.person,
            "traject_id": f"T{self._year.start_year % 100}-{self._count:05d}",
            "school": pupil.school,
            "functie": functie,
            "aanmelddatum": asked - timedelta(days=max(0, asked.weekday() - _FRIDAY)),
            "eerste_contact": None,
            "begindatum": None,
            "einddatum": None,
            "vorm": form or pick(rng, {"individueel": 90 if functie == "gedragswetenschapper" else 66, "groep": 22}),
            "aard": pick(rng, {"structureel": 72, "incidenteel": 28}),
            "preventie": pick(rng, {"primair": 26, "secundair": 74}),
            "aanmeldreden": pick(rng, profiles.AANMELDREDENEN),
            "specialistische_hulp_in_beeld": chance(rng, 0.27),
            "overbrugging": chance(rng, 0.1),
            "aantal_gesprekken": None,
            "uitkomst": None,
            "beschikking_aangevraagd": False,
            "warme_overdracht": None,
            "doelen_gesteld": None,
            "doelen_behaald": None,
            "nut": None,
            "zonder_hulp_verder": None,
            "informant": None,
        }  # fmt: skip


def trajecten_on(rows: Iterable[Row], year: SchoolYear, day: date) -> list[Row]:
    """What the aanbieder knows on ``day`` of the trajecten of a school year: later facts are not there yet."""
    known = []
    for row in rows:
        over = row["einddatum"] is not None and row["einddatum"] < year.first_day
        if over or row["aanmelddatum"] > day or row["aanmelddatum"] > year.last_day:
            continue
        later = {
            name: None
            for name in ("eerste_contact", "begindatum", "einddatum")
            if row[name] is not None and row[name] > day
        }
        if "einddatum" in later:
            later |= dict.fromkeys(_CLOSING)
        if "begindatum" in later:
            later |= dict.fromkeys(("aantal_gesprekken", "doelen_gesteld"))
        known.append(row | later)
    return known


def inzet(rng: Random, region: Region, year: SchoolYear) -> list[Row]:
    """Who works where: everyone at a school or in a team; eight leave in autumn and are replaced."""
    places = [({"school": code, "team": None}, profile.fte) for code, profile in profiles.SCHOOLS.items()]
    places += [({"school": None, "team": team.id}, profiles.TEAM_FTE[team.id]) for team in region.teams]
    rows = [
        _post(place, functie, size, year)
        for place, posts in places
        for functie, sizes in posts.items()
        for size in sizes
    ]
    for row in rng.sample(rows, round(len(rows) * 0.4)):
        row["begindatum"] = date(year.start_year, 9, 1)
    for row in rng.sample(rows, 8):
        row["einddatum"] = between(rng, date(year.start_year, 10, 20), date(year.start_year, 12, 23))
        start = weekday(row["einddatum"] + timedelta(days=rng.randint(5, 40)))
        rows.append(row | {"begindatum": start, "einddatum": None})
    direct = [row for row in rows if row["school"] is not None]
    rows += [
        row | {"school": "02TD03", "fte": 0.1, "begindatum": date(year.start_year, 11, 7), "einddatum": None}
        for row in rng.sample(direct, 3)
    ]
    return [row | {"medewerker": f"M{101 + number}"} for number, row in enumerate(rows)]


def _post(place: Row, functie: str, size: float, year: SchoolYear) -> Row:
    return {
        "medewerker": "",
        "functie": functie,
        **place,
        "begindatum": date(year.start_year - 1, 9, 1),
        "einddatum": None,
        "fte": size,
        "aanbieder": SUPPLIER_NAME,
    }


def inzet_on(rows: Iterable[Row], year: SchoolYear, day: date) -> list[Row]:
    """The inzet of a school year as far as it is known on ``day``."""
    return [
        row | ({"einddatum": None} if row["einddatum"] is not None and row["einddatum"] > day else {})
        for row in rows
        if row["begindatum"] < min(day, year.last_day)
        and (row["einddatum"] is None or row["einddatum"] >= year.first_day)
    ]


def activiteiten(rng: Random, trajecten: Sequence[Row], year: SchoolYear, peildatum: date, size: int) -> list[Row]:
    """What was done, in proportion to the fte of a place; talks with a pupil name the traject they belong to."""
    first, last = date(year.start_year, 9, 1), peildatum - timedelta(days=1)
    running = {
        code: [row for row in trajecten if row["school"] == code and row["begindatum"] is not None]
        for code in profiles.SCHOOLS
    }
    weights = {code: round(100 * sum(map(sum, profile.fte.values()))) for code, profile in profiles.SCHOOLS.items()}
    castricum = {code: profiles.SCHOOLS[code].pupils for code, weight in weights.items() if weight == 0}
    for code, pupils in castricum.items():
        weights[code] = round(700 * pupils / sum(castricum.values()))
    rows = [_activity(rng, pick(rng, weights), running, castricum, (first, last)) for _ in range(size)]
    return sorted(rows, key=lambda row: row["datum"])


def _activity(
    rng: Random, code: str, running: dict[str, list[Row]], shared: dict[str, int], days: tuple[date, date]
) -> Row:
    what = pick(rng, profiles.ACTIVITEITEN)
    by_team = code in shared and what in _BY_TEAM
    row: Row = {
        "datum": min(between(rng, *days), days[1]),
        "school": None if by_team else code,
        "team": "castricum" if by_team else None,
        "functie": pick(rng, functies_at(code)),
        "activiteit": what,
        "doelgroep": "leerling",
        "preventie": pick(rng, {"primair": 20, "secundair": 80}),
        "minuten": 5 * max(2, round(rng.gauss(9, 3))),
        "aantal_deelnemers": None,
        "traject_id": None,
        "vraagcategorie": None,
    }
    if what in _OF_ONE_PUPIL and running[code] and chance(rng, 0.9):
        traject = rng.choice(running[code])
        begin, end = max(traject["begindatum"], days[0]), min(traject["einddatum"] or days[1], days[1])
        row |= {"traject_id": traject["traject_id"], "functie": traject["functie"], "preventie": traject["preventie"]}
        row["datum"] = min(between(rng, begin, end), days[1])
    return row | _details(rng, what)


def _details(rng: Random, what: str) -> Row:
    """Doelgroep, preventie, duration and participants that go with a kind of activity."""
    everyone: Row = {"preventie": "primair"}
    alone: dict[str, Row] = {
        "oudergesprek": {"doelgroep": "ouder"},
        "huisbezoek": {"doelgroep": "ouder"},
        "overleg_extern": {"doelgroep": "extern"},
        "overdracht_po_vo": {"doelgroep": "extern"},
        "inloopspreekuur": everyone | _drop_in(rng),
        "groepsaanbod": everyone | {"minuten": rng.choice((60, 75, 90)), "aantal_deelnemers": rng.randint(5, 12)},
        "collectieve_activiteit": everyone | {"minuten": 120, "aantal_deelnemers": rng.randint(20, 240)},
        "professionalisering": everyone
        | {"doelgroep": "team", "minuten": rng.choice((90, 120)), "aantal_deelnemers": rng.randint(8, 45)},
    }
    advice: Row = {"doelgroep": pick(rng, {"mentor": 55, "docent": 25, "team": 20})}
    return alone.get(what, advice if what in ("consultatie", "handelingsadvies", "zorgoverleg") else {})


def _drop_in(rng: Random) -> Row:
    return {
        "doelgroep": pick(rng, {"leerling": 70, "ouder": 15, "mentor": 15}),
        "aantal_deelnemers": rng.randint(1, 6) if chance(rng, 0.85) else None,
        "vraagcategorie": pick(rng, profiles.AANMELDREDENEN),
    }
