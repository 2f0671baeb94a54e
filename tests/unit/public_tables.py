"""Small public tables as the warehouse gives them, with a figure of every status."""

from datetime import UTC, date, datetime

import pandas as pd
import polars as pl

from jos_pipeline.dimensions import dimensions
from jos_pipeline.publication import MONITOR_SCHEMA, Due, Publication, PublicationId, Withdrawal, monitor_rows
from jos_pipeline.region import load_region

NOON = datetime(2023, 2, 2, 12, 0, tzinfo=UTC)
REGION = load_region()
SILENT_STATUSES = ("onderdrukt", "niet_geleverd", "geen_waarnemingen", "niet_van_toepassing")

_BASE = {
    "indicator_versie": 1,
    "periode": "schooljaar",
    "niveau": "gemeente",
    "gebied": "GM0361",
    "uitsplitsing": "totaal",
    "categorie": "totaal",
    "eenheid": "leerlingen",
    "n_verwacht": 8,
    "n_geleverd": 7,
    "dekking": 0.875,
    "waarde_status": "ok",
    "herkomst": "levering",
    **dict.fromkeys(("waarde", "waarde_min", "waarde_max", "teller", "noemer", "rang")),
}
_SHARE = {"eenheid": "aandeel", "waarde": 0.256, "teller": 412.0, "noemer": 1611.0}
FIGURES = (
    {"indicator": "jos_bereik", **_SHARE},
    {"indicator": "jos_bereik", "niveau": "regio", "gebied": "alkmaar", **_SHARE, "waarde_status": "laag_betrouwbaar"},
    {"indicator": "fte", "eenheid": "fte", "waarde": 13.76, "teller": 13.76},
    {"indicator": "wachttijd_jos", "eenheid": "dagen", "waarde": 12.0, "noemer": 40.0},
    {
        "indicator": "duo_slaagpercentage",
        "eenheid": "aandeel",
        "waarde_min": 0.9,
        "waarde_max": 0.95,
        "waarde_status": "interval",
    },
    {"indicator": "jos_leerlingen", "waarde": 0.0, "teller": 0.0},
    *(
        {"indicator": "jos_leerlingen", "uitsplitsing": "functie", "categorie": code, "waarde_status": status}
        for code, status in zip(
            ("gedragswetenschapper", "jeugd_en_gezinscoach", "preventief_ambulant_jeugdhulpverlener"),
            SILENT_STATUSES[:3],
            strict=True,
        )
    ),
    {
        "indicator": "jos_leerlingen",
        "uitsplitsing": "onderwijstype",
        "categorie": "regulier",
        "waarde_status": "onderdrukt",
    },
    {"indicator": "fte", "niveau": "school", "gebied": "19ZQ00", "eenheid": "fte", "waarde_status": SILENT_STATUSES[3]},
)


def rows_of(cut: Publication) -> pl.DataFrame:
    about = {"schooljaar": cut.id.schooljaar, "peildatum": cut.id.peildatum}
    rows = [_BASE | figure | about for figure in FIGURES]
    schema = {name: kind for name, kind in MONITOR_SCHEMA.items() if name in rows[0]}
    return monitor_rows(pl.DataFrame(rows, schema=schema), Due(cut.id, cut.status), NOON, "run-1")


def publication(number: int = 1, peildatum: date = date(2023, 2, 1)) -> Publication:
    identity = PublicationId("2022-2023", peildatum, number)
    return Publication(identity, "voorlopig", "trajecten 1", "0.1.0", "0" * 64, NOON, "run-1")


def public_frames(*cuts: Publication, withdrawn: tuple[Withdrawal, ...] = ()) -> dict[str, pd.DataFrame]:
    """The tables that ``WarehouseStore.copy_of`` gives, with the region's own dimensions."""
    rows = pl.concat(rows_of(cut) for cut in cuts)
    return {
        "monitor_indicator": rows.to_pandas(),
        "publicatie": pd.DataFrame([cut.row(len(FIGURES)) for cut in cuts]),
        "intrekking": pd.DataFrame(
            [(str(one.id), one.reden, one.ingetrokken_op) for one in withdrawn],
            columns=["publicatie", "reden", "ingetrokken_op"],
        ),
        "toelichting": pd.DataFrame(
            [("2022-2023", "samenloop", "regio", REGION.id, "niet_te_koppelen", "Hier zijn verschillende sleutels.")],
            columns=["schooljaar", "indicator", "niveau", "gebied", "reden", "tekst"],
        ),
        **{name: pd.DataFrame(list(found)) for name, found in dimensions(REGION).items()},
    }
