"""Which formulas look the same person up in another source, and where pseudonyms make that impossible.

A share whose teller and noemer are counted apart (jos_bereik) links nobody. Derived from the measures, so that no
entry of the catalogue has to say it; counting itself is in ``counting`` and ``context``.
"""

from collections.abc import Iterable

import polars as pl

from jos_pipeline.coverage import UnitCoverage
from jos_pipeline.indicators.entry import Indicator, Measure
from jos_pipeline.indicators.words import WORDS
from schemas.linked import LINKED_TABLES

LOOKED_UP: dict[tuple[str, str], str] = {
    ("leerling", "heeft_tlv"): "tlv",
    ("leerling", "heeft_jeugdhulp"): "jeugdhulp",
    ("leerling", "heeft_traject"): "traject",
    ("leerling", "jos_in_schooljaar"): "traject",
    ("leerling", "heeft_16uur"): "verzuim",
    ("leerling", "heeft_langdurig"): "verzuim",
    ("traject", "volgende_begindatum"): "traject",
}
"""Columns of a base table that tell what (another) table says of the same person. The onderwijstype of a traject is
not one of them: where the pupil is not found it is that of the school."""


def links(indicator: Indicator) -> tuple[str, ...]:
    """The soorten in which the formula looks for the same person, its own included; none when it links nobody."""
    found: set[str] = set()
    for measure in indicator.measures:
        tables = {LOOKED_UP[key] for column in _columns_of(measure) if (key := (measure.table, column)) in LOOKED_UP}
        if tables:
            found |= {measure.table, *tables}
    return tuple(sorted(soort for table in found if (soort := LINKED_TABLES[table].soort)))


def unlinkable(units: UnitCoverage, indicators: Iterable[Indicator]) -> pl.DataFrame:
    """The figures whose sources have pseudonyms of more than one key: ``indicator, niveau, gebied, domeinen``.

    Sources beside each other must have one key at every school of an area. A source that is searched itself (a later
    traject) must have one key in the whole area, for its persons may turn up at another school.
    """
    return pl.concat([_UNLINKABLE, *(_apart(units, indicator.id, links(indicator)) for indicator in indicators)])


_UNLINKABLE = pl.DataFrame(
    schema={"indicator": pl.String, "niveau": pl.String, "gebied": pl.String, "domeinen": pl.List(pl.String)}
)


def _apart(units: UnitCoverage, indicator: str, sources: tuple[str, ...]) -> pl.DataFrame:
    domains = units.key_domains(sources)
    if len(sources) > 1:
        domains = domains.filter(pl.col("domein").n_unique().over("plaats") > 1)
    return (
        units.areas.scholen.join(domains, on="plaats")
        .group_by("niveau", "gebied")
        .agg(domeinen=pl.col("domein").unique().sort())
        .filter(pl.col("domeinen").list.len() > 1)
        .sort("niveau", "gebied")
        .select(pl.lit(indicator).alias("indicator"), "niveau", "gebied", "domeinen")
    )


def _columns_of(measure: Measure) -> frozenset[str]:
    """Every column that a measure uses, directly or through words."""
    words = {name: word for stage in WORDS.get(measure.table, ()) for name, word in stage.items()}
    to_do = [one for one in (measure.where, measure.value, measure.most) if one is not None]
    found: set[str] = set()
    while to_do:
        new = set(to_do.pop().meta.root_names()) - found
        found |= new
        to_do.extend(words[name] for name in new if name in words)
    return frozenset(found)
