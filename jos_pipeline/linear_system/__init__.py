"""Publications as one linear system: every count once, and every sum that ties counts together. Nothing here hides."""

from jos_pipeline.linear_system.authorities import known_by_authorities
from jos_pipeline.linear_system.kinds_of_school import KIND
from jos_pipeline.linear_system.publications import Out, together
from jos_pipeline.linear_system.system import LinearSystem, linear_system

__all__ = ["KIND", "LinearSystem", "Out", "known_by_authorities", "linear_system", "together"]
