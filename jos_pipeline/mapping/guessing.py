"""Which column of an export is probably which column of a delivery, and which value which code: proposals for a person.

Nothing here is ever applied unseen: it ends in a mapping file that somebody reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

import polars as pl

from jos_pipeline.intake.values import is_missing, parse_column
from jos_pipeline.mapping.targets import may_take, ways_of
from jos_pipeline.raw_export import BIRTH_HEADINGS, NUMBER_HEADINGS, POSTCODE_HEADINGS, RESIDENCE_HEADINGS
from schemas.codelists import CodeList
from schemas.columns import Kind
from schemas.contract import Contract, Reference
from schemas.naming import fold, tidy

CERTAIN = 1.0
_ALIKE = 0.82
"""Less alike than this is no proposal."""
_SPEAKING_FOR_ITSELF = 0.9
"""How good a guess is that rests on the cells."""

_WAY_HEADINGS = {
    "bsn": NUMBER_HEADINGS[0],
    "pgn": NUMBER_HEADINGS[1],
    "onderwijsnummer": NUMBER_HEADINGS[2],
    "geboortedatum": BIRTH_HEADINGS,
    "postcode": POSTCODE_HEADINGS,
    "postcode_of_gemeentecode": RESIDENCE_HEADINGS,
}
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "bsn": ("bsn/onderwijsnummer", "bsn of onderwijsnummer"),
    "geboortedatum": ("geboren", "geboren op"),
    "postcode": ("pc", "postcode woonadres", "postcode thuis"),
    "school": ("brin", "brincode", "brinnummer", "vestiging", "vestigingsnummer", "locatie"),
    "onderwijssoort": ("studie", "opleiding", "onderwijstype", "leerweg", "afdeling", "profiel"),
    "leerjaar": ("jaarlaag", "leerlaag", "verblijfsjaar", "studiejaar"),
    "inschrijfdatum": ("ingeschreven op", "ingeschreven vanaf", "inschrijving", "datum in"),
    "uitschrijfdatum": ("uitgeschreven op", "uitgeschreven per", "uitschrijving", "datum uit"),
    "uitstroom": ("reden uitschrijving", "uitstroombestemming", "bestemming"),
    "extra_ondersteuning": ("heeft opp", "ontwikkelingsperspectief", "opp aanwezig"),
    "begindatum": ("begin", "van", "vanaf", "startdatum"),
    "einddatum": ("eind", "einde", "tot", "tot en met", "t/m"),
    "melding_id": ("meldingnummer", "melding", "nummer melding"),
    "uren": ("aantal klokuren", "verzuimuren"),
    "medewerker": ("personeelsnummer", "personeelscode"),
    "teruggeleid": ("terug naar school",),
}
_COUNTED = (Kind.INTEGER, Kind.DECIMAL, Kind.MASKED, Kind.DATE)
_SMALL_WORDS = ("van", "de", "het", "een", "der", "op", "leerling", "jeugdige")


@dataclass(frozen=True)
class Guess:
    """A proposal: ``certain`` when the heading is a known name of the column."""

    target: str
    certain: bool


def guesses(headings: Sequence[str], cells: pl.DataFrame, contract: Contract, reference: Reference) -> dict[int, Guess]:
    """Position of a column in the export to what it probably is; the best pairs first, nothing twice."""
    scored = [
        (_score(heading, cells.to_series(place), target, contract, reference), -place, target)
        for place, heading in enumerate(headings)
        if fold(heading)
        for target in (*contract.by_name, *ways_of(contract))
        if may_take(heading, target, contract)
    ]
    found: dict[int, Guess] = {}
    for score, place, target in sorted(scored, reverse=True):
        if score >= _ALIKE and -place not in found and target not in {one.target for one in found.values()}:
            found[-place] = Guess(target, score >= CERTAIN)
    return found


def _score(heading: str, cells: pl.Series, target: str, contract: Contract, reference: Reference) -> float:
    known = _WAY_HEADINGS[target] if target in _WAY_HEADINGS else contract.by_name[target].column.headings
    if fold(heading) in known or fold(heading) in map(fold, _SYNONYMS.get(target, ())):
        return CERTAIN if _readable(cells, target, contract, reference) else _ALIKE
    word = _core(heading)
    alike = max((SequenceMatcher(None, word, _core(other)).ratio() for other in _names(target, contract)), default=0)
    return max(min(alike, 0.99), _SPEAKING_FOR_ITSELF if _speaks(cells, target, contract, reference) else 0)


def _names(target: str, contract: Contract) -> tuple[str, ...]:
    own = () if target in _WAY_HEADINGS else contract.by_name[target].column.aliases
    return (target.replace("_", " "), *own, *_SYNONYMS.get(target, ()))


def _core(heading: str) -> str:
    """A heading without the small words that make no difference."""
    words = [word for word in heading.casefold().split() if word not in _SMALL_WORDS]
    return fold(" ".join(words)) or fold(heading)


def _readable(cells: pl.Series, target: str, contract: Contract, reference: Reference) -> bool:
    """Whether most cells are a number or date where that is what must be there: a class is called 3h2, not 3."""
    if target not in contract.by_name or contract.by_name[target].column.kind not in _COUNTED:
        return True
    distinct = cells.drop_nulls().unique().head(200)
    problems = parse_column(distinct, contract.by_name[target].column, reference).problems
    return 2 * problems.null_count() >= len(distinct)


def _speaks(cells: pl.Series, target: str, contract: Contract, reference: Reference) -> bool:
    """Whether the cells can hardly be anything else: words of a code list, or codes of schools the region knows."""
    if target not in contract.by_name:
        return False
    column = contract.by_name[target].column
    distinct = {fold(cell) for cell in cells.drop_nulls().unique().head(200) if not is_missing(cell)}
    if column.kind is Kind.SCHOOL:
        return bool(distinct) and distinct <= {fold(school) for school in reference.schools}
    if column.codes is None:
        return False
    words = {spelling for spelling in column.codes.spellings if not spelling.isdecimal() and len(spelling) > 2}
    return len(distinct & words) >= 2 and 2 * len(distinct & words) >= len(distinct)


def guessed_code(value: str, codes: CodeList) -> Guess | None:
    """The code a value probably means."""
    code = codes.spellings.get(fold(value))
    if code is not None:
        return Guess(code, certain=True)
    near = get_close_matches(fold(tidy(value)), list(codes.spellings), n=1, cutoff=0.8)
    return Guess(codes.spellings[near[0]], certain=False) if near and not fold(value).isdecimal() else None
