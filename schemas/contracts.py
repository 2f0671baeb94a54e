"""The contracts: which columns a delivery of each soort holds, its key, and the rules a row must meet (spec 1.3).

A contract is composed of the columns in ``schemas.columns``. What a contract can do stands in ``schemas.contract``.
"""

import polars as pl

from schemas import columns as c
from schemas.contract import PRECISION, Contract, RowRule, ends, may, must, not_after, order, unusual, when_filled

INZET = Contract(
    "inzet",
    "Inzet van medewerkers",
    "Wie waar werkt: een rij per medewerker, functie en school of team, met de omvang in fte.",
    (
        must(c.MEDEWERKER),
        must(c.FUNCTIE),
        may(c.SCHOOL),
        may(c.TEAM),
        must(c.BEGINDATUM),
        may(c.EINDDATUM),
        must(c.FTE),
        must(c.AANBIEDER),
    ),
    key=("medewerker", "functie", "school", "team", "begindatum"),
    rules=(
        ends(c.BEGINDATUM, c.EINDDATUM),
        RowRule(
            "JOS-E039",
            ("school", "team"),
            "geen school en geen team",
            lambda: pl.col("school").is_not_null() | pl.col("team").is_not_null(),
        ),
    ),
)

TRAJECTEN = Contract(
    "trajecten",
    "Trajecten",
    "Individuele of groepsgewijze hulp aan een leerling: een rij per traject.",
    (
        must(c.TRAJECT_ID),
        must(c.PSEUDONIEM),
        must(c.SCHOOL),
        may(c.WOONGEMEENTE),
        may(c.LEEFTIJDSKLASSE),
        must(c.FUNCTIE),
        must(c.AANMELDDATUM),
        may(c.EERSTE_CONTACT),
        may(c.BEGINDATUM),
        may(c.EINDDATUM),
        must(c.VORM),
        must(c.AARD),
        must(c.PREVENTIE),
        must(c.AANMELDREDEN),
        must(c.SPECIALISTISCHE_HULP_IN_BEELD),
        must(c.OVERBRUGGING),
        may(c.AANTAL_GESPREKKEN),
        may(c.UITKOMST),
        must(c.BESCHIKKING_AANGEVRAAGD),
        may(c.WARME_OVERDRACHT),
        may(c.DOELEN_GESTELD),
        may(c.DOELEN_BEHAALD),
        may(c.NUT),
        may(c.ZONDER_HULP_VERDER),
        may(c.INFORMANT),
    ),
    key=("traject_id",),
    rules=(
        order(c.AANMELDDATUM, c.EERSTE_CONTACT),
        order(c.AANMELDDATUM, c.BEGINDATUM),
        RowRule(
            "JOS-E036",
            ("begindatum", "einddatum"),
            "begindatum of aanmelddatum na einddatum",
            lambda: (
                pl.when(pl.col("begindatum").is_not_null())
                .then(not_after(c.BEGINDATUM, c.EINDDATUM))
                .otherwise(not_after(c.AANMELDDATUM, c.EINDDATUM))
            ),
        ),
        when_filled(c.EINDDATUM, c.UITKOMST),
        RowRule(
            "JOS-E040",
            ("doelen_gesteld", "doelen_behaald"),
            "meer behaald dan gesteld",
            lambda: pl.col("doelen_behaald") <= pl.col("doelen_gesteld"),
        ),
    ),
)

ACTIVITEITEN = Contract(
    "activiteiten",
    "Activiteiten",
    "Wat er is gedaan: een rij per activiteit, met duur in minuten.",
    (
        must(c.DATUM),
        may(c.SCHOOL),
        may(c.TEAM),
        must(c.FUNCTIE),
        must(c.ACTIVITEIT),
        must(c.DOELGROEP),
        must(c.PREVENTIE),
        must(c.MINUTEN),
        may(c.AANTAL_DEELNEMERS),
        may(c.TRAJECT_ID),
        may(c.VRAAGCATEGORIE),
    ),
    key=(),
    rules=(
        RowRule(
            "JOS-E039",
            ("school", "team"),
            "geen school en geen team, of allebei",
            lambda: pl.col("school").is_null() != pl.col("team").is_null(),
        ),
    ),
    remarks=(
        RowRule(
            "JOS-S019",
            ("activiteit", "traject_id"),
            "consultatie met een traject_id",
            lambda: (pl.col("activiteit") != "consultatie") | pl.col("traject_id").is_null(),
        ),
    ),
    refers_to="trajecten",
)

