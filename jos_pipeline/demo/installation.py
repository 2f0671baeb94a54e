"""The settings with which the pipeline runs on a synthetic region: ``jos.toml`` beside it."""

from datetime import date
from pathlib import Path

from jos_pipeline.school_year import SchoolYear

_SETTINGS = """\
# The installation of this synthetic region. Paths are relative to this file.
home = ".jos"
inbox = "inbox"
open_data = "open_data"
sleutel_monitor_bestand = "sleutels/monitor.sleutel"
{region}
# A demo shows at once what a herlevering does; in production the nightly run publishes revisions.
revisie = "direct"
stabiel_seconden = 2

# `make dev` shows pages here while it runs, to this machine alone: links in the Dagster UI lead to them.
site_adres = "http://127.0.0.1:3100/rapport"
rapport_adres = "http://127.0.0.1:3100/overzichten"
terugkoppeling_adres = "http://127.0.0.1:3100/terugkoppeling"
handleiding = "http://127.0.0.1:3100/handleiding/docs/runbook.md"

# The delivery calendar of this demo stands still just after a deadline. Never set this in production.
vandaag = {vandaag}
"""


def write_settings(directory: Path, year: SchoolYear, region: str | None = None) -> None:
    """Writes ``jos.toml``; one that is there already is the user's and stays. ``region``: a directory below it."""
    target = directory / "jos.toml"
    if not target.exists():
        day = date(year.start_year + 1, 3, 1).isoformat()
        target.write_text(
            _SETTINGS.format(vandaag=day, region=f'regio = "./{region}"\n' if region else ""),
            encoding="utf-8",
            newline="\n",
        )
