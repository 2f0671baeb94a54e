"""The privacy register: who must stay forgotten (as tombstones), and the proofs of what was erased and pruned.

A directory of its own, because a back-up of the lake that is put back must not bring back whom the register forgot:
keep it outside the directory that is restored. No pseudonym and no ``leerling_id`` is ever written here. Tombstones
are only added, each line in one write that reaches the disk before anything is erased.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from resources import whole

TOMBSTONES = "grafstenen.jsonl"
JOURNAL = "bezig.jsonl"
REPLAYED = "herhaald.jsonl"


class OtherKeyTombstonesError(Exception):
    """The register was made with another key of the monitor: its tombstones would recognise nobody."""


class PrivacyRegister:
    """The register in one directory; made when it is first written."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def tombstones(self, fingerprint: str) -> frozenset[str]:
        """All tombstones. Raises OtherKeyTombstonesError when some were made with another key: then the forgotten
        would come back unseen, and nothing may be taken in."""
        lines = list(self._lines(TOMBSTONES))
        if any(line["sleutel"] != fingerprint for line in lines):
            raise OtherKeyTombstonesError(
                "the privacy register holds tombstones of another key of the monitor, and these persons would come "
                "back: see 'A new key' in docs/runbook.md"
            )
        return frozenset(line["grafsteen"] for line in lines)

    def add(self, tombstones: Iterable[str], fingerprint: str) -> None:
        """Adds those that are not there yet; on disk when this returns."""
        new = sorted({*tombstones} - self.tombstones(fingerprint))
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._append(TOMBSTONES, [{"grafsteen": one, "sleutel": fingerprint, "sinds": now} for one in new])

    def last_added(self) -> datetime | None:
        """When somebody was last forgotten; None when nobody ever was."""
        moments = [datetime.fromisoformat(line["sinds"]) for line in self._lines(TOMBSTONES)]
        return max(moments, default=None)

    def note(self, line: Mapping[str, Any], journal: str = JOURNAL) -> None:
        """Writes down what is about to be done, so that a proof holds it also when this process is killed."""
        self._append(journal, [line])

    def noted(self) -> list[dict[str, Any]]:
        """What was written down since the last proof."""
        return list(self._lines(JOURNAL))

    def write_proof(self, name: str, content: Mapping[str, Any], page: str) -> Path:
        """Writes a proof as JSON and as page; gives the path of the page."""
        self._write(f"{name}.json", json.dumps(content, ensure_ascii=False, indent=2) + "\n")
        return self._write(f"{name}.html", page)

    def moments(self, kind: str) -> list[datetime]:
        """When the proofs of a kind (how their names begin) were made; one that cannot be read tells nothing."""
        found = []
        for path in sorted(self.directory.glob(f"{kind}_*.json")):
            with suppress(ValueError, KeyError, TypeError):
                found.append(datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["op"]))
        return found

    def forget_notes(self) -> None:
        """What was written down stands in a proof now."""
        (self.directory / JOURNAL).unlink(missing_ok=True)

    def _write(self, name: str, text: str) -> Path:
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return whole.write(self.directory / name, text.encode(), lasting=True)

    def _append(self, name: str, lines: Iterable[Mapping[str, Any]]) -> None:
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        if not text:
            return
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.directory / name
        with path.open("a", encoding="utf-8") as file:
            if path.stat().st_size and not path.read_bytes().endswith(b"\n"):
                file.write("\n")  # a process was killed in the middle of a line
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        """The lines that are whole: half a line was never acted upon."""
        path = self.directory / name
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                continue
