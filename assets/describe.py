"""What every asset tells about itself: owner, kinds and column schema, derived from ``schemas``."""

from collections.abc import Iterable
from pathlib import Path

import dagster as dg
import polars as pl

from jos_pipeline.pages import address_of
from schemas.columns import Kind
from schemas.contract import Contract, companion_description
from schemas.findings import FINDINGS

OWNERS = ["team:jos-monitor"]
_TYPES = {pl.String: str(Kind.TEXT), pl.Int64: str(Kind.INTEGER)}


def table_schema(columns: dict[str, tuple[str, str]]) -> dict[str, dg.TableSchema]:
    """Metadata with the column schema; ``columns`` maps a name to its type and description."""
    return {
        "dagster/column_schema": dg.TableSchema(
            [dg.TableColumn(name, kind, description) for name, (kind, description) in columns.items()]
        )
    }


def contract_columns(contract: Contract) -> dict[str, tuple[str, str]]:
    """The columns of an accepted delivery as they lie in the lake."""
    columns = {field.name: (str(field.column.kind), field.column.description) for field in contract.fields}
    companions = {name: (_TYPES[dtype], companion_description(name)) for name, dtype in contract.companions.items()}
    if "pseudoniem" in columns:
        columns["leerling_id"] = ("tekst", "Het pseudoniem, nogmaals versleuteld met de sleutel van de monitor.")
        del columns["pseudoniem"]
    return columns | companions | {"leverancier": ("tekst", "Wie de rij leverde.")}


MOST_NUMBERS = 500
"""Deliveries that are named one by one; of a whole country there are thousands."""


def resting_on(numbers: Iterable[int]) -> dict[str, str]:
    """Metadata with the numbers of the deliveries (``levering.id``) that a materialisation is made of."""
    every = [str(number) for number in numbers]
    more = f" en nog {len(every) - MOST_NUMBERS}" if len(every) > MOST_NUMBERS else ""
    return {"levering_nummers": ", ".join(every[:MOST_NUMBERS]) + more or "geen"}


def counts_table(frame: pl.DataFrame) -> dg.TableMetadataValue:
    """A small table of counts for the UI. Only for frames that hold no records."""
    records = [
        dg.TableRecord({name: "" if cell is None else cell for name, cell in row.items()})
        for row in frame.iter_rows(named=True)
    ]
    schema = dg.TableSchema([dg.TableColumn(name, str(dtype)) for name, dtype in frame.schema.items()])
    return dg.MetadataValue.table(records, schema)


def explained(codes: Iterable[str]) -> dg.MarkdownMetadataValue | dg.TextMetadataValue:
    """What finding codes mean and what to do about them, from the catalogue; other names of rules are left out."""
    kinds = [FINDINGS[code] for code in dict.fromkeys(codes) if code in FINDINGS]
    if not kinds:
        return dg.MetadataValue.text("geen")  # a button to unfold it with would say no more
    return dg.MetadataValue.md("\n".join(f"- **{kind.code}** {kind.title}. {kind.remedy}" for kind in kinds))


def where(page: Path, directory: str, address: str) -> dg.UrlMetadataValue | dg.PathMetadataValue:
    """The way to a page: a link when its directory is read at an address, else the place where it lies."""
    return dg.MetadataValue.url(address_of(page, directory, address)) if address else dg.MetadataValue.path(str(page))
