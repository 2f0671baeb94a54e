"""What a child does that was forked from a process with all libraries: its work, and never what its parent does."""

import os
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn


def only(work: Callable[[], object]) -> NoReturn:
    """Does the work and ends this process: with 0, the code of a SystemExit, or 70 for any other exception."""
    code = 70
    try:
        work()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except BaseException:  # noqa: BLE001 - it must never reach the code of the parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
