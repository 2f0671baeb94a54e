"""The command line ``jos``: thin commands around the core and Dagster (spec 4.1).

Only arguments, exit codes and printing belong here; the commands of suppliers stand in ``cli_supplier`` and
``cli_check``, those of the steward in ``cli_steward``, those around publications in ``cli_publication``, those of
analysts in ``cli_analyst``, those of the privacy officer in ``cli_privacy``. Imports stand inside the commands:
``jos --help`` must answer at once. stdout is data, stderr is messages; exit 0 fine, 1 data refused, 2 usage, 3 system.
"""

import sys
from datetime import date
from pathlib import Path
from traceback import format_exception
from typing import Literal, NoReturn

from cyclopts import App

from jos_pipeline import cli_analyst, cli_privacy, cli_publication, cli_steward, cli_supplier
from jos_pipeline.cli_check import check
from jos_pipeline.cli_shared import SHAPE, messages, region, settings
from jos_pipeline.terminal import REFUSED, SYSTEM, USAGE, VERBOSE, kept_stderr, stop, tell, wants_all

app = App(
    name="jos",
    help="Monitor Jeugdhulp op school: van leveringen naar cijfers die veilig te publiceren zijn.",
    **SHAPE,
)
app["--help"].help = "Toont deze uitleg."
app["--version"].help = "Toont de versie."

HELP = {"--help", "-h"}

app.command(check)
app.command(cli_supplier.prepare)
app.command(cli_supplier.explain)
app.command(cli_supplier.sjabloon)
app.command(cli_publication.publish)
app.command(cli_publication.diff)
app.command(cli_publication.attack)
app.command(cli_publication.trace)
app.command(cli_steward.status)
app.command(cli_steward.notify)
app.command(cli_steward.doctor)
app.command(cli_steward.roles)
app.command(cli_analyst.export)
app.command(cli_analyst.report)
app.command(cli_privacy.erase)
app.command(cli_privacy.prune)


def main(commands: App = app) -> None:
    """Runs a command line; an expected failure is one line, a traceback only with --verbose."""
    arguments, verbose = [argument for argument in sys.argv[1:] if argument != VERBOSE], wants_all()
    if not arguments or HELP.intersection(arguments):
        from jos_pipeline.cli_help import EPILOGUE, DutchFormatter

        commands.help_formatter, commands.help_epilogue = DutchFormatter(), EPILOGUE
    with kept_stderr() as put_back:
        try:
            sys.exit(commands(arguments, exit_on_error=False, print_error=False) or 0)
        except (SystemExit, KeyboardInterrupt):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, people get one line and an exit code
            put_back()
            _stopped_by(error, verbose=verbose)


def _stopped_by(error: Exception, *, verbose: bool) -> NoReturn:
    if verbose:
        tell("".join(format_exception(error)))
    from cyclopts.exceptions import CycloptsError

    from jos_pipeline.exports import StoppedError
    from jos_pipeline.full_disk import full_disk
    from jos_pipeline.settings import wrong_setting
    from jos_pipeline.unusable_path import Wrong, unusable_path

    if isinstance(error, StoppedError):
        stop(REFUSED if error.refused else USAGE, str(error))
    if isinstance(error, CycloptsError):
        from jos_pipeline.cli_usage import usage_message

        stop(USAGE, usage_message(error))
    if wrong := wrong_setting(error):
        stop(USAGE, wrong)
    if full := full_disk(error):
        stop(SYSTEM, str(full))
    if unusable := unusable_path(error, sys.argv[1:]):
        stop(USAGE if isinstance(error, Wrong) else SYSTEM, unusable)
    stop(SYSTEM, _first_line(error) + ("" if verbose else " (jos --verbose toont meer)"))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


