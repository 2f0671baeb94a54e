"""The runbook where it is a file beside the program: its sections, to be read where the trouble is shown.

Where it stands on a site nothing is read: a link leads there (``jos_pipeline.alerts.section``).
"""

import re
from pathlib import Path

_PROJECT = Path(__file__).parents[1]
_SECTION = re.compile(r"^## (JOS-[A-Z]\d+) .*?(?=^<a id=|^## |\Z)", re.MULTILINE | re.DOTALL)


def sections(place: str) -> dict[str, str]:
    """The sections by finding code, as Markdown; none when the runbook is no file here, nor in the project."""
    if "://" in place:
        return {}
    page = next((one for one in (Path(place), _PROJECT / place) if one.is_file()), None)
    text = "" if page is None else page.read_text(encoding="utf-8")
    return {found[1]: found[0].strip() for found in _SECTION.finditer(text)}
