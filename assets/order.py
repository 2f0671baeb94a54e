"""What a run is asked to do beyond its partition: for which peildatum, and whether to publish."""

from datetime import date
from typing import Literal

import dagster as dg

Publish = Literal["nee", "kalender", "nu", "opnieuw"]


class RunOrder(dg.ConfigurableResource):
    """The order of one run. ``kalender`` publishes what the release calendar or a herlevering makes due.

    ``opnieuw`` is ``nu``, also when the same figures were withdrawn.
    """

    peildatum: str = ""
    """jjjj-mm-dd; empty: by the release calendar of the region."""
    publiceren: Publish = "nee"
    definitief: bool = False
    zonder_eerdere_aantallen: bool = False
    """Publishes also where the counts under earlier publications are lost. From then on nobody asks for these."""

    def day(self) -> date | None:
        return date.fromisoformat(self.peildatum) if self.peildatum else None


def order_config(
    publish: Publish, peildatum: date | None = None, *, final: bool = False, without_counts: bool = False
) -> dict[str, object]:
    """Run configuration that gives this order."""
    order = {
        "peildatum": "" if peildatum is None else peildatum.isoformat(),
        "publiceren": publish,
        "definitief": final,
        "zonder_eerdere_aantallen": without_counts,
    }
    return {
        "resources": {"order": {"config": order}},
        "loggers": {"console": {"config": {"log_level": "ERROR"}}},
    }
