"""The command line in a supplier's house: ``jos`` with only what works there, on any machine with just Python.

It is what the single file (``make zipapp``) starts. No command is defined here.
"""

from cyclopts import App

from jos_pipeline import cli, cli_supplier
from jos_pipeline.cli_check import check
from jos_pipeline.cli_shared import SHAPE

app = App(
    name="jos",
    help="Monitor Jeugdhulp op school, voor leveranciers: maak van een export een levering zonder persoonsgegevens.",
    **SHAPE,
)
app["--help"].help = "Toont deze uitleg."
app["--version"].help = "Toont de versie."
for command in (cli_supplier.prepare, check, cli_supplier.explain):
    app.command(command)


def main() -> None:
    """Runs the command line of the supplier."""
    cli.main(app)
