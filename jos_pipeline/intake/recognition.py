"""Which delivery a file is: from its name, else from its header and its dates (spec 1.2).

Answers with None where it is not sure; what to say about that is the gate's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jos_pipeline.intake.naming import NamedDelivery, is_ignored, parse_name
from jos_pipeline.intake.reading import RawTable, Unreadable, read_table
from jos_pipeline.intake.values import ONLY_YEAR, parse_column
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from schemas.columns import PERSONAL_HEADINGS, Kind
from schemas.contract import PRECISION, Contract, Reference
from schemas.contracts import CONTRACTS, KNOWN_HEADINGS
from schemas.naming import fold

HEADER_WORDS = KNOWN_HEADINGS | PERSONAL_HEADINGS
"""Every heading by which the header row is found: also those that get a file refused."""


@dataclass(frozen=True)
class Recognised:
    """Which delivery a file is; None where neither its name nor its content says so."""

    soort: str | None
    schooljaar: str | None
    peildatum: date | None


def recognise(data: bytes, file_name: str, modified: date, region: Region) -> Recognised:
    """Which delivery a file is, without judging it; reads the content only when the name leaves something open."""
    named = parse_name(file_name)
    peildatum = peildatum_of(named, modified)
    if (named.soort and named.schooljaar) or is_ignored(file_name):
        return Recognised(named.soort, named.schooljaar, peildatum)
    try:
        table = read_table(data, file_name, HEADER_WORDS, sheet_hint=named.soort)
    except Unreadable:
        return Recognised(named.soort, named.schooljaar, peildatum)
    soort = named.soort or soort_of_header(table.headings)
    schooljaar = named.schooljaar
    if schooljaar is None and soort and peildatum:
        schooljaar = schooljaar_of_dates(table, CONTRACTS[soort], region.reference_on(peildatum), peildatum)
    return Recognised(soort, schooljaar, peildatum)


def peildatum_of(named: NamedDelivery, modified: date) -> date | None:
    """The peildatum in the name, else the day the file was modified; None when the name holds an impossible day."""
    return None if named.impossible_day else named.peildatum or modified


def soort_of_header(headings: Sequence[str]) -> str | None:
    """The one soort whose required columns are all there; None when no soort fits, or more than one.

    A soort that knows only some of the headings another fitting one knows is no candidate:
    leerplicht is not thuiszitters.
    """
    folded = {fold(heading) for heading in headings}
    known = {contract.soort: set(contract.headings) & folded for contract in CONTRACTS.values()}
    fitting = [contract.soort for contract in CONTRACTS.values() if _fits(contract, folded)]
    best = [soort for soort in fitting if not any(known[soort] < known[other] for other in fitting)]
    return best[0] if len(best) == 1 else None


def _fits(contract: Contract, folded: set[str]) -> bool:
    there = {contract.headings[heading] for heading in folded if heading in contract.headings}
    return all(field.name in there for field in contract.fields if field.required)


def positions_of(headings: Sequence[str], contract: Contract) -> dict[str, list[int]]:
    """For each column of the contract that is there, every position where it stands."""
    found: dict[str, list[int]] = {}
    for position, heading in enumerate(headings):
        name = contract.headings.get(fold(heading))
        if name is not None:
            found.setdefault(name, []).append(position)
    return found


def schooljaar_of_dates(table: RawTable, contract: Contract, reference: Reference, peildatum: date) -> str | None:
    """The school year in which every date of the table up to the peildatum lies; None when there is not just one.

    What is planned after the peildatum tells nothing of the year. A date of which only the year is known may lie in
    two school years: it decides nothing by itself, but must fit what the others say.
    """
    years: set[SchoolYear] = set()
    vague: set[int] = set()
    for name, (position, *_) in positions_of(table.headings, contract).items():
        column = contract.by_name[name].column
        if column.kind is not Kind.DATE:
            continue
        parsed = parse_column(table.cells.to_series(position), column, reference)
        past = (parsed.values <= peildatum).fill_null(value=False)
        only_year = (parsed.companions[PRECISION] == ONLY_YEAR).fill_null(value=False)
        days = parsed.values.filter(past & ~only_year)
        years |= {SchoolYear.of(day) for day in (days.min(), days.max()) if isinstance(day, date)}
        vague |= {day.year for day in parsed.values.filter(past & only_year).unique()}
        if len(years) > 1:
            return None
    fits = [year for year in years if vague <= {year.first_day.year, year.last_day.year}]
    return str(fits[0]) if fits else None