@app.command
def demo(
    directory: Path,
    /,
    *,
    schaal: Literal["regio", "groot", "landelijk"] = "regio",
    schooljaar: str = "2022-2023",
    seed: int = 2023,
) -> int:
    """Schrijft een verzonnen regio: ruwe exports, leveringen in de inbox en SLEUTEL.md met alle fouten erin.

    Parameters
    ----------
    directory
        Map waarin alles komt te staan.
    schaal
        regio: een regio met alle fouten. groot: 100.000 leerlingen. landelijk: 1 miljoen leerlingen (minuten, 2 GB).
    schooljaar
        Schooljaar van de leveringen.
    seed
        Zelfde getal, zelfde regio.
    """
    from jos_pipeline.demo.installation import write_settings
    from jos_pipeline.school_year import SchoolYear

    try:
        year = SchoolYear.parse(schooljaar)
    except ValueError:
        stop(USAGE, "schrijf het schooljaar als 2022-2023")
    with messages().status(f"Verzonnen regio maken voor {year} ({schaal}) ...") as status:
        if schaal == "regio":
            from jos_pipeline.demo import write_region
            from jos_pipeline.demo.world import UnfitDemoError

            try:
                write_region(directory, year, seed, region(settings()), progress=status.update)
            except UnfitDemoError as wrong:
                stop(USAGE, str(wrong))
            write_settings(directory, year)
            raw = f"  ruwe exports   {directory / 'leveranciers'}\n"
        else:
            from jos_pipeline.demo.large import REGION, SIZES, write_large

            write_large(directory, year, seed, SIZES[schaal], progress=status.update)
            write_settings(directory, year, REGION)
            raw = f"  regio          {directory / REGION}\n"
    sys.stdout.write(
        f"Verzonnen regio klaar in {directory}\n"
        f"{raw}"
        f"  leveringen     {directory / 'inbox'}\n"
        f"  alle fouten    {directory / 'SLEUTEL.md'}\n"
        f"Verder: cd {directory} en dan: jos run --publiceer\n"
    )
    return 0


@app.command
def run(
    *,
    inbox: str | None = None,
    peildatum: date | None = None,
    publiceer: bool = False,
    definitief: bool = False,
) -> int:
    """Neemt in wat nieuw is en maakt alles wat daaruit volgt, met Dagster, zonder scherm.

    Parameters
    ----------
    inbox
        Map, s3:// of sftp:// met een map per leverancier; anders die uit de instellingen.
    peildatum
        Dag waarop de cijfers worden afgesneden; anders volgens de kalender van de regio.
    publiceer
        Publiceer de cijfers ook (een publicatie ligt daarna vast).
    definitief
        De publicatie is definitief.
    """
    if definitief and not publiceer:
        stop(USAGE, "--definitief hoort bij --publiceer")
    from jos_pipeline.headless import UnknownYearError, run_everything
    from jos_pipeline.summary import summary_text

    here = settings(inbox)
    if not here.inbox:  # one that somebody named must be there: it may be a mistake, or a disk that is not mounted
        Path(here.inbox_url).mkdir(parents=True, exist_ok=True)
    try:
        outcome = run_everything(here, peildatum, publish=publiceer, final=definitief, console=messages())
    except UnknownYearError as wrong:
        stop(USAGE, f"--peildatum: {wrong}")
    except FileNotFoundError:
        if "://" in here.inbox_url or Path(here.inbox_url).is_dir():
            raise
        stop(
            SYSTEM,
            f"de inbox {here.inbox_url} is er niet. Maak die map, noem een andere met --inbox of JOS_INBOX, "
            "of begin met een verzonnen regio: jos demo DIR",
        )
    sys.stdout.write(summary_text(outcome))
    return outcome.exit_code


@app.command(name="--install-completion")
def install_completion(*, shell: Literal["bash", "zsh", "fish", "powershell"] | None = None) -> int:
    """Laat de Tab-toets opdrachten en opties aanvullen, vanaf de volgende terminal.

    Parameters
    ----------
    shell
        Voor welke shell; anders die van nu.
    """
    from cyclopts.completion import ShellDetectionError

    try:
        script = app.install_completion(shell=shell)
    except ShellDetectionError:
        stop(USAGE, "welke shell dit is, was niet te zien: jos --install-completion --shell bash")
    sys.stdout.write(f"{script}\n")
    tell("Open een nieuwe terminal: daar vult Tab opdrachten en opties van jos aan.\n")
    return 0
