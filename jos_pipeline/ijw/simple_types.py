"""The simple types of iJw 3.2: which text an element may hold. Facts of the public standard, nothing of ours.

A type answers only whether a text fits; what is said about one that does not is in ``checking``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

_XML_SPACE = " \t\n\r"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)")
_WHOLE = re.compile(r"[+-]?[0-9]{1,20}")
_ONE_LINE = r"[^\n\r]*[^ \t\n\r][^\n\r]*"


@dataclass(frozen=True)
class Simple:
    """A simple type: ``expects`` tells in Dutch what should be there."""

    expects: str
    fits: Callable[[str], bool]


def _text(pattern: str, expects: str, longest: int | None = None) -> Simple:
    compiled = re.compile(pattern)
    return Simple(
        expects, lambda text: compiled.fullmatch(text) is not None and (longest is None or len(text) <= longest)
    )


def _line(longest: int) -> Simple:
    return _text(_ONE_LINE, f"tekst van hoogstens {longest} tekens", longest)


def _codes(*codes: str) -> Simple:
    allowed = frozenset(codes)
    return Simple(f"een code uit de lijst van iJw 3.2 ({', '.join(codes)})", lambda text: text in allowed)


def _number(most: int) -> Simple:
    def fits(text: str) -> bool:
        plain = text.strip(_XML_SPACE)
        return _WHOLE.fullmatch(plain) is not None and 0 <= int(plain) <= most

    return Simple(f"een geheel getal van 0 tot en met {most}", fits)


def exactly(text: str) -> Simple:
    """A number that must be written as ``text``; the space around it does not count."""
    return Simple(f"de waarde {text}", lambda given: given.strip(_XML_SPACE) == text)


def exactly_text(text: str) -> Simple:
    """A text that must be ``text``, space and all."""
    return Simple(f"de waarde {text}", lambda given: given == text)


def _is_day(text: str) -> bool:
    plain = text.strip(_XML_SPACE)
    if _DAY.fullmatch(plain) is None:
        return False
    try:
        date.fromisoformat(plain)
    except ValueError:
        return False
    return True


def _numbered(first: int, last: int) -> tuple[str, ...]:
    return tuple(f"{number:02d}" for number in range(first, last + 1))


DAY = Simple("een bestaande datum als jjjj-mm-dd", _is_day)
TIME = Simple("een tijd als uu:mm:ss", lambda text: _TIME.fullmatch(text.strip(_XML_SPACE)) is not None)
AGB = _text("[0-9]{8}", "een AGB-code van acht cijfers")
GEMEENTE = _text("[0-9]{4}", "een gemeentecode van vier cijfers")
BSN = _text("[0-9]{9}", "een nummer van negen cijfers")
NUMBER = _number(999_999_999)
AMOUNT = _number(99_999_999)
HOUSE_NUMBER = _number(99_999)
ORDER = _number(99)
VERSION = _text(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)", "een versie als 1.0.0")
COMMENT = _text(r"[\s\S]*[^ \t\n\r][\s\S]*", "tekst")
MESSAGE_ID = _line(12)
NAME = _line(200)
PREFIX = _line(10)
INITIALS = _text("[a-zA-ZÀ-ỳ]+", "hoogstens zes letters", 6)
REFERENCE = _line(36)
PRODUCT_CODE = _line(5)
REFERRER_NAME = _line(64)
PERSON_ID = _line(20)
ORGANISATION = _line(35)
EMAIL = _line(80)
PHONE = _text("[0-9]+", "hoogstens vijftien cijfers", 15)
LANGUAGE = _line(25)
POSTCODE = _line(8)
STREET = _line(24)
PLACE = _line(80)
SHORT = _line(4)
LETTER = _line(1)
YES_NO = _codes("1", "2")
GENDER = _codes("0", "1", "2")
DATE_USE = _codes("1", "2", "3")
STATUS = _codes("1", "2", "3", "9")
PRODUCT_CATEGORY = _codes(*_numbered(31, 38), *_numbered(40, 55))
REASON_END = _codes("02", "20", *_numbered(31, 39))
REASON_CHANGE = _codes(*_numbered(1, 14))
REFERRER = _codes("01", "02", "03", "04", "05", "06", "08")
UNIT = _codes("01", "04", "14", "16", "82", "83", "84")
FREQUENCY = _codes("1", "2", "4", "6")
ADDRESS_KIND = _codes("01", "02", "03", "04")
ADDRESS_MARK = _codes("AB", "BY", "TO", "WW")
CONTACT_FORM = _codes("1", "2", "3")
NAME_USE = _codes("1", "2", "3", "4", "5", "6")
RELATION = _codes(*_numbered(3, 25))
LEGAL_STATUS = _codes("01", "02", "03", "04", "05", "11", "12")
GUARDIANSHIP = _codes("06", "07", "08", "09", "10")

_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
_KNOWN_COUNTRIES = frozenset(_COUNTRIES.split())
COUNTRY = Simple("een landcode van twee letters (ISO 3166)", lambda text: text in _KNOWN_COUNTRIES)
