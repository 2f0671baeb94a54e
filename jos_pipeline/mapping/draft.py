"""A first mapping file for an export, which a person completes in an editor (spec 1.1).

Put here what such a file says and what may not be in it; what is probably what is for ``guessing``.
Such a file gets mailed around: of the export it holds headings, and values only of columns that are clearly a code
list. Anything that can be of a person stays out, whatever column it was put in.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from jos_pipeline.intake.naming import masked, parse_name
from jos_pipeline.intake.personal import bsn_mask
from jos_pipeline.intake.reading import RawTable, Unreadable, read_table
from jos_pipeline.intake.values import is_missing, parse_boolean
from jos_pipeline.intake.verdict import make_finding
from jos_pipeline.intake.wording import excel_letter
from jos_pipeline.mapping.guessing import Guess, guessed_code, guesses
from jos_pipeline.mapping.known import export_words, recognised_format
from jos_pipeline.mapping.reading import COLUMNS, CONSTANTS, LEAVE_OUT, VALUES, value_key
from jos_pipeline.mapping.targets import VALUED, is_personal, ways_of
from jos_pipeline.raw_export import soort_of_export
from jos_pipeline.region import Region
from schemas.columns import Column, Kind
from schemas.contract import Contract, Field, Reference
from schemas.contracts import CONTRACTS
from schemas.findings import FINDINGS
from schemas.naming import fold

MOST_VALUES = 50
_LONGEST_VALUE = 60
_COMES_BACK = 3
"""A value that occurs less often may be a slip, such as a name in the wrong cell."""
_PERSONAL_SHAPE = re.compile(r"@|\d{6}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\b[1-9]\d{3}\s?[A-Za-z]{2}\b")
"""An address, a number of a person, a phone, a date, a postcode."""
_WAYS_IN_WORDS = {
    "bsn": "het BSN wordt een pseudoniem",
    "pgn": "het persoonsgebonden nummer wordt een pseudoniem",
    "onderwijsnummer": "telt als er geen BSN is; wordt een pseudoniem",
    "geboortedatum": "wordt de leeftijdsklasse",
    "postcode": "wordt de woongemeente",
    "postcode_of_gemeentecode": "wordt de woongemeente",
}


@dataclass(frozen=True)
class Draft:
    """A first mapping file for an export, and the required columns nothing was found for."""

    soort: str
    text: str
    missing: tuple[str, ...]

    def advice(self, export: Path, target: Path) -> str:
        """What to do with it now that it stands in ``target``."""
        missing = f"Nog niet gevonden: {', '.join(self.missing)}. " if self.missing else ""
        return (
            f"mapping:        {target} ({self.soort})\n"
            f"                {missing}Kijk het bestand na in een tekstverwerker en vul aan. Daarna:\n"
            f"                jos prepare {export} --mapping {target} --leverancier UW_MAP"
            " --sleutel-bestand keten.sleutel\n"
        )


class UndraftableError(Exception):
    """No mapping can be made for this file; the message says why and what to do."""


def draft(data: bytes, file_name: str, day: date, region: Region, soort: str | None = None) -> Draft:
    """A mapping file to complete, for an export as it is on ``day``. Raises UndraftableError."""
    wanted = soort or parse_name(file_name).soort
    try:
        table = read_table(data, file_name, export_words(), sheet_hint=wanted)
    except Unreadable as problem:
        told = make_finding(problem.code, count=1, detail=problem.detail).melding
        raise UndraftableError(f"{told} {FINDINGS[problem.code].remedy}") from None
    form = recognised_format(table.headings, wanted)
    wanted = wanted or (form and form.soort) or soort_of_export(table.headings)
    if wanted not in CONTRACTS:
        raise UndraftableError(f"zeg met --soort wat u levert; kies uit: {', '.join(CONTRACTS)}")
    return draft_mapping(table, CONTRACTS[wanted], region.reference_on(day))


def draft_mapping(table: RawTable, contract: Contract, reference: Reference) -> Draft:
    """The mapping file for a table: what was found filled in, what was not as a comment."""
    found = guesses(table.headings, table.cells, contract, reference)
    usable = {place: guess for place, guess in found.items() if _can_be_told(table, place)}
    missing = _missing(usable, contract)
    lines = [
        *_opening(contract),
        *_columns(table, contract, usable),
        *_constants(contract, missing),
        *_values(table, contract, usable),
    ]
    return Draft(contract.soort, "\n".join(lines) + "\n", tuple(missing))


def _missing(found: dict[int, Guess], contract: Contract) -> list[str]:
    """The required columns of a delivery that nothing in the export gives."""
    ways = ways_of(contract)
    given = {ways.get(guess.target, guess.target) for guess in found.values()}
    return [field.name for field in contract.fields if field.required and field.name not in given]


def _can_be_told(table: RawTable, place: int) -> bool:
    """Whether a heading may stand in a mapping: no number or address of a person is in it, and it is the only one."""
    heading = table.headings[place]
    alone = sum(fold(heading) == fold(other) for other in table.headings) == 1
    return alone and bool(fold(heading)) and masked(heading) == heading and not _PERSONAL_SHAPE.search(heading)


def _opening(contract: Contract) -> Iterator[str]:
    yield f"# Mapping: welke kolom van uw export is welke kolom van de levering {contract.soort}."
    yield "# Kijk elke regel na, vul aan en sla het bestand op (UTF-8). Daarna:"
    yield "#   jos prepare EXPORT --mapping DIT_BESTAND --leverancier UW_MAP --sleutel-bestand keten.sleutel"
    yield "# Links staat wat in uw export staat, rechts wat de levering kent. Een regel met # ervoor telt niet mee."
    yield f'soort = "{contract.soort}"'


def _columns(table: RawTable, contract: Contract, found: dict[int, Guess]) -> Iterator[str]:
    yield ""
    yield f"[{COLUMNS}]"
    ways = ways_of(contract)
    for field in contract.fields:
        places = [place for place, guess in found.items() if ways.get(guess.target, guess.target) == field.name]
        yield f"# {field.name}{_need(field)}: {field.column.description}"
        for place in places:
            yield _line(table.headings[place], found[place].target, _remark(found[place]))
        if not places:
            replaceable = [way for way, name in ways.items() if name == field.name]
            yield f'# "kolom in uw export" = "{replaceable[0] if replaceable else field.name}"'
    yield ""
    yield "# Deze kolommen gaan niet mee. Hoort er toch een bij de levering? Schrijf dan rechts de kolom."
    for place, heading in enumerate(table.headings):
        if place in found:
            continue
        if _can_be_told(table, place):
            yield _line(heading, LEAVE_OUT, "")
        else:
            why = "de naam ontbreekt, is dubbel of bevat een persoonsgegeven"
            yield f"# kolom {excel_letter(place)} staat hier niet: {why}"


def _need(field: Field) -> str:
    return " (verplicht)" if field.required else ""


def _remark(guess: Guess) -> str:
    if guess.target in _WAYS_IN_WORDS:
        return _WAYS_IN_WORDS[guess.target]
    return "" if guess.certain else "voorstel: kijk na"


def _line(left: str, right: str, remark: str) -> str:
    return f"{_quoted(left)} = {_quoted(right)}" + (f"  # {remark}" if remark else "")


def _quoted(text: str) -> str:
    """A TOML string; JSON writes one in the same way."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _constants(contract: Contract, missing: list[str]) -> Iterator[str]:
    yield ""
    yield f"[{CONSTANTS}]"
    yield "# Staat iets niet in uw export en is het in elke rij hetzelfde? Schrijf het hier, bijvoorbeeld:"
    fixed = [name for name in missing if name not in ways_of(contract).values()]
    for name in fixed or ["school"]:
        yield f'# {name} = "{_example(contract, name)}"'


