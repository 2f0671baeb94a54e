"""Codes that only ``jos prepare`` gives, at the supplier."""

from schemas.findings.kinds import FindingType

PREPARING: tuple[FindingType, ...] = (
    FindingType(
        "JOS-E050",
        "Het BSN klopt niet",
        "{aantal} rijen hebben een BSN of onderwijsnummer dat niet aan de elfproef voldoet.",
        "Er zit een tikfout in het nummer, of het is een ander nummer. De elfproef is de rekensom waaraan elk BSN "
        "voldoet.",
        "In de kolom BSN staat het leerlingnummer van de school.",
        "Zoek in uw systeem het goede nummer op, verbeter het en maak de export opnieuw. Zonder goed nummer telt de "
        "rij niet mee.",
    ),
    FindingType(
        "JOS-E051",
        "De geboortedatum is niet te gebruiken",
        "{aantal} rijen hebben een geboortedatum waaruit geen leeftijdsklasse volgt.",
        "De datum is niet te lezen, of het kind zou jonger zijn dan 4 jaar.",
        "31-02-2010: die dag bestaat niet.",
        "Verbeter de geboortedatum in uw systeem en maak de export opnieuw.",
    ),
    FindingType(
        "JOS-E052",
        "De postcode is niet te gebruiken",
        "{aantal} rijen hebben een postcode waarbij de monitor geen gemeente kent.",
        "De postcode bestaat niet, of ligt ver buiten de regio.",
        "9999 XX: die postcode bestaat niet.",
        "Verbeter de postcode in uw systeem, of voeg een kolom woongemeente toe met de gemeentecode, zoals GM0361.",
    ),
)
