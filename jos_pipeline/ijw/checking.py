"""Whether a message is as iJw 3.2 prescribes: always against our own description, and against the official XSDs
where those are given.

A problem names elements of the standard and lines, never a text of the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from jos_pipeline.ijw.messages import BASE, MESSAGES, Complex, Message, Part
from jos_pipeline.ijw.reading import ReadMessage
from jos_pipeline.ijw.simple_types import Simple

STRUCTURE, VALUE, OFFICIAL = "JOS-E072", "JOS-E073", "JOS-E074"
_HINTS = frozenset(
    f"{{http://www.w3.org/2001/XMLSchema-instance}}{name}" for name in ("schemaLocation", "noNamespaceSchemaLocation")
)


@dataclass(frozen=True)
class Problem:
    """One place where a message is not as it should be; ``element`` is a path of the standard's own names."""

    code: str
    element: str | None
    line: int
    detail: str = ""


def problems_of(message: ReadMessage) -> tuple[Problem, ...]:
    """Everything in which the message differs from iJw 3.2; nothing when it does not."""
    return tuple(_within(message.root, message.kind.root, message.kind, "Bericht"))


def _within(element: etree._Element, kind: Complex, message: Message, path: str) -> Iterator[Problem]:
    """The problems of an element that holds elements."""
    line = element.sourceline or 0
    if set(element.attrib) - _HINTS:
        yield Problem(STRUCTURE, path, line, "er staat een attribuut dat daar niet hoort")
    if _filled(element.text) or any(_filled(child.tail) for child in element):
        yield Problem(STRUCTURE, path, line, "er staat tekst tussen de elementen")
    namespace = message.namespace if kind.own else BASE
    children = list(element)
    place = 0
    for part in kind.parts:
        found = 0
        while place < len(children) and children[place].tag == f"{{{namespace}}}{part.name}" and found < part.most:
            yield from _part(children[place], part, message, path)
            place, found = place + 1, found + 1
        if found < part.least:
            yield Problem(
                STRUCTURE, f"{_last(path)}/{part.name}", line, "het element ontbreekt of staat niet op zijn plaats"
            )
    if place < len(children):
        detail = "er staat een element dat daar niet hoort"
        yield Problem(STRUCTURE, path, children[place].sourceline or line, detail)


def _part(element: etree._Element, part: Part, message: Message, path: str) -> Iterator[Problem]:
    if isinstance(part.type, Complex):
        yield from _within(element, part.type, message, part.name)
    else:
        yield from _simple(element, part.type, f"{_last(path)}/{part.name}")


def _simple(element: etree._Element, kind: Simple, path: str) -> Iterator[Problem]:
    line = element.sourceline or 0
    if len(element) or set(element.attrib) - _HINTS:
        yield Problem(STRUCTURE, path, line, "er staat meer in dan alleen tekst")
    elif not kind.fits(element.text or ""):
        yield Problem(VALUE, path, line, kind.expects)


def _filled(text: str | None) -> bool:
    return bool((text or "").strip(" \t\r\n"))


def _last(path: str) -> str:
    return path.rpartition("/")[2]


class UnusableSchemasError(ValueError):
    """The directory does not hold the official XSDs; the message says which is missing."""


def official_schemas(directory: Path) -> dict[str, etree.XMLSchema]:
    """The official XSD of each message, from a directory of the user. Raises UnusableSchemasError."""
    return {one.name: _schema(directory / f"{one.name}.xsd") for one in MESSAGES.values()}


def _schema(path: Path) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
    try:
        return etree.XMLSchema(etree.parse(path, parser))
    except (OSError, etree.LxmlError):
        raise UnusableSchemasError(f"{path.name} ontbreekt of is geen leesbare XSD van iJw 3.2") from None


def official_problems(message: ReadMessage, schemas: dict[str, etree.XMLSchema]) -> tuple[Problem, ...]:
    """Where the official XSD refuses the message."""
    schema = schemas[message.kind.name]
    if schema.validate(message.root):
        return ()
    return tuple(Problem(OFFICIAL, None, entry.line) for entry in schema.error_log)