def _example(contract: Contract, name: str) -> str:
    column = contract.by_name[name].column if name in contract.by_name else None
    if column is not None and column.codes is not None:
        return column.codes.values[0]
    kinds = {Kind.BOOLEAN: "nee", Kind.DATE: "2023-02-01", Kind.MUNICIPALITY: "GM0361", Kind.INTEGER: "1"}
    return kinds.get(column.kind, "19ZQ00") if column is not None else "19ZQ00"


def _values(table: RawTable, contract: Contract, found: dict[int, Guess]) -> Iterator[str]:
    for field in contract.fields:
        place = next((place for place, guess in found.items() if guess.target == field.name), None)
        if place is None or field.column.kind not in VALUED:
            continue
        column, cells = field.column, table.cells.to_series(place)
        if column.kind in (Kind.CODE, Kind.BOOLEAN):
            yield from _codes_of(column, table.headings[place], cells, certain=found[place].certain)
        else:
            yield ""
            yield f"# Staat {column.name} anders in uw export dan de levering het schrijft? Haal de # weg en vul aan:"
            yield f"# [{VALUES}.{column.name}]"
            yield f'# "zoals in uw export" = "{_example(contract, column.name)}"'


def _codes_of(column: Column, heading: str, cells: pl.Series, *, certain: bool) -> Iterator[str]:
    yield ""
    yield f"# {column.name}: links wat in uw export staat, rechts een van deze codes:"
    yield from (f"#   {code}" for code in _choices(column))
    yield "#   leeg  (er is geen waarde; de cel blijft leeg)"
    yield f"[{VALUES}.{column.name}]"
    shown, rare = _shown_values(column, heading, cells, certain=certain)
    for value in shown:
        guess = _guess(value, column)
        remark = "" if guess and guess.certain else "voorstel: kijk na" if guess else "nog invullen"
        yield _line(value, guess.target if guess else "", remark)
    if rare:
        yield f"# {rare} waarden staan hier niet: ze komen zelden voor of kunnen van een persoon zijn. Vul zo aan:"
        yield f'# "zoals in uw export" = "{_choices(column)[0].split()[0]}"'


