"""What is wrong with a region: with what stands in its files, and between what they say.

Only judged and told here; what a region is stands in ``jos_pipeline.region``.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jos_pipeline import threshold
from jos_pipeline.config_files import HEADER_ROWS, in_dutch
from jos_pipeline.delivery_moments import calendar_mistakes
from schemas.codelists import ONDERWIJSTYPE
from schemas.contracts import CONTRACTS
from schemas.expectations import EXPECTATIONS
from schemas.published import NIVEAU

if TYPE_CHECKING:
    from pydantic import ValidationError

    from jos_pipeline.region import Region, SupplierKind

_TABLES = ("scholen", "gebieden", "postcodes", "gemeenten")
"""The parts of a region that have a CSV file of their own name."""


def mistake(directory: Path, error: "ValidationError") -> str:
    """The first thing that is wrong with the files in a directory, where it stands, and how much more there is."""
    first, *more = error.errors(include_input=False, include_url=False)
    told = ": ".join(filter(None, (_place(first["loc"]), in_dutch(first))))
    others = f" (en nog {len(more)} {'fout' if len(more) == 1 else 'fouten'})" if more else ""
    return f"de regio klopt niet: {told}{others}. Verbeter dit in {directory}"


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
    """Everything in which the files of a region contradict each other; ``known``: which gebied a supplier may have."""
    schools = {school.school for school in region.scholen}
    municipalities = {municipality.gemeente for municipality in region.gemeenten}
    senders = Counter(supplier.id for supplier in region.leveranciers)
    return [
        *(
            f"team {team.id}: school {s} is not in scholen.csv"
            for team in region.teams
            for s in team.scholen
            if s not in schools
        ),
        *(
            f"leverancier {s.id}: soort {k} has no contract"
            for s in region.leveranciers
            for k in s.levert
            if k not in CONTRACTS
        ),
        *(
            f"leverancier {s.id}: gebied {s.gebied} is unknown"
            for s in region.leveranciers
            if s.gebied not in known[s.soort]
        ),
        *(
            f"leverancier {s.id}: school {school} is not in scholen.csv"
            for s in region.leveranciers
            for school in s.scholen
            if school not in schools
        ),
        *(
            f"leverancier {s.id}: only an aanbieder names the schools it serves"
            for s in region.leveranciers
            if s.scholen and None not in known[s.soort]
        ),
        *(f"leverancier {s.id} stands twice" for s in region.leveranciers if senders[s.id] > 1),
        *(
            f"school {s.school}: gemeente {s.gemeente} is unknown"
            for s in region.scholen
            if s.gemeente not in municipalities
        ),
        *(
            f"school {s.school}: onderwijstype {s.onderwijstype} is unknown"
            for s in region.scholen
            if s.onderwijstype not in ONDERWIJSTYPE.values
        ),
        *(
            f"gebieden.csv: {a.samenwerkingsverband} has no name in regio.toml"
            for a in region.gebieden
            if a.samenwerkingsverband not in region.samenwerkingsverbanden
        ),
        *threshold.mistakes(region.drempel, region.drempel_besluit),
        *(
            ["afronden is at most drempel: else a visible count would become 0"]
            if region.afronden and region.afronden > region.drempel
            else []
        ),
        *(
            []
            if region.uitsplitsen_tot in NIVEAU.values
            else [f"uitsplitsen_tot = '{region.uitsplitsen_tot}' bestaat niet; kies uit {', '.join(NIVEAU.values)}"]
        ),
        *(f"verwachtingen: {name} is unknown" for name in region.verwachtingen if name not in EXPECTATIONS),
        *calendar_mistakes(region.levermomenten, region.uitstel, {s.id: s.levert for s in region.leveranciers}),
    ]
