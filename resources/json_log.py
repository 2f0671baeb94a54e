"""What runs do, as JSON lines for whoever gathers logs: to stderr or to a file, one object a line.

Everything in a line is chosen here: what happened, when, in which run, step and school year, to which asset or check,
and counts. No text of a delivery, no text of somebody else's exception, no count of rows: a line may leave the house.
Dagster keeps the whole story itself; what its daemon does besides runs is in the daemon's own output.
"""

import json
import logging
import sys
import warnings
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from jos_pipeline.settings import Settings
from resources.turns import PARTITION_TAG

STDERR = "-"
OURS = ("schemas.", "jos_pipeline.", "resources.", "assets.")
"""How the name of an exception of our own begins: its message holds no value of a delivery."""
ROWS = "rij"
"""How the names of counts of rows begin: of a rare soort those are few persons."""
VERDICT = "oordeel"
"""What the gate said of a delivery: one of four words."""
_TOLD = frozenset(
    {
        *("RUN_START", "RUN_SUCCESS", "RUN_FAILURE", "RUN_CANCELED", "STEP_START", "STEP_SUCCESS", "STEP_FAILURE"),
        *("STEP_SKIPPED", "STEP_UP_FOR_RETRY", "STEP_RESTARTED"),
        *("ASSET_MATERIALIZATION", "ASSET_OBSERVATION", "ASSET_CHECK_EVALUATION"),
    }
)


class JsonLines(logging.Formatter):
    """A record of Dagster's as a line."""

    def format(self, record: logging.LogRecord) -> str:
        meta = getattr(record, "dagster_meta", {})
        event: dg.DagsterEvent | None = meta.get("dagster_event")
        line = {
            "tijd": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "niveau": "info" if record.levelno < logging.INFO else record.levelname.lower(),
            "gebeurtenis": record.getMessage() if event is None else event.event_type.name,
            "run": meta.get("run_id"),
            "werk": meta.get("job_name"),
            "schooljaar": (meta.get("job_tags") or {}).get(PARTITION_TAG),
            "stap": meta.get("step_key"),
            **({} if event is None else _of_event(event)),
        }
        return json.dumps({name: value for name, value in line.items() if value is not None}, ensure_ascii=False)


def is_told(record: logging.LogRecord) -> bool:
    """Whether a record becomes a line: what happens to runs, steps, assets and checks, and what we say ourselves."""
    event: dg.DagsterEvent | None = getattr(record, "dagster_meta", {}).get("dagster_event")
    return event.event_type.name in _TOLD if event is not None else record.levelno >= logging.WARNING


def _of_event(event: dg.DagsterEvent) -> dict[str, Any]:
    if event.is_step_success:
        return {"duur_ms": round(event.step_success_data.duration_ms)}
    if event.is_step_failure:
        return {"fout": _reason(event.step_failure_data.error)}
    if event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION:
        found = event.asset_check_evaluation_data
        return {
            "asset": found.asset_key.to_user_string(),
            "controle": found.check_name,
            "geslaagd": found.passed,
            "ernst": found.severity.value.lower(),
            "aantallen": _counts(found.metadata),
        }
    if event.is_step_materialization:
        return _of_asset(event.step_materialization_data.materialization)
    if event.is_asset_observation:
        return _of_asset(event.asset_observation_data.asset_observation)
    return {}


def _of_asset(found: dg.AssetMaterialization | dg.AssetObservation) -> dict[str, Any]:
    """``vak`` is the place in the grid: a supplier and a school year."""
    verdict = found.metadata.get(VERDICT)
    return {
        "asset": found.asset_key.to_user_string(),
        "vak": found.partition,
        VERDICT: verdict.value if isinstance(verdict, dg.TextMetadataValue) else None,
        "aantallen": _counts(found.metadata),
    }


def _counts(metadata: Any) -> dict[str, int] | None:
    counts = {
        name: entry.value
        for name, entry in metadata.items()
        if isinstance(entry, dg.IntMetadataValue) and not name.startswith((ROWS, "dagster/"))
    }
    return counts or None


def _reason(error: Any) -> str | None:
    """Our own message, or else only what kind of exception it was."""
    kinds = []
    while error is not None:
        if error.message.startswith(OURS):
            return str(error.message.partition(": ")[2].strip().splitlines()[0])
        kinds.append(error.cls_name)
        error = error.cause
    return kinds[-1] if kinds else None


class JsonLog(logging.Handler):
    """What ``dagster.yaml`` names: writes where the setting ``log`` says, and nothing when it says nothing.

    Dagster gives it every record of every run, however that was started, and makes one anew for every run: so the
    setting is read once a run, nothing stays open, and a file may be rotated away at any moment.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)  # Dagster tells what goes well at that level; is_told chooses
        self.setFormatter(JsonLines())
        self._target = log_target()

    def emit(self, record: logging.LogRecord) -> None:
        if not self._target or not is_told(record):
            return
        line = self.format(record) + "\n"
        if self._target == STDERR:
            sys.stderr.write(line)
            return
        with suppress(OSError), Path(self._target).open("a", encoding="utf-8") as file:  # a full disk stops no run
            file.write(line)


def without_news_of_beta() -> None:
    """Keeps Dagster from saying at every run that handlers in ``dagster.yaml`` are beta: pinned and tested."""
    warnings.filterwarnings("ignore", message="Handling yaml-defined logging", category=dg.BetaWarning)


def log_target() -> str:
    """Where to write; nowhere while the settings are no good, for then it is not the log that should say so."""
    try:
        return Settings().log
    except (ValueError, OSError):
        return ""
