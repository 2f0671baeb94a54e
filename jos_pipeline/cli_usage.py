"""What a command says (Dutch) to arguments that do not fit. Where it is said is ``jos_pipeline.cli``."""

import re
from difflib import get_close_matches

from cyclopts.exceptions import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

CALLED = {
    "withdraw": "publish --trek-in",
    "trek-in": "publish --trek-in",
    "intrekken": "publish --trek-in",
    "publiceer": "publish",
    "vergeet": "erase",
    "opruimen": "prune",
    "template": "sjabloon",
}
"""What people call a command that has another name, where the names are not alike."""
_HEX = re.compile(r"[0-9A-Fa-f]{24,}")


def usage_message(error: CycloptsError) -> str:
    """What is wrong with the arguments and where to read on, in one line."""
    # an argument in the wrong place may be the pseudonym of a child
    wrong = _HEX.sub("(pseudoniem)", _wrong(error))
    where = " ".join(("jos", *(error.command_chain or ()), "--help"))
    return f"{wrong}. Zie: {where}"


def _unknown_command(error: UnknownCommandError) -> str:
    asked = (error.unused_tokens or [""])[0]
    known = [name for name in error.app or () if not name.startswith("-")]
    meant = CALLED.get(asked.lower()) or next(iter(get_close_matches(asked.lower(), known, n=1)), None)
    there = meant is not None and meant.split()[0] in known
    return f"opdracht {asked} is er niet" + (f"; bedoelt u {meant}" if there else "")


def _wrong(error: CycloptsError) -> str:
    name = error.argument.name if error.argument else ""
    said = str(error).rstrip(".")
    match error:
        case UnknownCommandError():
            said = _unknown_command(error)
        case UnknownOptionError(token=token):
            said = f"optie {token.keyword or token.value} is er niet"
        case MissingArgumentError():
            said = f"zet een waarde achter {name}" if name.startswith("-") else f"er ontbreekt iets: {name}"
        case CoercionError(token=token) if token is not None:
            said = f"{name} kan niet {token.value} zijn"
        case UnusedCliTokensError():
            said = f"dit is te veel: {' '.join(error.unused_tokens or ())}"
    return said
