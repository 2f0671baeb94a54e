"""A table as Parquet: typed, with the description of the table and of every column in its metadata."""

import io

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

DESCRIPTION = "description"


def parquet_bytes(frame: pl.DataFrame, table: sa.Table, version: str) -> bytes:
    """The table in Parquet; ``version`` is the publication it belongs to. The same bytes for the same rows."""
    arrow = frame.to_arrow()
    fields = [
        pa.field(
            field.name,
            pa.string() if pa.types.is_large_string(field.type) or pa.types.is_string_view(field.type) else field.type,
            nullable=table.c[field.name].nullable is not False,
            metadata={DESCRIPTION: str(table.c[field.name].comment)},
        )
        for field in arrow.schema
    ]
    schema = pa.schema(fields, metadata={DESCRIPTION: str(table.comment), "publicatie": version})
    buffer = io.BytesIO()
    pq.write_table(arrow.cast(schema), buffer, compression="zstd")
    return buffer.getvalue()
