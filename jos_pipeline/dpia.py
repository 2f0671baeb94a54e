"""The annex to the DPIA as a page (``docs/dpia.md``): what is processed, where it lies, how long, on what ground.

Columns, privacy classes and periods come from where they are defined; ``make docs`` writes the page anew and a test
says when that was forgotten. Grounds are not ours to decide: the page says what must be confirmed.
"""

import sys
from dataclasses import dataclass

from jos_pipeline.pages import ENVIRONMENT
from jos_pipeline.retention import WORDS, Retention
from schemas.columns import Kind, Privacy
from schemas.contract import Contract
from schemas.contracts import CONTRACTS


@dataclass(frozen=True)
class Processed:
    """A soort of delivery as a DPIA looks at it."""

    contract: Contract
    about: str
    indirect: tuple[str, ...]
    other: tuple[str, ...]


def dpia_page() -> str:
    """The page, in Markdown."""
    periods = Retention()
    return ENVIRONMENT.get_template("dpia.md.j2").render(
        processed=[_processed(contract) for contract in CONTRACTS.values()],
        periods=[(name, getattr(periods, name), meaning) for name, meaning in WORDS.items() if hasattr(periods, name)],
    )


def _processed(contract: Contract) -> Processed:
    columns = [field.column for field in contract.fields]
    kinds = {column.kind for column in columns}
    names = {column.name for column in columns}
    about = "geen personen"
    if Kind.PSEUDONYM in kinds:
        about = "leerlingen en jeugdigen"
    elif names & {"medewerker", "traject_id"}:
        about = "medewerkers; via het traject leerlingen" if "traject_id" in names else "medewerkers"
    elif "respondent" in names:
        about = "wie de vragenlijst invulde"
    indirect = tuple(column.name for column in columns if column.privacy is Privacy.INDIRECT)
    return Processed(contract, about, indirect, tuple(c.name for c in columns if c.privacy is Privacy.NONE))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.write(dpia_page())
