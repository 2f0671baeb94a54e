"""How every command ends and speaks: exit codes, and messages on stderr in which no number of a person is repeated."""

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

REFUSED, USAGE, SYSTEM = 1, 2, 3
VERBOSE = "--verbose"
"""With it, wherever it stands on the command line, people see where an error came from."""


def wants_all() -> bool:
    """Whether whoever typed this command asked for tracebacks."""
    return VERBOSE in sys.argv[1:]


@contextmanager
def kept_stderr() -> Iterator[Callable[[], object]]:
    """Gives what puts stderr back where it was when this began.

    Where ``dagster.yaml`` lets it keep what is printed, Dagster leads stderr to a file while a run is at work, and
    leaves it there when that file cannot be written: on a full disk what people must hear would go nowhere.
    """
    try:
        kept = os.dup(2)
    except OSError:  # there is none
        yield lambda: None
        return
    try:
        yield lambda: os.dup2(kept, 2)
    finally:
        os.close(kept)


def stop(code: int, message: str) -> NoReturn:
    """One line with what to do next, and the exit code."""
    tell(f"jos: {message}\n")
    sys.exit(code)


def tell(message: str) -> None:
    """Writes to stderr. Names of files and arguments are the supplier's text: a BSN in them is not repeated."""
    from jos_pipeline.intake.naming import masked

    sys.stderr.write(masked(message))


def dagster_command(home: Path) -> str:
    """What opens Dagster, in the directory where ``jos`` works: in a checkout, and where it is an installed package."""
    found = shutil.which("dagster") or str(Path(sys.executable).with_name("dagster"))
    start = "dagster" if shutil.which("dagster") else shlex.quote(found)
    return f"DAGSTER_HOME={shlex.quote(str(home))} {start} dev -m jos_pipeline.definitions"
