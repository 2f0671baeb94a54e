"""What is expected of sources together: references between them, facts they share, combinations that cannot be."""

from schemas.expectations.kinds import Bound, Expectation, Unit

OF_ENROLLED = ("trajecten", "tlv", "thuiszitters", "verzuim")
"""Soorten about pupils who stand, or stood, in the enrolments of their school."""
WITH_MUNICIPALITY = ("trajecten", "thuiszitters", "jeugdhulp", "wachttijden", "leerplicht")
WITH_AGE = ("trajecten", "jeugdhulp")


def _share(name: str, code: str, sentence: str, measure: str, most: float, *on: str) -> Expectation:
    return Expectation(name, code, sentence, measure, Bound.MOST, most, Unit.SHARE, on)


def _none(name: str, code: str, sentence: str, measure: str, unit: Unit, *on: str) -> Expectation:
    return Expectation(name, code, sentence, measure, Bound.MOST, 0, unit, on)


ON_LINKED: tuple[Expectation, ...] = (
    Expectation(
        "leerling_staat_ingeschreven",
        "JOS-S045",
        "Bijna alle leerlingen staan in de inschrijvingen van de scholen die hebben geleverd.",
        "gekoppeld_aan_leerlingen",
        Bound.LEAST,
        0.9,
        Unit.SHARE,
        OF_ENROLLED,
    ),
    _none(
        "bronnen_delen_sleutel",
        "JOS-S047",
        "De pseudoniemen van een leverancier zijn met dezelfde sleutel gemaakt als die van de scholen.",
        "geen_enkele_gekoppeld",
        Unit.COUNT,
        *OF_ENROLLED,
        "jeugdhulp",
    ),
    _none(
        "school_deelt_sleutel",
        "JOS-S047",
        "De pseudoniemen van een school zijn met dezelfde sleutel gemaakt als die van de anderen.",
        "school_zonder_bekenden",
        Unit.COUNT,
        "leerlingen",
    ),
    _share(
        "geen_dubbele_rijen",
        "JOS-S048",
        "Bijna geen rij is op het nummer na gelijk aan een andere rij van dezelfde leverancier.",
        "dubbele_rijen",
        0.02,
        *("trajecten", "tlv", "verzuim"),
    ),
    _none(
        "traject_is_bekend",
        "JOS-S012",
        "Elk traject_id bij een activiteit staat in de trajecten van dezelfde leverancier.",
        "activiteiten_met_onbekend_traject",
        Unit.PERSONS,
        "activiteiten",
    ),
    _share(
        "school_komt_overeen",
        "JOS-S046",
        "De school van een traject is een school waar de leerling staat ingeschreven.",
        "andere_school_dan_inschrijving",
        0.1,
        "trajecten",
    ),
    _share(
        "woongemeente_komt_overeen",
        "JOS-S046",
        "Bronnen noemen van een leerling dezelfde woongemeente als de school.",
        "andere_woongemeente_dan_school",
        0.1,
        *WITH_MUNICIPALITY,
    ),
    _share(
        "leeftijd_komt_overeen",
        "JOS-S046",
        "Bronnen noemen van een leerling een leeftijdsklasse die past bij die van de school.",
        "andere_leeftijdsklasse_dan_school",
        0.1,
        *WITH_AGE,
    ),
    _none(
        "geen_traject_na_vertrek",
        "JOS-S048",
        "Geen traject begint meer dan 30 dagen nadat de leerling van die school is uitgeschreven.",
        "begonnen_na_uitschrijving",
        Unit.PERSONS,
        "trajecten",
    ),
    _share(
        "een_inschrijving_tegelijk",
        "JOS-S048",
        "Bijna geen leerling staat langer dan een week op twee scholen tegelijk ingeschreven.",
        "op_twee_scholen_tegelijk",
        0.02,
        "leerlingen",
    ),
    _none(
        "absoluut_is_zonder_school",
        "JOS-S048",
        "Een leerling met absoluut verzuim staat op die dag niet al een week op een school ingeschreven.",
        "absoluut_en_toch_ingeschreven",
        Unit.PERSONS,
        "thuiszitters",
    ),
    _none(
        "plaatsing_na_afgifte",
        "JOS-S048",
        "Een leerling wordt pas geplaatst als de toelaatbaarheidsverklaring is afgegeven.",
        "geplaatst_voor_afgifte",
        Unit.PERSONS,
        "tlv",
    ),
    _none(
        "geen_dubbele_baan",
        "JOS-S048",
        "Geen medewerker heeft op een dag samen meer dan 1,2 fte.",
        "medewerkers_met_te_veel_fte",
        Unit.PERSONS,
        "inzet",
    ),
    _none(
        "meer_leerlingen_dan_trajecten",
        "JOS-S049",
        "Op geen school zijn er meer leerlingen met een traject dan leerlingen.",
        "scholen_met_te_veel_trajecten",
        Unit.COUNT,
        "trajecten",
    ),
    _none(
        "elke_functie_doet_iets",
        "JOS-S049",
        "Van elke functie met inzet zijn er activiteiten.",
        "functies_zonder_activiteiten",
        Unit.COUNT,
        "inzet",
    ),
    _none(
        "elke_school_met_inzet_krijgt_hulp",
        "JOS-S049",
        "Op elke school met inzet is minstens een activiteit of traject.",
        "scholen_met_inzet_zonder_hulp",
        Unit.COUNT,
        "inzet",
    ),
    _share(
        "gewerkt_op_schooldagen",
        "JOS-S049",
        "Bijna alle activiteiten vallen op een werkdag, en niet midden in de zomervakantie.",
        "activiteiten_buiten_schooldagen",
        0.05,
        "activiteiten",
    ),
    _none(
        "niet_meer_leerlingen_dan_inwoners",
        "JOS-S049",
        "In geen gemeente wonen volgens de scholen meer leerlingen van een leeftijd dan er inwoners zijn.",
        "leeftijden_met_te_weinig_inwoners",
        Unit.COUNT,
        "inwoners",
    ),
    _none(
        "opgave_telt_op",
        "JOS-S049",
        "In een opgave is de teller van een aandeel niet groter dan de noemer.",
        "opgaven_met_te_grote_teller",
        Unit.PERSONS,
        "opgave",
    ),
)
