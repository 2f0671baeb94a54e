"""Flow and outcome: what became of trajecten and of youth care (documents 000, 001, 002, 004; NJi outcome criteria)."""

import polars as pl

from jos_pipeline.indicators import breakdowns as by
from jos_pipeline.indicators.catalogue_reach import M_TRAJECTEN_AFGESLOTEN, M_TRAJECTEN_NIEUW
from jos_pipeline.indicators.entry import Breakdown, Denominator, Ground, Indicator, Kind, Measure, Statistic
from jos_pipeline.indicators.words import fully_known, one_of, weeks_between

SHORT = 5
"""The most conversations of a short traject."""

_ENDED = pl.col("afgesloten")
_EARLY = ("voortijdig_client", "voortijdig_aanbieder", "voortijdig_overleg")
_HANDED_OVER = (
    _ENDED
    & one_of("uitkomst", "voorliggend_veld", "sociaal_team", "specialistische_jeugdhulp")
    & pl.col("warme_overdracht").is_not_null()
)
_GOALS_KNOWN = _ENDED & pl.col("doelen_gesteld").is_not_null() & pl.col("doelen_behaald").is_not_null()
_RESIDENTIAL = one_of("hulpvorm", "11", "12", "13", "14")


def _trajecten(name: str, where: pl.Expr) -> Measure:
    return Measure(name, "traject", Kind.ROWS, where)


def _share(
    name: str, definitie: str, teller: Measure, noemer: Measure, *uitsplitsingen: Breakdown, versie: int = 1
) -> Indicator:
    """A share of trajecten."""
    return Indicator(
        name,
        definitie,
        teller,
        Statistic.AANDEEL,
        "aandeel",
        ("trajecten",),
        ("000", "001", "002", "004", "NJi"),
        noemer=noemer,
        decimalen=3,
        uitsplitsingen=uitsplitsingen,
        versie=versie,
    )


M_TRAJECTEN_ACTIEF = _trajecten("trajecten_actief", pl.col("actief"))
M_SPELLS_STARTED = Measure("jeugdhulp_gestart", "jeugdhulp", Kind.ROWS, pl.col("gestart"))

