"""The settings with which the pipeline runs on a synthetic region: ``jos.toml`` beside it."""

from pathlib import Path

_SETTINGS = """\
# The installation of this synthetic region. Paths are relative to this file.
home = ".jos"
inbox = "inbox"
open_data = "open_data"
sleutel_monitor_bestand = "sleutels/monitor.sleutel"

# A demo shows at once what a herlevering does; in production the nightly run publishes revisions.
revisie = "direct"
stabiel_seconden = 2
"""


def write_settings(directory: Path) -> None:
    """Writes ``jos.toml``; one that is there already is the user's and stays."""
    target = directory / "jos.toml"
    if not target.exists():
        target.write_text(_SETTINGS, encoding="utf-8", newline="\n")
