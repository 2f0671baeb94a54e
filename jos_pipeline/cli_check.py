"""The command ``jos check``: the gate's verdict on a file, and what a herlevering would change."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from jos_pipeline.cli_shared import existing, messages, modified, region, settings, show, write_feedback
from jos_pipeline.terminal import REFUSED, USAGE, stop, tell

if TYPE_CHECKING:
    from jos_pipeline.intake.gate import Verdict
    from jos_pipeline.mirror.report import Mirror
    from jos_pipeline.region import Region


def check(
    files: Annotated[list[Path], Parameter(name="FILE")],
    /,
    *,
    leverancier: str | None = None,
    json_: Annotated[bool, Parameter(name="--json")] = False,
    terugkoppeling: Path | None = None,
    vorige: Path | None = None,
    geldend: bool = False,
) -> int:
    """Kijkt een bestand na zoals de monitor dat doet; er wordt niets verstuurd.

    Parameters
    ----------
    files
        Een of meer leveringen.
    leverancier
        Map van de leverancier in de inbox, om ook te toetsen wat is afgesproken.
    json_
        Een JSON-object per bestand.
    terugkoppeling
        Map voor de terugkoppeling: een pagina, JSON, uitleg, een kopie van het bestand met kleuren en het
        spiegelrapport.
    vorige
        Uw vorige levering: u ziet wat er nieuw is, wat gewijzigd is en wat vervalt.
    geldend
        Vergelijk met de levering die nu geldt. Alleen bij de monitor zelf; vraagt --leverancier.
    """
    with messages().status("Nakijken ..."):
        from jos_pipeline.comparing import comparison_json, comparison_problem, comparison_text
        from jos_pipeline.intake.gate import judge, verdict_json

    if problem := comparison_problem(len(files), leverancier, vorige, geldend=geldend):
        stop(USAGE, problem)
    here, verdicts = region(settings()), []
    with messages().status("Nakijken ...") as status:
        for number, path in enumerate(existing(files), start=1):
            status.update(f"Nakijken: bestand {number} van {len(files)} ...")
            verdicts.append(
                judge(path.read_bytes(), path.name, modified(path), here, leverancier and leverancier.lower())
            )
        mirrors = [_mirror(verdict, here, vorige, geldend=geldend) for verdict in verdicts]
    compared = vorige is not None or geldend
    for verdict, mirror in zip(verdicts, mirrors, strict=True):
        if json_:
            told = verdict_json(verdict) | (comparison_json(mirror) if compared else {})
            sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        else:
            show(verdict)
            if compared:
                sys.stdout.write(comparison_text(mirror) + "\n")
    taken = set(files)
    for path, verdict, mirror in zip(files, verdicts, mirrors, strict=True):
        if terugkoppeling is not None:
            write_feedback(verdict, path, terugkoppeling, taken, None)
            if mirror is not None:
                _write_mirror(mirror, terugkoppeling, taken)
    return REFUSED if any(verdict.refused for verdict in verdicts) else 0


def _mirror(verdict: "Verdict", here: "Region", vorige: Path | None, *, geldend: bool) -> "Mirror | None":
    """The spiegelrapport on a file, beside what it is compared with; None for a refused file."""
    from jos_pipeline.comparing import NotComparableError, mirror_beside

    if geldend and not verdict.refused:
        from jos_pipeline.dry_run import mirror_beside_in_force

        return mirror_beside_in_force(settings(), verdict, here)
    try:
        earlier = None if vorige is None else (existing([vorige])[0].read_bytes(), vorige.name, modified(vorige))
        return mirror_beside(verdict, earlier, here)
    except NotComparableError as reason:
        stop(USAGE, str(reason))


def _write_mirror(mirror: "Mirror", directory: Path, taken: set[Path]) -> None:
    from jos_pipeline.feedback_files import write_mirror

    written = write_mirror(mirror, directory, taken)
    taken.update(written)
    tell(f"spiegelrapport: {written[0]}\n")
