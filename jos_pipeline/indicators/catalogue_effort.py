"""Effort and speed: what JOS puts in, and how long pupils wait (documents 000, 001, 002 and 004)."""

import polars as pl

from jos_pipeline.indicators import breakdowns as by
from jos_pipeline.indicators.catalogue_reach import M_JOS_LEERLINGEN, M_LEERLINGEN
from jos_pipeline.indicators.entry import Breakdown, Ground, Indicator, Kind, Measure, Statistic
from jos_pipeline.indicators.words import days_between, fully_known, one_of, weeks_between, within

M_FTE = Measure("fte", "inzet", Kind.SUM, pl.col("actief"), pl.col("fte_in_w"), key=None)
M_POSITIES = Measure("posities", "inzet", Kind.DISTINCT, pl.col("actief"), key="positie")
M_POSITIES_VERTROKKEN = Measure(
    "posities_vertrokken", "inzet", Kind.DISTINCT, pl.col("actief") & pl.col("vertrokken"), key="positie"
)
M_UREN = Measure("uren", "activiteit", Kind.SUM, pl.col("gedaan"), pl.col("minuten") / 60, key=None)
M_UREN_PRIMAIR = Measure(
    "uren_primair",
    "activiteit",
    Kind.SUM,
    pl.col("gedaan") & (pl.col("preventie") == "primair"),
    pl.col("minuten") / 60,
    key=None,
)
_PARTICIPANTS = pl.col("aantal_deelnemers")
NORM_INTAKE = 28
NORM_START = 70


def _done(name: str, *activiteiten: str) -> Measure:
    where = pl.col("gedaan") & one_of("activiteit", *activiteiten)
    return Measure(name, "activiteit", Kind.ROWS, where, key=None)


def _participants(name: str, missing: int, *activiteiten: str) -> Measure:
    """The sum of participants; ``missing`` is what an activity without a number counts for."""
    where = pl.col("gedaan") & one_of("activiteit", *activiteiten)
    return Measure(name, "activiteit", Kind.SUM, where, pl.col("aantal_deelnemers").fill_null(missing), key=None)


def _waits(name: str, soort: str, where: pl.Expr) -> Measure:
    return Measure(name, "wachttijd", Kind.ROWS, (pl.col("soort") == soort) & where)


_INTAKE = pl.col("intake") & fully_known("aanmelddatum", "intakedatum")
_START = pl.col("gestart") & fully_known("intakedatum", "startdatum")


def _weeks_waited(name: str, soort: str) -> Measure:
    return Measure(
        name,
        "wachttijd",
        Kind.MEDIAN,
        (pl.col("soort") == soort) & pl.col("gestart") & fully_known("aanmelddatum", "startdatum"),
        weeks_between("aanmelddatum", "startdatum"),
    )


def _count(name: str, definitie: str, teller: Measure, eenheid: str, *uitsplitsingen: Breakdown) -> Indicator:
    """A count of activities."""
    return Indicator(
        name,
        definitie,
        teller,
        Statistic.SOM if teller.kind is Kind.SUM else Statistic.AANTAL,
        eenheid,
        ("activiteiten",),
        ("000", "001", "002"),
        uitsplitsingen=uitsplitsingen,
    )


