"""The base tables as one window sees them: with place, words, and what other tables and areas say about a row.

Everything an expression in the catalogue may use beside the columns of ``schemas.linked`` is added here or in
``words``. Counting is in ``counting``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from jos_pipeline.areas import Level
from jos_pipeline.coverage import UnitCoverage
from jos_pipeline.indicators.entry import PERSON, Ground
from jos_pipeline.indicators.narrow import HOME_TABLES, REGION, TEAM
from jos_pipeline.indicators.words import ELSEWHERE, with_words
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear, Window

Tables = Mapping[str, pl.DataFrame]

SUPPLIER_TABLE = "levering"
STAFF_TABLE = "medewerker"
"""Staffing with a team's people at each school they serve: who may stand behind the activities there."""
COUNTED_ON = "peildatum_telling"
"""The day of a count in a delivery; ``peildatum`` is that of the figures."""


@dataclass(frozen=True)
class View:
    """What a window needs to know to look at the base tables."""

    region: Region
    year: SchoolYear
    peildatum: date
    window: Window
    units: UnitCoverage

    @property
    def days(self) -> dict[str, pl.Expr]:
        return {
            "a": pl.lit(self.window.a),
            "b": pl.lit(self.window.b),
            "teldag": pl.lit(min(self.year.counting_day, self.peildatum)),
            "peildatum": pl.lit(self.peildatum),
            "begin_schooljaar": pl.lit(self.year.first_day),
            "einde_schooljaar": pl.lit(self.year.last_day),
        }


def ground_of(table: str) -> str:
    """The ground whose areas and units a table has: ``school``, ``woon`` or ``levering``."""
    if table == SUPPLIER_TABLE:
        return SUPPLIER_TABLE
    return Ground.WOON if table in HOME_TABLES else Ground.SCHOOL


def members(view: View) -> dict[str, pl.DataFrame]:
    """Per ground the areas of every place: columns ``plaats, niveau, gebied``."""
    areas = view.units.areas
    teams = areas.teams.with_columns(plaats=TEAM + pl.col("plaats"))
    whole = pl.DataFrame([(REGION, Level.REGIO.value, view.region.id)], schema=areas.scholen.schema, orient="row")
    return {
        Ground.SCHOOL: pl.concat([areas.scholen, teams, whole]),
        Ground.WOON: areas.woongemeenten,
        SUPPLIER_TABLE: view.units.supplier_homes(),
    }


def seen_in(view: View, base: Tables) -> dict[str, pl.DataFrame]:
    """Every base table, and the tables of schools, suppliers and staff, as the window sees them."""
    delivered = view.units.schools_with("leerlingen")
    placed = {name: _own_day(table).with_columns(**view.days) for name, table in base.items()}
    # who lives in a gemeente is counted once a year: of one that was merged only the count of before or after counts
    placed["inwoner"] = placed["inwoner"].filter(pl.col("woongemeente").is_in(view.units.gemeenten))
    inzet = placed["inzet"].with_columns(
        positie=pl.concat_str("medewerker", "plaats", separator="|"),
    )
    own = {(one.school, one.gemeente) for one in view.region.scholen if one.holds_in(view.year)}
    at_home = pl.concat_str("school", "woongemeente", separator="|").is_in([f"{school}|{home}" for school, home in own])
    traject = placed["traject"].with_columns(
        van_elders=pl.col("school").is_not_null() & pl.col("woongemeente").is_not_null() & ~at_home,
        leerlingen_geleverd=pl.col("school").is_in(delivered),
        schoolgemeente=pl.col("school").replace_strict(
            view.units.areas.schoolgemeente, default=None, return_dtype=pl.String
        ),
    )
    seen = {
        name: with_words(name, table)
        for name, table in (placed | {"inzet": inzet, "traject": traject}).items()
        if name != "leerling"
    }
    seen["leerling"] = with_words("leerling", _with_help(placed["leerling"], seen, delivered))
    seen["school"] = _schools(view)
    seen[SUPPLIER_TABLE] = view.units.suppliers().with_columns(plaats="leverancier")
    seen[STAFF_TABLE] = _staff(seen["inzet"], view.region)
    return seen


def team_only_schools(view: View, table: pl.DataFrame) -> frozenset[str]:
    """Schools served by a team and without a row of their own: what is done there is known per team only."""
    served = {school for team in view.region.teams for school in team.scholen}
    return frozenset(served - set(table.get_column("school").drop_nulls().unique()))


def _own_day(table: pl.DataFrame) -> pl.DataFrame:
    return table.rename({"peildatum": COUNTED_ON}, strict=False)


def _with_help(leerling: pl.DataFrame, seen: Tables, delivered: list[str]) -> pl.DataFrame:
    """Adds what other tables say about a pupil in this window."""
    return leerling.with_columns(
        leerlingen_geleverd=pl.col("school").is_in(delivered),
        **{
            word: _is_one_of(seen[table].filter(there))
            for (of, word), (table, there) in ELSEWHERE.items()
            if of == "leerling"
        },
    )


def _is_one_of(rows: pl.DataFrame) -> pl.Expr:
    persons = rows.get_column(PERSON).drop_nulls().unique()
    return pl.col(PERSON).is_in(persons.implode()).fill_null(value=False)


def _schools(view: View) -> pl.DataFrame:
    rows = [(s.school, s.onderwijstype) for s in view.region.schools_on(view.window.b)]
    return pl.DataFrame(rows, schema={"plaats": pl.String, "onderwijstype": pl.String}, orient="row")


def _staff(inzet: pl.DataFrame, region: Region) -> pl.DataFrame:
    served = pl.DataFrame(
        [(TEAM + team.id, school) for team in region.teams for school in team.scholen],
        schema={"plaats": pl.String, "_school": pl.String},
        orient="row",
    )
    return (
        inzet.select("plaats", "medewerker", "functie", "actief")
        .join(served, on="plaats", how="left")
        .with_columns(plaats=pl.coalesce("_school", "plaats"))
        .drop("_school")
    )
