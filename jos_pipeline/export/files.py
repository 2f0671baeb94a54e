"""The files of a package by format: which table goes into which file, and what each file is for."""

from collections.abc import Iterator

import polars as pl

from jos_pipeline.export.content import Contents
from jos_pipeline.export.csv_files import csv_bytes
from jos_pipeline.export.descriptor import FILE_NAME, NAME
from jos_pipeline.export.parquet_files import parquet_bytes
from jos_pipeline.export.workbook import workbook_bytes

FORMATS = ("xlsx", "csv", "parquet", "duckdb")
README = "LEESMIJ.txt"
WORKBOOK = f"{NAME}.xlsx"
DATABASE = f"{NAME}.duckdb"

_USES = {
    "xlsx": (WORKBOOK, "voor Excel. Begin hier: het eerste blad legt uit hoe u een cijfer leest"),
    "csv": ("csv", "een bestand per tabel, met puntkomma en decimale komma: voor R, Python en Power BI"),
    "parquet": ("parquet", "dezelfde tabellen, met vaste typen: voor R, Python en DuckDB"),
    "duckdb": (DATABASE, "dezelfde tabellen en weergaven in een database, voor DuckDB 1.4 en nieuwer"),
}


def uses(formats: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """What is in the package and what it is for, in the order in which people should look."""
    made = [_USES[name] for name in FORMATS if name in formats]
    return (*made, (FILE_NAME, "beschrijving van alle tabellen en kolommen voor programma's (Data Package)"))


def workbook(contents: Contents, readable: dict[str, pl.DataFrame]) -> bytes:
    """The workbook. Raises TooManyRowsError."""
    return workbook_bytes(contents, readable["indicator_leesbaar"])


def table_files(
    contents: Contents, readable: dict[str, pl.DataFrame], format_: str
) -> Iterator[tuple[str, str, bytes]]:
    """Of every table its name, its path in the package and its bytes, in ``csv`` or ``parquet``."""
    for name, frame in (contents.tables | readable).items():
        if format_ == "csv":
            content = csv_bytes(frame)
        else:
            content = parquet_bytes(frame, contents.described[name], contents.version)
        yield name, f"{format_}/{name}.{format_}", content
