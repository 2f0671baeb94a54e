"""The words of spec 2.1 as columns: what ``actief``, ``gestart`` or ``telt`` means in a window.

Per base table the stages in which words are added; a stage may use the words of the stages before it. Always
there: ``a`` and ``b`` (the window), ``teldag`` (1 October, or the peildatum when earlier), ``peildatum``,
``begin_schooljaar``, ``einde_schooljaar``, and what ``jos_pipeline.indicators.context`` adds by looking at other
tables and areas.
"""

from collections.abc import Mapping
from datetime import date

import polars as pl

from schemas.contract import PRECISION

Words = Mapping[str, pl.Expr]

WEEK = 7
THREE_MONTHS = 91
YEAR = 365
_NEVER = date(9999, 12, 31)


def one_of(column: str, *codes: str) -> pl.Expr:
    """The column holds one of the codes; null where it is empty."""
    first, *others = (pl.col(column) == code for code in codes)
    for other in others:
        first = first | other
    return first


def within(day: str) -> pl.Expr:
    """The day lies in the window."""
    return (pl.col(day) >= pl.col("a")) & (pl.col(day) <= pl.col("b"))


def fully_known(*days: str) -> pl.Expr:
    """All of these dates are known to the day: only then may days be counted between them."""
    first, *others = (pl.col(day + PRECISION) == "dag" for day in days)
    for other in others:
        first = first & other
    return first


def days_between(first: str, last: str) -> pl.Expr:
    """Days from one date to another, as a number."""
    return (pl.col(last) - pl.col(first)).dt.total_days()


def weeks_between(first: str, last: str) -> pl.Expr:
    """Weeks from one date to another, as a fraction."""
    return days_between(first, last) / WEEK


def _overlaps(begin: str, end: str) -> pl.Expr:
    return (pl.col(begin) <= pl.col("b")) & (pl.col(end).is_null() | (pl.col(end) >= pl.col("a")))


_TRAJECT: tuple[Words, ...] = (
    {
        "actief": _overlaps("begindatum", "einddatum"),
        "actief_op_b": (pl.col("begindatum") <= pl.col("b"))
        & (pl.col("einddatum").is_null() | (pl.col("einddatum") >= pl.col("b"))),
        "gestart": within("begindatum"),
        "afgesloten": within("einddatum"),
        "aangemeld": within("aanmelddatum"),
        "actief_in_schooljaar": (pl.col("begindatum") <= pl.min_horizontal("einde_schooljaar", "peildatum"))
        & (pl.col("einddatum").is_null() | (pl.col("einddatum") >= pl.col("begin_schooljaar"))),
        "herhaald": (pl.col("einddatum" + PRECISION) == "dag")
        & (days_between("einddatum", "volgende_begindatum") <= YEAR)
        & (pl.col("volgende_begindatum") <= pl.col("peildatum")),
    },
    {
        "_structureel": (pl.col("actief") & (pl.col("aard") == "structureel")).any().over("leerling_id"),
        "_groep": (pl.col("actief") & (pl.col("vorm") == "groep")).any().over("leerling_id"),
        "_individueel": (pl.col("actief") & (pl.col("vorm") == "individueel")).any().over("leerling_id"),
    },
    {
        "aard_leerling": pl.when("_structureel").then(pl.lit("structureel")).otherwise(pl.lit("incidenteel")),
        "vorm_leerling": pl.when(pl.col("_groep") & pl.col("_individueel"))
        .then(pl.lit("beide"))
        .when("_groep")
        .then(pl.lit("groep"))
        .otherwise(pl.lit("individueel")),
    },
)

_INZET: tuple[Words, ...] = (
    {
        # an empty einddatum is ignored by min_horizontal: the inzet still runs
        "dagen": (
            (pl.min_horizontal("einddatum", "b") - pl.max_horizontal("begindatum", "a")).dt.total_days() + 1
        ).clip(lower_bound=0),
        "dagen_in_w": days_between("a", "b") + 1,
        "laatste_dag": pl.col("einddatum").fill_null(_NEVER).max().over("positie"),
    },
    {
        "fte_in_w": pl.col("fte") * pl.col("dagen") / pl.col("dagen_in_w"),
        "actief": pl.col("dagen") > 0,
        "vertrokken": within("laatste_dag") & (pl.col("laatste_dag") < pl.col("einde_schooljaar")),
    },
)

