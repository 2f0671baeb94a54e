"""Group ``bronnen``: open data of DUO. It is pulled, not sent, and holds no persons."""

from collections.abc import Iterable
from datetime import UTC, datetime

import dagster as dg
import polars as pl

from assets.bronnen import GROUP
from assets.describe import OWNERS, counts_table, table_schema
from assets.guarded import guarded
from assets.partitions import school_years
from jos_pipeline.opendata import (
    DUO_EXAMENS,
    DUO_LEERLINGEN,
    DUO_VESTIGINGEN,
    exams,
    exams_of,
    pupils_per_school,
    school_year_of,
    schools,
)
from jos_pipeline.region import Region
from resources.dagster_resources import LakeResource, WarehouseResource
from resources.opendata import OpenDataResource, OpenFile
from schemas.linked import DUO_EXAMEN
from schemas.warehouse import open_data as table

OPEN_DATA = dg.AssetKey([GROUP, "open_data"])
MOST_DAYS = 400
"""DUO counts and examines once a year; after this a new file must have been out for a while."""


def open_data_assets(region: Region) -> list[dg.AssetsDefinition]:
    """What there is of open data, and DUO's pupils per school, register of schools and exam results."""

    @dg.asset(
        key=OPEN_DATA,
        description="De bestanden met open data: uit een map, of opgehaald van hun adres. Een opgehaald bestand blijft "
        "gelden tot er een nieuwer komt dat klopt. Open data files with where they came from and when.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"csv", "sql"},
        metadata=table_schema({column.name: (str(column.type), column.comment or "") for column in table.columns}),
    )
    @guarded
    def open_data_files(open_data: OpenDataResource, warehouse: WarehouseResource) -> dg.MaterializeResult:
        files = open_data.refresh(datetime.now(UTC))
        warehouse.open().record_open_data(files)
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": len(files),
                "oudste_in_dagen": max((days_old(file.gecontroleerd_op) for file in files), default=0),
                "overzicht": counts_table(
                    pl.DataFrame(
                        [
                            (f.name, f.herkomst, f.sha256[:12], f.schooljaar, _day(f.opgehaald_op), f.probleem)
                            for f in files
                        ],
                        schema=dict.fromkeys(
                            ("bestand", "herkomst", "sha256", "schooljaar", "opgehaald_op", "probleem"), pl.String
                        ),
                        orient="row",
                    )
                ),
            }
        )

    @dg.asset(
        key=[GROUP, DUO_LEERLINGEN.name],
        description="Open data van DUO: leerlingen vo per vestiging op 1 oktober. Publiek; bevat geen personen.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"csv", "polars"},
        partitions_def=school_years(region),
        deps=[OPEN_DATA],
        metadata=table_schema(
            {
                "school": ("school", "BRIN en vestiging."),
                "aantal_leerlingen": ("geheel getal", "Aantal leerlingen op 1 oktober."),
            }
        ),
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
    )
    @guarded
    def duo_leerlingen(
        context: dg.AssetExecutionContext, open_data: OpenDataResource, lake: LakeResource
    ) -> dg.MaterializeResult:
        year = context.partition_key
        files = [file for file in open_data.usable() if str(school_year_of(file.name)) == year]
        frame = pl.concat([_EMPTY_PUPILS, *(pupils_per_school(file.read(), file.name) for file in files)])
        frame = frame.unique("school", keep="last", maintain_order=True)
        lake.open().write_layer(GROUP, DUO_LEERLINGEN.name, year, frame)
        return dg.MaterializeResult(metadata=_open_metadata(frame, files))

    @dg.asset(
        key=[GROUP, DUO_VESTIGINGEN.name],
        description="Open data van DUO: alle vestigingen vo met gemeente. Controle op de scholenlijst van de regio.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"csv", "polars"},
        deps=[OPEN_DATA],
        metadata=table_schema(
            {
                "school": ("school", "BRIN en vestiging."),
                "naam": ("tekst", "Naam van de vestiging."),
                "plaats": ("tekst", "Plaats."),
                "gemeente": ("gemeente", "Gemeentecode."),
            }
        ),
    )
    @guarded
    def duo_vestigingen(open_data: OpenDataResource, lake: LakeResource) -> dg.MaterializeResult:
        files = [file for file in open_data.usable() if DUO_VESTIGINGEN.pattern.search(file.name)][-1:]
        frame = pl.concat([_EMPTY_SCHOOLS, *(schools(file.read(), file.name) for file in files)])
        lake.open().write_layer(GROUP, DUO_VESTIGINGEN.name, "actueel", frame)
        return dg.MaterializeResult(metadata=_open_metadata(frame, files))

    @dg.asset(
        key=[GROUP, DUO_EXAMENS.name],
        description="Open data van DUO: examenkandidaten en geslaagden per vestiging. Wat DUO afschermt (<5) blijft "
        "een interval; de percentages ernaast worden niet gelezen.",
        group_name=GROUP,
        owners=OWNERS,
        kinds={"csv", "polars"},
        partitions_def=school_years(region),
        deps=[OPEN_DATA],
        metadata=table_schema({column.name: (str(column.dtype), column.description) for column in DUO_EXAMEN.columns}),
        backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
    )
    @guarded
    def duo_examens(
        context: dg.AssetExecutionContext, open_data: OpenDataResource, lake: LakeResource
    ) -> dg.MaterializeResult:
        year = context.partition_key
        files = [file for file in open_data.usable() if DUO_EXAMENS.pattern.search(file.name)]
        frame = exams_of(year, [exams(file.read(), file.name) for file in files])
        lake.open().write_layer(GROUP, DUO_EXAMENS.name, year, frame)
        return dg.MaterializeResult(metadata=_open_metadata(frame, files))

    return [open_data_files, duo_leerlingen, duo_vestigingen, duo_examens]


