"""What every step and tick stands behind: no error that may hold a value is kept, and a server may fail for a while.

Dagster writes the message of an exception in its event log, and that of pandas or polars may hold a cell. So only
errors of our own come through, which never do; of any other is told what it is and where. A database or store that
does not answer is asked again after a while; no other failure is, for it would fail in the same way.
"""

import functools
import inspect
import os
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy as sa

from jos_pipeline.full_disk import full_disk
from resources.database_address import UnreachableDatabaseError
from resources.storage import StorageError

RETRIES, PAUSE = 4, 20.0
"""How often a step is tried again when a server does not answer, and the seconds before each: more than a minute."""
OURS = ("schemas", "jos_pipeline", "resources", "assets")
_ROOT = Path(__file__).parents[1]
_FRAMES = 4


class UnexpectedError(Exception):
    """An error that is not ours. Says what kind and where, and nothing of its message."""


def guarded(work: Callable[..., Any]) -> Callable[..., Any]:
    """A step that keeps no value of an error, and is tried again when a server does not answer."""
    return _behind(work, _step)


def guarded_tick(work: Callable[..., Any]) -> Callable[..., Any]:
    """A sensor or schedule that keeps no value of an error; it is asked again at the next tick anyway."""
    return _behind(work, _tick)


def _behind(work: Callable[..., Any], guard: Callable[[], Any]) -> Callable[..., Any]:
    @functools.wraps(work)
    def once(*arguments: Any, **named: Any) -> Any:
        with guard():
            return work(*arguments, **named)

    @functools.wraps(work)
    def piece_by_piece(*arguments: Any, **named: Any) -> Iterator[Any]:
        with guard():
            yield from work(*arguments, **named)

    return piece_by_piece if inspect.isgeneratorfunction(work) else once


@contextmanager
def _step() -> Iterator[None]:
    try:
        with _tick():
            yield
    except (UnreachableDatabaseError, StorageError) as unreachable:
        raise dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=PAUSE) from unreachable


@contextmanager
def _tick() -> Iterator[None]:
    try:
        yield
    except (dg.DagsterError, dg.Failure):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it may hold a value
        raise told(error) from None


def told(error: Exception) -> Exception:
    """What may be kept of an error."""
    if full := full_disk(error):
        return full
    if type(error).__module__.partition(".")[0] in OURS:
        return error
    if isinstance(error, sa.exc.DBAPIError) and error.connection_invalidated:
        return UnreachableDatabaseError("de verbinding met de database viel weg: kijk of de server draait")
    reason = f" ({os.strerror(error.errno)})" if isinstance(error, OSError) and error.errno else ""
    return UnexpectedError(f"{type(error).__name__}{reason} at {' < '.join(_where(error))}")


def _where(error: Exception) -> list[str]:
    """The innermost places in our own code that an error came through, the last one first."""
    here = Path(__file__)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) != here]
    ours = [one for one in frames if Path(one.filename).is_relative_to(_ROOT) and "site-packages" not in one.filename]
    return [f"{Path(one.filename).relative_to(_ROOT)}:{one.lineno} {one.name}" for one in reversed(ours[-_FRAMES:])]
