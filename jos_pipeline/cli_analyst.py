"""The commands of analysts and policy makers: the published figures as files, and as pages to read.

As in ``jos_pipeline.cli``, which registers them: arguments, exit codes and printing only; imports inside the commands.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jos_pipeline.terminal import USAGE, stop, tell

if TYPE_CHECKING:
    from jos_pipeline.reporting import Made
    from jos_pipeline.settings import Settings


def export(*, formaat: str = "xlsx,csv,parquet,duckdb", uit: Path | None = None, publicatie: str | None = None) -> int:
    """Schrijft de gepubliceerde cijfers als bestanden: voor Excel, R, Python, Power BI en DuckDB.

    Parameters
    ----------
    formaat
        Wat u wilt hebben, met komma's ertussen: xlsx, csv, parquet, duckdb.
    uit
        Map voor de bestanden; een eerdere export daarin wordt vervangen. Anders die uit de instellingen.
    publicatie
        Een publicatie, zoals 2022-2023/2023-02-01/1; anders van elk schooljaar de huidige.
    """
    from jos_pipeline.cli_shared import messages
    from jos_pipeline.export.files import FORMATS
    from jos_pipeline.handout import NoExportError, hand_out
    from jos_pipeline.settings import Settings

    wanted = tuple(dict.fromkeys(part.strip().lower() for part in formaat.split(",") if part.strip()))
    if not wanted:
        stop(USAGE, f"geef minstens een formaat: {', '.join(FORMATS)}")
    unknown = [part for part in wanted if part not in FORMATS]
    if unknown:
        stop(USAGE, f"formaat {unknown[0]} bestaat niet; kies uit {', '.join(FORMATS)}")
    try:
        with messages().status("Cijfers klaarzetten ..."):
            made = hand_out(Settings(), wanted, uit, publicatie)
    except NoExportError as error:
        stop(USAGE, str(error))
    for warning in made.warnings:
        tell(f"Let op! {warning}\n")
    lines = [f"  {name:<20} {use}" for name, use in made.uses]
    sys.stdout.write(
        f"Cijfers staan in {made.directory}\n"
        + "".join(f"  publicatie {name}\n" for name in made.publications)
        + "Bestanden, en waarvoor:\n"
        + "\n".join(lines)
        + f"\nOpen eerst: {made.directory / (made.uses[0][0] if 'xlsx' in wanted else 'LEESMIJ.txt')}\n"
    )
    return 0


def report(*, publicatie: str | None = None, uit: Path | None = None, openbaar: bool = False) -> int:
    """Maakt het rapport voor beleid: pagina's over de regio, elk gebied, elke school en elk thema.

    Alleen gepubliceerde cijfers. De pagina's halen niets van internet; open index.html in een browser. De regio en elk
    gebied staan er ook als toegankelijke pdf (PDF/UA).

    Parameters
    ----------
    publicatie
        Een publicatie, zoals 2022-2023/2023-02-01/1; anders de nieuwste die geldt.
    uit
        Map voor de pagina's; een eerder rapport daarin wordt vervangen. Anders die uit de instellingen.
    openbaar
        Voor een website: het rapport noemt niet wie wat niet leverde, alleen hoeveel er ontbreekt.
    """
    from jos_pipeline.cli_shared import messages
    from jos_pipeline.report.model import Audience
    from jos_pipeline.reporting import NoReportError, make_report
    from jos_pipeline.settings import Settings

    settings = Settings()
    try:
        with messages().status("Rapport maken ..."):
            made = make_report(settings, publicatie, uit, Audience.OPENBAAR if openbaar else Audience.REGIO)
            if uit is None and not openbaar:
                _tell_dagster(settings, made)
    except NoReportError as error:
        stop(USAGE, str(error))
    if made.warning:
        tell(f"Let op! {made.warning}\n")
    told = f"{made.pages} pagina's, waarvan {made.documents} ook als pdf"
    sys.stdout.write(f"Rapport over publicatie {made.publication}: {told}\nOpen: {made.start}\n")
    return 0


def _tell_dagster(settings: "Settings", made: "Made") -> None:
    """Where Dagster's runs are kept here the UI shows this report too; without it the report is there all the same."""
    if not (settings.dagster_home / "dagster.yaml").is_file():
        return
    from jos_pipeline.recording import record

    try:
        record(settings, made)
    except Exception as error:  # noqa: BLE001 - whatever a database or a disk of others answers
        tell(f"Het rapport is er, maar Dagster kon het niet noteren ({type(error).__name__}). jos doctor zegt meer.\n")