_LEERLING: tuple[Words, ...] = (
    {
        "telt": pl.col("leerlingen_geleverd")
        & (pl.col("inschrijfdatum") <= pl.col("teldag"))
        & (pl.col("uitschrijfdatum").is_null() | (pl.col("uitschrijfdatum") >= pl.col("teldag"))),
        "uitgevallen": within("uitschrijfdatum") & (pl.col("uitstroom") == "geen_vervolg"),
        "leerjaar_code": pl.col("leerjaar").cast(pl.String),
    },
)

_TLV: tuple[Words, ...] = (
    {
        "afgegeven": within("afgiftedatum"),
        "geldig_op_b": (pl.coalesce("ingangsdatum", "afgiftedatum") <= pl.col("b"))
        & (pl.col("einddatum").is_null() | (pl.col("einddatum") >= pl.col("b"))),
        "geplaatst": within("plaatsingsdatum"),
        "wacht_op_b": (pl.col("afgiftedatum") <= pl.col("b"))
        & (pl.col("plaatsingsdatum").is_null() | (pl.col("plaatsingsdatum") > pl.col("b"))),
        "teruggestroomd": within("terugstroomdatum"),
    },
)

_THUISZITTER: tuple[Words, ...] = (
    {
        "actief": _overlaps("begindatum", "einddatum"),
        "open_op_b": (pl.col("begindatum") <= pl.col("b"))
        & (pl.col("einddatum").is_null() | (pl.col("einddatum") > pl.col("b"))),
        "geeindigd": within("einddatum"),
        "drie_maanden": fully_known("begindatum") & (days_between("begindatum", "b") >= THREE_MONTHS),
    },
)

_JEUGDHULP: tuple[Words, ...] = ({"actief": _overlaps("aanvang", "einde"), "gestart": within("aanvang")},)

_WACHTTIJD: tuple[Words, ...] = (
    {
        "gestart": within("startdatum"),
        "intake": within("intakedatum"),
        "wacht_op_b": (pl.col("aanmelddatum") <= pl.col("b"))
        & (pl.col("startdatum").is_null() | (pl.col("startdatum") > pl.col("b"))),
    },
)

_VERZUIM: tuple[Words, ...] = ({"gemeld": within("begindatum")},)

_LEERPLICHT: tuple[Words, ...] = ({"actief": _overlaps("begindatum", "einddatum"), "telt": ~pl.col("vrijstelling")},)


_counted_on = pl.col("peildatum_telling")
_LAST_COUNT = pl.when(_counted_on <= pl.col("b")).then(_counted_on).max()

_INWONER: tuple[Words, ...] = (
    # inhabitants are counted once a year: before the first count, that one is the best there is
    {"geldt": _counted_on == pl.coalesce(_LAST_COUNT, _counted_on.min()).over("woongemeente", "leeftijdsklasse")},
)
_BEGELEIDER: tuple[Words, ...] = ({"geldt": _counted_on == _LAST_COUNT.over("school")},)

_ACTIVITEIT: tuple[Words, ...] = ({"gedaan": within("datum")},)

WORDS: dict[str, tuple[Words, ...]] = {
    "traject": _TRAJECT,
    "inzet": _INZET,
    "leerling": _LEERLING,
    "tlv": _TLV,
    "thuiszitter": _THUISZITTER,
    "jeugdhulp": _JEUGDHULP,
    "wachttijd": _WACHTTIJD,
    "activiteit": _ACTIVITEIT,
    "verzuim": _VERZUIM,
    "leerplicht": _LEERPLICHT,
    "inwoner": _INWONER,
    "begeleider": _BEGELEIDER,
}

ELSEWHERE: Mapping[tuple[str, str], tuple[str, pl.Expr]] = {
    ("leerling", "heeft_tlv"): ("tlv", pl.col("geldig_op_b")),
    ("leerling", "heeft_jeugdhulp"): ("jeugdhulp", pl.col("actief")),
    ("leerling", "heeft_traject"): ("traject", pl.col("actief")),
    ("leerling", "jos_in_schooljaar"): ("traject", pl.col("actief_in_schooljaar")),
    ("leerling", "heeft_16uur"): ("verzuim", pl.col("gemeld") & (pl.col("soort") == "16_uur")),
    ("leerling", "heeft_langdurig"): ("verzuim", pl.col("gemeld") & (pl.col("soort") == "langdurig_relatief")),
}
"""Words about a person of one table that say that he occurs in another, in a row of which this holds."""


def with_words(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The base table with the words of the window; a word about an unknown date is false, never unknown."""
    for stage in WORDS.get(table, ()):
        rows = rows.with_columns(**stage)
        flags = [name for name in stage if rows.schema[name] == pl.Boolean]
        rows = rows.with_columns(pl.col(flags).fill_null(value=False))
    return rows
