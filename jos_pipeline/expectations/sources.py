"""Which measures are counted of which soort, and which other soorten they read."""

from collections.abc import Callable

from jos_pipeline.expectations import combinations, linkage, linked
from jos_pipeline.expectations.measures import Measure, Sources

Count = Callable[[Sources], list[Measure]]

COUNTED: dict[str, tuple[Count, ...]] = {
    "leerlingen": (combinations.two_schools, linkage.school_measures),
    "trajecten": (
        linkage.enrolment_measures,
        linked.same_school_measures,
        linked.municipality_measures,
        linked.age_measures,
        linked.after_leaving_measures,
        combinations.more_helped_than_enrolled,
        linkage.double_measures,
    ),
    "activiteiten": (linked.known_traject_measures, combinations.outside_school_days),
    "inzet": (combinations.too_much_fte, combinations.idle_functions, combinations.idle_schools),
    "tlv": (linkage.enrolment_measures, combinations.placed_before_granted, linkage.double_measures),
    "thuiszitters": (
        linkage.enrolment_measures,
        linked.municipality_measures,
        combinations.absent_though_enrolled,
    ),
    "verzuim": (linkage.enrolment_measures, linkage.double_measures),
    "jeugdhulp": (linkage.home_measures, linked.municipality_measures, linked.age_measures),
    "wachttijden": (linked.municipality_measures,),
    "leerplicht": (linked.municipality_measures,),
    "inwoners": (combinations.more_pupils_than_inhabitants,),
    "opgave": (combinations.totals_that_do_not_add_up,),
}

_READS: dict[str, tuple[str, ...]] = {
    "leerlingen": ("trajecten", "tlv"),
    "opgave": (),
    "activiteiten": ("trajecten",),
    "inzet": ("activiteiten", "trajecten"),
}


def also_read(soort: str) -> tuple[str, ...]:
    """The other soorten that the measures of a soort are counted on; most look pupils up at their schools."""
    return _READS.get(soort, ("leerlingen",))


def source_measures(sources: Sources) -> list[Measure]:
    """Every measure of a soort beside the others."""
    return [measure for count in COUNTED.get(sources.soort, ()) for measure in count(sources)]
