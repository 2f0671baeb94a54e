"""Asset checks on the ledger of deliveries and on the region's own lists. They warn: a person has to look.

Contract and disclosure checks stand with the assets they guard, since they block what follows. What is expected of
the contents of deliveries is checked in ``assets.expectations``.
"""

import dagster as dg
import pandas as pd
import polars as pl

from assets.bronnen import GROUP as SOURCES
from assets.bronnen import LEDGER
from assets.describe import counts_table
from assets.intake import today
from assets.partitions import year_of_check
from jos_pipeline.ledger import in_force
from jos_pipeline.opendata import DUO_VESTIGINGEN
from jos_pipeline.region import Region
from resources.lake import LakeResource
from resources.warehouse import WarehouseResource


def all_checks(region: Region) -> list[dg.AssetChecksDefinition]:
    return [
        _missing_check(region),
        _refused_check(),
        _schools_check(region),
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
        chosen = in_force(known, year_of_check(context, known))
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
        open_refusals = _open_refusals(known, year_of_check(context, known))
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
