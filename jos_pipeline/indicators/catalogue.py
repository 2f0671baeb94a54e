"""The catalogue: every indicator once (spec 2.2). The single source for the cube, ``dim_indicator`` and the report."""

from jos_pipeline.indicators.catalogue_education import EDUCATION
from jos_pipeline.indicators.catalogue_effort import EFFORT
from jos_pipeline.indicators.catalogue_flow import FLOW
from jos_pipeline.indicators.catalogue_reach import REACH
from jos_pipeline.indicators.catalogue_surroundings import SURROUNDINGS
from jos_pipeline.indicators.entry import Indicator, fingerprint

INDICATORS: dict[str, Indicator] = {entry.id: entry for entry in (*REACH, *EFFORT, *FLOW, *EDUCATION, *SURROUNDINGS)}


def formulas() -> dict[str, dict[str, object]]:
    """Version and formula of every indicator: what the snapshot under ``tests/unit`` holds."""
    return {name: {"versie": entry.versie, "formule": fingerprint(entry)} for name, entry in INDICATORS.items()}


def changed_without_version(now: dict[str, dict[str, object]], before: dict[str, dict[str, object]]) -> tuple[str, ...]:
    """The indicators whose formula changed while ``versie`` did not rise."""
    return tuple(
        name
        for name, entry in now.items()
        if name in before
        and entry["formule"] != before[name]["formule"]
        and int(str(entry["versie"])) <= int(str(before[name]["versie"]))
    )
