"""Group ``bronnen``: what suppliers sent and the gate that judged it. Open data is ``assets.open_data``.

``bronnen/<soort>`` is made by others: the supplier. It holds the grid of suppliers and school years, in which
every accepted delivery is a materialisation. ``bronnen/leveringen`` is ours: it takes in new files.
"""

from datetime import date

import dagster as dg

from assets.describe import OWNERS, contract_columns, explained, table_schema
from assets.grid import missing
from assets.guarded import guarded
from assets.intake import House, settled_and_new, take_in, verdict_counts
from assets.partitions import SUPPLIER, YEAR, by_school_year, deliveries, school_years
from assets.remembered import Remembered
from assets.shown import receipts_table, supplier_names, who_delivered_what
from assets.terugkoppeling import way_to, ways_to, write_supplier_pages
from jos_pipeline.clock import today
from jos_pipeline.ledger import in_force
from jos_pipeline.pseudonym import fingerprint
from jos_pipeline.region import Region
from resources.dagster_resources import InboxResource, KeyResource, LakeResource, PrivacyResource, WarehouseResource
from resources.ledger import Receipt
from resources.report import ReportResource
from resources.sweeping import Memory
from schemas.contract import Contract
from schemas.contracts import CONTRACTS

GROUP = "bronnen"
LEDGER = dg.AssetKey([GROUP, "leveringen"])
DELIVERY_TAG = "levering"
"""How the tags of a run begin that name the deliveries it took in, by supplier."""
MOST_TAGS = 50
"""Of more suppliers a run is told how many there are: a list of runs shows every tag of every run. Which they are, the
ledger says (``run_id``)."""
MOST_RECEIPTS = 500
"""Of more files the table of a materialisation shows the first ones: refusals, then by number."""


def supplier_asset(region: Region, contract: Contract) -> dg.AssetSpec:
    """The deliveries of one soort, as the suppliers make them."""
    return dg.AssetSpec(
        [GROUP, contract.soort],
        description=f"{contract.title}: {contract.description} "
        "Een vakje is gevuld als de levering van die leverancier voor dat schooljaar is geaccepteerd.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"csv", "excel"},
        partitions_def=deliveries(region, contract.soort),
        metadata={
            **table_schema(contract_columns(contract)),
            "leveranciers": supplier_names(region, contract.soort),
        },
    )


def ledger_asset(region: Region, fixed_day: date | None) -> dg.AssetsDefinition:
    """The asset that takes in new files: gate, lake and ledger; ``fixed_day`` stands for today in a demo."""

    @dg.asset(
        key=LEDGER,
        description="De poort: neemt nieuwe bestanden in, beoordeelt ze en legt het oordeel vast in het register "
        "(tabellen levering en bevinding). De laatste geaccepteerde levering blijft gelden. Schrijft voor elke "
        "leverancier de terugkoppeling, het spiegelrapport en een overzicht van zijn leveringen.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"python", "polars", "pandera"},
        partitions_def=school_years(region),
        deps=[dg.AssetDep([GROUP, soort], partition_mapping=by_school_year()) for soort in CONTRACTS],
        metadata=table_schema(
            {
                "leverancier": ("tekst", "Wie leverde."),
                "soort": ("tekst", "Wat er geleverd is."),
                "oordeel": ("tekst", "geaccepteerd, geaccepteerd_met_afkeur, afgekeurd of dubbel."),
                "rijen": ("geheel getal", "Aantal rijen in het bestand."),
            }
        ),
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
    )
    @guarded
    def leveringen(
        context: dg.AssetExecutionContext,
        inbox: InboxResource,
        lake: LakeResource,
        warehouse: WarehouseResource,
        keys: KeyResource,
        report: ReportResource,
        privacy: PrivacyResource,
    ) -> dg.MaterializeResult:
        source, store, key = inbox.open(), warehouse.open(), keys.monitor_key()
        lake.open().hold_to_key(fingerprint(key))
        known = store.deliveries()
        remembered = Remembered(store, known, context.partition_key)
        house = House(lake.open(), store, report, region, key, Memory(lake.open(), privacy.open(), key), remembered)
        ready, _ = settled_and_new(inbox, known, region)
        todo = [found for found in ready if found.schooljaar == context.partition_key]
        receipts = []
        for receipt in take_in((found.file for found in todo), source, house, context.run.run_id):
            receipts.append(receipt)
            context.log_event(_event(receipt, region, report))
        touched = {receipt.leverancier for receipt in receipts}
        known = store.deliveries()
        standing = in_force(known, context.partition_key)
        for receipt in missing(context.instance, store, GROUP, context.run.run_id, standing):
            context.log_event(_event(receipt, region, report))
        day = fixed_day or today()
        write_supplier_pages(report, house.lake, known, region, touched, day, remembered.reaches)
        if receipts:
            context.instance.add_run_tags(context.run.run_id, _tags(receipts, region))
        return dg.MaterializeResult(
            metadata={
                **_receipt_metadata(receipts, region),
                "wie_leverde_wat": who_delivered_what(region, context.partition_key, known, day),
                "terugkoppeling": ways_to(report, region, touched or {*standing["leverancier"]}),
            }
        )

    return leveringen


def _event(receipt: Receipt, region: Region, report: ReportResource) -> dg.AssetMaterialization | dg.AssetObservation:
    """An accepted delivery fills its place in the grid; a refused one is only seen."""
    metadata = {
        "levering": receipt.id,
        "oordeel": receipt.oordeel,
        "rijen": receipt.rijen,
        "rijen_afgekeurd": receipt.rijen_afgekeurd,
        "sha256": receipt.sha256,
        "bevindingen": ", ".join(receipt.codes) or "geen",
        "uitleg": explained(receipt.codes),
    }
    supplier = region.suppliers.get(receipt.leverancier)
    if supplier is not None:
        # by number: the name of a file is the supplier's text and stays out of Dagster
        metadata["terugkoppeling"] = way_to(report, supplier.id, receipt.id)
    # of a file that cannot be opened nobody may know the soort
    expected = supplier is not None and receipt.soort is not None and supplier.may_send(receipt.soort)
    if not expected or receipt.schooljaar not in region.school_years:
        return dg.AssetObservation(LEDGER, partition=None, metadata=metadata)
    place = dg.MultiPartitionKey({SUPPLIER: receipt.leverancier, YEAR: receipt.schooljaar})
    event = dg.AssetMaterialization if receipt.is_accepted else dg.AssetObservation
    return event(dg.AssetKey([GROUP, receipt.soort]), partition=place, metadata=metadata)


def _receipt_metadata(receipts: list[Receipt], region: Region) -> dict[str, object]:
    return {
        "dagster/partition_row_count": len(receipts),
        "bestanden": len(receipts),
        **{f"oordeel_{name}": count for name, count in verdict_counts(receipts).items()},
        "overzicht": receipts_table(receipts, region, MOST_RECEIPTS),
    }


def _tags(receipts: list[Receipt], region: Region) -> dict[str, str]:
    """The numbers of the deliveries of a run by supplier: what a list of runs can be searched by."""
    found: dict[str, list[str]] = {}
    for one in receipts:
        known = one.leverancier if one.leverancier in region.suppliers else "onbekend"
        found.setdefault(f"{DELIVERY_TAG}/{known}", []).append(str(one.id))
    if len(found) > MOST_TAGS:
        return {f"{DELIVERY_TAG}/leveranciers": str(len(found))}
    return {tag: ", ".join(numbers) for tag, numbers in found.items()}
