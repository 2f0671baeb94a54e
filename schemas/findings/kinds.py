"""What a finding code is: its severity, what it rejects and its Dutch texts. The codes themselves stand beside this."""

from dataclasses import dataclass
from enum import StrEnum

EXAMPLE_NAME = "trajecten_2022-2023_2023-02-01.csv"
"""How a file is called, in texts about any delivery; who knows which one it is about says that one's own name."""

NOTHING_TO_DO = "U hoeft niets te doen."
"""How a remedy begins that asks for nothing; what follows is for a reader who meant something else."""


class Severity(StrEnum):
    """``fout`` rejects the row or the file; ``signaal`` is processed and reported; ``info`` only tells."""

    FOUT = "fout"
    SIGNAAL = "signaal"
    INFO = "info"


class Scope(StrEnum):
    """What a fout rejects."""

    FILE = "bestand"
    ROW = "rij"


@dataclass(frozen=True)
class FindingType:
    """One code. ``message`` may use {kolom}, {aantal}, {detail}; ``detail`` never holds a cell value.

    ``title`` says what is the matter, ``cause`` how that comes about, ``example`` one case of it, ``remedy`` what
    the supplier does or types now. ``tests/unit/test_catalogue_of_findings.py`` guards their shape.
    """

    code: str
    title: str
    message: str
    cause: str
    example: str
    remedy: str
    scope: Scope = Scope.ROW

    @property
    def severity(self) -> Severity:
        return {"E": Severity.FOUT, "S": Severity.SIGNAAL, "I": Severity.INFO}[self.code[4]]

    @property
    def asks(self) -> bool:
        """Whether the reader has something to do."""
        return not self.remedy.startswith(NOTHING_TO_DO)


def file_finding(code: str, title: str, message: str, cause: str, example: str, remedy: str) -> FindingType:
    return FindingType(code, title, message, cause, example, remedy, Scope.FILE)
