"""Around the pupil: absence, inhabitants, carers from outside and the survey (documents 000, 003 and 004)."""

import polars as pl

from jos_pipeline.indicators import breakdowns as by
from jos_pipeline.indicators.catalogue_reach import M_LEERLINGEN
from jos_pipeline.indicators.entry import Breakdown, Ground, Indicator, Kind, Measure, Statistic
from jos_pipeline.indicators.words import one_of

_OF_12_17 = one_of("leeftijdsklasse", *by.LEEFTIJD_12_17.categories)
_OF_SCHOOL_AGE = one_of("leeftijdsklasse", "4-7", "8-11", "12-13", "14-15", "16-17")
_RESPONDENT = "respondent"


def _absence(name: str, definitie: str, reported: str) -> Indicator:
    """Pupils with a report of absence per thousand pupils."""
    return Indicator(
        name,
        definitie,
        Measure(name, "leerling", Kind.DISTINCT, pl.col("telt") & pl.col(reported)),
        Statistic.PER_1000,
        "per 1.000 leerlingen",
        ("verzuim", "leerlingen"),
        ("003", "004"),
        noemer=M_LEERLINGEN,
        decimalen=1,
        uitsplitsingen=(by.ONDERWIJSTYPE,),
    )


def _inhabitants(name: str, where: pl.Expr) -> Measure:
    return Measure(name, "inwoner", Kind.SUM, pl.col("geldt") & where, pl.col("aantal"), key=None)


def _share_of_answers(name: str, definitie: str, yes: pl.Expr, answered: str, *splits: Breakdown) -> Indicator:
    """The share of those who answered a question in one way."""
    there = pl.col(answered).is_not_null()
    return Indicator(
        name,
        definitie,
        Measure(name, "enquete", Kind.DISTINCT, there & yes, key=_RESPONDENT),
        Statistic.AANDEEL,
        "aandeel",
        ("enquete",),
        ("004",),
        noemer=Measure(f"{name}_beantwoord", "enquete", Kind.DISTINCT, there, key=_RESPONDENT),
        decimalen=3,
        uitsplitsingen=splits,
    )


SURROUNDINGS: tuple[Indicator, ...] = (
    _absence(
        "verzuim_16uur",
        "Het aantal leerlingen met een melding van 16 uur verzuim in vier weken, per 1.000 getelde leerlingen.",
        "heeft_16uur",
    ),
    _absence(
        "verzuim_langdurig",
        "Het aantal leerlingen met een melding van langdurig verzuim (meer dan vier weken), per 1.000 getelde "
        "leerlingen.",
        "heeft_langdurig",
    ),
    Indicator(
        "absoluut_verzuim",
        "Het aantal leerplichtigen dat niet op een school stond en geen vrijstelling had, per 1.000 inwoners van 4 tot "
        "en met 17 jaar.",
        Measure("absoluut_verzuim", "leerplicht", Kind.DISTINCT, pl.col("actief") & pl.col("telt")),
        Statistic.PER_1000,
        "per 1.000 inwoners",
        ("leerplicht", "inwoners"),
        ("004",),
        noemer=_inhabitants("inwoners_4_17", _OF_SCHOOL_AGE),
        decimalen=1,
        grondslag=Ground.WOON,
    ),
    Indicator(
        "jeugdhulp_gebruik",
        "Het deel van de inwoners van 12 tot en met 17 jaar dat in de periode jeugdhulp had.",
        Measure("jeugdhulp_12_17", "jeugdhulp", Kind.DISTINCT, pl.col("actief") & _OF_12_17),
        Statistic.AANDEEL,
        "aandeel",
        ("jeugdhulp", "inwoners"),
        ("004",),
        noemer=_inhabitants("inwoners_12_17", _OF_12_17),
        decimalen=3,
        grondslag=Ground.WOON,
        uitsplitsingen=(by.LEEFTIJD_12_17,),
    ),
    Indicator(
        "externe_begeleiders",
        "Het gemiddelde aantal begeleiders van buiten per school, volgens de laatste telling in de periode.",
        Measure(
            "externe_begeleiders", "begeleider", Kind.MEAN, pl.col("geldt"), pl.col("aantal_begeleiders"), key=None
        ),
        Statistic.GEMIDDELDE,
        "begeleiders",
        ("begeleiders",),
        ("003",),
        decimalen=1,
    ),
    Indicator(
        "samenwerking",
        "Het gemiddelde rapportcijfer voor de samenwerking tussen onderwijs en jeugdhulp.",
        Measure(
            "samenwerking",
            "enquete",
            Kind.MEAN,
            pl.col("samenwerking").is_not_null(),
            pl.col("samenwerking"),
            key=_RESPONDENT,
        ),
        Statistic.GEMIDDELDE,
        "cijfer",
        ("enquete",),
        ("004",),
        decimalen=1,
        uitsplitsingen=(by.ROL,),
    ),
    _share_of_answers(
        "missie_bekend",
        "Het deel van de respondenten dat de missie van Jeugdhulp op school kent.",
        pl.col("missie_bekend"),
        "missie_bekend",
        by.ROL,
    ),
    _share_of_answers(
        "verbetering",
        "Het deel van de respondenten dat zegt dat het door de hulp beter gaat.",
        pl.col("verbetering") == "ja",
        "verbetering",
        by.ROL,
    ),
)
