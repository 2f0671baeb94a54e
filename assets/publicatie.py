"""Group ``publicatie``: the last step. Small counts are hidden, checked apart, and what is due is frozen."""

from datetime import UTC, date, datetime

import dagster as dg
import pandas as pd
import polars as pl

from assets.counted import counts_of_what_is_out, keep_under
from assets.describe import OWNERS, counts_table, resting_on, table_schema
from assets.guarded import guarded
from assets.indicatoren import CUBE, CUBE_KEY, cube_standing
from assets.indicatoren import GROUP as INDICATORS
from assets.order import RunOrder
from assets.partitions import school_years
from assets.rounding import ROUNDED, explain_rounding, what_is_out
from assets.shown import published_metadata
from jos_pipeline.audit_report import WITHOUT_COUNTS
from jos_pipeline.audited import auditable, audited
from jos_pipeline.clock import today
from jos_pipeline.concise import depth, going_out, stays_concise
from jos_pipeline.counted import COUNTED, is_of, kept_counts
from jos_pipeline.dimensions import dimensions
from jos_pipeline.disclosure import areas_by_period, protect
from jos_pipeline.earlier import HIDDEN
from jos_pipeline.ledger import in_force, numbers_of, reached
from jos_pipeline.publication import (
    Due,
    Publication,
    PublicationId,
    Published,
    content_hash,
    current,
    due,
    final,
    made_final,
    monitor_rows,
    peildatum_to_watch,
    reissued,
    requested,
)
from jos_pipeline.region import Region
from jos_pipeline.rounded_rows import EXACT, is_rounding_of, rounded_rows
from jos_pipeline.safety import small_and_visible
from jos_pipeline.school_year import SchoolYear
from jos_pipeline.threshold import MANY_SCHOOLS
from resources.dagster_resources import LakeResource, PrivacyResource, WarehouseResource
from resources.lake import Lake
from resources.ledger import code_version
from resources.warehouse import WarehouseStore
from schemas.contracts import CONTRACTS
from schemas.warehouse import monitor_indicator

GROUP = "publicatie"
PROTECTED = dg.AssetKey([GROUP, "beveiligd"])
PUBLISHED = dg.AssetKey([GROUP, "monitor_indicator"])
SMALL_COUNTS = "geen_kleine_aantallen"
NOTHING_TOLD = "niets_te_herleiden"
NOT_AUDITED = {"onderzocht": "nothing: this run publishes nothing. What is out keeps its own report"}
AUDITED = "sha256"
"""In the report of an audit: the content that was audited."""
_COLUMNS = table_schema({column.name: (str(column.type), column.comment or "") for column in monitor_indicator.columns})


def publication_assets(region: Region) -> list[dg.AssetsDefinition]:
    return [_protected_asset(region), _published_asset(region)]


