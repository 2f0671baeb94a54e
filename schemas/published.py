"""The words in published tables: what each status, level, period and origin means, and which table explains which.

Code lists of what the monitor itself writes; those of what suppliers send stand in ``schemas.codelists``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.codelists import Code, CodeList


@dataclass(frozen=True)
class Word(Code):
    """A code with what it tells a reader."""

    meaning: str = ""


@dataclass(frozen=True)
class Words(CodeList):
    """A code list of which every code has a meaning."""

    codes: tuple[Word, ...] = ()

    @property
    def meanings(self) -> dict[str, str]:
        return {word.code: word.meaning for word in self.codes}


def _words(name: str, description: str, words: Iterable[tuple[str, str, str]]) -> Words:
    return Words(name, description, tuple(Word(code, label, (), meaning) for code, label, meaning in words))


WAARDE_STATUS = _words(
    "waarde_status",
    "Of het cijfer er staat, en zo niet: waarom niet.",
    (
        ("ok", "cijfer", "Het cijfer staat er."),
        (
            "laag_betrouwbaar",
            "cijfer, weinig geleverd",
            "Het cijfer staat er, maar te weinig scholen of gemeenten hebben geleverd.",
        ),
        (
            "interval",
            "niet precies bekend",
            "De bron geeft het cijfer niet precies, maar wel hoe laag en hoe hoog het kan zijn.",
        ),
        ("onderdrukt", "verborgen", "Verborgen om leerlingen te beschermen. Verborgen is niet nul."),
        ("niet_geleverd", "niet geleverd", "De gegevens zijn er niet."),
        ("geen_waarnemingen", "geen waarnemingen", "Er viel niets te tellen."),
        ("niet_van_toepassing", "niet van toepassing", "Dit cijfer bestaat hier niet."),
    ),
)
STATUS = _words(
    "status",
    "Of de publicatie nog kan worden opgevolgd door betere cijfers.",
    (
        ("voorlopig", "voorlopig", "Er komen nog leveringen bij."),
        ("definitief", "definitief", "De cijfers van dit schooljaar zijn afgerond."),
        ("herzien", "herzien", "Verbeterd na een nieuwe levering; vervangt een eerdere publicatie."),
    ),
)
HERKOMST = _words(
    "herkomst",
    "Waar het cijfer op rust.",
    (
        ("levering", "leveringen", "Geteld uit leveringen."),
        ("opgave", "opgave", "Totalen die een school zelf heeft opgegeven."),
        ("gemengd", "gemengd", "Deels geteld, deels opgegeven."),
    ),
)
NIVEAU = _words(
    "niveau",
    "Soort gebied.",
    (
        ("regio", "regio", "De hele regio."),
        ("samenwerkingsverband", "samenwerkingsverband", "Een samenwerkingsverband van scholen."),
        ("gemeente", "gemeente", "Een gemeente."),
        ("school", "school", "Een school: BRIN en vestiging."),
    ),
)
PERIODE = _words(
    "periode",
    "Deel van het schooljaar waarover is geteld.",
    (
        ("schooljaar", "heel schooljaar", "1 augustus tot en met 31 juli."),
        ("halfjaar_1", "eerste half jaar", "1 augustus tot en met 31 december."),
        ("halfjaar_2", "tweede half jaar", "1 januari tot en met 31 juli."),
    ),
)

WORDS: dict[str, Words] = {codes.name: codes for codes in (WAARDE_STATUS, STATUS, HERKOMST, NIVEAU, PERIODE)}
"""The code list of a column, in every table that has a column of this name."""

SILENT = ("onderdrukt", "niet_geleverd", "geen_waarnemingen", "niet_van_toepassing")
"""Where ``waarde``, ``teller`` and ``noemer`` are empty (spec 4.2)."""


@dataclass(frozen=True)
class Reference:
    """Columns of a table whose values stand in the key of another."""

    table: str
    columns: tuple[str, ...]
    refers_to: str
    key: tuple[str, ...]


REFERENCES: tuple[Reference, ...] = (
    Reference("intrekking", ("publicatie",), "publicatie", ("id",)),
    *(
        Reference(table, columns, refers_to, key)
        for table in ("monitor_indicator", "indicator_leesbaar")
        for columns, refers_to, key in (
            (("publicatie",), "publicatie", ("id",)),
            (("indicator",), "dim_indicator", ("indicator",)),
            (("schooljaar", "periode"), "dim_periode", ("schooljaar", "periode")),
            (("uitsplitsing", "categorie"), "dim_categorie", ("uitsplitsing", "categorie")),
        )
    ),
)
"""``gebied`` is not here: a gebied has a row per period in which it existed as it was."""
