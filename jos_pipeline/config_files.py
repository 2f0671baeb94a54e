"""The files by which an installation and a region are set up, TOML and CSV, and what is wrong with one (Dutch).

People write them by hand or in Excel: a byte order mark is read over, and a message says which file and which line.
What belongs in which file is not known here.
"""

import csv
import re
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

HEADER_ROWS = 1
"""Rows of a CSV file above the first one with content."""
NO_TOML = 'dit is geen TOML. Schrijf elke instelling als naam = "waarde", met aanhalingstekens om tekst'
TWICE = "dezelfde naam staat hier voor de tweede keer. Haal er een weg"
_TWICE = ("overwrite a value", "twice")
_PLACE = re.compile(r"\(at line (?P<line>\d+), column (?P<column>\d+)\)")


class ConfigFileError(ValueError):
    """A file that cannot be used. The message (Dutch) is one line: which file, where in it, and what to do."""


def read_toml(path: Path) -> dict[str, Any]:
    """What a TOML file says. Raises ConfigFileError."""
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        where = f", regel {found['line']}, kolom {found['column']}" if found else ""
        twice = any(words in str(error) for words in _TWICE)
        raise ConfigFileError(f"{path}{where}: {TWICE if twice else NO_TOML}") from None


def read_rows(path: Path, columns: Collection[str]) -> list[dict[str, str]]:
    """The rows of a CSV file with at least these columns; cells that a row does not have at its end are None.

    Raises ConfigFileError.
    """
    if not path.is_file():
        raise ConfigFileError(f"{path} is er niet. Maak dit bestand, met de kolommen {','.join(columns)}")
    reader = csv.DictReader(_text(path).splitlines(keepends=True), strict=True)
    try:
        rows = list(reader)
    except csv.Error:
        raise ConfigFileError(
            f"{path}, regel {reader.line_num}: dit is geen CSV. Kijk naar de aanhalingstekens"
        ) from None
    heading = list(reader.fieldnames or ())
    missing = [name for name in columns if name not in heading]
    if missing and any(";" in name for name in heading):
        raise ConfigFileError(f"{path}: tussen de kolommen staan puntkomma's. Sla het op als CSV met komma's ertussen")
    if missing:
        raise ConfigFileError(f"{path}: in de kop ontbreekt {', '.join(missing)}. De kop is {','.join(columns)}")
    for number, row in enumerate(rows, start=HEADER_ROWS + 1):
        if None in row:
            raise ConfigFileError(
                f"{path}, rij {number}: deze rij heeft meer cellen dan de kop. Zet aanhalingstekens om een cel met een "
                "komma erin"
            )
    return rows


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigFileError(
            f"{path}, regel {line}: hier staat een letter die geen UTF-8 is. Sla het bestand op als UTF-8"
        ) from None


def in_dutch(wrong: "ErrorDetails") -> str:
    """What is wrong with a value, without what it holds and never in the words of the library."""
    kind, more = wrong["type"], wrong.get("ctx", {})
    for begin, told in _WORDS.items():
        if kind.startswith(begin):
            return told.format(**more).replace("' or '", "' of '")
    return wrong["msg"].removeprefix("Value error, ") if kind == "value_error" else "deze waarde kan hier niet staan"


_WORDS = {
    "missing": "dit ontbreekt",
    "extra_forbidden": "dit bestaat niet; kijk hoe u het schrijft, of haal het weg",
    "int": "dit moet een geheel getal zijn",
    "float": "dit moet een getal zijn, met een punt erin",
    "bool": "dit moet true of false zijn",
    "date": "schrijf een dag als 2023-02-01",
    "string_pattern_mismatch": "dit past niet bij het patroon {pattern}",
    "string_type": "dit moet tekst zijn, tussen aanhalingstekens",
    "path": "dit moet een pad zijn, tussen aanhalingstekens",
    "tuple": "dit moet een lijst zijn, tussen [ en ]",
    "list": "dit moet een lijst zijn, tussen [ en ]",
    "dict": "dit moet een tabel zijn, met namen en waarden",
    "model": "dit moet een tabel zijn, met namen en waarden",
    "greater_than_equal": "dit moet minstens {ge} zijn",
    "less_than_equal": "dit mag hoogstens {le} zijn",
    "enum": "kies uit {expected}",
    "literal_error": "kies uit {expected}",
}
"""By how the name of a kind of mistake begins in pydantic; the first that fits."""
