"""The monitor's own key, with which the supplier's pseudonym is hashed once more (spec 1.1).

From the environment or a file; made once when neither is there and the lake is on this machine. The key is never
shown, logged or configured in Dagster, where run configuration is stored.
"""

import os
import secrets
from codecs import BOM_UTF8
from pathlib import Path

from jos_pipeline.pseudonym import UnusableKeyError, read_key
from resources import whole

VARIABLE = "JOS_SLEUTEL_MONITOR"


class NoKeyError(Exception):
    """There is no key where it must be. The message (Dutch) says what to do."""


def monitor_key(path: Path) -> bytes:
    """The key. Raises NoKeyError, or ValueError (never showing the key) when it is there but no good."""
    if (known := known_key(path)) is None:
        raise NoKeyError(f"de sleutel van de monitor is er niet: zet hem in {path}, of zet {VARIABLE}")
    return known


def known_key(path: Path) -> bytes | None:
    """The key when there is one. Raises UnusableKeyError, a ValueError, as ``monitor_key`` does."""
    given = os.environ.get(VARIABLE)
    if not given and not path.is_file():
        return None
    try:
        return read_key(given or path.read_bytes().removeprefix(BOM_UTF8).decode("ascii", errors="replace"))
    except UnusableKeyError as wrong:
        raise UnusableKeyError(f"{VARIABLE if given else path}: {wrong}") from None


def monitor_key_or_new(path: Path) -> bytes:
    """The key; it is made when it is not there."""
    if VARIABLE not in os.environ and not path.exists():
        _make(path)
    return monitor_key(path)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    whole.keep(path, f"{secrets.token_hex(32)}\n".encode("ascii"), mode=0o600)
