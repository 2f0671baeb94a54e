"""What iJw 3.2 prescribes for JW301, JW305, JW307 and JW315: elements, their order, how often, and of which type.

The one description of these messages in the project. Facts of the public standard; nothing here reads a file.
"""

from dataclasses import dataclass
from typing import Literal

from jos_pipeline.ijw import simple_types as s
from jos_pipeline.ijw.simple_types import Simple

BASE = "http://www.istandaarden.nl/ijw/3_2/basisschema/schema"
UNBOUNDED = 1_000_000
VERSION = ("3", "2")


@dataclass(frozen=True)
class Complex:
    """An element with elements in it, in this order. ``own``: in the message's namespace, else the base's."""

    parts: tuple["Part", ...]
    own: bool


@dataclass(frozen=True)
class Part:
    """One element of a complex type: at least ``least`` and at most ``most`` times."""

    name: str
    type: Simple | Complex
    least: Literal[0, 1] = 1
    most: int = 1


@dataclass(frozen=True)
class Message:
    """One kind of message. ``item`` is the path from Client to the products it is about."""

    name: str
    code: str
    root: Complex
    item: tuple[str, str]

    @property
    def namespace(self) -> str:
        return f"http://www.istandaarden.nl/ijw/3_2/{self.name.lower()}/schema"


def _may(name: str, kind: Simple | Complex) -> Part:
    return Part(name, kind, least=0)


def _many(name: str, kind: Simple | Complex) -> Part:
    return Part(name, kind, most=UNBOUNDED)


def _base(*parts: Part) -> Complex:
    return Complex(parts, own=False)


def _own(*parts: Part) -> Complex:
    return Complex(parts, own=True)


_BIRTH = _base(Part("Datum", s.DAY), _may("DatumGebruik", s.DATE_USE))
_SURNAME = _base(Part("Achternaam", s.NAME), _may("Voorvoegsel", s.PREFIX))
_SHORT_NAME = _base(Part("Geslachtsnaam", _SURNAME), _may("Voornamen", s.NAME), _may("Voorletters", s.INITIALS))
_FULL_NAME = _base(
    Part("Geslachtsnaam", _SURNAME),
    _may("Partnernaam", _SURNAME),
    _may("Voornamen", s.NAME),
    _may("Voorletters", s.INITIALS),
    Part("NaamGebruik", s.NAME_USE),
)
_PRODUCT = _base(Part("Categorie", s.PRODUCT_CATEGORY), _may("Code", s.PRODUCT_CODE))
_VOLUME = _base(Part("Volume", s.AMOUNT), Part("Eenheid", s.UNIT), Part("Frequentie", s.FREQUENCY))
_HOUSE = _base(
    Part("Huisnummer", s.HOUSE_NUMBER),
    _may("Huisletter", s.LETTER),
    _may("HuisnummerToevoeging", s.SHORT),
    _may("AanduidingWoonadres", s.ADDRESS_MARK),
)
_ADDRESS = _base(
    _may("Huis", _HOUSE),
    _may("Postcode", s.POSTCODE),
    _may("Straatnaam", s.STREET),
    _may("Plaatsnaam", s.PLACE),
    _may("LandCode", s.COUNTRY),
)
_PHONE = _base(Part("Telefoonnummer", s.PHONE), Part("Landnummer", s.SHORT))
_PHONES = _base(Part("Telefoon01", _PHONE), _may("Telefoon02", _PHONE))
_CONTACT = _own(
    Part("Soort", s.ADDRESS_KIND),
    _may("Adres", _ADDRESS),
    _may("Organisatie", s.ORGANISATION),
    _may("Telefoon", _PHONES),
    _may("Emailadres", s.EMAIL),
    _may("Periode", _base(_may("Begindatum", s.DAY), _may("Einddatum", s.DAY))),
)
_RELATION = _own(
    Part("Nummer", s.PERSON_ID),
    _may("Volgorde", s.ORDER),
    Part("Soort", s.RELATION),
    _may("Geboortedatum", _BIRTH),
    _may("Geslacht", s.GENDER),
    Part("Naam", _FULL_NAME),
    Part("Contact", _CONTACT),
)
_REFERRER = _base(Part("Type", s.REFERRER), _may("Naam", s.REFERRER_NAME), _may("ZorgverlenerCode", s.AGB))


