"""What a supplier says on the command line about what an export is. Nothing else."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Wishes:
    """Goes before what a file name or the content says; None where nothing was said."""

    soort: str | None = None
    schooljaar: str | None = None
    peildatum: date | None = None
