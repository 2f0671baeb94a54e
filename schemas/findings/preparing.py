"""Codes that only ``jos prepare`` gives, at the supplier."""

from schemas.findings.kinds import FindingType

PREPARING: tuple[FindingType, ...] = (
    FindingType(
        "JOS-E050",
        "Het BSN klopt niet",
        "{aantal} rijen hebben een BSN of onderwijsnummer dat niet aan de elfproef voldoet.",
        "Er staat een tikfout in het nummer, of het is een ander nummer.",
        "Een leerlingnummer in de kolom BSN.",
        "Verbeter het nummer in uw systeem. Zonder geldig nummer telt de rij niet mee.",
    ),
    FindingType(
        "JOS-E051",
        "De geboortedatum is niet te gebruiken",
        "{aantal} rijen hebben een geboortedatum waaruit geen leeftijdsklasse volgt.",
        "De datum is niet te lezen, of de leeftijd ligt onder de 4 jaar.",
        "31-02-2010",
        "Verbeter de geboortedatum in uw systeem.",
    ),
    FindingType(
        "JOS-E052",
        "De postcode is niet te gebruiken",
        "{aantal} rijen hebben een postcode waarbij de monitor geen gemeente kent.",
        "De postcode is verkeerd, of ligt ver buiten de regio.",
        "9999 XX",
        "Verbeter de postcode, of lever zelf de kolom woongemeente.",
    ),
)
