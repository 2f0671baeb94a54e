"""A region as configuration: areas, schools, teams, suppliers, release calendar (spec 1.5 and 3.1).

Everything dated is asked for on a day. Put here what the region *is*; what suppliers sent is in the ledger. A
region is a directory with ``regio.toml``, ``scholen.csv``, ``gebieden.csv`` and ``postcodes.csv``; the list of all
Dutch gemeenten is shared by every region. What is wrong with them is told by ``jos_pipeline.region_mistakes``.
"""

import hashlib
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from jos_pipeline import threshold
from jos_pipeline.config_files import ConfigFileError, read_rows, read_toml
from jos_pipeline.delivery_moments import DeliveryMoment, Postponement
from jos_pipeline.region_mistakes import all_in_one, contradictions, mistake
from jos_pipeline.release_moments import USUAL_MOMENTS, ReleaseMoment
from jos_pipeline.retention import Retention
from jos_pipeline.school_year import SchoolYear
from schemas.contract import Reference
from schemas.contracts import CONTRACTS

SHIPPED = Path(__file__).parent / "regions"
ONE_KEY = "regio"
"""The key domain of every supplier that names no other."""
_MOST_REFERENCES = 100


class RegionError(ValueError):
    """The region's configuration is wrong; the message is one line: where, what, and how much more."""


class SupplierKind(StrEnum):
    AANBIEDER = "aanbieder"
    SCHOOL = "school"
    SAMENWERKINGSVERBAND = "samenwerkingsverband"
    GEMEENTE = "gemeente"


def _day(text: object) -> object:
    return text or None


