"""Regions and accepted rows for the tests of linking and the cube: only what a test is about is written out."""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import Any

import polars as pl

from jos_pipeline.linking import empty_frame
from jos_pipeline.region import Area, Municipality, Region, School, Supplier, SupplierKind, Team
from jos_pipeline.release_moments import ReleaseMoment
from schemas.codelists import AANMELDREDEN, FUNCTIE, UITKOMST, VERWIJZER
from schemas.contract import PRECISION

YEAR = "2022-2023"
JUNE = date(2023, 6, 1)

_DEFAULTS: dict[str, dict[str, Any]] = {
    "leerlingen": {
        "school": "10AA00",
        "onderwijssoort": "havo",
        "leerjaar": 2,
        "leeftijdsklasse": "12-13",
        "woongemeente": "GM0001",
        "inschrijfdatum": date(2021, 8, 1),
        "extra_ondersteuning": False,
    },
    "trajecten": {
        "school": "10AA00",
        "functie": "jeugd_en_gezinscoach",
        "aanmelddatum": date(2022, 9, 1),
        "begindatum": date(2022, 9, 15),
        "vorm": "individueel",
        "aard": "structureel",
        "preventie": "secundair",
        "aanmeldreden": "angst",
        "specialistische_hulp_in_beeld": False,
        "overbrugging": False,
        "beschikking_aangevraagd": False,
    },
    "inzet": {
        "medewerker": "m1",
        "functie": "jeugd_en_gezinscoach",
        "begindatum": date(2022, 8, 1),
        "fte": 1.0,
        "aanbieder": "Groeimee",
    },
    "activiteiten": {
        "datum": date(2022, 10, 3),
        "functie": "jeugd_en_gezinscoach",
        "activiteit": "leerlinggesprek",
        "doelgroep": "leerling",
        "preventie": "secundair",
        "minuten": 60,
    },
    "tlv": {
        "school": "10AA00",
        "categorie": "1",
        "soort_onderwijs": "vso",
        "aanvraagdatum": date(2022, 9, 1),
        "afgiftedatum": date(2022, 10, 1),
    },
    "thuiszitters": {"woongemeente": "GM0001", "soort": "absoluut", "begindatum": date(2022, 9, 1)},
    "jeugdhulp": {
        "leeftijdsklasse": "12-13",
        "woongemeente": "GM0001",
        "verwijzer": "02",
        "hulpvorm": "02",
        "gestart_met_crisis": "02",
        "aanvang": date(2022, 9, 1),
    },
    "wachttijden": {"woongemeente": "GM0001", "soort": "jeugdhulp", "aanmelddatum": date(2022, 9, 1)},
    "verzuim": {"school": "10AA00", "soort": "16_uur", "begindatum": date(2022, 10, 3), "ongeoorloofd": True},
    "leerplicht": {
        "woongemeente": "GM0001",
        "soort": "absoluut",
        "begindatum": date(2022, 9, 1),
        "vrijstelling": False,
    },
    "inwoners": {"woongemeente": "GM0001", "leeftijdsklasse": "12-13", "peildatum": date(2023, 1, 1), "aantal": 500},
    "begeleiders": {
        "school": "10AA00",
        "peildatum": date(2022, 10, 1),
        "aantal_organisaties": 2,
        "aantal_begeleiders": 5,
    },
    "enquete": {"rol": "ouder"},
    "opgave": {"school": "10CC00", "periode": "schooljaar", "indicator": "jos_bereik"},
}


def rows(soort: str, *cells: dict[str, Any], leverancier: str = "l1") -> pl.DataFrame:
    """Accepted rows of a soort: the given cells over the defaults; every date is known to the day unless said."""
    empty = empty_frame(soort)
    filled = []
    for number, cell in enumerate(cells):
        row = _DEFAULTS[soort] | {"leverancier": leverancier} | cell
        for key in {"traject_id", "tlv_nummer", "melding_id", "respondent"} & set(empty.columns) - set(row):
            row[key] = f"{key}-{number}" if soort != "activiteiten" else None
        for name in empty.columns:
            if name.endswith(PRECISION) and name not in row and row.get(name.removesuffix(PRECISION)) is not None:
                row[name] = "dag"
        filled.append({name: row.get(name) for name in empty.columns})
    return pl.DataFrame(filled, schema=empty.schema, orient="row") if filled else empty


