"""Asset checks that look at deliveries as a whole and over time, at the calendar and at the publication.

Contract and disclosure checks stand with the assets they guard, since they block what follows. The checks here
warn: a person has to look. Great Expectations is imported inside ``jos_pipeline.expectations`` only.
"""

import dagster as dg
import pandas as pd
import polars as pl

from assets.bronnen import GROUP as SOURCES
from assets.bronnen import LEDGER
from assets.describe import counts_table, explained
from assets.gevalideerd import GROUP as VALIDATED
from assets.gevalideerd import key_of as validated_key
from assets.intake import today
from assets.publicatie import GROUP as PUBLICATION
from assets.publicatie import PROTECTED
from jos_pipeline.expectations import (
    DELIVERIES,
    Expectation,
    delivery_aggregates,
    expect,
    publication_aggregates,
)
from jos_pipeline.expectations import (
    PUBLICATION as ON_PUBLICATION,
)
from jos_pipeline.ledger import in_force, years_with_deliveries
from jos_pipeline.opendata import DUO_VESTIGINGEN
from jos_pipeline.region import Region
from resources.lake import LakeResource
from resources.warehouse import WarehouseResource
from schemas.contracts import CONTRACTS


def all_checks(region: Region) -> list[dg.AssetChecksDefinition]:
    return [
        _missing_check(region),
        _refused_check(),
        *(_deliveries_check(region, soort) for soort in CONTRACTS),
        _trajecten_check(),
        _schools_check(region),
        _publication_check(),
    ]


def _missing_check(region: Region) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=LEDGER,
        name="alles_geleverd",
        description="Elke afgesproken levering van dit schooljaar is er. "
        "Every agreed delivery of the school year is in force.",
    )
    def alles_geleverd(context: dg.AssetCheckExecutionContext, warehouse: WarehouseResource) -> dg.AssetCheckResult:
        known = warehouse.open().deliveries()
        chosen = in_force(known, _year(context, known))
        standing = set(zip(chosen["leverancier"], chosen["soort"], strict=True))
        agreed = [(supplier.id, soort) for supplier in region.leveranciers for soort in supplier.levert]
        missing = [pair for pair in agreed if pair not in standing]
        table = pl.DataFrame(missing, schema=["leverancier", "soort"], orient="row")
        return dg.AssetCheckResult(
            passed=not missing,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"afgesproken": len(agreed), "ontbreekt": len(missing), "overzicht": counts_table(table)},
        )

    return alles_geleverd


def _refused_check() -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=LEDGER,
        name="niets_blijft_geweigerd",
        description="Geen geweigerd bestand wacht nog op een verbeterde levering. "
        "No refused file is still waiting for a better one.",
    )
    def niets_blijft_geweigerd(
        context: dg.AssetCheckExecutionContext, warehouse: WarehouseResource
    ) -> dg.AssetCheckResult:
        known = warehouse.open().deliveries()
        open_refusals = _open_refusals(known, _year(context, known))
        table = pl.DataFrame(
            [(int(row.id), row.leverancier, row.soort) for row in open_refusals.itertuples()],
            schema={"levering": pl.Int64, "leverancier": pl.String, "soort": pl.String},
            orient="row",
        )
        return dg.AssetCheckResult(
            passed=open_refusals.empty,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={"geweigerd_en_open": len(open_refusals), "overzicht": counts_table(table)},
        )

    return niets_blijft_geweigerd


def _open_refusals(deliveries: pd.DataFrame, year: str) -> pd.DataFrame:
    """Refused files after which the same supplier had nothing of that soort accepted.

    A refusal of which the soort could not be told is settled by anything accepted later of that supplier.
    """
    mine = deliveries[(deliveries["schooljaar"] == year) | deliveries["schooljaar"].isna()]
    refused = mine[mine["oordeel"] == "afgekeurd"]
    accepted = mine[mine["oordeel"].isin(["geaccepteerd", "geaccepteerd_met_afkeur"])]
    later = [
        accepted[
            (accepted["leverancier"] == row.leverancier)
            & (accepted["id"] > row.id)
            & (pd.isna(row.soort) | (accepted["soort"] == row.soort))
        ]
        for row in refused.itertuples()
    ]
    return refused[[found.empty for found in later]]


