"""How headings and labels are compared. No lists of names live here, only the comparison."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The form in which headings, labels and aliases are compared.

    Case, accents, spaces, hyphens, underscores and punctuation do not count; zero-width characters vanish.
    ``fold("Geboorte-Datum ") == fold("geboortedatum") == "geboortedatum"``.
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in decomposed if character.isalnum())


def tidy(text: str) -> str:
    """A cell as a person reads it: no-break spaces are spaces, runs of space are one, no space at the ends."""
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())