EFFORT: tuple[Indicator, ...] = (
    Indicator(
        "fte",
        "De inzet van medewerkers in voltijdbanen (fte), gemiddeld over de periode. De fte van een team telt één keer: "
        "in elk gebied waarin alle scholen van het team liggen, en niet bij een losse school.",
        M_FTE,
        Statistic.SOM,
        "fte",
        ("inzet",),
        ("000", "001", "002"),
        decimalen=2,
        uitsplitsingen=(by.FUNCTIE,),
    ),
    Indicator(
        "leerlingen_per_fte",
        "Het aantal leerlingen gedeeld door het aantal voltijdbanen van JOS in hetzelfde gebied. Leerlingen van "
        "scholen die niet hebben geleverd, ontbreken in dit cijfer.",
        M_LEERLINGEN,
        Statistic.PER_FTE,
        "leerlingen per fte",
        ("leerlingen", "inzet"),
        ("003",),
        noemer=M_FTE,
        decimalen=1,
    ),
    Indicator(
        "jos_leerlingen_per_fte",
        "Het aantal leerlingen met JOS per voltijdbaan van JOS.",
        M_JOS_LEERLINGEN,
        Statistic.PER_FTE,
        "leerlingen per fte",
        ("trajecten", "inzet"),
        ("003",),
        noemer=M_FTE,
        decimalen=1,
    ),
    Indicator(
        "personele_wisselingen",
        "Het deel van de werkplekken (een medewerker op een school of in een team) dat in de periode stopte, voor de "
        "laatste dag van het schooljaar.",
        M_POSITIES_VERTROKKEN,
        Statistic.AANDEEL,
        "aandeel",
        ("inzet",),
        ("000",),
        noemer=M_POSITIES,
        decimalen=3,
        uitsplitsingen=(by.FUNCTIE,),
    ),
    Indicator(
        "uren",
        "Het aantal uren dat aan activiteiten is besteed.",
        M_UREN,
        Statistic.SOM,
        "uren",
        ("activiteiten",),
        ("000",),
        decimalen=1,
        uitsplitsingen=(by.ACTIVITEIT, by.FUNCTIE, by.PREVENTIE),
    ),
    Indicator(
        "preventie_primair",
        "Het deel van de tijd dat is besteed aan primaire preventie: problemen voorkomen, voor iedereen.",
        M_UREN_PRIMAIR,
        Statistic.AANDEEL,
        "aandeel",
        ("activiteiten",),
        ("000",),
        noemer=M_UREN,
        decimalen=3,
        uitsplitsingen=(by.FUNCTIE,),
    ),
    _count(
        "consultaties",
        "Het aantal consultaties: overleg over een leerling zonder naam.",
        _done("consultaties", "consultatie"),
        "activiteiten",
        by.FUNCTIE,
    ),
    _count(
        "observaties_adviezen",
        "Het aantal observaties, handelingsadviezen en keren diagnostiek.",
        _done("observaties_adviezen", "observatie", "handelingsadvies", "diagnostiek"),
        "activiteiten",
        by.FUNCTIE,
    ),
    _count(
        "oudercontacten",
        "Het aantal gesprekken met ouders en huisbezoeken.",
        _done("oudercontacten", "oudergesprek", "huisbezoek"),
        "activiteiten",
        by.FUNCTIE,
    ),
    _count(
        "inloopspreekuren",
        "Het aantal inloopspreekuren.",
        _done("inloopspreekuren", "inloopspreekuur"),
        "activiteiten",
        by.DOELGROEP,
        by.AANMELDREDEN,
    ),
    _count(
        "inloopvragen",
        "Het aantal deelnemers aan inloopspreekuren. Is het aantal niet bekend, dan telt een spreekuur voor een.",
        _participants("inloopvragen", 1, "inloopspreekuur"),
        "vragen",
        by.DOELGROEP,
        by.AANMELDREDEN,
    ),
    _count(
        "collectief_bereik",
        "Het aantal deelnemers aan groepsaanbod, collectieve activiteiten en professionalisering. Wie vaker meedoet, "
        "telt vaker.",
        _participants("collectief_bereik", 0, "groepsaanbod", "collectieve_activiteit", "professionalisering"),
        "deelnemers",
        by.DOELGROEP,
    ),
    Indicator(
        "wachttijd_jos",
        "De middelste wachttijd (mediaan) in dagen tussen aanmelding en eerste contact, voor trajecten met het eerste "
        "contact in de periode.",
        Measure(
            "wachttijd_jos",
            "traject",
            Kind.MEDIAN,
            within("eerste_contact") & fully_known("aanmelddatum", "eerste_contact"),
            days_between("aanmelddatum", "eerste_contact"),
        ),
        Statistic.MEDIAAN,
        "dagen",
        ("trajecten",),
        ("000", "004"),
        uitsplitsingen=(by.FUNCTIE,),
    ),
    Indicator(
        "wachttijd_sociaal_team",
        "De middelste wachttijd (mediaan) in weken tussen aanmelding en start bij het sociaal team, voor inwoners die "
        "in de periode zijn gestart.",
        _weeks_waited("wachttijd_sociaal_team", "sociaal_team"),
        Statistic.MEDIAAN,
        "weken",
        ("wachttijden",),
        ("000",),
        decimalen=1,
        grondslag=Ground.WOON,
    ),
    Indicator(
        "wachttijd_jeugdhulp",
        "De middelste wachttijd (mediaan) in weken tussen toewijzing en start van jeugdhulp, voor jeugdigen die in de "
        "periode zijn gestart.",
        _weeks_waited("wachttijd_jeugdhulp", "jeugdhulp"),
        Statistic.MEDIAAN,
        "weken",
        ("wachttijden",),
        ("000", "004"),
        decimalen=1,
        grondslag=Ground.WOON,
    ),
    Indicator(
        "binnen_norm_intake",
        "Het deel van de intakes voor jeugdhulp in de periode dat binnen 28 dagen na de aanmelding was.",
        _waits(
            "binnen_norm_intake", "jeugdhulp", _INTAKE & (days_between("aanmelddatum", "intakedatum") <= NORM_INTAKE)
        ),
        Statistic.AANDEEL,
        "aandeel",
        ("wachttijden",),
        ("000",),
        noemer=_waits("intakes_jeugdhulp", "jeugdhulp", _INTAKE),
        decimalen=3,
        grondslag=Ground.WOON,
    ),
    Indicator(
        "binnen_norm_start",
        "Het deel van de starts van jeugdhulp in de periode dat binnen 70 dagen na de intake was.",
        _waits("binnen_norm_start", "jeugdhulp", _START & (days_between("intakedatum", "startdatum") <= NORM_START)),
        Statistic.AANDEEL,
        "aandeel",
        ("wachttijden",),
        ("000",),
        noemer=_waits("starts_jeugdhulp", "jeugdhulp", _START),
        decimalen=3,
        grondslag=Ground.WOON,
    ),
    Indicator(
        "wachtend",
        "Het aantal aanmeldingen waarvoor de hulp op de laatste dag van de periode nog niet was gestart.",
        Measure("wachtend", "wachttijd", Kind.ROWS, pl.col("wacht_op_b")),
        Statistic.AANTAL,
        "aanmeldingen",
        ("wachttijden",),
        ("000",),
        grondslag=Ground.WOON,
        uitsplitsingen=(by.SOORT_WACHTTIJD,),
    ),
)