_Day = Annotated[date | None, BeforeValidator(_day)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Dated(_Part):
    geldig_van: _Day = None
    geldig_tot: _Day = None
    """First day on which it no longer holds."""

    def holds_on(self, day: date) -> bool:
        return (self.geldig_van is None or self.geldig_van <= day) and (
            self.geldig_tot is None or day < self.geldig_tot
        )

    def holds_in(self, year: SchoolYear) -> bool:
        """Whether it holds on some day of a school year."""
        return (self.geldig_van is None or self.geldig_van <= year.last_day) and (
            self.geldig_tot is None or year.first_day < self.geldig_tot
        )


class Municipality(_Dated):
    """A gemeente of the Netherlands."""

    gemeente: str = Field(pattern=r"^GM\d{4}$")
    naam: str


class Area(_Dated):
    """To which samenwerkingsverband a gemeente belongs, and whether it is one of the region's own."""

    gemeente: str = Field(pattern=r"^GM\d{4}$")
    samenwerkingsverband: str = Field(pattern=r"^VO\d{4}$")
    in_regio: Literal["ja", "nee"]


class School(_Dated):
    """A school (BRIN and vestiging) of the region."""

    school: str = Field(pattern=r"^\d{2}[A-Z0-9]{2}\d{2}$")
    naam: str
    gemeente: str
    onderwijstype: str


class Licence(_Part):
    """Under which conditions others may use the published figures; as the Data Package standard writes it."""

    name: str
    """An Open Definition identifier such as ``CC-BY-4.0``."""
    path: str | None = None
    title: str | None = None


class Team(_Part):
    """A team that serves several schools."""

    id: str
    naam: str
    aliassen: tuple[str, ...] = ()
    scholen: tuple[str, ...]


class Supplier(_Dated):
    """Who delivers which soorten, and from when to when. ``id`` is the name of its folder in the inbox."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    naam: str
    soort: SupplierKind
    gebied: str | None = None
    scholen: tuple[str, ...] = ()
    """The schools an aanbieder serves; none means all of them."""
    levert: tuple[str, ...]
    """The soorten that are expected of it."""
    sleuteldomein: str = Field(ONE_KEY, pattern=r"^[a-z0-9][a-z0-9-]*$")
    """Which key its pseudonyms are made with: a person has another pseudonym in every domain."""

    @property
    def homes(self) -> tuple[str | None, ...]:
        """The places it is responsible for; None stands for every school."""
        return self.scholen or (self.gebied,)

    def may_send(self, soort: str) -> bool:
        """Whether a soort is agreed with it, or one that anybody may send."""
        return soort in self.levert or CONTRACTS[soort].any_supplier


def _since(entry: _Dated) -> date:
    return entry.geldig_van or date.min


class Region(_Part):
    """A region with everything the monitor must know about it."""

    id: str
    naam: str
    eerste_schooljaar: str
    laatste_schooljaar: str
    drempel: int = threshold.USUAL
    """Figures about fewer persons than this are hidden."""
    drempel_besluit: str | None = None
    """Who decided on the threshold, when and why; readers see it. Without it the threshold is not below the usual one
    (``jos_pipeline.threshold``)."""
    afronden: int | None = Field(None, ge=2)
    """Published counts of persons are multiples of this, and still add up; None: they are exact (spec 3.2.7)."""
    overheden_houden_tegen: bool = False
    """Whether nothing is published where a gemeente or samenwerkingsverband that knows what it delivered can tell too
    much of another one's counts; otherwise the report with the audit only says of how many."""
    cijfers_tot: str = "school"
    """Down to which level of areas figures are published: ``school`` is all there are. For a region with more schools
    than can be tried as readers (``jos_pipeline.concise``)."""
    uitsplitsen_tot: str = "school"
    """Down to which level of areas these are broken down, the rest being totals. For a region of which the whole is too
    large to be audited."""
    max_aandeel_afkeur: float = Field(0.05, ge=0, le=1)
    min_dekking: float = Field(0.5, ge=0, le=1)
    verwachtingen: dict[str, float] = {}
    """The region's own thresholds, by the name of an expectation (``schemas.expectations``)."""
    samenwerkingsverbanden: dict[str, str]
    publicatiemomenten: tuple[ReleaseMoment, ...] = USUAL_MOMENTS
    levermomenten: tuple[DeliveryMoment, ...] = ()
    uitstel: tuple[Postponement, ...] = ()
    stil_na_dagen: int = Field(30, ge=1)
    """A supplier that is late is silent when nothing came of it for longer than this."""
    bewaartermijnen: Retention = Retention()
    licentie: Licence | None = None
    teams: tuple[Team, ...] = ()
    leveranciers: tuple[Supplier, ...]
    scholen: tuple[School, ...]
    gebieden: tuple[Area, ...]
    postcodes: dict[str, str] = {}
    gemeenten: tuple[Municipality, ...]

    @model_validator(mode="after")
    def _consistent(self) -> "Region":
        known: dict[SupplierKind, set[str] | set[None]] = {
            SupplierKind.SCHOOL: {school.school for school in self.scholen},
            SupplierKind.GEMEENTE: {municipality.gemeente for municipality in self.gemeenten},
            SupplierKind.SAMENWERKINGSVERBAND: set(self.samenwerkingsverbanden),
            SupplierKind.AANBIEDER: {None},
        }
        if wrong := contradictions(self, known):
            raise ValueError(all_in_one(wrong))
        return self

    def __copy__(self) -> "Region":
        """A copy without what was worked out of this one: what is copied is as a rule changed as well."""
        copied = super().__copy__()
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied

    @cached_property
    def suppliers(self) -> dict[str, Supplier]:
        return {supplier.id: supplier for supplier in self.leveranciers}

    def name_of(self, supplier_id: str | None) -> str | None:
        """What people call a supplier; None for who is none of the region."""
        known = self.suppliers.get(supplier_id or "")
        return None if known is None else known.naam

    @cached_property
    def school_years(self) -> tuple[str, ...]:
        """The school years the monitor processes, as text, in order."""
        first, last = SchoolYear.parse(self.eerste_schooljaar), SchoolYear.parse(self.laatste_schooljaar)
        return tuple(str(SchoolYear(year)) for year in range(first.start_year, last.start_year + 1))

    def suppliers_of(self, soort: str) -> tuple[Supplier, ...]:
        """Who may send a soort."""
        return tuple(supplier for supplier in self.leveranciers if supplier.may_send(soort))

    @cached_property
    def school_entries(self) -> dict[str, tuple[School, ...]]:
        """Every entry of a school, by its code: one that moved or changed has more than one."""
        found: dict[str, list[School]] = {}
        for school in self.scholen:
            found.setdefault(school.school, []).append(school)
        return {code: tuple(entries) for code, entries in found.items()}

    def yardstick(self, supplier_id: str) -> str:
        """What the gate knows of the region when it judges this supplier, as a SHA-256: another one, another verdict
        may be."""
        supplier = self.suppliers.get(supplier_id)
        agreed = None if supplier is None else sorted(supplier.levert)
        return hashlib.sha256(f"{self._of_every_supplier}{agreed}".encode()).hexdigest()

    @cached_property
    def _of_every_supplier(self) -> str:
        asked = {"eerste_schooljaar", "laatste_schooljaar", "max_aandeel_afkeur", "scholen", "gemeenten", "teams"}
        return hashlib.sha256(self.model_dump_json(include=asked).encode()).hexdigest()

    @cached_property
    def key_domains(self) -> dict[str, str]:
        """The key domain of every supplier."""
        return {supplier.id: supplier.sleuteldomein for supplier in self.leveranciers}

    def schools_on(self, day: date) -> tuple[School, ...]:
        return tuple(school for school in self.scholen if school.holds_on(day))

    def schools_between(self, first: date, last: date) -> tuple[School, ...]:
        """Every school that existed on some day from ``first`` to ``last``, as it was last."""
        there: dict[str, School] = {}
        for school in self.scholen:
            begins_later = school.geldig_van is not None and school.geldig_van > last
            ended = school.geldig_tot is not None and school.geldig_tot <= first
            known = there.get(school.school)
            if not (begins_later or ended) and (known is None or _since(known) <= _since(school)):
                there[school.school] = school
        return tuple(there.values())

    def areas_on(self, day: date) -> tuple[Area, ...]:
        return tuple(area for area in self.gebieden if area.holds_on(day))

    def municipalities_on(self, day: date) -> tuple[Municipality, ...]:
        return tuple(municipality for municipality in self.gemeenten if municipality.holds_on(day))

    def suppliers_in(self, year: SchoolYear) -> tuple[Supplier, ...]:
        """Who is to deliver about a school year: a supplier on any day of it; a school only while it exists."""
        return tuple(
            one
            for one in self.leveranciers
            if one.holds_in(year)
            and (
                one.soort is not SupplierKind.SCHOOL
                or any(school.holds_in(year) for school in self.school_entries.get(str(one.gebied), ()))
            )
        )

    def reference_on(self, peildatum: date, schooljaar: str | None = None) -> Reference:
        """What the contracts need to know of the region on the peildatum of a delivery of a school year.

        A school counts when it existed on some day of that year, for rows are about the whole year. Without
        ``schooljaar`` that is the year in which the peildatum lies.
        """
        year = SchoolYear.of(peildatum) if schooljaar is None else SchoolYear.parse(schooljaar)
        known = self._references
        if (peildatum, year) not in known:
            if len(known) >= _MOST_REFERENCES:
                known.clear()
            known[peildatum, year] = self._reference(peildatum, year)
        return known[peildatum, year]

    @cached_property
    def _references(self) -> dict[tuple[date, SchoolYear], Reference]:
        """Made once each: the files of a school year have few peildatums, and there are thousands of files."""
        return {}

    def _reference(self, peildatum: date, year: SchoolYear) -> Reference:
        there = {school.school for school in self.scholen if school.holds_in(year)}
        return Reference(
            schools=sorted(there),
            absent_schools=sorted({school.school for school in self.scholen} - there),
            municipalities=[municipality.gemeente for municipality in self.municipalities_on(peildatum)],
            teams=[team.id for team in self.teams],
            team_names={name: team.id for team in self.teams for name in (team.naam, *team.aliassen)},
            latest=_a_year_after(peildatum),
        )

    def releases_in(self, year: SchoolYear) -> tuple[tuple[date, str], ...]:
        """Every peildatum of a school year with its status, in order."""
        return tuple(sorted((moment.day_in(year), moment.status) for moment in self.publicatiemomenten))


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)


