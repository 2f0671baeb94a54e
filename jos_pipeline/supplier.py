"""The command line in a supplier's house: ``jos`` with only what works there, on any machine with just Python.

It is what the single file (``make zipapp``) starts. No command is defined here.
"""

from cyclopts import App

from jos_pipeline import cli
from jos_pipeline.cli_check import check

app = App(
    name="jos",
    help="Monitor Jeugdhulp op school, voor leveranciers: maak van een export een levering zonder persoonsgegevens.",
    version_flags=["--version"],
    help_flags=["--help", "-h"],
)
for command in (cli.prepare, check, cli.explain):
    app.command(command)


def main() -> None:
    """Runs the command line of the supplier."""
    cli.main(app)
