"""Small invented regions with rows on every edge, and accepted frames as the recount reads them."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import pandas as pd
import polars as pl
from linked_rows import everything, rows

from jos_pipeline.region import Area, Municipality, Region, School, Supplier, SupplierKind, Team
from jos_pipeline.release_moments import ReleaseMoment
from jos_pipeline.school_year import SchoolYear
from schemas import codelists
from schemas.columns import Kind
from schemas.contract import PRECISION
from schemas.contracts import CONTRACTS
from tests.e2e.recount_reading import COLUMNS, no_rows
from tests.e2e.recount_records import Records, records_from

YEAR = "2022-2023"
_DAYS = [
    *(date(2022, 7, 31), date(2022, 8, 1), date(2022, 10, 1), date(2022, 12, 31), date(2023, 1, 1)),
    *(date(2023, 2, 1), date(2023, 6, 1), date(2023, 7, 31), date(2023, 8, 1)),
]
_HOMES = ("GM0001", "GM0002", "GM0003", "GM0009")
_REPORTED = (
    "leerlingen",
    "leerlingen",
    "leerlingen",
    "jos_leerlingen",
    "zonder_vervolg",
    "beschikkingen_via_jos",
    "tlv_afgegeven",
    "kortdurend",
)


@dataclass(frozen=True)
class Small:
    """A small region, what was accepted and what is in force."""

    region: Region
    frames: dict[str, pl.DataFrame]
    missing: frozenset[tuple[str, str]]
    peildatum: date

    @property
    def in_force(self) -> frozenset[tuple[str, str]]:
        return everything(self.region) - self.missing


def as_records(small: Small) -> Records:
    """The frames as the recount knows them."""
    seats = {s.school for s in small.region.scholen}
    suppliers = {s.id: s.gebied for s in small.region.leveranciers}
    there = {suppliers[name] for name, soort in small.in_force if soort == "leerlingen"}
    return records_from(
        {soort: _pandas(small.frames.get(soort), soort) for soort in COLUMNS},
        small.region,
        frozenset(seats & there),
        min(SchoolYear.parse(YEAR).counting_day, small.peildatum),
        small.peildatum,
    )


def _pandas(frame: pl.DataFrame | None, soort: str) -> pd.DataFrame:
    if frame is None or frame.is_empty():
        return no_rows(soort)
    named = frame.rename({"leerling_id": "pseudoniem"}, strict=False)
    columns = named.to_dict(as_series=False)
    for name in [name for name in columns if name.endswith(PRECISION)]:
        columns[name.removesuffix(PRECISION) + "_dag"] = [how == "dag" for how in columns.pop(name)]
    table = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    return table.astype({name: "datetime64[s]" for name, kind in named.schema.items() if kind == pl.Date})


# --- invented regions ---------------------------------------------------------------------------------------------


def small_world(seed: int) -> Small:
    """Schools, teams, suppliers, dated areas, sources that are missing and a handful of rows of every soort."""
    chance = Random(seed)
    of = _region(chance)
    missing = frozenset(pair for pair in sorted(everything(of)) if chance.random() < chance.choice((0, 0.1, 0.4)))
    if seed % 2:  # so that what schools report themselves is looked at
        missing |= {("10aa00", "leerlingen")}
    drawn = {soort: _drawn(chance, of, soort) for soort in COLUMNS}
    frames = {
        soort: rows(soort, *(cells for cells in found if not _is_missing(cells, soort, of, missing)))
        for soort, found in drawn.items()
    }
    return Small(of, frames, missing, chance.choice([date(2022, 9, 15), *_DAYS[4:8]]))


def crowd(seed: int, size: int) -> Small:
    """A small world at the end of the school year with ``size`` rows of every soort that is about persons, of nearly as
    many persons. The first school sent no pupils."""
    chance = Random(seed)
    of = _region(chance)
    missing = frozenset({("10aa00", "leerlingen")})
    frames = {}
    for soort in [name for name, columns in COLUMNS.items() if {"pseudoniem", "respondent"} & set(columns)]:
        drawn = {}
        for number in range(size * 3 if soort == "leerlingen" else size):
            row = _row(chance, of, soort, number)
            if "leerling_id" in row:
                row["leerling_id"] = f"p{chance.randrange(size)}"
            key = tuple(row.get(name) for name in CONTRACTS[soort].key) or number
            drawn.setdefault(_own(key, row, soort), row)
        frames[soort] = rows(soort, *(row for row in drawn.values() if not _is_missing(row, soort, of, missing)))
    return Small(of, frames, missing, _DAYS[7])


def _region(chance: Random) -> Region:
    types = codelists.ONDERWIJSTYPE.values
    schools = [
        School(school=f"1{n}AA00", naam=f"S{n}", gemeente=chance.choice(_HOMES[:3]), onderwijstype=chance.choice(types))
        for n in range(chance.randint(1, 4))
    ]
    codes = [s.school for s in schools]
    teams = [
        Team(id=f"t{n}", naam=f"T{n}", scholen=tuple(chance.sample(codes, chance.randint(1, len(codes)))))
        for n in range(2)
    ]
    areas = [Area(gemeente="GM0001", samenwerkingsverband="VO0001", in_regio="ja")]
    turn = {"geldig_tot": date(2023, 1, 1)}, {"geldig_van": date(2023, 1, 1)}
    if chance.random() < 0.5:  # GM0002 goes to another samenwerkingsverband at New Year
        areas += [
            Area(gemeente="GM0002", samenwerkingsverband=f"VO000{n}", in_regio="ja", **turn[n - 1]) for n in (1, 2)
        ]
    else:
        areas.append(Area(gemeente="GM0002", samenwerkingsverband="VO0002", in_regio="ja"))
    areas.append(Area(gemeente="GM0003", samenwerkingsverband="VO0001", in_regio="ja"))
    areas.append(Area(gemeente="GM0009", samenwerkingsverband="VO0002", in_regio="nee"))
    return Region(
        id="testregio",
        naam="Testregio",
        eerste_schooljaar="2021-2022",
        laatste_schooljaar="2023-2024",
        samenwerkingsverbanden={"VO0001": "Een", "VO0002": "Twee"},
        publicatiemomenten=(ReleaseMoment(peildatum="02-01", status="voorlopig"),),
        teams=tuple(teams),
        leveranciers=tuple(_suppliers(codes)),
        scholen=tuple(schools),
        gebieden=tuple(areas),
        gemeenten=tuple(Municipality(gemeente=home, naam=home) for home in _HOMES),
    )


def _suppliers(codes: list[str]) -> list[Supplier]:
    parties = [
        (SupplierKind.AANBIEDER, [None], ("inzet", "trajecten", "activiteiten")),
        (SupplierKind.SCHOOL, codes, ("leerlingen", "verzuim", "begeleiders")),
        (SupplierKind.SAMENWERKINGSVERBAND, ["VO0001", "VO0002"], ("tlv", "thuiszitters")),
        (SupplierKind.GEMEENTE, list(_HOMES[:3]), ("jeugdhulp", "wachttijden", "leerplicht", "inwoners")),
    ]
    return [
        Supplier(id=(home or "jos").lower(), naam=home or "JOS", soort=kind, gebied=home, levert=levert)
        for kind, homes, levert in parties
        for home in homes
    ]


def _is_missing(cells: dict[str, Any], soort: str, of: Region, missing: frozenset[tuple[str, str]]) -> bool:
    """Whether nobody can have sent the row, since the delivery of its school, gemeente or anybody is not there."""
    homes = {cells.get("school"), cells.get("woongemeente"), None}
    lies = {s.school: s.gemeente for s in of.scholen}
    for area in of.gebieden:
        if area.gemeente in {cells.get("woongemeente"), lies.get(cells.get("school", ""))}:
            homes.add(area.samenwerkingsverband)
    return any((s.id, soort) in missing and s.gebied in homes for s in of.leveranciers)


_ORDERED = {
    "inzet": ("begindatum", "einddatum"),
    "trajecten": ("aanmelddatum", "begindatum", "einddatum"),
    "leerlingen": ("inschrijfdatum", "uitschrijfdatum"),
    "verzuim": ("begindatum", "einddatum"),
    "tlv": ("aanvraagdatum", "afgiftedatum", "ingangsdatum", "einddatum"),
    "thuiszitters": ("begindatum", "einddatum"),
    "jeugdhulp": ("aanvang", "einde"),
    "wachttijden": ("aanmelddatum", "intakedatum", "startdatum"),
    "leerplicht": ("begindatum", "einddatum"),
}
_SIZES = {
    "leerlingen": 25,
    "trajecten": 30,
    "activiteiten": 25,
    "jeugdhulp": 12,
    "opgave": 40,
    "begeleiders": 4,
    "tlv": 25,
}


def _drawn(chance: Random, of: Region, soort: str) -> list[dict[str, Any]]:
    found = {}
    for number in range(chance.randint(0, _SIZES.get(soort, 10))):
        row = _row(chance, of, soort, number)
        key = tuple(row.get(name) for name in CONTRACTS[soort].key) or number
        found.setdefault(_own(key, row, soort), row)
    return list(found.values())


def _own(key: Any, row: dict[str, Any], soort: str) -> Any:
    person = row.get("leerling_id")
    return (person, row.get("hulpvorm")) if soort == "jeugdhulp" else (person, key)


def _row(chance: Random, of: Region, soort: str, number: int) -> dict[str, Any]:
    row = {name: _value(chance, of, soort, name) for name in COLUMNS[soort] if name != "pseudoniem"}
    if "pseudoniem" in COLUMNS[soort]:
        row["leerling_id"] = f"p{chance.randrange(14)}"
    for name in {"traject_id", "tlv_nummer", "melding_id", "respondent"} & set(row):
        row[name] = f"n{number}" if soort != "activiteiten" else None
    _put_in_order(chance, row, soort)
    return row | _bound(chance, of, soort, row)


def _value(chance: Random, of: Region, soort: str, name: str) -> Any:  # noqa: PLR0911 one line per kind
    field = CONTRACTS[soort].by_name[name]
    if field.may_be_empty and chance.random() < 0.4:
        return None
    special = {"school": [s.school for s in of.scholen], "woongemeente": _HOMES, "team": [t.id for t in of.teams]}
    if name in special:
        return chance.choice(special[name])
    match field.column.kind:
        case Kind.CODE:
            return chance.choice(field.column.codes.values)
        case Kind.BOOLEAN:
            return chance.random() < 0.5
        case Kind.DATE:
            return _day(chance)
        case Kind.DECIMAL:
            return chance.choice((0.2, 0.5, 1.0))
        case Kind.INTEGER:
            return chance.randint(1, 8)
        case _:
            return f"m{chance.randrange(4)}"


def _day(chance: Random) -> date:
    return chance.choice(_DAYS) if chance.random() < 0.4 else date(2022, 7, 1) + timedelta(days=chance.randrange(420))


def _put_in_order(chance: Random, row: dict[str, Any], soort: str) -> None:
    """Dates in the order that the contract asks for; some are known to the month only."""
    names = [name for name in _ORDERED.get(soort, ()) if row.get(name) is not None]
    row |= dict(zip(names, sorted(row[name] for name in names), strict=True))
    if row.get("eerste_contact") is not None:
        row["eerste_contact"] = max(row["eerste_contact"], row["aanmelddatum"])
    for name in [name for name, value in row.items() if isinstance(value, date) and name != "peildatum"]:
        if chance.random() < 0.1:
            row[name + PRECISION] = "maand"
            row[name] = row[name].replace(day=1)


def _bound(chance: Random, of: Region, soort: str, row: dict[str, Any]) -> dict[str, Any]:
    """What hangs together within a row."""
    if soort in {"inzet", "activiteiten"}:
        return {"team": None} if chance.random() < 0.6 else {"school": None, "team": row["team"] or of.teams[0].id}
    if soort == "trajecten":
        end = row["einddatum"] if row["begindatum"] else None
        reached = None if row["doelen_gesteld"] is None else chance.randint(0, row["doelen_gesteld"])
        return {
            "einddatum": end,
            "uitkomst": end and chance.choice(codelists.UITKOMST.values),
            "doelen_behaald": reached,
        }
    if soort == "opgave":
        return _report(chance)
    return {}


def _report(chance: Random) -> dict[str, Any]:
    low = chance.randint(1, 6)
    high = low if chance.random() < 0.7 else low + 3
    noemer = chance.choice((None, 10, 20))
    return {
        "indicator": chance.choice(_REPORTED),
        "uitsplitsing": None,
        "categorie": None,
        "teller": low if low == high else None,
        "teller_min": low,
        "teller_max": high,
        "noemer": noemer,
        "noemer_min": noemer,
        "noemer_max": noemer,
    }