FLOW: tuple[Indicator, ...] = (
    Indicator(
        "trajectduur",
        "De middelste duur (mediaan) in weken van trajecten die in de periode eindigden.",
        Measure(
            "trajectduur",
            "traject",
            Kind.MEDIAN,
            _ENDED & fully_known("begindatum", "einddatum"),
            weeks_between("begindatum", "einddatum"),
        ),
        Statistic.MEDIAAN,
        "weken",
        ("trajecten",),
        ("002",),
        decimalen=1,
        uitsplitsingen=(by.FUNCTIE,),
    ),
    _share(
        "kortdurend",
        "Het deel van de afgesloten trajecten met hoogstens vijf gesprekken. Alleen trajecten waarvan het aantal "
        "gesprekken bekend is, tellen mee.",
        _trajecten("kortdurend", _ENDED & (pl.col("aantal_gesprekken") <= SHORT)),
        _trajecten("afgesloten_gesprekken_bekend", _ENDED & pl.col("aantal_gesprekken").is_not_null()),
        by.FUNCTIE,
    ),
    _share(
        "overbrugging",
        "Het deel van de trajecten in de periode dat een wachtlijst overbrugt.",
        _trajecten("overbrugging", pl.col("actief") & pl.col("overbrugging")),
        M_TRAJECTEN_ACTIEF,
        by.FUNCTIE,
    ),
    _share(
        "zonder_vervolg",
        "Het deel van de afgesloten trajecten waarna geen vervolghulp nodig was.",
        _trajecten("zonder_vervolg", _ENDED & one_of("uitkomst", "geen_vervolg")),
        M_TRAJECTEN_AFGESLOTEN,
        by.FUNCTIE,
        by.AANMELDREDEN,
    ),
    _share(
        "specialistisch_voorkomen",
        "Het deel van de afgesloten trajecten met specialistische hulp in beeld bij de start, dat niet eindigde in "
        "specialistische jeugdhulp of gespecialiseerd onderwijs, en niet voortijdig stopte.",
        _trajecten(
            "specialistisch_voorkomen",
            _ENDED
            & pl.col("specialistische_hulp_in_beeld")
            & ~one_of("uitkomst", "specialistische_jeugdhulp", "gespecialiseerd_onderwijs", *_EARLY),
        ),
        _trajecten("specialistisch_in_beeld", _ENDED & pl.col("specialistische_hulp_in_beeld")),
        by.FUNCTIE,
    ),
    _share(
        "warme_overdracht",
        "Het deel van de trajecten dat warm is overgedragen. Het gaat om trajecten die eindigden met een "
        "doorverwijzing naar het voorliggend veld, het sociaal team of de specialistische jeugdhulp, en waarvan dit "
        "bekend is.",
        _trajecten("warme_overdracht", _HANDED_OVER & pl.col("warme_overdracht")),
        _trajecten("overdracht_bekend", _HANDED_OVER),
    ),
    _share(
        "verwezen_specialistisch",
        "Het deel van de afgesloten trajecten dat eindigde met een verwijzing naar specialistische jeugdhulp.",
        _trajecten("verwezen_specialistisch", _ENDED & one_of("uitkomst", "specialistische_jeugdhulp")),
        M_TRAJECTEN_AFGESLOTEN,
        by.FUNCTIE,
        by.AANMELDREDEN,
    ),
    _share(
        "uitval_hulp",
        "Het deel van de afgesloten trajecten dat voortijdig stopte.",
        _trajecten("uitval_hulp", _ENDED & one_of("uitkomst", *_EARLY)),
        M_TRAJECTEN_AFGESLOTEN,
        by.FUNCTIE,
    ),
    _share(
        "herhaald_beroep",
        "Het deel van de leerlingen met een afgesloten traject dat binnen een jaar na het einde aan een volgend "
        "traject begon.",
        Measure("herhaald_beroep", "traject", Kind.DISTINCT, _ENDED & pl.col("herhaald")),
        Measure("leerlingen_afgesloten", "traject", Kind.DISTINCT, _ENDED),
        versie=2,
    ),
    _share(
        "zonder_hulp_verder",
        "Het deel van de afgesloten trajecten waarna de jeugdige voor nu zonder hulp verder kan, van de trajecten "
        "waarin deze vraag is beantwoord.",
        _trajecten("zonder_hulp_verder", _ENDED & one_of("zonder_hulp_verder", "03", "04")),
        _trajecten("zonder_hulp_verder_bekend", _ENDED & pl.col("zonder_hulp_verder").is_not_null()),
        by.INFORMANT,
    ),
    _share(
        "doelrealisatie",
        "Het deel van de gestelde doelen dat is behaald, in afgesloten trajecten waarvan beide aantallen bekend zijn.",
        Measure("doelen_behaald", "traject", Kind.SUM, _GOALS_KNOWN, pl.col("doelen_behaald")),
        Measure("doelen_gesteld", "traject", Kind.SUM, _GOALS_KNOWN, pl.col("doelen_gesteld")),
        by.FUNCTIE,
    ),
    Indicator(
        "problematiek_top10",
        "Hoe de trajecten die in de periode begonnen zijn verdeeld over de redenen van aanmelding, met de tien meest "
        "voorkomende op volgorde.",
        M_TRAJECTEN_NIEUW,
        Statistic.AANDEEL,
        "aandeel",
        ("trajecten",),
        ("004",),
        noemer=M_TRAJECTEN_NIEUW,
        decimalen=3,
        uitsplitsingen=(by.AANMELDREDEN,),
        noemer_van=Denominator.TOTAAL,
        rang_tot=10,
    ),
    Indicator(
        "nut",
        "Het gemiddelde cijfer (1 tot en met 10) voor het nut van de hulp, in afgesloten trajecten waarin het cijfer "
        "is gegeven.",
        Measure("nut", "traject", Kind.MEAN, _ENDED & pl.col("nut").is_not_null(), pl.col("nut")),
        Statistic.GEMIDDELDE,
        "cijfer",
        ("trajecten",),
        ("004", "NJi"),
        decimalen=1,
        uitsplitsingen=(by.INFORMANT, by.FUNCTIE),
    ),
    Indicator(
        "beschikkingen_via_jos",
        "Het aantal trajecten dat in de periode begon en waarin een beschikking is aangevraagd.",
        _trajecten("beschikkingen_via_jos", pl.col("gestart") & pl.col("beschikking_aangevraagd")),
        Statistic.AANTAL,
        "trajecten",
        ("trajecten",),
        ("001",),
        uitsplitsingen=(by.FUNCTIE,),
    ),
    Indicator(
        "jeugdhulp_verwijzer",
        "Hoe de jeugdhulp die in de periode begon is verdeeld over de verwijzers.",
        M_SPELLS_STARTED,
        Statistic.AANDEEL,
        "aandeel",
        ("jeugdhulp",),
        ("000", "CBS"),
        noemer=M_SPELLS_STARTED,
        decimalen=3,
        grondslag=Ground.WOON,
        uitsplitsingen=(by.VERWIJZER,),
        noemer_van=Denominator.TOTAAL,
    ),
    Indicator(
        "jeugdhulp_met_verblijf",
        "Het deel van de jeugdigen met jeugdhulp in de periode dat jeugdhulp met verblijf had.",
        Measure("jeugdhulp_met_verblijf", "jeugdhulp", Kind.DISTINCT, pl.col("actief") & _RESIDENTIAL),
        Statistic.AANDEEL,
        "aandeel",
        ("jeugdhulp",),
        ("003",),
        noemer=Measure("jeugdigen_met_jeugdhulp", "jeugdhulp", Kind.DISTINCT, pl.col("actief")),
        decimalen=3,
        grondslag=Ground.WOON,
    ),
)
