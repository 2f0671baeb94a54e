"""What the daemon of the campaign loads: the definitions of an installation, that give up a run that died sooner."""

from datetime import timedelta

import assets.dead_runs
from jos_pipeline.definitions import defs

assets.dead_runs.SILENCE = timedelta(seconds=5)

__all__ = ["defs"]