def _header(code: str, sender: Simple, receiver: Simple) -> Part:
    return Part(
        "Header",
        _own(
            Part("BerichtCode", s.exactly_text(code)),
            Part("BerichtVersie", s.exactly(VERSION[0])),
            Part("BerichtSubversie", s.exactly(VERSION[1])),
            Part("Afzender", sender),
            Part("Ontvanger", receiver),
            Part("BerichtIdentificatie", _base(Part("Identificatie", s.MESSAGE_ID), Part("Dagtekening", s.DAY))),
            Part("XsdVersie", _base(Part("BasisschemaXsdVersie", s.VERSION), Part("BerichtXsdVersie", s.VERSION))),
        ),
    )


def _client(name: Complex, *more: Part) -> Part:
    first = (Part("Bsn", s.BSN), Part("Geboortedatum", _BIRTH), Part("Geslacht", s.GENDER), Part("Naam", name))
    return Part("Client", _own(*first, *more))


def _products(group: str, item: str, *parts: Part) -> Part:
    return Part(group, _own(_many(item, _own(*parts))))


_DELIVERED = (
    _may("ToewijzingNummer", s.NUMBER),
    _may("Product", _PRODUCT),
    _may("ToewijzingIngangsdatum", s.DAY),
    Part("Begindatum", s.DAY),
)
_STATUS = Part("StatusAanlevering", s.STATUS)

JW301 = Message(
    "JW301",
    "436",
    _own(
        _header("436", s.GEMEENTE, s.AGB),
        _client(
            _FULL_NAME,
            _may("Communicatie", _base(Part("Vorm", s.CONTACT_FORM), _may("Taal", s.LANGUAGE))),
            _may("JuridischeStatus", s.LEGAL_STATUS),
            _may("WettelijkeVertegenwoordiging", s.GUARDIANSHIP),
            _may("Commentaar", s.COMMENT),
            _may("Relaties", _own(_many("Relatie", _RELATION))),
            Part("Contactgegevens", _own(_many("Contact", _CONTACT))),
            _products(
                "ToegewezenProducten",
                "ToegewezenProduct",
                Part("ToewijzingNummer", s.NUMBER),
                _may("ReferentieAanbieder", s.REFERENCE),
                _may("Product", _PRODUCT),
                Part("Toewijzingsdatum", s.DAY),
                Part("Toewijzingstijd", s.TIME),
                Part("Ingangsdatum", s.DAY),
                _may("Einddatum", s.DAY),
                _may("RedenWijziging", s.REASON_CHANGE),
                _may("Omvang", _VOLUME),
                _may("Budget", s.AMOUNT),
                _may("Commentaar", s.COMMENT),
            ),
        ),
    ),
    ("ToegewezenProducten", "ToegewezenProduct"),
)
JW305 = Message(
    "JW305",
    "438",
    _own(
        _header("438", s.AGB, s.GEMEENTE),
        _client(_SHORT_NAME, _products("StartProducten", "StartProduct", *_DELIVERED, _STATUS)),
    ),
    ("StartProducten", "StartProduct"),
)
JW307 = Message(
    "JW307",
    "440",
    _own(
        _header("440", s.AGB, s.GEMEENTE),
        _client(
            _SHORT_NAME,
            _products(
                "StopProducten",
                "StopProduct",
                *_DELIVERED,
                Part("RedenBeeindiging", s.REASON_END),
                Part("Einddatum", s.DAY),
                _STATUS,
            ),
        ),
    ),
    ("StopProducten", "StopProduct"),
)
JW315 = Message(
    "JW315",
    "446",
    _own(
        _header("446", s.AGB, s.GEMEENTE),
        _client(
            _SHORT_NAME,
            _may("GezagsdragerBekend", s.YES_NO),
            _may("Commentaar", s.COMMENT),
            _products(
                "AangevraagdeProducten",
                "AangevraagdProduct",
                Part("ReferentieAanbieder", s.REFERENCE),
                _may("BeschikkingNummer", s.NUMBER),
                _may("Product", _PRODUCT),
                _may("BeschikkingIngangsdatum", s.DAY),
                Part("ToewijzingIngangsdatum", s.DAY),
                _may("ToewijzingEinddatum", s.DAY),
                _may("Omvang", _VOLUME),
                _may("Budget", s.AMOUNT),
                Part("Verwijzer", _REFERRER),
                _may("Raamcontract", s.YES_NO),
                _may("Commentaar", s.COMMENT),
            ),
        ),
    ),
    ("AangevraagdeProducten", "AangevraagdProduct"),
)

MESSAGES: dict[str, Message] = {one.namespace: one for one in (JW301, JW305, JW307, JW315)}