def all_municipalities() -> tuple[Municipality, ...]:
    """Every gemeente of the Netherlands, also those that are no more; shared by all regions."""
    return tuple(Municipality.model_validate(row) for row in _rows(SHIPPED, "gemeenten", Municipality))


@lru_cache(maxsize=8)
def load_region(name: str = "alkmaar") -> Region:
    """The region shipped under ``name``, or the one in the directory ``name``.

    Raises RegionError when it is missing or wrong.
    """
    directory = SHIPPED / name if (SHIPPED / name).is_dir() else Path(name)
    if not (directory / "regio.toml").is_file():
        shipped = ", ".join(sorted(path.name for path in SHIPPED.iterdir() if path.is_dir()))
        raise RegionError(f"regio '{name}' is er niet. Noem in JOS_REGIO een map met regio.toml, of kies uit {shipped}")
    try:
        return Region.model_validate(
            read_toml(directory / "regio.toml")
            | {
                "scholen": _rows(directory, "scholen", School),
                "gebieden": _rows(directory, "gebieden", Area),
                "postcodes": {row["pc4"]: row["gemeente"] for row in _postcodes(directory / "postcodes.csv")},
                "gemeenten": _rows(SHIPPED, "gemeenten", Municipality),
            }
        )
    except ValidationError as error:
        raise RegionError(mistake(directory, error)) from error
    except ConfigFileError as wrong:
        raise RegionError(f"de regio klopt niet: {wrong}") from None


def _postcodes(path: Path) -> list[dict[str, str]]:
    """Only who makes pseudonyms of raw exports needs them: a region without is one."""
    return read_rows(path, ("pc4", "gemeente")) if path.is_file() else []


def _rows(directory: Path, table: str, entry: type[_Part]) -> list[dict[str, str]]:
    return read_rows(
        directory / f"{table}.csv", [name for name, one in entry.model_fields.items() if one.is_required()]
    )
