"""The commands of analysts: the published figures as files.

As in ``jos_pipeline.cli``, which registers them: arguments, exit codes and printing only; imports inside the commands.
"""

import sys
from pathlib import Path

from jos_pipeline.terminal import USAGE, stop, tell


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