def region(
    schools: Iterable[School], suppliers: Iterable[Supplier], areas: Iterable[Area], teams: Iterable[Team] = ()
) -> Region:
    """A region of gemeenten GM0001.. and samenwerkingsverbanden VO0001.., with the schools and suppliers given."""
    areas = tuple(areas)
    return Region(
        id="testregio",
        naam="Testregio",
        eerste_schooljaar="2021-2022",
        laatste_schooljaar="2023-2024",
        samenwerkingsverbanden={a.samenwerkingsverband: a.samenwerkingsverband for a in areas},
        publicatiemomenten=(ReleaseMoment(peildatum="02-01", status="voorlopig"),),
        teams=tuple(teams),
        leveranciers=tuple(suppliers),
        scholen=tuple(schools),
        gebieden=areas,
        gemeenten=tuple(Municipality(gemeente=a.gemeente, naam=a.gemeente) for a in areas),
    )


def school(code: str, gemeente: str = "GM0001", onderwijstype: str = "regulier") -> School:
    return School(school=code, naam=f"School {code}", gemeente=gemeente, onderwijstype=onderwijstype)


def supplier(name: str, kind: SupplierKind, gebied: str | None, *levert: str) -> Supplier:
    return Supplier(id=name, naam=name, soort=kind, gebied=gebied, levert=levert)


def area(gemeente: str, verband: str = "VO0001", in_regio: str = "ja") -> Area:
    return Area(gemeente=gemeente, samenwerkingsverband=verband, in_regio=in_regio)  # type: ignore[arg-type]


def small_region() -> Region:
    """Two schools in GM0001 (VO0001), one in GM0002 (VO0002) with a team of it and 10BB00; GM0003 has no school,
    GM0009 lies outside the region in VO0002."""
    return region(
        [school("10AA00"), school("10BB00"), school("10CC00", "GM0002", "praktijkonderwijs")],
        [
            supplier("jos", SupplierKind.AANBIEDER, None, "inzet", "trajecten", "activiteiten"),
            *(
                supplier(code.lower(), SupplierKind.SCHOOL, code, "leerlingen", "verzuim", "begeleiders")
                for code in ("10AA00", "10BB00", "10CC00")
            ),
            *(
                supplier(code.lower(), SupplierKind.SAMENWERKINGSVERBAND, code, "tlv", "thuiszitters")
                for code in ("VO0001", "VO0002")
            ),
            *(
                supplier(
                    code.lower(), SupplierKind.GEMEENTE, code, "jeugdhulp", "wachttijden", "leerplicht", "inwoners"
                )
                for code in ("GM0001", "GM0002", "GM0003")
            ),
        ],
        [area("GM0001"), area("GM0002", "VO0002"), area("GM0003"), area("GM0009", "VO0002", "nee")],
        [Team(id="duo", naam="Duo", scholen=("10BB00", "10CC00")), Team(id="een", naam="Een", scholen=("10CC00",))],
    )


def everything(of: Region) -> frozenset[tuple[str, str]]:
    """Every delivery that the region expects, as if in force."""
    return frozenset((supplier.id, soort) for supplier in of.leveranciers for soort in supplier.levert)


