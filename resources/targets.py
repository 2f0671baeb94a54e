"""Where messages go: the log book and the addresses of an installation.

Addresses may hold passwords: they come from the environment or a file, and are never shown; a target goes by its kind
and a check value. What is told, and to whom it is news, is ``resources.notifier``.
"""

import hashlib
import json
import logging
import os
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from jos_pipeline.alerts import Digest

VARIABLE = "JOS_MELDINGEN"
LOG_BOOK = "logboek"


class AddressError(ValueError):
    """An address that nobody can be told at. Says which one by its number, never what it is."""


@dataclass(frozen=True)
class Message:
    """One message: for people as text, for the log book as the problems it is about."""

    subject: str
    text: str
    digest: "Digest"


class Target(Protocol):
    """Somewhere a message goes. ``heeds_hours`` is whether people there want to be left alone at night."""

    name: str
    heeds_hours: bool

    def takes(self, sent: Message) -> bool:
        """Sends a message; whether it was taken."""
        ...


class LogBook:
    """A file with a JSON object a line: each problem when it came, when it was told again and when it was over."""

    name = LOG_BOOK
    heeds_hours = False

    def __init__(self, path: Path) -> None:
        self._path = path

    def takes(self, sent: Message) -> bool:
        kinds = (("nieuw", sent.digest.new), ("nog open", sent.digest.again), ("opgelost", sent.digest.solved))
        lines = [
            {"melding": kind, "code": alert.code, "wie": alert.wie, "wat": alert.wat}
            for kind, alerts in kinds
            for alert in alerts
        ]
        return self.write(lines or [{"melding": sent.subject}])

    def write(self, entries: Iterable[dict[str, object]]) -> bool:
        stamp = {"moment": datetime.now(UTC).isoformat(timespec="seconds")}
        text = "".join(json.dumps(stamp | entry, ensure_ascii=False) + "\n" for entry in entries)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as book:
                book.write(text)
        except OSError:
            return False
        return True


class Unusable:
    """Addresses that nobody can be told at: a target that never takes anything, so that it shows and stops nobody."""

    heeds_hours = False

    def __init__(self, name: str) -> None:
        self.name = name

    def takes(self, sent: Message) -> bool:  # noqa: ARG002 - there is nowhere to send it
        return False


class Address:
    """Mail, Teams, Slack or whatever else apprise reaches."""

    heeds_hours = True

    def __init__(self, url: str, number: int) -> None:
        with _discreet():
            import apprise  # noqa: PLC0415 - it loads a hundred plugins: only where somebody is told something

            self._format = apprise.NotifyFormat.TEXT
            try:
                self._service = apprise.Apprise.instantiate(url)
            except (TypeError, ValueError):
                self._service = None  # its message may hold the address
        if self._service is None:
            raise AddressError(
                f"{VARIABLE}: address {number} is none that apprise knows (mailto://, workflows://, ...)"
            )
        check_value = hashlib.sha256(url.encode()).hexdigest()[:8]
        self.name = f"{url.partition('://')[0].lower()}-{check_value}"

    def takes(self, sent: Message) -> bool:
        with _discreet():
            return bool(self._service.notify(title=sent.subject, body=sent.text, body_format=self._format))


@contextmanager
def _discreet() -> Iterator[None]:
    """Keeps apprise from logging what it could not send, and where to: addresses hold passwords.

    And from warning that it uses what later versions of Python no longer have: that is for its makers.
    """
    log = logging.getLogger("apprise")
    before, log.disabled = log.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        log.disabled = before


def addresses(file: Path | None) -> list[Target]:
    """The addresses of an installation, an unusable one included: it costs the log book and the others nothing."""
    given = os.environ.get(VARIABLE, "").split()
    if not given and file is not None:
        try:
            lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
        except (OSError, UnicodeDecodeError):
            return [Unusable("adressenbestand-onleesbaar")]
        given = [line for line in lines if line and not line.startswith("#")]
    return [_target(url, number) for number, url in enumerate(given, start=1)]


def _target(url: str, number: int) -> Target:
    try:
        return Address(url, number)
    except AddressError:
        return Unusable(f"adres-{number}-onbruikbaar")
