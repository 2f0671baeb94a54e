"""Asset checks with Great Expectations: deliveries as a whole and over time, sources together, the publication.

They warn: a person has to look. What is expected stands in ``schemas.expectations``; counting and judging is
``jos_pipeline.expectations``. Every outcome is kept in the warehouse and told on the page "Verwachtingen"; what
leaves here are counts of measures and codes, never a value.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import dagster as dg
import pandas as pd
import polars as pl

from assets.describe import counts_table, where
from assets.gevalideerd import GROUP as VALIDATED
from assets.gevalideerd import key_of as validated_key
from assets.guarded import guarded
from assets.partitions import year_of_check
from assets.publicatie import GROUP as PUBLICATION_GROUP
from assets.publicatie import PROTECTED
from jos_pipeline.expectations.deliveries import compared, delivery_measures
from jos_pipeline.expectations.judge import Judgement, judge
from jos_pipeline.expectations.measures import Measure, Sources
from jos_pipeline.expectations.page import document_name, expectations_html
from jos_pipeline.expectations.publication import publication_measures
from jos_pipeline.expectations.sources import COUNTED, also_read, source_measures
from jos_pipeline.linking import empty_frame
from jos_pipeline.pages import EXPECTATION_PAGES, INDEX_PAGE
from jos_pipeline.region import Region
from resources.dagster_resources import LakeResource, WarehouseResource
from resources.expectations import Asked
from resources.lake import DeliveryPlace, Lake
from resources.report import ReportResource
from resources.warehouse import WarehouseStore
from schemas.contracts import CONTRACTS
from schemas.expectations import ON_DELIVERIES, ON_LINKED, ON_PUBLICATION, Expectation, Result, asked_of
from schemas.expectations.publication import PUBLICATION
from schemas.findings import FINDINGS

AFTER_FIGURES = {"dagster/priority": "-1"}
"""These checks warn and block nothing, and Great Expectations takes seconds to import in the process of a run: whoever
waits for figures does not wait for that."""
DELIVERIES_CHECK, SOURCES_CHECK = "verwachtingen", "samenhang"


def expectation_checks(region: Region) -> list[dg.AssetChecksDefinition]:
    """Per soort a check on its deliveries and one on how it fits others, all in one step; one on the publication."""
    return [_records_check(region), _publication_check(region)]


@dataclass(frozen=True)
class _Books:
    """Where the outcomes of one school year are kept and told."""

    region: Region
    store: WarehouseStore
    report: ReportResource
    schooljaar: str
    run_id: str

    @property
    def folder(self) -> str:
        return f"{EXPECTATION_PAGES}/{self.schooljaar}"

    def judged(
        self, onderwerp: str, controle: str, measures: Sequence[Measure], suite: tuple[Expectation, ...]
    ) -> Judgement:
        """Judges and keeps the outcomes, also beside the page as Great Expectations tells them."""
        judged = judge(
            f"{onderwerp}.{controle}",
            measures,
            suite,
            thresholds=self.region.verwachtingen,
            smallest=self.region.drempel,
        )
        self.store.record_expectations(Asked(self.schooljaar, onderwerp, controle, self.run_id), judged.outcomes)
        document = json.dumps(judged.document, indent=1, ensure_ascii=False)
        self.report.write(f"{self.folder}/{document_name(onderwerp, controle)}", document)
        return judged

    def told(self, judgements: Mapping[dg.AssetCheckKey, Judgement]) -> Iterator[dg.AssetCheckResult]:
        """Writes the page anew, once, and says what came of every check."""
        latest = self.store.latest_expectations(self.schooljaar)
        linkage = self.store.linkage(self.schooljaar)
        html = expectations_html(self.region.naam, self.schooljaar, latest, linkage)
        page = self.report.write(f"{self.folder}/{INDEX_PAGE}", html)
        for key, judged in judgements.items():
            yield dg.AssetCheckResult(
                asset_key=key.asset_key,
                check_name=key.name,
                passed=not judged.failed,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={**_told(judged), EXPECTATION_PAGES: where(page, self.report.directory, self.report.address)},
            )


def _told(judged: Judgement) -> dict[str, object]:
    """Counts and a table of the expectations; of a failure with the title of its finding."""
    table = pl.DataFrame(
        [
            (
                outcome.expectation.code or "",
                FINDINGS[outcome.expectation.code].title if outcome.failed and outcome.expectation.code else "",
                outcome.expectation.sentence,
                str(outcome.result),
                outcome.judged,
                outcome.failing,
                f"{outcome.expectation.bound} {outcome.threshold:g}",
                ", ".join(outcome.where),
            )
            for outcome in judged.outcomes
        ],
        schema={
            **dict.fromkeys(("code", "bevinding", "verwachting", "uitslag"), pl.String),
            **dict.fromkeys(("getoetst", "afwijkend"), pl.Int64),
            **dict.fromkeys(("grens", "waar"), pl.String),
        },
        orient="row",
    )
    results = [outcome.result for outcome in judged.outcomes]
    codes = sorted({outcome.expectation.code for outcome in judged.failed if outcome.expectation.code})
    return {
        "verwachtingen": len(results),
        "uitgekomen": results.count(Result.HELD),
        "niet_uitgekomen": results.count(Result.FAILED),
        "niet_te_toetsen": results.count(Result.NOT_JUDGED),
        "codes": ", ".join(codes) or "geen",
        "overzicht": counts_table(table),
    }


def _records_check(region: Region) -> dg.AssetChecksDefinition:
    """One step for all soorten: a step of its own for every check costs more than the work in it."""
    specs = [*map(_deliveries_spec, CONTRACTS), *map(_sources_spec, COUNTED)]

    @dg.multi_asset_check(name="verwachtingen_en_samenhang", specs=specs, can_subset=True, op_tags=AFTER_FIGURES)
    @guarded
    def verwachtingen(
        context: dg.AssetCheckExecutionContext,
        lake: LakeResource,
        warehouse: WarehouseResource,
        report: ReportResource,
    ) -> Iterator[dg.AssetCheckResult]:
        store, place = warehouse.open(), lake.open()
        known = store.deliveries()
        year = year_of_check(context, known)
        books = _Books(region, store, report, year, context.run.run_id)
        chosen, judgements = context.selected_asset_check_keys, {}
        for key in (spec.key for spec in specs if spec.key in chosen):
            soort = key.asset_key.path[-1]
            if key.name == DELIVERIES_CHECK:
                measures, suite = _delivery_measures(place, known, soort, year, region), ON_DELIVERIES
            else:
                measures, suite = source_measures(_sources(place, soort, year, region)), ON_LINKED
            judgements[key] = books.judged(soort, key.name, measures, asked_of(soort, suite))
        yield from books.told(judgements)

    return verwachtingen


def _deliveries_spec(soort: str) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        DELIVERIES_CHECK,
        asset=validated_key(soort),
        description=f"Great Expectations over de leveringen van {soort} als geheel en door de tijd: omvang, scholen "
        "zonder rijen, vulling en verdeling van kolommen. Deliveries as a whole and over time.",
    )


def _sources_spec(soort: str) -> dg.AssetCheckSpec:
    others = also_read(soort)
    return dg.AssetCheckSpec(
        SOURCES_CHECK,
        asset=validated_key(soort),
        additional_deps=[validated_key(other) for other in others],
        description=f"Great Expectations over {' en '.join((soort, *others))}: verwijzingen die uitkomen, bronnen die "
        "elkaar niet tegenspreken, combinaties die niet kunnen. Sources beside each other.",
    )


def _delivery_measures(lake: Lake, known: pd.DataFrame, soort: str, year: str, region: Region) -> list[Measure]:
    frame = lake.read_layer(VALIDATED, soort, year)
    own = {supplier: rows for (supplier,), rows in frame.partition_by("leverancier", as_dict=True).items()}
    measures: list[Measure] = []
    for found in compared(known, soort, year):
        old = found.earlier
        place = None if old is None else DeliveryPlace(soort, old.schooljaar, old.leverancier, old.sha256)
        # an older delivery may have been removed since, when its time was up
        earlier = lake.read_accepted(place) if place is not None and lake.has_accepted(place) else None
        rows = own.get(found.sent.leverancier, frame.clear())
        measures.extend(delivery_measures(rows, found, earlier, region))
    return measures


def _sources(lake: Lake, soort: str, year: str, region: Region) -> Sources:
    return Sources(soort, {name: _validated(lake, name, year) for name in (soort, *also_read(soort))}, region)


def _validated(lake: Lake, soort: str, year: str) -> pl.DataFrame:
    return lake.read_layer(VALIDATED, soort, year) if lake.has_layer(VALIDATED, soort, year) else empty_frame(soort)


def _publication_check(region: Region) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=PROTECTED,
        name=DELIVERIES_CHECK,
        op_tags=AFTER_FIGURES,
        description="Great Expectations over de te publiceren tabel: aandelen tussen 0 en 1, teller niet groter dan "
        "noemer, verborgen cijfers zonder waarde. The table to be published as a whole.",
    )
    @guarded
    def verwachtingen(
        context: dg.AssetCheckExecutionContext,
        lake: LakeResource,
        warehouse: WarehouseResource,
        report: ReportResource,
    ) -> dg.AssetCheckResult:
        store = warehouse.open()
        year = year_of_check(context, store.deliveries())
        rows = lake.open().read_layer(PUBLICATION_GROUP, PUBLICATION, year)
        books = _Books(region, store, report, year, context.run.run_id)
        judged = books.judged(PUBLICATION, DELIVERIES_CHECK, publication_measures(rows), ON_PUBLICATION)
        (result,) = books.told({dg.AssetCheckKey(PROTECTED, DELIVERIES_CHECK): judged})
        return result

    return verwachtingen
