"""Group ``gevalideerd``: per soort the deliveries in force of all suppliers together, checked once more as one."""

from collections.abc import Iterable, Iterator

import dagster as dg
import pandas as pd
import polars as pl

from assets.bronnen import LEDGER
from assets.describe import OWNERS, contract_columns, counts_table, explained, resting_on, table_schema
from assets.guarded import guarded
from assets.partitions import school_years
from jos_pipeline.boundary import broken_rules
from jos_pipeline.ledger import Standing, in_force
from jos_pipeline.linking import empty_frame
from jos_pipeline.region import Region
from resources.dagster_resources import LakeResource, WarehouseResource
from resources.lake import DeliveryPlace, Lake
from schemas.contract import Contract
from schemas.contracts import CONTRACTS

GROUP = "gevalideerd"
STANDING = "gevalideerd_stand"
STANDING_SCHEMA = {"soort": pl.String, "leverancier": pl.String, "sha256": pl.String}
CONTRACT_CHECK = "contract"


def key_of(soort: str) -> dg.AssetKey:
    return dg.AssetKey([GROUP, soort])


def validated_assets(region: Region) -> dg.AssetsDefinition:
    """The assets of all soorten, each to be chosen apart, in one step: a step of its own costs more than its work."""

    @dg.multi_asset(
        name=GROUP,
        specs=[_spec(contract) for contract in CONTRACTS.values()],
        check_specs=[_contract_spec(contract) for contract in CONTRACTS.values()],
        partitions_def=school_years(region),
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
        can_subset=True,
    )
    @guarded
    def gevalideerd(
        context: dg.AssetExecutionContext, lake: LakeResource, warehouse: WarehouseResource
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
        store, year = lake.open(), context.partition_key
        known = in_force(warehouse.open().deliveries(), year)
        for contract in CONTRACTS.values():
            if key_of(contract.soort) in context.selected_asset_keys:
                yield _validated(store, contract, year, known[known["soort"] == contract.soort])
            elif _contract_spec(contract).key in context.selected_asset_check_keys:
                yield _contract_result(store.read_layer(GROUP, contract.soort, year), contract)

    return gevalideerd


def _spec(contract: Contract) -> dg.AssetSpec:
    return dg.AssetSpec(
        key_of(contract.soort),
        description=f"{contract.title}: alle geldende leveringen van het schooljaar samen, zonder pseudoniem van de "
        "leverancier. Alleen geaccepteerde rijen.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"parquet", "polars", "pandera"},
        deps=[LEDGER],
        metadata=table_schema(contract_columns(contract)),
    )


def _contract_spec(contract: Contract) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        CONTRACT_CHECK,
        asset=key_of(contract.soort),
        description=f"Alle rijen samen voldoen aan het contract van {contract.soort} (pandera). "
        "Blokkeert wat volgt. The deliveries in force together meet the contract; blocks what follows.",
        blocking=True,
    )


def _validated(lake: Lake, contract: Contract, year: str, chosen: pd.DataFrame) -> dg.MaterializeResult:
    """Writes the rows of one soort; ``chosen`` are its deliveries in force."""
    places = [DeliveryPlace(contract.soort, year, row.leverancier, row.sha256) for row in chosen.itertuples()]
    frame = together(lake, contract, places)
    lake.write_layer(GROUP, contract.soort, year, frame)
    _keep_standing(lake, contract.soort, year, places)
    return dg.MaterializeResult(
        asset_key=key_of(contract.soort),
        metadata={
            "dagster/partition_row_count": frame.height,
            "leveringen": len(places),
            "rijen_per_leverancier": counts_table(frame.group_by("leverancier").len("rijen").sort("leverancier")),
            **resting_on(chosen["id"]),
        },
        check_results=[_contract_result(frame, contract)],
    )


def together(lake: Lake, contract: Contract, places: list[DeliveryPlace]) -> pl.DataFrame:
    """The rows of several deliveries as one frame, each naming its supplier."""
    frames = [lake.read_accepted(place).with_columns(leverancier=pl.lit(place.leverancier)) for place in places]
    empty = empty_frame(contract.soort)
    return pl.concat([empty, *(frame.select(empty.columns) for frame in frames)])


def _keep_standing(lake: Lake, soort: str, year: str, places: list[DeliveryPlace]) -> None:
    """Remembers which deliveries the rows are of: by the time figures are made, the ledger may be further."""
    rows = sorted((place.soort, place.leverancier, place.sha256) for place in places)
    lake.write_layer(STANDING, soort, year, pl.DataFrame(rows, schema=STANDING_SCHEMA, orient="row"))


def validated_standing(lake: Lake, year: str, soorten: Iterable[str] = CONTRACTS) -> Standing:
    """The deliveries that the validated rows of a school year are of, of these soorten together."""
    return frozenset(row for soort in soorten for row in lake.read_layer(STANDING, soort, year).iter_rows())


def _contract_result(frame: pl.DataFrame, contract: Contract) -> dg.AssetCheckResult:
    broken = broken_rules(frame, contract.lake_schema, contract.lake_proof)
    return dg.AssetCheckResult(
        passed=not broken.height,
        asset_key=key_of(contract.soort),
        check_name=CONTRACT_CHECK,
        metadata={
            "rijen": frame.height,
            "regels": _rules(contract),
            **(_told(broken) if broken.height else {}),
        },
    )


def _told(broken: pl.DataFrame) -> dict[str, object]:
    """Which rules are broken and what they mean; the name of a rule begins with the code of its finding."""
    codes = broken["regel"].str.split(":").list.first()
    return {"overtreden_regels": counts_table(broken), "uitleg": explained(codes)}


def _rules(contract: Contract) -> int:
    columns = contract.lake_schema.columns.values()
    return sum(len(column.checks) for column in columns) + len(contract.rules) + bool(contract.key)
