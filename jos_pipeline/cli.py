"""The command line ``jos``: thin commands around the core and Dagster (spec 4.1).

Only arguments, exit codes and printing belong here; the commands of the steward stand in ``cli_steward``. Imports stand
inside the commands: ``jos --help`` must answer at once. stdout is data, stderr is messages; exit 0 fine, 1 data
refused, 2 usage, 3 system.
"""

import sys
from datetime import date
from pathlib import Path
from traceback import format_exception
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from jos_pipeline import cli_steward
from jos_pipeline.cli_check import check
from jos_pipeline.cli_shared import existing as _existing
from jos_pipeline.cli_shared import messages as _messages
from jos_pipeline.cli_shared import modified as _modified
from jos_pipeline.cli_shared import region as _region
from jos_pipeline.cli_shared import settings as _settings
from jos_pipeline.cli_shared import show as _show
from jos_pipeline.cli_shared import write_feedback as _write_feedback
from jos_pipeline.terminal import REFUSED, SYSTEM, USAGE
from jos_pipeline.terminal import stop as _stop
from jos_pipeline.terminal import tell as _tell

if TYPE_CHECKING:
    from jos_pipeline.intake.gate import Verdict

app = App(
    name="jos",
    help="Monitor Jeugdhulp op school: van leveringen naar cijfers die veilig te publiceren zijn.",
    version_flags=["--version"],
    help_flags=["--help", "-h"],
)

app.command(check)
app.command(cli_steward.status)
app.command(cli_steward.notify)


def main(commands: App = app) -> None:
    """Runs a command line; an expected failure is one line, a traceback only with --verbose."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--verbose"]
    verbose = len(arguments) < len(sys.argv) - 1
    try:
        sys.exit(commands(arguments, exit_on_error=False, print_error=False) or 0)
    except (SystemExit, KeyboardInterrupt):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, people get one line and an exit code
        if verbose:
            _tell("".join(format_exception(error)))
        from cyclopts.exceptions import CycloptsError

        from jos_pipeline.exports import StoppedError

        if isinstance(error, StoppedError):
            _stop(REFUSED if error.refused else USAGE, str(error))
        if isinstance(error, CycloptsError):
            _stop(USAGE, f"{error} Zie: jos --help")
        _stop(SYSTEM, _first_line(error) + ("" if verbose else " (jos --verbose toont meer)"))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


@app.command
def demo(
    directory: Path,
    /,
    *,
    schaal: Literal["regio"] = "regio",
    schooljaar: str = "2022-2023",
    seed: int = 2023,
) -> int:
    """Schrijft een verzonnen regio: ruwe exports, leveringen in de inbox en SLEUTEL.md met alle fouten erin.

    Parameters
    ----------
    directory
        Map waarin alles komt te staan.
    schaal
        Grootte van de regio.
    schooljaar
        Schooljaar van de leveringen.
    seed
        Zelfde getal, zelfde regio.
    """
    from jos_pipeline.demo import write_region
    from jos_pipeline.demo.installation import write_settings
    from jos_pipeline.school_year import SchoolYear

    settings = _settings()
    region, console = _region(settings), _messages()
    try:
        year = SchoolYear.parse(schooljaar)
    except ValueError:
        _stop(USAGE, "schrijf het schooljaar als 2022-2023")
    with console.status(f"Verzonnen regio maken voor {year} ({schaal}) ...") as status:
        write_region(directory, year, seed, region, progress=status.update)
        write_settings(directory, year)
    sys.stdout.write(
        f"Verzonnen regio klaar in {directory}\n"
        f"  ruwe exports   {directory / 'leveranciers'}\n"
        f"  leveringen     {directory / 'inbox'}\n"
        f"  alle fouten    {directory / 'SLEUTEL.md'}\n"
        f"Verder: cd {directory} en dan: jos run --publiceer\n"
    )
    return 0


@app.command
def prepare(
    files: Annotated[list[Path], Parameter(name="FILE")],
    /,
    *,
    leverancier: str | None = None,
    sleutel_bestand: Path | None = None,
    soort: str | None = None,
    schooljaar: str | None = None,
    peildatum: date | None = None,
    uit: Path | None = None,
    mapping: Path | None = None,
    maak_mapping: Path | None = None,
) -> int:
    """Maakt bij de leverancier van een export een levering zonder BSN, naam, geboortedatum of adres.

    Parameters
    ----------
    files
        De export uit uw eigen systeem (CSV of XLSX).
    leverancier
        Naam van uw map in de inbox.
    sleutel_bestand
        Bestand met de sleutel van de keten. De monitor krijgt deze sleutel nooit.
    soort
        Soort levering, als de bestandsnaam die niet noemt.
    schooljaar
        Schooljaar, als de bestandsnaam dat niet noemt.
    peildatum
        Peildatum, als de bestandsnaam die niet noemt.
    uit
        Map voor de levering en de terugkoppeling; anders de map van de export.
    mapping
        Mappingbestand: welke kolom van uw export welke kolom van de levering is.
    maak_mapping
        Schrijf voor deze export een mappingbestand om aan te vullen, en verder niets.
    """
    from jos_pipeline.exports import chain_key, delivery_path, write_draft
    from jos_pipeline.prepare import prepare as prepare_export

    _check_wishes(soort, schooljaar)
    if maak_mapping is not None:
        day = peildatum or _modified(_existing(files)[0])
        _tell(write_draft(files, maak_mapping, day, _region(_settings()), soort))
        return 0
    if leverancier is None or sleutel_bestand is None:
        _stop(USAGE, "geef --leverancier (uw map in de inbox) en --sleutel-bestand (de sleutel van de keten)")
    region = _region(_settings())
    key = chain_key(_existing([sleutel_bestand])[0])
    mapping_file = None if mapping is None else _existing([mapping])[0].read_bytes()
    verdicts: list[Verdict] = []
    written: set[Path] = set()
    taken = set(files)
    for path in _existing(files):
        prepared = prepare_export(
            path.read_bytes(),
            path.name,
            _modified(path),
            region,
            leverancier.lower(),
            key=key,
            soort=soort,
            schooljaar=schooljaar,
            peildatum=peildatum,
            mapping=mapping_file,
        )
        verdicts.append(prepared.shown)
        _show(prepared.shown)
        if prepared.content is not None and prepared.file_name is not None:
            delivery = delivery_path((path.parent if uit is None else uit) / prepared.file_name, files, written)
            delivery.parent.mkdir(parents=True, exist_ok=True)
            delivery.write_bytes(prepared.content)
            written.add(delivery)
            advice = "Verbeter eerst de fouten." if prepared.shown.refused else "Zet dit bestand in uw map in de inbox."
            _tell(f"levering:       {delivery}\n                {advice}\n")
        # The copy holds persons: it stays with the export, never among what is to be sent.
        _write_feedback(prepared.shown, path, path.parent if uit is None else uit, taken, path.parent)
    return REFUSED if any(verdict.refused for verdict in verdicts) else 0


def _check_wishes(soort: str | None, schooljaar: str | None) -> None:
    from jos_pipeline.school_year import SchoolYear
    from schemas.contracts import CONTRACTS

    if soort is not None and soort not in CONTRACTS:
        _stop(USAGE, f"onbekende soort; kies uit: {', '.join(CONTRACTS)}")
    try:
        if schooljaar is not None:
            SchoolYear.parse(schooljaar)
    except ValueError:
        _stop(USAGE, "schrijf het schooljaar als 2022-2023")


@app.command
def run(
    *,
    inbox: Path | None = None,
    peildatum: date | None = None,
    publiceer: Annotated[bool, Parameter(negative=())] = False,
    definitief: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Neemt in wat nieuw is en maakt alles wat daaruit volgt, met Dagster, zonder scherm.

    Parameters
    ----------
    inbox
        Map met een map per leverancier; anders die uit de instellingen.
    peildatum
        Dag waarop de cijfers worden afgesneden; anders volgens de kalender van de regio.
    publiceer
        Publiceer de cijfers ook (een publicatie ligt daarna vast).
    definitief
        De publicatie is definitief.
    """
    if definitief and not publiceer:
        _stop(USAGE, "--definitief hoort bij --publiceer")
    from jos_pipeline.headless import UnknownYearError, run_everything
    from jos_pipeline.summary import summary_text

    settings = _settings(inbox)
    try:
        outcome = run_everything(settings, peildatum, publish=publiceer, final=definitief, console=_messages())
    except UnknownYearError as wrong:
        _stop(USAGE, f"--peildatum: {wrong}")
    sys.stdout.write(summary_text(outcome))
    return outcome.exit_code


