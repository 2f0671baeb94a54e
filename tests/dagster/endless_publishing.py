"""A process that publishes and withdraws until it is killed; see ``test_killed``. Every figure differs by number."""

import sys
from datetime import UTC, date, datetime

import polars as pl

from jos_pipeline.publication import Due, Publication, PublicationId, Withdrawal, content_hash, monitor_rows
from resources.warehouse import WarehouseStore

YEAR = "2022-2023"
NOON = datetime(2023, 2, 2, 12, 0, tzinfo=UTC)
ROWS = 4_000


def bring_out(store: WarehouseStore, publication: PublicationId) -> None:
    rows = _rows(publication)
    store.publish(
        Publication(publication, "voorlopig", "c 1", "1", content_hash(rows), NOON, "run", leveringen=(1,)), rows, {}
    )


def _rows(publication: PublicationId) -> pl.DataFrame:
    safe = pl.DataFrame(
        {
            "indicator": [f"i{number}" for number in range(ROWS)],
            "indicator_versie": 1,
            "schooljaar": YEAR,
            "periode": "schooljaar",
            "niveau": "regio",
            "gebied": "alkmaar",
            "uitsplitsing": "totaal",
            "categorie": "totaal",
            "waarde": float(publication.volgnummer),
            "teller": None,
            "noemer": None,
            "eenheid": "aantal",
            "rang": None,
            "n_verwacht": 1,
            "n_geleverd": 1,
            "dekking": 1.0,
            "waarde_status": "ok",
            "herkomst": "levering",
            "peildatum": publication.peildatum,
        }
    )
    return monitor_rows(safe, Due(publication, "voorlopig"), NOON, "run")


def deliver(store: WarehouseStore) -> None:
    told = {"leverancier": "groeimee", "bestand": "a.csv", "soort": "trajecten", "schooljaar": YEAR, "sha256": "a" * 64}
    moments = dict.fromkeys(("gewijzigd_op", "ontvangen_op", "beoordeeld_op"), NOON)
    counts = dict.fromkeys(("grootte", "rijen", "rijen_geaccepteerd", "rijen_afgekeurd", "contract_versie"), 1)
    more = {"peildatum": date(2023, 2, 1), "oordeel": "geaccepteerd", "code_versie": "1", "run_id": "run"}
    store.record_delivery({**told, **moments, **counts, **more}, [])


def main(url: str) -> None:
    store, number = WarehouseStore(url), 1
    deliver(store)
    while True:
        publication = PublicationId(YEAR, date(2023, 2, 1), number)
        bring_out(store, publication)
        if number == 1:
            sys.stdout.write("begonnen\n")
            sys.stdout.flush()
        else:
            store.withdraw(Withdrawal(publication, "proef", NOON))
        number += 1


if __name__ == "__main__":
    main(sys.argv[1])
