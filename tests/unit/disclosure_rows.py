"""Rows of the internal cube for the tests of disclosure control: only what a test is about is written out."""

from datetime import date

import polars as pl

K = 10
PEILDATUM = date(2023, 2, 1)
SCHEMA = {
    **dict.fromkeys(("indicator", "schooljaar", "periode", "niveau", "gebied", "uitsplitsing", "categorie"), pl.String),
    **dict.fromkeys(("waarde", "teller", "noemer", "dekking"), pl.Float64),
    **dict.fromkeys(("indicator_versie", "rang", "n_verwacht", "n_geleverd"), pl.Int64),
    **dict.fromkeys(("eenheid", "waarde_status", "herkomst", "teller_maat", "noemer_maat"), pl.String),
    **dict.fromkeys(("teller_personen", "noemer_personen", "teller_medewerkers", "publiek_totaal"), pl.Int64),
    "peildatum": pl.Date,
    "personen": pl.Boolean,
}


def row(**changes: object) -> dict[str, object]:
    """A row of the cube: 50 of 400 leerlingen, unless said otherwise."""
    base: dict[str, object] = {
        **dict.fromkeys(SCHEMA),
        "indicator": "jos_leerlingen",
        "indicator_versie": 1,
        "schooljaar": "2022-2023",
        "periode": "schooljaar",
        "niveau": "regio",
        "gebied": "r",
        "uitsplitsing": "totaal",
        "categorie": "totaal",
        "waarde": 50.0,
        "teller": 50.0,
        "eenheid": "leerlingen",
        "n_verwacht": 8,
        "n_geleverd": 8,
        "dekking": 1.0,
        "waarde_status": "ok",
        "herkomst": "levering",
        "peildatum": PEILDATUM,
        "teller_maat": "m",
        "teller_personen": 50,
        "publiek_totaal": 400,
        "personen": True,
    }
    return base | changes


def cube(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA)
