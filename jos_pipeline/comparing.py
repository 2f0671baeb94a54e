"""Before a herlevering: a file compared with the supplier's own previous one, as ``jos check`` tells it.

Pure: bytes and names in, texts out. Comparing with what is in force in an installation is ``dry_run``.
"""

from datetime import date
from typing import Any

from jos_pipeline.intake.gate import judge
from jos_pipeline.intake.verdict import Verdict
from jos_pipeline.mirror.page import mirror_json, mirror_text
from jos_pipeline.mirror.report import Delivered, Mirror, mirror_of
from jos_pipeline.region import Region

NamedBytes = tuple[bytes, str, date]
"""A file: its content, its name, the day it was last changed."""


class NotComparableError(ValueError):
    """The other file is none that this one would replace; the message says what to choose."""


def comparison_problem(files: int, leverancier: str | None, vorige: object, *, geldend: bool) -> str | None:
    """What is wrong with the options with which a comparison is asked for; None when nothing is."""
    if vorige is not None and geldend:
        return "kies --vorige of --geldend, niet allebei"
    if vorige is not None and files != 1:
        return "met --vorige kunt u een bestand tegelijk nakijken"
    if geldend and leverancier is None:
        return "--geldend vraagt ook --leverancier: van wie is de levering?"
    return None


def mirror_beside(verdict: Verdict, earlier: NamedBytes | None, region: Region) -> Mirror | None:
    """The spiegelrapport on a file, beside the previous one when there is one; None for a refused file.

    Raises NotComparableError when the previous one is refused itself, or not what this one would replace.
    """
    delivered = Delivered.of(verdict)
    if delivered is None or earlier is None:
        return None if delivered is None else mirror_of(delivered, region)
    previous = Delivered.of(judge(*earlier, region, delivered.leverancier))
    if previous is None:
        raise NotComparableError(
            "--vorige: dat bestand wordt zelf afgekeurd. Kies de laatste levering die is geaccepteerd."
        )
    if not delivered.takes_the_place_of(previous):
        raise NotComparableError(
            "--vorige: dat bestand is een andere soort of een ander schooljaar, dus dit bestand vervangt het niet"
        )
    return mirror_of(delivered, region, previous)


def comparison_text(mirror: Mirror | None) -> str:
    """What a comparison gave, for a terminal; None is that of a refused file."""
    if mirror is None:
        return "NIET VERGELEKEN\nEen bestand dat wordt afgekeurd, vervangt niets."
    alone = "" if mirror.replaced else "\nEr geldt nog geen levering om mee te vergelijken."
    return mirror_text(mirror) + alone


def comparison_json(mirror: Mirror | None) -> dict[str, Any]:
    """The part of the JSON of ``jos check`` that a comparison adds."""
    return {"spiegelrapport": None if mirror is None else mirror_json(mirror)}