def _protected_asset(region: Region) -> dg.AssetsDefinition:
    @dg.asset(
        key=PROTECTED,
        description=f"De cijfers zoals ze naar buiten mogen: over minder dan {region.drempel} leerlingen is niets "
        "te zien, ook niet door aftrekken.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"parquet", "polars"},
        partitions_def=school_years(region),
        deps=[CUBE_KEY],
        metadata=_COLUMNS,
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
        check_specs=[
            dg.AssetCheckSpec(
                SMALL_COUNTS,
                asset=PROTECTED,
                description="Geen zichtbaar cijfer rust op te weinig leerlingen of medewerkers, of op bijna alle. "
                "Blokkeert de publicatie. No visible figure rests on too few pupils or professionals, or on nearly "
                "all of them; blocking.",
                blocking=True,
            ),
            dg.AssetCheckSpec(
                NOTHING_TOLD,
                asset=PROTECTED,
                description="Elk verborgen klein aantal kan nul zijn en kan de drempel halen, wat een lezer ook "
                "optelt of aftrekt; voor een school die haar eigen cijfers kent de helft daarvan, als er cijfers per "
                f"school uitgaan (tot {MANY_SCHOOLS} scholen). Alleen als er gepubliceerd wordt; blokkeert dan de "
                "publicatie. No reader of all that stays visible can exclude 0 or the threshold, and, where figures of "
                "schools go out, no school that knows its own counts half of it; only when a run publishes, and then "
                "blocking.",
                blocking=True,
            ),
        ],
    )
    @guarded
    def beveiligd(
        context: dg.AssetExecutionContext, lake: LakeResource, warehouse: WarehouseResource, order: RunOrder
    ) -> dg.MaterializeResult:
        store, year = lake.open(), context.partition_key
        whole = store.read_layer(INDICATORS, CUBE, year)
        chosen = depth(region.cijfers_tot, region.uitsplitsen_tot)
        goes_to = stays_concise(chosen, warehouse.open().kinds_out(year))
        cube = going_out(whole, goes_to)
        if order.publiceren != "nee":
            auditable(cube)
        areas = areas_by_period(region, SchoolYear.parse(year), _peildatum(cube))
        known = what_is_out(store, warehouse.open(), year)
        out = known.exact
        protected = protect(whole, areas, region.drempel, out, schools_shown=goes_to.shows_schools)
        rows = going_out(protected, goes_to)
        del whole, protected  # of a large region most of it is left out, and the audit comes now
        exposed = small_and_visible(cube, rows, region.drempel)
        told, report = 0, NOT_AUDITED
        if order.publiceren != "nee" and not exposed:
            before = counts_of_what_is_out(
                store, warehouse.open(), year, region.drempel, areas, go_on=order.zonder_eerdere_aantallen
            )
            found = audited(
                cube,
                rows,
                areas,
                region.drempel,
                out,
                out=before.known,
                authorities_block=region.overheden_houden_tegen,
            )
            rows, told = found.rows, found.told
            report = found.summary() | {WITHOUT_COUNTS: list(before.lost)}
            if region.afronden and not told:
                rounded = rounded_rows(rows, cube, areas, region.afronden, region.drempel, known.rounded)
                store.write_layer(GROUP, EXACT, year, rounded.counts)
                rows, report = rounded.rows, report | {ROUNDED: rounded.report}
            deep = {"cijfers_tot": goes_to.cijfers, "uitsplitsingen_tot": goes_to.uitsplitsingen}
            report |= deep | {AUDITED: content_hash(rows)}
            if not told:
                store.write_layer(GROUP, COUNTED, year, kept_counts(cube, rows, areas))
        if not exposed and not told:  # else a later run must not find it either: the last safe rows stay
            store.write_layer(GROUP, "beveiligd", year, rows)
            store.write_report(GROUP, "beveiligd", year, report)
        behind = numbers_of(cube_standing(store, year), warehouse.open().deliveries(), year)
        hidden = int((rows["waarde_status"] == HIDDEN).sum())
        return dg.MaterializeResult(
            metadata={
                "dagster/partition_row_count": rows.height,
                "verborgen": hidden,
                "zichtbaar": int(rows["waarde_status"].is_in(["ok", "laag_betrouwbaar"]).sum()),
                "per_status": counts_table(rows.group_by("waarde_status").len("rijen").sort("waarde_status")),
                **resting_on(behind),
            },
            check_results=[
                dg.AssetCheckResult(
                    passed=exposed == 0,
                    check_name=SMALL_COUNTS,
                    metadata={"te_klein_en_zichtbaar": exposed, "drempel": region.drempel, "rijen": rows.height},
                ),
                dg.AssetCheckResult(passed=told == 0, check_name=NOTHING_TOLD, metadata=report),
            ],
        )

    return beveiligd


def _published_asset(region: Region) -> dg.AssetsDefinition:
    @dg.asset(
        key=PUBLISHED,
        description="De tabel monitor_indicator voor analisten: de publicatie die nu geldt. Een publicatie ligt vast; "
        "een verbeterde levering geeft een nieuwe, herziene publicatie.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"sql", "sqlalchemy"},
        partitions_def=school_years(region),
        deps=[PROTECTED],
        metadata=_COLUMNS,
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
    )
    @guarded
    def monitor_indicator_asset(
        context: dg.AssetExecutionContext,
        lake: LakeResource,
        warehouse: WarehouseResource,
        privacy: PrivacyResource,
        order: RunOrder,
    ) -> dg.MaterializeResult:
        store, year = warehouse.open(), context.partition_key
        safe, known = lake.open().read_layer(GROUP, "beveiligd", year), store.deliveries()
        cut = decide(safe, order, region, year, known, store.brought_out(year))
        erased = privacy.open().last_added()
        if order.publiceren == "kalender" and _tells_of_an_erasure(cut, store, known, year, erased):
            cut = None
        if cut is not None:
            report = lake.open().read_report(GROUP, "beveiligd", year)
            _refuse_unaudited(safe, report)
            keep_under(lake.open(), store, GROUP, COUNTED, year, safe, is_of)
            if ROUNDED in report:
                keep_under(lake.open(), store, GROUP, EXACT, year, safe, is_rounding_of)
            lake.open().keep_audit(str(cut.id), report)  # before the publication: that is never out without it
            lake.turn.still_ours()
            now = datetime.now(UTC)
            behind = numbers_of(cube_standing(lake.open(), year), known, year)
            store.publish(
                publication(cut, safe, now, context.run.run_id, behind),
                monitor_rows(safe, cut, now, context.run.run_id),
                dimensions(region),
            )
        explain_rounding(lake.open(), store, region.id, year)
        holds, all_of_year = current(store.brought_out(year)), store.publications(year).set_index("id")
        return dg.MaterializeResult(
            metadata={
                "dagster/partition_row_count": 0 if holds is None else int(all_of_year.loc[str(holds.id), "rijen"]),
                "publicatie": "nog geen" if holds is None else str(holds.id),
                "nieuw_gepubliceerd": cut is not None,
                **resting_on([] if holds is None else store.deliveries_behind(holds.id)["id"]),
                "waarom": _why(order, cut is not None),
                **_audit_told(lake.open(), holds),
                **published_metadata(store.published(year)),
            }
        )

    return monitor_indicator_asset


