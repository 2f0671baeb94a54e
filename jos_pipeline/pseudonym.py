"""From a person's number to a pseudonym, and from that to the monitor's own ``leerling_id`` (spec 1.1).

Two keys in two houses: the suppliers' key makes the pseudonym out of the BSN, the monitor's key makes the
``leerling_id`` out of the pseudonym, so neither party alone can walk back. Pure functions of key and value; where
keys are kept is the business of ``resources``. No message in this module holds a number or a key.
"""

import hmac
import re
import unicodedata
from enum import StrEnum

import polars as pl
from stdnum.nl import bsn

PSEUDONYM = "pseudoniem"
LEERLING_ID = "leerling_id"

_PSEUDONYM_DOMAIN = b"jos/pseudoniem/1/"
_LEERLING_DOMAIN = b"jos/leerling_id/1/"
_KEY_BYTES = 32
_DIGITS = 9
_UNKNOWN = frozenset({"000000000", "999999999"})

_EXCEL_FLOAT = re.compile(r"[.,]0+$")
_FINGERPRINT_DOMAIN = b"jos/controlegetal/1"
_ONDERWIJSNUMMER_REMAINDER = 5
_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u00b7]+")
_NINE_DIGITS = re.compile(r"[0-9]{9}")


class UnusableKeyError(ValueError):
    """The key cannot be used; the message says why and never shows it."""


class NumberKind(StrEnum):
    """What a cell of a BSN column holds."""

    VALID = "geldig"
    UNKNOWN = "onbekend"
    INVALID = "ongeldig"


def elfproef(digits9: str) -> bool:
    """Whether nine digits form a BSN: weights 9..2 and -1, remainder 0 modulo 11. All zeros is no number."""
    return _NINE_DIGITS.fullmatch(digits9) is not None and bool(bsn.is_valid(digits9))


def is_person_number(digits9: str) -> bool:
    """Whether nine digits form a BSN (remainder 0), or an onderwijsnummer (same weights, remainder 5; spec 1.1)."""
    if _NINE_DIGITS.fullmatch(digits9) is None:
        return False
    return elfproef(digits9) or bsn.checksum(digits9) == _ONDERWIJSNUMMER_REMAINDER


def canonical_number(text: str) -> str | None:
    """The nine digits a cell stands for, or None when it is not a number of eight or nine digits.

    Dots, spaces and dashes do not count, nor does the ``.0`` Excel adds; eight digits have lost their leading zero.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf").strip()
    digits = _SEPARATORS.sub("", _EXCEL_FLOAT.sub("", plain))
    if not (digits.isascii() and digits.isdigit()):
        return None
    if set(digits) == {"0"} and len(digits) <= _DIGITS:
        return "0" * _DIGITS
    return digits.zfill(_DIGITS) if len(digits) in (_DIGITS - 1, _DIGITS) else None


def classify(text: str | None) -> tuple[NumberKind, str | None]:
    """What a cell of a BSN column holds, with the nine digits when they are a person's number."""
    if text is None or not text.strip():
        return NumberKind.UNKNOWN, None
    number = canonical_number(text)
    if number in _UNKNOWN:
        return NumberKind.UNKNOWN, None
    if number is None or not is_person_number(number):
        return NumberKind.INVALID, None
    return NumberKind.VALID, number


def pseudonym(key: bytes, number: str) -> str:
    """The pseudonym of a person's number: 64 lower-case hex characters.

    ``number`` is nine digits as ``canonical_number`` gives them; raises ValueError for anything else.
    """
    if _NINE_DIGITS.fullmatch(number) is None:
        raise ValueError("a person's number has nine digits")
    return hmac.digest(key, _PSEUDONYM_DOMAIN + number.encode("ascii"), "sha256").hex()


def second_hash(key: bytes, pseudonym: str) -> str:
    """The monitor's ``leerling_id`` of a pseudonym: 64 lower-case hex characters."""
    return hmac.digest(key, _LEERLING_DOMAIN + pseudonym.encode("ascii"), "sha256").hex()


def fingerprint(key: bytes) -> str:
    """Tells whether two keys are the same without telling anything of them: 16 hex characters."""
    return hmac.digest(key, _FINGERPRINT_DOMAIN, "sha256").hex()[:16]


def with_leerling_id(frame: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """``frame`` with ``leerling_id`` in the place of ``pseudoniem``; unchanged when it has none. Null stays null."""
    if PSEUDONYM not in frame.columns:
        return frame
    if frame.is_empty():  # of most files no row is rejected
        return frame.rename({PSEUDONYM: LEERLING_ID}).cast({LEERLING_ID: pl.String})
    known = frame.select(pl.col(PSEUDONYM).drop_nulls().unique()).to_series()
    hashed = pl.Series([second_hash(key, value) for value in known], dtype=pl.String)
    own = pl.col(PSEUDONYM).replace_strict(known, hashed, default=None, return_dtype=pl.String).alias(LEERLING_ID)
    return frame.select(own if name == PSEUDONYM else pl.col(name) for name in frame.columns)


def read_key(text: str) -> bytes:
    """The key written as hex in ``text``: at least 32 bytes.

    Raises ``UnusableKeyError`` when it is missing, not hex or too short.
    """
    written = "".join(text.split())
    if not written:
        raise UnusableKeyError("De sleutel ontbreekt: het bestand of de instelling is leeg.")
    try:
        key = bytes.fromhex(written)
    except ValueError:
        raise UnusableKeyError("De sleutel is niet leesbaar: gebruik alleen de tekens 0-9 en a-f.") from None
    if len(key) < _KEY_BYTES:
        raise UnusableKeyError(f"De sleutel is te kort: {_KEY_BYTES} bytes of meer zijn nodig (64 tekens 0-9, a-f).")
    return key


def is_guessable(key: bytes) -> bool:
    """Whether a key is one byte repeated: it works, and whoever tries a few keys finds it."""
    return len(set(key)) == 1
