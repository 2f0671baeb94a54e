"""The views of the warehouse (spec 4.2) as SELECT statements that SQLite and PostgreSQL both read.

The tables they read stand in ``schemas.warehouse``; making them is ``resources.publications``.
"""

from collections.abc import Mapping, Sequence

WIDE_KEY = ("publicatie", "schooljaar", "periode", "niveau", "gebied")
"""What a row of ``indicator_breed`` is about; its other columns are the indicators."""


def views(indicators: Sequence[str]) -> dict[str, str]:
    """The views as SELECT statements, by name, for the indicators of the catalogue.

    Raises ValueError for an indicator id that is not a plain name, since ids become column names.
    """
    wrong = [name for name in indicators if not (name.isascii() and name.isidentifier())]
    if wrong:
        raise ValueError(f"not the id of an indicator: {', '.join(wrong)}")
    return {
        "indicator_breed": _wide(indicators),
        "indicator_leesbaar": _select(_READABLE, _READABLE_FROM),
        "publicatie_overzicht": _select(_OVERVIEW, _OVERVIEW_FROM),
    }


def view_columns(indicators: Sequence[str]) -> dict[str, set[str]]:
    """The columns of each view."""
    return {
        "indicator_breed": {*WIDE_KEY, *indicators},
        "indicator_leesbaar": set(_READABLE),
        "publicatie_overzicht": set(_OVERVIEW),
    }


def _wide(indicators: Sequence[str]) -> str:
    key = ", ".join(WIDE_KEY)
    values = "".join(f",\n  MAX(CASE WHEN indicator = '{name}' THEN waarde END) AS \"{name}\"" for name in indicators)
    return f"SELECT {key}{values}\nFROM monitor_indicator\nWHERE uitsplitsing = 'totaal'\nGROUP BY {key}"


def _select(columns: Mapping[str, str], source: str) -> str:
    return "SELECT " + ", ".join(f"{expression} AS {name}" for name, expression in columns.items()) + f"\n{source}"


def _of(table: str, *names: str) -> dict[str, str]:
    return {name: f"{table}.{name}" for name in names}


_READABLE: dict[str, str] = {
    **_of("m", "publicatie", "schooljaar", "periode"),
    "periode_naam": "p.naam",
    **_of("m", "niveau", "gebied"),
    "gebied_naam": "g.naam",
    **_of("m", "indicator", "indicator_versie"),
    "indicator_naam": "COALESCE(v.naam, i.naam)",
    "definitie": "COALESCE(v.definitie, i.definitie)",
    **_of("m", "uitsplitsing", "categorie"),
    "categorie_naam": "COALESCE(c.naam, m.categorie)",
    **_of("m", "waarde", "waarde_min", "waarde_max", "teller", "noemer", "eenheid"),
    "decimalen": "COALESCE(v.decimalen, i.decimalen)",
    **_of("m", "rang", "dekking", "waarde_status", "status", "herkomst", "peildatum"),
}
"""Columns of ``indicator_leesbaar``. A figure is explained by the version of the definition it was made with."""

_READABLE_FROM = """FROM monitor_indicator m
LEFT JOIN dim_indicator i ON i.indicator = m.indicator
LEFT JOIN dim_indicator_versie v ON v.indicator = m.indicator AND v.versie = m.indicator_versie
LEFT JOIN dim_periode p ON p.schooljaar = m.schooljaar AND p.periode = m.periode
LEFT JOIN dim_categorie c ON c.uitsplitsing = m.uitsplitsing AND c.categorie = m.categorie
LEFT JOIN dim_gebied g ON g.niveau = m.niveau AND g.gebied = m.gebied
  AND g.geldig_van <= m.peildatum AND (g.geldig_tot IS NULL OR g.geldig_tot > m.peildatum)"""

_LATER = """SELECT 1 FROM publicatie n LEFT JOIN intrekking w ON w.publicatie = n.id
  WHERE w.publicatie IS NULL AND n.schooljaar = p.schooljaar
  AND (n.peildatum > p.peildatum OR (n.peildatum = p.peildatum AND n.volgnummer > p.volgnummer))"""

_OVERVIEW: dict[str, str] = {
    "publicatie": "p.id",
    **_of("p", "schooljaar", "peildatum", "volgnummer", "status", "rijen", "sha256", "gepubliceerd_op"),
    "stand": f"CASE WHEN i.publicatie IS NOT NULL THEN 'ingetrokken' WHEN EXISTS ({_LATER}) THEN 'opgevolgd' "
    "ELSE 'geldt nu' END",
    **_of("i", "ingetrokken_op", "reden"),
}
"""Columns of ``publicatie_overzicht``: every publication and whether it holds, was followed up or was withdrawn."""

_OVERVIEW_FROM = "FROM publicatie p\nLEFT JOIN intrekking i ON i.publicatie = p.id"
