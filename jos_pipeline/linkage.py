"""How well sources link: per soort and supplier which part of its persons is found where it should be.

``shares`` counts: internal, for the lake and for nobody else. ``told`` makes of it what people may read: classes so
wide that no small number follows. What is too little or too much stands in ``schemas.expectations``; who may be looked
for where, by key, is the region's (``sleuteldomein``).
"""

from collections.abc import Mapping

import polars as pl

from jos_pipeline.region import ONE_KEY, Region
from schemas.codelists import LEEFTIJDSKLASSE
from schemas.contracts import CONTRACTS

Frames = Mapping[str, pl.DataFrame]

PERSON, DOMAIN, SUPPLIER = "leerling_id", "sleuteldomein", "leverancier"
ENROLMENT = "leerlingen"
ALL = "alle"
"""The supplier of a row about a soort as a whole."""

MEASURES: dict[str, str] = {
    "met_pseudoniem": "rijen met een pseudoniem",
    "gevonden": "personen die bij de scholen staan ingeschreven",
    "gevonden_op_school": "personen die staan ingeschreven op de school die de rij noemt",
    "niet_gekoppeld": "rijen zonder pseudoniem of van een persoon die bij de scholen niet is gevonden",
    "andere_leeftijdsklasse": "gevonden personen die meer dan een leeftijdsklasse schelen met wat de school zegt",
    "andere_woongemeente": "gevonden personen met een andere woongemeente dan de school zegt",
    "dubbele_rijen": "rijen die op hun nummer na gelijk zijn aan een andere rij van dezelfde leverancier",
    "bij_meer_leveranciers": "personen die ook een andere leverancier in deze soort heeft",
}
"""What each share is a share of, as people read it."""

OF_SCHOOLS = ("trajecten", "verzuim", "tlv", "thuiszitters")
LOOKED_UP = (*OF_SCHOOLS, "jeugdhulp")
"""Soorten of which persons should be found in the enrolments."""
AT_SECONDARY_SCHOOL = ("12-13", "14-15", "16-17")

SHARES: dict[str, type[pl.DataType]] = {
    "soort": pl.String,
    SUPPLIER: pl.String,
    DOMAIN: pl.String,
    "maat": pl.String,
    "deel": pl.Int64,
    "geheel": pl.Int64,
}
TOLD: dict[str, type[pl.DataType]] = {
    "soort": pl.String,
    SUPPLIER: pl.String,
    DOMAIN: pl.String,
    "maat": pl.String,
    "procent_min": pl.Int64,
    "procent_max": pl.Int64,
    "zin": pl.String,
}
_STEPS = (1, 2, 5, 10, 20, 25, 50)
"""Widths of a class in percents: each divides 100."""
_TOO_FEW = "te weinig personen om te vertellen"


def person_soorten() -> tuple[str, ...]:
    """The soorten whose rows are about persons with a pseudonym."""
    return tuple(soort for soort, contract in CONTRACTS.items() if "pseudoniem" in contract.by_name)


def shares(frames: Frames, region: Region) -> pl.DataFrame:
    """Parts and wholes of every measure per soort and supplier (columns ``SHARES``). Holds small counts.

    ``frames``: accepted rows per soort, with ``leerling_id`` and ``leverancier``. Persons are looked for only among
    schools with the same key.
    """
    keyed = {soort: with_domain(frames[soort], region) for soort in person_soorten() if soort in frames}
    enrolled = keyed.get(ENROLMENT, pl.DataFrame(schema={PERSON: pl.String, DOMAIN: pl.String, "school": pl.String}))
    enrolled = enrolled.drop_nulls(PERSON)
    parts = [pl.DataFrame(schema=SHARES)]
    for soort, rows in keyed.items():
        parts.append(_counted(soort, "met_pseudoniem", rows.with_columns(ja=pl.col(PERSON).is_not_null())))
        parts.append(_counted(soort, "bij_meer_leveranciers", _shared_persons(rows)))
        parts.extend(doubles(soort, rows))
        if soort in LOOKED_UP:
            parts.extend(_found(soort, rows, enrolled))
        if soort != ENROLMENT:
            parts.extend(_contradictions(soort, rows, enrolled))
    return pl.concat(parts).sort("soort", SUPPLIER, "maat")


