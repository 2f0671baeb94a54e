"""Cell suppression over all tables of a publication at once: which cells to hide so that no sensitive one comes out.

Pure: a ``CellTable`` in, a ``Suppression`` out; NumPy, SciPy, polars and HiGHS, no Dagster, no files.
"""

from jos_pipeline.suppressor.proofs import Attackers
from jos_pipeline.suppressor.result import Report, Suppression
from jos_pipeline.suppressor.suppressing import suppress

__all__ = ["Attackers", "Report", "Suppression", "suppress"]