def _choices(column: Column) -> list[str]:
    if column.codes is None:
        return ["ja", "nee"]
    return [
        code.code if fold(code.label) == fold(code.code) else f"{code.code}  ({code.label})"
        for code in column.codes.codes
    ]


def _guess(value: str, column: Column) -> Guess | None:
    if column.codes is not None:
        return guessed_code(value, column.codes)
    meaning = parse_boolean(value).value
    return None if meaning is None else Guess("ja" if meaning else "nee", certain=True)


def _shown_values(column: Column, heading: str, cells: pl.Series, *, certain: bool) -> tuple[list[str], int]:
    """The distinct values that may stand in a mapping, and how many others there are.

    Words of our own list are never of a person. Others only show in a column that is clearly a code list, and when
    they come back: names mostly do not.
    """
    times: dict[str, int] = {}
    spelled: dict[str, str] = {}
    for cell, count in sorted(cells.drop_nulls().value_counts().rows()):
        if not is_missing(cell, column.codes):
            times[value_key(cell)] = times.get(value_key(cell), 0) + count
            spelled.setdefault(value_key(cell), cell)
    known = [cell for cell in spelled.values() if (guess := _guess(cell, column)) and guess.certain]
    strange = [cell for key, cell in spelled.items() if cell not in known and times[key] >= _COMES_BACK]
    is_list = (certain or 2 * len(known) >= len(spelled)) and 2 * len(spelled) <= sum(times.values())
    if is_personal(heading) or not is_list or any(_may_be_personal(cell) for cell in strange):
        strange = []
    shown = sorted((*known, *strange), key=value_key)[:MOST_VALUES]
    return shown, len(spelled) - len(shown)


def _may_be_personal(value: str) -> bool:
    too_long = len(value) > _LONGEST_VALUE
    return too_long or bool(_PERSONAL_SHAPE.search(value)) or bool(bsn_mask(pl.Series([value])).any())
