"""The commands of the privacy officer: erasing a pupil, and keeping to the retention periods.

As in ``jos_pipeline.cli``, which registers them: arguments, exit codes and printing only; imports inside the commands.
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from jos_pipeline.cli_shared import existing, messages, settings
from jos_pipeline.terminal import SYSTEM, USAGE, stop, tell


def erase(
    *,
    leerling_pseudoniem: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    pseudoniem_bestand: Path | None = None,
    opnieuw: bool = False,
    bewijs: Annotated[tuple[Path, ...], Parameter(negative=(), show_default=False)] = (),
    door: str | None = None,
    json_: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Haalt een leerling uit de monitor en schrijft een bewijs. Een latere levering brengt de leerling niet terug.

    Een pseudoniem is een persoonsgegeven. Geef het liever in een bestand of via de invoer (-) dan op de opdrachtregel.
    Gepubliceerde cijfers blijven zoals ze zijn.

    Parameters
    ----------
    leerling_pseudoniem
        Het pseudoniem zoals de leverancier het levert (64 tekens), of - om het van de invoer te lezen.
    pseudoniem_bestand
        Bestand met het pseudoniem, of met alle pseudoniemen van dezelfde leerling onder elkaar.
    opnieuw
        Haal iedereen die eerder is vergeten er opnieuw uit, bijvoorbeeld na het terugzetten van een reservekopie.
    bewijs
        Met --opnieuw: eerdere bewijzen (JSON) of een map ermee, als ook het privacyregister is teruggezet.
    door
        Wie dit uitvoert; komt in het bewijs.
    json_
        Schrijf het bewijs als JSON, voor programma's.
    """
    asked = _pseudonyms(leerling_pseudoniem, pseudoniem_bestand, opnieuw=opnieuw)
    if bewijs and not opnieuw:
        stop(USAGE, "--bewijs hoort bij --opnieuw")
    from jos_pipeline.erasing import CannotEraseError, Request, erase
    from jos_pipeline.erasure_proof import proof_json, proof_text
    from jos_pipeline.headless import BusyError

    try:
        proof, page = erase(settings(), Request(asked, bewijs, door), messages())
    except (BusyError, CannotEraseError) as wrong:
        stop(SYSTEM, f"{wrong}.")
    sys.stdout.write(
        json.dumps(proof_json(proof), ensure_ascii=False, indent=1) + "\n" if json_ else proof_text(proof, str(page))
    )
    return 0 if proof.is_clean else SYSTEM


def prune(
    *,
    uitvoeren: bool = False,
    vandaag: date | None = None,
    door: str | None = None,
    json_: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Laat zien wat voorbij de bewaartermijn is; met --uitvoeren gaat het weg en komt er een bewijs.

    De termijnen staan onder [bewaartermijnen] in regio.toml. Gepubliceerde cijfers blijven altijd staan. Kan de dag van
    deze computer niet kloppen, of zou er opeens veel verdwijnen, dan gaat er niets weg voordat u de dag opgeeft.

    Parameters
    ----------
    uitvoeren
        Verwijder het echt. Zonder deze optie verandert er niets.
    vandaag
        De dag die het is (JJJJ-MM-DD), als u daar zeker van bent. Alleen nodig als de opdracht erom vraagt.
    door
        Wie dit uitvoert; komt in het bewijs.
    json_
        Alles wat is gevonden als JSON, voor programma's.
    """
    from jos_pipeline.headless import BusyError
    from jos_pipeline.prune_proof import pruned_json, pruned_text
    from jos_pipeline.pruning import DoubtfulDayError, OtherDayError, prune

    try:
        outcome, page = prune(settings(), door, messages(), do_it=uitvoeren, sure=vandaag)
    except OtherDayError as wrong:
        stop(USAGE, f"{wrong}.")
    except (BusyError, DoubtfulDayError) as wrong:
        stop(SYSTEM, f"{wrong}.")
    told = json.dumps(pruned_json(outcome), ensure_ascii=False, indent=1) + "\n"
    sys.stdout.write(told if json_ else pruned_text(outcome, None if page is None else str(page)))
    return 0


def _pseudonyms(given: str | None, file: Path | None, *, opnieuw: bool) -> tuple[str, ...]:
    """What to forget; stops when it is not one of the three ways. Never repeats what was given."""
    if (given is not None) + (file is not None) + opnieuw != 1:
        stop(USAGE, "kies een van --leerling-pseudoniem, --pseudoniem-bestand en --opnieuw")
    if opnieuw:
        return ()
    from jos_pipeline.forgetting import NoPseudonymError, pseudonyms_in

    if file is not None:
        text = existing([file])[0].read_bytes().decode("utf-8-sig", errors="replace")
    elif given == "-":
        text = sys.stdin.read()
    else:
        text = str(given)
        tell("Let op: dit pseudoniem staat nu in de geschiedenis van uw opdrachten. Wis het daar ook.\n")
    try:
        return pseudonyms_in(text)
    except NoPseudonymError as wrong:
        stop(USAGE, str(wrong))
