"""How headings and labels are compared. No lists of names live here, only the comparison."""

import unicodedata
from functools import lru_cache

_LOOKALIKES = str.maketrans(
    # Cyrillic capitals and small letters, Greek capitals and small letters, and some Latin oddities
    "АВЕЅІЈКМНОРСТУХԌԚԜавеѕіјкмнорстухѵԁԛԝһӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχϲϳıȷɑɡɩʋℓ",
    "ABESIJKMHOPCTYXGQWabesijkmhopctyxvdqwhlABEZHIKMNOPTYXaikvoptuxcjijagivl",
)
"""Letters that look Latin and are not: "ВSN" must not pass for another word than BSN."""


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The form in which headings, labels and aliases are compared.

    Case, accents, spaces, hyphens, underscores and punctuation do not count; zero-width characters vanish.
    ``fold("Geboorte-Datum ") == fold("geboortedatum") == "geboortedatum"``.
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in decomposed if character.isalnum())


def readable(text: str) -> str:
    """The text as it looks: letters of another alphabet that look Latin are Latin, invisible characters are gone."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)
    return "".join(character for character in plain if unicodedata.category(character) != "Cf")


def tidy(text: str) -> str:
    """A cell as a person reads it: no-break spaces are spaces, runs of space are one, no space at the ends."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


STRAIGHT: dict[str, str] = {"[\u2018\u2019\u201a\u201b\u02bc\u00b4`]": "'", "[\u201c-\u201f]": '"'}
"""Patterns of the quotes that a word processor makes, to the quote that was typed: both write one name."""
