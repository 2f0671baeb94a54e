"""What taking a file in would change in this installation: the new rows beside the delivery in force.

Part of the front door: it reads ledger, lake and the monitor's key, and changes nothing.
"""

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from assets.intake import delivered_in_force, in_force_beside
from jos_pipeline.intake.verdict import Verdict
from jos_pipeline.mirror.report import Delivered, Mirror, mirror_of
from jos_pipeline.pseudonym import fingerprint, with_leerling_id
from jos_pipeline.region import Region
from jos_pipeline.settings import Settings
from resources.keys import NoKeyError, monitor_key
from resources.lake import Lake
from resources.warehouse import WarehouseStore


class NoInstallationError(Exception):
    """There is nothing here to compare with."""


def mirror_beside_in_force(settings: Settings, verdict: Verdict, region: Region) -> Mirror | None:
    """The spiegelrapport on a file beside the delivery it would replace; None for a refused file.

    Raises NoInstallationError where nothing was ever taken in or the monitor's key is not there, OtherKeyError for
    another key than the lake was filled with. A key is never made here.
    """
    database = sa.make_url(settings.warehouse_url)
    empty = database.get_backend_name() == "sqlite" and not Path(database.database or "").is_file()
    lake = Lake(settings.lake_url)
    if empty or not lake.is_filled():
        raise NoInstallationError("--geldend: hier is nog niets ingenomen. Vergelijk met --vorige, of zet JOS_HOME.")
    try:
        key = monitor_key(settings.key_file)
    except NoKeyError:
        raise NoInstallationError(
            "--geldend: de sleutel van de monitor is hier niet. Vergelijk met --vorige."
        ) from None
    lake.hold_to_key(fingerprint(key))
    standing = in_force_beside(verdict, WarehouseStore(settings.warehouse_url))
    delivered = Delivered.of(verdict)
    if delivered is None:
        return None
    hashed = replace(delivered, rows=with_leerling_id(delivered.rows, key))
    return mirror_of(hashed, region, delivered_in_force(standing, lake))
