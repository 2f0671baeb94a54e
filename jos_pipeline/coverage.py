"""Which part of what was expected is in force: per school or gemeente, per area, per set of sources (spec 2.1).

A *unit* is a school (indicators on school ground), a gemeente (home ground) or a supplier (the respons itself).
Which delivery is in force is the ledger's; what a figure does with its coverage is the cube's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from jos_pipeline.areas import AreaTables, Level, area_tables
from jos_pipeline.region import Region, Supplier, SupplierKind
from jos_pipeline.school_year import SchoolYear

DUO = "duo"
"""The source of DUO's open data: pulled, not sent by a supplier."""

DUO_EXAMENS = "duo_examens"
"""The source of DUO's exam results: pulled too."""

Sources = tuple[str, ...]
Missing = tuple[str | None, str]
"""A supplier and the soort it did not deliver; without a supplier when nobody is to deliver it."""


@dataclass(frozen=True)
class Coverage:
    """What is in force for one school year: ``(leverancier, soort)`` pairs."""

    in_force: frozenset[tuple[str, str]]


class UnitCoverage:
    """The units of a region on a day, and which of them delivered what. Who is to deliver is a fact of the school year.

    ``present`` names, for sources of which nobody is the expected supplier, the schools they have rows of. ``since``:
    schools that existed on some day from then on are units too.
    """

    def __init__(
        self,
        region: Region,
        coverage: Coverage,
        day: date,
        present: Mapping[str, Iterable[str]] | None = None,
        *,
        since: date | None = None,
    ) -> None:
        self._region = region
        self._coverage = coverage
        self._present = {source: frozenset(schools) for source, schools in (present or {}).items()}
        self._gemeenten = {area.gemeente: area for area in region.areas_on(day)}
        self._expected = region.suppliers_in(SchoolYear.of(day))
        self._responsible = _by_soort_and_home(self._expected)
        self.areas: AreaTables = area_tables(region, day, since)

    @property
    def gemeenten(self) -> list[str]:
        """The gemeenten that are one on the day."""
        return list(self._gemeenten)

    def school_delivered(self, school: str, sources: Sources) -> bool:
        """Whether every source of a school is in force from everyone responsible for it."""
        homes = (school, *self._homes_of(self.areas.schoolgemeente[school]), None)
        return all(
            school in self._present[soort] if soort in self._present else self._all_in_force(soort, homes)
            for soort in sources
        )

    def missing_at_school(self, school: str, sources: Sources) -> list[Missing]:
        """What a school lacks for figures on these sources; nothing when ``school_delivered``."""
        homes = (school, *self._homes_of(self.areas.schoolgemeente[school]), None)
        pulled = [(None, soort) for soort in sources if soort in self._present and school not in self._present[soort]]
        return pulled + self._missing(homes, tuple(soort for soort in sources if soort not in self._present))

    def missing_at_home(self, gemeente: str, sources: Sources) -> list[Missing]:
        """What a gemeente lacks for figures on where people live; nothing when it is not expected to deliver."""
        own = self._gemeenten[gemeente].in_regio == "ja"
        homes = (*self._homes_of(gemeente), *((None,) if own else ()))
        expected = own or all(self._suppliers(soort, homes) for soort in sources)
        return self._missing(homes, sources) if expected else []

    def _missing(self, homes: Iterable[str | None], sources: Sources) -> list[Missing]:
        found: list[Missing] = []
        for soort in sources:
            suppliers = self._suppliers(soort, homes)
            found += [(who, soort) for who in suppliers if (who, soort) not in self._coverage.in_force]
            found += [] if suppliers else [(None, soort)]
        return found

    def schools_with(self, soort: str) -> list[str]:
        """The schools whose delivery of a soort is in force."""
        return [school for school in self.areas.schoolgemeente if self.school_delivered(school, (soort,))]

    def of_schools(self, sources: Sources) -> pl.DataFrame:
        """Per area the schools expected and those that delivered all sources."""
        delivered = {school: self.school_delivered(school, sources) for school in self.areas.schoolgemeente}
        return _per_area(self.areas.scholen, delivered)

    def of_homes(self, sources: Sources) -> pl.DataFrame:
        """Per area the gemeenten expected and those of which all sources are in force.

        A gemeente outside the region is expected for its samenwerkingsverband only when somebody delivers for it.
        """
        delivered = {}
        for gemeente, area in self._gemeenten.items():
            own = area.in_regio == "ja"
            homes = (*self._homes_of(gemeente), *((None,) if own else ()))
            if own or all(self._suppliers(soort, homes) for soort in sources):
                delivered[gemeente] = all(self._all_in_force(soort, homes) for soort in sources)
        return _per_area(self.areas.woongemeenten, delivered)

    def suppliers(self) -> pl.DataFrame:
        """What is expected of every supplier: one row per supplier and soort, with ``geleverd``."""
        rows = [
            (supplier.id, soort, (supplier.id, soort) in self._coverage.in_force)
            for supplier in self._expected
            for soort in supplier.levert
        ]
        return pl.DataFrame(
            rows, schema={"leverancier": pl.String, "soort": pl.String, "geleverd": pl.Boolean}, orient="row"
        )

    def supplier_homes(self) -> pl.DataFrame:
        """The areas within which the home of each supplier lies: columns ``plaats, niveau, gebied``."""
        regio = (Level.REGIO.value, self._region.id)
        rows: list[tuple[str, str, str]] = []
        gebied_of: dict[str, str | None] = {}
        for supplier in self._expected:
            if supplier.soort in (SupplierKind.AANBIEDER, SupplierKind.SAMENWERKINGSVERBAND):
                rows.append((supplier.id, *regio))
            if supplier.soort is SupplierKind.SAMENWERKINGSVERBAND:
                rows.append((supplier.id, Level.SAMENWERKINGSVERBAND.value, str(supplier.gebied)))
            elif supplier.soort is not SupplierKind.AANBIEDER:
                gebied_of[supplier.id] = supplier.gebied
        located = pl.DataFrame(
            {"leverancier": list(gebied_of), "plaats": list(gebied_of.values())},
            schema={"leverancier": pl.String, "plaats": pl.String},
        ).join(pl.concat([self.areas.scholen, self.areas.woongemeenten]), on="plaats")
        return pl.concat(
            [
                pl.DataFrame(rows, schema=self.areas.scholen.schema, orient="row"),
                located.select(plaats="leverancier", niveau="niveau", gebied="gebied"),
            ]
        )

    def of_suppliers(self) -> pl.DataFrame:
        """Per area the suppliers expected. Whether they delivered is the figure itself, so all of them count."""
        return _per_area(self.supplier_homes(), {s.id: True for s in self._expected if s.levert})

    def key_domains(self, sources: Sources) -> pl.DataFrame:
        """The key domains of everyone responsible for the sources of each school: ``plaats, domein``."""
        domain_of = self._region.key_domains
        rows = {
            (school, domain_of[supplier])
            for school, gemeente in self.areas.schoolgemeente.items()
            for soort in sources
            for supplier in self._suppliers(soort, (school, *self._homes_of(gemeente), None))
        }
        return pl.DataFrame(sorted(rows), schema={"plaats": pl.String, "domein": pl.String}, orient="row")

    def home_key_domains(self, soort: str) -> pl.DataFrame:
        """The key domains of everyone responsible for a soort in each woongemeente: ``plaats, domein``."""
        domain_of = self._region.key_domains
        rows = {
            (gemeente, domain_of[supplier])
            for gemeente in self._gemeenten
            for supplier in self._suppliers(soort, (*self._homes_of(gemeente), None))
        }
        return pl.DataFrame(sorted(rows), schema={"plaats": pl.String, "domein": pl.String}, orient="row")

    def _homes_of(self, gemeente: str) -> tuple[str, ...]:
        area = self._gemeenten.get(gemeente)
        return (gemeente,) if area is None else (gemeente, area.samenwerkingsverband)

    def _suppliers(self, soort: str, homes: Iterable[str | None]) -> list[str]:
        by_home = self._responsible.get(soort, {})
        return [supplier for home in homes for supplier in by_home.get(home, ())]

    def _all_in_force(self, soort: str, homes: Iterable[str | None]) -> bool:
        found = self._suppliers(soort, homes)
        return bool(found) and all((supplier, soort) in self._coverage.in_force for supplier in found)


def _by_soort_and_home(suppliers: Iterable[Supplier]) -> Mapping[str, Mapping[str | None, list[str]]]:
    """Soort to the home of a supplier (None: an aanbieder of all schools) to the suppliers."""
    found: dict[str, dict[str | None, list[str]]] = {}
    for supplier in suppliers:
        for soort in supplier.levert:
            for home in supplier.homes:
                found.setdefault(soort, {}).setdefault(home, []).append(supplier.id)
    return found


def _per_area(places: pl.DataFrame, delivered: dict[str, bool]) -> pl.DataFrame:
    units = pl.DataFrame(
        {"plaats": list(delivered), "geleverd": list(delivered.values())},
        schema={"plaats": pl.String, "geleverd": pl.Boolean},
    )
    return (
        places.join(units, on="plaats")
        .group_by("niveau", "gebied")
        .agg(n_verwacht=pl.len().cast(pl.Int64), n_geleverd=pl.col("geleverd").sum().cast(pl.Int64))
    )
