"""The catalogue of findings: every code the monitor can give, with cause and remedy in Dutch for the supplier.

One entry per code; messages, ``jos explain``, feedback files and check descriptions are rendered from it. Which
rule gives which code stands in ``schemas.contracts`` and in the gate; no message may ever contain a cell value.
"""

from schemas.findings.alerts import ALERTS
from schemas.findings.expectations import EXPECTATIONS
from schemas.findings.files import FILES
from schemas.findings.ijw import IJW
from schemas.findings.kinds import EXAMPLE_NAME, FindingType, Scope, Severity
from schemas.findings.preparing import PREPARING
from schemas.findings.reading import READING
from schemas.findings.rows import ROWS
from schemas.findings.signals import SIGNALS

__all__ = ["EXAMPLE_NAME", "FINDINGS", "FindingType", "Scope", "Severity"]

_PARTS = (FILES, READING, ROWS, PREPARING, IJW, SIGNALS, EXPECTATIONS, ALERTS)

FINDINGS: dict[str, FindingType] = {entry.code: entry for part in _PARTS for entry in part}
