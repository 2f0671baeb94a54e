"""The package as a DuckDB database: typed tables with keys and comments, and the same views as in the warehouse.

The connection is the caller's. The readable tables of every other format are read from here, so that a view is
defined once.
"""

from typing import Any

import duckdb
import polars as pl
import sqlalchemy as sa

from jos_pipeline.export.content import PUBLIC, Contents
from jos_pipeline.publication import polars_type
from schemas.views import quoted
from schemas.warehouse import Moment, data_woordenboek

_TYPES: tuple[tuple[type[Any], str], ...] = (
    (Moment, "TIMESTAMP WITH TIME ZONE"),
    (sa.Date, "DATE"),
    (sa.Boolean, "BOOLEAN"),
    (sa.BigInteger, "BIGINT"),
    (sa.Integer, "INTEGER"),
    (sa.Float, "DOUBLE"),
    (sa.String, "VARCHAR"),
)


def fill(connection: duckdb.DuckDBPyConnection, contents: Contents) -> None:
    """Makes and fills tables and views in the current database of a connection."""
    for table in (*PUBLIC, data_woordenboek):
        connection.execute(_definition(table))
        rows = contents.tables[table.name].to_arrow()
        connection.register("_rijen", rows)
        connection.execute(f"INSERT INTO {table.name} SELECT * FROM _rijen")  # noqa: S608 - a name of our own
        connection.unregister("_rijen")
        for statement in _comments(table):
            connection.execute(statement)
    for view in contents.views:
        connection.execute(f"CREATE VIEW {view.name} AS {view.select}")
        for statement in view.comments():
            connection.execute(statement)


def readable(contents: Contents) -> dict[str, pl.DataFrame]:
    """The rows of the views, by name, with the types of their columns and in the order of their first columns."""
    with duckdb.connect() as connection:
        fill(connection, contents)
        return {
            view.name: pl.DataFrame(connection.sql(f"FROM {view.name}").arrow())
            .select(pl.col(column.name).cast(polars_type(column)) for column in view.table.columns)
            .sort(_order(view.table))
            for view in contents.views
        }


def _order(table: sa.Table) -> list[str]:
    key = ("publicatie", "indicator", "schooljaar", "periode", "niveau", "gebied", "uitsplitsing", "categorie")
    return [name for name in key if name in table.columns]


def _definition(table: sa.Table) -> str:
    columns = [f'"{column.name}" {_type(column)}{"" if column.nullable else " NOT NULL"}' for column in table.columns]
    key = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
    return f"CREATE TABLE {table.name} ({', '.join(columns)}, PRIMARY KEY ({key}))"


def _type(column: sa.Column[Any]) -> str:
    return next(name for kind, name in _TYPES if isinstance(column.type, kind))


def _comments(table: sa.Table) -> list[str]:
    told = [(f"TABLE {table.name}", table.comment)]
    told += [(f'COLUMN {table.name}."{column.name}"', column.comment) for column in table.columns]
    return [f"COMMENT ON {what} IS {quoted(words)}" for what, words in told]
