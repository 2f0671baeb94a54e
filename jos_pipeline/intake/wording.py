"""How places are named to a supplier: columns as Excel letters it, lists in words. No heading ever comes here."""

_MOST_NAMED = 10


def excel_letter(position: int) -> str:
    """The letter of a column in Excel; position 0 is A."""
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def listed(parts: list[str]) -> str:
    """A list in words, at most ten parts of it."""
    more = len(parts) - _MOST_NAMED
    return ", ".join(parts[:_MOST_NAMED]) + (f" en nog {more}" if more > 0 else "")
