"""How every command ends and speaks: exit codes, and messages on stderr in which no number of a person is repeated."""

import shlex
import shutil
import sys
from pathlib import Path
from typing import NoReturn

REFUSED, USAGE, SYSTEM = 1, 2, 3
VERBOSE = "--verbose"
"""With it, wherever it stands on the command line, people see where an error came from."""


def wants_all() -> bool:
    """Whether whoever typed this command asked for tracebacks."""
    return VERBOSE in sys.argv[1:]


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
