"""Read by every process of a house with a clock of its own, before anything else (``tests.chaos.clocks``).

libfaketime sets the day of the clock and leaves alone what counts seconds, but not for a sleep until a moment of the
latter, which is how Python sleeps: that would fail. So here it sleeps for a while, and not until a moment.
"""

import select
import time


def _sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = _sleep
