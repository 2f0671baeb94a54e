"""``datapackage.json``: the package told to programs, by the Data Package standard, version 2 (datapackage.org).

Derived from the tables, their comments and the words in them; only what the standard calls things stands here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from jos_pipeline.export.content import Contents
from jos_pipeline.export.csv_files import DECIMAL, DIALECT
from jos_pipeline.export.guide import withdrawals
from schemas.published import REFERENCES, WORDS
from schemas.warehouse import Moment

NAME = "jos-monitor"
FILE_NAME = "datapackage.json"
DESCRIPTION = "Gepubliceerde cijfers. Kleine aantallen zijn verborgen; een lege waarde is nooit nul."
PROFILES = "https://datapackage.org/profiles/2.0"

_TYPES: tuple[tuple[type[Any], str], ...] = (
    (Moment, "datetime"),
    (sa.Date, "date"),
    (sa.Boolean, "boolean"),
    (sa.Integer, "integer"),
    (sa.Float, "number"),
    (sa.String, "string"),
)
_BOUNDS: dict[str, dict[str, float]] = {
    "dekking": {"minimum": 0, "maximum": 1},
    "rang": {"minimum": 1},
    **{name: {"minimum": 0} for name in ("teller", "noemer", "n_verwacht", "n_geleverd", "rijen", "decimalen")},
}
_MAY_BE_EMPTY = frozenset({"kolom", "uitsplitsingen", "bronnen", "waarvandaan", "levert"})
"""Never NULL, but sometimes without text, which CSV cannot tell apart."""
_MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "duckdb": "application/vnd.duckdb",
}


@dataclass(frozen=True)
class Part:
    """A file of the package. ``sha256`` is None where the same content does not give the same bytes."""

    path: str
    format: str
    size: int
    sha256: str | None
    table: str | None = None

    @property
    def name(self) -> str:
        """The name of the resource: that of its table in CSV, which other formats add theirs to."""
        if self.table is None:
            return f"{NAME}.{self.format}"
        return self.table if self.format == "csv" else f"{self.table}.{self.format}"


def descriptor(contents: Contents, parts: Iterable[Part]) -> dict[str, Any]:
    """The descriptor of a package that holds these files."""
    region = contents.region
    licence = {"licenses": [region.licentie.model_dump(exclude_none=True)]} if region.licentie else {}
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": NAME,
        "title": f"Monitor Jeugdhulp op school: {region.naam}",
        "description": " ".join((*withdrawals(contents), DESCRIPTION)),
        "version": contents.version,
        "created": f"{contents.created:%Y-%m-%dT%H:%M:%SZ}",
        "keywords": ["jeugdhulp", "onderwijs", region.naam],
        "contributors": [{"title": region.naam, "roles": ["publisher"]}],
        "sources": _sources(),
        **licence,
        "resources": [_resource(part, contents) for part in parts],
    }


def _sources() -> list[dict[str, str]]:
    return [
        {"title": "Leveringen van scholen, gemeenten, samenwerkingsverbanden en aanbieders van jeugdhulp"},
        {"title": "DUO, open onderwijsdata", "path": "https://duo.nl/open_onderwijsdata/"},
    ]


def _resource(part: Part, contents: Contents) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": part.name,
        "path": part.path,
        "format": part.format,
        "mediatype": _MEDIA_TYPES[part.format],
        "bytes": part.size,
    }
    if part.sha256 is not None:
        told["hash"] = f"sha256:{part.sha256}"
    if part.table is None:
        return told
    table = contents.described[part.table]
    text = {"encoding": "utf-8", "dialect": DIALECT} if part.format == "csv" else {}
    return {
        **told,
        "type": "table",
        "title": part.table,
        "description": str(table.comment),
        **text,
        "schema": _schema(table, part.format),
    }


def _schema(table: sa.Table, kind: str) -> dict[str, Any]:
    key = [column.name for column in table.primary_key.columns]
    references = [
        {
            "fields": list(reference.columns),
            "reference": {
                "resource": Part("", kind, 0, None, reference.refers_to).name,
                "fields": list(reference.key),
            },
        }
        for reference in REFERENCES
        if reference.table == table.name
    ]
    return {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [_field(column, kind) for column in table.columns],
        "missingValues": [""],
        **({"primaryKey": key} if key else {}),
        **({"foreignKeys": references} if references else {}),
    }


def _field(column: sa.Column[Any], kind: str) -> dict[str, Any]:
    words = WORDS.get(column.name) if isinstance(column.type, sa.String) else None
    constraints: dict[str, Any] = dict(_BOUNDS.get(column.name, {}))
    if not column.nullable and column.name not in _MAY_BE_EMPTY:
        constraints["required"] = True
    if words is not None:
        constraints["enum"] = list(words.values)
    told: dict[str, Any] = {
        "name": column.name,
        "type": next(name for type_, name in _TYPES if isinstance(column.type, type_)),
        "description": str(column.comment),
    }
    if words is not None:
        told["categories"] = [{"value": code, "label": label} for code, label in words.labels.items()]
    if told["type"] == "number" and kind == "csv":
        told["decimalChar"] = DECIMAL
    return told | ({"constraints": constraints} if constraints else {})