def told(counted: pl.DataFrame, smallest: int) -> pl.DataFrame:
    """What people may read of shares: per supplier and, as ``alle``, per soort (columns ``TOLD``).

    A share is told as a class of whole percents that holds more than ``smallest`` persons, counted from both ends: so
    nobody can tell that a small part, or what is left of the whole, is not nought, nor that it is below ``smallest``.
    That of a soort follows from those of its suppliers and tells nothing more.
    """
    own = counted.with_columns(_class(smallest)).with_columns(
        procent_min=pl.when(pl.col("_stap").is_not_null()).then(_lowest()),
    )
    own = own.with_columns(procent_max=pl.col("procent_min") + pl.col("_stap"))
    return (
        pl.concat([_as_told(own), _as_told(_of_soorten(own, smallest))])
        .sort("soort", SUPPLIER, "maat")
        .select(pl.col(name).cast(kind) for name, kind in TOLD.items())
    )


def with_domain(rows: pl.DataFrame, region: Region) -> pl.DataFrame:
    """The rows with the key domain of their supplier."""
    domain = pl.col(SUPPLIER).replace_strict(region.key_domains, default=ONE_KEY, return_dtype=pl.String)
    return rows.with_columns(domain.alias(DOMAIN))


def _counted(soort: str, maat: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Part and whole per supplier of rows that say ``ja`` or not."""
    return (
        rows.group_by(SUPPLIER, DOMAIN)
        .agg(deel=pl.col("ja").sum().cast(pl.Int64), geheel=pl.len().cast(pl.Int64))
        .select(pl.lit(soort).alias("soort"), SUPPLIER, DOMAIN, pl.lit(maat).alias("maat"), "deel", "geheel")
    )


def _shared_persons(rows: pl.DataFrame) -> pl.DataFrame:
    persons = rows.drop_nulls(PERSON).select(SUPPLIER, DOMAIN, PERSON).unique()
    return persons.with_columns(ja=pl.len().over(DOMAIN, PERSON) > 1)


def doubles(soort: str, rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Rows that repeat another one, per supplier; none where no number of its own is the key.

    There the gate refuses a second row.
    """
    key = CONTRACTS[soort].key
    if len(key) != 1:
        return []
    same = [PERSON, SUPPLIER, *(name for name in CONTRACTS[soort].by_name if name not in ("pseudoniem", *key))]
    first = pl.struct(same).is_first_distinct()
    return [_counted(soort, "dubbele_rijen", rows.drop_nulls(PERSON).with_columns(ja=~first))]


def _found(soort: str, rows: pl.DataFrame, enrolled: pl.DataFrame) -> list[pl.DataFrame]:
    looked_for = expected_at_school(soort, rows, enrolled)
    everywhere = _marked(looked_for, enrolled, [DOMAIN, PERSON])
    persons = everywhere.drop_nulls(PERSON).unique([SUPPLIER, PERSON])
    found = [
        _counted(soort, "gevonden", persons),
        _counted(soort, "niet_gekoppeld", everywhere.with_columns(ja=~pl.col("ja"))),
    ]
    if "school" in rows.columns:
        at_school = _marked(looked_for.drop_nulls(PERSON), enrolled, [DOMAIN, PERSON, "school"])
        persons = at_school.group_by(SUPPLIER, DOMAIN, PERSON).agg(pl.col("ja").all())
        found.append(_counted(soort, "gevonden_op_school", persons))
    return found


def expected_at_school(soort: str, rows: pl.DataFrame, enrolled: pl.DataFrame) -> pl.DataFrame:
    """The rows whose person should be in the enrolments: of a school that sent them with the same key.

    Youth care names no school: there it is everybody of the age of secondary school. Of absence without a school
    nobody is expected.
    """
    if soort == "thuiszitters":
        rows = rows.filter(soort="langdurig_relatief")
    if "school" in rows.columns:
        return rows.join(enrolled.select(DOMAIN, "school").unique(), on=[DOMAIN, "school"], how="semi")
    grown = rows.filter(pl.col("leeftijdsklasse").is_in(AT_SECONDARY_SCHOOL))
    return grown.join(enrolled.select(DOMAIN).unique(), on=DOMAIN, how="semi")


def _marked(rows: pl.DataFrame, enrolled: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    known = enrolled.select(on).unique().with_columns(ja=pl.lit(value=True))
    return rows.join(known, on=on, how="left").with_columns(pl.col("ja").fill_null(value=False))


def _contradictions(soort: str, rows: pl.DataFrame, enrolled: pl.DataFrame) -> list[pl.DataFrame]:
    """Against the latest enrolment of each person. One class of age apart is none: each has its own peildatum."""
    place = {code: number for number, code in enumerate(LEEFTIJDSKLASSE.values)}
    here, there = (
        pl.col(name).replace_strict(place, default=None, return_dtype=pl.Int64)
        for name in ("leeftijdsklasse", "_school_leeftijdsklasse")
    )
    differs = {
        "leeftijdsklasse": (here - there).abs() > 1,
        "woongemeente": pl.col("woongemeente") != pl.col("_school_woongemeente"),
    }
    asked = [name for name in differs if name in rows.columns and name in enrolled.columns]
    if not asked:
        return []
    latest = (
        enrolled.sort("inschrijfdatum", "school")
        .unique([DOMAIN, PERSON], keep="last", maintain_order=True)
        .select(DOMAIN, PERSON, *(pl.col(name).alias(f"_school_{name}") for name in asked))
    )
    both = rows.join(latest, on=[DOMAIN, PERSON])
    return [
        _counted(
            soort,
            f"andere_{name}",
            both.drop_nulls([name, f"_school_{name}"])
            .with_columns(ja=differs[name])
            .group_by(SUPPLIER, DOMAIN, PERSON)
            .agg(pl.col("ja").any()),
        )
        for name in asked
    ]


def _class(smallest: int) -> pl.Expr:
    """The narrowest class with more than ``smallest`` persons in it; null when there is none."""
    step = pl.lit(None, dtype=pl.Int64)
    for width in reversed(_STEPS):
        step = pl.when(pl.col("geheel") * width > 100 * smallest).then(pl.lit(width, dtype=pl.Int64)).otherwise(step)
    return step.alias("_stap")


def _lowest() -> pl.Expr:
    number = (100 * pl.col("deel")) // (pl.col("geheel") * pl.col("_stap"))
    return pl.min_horizontal(number * pl.col("_stap"), 100 - pl.col("_stap"))


def _of_soorten(own: pl.DataFrame, smallest: int) -> pl.DataFrame:
    low, high = pl.col("procent_min").fill_null(0), pl.col("procent_max").fill_null(100)
    whole = pl.col("geheel").sum()
    enough = whole > 2 * smallest
    lowest = (pl.col("geheel") * low).sum() // whole
    highest = -((pl.col("geheel") * -high).sum() // whole)
    return (
        own.group_by("soort", "maat")
        .agg(
            pl.lit(ALL).alias(SUPPLIER),
            pl.col(DOMAIN).unique().sort().str.join(", "),
            procent_min=pl.when(enough).then(lowest),
            procent_max=pl.when(enough).then(highest),
        )
        .with_columns(
            pl.when((pl.col("procent_min") > 0) | (pl.col("procent_max") < 100)).then(pl.col(name)).alias(name)
            for name in ("procent_min", "procent_max")
        )
    )


def _as_told(rows: pl.DataFrame) -> pl.DataFrame:
    low, high = pl.col("procent_min"), pl.col("procent_max")
    zin = (
        pl.when(low.is_null())
        .then(pl.lit(_TOO_FEW))
        .when(high == 100)
        .then(pl.format("{} procent of meer", low))
        .when(low == 0)
        .then(pl.format("hoogstens {} procent", high))
        .when(low == high)
        .then(pl.format("{} procent", low))
        .otherwise(pl.format("{} tot {} procent", low, high))
    )
    return rows.with_columns(zin=zin).select(list(TOLD))