LEERLINGEN = Contract(
    "leerlingen",
    "Leerlingen",
    "Inschrijvingen: een rij per leerling en inschrijving.",
    (
        must(c.PSEUDONIEM),
        must(c.SCHOOL),
        must(c.ONDERWIJSSOORT),
        must(c.LEERJAAR),
        must(c.LEEFTIJDSKLASSE),
        must(c.WOONGEMEENTE),
        must(c.INSCHRIJFDATUM),
        may(c.UITSCHRIJFDATUM),
        may(c.UITSTROOM),
        must(c.EXTRA_ONDERSTEUNING),
    ),
    key=("pseudoniem", "school", "inschrijfdatum"),
    rules=(
        ends(c.INSCHRIJFDATUM, c.UITSCHRIJFDATUM),
        when_filled(c.UITSCHRIJFDATUM, c.UITSTROOM),
    ),
)

TLV = Contract(
    "tlv",
    "Toelaatbaarheidsverklaringen",
    "Een rij per toelaatbaarheidsverklaring (tlv).",
    (
        must(c.TLV_NUMMER),
        must(c.PSEUDONIEM),
        must(c.SCHOOL),
        must(c.CATEGORIE),
        must(c.SOORT_ONDERWIJS),
        must(c.AANVRAAGDATUM),
        may(c.AFGIFTEDATUM),
        may(c.INGANGSDATUM),
        may(c.EINDDATUM),
        may(c.PLAATSINGSDATUM),
        may(c.TERUGSTROOMDATUM),
    ),
    key=("tlv_nummer",),
    rules=(ends(c.INGANGSDATUM, c.EINDDATUM),),
    remarks=(unusual(c.AANVRAAGDATUM, c.AFGIFTEDATUM),),
    version=2,  # 1: such a row was refused
)

THUISZITTERS = Contract(
    "thuiszitters",
    "Thuiszitters",
    "Een rij per thuiszitter en periode.",
    (
        must(c.PSEUDONIEM),
        may(c.SCHOOL),
        must(c.WOONGEMEENTE),
        must(c.SOORT_THUISZITTER),
        must(c.BEGINDATUM),
        may(c.EINDDATUM),
        may(c.TERUGGELEID),
    ),
    key=("pseudoniem", "begindatum"),
    rules=(ends(c.BEGINDATUM, c.EINDDATUM), when_filled(c.EINDDATUM, c.TERUGGELEID)),
)

JEUGDHULP = Contract(
    "jeugdhulp",
    "Jeugdhulp",
    "Jeugdhulp volgens CBS Beleidsinformatie Jeugd: een rij per persoon, hulpvorm en periode.",
    (
        must(c.PSEUDONIEM),
        may(c.GESLACHT),
        must(c.LEEFTIJDSKLASSE),
        must(c.WOONGEMEENTE),
        must(c.VERWIJZER),
        must(c.HULPVORM),
        must(c.GESTART_MET_CRISIS),
        must(c.AANVANG),
        may(c.EINDE),
        may(c.REDEN_BEEINDIGING),
        may(c.NUT),
        may(c.ZONDER_HULP_VERDER),
        may(c.INFORMANT),
        may(c.AANBIEDER),
    ),
    key=("pseudoniem", "aanvang", "hulpvorm", "aanbieder"),
    rules=(ends(c.AANVANG, c.EINDE), when_filled(c.EINDE, c.REDEN_BEEINDIGING)),
    spell=("pseudoniem", "hulpvorm", "aanbieder"),
    at_start=("geslacht", "leeftijdsklasse", "woongemeente", "verwijzer", "gestart_met_crisis"),
)

WACHTTIJDEN = Contract(
    "wachttijden",
    "Wachttijden",
    "Een rij per aanmelding bij het sociaal team of toewijzing van jeugdhulp.",
    (
        may(c.PSEUDONIEM),
        must(c.WOONGEMEENTE),
        must(c.SOORT_WACHTTIJD),
        must(c.AANMELDDATUM),
        may(c.INTAKEDATUM),
        may(c.STARTDATUM),
    ),
    key=(),
    remarks=(unusual(c.AANMELDDATUM, c.INTAKEDATUM), unusual(c.AANMELDDATUM, c.STARTDATUM)),
    version=2,  # 1: such a row was refused
)

LEERPLICHT = Contract(
    "leerplicht",
    "Leerplicht",
    "Absoluut verzuim volgens de leerplichtadministratie: een rij per jeugdige en periode.",
    (
        must(c.PSEUDONIEM),
        must(c.WOONGEMEENTE),
        must(c.SOORT_LEERPLICHT),
        must(c.BEGINDATUM),
        may(c.EINDDATUM),
        must(c.VRIJSTELLING),
    ),
    key=("pseudoniem", "begindatum"),
    rules=(ends(c.BEGINDATUM, c.EINDDATUM),),
)