def _audit_told(lake: Lake, holds: Published | None) -> dict[str, dg.MetadataValue]:
    """What the audit said of the publication that holds, whatever later runs looked at."""
    report = None if holds is None else lake.audit_of(str(holds.id))
    return {} if report is None else {"controle": dg.MetadataValue.json(report)}


def _refuse_unaudited(safe: pl.DataFrame, report: dict[str, object]) -> None:
    """An internal refresh leaves rows that nobody audited: these are not published by a run of this step alone."""
    if report.get(AUDITED) != content_hash(safe):
        raise dg.Failure(
            "these figures were not audited, so nothing is published: run publicatie/beveiligd together with this one",
            allow_retries=False,
        )


def decide(
    safe: pl.DataFrame, order: RunOrder, region: Region, year: str, known: pd.DataFrame, out: list[Published]
) -> Due | None:
    """What this run publishes: on request, or what calendar or herlevering make due; None when nothing.

    A school year of which nothing is in force has nothing to publish.
    """
    standing_now = in_force(known, year)
    if order.publiceren == "nee" or standing_now.empty:
        return None
    releases = region.releases_in(SchoolYear.parse(year))
    content, peildatum = content_hash(safe), _peildatum(safe)
    if order.publiceren in ("nu", "opnieuw"):
        found = requested(year, peildatum, releases, out, content)
        if order.publiceren == "opnieuw":
            found = reissued(found, out)
        if isinstance(found, Published):
            return made_final(found, out) if order.definitief else None
        return final(found) if order.definitief else found
    watched = peildatum_to_watch(releases, out, today(), reached(standing_now))
    return due(year, peildatum, releases, out, content) if watched == peildatum else None


def _tells_of_an_erasure(
    cut: Due | None, store: WarehouseStore, known: pd.DataFrame, year: str, erased: datetime | None
) -> bool:
    """Whether a revision would come out for no other reason than that somebody was erased.

    It would hide every figure that changed by one, and so tell where that person was counted. The next herlevering
    makes a revision due again, with other changes among these.
    """
    if cut is None or erased is None or cut.id.volgnummer == 1:
        return False
    out = store.publications(year)
    last = out[out["peildatum"] == cut.id.peildatum].iloc[-1]
    behind = set(store.deliveries_behind(PublicationId.parse(last["id"]))["id"])
    return bool(last["gepubliceerd_op"] < erased) and behind == set(in_force(known, year)["id"])


def _peildatum(rows: pl.DataFrame) -> date:
    """The peildatum of figures: they all have the same."""
    return date.fromisoformat(str(rows.get_column("peildatum").first()))


def publication(cut: Due, safe: pl.DataFrame, now: datetime, run_id: str, leveringen: tuple[int, ...]) -> Publication:
    """What is recorded of a publication."""
    return Publication(
        id=cut.id,
        status=cut.status,
        contract_versie=", ".join(f"{soort} {contract.version}" for soort, contract in sorted(CONTRACTS.items())),
        code_versie=code_version(),
        sha256=content_hash(safe),
        gepubliceerd_op=now,
        run_id=run_id,
        leveringen=leveringen,
    )


def _why(order: RunOrder, published: bool) -> str:
    if published:
        return "Gepubliceerd omdat de kalender of een herlevering erom vroeg, of op verzoek."
    if order.publiceren == "nee":
        return "Deze run ververst alleen de interne cijfers; de publicatie blijft zoals ze is."
    return "Er is niets veranderd sinds de vorige publicatie."
