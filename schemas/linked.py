"""The base tables: what the indicators count, one table per subject, one school year at a time.

A table takes over the columns of the delivery it comes from (same name, meaning and type: ``schemas.contracts``);
only what linking adds is defined here. How a table is made is in ``jos_pipeline.linking``.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from schemas import columns as c
from schemas.codelists import ONDERWIJSSOORT, ONDERWIJSTYPE, CodeList
from schemas.columns import Column, Kind
from schemas.contract import Field, companion_description
from schemas.contracts import CONTRACTS

if TYPE_CHECKING:
    import pandera.polars as pa


@dataclass(frozen=True)
class LinkedColumn:
    """A column of a base table. ``codes`` is the code list its values come from, if any."""

    name: str
    description: str
    dtype: Any
    may_be_empty: bool = False
    codes: CodeList | None = None


LEERLING_ID = LinkedColumn(
    "leerling_id",
    "Nummer van de leerling binnen de monitor: het pseudoniem, nog een keer versleuteld. Leeg als het onbekend is.",
    pl.String,
    may_be_empty=True,
)
LEVERANCIER = LinkedColumn("leverancier", "Wie de rij heeft geleverd.", pl.String)


@dataclass(frozen=True)
class LinkedTable:
    """A base table: made from the deliveries of ``soort`` (None: from open data), with ``added`` columns."""

    name: str
    soort: str | None
    description: str
    added: tuple[LinkedColumn, ...] = ()

    @cached_property
    def columns(self) -> tuple[LinkedColumn, ...]:
        return (*(accepted_columns(self.soort) if self.soort else ()), *self.added)

    @cached_property
    def dtypes(self) -> dict[str, Any]:
        return {column.name: column.dtype for column in self.columns}

    def empty(self) -> pl.DataFrame:
        return pl.DataFrame(schema=self.dtypes)

    def schema(self) -> "pa.DataFrameSchema":
        """The pandera contract of the table at its boundary."""
        from schemas import validation  # noqa: PLC0415 - it loads pandera, which most commands can do without

        return validation.linked(self)


def accepted_columns(soort: str) -> tuple[LinkedColumn, ...]:
    """The columns of accepted rows of a soort: the contract's with leerling_id, their companions, and leverancier."""
    contract = CONTRACTS[soort]
    companions = (
        LinkedColumn(name, companion_description(name), dtype, may_be_empty=True)
        for name, dtype in contract.companions.items()
    )
    return (*(_taken_over(field) for field in contract.fields), *companions, LEVERANCIER)


def _taken_over(field: Field) -> LinkedColumn:
    column: Column = field.column
    if column is c.PSEUDONIEM:
        return LEERLING_ID
    empty = field.may_be_empty or column.kind is Kind.MASKED
    return LinkedColumn(field.name, column.description, field.dtype, empty, column.codes)


_ONDERWIJSTYPE_OF_PUPIL = LinkedColumn(
    "onderwijstype", "Groep van de onderwijssoort waar de leerling staat ingeschreven.", pl.String, codes=ONDERWIJSTYPE
)
_ONDERWIJSTYPE_OF_TRAJECT = LinkedColumn(
    "onderwijstype",
    "Onderwijstype volgens de inschrijving van de leerling op deze school; anders het type van de school zelf.",
    pl.String,
    may_be_empty=True,
    codes=ONDERWIJSTYPE,
)
_NEXT_START = LinkedColumn(
    "volgende_begindatum",
    "Eerste begindatum van een ander traject van dezelfde leerling na het einde van dit traject.",
    pl.Date,
    may_be_empty=True,
)

LEERLING = LinkedTable("leerling", "leerlingen", "Inschrijvingen van leerlingen.", (_ONDERWIJSTYPE_OF_PUPIL,))
TRAJECT = LinkedTable(
    "traject", "trajecten", "Trajecten van leerlingen bij JOS.", (_ONDERWIJSTYPE_OF_TRAJECT, _NEXT_START)
)
ACTIVITEIT = LinkedTable("activiteit", "activiteiten", "Wat medewerkers van JOS hebben gedaan.")
INZET = LinkedTable("inzet", "inzet", "Wie waar werkt, en voor hoeveel fte.")
JEUGDHULP = LinkedTable(
    "jeugdhulp", "jeugdhulp", "Perioden van jeugdhulp; overlappende rijen zijn samengevoegd tot een periode."
)
WACHTTIJD = LinkedTable("wachttijd", "wachttijden", "Aanmeldingen bij het sociaal team en toewijzingen van jeugdhulp.")
TLV = LinkedTable("tlv", "tlv", "Toelaatbaarheidsverklaringen.")
THUISZITTER = LinkedTable("thuiszitter", "thuiszitters", "Perioden waarin een jeugdige thuiszit.")
VERZUIM = LinkedTable("verzuim", "verzuim", "Verzuimmeldingen.")
LEERPLICHT = LinkedTable("leerplicht", "leerplicht", "Perioden waarin een leerplichtige niet is ingeschreven.")
INWONER = LinkedTable("inwoner", "inwoners", "Aantal jeugdigen per gemeente en leeftijdsklasse.")
BEGELEIDER = LinkedTable("begeleider", "begeleiders", "Aantal begeleiders van buiten per school.")
ENQUETE = LinkedTable("enquete", "enquete", "Antwoorden op de vragenlijst; de respondent telt per leverancier.")
DUO_VESTIGING = LinkedTable(
    "duo_vestiging",
    None,
    "Aantal leerlingen per vestiging volgens de open data van DUO.",
    (
        LinkedColumn("schooljaar", "Schooljaar van de telling.", pl.String),
        LinkedColumn("school", c.SCHOOL.description, pl.String),
        LinkedColumn("aantal_leerlingen", "Aantal leerlingen op 1 oktober.", pl.Int64, may_be_empty=True),
    ),
)
OPGAVE = LinkedTable("opgave", "opgave", "Totalen die een school zelf telde; een afgeschermd getal heeft grenzen.")
DUO_EXAMEN = LinkedTable(
    "duo_examen",
    None,
    "Examenkandidaten en geslaagden per vestiging volgens de open data van DUO; een <5 is 1 tot en met 4.",
    (
        LinkedColumn("schooljaar", "Schooljaar van het examen.", pl.String),
        LinkedColumn("school", c.SCHOOL.description, pl.String),
        LinkedColumn("onderwijssoort", "Onderwijssoort van het examen.", pl.String, codes=ONDERWIJSSOORT),
        *(
            LinkedColumn(f"{what}_{bound}", f"{meaning}, {word}.", pl.Int64)
            for what, meaning in (("kandidaten", "Aantal examenkandidaten"), ("geslaagden", "Aantal geslaagden"))
            for bound, word in (("min", "ten minste"), ("max", "ten hoogste"))
        ),
    ),
)

LINKED_TABLES: dict[str, LinkedTable] = {
    table.name: table
    for table in (
        *(LEERLING, TRAJECT, ACTIVITEIT, INZET, JEUGDHULP, WACHTTIJD, TLV, THUISZITTER),
        *(VERZUIM, LEERPLICHT, INWONER, BEGELEIDER, ENQUETE, OPGAVE, DUO_VESTIGING, DUO_EXAMEN),
    )
}
