"""The heartbeat: a file that says when something was last processed, and a ping to whoever listens for silence.

``JOS_HARTSLAG_URL`` is asked for (GET) at every beat; a service such as healthchecks warns when that stays away, also
when this whole machine is down. The address may be a secret: it comes from the environment and is never shown.
"""

import json
import os
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jos_pipeline.clock import day_of
from resources import whole
from resources.targets import LogBook

VARIABLE = "JOS_HARTSLAG_URL"
PATIENCE = 10


@dataclass(frozen=True)
class Beat:
    """What a heartbeat tells."""

    moment: datetime
    leveringen: int
    publicatie: str | None
    problemen: int


def last_beat(file: Path) -> datetime | None:
    """When the heart last beat; None when it never did, or the file cannot be read."""
    try:
        return datetime.fromisoformat(json.loads(file.read_text(encoding="utf-8"))["moment"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def beat(file: Path, book: LogBook, told: Beat) -> bool:
    """Writes the heartbeat, once a day a line in the log book, and pings; whether the ping (if any) was heard."""
    before = last_beat(file)
    content = {
        "moment": told.moment.isoformat(timespec="seconds"),
        "leveringen": told.leveringen,
        "publicatie": told.publicatie,
        "problemen": told.problemen,
    }
    whole.write(file, (json.dumps(content, ensure_ascii=False) + "\n").encode())
    if before is None or day_of(before) != day_of(told.moment):
        book.write([{"melding": "alles gezien", **content}])
    return _ping()


def _ping() -> bool:
    url = os.environ.get(VARIABLE, "")
    if not url:
        return True
    if not url.startswith(("http://", "https://")):
        return False
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - http(s) only, as checked above
            return bool(answer.status < 400)
    except (OSError, ValueError):
        return False
