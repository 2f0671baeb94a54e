"""The commands of whoever keeps the monitor going: how deliveries stand, whether messages arrive, what is broken.

As in ``jos_pipeline.cli``, which registers them: arguments, exit codes and printing only; imports inside the commands.
"""

import json
import sys
from typing import Annotated

from cyclopts import Parameter

from jos_pipeline.cli_shared import messages, past_moment
from jos_pipeline.terminal import SYSTEM, USAGE, stop, tell


def status(
    *,
    schooljaar: str | None = None,
    leverancier: str | None = None,
    op: str | None = None,
    json_: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Wat er van wie is gekomen, wat ontbreekt of te laat is, en de eerstvolgende deadline.

    Parameters
    ----------
    schooljaar
        Alleen dit schooljaar; anders alle jaren met leveringen en het huidige.
    leverancier
        Alleen deze leverancier (de naam van zijn map), met alles wat is afgesproken.
    op
        Zoals het was op dit moment: 2023-03-01T12:00, of een dag (het eind ervan).
    json_
        Een lijst van JSON-objecten, voor programma's.
    """
    moment = None if op is None else past_moment(op)
    with messages().status("Leveringen opzoeken ..."):
        from jos_pipeline.settings import Settings
        from jos_pipeline.watch import UnknownNameError, status_of

        try:
            found = status_of(Settings(), schooljaar, leverancier and leverancier.lower(), moment)
        except UnknownNameError as wrong:
            stop(USAGE, str(wrong))
    if json_:
        from jos_pipeline.status import status_objects

        sys.stdout.write(json.dumps(status_objects(found), ensure_ascii=False, indent=1) + "\n")
        return 0
    from rich.console import Console

    from jos_pipeline.status import show_status

    show_status(found, Console(highlight=False, emoji=False), everything=leverancier is not None)
    return 0


def notify(*, test: bool = False) -> int:
    """Stuurt een proefmelding naar alle adressen voor meldingen en naar het logboek.

    Parameters
    ----------
    test
        Stuur de proefmelding. Echte meldingen gaan vanzelf: met jos run en in Dagster.
    """
    if not test:
        stop(USAGE, "meldingen gaan vanzelf mee met jos run en in Dagster; een proefmelding: jos notify --test")
    from jos_pipeline.settings import Settings
    from jos_pipeline.watch import send_test

    outcome = send_test(Settings())
    for name in outcome.taken:
        sys.stdout.write(f"aangekomen      {name}\n")
    for name in outcome.failed:
        sys.stdout.write(f"NIET aangenomen {name}\n")
    if len(outcome.taken) + len(outcome.failed) == 1:
        tell("Er zijn geen adressen ingesteld: zet ze in JOS_MELDINGEN (zie docs/data-engineer.md).\n")
    return SYSTEM if outcome.failed else 0


def doctor(*, json_: Annotated[bool, Parameter(name="--json", negative=())] = False) -> int:
    """Looks at this installation: versions, paths, keys, database, clock, last runs. Changes nothing (English).

    Parameters
    ----------
    json_
        A list of JSON objects, for programs.
    """
    from rich.console import Console

    with messages().status("Looking at every part ..."):
        from jos_pipeline.doctor import examine
        from jos_pipeline.examination import exit_code, objects, show

        lines = examine()
    if json_:
        sys.stdout.write(json.dumps(objects(lines), ensure_ascii=False, indent=1) + "\n")
    else:
        # no terminal: a path is not broken over two lines, for whoever greps
        show(lines, Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else 160))
    return exit_code(lines)


def roles() -> int:
    """SQL voor PostgreSQL: wie wat mag lezen. Elke leverancier ziet alleen zijn eigen leveringen.

    Zo legt u het vast: jos roles | psql "$WAREHOUSE". Opnieuw doen kan geen kwaad; doe het na een nieuwe leverancier
    en na een nieuwe versie. Zie docs/productie.md.
    """
    with messages().status("Regio lezen ..."):
        from jos_pipeline.cli_shared import region, settings
        from jos_pipeline.readers import script

        suppliers = region(settings()).suppliers
    sys.stdout.write(script(suppliers))
    return 0
