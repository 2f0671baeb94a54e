"""What goes wrong with the deliveries of a large region: wrong rows, files that are none, and what never comes.

As in ``demo.shipping`` every planted error says what the gate should find. What happens to a delivery follows from its
name and the seed alone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zlib import crc32

import polars as pl

from jos_pipeline.demo.shipping import Expected

OUT_OF = 1_000
MISSING, NO_FILE, TWICE, WRONG_ROWS = 10, 20, 40, 100
"""Of a thousand deliveries the first 10 never come; up to the 20th a pdf comes first; up to the 40th one that lacks
rows; up to the 100th has rows with an error in them."""
NOT_A_TABLE = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
PDF = Expected("JOS-E002", None, 1, (), "geen CSV maar een pdf")
_FIRST_ROW = 2
_ROWS = 3
_SMALLEST = 100
"""Fewer rows get no errors: more than one row in twenty would be rejected and the whole file refused."""


@dataclass(frozen=True)
class Wrong:
    """An error in some rows of a soort; ``change`` is what stands in the column instead, in rows ``where`` it can."""

    code: str
    kolom: str
    why: str
    change: Callable[[], pl.Expr]
    where: Callable[[], pl.Expr] = lambda: pl.lit(value=True)


def _text(code: str, kolom: str, text: str, why: str) -> Wrong:
    return Wrong(code, kolom, why, lambda: pl.lit(text))


def _before(kolom: str, first: str) -> Wrong:
    why = f"{kolom} voor {first}"
    return Wrong("JOS-E036", kolom, why, lambda: pl.col(first).dt.offset_by("-40d"), pl.col(kolom).is_not_null)


_CUT = Wrong("JOS-E028", "pseudoniem", "pseudoniem afgekapt", lambda: pl.col("pseudoniem").str.head(40))
_NOWHERE = _text("JOS-E032", "woongemeente", "GM9999", "gemeente bestaat niet")

ERRORS: dict[str, tuple[Wrong, ...]] = {
    "leerlingen": (
        _CUT,
        _NOWHERE,
        _text("JOS-E027", "onderwijssoort", "lwoo-plus", "buiten de codelijst"),
        Wrong("JOS-E033", "leerjaar", "leerjaar 9 bestaat niet", lambda: pl.lit(9, pl.Int64)),
    ),
    "trajecten": (_CUT, _text("JOS-E027", "aanmeldreden", "divers", "buiten de codelijst")),
    "activiteiten": (Wrong("JOS-E033", "minuten", "langer dan een dag", lambda: pl.lit(9999, pl.Int64)),),
    "verzuim": (_CUT, _before("einddatum", "begindatum")),
    "jeugdhulp": (_CUT, _NOWHERE, _before("einde", "aanvang")),
    "wachttijden": (_NOWHERE,),
    "tlv": (_text("JOS-E027", "categorie", "4", "buiten de codelijst"),),
    "thuiszitters": (_CUT,),
}


@dataclass(frozen=True)
class Fate:
    """What becomes of a delivery; ``errors`` are in its rows."""

    missing: bool = False
    pdf_first: bool = False
    twice: bool = False
    errors: tuple[Wrong, ...] = ()


def fate(delivery: str, soort: str, rows: int, *, may_miss: bool) -> Fate:
    """What becomes of the delivery with this name. ``may_miss``: it is one that may never come."""
    number = crc32(delivery.encode())
    lot, wrong = number % OUT_OF, ERRORS.get(soort, ())
    if lot < MISSING:
        return Fate(missing=may_miss)
    if lot < NO_FILE:
        return Fate(pdf_first=True)
    if lot < TWICE:
        return Fate(twice=rows >= _SMALLEST)
    if lot < WRONG_ROWS and wrong and rows >= _SMALLEST:
        return Fate(errors=(wrong[number // OUT_OF % len(wrong)],))
    return Fate()


def plant(rows: pl.DataFrame, errors: tuple[Wrong, ...]) -> tuple[pl.DataFrame, tuple[Expected, ...]]:
    """The rows with the errors in the first ones that can have them, and what the gate should find."""
    expected: list[Expected] = []
    for wrong in errors:
        places = rows.select(pl.arg_where(wrong.where())).to_series().head(_ROWS)
        if len(places):
            here = pl.int_range(pl.len()).is_in(places.to_list())
            rows = rows.with_columns(
                pl.when(here).then(wrong.change()).otherwise(pl.col(wrong.kolom)).alias(wrong.kolom)
            )
            numbers = tuple(int(place) + _FIRST_ROW for place in places)
            expected.append(Expected(wrong.code, wrong.kolom, len(places), numbers, wrong.why))
    return rows, tuple(expected)


def each(rows: pl.DataFrame, by: str) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows of each one in column ``by``, by which they are sorted; that column is left out."""
    runs = rows[by].rle().struct.unnest()
    place, rest = 0, rows.drop(by)
    for length, name in runs.iter_rows():
        yield str(name), rest.slice(place, length)
        place += length
