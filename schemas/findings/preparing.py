"""Codes that only ``jos prepare`` gives, at the supplier."""

from schemas.findings.kinds import FindingType, file_finding

PREPARING: tuple[FindingType, ...] = (
    FindingType(
        "JOS-E050",
        "Het BSN klopt niet",
        "{aantal} rijen hebben een BSN of onderwijsnummer dat niet aan de elfproef voldoet.",
        "Er zit een tikfout in het nummer, of het is een ander nummer. De elfproef is de rekensom waaraan elk BSN "
        "voldoet.",
        "In de kolom BSN staat het leerlingnummer van de school.",
        "Zoek in uw systeem het goede nummer op, verbeter het en maak de export opnieuw. Zonder goed nummer telt de "
        "rij niet mee. Heeft de leerling geen BSN? Laat die cel leeg; dan telt het onderwijsnummer.",
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
    file_finding(
        "JOS-E053",
        "Het mappingbestand is niet te gebruiken",
        "Het mappingbestand is niet te gebruiken: {detail}.",
        "Het bestand volgt de vorm van een mapping niet, of is voor een andere soort levering.",
        "Een aanhalingsteken dat niet wordt gesloten.",
        "Verbeter de regel in een tekstverwerker, of maak het bestand opnieuw met jos prepare --maak-mapping.",
    ),
    file_finding(
        "JOS-E054",
        "De mapping noemt een kolom die niet bestaat",
        "Het mappingbestand noemt een kolom die de levering niet kent ({detail}).",
        "Er staat een tikfout in de naam, of de kolom hoort bij een andere soort levering.",
        "onderwijsoort in plaats van onderwijssoort",
        "Gebruik een naam uit de beschrijving van de levering, of schrijf weglaten.",
    ),
    file_finding(
        "JOS-E055",
        "De mapping noemt een code die niet bestaat",
        "Het mappingbestand noemt een waarde die niet in de kolom {kolom} kan staan ({detail}).",
        "De code staat niet in de codelijst van deze kolom, of heeft een andere vorm.",
        "vmbo in plaats van vmbo_k",
        "Kies een code die bij de kolom hoort. Schrijf leeg als er geen waarde is.",
    ),
    file_finding(
        "JOS-E056",
        "Een kolom uit de mapping staat niet in de export",
        "{aantal} kolommen uit het mappingbestand zijn niet in uw export te vinden ({detail}).",
        "De export is anders gemaakt dan de vorige keer, of de kolomnaam is niet precies overgenomen.",
        "'Geb.datum' in de mapping, 'Geboortedatum' in de export.",
        "Zet de kolomnaam in de mapping zoals die in uw export staat, of haal de regel weg.",
    ),
    file_finding(
        "JOS-E057",
        "De mapping vult een kolom twee keer",
        "Het mappingbestand vult de kolom {kolom} meer dan een keer ({detail}).",
        "Twee kolommen van uw export wijzen naar dezelfde kolom van de levering.",
        "Zowel 'Studie' als 'Niveau' is onderwijssoort.",
        "Laat een van de regels staan. Schrijf bij de andere weglaten.",
    ),
    file_finding(
        "JOS-E058",
        "Persoonsgegevens mogen niet in deze kolom",
        "{aantal} kolommen met persoonsgegevens zijn in het mappingbestand een gewone kolom ({detail}).",
        "Een naam, adres, geboortedatum of BSN mag de school niet verlaten.",
        "De kolom Achternaam is melding_id.",
        "Schrijf bsn, geboortedatum of postcode: die worden een pseudoniem, klasse of gemeente. Of schrijf weglaten.",
    ),
    file_finding(
        "JOS-E059",
        "De mapping is nog niet af",
        "{aantal} regels van het mappingbestand zijn nog niet ingevuld ({detail}).",
        "Achter het is-gelijkteken staat nog niets.",
        '"3 havo" = ""',
        "Vul de kolom of code in, of schrijf weglaten (bij een kolom) of leeg (bij een waarde).",
    ),
)
