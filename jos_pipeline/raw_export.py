"""Which column of a supplier's own export serves which column of a delivery (spec 1.1).

Looks at headings only. What becomes of the cells is in ``jos_pipeline.coarsen``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jos_pipeline.intake.personal import personal_word
from jos_pipeline.mapping.reading import LEAVE_OUT
from jos_pipeline.pseudonym import PSEUDONYM
from schemas.contract import Contract
from schemas.contracts import CONTRACTS
from schemas.naming import fold

AGE_CLASS = "leeftijdsklasse"
HOME = "woongemeente"


def _folded(*headings: str) -> frozenset[str]:
    return frozenset(fold(heading) for heading in headings)


_PERSON = ("leerling", "jeugdige", "kind", "client")

NUMBER_HEADINGS: tuple[frozenset[str], ...] = (
    _folded("bsn", "bsn nummer", "bsn nr", "burgerservicenummer", "burgerservice nr", "sofinummer")
    | _folded(*(f"bsn {person}" for person in _PERSON), *(f"{person} bsn" for person in _PERSON))
    | _folded(*(f"burgerservicenummer {person}" for person in _PERSON)),
    _folded("pgn", "pgn nummer", "pgn nr", "persoonsgebonden nummer", *(f"pgn {person}" for person in _PERSON)),
    _folded("onderwijsnummer", "onderwijs nr", *(f"onderwijsnummer {person}" for person in _PERSON)),
)
"""Headings of the number of the child itself, the first kind that is filled counts. "BSN moeder" is none of them."""
BIRTH_HEADINGS = _folded("geboortedatum", "geb datum", "geb dat", "geboorte datum", "datum geboorte") | _folded(
    *(f"geboortedatum {person}" for person in _PERSON)
)
POSTCODE_HEADINGS = _folded("postcode", "postcode 6", "postcode 4", "pc6", "pc4", "woonpostcode") | _folded(
    *(f"postcode {person}" for person in _PERSON)
)
RESIDENCE_HEADINGS = _folded("postcode of gemeentecode", "postcode of gemeente", "postcode gemeente")
"""Headings of a postcode where it is known, else the code of the gemeente (CBS): four digits are a gemeente."""

EXPORT_HEADINGS = frozenset().union(*NUMBER_HEADINGS, BIRTH_HEADINGS, POSTCODE_HEADINGS, RESIDENCE_HEADINGS)
"""Every folded heading that can stand for a column of a delivery."""


@dataclass(frozen=True)
class Layout:
    """The positions of the columns of an export. ``personal`` are all that may not leave the supplier's house."""

    columns: dict[str, int]
    numbers: tuple[int, ...]
    birth: int | None
    postcode: int | None
    residence: int | None
    personal: tuple[int, ...]
    unknown: tuple[int, ...]
    twice: tuple[str, ...]

    @property
    def given(self) -> frozenset[str]:
        """The columns of a delivery that this export gives, as they are or by replacing."""
        home = self.postcode is not None or self.residence is not None
        replaced = {PSEUDONYM: self.numbers, AGE_CLASS: self.birth is not None, HOME: home}
        return frozenset(self.columns) | {name for name, there in replaced.items() if there}


def layout_of(headings: Sequence[str], contract: Contract) -> Layout:
    """Where the columns of a delivery come from; a column of the contract goes before one that is replaced."""
    folded = [fold(heading) for heading in headings]
    named: dict[str, list[int]] = {}
    for position, heading in enumerate(folded):
        if heading in contract.headings:
            named.setdefault(contract.headings[heading], []).append(position)
    numbers = [_places(folded, kind) for kind in NUMBER_HEADINGS]
    birth, postcode = _places(folded, BIRTH_HEADINGS), _places(folded, POSTCODE_HEADINGS)
    residence = _places(folded, RESIDENCE_HEADINGS)
    replaced = (*numbers, birth, postcode or residence)
    known = {place for places in named.values() for place in places}
    personal = {place for places in (*replaced, residence) for place in places} | {
        place for place, heading in enumerate(headings) if place not in known and personal_word(heading) is not None
    }
    doubles = dict(zip((PSEUDONYM, PSEUDONYM, PSEUDONYM, AGE_CLASS, HOME), replaced, strict=True))
    doubles |= {PSEUDONYM: max(numbers, key=len)}
    twice = [name for name, places in (*named.items(), *doubles.items()) if len(places) > 1]
    return Layout(
        columns={name: places[0] for name, places in named.items()},
        numbers=tuple(places[0] for places in numbers if places),
        birth=birth[0] if birth else None,
        postcode=postcode[0] if postcode else None,
        residence=residence[0] if residence else None,
        personal=tuple(sorted(personal)),
        unknown=tuple(
            place for place, heading in enumerate(folded) if place not in known | personal and heading != LEAVE_OUT
        ),
        twice=tuple(dict.fromkeys(twice)),
    )


def _places(folded: Sequence[str], wanted: frozenset[str]) -> list[int]:
    return [place for place, heading in enumerate(folded) if heading in wanted]


def soort_of_export(headings: Sequence[str]) -> str | None:
    """The one soort of which the export gives every required column; None when none fits, or more than one."""
    fitting = [
        contract.soort
        for contract in CONTRACTS.values()
        if {field.name for field in contract.fields if field.required} <= layout_of(headings, contract).given
    ]
    return fitting[0] if len(fitting) == 1 else None
