"""What a command says (Dutch) of a file or directory that cannot be used, as Python tells it: a path and what to do.

Nothing is opened here. What stands in a file is not in such an error; of its path, who prints it masks a number.
"""

import os
from collections.abc import Iterable
from pathlib import PurePath
from unicodedata import category

HOME = "JOS_HOME"
CHOSEN_WITH = {
    "prepare": "--uit",
    "check": "--terugkoppeling",
    "sjabloon": "--uit",
    "explain": "--html",
    "demo": "jos demo MAP",
    "export": f"--uit of {HOME}",
    "report": f"--uit of {HOME}",
}
"""How a command is told in which directory it writes; the others write in the home of the installation."""

Wrong = FileExistsError | NotADirectoryError | IsADirectoryError
"""Something that is there and is no directory, or no file: another path is asked for."""


def unusable_path(error: Exception, arguments: Iterable[str]) -> str | None:
    """One line on the path that an error is about; None when it is about none. ``arguments``: the command line."""
    path = getattr(error, "filename", None)
    if not isinstance(path, str | bytes | os.PathLike):
        return None
    shown = "".join(sign for sign in os.fsdecode(path) if category(sign)[0] != "C")
    chosen = next((CHOSEN_WITH[one] for one in arguments if one in CHOSEN_WITH), HOME)
    told = _told(error, shown)
    return told and f"{told}, of kies een andere map met {chosen}"


def _told(error: Exception, shown: str) -> str | None:
    match error:
        case PermissionError() if PurePath(shown).suffix:
            return f"geen toegang tot {shown}. Sluit het bestand in Excel"
        case PermissionError():
            return f"geen toegang tot {shown}. Vraag om het recht om daar te lezen en te schrijven"
        case FileExistsError() | NotADirectoryError():
            return f"{shown} kan geen map zijn: op dat pad staat een bestand. Verplaats dat"
        case IsADirectoryError():
            return f"{shown} is een map, en hier hoort een bestand. Noem een bestand"
        case FileNotFoundError():
            return f"{shown} is er niet en is daar niet te maken. Kijk of het pad klopt"
    return None
