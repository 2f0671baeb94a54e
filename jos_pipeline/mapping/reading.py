"""A mapping file: which column of a supplier's export is which column of a delivery, and which value which code.

Put here what a mapping is and how its TOML is read. Whether it fits an export and a contract is for ``checking``,
what it does to a table for ``applying``. Lines are told by their number: a heading or value of the supplier is never
in a finding.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from jos_pipeline.intake.verdict import Finding, make_finding
from schemas.contracts import CONTRACTS
from schemas.naming import fold, tidy

LEAVE_OUT = "weglaten"
"""The target of a column that is left out on purpose."""
NO_VALUE = "leeg"
"""The code of a value that means nothing."""

COLUMNS, CONSTANTS, VALUES = "kolommen", "vast", "waarden"
_TOP = frozenset({"soort", "titel", "herkenning", COLUMNS, CONSTANTS, VALUES})

Line = tuple[str, str]
"""A table of the file and a key in it."""


class MappingError(Exception):
    """A mapping that cannot be used; carries what to tell the supplier."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__()
        self.findings = findings


@dataclass(frozen=True)
class Mapping:
    """What a mapping file says, as it stands there; nothing is checked against a contract yet."""

    soort: str | None
    columns: dict[str, str]
    """Heading of the export to column of the delivery, way of replacing, or LEAVE_OUT; empty: still open."""
    constants: dict[str, str]
    """Column of the delivery to the one value it has in every row."""
    values: dict[str, dict[str, str]]
    """Column of the delivery to value of the export to code; an empty code is still open."""
    lines: dict[Line, int] = field(default_factory=dict, repr=False)
    title: str = ""
    """What to call a format that everybody knows."""
    signs: frozenset[str] = frozenset()
    """Folded headings that together give a known format away."""

    @property
    def headings(self) -> frozenset[str]:
        """Every folded heading the mapping speaks of."""
        return frozenset(fold(heading) for heading in self.columns)

    def line(self, table: str, key: str) -> int:
        """The line of the file on which a key of a table stands; 0 when it cannot be told."""
        return self.lines.get((table, key), 0)


def value_key(text: str) -> str:
    """The form in which values of an export are compared with those in a mapping."""
    return tidy(text).casefold()


def decode_mapping(data: bytes) -> str:
    """The text of a mapping file; raises MappingError when it is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unusable("sla het bestand op als UTF-8") from None


def parse_mapping(text: str) -> Mapping:
    """The mapping in a TOML text; raises MappingError."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise unusable(_syntax(str(error))) from None
    except RecursionError:
        raise unusable("er staan te veel haken in elkaar") from None
    lines = dict(_lines(text))
    wrong = [name for name in raw if name not in _TOP]
    if wrong:
        where = told([lines.get(("", name)) or lines.get((name, ""), 0) for name in wrong])
        raise unusable(f"{where} hoort er niet; gebruik [{COLUMNS}], [{CONSTANTS}] of [{VALUES}.<kolom>]")
    soort = raw.get("soort")
    if soort is not None and soort not in CONTRACTS:
        raise unusable(f"de soort bestaat niet; kies uit {', '.join(CONTRACTS)}")
    values = raw.get(VALUES, {})
    if not isinstance(values, dict) or any(not isinstance(part, dict) for part in values.values()):
        raise unusable(f"zet waarden onder [{VALUES}.<kolom>], bijvoorbeeld [{VALUES}.onderwijssoort]")
    return Mapping(
        soort=soort,
        columns=_texts(raw.get(COLUMNS, {}), COLUMNS, lines),
        constants=_texts(raw.get(CONSTANTS, {}), CONSTANTS, lines),
        values={name: _texts(part, f"{VALUES}.{name}", lines) for name, part in values.items()},
        lines=lines,
        title=str(raw.get("titel", "")),
        signs=frozenset(
            fold(heading) for heading in _texts(_numbered(raw.get("herkenning", [])), "herkenning", lines).values()
        ),
    )


def unusable(detail: str) -> MappingError:
    return MappingError([make_finding("JOS-E053", count=1, detail=detail)])


def told(lines: list[int]) -> str:
    """Lines of a mapping in words; a line that could not be found is not told."""
    found = sorted({line for line in lines if line})
    shown = ", ".join(str(line) for line in found[:10]) + (f" en nog {len(found) - 10}" if len(found) > 10 else "")
    return f"regel {shown}" if found else "een regel"


def _numbered(part: Any) -> Any:
    return {str(number): text for number, text in enumerate(part)} if isinstance(part, list) else part


def _texts(table: Any, name: str, lines: dict[Line, int]) -> dict[str, str]:
    if not isinstance(table, dict):
        raise unusable(
            f"zet de regels onder [{name}]" if "." not in name else f"zet de regels onder [{VALUES}.<kolom>]"
        )
    wrong = [key for key, text in table.items() if not isinstance(text, str)]
    if wrong:
        raise unusable(f"{told([lines.get((name, key), 0) for key in wrong])} heeft aanhalingstekens nodig")
    return {key: text.strip() for key, text in table.items()}


_AT = re.compile(r"at line (\d+)")
_TABLE = re.compile(r"^\s*\[([^\[\]]+)\]\s*(?:#.*)?$")


def _syntax(message: str) -> str:
    at = _AT.search(message)
    where = f"regel {at[1]}" if at else "het eind van het bestand"
    if "overwrite" in message or "twice" in message or "mutate" in message:
        return f"{where} noemt iets dat er al staat"
    return f"{where} is niet te lezen; staat alles tussen aanhalingstekens?"


def _lines(text: str) -> Iterator[tuple[Line, int]]:
    """Where each key stands. Only for telling: what is not found this way is told without its line."""
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if _TABLE.match(line):
            table = ".".join(_only_keys(line))
            yield (table, ""), number
        elif "=" in line and not line.lstrip().startswith("#"):
            for key in _only_keys(line):
                yield (table, key), number


def _only_keys(line: str) -> list[str]:
    """The keys of one line of TOML, the outermost first; none when the line is only part of something."""
    try:
        part: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return []
    keys = []
    while isinstance(part, dict) and part:
        key, part = next(iter(part.items()))
        keys.append(key)
    return keys
