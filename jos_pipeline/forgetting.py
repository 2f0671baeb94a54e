"""Persons who must be forgotten (AVG art. 17 and 21): how the monitor knows them again without remembering them.

A tombstone is a keyed hash of the monitor's own ``leerling_id``: whoever has the key can tell that a person is one of
the forgotten, nobody can tell who they are. Pure functions of frames; where tombstones are kept is
``resources.privacy_register``, what they are used on ``resources.sweeping`` and the intake.

Activities have no pupil but may name a traject. So the trajecten of a forgotten pupil have a tombstone too, and what
was done in them stays as work of the professional, without the number that leads to the pupil.
"""

import hmac
import re
from dataclasses import dataclass

import polars as pl

from jos_pipeline.pseudonym import LEERLING_ID

TRAJECT_ID, SUPPLIER = "traject_id", "leverancier"

_PUPIL_DOMAIN = b"jos/grafsteen/1/leerling/"
_TRAJECT_DOMAIN = b"jos/grafsteen/1/traject/"
_PSEUDONYM = re.compile(r"[0-9a-f]{64}")


class NoPseudonymError(ValueError):
    """What was given is no list of pseudonyms; the message (Dutch) never repeats it."""


def pseudonyms_in(text: str) -> tuple[str, ...]:
    """The pseudonyms in a text, with spaces or lines between them, in small letters and each once.

    Raises NoPseudonymError when there is none, or when something else is among them.
    """
    words = text.lower().split()
    if not words or not all(_PSEUDONYM.fullmatch(word) for word in words):
        raise NoPseudonymError("een pseudoniem bestaat uit 64 tekens (0-9, a-f), zoals het in de levering staat")
    return tuple(dict.fromkeys(words))


def tombstone_of_pupil(key: bytes, leerling_id: str) -> str:
    """The tombstone of a ``leerling_id``: 64 hex characters."""
    return hmac.digest(key, _PUPIL_DOMAIN + leerling_id.encode(), "sha256").hex()


def tombstone_of_traject(key: bytes, leverancier: str, traject_id: str) -> str:
    """The tombstone of a traject of a forgotten pupil; numbers of trajecten are a supplier's own."""
    return hmac.digest(key, _TRAJECT_DOMAIN + f"{leverancier}/{traject_id}".encode(), "sha256").hex()


@dataclass(frozen=True)
class Cleaned:
    """A frame without the forgotten. ``touched`` counts the rows that were taken out or lost their traject."""

    frame: pl.DataFrame
    touched: int


@dataclass(frozen=True)
class Forgotten:
    """All tombstones, with the key that tells whose they are."""

    key: bytes
    tombstones: frozenset[str]

    def pupils_in(self, frame: pl.DataFrame) -> list[str]:
        """The ``leerling_id``s in a frame of persons who must be forgotten."""
        if not self.tombstones or LEERLING_ID not in frame.columns:
            return []
        known = frame[LEERLING_ID].drop_nulls().unique()
        return [one for one in known if tombstone_of_pupil(self.key, one) in self.tombstones]

    def trajecten_in(self, frame: pl.DataFrame, leverancier: str | None) -> frozenset[str]:
        """The tombstones of the trajecten that rows of forgotten pupils name.

        ``leverancier`` is whose rows these are; a frame of several suppliers has a column that says so.
        """
        pupils = self.pupils_in(frame)
        if not pupils or TRAJECT_ID not in frame.columns:
            return frozenset()
        theirs = _trajecten(frame.filter(pl.col(LEERLING_ID).is_in(pupils)), leverancier)
        return frozenset(tombstone_of_traject(self.key, *one) for one in theirs.iter_rows())

    def without(self, frame: pl.DataFrame, leverancier: str | None) -> Cleaned:
        """The frame without rows of forgotten pupils, and without the number of their trajecten in other rows."""
        if not self.tombstones or not {LEERLING_ID, TRAJECT_ID} & {*frame.columns}:
            return Cleaned(frame, 0)
        theirs = self._of_a_forgotten_traject(frame, leverancier)
        if LEERLING_ID in frame.columns:
            # a rejected row may have lost its pseudonym and still name the traject
            out = pl.col(LEERLING_ID).is_in(self.pupils_in(frame)).fill_null(value=False)
            kept = frame.filter(~(out | (pl.col(LEERLING_ID).is_null() & theirs)))
            return Cleaned(kept, frame.height - kept.height)
        touched = int(frame.select(theirs.sum()).item())
        if not touched:
            return Cleaned(frame, 0)
        return Cleaned(frame.with_columns(pl.when(~theirs).then(TRAJECT_ID).alias(TRAJECT_ID)), touched)

    def _of_a_forgotten_traject(self, frame: pl.DataFrame, leverancier: str | None) -> pl.Expr:
        if TRAJECT_ID not in frame.columns:
            return pl.lit(value=False)
        rows = _trajecten(frame, leverancier).iter_rows()
        found = {one for one in rows if tombstone_of_traject(self.key, *one) in self.tombstones}
        by_supplier: dict[str, list[str]] = {}
        for supplier, traject in sorted(found):
            by_supplier.setdefault(supplier, []).append(traject)
        of = pl.col(SUPPLIER) if SUPPLIER in frame.columns else pl.lit(leverancier or "")
        hits = [(of == name) & pl.col(TRAJECT_ID).is_in(numbers) for name, numbers in by_supplier.items()]
        return pl.any_horizontal(hits).fill_null(value=False) if hits else pl.lit(value=False)


def _trajecten(frame: pl.DataFrame, leverancier: str | None) -> pl.DataFrame:
    """Every (leverancier, traject_id) that rows name."""
    of = pl.col(SUPPLIER) if SUPPLIER in frame.columns else pl.lit(leverancier or "").alias(SUPPLIER)
    return frame.select(of, pl.col(TRAJECT_ID).cast(pl.String)).drop_nulls().unique()
