"""Does a supplier link with the others at all? Measures on persons who should be found, and are or are not.

Only where both have the same key (``sleuteldomein``) and the school sent its enrolments: elsewhere nothing can be said.
"""

import polars as pl

from jos_pipeline.expectations.measures import ENOUGH_PUPILS, ENOUGH_ROWS, Measure, Sources, share
from jos_pipeline.linkage import DOMAIN, ENROLMENT, PERSON, SUPPLIER, doubles, expected_at_school, with_domain

NEAR_NOTHING = 0.02
"""So few are found by chance or by a slip; who uses the same key finds many more."""
LINKS_WELL = 0.2
"""From this share on, others show that persons can be found."""
_NAME_A_SCHOOL = ("trajecten", "tlv")


def enrolment_measures(sources: Sources) -> list[Measure]:
    """Per supplier the share of its pupils who are known at their schools, or that (nearly) none is: another key."""
    measures = []
    for supplier, count, hits in _known_per_supplier(sources):
        linked = share(hits, count, ENOUGH_PUPILS)
        other_key = None if linked is None else float(linked <= NEAR_NOTHING)
        measures.append(Measure("geen_enkele_gekoppeld", other_key, supplier))
        measures.append(Measure("gekoppeld_aan_leerlingen", None if other_key else linked, supplier))
    return measures


def home_measures(sources: Sources) -> list[Measure]:
    """Per supplier of rows without a school: nearly nobody is known at the schools, while many of another one are."""
    known = _known_per_supplier(sources)
    return [
        Measure("geen_enkele_gekoppeld", _stands_out(hits, count, [one for one in known if one[0] != who]), who)
        for who, count, hits in known
    ]


def _stands_out(hits: int, count: int, others: list[tuple[str, int, int]]) -> float | None:
    linked = share(hits, count, ENOUGH_ROWS)
    well = any(amount >= ENOUGH_ROWS and found / amount >= LINKS_WELL for _, amount, found in others)
    return float(linked <= NEAR_NOTHING) if linked is not None and well else None


def school_measures(sources: Sources) -> list[Measure]:
    """Per supplier of enrolments: nearly nobody whom others name at its schools is known there, elsewhere many are."""
    enrolled = with_domain(sources[ENROLMENT], sources.region).drop_nulls(PERSON)
    at = enrolled.select(DOMAIN, "school", school_van=SUPPLIER).unique()
    named = pl.concat(
        [
            with_domain(sources[soort], sources.region).drop_nulls(PERSON).select(DOMAIN, SUPPLIER, "school", PERSON)
            for soort in _NAME_A_SCHOOL
        ]
    )
    named = named.join(at, on=[DOMAIN, "school"]).filter(pl.col(SUPPLIER) != pl.col("school_van"))
    known = enrolled.select(DOMAIN, PERSON, school_van=SUPPLIER).unique().with_columns(bekend=pl.lit(value=True))
    persons = (
        named.select(DOMAIN, PERSON, "school_van").unique().join(known, on=[DOMAIN, PERSON, "school_van"], how="left")
    )
    counted = list(
        persons.group_by("school_van")
        .agg(pl.len(), pl.col("bekend").is_not_null().sum())
        .sort("school_van")
        .iter_rows()
    )
    return [
        Measure("school_zonder_bekenden", _only_here(hits, count, [one for one in counted if one[0] != who]), who)
        for who, count, hits in counted
    ]


def _only_here(hits: int, count: int, others: list[tuple[str, int, int]]) -> float | None:
    linked = share(hits, count, ENOUGH_PUPILS)
    amount, found = sum(one[1] for one in others), sum(one[2] for one in others)
    well = amount >= ENOUGH_PUPILS and found / amount >= LINKS_WELL
    return float(linked <= NEAR_NOTHING) if linked is not None and well else None


def double_measures(sources: Sources) -> list[Measure]:
    """Per supplier the share of rows that repeat another one under another number."""
    counted = doubles(sources.soort, with_domain(sources.own, sources.region))
    return [
        Measure("dubbele_rijen", share(part, whole, ENOUGH_ROWS), supplier)
        for frame in counted
        for supplier, part, whole in frame.sort(SUPPLIER).select(SUPPLIER, "deel", "geheel").iter_rows()
    ]


def _known_per_supplier(sources: Sources) -> list[tuple[str, int, int]]:
    """Supplier, persons who should be found, and how many are."""
    enrolled = with_domain(sources[ENROLMENT], sources.region).drop_nulls(PERSON)
    rows = with_domain(sources.own, sources.region).drop_nulls(PERSON)
    persons = expected_at_school(sources.soort, rows, enrolled).select(SUPPLIER, DOMAIN, PERSON).unique()
    known = enrolled.select(DOMAIN, PERSON).unique().with_columns(bekend=pl.lit(value=True))
    found = persons.join(known, on=[DOMAIN, PERSON], how="left")
    return list(found.group_by(SUPPLIER).agg(pl.len(), pl.col("bekend").is_not_null().sum()).sort(SUPPLIER).iter_rows())
