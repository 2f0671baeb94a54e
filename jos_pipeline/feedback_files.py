"""The files of a feedback as they lie at the supplier: page, JSON, annotated copy, explanations, spiegelrapport.

The monitor's house writes pages too, but by ``feedback`` alone: the annotated copy may only exist at the supplier.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePath

from jos_pipeline.annotated import NoCopyError, annotated_copy
from jos_pipeline.explaining import pages
from jos_pipeline.feedback import Beside, feedback_html
from jos_pipeline.intake.verdict import Verdict, verdict_json
from jos_pipeline.mirror.page import mirror_html, mirror_json
from jos_pipeline.mirror.report import Mirror
from schemas.contracts import CONTRACTS

EXPLANATIONS = "uitleg/"


@dataclass(frozen=True)
class Written:
    """Where a feedback lies; ``no_copy`` says why there is no annotated copy."""

    page: Path
    json: Path
    copy: Path | None
    no_copy: str = ""

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(path for path in (self.page, self.json, self.copy) if path is not None)


def write_feedback(
    verdict: Verdict, data: bytes, directory: Path, copy_directory: Path | None = None, taken: Collection[Path] = ()
) -> Written:
    """Writes the feedback on a file. Never over a path in ``taken``: files of one name get a number.

    ``copy_directory`` is where the annotated copy goes when it may not lie beside the page.
    """
    directory.mkdir(parents=True, exist_ok=True)
    _write_explanations(verdict, directory / EXPLANATIONS)
    beside = copy_directory is None or copy_directory.resolve() == directory.resolve()
    copy_path = _unused(
        (copy_directory or directory) / f"{PurePath(verdict.file_name).stem}_terugkoppeling.xlsx", taken
    )
    try:
        copy_path.write_bytes(annotated_copy(data, verdict, EXPLANATIONS if beside else None))
        copy, no_copy = copy_path, ""
    except NoCopyError as reason:
        copy, no_copy = None, str(reason)
    page = _unused(directory / f"terugkoppeling_{verdict.file_name}.html", taken)
    page.write_text(
        feedback_html(verdict, Beside(EXPLANATIONS, copy.name if copy and beside else None)), encoding="utf-8"
    )
    told = _unused(directory / f"terugkoppeling_{verdict.file_name}.json", taken)
    told.write_text(json.dumps(verdict_json(verdict), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return Written(page, told, copy, no_copy)


def write_mirror(mirror: Mirror, directory: Path, taken: Collection[Path] = ()) -> tuple[Path, Path]:
    """Writes the spiegelrapport as page and as JSON; never over a path in ``taken``."""
    directory.mkdir(parents=True, exist_ok=True)
    page = _unused(directory / f"spiegelrapport_{mirror.delivered.file_name}.html", taken)
    page.write_text(mirror_html(mirror), encoding="utf-8")
    told = _unused(directory / f"spiegelrapport_{mirror.delivered.file_name}.json", taken)
    told.write_text(json.dumps(mirror_json(mirror), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return page, told


def _write_explanations(verdict: Verdict, directory: Path) -> None:
    soorten = [verdict.soort] if verdict.soort in CONTRACTS else []
    made = pages([finding.code for finding in verdict.findings], [soort for soort in soorten if soort])
    if made:
        directory.mkdir(parents=True, exist_ok=True)
    for name, page in made.items():
        (directory / name).write_text(page, encoding="utf-8")


def _unused(path: Path, taken: Collection[Path]) -> Path:
    """The path, with a number when it is taken: two folders may hold files of one name."""
    numbered = (path.with_stem(f"{path.stem}_{number}") for number in count(2))
    return path if path not in taken else next(one for one in numbered if one not in taken)