INWONERS = Contract(
    "inwoners",
    "Inwoners",
    "Hoeveel jeugdigen er wonen: een rij per gemeente, leeftijdsklasse en peildatum.",
    (must(c.WOONGEMEENTE), must(c.LEEFTIJDSKLASSE), must(c.PEILDATUM), must(c.AANTAL)),
    key=("woongemeente", "leeftijdsklasse", "peildatum"),
)

VERZUIM = Contract(
    "verzuim",
    "Verzuim",
    "Verzuimmeldingen zoals in het verzuimregister van DUO: een rij per melding.",
    (
        must(c.MELDING_ID),
        must(c.PSEUDONIEM),
        must(c.SCHOOL),
        must(c.SOORT_VERZUIM),
        must(c.BEGINDATUM),
        may(c.EINDDATUM),
        may(c.UREN),
        must(c.ONGEOORLOOFD),
    ),
    key=("melding_id",),
    rules=(ends(c.BEGINDATUM, c.EINDDATUM),),
    remarks=(
        RowRule(
            "JOS-S017",
            ("soort", "einddatum"),
            "korter dan 28 dagen",
            lambda: (
                (pl.col("soort") != "langdurig_relatief")
                | (pl.col("einddatum") >= pl.col("begindatum") + pl.duration(days=28))
                | (pl.col("begindatum" + PRECISION) != "dag")
                | (pl.col("einddatum" + PRECISION) != "dag")
            ),
        ),
    ),
)

BEGELEIDERS = Contract(
    "begeleiders",
    "Begeleiders van buiten",
    "Hoeveel begeleiders van buiten er in de school werken: een rij per school en peildatum.",
    (must(c.SCHOOL), must(c.PEILDATUM), must(c.AANTAL_ORGANISATIES), must(c.AANTAL_BEGELEIDERS)),
    key=("school", "peildatum"),
)

ENQUETE = Contract(
    "enquete",
    "Vragenlijst",
    "Antwoorden op de vragenlijst: een rij per respondent.",
    (
        must(c.RESPONDENT),
        must(c.ROL),
        may(c.SCHOOL),
        may(c.WOONGEMEENTE),
        may(c.SAMENWERKING),
        may(c.MISSIE_BEKEND),
        may(c.VERBETERING),
    ),
    key=(),
    any_supplier=True,
)

OPGAVE = Contract(
    "opgave",
    "Opgave van totalen",
    "Totalen die een school zelf telde, als zij geen rijen per leerling kan leveren.",
    (
        must(c.SCHOOL),
        must(c.OPGAVE_PERIODE),
        must(c.INDICATOR),
        may(c.UITSPLITSING),
        may(c.OPGAVE_CATEGORIE),
        must(c.TELLER),
        may(c.NOEMER),
    ),
    key=("school", "periode", "indicator", "uitsplitsing", "categorie"),
    rules=(
        RowRule(
            "JOS-E038",
            ("uitsplitsing", "categorie"),
            "categorie",
            lambda: (pl.col("uitsplitsing").fill_null("totaal") == "totaal") | pl.col("categorie").is_not_null(),
        ),
    ),
    any_supplier=True,
)

CONTRACTS: dict[str, Contract] = {
    contract.soort: contract
    for contract in (
        LEERLINGEN,
        TRAJECTEN,
        ACTIVITEITEN,
        INZET,
        TLV,
        THUISZITTERS,
        JEUGDHULP,
        WACHTTIJDEN,
        LEERPLICHT,
        INWONERS,
        VERZUIM,
        BEGELEIDERS,
        ENQUETE,
        OPGAVE,
    )
}

REFERRING: frozenset[str] = frozenset(soort for soort, contract in CONTRACTS.items() if contract.refers_to)
"""The soorten that are looked at after what they refer to, where both come."""


def referred(soort: str | None) -> tuple[str, str] | None:
    """The soort that rows of this one refer to, and the column that is its key and names it here; None without."""
    contract = CONTRACTS.get(soort or "")
    if contract is None or contract.refers_to is None:
        return None
    (column,) = CONTRACTS[contract.refers_to].key
    return contract.refers_to, column


KNOWN_HEADINGS: frozenset[str] = frozenset(heading for contract in CONTRACTS.values() for heading in contract.headings)
"""Every folded heading any contract knows: how the reader finds the header row."""

TOTAL_HEADINGS: frozenset[str] = frozenset(
    heading
    for contract in CONTRACTS.values()
    for one in contract.fields
    if (one.column.codes is not None and "totaal" in one.column.codes.spellings)
    or one.column.pattern == c.CATEGORY_PATTERN
    for heading in one.column.headings
)
"""Folded headings of the columns in which ``totaal`` is a value like any other: a row that begins with it need not be
a row of totals."""