def _deliveries_check(region: Region, soort: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=validated_key(soort),
        name="verwachtingen",
        description=f"Great Expectations over de leveringen van {soort} als geheel: omvang, sprong ten opzichte van de "
        "vorige levering, scholen zonder rijen. Deliveries as a whole and over time.",
    )
    def verwachtingen(
        context: dg.AssetCheckExecutionContext, lake: LakeResource, warehouse: WarehouseResource
    ) -> dg.AssetCheckResult:
        known = warehouse.open().deliveries()
        year = _year(context, known)
        frame = lake.open().read_layer(VALIDATED, soort, year)
        aggregates = delivery_aggregates(frame, known[known["schooljaar"] == year], region, soort)
        if aggregates.empty:
            return dg.AssetCheckResult(passed=True, metadata={"verwachtingen": 0, "waarom": "er is niets geleverd"})
        return _expected(aggregates, DELIVERIES, soort)

    return verwachtingen


def _trajecten_check() -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=validated_key("activiteiten"),
        additional_deps=[validated_key("trajecten")],
        name="trajecten_bekend",
        description="Elk traject_id bij een activiteit staat in de trajecten van dezelfde leverancier (JOS-S012). "
        "Every traject of an activity is among the trajecten of the same supplier.",
    )
    def trajecten_bekend(
        context: dg.AssetCheckExecutionContext, lake: LakeResource, warehouse: WarehouseResource
    ) -> dg.AssetCheckResult:
        store, year = lake.open(), _year(context, warehouse.open().deliveries())
        named = store.read_layer(VALIDATED, "activiteiten", year).drop_nulls("traject_id")
        known = store.read_layer(VALIDATED, "trajecten", year).select("leverancier", "traject_id")
        unknown = named.join(known, on=["leverancier", "traject_id"], how="anti").height
        return dg.AssetCheckResult(
            passed=unknown == 0,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={
                "activiteiten_met_traject": named.height,
                "traject_onbekend": unknown,
                "uitleg": explained(["JOS-S012"]),
            },
        )

    return trajecten_bekend


def _schools_check(region: Region) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=[SOURCES, DUO_VESTIGINGEN.name],
        name="scholenlijst_klopt",
        description="De gemeente van elke school in de lijst van de regio is die in het register van DUO. "
        "The region's schools lie where DUO says they lie.",
    )
    def scholenlijst_klopt(lake: LakeResource) -> dg.AssetCheckResult:
        duo = dict(
            lake.open().read_layer(SOURCES, DUO_VESTIGINGEN.name, "actueel").select("school", "gemeente").iter_rows()
        )
        listed = {school.school: school.gemeente for school in region.schools_on(today())}
        wrong = [school for school, gemeente in listed.items() if school in duo and duo[school] != gemeente]
        return dg.AssetCheckResult(
            passed=not wrong,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={
                "scholen": len(listed),
                "niet_in_duo": ", ".join(sorted(set(listed) - set(duo))) or "geen",
                "andere_gemeente": ", ".join(wrong) or "geen",
            },
        )

    return scholenlijst_klopt


def _publication_check() -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=PROTECTED,
        name="verwachtingen",
        description="Great Expectations over de te publiceren tabel: aandelen tussen 0 en 1, teller niet groter dan "
        "noemer, verborgen cijfers zonder waarde. The table to be published as a whole.",
    )
    def verwachtingen(
        context: dg.AssetCheckExecutionContext, lake: LakeResource, warehouse: WarehouseResource
    ) -> dg.AssetCheckResult:
        year = _year(context, warehouse.open().deliveries())
        rows = lake.open().read_layer(PUBLICATION, "beveiligd", year)
        return _expected(publication_aggregates(rows), ON_PUBLICATION, "publicatie")

    return verwachtingen


def _expected(frame: pd.DataFrame, suite: tuple[Expectation, ...], name: str) -> dg.AssetCheckResult:
    outcomes = expect(frame, suite, name)
    failed = [outcome.name for outcome in outcomes if not outcome.held]
    return dg.AssetCheckResult(
        passed=not failed,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "verwachtingen": len(outcomes),
            "niet_uitgekomen": len(failed),
            "welke": "; ".join(failed) or "geen",
        },
    )


def _year(context: dg.AssetCheckExecutionContext, known: pd.DataFrame) -> str:
    """The school year of the run; of a check that is started by itself, the latest with deliveries."""
    execution = context.op_execution_context
    if execution.has_partition_key:
        return str(execution.partition_key)
    years = years_with_deliveries(known)
    if not years:
        raise dg.Failure("Er is nog niets geleverd. Start de job 'verwerk'.", allow_retries=False)
    return years[-1]