def random_frames(of: Region, pupils: int, seed: int = 1) -> dict[str, pl.DataFrame]:
    """Plausible accepted rows of a whole school year for every soort."""
    chance = Random(seed)
    schools = [entry.school for entry in of.scholen]
    gemeenten = [entry.gemeente for entry in of.gebieden]

    def day(first: date = date(2022, 8, 1), span: int = 300) -> date:
        return first + timedelta(days=chance.randrange(span))

    def maybe(share: float, value: Any) -> Any:
        return value if chance.random() < share else None

    enrolled, trajecten, jeugdhulp, tlv, thuis, wacht = [], [], [], [], [], []
    verzuim, leerplicht, enquete = [], [], []
    for number in range(pupils):
        person, at, home = f"p{number}", chance.choice(schools), chance.choice(gemeenten)
        left = maybe(0.05, day())
        enrolled.append(
            {
                "leerling_id": person,
                "school": at,
                "onderwijssoort": chance.choice(["havo", "vwo", "pro", "vso"]),
                "leerjaar": chance.randint(1, 6),
                "woongemeente": home,
                "uitschrijfdatum": left,
                "uitstroom": None if left is None else chance.choice(["diploma", "geen_vervolg"]),
                "extra_ondersteuning": chance.random() < 0.1,
            }
        )
        for _ in range(chance.choice([0, 0, 0, 1, 1, 2])):
            asked = day(span=200)
            begun = maybe(0.9, asked + timedelta(days=chance.randrange(30)))
            ended = None if begun is None else maybe(0.5, begun + timedelta(days=chance.randrange(90)))
            trajecten.append(
                {
                    "traject_id": f"t{len(trajecten)}",
                    "leerling_id": person,
                    "school": at if chance.random() < 0.95 else chance.choice(schools),
                    "woongemeente": maybe(0.9, home),
                    "leeftijdsklasse": maybe(0.9, "12-13"),
                    "functie": chance.choice(FUNCTIE.values),
                    "aanmelddatum": asked,
                    "eerste_contact": maybe(0.9, asked + timedelta(days=chance.randrange(20))),
                    "begindatum": begun,
                    "einddatum": ended,
                    "vorm": chance.choice(["individueel", "groep"]),
                    "aard": chance.choice(["structureel", "incidenteel"]),
                    "aanmeldreden": chance.choice(AANMELDREDEN.values),
                    "uitkomst": None if ended is None else chance.choice(UITKOMST.values),
                    "specialistische_hulp_in_beeld": chance.random() < 0.3,
                    "nut": None if ended is None else chance.randint(1, 10),
                }
            )
        if chance.random() < 0.1:
            jeugdhulp.append(
                {
                    "leerling_id": person,
                    "woongemeente": home,
                    "aanvang": day(),
                    "verwijzer": chance.choice(VERWIJZER.values),
                }
            )
        if chance.random() < 0.05:
            tlv.append({"leerling_id": person, "school": at, "tlv_nummer": f"n{number}", "afgiftedatum": day()})
            thuis.append({"leerling_id": person, "woongemeente": home, "begindatum": day()})
            wacht.append({"woongemeente": home, "aanmelddatum": date(2022, 8, 1), "startdatum": day()})
        if chance.random() < 0.1:
            verzuim.append(
                {
                    "leerling_id": person,
                    "school": at,
                    "soort": chance.choice(["16_uur", "langdurig_relatief", "luxe"]),
                    "begindatum": day(),
                }
            )
            leerplicht.append({"leerling_id": person, "woongemeente": home, "vrijstelling": chance.random() < 0.5})
            enquete.append(
                {
                    "school": maybe(0.9, at),
                    "rol": chance.choice(["jeugdige", "ouder"]),
                    "samenwerking": maybe(0.9, chance.randint(1, 10)),
                    "missie_bekend": maybe(0.9, chance.random() < 0.5),
                    "verbetering": maybe(0.9, chance.choice(["ja", "deels", "nee"])),
                }
            )
    staff = [
        {
            "medewerker": f"m{number}",
            "functie": chance.choice(FUNCTIE.values),
            "school": at,
            "fte": 0.1 + number % 7 / 10,
        }
        for number, at in enumerate(schools)
    ]
    done = [{"school": chance.choice(schools), "datum": day(), "minuten": chance.randint(1, 90)} for _ in range(pupils)]
    teams = [{"medewerker": "mt", "team": team.id, "fte": 0.7} for team in of.teams]
    return {
        "leerlingen": rows("leerlingen", *enrolled),
        "trajecten": rows("trajecten", *trajecten),
        "jeugdhulp": rows("jeugdhulp", *jeugdhulp),
        "tlv": rows("tlv", *tlv),
        "thuiszitters": rows("thuiszitters", *thuis),
        "wachttijden": rows("wachttijden", *wacht),
        "inzet": rows("inzet", *staff, *teams),
        "activiteiten": rows("activiteiten", *done),
        "verzuim": rows("verzuim", *verzuim),
        "leerplicht": rows("leerplicht", *leerplicht),
        "enquete": rows("enquete", *enquete),
        "inwoners": rows(
            "inwoners",
            *({"woongemeente": home, "leeftijdsklasse": ages} for home in gemeenten for ages in ("12-13", "14-15")),
        ),
        "begeleiders": rows("begeleiders", *({"school": at} for at in schools)),
        "opgave": rows("opgave", {"indicator": "leerlingen", "teller": 40, "teller_min": 40, "teller_max": 40}),
    }
