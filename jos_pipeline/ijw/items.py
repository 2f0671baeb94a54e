"""The products in messages that are valid, each with the header and the client it stands under.

Nothing is judged or combined here. ``repr`` of what holds a person shows nothing of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lxml import etree

from jos_pipeline.ijw.messages import JW301
from jos_pipeline.ijw.reading import ReadMessage

_HOME_KINDS = ("01", "03")
"""Kinds of address at which a client lives, best first; a postal or temporary address is none."""
_UNKNOWN_DAY, _UNKNOWN_MONTH, _UNKNOWN_DATE = "1", "2", "3"


@dataclass(frozen=True, repr=False)
class Client:
    """A person as a message gives it; ``born`` ends on zeros where day or month is unknown."""

    bsn: str
    born: str
    gender: str
    postcode: str | None

    @property
    def identity(self) -> tuple[str, ...]:
        """The same for one person in every message: the BSN, else what is known of the birth and the gender."""
        return (self.bsn,) if len(set(self.bsn)) > 1 else (self.bsn, self.born, self.gender)


@dataclass(frozen=True, repr=False)
class Item:
    """One product in a message. ``fields`` are its elements by name, of a nested one as ``Product/Categorie``."""

    kind: str
    file: int
    line: int
    sent: tuple[date, str]
    gemeente: str
    aanbieder: str
    client: Client
    fields: dict[str, str]

    def day(self, name: str) -> date | None:
        text = self.fields.get(name)
        return date.fromisoformat(text) if text else None

    @property
    def number(self) -> int | None:
        text = self.fields.get("ToewijzingNummer")
        return int(text) if text else None

    @property
    def category(self) -> str | None:
        return self.fields.get("Product/Categorie")

    @property
    def order(self) -> tuple[date, str, int, int]:
        return (*self.sent, self.file, self.line)


def items_of(message: ReadMessage, file: int) -> Iterator[Item]:
    """The products of a valid message; ``file`` is the place of its file among those that are given."""
    header, person = message.root[0], message.root[1]
    ends = [_text(header, "Afzender"), _text(header, "Ontvanger")]
    gemeente, aanbieder = ends if message.kind is JW301 else reversed(ends)
    identification = _child(header, "BerichtIdentificatie")
    sent = (_sent_on(message), _text(identification, "Identificatie").rjust(12))
    client = _client(person)
    for element in _child(person, message.kind.item[0]):
        yield Item(
            message.kind.name,
            file,
            element.sourceline,
            sent,
            f"GM{gemeente}",
            aanbieder,
            client,
            dict(_fields(element)),
        )


def _sent_on(message: ReadMessage) -> date:
    return date.fromisoformat(_text(_child(message.root[0], "BerichtIdentificatie"), "Dagtekening"))


def _client(element: etree._Element) -> Client:
    birth = _child(element, "Geboortedatum")
    born, use = _text(birth, "Datum"), _optional(birth, "DatumGebruik")
    contacts = element.find("{*}Contactgegevens")
    return Client(
        bsn=_text(element, "Bsn"),
        born=_born(born, use),
        gender=_text(element, "Geslacht"),
        postcode=None if contacts is None else _postcode(contacts),
    )


def _born(day: str, use: str | None) -> str:
    if use == _UNKNOWN_DATE:
        return ""
    plain = day.replace("-", "")
    return {_UNKNOWN_DAY: f"{plain[:6]}00", _UNKNOWN_MONTH: f"{plain[:4]}0000"}.get(use or "", day)


def _postcode(contacts: etree._Element) -> str | None:
    at = {_text(one, "Soort"): one.findtext("{*}Adres/{*}Postcode") for one in contacts}
    return next((postcode for kind in _HOME_KINDS if (postcode := at.get(kind))), None)


def _fields(element: etree._Element) -> Iterator[tuple[str, str]]:
    for child in element:
        name = etree.QName(child).localname
        if len(child):
            yield from ((f"{name}/{inner}", text) for inner, text in _fields(child))
        else:
            yield name, (child.text or "").strip()


def _child(element: etree._Element, name: str) -> etree._Element:
    return element.find(f"{{*}}{name}")


def _text(element: etree._Element, name: str) -> str:
    return (_child(element, name).text or "").strip()


def _optional(element: etree._Element, name: str) -> str | None:
    found = element.find(f"{{*}}{name}")
    return None if found is None else (found.text or "").strip()
