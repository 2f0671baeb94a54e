"""The dimension tables of the warehouse, derived from region, catalogue and code lists. Nothing is defined here."""

from collections.abc import Iterable
from datetime import date

from jos_pipeline.areas import Level
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import TOTAAL, fingerprint
from jos_pipeline.region import Region
from jos_pipeline.school_year import Period, SchoolYear

ALWAYS = date(1900, 1, 1)
Rows = list[dict[str, object]]

_PERIOD_NAMES = {
    Period.SCHOOLJAAR: "Schooljaar {year}",
    Period.HALFJAAR_1: "Eerste half jaar {year} (augustus - december)",
    Period.HALFJAAR_2: "Tweede half jaar {year} (januari - juli)",
}


def dimensions(region: Region) -> dict[str, Rows]:
    """The rows of every dimension table, by table name; ``dim_indicator_versie`` those of the versions of now."""
    return {
        "dim_indicator": indicator_rows(),
        "dim_indicator_versie": _versions(),
        "dim_gebied": _areas(region),
        "dim_school": _schools(region),
        "dim_periode": _periods(region),
        "dim_categorie": _categories(),
        "dim_leverancier": _suppliers(region),
    }


def indicator_rows() -> Rows:
    """The catalogue as rows of ``dim_indicator``."""
    return [
        {
            "indicator": entry.id,
            "versie": entry.versie,
            "naam": entry.naam,
            "definitie": entry.definitie,
            "statistiek": str(entry.statistiek),
            "eenheid": entry.eenheid,
            "decimalen": entry.decimalen,
            "grondslag": str(entry.grondslag),
            "bronnen": ", ".join(entry.bronnen),
            "uitsplitsingen": ", ".join(split.id for split in entry.uitsplitsingen),
            "waarvandaan": ", ".join(entry.waarvandaan),
        }
        for entry in INDICATORS.values()
    ]


def _versions() -> Rows:
    return [row | {"formule": fingerprint(INDICATORS[str(row["indicator"])])} for row in indicator_rows()]


def _categories() -> Rows:
    """Every category of every breakdown once; breakdowns of one name (``soort``) hold different categories."""
    found: dict[tuple[str, str], str] = {(TOTAAL, TOTAAL): "Totaal"}
    for entry in INDICATORS.values():
        for split in entry.uitsplitsingen:
            found |= {(split.id, code): split.codes.labels[code] for code in split.categories}
    return [
        {"uitsplitsing": split, "categorie": code, "naam": name, "volgorde": number}
        for number, ((split, code), name) in enumerate(found.items())
    ]


def _areas(region: Region) -> Rows:
    names = {municipality.gemeente: municipality.naam for municipality in region.gemeenten}
    swv_of = {area.gemeente: area.samenwerkingsverband for area in region.gebieden}
    whole = [_area(Level.REGIO, region.id, region.naam)]
    swvs = [
        _area(Level.SAMENWERKINGSVERBAND, code, name, samenwerkingsverband=code)
        for code, name in region.samenwerkingsverbanden.items()
    ]
    municipalities = [
        _area(
            Level.GEMEENTE,
            area.gemeente,
            names[area.gemeente],
            since=area.geldig_van,
            until=area.geldig_tot,
            gemeente=area.gemeente,
            samenwerkingsverband=area.samenwerkingsverband,
            in_regio=area.in_regio == "ja",
        )
        for area in region.gebieden
    ]
    schools = [
        _area(
            Level.SCHOOL,
            school.school,
            school.naam,
            since=school.geldig_van,
            until=school.geldig_tot,
            gemeente=school.gemeente,
            samenwerkingsverband=swv_of.get(school.gemeente),
        )
        for school in region.scholen
    ]
    return whole + swvs + municipalities + schools


def _area(
    level: Level, code: str, name: str, since: date | None = None, until: date | None = None, **more: object
) -> dict[str, object]:
    return {
        "niveau": str(level),
        "gebied": code,
        "geldig_van": since or ALWAYS,
        "geldig_tot": until,
        "naam": name,
        "gemeente": None,
        "samenwerkingsverband": None,
        "in_regio": True,
    } | more


def _schools(region: Region) -> Rows:
    swv_of = {area.gemeente: area.samenwerkingsverband for area in region.gebieden}
    return [
        {
            "school": school.school,
            "geldig_van": school.geldig_van or ALWAYS,
            "geldig_tot": school.geldig_tot,
            "naam": school.naam,
            "gemeente": school.gemeente,
            "samenwerkingsverband": swv_of.get(school.gemeente),
            "onderwijstype": school.onderwijstype,
        }
        for school in region.scholen
    ]


def _periods(region: Region) -> Rows:
    years: Iterable[SchoolYear] = (SchoolYear.parse(text) for text in region.school_years)
    return [
        {
            "schooljaar": str(year),
            "periode": str(window.period),
            "naam": _PERIOD_NAMES[window.period].format(year=year),
            "begin": window.a,
            "eind": window.last_day,
        }
        for year in years
        for window in year.windows(year.last_day)
    ]


def _suppliers(region: Region) -> Rows:
    return [
        {
            "leverancier": supplier.id,
            "naam": supplier.naam,
            "soort": str(supplier.soort),
            "gebied": supplier.gebied,
            "levert": ", ".join(supplier.levert),
        }
        for supplier in region.leveranciers
    ]
