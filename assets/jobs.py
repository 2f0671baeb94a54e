"""The jobs people and sensors start."""

import dagster as dg

from assets.bronnen import GROUP as SOURCES
from assets.rapportage import BY_ITSELF
from schemas.contracts import CONTRACTS


def process_job() -> object:
    """Everything of one school year, from the inbox to the report. One process: deliveries are small and a start
    of a process costs more than the work in it."""
    suppliers = dg.AssetSelection.assets(*([SOURCES, soort] for soort in CONTRACTS))
    return dg.define_asset_job(
        "verwerk",
        selection=dg.AssetSelection.all() - suppliers - BY_ITSELF,
        description="Neemt in wat nieuw is en maakt alle cijfers van een schooljaar. Een run heeft per leverancier een "
        "label met de nummers van zijn leveringen (levering/groeimee: 12), waarop u de lijst van runs kunt filteren.",
        executor_def=dg.in_process_executor,
    )
