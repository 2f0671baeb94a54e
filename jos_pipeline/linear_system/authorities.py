"""What gemeenten and samenwerkingsverbanden know of a publication themselves, for they delivered it.

A gemeente knows how many of its inhabitants are counted, in every breakdown; a samenwerkingsverband what it decided or
reported about its own pupils. What either knows within its own area beside that tells of other areas no more.
"""

import numpy as np
import polars as pl

from jos_pipeline.linear_system.geography import GEMEENTE, VERBAND
from jos_pipeline.linear_system.nesting import MEASURES, at_home
from jos_pipeline.linear_system.system import LinearSystem

OF_VERBAND = frozenset({"tlv", "thuiszitter"})
"""The base tables that samenwerkingsverbanden deliver."""


def known_by_authorities(system: LinearSystem) -> dict[str, np.ndarray]:
    """By gemeente and samenwerkingsverband the cells that it knows, also of earlier publications, in order of name."""
    counts = system.named.select("maat", "niveau", "gebied", "nummer").unique()
    names = counts.get_column("maat").unique().to_list()
    theirs = {
        GEMEENTE: [name for name in names if at_home(name)],
        VERBAND: [name for name in names if name in MEASURES and MEASURES[name].table in OF_VERBAND],
    }
    found = pl.concat(
        counts.filter(pl.col("maat").is_in(measures), niveau=level) for level, measures in theirs.items()
    ).sort("niveau", "gebied", "nummer")
    return {
        f"{level} {area}": of.get_column("nummer").unique().sort().to_numpy()
        for (level, area), of in found.group_by("niveau", "gebied", maintain_order=True)
    }
