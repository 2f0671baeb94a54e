"""Formats that everybody in the field knows, as mappings shipped with the pipeline; recognised by their headings."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jos_pipeline.intake.recognition import HEADER_WORDS
from jos_pipeline.mapping.reading import Mapping, parse_mapping
from jos_pipeline.raw_export import EXPORT_HEADINGS
from schemas.naming import fold

_DIRECTORY = files("jos_pipeline.mapping") / "known"


@cache
def known_formats() -> tuple[Mapping, ...]:
    """Every mapping that is shipped."""
    shipped = sorted((one for one in _DIRECTORY.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return tuple(parse_mapping(one.read_text(encoding="utf-8")) for one in shipped)


def export_words(mapping: Mapping | None = None) -> frozenset[str]:
    """Every folded heading by which the header row of an export is found."""
    forms = known_formats() if mapping is None else (*known_formats(), mapping)
    return HEADER_WORDS.union(EXPORT_HEADINGS, *(one.headings for one in forms))


def recognised_format(headings: Sequence[str], soort: str | None) -> Mapping | None:
    """The known format these headings are of, if it is one of this soort."""
    there = {fold(heading) for heading in headings}
    fitting = (one for one in known_formats() if one.signs <= there and soort in (None, one.soort))
    return next(fitting, None)