_EMPTY_PUPILS = pl.DataFrame(schema={"school": pl.String, "aantal_leerlingen": pl.Int64})
_EMPTY_SCHOOLS = pl.DataFrame(schema=dict.fromkeys(("school", "naam", "plaats", "gemeente"), pl.String))


def _open_metadata(frame: pl.DataFrame, files: Iterable[OpenFile]) -> dict[str, object]:
    told = (f"{file.name} ({file.sha256[:12]}, sinds {_day(file.opgehaald_op)})" for file in files)
    return {"dagster/row_count": frame.height, "bestanden": ", ".join(told) or "geen"}


def _day(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d}"


def open_data_checks() -> list[dg.AssetChecksDefinition]:
    """Whether what is used of open data is good and not too old. It warns: the last good file counts on."""

    @dg.asset_check(
        asset=OPEN_DATA,
        name="actueel",
        description=f"Elk bestand met open data is goed binnengekomen en hoogstens {MOST_DAYS} dagen oud, of zo kort "
        "geleden nog nagekeken. Open data is what it should be, and not silently old.",
    )
    @guarded
    def actueel(open_data: OpenDataResource) -> dg.AssetCheckResult:
        files = open_data.files()
        wrong = [file for file in files if file.probleem]
        old = [file for file in files if days_old(file.gecontroleerd_op) > MOST_DAYS]
        return dg.AssetCheckResult(
            passed=not wrong and not old,
            severity=dg.AssetCheckSeverity.WARN,
            metadata={
                "bestanden": len(files),
                "met_probleem": "; ".join(_trouble(file) for file in wrong) or "geen",
                "te_oud": ", ".join(f"{f.name} ({days_old(f.gecontroleerd_op)} dagen)" for f in old) or "geen",
                "wat_te_doen": "Kijk of het adres in JOS_OPEN_DATA nog klopt, of leg het nieuwe bestand in de map.",
            },
        )

    return [actueel]


def _trouble(file: OpenFile) -> str:
    used = f"het bestand van {_day(file.opgehaald_op)} telt nog mee" if file.is_usable else "er is geen bestand"
    return f"{file.name}: {file.probleem}; {used}"


def days_old(moment: datetime | None) -> int:
    """Days since a moment; 0 for what never came, which has a problem instead of an age."""
    return 0 if moment is None else (datetime.now(UTC) - moment).days
