"""Which formulas look the same person up in another source, and where pseudonyms make that impossible.

A share whose teller and noemer are counted apart (jos_bereik) links nobody. Derived from the measures, so that no
entry of the catalogue has to say it; counting itself is in ``counting`` and ``context``.
"""

from collections.abc import Iterable

import polars as pl

from jos_pipeline.coverage import Coverage, UnitCoverage
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import PERSON, Ground, Indicator, Kind, Measure
from jos_pipeline.indicators.words import ELSEWHERE, WORDS
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from schemas.linked import LINKED_TABLES

LOOKED_UP: dict[tuple[str, str], str] = {
    **{word: table for word, (table, _) in ELSEWHERE.items()},
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
    return _in_areas(units.areas.scholen, domains, indicator)


def remarks(region: Region, schooljaar: str) -> list[dict[str, str]]:
    """What readers must know of figures where suppliers have different keys: the rows of ``toelichting``.

    Of a school year as a whole; the area of a figure that does not exist is one in any of its windows.
    """
    year = SchoolYear.parse(schooljaar)
    found: dict[tuple[str, str, str, str], str] = {}
    for first, last in sorted({(window.a, window.b) for window in year.windows(year.last_day)}):
        units = UnitCoverage(region, Coverage(frozenset()), last, since=first)
        for row in unlinkable(units, INDICATORS.values()).iter_rows():
            found |= _remark(row, "niet_te_koppelen", _NOT_LINKED, links(INDICATORS[row[0]]))
        for row in counted_double(units, INDICATORS.values()).iter_rows():
            found |= _remark(row, "dubbel_geteld", _DOUBLE, ())
    return [
        {"schooljaar": schooljaar, "indicator": name, "niveau": level, "gebied": area, "reden": reason, "tekst": text}
        for (name, level, area, reason), text in sorted(found.items())
    ]


_NOT_LINKED = (
    "Dit cijfer zoekt dezelfde personen op in {sources}. Hier zijn de pseudoniemen met verschillende sleutels gemaakt "
    "({domains}), dus de personen zijn niet terug te vinden."
)
_DOUBLE = (
    "Dit cijfer telt personen. Hier zijn de pseudoniemen met verschillende sleutels gemaakt ({domains}): wie bij meer "
    "leveranciers voorkomt, telt per sleutel één keer mee."
)


def _remark(
    row: tuple[str, str, str, list[str]], reason: str, text: str, sources: tuple[str, ...]
) -> dict[tuple[str, str, str, str], str]:
    indicator, level, area, domains = row
    return {(indicator, level, area, reason): text.format(sources=", ".join(sources), domains=", ".join(domains))}


def counted_double(units: UnitCoverage, indicators: Iterable[Indicator]) -> pl.DataFrame:
    """The figures on persons of one soort with more than one key in an area: ``indicator, niveau, gebied, domeinen``.

    There is no way to know them for one person; each key counts for itself.
    """
    parts = [
        _in_areas(units.areas.woongemeenten, units.home_key_domains(soort), indicator.id)
        if indicator.grondslag is Ground.WOON
        else _in_areas(units.areas.scholen, units.key_domains((soort,)), indicator.id)
        for indicator in indicators
        for soort in sorted(_counted_in(indicator))
    ]
    return pl.concat([_UNLINKABLE, *parts])


def _counted_in(indicator: Indicator) -> set[str]:
    of_persons = [m for m in indicator.measures if m.key == PERSON and m.kind in (Kind.DISTINCT, Kind.COMPLETE)]
    return {soort for measure in of_persons if (soort := LINKED_TABLES[measure.table].soort)}


def _in_areas(members: pl.DataFrame, domains: pl.DataFrame, indicator: str) -> pl.DataFrame:
    """The areas that hold places of more than one domain."""
    if domains["domein"].n_unique() < 2:  # as a rule there is one key, and this is asked of every indicator
        return _UNLINKABLE
    return (
        members.join(domains, on="plaats")
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
