"""What is wrong with a region: with what stands in its files, and between what they say.

Only judged and told here; what a region is stands in ``jos_pipeline.region``.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jos_pipeline import threshold
from jos_pipeline.config_files import HEADER_ROWS, in_dutch
from jos_pipeline.delivery_moments import calendar_mistakes
from jos_pipeline.school_year import SchoolYear
from schemas.codelists import ONDERWIJSTYPE
from schemas.contracts import CONTRACTS
from schemas.expectations import EXPECTATIONS
from schemas.published import NIVEAU

if TYPE_CHECKING:
    from pydantic import ValidationError

    from jos_pipeline.region import Region, Supplier, SupplierKind

_TABLES = ("scholen", "gebieden", "postcodes", "gemeenten")
"""The parts of a region that have a CSV file of their own name."""


def mistake(directory: Path, error: "ValidationError") -> str:
    """The first thing that is wrong with the files in a directory, where it stands, and how much more there is."""
    first, *more = error.errors(include_input=False, include_url=False)
    told = ": ".join(filter(None, (_place(first["loc"]), in_dutch(first))))
    return f"de regio klopt niet: {told}{how_many_more(len(more))}. Verbeter dit in {directory}"


def _place(where: tuple[int | str, ...]) -> str:
    """The file, the row or entry in it, and the field; nothing when it is about more than one place."""
    match where:
        case ():
            return ""
        case (str() as table, int() as index, *fields) if table in _TABLES:
            return f"{table}.csv, rij {index + HEADER_ROWS + 1}{_field('kolom', fields)}"
        case (str() as name, int() as index, *fields):
            return f"regio.toml, {name} nummer {index + 1}{_field('veld', fields)}"
    return f"regio.toml{_field('veld', where)}"


def _field(word: str, names: Any) -> str:
    return f", {word} {'.'.join(map(str, names))}" if names else ""


def contradictions(region: "Region", known: "Mapping[SupplierKind, Collection[str | None]]") -> list[str]:
    """Everything in which the files of a region contradict each other; ``known``: which gebied a supplier may have.

    Each is one line: the file and place that is most likely wrong, what is wrong with it, and what to do.
    """
    return [
        *_years(region),
        *_of_suppliers(region, known),
        *_of_teams(region),
        *_of_tables(region),
        *_of_figures(region),
        *calendar_mistakes(region.levermomenten, region.uitstel, {s.id: s.levert for s in region.leveranciers}),
    ]


def all_in_one(mistakes: list[str]) -> str:
    """The first, and how many more there are."""
    first, *more = dict.fromkeys(mistakes)
    return first + how_many_more(len(more))


def how_many_more(count: int) -> str:
    return f" (en nog {count} {'fout' if count == 1 else 'fouten'})" if count else ""


def _years(region: "Region") -> Iterator[str]:
    years: dict[str, SchoolYear] = {}
    for name in ("eerste_schooljaar", "laatste_schooljaar"):
        try:
            years[name] = SchoolYear.parse(getattr(region, name))
        except ValueError:
            yield f"regio.toml, veld {name}: schrijf een schooljaar als 2022-2023"
    if len(years) > 1 and years["laatste_schooljaar"] < years["eerste_schooljaar"]:
        yield (
            f"regio.toml, veld laatste_schooljaar: {region.laatste_schooljaar} ligt voor eerste_schooljaar "
            f"{region.eerste_schooljaar}. Verbeter een van de twee"
        )


def _of_suppliers(region: "Region", known: "Mapping[SupplierKind, Collection[str | None]]") -> Iterator[str]:
    schools = {school.school for school in region.scholen}
    places: defaultdict[str, list[int]] = defaultdict(list)
    for number, supplier in enumerate(region.leveranciers, start=1):
        places[supplier.id].append(number)
    for number, supplier in enumerate(region.leveranciers, start=1):
        place, twice = f"regio.toml, leverancier {supplier.id}", places[supplier.id]
        if number == twice[0] and len(twice) > 1:
            others = " en ".join(map(str, twice))
            yield f"{place}, veld id: deze naam staat bij leveranciers nummer {others}. Geef elk een eigen id"
        for soort in supplier.levert:
            if soort not in CONTRACTS:
                yield f"{place}, veld levert: soort {soort} bestaat niet. Kies uit {', '.join(CONTRACTS)}"
        if supplier.gebied not in known[supplier.soort]:
            yield f"{place}, veld gebied: {_wrong_area(supplier)}"
        if supplier.scholen and None not in known[supplier.soort]:
            yield f"{place}, veld scholen: alleen een aanbieder noemt zijn scholen. Haal dit veld weg"
        yield from _strange_schools(f"{place}, veld scholen", supplier.scholen, schools)


def _wrong_area(supplier: "Supplier") -> str:
    if supplier.soort == "aanbieder":
        return "een aanbieder heeft geen gebied. Haal dit veld weg; zijn scholen noemt u in het veld scholen"
    said = "dit ontbreekt" if supplier.gebied is None else f"{supplier.gebied} is onbekend"
    return f"{said}. {_AREAS[supplier.soort]}"


_AREAS = {
    "school": "Noem een school die in scholen.csv staat, zoals 00AB00",
    "gemeente": "Noem de code van een gemeente, zoals GM0361",
    "samenwerkingsverband": "Noem een code die in regio.toml onder [samenwerkingsverbanden] staat, zoals VO2703",
}
"""Which gebied a supplier of a kind has."""


def _of_teams(region: "Region") -> Iterator[str]:
    schools = {school.school for school in region.scholen}
    for team in region.teams:
        yield from _strange_schools(f"regio.toml, team {team.id}, veld scholen", team.scholen, schools)


def _strange_schools(place: str, named: Iterable[str], schools: Collection[str]) -> Iterator[str]:
    for school in named:
        if school not in schools:
            yield f"{place}: school {school} staat niet in scholen.csv. Zet de school daarin, of haal haar hier weg"


def _of_tables(region: "Region") -> Iterator[str]:
    municipalities = {municipality.gemeente for municipality in region.gemeenten}
    for row, school in enumerate(region.scholen, start=HEADER_ROWS + 1):
        place = f"scholen.csv, rij {row}"
        if school.gemeente not in municipalities:
            yield f"{place}, kolom gemeente: {school.gemeente} is onbekend. {_AREAS['gemeente']}"
        if school.onderwijstype not in ONDERWIJSTYPE.values:
            choose = ", ".join(ONDERWIJSTYPE.values)
            yield f"{place}, kolom onderwijstype: {school.onderwijstype} bestaat niet. Kies uit {choose}"
    for row, area in enumerate(region.gebieden, start=HEADER_ROWS + 1):
        if area.samenwerkingsverband not in region.samenwerkingsverbanden:
            yield (
                f"gebieden.csv, rij {row}, kolom samenwerkingsverband: {area.samenwerkingsverband} heeft geen naam. "
                "Zet die in regio.toml onder [samenwerkingsverbanden], of verbeter de code"
            )


def _of_figures(region: "Region") -> Iterator[str]:
    yield from threshold.mistakes(region.drempel, region.drempel_besluit)
    if region.afronden and region.afronden > region.drempel:
        yield (
            f"regio.toml, veld afronden: {region.afronden} is hoger dan drempel {region.drempel}; dan zou een aantal "
            f"dat te zien mag zijn 0 worden. Kies hoogstens {region.drempel}"
        )
    for name, level in (("cijfers_tot", region.cijfers_tot), ("uitsplitsen_tot", region.uitsplitsen_tot)):
        if level not in NIVEAU.values:
            yield f"regio.toml, veld {name}: '{level}' bestaat niet. Kies uit {', '.join(NIVEAU.values)}"
    for name in region.verwachtingen:
        if name not in EXPECTATIONS:
            yield f"regio.toml, tabel verwachtingen: {name} bestaat niet. Kies uit {', '.join(EXPECTATIONS)}"
