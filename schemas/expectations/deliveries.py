"""What is expected of the deliveries of one soort: size, completeness and likeness to earlier ones."""

from schemas.columns import Kind
from schemas.contract import Contract
from schemas.contracts import CONTRACTS
from schemas.expectations.kinds import Bound, Expectation, Unit

STOCK: frozenset[str] = frozenset({"leerlingen", "inzet", "begeleiders", "inwoners", "enquete", "opgave"})
"""Soorten that tell how things stand. All others grow in the course of a school year."""


def coded_columns(contract: Contract) -> tuple[str, ...]:
    """The columns of which the shares of the values can shift."""
    return tuple(field.name for field in contract.fields if field.column.kind in (Kind.CODE, Kind.BOOLEAN))


def measured_columns(contract: Contract) -> tuple[str, ...]:
    """The columns with an amount, of which the median can shift."""
    return tuple(field.name for field in contract.fields if field.column.unit is not None)


def optional_columns(contract: Contract) -> tuple[str, ...]:
    """The columns that may be empty; a pseudonym lies in the lake as leerling_id."""
    return tuple(
        "leerling_id" if field.column.kind is Kind.PSEUDONYM else field.name
        for field in contract.fields
        if field.may_be_empty
    )


def late_columns(contract: Contract) -> frozenset[str]:
    """The columns that fill in the course of a school year: dates that may be empty, and what is told with them."""
    dates = {field.name for field in contract.fields if field.column.kind is Kind.DATE and field.may_be_empty}
    told_with = {rule.columns[-1] for rule in contract.rules if rule.columns[0] in dates}
    return frozenset(dates | told_with)


def _soorten(*, having: str | None = None) -> tuple[str, ...]:
    return tuple(soort for soort, contract in CONTRACTS.items() if having is None or having in contract.by_name)


ON_DELIVERIES: tuple[Expectation, ...] = (
    Expectation(
        "levering_heeft_rijen",
        "JOS-S040",
        "Elke levering bevat rijen.",
        "rijen",
        Bound.LEAST,
        1,
        Unit.PERSONS,
        _soorten(),
    ),
    Expectation(
        "omvang_springt_niet",
        "JOS-S040",
        "Een levering is niet veel groter dan de vorige van dezelfde leverancier, ook gelet op de tijd ertussen.",
        "groei_sinds_vorige",
        Bound.MOST,
        1.25,
        Unit.RATIO,
        _soorten(),
    ),
    Expectation(
        "omvang_zakt_niet",
        "JOS-S040",
        "Een levering is niet veel kleiner dan de vorige van dezelfde leverancier.",
        "rijen_ten_opzichte_van_vorige",
        Bound.LEAST,
        0.8,
        Unit.RATIO,
        _soorten(),
    ),
    Expectation(
        "niet_veel_meer_dan_vorig_jaar",
        "JOS-S041",
        "Er zijn niet veel meer rijen dan een schooljaar eerder rond hetzelfde moment.",
        "rijen_ten_opzichte_van_vorig_jaar",
        Bound.MOST,
        1.5,
        Unit.RATIO,
        _soorten(),
    ),
    Expectation(
        "niet_veel_minder_dan_vorig_jaar",
        "JOS-S041",
        "Er zijn niet veel minder rijen dan een schooljaar eerder rond hetzelfde moment.",
        "rijen_ten_opzichte_van_vorig_jaar",
        Bound.LEAST,
        0.67,
        Unit.RATIO,
        _soorten(),
    ),
    Expectation(
        "eigen_school_komt_voor",
        "JOS-S042",
        "In de levering van een school staat de school zelf.",
        "eigen_school_ontbreekt",
        Bound.MOST,
        0,
        Unit.COUNT,
        _soorten(having="school"),
    ),
    Expectation(
        "geen_school_verdwijnt",
        "JOS-S042",
        "Van elke school met genoeg rijen in een eerdere levering is er ook nu minstens een rij.",
        "verdwenen_scholen",
        Bound.MOST,
        0,
        Unit.COUNT,
        _soorten(having="school"),
    ),
    Expectation(
        "vulling_zakt_niet",
        "JOS-S043",
        "Een kolom die leeg mag zijn, is niet veel minder gevuld dan in een eerdere levering.",
        "daling_van_de_vulling",
        Bound.MOST,
        0.2,
        Unit.SHARE,
        tuple(soort for soort, contract in CONTRACTS.items() if optional_columns(contract)),
    ),
    Expectation(
        "leerling_is_bekend",
        "JOS-S043",
        "De meeste rijen hebben een pseudoniem, ook waar dat leeg mag zijn.",
        "rijen_met_pseudoniem",
        Bound.LEAST,
        0.8,
        Unit.SHARE,
        tuple(soort for soort, contract in CONTRACTS.items() if "leerling_id" in optional_columns(contract)),
    ),
    Expectation(
        "verdeling_verschuift_niet",
        "JOS-S044",
        "De verdeling over de codes van een kolom is niet veel anders dan in een eerdere levering.",
        "verschuiving_van_codes",
        Bound.MOST,
        0.15,
        Unit.SHARE,
        tuple(soort for soort, contract in CONTRACTS.items() if coded_columns(contract)),
    ),
    Expectation(
        "mediaan_verschuift_niet",
        "JOS-S044",
        "De mediaan van een getal is niet veel hoger of lager dan in een eerdere levering.",
        "verschuiving_van_de_mediaan",
        Bound.MOST,
        1.5,
        Unit.RATIO,
        tuple(soort for soort, contract in CONTRACTS.items() if measured_columns(contract)),
    ),
)
