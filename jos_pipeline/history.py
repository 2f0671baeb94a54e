"""``jos diff``, ``jos trace`` and the figures of a past moment: what they read. Part of the front door.

Reads warehouse, ledger and lake, and changes nothing. What it means is ``jos_pipeline.diffing`` and ``tracing``.
"""

from typing import Any

import polars as pl

from jos_pipeline.diffing import Difference, Version, difference
from jos_pipeline.publication import MONITOR_SCHEMA, PublicationId
from jos_pipeline.region import load_region
from jos_pipeline.settings import Settings
from resources.warehouse import WarehouseStore


class UnknownError(ValueError):
    """Something that is asked for is not there; the message (Dutch) says what is."""


def difference_between(settings: Settings, van: PublicationId, naar: PublicationId) -> Difference:
    """What changed from one publication to another. Raises UnknownError for one that was never brought out."""
    store = WarehouseStore(settings.warehouse_url)
    versions = [_version(store, publication) for publication in (van, naar)]
    rows = [_rows(store, publication) for publication in (van, naar)]
    region = load_region(settings.regio)
    return difference(versions[0], versions[1], (rows[0], rows[1]), store.definitions(), region)


def _version(store: WarehouseStore, publication: PublicationId) -> Version:
    known = {str(row.id): row for row in store.publications().itertuples()}
    row: Any = known.get(str(publication))
    if row is None:
        raise UnknownError(f"publicatie {publication} is er niet; kies uit {', '.join(known) or 'geen enkele'}")
    return Version(
        id=row.id,
        schooljaar=row.schooljaar,
        peildatum=row.peildatum,
        status=row.status,
        contract_versie=row.contract_versie,
        code_versie=row.code_versie,
        leveringen=store.deliveries_behind(publication),
        ingetrokken=str(publication) in set(store.withdrawals()["publicatie"]),
    )


def _rows(store: WarehouseStore, publication: PublicationId) -> pl.DataFrame:
    frame = pl.from_pandas(store.publication_rows(publication))
    return frame.select(pl.col(name).cast(kind) for name, kind in MONITOR_SCHEMA.items())
