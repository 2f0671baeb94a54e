"""A synthetic region: suppliers' raw exports, what arrives in the inbox, and the key to every planted error.

``write_region`` is what others use. From what is so to what is sent: ``profiles`` (constants) and ``people``,
``support``, ``surroundings`` (draws) make a ``world``; ``mess`` writes rows as suppliers do; ``sends_*`` decide who
sends what and goes wrong how (``shipping``); ``answers`` and ``write`` put it on disk.
"""

from jos_pipeline.demo.write import DEFAULT_SEED, DemoRegion, write_region

__all__ = ["DEFAULT_SEED", "DemoRegion", "write_region"]