@app.command
def explain(wat: str | None = None, /, *, html: Path | None = None) -> int:
    """Legt een melding of een soort levering uit; zonder code staat er een lijst van alles.

    Parameters
    ----------
    wat
        De code van een melding (JOS-E021) of een soort levering (trajecten).
    html
        Map waarin alle uitleg als pagina's komt te staan; met een code alleen die pagina.
    """
    from jos_pipeline.explaining import all_pages, explanation, nearest, overview, pages_of

    told = overview() if wat is None else explanation(wat)
    if told is None:
        near = ", ".join(nearest(str(wat)))
        hint = f"Bedoelt u: {near}?" if near else "Alle codes: jos explain"
        _stop(USAGE, f"'{wat}' is geen code van een melding en geen soort levering. {hint}")
    if html is None:
        sys.stdout.write(told + "\n")
        return 0
    html.mkdir(parents=True, exist_ok=True)
    for name, page in (all_pages() if wat is None else pages_of(wat)).items():
        (html / name).write_text(page, encoding="utf-8")
    _tell(f"uitleg: {html}\n")
    return 0


@app.command
def sjabloon(*soorten: str, uit: Path = Path(), schooljaar: str | None = None, peildatum: date | None = None) -> int:
    """Maakt lege Excel-bestanden om in te vullen, met keuzelijsten en uitleg; zonder soort een van elke soort.

    Parameters
    ----------
    soorten
        De soorten levering, bijvoorbeeld trajecten.
    uit
        Map voor de bestanden.
    schooljaar
        Schooljaar in de naam van het bestand, als 2022-2023.
    peildatum
        Peildatum in de naam van het bestand.
    """
    from jos_pipeline.blank_delivery import blank_delivery, blank_name
    from schemas.contracts import CONTRACTS

    for soort in soorten:
        _check_wishes(soort, schooljaar)
    _check_wishes(None, schooljaar)
    if peildatum is not None and schooljaar is None:
        _stop(USAGE, "--peildatum hoort bij --schooljaar")
    uit.mkdir(parents=True, exist_ok=True)
    for soort in soorten or CONTRACTS:
        path = uit / blank_name(soort, schooljaar, peildatum)
        path.write_bytes(blank_delivery(CONTRACTS[soort]))
        sys.stdout.write(f"{path}\n")
    return 0
