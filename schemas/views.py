"""The views of the warehouse: what their columns mean and the one SELECT behind each (spec 4.2).

The SELECTs run as they stand on SQLite, PostgreSQL and DuckDB. A view is described by a table of its own
``MetaData``, which is never made; what is in the tables stands in ``schemas.warehouse``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from schemas.published import WAARDE_STATUS
from schemas.warehouse import dim_gebied, dim_indicator, intrekking, monitor_indicator, publicatie

STATUS_SUFFIX = "_status"
"""Ends the name of the column of ``indicator_breed`` that says why a figure is there or is not."""

_AREA_NAME = """COALESCE((SELECT g.naam FROM dim_gebied g
    WHERE g.niveau = {of}.niveau AND g.gebied = {of}.gebied AND g.geldig_van = (
      SELECT COALESCE(MAX(CASE WHEN h.geldig_van <= {of}.peildatum THEN h.geldig_van END), MIN(h.geldig_van))
      FROM dim_gebied h WHERE h.niveau = {of}.niveau AND h.gebied = {of}.gebied)), {of}.gebied)"""
"""The name on the peildatum, else the last one before, else the first: at most one, however the rows lie in time."""


@dataclass(frozen=True)
class View:
    """A view: its columns with their comments, and what it selects."""

    table: sa.Table
    select: str

    @property
    def name(self) -> str:
        return str(self.table.name)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.table.columns)

    def comments(self) -> list[str]:
        """The statements that put its comments into PostgreSQL or DuckDB."""
        of_columns = [
            f'COMMENT ON COLUMN {self.name}."{column.name}" IS {quoted(column.comment)}'
            for column in self.table.columns
        ]
        return [f"COMMENT ON VIEW {self.name} IS {quoted(self.table.comment)}", *of_columns]


@dataclass(frozen=True)
class IndicatorName:
    """What a column of ``indicator_breed`` is called and explained with."""

    id: str
    naam: str
    eenheid: str


def views(indicators: Mapping[str, IndicatorName]) -> tuple[View, ...]:
    """The views for the indicators of ``dim_indicator``, by id.

    Raises ValueError for an indicator id that is not a plain name, since ids become column names.
    """
    wrong = [name for name in indicators if not (name.isascii() and name.isidentifier())]
    if wrong:
        raise ValueError(f"not the id of an indicator: {', '.join(wrong)}")
    return _wide([indicators[name] for name in sorted(indicators)]), _readable()


def _wide(indicators: list[IndicatorName]) -> View:
    key = [*("publicatie", "schooljaar", "periode", "niveau", "gebied"), "peildatum", "status"]
    pairs = [pair for one in indicators for pair in (one.id, one.id + STATUS_SUFFIX)]
    taken = "".join(
        f",\n  MAX(CASE WHEN indicator = '{one.id}' THEN {source} END) AS \"{one.id}{suffix}\""
        for one in indicators
        for source, suffix in (("waarde", ""), ("waarde_status", STATUS_SUFFIX))
    )
    keys, shown = ", ".join(key), "".join(f',\n  b."{name}"' for name in pairs)
    select = (
        f"SELECT b.publicatie, b.schooljaar, b.periode, b.niveau, b.gebied,\n  {_AREA_NAME.format(of='b')} AS "
        f"gebied_naam,\n  b.peildatum, b.status{shown}\nFROM (SELECT {keys}{taken}\nFROM monitor_indicator\n"
        f"WHERE uitsplitsing = 'totaal'\nGROUP BY {keys}) b"
    )
    columns = [_from(monitor_indicator, name) for name in key]
    columns.insert(5, _named("gebied_naam", "Naam van het gebied op de peildatum."))
    for one in indicators:
        columns.append(sa.Column(one.id, sa.Float, comment=f"{one.naam} ({one.eenheid}). Leeg is nooit nul."))
        columns.append(_named(one.id + STATUS_SUFFIX, f"waarde_status van {one.naam}."))
    words = "Een rij per gebied en periode, een kolom per indicator met daarnaast de status; alleen totalen."
    return View(sa.Table("indicator_breed", sa.MetaData(), *columns, comment=words), select)


def _readable() -> View:
    words = " ".join(f"WHEN '{code}' THEN '{label}'" for code, label in WAARDE_STATUS.labels.items())
    parts: list[tuple[sa.Column[Any], str]] = [
        *(_taken(name) for name in ("publicatie", "schooljaar", "periode")),
        (_named("periode_naam", "Naam van de periode."), "p.naam"),
        *(_taken(name) for name in ("niveau", "gebied")),
        (_named("gebied_naam", "Naam van het gebied op de peildatum."), _AREA_NAME.format(of="m")),
        *(_taken(name) for name in ("indicator", "indicator_versie")),
        (_named("indicator_naam", "Naam van de indicator."), "COALESCE(v.naam, i.naam)"),
        (_from(dim_indicator, "definitie"), "COALESCE(v.definitie, i.definitie)"),
        *(_taken(name) for name in ("uitsplitsing", "categorie")),
        (_named("categorie_naam", "Naam van de categorie."), "COALESCE(c.naam, m.categorie)"),
        *(_taken(name) for name in ("waarde", "waarde_min", "waarde_max", "teller", "noemer", "eenheid")),
        (_from(dim_indicator, "decimalen"), "COALESCE(v.decimalen, i.decimalen)"),
        *(_taken(name) for name in ("rang", "n_verwacht", "n_geleverd", "dekking", "waarde_status")),
        (_named("waarde_status_naam", "waarde_status in woorden."), f"CASE m.waarde_status {words} END"),
        *(_taken(name) for name in ("status", "herkomst", "peildatum")),
    ]
    table = sa.Table(
        "indicator_leesbaar",
        sa.MetaData(),
        *(column for column, _ in parts),
        comment="De cijfers van monitor_indicator met namen naast de codes: een rij per cijfer. De definitie is die "
        "van de versie waarmee het cijfer is gemaakt.",
    )
    return View(table, f"SELECT {_listed(parts)}\n{_JOINS}")


_JOINS = """FROM monitor_indicator m
LEFT JOIN dim_indicator i ON i.indicator = m.indicator
LEFT JOIN dim_indicator_versie v ON v.indicator = m.indicator AND v.versie = m.indicator_versie
LEFT JOIN dim_periode p ON p.schooljaar = m.schooljaar AND p.periode = m.periode
LEFT JOIN dim_categorie c ON c.uitsplitsing = m.uitsplitsing AND c.categorie = m.categorie"""


_LATER = """SELECT 1 FROM publicatie n LEFT JOIN intrekking w ON w.publicatie = n.id
  WHERE w.publicatie IS NULL AND n.schooljaar = p.schooljaar
  AND (n.peildatum > p.peildatum OR (n.peildatum = p.peildatum AND n.volgnummer > p.volgnummer))"""


def publication_overview() -> View:
    """Every publication, and whether it holds, was followed up or was withdrawn. Needs ``publicatie, intrekking``."""
    own = ("schooljaar", "peildatum", "volgnummer", "status", "rijen", "sha256", "gepubliceerd_op")
    stand = (
        f"CASE WHEN i.publicatie IS NOT NULL THEN 'ingetrokken' WHEN EXISTS ({_LATER}) THEN 'opgevolgd' "
        "ELSE 'geldt nu' END"
    )
    parts: list[tuple[sa.Column[Any], str]] = [
        (_from(intrekking, "publicatie"), "p.id"),
        *((_from(publicatie, name), f"p.{name}") for name in own),
        (_named("stand", "geldt nu, opgevolgd (door een latere) of ingetrokken."), stand),
        *((_from(intrekking, name), f"i.{name}") for name in ("ingetrokken_op", "reden")),
    ]
    return View(
        sa.Table(
            "publicatie_overzicht",
            sa.MetaData(),
            *(column for column, _ in parts),
            comment="Elke publicatie, en of zij nu geldt, is opgevolgd of is ingetrokken.",
        ),
        f"SELECT {_listed(parts)}\nFROM publicatie p\nLEFT JOIN intrekking i ON i.publicatie = p.id",
    )


def _listed(parts: list[tuple[sa.Column[Any], str]]) -> str:
    return ",\n  ".join(f"{source} AS {column.name}" for column, source in parts)


def _taken(name: str) -> tuple[sa.Column[Any], str]:
    return _from(monitor_indicator, name), f"m.{name}"


def _from(table: sa.Table, name: str) -> sa.Column[Any]:
    """A column as it is in a table, without its key; what is joined to the figures may be missing."""
    column = table.c[name]
    needed = table is monitor_indicator and not column.nullable
    return sa.Column(name, column.type, nullable=not needed, comment=column.comment)


def _named(name: str, comment: str) -> sa.Column[Any]:
    return sa.Column(name, dim_gebied.c.naam.type, comment=comment)


def quoted(text: str | None) -> str:
    """Text as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"
