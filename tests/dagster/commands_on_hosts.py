"""What hosts do in ``test_many_hosts``: commands that a process of its own imports, and nothing more."""

import sys
import time
from functools import partial
from pathlib import Path


def hold_a_turn(url: str, year: str) -> int:
    """Takes a turn, says so in a file, and never gives it back."""
    from resources.turns import turn_of

    with turn_of(url, year):
        Path("beurt").touch()
        time.sleep(3600)
    return 0


def jos(*arguments: str) -> int:
    """A command, as in every test without trying all schools as readers (``readers_only``)."""
    import assets.publicatie
    from jos_pipeline.audited import audited
    from jos_pipeline.cli import main
    from jos_pipeline.suppressor import Attackers

    assets.publicatie.audited = partial(audited, attackers=Attackers.READERS)
    sys.argv = ["jos", *arguments]
    main()
    return 0
