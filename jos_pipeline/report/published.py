"""One publication as the report reads it: figures, areas, names and who delivered, all from public tables.

Nothing else comes in here: no delivery, no finding, no lake. What is made of it stands in ``figures`` and ``pages``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from jos_pipeline.areas import Level
from jos_pipeline.concise import Depth, concise_to
from jos_pipeline.export.content import Contents
from jos_pipeline.indicators.entry import TOTAAL
from jos_pipeline.publication import PublicationId
from jos_pipeline.school_year import Period

Key = tuple[str, str, str, str, str, str]
"""Indicator, periode, niveau, gebied, uitsplitsing, categorie."""


@dataclass(frozen=True, slots=True)
class Place:
    """An area as it was called on the peildatum."""

    niveau: Level
    gebied: str
    naam: str
    gemeente: str | None = None
    samenwerkingsverband: str | None = None

    @property
    def page(self) -> str:
        """The name of its page; the region is the page to start with."""
        return "index" if self.niveau is Level.REGIO else f"{self.niveau}-{self.gebied}"


@dataclass(frozen=True, slots=True)
class Words:
    """What an indicator was called and meant in the version that was published."""

    indicator: str
    versie: int
    naam: str
    definitie: str
    statistiek: str
    eenheid: str
    decimalen: int
    grondslag: str
    bronnen: str
    waarvandaan: str


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier and the soorten that were agreed with it."""

    leverancier: str
    naam: str
    soort: str
    gebied: str | None
    levert: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Published:
    """A publication. ``delivered``: which supplier's which soort is behind it; None when that was not recorded."""

    contents: Contents
    id: PublicationId
    status: str
    sha256: str
    delivered: frozenset[tuple[str, str]] | None = None
    earlier: "Published | None" = None
    """The publication to compare with."""
    _rows: Mapping[Key, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    @property
    def schooljaar(self) -> str:
        return self.id.schooljaar

    @property
    def peildatum(self) -> date:
        return self.id.peildatum

    def row(
        self,
        indicator: str,
        place: Place,
        split: str = TOTAAL,
        category: str = TOTAAL,
        period: str = Period.SCHOOLJAAR.value,
    ) -> Mapping[str, Any] | None:
        """The row of ``monitor_indicator``; None when there is none."""
        return self._rows.get((indicator, period, place.niveau.value, place.gebied, split, category))

    @cached_property
    def splits(self) -> dict[str, tuple[str, ...]]:
        """The breakdowns of every indicator, in the order of ``dim_indicator``."""
        there = {(key[0], key[4]) for key in self._rows}
        return {
            row["indicator"]: tuple(
                split for split in row["uitsplitsingen"].split(", ") if (row["indicator"], split) in there
            )
            for row in self._table("dim_indicator")
        }

    @cached_property
    def _categories(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for row in sorted(self._table("dim_categorie"), key=lambda row: row["volgorde"]):
            found.setdefault(row["uitsplitsing"], []).append((row["categorie"], row["naam"]))
        return found

    def categories(self, indicator: str, split: str) -> tuple[tuple[str, str], ...]:
        """Code and name of the categories for which an indicator has rows, in order."""
        there = self._parts
        return tuple(
            (code, name) for code, name in self._categories.get(split, ()) if (indicator, split, code) in there
        )

    @cached_property
    def _parts(self) -> frozenset[tuple[str, str, str]]:
        return frozenset((key[0], key[4], key[5]) for key in self._rows)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The areas that have figures: the region, then the other levels, each by name."""
        known: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for row in self._table("dim_gebied"):
            known.setdefault((row["niveau"], row["gebied"]), []).append(row)
        order = list(Level)
        there = {(key[2], key[3]) for key in self._rows}
        found = [self._place(Level(niveau), gebied, known.get((niveau, gebied), [])) for niveau, gebied in there]
        return tuple(sorted(found, key=lambda place: (order.index(place.niveau), place.naam, place.gebied)))

    def _place(self, niveau: Level, gebied: str, rows: list[Mapping[str, Any]]) -> Place:
        """As it was on the peildatum, else the last time before, else the first: as the views of the warehouse say."""
        if not rows:
            # an area that the region knows no more; its figures still stand
            return Place(niveau, gebied, gebied)
        rows = sorted(rows, key=lambda row: row["geldig_van"])
        row = next((row for row in reversed(rows) if row["geldig_van"] <= self.peildatum), rows[0])
        return Place(niveau, gebied, row["naam"], row["gemeente"], row["samenwerkingsverband"])

    def at(self, level: Level) -> tuple[Place, ...]:
        """The areas of a level."""
        return tuple(place for place in self.places if place.niveau is level)

    @cached_property
    def region(self) -> Place:
        return self.at(Level.REGIO)[0]

    @cached_property
    def _versions(self) -> dict[tuple[str, int], Words]:
        names = Words.__dataclass_fields__
        return {
            (row["indicator"], row["versie"]): Words(**{name: row[name] for name in names})
            for row in self._table("dim_indicator_versie")
        }

    @cached_property
    def words(self) -> dict[str, Words]:
        """The words of every indicator of this publication, in the version that was counted with."""
        versions = {key[0]: row["indicator_versie"] for key, row in self._rows.items()}
        order = [row["indicator"] for row in self._table("dim_indicator")]
        return {
            name: self._versions[name, versions[name]] for name in order if (name, versions.get(name)) in self._versions
        }

    @cached_property
    def suppliers(self) -> tuple[Supplier, ...]:
        """Who was to deliver, as the table ``dim_leverancier`` says."""
        return tuple(
            Supplier(
                row["leverancier"],
                row["naam"],
                row["soort"],
                row["gebied"],
                tuple(soort for soort in row["levert"].split(", ") if soort),
            )
            for row in sorted(self._table("dim_leverancier"), key=lambda row: (row["soort"], row["naam"]))
        )

    def remarks(self, indicator: str, place: Place) -> tuple[str, ...]:
        """What the table ``toelichting`` says of an indicator in an area of this school year."""
        return tuple(
            row["tekst"]
            for row in self._table("toelichting")
            if (row["schooljaar"], row["indicator"], row["niveau"], row["gebied"])
            == (self.schooljaar, indicator, place.niveau.value, place.gebied)
        )

    @cached_property
    def concise_to(self) -> Depth | None:
        """How deep it goes; None where nothing is left out."""
        return concise_to((key[0], key[2], key[4]) for key in self._rows)

    @cached_property
    def withdrawn(self) -> str | None:
        """Why the publication was taken back; None when it holds or was followed up."""
        return next((row["reden"] for row in self._table("intrekking") if row["publicatie"] == str(self.id)), None)

    def _table(self, name: str) -> Iterable[Mapping[str, Any]]:
        return self.contents.tables[name].iter_rows(named=True)


def published(
    contents: Contents,
    publication: PublicationId,
    delivered: Iterable[tuple[str, str]] | None = None,
    earlier: Published | None = None,
) -> Published:
    """A publication out of the public tables. Raises StopIteration when it is not in them."""
    about = next(row for row in contents.tables["publicatie"].iter_rows(named=True) if row["id"] == str(publication))
    rows = {
        (row["indicator"], row["periode"], row["niveau"], row["gebied"], row["uitsplitsing"], row["categorie"]): row
        for row in contents.tables["monitor_indicator"].iter_rows(named=True)
        if row["publicatie"] == str(publication)
    }
    behind = None if delivered is None else frozenset(delivered)
    return Published(contents, publication, about["status"], about["sha256"], behind or None, earlier, rows)


def comparable_with(chosen: PublicationId, out: Iterable[PublicationId]) -> PublicationId | None:
    """The publication to compare with: the one before of the same school year, else the last of the year before.

    ``out`` are those that were not withdrawn. None when there is none.
    """
    before = [one for one in out if one < chosen]
    same = [one for one in before if one.schooljaar == chosen.schooljaar]
    first = int(chosen.schooljaar[:4])
    older = [one for one in before if one.schooljaar == f"{first - 1}-{first}"]
    return max(same or older, default=None)
