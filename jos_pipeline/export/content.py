"""What a data package holds: the public tables as typed frames, with their descriptions.

Only published tables come in here; deliveries, findings and the lake have no way in. How a file is written stands in
the modules beside this one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import polars as pl
import sqlalchemy as sa

from jos_pipeline.publication import polars_type
from jos_pipeline.region import Region
from schemas import warehouse as tables
from schemas.views import IndicatorName, View, views

PUBLIC: tuple[sa.Table, ...] = (
    *(tables.monitor_indicator, tables.publicatie, tables.intrekking, tables.toelichting),
    *tables.DIMENSIONS.values(),
    tables.KEPT,
)
"""The tables of the warehouse that are for everybody, in the order in which they are read."""


@dataclass(frozen=True, eq=False)
class Contents:
    """The public tables of one or more publications, and the region that brings them out."""

    region: Region
    tables: dict[str, pl.DataFrame]
    views: tuple[View, ...]

    @property
    def version(self) -> str:
        """The ids of the publications."""
        return " + ".join(self.tables["publicatie"]["id"])

    @property
    def created(self) -> datetime:
        """When the youngest publication came out (UTC): the moment of the content, not of writing."""
        moment = self.tables["publicatie"]["gepubliceerd_op"].max()
        assert isinstance(moment, datetime)  # noqa: S101 - there is a publication, or there are no contents
        return moment.replace(microsecond=0)

    @property
    def described(self) -> dict[str, sa.Table]:
        """The description of every table and view, by name."""
        return {table.name: table for table in (*PUBLIC, *(view.table for view in self.views), tables.data_woordenboek)}


def contents(region: Region, frames: Mapping[str, pd.DataFrame]) -> Contents | None:
    """The contents of a package from the tables of the warehouse; None when nothing was published."""
    if frames["publicatie"].empty:
        return None
    typed = {table.name: _typed(frames[table.name], table) for table in PUBLIC}
    names = typed["dim_indicator"].select("indicator", "naam", "eenheid").iter_rows()
    made = views({row[0]: IndicatorName(*row) for row in names})
    told = tables.dictionary_rows((*PUBLIC, tables.data_woordenboek))
    told += tables.dictionary_rows((view.table for view in made), "weergave")
    dictionary = pl.DataFrame(told, schema={column.name: pl.String for column in tables.data_woordenboek.columns})
    return Contents(region, {**typed, tables.data_woordenboek.name: dictionary.sort("tabel", "kolom")}, made)


def _typed(frame: pd.DataFrame, table: sa.Table) -> pl.DataFrame:
    """The frame with the types of the table, in the order of its key."""
    schema = {column.name: polars_type(column) for column in table.columns}
    cells = {name: frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in schema}
    return pl.DataFrame(cells, schema=schema).sort([column.name for column in table.primary_key.columns])
